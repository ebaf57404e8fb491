//! The rate budget: who may send when, so that the account's requests per minute are never overdrawn.
//!
//! The limit is shared by everything that uses the account: all agents, all integrations. So the budget believes the
//! answers' headers more than its own count, and is careful on its own side:
//!
//! 1. Its own requests never exceed the ceiling in any 60 seconds, whatever the headers say.
//! 2. The last call that the server has left stays free; WriteBack and Background leave more than that to popups.
//! 3. While calls are plentiful, requests go at once; as they run short, they are spaced at `60 s / limit × 1.15`,
//!    the less urgent first. Background work is always spaced.
//! 4. After a 429 nothing goes until the server's window resets.
//! 5. Requests that wait are served by priority, then in order of arrival.
//!
//! The budget is a state machine without clock and I/O: time is passed in. The async gate in front of it is private to
//! the client. Because a higher priority is never held back by a rule that lets a lower one pass, only the head of the
//! queue needs to be looked at.

pub(crate) mod gate;
mod purpose;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;

pub use purpose::{Purpose, Share};

use purpose::Spent;

/// The length of the server's window.
const MINUTE: Duration = Duration::from_mins(1);
/// Longest wait believed from a header; beyond it something is wrong with the header.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// Largest ceiling believed from a header; plans end at 1,500.
const LARGEST_LIMIT: u32 = 100_000;

/// How urgent a request is. The order is that of urgency: `Popup` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Work that nobody waits for: filling caches.
    Background,
    /// What is owed to Omnidesk and kept in an outbox meanwhile.
    WriteBack,
    /// Somebody looks at the screen. The default.
    Interactive,
    /// A phone is ringing.
    Popup,
}

impl Priority {
    /// Calls of a ceiling of `limit` that must stay free after this request.
    fn reserve(self, limit: u32) -> u32 {
        let wanted = match self {
            Self::Popup | Self::Interactive => 1,
            Self::WriteBack => limit.saturating_mul(15) / 100,
            Self::Background => limit.saturating_mul(30) / 100,
        };
        wanted.max(1).min(limit.saturating_sub(1))
    }

    /// With more than this many calls left, the request needs no spacing.
    fn plenty(self, limit: u32) -> u32 {
        match self {
            Self::Popup => limit / 10,
            Self::Interactive => limit / 5,
            Self::WriteBack => limit / 2,
            Self::Background => limit,
        }
    }
}

/// What an answer's headers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RateHeaders {
    /// `rate_limit_per_minute`.
    pub(crate) limit: Option<u32>,
    /// `api_calls_left`.
    pub(crate) left: Option<u32>,
    /// `retry_after`, else `Retry-After`: until the window resets.
    pub(crate) resets_in: Option<Duration>,
}

impl RateHeaders {
    /// Reads the headers by name; what is not a number is as good as absent.
    pub(crate) fn read<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Self {
        let number = |name: &str| header(name)?.trim().parse::<u32>().ok();
        let seconds = number("retry_after").or_else(|| number("retry-after"));
        Self {
            limit: number("rate_limit_per_minute").filter(|limit| (1..=LARGEST_LIMIT).contains(limit)),
            left: number("api_calls_left"),
            // The header counts whole seconds: a 0 may still be most of one.
            resets_in: seconds.map(|seconds| Duration::from_secs(seconds.max(1).into()).min(LONGEST_WAIT)),
        }
    }
}

/// The budget as seen from outside, for display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetSnapshot {
    /// Requests per minute that the account has; none before the first answer told.
    pub limit_per_minute: Option<u32>,
    /// Requests that may still go in this minute.
    pub left: u32,
    /// How many of them each priority may use, the most urgent first: the less urgent leave some to the others.
    pub left_for: [(Priority, u32); 4],
    /// Own requests of the last minute.
    pub used: u32,
    /// What each purpose takes.
    pub shares: [Share; Purpose::ALL.len()],
    /// Requests that are waiting.
    pub waiting: usize,
    /// When the next waiting request may go; none when nothing waits.
    pub waits_until: Option<Timestamp>,
}

/// A place in the queue. Sorts by urgency, then by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    urgency: Reverse<Priority>,
    arrival: u64,
}

/// The answer to "may I go?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Yes; the place in the queue is given up.
    Go,
    /// First in the queue; ask again then, or when an answer came in.
    At(Instant),
    /// Others are first.
    Behind,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// The state machine.
#[derive(Debug)]
pub(crate) struct Budget {
    assumed: u32,
    capacity: usize,
    limit: Option<u32>,
    /// What the server has left in its window; none at the start of a window.
    left: Option<u32>,
    /// When the server's window ends at the latest; set whenever `left` is.
    window_ends: Option<Instant>,
    /// When the answer that told `left` came.
    told_at: Option<Instant>,
    stopped_until: Option<Instant>,
    /// Refusals (429) in a row.
    refusals: u32,
    in_flight: u32,
    /// Own requests of the last minute, oldest first.
    granted: VecDeque<(Instant, Purpose)>,
    /// Those of the last hour.
    spent: Spent,
    queue: BTreeMap<Ticket, Purpose>,
    arrivals: u64,
}

impl Budget {
    pub(crate) fn new(assumed_per_minute: u32, capacity: usize) -> Self {
        Self {
            assumed: assumed_per_minute.clamp(1, LARGEST_LIMIT),
            capacity,
            limit: None,
            left: None,
            window_ends: None,
            told_at: None,
            stopped_until: None,
            refusals: 0,
            in_flight: 0,
            granted: VecDeque::new(),
            spent: Spent::default(),
            queue: BTreeMap::new(),
            arrivals: 0,
        }
    }

    /// Queues a request.
    pub(crate) fn join(&mut self, priority: Priority, purpose: Purpose) -> Result<Ticket, Full> {
        if self.queue.len() >= self.capacity {
            return Err(Full);
        }
        self.arrivals += 1;
        let ticket = Ticket {
            urgency: Reverse(priority),
            arrival: self.arrivals,
        };
        self.queue.insert(ticket, purpose);
        Ok(ticket)
    }

    /// Gives a place up; nothing happens if it was used already.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        self.queue.remove(&ticket);
    }

    /// Who is first.
    pub(crate) fn head(&self) -> Option<Ticket> {
        self.queue.first_key_value().map(|(ticket, _)| *ticket)
    }

    /// Asks for a turn; `Go` counts as sent.
    pub(crate) fn turn(&mut self, ticket: Ticket, now: Instant) -> Turn {
        if self.head() != Some(ticket) {
            return Turn::Behind;
        }
        self.roll(now);
        let due = self.due(ticket.urgency.0, now);
        if due > now {
            return Turn::At(due);
        }
        if let Some(purpose) = self.queue.remove(&ticket) {
            self.granted.push_back((now, purpose));
            self.spent.count(purpose, now);
        }
        self.in_flight += 1;
        Turn::Go
    }

    /// An answer came to a request of the moment `sent`. `refused` is a 429 or what means the same.
    pub(crate) fn answered(&mut self, headers: RateHeaders, refused: bool, sent: Instant, now: Instant) {
        self.roll(now);
        self.in_flight = self.in_flight.saturating_sub(1);
        self.limit = headers.limit.or(self.limit);
        if refused {
            self.refusals = self.refusals.saturating_add(1);
            let wait = headers.resets_in.unwrap_or_else(|| self.default_wait());
            self.stopped_until = self.stopped_until.max(Some(now + wait));
            // The window that this number was about ends with the stop.
            self.left = None;
            self.window_ends = None;
            return;
        }
        self.refusals = 0;
        match headers.left {
            Some(left) => self.learn(left, headers.resets_in, sent, now),
            None => self.spend_one(),
        }
    }

    /// A request ended without an answer; the server may have counted it.
    pub(crate) fn abandoned(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.spend_one();
    }

    /// For display; what waits may go after the duration.
    pub(crate) fn snapshot(&mut self, now: Instant) -> (BudgetSnapshot, Option<Duration>) {
        self.roll(now);
        let wait = self.head().map(|head| self.due(head.urgency.0, now).saturating_duration_since(now));
        let priorities = [Priority::Popup, Priority::Interactive, Priority::WriteBack, Priority::Background];
        let snapshot = BudgetSnapshot {
            limit_per_minute: self.limit,
            left: self.available(),
            left_for: priorities.map(|priority| (priority, self.available_for(priority))),
            used: self.own_sent(),
            shares: Purpose::ALL.map(|purpose| self.share(purpose, now)),
            waiting: self.queue.len(),
            waits_until: None,
        };
        (snapshot, wait)
    }

    fn share(&mut self, purpose: Purpose, now: Instant) -> Share {
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        Share {
            purpose,
            minute: count(self.granted.iter().filter(|(_, of)| *of == purpose).count()),
            hour: self.spent.of(purpose, now),
            waiting: count(self.queue.values().filter(|of| **of == purpose).count()),
        }
    }

    fn ceiling(&self) -> u32 {
        self.limit.unwrap_or(self.assumed)
    }

    /// `60 s / limit × refusals`, for a refusal without a header.
    fn default_wait(&self) -> Duration {
        (MINUTE / self.ceiling()).saturating_mul(self.refusals).min(LONGEST_WAIT)
    }

    /// Takes over what the server has left. Within a window that number only falls, but answers may overtake each other:
    /// of a request sent before the last answer came, a small rise is only an older truth; a large one is a new window.
    fn learn(&mut self, left: u32, resets_in: Option<Duration>, sent: Instant, now: Instant) {
        let overtaken = self.told_at.is_some_and(|told| sent <= told);
        let rise = left.saturating_sub(self.left.unwrap_or(0));
        if self.left.is_some() && overtaken && rise > 0 && rise <= self.ceiling() / 2 {
            return;
        }
        let same_window = self.left.is_some() && rise == 0;
        let end = resets_in.map(|wait| now + wait);
        self.window_ends = end.or(self.window_ends.filter(|_| same_window)).or(Some(now + MINUTE));
        self.left = Some(left);
        self.told_at = Some(now);
    }

    fn spend_one(&mut self) {
        self.left = self.left.map(|left| left.saturating_sub(1));
    }

    /// Forgets what lies behind: the server's window, own requests, a stop.
    fn roll(&mut self, now: Instant) {
        if self.window_ends.is_some_and(|end| end <= now) {
            self.window_ends = None;
            self.left = None;
        }
        self.stopped_until = self.stopped_until.filter(|end| *end > now);
        while self
            .granted
            .front()
            .is_some_and(|(sent, _)| now.saturating_duration_since(*sent) >= MINUTE)
        {
            self.granted.pop_front();
        }
    }

    fn own_sent(&self) -> u32 {
        u32::try_from(self.granted.len()).unwrap_or(u32::MAX)
    }

    /// What the server has left when the requests under way have arrived there.
    fn server_left(&self) -> Option<u32> {
        self.left.map(|left| left.saturating_sub(self.in_flight))
    }

    fn available(&self) -> u32 {
        let own = self.ceiling().saturating_sub(self.own_sent());
        self.server_left().map_or(own, |left| left.min(own))
    }

    /// Requests of this priority that may go before the window ends.
    fn available_for(&self, priority: Priority) -> u32 {
        if self.stopped_until.is_some() {
            return 0;
        }
        self.available().saturating_sub(priority.reserve(self.ceiling()))
    }

    /// The first moment a request of this priority may go, as far as is known now.
    fn due(&self, priority: Priority, now: Instant) -> Instant {
        let limit = self.ceiling();
        let reserve = priority.reserve(limit);
        let mut due = self.stopped_until.unwrap_or(now).max(now);
        if self.server_left().is_some_and(|left| left <= reserve) {
            due = due.max(self.window_ends.unwrap_or(now));
        }
        // As many of the oldest requests must be a minute old as leave room for this one above the reserve.
        let room = limit - reserve;
        if let Some(excess) = self.own_sent().checked_sub(room)
            && let Some((oldest, _)) = self.granted.get(excess as usize)
        {
            due = due.max(*oldest + MINUTE);
        }
        if self.available() <= priority.plenty(limit)
            && let Some((last, _)) = self.granted.back()
        {
            due = due.max(*last + spacing(limit));
        }
        due
    }
}

/// `60 s / limit × 1.15`.
fn spacing(limit: u32) -> Duration {
    MINUTE * 115 / (limit.saturating_mul(100)).max(1)
}
