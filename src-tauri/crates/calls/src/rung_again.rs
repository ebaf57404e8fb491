//! A phone that is rung twice for one conversation is one call for the agent (S25): a queue that tries the same phone
//! again, two devices of one extension.
//!
//! The call keeps the id of its first leg, with everything that the agent typed, opened or chose; the later leg takes the
//! earlier one's place. Once a leg was answered, or the missed call was told, what follows is a call of its own.

use crate::call::{Call, Choice, Phase, Ring};
use crate::desk::Desk;
use crate::duty_key::DutyName;
use crate::effect::Effect;
use crate::event::{CallEvent, CallEventKind, ConversationId, Direction, Disposition, HungUpBy, LegId};

impl Call {
    /// The leg that the PBX knows the call by now.
    #[must_use]
    pub fn current_leg(&self) -> &LegId {
        let rings = self.detail.rings.iter().rev().find(|ring| !ring.over).or(self.detail.rings.last());
        rings.map_or(&self.leg, |ring| &ring.leg)
    }

    fn has_leg(&self, leg: &LegId) -> bool {
        self.leg == *leg || self.detail.rings.iter().any(|ring| ring.leg == *leg)
    }

    /// Whether one of its legs is among these.
    pub(crate) fn is_among(&self, live: &[LegId]) -> bool {
        live.iter().any(|leg| self.has_leg(leg))
    }

    /// Whether a further leg of the conversation is this call once more.
    fn goes_on(&self) -> bool {
        let open = !self.was_answered() && !self.filing.missed_told && !self.filing.elsewhere;
        open && self.detail.direction == Direction::Inbound && self.detail.disposition != Some(Disposition::AnsweredElsewhere)
    }
}

impl Desk {
    /// The call that a leg is part of.
    #[must_use]
    pub fn call_of(&self, leg: &LegId) -> Option<&Call> {
        let of_leg = || self.calls.values().find(|call| call.has_leg(leg));
        self.calls.get(leg).or_else(of_leg)
    }

    /// The call that a new leg goes on with, as far as its conversation is known.
    pub(crate) fn rung_before(&self, leg: &LegId, conversation: Option<&ConversationId>) -> Option<LegId> {
        let conversation = conversation?;
        let same = |call: &&Call| call.detail.conversation.as_ref() == Some(conversation) && !call.has_leg(leg) && call.goes_on();
        let earlier = self
            .calls
            .values()
            .filter(same)
            .min_by_key(|call| (call.detail.offered_at, call.leg.clone()));
        earlier.map(|call| call.leg.clone())
    }

    /// The phone is rung once more for a call: it rings on, as the agent left it.
    pub(crate) fn ring_again(&mut self, call: &LegId, leg: &LegId) -> Vec<Effect> {
        let withdrawn = self.calls.get(call).map(|call| call.key(DutyName::Case));
        let Some(call) = self.touch(call) else { return Vec::new() };
        if call.detail.rings.is_empty() {
            call.detail.rings.push(Ring {
                leg: call.leg.clone(),
                over: !call.is_live(),
            });
        }
        call.detail.rings.push(Ring {
            leg: leg.clone(),
            over: false,
        });
        (call.detail.shared_with, call.detail.turn) = (Vec::new(), 0);
        if !call.is_live() {
            call.detail.phase = Phase::Ringing;
            (
                call.detail.ended_at,
                call.detail.disposition,
                call.filing.outcome,
                call.filing.joined,
            ) = (None, None, None, None);
            call.filing.case = match &call.handling.choice {
                Choice::Attach { case } => Some(case.clone()),
                Choice::NewCase => call.filing.case.take(),
                Choice::None => None,
            };
            // What was owed as if it had been missed is withdrawn: from now on its duties have keys of their own.
            call.filing.rung_again += 1;
            if let Some(withdrawn) = withdrawn.filter(|_| !call.handling.created_live)
                && self.notes.missed.iter().any(|missed| missed.opened_by == withdrawn)
            {
                self.touch_notes().missed.retain(|missed| missed.opened_by != withdrawn);
            }
        }
        self.early_events_of(leg)
    }

    /// A leg turns out to be a further one of a conversation that has rung here before: both are one call.
    pub(crate) fn absorb(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(one) = self.calls.get(leg) else { return Vec::new() };
        let same =
            |call: &&Call| call.detail.conversation.is_some() && call.detail.conversation == one.detail.conversation && call.leg != one.leg;
        // The one of them that nobody has answered, if there is any.
        let others = self.calls.values().filter(same).max_by_key(|call| (call.goes_on(), call.is_live()));
        let Some(other) = others else { return Vec::new() };
        let is_first = (one.detail.offered_at, &one.leg) < (other.detail.offered_at, &other.leg);
        let (earlier, later) = if is_first { (one, other) } else { (other, one) };
        if !earlier.goes_on() || !later.goes_on_with_another() {
            return Vec::new();
        }
        let (earlier, leg) = (earlier.leg.clone(), &later.leg.clone());
        let Some(later) = self.forget(leg) else { return Vec::new() };
        let mut effects = self.ring_again(&earlier, leg);
        let Some(call) = self.touch(&earlier) else { return effects };
        if call.handling.draft.is_empty() {
            call.handling.draft = later.handling.draft;
        }
        call.handling.compose = call.handling.compose.max(later.handling.compose);
        call.filing.profile_opened |= later.filing.profile_opened;
        let at = later.detail.answered_at;
        if let Some(at) = at {
            let (leg, kind) = (leg.clone(), CallEventKind::Answered);
            effects.extend(self.hear(CallEvent { leg, at, kind }));
        }
        if let (Some(at), Some(disposition)) = (later.detail.ended_at, later.detail.disposition) {
            let kind = CallEventKind::Ended {
                disposition,
                cause: None,
                by: HungUpBy::Unknown,
            };
            effects.extend(self.hear(CallEvent {
                leg: leg.clone(),
                at,
                kind,
            }));
        }
        effects
    }

    /// Takes in what an event means for the legs of a call. Whether the event is about the call as a whole.
    pub(crate) fn hear_leg(&mut self, call: &LegId, leg: &LegId, kind: &CallEventKind) -> bool {
        if self.calls.get(call).is_none_or(|call| call.detail.rings.is_empty()) {
            return true;
        }
        let Some(call) = self.touch(call) else { return false };
        let Some(at) = call.detail.rings.iter().position(|ring| ring.leg == *leg) else {
            return false;
        };
        match kind {
            CallEventKind::Answered => {
                let mut ring = call.detail.rings.remove(at);
                ring.over = false;
                call.detail.rings.push(ring);
                true
            }
            CallEventKind::Ended { .. } => {
                let talks_here = call.was_answered() && at + 1 == call.detail.rings.len();
                call.detail.rings[at].over = true;
                talks_here || call.detail.rings.iter().all(|ring| ring.over)
            }
            CallEventKind::Offered { .. }
            | CallEventKind::Dialing { .. }
            | CallEventKind::AgentAnswered
            | CallEventKind::Held
            | CallEventKind::Resumed
            | CallEventKind::Identified { .. }
            | CallEventKind::PartyChanged { .. }
            | CallEventKind::Transferred { .. }
            | CallEventKind::Recording { .. }
            | CallEventKind::Shared { .. }
            | CallEventKind::TakenElsewhere => !call.detail.rings[at].over || call.detail.rings.iter().all(|ring| ring.over),
        }
    }
}

impl Call {
    /// Whether it may be the later part of an earlier call: the agent has ordered nothing for it yet.
    fn goes_on_with_another(&self) -> bool {
        let untouched = self.handling.choice == Choice::None
            && self.handling.linked_to.is_empty()
            && self.filing.case.is_none()
            && self.detail.rings.is_empty();
        untouched && self.detail.direction == Direction::Inbound && (self.is_live() || self.goes_on())
    }
}
