//! What became of requests: counted, and the last errors with their times, for a page that says how the program does.
//!
//! An [`Error`] holds no text of others, so neither does this.

use crate::error::Error;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// So many errors are kept.
const KEPT: usize = 5;

/// What became of the requests of a client and its clones, since it was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Requests that were sent and ended, with whatever answer or none.
    pub requests: u64,
    /// Those of them that brought no answer, or an inner error of the server's.
    pub failures: u64,
    /// Those that were refused because there were too many in a minute.
    pub limited: u64,
    /// The last errors, oldest first.
    pub errors: VecDeque<(Timestamp, Error)>,
}

impl Tally {
    fn count(&mut self, at: Timestamp, error: Option<&Error>) {
        self.requests += 1;
        let Some(error) = error else { return };
        match error {
            Error::RateLimited { .. } => self.limited += 1,
            error if error.is_transient() => self.failures += 1,
            _ => {}
        }
        if self.errors.len() == KEPT {
            self.errors.pop_front();
        }
        self.errors.push_back((at, error.clone()));
    }
}

/// A tally that is kept while requests run side by side.
#[derive(Debug, Default)]
pub(crate) struct Tallied(Mutex<Tally>);

impl Tallied {
    /// A request that was sent has ended.
    pub(crate) fn count<T>(&self, outcome: &Result<T, Error>) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.count(Timestamp::now(), outcome.as_ref().err());
    }

    pub(crate) fn read(&self) -> Tally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_a_failure_a_refusal_an_answer_and_too_many_are_neither() {
        let tallied = Tallied::default();
        tallied.count(&Ok(()));
        tallied.count::<()>(&Err(Error::Unauthorized));
        tallied.count::<()>(&Err(Error::Timeout { sent: true }));
        tallied.count::<()>(&Err(Error::RateLimited { retry_after: None }));
        let tally = tallied.read();
        assert_eq!((tally.requests, tally.failures, tally.limited), (4, 1, 1));
        let errors: Vec<_> = tally.errors.into_iter().map(|(_, error)| error).collect();
        let expected = [
            Error::Unauthorized,
            Error::Timeout { sent: true },
            Error::RateLimited { retry_after: None },
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn the_last_errors_are_kept_and_no_more() {
        let mut tally = Tally::default();
        for status in 500..520 {
            tally.count(Timestamp::UNIX_EPOCH, Some(&Error::Server { status }));
        }
        assert_eq!((tally.failures, tally.errors.len()), (20, KEPT));
        assert_eq!(tally.errors.back(), Some(&(Timestamp::UNIX_EPOCH, Error::Server { status: 519 })));
    }
}
