//! Another Omnidesk account in the settings: its users, cases and ids are others.
//!
//! What is owed to the old account would be written into the new one, and its people would be shown for the numbers of
//! others. So nothing may be owed any more and no call may go on; then everything that is the old account's is forgotten
//! in one transaction with the new settings. The calls stay in the list.

use crate::controller::Controller;
use crate::people::index::Index;
use crate::people::known::People;
use crate::screens::caller_facts::CallerFacts;
use crate::screens::cases_shown::CasesShown;
use crate::sending::late_texts::LateTexts;
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
        match self.store.change_account(changes, for_new.own_text()) {
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
        self.everybody.clear();
        self.index = Index::default();
        self.people = People::default();
        self.cases_shown = CasesShown::default();
        self.facts = CallerFacts::default();
        self.late_texts = LateTexts::default();
        Ok(())
    }
}

fn refused(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::Refused,
        about: Some(about.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::trial::{controller, offered};
    use crate::time::now;
    use calls::{AgentAction, CallEvent, CallEventKind, Direction, Disposition, HungUpBy, Input, LegId};

    #[test]
    fn s15_d5_what_was_typed_for_the_old_account_makes_no_case_in_the_new_one_by_itself() {
        let mut controller = controller();
        controller.settings.unanswered_outgoing_cases = false;
        controller.desk.set_policy(controller.policy());
        let leg = LegId::new("1.1");
        let mut event = offered(leg.as_str(), "79161234567", now());
        if let CallEventKind::Offered { direction, .. } = &mut event.kind {
            *direction = Direction::Outbound;
        }
        controller.feed(Input::Pbx { event }).unwrap();
        let kind = CallEventKind::Ended {
            disposition: Disposition::Cancelled,
            cause: None,
            by: HungUpBy::Remote,
        };
        let event = CallEvent {
            leg: leg.clone(),
            at: now(),
            kind,
        };
        controller.feed(Input::Pbx { event }).unwrap();
        let action = AgentAction::SaveDraft {
            subject: String::new(),
            gist: "Просит счёт".into(),
        };
        controller.feed(Input::Agent { leg: leg.clone(), action }).unwrap();
        controller.typed(&leg);
        assert!(controller.next_draft().is_some(), "the text would make it worth a case");

        assert_eq!(controller.leave_account(&Layers::default()), Ok(()));
        assert_eq!(controller.next_draft(), None);
        controller.restore_drafts();
        assert_eq!(controller.next_draft(), None, "nor after the next start");
        controller.send_drafts(now().plus_ms(60_000));
        assert_eq!(controller.outbox.entries().count(), 0);
        let draft = &controller.desk.call(&leg).unwrap().handling.draft;
        assert_eq!(draft.gist, "Просит счёт", "it is still the agent's");
    }
}
