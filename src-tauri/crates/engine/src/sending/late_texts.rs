//! Texts that were typed over the end of a call or after it, and when each is to be sent by itself.

use calls::{LegId, Moment};
use std::collections::BTreeMap;

/// After so long without typing the agent is taken to be done, ms.
const QUIET: i64 = 30_000;

/// The calls whose text waits to be sent, and until when.
#[derive(Debug, Default)]
pub(crate) struct LateTexts(BTreeMap<LegId, Moment>);

impl LateTexts {
    /// The agent types: it is sent after a while without typing.
    pub(crate) fn typed(&mut self, leg: LegId, at: Moment) {
        self.0.insert(leg, at.plus_ms(QUIET));
    }

    /// The agent is done with it, or not at it any more: it is sent as soon as it may be.
    pub(crate) fn done(&mut self, leg: LegId, at: Moment) {
        self.0.insert(leg, at);
    }

    /// It says again what was sent before: nothing is to be sent.
    pub(crate) fn withdraw(&mut self, leg: &LegId) {
        self.0.remove(leg);
    }

    /// Those to be sent now that are not `held` back; they do not wait any more.
    pub(crate) fn take_due(&mut self, at: Moment, held: impl Fn(&LegId) -> bool) -> Vec<LegId> {
        let due = self.0.extract_if(.., |leg, due| *due <= at && !held(leg));
        due.map(|(leg, _)| leg).collect()
    }

    /// When the next one is to be sent that is not `held` back.
    pub(crate) fn wake_at(&self, held: impl Fn(&LegId) -> bool) -> Option<Moment> {
        self.0.iter().filter(|(leg, _)| !held(leg)).map(|(_, due)| *due).min()
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.0.values_mut().for_each(|due| *due = due.plus_ms(-by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(_: &LegId) -> bool {
        false
    }

    #[test]
    fn s15_a_text_is_sent_once_after_a_while_without_typing_or_when_the_agent_is_done() {
        let (a, b) = (LegId::new("a"), LegId::new("b"));
        let mut texts = LateTexts::default();
        texts.typed(a.clone(), Moment(0));
        texts.typed(a.clone(), Moment(1_000));
        texts.typed(b.clone(), Moment(0));
        texts.done(b.clone(), Moment(2_000));
        assert_eq!(texts.wake_at(free), Some(Moment(2_000)));
        assert_eq!(texts.take_due(Moment(2_000), free), [b]);
        assert_eq!(texts.take_due(Moment(QUIET), free), [], "typed again since");
        texts.clock_set_back(500);
        assert_eq!(texts.take_due(Moment(QUIET + 500), free), [a]);
        assert_eq!(texts.wake_at(free), None);
    }

    #[test]
    fn s07_what_the_message_about_the_call_takes_along_wakes_nobody_and_stays() {
        let a = LegId::new("a");
        let mut texts = LateTexts::default();
        texts.done(a.clone(), Moment(5));
        assert_eq!((texts.wake_at(|_| true), texts.take_due(Moment(9), |_| true)), (None, Vec::new()));
        assert_eq!(texts.wake_at(free), Some(Moment(5)));
        texts.withdraw(&a);
        assert_eq!(texts.take_due(Moment(9), free), []);
    }
}
