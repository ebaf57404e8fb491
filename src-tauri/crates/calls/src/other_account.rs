//! Another account of the help desk: its users and cases are others.
//!
//! What happened stays in the list of calls, what it was called in the old account does not: an id of there means
//! somebody else here. Asked for only while nothing is owed and no call goes on.

use crate::call::{Call, Caller, Choice, Compose, Draft, Recording};
use crate::claim::Claiming;
use crate::desk::Desk;
use crate::event::LegId;
use crate::outcome::Act;

impl Desk {
    /// Forgets who and which case is meant where only the help desk's ids tell.
    pub fn forget_account(&mut self) {
        let legs: Vec<LegId> = self.calls.keys().cloned().collect();
        for leg in &legs {
            if let Some(call) = self.touch(leg) {
                call.forget_account();
            }
        }
        self.cases.forget_all();
        let notes = self.touch_notes();
        notes.missed.clear();
        notes.remembered.clear();
        notes.claims.clear();
        // Whom to call is known by the number.
        for reminder in &mut notes.reminders {
            (reminder.user, reminder.case) = (None, None);
        }
    }
}

impl Call {
    fn forget_account(&mut self) {
        // What was typed is in the old account. Where it could not be written anywhere, it is still the agent's.
        let told = self.filing.case.is_some() || self.filing.outcome.is_some_and(|outcome| outcome.act != Act::NoCase);
        if told {
            self.handling.draft = Draft::default();
            self.handling.compose = Compose::default();
        }
        if self.user().is_some() || matches!(self.caller, Caller::Several { .. } | Caller::Unknown) {
            // Nobody has asked the new account.
            self.caller = Caller::NotLookedUp;
        }
        if matches!(self.filing.recording, Recording::Attached | Recording::Missing) {
            self.filing.recording = Recording::None;
        }
        (self.filing.recording_owed, self.filing.recording_late) = (false, false);
        (self.handling.choice, self.filing.case, self.handling.called_from) = (Choice::None, None, None);
        // Why a call has no case is no matter of the account.
        self.filing.outcome = self.filing.outcome.filter(|_| !told && self.filing.closed_missed.is_empty());
        (self.filing.joined, self.filing.missed_told) = (None, false);
        self.filing.closed_missed.clear();
        self.filing.undoing.clear();
        (self.handling.undone, self.handling.created_live, self.handling.typed_since) = (false, false, false);
        (self.handling.edit, self.filing.sent_subject, self.filing.link) = (None, None, None);
        (self.filing.among, self.filing.told_gist, self.filing.owed_text) = (None, None, None);
        self.handling.linked_to.clear();
        self.filing.replaced = 0;
        self.handling.labels.clear();
        self.filing.labels_owed.clear();
        self.filing.claiming = Claiming::None;
        (self.filing.to_promise, self.filing.promised, self.filing.promised_first) = (None, None, false);
    }
}
