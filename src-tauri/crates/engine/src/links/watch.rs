//! When this desk could look and when it could not: the last moment at which the PBX was heard, and the gaps.
//!
//! A desk is blind while the program does not run (a crash, a suspended computer, a stopped process) and while the line
//! to the PBX is down.

use calls::{Call, Gap, LegId, Moment};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often it is noted while calls go on that the PBX is heard, ms: talk times after a crash are as true as that.
const BEAT: i64 = 5_000;
/// How often the point of a PBX that resumes is kept at most.
const POINT_EVERY: Duration = Duration::from_secs(5);
/// Gaps that are remembered: calls of before the oldest one have long been written.
const KEPT: usize = 32;

/// What this desk knows of its own sight.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    heard_until: Moment,
    beat_at: Moment,
    gaps: Vec<Gap>,
    /// Calls that the PBX has not confirmed since the last gap: they ring nowhere, perhaps.
    unconfirmed: BTreeSet<LegId>,
    /// Up to which point a PBX that resumes was heard, as it is kept, and since when.
    point: Option<(String, Instant)>,
}

impl Watch {
    /// The PBX was heard at this moment.
    pub(crate) fn hear(&mut self, at: Moment) {
        self.heard_until = self.heard_until.max(at);
    }

    /// The last sign of life of before the start, if there is one; it is not yet to come.
    pub(crate) fn restore(&mut self, last: Option<Moment>, at: Moment) {
        self.heard_until = last.map_or(at, |last| last.min(at));
        self.note(Gap {
            from: self.heard_until,
            to: at,
        });
    }

    pub(crate) fn heard_until(&self) -> Moment {
        self.heard_until
    }

    /// Whether it is time to keep the moment at which the PBX was last heard; the next time is counted from here.
    pub(crate) fn beats(&mut self, at: Moment) -> bool {
        let due = at.since(self.beat_at) >= BEAT;
        if due {
            self.beat_at = at;
        }
        due
    }

    /// This desk could not look.
    pub(crate) fn note(&mut self, gap: Gap) {
        if self.gaps.len() >= KEPT {
            self.gaps.remove(0);
        }
        self.gaps.push(gap);
    }

    /// Whether this desk could not look for some time since a call began.
    pub(crate) fn missed_some_of(&self, call: &Call) -> bool {
        call.detail.unseen.is_some() || self.gaps.iter().any(|gap| gap.to >= call.detail.offered_at)
    }

    /// The PBX has not said that this call is there.
    pub(crate) fn doubt(&mut self, leg: LegId) {
        self.unconfirmed.insert(leg);
    }

    /// It has.
    pub(crate) fn confirm(&mut self, leg: &LegId) {
        self.unconfirmed.remove(leg);
    }

    /// It has said what there is.
    pub(crate) fn confirm_all(&mut self) {
        self.unconfirmed.clear();
    }

    pub(crate) fn is_confirmed(&self, leg: &LegId) -> bool {
        !self.unconfirmed.contains(leg)
    }

    /// Whether a new point is to be kept: the disk is spared for some seconds if it `waits`.
    pub(crate) fn is_new_point(&self, text: &str, waits: bool) -> bool {
        self.point
            .as_ref()
            .is_none_or(|(kept, since)| kept != text && !(waits && since.elapsed() < POINT_EVERY))
    }

    /// It was kept.
    pub(crate) fn kept_point(&mut self, text: String) {
        self.point = Some((text, Instant::now()));
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.beat_at = self.beat_at.plus_ms(-by);
        self.heard_until = self.heard_until.plus_ms(-by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_without_any_sign_of_life_before_has_no_gap_and_one_from_the_future_is_none() {
        for (last, from) in [(None, 100), (Some(Moment(40)), 40), (Some(Moment(900)), 100)] {
            let mut watch = Watch::default();
            watch.restore(last, Moment(100));
            assert_eq!((watch.gaps[0].from, watch.gaps[0].to), (Moment(from), Moment(100)), "{last:?}");
        }
    }

    #[test]
    fn a_sign_of_life_is_kept_every_few_seconds_and_a_clock_that_is_set_back_stops_none() {
        let mut watch = Watch::default();
        assert!(watch.beats(Moment(100_000)));
        assert!(!watch.beats(Moment(100_000 + BEAT - 1)));
        assert!(watch.beats(Moment(100_000 + BEAT)));
        watch.clock_set_back(60_000);
        assert!(watch.beats(Moment(100_000 + 2 * BEAT - 60_000)));
    }

    #[test]
    fn the_same_point_is_kept_once_and_the_next_one_not_at_once() {
        let mut watch = Watch::default();
        assert!(watch.is_new_point("1", true));
        watch.kept_point("1".into());
        assert!(!watch.is_new_point("1", false));
        assert!(!watch.is_new_point("2", true), "the disk is spared");
        assert!(watch.is_new_point("2", false), "but not at the end");
    }
}
