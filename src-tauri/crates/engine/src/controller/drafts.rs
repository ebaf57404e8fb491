//! What the agent types over the end of a call and after it.
//!
//! While the message about the call was not sent, it takes along what was typed since it was owed; it waits a moment for
//! the last letters. What comes later goes as an addition: when the agent leaves the page, after a while without typing,
//! or at the next start, once the message itself is on its way.

use crate::controller::Controller;
use crate::sending::outbox::Outbox;
use crate::time::now;
use calls::{AgentAction, Call, Compose, Desk, Input, LegId, Moment};
use store::{Entry, EntryState};

/// How long the message about a call waits for the last letters of a page that is open, ms.
const LAST_LETTERS: i64 = 1_500;

impl Controller {
    /// The agent typed about a call.
    pub(crate) fn typed(&mut self, leg: &LegId) {
        if self.desk.call(leg).is_some_and(Call::has_unsent_text) {
            self.late_texts.typed(leg.clone(), now());
        } else {
            self.late_texts.withdraw(leg);
        }
    }

    /// The agent is done with the text.
    pub(crate) fn done_typing(&mut self, leg: &LegId) {
        if self.desk.call(leg).is_some_and(Call::has_unsent_text) {
            self.late_texts.done(leg.clone(), now());
        }
    }

    /// After a start: whoever typed is not at it any more.
    pub(crate) fn restore_drafts(&mut self) {
        for call in self.desk.calls().filter(|call| call.has_unsent_text()) {
            self.late_texts.done(call.leg.clone(), now());
        }
    }

    /// Sends what its agent is done with, unless the message about the call still takes it along.
    pub(crate) fn send_drafts(&mut self, at: Moment) {
        let held = |leg: &LegId| is_message_open(&self.desk, &self.outbox, leg);
        let due = self.late_texts.take_due(at, held);
        if due.is_empty() {
            return;
        }
        // The disk may refuse: the text stays unsent, and the next start sends it.
        let _ = self.handle_together(|controller, batch| {
            for leg in due {
                let action = AgentAction::SendDraft;
                controller.handle(batch, Input::Agent { leg, action });
            }
        });
    }

    /// When the next text is to be sent.
    pub(crate) fn next_draft(&self) -> Option<Moment> {
        self.late_texts.wake_at(|leg| is_message_open(&self.desk, &self.outbox, leg))
    }

    /// What is tried next takes along what was typed since it was owed. That it does, and that the desk need not tell it
    /// again, is in the file together, or nothing begins: whether it may.
    pub(crate) fn take_latest_text(&mut self) -> bool {
        let Some(entry) = self.outbox.next_due(now()) else { return true };
        let (seq, leg) = (entry.seq, entry.duty.leg.clone());
        let latest = self.desk.call(&leg).filter(|_| !entry.uncertain);
        let Some(kind) = latest.and_then(|call| call.reworded(&entry.duty)) else {
            return true;
        };
        let reworded = self.outbox.reword(seq, kind).cloned();
        let taken = self.handle_together(|controller, batch| {
            controller.handle(batch, Input::TookText { leg });
            controller.storage.stored_along(reworded);
        });
        if taken.is_err() {
            self.outbox.put_off(seq, now());
        }
        taken.is_ok()
    }

    /// A message about a call whose page may be open waits for the last letters.
    pub(crate) fn await_last_letters(&self, entry: &mut Entry) {
        let typed_about = |call: &&Call| {
            !call.handling.draft.is_empty() || call.handling.compose == Compose::Opened || call.handling.called_from.is_some()
        };
        let call = self.desk.call(&entry.duty.leg).filter(|call| !call.is_live());
        if call.filter(typed_about).is_some_and(|call| call.tells_text(&entry.duty.key)) {
            entry.next_at = entry.next_at.max(now().plus_ms(LAST_LETTERS));
        }
    }
}

/// Whether the message about a call is owed and was surely not written yet.
fn is_message_open(desk: &Desk, outbox: &Outbox, leg: &LegId) -> bool {
    let Some(call) = desk.call(leg) else { return false };
    let open = |entry: &Entry| entry.duty.leg == *leg && entry.state == EntryState::Queued && !entry.uncertain;
    outbox.entries().any(|entry| open(entry) && call.tells_text(&entry.duty.key))
}
