//! This computer's index of users: read from Omnidesk in the background, so that a caller is known at the first ring
//! with name and address, a search finds people by name, and the ring costs one request.
//!
//! The whole account is read once, page by page, up to a limit; from then on, at a later connect, only what changed
//! since. Where it stands is stored after each page, so that a restart goes on from there. Nothing is asked for
//! between connects.

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::people::card::Card;
use crate::settings::UsersKept;
use crate::time::{ms, now};
use crate::view::IndexView;
use calls::{Moment, UserId};
use jiff::Timestamp;
use omnidesk::{Page, PageRequest, Priority, TimeRange, User, UserFilter};
use serde::{Deserialize, Serialize};

/// Users on a page: as many as Omnidesk gives.
const PAGE: u32 = 100;
/// How far before the last reading's begin changes are asked for, ms: clocks differ, lists shift while they are read.
const SLACK: i64 = 3_600_000;
/// Before a page that failed is asked for again, ms: first and longest.
const RETRY: (i64, i64) = (60_000, 3_600_000);
/// Where the progress is kept in the store.
pub(crate) const SETTING: &str = "user_index";

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
enum Step {
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
    /// When a page that failed is asked for again.
    pub again: Option<Moment>,
    failures: u32,
}

impl Index {
    /// For the windows.
    #[must_use]
    pub fn view(&self) -> IndexView {
        IndexView {
            users: self.users,
            of: self.progress.of.map(|of| u32::try_from(of).unwrap_or(u32::MAX)),
            as_of: self.progress.as_of.map(ms),
            reading: self.progress.reading.is_some(),
        }
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
}

impl Controller {
    /// Where an earlier run left off.
    pub(crate) fn restore_index(&mut self) {
        let kept = self.store.setting(SETTING).ok().flatten();
        self.index.progress = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        self.count_users();
    }

    /// The account was read: its users come next, in the background, if it is time for them.
    pub(crate) fn index_users(&mut self) {
        let account = self.settings.account().unwrap_or_default();
        if self.index.progress.account != account {
            // What was kept before there was an index is of the account that is set.
            if !self.index.progress.account.is_empty() {
                self.forget_account();
            }
            self.index.progress = Progress {
                account,
                ..Progress::default()
            };
        }
        if self.index.progress.connected(now(), &self.settings.users) {
            self.read_users();
        }
        self.shown_stale = true;
    }

    fn forget_account(&mut self) {
        let named: Vec<UserId> = self.desk.calls().filter_map(calls::Call::user).collect();
        if let Err(error) = self.store.forget_people_except(&named) {
            self.storage_trouble(&error);
        }
        self.people.retain(|user, _| named.contains(user));
        self.count_users();
    }

    /// Asks for the next page, one at a time.
    pub(crate) fn read_users(&mut self) {
        self.index.again = None;
        let (Some(client), Some((filter, page))) = (self.client.clone(), self.index.progress.wanted()) else {
            return;
        };
        if self.tasks.is_on(&Work::ReadUsers) {
            return;
        }
        self.tasks.begin(Work::ReadUsers, async move {
            News::Users(client.with_priority(Priority::Background).users().list(&filter, page).await)
        });
    }

    /// A page came, or did not.
    pub(crate) fn users_read(&mut self, page: Result<Page<User>, omnidesk::Error>) {
        self.shown_stale = true;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                tracing::info!(%error, "the users were not read");
                return self.read_users_later();
            }
        };
        if let Err(error) = self.keep_page(page.items.iter().map(Card::of).collect()) {
            self.storage_trouble(&error);
            return self.read_users_later();
        }
        self.index.failures = 0;
        let here = page.items.len() + page.skipped;
        let step = self.index.progress.took(here as u64, page.total, &self.settings.users);
        let stored = serde_json::to_string(&self.index.progress).unwrap_or_default();
        if let Err(error) = self.store.set_setting(SETTING, &stored) {
            self.storage_trouble(&error);
        }
        self.count_users();
        if step == Step::Next {
            self.read_users();
        }
    }

    pub(crate) fn read_users_later(&mut self) {
        self.index.failures += 1;
        let delay = crate::retry::delay(RETRY, self.index.failures, fastrand::f64());
        self.index.again = Some(now().plus_ms(delay));
    }

    fn count_users(&mut self) {
        match self.store.count_people() {
            Ok(users) => self.index.users = users,
            Err(error) => self.storage_trouble(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: UsersKept = UsersKept { pages: 3, hours: 12 };
    const HOUR: i64 = 3_600_000;
    const START: Moment = Moment(1_800_000_000_000);

    fn after(hours: i64) -> Moment {
        START.plus_ms(hours * HOUR)
    }

    /// Reads as long as there is a next page; the pages asked for, and what came last.
    fn read(progress: &mut Progress, total: u64) -> (Vec<u32>, Step) {
        let mut asked = Vec::new();
        loop {
            let (_, page) = progress.wanted().unwrap();
            asked.push(page.page());
            let before = u64::from(page.page() - 1) * u64::from(PAGE);
            let step = progress.took(total.saturating_sub(before).min(PAGE.into()), total, &KEPT);
            if step != Step::Next {
                return (asked, step);
            }
        }
    }

    fn since(progress: &Progress) -> Option<i64> {
        progress.wanted().unwrap().0.updated.from.map(Timestamp::as_millisecond)
    }

    #[test]
    fn the_whole_account_is_read_once_page_by_page() {
        for (total, pages) in [
            (0, vec![1]),
            (7, vec![1]),
            (100, vec![1, 2]),
            (101, vec![1, 2]),
            (299, vec![1, 2, 3]),
        ] {
            let mut progress = Progress::default();
            assert!(progress.connected(START, &KEPT));
            assert_eq!(since(&progress), None);
            assert_eq!(read(&mut progress, total), (pages, Step::End), "{total}");
            assert_eq!((progress.as_of, progress.of, progress.wanted()), (Some(START), None, None));
        }
    }

    #[test]
    fn a_larger_account_is_read_to_the_limit_and_it_is_known_how_large_it_is() {
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        assert_eq!(read(&mut progress, 12_400), (vec![1, 2, 3], Step::End));
        assert_eq!((progress.as_of, progress.of), (Some(START), Some(12_400)));
        // Reading what changed does not make it smaller.
        progress.connected(after(12), &KEPT);
        assert_eq!(read(&mut progress, 5), (vec![1], Step::End));
        assert_eq!(progress.of, Some(12_400));
        // Exactly as many as are read: that is all of them.
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        assert_eq!(read(&mut progress, 300), (vec![1, 2, 3], Step::End));
        assert_eq!(progress.of, None);
    }

    #[test]
    fn later_only_what_changed_is_read_and_not_before_its_time() {
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        read(&mut progress, 7);
        assert!(!progress.connected(after(11), &KEPT));
        assert!(progress.connected(after(12), &KEPT));
        assert_eq!(since(&progress), Some(after(-1).0), "with slack");
        assert_eq!(read(&mut progress, 0), (vec![1], Step::End));
        assert_eq!(progress.as_of, Some(after(12)));
        assert!(progress.connected(after(-5), &KEPT), "a clock that was set back");
        assert_eq!(since(&progress), None, "nobody knows since when");
    }

    #[test]
    fn a_restart_goes_on_where_it_stopped() {
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        assert_eq!(progress.took(100, 250, &KEPT), Step::Next);
        let kept = serde_json::to_string(&progress).unwrap();
        let mut progress: Progress = serde_json::from_str(&kept).unwrap();
        assert!(progress.connected(after(2), &KEPT));
        assert_eq!(read(&mut progress, 250), (vec![2, 3], Step::End));
        assert_eq!(
            progress.as_of,
            Some(START),
            "what changed since the first page is asked for next time"
        );
    }

    #[test]
    fn changes_beyond_the_limit_wait_for_the_next_connect() {
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        read(&mut progress, 7);
        progress.connected(after(12), &KEPT);
        assert_eq!(read(&mut progress, 450), (vec![1, 2, 3], Step::Pause));
        assert_eq!(progress.as_of, Some(START), "not all of them yet");
        assert!(progress.connected(after(13), &KEPT));
        assert_eq!(read(&mut progress, 450), (vec![4, 5], Step::End));
        assert_eq!(progress.as_of, Some(after(12)));
    }

    #[test]
    fn a_server_that_counts_oddly_is_not_asked_for_ever() {
        // Ever full pages and a total that is never reached.
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        for step in [Step::Next, Step::Next, Step::End] {
            assert_eq!(progress.took(100, u64::MAX, &KEPT), step);
        }
        // Small pages of a large account: fewer come than were asked for, and more follow.
        let mut progress = Progress::default();
        progress.connected(START, &KEPT);
        assert_eq!(progress.took(50, 80, &KEPT), Step::Next);
        assert_eq!(progress.took(30, 80, &KEPT), Step::End);
        // No limit set at all is one page.
        let mut progress = Progress::default();
        let none = UsersKept { pages: 0, hours: 0 };
        progress.connected(START, &none);
        assert_eq!(progress.took(100, 500, &none), Step::End);
    }
}
