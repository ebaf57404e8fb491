//! The PBX's clock against the desk's, so that everybody else lives on the desk's clock alone.
//!
//! Every frame carries when it was sent, on the PBX's clock, and comes a moment later. So the difference of the clocks
//! is never less than what a frame shows, and the quickest frame shows it best. A frame that shows less was held up on
//! its way, unless the clocks were set; then frames keep showing less for as long as time passes on both sides. Frames
//! that were held up together (a computer that was frozen) come together.
//!
//! Facts are noted on the PBX's clock as it ran before anybody set it: what it was set by is taken off its stamps, so that
//! an hour that somebody set it back by, or forward, is in no talk and turns no order around.

use calls::Moment;

/// Frames that show less for so long were not held up: a clock was set, ms.
const BELIEVED: i64 = 5_000;
/// Frames of one socket come in the order in which they were sent, within milliseconds: stamps that go back by more show
/// a clock that was set back, ms.
const GOES_BACK: i64 = 2_000;
/// Otherwise a clock was set when it leaps by more, ms: frames may have waited until the desk had subscribed, or for a
/// network that was slow for a while.
const LEAP: i64 = 10_000;
/// The second that an HTTP date names is half over on average, ms.
const HALF_A_SECOND: i64 = 500;
/// A difference that an HTTP date cannot show with certainty, ms.
const COARSE: i64 = 1_500;

/// How far the PBX's clock is ahead of the desk's, measured and smoothed.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: Option<i64>,
    /// By how much the PBX's clock was set forward since, or back.
    set: i64,
    /// The latest stamp.
    latest: Option<Moment>,
    /// Since when frames show less, and the most that they showed.
    less: Option<(Moment, i64)>,
}

impl Clock {
    /// A frame of this stamp came at this time on the desk's clock: when it was sent, on the clock of the facts.
    pub fn hear(&mut self, stamped: Moment, received: Moment) -> Moment {
        let shows = self.steady(stamped).0.saturating_sub(received.0);
        let leap = shows.saturating_sub(self.ahead.unwrap_or(shows));
        let goes_back = self.latest.is_some_and(|latest| latest.since(stamped) > GOES_BACK);
        if leap > LEAP || (leap < -GOES_BACK && goes_back) {
            self.was_set(leap);
            self.latest = Some(stamped);
            return self.steady(stamped);
        }
        self.latest = self.latest.max(Some(stamped));
        if leap >= 0 {
            (self.ahead, self.less) = (Some(shows), None);
            return self.steady(stamped);
        }
        let (since, most) = self.less.map_or((received, leap), |(since, most)| (since, most.max(leap)));
        self.less = Some((since, most));
        if received.since(since) >= BELIEVED {
            if most < -LEAP {
                self.was_set(most);
            } else {
                (self.ahead, self.less) = (self.ahead.map(|ahead| ahead.saturating_add(most)), None);
            }
        }
        self.steady(stamped)
    }

    fn was_set(&mut self, by: i64) {
        self.set = self.set.saturating_add(by);
        self.less = None;
    }

    /// A stamp on the clock of the facts.
    pub fn steady(&self, stamped: Moment) -> Moment {
        stamped.plus_ms(self.set.saturating_neg())
    }

    /// The PBX named its time, to the second: good enough where no frame has come yet.
    pub fn hear_date(&mut self, date: Moment, received: Moment) {
        let shows = date.0.saturating_sub(received.0).saturating_add(HALF_A_SECOND);
        if self.ahead.is_none() && shows.abs() > COARSE {
            self.ahead = Some(shows);
        }
    }

    /// The desk's clock was set forward by so much, or back.
    pub fn desk_was_set(&mut self, by: i64) {
        self.ahead = self.ahead.map(|ahead| ahead.saturating_sub(by));
        self.less = None;
    }

    /// How far the PBX's clock, as it ran before anybody set it, is ahead of the desk's, ms.
    pub fn ahead(&self) -> i64 {
        self.ahead.unwrap_or(0)
    }

    /// How far the PBX's clock is ahead of the desk's as both show it now, ms; none before the PBX told.
    pub fn shown_ahead(&self) -> Option<i64> {
        self.ahead.map(|ahead| ahead.saturating_add(self.set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Frames as (sent on the PBX's clock, received on the desk's).
    fn heard(frames: &[(i64, i64)]) -> Clock {
        let mut clock = Clock::default();
        for (sent, received) in frames {
            clock.hear(Moment(*sent), Moment(*received));
        }
        clock
    }

    #[test]
    fn the_quickest_frame_shows_the_difference_best() {
        assert_eq!(heard(&[(180_000, 50), (180_100, 103), (180_200, 290)]).ahead(), 179_997);
    }

    #[test]
    fn frames_that_were_held_up_together_move_nothing() {
        let frozen: Vec<_> = (0..60).map(|second| (1_000 + second * 1_000, 61_000)).collect();
        let mut frames = vec![(0, 5), (500, 505)];
        frames.extend(frozen);
        assert_eq!(heard(&frames).ahead(), -5);
    }

    /// When frames were sent, on the clock of the facts, and on the desk's.
    fn noted(frames: &[(i64, i64)]) -> Vec<i64> {
        let mut clock = Clock::default();
        let noted = frames.iter().map(|(sent, received)| {
            let at = clock.hear(Moment(*sent), Moment(*received));
            at.0 - clock.ahead()
        });
        noted.collect()
    }

    #[test]
    fn a_clock_that_is_set_moves_no_fact() {
        assert_eq!(
            noted(&[(0, 5), (3_600_000, 1_000), (3_609_000, 10_004)]),
            [5, 1_000, 10_000],
            "forward"
        );
        assert_eq!(noted(&[(3_600_000, 0), (1_000, 1_010), (7_000, 7_020)]), [0, 1_010, 7_010], "back");
        // It was set back while nothing was sent, and no stamp shows it at once.
        let back = [(0, 5), (10_000, 70_000), (13_000, 73_005), (16_000, 76_000)];
        assert_eq!(noted(&back)[3], 76_000, "for a while it may have been held up");
        let mut clock = heard(&[(0, 5)]);
        clock.desk_was_set(3_600_000);
        assert_eq!(clock.hear(Moment(2_000), Moment(3_602_010)), Moment(2_000));
        assert_eq!(clock.ahead(), -3_600_005, "the desk knows of its own clock");
    }

    #[test]
    fn the_clocks_are_as_far_apart_as_they_show_whoever_set_them() {
        assert_eq!(Clock::default().shown_ahead(), None);
        let mut clock = heard(&[(0, 5)]);
        assert_eq!(clock.shown_ahead(), Some(-5));
        clock.hear(Moment(3_600_000), Moment(1_000));
        assert_eq!(clock.shown_ahead(), Some(3_599_000), "the PBX's clock was set");
        clock.desk_was_set(600_000);
        assert_eq!(clock.shown_ahead(), Some(2_999_000), "the desk's clock was set");
    }

    #[test]
    fn a_network_that_was_slow_for_a_while_moves_no_fact() {
        // Frames are late by four seconds for some time, and in time again.
        let late = [(0, 5), (10_000, 14_005), (16_000, 20_005), (20_000, 24_000), (30_000, 30_005)];
        let mut clock = Clock::default();
        for (sent, received) in late {
            assert_eq!(clock.hear(Moment(sent), Moment(received)), Moment(sent));
        }
        assert_eq!(clock.ahead(), -5);
    }

    #[test]
    fn a_stream_that_is_read_again_moves_nothing() {
        let frames = [(0, 5), (60_000, 60_005), (0, 5), (60_000, 60_005)];
        assert_eq!(noted(&frames), [5, 60_005, 5, 60_005]);
    }

    #[test]
    fn a_date_stands_in_until_a_frame_comes() {
        let mut clock = Clock::default();
        clock.hear_date(Moment(180_000), Moment(100));
        assert_eq!(clock.ahead(), 180_400);
        let mut same = Clock::default();
        same.hear_date(Moment(1_000), Moment(1_900));
        assert_eq!(same.ahead(), 0);
    }

    proptest! {
        #[test]
        fn any_difference_is_found_whatever_the_delays(
            ahead in -10_000_000_i64..10_000_000,
            delays in prop::collection::vec(0..400_i64, 20..60),
        ) {
            let frames: Vec<_> = delays.iter().enumerate().map(|(n, delay)| {
                let sent = i64::try_from(n).unwrap_or_default() * 700;
                (sent + ahead, sent + delay)
            }).collect();
            let found = heard(&frames).ahead();
            prop_assert!((ahead - 400..=ahead).contains(&found), "{found} of {ahead}");
        }
    }
}
