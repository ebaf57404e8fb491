//! A stop watch that also knows how long this thread had the processor: on a busy computer the two differ.

use std::time::{Duration, Instant};

pub struct Watch {
    began: Instant,
    own: Duration,
}

impl Watch {
    pub fn start() -> Self {
        Self {
            own: own(),
            began: Instant::now(),
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// What the clock says, and how long of it was ours.
    pub fn both(&self) -> (Duration, Duration) {
        let took = self.began.elapsed();
        (took, own().saturating_sub(self.own))
    }
}

/// How long this thread has had the processor.
fn own() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}
