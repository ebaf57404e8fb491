//! How far the reading of the account's users is: all of them once, in the background, however many; from then on what
//! changed since. Pure; what is asked for is `directory::plan`'s, and where it stands is kept with each page, so that a
//! restart goes on from there. All are read again where the last reading was not whole, where numbers or fields are read
//! otherwise now, and after a month, as Omnidesk's lists of changes do not tell of users who were merged or destroyed.

use crate::retry;
use crate::settings::UsersKept;
use crate::time::ms;
use crate::view::IndexView;
use calls::Moment;
use directory::plan::{By, Came, Limits, Plan, Seen};
use jiff::Timestamp;
use omnidesk::{Page, PageRequest, TimeRange, User, UserFilter};
use serde::{Deserialize, Serialize};

/// Before a page that failed is asked for again, ms: first and longest.
const RETRY: (i64, i64) = (60_000, 3_600_000);
/// All are read again after so long, ms.
const ALL_AGAIN: i64 = 30 * 24 * 3_600_000;
/// Where some were missing then, ms: Omnidesk may count those whom it does not list, for good.
const MISSING_AGAIN: i64 = 3 * 24 * 3_600_000;
/// What changed is not asked for more often than that while the program runs, ms.
const RARELY: i64 = 900_000;
/// So many pages tell how long a page takes.
const TELLING: u32 = 5;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Progress {
    /// The account's address: another one has other users.
    account: String,
    /// How numbers and fields were read, see `entry::manner`.
    manner: String,
    /// How many readings of all users have begun.
    number: i64,
    /// The reading under way.
    plan: Option<Plan>,
    /// When the last reading that came to its end began.
    as_of: Option<Moment>,
    /// When the last reading of all that came to its end began.
    all_as_of: Option<Moment>,
    /// How many users it did not get, as far as that is known.
    missing: u64,
}

/// A page was read: what follows, once it is kept.
#[derive(Debug)]
pub(crate) struct Followed {
    progress: Progress,
    /// It was the last one of a reading of all users, and they are whole.
    pub whole: bool,
}

impl Followed {
    /// To be kept with the page.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(&self.progress).unwrap_or_default()
    }
}

impl Progress {
    /// Begins a reading if one is due; whether one is under way.
    fn begin(&mut self, at: Moment, kept: UsersKept, manner: &str) -> bool {
        let is_read_otherwise = self.manner != manner;
        if is_read_otherwise {
            manner.clone_into(&mut self.manner);
            self.plan = None;
        }
        if self.plan.is_none() && (is_read_otherwise || self.is_due(at, kept)) {
            // A clock that was set back does not tell when the last reading was.
            let wait = if self.missing == 0 { ALL_AGAIN } else { MISSING_AGAIN };
            let recent = |since: Moment| since <= at && at.since(since) < wait;
            let changes = self.as_of.filter(|as_of| {
                let is_known = *as_of <= at && self.all_as_of.is_some_and(recent);
                is_known && !is_read_otherwise
            });
            self.number += i64::from(changes.is_none());
            self.plan = Some(match changes {
                Some(since) => Plan::of_changes(since.0, at.0, Limits::default()),
                None => Plan::of_all(at.0, Limits::default()),
            });
        }
        self.plan.is_some()
    }

    fn is_due(&self, at: Moment, kept: UsersKept) -> bool {
        let fresh = |as_of: Moment| as_of <= at && at.since(as_of) < hours(kept);
        !self.as_of.is_some_and(fresh)
    }

    fn wanted(&self) -> Option<(UserFilter, PageRequest)> {
        let ask = self.plan.as_ref()?.wanted()?;
        let moment = |second: Option<i64>| second.and_then(|second| Timestamp::from_second(second).ok());
        let span = TimeRange {
            from: moment(ask.from),
            to: moment(ask.to),
        };
        let mut filter = UserFilter::default();
        match ask.by {
            By::Created => filter.created = span,
            By::Updated => filter.updated = span,
        }
        Some((filter, PageRequest::new(ask.page, ask.limit)))
    }

    fn took(&mut self, page: &Page<User>) -> bool {
        let Some(plan) = &mut self.plan else { return false };
        let users: Vec<Seen> = page.items.iter().map(seen).collect();
        plan.took(Came {
            users: &users,
            unreadable: page.skipped,
            total: page.total,
        });
        if plan.wanted().is_some() {
            return false;
        }
        let (began, whole, is_of_all, faults) = (Moment(plan.began()), plan.is_whole(), plan.is_of_all(), plan.faults());
        self.plan = None;
        self.as_of = Some(began);
        if is_of_all {
            self.all_as_of = Some(began);
            let unknown = faults.too_full + faults.unjoined + u32::from(faults.no_spans) + u32::from(faults.endless);
            self.missing = if whole {
                0
            } else {
                (faults.missing + faults.unreadable).max(u64::from(unknown)).max(1)
            };
        } else if !whole {
            // What changed and was not got is found by a reading of all.
            self.all_as_of = None;
            self.missing = self.missing.max(1);
        }
        whole && is_of_all
    }
}

fn hours(kept: UsersKept) -> i64 {
    i64::from(kept.hours) * 3_600_000
}

fn seen(user: &User) -> Seen {
    Seen {
        id: user.id.0,
        changed: user.updated_at.map(Timestamp::as_second),
    }
}

/// The index as the controller has it.
#[derive(Debug, Default)]
pub struct Index {
    progress: Progress,
    /// When a page that failed is asked for again.
    again: Option<Moment>,
    failures: u32,
    pace: Pace,
}

/// How long a page takes.
#[derive(Debug, Default)]
struct Pace {
    last: Option<Moment>,
    pages: u32,
    /// The mean of the last ones, ms.
    mean: f64,
}

impl Pace {
    /// A page came at that moment.
    fn page(&mut self, at: Moment) {
        if let Some(last) = self.last.replace(at) {
            #[expect(clippy::cast_precision_loss, reason = "a span of minutes")]
            let took = at.since(last).max(0) as f64;
            self.pages += 1;
            let share = 1.0 / f64::from(self.pages.min(20));
            self.mean += (took - self.mean) * share;
        }
    }

    fn left(&self, pages: u64) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let pages = pages as f64;
        (self.pages >= TELLING).then(|| (pages * self.mean / 1_000.0).round())
    }
}

impl Index {
    /// Where an earlier run left off, as it was kept.
    #[must_use]
    pub fn restored(kept: Option<&str>) -> Self {
        Self {
            progress: kept.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// For the windows; so many users are on this computer.
    #[must_use]
    pub fn view(&self, users: u32) -> IndexView {
        let count = |of: u64| u32::try_from(of).unwrap_or(u32::MAX);
        let plan = self.progress.plan.as_ref();
        IndexView {
            users,
            as_of: self.progress.as_of.map(ms),
            reading: plan.is_some(),
            read: plan.map_or(0, |plan| count(plan.read())),
            of: plan.and_then(Plan::total).map(count),
            seconds_left: plan.and_then(|plan| self.pace.left(plan.requests_left()?)),
            missing: count(self.progress.missing),
            failed: self.failures > 0,
        }
    }

    /// How far it is: what an answer is to.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Nothing was ever read here.
    pub(crate) fn is_new(&self) -> bool {
        self.progress == Progress::default()
    }

    /// The number of the reading of all users that is under way, or was last.
    pub(crate) fn number(&self) -> i64 {
        self.progress.number
    }

    /// When the last reading that came to its end began.
    pub(crate) fn as_of(&self) -> Option<Moment> {
        self.progress.as_of
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
    pub(crate) fn connected(&mut self, at: Moment, kept: UsersKept, manner: &str) -> bool {
        self.progress.begin(at, kept, manner)
    }

    /// What to ask for, if anything.
    pub(crate) fn wanted(&mut self) -> Option<(UserFilter, PageRequest)> {
        self.again = None;
        self.progress.wanted()
    }

    /// A page came: what follows, to be [taken over](Index::follow) when it is kept.
    pub(crate) fn took(&self, page: &Page<User>) -> Followed {
        let mut progress = self.progress.clone();
        let whole = progress.took(page);
        Followed { progress, whole }
    }

    /// It is kept; whether there is more to read.
    pub(crate) fn follow(&mut self, followed: Followed, at: Moment) -> bool {
        self.failures = 0;
        self.progress = followed.progress;
        self.pace.page(at);
        let goes_on = self.progress.plan.is_some();
        if !goes_on {
            self.pace = Pace::default();
        }
        goes_on
    }

    /// A page did not come or could not be kept. `random` lies in `0..1`.
    pub(crate) fn failed(&mut self, at: Moment, random: f64) {
        self.failures += 1;
        self.again = Some(at.plus_ms(retry::delay(RETRY, self.failures, random)));
    }

    /// When there is something to ask for: a page that failed, or what changed meanwhile.
    pub(crate) fn wake_at(&self, kept: UsersKept) -> Option<Moment> {
        let changes = || {
            let as_of = self.progress.as_of.filter(|_| self.progress.plan.is_none())?;
            Some(as_of.plus_ms(hours(kept).max(RARELY)))
        };
        self.again.or_else(changes)
    }

    /// The file lost some of them: they are all read again.
    pub fn read_anew(&mut self) {
        self.progress = Progress {
            account: std::mem::take(&mut self.progress.account),
            // Those of before belong to readings of before.
            number: self.progress.number,
            ..Progress::default()
        };
    }

    /// The connection is another one: what was asked for over the old one is not waited for.
    pub fn disconnected(&mut self) {
        (self.again, self.failures, self.pace) = (None, 0, Pace::default());
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.again = self.again.map(|again| again.plus_ms(-by));
        self.pace.last = None;
    }
}

#[cfg(test)]
mod tests;
