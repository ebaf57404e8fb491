//! What the desk makes of the PBX's events.
//!
//! Events may repeat, come late, or come before the one that announces their call; those wait for it.

use crate::call::{Call, Caller, Choice, Detail, DialTrouble, Filing, Handling, Phase, Recording, Transferred};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::{
    CallEvent, CallEventKind, ConversationId, Direction, Disposition, Extension, LegId, OrderId, Origin, RecordingRef, Remote, TransferKind,
};
use crate::input::Order;
use crate::name::name_beside;
use crate::outcome::Act;
use crate::phone::{Number, NumberKind};
use crate::time::Moment;

/// At most this many events wait for the call they are about, over all calls.
const EARLY: usize = 200;

impl Desk {
    pub(crate) fn hear(&mut self, event: CallEvent) -> Vec<Effect> {
        let announces = matches!(event.kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. });
        let known = self.call_of(&event.leg).map(|call| call.leg.clone());
        if !announces && known.is_none() {
            self.wait_for_call(event);
            return Vec::new();
        }
        let CallEvent { leg: heard, at, kind } = event;
        if let (
            None,
            CallEventKind::Offered {
                conversation,
                direction: Direction::Inbound,
                ..
            },
        ) = (&known, &kind)
            && let Some(earlier) = self.rung_before(&heard, conversation.as_ref())
        {
            return self.ring_again(&earlier, &heard);
        }
        let leg = known.unwrap_or_else(|| heard.clone());
        if !self.hear_leg(&leg, &heard, &kind) {
            return Vec::new();
        }
        if !matches!(kind, CallEventKind::Ended { .. }) && self.was_cancelled(&leg) {
            return self.hang_up_late(&leg);
        }
        if announces || matches!(kind, CallEventKind::AgentAnswered | CallEventKind::Answered) {
            self.placed_after_all(&leg);
        }
        match kind {
            CallEventKind::Offered {
                conversation,
                direction,
                remote,
                line,
                queue,
                origin,
            } => self.begin(
                &leg,
                at,
                Start {
                    conversation,
                    direction,
                    remote,
                    line,
                    queue,
                    origin,
                    order: None,
                    phase: Phase::Ringing,
                },
            ),
            CallEventKind::Dialing {
                conversation,
                direction,
                remote,
                order,
            } => {
                let (origin, phase) = match order {
                    Some(_) => (Origin::ClickToCall, Phase::CallingAgent),
                    None => (Origin::Softphone, Phase::Dialing),
                };
                self.begin(
                    &leg,
                    at,
                    Start {
                        conversation,
                        direction,
                        remote,
                        line: None,
                        queue: None,
                        origin,
                        order,
                        phase,
                    },
                )
            }
            CallEventKind::AgentAnswered => {
                self.while_live(&leg, |call| {
                    call.detail.confirmed = true;
                    call.detail.agent_picked_up = true;
                    if call.detail.phase == Phase::CallingAgent {
                        call.detail.phase = Phase::Dialing;
                    }
                });
                Vec::new()
            }
            CallEventKind::Answered => self.answered(&leg, at),
            CallEventKind::Held => {
                self.while_live(&leg, |call| call.detail.phase = Phase::Held);
                Vec::new()
            }
            CallEventKind::Resumed => {
                self.while_live(&leg, |call| {
                    if call.detail.phase == Phase::Held {
                        call.detail.phase = Phase::Talking;
                    }
                });
                Vec::new()
            }
            CallEventKind::Identified { conversation } => {
                if let Some(call) = self.touch(&leg) {
                    call.detail.conversation = Some(conversation);
                }
                let effects = self.absorb(&leg);
                self.answered_after_all(&leg);
                effects
            }
            CallEventKind::PartyChanged { remote, direction, from } => self.party_changed(&leg, &remote, direction, from),
            CallEventKind::Transferred { kind, to } => self.passed_on(&leg, kind, to),
            CallEventKind::Recording { name } => self.recording_known(&leg, name),
            CallEventKind::Shared { with, turn } => {
                self.while_live(&leg, |call| (call.detail.shared_with, call.detail.turn) = (with, turn));
                Vec::new()
            }
            CallEventKind::TakenElsewhere => {
                self.taken_elsewhere(&leg);
                Vec::new()
            }
            CallEventKind::Ended { disposition, cause, .. } => {
                self.not_put_through(&leg, disposition, cause);
                self.end(&leg, at, disposition)
            }
        }
    }

    /// S18: a call out that failed at the PBX or its lines was not placed, ordered or dialled; the client was never rung.
    fn not_put_through(&mut self, leg: &LegId, disposition: Disposition, cause: Option<u16>) {
        let Some(trouble) = cause.and_then(DialTrouble::of_cause) else {
            return;
        };
        self.while_live(leg, |call| {
            let dialled = call.detail.order.is_none() || call.detail.agent_picked_up;
            let out = matches!(call.detail.origin, Origin::Softphone | Origin::ClickToCall) && call.detail.direction != Direction::Inbound;
            if disposition == Disposition::Failed && out && dialled && !call.was_answered() {
                call.detail.dial_trouble.get_or_insert(trouble);
            }
        });
    }

    /// An event that overtook the announcement of its call.
    fn wait_for_call(&mut self, event: CallEvent) {
        let early = &mut self.touch_notes().early;
        if early.len() >= EARLY {
            early.remove(0);
        }
        early.push(event);
    }

    /// A call that we had given up is heard of. Nothing was owed for it, so it goes on as if nothing had been.
    fn placed_after_all(&mut self, leg: &LegId) {
        let given_up = self.calls.get(leg).is_some_and(|call| {
            let nothing_owed = call.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoCase);
            !call.is_live() && nothing_owed && call.detail.dial_trouble == Some(DialTrouble::Unanswered)
        });
        if !given_up {
            return;
        }
        let Some(call) = self.touch(leg) else { return };
        call.detail.phase = Phase::CallingAgent;
        (
            call.detail.ended_at,
            call.detail.disposition,
            call.filing.outcome,
            call.detail.dial_trouble,
        ) = (None, None, None, None);
        if let Choice::Attach { case } = &call.handling.choice {
            call.filing.case = Some(case.clone());
        }
    }

    /// Whether the agent hung up before the PBX had told of the call.
    pub(crate) fn was_cancelled(&self, leg: &LegId) -> bool {
        let cancelled = |call: &Call| !call.is_live() && call.detail.dial_trouble == Some(DialTrouble::Cancelled);
        self.calls.get(leg).is_some_and(cancelled)
    }

    /// S18: the PBX places what the agent has cancelled. It stays over, whatever else is told of it; the phone must not ring
    /// on, and is hung up once.
    pub(crate) fn hang_up_late(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| call.is_unconfirmed()) else {
            return Vec::new();
        };
        call.detail.confirmed = true;
        vec![Effect::HangUp { leg: leg.clone() }]
    }

    /// S17, told only after the end: what was decided as if the agent had talked to the last is decided anew.
    fn passed_on(&mut self, leg: &LegId, kind: TransferKind, to: Option<String>) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.detail.transferred.get_or_insert(Transferred { kind, to });
        if call.is_live() { Vec::new() } else { self.decide_transfer(leg) }
    }

    /// A call out that the agent ordered (S18): it is there before the PBX has been asked.
    pub(crate) fn dial(&mut self, leg: &LegId, order: Order, now: Moment) -> Vec<Effect> {
        if self.call_of(leg).is_some() {
            return Vec::new();
        }
        let number = order.number.clone();
        let start = Start {
            conversation: None,
            direction: Direction::Outbound,
            remote: Remote {
                raw: order.number,
                ..Remote::default()
            },
            line: None,
            queue: None,
            origin: Origin::ClickToCall,
            order: Some(order.id.clone()),
            phase: Phase::CallingAgent,
        };
        let mut effects = vec![Effect::Dial {
            leg: leg.clone(),
            order: order.id,
            number,
        }];
        self.insert(leg, now, start);
        if let Some(call) = self.touch(leg) {
            if call.detail.number.kind() == NumberKind::Extension {
                call.detail.direction = Direction::Internal;
                call.caller = Caller::NotLookedUp;
            }
            if let Some(user) = order.user {
                call.caller = Caller::Known { user, chosen: true };
            }
            if let Some(case) = order.case {
                call.filing.case = Some(case.clone());
                call.handling.choice = Choice::Attach { case: case.clone() };
                call.handling.called_from = Some(case);
            }
        }
        effects.extend(self.look_up(leg));
        effects
    }

    /// The PBX did not place the call, or nothing was heard of it.
    pub(crate) fn dial_failed(&mut self, leg: &LegId, trouble: DialTrouble, now: Moment) -> Vec<Effect> {
        // A PBX that told of the call has placed it, whatever became of the order's own answer.
        let unsure = matches!(trouble, DialTrouble::Unanswered | DialTrouble::Cancelled);
        let unplaced = |call: &&mut Call| call.detail.phase == Phase::CallingAgent && (call.is_unconfirmed() || !unsure);
        let Some(call) = self.touch(leg).filter(unplaced) else {
            return Vec::new();
        };
        call.detail.dial_trouble = Some(trouble);
        self.end(leg, now, Disposition::Failed)
    }

    fn begin(&mut self, leg: &LegId, at: Moment, start: Start) -> Vec<Effect> {
        if let Some(call) = self.calls.get(leg) {
            if !call.is_unconfirmed() {
                return Vec::new();
            }
            let mut becomes_client = false;
            self.while_live(leg, |call| {
                call.detail.confirmed = true;
                call.detail.conversation = start.conversation.or(call.detail.conversation.take());
                // Until now there was nothing to go by but the look of the number.
                becomes_client = std::mem::replace(&mut call.detail.direction, start.direction) == Direction::Internal;
                if becomes_client && call.user().is_none() {
                    call.caller = first_guess(&call.detail.number, call.detail.direction);
                }
            });
            return if becomes_client { self.look_up(leg) } else { Vec::new() };
        }
        self.insert(leg, at, start);
        self.while_live(leg, |call| call.detail.confirmed = true);
        let mut effects = self.look_up(leg);
        effects.extend(self.early_events_of(leg));
        effects
    }

    /// What came before the announcement of a leg.
    pub(crate) fn early_events_of(&mut self, leg: &LegId) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut overtook: Vec<CallEvent> = Vec::new();
        if self.notes.early.iter().any(|event| event.leg == *leg) {
            overtook.extend(self.touch_notes().early.extract_if(.., |event| event.leg == *leg));
        }
        // What ends the call comes last, whatever came first.
        overtook.sort_by_key(|event| matches!(event.kind, CallEventKind::Ended { .. }));
        for event in overtook {
            effects.extend(self.hear(event));
        }
        effects
    }

    fn insert(&mut self, leg: &LegId, at: Moment, start: Start) {
        let number = self.read(&start.remote);
        let caller = first_guess(&number, start.direction);
        let remote_name = start.remote.name.and_then(|name| name_beside(&name, &number, self.policy.region));
        let call = Call {
            leg: leg.clone(),
            caller,
            detail: Detail {
                conversation: start.conversation,
                remote_name,
                line: start.line,
                queue: start.queue,
                order: start.order,
                ..Detail::new(number, start.direction, start.origin, start.phase, at)
            },
            handling: Handling::default(),
            filing: Filing::default(),
        };
        self.calls.insert(leg.clone(), call);
        self.changed.insert(leg.clone());
        self.forget_old();
    }

    fn read(&self, remote: &Remote) -> Number {
        if remote.hidden {
            Number::withheld(&remote.raw)
        } else {
            Number::read(&remote.raw, self.policy.region)
        }
    }

    /// Asks who has the number; a choice the agent asked us to remember decides between several in the answer.
    fn look_up(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let (Caller::LookingUp, Some(key)) = (&call.caller, call.client_key()) else {
            return Vec::new();
        };
        vec![Effect::LookUp { leg: leg.clone(), key }]
    }

    fn answered(&mut self, leg: &LegId, at: Moment) -> Vec<Effect> {
        self.while_live(leg, |call| {
            call.detail.answered_at.get_or_insert(at);
            call.detail.confirmed = true;
            call.detail.agent_picked_up = true;
            call.detail.phase = Phase::Talking;
        });
        self.answered_after_all(leg);
        self.open_profile(leg)
    }

    /// S03: once per call, as soon as the agent has answered and the user is known; a hold is still the conversation.
    /// A call from a case goes on in the case (S21).
    pub(crate) fn open_profile(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let ready = call.is_live() && call.was_answered() && call.detail.direction != Direction::Internal && !call.filing.profile_opened;
        let ready = ready && call.handling.called_from.is_none();
        let (true, Some(user)) = (ready, call.user()) else {
            return Vec::new();
        };
        if let Some(call) = self.touch(leg) {
            call.filing.profile_opened = true;
        }
        vec![Effect::OpenProfile { leg: leg.clone(), user }]
    }

    fn party_changed(&mut self, leg: &LegId, remote: &Remote, direction: Direction, from: Option<Extension>) -> Vec<Effect> {
        let number = self.read(remote);
        let name = remote
            .name
            .as_deref()
            .and_then(|name| name_beside(name, &number, self.policy.region));
        let Some(call) = self.touch(leg).filter(|call| call.is_live()) else {
            return Vec::new();
        };
        // A client behind an internal call was not looked up: becoming a client's call asks (S16).
        let before = std::mem::replace(&mut call.detail.direction, direction);
        let same_side = before == direction;
        if before == Direction::Internal && !same_side && matches!(call.filing.recording, Recording::Expected { .. }) {
            // The colleagues' consultation does not belong into the client's case; what is recorded from now on is named anew.
            call.filing.recording = Recording::None;
        }
        if from.is_some() {
            call.detail.transferred_from = from;
            call.detail.origin = Origin::Transfer;
        }
        if same_side && call.detail.number.raw() == number.raw() && call.detail.number.kind() == number.kind() {
            return self.open_profile(leg);
        }
        call.detail.remote_name = name;
        if !matches!(call.caller, Caller::Known { chosen: true, .. }) {
            call.caller = first_guess(&number, direction);
        }
        call.detail.number = number;
        let mut effects = self.look_up(leg);
        effects.extend(self.open_profile(leg));
        effects
    }

    fn recording_known(&mut self, leg: &LegId, name: RecordingRef) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        // After a transfer another conversation is recorded than before it: the last name counts while the call lasts.
        let renamed = call.is_live() && matches!(call.filing.recording, Recording::Expected { .. });
        if call.filing.recording != Recording::None && !renamed {
            return Vec::new();
        }
        call.detail.recorded = Some(name.clone());
        call.filing.recording = Recording::Expected { name };
        if call.is_live() {
            return Vec::new();
        }
        let mut effects = self.owe_late_recording(leg);
        if !effects.is_empty() {
            effects.extend(self.turn_green(leg));
        }
        effects
    }

    fn while_live(&mut self, leg: &LegId, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.touch(leg)
            && call.is_live()
        {
            change(call);
        }
    }
}

/// What can be said before anybody was asked: hidden numbers and colleagues are never looked up; whoever is outside is,
/// whatever the number looks like.
fn first_guess(number: &Number, direction: Direction) -> Caller {
    match (direction, number.key()) {
        (Direction::Inbound | Direction::Outbound, Some(_)) => Caller::LookingUp,
        (Direction::Inbound | Direction::Outbound, None) => Caller::Withheld,
        (Direction::Internal, _) => Caller::NotLookedUp,
    }
}

/// How a call begins.
struct Start {
    conversation: Option<ConversationId>,
    direction: Direction,
    remote: Remote,
    line: Option<String>,
    queue: Option<String>,
    origin: Origin,
    order: Option<OrderId>,
    phase: Phase,
}
