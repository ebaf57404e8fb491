//! The thread that writes.

use super::queue::{Batch, Mark, Next, Queue};
use super::write::{Key, Write};
use crate::{Store, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// After so long without anything to write there is time for upkeep, and after each turn of it. While a call goes on, its
/// signs of life come as often.
const IDLE: Duration = Duration::from_secs(5);
/// After so many turns that the disk refused, or somebody stopped, it is left to the next pause.
const TRIES: u32 = 3;

/// Does what comes until the queue is closed and empty. `slowed`: each write takes so much longer, for measuring.
pub(super) fn work(queue: &Arc<Queue>, mut store: Store, slowed: Option<Duration>) {
    // What was written is still to be put in order; how often that failed.
    let mut upkeep = Some(0);
    loop {
        let next = queue.next(IDLE);
        if let (Some(by), Next::Job(_) | Next::Mark(_) | Next::Write(_)) = (slowed, &next) {
            std::thread::sleep(by);
        }
        if !matches!(next, Next::Idle) {
            upkeep = Some(0);
        }
        match next {
            // A panic rolls its transaction back, and whoever waits is told by the silence.
            Next::Job(job) => {
                drop(catch_unwind(AssertUnwindSafe(|| job(&mut store))));
                queue.in_a_row();
            }
            Next::Mark(marks) => drop(catch_unwind(AssertUnwindSafe(|| mark(queue, &mut store, marks)))),
            Next::Write(batch) => {
                let written = catch_unwind(AssertUnwindSafe(|| write(queue, &mut store, &batch)));
                match written {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => queue.refuse(error),
                    Err(_) => queue.refuse(StoreError::Broke),
                }
                // It was the last try.
                if queue.is_closed() && queue.is_refused() {
                    return;
                }
            }
            Next::Idle => upkeep = upkeep.and_then(|failed| turn(queue, &store, failed)),
            Next::Closed => return,
        }
    }
}

/// A turn of upkeep, which whoever has something to write stops. How often it failed, if there is more to do.
fn turn(queue: &Queue, store: &Store, failed: u32) -> Option<u32> {
    if !queue.begin_upkeep(store.stopper()) {
        return Some(failed);
    }
    let kept = catch_unwind(AssertUnwindSafe(|| store.upkeep()));
    queue.end_upkeep(matches!(kept, Ok(Ok(false))));
    match kept {
        Ok(Ok(more)) => more.then_some(failed),
        Ok(Err(_)) => (failed + 1 < TRIES).then_some(failed + 1),
        Err(_) => None,
    }
}

/// Writes that attempts are about to begin, in one transaction; where that is refused, each by itself.
fn mark(queue: &Queue, store: &mut Store, marks: Vec<Mark>) {
    let together = store.save_entries(marks.iter().map(|(entry, _)| entry));
    for (entry, tell) in marks {
        let marked = if together.is_ok() { Ok(()) } else { store.save_entry(&entry) };
        if marked.is_ok() {
            // What an earlier attempt left in line is older.
            queue.supersede(&Key::Entry(entry.seq));
        }
        // Whoever does not wait any more sends nothing.
        let _ = tell.send(marked);
    }
}

/// Writes a batch in one transaction; where that is refused, one by one up to the one that is.
pub(super) fn write(queue: &Queue, store: &mut Store, batch: &Batch) -> Result<(), StoreError> {
    if let Ok(more) = write_all(store, batch) {
        queue.done(batch, more);
        return Ok(());
    }
    for one in batch {
        let one = std::slice::from_ref(one);
        let more = write_all(store, one)?;
        queue.done(one, more);
    }
    Ok(())
}

fn write_all(store: &mut Store, batch: &[(u64, Arc<Write>)]) -> Result<Vec<Write>, StoreError> {
    let tx = store.transaction()?;
    let mut more = Vec::new();
    for (_, write) in batch {
        if write.write(&tx)? {
            more.push((**write).clone());
        }
    }
    tx.commit()?;
    Ok(more)
}
