//! What is known of callers is counted beside the controller, where the popup shows any of it (S02).

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::settings::fields::shows_counted;
use calls::{LegId, Moment, UserId};
use store::{CallsBefore, StoreError};

impl Controller {
    /// Begins to count for calls whose caller stands now, or is another than before.
    pub(crate) fn count_for_callers(&mut self) {
        let desk = &self.desk;
        self.facts.keep_only(|leg| desk.call(leg).is_some_and(calls::Call::is_live));
        if !shows_counted(&self.settings.fields) {
            return;
        }
        let facts = &mut self.facts;
        let begun: Vec<_> = (desk.calls())
            .filter_map(|call| Some((call.leg.clone(), facts.asks(call)?, call.detail.offered_at)))
            .collect();
        for (leg, whose, at) in begun {
            let (reader, written) = (self.store.reader(), self.store.written());
            self.tasks.begin(Work::CountCalls(leg), async move {
                // The call before may have ended a moment ago.
                written.await;
                let of = whose.clone();
                let counted = tokio::task::spawn_blocking(move || reader.look(move |store| store.calls_before(&of.0, of.1, at))).await;
                News::CallsCounted(whose, counted.unwrap_or(Err(StoreError::Broke)))
            });
        }
    }

    /// They were counted, or could not be: then they stay unknown.
    pub(crate) fn calls_counted(
        &mut self,
        leg: &LegId,
        whose: &crate::screens::caller_facts::Whose,
        counted: Result<CallsBefore, StoreError>,
    ) {
        match counted {
            Ok(before) => {
                let talked = before.talked.max(self.contact_before(leg, whose.1));
                let is_new = self.facts.count(leg, whose, CallsBefore { talked, ..before });
                self.windows.stale_if(is_new);
            }
            Err(error) => self.storage_trouble(&error),
        }
    }

    /// When Omnidesk had heard last of a user before this call. Kept with what was counted: during the call it is the call.
    fn contact_before(&self, leg: &LegId, user: Option<UserId>) -> Option<Moment> {
        let offered = self.desk.call(leg)?.detail.offered_at;
        let contact = self.people.card(user?)?.last_contact.map(Moment)?;
        (contact < offered).then_some(contact)
    }
}
