//! A stop watch that also knows how long this thread had the processor: on a busy computer the two differ. Linux alone tells;
//! elsewhere there is the clock, and [`told`] says that the rest is not known.

use std::time::{Duration, Instant};

pub struct Watch {
    began: Instant,
    own: Option<Duration>,
}

impl Watch {
    pub fn start() -> Self {
        Self {
            own: own(),
            began: Instant::now(),
        }
    }

    /// What the clock says, and how long of it was ours, where that is known.
    pub fn both(&self) -> (Duration, Option<Duration>) {
        let took = self.began.elapsed();
        (took, own().zip(self.own).map(|(now, before)| now.saturating_sub(before)))
    }
}

/// How long this thread has had the processor.
fn own() -> Option<Duration> {
    // Linux reckons up when somebody else may have a turn: else it tells what was at its last tick, 4 ms ago.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split_whitespace().next()?.parse().ok()?))
}

/// What this program has for itself in memory, bytes, where that is known.
pub fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// A figure, or that this system does not tell it.
pub fn told(figure: Option<f64>) -> String {
    figure.map_or_else(|| "not told by this system".to_owned(), |figure| format!("{figure:.2}"))
}
