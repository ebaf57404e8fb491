//! What the agent does with a call, and what follows from it.

use crate::call::{Call, Caller, Choice, Compose, Undoing};
use crate::desk::Desk;
use crate::duty::{CaseFacts, CaseTarget, Duty, DutyKind, Handset, Subject, UserEdit};
use crate::duty_key::DutyName;
use crate::effect::{Effect, Refusal};
use crate::event::LegId;
use crate::ids::UserId;
use crate::input::AgentAction;
use crate::outcome::{Act, CaseStatus, Reason};
use crate::owed::{called_back, decided_at, first_message, open_case, owe, owner, subject_of};
use crate::time::Moment;

/// The longest text an agent may type, in characters; Omnidesk takes more, people never need it.
const LONGEST_TEXT: usize = 120_000;

impl Desk {
    pub(crate) fn act(&mut self, leg: &LegId, action: AgentAction, now: Moment) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        match action {
            AgentAction::OpenCompose => {
                call.handling.compose = Compose::Opened;
                Vec::new()
            }
            AgentAction::SaveDraft { subject, gist } => {
                let before = call.handling.draft.clone();
                type_draft(call, &subject, &gist, now);
                call.handling.typed_since |= call.handling.created_live && call.handling.draft.gist.trim() != before.gist.trim();
                self.typed_late(leg, &before)
            }
            AgentAction::SendDraft => self.send_draft(leg),
            AgentAction::CreateCase { subject, gist } => {
                let before = call.handling.draft.clone();
                type_draft(call, &subject, &gist, now);
                if call.filing.told_gist.is_some() && !call.handling.draft.says_the_same(&before) {
                    call.filing.owed_text.get_or_insert(before);
                }
                self.create_case(leg)
            }
            AgentAction::Attach { case, gist } => self.attach(leg, case, &gist, now),
            AgentAction::ChooseUser { user, remember } => {
                let number = call.client_key().filter(|_| remember);
                let corrects = call.handling.linked_to.last().is_some_and(|last| *last != user);
                if let Some(key) = number {
                    self.remember_choice(key, user);
                }
                if corrects {
                    return self.link_user(leg, user);
                }
                if let Some(call) = self.touch(leg) {
                    call.caller = Caller::Known { user, chosen: true };
                }
                self.user_chosen(leg)
            }
            AgentAction::LinkUser { user } => self.link_user(leg, user),
            AgentAction::EditUser { changes } => self.edit_user(leg, changes),
            AgentAction::Undo => self.undo(leg),
            AgentAction::PickLabels { labels } => self.pick_labels(leg, labels),
            AgentAction::SendLabels => self.tell_labels(leg),
            AgentAction::Claim => self.claim(leg, now),
            AgentAction::Release => self.release(leg),
            AgentAction::Remind { due, what, name } => self.remind(leg, due, &what, name, now),
        }
    }

    /// S13. Each attempt has a key of its own, so that a second thought, or a second try after a refusal, is owed, too.
    fn link_user(&mut self, leg: &LegId, user: UserId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.caller = Caller::Known { user, chosen: true };
        call.filing.link = None;
        let mut effects = Vec::new();
        if let Some(phone) = call.client_key() {
            call.filing.corrections += 1;
            // Keys are logged: no number stands in them.
            let name = DutyName::Link(user, call.filing.corrections);
            call.filing.link = Some(call.key(name));
            call.handling.linked_to.retain(|before| *before != user);
            let mistaken = call.handling.linked_to.clone();
            call.handling.linked_to.push(user);
            effects.push(owe(call, name, Vec::new(), DutyKind::LinkPhone { user, phone, mistaken }));
        }
        effects.extend(self.user_chosen(leg));
        effects
    }

    /// S05, S14. Without a user the changes wait for the one that the call's case brings.
    fn edit_user(&mut self, leg: &LegId, changes: UserEdit) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        if owner(call).is_none() {
            return vec![Effect::Refuse(Refusal::NobodyToWriteFor)];
        }
        call.handling.edit.get_or_insert_default().add(changes);
        self.send_edit(leg)
    }

    /// Owes what was typed about the call's user, once there is one.
    pub(crate) fn send_edit(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| call.handling.edit.is_some()) else {
            return Vec::new();
        };
        let Some(user) = call.user() else { return Vec::new() };
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let Some(changes) = call.handling.edit.take() else {
            return Vec::new();
        };
        call.filing.corrections += 1;
        vec![owe(
            call,
            DutyName::Edit(call.filing.corrections),
            Vec::new(),
            DutyKind::EditUser { user, changes },
        )]
    }

    /// Whether a later call has decided about this call's case since: then undoing would take back that decision, and not
    /// this one.
    #[must_use]
    pub fn is_superseded(&self, call: &Call) -> bool {
        let (Some(target), Some(case)) = (call.target(), &call.filing.case) else {
            return false;
        };
        let names = |other: &CaseTarget| *other == target || *other == CaseTarget::Existing(case.id);
        self.calls.values().any(|later| {
            let decides = || {
                let own = later.target().is_some() && later.filing.case.as_ref().is_some_and(|facts| facts.id == case.id);
                let sets = later.filing.outcome.is_some_and(|outcome| outcome.status.is_some());
                (own && sets) || later.filing.closed_missed.iter().any(names)
            };
            later.leg != call.leg && !later.handling.undone && later.detail.ended_at > call.detail.ended_at && decides()
        })
    }

    /// The agent knows better than the rule: the case gets its earlier status back, and what was closed is open
    /// again; unless a person has decided otherwise since.
    fn undo(&mut self, leg: &LegId) -> Vec<Effect> {
        if self.calls.get(leg).is_some_and(|call| self.is_superseded(call)) {
            return vec![Effect::Refuse(Refusal::NothingToUndo)];
        }
        let Some(call) = self.touch(leg).filter(|call| call.undo_status().is_some()) else {
            return vec![Effect::Refuse(Refusal::NothingToUndo)];
        };
        let own = call.status_before().zip(call.target());
        call.handling.undone = true;
        let back = |name: DutyName, case: &CaseTarget, status: CaseStatus, given: Option<CaseStatus>, was_missed: bool| {
            let after = match case {
                CaseTarget::OpenedBy(key) => vec![key.clone()],
                CaseTarget::Existing(_) => Vec::new(),
            };
            let kind = DutyKind::SetStatus {
                case: case.clone(),
                status: Some(status),
                // What turned green (S28) is red again.
                handset: called_back(call).filter(|_| was_missed).map(|_| Handset::Missed),
                responsible: false,
                since: decided_at(call),
                expects: given,
                guards: false,
            };
            owe(call, name, after, kind)
        };
        let given = call.filing.outcome.and_then(|outcome| outcome.status);
        let mut effects: Vec<Effect> = own
            .iter()
            .map(|(status, case)| back(DutyName::Undo, case, *status, given, call.is_in_missed()))
            .collect();
        for (n, missed) in call.filing.closed_missed.iter().enumerate() {
            effects.push(back(
                DutyName::UndoMissed(n),
                missed,
                CaseStatus::Open,
                Some(CaseStatus::Closed),
                true,
            ));
        }
        let undoing = |effect: &Effect| match effect {
            Effect::Owe(Duty {
                key,
                kind: DutyKind::SetStatus { case, .. },
                ..
            }) => Some(Undoing {
                key: key.clone(),
                case: case.clone(),
                overruled: false,
            }),
            _ => None,
        };
        call.filing.undoing = effects.iter().filter_map(undoing).collect();
        effects
    }

    /// S08. Nothing is written before the end, so a second gist for the same case replaces the first.
    fn attach(&mut self, leg: &LegId, case: CaseFacts, gist: &str, now: Moment) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        let again = call.is_live() && matches!(&call.handling.choice, Choice::Attach { case: chosen } if chosen.id == case.id);
        let decided = call.filing.outcome.is_some_and(|outcome| outcome.act != Act::NoCase);
        if !again && (call.filing.case.is_some() || decided || call.handling.choice == Choice::NewCase) {
            return vec![Effect::Refuse(Refusal::HasCase)];
        }
        let subject = call.handling.draft.subject.clone();
        type_draft(call, &subject, gist, now);
        call.filing.case = Some(case.clone());
        call.handling.choice = Choice::Attach { case };
        if call.is_live() { Vec::new() } else { self.settle(leg) }
    }

    /// A user chosen after the end makes the case possible that nobody could be given before.
    fn user_chosen(&mut self, leg: &LegId) -> Vec<Effect> {
        let mut effects = self.move_case(leg);
        effects.extend(self.open_profile(leg));
        effects.extend(self.send_edit(leg));
        let waiting = self
            .call(leg)
            .and_then(|call| call.filing.outcome)
            .is_some_and(|outcome| outcome.reason == Reason::NobodyToWriteFor);
        if waiting {
            effects.extend(self.settle(leg));
        }
        effects
    }

    fn create_case(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        // A call noted in an earlier case has no case of its own whose text could be corrected.
        let noted = call.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoteInMissed);
        if noted || matches!(call.handling.choice, Choice::Attach { .. }) {
            return vec![Effect::Refuse(Refusal::HasCase)];
        }
        if owner(call).is_none() {
            return vec![Effect::Refuse(Refusal::NobodyToWriteFor)];
        }
        self.guess(leg);
        let Some((call, owner)) = self.calls.get(leg).and_then(|call| Some((call, owner(call)?))) else {
            return Vec::new();
        };
        let decided = call.filing.outcome.filter(|outcome| outcome.act != Act::NoCase);
        if matches!(call.handling.choice, Choice::NewCase) || decided.is_some() {
            return self.correct(leg);
        }
        let ended = !call.is_live();
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.handling.choice = Choice::NewCase;
        if ended {
            return self.settle(leg);
        }
        call.handling.created_live = true;
        call.filing.rung_when_created = call.filing.rung_again;
        call.filing.sent_subject = Some(subject_of(call));
        vec![open_case(call, owner, None, None)]
    }

    /// «Создать» pressed when the case exists already (the call ended first, S15): the text is brought up to date.
    fn correct(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        if call.filing.told_gist.is_some() {
            // Additions stand beside the first message by now; the rest goes there, too.
            return self.send_draft(leg);
        }
        call.filing.corrections += 1;
        call.handling.typed_since = false;
        call.filing.owed_text = None;
        let typed = call.handling.draft.subject.trim();
        let typed = (!typed.is_empty()).then(|| Subject::Typed(typed.to_owned()));
        // What the agent left as it was is not written again: a colleague may have changed it meanwhile.
        let changed = typed.filter(|typed| call.filing.sent_subject.as_ref() != Some(typed));
        let was = call.filing.sent_subject.clone();
        if changed.is_some() {
            call.filing.sent_subject.clone_from(&changed);
        }
        let subject = changed.and_then(Subject::into_typed);
        let mut summary = first_message(call);
        if call.handling.created_live {
            // How it ended stands in a message of its own.
            (summary.disposition, summary.talk_ms) = (None, None);
        }
        let case = call.key(DutyName::Case);
        let kind = DutyKind::FinishText {
            case: CaseTarget::OpenedBy(case.clone()),
            subject,
            was,
            summary,
        };
        vec![owe(call, DutyName::Text(call.filing.corrections), vec![case], kind)]
    }
}

fn type_draft(call: &mut Call, subject: &str, gist: &str, now: Moment) {
    let cut = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
            .take(LONGEST_TEXT)
            .collect()
    };
    call.handling.draft.subject = cut(subject);
    call.handling.draft.gist = cut(gist);
    call.handling.draft.saved_at = Some(now);
}
