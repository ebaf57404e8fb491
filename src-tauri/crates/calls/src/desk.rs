//! The desk: all calls of one agent, and the one place that decides what follows from an input.
//!
//! [`Desk::handle`] takes an input and the time and says what is to be done. It does nothing
//! itself, so the same inputs give the same effects on every machine and in every test. After each
//! input [`Desk::take_changes`] names what must be stored before the effects are carried out.

use crate::call::{Call, Caller, DialTrouble, Phase, UserId};
use crate::duty::{CaseFacts, Duty, DutyKey, DutyKind, DutyResult, UserEdit};
use crate::gap::{Gap, Traces};
use crate::remembered::{self, Choices};
use crate::{CallEvent, CaseId, Direction, History, LegId, Moment, Number, OrderId, Origin, PhoneKey, Region, Remote, Several};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ended calls are kept in memory and shown.
const KEPT_CALLS: usize = 200;

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
        /// When the desk could not look; none in what an earlier version took in.
        #[serde(default)]
        gap: Option<Gap>,
    },
    /// What could be found out about a call that ended out of sight ([`Effect::Inquire`]).
    Traced {
        /// Which call.
        leg: LegId,
        /// What was found.
        traces: Traces,
    },
    /// The agent did something.
    Agent {
        /// With which call.
        leg: LegId,
        /// What.
        action: AgentAction,
    },
    /// The agent ordered a call out (S18).
    Dial {
        /// The leg it will have.
        leg: LegId,
        /// What was ordered.
        order: Order,
    },
    /// The PBX did not place an ordered call.
    DialFailed {
        /// Which call.
        leg: LegId,
        /// Why.
        trouble: DialTrouble,
    },
    /// The agent changed a user's data outside of a call (S05).
    EditUser {
        /// The identity of the change.
        key: DutyKey,
        /// Whose.
        user: UserId,
        /// What.
        changes: UserEdit,
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
    /// The help desk's list of a user's cases was read, for instance for the profile: missed calls at other desks show
    /// there, and so does what colleagues have dealt with.
    MissedSeen {
        /// Whose.
        user: UserId,
        /// Missed-call cases that wait for a conversation.
        open: Vec<CaseFacts>,
        /// Missed-call cases that do not any more.
        over: Vec<CaseId>,
    },
    /// The message about a call is about to be sent, with what was typed since it was owed.
    TookText {
        /// Which call.
        leg: LegId,
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

/// A call out that the agent ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identity; an order that is placed twice rings once.
    pub id: OrderId,
    /// The number to dial.
    pub number: String,
    /// Whose number it is, where known without doubt.
    pub user: Option<UserId>,
    /// The case it is dialled from.
    pub case: Option<CaseFacts>,
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
    /// Is done with the text for now: what was typed after the end goes to the help desk.
    SendDraft,
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
    /// Changed the data of the call's user; of the one that the call's case brings, while there is none (S05, S14).
    EditUser {
        /// What.
        changes: UserEdit,
    },
    /// Undid what was decided when the call ended.
    Undo,
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
    /// Ask the PBX to place a call, once.
    Dial {
        /// Its leg.
        leg: LegId,
        /// Our order.
        order: OrderId,
        /// The number.
        number: String,
    },
    /// Find out what became of a call that ended out of sight; [`Input::Traced`] tells.
    Inquire {
        /// Its leg.
        leg: LegId,
    },
    /// Hang up a call that the PBX placed although the agent had hung up already (S18).
    HangUp {
        /// Its leg.
        leg: LegId,
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
    /// There is nothing to undo.
    NothingToUndo,
}

/// A missed-call case that still waits for a conversation (S27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenMissed {
    /// The number that was missed; none where only the help desk told of the case.
    pub phone: Option<PhoneKey>,
    /// Its user, once known.
    pub user: Option<UserId>,
    /// The duty that opened the case.
    pub opened_by: DutyKey,
    /// The case, once it exists.
    pub case: Option<CaseFacts>,
    /// The last duty that gives it a status: the next one waits for it, whichever call owes it.
    #[serde(default)]
    pub last_status: Option<DutyKey>,
    /// When the help desk last said that it waits, or this desk last wrote to it.
    #[serde(default)]
    pub seen_at: Option<Moment>,
}

/// What an office decides for all desks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How numbers without a country code are read.
    pub region: Region,
    /// Whether unanswered outgoing calls get a case (SPEC I, last paragraph).
    pub unanswered_outgoing_cases: bool,
    /// Whose case it is where several users have the number and the agent chose none.
    pub several: Several,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            region: Region::default(),
            unanswered_outgoing_cases: true,
            several: Several::default(),
        }
    }
}

/// Notes that outlive their calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Notes {
    /// Missed-call cases without a conversation since, oldest first.
    pub missed: Vec<OpenMissed>,
    /// Which user an agent chose for a number that several have.
    pub remembered: Choices,
    /// Numbers that forgotten calls showed to be colleagues', the one seen last at the end.
    #[serde(default)]
    pub colleagues: Vec<PhoneKey>,
    /// Events that overtook the announcement of their call, in the order in which they came.
    #[serde(default)]
    pub early: Vec<CallEvent>,
}

/// What must be stored before the effects are carried out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// These calls changed or are new.
    pub calls: Vec<Call>,
    /// These calls were forgotten: they are old.
    pub forgotten: Vec<LegId>,
    /// These calls turned out to be part of others and are no calls of their own.
    pub absorbed: Vec<LegId>,
    /// The notes, if they changed.
    pub notes: Option<Notes>,
}

/// All calls of one agent.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub(crate) policy: Policy,
    pub(crate) calls: BTreeMap<LegId, Call>,
    pub(crate) notes: Notes,
    pub(crate) changed: BTreeSet<LegId>,
    forgotten: Vec<LegId>,
    absorbed: Vec<LegId>,
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

    /// What changed since the last time, to be stored.
    pub fn take_changes(&mut self) -> Changes {
        let changed = std::mem::take(&mut self.changed);
        Changes {
            calls: changed.iter().filter_map(|leg| self.calls.get(leg).cloned()).collect(),
            forgotten: std::mem::take(&mut self.forgotten),
            absorbed: std::mem::take(&mut self.absorbed),
            notes: std::mem::take(&mut self.notes_changed).then(|| self.notes.clone()),
        }
    }

    /// Takes an input and says what is to be done.
    ///
    /// Inputs may repeat and come late; what is already known has no effect.
    pub fn handle(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        match input {
            Input::Pbx { event } => self.hear(event),
            Input::Resync { live, gap } => self.resync(&live, gap.unwrap_or(Gap { from: now, to: now })),
            Input::Traced { leg, traces } => self.traced(&leg, traces),
            Input::Agent { leg, action } => self.act(&leg, action, now),
            Input::Dial { leg, order } => self.dial(&leg, order, now),
            Input::DialFailed { leg, trouble } => self.dial_failed(&leg, trouble, now),
            Input::EditUser { key, user, changes } => vec![Effect::Owe(Duty {
                leg: LegId::new(format!("user-{}", user.0)),
                key,
                after: Vec::new(),
                kind: DutyKind::EditUser { user, changes },
            })],
            Input::Found { leg, key, found } => self.found(&leg, &key, found),
            Input::MissedSeen { user, open, over } => {
                self.missed_seen(user, open, &over, now);
                Vec::new()
            }
            Input::TookText { leg } => {
                self.took_text(&leg);
                Vec::new()
            }
            Input::Done { key, leg, result } => self.done(&key, &leg, result),
        }
    }

    pub(crate) fn touch(&mut self, leg: &LegId) -> Option<&mut Call> {
        let call = self.calls.get_mut(leg)?;
        self.changed.insert(leg.clone());
        Some(call)
    }

    /// Takes a call out that is part of another one.
    pub(crate) fn forget(&mut self, leg: &LegId) -> Option<Call> {
        let call = self.calls.remove(leg)?;
        self.changed.remove(leg);
        self.absorbed.push(leg.clone());
        Some(call)
    }

    pub(crate) fn touch_notes(&mut self) -> &mut Notes {
        self.notes_changed = true;
        &mut self.notes
    }

    fn found(&mut self, leg: &LegId, key: &PhoneKey, found: Found) -> Vec<Effect> {
        let remembered = self.notes.remembered.get(key);
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let asked = call.client_key().as_ref() == Some(key);
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
        let mut effects = self.open_profile(leg);
        effects.extend(self.send_edit(leg));
        effects
    }

    pub(crate) fn forget_old(&mut self) {
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
            if let Some(call) = self.calls.remove(&leg) {
                self.remember_colleague(&call);
            }
            self.changed.remove(&leg);
            self.forgotten.push(leg);
        }
    }

    /// Who a colleague is stays known when the call is forgotten that showed it; a call with the number from outside ends it.
    fn remember_colleague(&mut self, call: &Call) {
        let Some(key) = call.number.key() else { return };
        let (within, known) = (crate::guard::shows_colleague(call), self.notes.colleagues.contains(&key));
        if within {
            self.notes_changed |= remembered::keep(&mut self.notes.colleagues, key);
        } else if known && call.direction == Direction::Inbound {
            self.touch_notes().colleagues.retain(|number| *number != key);
        }
    }

    /// What this desk knows of a number before it is dialled.
    #[must_use]
    pub fn history(&self, number: &Number) -> History {
        let seen = History::of(number, self.calls.values());
        let noted = number.key().is_some_and(|key| self.notes.colleagues.contains(&key));
        History {
            colleague: seen.colleague || noted && !seen.from_outside,
            ..seen
        }
    }

    /// A choice for the next calls from this number, too.
    pub(crate) fn remember_choice(&mut self, key: PhoneKey, user: UserId) {
        self.touch_notes().remembered.remember(key, user);
    }
}

/// How a call begins.
pub(crate) struct Start {
    pub conversation: Option<crate::ConversationId>,
    pub direction: Direction,
    pub remote: Remote,
    pub line: Option<String>,
    pub queue: Option<String>,
    pub origin: Origin,
    pub order: Option<OrderId>,
    pub phase: Phase,
}
