//! The PBX's clock against the desk's, so that everybody else lives on the desk's clock alone.
//!
//! Every frame carries when it was sent, on the PBX's clock, and comes a moment later. So the difference of the clocks
//! is never less than what a frame shows, and the quickest frame shows it best. A frame that shows less was held up on
//! its way, unless the clocks were set; then frames keep showing less for as long as time passes on both sides. Frames
//! that were held up together (a computer that was frozen) come together.

use calls::Moment;

/// Frames that show less for so long were not held up: a clock was set, ms.
const BELIEVED: i64 = 5_000;
/// The second that an HTTP date names is half over on average, ms.
const HALF_A_SECOND: i64 = 500;
/// A difference that an HTTP date cannot show with certainty, ms.
const COARSE: i64 = 1_500;

/// How far the PBX's clock is ahead of the desk's, measured and smoothed.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: Option<i64>,
    /// Since when frames show less, and the most that they showed.
    less: Option<(Moment, i64)>,
}

impl Clock {
    /// A frame of this stamp came at this time on the desk's clock.
    pub fn hear(&mut self, stamped: Moment, received: Moment) {
        let shows = stamped.0.saturating_sub(received.0);
        let Some(ahead) = self.ahead.filter(|ahead| shows < *ahead) else {
            (self.ahead, self.less) = (Some(shows), None);
            return;
        };
        let (since, most) = self.less.map_or((received, shows), |(since, most)| (since, most.max(shows)));
        if received.since(since) >= BELIEVED {
            (self.ahead, self.less) = (Some(most), None);
        } else {
            (self.ahead, self.less) = (Some(ahead), Some((since, most)));
        }
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

    /// How far the PBX's clock is ahead of the desk's, ms.
    pub fn ahead(&self) -> i64 {
        self.ahead.unwrap_or(0)
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

    #[test]
    fn a_clock_that_was_set_is_believed_at_once_forward_and_after_a_while_back() {
        assert_eq!(heard(&[(0, 5), (3_600_000, 1_000)]).ahead(), 3_599_000, "the PBX went ahead");
        let back = [(3_600_000, 0), (1_000, 1_010), (3_000, 3_005), (7_000, 7_020)];
        assert_eq!(heard(&back[..3]).ahead(), 3_600_000, "it may have been held up");
        assert_eq!(heard(&back).ahead(), -5, "the PBX went back");
        let mut clock = heard(&[(0, 5)]);
        clock.desk_was_set(3_600_000);
        clock.hear(Moment(2_000), Moment(3_602_010));
        assert_eq!(clock.ahead(), -3_600_005, "the desk knows of its own clock");
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
