//! The start: the state as it was stored, and what a crash left half done.

use crate::controller::{Controller, SHOWN_DELIVERED, now};
use crate::sending::outbox::Outbox;
use calls::{Desk, DutyKind, Input, Recording, UserId};
use store::Entry;

impl Controller {
    /// What was stored, and then the inputs that were taken in but not finished before a crash.
    pub(crate) fn restore(&mut self) {
        let office = self.settings.clone();
        match self.store.setting("settings") {
            Ok(Some(text)) => {
                self.settings = serde_json::from_str(&text).unwrap_or_default();
                self.storage.own_settings = true;
            }
            Ok(None) => {}
            Err(error) => self.storage_trouble(&error),
        }
        // What the office decides later reaches desks with settings of their own.
        self.settings.take_from_office(&office);
        // Kept apart: what an office provides stays in force until a person saves settings here.
        self.settings.machine = match self.store.setting("machine") {
            Ok(Some(machine)) => machine,
            _ => format!("{:08x}", fastrand::u32(..)),
        };
        if let Err(error) = self.store.set_setting("machine", &self.settings.machine) {
            self.storage_trouble(&error);
        }
        self.restore_index();
        let policy = self.policy();
        self.restore_heard();
        match self.store.restore() {
            Ok(restored) => {
                self.count_unreadable(restored.unreadable);
                self.desk = Desk::restore(policy, restored.calls, restored.notes);
            }
            Err(error) => self.storage_trouble(&error),
        }
        match self.store.outbox(now().plus_ms(-SHOWN_DELIVERED)) {
            Ok(mut entries) => {
                crate::sending::outbox::soon_enough(&mut entries, now());
                self.outbox = Outbox::restore(entries);
                self.outbox.close_all();
            }
            Err(error) => self.storage_trouble(&error),
        }
        self.unconfirmed = self
            .desk
            .calls()
            .filter(|call| call.is_live())
            .map(|call| call.leg.clone())
            .collect();
        let users: Vec<UserId> = self.desk.calls().flat_map(crate::controller::lookups::users_of).collect();
        for user in users {
            self.recall(user);
        }
        for journaled in self.store.unhandled().unwrap_or_default() {
            let effects = self.desk.handle(journaled.input, journaled.at);
            // The window that could be told of a refusal is gone.
            let _ = self.settle(Some(journaled.id), effects);
        }
        self.tell_what_was_delivered();
        self.restore_drafts();
    }

    /// A delivery whose result did not reach the desk before a crash reaches it now.
    fn tell_what_was_delivered(&mut self) {
        let untold = |entry: &&Entry| {
            let (Some(result), Some(call)) = (&entry.result, self.desk.call(&entry.duty.leg)) else {
                return false;
            };
            let opened = matches!(entry.duty.kind, DutyKind::OpenCase { .. });
            (opened && call.case.is_none()) || (result.recording && matches!(call.recording, Recording::Expected { .. }))
        };
        let untold: Vec<Entry> = self.outbox.entries().filter(untold).cloned().collect();
        for entry in untold {
            let (key, leg) = (entry.duty.key, entry.duty.leg);
            // Only an agent's action can be refused.
            let _ = self.feed(Input::Done {
                key,
                leg,
                result: entry.result.unwrap_or_default(),
            });
        }
    }
}
