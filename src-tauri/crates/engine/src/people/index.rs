//! This computer's index of users: read from Omnidesk in the background, so that a caller is known at the first ring
//! with name and address, a search finds people by name, and the ring costs one request.
//!
//! The whole account is read once, page by page, up to a limit; from then on, at a later connect, only what changed
//! since. Where it stands is stored after each page, so that a restart goes on from there. Nothing is asked for
//! between connects.

use crate::retry;
use crate::settings::UsersKept;
use crate::time::ms;
use crate::view::IndexView;
use calls::Moment;
use jiff::Timestamp;
use omnidesk::{PageRequest, TimeRange, UserFilter};
use serde::{Deserialize, Serialize};

/// Users on a page: as many as Omnidesk gives.
const PAGE: u32 = 100;
/// How far before the last reading's begin changes are asked for, ms: clocks differ, lists shift while they are read.
const SLACK: i64 = 3_600_000;
/// Before a page that failed is asked for again, ms: first and longest.
const RETRY: (i64, i64) = (60_000, 3_600_000);

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The account's address: another one has other users.
    account: String,
    /// The reading under way.
    reading: Option<Reading>,
    /// When the last reading that came to its end began.
    as_of: Option<Moment>,
    /// How many users the account has, if that is more than are read.
    of: Option<u64>,
}

/// A walk over the account's users, or over those that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Reading {
    /// Those that changed since then; none: all.
    since: Option<Moment>,
    /// The next page, from 1.
    page: u32,
    /// How many users the pages so far held.
    seen: u64,
    began: Moment,
}

/// What follows from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The next page.
    Next,
    /// No more for now: the rest at the next connect.
    Pause,
    /// The reading is over.
    End,
}

impl Progress {
    /// An account was connected: whether a page is to be read.
    fn connected(&mut self, at: Moment, kept: &UsersKept) -> bool {
        if self.reading.is_none() && self.is_due(at, kept) {
            // A clock that was set back does not tell when the last reading was: all are read again.
            let last = self.as_of.filter(|as_of| *as_of <= at);
            self.reading = Some(Reading {
                since: last.map(|as_of| as_of.plus_ms(-SLACK)),
                page: 1,
                seen: 0,
                began: at,
            });
        }
        self.reading.is_some()
    }

    fn is_due(&self, at: Moment, kept: &UsersKept) -> bool {
        let fresh = |as_of: Moment| as_of <= at && at.since(as_of) < i64::from(kept.hours) * 3_600_000;
        !self.as_of.is_some_and(fresh)
    }

    /// What to ask for.
    fn wanted(&self) -> Option<(UserFilter, PageRequest)> {
        let reading = self.reading.as_ref()?;
        let filter = UserFilter {
            updated: TimeRange {
                from: reading.since.and_then(|since| Timestamp::from_millisecond(since.0).ok()),
                to: None,
            },
            ..UserFilter::default()
        };
        Some((filter, PageRequest::new(reading.page, PAGE)))
    }

    /// A page came: `here` of `total` users were on it.
    fn took(&mut self, here: u64, total: u64, kept: &UsersKept) -> Step {
        let Some(reading) = &mut self.reading else { return Step::End };
        reading.seen += here;
        let ended = here == 0 || (here < u64::from(PAGE) && reading.seen >= total);
        let last = reading.page % kept.pages.max(1) == 0 || PageRequest::new(reading.page, PAGE).following().is_none();
        let all = reading.since.is_none();
        let over = ended || (last && all);
        if !over {
            reading.page += 1;
            return if last { Step::Pause } else { Step::Next };
        }
        if all {
            self.of = (!ended).then_some(total).filter(|total| *total > reading.seen);
        }
        self.as_of = Some(reading.began);
        self.reading = None;
        Step::End
    }
}

/// The index as the controller has it.
#[derive(Debug, Default)]
pub struct Index {
    progress: Progress,
    /// How many users are on this computer.
    users: u32,
    /// What was read is not in the file yet: a search does not find it.
    writing: bool,
    /// When a page that failed is asked for again.
    again: Option<Moment>,
    failures: u32,
}

impl Index {
    /// Where an earlier run left off, as it was stored.
    #[must_use]
    pub fn restored(stored: Option<&str>) -> Self {
        Self {
            progress: stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// For the windows.
    #[must_use]
    pub fn view(&self) -> IndexView {
        IndexView {
            users: self.users,
            of: self.progress.of.map(|of| u32::try_from(of).unwrap_or(u32::MAX)),
            as_of: self.progress.as_of.map(ms),
            reading: self.progress.reading.is_some() || self.writing,
        }
    }

    /// What was read is being written.
    pub(crate) fn is_writing(&mut self) {
        self.writing = true;
    }

    /// All of it is written, and so many users are on this computer, if that could be found out.
    pub(crate) fn count(&mut self, users: Option<u32>) {
        self.users = users.unwrap_or(self.users);
        self.writing = false;
    }

    /// The index is of this account from now on; whether it was of another one.
    pub(crate) fn is_of_another_account(&mut self, account: String) -> bool {
        if self.progress.account == account {
            return false;
        }
        // What was kept before there was an index is of the account that is set.
        let another = !self.progress.account.is_empty();
        self.progress = Progress {
            account,
            ..Progress::default()
        };
        another
    }

    /// The account is connected: whether a page is to be read.
    pub(crate) fn connected(&mut self, at: Moment, kept: &UsersKept) -> bool {
        self.progress.connected(at, kept)
    }

    /// What to ask for, if anything.
    pub(crate) fn wanted(&mut self) -> Option<(UserFilter, PageRequest)> {
        self.again = None;
        self.progress.wanted()
    }

    /// A page was kept: `here` of `total` users were on it. What is to be stored of that, and what follows.
    pub(crate) fn took(&mut self, here: u64, total: u64, kept: &UsersKept) -> (String, Step) {
        self.failures = 0;
        let step = self.progress.took(here, total, kept);
        (serde_json::to_string(&self.progress).unwrap_or_default(), step)
    }

    /// A page did not come or could not be kept. `random` lies in `0..1`.
    pub(crate) fn failed(&mut self, at: Moment, random: f64) {
        self.failures += 1;
        self.again = Some(at.plus_ms(retry::delay(RETRY, self.failures, random)));
    }

    /// When a page that failed is asked for again.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.again
    }

    /// The file lost some of them: they are all read again.
    pub fn read_anew(&mut self) {
        self.progress = Progress {
            account: std::mem::take(&mut self.progress.account),
            ..Progress::default()
        };
    }

    /// The connection is another one: what was asked for over the old one is not waited for.
    pub fn disconnected(&mut self) {
        (self.again, self.failures) = (None, 0);
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.again = self.again.map(|again| again.plus_ms(-by));
    }
}

#[cfg(test)]
mod tests;
