//! Omnidesk's clock and this computer's: each answer says what time it is there.
//!
//! Times in Omnidesk's data are by its clock. Who compares them with times of this computer needs to know how far the
//! two are apart; a computer that is some minutes off is nothing unusual.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::fmt::rfc2822::DateTimeParser;

/// Answers that lie further apart than whole seconds and the way here explain tell that a clock was set, ms.
const STEP: i64 = 5_000;
/// Not known yet.
const UNKNOWN: i64 = i64::MIN;

/// How far Omnidesk's clock is ahead of this computer's, as its answers say, smoothed.
#[derive(Debug)]
pub(crate) struct Clock {
    ahead_ms: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            ahead_ms: AtomicI64::new(UNKNOWN),
        }
    }
}

impl Clock {
    pub(crate) fn ahead_ms(&self) -> Option<i64> {
        Some(self.ahead_ms.load(Ordering::Relaxed)).filter(|ahead| *ahead != UNKNOWN)
    }

    /// An answer with this `Date` header came at this time of this computer's. What cannot be read changes nothing.
    pub(crate) fn heard(&self, date: &str, came: SystemTime) {
        let Some(ahead) = ahead_ms(date, came) else { return };
        let smoothed = match self.ahead_ms() {
            Some(before) if (ahead - before).abs() < STEP => before + (ahead - before) / 4,
            Some(_) | None => ahead,
        };
        self.ahead_ms.store(smoothed, Ordering::Relaxed);
    }
}

/// An answer is dated when it begins, in whole seconds: right up to a second and the way here.
fn ahead_ms(date: &str, came: SystemTime) -> Option<i64> {
    let there = DateTimeParser::new().parse_timestamp(date.trim()).ok()?.as_millisecond();
    let here = i64::try_from(came.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
    there.checked_sub(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Sun, 06 Nov 1994 08:49:37 GMT
    const WHEN: u64 = 784_111_777;

    fn came(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn an_answer_tells_how_far_the_clocks_are_apart() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (here, ahead) in [(WHEN, 0), (WHEN - 300, 300_000), (WHEN + 420, -420_000)] {
            assert_eq!(ahead_ms(date, came(here)), Some(ahead));
        }
    }

    #[test]
    fn a_date_that_cannot_be_read_changes_nothing() {
        let clock = Clock::default();
        for date in ["", "yesterday", "Sun, 06 Nov 99999 08:49:37 GMT", "784111777"] {
            clock.heard(date, came(WHEN));
            assert_eq!(clock.ahead_ms(), None, "{date}");
        }
        clock.heard("Sun, 06 Nov 1994 08:49:37 GMT", came(WHEN - 60));
        clock.heard("Sun, 06 Foo 1994 08:49:37 GMT", came(WHEN));
        assert_eq!(clock.ahead_ms(), Some(60_000));
        clock.heard("Sun, 06 Nov 1994 08:49:37 GMT", came(WHEN));
        assert_eq!(clock.ahead_ms(), Some(0), "the last answer counts: clocks are set");
        clock.heard("Sun, 06 Nov 1994 08:49:37 GMT", came(WHEN + 2));
        assert_eq!(clock.ahead_ms(), Some(-500), "one slow answer moves it a little");
    }
}
