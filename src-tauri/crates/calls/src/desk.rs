//! The desk: all calls of one agent, and the one place that decides what follows from an input.
//!
//! [`Desk::handle`] takes an input and the time and says what is to be done. It does nothing
//! itself, so the same inputs give the same effects on every machine and in every test. After each
//! input [`Desk::take_changes`] names what must be stored before the effects are carried out.

use crate::call::{Call, Caller, Choice, Compose, Draft, Phase, Recording, Transferred, UserId};
use crate::duty::{CaseFacts, CaseTarget, Duty, DutyKey, DutyResult};
use crate::{
    CallEvent, CallEventKind, Direction, Disposition, Extension, LegId, Moment, Number, NumberKind, OrderId, Origin, PhoneKey, Region,
    Remote,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ended calls are kept in memory and shown.
const KEPT_CALLS: usize = 200;
/// At most this many open missed-call cases and remembered choices are kept.
const KEPT_NOTES: usize = 1_000;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// The PBX reported a fact about a leg.
    Pbx {
        /// The fact.
        event: CallEvent,
    },
    /// After a reconnect: only these legs are alive (D3).
    Resync {
        /// The legs alive now.
        live: Vec<LegId>,
    },
    /// The agent did something.
    Agent {
        /// With which call.
        leg: LegId,
        /// What.
        action: AgentAction,
    },
    /// A look-up came back.
    Found {
        /// For which call.
        leg: LegId,
        /// Which number was looked up; an answer for an earlier number is ignored.
        key: PhoneKey,
        /// What came.
        found: Found,
    },
    /// Something owed was delivered.
    Done {
        /// Which duty.
        key: DutyKey,
        /// Of which call.
        leg: LegId,
        /// What came of it.
        result: DutyResult,
    },
}

/// What a look-up found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// These users have the number; none: nobody has it.
    Users(Vec<UserId>),
    /// The help desk did not answer.
    Nothing,
}

/// What an agent does with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum AgentAction {
    /// Opened the compose page.
    OpenCompose,
    /// Typed; the draft as it stands.
    SaveDraft {
        /// «Тема»
        subject: String,
        /// «Суть звонка»
        gist: String,
    },
    /// Pressed «Создать» (S05).
    CreateCase {
        /// «Тема»
        subject: String,
        /// «Суть звонка»
        gist: String,
    },
    /// Saved the gist in an earlier case (S08).
    Attach {
        /// The case.
        case: CaseFacts,
        /// «Суть звонка»
        gist: String,
    },
    /// Chose among several users of one number.
    ChooseUser {
        /// Whom.
        user: UserId,
        /// For the next calls too.
        remember: bool,
    },
    /// Linked the number to a found user (S13).
    LinkUser {
        /// Whom.
        user: UserId,
    },
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the help desk who has this number.
    LookUp {
        /// For which call.
        leg: LegId,
        /// Which number.
        key: PhoneKey,
    },
    /// Open the user's profile (S03).
    OpenProfile {
        /// For which call.
        leg: LegId,
        /// Whose.
        user: UserId,
    },
    /// Put this into the outbox.
    Owe(Duty),
    /// An agent's action was refused.
    Refuse(Refusal),
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such call any more.
    NoSuchCall,
    /// The call has a case already.
    HasCase,
    /// The number is hidden or no number: first find a user.
    NobodyToWriteFor,
}

/// A missed-call case that still waits for a conversation (S27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenMissed {
    /// The number that was missed.
    pub phone: PhoneKey,
    /// Its user, once known.
    pub user: Option<UserId>,
    /// The duty that opened the case.
    pub opened_by: DutyKey,
    /// The case, once it exists.
    pub case: Option<CaseFacts>,
}

/// What an office decides for all desks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How numbers without a country code are read.
    pub region: Region,
    /// Whether unanswered outgoing calls get a case (SPEC I, last paragraph).
    pub unanswered_outgoing_cases: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            region: Region::default(),
            unanswered_outgoing_cases: true,
        }
    }
}

/// Notes that outlive their calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Notes {
    /// Missed-call cases without a conversation since, oldest first.
    pub missed: Vec<OpenMissed>,
    /// Which user an agent chose for a number that several have.
    pub remembered: BTreeMap<PhoneKey, UserId>,
}

/// What must be stored before the effects are carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// These calls changed or are new.
    pub calls: Vec<Call>,
    /// These calls were forgotten: they are old.
    pub forgotten: Vec<LegId>,
    /// The notes, if they changed.
    pub notes: Option<Notes>,
}

/// All calls of one agent.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub(crate) policy: Policy,
    pub(crate) calls: BTreeMap<LegId, Call>,
    pub(crate) notes: Notes,
    changed: BTreeSet<LegId>,
    forgotten: Vec<LegId>,
    notes_changed: bool,
}

impl Desk {
    /// An empty desk.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// The desk as it was stored.
    #[must_use]
    pub fn restore(policy: Policy, calls: Vec<Call>, notes: Notes) -> Self {
        let calls = calls.into_iter().map(|call| (call.leg.clone(), call)).collect();
        Self {
            policy,
            calls,
            notes,
            ..Self::default()
        }
    }

    /// Changes what the office decided.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// One call.
    #[must_use]
    pub fn call(&self, leg: &LegId) -> Option<&Call> {
        self.calls.get(leg)
    }

    /// All calls, in no particular order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values()
    }

    /// Notes that outlive their calls.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The user's missed-call case that still waits for a conversation (S27).
    #[must_use]
    pub fn open_missed(&self, call: &Call) -> Option<&OpenMissed> {
        let (phone, user) = (call.number.key(), call.user());
        self.notes
            .missed
            .iter()
            .find(|missed| phone.as_ref() == Some(&missed.phone) || (user.is_some() && missed.user == user))
    }

    /// What changed since the last time, to be stored.
    pub fn take_changes(&mut self) -> Changes {
        let changed = std::mem::take(&mut self.changed);
        Changes {
            calls: changed.iter().filter_map(|leg| self.calls.get(leg).cloned()).collect(),
            forgotten: std::mem::take(&mut self.forgotten),
            notes: std::mem::take(&mut self.notes_changed).then(|| self.notes.clone()),
        }
    }

    /// Takes an input and says what is to be done.
    ///
    /// Inputs may repeat and come late; what is already known has no effect.
    pub fn handle(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        match input {
            Input::Pbx { event } => self.hear(event),
            Input::Resync { live } => self.resync(&live, now),
            Input::Agent { leg, action } => self.act(&leg, action, now),
            Input::Found { leg, key, found } => self.found(&leg, &key, found),
            Input::Done { key, leg, result } => self.done(&key, &leg, result),
        }
    }

    pub(crate) fn touch(&mut self, leg: &LegId) -> Option<&mut Call> {
        let call = self.calls.get_mut(leg)?;
        self.changed.insert(leg.clone());
        Some(call)
    }

    pub(crate) fn touch_notes(&mut self) -> &mut Notes {
        self.notes_changed = true;
        &mut self.notes
    }

    fn hear(&mut self, event: CallEvent) -> Vec<Effect> {
        let CallEvent { leg, at, kind } = event;
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
                    call.agent_picked_up = true;
                    if call.phase == Phase::CallingAgent {
                        call.phase = Phase::Dialing;
                    }
                });
                Vec::new()
            }
            CallEventKind::Answered => self.answered(&leg, at),
            CallEventKind::Held => {
                self.while_live(&leg, |call| call.phase = Phase::Held);
                Vec::new()
            }
            CallEventKind::Resumed => {
                self.while_live(&leg, |call| {
                    if call.phase == Phase::Held {
                        call.phase = Phase::Talking;
                    }
                });
                Vec::new()
            }
            CallEventKind::Identified { conversation } => {
                if let Some(call) = self.touch(&leg) {
                    call.conversation = Some(conversation);
                }
                Vec::new()
            }
            CallEventKind::PartyChanged { remote, direction, from } => self.party_changed(&leg, &remote, direction, from),
            CallEventKind::Transferred { kind, to } => {
                if let Some(call) = self.touch(&leg) {
                    call.transferred = Some(Transferred { kind, to });
                }
                Vec::new()
            }
            CallEventKind::Recording { name } => self.recording_known(&leg, name),
            CallEventKind::Ended { disposition, .. } => self.end(&leg, at, disposition),
        }
    }

    fn begin(&mut self, leg: &LegId, at: Moment, start: Start) -> Vec<Effect> {
        if self.calls.contains_key(leg) {
            return Vec::new();
        }
        let number = self.read(&start.remote);
        let caller = first_guess(&number, start.direction);
        let call = Call {
            leg: leg.clone(),
            conversation: start.conversation,
            direction: start.direction,
            origin: start.origin,
            remote_name: start.remote.name,
            line: start.line,
            queue: start.queue,
            offered_at: at,
            answered_at: None,
            ended_at: None,
            phase: start.phase,
            agent_picked_up: false,
            disposition: None,
            order: start.order,
            caller,
            compose: Compose::default(),
            draft: Draft::default(),
            choice: Choice::default(),
            transferred: None,
            transferred_from: None,
            recording: Recording::default(),
            recording_owed: false,
            case: None,
            outcome: None,
            profile_opened: false,
            corrections: 0,
            number,
        };
        self.calls.insert(leg.clone(), call);
        self.changed.insert(leg.clone());
        self.forget_old();
        self.look_up(leg)
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
        let (Caller::LookingUp, Some(key)) = (&call.caller, call.number.key()) else {
            return Vec::new();
        };
        vec![Effect::LookUp { leg: leg.clone(), key }]
    }

    fn answered(&mut self, leg: &LegId, at: Moment) -> Vec<Effect> {
        self.while_live(leg, |call| {
            call.answered_at.get_or_insert(at);
            call.agent_picked_up = true;
            call.phase = Phase::Talking;
        });
        self.open_profile(leg)
    }

    /// S03: once per call, as soon as the agent has answered and the user is known; a hold is still the conversation.
    pub(crate) fn open_profile(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let ready = call.is_live() && call.was_answered() && call.direction != Direction::Internal && !call.profile_opened;
        let (true, Some(user)) = (ready, call.user()) else {
            return Vec::new();
        };
        if let Some(call) = self.touch(leg) {
            call.profile_opened = true;
        }
        vec![Effect::OpenProfile { leg: leg.clone(), user }]
    }

    fn party_changed(&mut self, leg: &LegId, remote: &Remote, direction: Direction, from: Option<Extension>) -> Vec<Effect> {
        let number = self.read(remote);
        let Some(call) = self.touch(leg).filter(|call| call.is_live()) else {
            return Vec::new();
        };
        // A client behind an internal call was not looked up: becoming a client's call asks (S16).
        let same_side = std::mem::replace(&mut call.direction, direction) == direction;
        if from.is_some() {
            call.transferred_from = from;
            call.origin = Origin::Transfer;
        }
        if same_side && call.number.raw() == number.raw() && call.number.kind() == number.kind() {
            return self.open_profile(leg);
        }
        call.remote_name.clone_from(&remote.name);
        if !matches!(call.caller, Caller::Known { chosen: true, .. }) {
            call.caller = first_guess(&number, direction);
        }
        call.number = number;
        let mut effects = self.look_up(leg);
        effects.extend(self.open_profile(leg));
        effects
    }

    fn found(&mut self, leg: &LegId, key: &PhoneKey, found: Found) -> Vec<Effect> {
        let remembered = self.notes.remembered.get(key).copied();
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let asked = call.number.key().as_ref() == Some(key);
        if !asked || matches!(call.caller, Caller::Known { chosen: true, .. } | Caller::Withheld) {
            return Vec::new();
        }
        let caller = match found {
            Found::Users(users) => match users[..] {
                [] => Caller::Unknown,
                [user] => Caller::Known { user, chosen: false },
                _ => match remembered.filter(|user| users.contains(user)) {
                    Some(user) => Caller::Known { user, chosen: true },
                    None => Caller::Several { users },
                },
            },
            Found::Nothing if call.user().is_some() => return Vec::new(),
            Found::Nothing => Caller::Unavailable,
        };
        if let Some(call) = self.touch(leg) {
            call.caller = caller;
        }
        self.open_profile(leg)
    }

    fn recording_known(&mut self, leg: &LegId, name: crate::RecordingRef) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        if call.recording != Recording::None {
            return Vec::new();
        }
        call.recording = Recording::Expected { name };
        if call.is_live() { Vec::new() } else { self.owe_late_recording(leg) }
    }

    /// Legs that died while nobody listened have ended, at the time we notice.
    fn resync(&mut self, live: &[LegId], now: Moment) -> Vec<Effect> {
        let gone: Vec<LegId> = self
            .calls
            .values()
            .filter(|call| call.is_live() && !live.contains(&call.leg))
            .map(|call| call.leg.clone())
            .collect();
        let mut effects = Vec::new();
        for leg in gone {
            let answered = self.calls.get(&leg).is_some_and(Call::was_answered);
            let disposition = if answered { Disposition::Answered } else { Disposition::Missed };
            effects.extend(self.end(&leg, now, disposition));
        }
        effects
    }

    fn done(&mut self, key: &DutyKey, leg: &LegId, result: DutyResult) -> Vec<Effect> {
        if let Some(facts) = &result.case
            && let Some(missed) = self.notes.missed.iter().position(|missed| missed.opened_by == *key)
        {
            let note = &mut self.touch_notes().missed[missed];
            note.case = Some(facts.clone());
            note.user = note.user.or(result.user);
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        if let Some(facts) = result.case {
            call.case.get_or_insert(facts);
        }
        if result.recording {
            call.recording = Recording::Attached;
        } else if *key == DutyKey::new(leg, "recording") {
            call.recording = Recording::Lost;
        }
        if let Some(user) = result.user
            && matches!(call.caller, Caller::Unknown | Caller::LookingUp | Caller::Unavailable)
        {
            call.caller = Caller::Known { user, chosen: false };
        }
        // The message did not wait for its recording any longer: that follows on its own.
        let went_without = !result.recording && !call.is_live() && (*key == DutyKey::new(leg, "case") || *key == DutyKey::new(leg, "note"));
        if went_without { self.owe_late_recording(leg) } else { Vec::new() }
    }

    fn while_live(&mut self, leg: &LegId, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.touch(leg)
            && call.is_live()
        {
            change(call);
        }
    }

    fn forget_old(&mut self) {
        let mut ended: Vec<(Moment, LegId)> = self
            .calls
            .values()
            .filter(|call| !call.is_live())
            .map(|call| (call.offered_at, call.leg.clone()))
            .collect();
        if ended.len() <= KEPT_CALLS {
            return;
        }
        ended.sort();
        for (_, leg) in ended.drain(..ended.len() - KEPT_CALLS) {
            self.calls.remove(&leg);
            self.changed.remove(&leg);
            self.forgotten.push(leg);
        }
    }

    pub(crate) fn remember_missed(&mut self, missed: OpenMissed) {
        let notes = self.touch_notes();
        notes.missed.push(missed);
        if notes.missed.len() > KEPT_NOTES {
            notes.missed.remove(0);
        }
    }

    /// A choice for the next calls from this number, too.
    pub(crate) fn remember_choice(&mut self, key: PhoneKey, user: UserId) {
        let remembered = &mut self.touch_notes().remembered;
        if remembered.len() >= KEPT_NOTES && !remembered.contains_key(&key) {
            remembered.pop_first();
        }
        remembered.insert(key, user);
    }

    /// After a conversation the next missed call gets a case of its own (S27).
    pub(crate) fn settle_missed(&mut self, leg: &LegId) {
        let Some(call) = self.calls.get(leg) else { return };
        let (phone, user) = (call.number.key(), call.user());
        let before = self.notes.missed.len();
        let keep = |missed: &OpenMissed| phone.as_ref() != Some(&missed.phone) && (user.is_none() || missed.user != user);
        self.notes.missed.retain(keep);
        self.notes_changed |= self.notes.missed.len() != before;
    }
}

impl OpenMissed {
    /// The case as the target of a duty.
    #[must_use]
    pub fn target(&self) -> CaseTarget {
        self.case.as_ref().map_or_else(
            || CaseTarget::OpenedBy(self.opened_by.clone()),
            |facts| CaseTarget::Existing(facts.id),
        )
    }
}

struct Start {
    conversation: Option<crate::ConversationId>,
    direction: Direction,
    remote: Remote,
    line: Option<String>,
    queue: Option<String>,
    origin: Origin,
    order: Option<OrderId>,
    phase: Phase,
}

/// What can be said before anybody was asked: hidden numbers, colleagues and nonsense are never looked up.
fn first_guess(number: &Number, direction: Direction) -> Caller {
    match (direction, number.kind()) {
        (Direction::Inbound | Direction::Outbound, NumberKind::External) => Caller::LookingUp,
        (Direction::Inbound | Direction::Outbound, NumberKind::Withheld) => Caller::Withheld,
        (Direction::Inbound | Direction::Outbound, NumberKind::Extension | NumberKind::Short | NumberKind::Nonsense)
        | (
            Direction::Internal,
            NumberKind::External | NumberKind::Extension | NumberKind::Short | NumberKind::Withheld | NumberKind::Nonsense,
        ) => Caller::NotLookedUp,
    }
}
