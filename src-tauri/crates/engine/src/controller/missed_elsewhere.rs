//! Missed calls at other desks: a list of a user's cases that was read anyway, for the profile, tells of them.

use crate::controller::Controller;
use crate::view::{CaseRow, CaseStatusView, HandsetView};
use calls::{CaseId, Input, UserId};
use store::EntryState;

impl Controller {
    /// S27, S33a: which missed-call cases wait for a conversation, and which a colleague has dealt with.
    pub(crate) fn missed_in(&mut self, user: UserId, rows: &[CaseRow]) {
        let is_missed = |row: &&CaseRow| matches!(row.handset, HandsetView::Missed | HandsetView::CalledBack);
        let waits = |row: &CaseRow| row.handset == HandsetView::Missed && row.status == CaseStatusView::Open;
        let cases = || {
            rows.iter()
                .filter(is_missed)
                .filter_map(|row| Some((row, row.id.parse::<u64>().ok()?)))
        };
        let open: Vec<_> = cases().filter(|(row, _)| waits(row)).map(|(row, id)| row.facts(id)).collect();
        let over: Vec<CaseId> = cases()
            .filter(|(row, _)| !waits(row))
            .map(|(_, id)| CaseId(id))
            .filter(|id| self.remembers(*id) && !self.owes(*id))
            .collect();
        if open.is_empty() && over.is_empty() {
            return;
        }
        // Only an agent's action can be refused.
        let _ = self.feed(Input::MissedCasesRead { user, open, over });
    }

    fn remembers(&self, case: CaseId) -> bool {
        let missed = self.desk.notes().missed.iter();
        missed.filter_map(|missed| missed.case.as_ref()).any(|facts| facts.id == case)
    }

    /// Whether this desk itself has still to write to a case: what was read of it is not the last word.
    fn owes(&self, case: CaseId) -> bool {
        let open = self.outbox.entries().filter(|entry| entry.state != EntryState::Done);
        open.filter_map(|entry| self.desk.case_of(&entry.duty.kind))
            .any(|id| id.0 == case.0)
    }
}
