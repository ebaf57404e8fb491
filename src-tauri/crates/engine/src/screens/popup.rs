//! Which calls the popup shows, and for how long.
//!
//! Live calls with somebody outside are shown until the agent closes the popup or goes on in the
//! workspace. A conversation that is over stays until the agent is done with it (there is text to add and a decision to
//! undo); the next call folds it, and the next conversation takes its place. What else ended stays for a few seconds, a
//! missed call longer; of one person's missed calls, the last. Who likes it otherwise sets so ([`PopupStay`]); whatever is
//! set, nothing goes from under the hands of an agent who is in the popup. Closing holds for the phase it was done in: a call
//! closed while ringing comes back when it is answered (S11). While popups are paused, a call that nobody has taken here is
//! not shown at all; one that is missed then is told of afterwards, with the others. Colleagues among themselves are no matter
//! of the popup's, but for the one call that the set-up is tried with ([`Popup::await_trial`]).

use crate::view::{PopupStay, Route};
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
    /// How long calls that are over are shown.
    stay: PopupStay,
    /// The agent is in the popup.
    is_held: bool,
    /// When they turned away from it.
    let_go: Option<Moment>,
    trial: Trial,
}

/// The call that the set-up is tried with.
#[derive(Debug, Default, PartialEq, Eq)]
enum Trial {
    #[default]
    None,
    /// The next colleague who calls makes it.
    Awaited,
    Is(LegId),
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

    /// For how long calls that are over are shown, from now on.
    pub fn stays(&mut self, stay: PopupStay) {
        self.stay = stay;
    }

    /// The agent is in the popup, or has turned away from it: what would go by itself has its time anew.
    pub fn hold(&mut self, on: bool, now: Moment) {
        self.is_held = on;
        self.let_go = Some(now);
    }

    /// This computer's clock was set back by so much, ms.
    pub fn clock_set_back(&mut self, by: i64) {
        for at in self.ended.values_mut() {
            *at = at.plus_ms(-by);
        }
        self.let_go = self.let_go.map(|at| at.plus_ms(-by));
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

    /// The set-up is being tried: the next call from a colleague is shown, though nothing is to be done about it. Taken back where
    /// nobody waits for it any more; one that came is shown to its end.
    pub fn await_trial(&mut self, on: bool) {
        if on {
            self.trial = Trial::Awaited;
        } else if self.trial == Trial::Awaited {
            self.trial = Trial::None;
        }
    }

    /// Whether a call is any matter of the popup's.
    fn concerns(&mut self, call: &Call) -> bool {
        if call.detail.direction != Direction::Internal {
            return true;
        }
        if self.trial == Trial::Awaited && call.detail.phase == Phase::Ringing {
            self.trial = Trial::Is(call.leg.clone());
        }
        matches!(&self.trial, Trial::Is(leg) if *leg == call.leg)
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
        let mut gone = Vec::new();
        let mut seen = BTreeSet::new();
        for call in calls {
            if !self.concerns(call) {
                continue;
            }
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
            if self.is_over(call, now) {
                gone.push(call.leg.clone());
            } else if let Some(rank) = self.rank(call) {
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
        // Its time does not begin anew with the next call.
        kept.extend(gone.into_iter().map(|leg| (leg, Phase::Ended)));
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
        if shown.is_empty() {
            // A window that went is held by nobody, whatever was heard of it.
            self.is_held = false;
            self.let_go = None;
        }
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

    /// Whether the time of a call that has ended is over; notes when it will be.
    fn is_over(&mut self, call: &Call, now: Moment) -> bool {
        let (false, Some(stay), Some(ended)) = (self.is_held, self.time_of(call), self.ended.get(&call.leg)) else {
            return false;
        };
        let since = self.let_go.map_or(*ended, |let_go| let_go.max(*ended));
        let until = since.plus_ms(stay);
        if until > now {
            self.wake_at = Some(self.wake_at.map_or(until, |at| at.min(until)));
        }
        until <= now
    }

    /// How long the end of this call is shown, ms; none where it stays.
    fn time_of(&self, call: &Call) -> Option<i64> {
        if call.is_live() || !is_told(call) {
            return None;
        }
        // A question is asked as long as an answer is of use.
        if call.asks_who() && !awaits_agent(call) {
            return Some(ASKED);
        }
        match self.stay {
            PopupStay::AsNeeded if awaits_agent(call) => None,
            PopupStay::AsNeeded if call.detail.disposition == Some(Disposition::Missed) => Some(MISSED),
            PopupStay::AsNeeded => Some(ENDED),
            PopupStay::UntilClosed => None,
            PopupStay::Seconds5 => Some(5_000),
            PopupStay::Seconds20 => Some(20_000),
            PopupStay::Seconds60 => Some(60_000),
        }
    }

    fn rank(&self, call: &Call) -> Option<u8> {
        if call.is_live() && self.is_in_sight(call) {
            return None;
        }
        match call.detail.phase {
            Phase::Ringing | Phase::CallingAgent | Phase::Dialing => Some(0),
            Phase::Talking | Phase::Held if goes_on_in_workspace(call) => None,
            Phase::Talking | Phase::Held => Some(1),
            Phase::Ended => is_told(call).then_some(OVER),
        }
    }
}

/// Whether the end of a call is anything to its agent.
fn is_told(call: &Call) -> bool {
    match call.detail.disposition {
        _ if awaits_agent(call) => true,
        None => false,
        _ if call.asks_who() => true,
        Some(Disposition::AnsweredElsewhere) => false,
        // The agent waits for the client's answer, not for their own.
        Some(Disposition::Declined) => is_clients_word(call),
        Some(_) => true,
    }
}

/// Whether a call that is over leaves something to do: text to add, or a decision that can be taken back. A missed call
/// waits in the list.
fn awaits_agent(call: &Call) -> bool {
    match call.detail.disposition {
        None | Some(Disposition::Missed | Disposition::AnsweredElsewhere) => false,
        Some(Disposition::Answered) => call.detail.direction != Direction::Internal,
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
#[path = "popup_tests.rs"]
mod tests;
