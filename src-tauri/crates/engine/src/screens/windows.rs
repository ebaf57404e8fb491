//! What the windows were told, and what of the program itself they are told: how far the start is, what broke, the made-up
//! call.

use crate::time::ms;
use crate::view::{FaultsView, Stage};
use calls::Moment;

/// How long it is said that the engine started again, ms.
const RESTART_SAID: i64 = 60_000;
/// How long the made-up call is shown, ms.
const SAMPLE_SHOWN: i64 = 15_000;

/// The windows' side of the controller.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    /// What they were told last is not true any more.
    stale: bool,
    revision: u32,
    stage: Stage,
    faults: FaultsView,
    /// Until when it is said that the engine started again.
    restart_said_until: Option<Moment>,
    /// Since when the made-up call of «Показать пробный звонок» rings.
    sample: Option<Moment>,
}

impl Windows {
    /// What they show has changed.
    pub(crate) fn stale(&mut self) {
        self.stale = true;
    }

    /// It has, if `so`.
    pub(crate) fn stale_if(&mut self, so: bool) {
        self.stale |= so;
    }

    /// The number of what they are told next, if they are to be told anything.
    pub(crate) fn next_revision(&mut self) -> Option<u32> {
        std::mem::take(&mut self.stale).then(|| self.advance())
    }

    /// The number of what they are told next.
    pub(crate) fn advance(&mut self) -> u32 {
        self.revision = self.revision.wrapping_add(1);
        self.revision
    }

    /// The number of what they were told last.
    pub(crate) fn revision(&self) -> u32 {
        self.revision
    }

    /// How far the start is.
    pub(crate) fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The start is that far.
    pub(crate) fn set_stage(&mut self, stage: Stage) {
        self.stage = stage;
        self.stale = true;
    }

    /// What of the program broke.
    pub(crate) fn faults(&self) -> FaultsView {
        self.faults
    }

    /// The engine broke and starts again: that is said for a while. Windows take no view that is older than theirs, so
    /// the numbers go on.
    pub(crate) fn anew(&self, at: Moment) -> Self {
        Self {
            stale: true,
            revision: self.revision,
            faults: FaultsView {
                restarts: self.faults.restarts + 1,
                restarted_at: Some(ms(at)),
                ..self.faults
            },
            restart_said_until: Some(at.plus_ms(RESTART_SAID)),
            ..Self::default()
        }
    }

    /// The made-up call rings, or does not any more.
    pub(crate) fn show_sample(&mut self, since: Option<Moment>) {
        self.sample = since;
        self.stale = true;
    }

    /// Since when it rings.
    pub(crate) fn sample(&self) -> Option<Moment> {
        self.sample
    }

    /// Ends what was shown for long enough.
    pub(crate) fn keep_going(&mut self, at: Moment) {
        if self.restart_said_until.take_if(|until| *until <= at).is_some() {
            self.faults.restarted_at = None;
            self.stale = true;
        }
        if self.sample.take_if(|since| since.plus_ms(SAMPLE_SHOWN) <= at).is_some() {
            self.stale = true;
        }
    }

    /// When the next of that is.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        let sample = self.sample.map(|since| since.plus_ms(SAMPLE_SHOWN));
        self.restart_said_until.into_iter().chain(sample).min()
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        for at in self.restart_said_until.iter_mut().chain(self.sample.as_mut()) {
            *at = at.plus_ms(-by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_told_once_and_the_numbers_go_on_over_a_restart() {
        let mut windows = Windows::default();
        assert_eq!(windows.next_revision(), None);
        windows.stale();
        assert_eq!((windows.next_revision(), windows.next_revision()), (Some(1), None));
        let mut anew = windows.anew(Moment(1_000));
        assert_eq!((anew.next_revision(), anew.faults().restarts), (Some(2), 1));
        anew.keep_going(Moment(1_000 + RESTART_SAID));
        assert_eq!(
            (anew.next_revision(), anew.faults().restarted_at, anew.faults().restarts),
            (Some(3), None, 1)
        );
    }

    #[test]
    fn the_made_up_call_ends_by_itself_also_when_the_clock_is_set_back() {
        let mut windows = Windows::default();
        windows.show_sample(Some(Moment(100_000)));
        windows.clock_set_back(50_000);
        windows.keep_going(Moment(50_000 + SAMPLE_SHOWN - 1));
        assert!(windows.sample().is_some());
        assert_eq!(windows.wake_at(), Some(Moment(50_000 + SAMPLE_SHOWN)));
        windows.keep_going(Moment(50_000 + SAMPLE_SHOWN));
        assert_eq!((windows.sample(), windows.wake_at()), (None, None));
    }
}
