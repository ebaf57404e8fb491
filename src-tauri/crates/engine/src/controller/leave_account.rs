//! Another Omnidesk account in the settings: its users, cases and ids are others.
//!
//! What is owed to the old account would be written into the new one, and its people would be shown for the numbers of
//! others. So nothing may be owed any more and no call may go on; then everything that is the old account's is forgotten
//! in one transaction with the new settings. The calls stay in the list.

use crate::controller::Controller;
use crate::controller::index;
use crate::people::index::Index;
use crate::people::known::People;
use crate::screens::cases_shown::CasesShown;
use crate::settings::layers::Layers;
use crate::view::{CommandError, TroubleView};
use store::{EntryState, StoreError};

impl Controller {
    /// Whether the account can be left now.
    pub(crate) fn may_leave_account(&self) -> Result<(), CommandError> {
        if self.storage.refuses() {
            return Err(TroubleView::Storage.into());
        }
        // What it becomes is owed only at its end, to the account in which it began.
        if self.desk.calls().any(calls::Call::is_live) {
            return Err(refused("inCall"));
        }
        if self.outbox.entries().any(|entry| entry.state != EntryState::Done) {
            return Err(refused("owed"));
        }
        Ok(())
    }

    /// Leaves the account for that of the new settings, which are kept with it.
    pub(crate) fn leave_account(&mut self, for_new: &Layers) -> Result<(), CommandError> {
        let mut desk = self.desk.clone();
        desk.forget_account();
        let changes = desk.take_changes();
        match self.store.change_account(changes, for_new.own_text(), index::SETTING) {
            Ok(()) => {}
            Err(StoreError::Owed(_)) => return Err(refused("owed")),
            Err(error) => {
                self.storage_trouble(&error);
                return Err(TroubleView::Storage.into());
            }
        }
        // The way into the new account is made once its key is read, which may fail: until then there is none.
        self.omnidesk.leave();
        self.tasks.leave_account();
        self.desk = desk;
        self.outbox = crate::sending::outbox::Outbox::default();
        self.index = Index::default();
        self.people = People::default();
        self.cases_shown = CasesShown::default();
        Ok(())
    }
}

fn refused(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::Refused,
        about: Some(about.into()),
    }
}
