//! The line of what is owed, as a state machine without I/O.
//!
//! 1. A duty runs when everything it waits for is done, its time has come, and no earlier duty of
//!    the same call is still queued: writes of one call never overtake each other.
//! 2. At most [`AT_ONCE`] run at the same time, one per call.
//! 3. An attempt is counted, and marked *uncertain*, before it begins. Who finds an uncertain
//!    entry after a crash looks before writing again.
//! 4. *Passing* troubles (network, 5xx, "wait") are tried again for ever, ever more slowly.
//!    Refusals *wedge* the entry: a person reads the reason and decides.
//! 5. A duty that waits for one that does not exist waits for nothing.
//! 6. The record of a call is written by one computer of the agent: it stays closed until it is clear which (`controller/companions.rs`).
//! 7. A missed call is held back until its caller is gone, and then until it is this desk's turn: who comes later finds
//!    it written, also after an outage that ends for all desks at once. One is tried at a time, as the next may be the
//!    same call once more.

use crate::retry;
use calls::{Duty, DutyKey, DutyKind, DutyResult, LegId, Moment};
use std::collections::{BTreeMap, BTreeSet};
use store::{Entry, EntryState};

/// How many duties run at the same time.
pub const AT_ONCE: usize = 3;
/// The longest first delay after a passing trouble, ms.
const FIRST_DELAY: i64 = 2_000;
/// The longest delay, ms.
const LONGEST_DELAY: i64 = 300_000;
/// The code of what another computer has written.
pub const ELSEWHERE: &str = "elsewhere";

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// It is in Omnidesk.
    Delivered(DutyResult),
    /// It surely did not happen; try again, not before `after_ms` if Omnidesk said so.
    Passing {
        /// A code for the agent.
        trouble: String,
        /// Omnidesk's own wish, ms.
        after_ms: Option<i64>,
        /// Whether the write may have happened all the same.
        uncertain: bool,
    },
    /// The recording is not there yet: try again soon; not a failure.
    NotYet,
    /// Refused for good.
    Refused {
        /// A code for the agent.
        trouble: String,
        /// Omnidesk's own code.
        code: String,
    },
}

/// No entry waits longer than a wait can be: the clock may have been set back since it was stored.
pub fn soon_enough(entries: &mut [Entry], now: Moment) {
    for entry in entries {
        entry.next_at = entry.next_at.min(now.plus_ms(LONGEST_DELAY));
        // From then on a recording is waited for.
        entry.created_at = entry.created_at.min(now);
    }
}

/// Everything owed, in line.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: BTreeMap<i64, Entry>,
    by_key: BTreeMap<DutyKey, i64>,
    /// What is being tried, and whether an earlier attempt's fate was unknown before.
    running: BTreeMap<i64, bool>,
    /// Missed calls whose callers are not known to be gone.
    held: BTreeSet<i64>,
    /// No case may be opened now: the channel they go to is gone. What is owed waits.
    cases_wait: bool,
    /// How long a missed call leaves other desks the first turn, ms; and whether it had gone on elsewhere.
    turns: BTreeMap<i64, (i64, bool)>,
    /// What is owed and this version cannot make sense of: never sent, and what comes after it waits.
    not_understood: BTreeSet<DutyKey>,
    /// Calls whose records another computer of the agent may be writing; and whether that is being found out.
    closed: BTreeMap<LegId, bool>,
}

impl Outbox {
    /// The line as it was stored.
    #[must_use]
    pub fn restore(entries: Vec<Entry>) -> Self {
        let mut outbox = Self::default();
        for entry in entries {
            outbox.add(entry);
        }
        outbox
    }

    /// Rows of another version, or damaged ones, stay as they are.
    pub fn leave_alone(&mut self, keys: impl Iterator<Item = DutyKey>) {
        self.not_understood = keys.collect();
    }

    /// Nobody knows any more which computer of the agent writes what.
    pub fn close_all(&mut self) {
        let owed = self
            .entries
            .values()
            .filter(|entry| entry.state == EntryState::Queued && is_record(&entry.duty.kind));
        self.closed = owed.map(|entry| (entry.duty.leg.clone(), false)).collect();
    }

    /// A new entry at the end of the line.
    pub fn add(&mut self, entry: Entry) {
        if is_missed(&entry.duty) && entry.state == EntryState::Queued {
            self.held.insert(entry.seq);
        }
        self.by_key.insert(entry.duty.key.clone(), entry.seq);
        self.entries.insert(entry.seq, entry);
    }

    /// Nothing more of the record of a call is written, until it is clear that this desk writes it.
    pub fn close(&mut self, leg: &LegId) {
        self.closed.insert(leg.clone(), false);
    }

    /// It is clear.
    pub fn open(&mut self, leg: &LegId) {
        self.closed.remove(leg);
    }

    /// Calls whose records are due, and of which nobody has asked yet who writes them; from now on that is asked.
    pub fn unasked(&mut self, now: Moment) -> Vec<LegId> {
        let due: Vec<LegId> = self
            .first_in_line()
            .filter(|entry| self.is_unasked(entry) && entry.next_at <= now)
            .map(|entry| entry.duty.leg.clone())
            .collect();
        for leg in &due {
            self.closed.insert(leg.clone(), true);
        }
        due
    }

    fn is_unasked(&self, entry: &Entry) -> bool {
        is_record(&entry.duty.kind) && self.closed.get(&entry.duty.leg) == Some(&false)
    }

    /// Another computer of the agent has done it. Returns the entry to be stored.
    pub fn done_elsewhere(&mut self, seq: i64, result: Option<DutyResult>, now: Moment) -> Option<&Entry> {
        let entry = self.take_out(seq, now)?;
        entry.result = result;
        ELSEWHERE.clone_into(&mut entry.code);
        Some(entry)
    }

    /// It is not to be written any more. Returns the entry to be stored.
    pub fn withdraw(&mut self, seq: i64, now: Moment) -> Option<&Entry> {
        let entry = self.take_out(seq, now)?;
        entry.result = Some(DutyResult::default());
        Some(entry)
    }

    fn take_out(&mut self, seq: i64, now: Moment) -> Option<&mut Entry> {
        let is_queued = |entry: &&mut Entry| entry.state == EntryState::Queued && !self.running.contains_key(&seq);
        let entry = self.entries.get_mut(&seq).filter(is_queued)?;
        (entry.state, entry.done_at) = (EntryState::Done, Some(now));
        self.held.remove(&seq);
        Some(entry)
    }

    /// Whether cases may be opened.
    pub fn let_cases_wait(&mut self, wait: bool) {
        self.cases_wait = wait;
    }

    /// Missed calls that wait until their callers are gone.
    pub fn held(&self) -> impl Iterator<Item = &Entry> {
        self.held.iter().filter_map(|seq| self.entries.get(seq))
    }

    /// The caller of a missed call is gone: it is tried after `turn` ms. `waited`: it had gone on elsewhere until now.
    pub fn release(&mut self, seq: i64, now: Moment, turn: i64, waited: bool) {
        self.held.remove(&seq);
        self.turns.insert(seq, (turn, waited));
        if let Some(entry) = self.entries.get_mut(&seq) {
            entry.next_at = entry.next_at.max(now.plus_ms(turn));
        }
    }

    /// Whether a missed call had gone on elsewhere before it was written.
    #[must_use]
    pub fn has_waited(&self, seq: i64) -> bool {
        self.turns.get(&seq).is_some_and(|(_, waited)| *waited)
    }

    fn turn(&self, seq: i64) -> i64 {
        self.turns.get(&seq).map_or(0, |(turn, _)| *turn)
    }

    /// This computer's clock was set back by so much, ms: nobody waits for it to catch up.
    pub fn clock_set_back(&mut self, by: i64) {
        for entry in self.entries.values_mut().filter(|entry| entry.state == EntryState::Queued) {
            entry.next_at = entry.next_at.plus_ms(-by);
            entry.created_at = entry.created_at.plus_ms(-by);
        }
    }

    /// All entries in line.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Whether an entry is being tried right now.
    #[must_use]
    pub fn is_running(&self, seq: i64) -> bool {
        self.running.contains_key(&seq)
    }

    /// Whether nothing is left to send by itself.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.running.is_empty() && self.entries.values().all(|entry| entry.state != EntryState::Queued)
    }

    /// What came of a duty.
    #[must_use]
    pub fn result(&self, key: &DutyKey) -> Option<&DutyResult> {
        self.by_key.get(key).and_then(|seq| self.entries.get(seq))?.result.as_ref()
    }

    /// Whether a duty waits for something that is not done. A refused link of a number holds nothing up: the
    /// case is opened by another contact of the user. Neither does a refused status: nothing needs its result.
    #[must_use]
    pub fn is_blocked(&self, duty: &Duty) -> bool {
        let open = |entry: &Entry| match entry.state {
            EntryState::Done => false,
            EntryState::Queued => true,
            EntryState::Wedged => !matches!(
                entry.duty.kind,
                DutyKind::LinkPhone { .. } | DutyKind::SetStatus { .. } | DutyKind::PutLabels { .. } | DutyKind::SetClaim { .. }
            ),
        };
        let waits_for = duty
            .after
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .filter_map(|seq| self.entries.get(seq));
        duty.after.iter().any(|key| self.not_understood.contains(key)) || waits_for.into_iter().any(open)
    }

    /// The next entry to try.
    #[must_use]
    pub fn next_due(&self, now: Moment) -> Option<&Entry> {
        let free = self.running.len() < AT_ONCE;
        self.runnable().find(|entry| free && entry.next_at <= now)
    }

    /// The entry that is tried now; counted and marked in line, which must be in the file before the attempt begins.
    pub fn start_next(&mut self, now: Moment) -> Option<Entry> {
        let seq = self.next_due(now)?.seq;
        let entry = self.entries.get_mut(&seq)?;
        self.running.insert(seq, entry.uncertain);
        let before = entry.clone();
        entry.attempts += 1;
        entry.uncertain = true;
        entry.first_tried_at.get_or_insert(now);
        // The attempt is told whether an earlier one is uncertain, not itself.
        Some(Entry {
            uncertain: before.uncertain,
            ..entry.clone()
        })
    }

    /// The mark could not be stored: nothing was sent, and nothing may be sent now.
    pub fn undo_start(&mut self, seq: i64, now: Moment) {
        let was_uncertain = self.running.remove(&seq).unwrap_or(true);
        if let Some(entry) = self.entries.get_mut(&seq) {
            entry.attempts = entry.attempts.saturating_sub(1);
            entry.uncertain = was_uncertain;
        }
        self.put_off(seq, now);
    }

    /// The disk refuses what must be in the file before an attempt begins: it is not tried for a moment.
    pub fn put_off(&mut self, seq: i64, now: Moment) {
        if let Some(entry) = self.entries.get_mut(&seq) {
            entry.next_at = now.plus_ms(FIRST_DELAY);
        }
    }

    /// An entry that was surely not written yet says something newer. Returns the entry to be stored.
    pub fn reword(&mut self, seq: i64, kind: DutyKind) -> Option<&Entry> {
        let entry = self.entries.get_mut(&seq)?;
        entry.duty.kind = kind;
        Some(entry)
    }

    /// The entry as it must be stored while its attempt is under way.
    #[must_use]
    pub fn entry(&self, seq: i64) -> Option<&Entry> {
        self.entries.get(&seq)
    }

    /// When the next entry may be tried; `None` when only a result or a person can move the line.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        if self.running.len() >= AT_ONCE {
            return None;
        }
        let to_ask = self.first_in_line().filter(|entry| self.is_unasked(entry));
        self.runnable().chain(to_ask).map(|entry| entry.next_at).min()
    }

    /// What may be sent.
    fn runnable(&self) -> impl Iterator<Item = &Entry> {
        let is_open = |entry: &&Entry| !is_record(&entry.duty.kind) || !self.closed.contains_key(&entry.duty.leg);
        self.first_in_line().filter(is_open)
    }

    /// First open entry of each call that is not running, queued and unblocked.
    fn first_in_line(&self) -> impl Iterator<Item = &Entry> {
        let busy: BTreeSet<&LegId> = self
            .running
            .keys()
            .filter_map(|seq| self.entries.get(seq))
            .map(|entry| &entry.duty.leg)
            .collect();
        let mut seen: BTreeSet<&LegId> = BTreeSet::new();
        let running = || self.running.keys().filter_map(|seq| self.entries.get(seq));
        let missed_runs = running().any(|entry| is_missed(&entry.duty));
        self.entries
            .values()
            .filter(|entry| entry.state == EntryState::Queued)
            .filter(move |entry| seen.insert(&entry.duty.leg) && !busy.contains(&entry.duty.leg))
            .filter(move |entry| !is_missed(&entry.duty) || !(missed_runs || self.held.contains(&entry.seq)))
            .filter(|entry| !(self.cases_wait && matches!(entry.duty.kind, DutyKind::OpenCase { .. })))
            .filter(|entry| !self.is_blocked(&entry.duty))
    }

    /// Takes what came of an attempt. Returns the entry to be stored.
    ///
    /// `random` lies in `0..1`; it spreads the retries of an office over time ([`retry::delay`]).
    pub fn finish(&mut self, seq: i64, attempt: Attempt, now: Moment, random: f64) -> Option<&Entry> {
        let was_uncertain = self.running.remove(&seq).unwrap_or(true);
        let turn = self.turn(seq);
        let entry = self.entries.get_mut(&seq)?;
        match attempt {
            Attempt::Delivered(result) => {
                entry.state = EntryState::Done;
                entry.result = Some(result);
                entry.done_at = Some(now);
                entry.uncertain = false;
                entry.trouble.clear();
                entry.code.clear();
            }
            Attempt::Passing {
                trouble,
                after_ms,
                uncertain,
            } => {
                // Once unknown, it stays unknown until something was found or delivered: looking costs a request, a double case costs trust.
                entry.uncertain = was_uncertain || uncertain;
                entry.trouble = trouble;
                let after = retry::delay((FIRST_DELAY, LONGEST_DELAY), entry.attempts, random).max(after_ms.unwrap_or(0));
                entry.next_at = now.plus_ms(after + turn);
            }
            Attempt::NotYet => {
                entry.uncertain = was_uncertain;
                entry.next_at = now.plus_ms(retry::delay((FIRST_DELAY, LONGEST_DELAY), entry.attempts, random) / 2);
            }
            Attempt::Refused { trouble, code } => {
                entry.state = EntryState::Wedged;
                entry.uncertain = was_uncertain;
                entry.trouble = trouble;
                entry.code = code;
            }
        }
        self.entries.get(&seq)
    }

    /// A person asked to try again. Returns the entry to be stored.
    pub fn retry(&mut self, seq: i64, now: Moment) -> Option<&Entry> {
        let entry = self.entries.get_mut(&seq).filter(|entry| entry.state != EntryState::Done)?;
        entry.state = EntryState::Queued;
        entry.next_at = now;
        self.entries.get(&seq)
    }

    /// A person gives up what was refused, or what was tried in vain, and with it what depends on it. Returns the entries
    /// to be stored.
    pub fn give_up(&mut self, seq: i64, now: Moment) -> Vec<Entry> {
        let in_vain = |entry: &&Entry| match entry.state {
            EntryState::Wedged => true,
            EntryState::Queued => !entry.trouble.is_empty() && !entry.uncertain && !self.running.contains_key(&seq),
            EntryState::Done => false,
        };
        let Some(given) = self.entries.get(&seq).filter(in_vain) else {
            return Vec::new();
        };
        let mut keys = BTreeSet::from([given.duty.key.clone()]);
        let mut given_up = vec![seq];
        // What depends on an entry stands behind it in the line.
        for (later, entry) in self.entries.range(seq + 1..) {
            let depends = entry.state != EntryState::Done && entry.duty.after.iter().any(|key| keys.contains(key));
            if depends && !self.running.contains_key(later) {
                keys.insert(entry.duty.key.clone());
                given_up.push(*later);
            }
        }
        for seq in &given_up {
            if let Some(entry) = self.entries.get_mut(seq) {
                entry.state = EntryState::Done;
                entry.done_at = Some(now);
                GIVEN_UP.clone_into(&mut entry.code);
            }
        }
        given_up.iter().filter_map(|seq| self.entries.get(seq)).cloned().collect()
    }

    /// Omnidesk answers again: what waited for it need not wait for its own time.
    pub fn hurry(&mut self, now: Moment) {
        for (seq, entry) in &mut self.entries {
            if entry.state == EntryState::Queued {
                let turn = self.turns.get(seq).map_or(0, |(turn, _)| *turn);
                entry.next_at = entry.next_at.min(now.plus_ms(turn));
            }
        }
    }

    /// Forgets what was delivered before `before`.
    pub fn forget_delivered(&mut self, before: Moment) {
        self.entries
            .retain(|_, entry| entry.state != EntryState::Done || entry.done_at.is_none_or(|at| at >= before));
        self.by_key.retain(|_, seq| self.entries.contains_key(seq));
        self.turns.retain(|seq, _| self.entries.contains_key(seq));
        let owed = |leg: &LegId| self.entries.values().any(|entry| entry.duty.leg == *leg);
        self.closed.retain(|leg, _| owed(leg));
    }
}

/// The code of what a person gave up.
pub const GIVEN_UP: &str = "givenUp";

/// A missed call, which may be another desk's too.
fn is_missed(duty: &Duty) -> bool {
    matches!(duty.kind, DutyKind::OpenCase { joins: Some(_), .. })
}

/// Whether a duty is part of the record of a call, which all computers of the agent owe alike.
pub(crate) fn is_record(kind: &DutyKind) -> bool {
    match kind {
        DutyKind::OpenCase { .. } | DutyKind::AddNote { .. } | DutyKind::AddRecording { .. } => true,
        // What undoes is the agent's own decision.
        DutyKind::SetStatus { expects, .. } => expects.is_none(),
        DutyKind::FinishText { .. }
        | DutyKind::LinkPhone { .. }
        | DutyKind::EditUser { .. }
        | DutyKind::PutLabels { .. }
        | DutyKind::SetClaim { .. }
        | DutyKind::MoveCase { .. } => false,
    }
}

#[cfg(test)]
mod tests;
