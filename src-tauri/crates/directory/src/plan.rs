//! What is to be read of an account's users, page by page, and when that is all of them. Pure: it is told what came and says
//! what to ask for next.
//!
//! Omnidesk's lists end after so many pages. So the account is read by spans of time, in which users were created (or
//! changed, for what is new since the last reading): a span that holds more than its pages can show, or comes to hold more
//! while it is read, is halved.
//!
//! A list may move while it is read: users are created, deleted, restored, or go to another place in it. **Each page
//! overlaps the one before** by at least one user, which pages of changing sizes make possible: positions 1-100, then the
//! second page of 99 (positions 100-198), the third of 98 (197-294), and so on. A page that shares a user with those just
//! read, one who was not changed meanwhile, joins them: nobody who stands still can lie between them. One that shares none
//! shows that the list has moved, and the reading goes back as far as it must. What changed meanwhile is found by the next reading of changes, which begins
//! before this one did ([`SLACK`]). So whoever is in the account during the whole reading is found, and no total has to be
//! believed; where a total says more than came, that is said ([`Faults`]).
//!
//! Nothing that an account answers makes a reading endless: spans have a smallest size, each has so many attempts, and all
//! together so many requests as its first total deserves.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How far before the last reading's begin changes are asked for, ms: clocks differ.
pub const SLACK: i64 = 3_600_000;
/// Nobody was created before this, s since 1970: the first span that is halved is taken to begin here.
const EARLIEST: i64 = 1_104_537_600;
/// A span that is no longer is not halved, s.
const SMALLEST: i64 = 4;
/// So often a span is begun anew because its list moves too much.
const MOST_ATTEMPTS: u8 = 3;
/// So often a reading goes back within one attempt.
const MOST_BACKS: u8 = 8;
/// The last users of so many pages are remembered, to see whether the next page joins them.
const REMEMBERED: usize = 3;
/// No reading takes more requests.
const MOST_ASKS: u64 = 60_000;
/// Who was changed so shortly before the reading began, s, may have been changed during it: clocks differ.
const LATELY: i64 = 60;

/// What an account's lists give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Users on a page, at most.
    pub page: u32,
    /// The last page that there is.
    pub last_page: u32,
}

impl Default for Limits {
    /// Omnidesk's.
    fn default() -> Self {
        Self { page: 100, last_page: 500 }
    }
}

/// By which of its times a user lies in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// When they were created.
    Created,
    /// When they were last changed.
    Updated,
}

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Which time is meant.
    pub by: By,
    /// From then on, s since 1970.
    pub from: Option<i64>,
    /// Until then, s since 1970.
    pub to: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many users a page of these holds.
    pub limit: u32,
}

/// A user on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Omnidesk's `user_id`.
    pub id: u64,
    /// When they were last changed, s since 1970, if that is said.
    pub changed: Option<i64>,
}

/// What came.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    /// Who, in the list's order.
    pub users: &'a [Seen],
    /// How many more stood there and could not be read.
    pub unreadable: usize,
    /// How many users the list is said to have.
    pub total: u64,
}

/// What was not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// Lists said so many users more than they gave.
    pub missing: u64,
    /// Spans that could not be halved any more and hold more than their pages show.
    pub too_full: u32,
    /// Spans whose pages did not join: their lists moved all the time, or do not heed what is asked for.
    pub unjoined: u32,
    /// Entries that could not be read.
    pub unreadable: u64,
    /// The account does not heed spans of time: only the first pages could be read.
    pub no_spans: bool,
    /// It took more requests than such an account can need, and was given up.
    pub endless: bool,
}

/// What follows from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to ask for.
    Next,
    /// The reading is over.
    End,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    from: Option<i64>,
    to: Option<i64>,
    #[serde(default)]
    attempts: u8,
}

/// How far a span is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Walk {
    /// All before this position was read.
    taken: u64,
    /// Who stood there at last.
    last: VecDeque<u64>,
    backs: u8,
    /// Pages are taken as they come.
    plain: bool,
}

/// A reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    by: By,
    /// When it began, ms since 1970.
    began: i64,
    limits: Limits,
    /// What is still to be read, what comes next at the end.
    open: Vec<Span>,
    walk: Walk,
    /// How many users all of it was said to have at first.
    total: Option<u64>,
    /// How many users the spans held that are done.
    done: u64,
    /// It was seen that pages are smaller than what was asked for.
    smaller: bool,
    asked: u64,
    faults: Faults,
}

impl Plan {
    /// Reads everybody. `began` is now, ms since 1970.
    #[must_use]
    pub fn of_all(began: i64, limits: Limits) -> Self {
        Self::new(By::Created, None, began, limits)
    }

    /// Reads who changed since another reading began.
    #[must_use]
    pub fn of_changes(since: i64, began: i64, limits: Limits) -> Self {
        Self::new(By::Updated, Some(since.saturating_sub(SLACK).div_euclid(1000)), began, limits)
    }

    fn new(by: By, from: Option<i64>, began: i64, limits: Limits) -> Self {
        let limits = Limits {
            page: limits.page.max(1),
            last_page: limits.last_page.max(1),
        };
        Self {
            by,
            began,
            limits,
            open: vec![Span {
                from,
                to: None,
                attempts: 0,
            }],
            walk: Walk::default(),
            total: None,
            done: 0,
            smaller: false,
            asked: 0,
            faults: Faults::default(),
        }
    }

    /// What to ask for next; none at the end.
    #[must_use]
    pub fn wanted(&self) -> Option<Ask> {
        let span = self.open.last()?;
        let (page, limit) = self.page()?;
        Some(Ask {
            by: self.by,
            from: span.from,
            to: span.to,
            page,
            limit,
        })
    }

    /// Takes what came to what was [wanted](Plan::wanted).
    pub fn took(&mut self, came: Came<'_>) -> Step {
        let (Some(ask), Some(span)) = (self.wanted(), self.open.last().cloned()) else {
            return Step::End;
        };
        self.asked += 1;
        self.faults.unreadable += came.unreadable as u64;
        let total = *self.total.get_or_insert(came.total);
        if self.asked > self.most_asks() {
            self.faults.endless = true;
            self.open.clear();
            return Step::End;
        }
        let begins = self.walk.taken == 0;
        let here = came.users.len() as u64 + came.unreadable as u64;
        if begins && came.total > self.reach() {
            if let Some(halves) = self.halves(&span) {
                self.open.pop();
                self.open.extend(halves);
                return Step::Next;
            }
            self.faults.too_full += 1;
            if span.to.is_some() && came.total >= total && self.by == By::Created {
                // As many in a moment as in all: the spans are not heeded, and the others hold the same.
                self.faults.no_spans = true;
                let last = self.open.split_off(self.open.len() - 1);
                self.open = last;
            }
        }
        let smaller = u32::try_from(here).unwrap_or(u32::MAX);
        if begins && here > 0 && smaller < ask.limit && came.total > here && !self.smaller {
            // Perhaps pages are smaller here; perhaps the total is wrong.
            self.smaller = true;
            self.limits.page = smaller;
            return Step::Next;
        }
        if here > u64::from(ask.limit) && !self.walk.plain {
            // The size of a page is not heeded, so they cannot overlap.
            self.faults.unjoined += 1;
            self.walk = Walk {
                plain: true,
                ..Walk::default()
            };
            return if begins { self.go_on(ask, came, here) } else { Step::Next };
        }
        let joins = begins || self.walk.plain || came.users.iter().any(|seen| self.joins(*seen));
        if joins { self.go_on(ask, came, here) } else { self.go_back(span) }
    }

    /// Whether a user was among the last, and has stood still since.
    fn joins(&self, seen: Seen) -> bool {
        let stood = seen.changed.is_none_or(|at| at < self.began.div_euclid(1000) - LATELY);
        stood && self.walk.last.contains(&seen.id)
    }

    /// A page joins what was read before.
    fn go_on(&mut self, ask: Ask, came: Came<'_>, here: u64) -> Step {
        let before = u64::from(ask.page - 1) * u64::from(ask.limit);
        // Plain pages are counted, as nobody knows how large they are.
        self.walk.taken = before + if self.walk.plain { here.min(u64::from(ask.limit)) } else { here };
        self.walk.last.extend(came.users.iter().map(|seen| seen.id));
        let most = REMEMBERED * self.limits.page as usize;
        let old = self.walk.last.len().saturating_sub(most);
        self.walk.last.drain(..old);
        let is_short = here < u64::from(ask.limit);
        let is_all = here > 0 && self.walk.taken == came.total;
        if !is_short && !is_all && self.page().is_some() {
            return Step::Next;
        }
        if !is_short && came.total > self.walk.taken && !self.walk.plain {
            // It has outgrown its pages while they were read.
            if let Some(halves) = self.open.last().and_then(|span| self.halves(span)) {
                self.open.pop();
                self.open.extend(halves);
                self.walk = Walk::default();
                return Step::Next;
            }
            self.faults.too_full = self.faults.too_full.max(1);
        }
        self.faults.missing = self.faults.missing.saturating_add(came.total.saturating_sub(self.walk.taken));
        self.done = self.done.saturating_add(self.walk.taken);
        self.open.pop();
        self.walk = Walk {
            plain: self.walk.plain,
            ..Walk::default()
        };
        if self.open.is_empty() { Step::End } else { Step::Next }
    }

    /// A page does not join: the list has become shorter before it.
    fn go_back(&mut self, span: Span) -> Step {
        self.walk.backs += 1;
        if self.walk.backs <= MOST_BACKS {
            self.walk.taken = self.walk.taken.saturating_sub(u64::from(self.limits.page));
            if self.page().is_none() {
                self.walk.taken = 0;
            }
            return Step::Next;
        }
        let attempts = span.attempts + 1;
        self.open.pop();
        self.walk = Walk::default();
        if attempts < MOST_ATTEMPTS {
            self.open.push(Span { attempts, ..span });
        } else if let Some(halves) = self.halves(&span) {
            self.open.extend(halves);
        } else {
            self.faults.unjoined += 1;
            self.walk.plain = true;
            self.open.push(Span { attempts, ..span });
        }
        Step::Next
    }

    /// The two halves of a span, the later one first. They share their border, however its ends are counted.
    fn halves(&self, span: &Span) -> Option<[Span; 2]> {
        let from = span.from.unwrap_or(EARLIEST);
        let to = span.to.unwrap_or(self.began.div_euclid(1000) + 86_400);
        if to - from <= SMALLEST {
            return None;
        }
        let middle = from + (to - from) / 2;
        let part = |from, to| Span { from, to, attempts: 0 };
        Some([part(Some(middle - 1), span.to), part(span.from, Some(middle + 1))])
    }

    /// The page and its size that begin before what was taken ends, and reach furthest.
    fn page(&self) -> Option<(u32, u32)> {
        next_page(self.limits, self.walk.taken, self.walk.plain)
    }

    /// How many users the pages of one list can show.
    fn reach(&self) -> u64 {
        if self.walk.plain {
            return u64::from(self.limits.page) * u64::from(self.limits.last_page);
        }
        let mut taken = u64::from(self.limits.page);
        while let Some((page, limit)) = next_page(self.limits, taken, false) {
            taken = u64::from(page) * u64::from(limit);
        }
        taken
    }

    /// What a reading of so many users may take, with all that is in its way.
    fn most_asks(&self) -> u64 {
        let pages = (self.total.unwrap_or(0) / u64::from(self.limits.page)).saturating_add(1);
        pages.saturating_mul(6).saturating_add(1_000).min(MOST_ASKS)
    }

    /// When it began, ms since 1970: the next reading of changes asks from here.
    #[must_use]
    pub fn began(&self) -> i64 {
        self.began
    }

    /// Whether everybody is read.
    #[must_use]
    pub fn is_of_all(&self) -> bool {
        self.by == By::Created
    }

    /// How many users there are to read, as far as that is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// How many were read.
    #[must_use]
    pub fn read(&self) -> u64 {
        let read = self.done.saturating_add(self.walk.taken);
        self.total.map_or(read, |total| read.min(total))
    }

    /// About how many requests are still to be made; none before the first answer.
    #[must_use]
    pub fn requests_left(&self) -> Option<u64> {
        let left = self.total?.saturating_sub(self.read());
        if self.open.is_empty() {
            return Some(0);
        }
        let pages = left.div_ceil(u64::from(self.limits.page)).max(1);
        // Some pages overlap, and some only show that a span is to be halved.
        let halvings = left.div_ceil(self.reach().max(1)).saturating_mul(3).saturating_sub(3);
        Some(pages.saturating_add(pages / 8).saturating_add(halvings))
    }

    /// What was not as it should be so far.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults
    }

    /// Whether everybody who was there the whole time was read: who was not seen is gone from the account.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.open.is_empty() && self.faults == Faults::default()
    }
}

fn next_page(limits: Limits, taken: u64, plain: bool) -> Option<(u32, u32)> {
    let whole = u64::from(limits.page);
    if taken == 0 || plain {
        let page = u32::try_from(taken / whole + 1).ok()?;
        return (page <= limits.last_page).then_some((page, limits.page));
    }
    let mut best: Option<(u64, u64, u64)> = None;
    for limit in 2..=whole {
        let page = (taken - 1) / limit + 1;
        let end = page * limit;
        let reaches = end > taken && page <= u64::from(limits.last_page);
        if reaches && best.is_none_or(|(furthest, ..)| end >= furthest) {
            best = Some((end, page, limit));
        }
    }
    let (_, page, limit) = best?;
    Some((u32::try_from(page).ok()?, u32::try_from(limit).ok()?))
}

#[cfg(test)]
mod tests;
