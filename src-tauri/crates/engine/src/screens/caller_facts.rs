//! What this desk knows of a caller by itself: how many calls there were, when somebody last talked with them, how many of their
//! cases are open (S02). Nothing is asked of Omnidesk for it; what is not known stays unknown, and is never a nought.
//!
//! The history is read beside the controller while the popup is on its way, so a call has its facts a moment after it is shown.
//! They belong to the number and the user for whom they were counted: who turns out to be another is counted anew.

use crate::time::ms;
use crate::view::{CallerFactsView, CaseRow, CaseStatusView};
use calls::{Call, Caller, LegId, Moment, PhoneKey, UserId};
use std::collections::BTreeMap;
use store::CallsBefore;

/// How long before a call a user's cases may have been read, ms: what is older may have been closed since.
const CASES_GOOD: i64 = 900_000;
/// At most this many users' cases are remembered, more or less.
const MANY: usize = 1_000;

/// Whose calls are counted for a call.
pub(crate) type Whose = (PhoneKey, Option<UserId>);

/// What was counted for calls that go on, and for users whose cases a page has shown.
#[derive(Debug, Default)]
pub struct CallerFacts {
    /// For whom, and what; nothing yet while it is being counted, or where it could not be.
    counted: BTreeMap<LegId, (Whose, Option<CallsBefore>)>,
    open: BTreeMap<UserId, (u32, Moment)>,
}

impl CallerFacts {
    /// For whom a call's history is to be read now, if for anybody: who the caller is stands, and it was not read for them yet.
    pub(crate) fn asks(&mut self, call: &Call) -> Option<Whose> {
        let stands = matches!(call.caller, Caller::Known { .. } | Caller::Unknown);
        let whose = (call.client_key().filter(|_| stands && call.is_live())?, call.user());
        if self.counted.get(&call.leg).is_some_and(|(counted, _)| *counted == whose) {
            return None;
        }
        self.counted.insert(call.leg.clone(), (whose.clone(), None));
        Some(whose)
    }

    /// What was counted for a call, unless it is for somebody else by now. Whether that is news.
    pub(crate) fn count(&mut self, leg: &LegId, whose: &Whose, before: CallsBefore) -> bool {
        let counted = self.counted.get_mut(leg).filter(|(counted, _)| counted == whose);
        counted.is_some_and(|(_, known)| known.replace(before) != Some(before))
    }

    /// Only these calls go on.
    pub(crate) fn keep_only(&mut self, goes_on: impl Fn(&LegId) -> bool) {
        self.counted.retain(|leg, _| goes_on(leg));
    }

    /// Cases were opened, closed or moved: how many are open is not known until they are read again.
    pub(crate) fn cases_changed(&mut self) {
        self.open.clear();
    }

    /// All cases of a user were read.
    pub(crate) fn cases_read(&mut self, user: UserId, rows: &[CaseRow], at: Moment) {
        let open = rows.iter().filter(|row| row.status != CaseStatusView::Closed).count();
        self.open.insert(user, (u32::try_from(open).unwrap_or(u32::MAX), at));
        if self.open.len() > MANY {
            self.open.retain(|_, (_, read)| at.since(*read) < CASES_GOOD);
        }
    }

    /// For the windows. `contact`: when Omnidesk last heard of the user.
    pub(crate) fn view(&self, call: &Call, contact: Option<Moment>) -> CallerFactsView {
        let before = self
            .counted
            .get(&call.leg)
            .and_then(|((key, user), before)| before.filter(|_| Some(key) == call.client_key().as_ref() && *user == call.user()));
        let offered = call.detail.offered_at;
        // This very call may be what Omnidesk has heard last.
        let contact = contact.filter(|contact| *contact < offered);
        let open = call.user().and_then(|user| self.open.get(&user));
        CallerFactsView {
            calls: before.map(|before| before.calls),
            last_contact: before.and_then(|before| before.talked.max(contact)).map(ms),
            open_cases: open.filter(|(_, read)| offered.since(*read) < CASES_GOOD).map(|(open, _)| *open),
            hidden: false,
        }
    }
}

#[cfg(test)]
mod tests;
