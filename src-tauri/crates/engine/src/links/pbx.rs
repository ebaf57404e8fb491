//! The link to the PBX as the controller holds it: the line itself, what it tells, and what windows are told of it.

use crate::links::spells::Spells;
use crate::time::ms;
use crate::view::{LinkStateView, LinkView, TroubleView, trouble};
use calls::{LinkState, LinkTrouble, Moment};
use pbx::{Pbx, Prepared, Told};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many events of the PBX may wait; beyond that the PBX is not heard further.
const INBOX: usize = 1_024;
/// Before knocking again where we were refused for good, ms: an administrator may have mended it.
const KNOCK: i64 = 300_000;

/// What a change of the line's state means for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// It came up.
    Up,
    /// It was up and is.
    StaysUp,
    /// It is not up.
    Down,
}

/// The link to the PBX.
#[derive(Default)]
pub(crate) struct PbxLink {
    line: Option<Arc<dyn Pbx>>,
    events: Option<mpsc::Receiver<Told>>,
    view: LinkView,
    /// How it stood before.
    pub(crate) spells: Spells,
    phone_online: Option<bool>,
    /// When to knock again at a PBX that only a person can mend; persons forget.
    again: Option<Moment>,
}

impl PbxLink {
    /// The line, if one is set up.
    pub(crate) fn line(&self) -> Option<&Arc<dyn Pbx>> {
        self.line.as_ref()
    }

    /// For the windows.
    pub(crate) fn view(&self) -> &LinkView {
        &self.view
    }

    pub(crate) fn is_up(&self) -> bool {
        self.view.state == LinkStateView::Up
    }

    /// Whether the agent's phone is registered, as far as the PBX said.
    pub(crate) fn phone_online(&self) -> Option<bool> {
        self.phone_online
    }

    pub(crate) fn set_phone_online(&mut self, online: bool) {
        self.phone_online = Some(online);
    }

    /// Whether the PBX places no calls; nothing without one.
    pub(crate) fn only_tells(&self) -> Option<bool> {
        self.line.as_ref().map(|line| line.dials().is_none())
    }

    /// How many events wait to be taken in.
    pub(crate) fn untaken(&self) -> usize {
        self.events.as_ref().map_or(0, mpsc::Receiver::len)
    }

    /// When the PBX was last heard.
    pub(crate) fn heard_at(&self) -> Option<Moment> {
        self.line.as_ref()?.stats().heard_at
    }

    /// Up to which point a PBX that resumes has told everything, and whether all of it was taken in.
    pub(crate) fn point(&self) -> Option<(String, bool)> {
        // First the point, then the look: what comes in between is told again.
        let point = self.line.as_ref()?.stats().point?;
        Some((point, self.events.as_ref().is_some_and(mpsc::Receiver::is_empty)))
    }

    /// Begins to connect; a PBX that resumes goes on behind `point`.
    pub(crate) fn begin(&mut self, prepared: Prepared, point: Option<&str>, at: Moment) {
        let (events, inbox) = mpsc::channel(INBOX);
        self.events = Some(inbox);
        self.view = LinkView {
            state: LinkStateView::Connecting,
            since: Some(ms(at)),
            ..LinkView::default()
        };
        self.spells.note(&self.view, at);
        self.line = Some(prepared.start(events, point));
    }

    /// There is none, and what a person has to do for one.
    pub(crate) fn without(&mut self, waits_for: Option<TroubleView>, at: Moment) {
        self.view = waits_for.map_or_else(LinkView::default, |trouble| LinkView {
            state: LinkStateView::Down,
            trouble: Some(trouble),
            since: Some(ms(at)),
            retry_at: None,
        });
        self.spells.note(&self.view, at);
    }

    /// The line, to be shut down; nothing it told and was not taken in comes any more.
    pub(crate) fn let_go(&mut self) -> Option<Arc<dyn Pbx>> {
        self.events = None;
        self.line.take()
    }

    /// A person wants it at once.
    pub(crate) fn reconnect_now(&self) {
        if let Some(line) = &self.line {
            line.reconnect_now();
        }
    }

    /// Knocks again where it is time to.
    pub(crate) fn keep_knocking(&mut self, at: Moment) {
        if self.again.is_some_and(|again| again <= at) {
            self.again = None;
            self.reconnect_now();
        }
    }

    /// When it is time to.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.again
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.again = self.again.map(|again| again.plus_ms(-by));
    }

    /// The line's state changed.
    pub(crate) fn turn(&mut self, state: &LinkState, at: Moment) -> Turned {
        let (shown, trouble, retry_at) = match state {
            LinkState::Connecting => (LinkStateView::Connecting, None, None),
            LinkState::Up => (LinkStateView::Up, None, None),
            LinkState::Down { trouble, retry_at } => (LinkStateView::Down, Some(trouble::of_link(trouble)), *retry_at),
        };
        let given_up = matches!(state, LinkState::Down { trouble, retry_at: None } if *trouble != LinkTrouble::Replaced);
        self.again = given_up.then(|| at.plus_ms(KNOCK));
        let was = self.view.state;
        // "Connecting" again and again does not restart the clock of an outage.
        let still_out = was == LinkStateView::Down && shown != LinkStateView::Up;
        let since = if shown == was || still_out { self.view.since } else { Some(ms(at)) };
        let kept = still_out && shown == LinkStateView::Connecting;
        self.view = LinkView {
            state: if kept { LinkStateView::Down } else { shown },
            trouble: if kept { self.view.trouble } else { trouble },
            since,
            retry_at: retry_at.map(ms),
        };
        self.spells.note(&self.view, at);
        match (was, shown) {
            (LinkStateView::Up, LinkStateView::Up) => Turned::StaysUp,
            (_, LinkStateView::Up) => Turned::Up,
            _ => Turned::Down,
        }
    }

    /// The next event; none comes while there is no PBX.
    pub(crate) async fn next(&mut self) -> Told {
        if let Some(inbox) = &mut self.events
            && let Some(told) = inbox.recv().await
        {
            return told;
        }
        // No PBX, or its task ended: a new connection brings a new channel.
        self.events = None;
        std::future::pending().await
    }

    /// The next event, if one waits.
    pub(crate) fn waiting(&mut self) -> Option<Told> {
        self.events.as_mut()?.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down(retry_at: Option<i64>) -> LinkState {
        LinkState::Down {
            trouble: LinkTrouble::Unreachable,
            retry_at: retry_at.map(Moment),
        }
    }

    #[test]
    fn an_outage_lasts_from_its_first_moment_to_the_first_success() {
        let mut link = PbxLink::default();
        assert_eq!(link.turn(&LinkState::Connecting, Moment(1)), Turned::Down);
        assert_eq!(link.turn(&LinkState::Up, Moment(2)), Turned::Up);
        assert_eq!(link.turn(&LinkState::Up, Moment(3)), Turned::StaysUp);
        assert_eq!(link.turn(&down(Some(9)), Moment(4)), Turned::Down);
        for at in 5..8 {
            assert_eq!(link.turn(&LinkState::Connecting, Moment(at)), Turned::Down);
            assert_eq!((link.view.state, link.view.since), (LinkStateView::Down, Some(4.0)));
            assert!(link.view.trouble.is_some(), "what is wrong stays said");
        }
        assert_eq!(link.turn(&LinkState::Up, Moment(8)), Turned::Up);
        assert_eq!((link.view.since, link.view.trouble), (Some(8.0), None));
    }

    #[test]
    fn who_was_refused_for_good_knocks_again_after_minutes() {
        let mut link = PbxLink::default();
        link.turn(&down(Some(9)), Moment(4));
        assert_eq!(link.wake_at(), None, "the line tries by itself");
        link.turn(&down(None), Moment(4));
        assert_eq!(link.wake_at(), Some(Moment(4 + KNOCK)));
        link.keep_knocking(Moment(4 + KNOCK));
        assert_eq!(link.wake_at(), None);
    }
}
