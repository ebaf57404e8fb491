//! What keeps the file of users in order, a piece at a time, after a pause in which nobody wanted anything: whom a reading
//! put elsewhere goes to the place that is theirs, the index is put together, and what is left of those who went goes.

use super::lines::Next;
use super::{Shared, held};
use directory::{Directory, Error};
use std::collections::VecDeque;
use std::time::Duration;

/// The pause.
pub(super) const PAUSE: Duration = Duration::from_secs(5);
/// So many users are moved or forgotten at once.
pub(super) const AT_ONCE: u32 = 500;
/// So many of those who were met last are put in order.
const SETTLED: usize = 50_000;

#[derive(Debug, Default)]
pub(super) struct Upkeep {
    /// Nobody has wanted anything for a while.
    rests: bool,
    /// What is to be done, the first first.
    todo: VecDeque<Todo>,
}

#[derive(Debug, PartialEq, Eq)]
enum Todo {
    /// Finds out who is not in the place that is theirs.
    Settle,
    /// Moves them.
    Move(Vec<u64>),
    Tidy,
    /// Takes out what is left of those who went.
    Purge,
}

impl Upkeep {
    pub fn is_due(&self) -> bool {
        self.rests && !self.todo.is_empty()
    }

    pub fn pause_is_over(&mut self) {
        self.rests = true;
    }

    /// Something else came first; what there is to do afterwards.
    pub fn disturbed(&mut self, by: &Next) {
        self.rests = false;
        let ends_reading = |read: &super::Read| read.whole;
        match by {
            Next::Page(page) if ends_reading(&page.read) => self.todo = VecDeque::from([Todo::Settle, Todo::Tidy, Todo::Purge]),
            Next::Page(_) | Next::Users(_) if !self.todo.contains(&Todo::Tidy) => self.todo.push_back(Todo::Tidy),
            Next::Page(_) | Next::Users(_) | Next::Met(..) | Next::Clear | Next::Renew | Next::Idle | Next::Closed => {}
        }
    }

    /// One piece. What fails is left for the next time that something is written.
    pub fn step(&mut self, shared: &Shared) {
        let Some(todo) = self.todo.pop_front() else { return };
        let mut file = held(&shared.file);
        match shared.of_file(&mut file, |file| carry_out(file, todo)) {
            Ok(more) => {
                if let Some(more) = more {
                    self.todo.push_front(more);
                }
            }
            Err(error) => tracing::debug!(%error, "the file of users was not put in order"),
        }
    }
}

/// Does it; what of it is still to be done.
fn carry_out(file: &mut Directory, todo: Todo) -> Result<Option<Todo>, Error> {
    match todo {
        Todo::Settle => {
            let up = file.settle(SETTLED)?;
            Ok((!up.is_empty()).then_some(Todo::Move(up)))
        }
        Todo::Move(mut up) => {
            let rest = up.split_off(up.len().min(AT_ONCE as usize));
            file.move_up(&up)?;
            Ok((!rest.is_empty()).then_some(Todo::Move(rest)))
        }
        Todo::Tidy => Ok(file.tidy()?.then_some(Todo::Tidy)),
        Todo::Purge => file.purge().map(|()| None),
    }
}
