//! From the end of a call to what is owed: the facts, the decision, the duties.

use crate::call::{Call, Choice, Compose, Phase, Recording};
use crate::desk::{Desk, Effect, OpenMissed};
use crate::duty::{CaseTarget, Duty, DutyKey, DutyKind, Handset, Owner, Subject, Summary};
use crate::missed::tell_missed;
use crate::outcome::{Act, CaseStatus, Did, Facts, Outcome, Reach, Reason, Side, decide};
use crate::{Direction, Disposition, LegId, Moment, RecordingRef};

impl Desk {
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

    /// Decides what the ended call results in, and owes it. Deciding again is only asked for while
    /// nothing was owed (a user was found afterwards), or when the case it went to is gone.
    pub(crate) fn settle(&mut self, leg: &LegId) -> Vec<Effect> {
        self.guess(leg);
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let missed: Vec<OpenMissed> = self.open_missed(call).cloned().collect();
        let outcome = decide(&self.facts(call, &missed));
        let (effects, closed) = plan(call, &outcome, &missed);
        let joined = (outcome.act == Act::NoteInMissed).then(|| missed.last()).flatten();
        if let Some(call) = self.touch(leg) {
            call.closed_missed.extend(closed);
            if outcome.act != Act::NoCase {
                call.owed_text = None;
            }
            call.outcome = Some(Outcome {
                closes_missed: !call.closed_missed.is_empty(),
                ..outcome
            });
            let fetched = |kind: &DutyKind| matches!(kind, DutyKind::AddRecording { recording: Some(_), .. });
            call.recording_owed |= effects
                .iter()
                .any(|effect| matches!(effect, Effect::Owe(duty) if fetched(&duty.kind)));
            call.sent_subject = effects.iter().find_map(opened_under).or(call.sent_subject.take());
            match (outcome.act, joined) {
                // Nothing was written to the case it was dialled from or attached to.
                (Act::NoCase, _) => call.case = None,
                (_, Some(joined)) => {
                    call.joined = Some(joined.opened_by.clone());
                    call.case.clone_from(&joined.case);
                }
                (Act::OpenCase | Act::FinishCase | Act::NoteInCase | Act::NoteInMissed, None) => {}
            }
        }
        self.closed_by_guess(leg, &missed);
        self.note_missed(leg, &missed);
        effects
    }

    pub(crate) fn facts(&self, call: &Call, missed: &[OpenMissed]) -> Facts {
        let did = match &call.choice {
            Choice::NewCase => Did::Created,
            Choice::Attach { .. } => Did::Attached,
            Choice::None if !call.draft.is_empty() => Did::Typed,
            Choice::None if call.compose == Compose::Opened => Did::OpenedCompose,
            Choice::None => Did::Nothing,
        };
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
            open_missed: !missed.is_empty(),
            into_missed: missed.iter().any(|missed| missed.is_of(call)),
            from_case: call.called_from.is_some(),
            unanswered_outgoing_cases: self.policy.unanswered_outgoing_cases,
        }
    }

    /// S17: the PBX told of the transfer only after the end.
    pub(crate) fn decide_transfer(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let before = call.outcome.filter(|outcome| outcome.reason == Reason::AnsweredNothingCreated);
        if before.is_none() || call.undone || call.elsewhere {
            return Vec::new();
        }
        let outcome = decide(&self.facts(call, &[]));
        if outcome.reason != Reason::TransferredUntouched {
            return Vec::new();
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.outcome = Some(Outcome {
            closes_missed: before.is_some_and(|before| before.closes_missed),
            ..outcome
        });
        let case = CaseTarget::OpenedBy(call.key("case"));
        status_of(call, &outcome, case, None)
            .map(|kind| owe(call, "status-transferred", vec![call.key("case")], kind))
            .into_iter()
            .collect()
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
            Act::OpenCase | Act::FinishCase => (CaseTarget::OpenedBy(call.key("case")), vec![call.key("case")]),
            Act::NoteInCase => match &call.choice {
                Choice::Attach { case } => (CaseTarget::Existing(case.id), vec![call.key("note")]),
                Choice::None | Choice::NewCase => return Vec::new(),
            },
        };
        (call.recording_owed, call.recording_late) = (true, true);
        let kind = DutyKind::AddRecording {
            case,
            recording: Some(name),
            summary: summary(call),
            tells_end: false,
        };
        vec![owe(call, LATE_RECORDING, after, kind)]
    }
}

impl Desk {
    /// S28, when the PBX named the recording only after the end.
    pub(crate) fn turn_green(&self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| !call.undone) else {
            return Vec::new();
        };
        let Some(mark) = called_back(call) else { return Vec::new() };
        let own = call.target().filter(|_| call.is_in_missed());
        // The mark alone: who decided about the status meanwhile is not overruled.
        let green = |(n, case): (usize, CaseTarget)| {
            let kind = DutyKind::SetStatus {
                case,
                status: None,
                handset: Some(mark),
                responsible: false,
                since: decided_at(call),
                expects: None,
                guards: false,
            };
            owe(call, &format!("green-{n}"), Vec::new(), kind)
        };
        own.into_iter()
            .chain(call.closed_missed.iter().cloned())
            .enumerate()
            .map(green)
            .collect()
    }
}

/// The last thing owed for a recording: when it goes without, there is none.
pub(crate) const LATE_RECORDING: &str = "recording-late";

impl Call {
    /// Whether the client and the agent talked: what ends the wait of missed calls (S27).
    pub(crate) fn is_conversation(&self) -> bool {
        self.was_answered() && self.direction != Direction::Internal
    }

    /// The case that this call's records go to.
    pub(crate) fn target(&self) -> Option<CaseTarget> {
        match (self.outcome?.act, &self.choice) {
            (Act::OpenCase | Act::FinishCase, _) => Some(CaseTarget::OpenedBy(self.key("case"))),
            (Act::NoteInCase, Choice::Attach { case }) => Some(CaseTarget::Existing(case.id)),
            (Act::NoCase | Act::NoteInCase | Act::NoteInMissed, _) => None,
        }
    }

    /// Whether the case it was attached to is the missed-call case that it answered (S33c, S33e).
    pub(crate) fn is_in_missed(&self) -> bool {
        self.outcome.is_some_and(|outcome| matches!(outcome.rule.as_str(), "S33c" | "S33e"))
    }

    /// The status that the call's case has after undoing the decision; none where there is nothing to undo. It may
    /// be the one it has: then only missed-call cases are opened again.
    #[must_use]
    pub fn undo_status(&self) -> Option<CaseStatus> {
        let outcome = self.outcome.filter(|_| !self.undone)?;
        let stays = || (!self.closed_missed.is_empty()).then(|| outcome.status.unwrap_or(CaseStatus::Open));
        self.status_before().or_else(stays)
    }

    /// The status that undoing gives the call's own case; none where that one keeps what it has.
    pub(crate) fn status_before(&self) -> Option<CaseStatus> {
        let outcome = self.outcome?;
        let now = outcome.status?;
        let back = match (outcome.act, &self.choice) {
            (Act::OpenCase | Act::FinishCase, _) => CaseStatus::Open,
            (Act::NoteInCase, Choice::Attach { case }) => case.status.unwrap_or(CaseStatus::Open),
            (Act::NoCase | Act::NoteInCase | Act::NoteInMissed, _) => return None,
        };
        (back != now).then_some(back)
    }
}

/// S28: a missed call that was called back, with a recording to show for it, turns green.
pub(crate) fn called_back(call: &Call) -> Option<Handset> {
    let green = call.direction == Direction::Outbound && call.was_answered() && call.recording != Recording::None;
    green.then_some(Handset::CalledBack)
}

/// When what is owed for a call was decided: at its end, or by what the agent wrote after it.
pub(crate) fn decided_at(call: &Call) -> Moment {
    call.ended_at.max(call.draft.saved_at).unwrap_or_default()
}

pub(crate) fn owe(call: &Call, what: &str, after: Vec<DutyKey>, kind: DutyKind) -> Effect {
    Effect::Owe(Duty {
        key: call.key(what),
        leg: call.leg.clone(),
        after,
        kind,
    })
}

fn reach(call: &Call) -> Reach {
    if call.was_answered() {
        return Reach::Talked;
    }
    match call.disposition {
        Some(Disposition::AnsweredElsewhere) => Reach::Colleague,
        Some(Disposition::Unknown) => Reach::Unknown,
        _ if call.dial_trouble.is_some() => Reach::NotPlaced,
        _ if call.order.is_some() && !call.agent_picked_up => Reach::AgentAbsent,
        _ => Reach::NotReached,
    }
}

/// For whom a case can be opened: a user without doubt, else whoever has the number (S14); never a hidden one.
pub(crate) fn owner(call: &Call) -> Option<Owner> {
    match (call.writes_for(), call.client_key()) {
        (Some(id), phone) => Some(Owner::User { id, phone }),
        (None, Some(phone)) => Some(Owner::Phone { phone }),
        (None, None) => None,
    }
}

pub(crate) fn summary(call: &Call) -> Summary {
    Summary {
        direction: call.direction,
        number: call.number.clone(),
        started: call.offered_at,
        talk_ms: call.talk_ms(),
        disposition: call.disposition,
        at_least: call.talk_at_least,
        unseen: call.unseen,
        gist: call.draft.gist.trim().to_owned(),
        guessed: call.among.as_ref().map(|among| among.guessed).filter(|_| call.user().is_none()),
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

pub(crate) fn handset(call: &Call) -> Handset {
    match (call.was_answered() || call.is_live(), call.direction) {
        (false, _) if call.disposition == Some(Disposition::Unknown) => Handset::Unknown,
        (_, Direction::Outbound) => Handset::Outgoing,
        (true, Direction::Inbound | Direction::Internal) => Handset::Incoming,
        (false, Direction::Inbound | Direction::Internal) => Handset::Missed,
    }
}

/// The subject of the call's own case.
pub(crate) fn subject_of(call: &Call) -> Subject {
    let typed = call.draft.subject.trim();
    match handset(call) {
        _ if !typed.is_empty() => Subject::Typed(typed.to_owned()),
        Handset::Missed => Subject::Missed,
        Handset::Unknown if call.direction == Direction::Outbound => Subject::Outgoing,
        Handset::Outgoing | Handset::CalledBack => Subject::Outgoing,
        Handset::Incoming | Handset::Unknown => Subject::Incoming,
    }
}

/// The subject under which an effect opens a case.
fn opened_under(effect: &Effect) -> Option<Subject> {
    match effect {
        Effect::Owe(Duty {
            kind: DutyKind::OpenCase { subject, .. },
            ..
        }) => Some(subject.clone()),
        _ => None,
    }
}

/// The case of a call by itself, or of one that still goes on: then nothing is decided about it.
pub(crate) fn open_case(call: &Call, owner: Owner, outcome: Option<&Outcome>, recording: Option<RecordingRef>) -> Effect {
    // The number must be the user's before a case is opened by it.
    let after = call.link.iter().cloned().collect();
    owe(call, "case", after, opening(call, owner, outcome, recording))
}

pub(crate) fn opening(call: &Call, owner: Owner, outcome: Option<&Outcome>, recording: Option<RecordingRef>) -> DutyKind {
    DutyKind::OpenCase {
        owner,
        subject: subject_of(call),
        summary: summary(call),
        recording,
        handset: handset(call),
        responsible: outcome.is_none_or(|outcome| outcome.responsible),
        status: outcome.and_then(|outcome| outcome.status),
        joins: None,
    }
}

/// Status, mark and responsible agent by a decision; nothing when the case keeps its status.
pub(crate) fn status_of(call: &Call, outcome: &Outcome, case: CaseTarget, handset: Option<Handset>) -> Option<DutyKind> {
    Some(DutyKind::SetStatus {
        case,
        status: Some(outcome.status?),
        handset,
        responsible: outcome.responsible,
        since: decided_at(call),
        expects: None,
        guards: false,
    })
}

/// The duties of a decision in the order in which they are carried out, and the missed-call cases they close.
///
/// The status of an earlier case comes before its note: Omnidesk's answer tells whether the case is still there.
fn plan(call: &Call, outcome: &Outcome, missed: &[OpenMissed]) -> (Vec<Effect>, Vec<CaseTarget>) {
    let mut effects = Vec::new();
    let green = called_back(call);
    let own = || (CaseTarget::OpenedBy(call.key("case")), vec![call.key("case")]);
    match outcome.act {
        Act::NoCase => return (effects, Vec::new()),
        Act::FinishCase if call.created_live => {
            let (case, after) = own();
            let unknown = Some(Handset::Unknown).filter(|mark| *mark == handset(call));
            let status = status_of(call, outcome, case.clone(), unknown);
            effects.extend(status.map(|kind| owe(call, "status", after.clone(), kind)));
            let mut summary = summary(call);
            if !call.typed_since {
                // It stands in the first message.
                summary.gist.clear();
            }
            let ending = DutyKind::AddRecording {
                case,
                recording: expected(call),
                summary,
                tells_end: true,
            };
            effects.push(owe(call, "recording", after, ending));
        }
        Act::OpenCase | Act::FinishCase => {
            let Some(owner) = owner(call) else { return (effects, Vec::new()) };
            let (case, after) = own();
            effects.push(match outcome.reason {
                Reason::Missed | Reason::OutcomeUnknown if outcome.act == Act::OpenCase => tell_missed(call, owner, outcome, None),
                _ => open_case(call, owner, Some(outcome), expected(call)),
            });
            effects.extend(status_of(call, outcome, case, None).map(|kind| owe(call, "status", after, kind)));
        }
        Act::NoteInCase => {
            let Choice::Attach { case } = &call.choice else {
                return (effects, Vec::new());
            };
            let missed = missed.iter().find(|missed| missed.is_of(call));
            let mark = green.filter(|_| missed.is_some());
            note_in(
                call,
                outcome,
                CaseTarget::Existing(case.id),
                missed,
                mark,
                summary(call),
                &mut effects,
            );
        }
        Act::NoteInMissed if outcome.reason == Reason::MissedAgain => {
            let Some(owner) = owner(call) else { return (effects, Vec::new()) };
            let (case, after) = own();
            effects.push(tell_missed(call, owner, outcome, missed.last()));
            effects.extend(status_of(call, outcome, case, None).map(|kind| owe(call, "status", after, kind)));
        }
        Act::NoteInMissed => {
            let Some(missed) = missed.last() else {
                return (effects, Vec::new());
            };
            let mut text = summary(call);
            // The case has a subject already; a typed one must not be lost (S15).
            text.gist = format!("{}\n{}", call.draft.subject.trim(), text.gist).trim().to_owned();
            note_in(call, outcome, missed.target(), Some(missed), None, text, &mut effects);
        }
    }
    let mut closed = Vec::new();
    // The conversation answers all of the user's missed calls; the case it was noted in has its status already.
    for missed in missed.iter().filter(|missed| call.is_conversation() && !missed.is_of(call)) {
        if closed.contains(&missed.target()) {
            continue;
        }
        let what = if closed.is_empty() {
            "missed-closed".to_owned()
        } else {
            format!("missed-closed-{}", closed.len())
        };
        let kind = DutyKind::SetStatus {
            case: missed.target(),
            status: Some(CaseStatus::Closed),
            handset: green,
            responsible: true,
            since: decided_at(call),
            expects: None,
            guards: missed.is_unsure(call),
        };
        effects.push(owe(call, &what, missed.so_far(), kind));
        closed.push(missed.target());
    }
    (effects, closed)
}

fn note_in(
    call: &Call,
    outcome: &Outcome,
    case: CaseTarget,
    missed: Option<&OpenMissed>,
    mark: Option<Handset>,
    summary: Summary,
    effects: &mut Vec<Effect>,
) {
    let so_far = missed.map(OpenMissed::so_far).unwrap_or_default();
    let opened = missed.map(|missed| missed.opened_by.clone());
    let mut status = status_of(call, outcome, case.clone(), mark);
    if let Some(DutyKind::SetStatus { guards, .. }) = &mut status {
        // The agent chose the case it was attached to; the one a call back is noted in is remembered only.
        *guards = outcome.act == Act::NoteInMissed && missed.is_some_and(|missed| missed.is_unsure(call));
    }
    effects.extend(status.map(|kind| owe(call, "status", so_far, kind)));
    let note = DutyKind::AddNote {
        case,
        summary,
        recording: expected(call),
    };
    effects.push(owe(call, "note", opened.into_iter().collect(), note));
}
