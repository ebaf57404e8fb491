//! One agent, several computers: another one has written the call, and this desk only shows it.
//!
//! Every program of the agent hears the same legs and decides the same; which of them writes is found out when something
//! is to be written (the engine asks the PBX who else listens). The others learn here what became of it.

use crate::call::{Call, Caller, Choice, Compose, Recording};
use crate::desk::Desk;
use crate::duty::{CaseTarget, DutyKind, DutyResult, Summary};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::Effect;
use crate::event::LegId;
use crate::ids::UserId;
use crate::open_missed::OpenMissed;
use crate::owed::{owe, summary};

/// How far the agent went with a call at this computer: the further computer writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hand {
    /// The agent did nothing here.
    Untouched,
    /// Typed, opened the compose page, or said who calls.
    Touched,
    /// Created a case or chose one.
    Ordered,
}

impl Call {
    /// How far the agent went with it at this computer.
    #[must_use]
    pub fn hand(&self) -> Hand {
        let said_who = matches!(self.caller, Caller::Known { chosen: true, .. });
        let touched = !self.handling.draft.is_empty()
            || self.handling.compose == Compose::Opened
            || self.handling.edit.is_some()
            || self.filing.promises > 0
            || !self.handling.labels.is_empty()
            || said_who
            || !self.handling.linked_to.is_empty();
        match (&self.handling.choice, touched) {
            (Choice::NewCase | Choice::Attach { .. }, _) => Hand::Ordered,
            (Choice::None, true) => Hand::Touched,
            (Choice::None, false) => Hand::Untouched,
        }
    }
}

impl Desk {
    /// Another computer of the agent wrote the call. What the agent typed here goes into its case, as an addition.
    pub(crate) fn written_elsewhere(&mut self, key: &DutyKey, leg: &LegId, result: DutyResult) -> Vec<Effect> {
        if self.calls.get(leg).is_none_or(|call| call.filing.elsewhere) {
            return Vec::new();
        }
        let own = |missed: &OpenMissed| missed.opened_by == *key;
        let remembered = |missed: &OpenMissed| {
            missed
                .case
                .as_ref()
                .zip(result.case.as_ref())
                .is_some_and(|(one, other)| one.id == other.id)
        };
        let joined = self.notes.missed.iter().any(|missed| remembered(missed) && !own(missed));
        let told = DutyResult { joined, ..result.clone() };
        self.missed_told(key, leg, &told);
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.elsewhere = true;
        call.filing.missed_told |= !call.was_answered();
        // It goes with the other computer's message.
        (call.filing.recording, call.filing.recording_owed) = (Recording::None, true);
        call.filing.case = result.case.or(call.filing.case.take());
        call.user_seen(result.user);
        if std::mem::take(&mut call.filing.promised_along) {
            // What the other computer wrote does not tell it.
            call.filing.to_promise = call.filing.promised.take();
        }
        let typed = format!("{}\n{}", call.handling.draft.subject.trim(), call.handling.draft.gist.trim())
            .trim()
            .to_owned();
        if call.filing.case.is_none() || typed.is_empty() {
            return Vec::new();
        }
        (call.filing.owed_text, call.filing.told_gist) = (None, Some(call.handling.draft.gist.trim().to_owned()));
        let Some(case) = &call.filing.case else { return Vec::new() };
        let kind = DutyKind::AddNote {
            case: CaseTarget::Existing(case.id),
            summary: Summary {
                gist: typed,
                // What the other computer wrote tells the call.
                disposition: None,
                talk_ms: None,
                ..summary(call)
            },
            recording: None,
        };
        vec![owe(call, DutyName::TypedHere, Vec::new(), kind)]
    }
}

impl Call {
    fn user_seen(&mut self, user: Option<UserId>) {
        if let (Some(user), Caller::Unknown | Caller::LookingUp | Caller::Unavailable) = (user, &self.caller) {
            self.caller = Caller::Known { user, chosen: false };
        }
    }
}
