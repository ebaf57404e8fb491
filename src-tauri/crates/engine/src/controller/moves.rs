//! A case that is not opened yet needs no move: it is opened for the right one at once.

use crate::controller::Controller;
use crate::time::now;
use calls::{CaseTarget, Duty, DutyKind};
use store::{Entry, EntryState};

impl Controller {
    /// A move is owed: an opening of which nothing can be in Omnidesk yet, refused or waiting, takes the new user instead.
    /// After a crash between the two writes the move finds the case at the right user and does nothing.
    pub(crate) fn open_for_the_chosen(&mut self, duty: &Duty) {
        let DutyKind::MoveCase {
            case: CaseTarget::OpenedBy(opened_by),
            owner: chosen,
            ..
        } = &duty.kind
        else {
            return;
        };
        let untried = |entry: &&Entry| {
            let waits = entry.state != EntryState::Done && !entry.uncertain && !self.outbox.is_running(entry.seq);
            entry.duty.key == *opened_by && waits
        };
        let Some((seq, mut kind)) = self
            .outbox
            .entries()
            .find(untried)
            .map(|entry| (entry.seq, entry.duty.kind.clone()))
        else {
            return;
        };
        // A missed call looks for its user's earlier case: that one is opened as it was owed, and moves.
        let DutyKind::OpenCase {
            owner,
            summary,
            joins: None,
            ..
        } = &mut kind
        else {
            return;
        };
        owner.clone_from(chosen);
        summary.guessed = None;
        self.outbox.reword(seq, kind);
        let opening = self.outbox.retry(seq, now()).cloned();
        let of_move = |entry: &&Entry| entry.duty.key == duty.key;
        let moves = self.outbox.entries().find(of_move).map(|entry| entry.seq);
        let withdrawn = moves.and_then(|seq| self.outbox.withdraw(seq, now()).cloned());
        for entry in opening.into_iter().chain(withdrawn) {
            // What the disk refuses is written later.
            self.keep_entry(&entry);
        }
    }
}
