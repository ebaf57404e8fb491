//! Which calls the popup shows, and for how long.
//!
//! Live calls with somebody outside are shown until the agent closes the popup or goes on in the
//! workspace. A conversation that is over stays until the agent is done with it (there is text to add and a decision to
//! undo); the next call folds it, and the next conversation takes its place. What else ended stays for a few seconds, a
//! missed call longer; of one person's missed calls, the last. Closing holds for the phase it was done in: a call closed
//! while ringing comes back when it is answered (S11). While popups are paused, a call that nobody has taken here is not
//! shown at all; one that is missed then is told of afterwards, with the others.

use crate::view::Route;
use calls::{Call, Choice, Compose, Direction, Disposition, LegId, Moment, Phase, PhoneKey, UserId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The rank of calls that are over; live ones have lower ranks.
const OVER: u8 = 2;
/// How long the end of a call is shown that leaves nothing to do, ms.
const ENDED: i64 = 8_000;
/// How long a missed call is shown, ms.
const MISSED: i64 = 30_000;
/// How long it is asked who called, where several users have the number, ms.
const ASKED: i64 = 300_000;

/// As many as fit.
const MOST: usize = 4;

/// A call that is to be shown.
#[derive(Debug)]
struct Wanted {
    rank: u8,
    offered_at: Moment,
    leg: LegId,
    /// Its agent has something to do about it yet.
    stays: bool,
    is_missed: bool,
    person: Person,
}

/// Who was at the other end: by number, and by user where one is known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    number: Option<PhoneKey>,
    user: Option<UserId>,
}

impl Person {
    fn of(call: &Call) -> Self {
        Self {
            number: call.client_key(),
            user: call.user(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        let same_number = self.number.is_some() && self.number == other.number;
        same_number || (self.user.is_some() && self.user == other.user)
    }
}

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
    /// Nothing comes that the agent did not turn to.
    paused: bool,
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

    /// Popups are paused from now on, or come again.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// The agent closed the popup.
    pub fn close<'a>(&mut self, calls: impl Iterator<Item = &'a Call>) {
        for call in calls.filter(|call| self.shown.contains(&call.leg)) {
            self.closed.insert(call.leg.clone(), call.detail.phase);
        }
    }

    /// The agent is done with a call that is over.
    pub fn done_with(&mut self, call: &Call) {
        if !call.is_live() {
            self.closed.insert(call.leg.clone(), call.detail.phase);
        }
    }

    /// Decides anew. Returns whether the popup changed.
    pub fn refresh<'a>(&mut self, calls: impl Iterator<Item = &'a Call>, now: Moment) -> bool {
        let mut wanted: Vec<Wanted> = Vec::new();
        self.wake_at = None;
        let mut is_call_on = false;
        let mut kept = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for call in calls.filter(|call| call.detail.direction != Direction::Internal) {
            seen.insert(call.leg.clone());
            let is_held_back = self.paused && is_uninvited(call);
            if call.is_live() {
                is_call_on |= !is_held_back;
                self.live.insert(call.leg.clone());
                // It may have ended before, and rings again.
                self.ended.remove(&call.leg);
            } else if !self.live.contains(&call.leg) {
                continue;
            } else {
                self.ended.entry(call.leg.clone()).or_insert(now);
            }
            if is_held_back {
                // What rings yet when the pause ends comes then.
                if !call.is_live() {
                    kept.insert(call.leg.clone(), call.detail.phase);
                }
                continue;
            }
            if let Some(phase) = self.closed.get(&call.leg).filter(|phase| **phase == call.detail.phase) {
                kept.insert(call.leg.clone(), *phase);
                continue;
            }
            if let Some(rank) = self.rank(call, now) {
                wanted.push(Wanted {
                    rank,
                    offered_at: call.detail.offered_at,
                    leg: call.leg.clone(),
                    stays: awaits_agent(call),
                    is_missed: call.detail.disposition == Some(Disposition::Missed),
                    person: Person::of(call),
                });
            }
        }
        self.closed = kept;
        self.live.retain(|leg| seen.contains(leg));
        self.ended.retain(|leg, _| seen.contains(leg));
        wanted.sort_by(|a, b| (a.rank, Reverse(a.offered_at), &a.leg).cmp(&(b.rank, Reverse(b.offered_at), &b.leg)));
        self.let_the_last_stay(&mut wanted);
        // What is over steps aside for what goes on; what awaits its agent is folded beside it.
        let goes_on_here = wanted.first().is_some_and(|first| first.rank < OVER);
        if goes_on_here {
            wanted.retain(|call| call.rank < OVER || call.stays);
        } else if is_call_on {
            // The agent is with that call in the workspace.
            wanted.retain(|call| !call.stays);
        }
        let shown: Vec<LegId> = one_of_each_person(wanted).into_iter().take(MOST).collect();
        let changed = shown != self.shown;
        self.shown = shown;
        changed
    }

    /// Of the conversations that await their agent, the last one does; its agent has gone on from the others.
    fn let_the_last_stay(&mut self, wanted: &mut Vec<Wanted>) {
        let mut last = true;
        wanted.retain(|call| {
            let stays = !call.stays || std::mem::take(&mut last);
            if !stays {
                self.closed.insert(call.leg.clone(), Phase::Ended);
            }
            stays
        });
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
                if awaits_agent(call) {
                    return Some(OVER);
                }
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

/// Whether a call that is over leaves something to do: text to add, or a decision that can be taken back. A missed call
/// waits in the list.
fn awaits_agent(call: &Call) -> bool {
    match call.detail.disposition {
        None | Some(Disposition::Missed | Disposition::AnsweredElsewhere) => false,
        Some(Disposition::Answered) => true,
        Some(Disposition::Declined) if !is_clients_word(call) => false,
        Some(Disposition::Declined | Disposition::Cancelled | Disposition::Busy | Disposition::Failed | Disposition::Unknown) => {
            call.undo_status().is_some()
        }
    }
}

/// Of several missed calls of one person the last, and none where there is a newer call with them.
fn one_of_each_person(wanted: Vec<Wanted>) -> Vec<LegId> {
    let mut shown: Vec<Wanted> = Vec::new();
    for call in wanted {
        let told = call.is_missed && shown.iter().any(|newer| newer.person.is(&call.person));
        if !told {
            shown.push(call);
        }
    }
    shown.into_iter().map(|call| call.leg).collect()
}

/// Somebody calls, and the agent has not taken it.
fn is_uninvited(call: &Call) -> bool {
    call.detail.direction == Direction::Inbound && !call.was_answered()
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
        hear_of(desk, "a", 0, kind);
    }

    fn hear_of(desk: &mut Desk, leg: &str, at: i64, kind: CallEventKind) {
        let event = CallEvent {
            leg: LegId::new(leg),
            at: Moment(at),
            kind,
        };
        desk.handle(Input::Pbx { event }, Moment(at));
    }

    fn shown(popup: &mut Popup, desk: &Desk, now: i64) -> Vec<String> {
        popup.refresh(desk.calls(), Moment(now));
        popup.shown().map(|leg| leg.as_str().to_owned()).collect()
    }

    fn of_number(raw: &str) -> CallEventKind {
        let CallEventKind::Offered { remote, .. } = offered() else {
            panic!("an offer")
        };
        CallEventKind::Offered {
            remote: Remote { raw: raw.into(), ..remote },
            conversation: None,
            direction: Direction::Inbound,
            line: None,
            queue: None,
            origin: Origin::Direct,
        }
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
    fn d1_in_a_pause_nothing_comes_that_the_agent_did_not_turn_to() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        assert!(shows(&mut popup, &desk, 0));
        popup.pause(true);
        assert!(!shows(&mut popup, &desk, 1), "put away");
        popup.pause(false);
        assert!(shows(&mut popup, &desk, 2), "it rings yet");
        popup.pause(true);
        hear(&mut desk, ended(Disposition::Missed));
        assert!(!shows(&mut popup, &desk, 10));
        popup.pause(false);
        assert!(!shows(&mut popup, &desk, 11), "it is told of with the others");

        // What was picked up is the agent's, and the next call that rings takes nothing of it away.
        popup.pause(true);
        hear_of(&mut desk, "b", 20, offered());
        assert!(!shows(&mut popup, &desk, 20));
        hear_of(&mut desk, "b", 21, CallEventKind::Answered);
        assert_eq!(shown(&mut popup, &desk, 21), ["b"]);
        hear_of(&mut desk, "b", 22, ended(Disposition::Answered));
        hear_of(&mut desk, "c", 30, of_number("79031112233"));
        assert_eq!(shown(&mut popup, &desk, 30), ["b"]);
        popup.pause(false);
        assert_eq!(shown(&mut popup, &desk, 31), ["c", "b"]);

        // What the agent dials, too.
        popup.pause(true);
        hear_of(
            &mut desk,
            "d",
            40,
            CallEventKind::Dialing {
                conversation: None,
                direction: Direction::Outbound,
                remote: Remote::default(),
                order: None,
            },
        );
        assert_eq!(shown(&mut popup, &desk, 40), ["d", "b"]);
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
    fn a_conversation_that_is_over_stays_until_its_agent_is_done_with_it() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        hear(&mut desk, CallEventKind::Answered);
        assert_eq!(shown(&mut popup, &desk, 1), ["a"]);
        hear(&mut desk, ended(Disposition::Answered));
        assert_eq!(shown(&mut popup, &desk, 2), ["a"]);
        assert_eq!(popup.wake_at(), None, "no clock ends it");
        assert_eq!(shown(&mut popup, &desk, 3_600_000), ["a"]);
        popup.done_with(desk.call(&LegId::new("a")).unwrap());
        assert_eq!(shown(&mut popup, &desk, 3_600_001), [""; 0]);
    }

    #[test]
    fn the_next_call_folds_a_conversation_that_is_over_and_the_next_conversation_takes_its_place() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        hear(&mut desk, CallEventKind::Answered);
        shown(&mut popup, &desk, 1);
        hear(&mut desk, ended(Disposition::Answered));
        hear_of(&mut desk, "b", 10, of_number("79031112233"));
        assert_eq!(shown(&mut popup, &desk, 10), ["b", "a"], "what rings comes first");
        hear_of(&mut desk, "b", 20, ended(Disposition::Missed));
        assert_eq!(shown(&mut popup, &desk, 20), ["b", "a"]);
        assert_eq!(
            shown(&mut popup, &desk, 20 + MISSED),
            ["a"],
            "a missed call does not take its place"
        );
        hear_of(&mut desk, "c", 40_000, of_number("79031112233"));
        hear_of(&mut desk, "c", 40_001, CallEventKind::Answered);
        assert_eq!(shown(&mut popup, &desk, 40_001), ["c", "a"]);
        hear_of(&mut desk, "c", 50_000, ended(Disposition::Answered));
        assert_eq!(shown(&mut popup, &desk, 50_000), ["c"]);
        popup.done_with(desk.call(&LegId::new("c")).unwrap());
        assert_eq!(shown(&mut popup, &desk, 50_001), [""; 0], "it does not come back");
    }

    #[test]
    fn what_is_over_does_not_come_back_while_the_next_call_goes_on_in_the_workspace() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        hear(&mut desk, CallEventKind::Answered);
        shown(&mut popup, &desk, 1);
        hear(&mut desk, ended(Disposition::Answered));
        hear_of(&mut desk, "b", 10, of_number("79031112233"));
        hear_of(&mut desk, "b", 11, CallEventKind::Answered);
        assert_eq!(shown(&mut popup, &desk, 11), ["b", "a"]);
        desk.handle(
            Input::Agent {
                leg: LegId::new("b"),
                action: calls::AgentAction::OpenCompose,
            },
            Moment(12),
        );
        assert_eq!(shown(&mut popup, &desk, 12), [""; 0]);
    }

    #[test]
    fn s27_a_person_who_rings_again_and_again_has_one_card() {
        let (mut desk, mut popup) = (desk(), Popup::default());
        shown(&mut popup, &desk, 0);
        hear(&mut desk, ended(Disposition::Missed));
        for (leg, at, raw) in [
            ("b", 1_000, "79161234567"),
            ("c", 2_000, "79031112233"),
            ("d", 3_000, "89161234567"),
        ] {
            hear_of(&mut desk, leg, at, of_number(raw));
            shown(&mut popup, &desk, at);
            hear_of(&mut desk, leg, at + 500, ended(Disposition::Missed));
        }
        assert_eq!(shown(&mut popup, &desk, 4_000), ["d", "c"]);
        // Talked to since: there is nothing to call back about.
        hear_of(&mut desk, "e", 5_000, of_number("79161234567"));
        hear_of(&mut desk, "e", 5_001, CallEventKind::Answered);
        shown(&mut popup, &desk, 5_001);
        hear_of(&mut desk, "e", 6_000, ended(Disposition::Answered));
        assert_eq!(shown(&mut popup, &desk, 6_000), ["e", "c"]);
    }

    #[test]
    fn callers_who_hide_their_number_are_not_taken_for_one_person() {
        let (mut desk, mut popup) = (Desk::new(Policy::default()), Popup::default());
        for (leg, at) in [("a", 0), ("b", 1_000)] {
            let CallEventKind::Offered { origin, .. } = offered() else {
                panic!("an offer")
            };
            let remote = Remote {
                hidden: true,
                ..Remote::default()
            };
            let kind = CallEventKind::Offered {
                conversation: None,
                direction: Direction::Inbound,
                remote,
                line: None,
                queue: None,
                origin,
            };
            hear_of(&mut desk, leg, at, kind);
            shown(&mut popup, &desk, at);
            hear_of(&mut desk, leg, at + 500, ended(Disposition::Missed));
        }
        assert_eq!(shown(&mut popup, &desk, 2_000), ["b", "a"]);
    }

    #[test]
    fn calls_of_an_earlier_session_are_not_shown_again() {
        let mut desk = desk();
        hear(&mut desk, ended(Disposition::Missed));
        assert!(!shows(&mut Popup::default(), &desk, 1));
    }
}
