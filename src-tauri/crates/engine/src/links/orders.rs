//! Calls that were ordered and that the PBX has not told of yet.

use calls::{LegId, Moment};
use std::collections::BTreeMap;

/// How long the PBX may say nothing of an order, ms; longer than a request takes to fail.
const SILENCE: i64 = 45_000;

/// Ordered calls, and until when the PBX may be silent about each.
#[derive(Debug, Default)]
pub(crate) struct Orders(BTreeMap<LegId, Moment>);

impl Orders {
    /// A call is ordered.
    pub(crate) fn placed(&mut self, leg: LegId, at: Moment) {
        self.0.insert(leg, at.plus_ms(SILENCE));
    }

    /// The PBX told of it, or refused it.
    pub(crate) fn told(&mut self, leg: &LegId) {
        self.0.remove(leg);
    }

    /// Those that it has not told of.
    pub(crate) fn untold(&self) -> impl Iterator<Item = &LegId> {
        self.0.keys()
    }

    /// Those that nothing more is expected of; they are not waited for any longer.
    pub(crate) fn take_silent(&mut self, at: Moment) -> Vec<LegId> {
        self.0.extract_if(.., |_, until| *until <= at).map(|(leg, _)| leg).collect()
    }

    /// When the next of them is given up.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.0.values().min().copied()
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.0.values_mut().for_each(|until| *until = until.plus_ms(-by));
    }
}
