//! From a decision to duties: what the agent's actions and the end of a call make us owe.

use crate::call::{Call, Caller, Choice, Compose, Phase, Recording};
use crate::desk::{AgentAction, Desk, Effect, OpenMissed, Refusal};
use crate::duty::{CaseFacts, CaseTarget, Duty, DutyKey, DutyKind, Handset, Owner, Subject, Summary};
use crate::outcome::{Act, CaseStatus, Did, Facts, Outcome, Reach, Reason, Side, decide};
use crate::{Direction, Disposition, LegId, Moment, NumberKind, PhoneKey, RecordingRef, UserId};

/// The longest text an agent may type, in characters; Omnidesk takes more, people never need it.
const LONGEST_TEXT: usize = 120_000;

impl Desk {
    pub(crate) fn act(&mut self, leg: &LegId, action: AgentAction, now: Moment) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        match action {
            AgentAction::OpenCompose => {
                call.compose = Compose::Opened;
                Vec::new()
            }
            AgentAction::SaveDraft { subject, gist } => {
                type_draft(call, &subject, &gist, now);
                Vec::new()
            }
            AgentAction::CreateCase { subject, gist } => {
                type_draft(call, &subject, &gist, now);
                self.create_case(leg)
            }
            AgentAction::Attach { case, gist } => self.attach(leg, case, &gist, now),
            AgentAction::ChooseUser { user, remember } => {
                call.caller = Caller::Known { user, chosen: true };
                if let (true, Some(key)) = (remember, call.number.key()) {
                    self.remember_choice(key, user);
                }
                self.user_chosen(leg)
            }
            AgentAction::LinkUser { user } => {
                call.caller = Caller::Known { user, chosen: true };
                let mut effects = Vec::new();
                if let Some(phone) = call.number.key() {
                    effects.push(owe(leg, &link_name(user, &phone), Vec::new(), DutyKind::LinkPhone { user, phone }));
                }
                effects.extend(self.user_chosen(leg));
                effects
            }
        }
    }

    /// S08. Nothing is written before the end, so a second gist for the same case replaces the first.
    fn attach(&mut self, leg: &LegId, case: CaseFacts, gist: &str, now: Moment) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        let again = call.is_live() && matches!(&call.choice, Choice::Attach { case: chosen } if chosen.id == case.id);
        let decided = call.outcome.is_some_and(|outcome| outcome.act != Act::NoCase);
        if !again && (call.case.is_some() || decided || call.choice == Choice::NewCase) {
            return vec![Effect::Refuse(Refusal::HasCase)];
        }
        let subject = call.draft.subject.clone();
        type_draft(call, &subject, gist, now);
        call.case = Some(case.clone());
        call.choice = Choice::Attach { case };
        if call.is_live() { Vec::new() } else { self.settle(leg) }
    }

    /// A user chosen after the end makes the case possible that nobody could be given before.
    fn user_chosen(&mut self, leg: &LegId) -> Vec<Effect> {
        let mut effects = self.open_profile(leg);
        let waiting = self
            .call(leg)
            .and_then(|call| call.outcome)
            .is_some_and(|outcome| outcome.reason == Reason::NobodyToWriteFor);
        if waiting {
            effects.extend(self.settle(leg));
        }
        effects
    }

    fn create_case(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        // A call noted in an earlier case has no case of its own whose text could be corrected.
        let noted = call.outcome.is_some_and(|outcome| outcome.act == Act::NoteInMissed);
        if noted || matches!(call.choice, Choice::Attach { .. }) {
            return vec![Effect::Refuse(Refusal::HasCase)];
        }
        let Some(owner) = owner(call) else {
            return vec![Effect::Refuse(Refusal::NobodyToWriteFor)];
        };
        let decided = call.outcome.filter(|outcome| outcome.act != Act::NoCase);
        if matches!(call.choice, Choice::NewCase) || decided.is_some() {
            return self.correct(leg);
        }
        let ended = !call.is_live();
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.choice = Choice::NewCase;
        if ended {
            return self.settle(leg);
        }
        vec![open_case(call, owner, None, true)]
    }

    /// «Создать» pressed when the case exists already (the call ended first, S15): the text is brought up to date.
    fn correct(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.corrections += 1;
        let typed = call.draft.subject.trim();
        let subject = (!typed.is_empty()).then(|| typed.to_owned());
        let kind = DutyKind::FinishText {
            case: CaseTarget::OpenedBy(case_key(leg)),
            subject,
            summary: summary(call),
        };
        vec![owe(leg, &format!("text-{}", call.corrections), vec![case_key(leg)], kind)]
    }

    pub(crate) fn end(&mut self, leg: &LegId, at: Moment, disposition: Disposition) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| call.is_live()) else {
            return Vec::new();
        };
        call.phase = Phase::Ended;
        call.ended_at = Some(at);
        call.disposition = Some(disposition);
        if disposition == Disposition::Answered {
            let offered = call.offered_at;
            call.answered_at.get_or_insert(offered);
        }
        self.settle(leg)
    }

    /// Decides what the ended call results in, and owes it. Deciding again (a user was found
    /// afterwards) is only asked for while nothing was owed.
    fn settle(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let missed = self.open_missed(call).cloned();
        let outcome = decide(&self.facts(call, missed.as_ref()));
        let talked = call.was_answered() && call.direction != Direction::Internal;
        let mut effects = plan(call, &outcome, missed.as_ref());
        if outcome.act == Act::OpenCase
            && outcome.reason == Reason::Missed
            && let Some(phone) = call.number.key()
        {
            let (user, opened_by) = (call.user(), case_key(leg));
            self.remember_missed(OpenMissed {
                phone,
                user,
                opened_by,
                case: None,
            });
        }
        if talked {
            self.settle_missed(leg);
        }
        let recording_owed = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Owe(duty) if matches!(duty.kind, DutyKind::AddRecording { .. })));
        if let Some(call) = self.touch(leg) {
            call.outcome = Some(outcome);
            call.recording_owed |= recording_owed;
        }
        effects.shrink_to_fit();
        effects
    }

    fn facts(&self, call: &Call, missed: Option<&OpenMissed>) -> Facts {
        let did = match &call.choice {
            Choice::NewCase => Did::Created,
            Choice::Attach { .. } => Did::Attached,
            Choice::None if !call.draft.is_empty() => Did::Typed,
            Choice::None if call.compose == Compose::Opened => Did::OpenedCompose,
            Choice::None => Did::Nothing,
        };
        // "Attached" asks whether it was attached to the missed-call case itself (S33b, S33e).
        let attached_elsewhere =
            matches!(&call.choice, Choice::Attach { case } if missed.and_then(|m| m.case.as_ref()).map(|m| m.id) != Some(case.id));
        Facts {
            side: match call.direction {
                Direction::Inbound => Side::Client,
                Direction::Outbound => Side::Agent,
                Direction::Internal => Side::Colleague,
            },
            reach: reach(call),
            did,
            transferred: call.transferred.is_some(),
            has_owner: owner(call).is_some(),
            open_missed: missed.is_some() && !attached_elsewhere,
            unanswered_outgoing_cases: self.policy.unanswered_outgoing_cases,
        }
    }

    /// The PBX named the recording only after the end, or its message went without it.
    pub(crate) fn owe_late_recording(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| !call.recording_owed) else {
            return Vec::new();
        };
        let (Some(outcome), Some(name)) = (call.outcome, expected(call)) else {
            return Vec::new();
        };
        let (case, after) = match outcome.act {
            Act::NoCase | Act::NoteInMissed => return Vec::new(),
            Act::OpenCase | Act::FinishCase => (CaseTarget::OpenedBy(case_key(leg)), vec![case_key(leg)]),
            Act::NoteInCase => match &call.choice {
                Choice::Attach { case } => (CaseTarget::Existing(case.id), vec![DutyKey::new(leg, "note")]),
                Choice::None | Choice::NewCase => return Vec::new(),
            },
        };
        call.recording_owed = true;
        vec![owe(
            leg,
            "recording",
            after,
            DutyKind::AddRecording {
                case,
                recording: name,
                summary: summary(call),
            },
        )]
    }
}

/// The key of the duty that opens a call's own case.
fn case_key(leg: &LegId) -> DutyKey {
    DutyKey::new(leg, "case")
}

/// What a link is called: one per user and number, so that a second thought is owed, too (S13).
fn link_name(user: UserId, phone: &PhoneKey) -> String {
    format!("link-{}-{}", user.0, phone.e164())
}

fn owe(leg: &LegId, what: &str, after: Vec<DutyKey>, kind: DutyKind) -> Effect {
    Effect::Owe(Duty {
        key: DutyKey::new(leg, what),
        leg: leg.clone(),
        after,
        kind,
    })
}

fn type_draft(call: &mut Call, subject: &str, gist: &str, now: Moment) {
    let cut = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
            .take(LONGEST_TEXT)
            .collect()
    };
    call.draft.subject = cut(subject);
    call.draft.gist = cut(gist);
    call.draft.saved_at = Some(now);
}

fn reach(call: &Call) -> Reach {
    if call.was_answered() {
        return Reach::Talked;
    }
    match call.disposition {
        Some(Disposition::AnsweredElsewhere) => Reach::Colleague,
        _ if call.order.is_some() && !call.agent_picked_up => Reach::AgentAbsent,
        _ => Reach::NotReached,
    }
}

/// For whom a case can be opened: a user without doubt, else a real number (S14); never a hidden one.
fn owner(call: &Call) -> Option<Owner> {
    let phone = call.number.key().filter(|_| call.number.kind() == NumberKind::External);
    match (call.user(), phone) {
        (Some(id), phone) => Some(Owner::User { id, phone }),
        (None, Some(phone)) => Some(Owner::Phone { phone }),
        (None, None) => None,
    }
}

fn summary(call: &Call) -> Summary {
    Summary {
        direction: call.direction,
        number: call.number.clone(),
        started: call.offered_at,
        talk_ms: call.talk_ms(),
        disposition: call.disposition,
        gist: call.draft.gist.trim().to_owned(),
        transferred_to: call.transferred.as_ref().and_then(|transferred| transferred.to.clone()),
    }
}

/// The recording of a conversation; what was recorded while nobody talked is an empty file.
fn expected(call: &Call) -> Option<RecordingRef> {
    match &call.recording {
        Recording::Expected { name } if call.was_answered() => Some(name.clone()),
        Recording::Expected { .. } | Recording::None | Recording::Attached | Recording::Lost => None,
    }
}

fn handset(call: &Call) -> Handset {
    match (call.was_answered() || call.is_live(), call.direction) {
        (_, Direction::Outbound) => Handset::Outgoing,
        (true, Direction::Inbound | Direction::Internal) => Handset::Incoming,
        (false, Direction::Inbound | Direction::Internal) => Handset::Missed,
    }
}

fn open_case(call: &Call, owner: Owner, recording: Option<RecordingRef>, responsible: bool) -> Effect {
    let typed = call.draft.subject.trim();
    let subject = match handset(call) {
        _ if !typed.is_empty() => Subject::Typed(typed.to_owned()),
        Handset::Missed => Subject::Missed,
        Handset::Outgoing | Handset::CalledBack => Subject::Outgoing,
        Handset::Incoming => Subject::Incoming,
    };
    let after = match (&call.caller, call.number.key()) {
        // The number must be the user's before a case is opened by it; where nothing was linked, nothing is waited for.
        (Caller::Known { user, chosen: true }, Some(phone)) => vec![DutyKey::new(&call.leg, &link_name(*user, &phone))],
        (
            Caller::Known { .. }
            | Caller::LookingUp
            | Caller::Several { .. }
            | Caller::Unknown
            | Caller::Withheld
            | Caller::NotLookedUp
            | Caller::Unavailable,
            _,
        ) => Vec::new(),
    };
    let kind = DutyKind::OpenCase {
        owner,
        subject,
        summary: summary(call),
        recording,
        handset: handset(call),
        responsible,
    };
    Effect::Owe(Duty {
        key: case_key(&call.leg),
        leg: call.leg.clone(),
        after,
        kind,
    })
}

/// The duties of a decision, in the order in which they depend on each other.
fn plan(call: &Call, outcome: &Outcome, missed: Option<&OpenMissed>) -> Vec<Effect> {
    let leg = &call.leg;
    let mut effects = Vec::new();
    let set_status = |effects: &mut Vec<Effect>, case: CaseTarget, after: &str, mark: Option<Handset>| {
        if let Some(status) = outcome.status {
            let kind = DutyKind::SetStatus {
                case,
                status,
                handset: mark,
                responsible: outcome.responsible,
            };
            effects.push(owe(leg, "status", vec![DutyKey::new(leg, after)], kind));
        }
    };
    match outcome.act {
        Act::NoCase => return effects,
        Act::OpenCase => {
            let Some(owner) = owner(call) else { return effects };
            effects.push(open_case(call, owner, expected(call), outcome.responsible));
            set_status(&mut effects, CaseTarget::OpenedBy(case_key(leg)), "case", None);
        }
        Act::FinishCase => {
            let case = CaseTarget::OpenedBy(case_key(leg));
            // The case may have been ordered only after the end: then it opens with its final text.
            if call.outcome.is_some() {
                let Some(owner) = owner(call) else { return effects };
                effects.push(open_case(call, owner, expected(call), true));
                set_status(&mut effects, case, "case", None);
            } else {
                let finish = DutyKind::FinishText {
                    case: case.clone(),
                    subject: None,
                    summary: summary(call),
                };
                effects.push(owe(leg, "text", vec![case_key(leg)], finish));
                if let Some(recording) = expected(call) {
                    let kind = DutyKind::AddRecording {
                        case: case.clone(),
                        recording,
                        summary: summary(call),
                    };
                    effects.push(owe(leg, "recording", vec![case_key(leg)], kind));
                }
                set_status(&mut effects, case, "text", None);
            }
        }
        Act::NoteInCase => {
            let Choice::Attach { case } = &call.choice else { return effects };
            let target = CaseTarget::Existing(case.id);
            let note = DutyKind::AddNote {
                case: target.clone(),
                summary: summary(call),
                recording: expected(call),
            };
            effects.push(owe(leg, "note", Vec::new(), note));
            // S28: a missed call that was called back turns green.
            let of_missed = missed
                .and_then(|missed| missed.case.as_ref())
                .is_some_and(|missed| missed.id == case.id);
            let called_back = of_missed && call.direction == Direction::Outbound && call.was_answered();
            set_status(&mut effects, target, "note", called_back.then_some(Handset::CalledBack));
        }
        Act::NoteInMissed => {
            let Some(missed) = missed else { return effects };
            let note = DutyKind::AddNote {
                case: missed.target(),
                summary: summary(call),
                recording: None,
            };
            effects.push(owe(leg, "note", vec![missed.opened_by.clone()], note));
        }
    }
    if let (true, Some(missed)) = (outcome.closes_missed, missed) {
        let kind = DutyKind::SetStatus {
            case: missed.target(),
            status: CaseStatus::Closed,
            handset: None,
            responsible: true,
        };
        effects.push(owe(leg, "missed-closed", vec![missed.opened_by.clone(), case_key(leg)], kind));
    }
    effects
}
