//! Which calls the popup shows, and for how long.
//!
//! Live calls with somebody outside are shown until the agent closes the popup or goes on in the
//! workspace; what ended stays for a few seconds, a missed call longer. Closing holds for the
//! phase it was done in: a call closed while ringing comes back when it is answered (S11).

use crate::view::Route;
use calls::{Call, Choice, Compose, Direction, Disposition, LegId, Moment, Phase};
use std::collections::{BTreeMap, BTreeSet};

/// The rank of calls that are over; live ones have lower ranks.
const OVER: u8 = 2;
/// How long the end of a conversation is shown, ms.
const ENDED: i64 = 8_000;
/// How long a missed call is shown, ms.
const MISSED: i64 = 30_000;
/// How long it is asked who called, where several users have the number, ms.
const ASKED: i64 = 300_000;

/// The popup's calls.
#[derive(Debug, Default)]
pub struct Popup {
    closed: BTreeMap<LegId, Phase>,
    /// When the end was noticed, on our clock.
    ended: BTreeMap<LegId, Moment>,
    /// Calls that were live while this program ran; older ones are never shown again.
    live: BTreeSet<LegId>,
    shown: Vec<LegId>,
    /// The page of the workspace that the agent sees.
    seen: Option<Route>,
    wake_at: Option<Moment>,
}

impl Popup {
    /// The calls shown, the most important first: ringing before talking before ended, newest first.
    pub fn shown(&self) -> impl Iterator<Item = &LegId> {
        self.shown.iter()
    }

    /// When the shown calls change by themselves.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        self.wake_at
    }

    /// This computer's clock was set back by so much, ms.
    pub fn clock_set_back(&mut self, by: i64) {
        for at in self.ended.values_mut() {
            *at = at.plus_ms(-by);
        }
    }

    /// The agent sees this page of the workspace; none when it is not in front.
    pub fn looking_at(&mut self, route: Option<Route>) {
        self.seen = route;
    }

    /// S20: a call dialled from a case is in the case, as long as the agent looks at it.
    fn is_in_sight(&self, call: &Call) -> bool {
        let (Some(from), Some(Route::Case { case, .. })) = (&call.handling.called_from, &self.seen) else {
            return false;
        };
        from.id.0.to_string() == *case
    }

    /// The agent closed the popup.
    pub fn close<'a>(&mut self, calls: impl Iterator<Item = &'a Call>) {
        for call in calls.filter(|call| self.shown.contains(&call.leg)) {
            self.closed.insert(call.leg.clone(), call.detail.phase);
        }
    }

    /// Decides anew. Returns whether the popup changed.
    pub fn refresh<'a>(&mut self, calls: impl Iterator<Item = &'a Call>, now: Moment) -> bool {
        let mut wanted: Vec<(u8, std::cmp::Reverse<Moment>, LegId)> = Vec::new();
        self.wake_at = None;
        let mut kept = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for call in calls.filter(|call| call.detail.direction != Direction::Internal) {
            seen.insert(call.leg.clone());
            if call.is_live() {
                self.live.insert(call.leg.clone());
                // It may have ended before, and rings again.
                self.ended.remove(&call.leg);
            } else if !self.live.contains(&call.leg) {
                continue;
            } else {
                self.ended.entry(call.leg.clone()).or_insert(now);
            }
            if let Some(phase) = self.closed.get(&call.leg).filter(|phase| **phase == call.detail.phase) {
                kept.insert(call.leg.clone(), *phase);
                continue;
            }
            if let Some(rank) = self.rank(call, now) {
                wanted.push((rank, std::cmp::Reverse(call.detail.offered_at), call.leg.clone()));
            }
        }
        self.closed = kept;
        self.live.retain(|leg| seen.contains(leg));
        self.ended.retain(|leg, _| seen.contains(leg));
        wanted.sort();
        // What is over steps aside for what goes on.
        if wanted.first().is_some_and(|(rank, ..)| *rank < OVER) {
            wanted.retain(|(rank, ..)| *rank < OVER);
        }
        let shown: Vec<LegId> = wanted.into_iter().map(|(_, _, leg)| leg).take(4).collect();
        let changed = shown != self.shown;
        self.shown = shown;
        changed
    }

    fn rank(&mut self, call: &Call, now: Moment) -> Option<u8> {
        if call.is_live() && self.is_in_sight(call) {
            return None;
        }
        match call.detail.phase {
            Phase::Ringing | Phase::CallingAgent | Phase::Dialing => Some(0),
            Phase::Talking | Phase::Held if goes_on_in_workspace(call) => None,
            Phase::Talking | Phase::Held => Some(1),
            Phase::Ended => {
                let stay = match call.detail.disposition? {
                    _ if call.asks_who() => ASKED,
                    Disposition::Missed => MISSED,
                    Disposition::Answered | Disposition::Cancelled | Disposition::Busy | Disposition::Failed | Disposition::Unknown => {
                        ENDED
                    }
                    // The agent waits for the client's answer, not for their own.
                    Disposition::Declined if is_clients_word(call) => ENDED,
                    Disposition::AnsweredElsewhere | Disposition::Declined => return None,
                };
                let until = self.ended.get(&call.leg)?.plus_ms(stay);
                if until <= now {
                    return None;
                }
                self.wake_at = Some(self.wake_at.map_or(until, |at| at.min(until)));
                Some(OVER)
            }
        }
    }
}

/// Whether the client's phone rang, not the agent's.
fn is_clients_word(call: &Call) -> bool {
    call.detail.direction == Direction::Outbound && (call.detail.order.is_none() || call.detail.agent_picked_up)
}

/// The agent has turned to the workspace: the popup is in the way.
fn goes_on_in_workspace(call: &Call) -> bool {
    call.handling.called_from.is_none() && (call.handling.compose == Compose::Opened || call.handling.choice != Choice::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::{CallEvent, CallEventKind, Desk, HungUpBy, Input, Origin, Policy, Remote};

    fn desk() -> Desk {
        let mut desk = Desk::new(Policy::default());
        hear(&mut desk, offered());
        desk
    }

    fn offered() -> CallEventKind {
        let remote = Remote {
            raw: "79161234567".into(),
            name: None,
            hidden: false,
        };
        CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote,
            line: None,
            queue: None,
            origin: Origin::Direct,
        }
    }

    fn hear(desk: &mut Desk, kind: CallEventKind) {
        let event = CallEvent {
            leg: LegId::new("a"),
            at: Moment(0),
            kind,
        };
        desk.handle(Input::Pbx { event }, Moment(0));
    }

    fn ended(disposition: Disposition) -> CallEventKind {
        CallEventKind::Ended {
            disposition,
            cause: None,
            by: HungUpBy::Unknown,
        }
    }

    fn shows(popup: &mut Popup, desk: &Desk, now: i64) -> bool {
        popup.refresh(desk.calls(), Moment(now));
        popup.shown().next().is_some()
    }

    #[test]
    fn s01_a_ringing_call_is_shown_and_closing_holds_until_it_is_answered() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        assert!(shows(&mut popup, &desk, 0));
        popup.close(desk.calls());
        assert!(!shows(&mut popup, &desk, 1));
        hear(&mut desk, CallEventKind::Answered);
        assert!(
            shows(&mut popup, &desk, 2),
            "S11: what to do next is offered when the agent answers"
        );
    }

    #[test]
    fn s25_a_missed_call_stays_a_while_and_goes_by_itself() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        assert!(shows(&mut popup, &desk, 0));
        hear(&mut desk, ended(Disposition::Missed));
        assert!(shows(&mut popup, &desk, 10));
        assert_eq!(popup.wake_at(), Some(Moment(10 + MISSED)));
        assert!(!shows(&mut popup, &desk, 10 + MISSED));
    }

    #[test]
    fn a_call_taken_by_a_colleague_disappears_at_once() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        assert!(shows(&mut popup, &desk, 0));
        hear(&mut desk, ended(Disposition::AnsweredElsewhere));
        assert!(!shows(&mut popup, &desk, 1));
    }

    #[test]
    fn s22_a_client_who_declines_is_shown_a_while_and_the_agent_who_declines_knows() {
        for (kind, shown) in [
            (
                CallEventKind::Dialing {
                    conversation: None,
                    direction: Direction::Outbound,
                    remote: Remote::default(),
                    order: None,
                },
                true,
            ),
            (offered(), false),
        ] {
            let (mut desk, mut popup) = (Desk::new(Policy::default()), Popup::default());
            hear(&mut desk, kind);
            assert!(shows(&mut popup, &desk, 0));
            hear(&mut desk, ended(Disposition::Declined));
            assert_eq!(shows(&mut popup, &desk, 1), shown);
        }
    }

    #[test]
    fn calls_of_an_earlier_session_are_not_shown_again() {
        let mut desk = desk();
        hear(&mut desk, ended(Disposition::Missed));
        assert!(!shows(&mut Popup::default(), &desk, 1));
    }
}
