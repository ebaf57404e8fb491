//! The async door in front of [`Budget`].
//!
//! The state sits behind a mutex that is never held across an await; each waiting request has a bell. Only the head of the
//! queue sleeps until its time, the others until their bell. A bell rings when its request becomes the head, and for the
//! head when an answer changed what is known. No task is spawned, so a client can be made outside a runtime, and a
//! caller that drops its future leaves the queue at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::budget::{Budget, BudgetSnapshot, Priority, Purpose, RateHeaders, Ticket, Turn};
use crate::config::Limits;
use crate::error::Error;

#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    bells: BTreeMap<Ticket, Arc<Notify>>,
}

impl State {
    fn ring_head(&self) {
        if let Some(bell) = self.budget.head().and_then(|head| self.bells.get(&head)) {
            bell.notify_one();
        }
    }
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Self {
        let state = State {
            budget: Budget::new(limits.assumed_per_minute, limits.waiting),
            bells: BTreeMap::new(),
        };
        Self { state: Mutex::new(state) }
    }

    // Every change under the lock is complete in itself, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn.
    pub(crate) async fn enter(&self, priority: Priority, purpose: Purpose) -> Result<Permit<'_>, Error> {
        let place = self.queue_up(priority, purpose)?;
        loop {
            let sent = now();
            let turn = self.lock().budget.turn(place.ticket, sent);
            match turn {
                Turn::Go => {
                    return Ok(Permit {
                        gate: self,
                        sent,
                        open: true,
                    });
                }
                // Whether the time came or the bell rang, the next round finds out what is true.
                Turn::At(due) => drop(tokio::time::timeout_at(due.into(), place.bell.notified()).await),
                Turn::Behind => place.bell.notified().await,
            }
        }
    }

    fn queue_up(&self, priority: Priority, purpose: Purpose) -> Result<Place<'_>, Error> {
        let mut state = self.lock();
        let ticket = state.budget.join(priority, purpose).map_err(|_| Error::QueueFull)?;
        let bell = Arc::new(Notify::new());
        state.bells.insert(ticket, Arc::clone(&bell));
        Ok(Place { gate: self, ticket, bell })
    }

    pub(crate) fn snapshot(&self) -> BudgetSnapshot {
        let (snapshot, wait) = self.lock().budget.snapshot(now());
        let until = |wait| Timestamp::now().checked_add(SignedDuration::try_from(wait).ok()?).ok();
        BudgetSnapshot {
            waits_until: wait.and_then(until),
            ..snapshot
        }
    }
}

fn now() -> std::time::Instant {
    Instant::now().into_std()
}

/// A place in the queue; dropping it leaves the queue.
struct Place<'a> {
    gate: &'a Gate,
    ticket: Ticket,
    bell: Arc<Notify>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.budget.leave(self.ticket);
        state.bells.remove(&self.ticket);
        state.ring_head();
    }
}

/// The right to send one request; tells the budget how it ended.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
    sent: std::time::Instant,
    open: bool,
}

impl Permit<'_> {
    /// An answer came with these headers.
    pub(crate) fn answered(mut self, headers: RateHeaders, refused: bool) {
        self.open = false;
        let mut state = self.gate.lock();
        state.budget.answered(headers, refused, self.sent, now());
        state.ring_head();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.open {
            let mut state = self.gate.lock();
            state.budget.abandoned();
            state.ring_head();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn gate(per_minute: u32, waiting: usize) -> Arc<Gate> {
        Arc::new(Gate::new(Limits {
            assumed_per_minute: per_minute,
            waiting,
            ..Limits::default()
        }))
    }

    fn told(limit: u32, left: u32, resets_in: u64) -> RateHeaders {
        RateHeaders {
            limit: Some(limit),
            left: Some(left),
            resets_in: Some(Duration::from_secs(resets_in)),
        }
    }

    async fn exhaust(gate: &Gate) {
        gate.enter(Priority::Popup, Priority::Popup.into())
            .await
            .unwrap()
            .answered(told(20, 0, 30), false);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_requests_are_served_by_priority_then_by_arrival() {
        let gate = gate(20, 10);
        exhaust(&gate).await;
        #[allow(clippy::disallowed_methods, reason = "a test")]
        let (order, mut served) = tokio::sync::mpsc::unbounded_channel();
        let asked = [
            ("background", Priority::Background),
            ("write 1", Priority::WriteBack),
            ("click", Priority::Interactive),
            ("write 2", Priority::WriteBack),
            ("popup", Priority::Popup),
        ];
        let mut tasks = tokio::task::JoinSet::new();
        for (position, (name, priority)) in asked.into_iter().enumerate() {
            let (door, order) = (Arc::clone(&gate), order.clone());
            tasks.spawn(async move {
                let permit = door.enter(priority, priority.into()).await.unwrap();
                order.send(name).unwrap();
                permit.answered(told(20, 19, 60), false);
            });
            while gate.snapshot().waiting <= position {
                tokio::task::yield_now().await;
            }
        }
        tasks.join_all().await;
        drop(order);
        let mut names = Vec::new();
        while let Some(name) = served.recv().await {
            names.push(name);
        }
        assert_eq!(names, ["popup", "click", "write 1", "write 2", "background"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_exhausted_budget_waits_for_the_reset_and_no_longer() {
        let gate = gate(20, 10);
        exhaust(&gate).await;
        let before = Instant::now();
        drop(gate.enter(Priority::Popup, Priority::Popup.into()).await.unwrap());
        let waited = before.elapsed();
        assert!(
            (Duration::from_secs(30)..Duration::from_millis(30_100)).contains(&waited),
            "{waited:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_leaves_the_queue_and_wakes_the_next() {
        let gate = gate(20, 1);
        exhaust(&gate).await;
        let impatient = tokio::time::timeout(Duration::from_secs(1), gate.enter(Priority::Popup, Priority::Popup.into())).await;
        assert!(impatient.is_err());
        assert_eq!(gate.snapshot().waiting, 0);
        let patient = tokio::time::timeout(
            Duration::from_secs(40),
            gate.enter(Priority::Background, Priority::Background.into()),
        )
        .await;
        assert!(patient.is_ok_and(|permit| permit.is_ok()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses_at_once() {
        let gate = gate(20, 1);
        exhaust(&gate).await;
        let waiting = {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move { gate.enter(Priority::Popup, Priority::Popup.into()).await.map(drop) })
        };
        while gate.snapshot().waiting == 0 {
            tokio::task::yield_now().await;
        }
        assert!(gate.snapshot().waits_until.is_some());
        assert_eq!(
            gate.enter(Priority::Popup, Priority::Popup.into()).await.map(drop),
            Err(Error::QueueFull)
        );
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_shows_more_calls_wakes_the_waiting_at_once() {
        let gate = gate(20, 10);
        let slow = gate.enter(Priority::Popup, Priority::Popup.into()).await.unwrap();
        gate.enter(Priority::Popup, Priority::Popup.into())
            .await
            .unwrap()
            .answered(told(20, 1, 50), false);
        let waiting = {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move { gate.enter(Priority::Popup, Priority::Popup.into()).await.map(drop) })
        };
        while gate.snapshot().waiting == 0 {
            tokio::task::yield_now().await;
        }
        let before = Instant::now();
        slow.answered(told(20, 19, 60), false);
        waiting.await.unwrap().unwrap();
        assert!(before.elapsed() < Duration::from_secs(1));
    }
}
