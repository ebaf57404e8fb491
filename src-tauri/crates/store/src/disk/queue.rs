//! The lines before the writer: what is waited for, marks of attempts, and the rest, each in its order.

use super::write::{Key, Write};
use crate::{Entry, Store, StoreError};
use rusqlite::InterruptHandle;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::{Notify, oneshot};

/// Users are not taken while so many writes wait. The rest is bounded by what it is: settings have names, entries are
/// those of the outbox.
const MOST: usize = 4_096;
/// So many writes go in one transaction: what is waited for waits no longer than for that.
const BATCH: usize = 128;
/// Commits come in rows: so long after one only another is begun.
const PAUSE: Duration = Duration::from_millis(10);
/// Nothing waits longer than that for a row of commits to end.
const LONGEST_ROW: Duration = Duration::from_millis(500);

pub(super) type Job = Box<dyn FnOnce(&mut Store) + Send>;
/// Writes in their order, each with its place in line.
pub(super) type Batch = Vec<(u64, Arc<Write>)>;
/// An entry that is about to be tried, and who waits to hear that this is in the file.
pub(super) type Mark = (Entry, oneshot::Sender<Result<(), StoreError>>);

#[derive(Default)]
pub(super) struct Queue {
    lines: Mutex<Lines>,
    /// There is something to do.
    wake: Condvar,
    refusal: Notify,
}

#[derive(Default)]
struct Lines {
    now: VecDeque<Job>,
    marks: Vec<Mark>,
    /// When the last of what was waited for was written, and the first of its row.
    row: Option<(Instant, Instant)>,
    later: BTreeMap<u64, Arc<Write>>,
    /// The place in line of what waits.
    places: HashMap<Key, u64>,
    next: u64,
    /// The disk refuses: what is not waited for waits.
    refused: bool,
    /// What it said, until somebody was told.
    untold: Option<StoreError>,
    /// Who wants to know when everything up to a place is written.
    waiters: Vec<(u64, oneshot::Sender<()>)>,
    closed: bool,
    /// Stops the upkeep that is under way.
    stopper: Option<InterruptHandle>,
    /// When upkeep last came to its end.
    kept_at: Option<SystemTime>,
}

/// What the writer does next.
pub(super) enum Next {
    Job(Job),
    Mark(Vec<Mark>),
    Write(Batch),
    /// Nothing came for a while.
    Idle,
    Closed,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

impl Queue {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// In line with what is waited for.
    pub fn push(&self, job: Job) {
        let mut lines = self.lines();
        // Once it is closed nobody does it; dropping it tells whoever waits.
        if !lines.closed {
            lines.now.push_back(job);
            lines.stop_upkeep();
            self.wake.notify_one();
        }
    }

    /// Before the rest.
    pub fn mark(&self, entry: Entry) -> oneshot::Receiver<Result<(), StoreError>> {
        let (tell, told) = oneshot::channel();
        let mut lines = self.lines();
        if !lines.closed {
            lines.marks.push((entry, tell));
            lines.stop_upkeep();
            self.wake.notify_one();
        }
        told
    }

    /// In line with the rest, in the place of an older write of the same thing, which goes. Whether it was taken.
    pub fn later(&self, write: Write) -> bool {
        let mut lines = self.lines();
        if write.is_of_users() && lines.later.len() >= MOST {
            return false;
        }
        lines.add(write);
        lines.stop_upkeep();
        self.wake.notify_one();
        true
    }

    /// Something newer is written at once.
    pub fn supersede(&self, key: &Key) {
        self.lines().drop_waiting(key);
    }

    /// What waits to be written of a thing.
    pub fn waiting(&self, key: &Key) -> Option<Arc<Write>> {
        let lines = self.lines();
        lines.places.get(key).and_then(|place| lines.later.get(place)).cloned()
    }

    /// The next thing to do, waiting for it no longer than `idle`.
    pub fn next(&self, idle: Duration) -> Next {
        let mut lines = self.lines();
        loop {
            if let Some(job) = lines.now.pop_front() {
                return Next::Job(job);
            }
            let pause = lines.pause(Instant::now());
            if pause.is_none() && !lines.marks.is_empty() {
                return Next::Mark(std::mem::take(&mut lines.marks));
            }
            if let Some(batch) = lines.batch().filter(|_| !lines.refused && pause.is_none()) {
                return Next::Write(batch);
            }
            if lines.closed && pause.is_none() {
                return Next::Closed;
            }
            let wait = pause.unwrap_or(idle);
            let (again, waited) = self.wake.wait_timeout(lines, wait).unwrap_or_else(PoisonError::into_inner);
            lines = again;
            if waited.timed_out() && pause.is_none() && lines.is_empty() && !lines.closed {
                return Next::Idle;
            }
        }
    }

    /// Something that was waited for is written: more of it may come.
    pub fn in_a_row(&self) {
        let now = Instant::now();
        let mut lines = self.lines();
        let begun = lines.row.map_or(now, |(_, begun)| begun);
        lines.row = Some((now, begun));
    }

    /// The oldest of the rest, if there is any. It keeps its place until [`Queue::done`].
    pub fn batch(&self) -> Option<Batch> {
        self.lines().batch()
    }

    /// These are in the file; of some there is `more` to do.
    pub fn done(&self, written: &[(u64, Arc<Write>)], more: Vec<Write>) {
        let mut lines = self.lines();
        for (place, write) in written {
            lines.later.remove(place);
            if lines.places.get(&write.key()) == Some(place) {
                lines.places.remove(&write.key());
            }
        }
        for write in more {
            // What came meanwhile knows better.
            if !lines.places.contains_key(&write.key()) {
                lines.add(write);
            }
        }
        lines.tell_waiters();
    }

    /// The disk refuses what is first in line, and nobody knows.
    pub fn refuse(&self, error: StoreError) {
        self.hold();
        self.lines().untold = Some(error);
        self.refusal.notify_one();
    }

    /// The disk refuses what is first in line: nothing passes it.
    pub fn hold(&self) {
        let mut lines = self.lines();
        lines.refused = true;
        lines.tell_waiters();
    }

    /// What was refused is to be tried again.
    pub fn allow(&self) {
        self.lines().refused = false;
    }

    pub fn is_closed(&self) -> bool {
        self.lines().closed
    }

    pub fn is_refused(&self) -> bool {
        self.lines().refused
    }

    pub async fn refused(&self) -> StoreError {
        loop {
            let error = self.lines().untold.take();
            if let Some(error) = error {
                return error;
            }
            self.refusal.notified().await;
        }
    }

    /// Told when all that waits now is written, or refused.
    pub fn written(&self) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        let mut lines = self.lines();
        let last = lines.next;
        lines.waiters.push((last, tell));
        lines.tell_waiters();
        told
    }

    /// No more comes; what is there is written, one more try included where it was refused.
    pub fn close(&self) {
        let mut lines = self.lines();
        (lines.closed, lines.refused) = (true, false);
        lines.stop_upkeep();
        self.wake.notify_one();
    }

    /// Whether upkeep may begin: nobody came meanwhile. Whoever comes from now on stops it.
    pub fn begin_upkeep(&self, stopper: InterruptHandle) -> bool {
        let mut lines = self.lines();
        let free = !lines.closed && lines.is_empty();
        lines.stopper = Some(stopper).filter(|_| free);
        free
    }

    /// A turn is over; `all`: there is nothing more to do.
    pub fn end_upkeep(&self, all: bool) {
        let mut lines = self.lines();
        lines.stopper = None;
        if all {
            lines.kept_at = Some(SystemTime::now());
        }
    }

    /// When upkeep last came to its end.
    pub fn kept_at(&self) -> Option<SystemTime> {
        self.lines().kept_at
    }
}

impl Lines {
    fn add(&mut self, write: Write) {
        let key = write.key();
        self.drop_waiting(&key);
        self.later.insert(self.next, Arc::new(write));
        self.places.insert(key, self.next);
        self.next += 1;
    }

    /// Whether nothing can be written.
    fn is_empty(&self) -> bool {
        self.now.is_empty() && self.marks.is_empty() && (self.refused || self.later.is_empty())
    }

    /// How long only what is waited for may be begun; none when the row is over.
    fn pause(&mut self, now: Instant) -> Option<Duration> {
        let (last, begun) = self.row.filter(|_| !self.closed)?;
        let pause = PAUSE.checked_sub(now.duration_since(last)).filter(|pause| !pause.is_zero());
        let pause = pause.filter(|_| now.duration_since(begun) < LONGEST_ROW);
        if pause.is_none() {
            self.row = None;
        }
        pause
    }

    fn stop_upkeep(&self) {
        if let Some(stopper) = &self.stopper {
            stopper.interrupt();
        }
    }

    fn drop_waiting(&mut self, key: &Key) {
        if let Some(place) = self.places.remove(key) {
            self.later.remove(&place);
        }
    }

    fn batch(&self) -> Option<Batch> {
        let batch: Batch = self
            .later
            .iter()
            .take(BATCH)
            .map(|(place, write)| (*place, write.clone()))
            .collect();
        (!batch.is_empty()).then_some(batch)
    }

    fn tell_waiters(&mut self) {
        let first = self.later.keys().next().copied();
        let waits = |until: u64| !self.refused && first.is_some_and(|first| first < until);
        for (until, tell) in std::mem::take(&mut self.waiters) {
            if waits(until) {
                self.waiters.push((until, tell));
            } else {
                // Whoever does not wait any more has reasons.
                let _ = tell.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_moment_after_a_commit_only_another_is_begun_and_a_long_row_holds_nobody_up() {
        let began = Instant::now();
        let after = |ms| began + Duration::from_millis(ms);
        let mut lines = Lines::default();
        assert_eq!(lines.pause(began), None);
        lines.row = Some((after(100), began));
        assert_eq!(lines.pause(after(104)), Some(Duration::from_millis(6)));
        assert_eq!(lines.pause(after(110)), None, "it is over");
        lines.row = Some((after(499), began));
        assert!(lines.pause(after(499)).is_some());
        assert_eq!(lines.pause(after(500)), None);
        lines.row = Some((after(100), began));
        lines.closed = true;
        assert_eq!(lines.pause(after(100)), None, "at the end all is written at once");
    }
}
