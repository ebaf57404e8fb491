//! What requests are for, and how many each purpose has sent: in the last minute, in the last hour, and what waits.
//!
//! Pure as the budget itself: time is passed in.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::budget::{MINUTE, Priority};

/// An hour is counted in minutes: what is older than this is forgotten.
const HOUR: Duration = Duration::from_mins(60);

/// What a request is for. Who sends one of an own kind names it ([`crate::Client::with_purpose`]); else it is what its
/// priority usually stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Who rings.
    LookUp,
    /// What somebody looks at.
    Pages,
    /// What is owed, and what is read to write it.
    Outbox,
    /// What there is in the account: staff, fields, labels, channels.
    Account,
    /// What the office publishes for all desks.
    Office,
    /// All users of the account.
    Users,
    /// The team's figures.
    Statistics,
    /// Other work that nobody waits for.
    Background,
}

impl Purpose {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::LookUp,
        Self::Pages,
        Self::Outbox,
        Self::Account,
        Self::Office,
        Self::Users,
        Self::Statistics,
        Self::Background,
    ];
}

impl From<Priority> for Purpose {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Popup => Self::LookUp,
            Priority::Interactive => Self::Pages,
            Priority::WriteBack => Self::Outbox,
            Priority::Background => Self::Background,
        }
    }
}

/// What one purpose takes of the account's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// What for.
    pub purpose: Purpose,
    /// Requests of the last minute.
    pub minute: u32,
    /// Requests of the last hour, up to a minute more.
    pub hour: u32,
    /// Requests that wait for their turn.
    pub waiting: u32,
}

/// The requests of the last hour by purpose.
#[derive(Debug, Default)]
pub(super) struct Spent {
    /// Minutes in which something was sent, oldest first: when each began, and how many.
    minutes: VecDeque<(Instant, BTreeMap<Purpose, u32>)>,
}

impl Spent {
    /// One was sent.
    pub(super) fn count(&mut self, purpose: Purpose, now: Instant) {
        self.forget(now);
        let is_new = self
            .minutes
            .back()
            .is_none_or(|(began, _)| now.saturating_duration_since(*began) >= MINUTE);
        if is_new {
            self.minutes.push_back((now, BTreeMap::new()));
        }
        if let Some((_, counts)) = self.minutes.back_mut() {
            *counts.entry(purpose).or_default() += 1;
        }
    }

    /// How many were sent for this.
    pub(super) fn of(&mut self, purpose: Purpose, now: Instant) -> u32 {
        self.forget(now);
        self.minutes.iter().filter_map(|(_, counts)| counts.get(&purpose)).sum()
    }

    /// A minute goes when all of it is an hour old.
    fn forget(&mut self, now: Instant) {
        while self
            .minutes
            .front()
            .is_some_and(|(began, _)| now.saturating_duration_since(*began) >= HOUR + MINUTE)
        {
            self.minutes.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept_by_purpose_and_no_more() {
        let start = Instant::now();
        let mut spent = Spent::default();
        for minute in 0..180 {
            for _ in 0..5 {
                spent.count(Purpose::Users, start + MINUTE * minute);
            }
            spent.count(Purpose::LookUp, start + MINUTE * minute);
        }
        let end = start + MINUTE * 179;
        assert!(spent.minutes.len() <= 61, "{}", spent.minutes.len());
        assert_eq!((spent.of(Purpose::Users, end), spent.of(Purpose::LookUp, end)), (305, 61));
        assert_eq!(spent.of(Purpose::Statistics, end), 0);
        assert_eq!(spent.of(Purpose::Users, end + HOUR + MINUTE), 0);
        assert!(spent.minutes.is_empty());
    }

    #[test]
    fn each_purpose_is_told_once() {
        let mut told = Purpose::ALL.to_vec();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), Purpose::ALL.len());
    }
}
