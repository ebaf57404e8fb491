//! What the PBX has said of a call: its detail record, as far as it is written yet.
//!
//! Facts, and nothing that follows from them. They change with the PBX's events, and with what can still be found out
//! about a call that ended out of sight.

use crate::event::{ConversationId, Direction, Disposition, Extension, LegId, OrderId, Origin, RecordingRef, TransferKind};
use crate::gap::Gap;
use crate::phone::Number;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// What the PBX has said of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The conversation it is part of, once known.
    pub conversation: Option<ConversationId>,
    /// Who started it.
    pub direction: Direction,
    /// How it came here.
    pub origin: Origin,
    /// The other side's number.
    pub number: Number,
    /// The name the PBX sent along, fit to be shown; none where it names nobody.
    pub remote_name: Option<String>,
    /// The number that was dialled.
    pub line: Option<String>,
    /// The queue or group.
    pub queue: Option<String>,
    /// The other desks at which it rings.
    #[serde(default)]
    pub shared_with: Vec<Extension>,
    /// Whose turn it is among them, from 0: who writes first what a missed call needs.
    #[serde(default, rename = "place")]
    pub turn: u32,
    /// Our own click-to-call order.
    pub order: Option<OrderId>,
    /// The PBX told of the call; not yet, when we have only ordered it.
    #[serde(default)]
    pub confirmed: bool,
    /// When it began to ring or dial.
    pub offered_at: Moment,
    /// When the two sides began to talk.
    pub answered_at: Option<Moment>,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// What is happening.
    pub phase: Phase,
    /// Click-to-call: whether the agent picked up.
    pub agent_picked_up: bool,
    /// How it ended.
    pub disposition: Option<Disposition>,
    /// Why the PBX did not place it.
    #[serde(default)]
    pub dial_trouble: Option<DialTrouble>,
    /// Whether the agent passed it on.
    pub transferred: Option<Transferred>,
    /// The colleague who passed it on to this agent.
    pub transferred_from: Option<Extension>,
    /// Where the PBX keeps its recording, also after it was sent.
    #[serde(default)]
    pub recorded: Option<RecordingRef>,
    /// Its legs, where the phone was rung more than once for the same conversation; empty where it has but one.
    #[serde(default)]
    pub rings: Vec<Ring>,
    /// The desk could not look during this time, and the call ended in it.
    #[serde(default)]
    pub unseen: Option<Gap>,
    /// The end of the talk was out of sight: it lasted at least as long as is known.
    #[serde(default)]
    pub talk_at_least: bool,
}

impl Detail {
    /// Of a call that begins.
    pub(crate) fn new(number: Number, direction: Direction, origin: Origin, phase: Phase, offered_at: Moment) -> Self {
        Self {
            conversation: None,
            direction,
            origin,
            number,
            remote_name: None,
            line: None,
            queue: None,
            shared_with: Vec::new(),
            turn: 0,
            order: None,
            confirmed: false,
            offered_at,
            answered_at: None,
            ended_at: None,
            phase,
            agent_picked_up: false,
            disposition: None,
            dial_trouble: None,
            transferred: None,
            transferred_from: None,
            recorded: None,
            rings: Vec::new(),
            unseen: None,
            talk_at_least: false,
        }
    }
}

/// What is happening with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The agent's phone rings.
    Ringing,
    /// Click-to-call: the agent's own phone rings first (S18).
    CallingAgent,
    /// The client is being rung.
    Dialing,
    /// They talk.
    Talking,
    /// The agent put the client on hold.
    Held,
    /// Over.
    Ended,
}

/// A transfer by this agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    /// How.
    pub kind: TransferKind,
    /// To whom, if the PBX says.
    pub to: Option<String>,
}

/// One of several legs of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Which.
    pub leg: LegId,
    /// Whether it has ended.
    pub over: bool,
}

/// Why a call that the agent ordered was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialTrouble {
    /// No phone can dial this number.
    BadNumber,
    /// The PBX cannot be reached.
    OutOfReach,
    /// Wrong user or password.
    BadCredentials,
    /// The user of the PBX may not place calls.
    Forbidden,
    /// The agent's phone is not registered.
    PhoneUnavailable,
    /// The PBX refused for another reason.
    Refused,
    /// The PBX did not answer, and nothing was heard of the call since.
    #[serde(rename = "lost")]
    Unanswered,
    /// The agent hung up before the PBX had told of it; placed after all, it is hung up.
    Cancelled,
    /// The PBX knows no way for it: no such extension in its context, no line for the number. Nobody was dialled.
    NoRoute,
    /// There is no such number.
    NoSuchNumber,
    /// The line took no call: congested, out of order, barred.
    LineRefused,
}

impl DialTrouble {
    /// What the Q.850 cause of a failed call says of the PBX and its lines. None for what lies with the client's own
    /// phone, such as one that is switched off: the call was made, in vain.
    #[must_use]
    pub fn of_cause(cause: u16) -> Option<Self> {
        match cause {
            2 | 3 => Some(Self::NoRoute),
            1 | 28 => Some(Self::NoSuchNumber),
            5 | 29 | 34 | 38 | 41 | 42 | 44 | 50 | 52 | 58 | 63 | 66 | 88 | 102 | 111 => Some(Self::LineRefused),
            _ => None,
        }
    }
}
