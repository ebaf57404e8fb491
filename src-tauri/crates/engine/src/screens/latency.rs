//! How soon the popup stands there: from the PBX's event to the frame that shows its call, for the last calls. Pure.

use crate::view::PopupHealth;
use calls::LegId;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many calls are kept.
const KEPT: usize = 200;
/// So many calls may wait for their frame; a popup that cannot be placed paints none.
const WAITING: usize = 16;
/// A longer time is no delay of ours: nothing is painted on a screen that is locked.
const LONGEST: Duration = Duration::from_secs(60);

/// The popup's delays.
#[derive(Debug, Default)]
pub(crate) struct Latency {
    /// Calls that are to be painted, and when the PBX told of them.
    waiting: VecDeque<(LegId, Instant)>,
    /// How long the last ones took, ms, oldest first.
    took: VecDeque<u32>,
    /// Something was added since it was last asked.
    is_new: bool,
}

impl Latency {
    /// The delays of before the start.
    pub(crate) fn restore(&mut self, took: Vec<u32>) {
        self.took = took.into();
        self.bound();
    }

    /// A call of this moment is in the popup now.
    pub(crate) fn shown(&mut self, leg: LegId, came: Instant) {
        if self.waiting.iter().any(|(waits, _)| *waits == leg) {
            return;
        }
        if self.waiting.len() == WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back((leg, came));
    }

    /// The popup has painted this call.
    pub(crate) fn painted(&mut self, leg: &LegId, at: Instant) {
        let Some(place) = self.waiting.iter().position(|(waits, _)| waits == leg) else {
            return;
        };
        let Some((_, came)) = self.waiting.remove(place) else { return };
        let took = at.saturating_duration_since(came);
        if took <= LONGEST {
            self.took.push_back(u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
            self.bound();
            self.is_new = true;
        }
    }

    /// For the page.
    pub(crate) fn view(&self) -> PopupHealth {
        let mut sorted: Vec<u32> = self.took.iter().copied().collect();
        sorted.sort_unstable();
        // The least one that so many of a hundred do not exceed.
        let percentile = |of: usize| sorted.get((sorted.len() * of).div_ceil(100).max(1) - 1).copied();
        PopupHealth {
            calls: u32::try_from(sorted.len()).unwrap_or(u32::MAX),
            half: percentile(50),
            most: percentile(95),
            slowest: sorted.last().copied(),
        }
    }

    /// For the file.
    pub(crate) fn took(&self) -> Vec<u32> {
        self.took.iter().copied().collect()
    }

    /// Whether something was added; it is not said twice.
    pub(crate) fn take_new(&mut self) -> bool {
        std::mem::take(&mut self.is_new)
    }

    fn bound(&mut self) {
        self.took.drain(..self.took.len().saturating_sub(KEPT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(id: usize) -> LegId {
        LegId::new(id.to_string())
    }

    fn of(took: &[u64]) -> PopupHealth {
        let (mut latency, start) = (Latency::default(), Instant::now());
        for (id, ms) in took.iter().enumerate() {
            latency.shown(leg(id), start);
            latency.painted(&leg(id), start + Duration::from_millis(*ms));
        }
        latency.view()
    }

    #[test]
    fn half_and_nearly_all_of_the_last_calls_are_told_and_nothing_where_there_were_none() {
        let health = |calls, half, most, slowest| PopupHealth {
            calls,
            half: Some(half),
            most: Some(most),
            slowest: Some(slowest),
        };
        assert_eq!(of(&[]), PopupHealth::default());
        assert_eq!(of(&[40]), health(1, 40, 40, 40));
        assert_eq!(of(&[40, 10]), health(2, 10, 40, 40));
        let hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(of(&hundred), health(100, 50, 95, 100));
        let many: Vec<u64> = std::iter::repeat_n(5_000, 50).chain(1..=200).collect();
        assert_eq!(of(&many), health(200, 100, 190, 200), "the older ones are forgotten");
        assert_eq!(of(&[60_001]), PopupHealth::default(), "a locked screen is no delay of ours");
    }

    #[test]
    fn a_frame_counts_once_and_for_a_call_that_was_to_be_shown() {
        let (mut latency, start) = (Latency::default(), Instant::now());
        latency.painted(&leg(1), start);
        latency.shown(leg(1), start);
        latency.shown(leg(1), start + Duration::from_millis(30));
        latency.painted(&leg(1), start + Duration::from_millis(40));
        latency.painted(&leg(1), start + Duration::from_secs(9));
        assert_eq!(latency.took(), [40]);
        for id in 0..1_000 {
            latency.shown(leg(id), start);
        }
        assert_eq!(latency.waiting.len(), WAITING);
    }
}
