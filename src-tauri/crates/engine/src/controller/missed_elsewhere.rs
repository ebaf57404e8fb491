//! Missed calls at other desks: a list of users' cases that was read anyway, for the profile, or for who looks at the
//! missed calls, tells of them.

use crate::controller::Controller;
use crate::people::card::Card;
use crate::screens::pages::Profiles;
use crate::time::now;
use crate::view::{CaseRow, CaseStatusView, HandsetView};
use calls::{CaseId, Input, UserId};
use store::EntryState;

/// Of so many users' cases Omnidesk is asked together.
const ASKED_AT_ONCE: usize = 20;

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

    /// The missed inbox is looked at: the users of whose cases Omnidesk is asked, all in one request, each with all profiles;
    /// nobody where it was asked a moment ago.
    pub(crate) fn whom_missed_to_ask_of(&mut self) -> Vec<Profiles> {
        let waiting = self.desk.notes().missed.iter().rev();
        let mut users: Vec<UserId> = Vec::new();
        for user in waiting.filter(|missed| missed.case.is_some()).filter_map(|missed| missed.user) {
            if !users.contains(&user) && users.len() < ASKED_AT_ONCE {
                users.push(user);
            }
        }
        if users.is_empty() || !self.cases_shown.asks_of_missed(now()) {
            return Vec::new();
        }
        let profiles = |user: UserId| {
            self.recall(user);
            let card = self.people.card(user).filter(|card| !card.gone);
            (user, card.map_or_else(|| vec![omnidesk::UserId(user.0)], Card::profiles))
        };
        users.into_iter().map(profiles).collect()
    }

    fn remembers(&self, case: CaseId) -> bool {
        let missed = self.desk.notes().missed.iter();
        missed.filter_map(|missed| missed.case.as_ref()).any(|facts| facts.id == case)
    }

    /// Whether this desk itself has still to write to a case: what was read of it is not the last word.
    pub(crate) fn owes(&self, case: CaseId) -> bool {
        let open = self.outbox.entries().filter(|entry| entry.state != EntryState::Done);
        open.filter_map(|entry| self.desk.case_of(&entry.duty.kind))
            .any(|id| id.0 == case.0)
    }
}
