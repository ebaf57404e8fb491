//! A desk clock that is set back must not make anybody wait for it to catch up.
//!
//! Waits are kept as moments of the wall clock, as entries of the line outlive the program. When time has passed and the
//! clock shows less than it should, everything that is waited for moves back by as much. Set forward, or after a sleep,
//! a wait is over early, which costs one request. What calls are measured by is the PBX's own affair (its module `clock`).

use crate::controller::Controller;
use crate::time::now;
use calls::Moment;
use std::time::Instant;

/// Less than this is no setting of a clock, but its correction and our own delays, ms.
const SET: i64 = 1_000;

/// The wall clock and one that nobody can set, read together.
#[derive(Debug)]
pub(crate) struct Clocks {
    wall: Moment,
    steady: Instant,
}

impl Clocks {
    pub(crate) fn read() -> Self {
        Self {
            wall: now(),
            steady: Instant::now(),
        }
    }

    /// By how much the wall clock was set back between these two readings, ms; 0 when it was not.
    fn set_back(&self, later: &Self) -> i64 {
        let passed = later.steady.saturating_duration_since(self.steady).as_millis();
        let should = self.wall.plus_ms(i64::try_from(passed).unwrap_or(i64::MAX));
        Some(should.since(later.wall)).filter(|by| *by >= SET).unwrap_or(0)
    }
}

impl Controller {
    /// Looks whether the clock was set back since the last look, and moves what is waited for.
    pub(crate) fn follow_clock(&mut self) {
        let clocks = Clocks::read();
        let by = self.clocks.set_back(&clocks);
        self.clocks = clocks;
        if by > 0 {
            tracing::info!(ms = by, "this computer's clock was set back");
            self.waits_move_back(by);
        }
    }

    fn waits_move_back(&mut self, by: i64) {
        self.next_housekeeping = self.next_housekeeping.plus_ms(-by);
        self.late_texts.clock_set_back(by);
        self.late_labels.clock_set_back(by);
        self.cases_shown.clock_set_back(by);
        self.pbx.clock_set_back(by);
        self.orders.clock_set_back(by);
        self.watch.clock_set_back(by);
        self.omnidesk.clock_set_back(by);
        self.office_watch.clock_set_back(by);
        self.people.clock_set_back(by);
        self.index.clock_set_back(by);
        self.outbox.clock_set_back(by);
        self.popup.clock_set_back(by);
        self.pause.clock_set_back(now(), by);
        self.windows.clock_set_back(by);
        self.storage.clock_set_back(by);
        self.asking.clock_set_back(by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_a_clock_that_was_set_back_counts() {
        let began = Clocks {
            wall: Moment(3_600_000),
            steady: Instant::now(),
        };
        // (passed, shown, set back by), ms
        for (passed, shown, by) in [
            (500, 3_600_500, 0),
            (500, 3_600_100, 0),
            (0, 3_600_000, 0),
            (2_000, 3_600_000, 2_000),
            (500, 500, 3_600_000),
            (500, 7_200_500, 0),
        ] {
            let later = Clocks {
                wall: Moment(shown),
                steady: began.steady + Duration::from_millis(passed),
            };
            assert_eq!(began.set_back(&later), by, "{passed} ms passed, shows {shown}");
        }
    }
}
