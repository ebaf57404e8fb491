//! How much a PBX sends at most; what sends more is no PBX, or a broken one.
//!
//! The bounds come from an honest office at its worst. A read-only user hears everything: 500 desks with a call a minute
//! each and 92 events a call (measured) are 767 frames a second. On top come bursts: a call that rings at all 500
//! phones, some twenty events each, is 10 000 frames at once, and a restart lets every phone register and every call
//! begin anew. Frames have one or two kilobytes, the largest recorded one four. So the lasting bounds are five times the
//! office's worst, in frames and in bytes, and six such bursts may come at once.
//!
//! Who stays below and is too much all the same (frames that are costly to read) shows by the queue: it holds twenty
//! seconds of the office's worst, and must not stay nearly full. And nobody's phone rings five times a second for
//! minutes: each call is written down and answered for.
//!
//! What came is counted from one connection to the next: many short floods are one.

use std::time::Duration;
use tokio::time::Instant;

/// Frames.
const FRAMES: Bound = Bound {
    per_second: 4_000.0,
    in_advance: 60_000.0,
};
/// Bytes.
const BYTES: Bound = Bound {
    per_second: (8 << 20) as f64,
    in_advance: (128 << 20) as f64,
};
/// Calls of the agent's own phone.
const CALLS: Bound = Bound {
    per_second: 5.0,
    in_advance: 600.0,
};
/// The queue is nearly full from this share on, and no longer below half of it.
const NEARLY_FULL: f64 = 0.75;
/// It may be nearly full for so long.
const PATIENCE: Duration = Duration::from_secs(15);

/// How much may come, as water into a leaking bucket.
struct Bound {
    per_second: f64,
    in_advance: f64,
}

/// What has come lately.
#[derive(Debug)]
pub struct Flow {
    frames: f64,
    bytes: f64,
    calls: f64,
    /// As of when the levels hold.
    as_of: Instant,
    full_since: Option<Instant>,
}

impl Flow {
    /// Nothing has come yet.
    pub fn new(now: Instant) -> Self {
        Self {
            frames: 0.0,
            bytes: 0.0,
            calls: 0.0,
            as_of: now,
            full_since: None,
        }
    }

    /// Takes note of a frame of so many bytes, and of the share of the queue that waits behind it. Whether it is too much.
    pub fn frame(&mut self, bytes: usize, waiting: f64, now: Instant) -> bool {
        self.leak(now);
        self.frames += 1.0;
        #[expect(clippy::cast_precision_loss, reason = "a frame's length")]
        let bytes = bytes as f64;
        self.bytes += bytes;
        if waiting < NEARLY_FULL / 2.0 {
            self.full_since = None;
        } else if waiting >= NEARLY_FULL {
            self.full_since.get_or_insert(now);
        }
        let stuck = self.full_since.is_some_and(|since| now - since > PATIENCE);
        stuck || self.frames > FRAMES.in_advance || self.bytes > BYTES.in_advance
    }

    /// Takes note of a call at the agent's phone. Whether it is one too many.
    pub fn call(&mut self, now: Instant) -> bool {
        self.leak(now);
        self.calls += 1.0;
        self.calls > CALLS.in_advance
    }

    fn leak(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.as_of).as_secs_f64();
        self.as_of = self.as_of.max(now);
        for (level, bound) in [(&mut self.frames, FRAMES), (&mut self.bytes, BYTES), (&mut self.calls, CALLS)] {
            *level = (*level - bound.per_second * passed).max(0.0);
        }
    }

    /// A new connection begins with an empty queue; what came before is not forgotten.
    pub fn connected(&mut self) {
        self.full_since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that is moved by hand.
    struct Wire {
        flow: Flow,
        now: Instant,
    }

    impl Wire {
        fn new() -> Self {
            let now = Instant::now();
            Self { flow: Flow::new(now), now }
        }

        /// So many frames within a time; whether it was a flood at any of them.
        fn send(&mut self, frames: u32, bytes: usize, waiting: f64, within: Duration) -> bool {
            let mut flood = false;
            for _ in 0..frames {
                self.now += within / frames;
                flood |= self.flow.frame(bytes, waiting, self.now);
            }
            flood
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_busiest_office_with_calls_that_ring_everywhere_is_no_flood() {
        let mut wire = Wire::new();
        for second in 0..300 {
            assert!(!wire.send(500 * 92 / 60 + 1, 2_000, 0.1, SECOND), "second {second}");
            if second % 10 == 0 {
                assert!(
                    !wire.send(10_000, 2_000, 0.6, SECOND / 20),
                    "a call at all 500 phones, second {second}"
                );
            }
        }
    }

    #[test]
    fn what_waited_while_this_computer_slept_or_its_disk_hung_is_no_flood() {
        let mut wire = Wire::new();
        for _ in 0..3 {
            wire.now += Duration::from_secs(60);
            for left in (0..16_384_u32).rev() {
                assert!(!wire.send(1, 2_000, f64::from(left) / 16_384.0, SECOND / 16_384), "{left} left");
            }
        }
    }

    #[test]
    fn a_flood_of_any_kind_is_known_after_no_more_than_the_bounds_let_through() {
        // frames a second, bytes, share of the queue that waits, frames that come through at most
        let table = [
            (100_000, 20, 0.0, 63_000),
            (8_000, 1_000, 0.0, 121_000),
            (300, 1 << 20, 0.0, 140),
            (20, 1 << 20, 0.0, 300),
            // Below all rates, and too much for this computer.
            (1_000, 1_000, 0.9, 15_002),
        ];
        for (rate, bytes, waiting, most) in table {
            let mut wire = Wire::new();
            let through = (0..200_000).position(|_| wire.send(1, bytes, waiting, SECOND / rate));
            assert!(through.is_some_and(|through| through <= most), "{rate} × {bytes}: {through:?}");
        }
    }

    #[test]
    fn floods_in_pieces_are_one_flood() {
        let mut wire = Wire::new();
        let pieces = (0..20).position(|_| {
            wire.flow.connected();
            wire.send(10_000, 20, 0.0, SECOND / 2)
        });
        assert!(pieces.is_some_and(|pieces| pieces <= 8), "{pieces:?}");
    }

    #[test]
    fn a_phone_may_ring_all_day_and_not_without_end() {
        let mut wire = Wire::new();
        for n in 0..10_000 {
            wire.now += Duration::from_secs(5);
            assert!(!wire.flow.call(wire.now), "a queue that rings again every five seconds: {n}");
        }
        assert!((0..64).all(|_| !wire.flow.call(wire.now)), "after a restart");
        wire.now += Duration::from_secs(60);
        let calls = (0..1_000).position(|_| {
            wire.now += SECOND / 20;
            wire.flow.call(wire.now)
        });
        assert!(calls.is_some_and(|calls| calls < 900), "{calls:?}");
    }
}
