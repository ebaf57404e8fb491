//! What the agent does with a call, and what follows from it.

use crate::call::{Call, Caller, Choice, Compose};
use crate::desk::{AgentAction, Desk, Effect, Refusal};
use crate::duty::{CaseFacts, CaseTarget, Duty, DutyKey, DutyKind, UserEdit};
use crate::outcome::{Act, CaseStatus, Reason};
use crate::settle::{open_case, owe, owner, summary};
use crate::{LegId, Moment, PhoneKey, UserId};

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
                let before = call.draft.gist.clone();
                type_draft(call, &subject, &gist, now);
                call.typed_since |= call.created_live && call.draft.gist.trim() != before.trim();
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
                    effects.push(Effect::Owe(Duty {
                        key: link_key(leg, user, &phone),
                        leg: leg.clone(),
                        after: Vec::new(),
                        kind: DutyKind::LinkPhone { user, phone },
                    }));
                }
                effects.extend(self.user_chosen(leg));
                effects
            }
            AgentAction::EditUser { changes } => self.edit_user(leg, changes),
            AgentAction::Undo => self.undo(leg),
        }
    }

    /// S05, S14. Without a user the changes wait for the one that the call's case brings.
    fn edit_user(&mut self, leg: &LegId, changes: UserEdit) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        if owner(call).is_none() {
            return vec![Effect::Refuse(Refusal::NobodyToWriteFor)];
        }
        call.edit.get_or_insert_default().add(changes);
        self.send_edit(leg)
    }

    /// Owes what was typed about the call's user, once there is one.
    pub(crate) fn send_edit(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| call.edit.is_some()) else {
            return Vec::new();
        };
        let Some(user) = call.user() else { return Vec::new() };
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let Some(changes) = call.edit.take() else { return Vec::new() };
        call.corrections += 1;
        vec![owe(
            call,
            &format!("edit-{}", call.corrections),
            Vec::new(),
            DutyKind::EditUser { user, changes },
        )]
    }

    /// The agent knows better than the rule: the case gets its earlier status back, and what was closed is open again.
    fn undo(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let (Some(status), Some(case)) = (call.undo_status(), call.target()) else {
            return vec![Effect::Refuse(Refusal::NothingToUndo)];
        };
        call.undone = true;
        let back = |call: &Call, what: &str, case: CaseTarget, status: CaseStatus| {
            let after = match &case {
                CaseTarget::OpenedBy(key) => vec![key.clone()],
                CaseTarget::Existing(_) => Vec::new(),
            };
            let kind = DutyKind::SetStatus {
                case,
                status,
                handset: None,
                responsible: false,
            };
            owe(call, what, after, kind)
        };
        let closed = call.closed_missed.iter().enumerate();
        let mut effects = vec![back(call, "undo", case, status)];
        effects.extend(closed.map(|(n, missed)| back(call, &format!("undo-missed-{n}"), missed.clone(), CaseStatus::Open)));
        effects
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
        effects.extend(self.send_edit(leg));
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
        call.created_live = true;
        vec![open_case(call, owner, None, true)]
    }

    /// «Создать» pressed when the case exists already (the call ended first, S15): the text is brought up to date.
    fn correct(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.corrections += 1;
        call.typed_since = false;
        let typed = call.draft.subject.trim();
        let subject = (!typed.is_empty()).then(|| typed.to_owned());
        let mut summary = summary(call);
        if call.created_live {
            // How it ended stands in a message of its own.
            (summary.disposition, summary.talk_ms) = (None, None);
        }
        let case = call.key("case");
        let kind = DutyKind::FinishText {
            case: CaseTarget::OpenedBy(case.clone()),
            subject,
            summary,
        };
        vec![owe(call, &format!("text-{}", call.corrections), vec![case], kind)]
    }
}

/// The key of a link: one per user and number, so that a second thought is owed, too (S13).
pub(crate) fn link_key(leg: &LegId, user: UserId, phone: &PhoneKey) -> DutyKey {
    DutyKey::new(leg, &format!("link-{}-{}", user.0, phone.e164()))
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
