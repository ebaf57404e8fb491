//! Another account of the help desk: its users and cases are others.
//!
//! What happened stays in the list of calls, what it was called in the old account does not: an id of there means
//! somebody else here. Asked for only while nothing is owed and no call goes on.

use crate::LegId;
use crate::call::{Call, Caller, Choice, Compose, Draft, Recording};
use crate::desk::Desk;
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
        let notes = self.touch_notes();
        notes.missed.clear();
        notes.remembered.clear();
    }
}

impl Call {
    fn forget_account(&mut self) {
        // What was typed is in the old account. Where it could not be written anywhere, it is still the agent's.
        let told = self.case.is_some() || self.outcome.is_some_and(|outcome| outcome.act != Act::NoCase);
        if told {
            self.draft = Draft::default();
            self.compose = Compose::default();
        }
        if self.user().is_some() || matches!(self.caller, Caller::Several { .. } | Caller::Unknown) {
            // Nobody has asked the new account.
            self.caller = Caller::NotLookedUp;
        }
        if matches!(self.recording, Recording::Attached | Recording::Lost) {
            self.recording = Recording::None;
        }
        (self.recording_owed, self.recording_late) = (false, false);
        (self.choice, self.case, self.called_from) = (Choice::None, None, None);
        // Why a call has no case is no matter of the account.
        self.outcome = self.outcome.filter(|_| !told && self.closed_missed.is_empty());
        (self.joined, self.missed_told) = (None, false);
        self.closed_missed.clear();
        self.undoing.clear();
        (self.undone, self.created_live, self.typed_since) = (false, false, false);
        (self.edit, self.sent_subject, self.link) = (None, None, None);
        (self.among, self.told_gist) = (None, None);
        self.linked_to.clear();
        self.replaced = 0;
    }
}
