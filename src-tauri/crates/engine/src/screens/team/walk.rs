//! The cases of a channel that were opened in a span of time, page by page, and when that is all of them. Pure: it is told
//! what came and says what to ask for next.
//!
//! Omnidesk's lists end after so many pages, and move while they are read: a case that is deleted pulls the others forward.
//! So each question begins at the moment of the last case that came, and asks for the first page from there on, which holds
//! that case again: nobody can slip between two pages, and no page is far. Only where a page is full with cases of one second
//! the next page of that second is asked for. What a case that was deleted meanwhile leaves behind shows when it is looked
//! into.

use jiff::Timestamp;
use omnidesk::{Case, CaseFilter, CaseSort, CaseStatus, ChannelKey, Page, PageRequest, TimeRange};
use std::collections::{BTreeMap, BTreeSet};

/// Cases of a page: as many as Omnidesk gives.
const PAGE: u32 = 100;
/// More cases are not read: that many would take the office's requests for most of an hour.
const MOST_CASES: usize = 20_000;
/// Nor does a list take more questions, whatever it answers.
const MOST_ASKS: u32 = 500;

/// A case as the list tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) opened_at: Timestamp,
    pub(crate) closed: bool,
    /// Who is responsible, by number.
    pub(crate) responsible: Option<u64>,
    pub(crate) updated_at: Option<Timestamp>,
}

/// Why a list cannot be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadList {
    /// Its order is not the one that was asked for, or it does not move on.
    NotInOrder,
    /// It holds too many cases.
    TooMany,
}

/// A list that is being read.
#[derive(Debug)]
pub(crate) struct Walk {
    channel: ChannelKey,
    /// The span, s since 1970, both ends included.
    from: i64,
    to: i64,
    /// The second that the next question begins with, and its page.
    cursor: i64,
    page: u32,
    asks: u32,
    done: bool,
    expected: usize,
    cases: BTreeMap<u64, Found>,
    /// Cases without a moment at which they were opened.
    undated: BTreeSet<u64>,
    unreadable: u32,
}

impl Walk {
    /// Nothing is read yet.
    pub(crate) fn new(channel: &str, from: i64, to: i64) -> Self {
        Self {
            channel: ChannelKey::from(channel),
            from,
            to,
            cursor: from,
            page: 1,
            asks: 0,
            done: false,
            expected: 0,
            cases: BTreeMap::new(),
            undated: BTreeSet::new(),
            unreadable: 0,
        }
    }

    /// What to ask for next, and which question that is; none when all was read.
    pub(crate) fn wanted(&self) -> Option<(u32, CaseFilter, PageRequest)> {
        (!self.done).then(|| {
            (
                self.asks,
                span(&self.channel, self.cursor, self.to),
                PageRequest::new(self.page, PAGE),
            )
        })
    }

    /// A page came as the answer to a question. One to an earlier question changes nothing.
    ///
    /// # Errors
    /// [`BadList`]; what was read so far stays.
    pub(crate) fn took(&mut self, asked: u32, page: &Page<Case>) -> Result<(), BadList> {
        if asked != self.asks || self.done {
            return Ok(());
        }
        let here = page.items.len() + page.skipped;
        let moments: Vec<i64> = page
            .items
            .iter()
            .filter_map(|case| case.created_at)
            .map(Timestamp::as_second)
            .collect();
        if !moments.is_sorted() {
            return Err(BadList::NotInOrder);
        }
        let before = self.cases.len() + self.undated.len();
        page.items.iter().for_each(|case| self.take(case));
        self.unreadable = self.unreadable.saturating_add(u32::try_from(page.skipped).unwrap_or(u32::MAX));
        let known = self.cases.len() + self.undated.len();
        let passed = (self.page - 1) as usize * PAGE as usize + here;
        let total = usize::try_from(page.total).unwrap_or(usize::MAX);
        self.expected = known.saturating_add(total.saturating_sub(passed));
        self.asks += 1;
        let full = here >= PAGE as usize;
        if here == 0 || (!full && passed >= total) {
            self.done = true;
            self.expected = known;
            return Ok(());
        }
        if known > MOST_CASES || self.expected > MOST_CASES || self.asks >= MOST_ASKS {
            return Err(BadList::TooMany);
        }
        match moments.last() {
            Some(&last) if last > self.cursor => (self.cursor, self.page) = (last, 1),
            _ if self.page > 1 && known == before => return Err(BadList::NotInOrder),
            _ => self.page += 1,
        }
        Ok(())
    }

    fn take(&mut self, case: &Case) {
        // A list may hold what was not asked for.
        if case.channel != self.channel || case.deleted || case.spam || case.parent_case_id.is_some() {
            return;
        }
        let Some(opened_at) = case.created_at else {
            self.undated.insert(case.id.0);
            return;
        };
        if !(self.from..=self.to).contains(&opened_at.as_second()) {
            return;
        }
        let found = Found {
            opened_at,
            closed: case.status == CaseStatus::Closed,
            responsible: case.staff_id.map(|staff| staff.0),
            updated_at: case.updated_at,
        };
        self.cases.insert(case.id.0, found);
    }

    /// All was read.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// Any page came.
    pub(crate) fn has_begun(&self) -> bool {
        self.asks > 0
    }

    /// How many cases there are in all, as far as the last page tells.
    pub(crate) fn expected(&self) -> usize {
        self.expected
    }

    /// Listed, and not to be read.
    pub(crate) fn unreadable(&self) -> u32 {
        self.unreadable
            .saturating_add(u32::try_from(self.undated.len()).unwrap_or(u32::MAX))
    }

    /// The cases that came.
    pub(crate) fn cases(&self) -> &BTreeMap<u64, Found> {
        &self.cases
    }

    /// A case was deleted since.
    pub(crate) fn gone(&mut self, case: u64) {
        self.cases.remove(&case);
    }

    /// A case was opened again since.
    pub(crate) fn open_again(&mut self, case: u64) {
        if let Some(found) = self.cases.get_mut(&case) {
            found.closed = false;
        }
    }
}

/// The cases of a channel in a span of seconds, the oldest first. Whether Omnidesk counts the ends in is not said anywhere, so
/// it is asked for a second more; what lies outside is not taken.
pub(crate) fn span(channel: &ChannelKey, from: i64, to: i64) -> CaseFilter {
    let second = |at: i64| Timestamp::from_second(at).ok();
    CaseFilter {
        channels: vec![channel.clone()],
        created: TimeRange {
            from: second(from - 1),
            to: second(to + 1),
        },
        sort: Some(CaseSort::CreatedAsc),
        ..CaseFilter::default()
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
