//! The cases that pages have shown: a call is attached to one without a further question to Omnidesk. And those of this
//! desk's own whose page was read from Omnidesk after all, which knows more of them.

use calls::{CaseFacts, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// How long a case as a page showed it is good enough for attaching a call, ms: longer than most calls. What has
/// become of it since is found out when something is written to it.
const GOOD: i64 = 1_800_000;
/// How long what Omnidesk said of those who wait in the missed inbox is good, ms.
const MISSED_GOOD: i64 = 60_000;
/// At most this many cases are remembered for that, more or less.
const MANY: usize = 1_000;

/// Cases by Omnidesk's id.
#[derive(Debug, Default)]
pub struct CasesShown {
    /// As a page showed them last, and when.
    shown: BTreeMap<u64, (CaseFacts, Moment)>,
    own_read: BTreeSet<u64>,
    /// When Omnidesk was asked of those who wait in the missed inbox.
    missed_asked: Option<Moment>,
}

impl CasesShown {
    /// A page shows a case.
    pub(crate) fn show(&mut self, case: u64, facts: CaseFacts, at: Moment) {
        self.shown.insert(case, (facts, at));
        if self.shown.len() > MANY {
            self.shown.retain(|_, (_, shown)| at.since(*shown) < GOOD);
        }
    }

    /// A case as it was shown last, however long ago.
    pub(crate) fn last(&self, case: u64) -> Option<&CaseFacts> {
        self.shown.get(&case).map(|(facts, _)| facts)
    }

    /// A case as it was shown not long ago.
    pub(crate) fn recent(&self, case: u64, at: Moment) -> Option<&CaseFacts> {
        let shown = self.shown.get(&case).filter(|(_, shown)| at.since(*shown) < GOOD);
        shown.map(|(facts, _)| facts)
    }

    /// The missed inbox is looked at: whether Omnidesk is asked of those who wait there. It is now, then.
    pub(crate) fn asks_of_missed(&mut self, at: Moment) -> bool {
        let asks = self.missed_asked.is_none_or(|asked| at.since(asked) >= MISSED_GOOD);
        if asks {
            self.missed_asked = Some(at);
        }
        asks
    }

    /// The page of a case of this desk's own was read from Omnidesk.
    pub(crate) fn read_own(&mut self, case: u64) {
        self.own_read.insert(case);
    }

    /// Whether it was.
    pub(crate) fn is_own_read(&self, case: u64) -> bool {
        self.own_read.contains(&case)
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.shown.values_mut().for_each(|(_, at)| *at = at.plus_ms(-by));
        self.missed_asked = self.missed_asked.map(|at| at.plus_ms(-by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::CaseId;

    fn facts(id: u64) -> CaseFacts {
        CaseFacts {
            id: CaseId(id),
            number: format!("482-{id}"),
            subject: "Счёт".into(),
            status: None,
        }
    }

    #[test]
    fn a_case_is_good_for_attaching_for_half_an_hour_and_known_longer() {
        let mut cases = CasesShown::default();
        cases.show(7, facts(7), Moment(0));
        assert_eq!(cases.recent(7, Moment(GOOD - 1)), Some(&facts(7)));
        assert_eq!((cases.recent(7, Moment(GOOD)), cases.last(7)), (None, Some(&facts(7))));
        cases.clock_set_back(1_000);
        assert_eq!(cases.recent(7, Moment(GOOD - 1_000)), None);
        assert_eq!(cases.last(8), None);
    }

    #[test]
    fn of_very_many_cases_the_old_ones_go() {
        let mut cases = CasesShown::default();
        (0..1_000).for_each(|case| cases.show(case, facts(case), Moment(0)));
        cases.show(5_000, facts(5_000), Moment(GOOD - 1));
        assert!(cases.last(0).is_some(), "still good");
        cases.show(5_001, facts(5_001), Moment(GOOD));
        assert_eq!((cases.last(0), cases.last(5_000)), (None, Some(&facts(5_000))));
    }

    #[test]
    fn whoever_looks_at_the_missed_calls_again_within_a_minute_asks_nothing() {
        let mut cases = CasesShown::default();
        let asks: Vec<bool> = [0, 1, 59_999, 60_000, 60_001].map(|at| cases.asks_of_missed(Moment(at))).into();
        assert_eq!(asks, [true, false, false, true, false]);
        cases.clock_set_back(50_000);
        assert!(cases.asks_of_missed(Moment(70_000)));
    }

    #[test]
    fn an_own_case_that_was_read_is_told_apart() {
        let mut cases = CasesShown::default();
        cases.read_own(7);
        assert_eq!((cases.is_own_read(7), cases.is_own_read(8)), (true, false));
    }
}
