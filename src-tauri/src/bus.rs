//! What is the same of everybody who is talked to over the session's bus: they may be late, hang, or be gone.

use std::future::Future;
use std::time::Duration;

/// How long the bus, and who is on it, may take for an answer.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// Where nobody answered, somebody is asked again after this, then after twice as long, and so on until the longest.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Pauses between attempts: from one to the next it is longer.
#[derive(Debug, Default)]
pub struct Pauses {
    last: Option<Duration>,
}

impl Pauses {
    /// The next one.
    pub fn next(&mut self) -> Duration {
        let next = self.last.map_or(PAUSE, |last| (last * 2).min(LONGEST_PAUSE));
        self.last = Some(next);
        next
    }
}

/// The answer, or an error where there is none within [`PATIENCE`].
///
/// # Errors
/// As who was asked answers, or when they do not.
pub async fn in_time<T>(answer: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    let late = |_| zbus::Error::Failure("no answer in time".to_owned());
    tokio::time::timeout(PATIENCE, answer).await.map_err(late)?
}

/// The bus has ended.
pub fn gone() -> zbus::Error {
    zbus::Error::Failure("the bus is gone".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_in_growing_pauses() {
        let mut pauses = Pauses::default();
        let all: Vec<u64> = (0..10).map(|_| pauses.next().as_secs()).collect();
        assert_eq!(all, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }
}
