//! What a PBX tells us, in words that no vendor owns.
//!
//! Every adapter translates its vendor's frames into [`PbxEvent`]s. The unit is one **leg**: the
//! agent's own part of a conversation, which is what SPEC calls a *call*. Above it stands the
//! conversation, shared by all agents who took part (a ring group, a transfer).
//!
//! Events may come twice, in a slightly wrong order, or with a missing middle: `Answered` without
//! `Offered` is legal. The [`crate::Desk`] copes with all of that.

use crate::time::Moment;
use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Wraps an id as the PBX wrote it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// The agent's own part of a conversation; unique on its PBX for ever (ARI: the channel's id).
    LegId
}
text_id! {
    /// The whole conversation with all its agents (ARI: the linkedid).
    ConversationId
}
text_id! {
    /// An agent's internal number, such as `101`.
    Extension
}
text_id! {
    /// Our own id of a click-to-call order; comes back in the events it causes.
    OrderId
}
text_id! {
    /// Where the PBX keeps a recording: a name its adapter can fetch. Opaque to everyone else.
    RecordingRef
}

/// Who started the conversation, seen from this agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Somebody outside called in.
    Inbound,
    /// The agent called somebody outside.
    Outbound,
    /// A colleague: never a case by itself (consultations before a transfer are such calls).
    Internal,
}

/// How the call came to this leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The agent's number was called directly.
    Direct,
    /// One of several phones that ring together.
    RingGroup,
    /// A queue offered it.
    Queue,
    /// We asked the PBX to dial (S18).
    ClickToCall,
    /// The agent dialled in the softphone (S23).
    Softphone,
    /// A colleague passed it on (S16).
    Transfer,
    /// The PBX does not say.
    Unknown,
}

/// The other side, as the PBX describes it. Reading the number is [`crate::Number`]'s work.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Remote {
    /// The number as it came, unaltered; may be empty, `anonymous`, an extension, nonsense.
    pub raw: String,
    /// The name the PBX sent along, if any. Shown as such, never trusted.
    pub name: Option<String>,
    /// The caller asked the operator to hide the number: treat it as withheld even where `raw` has digits.
    pub hidden: bool,
}

/// How a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Two people talked.
    Answered,
    /// It rang and nobody took it.
    Missed,
    /// A colleague took it.
    AnsweredElsewhere,
    /// The agent refused it.
    Declined,
    /// The phone (agent's on incoming, client's on outgoing) was busy.
    Busy,
    /// The caller of an outgoing call gave up before an answer, or the client did not answer.
    Cancelled,
    /// It could not be put through.
    Failed,
    /// Nobody saw it: the desk could not look, and nothing that could be asked afterwards tells.
    Unknown,
}

/// Which kind of transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Passed on without talking to the colleague first.
    Blind,
    /// After a consultation.
    Attended,
}

/// Who hung up first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HungUpBy {
    /// The agent.
    Agent,
    /// The other side.
    Remote,
    /// The PBX (a time-out, a transfer, a restart).
    System,
    /// Not told.
    Unknown,
}

/// One fact about one leg of this agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallEvent {
    /// Which leg.
    pub leg: LegId,
    /// When, on the PBX's clock.
    pub at: Moment,
    /// What.
    pub kind: CallEventKind,
}

/// The facts an adapter reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CallEventKind {
    /// The agent's phone rings. `Inbound` or `Internal`.
    Offered {
        /// The conversation, where already known.
        conversation: Option<ConversationId>,
        /// Inbound or internal.
        direction: Direction,
        /// Who calls.
        remote: Remote,
        /// The number that was dialled (DID), if the PBX says.
        line: Option<String>,
        /// Name or number of the queue or ring group, if the PBX says.
        queue: Option<String>,
        /// How it came here.
        origin: Origin,
    },
    /// The agent's phone calls out (softphone), or was asked to by us (click-to-call: the agent's own phone rings first).
    Dialing {
        /// The conversation, where already known.
        conversation: Option<ConversationId>,
        /// Outbound or internal.
        direction: Direction,
        /// Whom.
        remote: Remote,
        /// Our own order, when it was click-to-call.
        order: Option<OrderId>,
    },
    /// Click-to-call, first half: the agent picked up, the client is being rung now (S19).
    AgentAnswered,
    /// Agent and the other side talk.
    Answered,
    /// The agent put the other side on hold.
    Held,
    /// The hold is over.
    Resumed,
    /// The conversation became known, or changed by an attended transfer (old one stays an alias).
    Identified {
        /// The conversation.
        conversation: ConversationId,
    },
    /// The other side changed: after an attended transfer agent 2 suddenly talks to the client.
    PartyChanged {
        /// The new other side.
        remote: Remote,
        /// What the call is now, seen from the agent.
        direction: Direction,
        /// The colleague who passed it on.
        from: Option<Extension>,
    },
    /// This agent passed the call on.
    Transferred {
        /// How.
        kind: TransferKind,
        /// To which extension or number, if the PBX says.
        to: Option<String>,
    },
    /// The PBX records this conversation under this name; ready once the call has ended.
    Recording {
        /// For [`RecordingRef`]-taking calls of the adapter.
        name: RecordingRef,
    },
    /// The call rings at other desks, too, whose companions listen: one of them writes what a missed call needs.
    Shared {
        /// The extensions of the other desks.
        with: Vec<Extension>,
        /// Which turn this desk has among all of them, from 0; every desk comes to the same order.
        #[serde(rename = "place")]
        turn: u32,
    },
    /// Somebody else took the call after this leg had ended without an answer: the client was not missed.
    TakenElsewhere,
    /// The leg is over.
    Ended {
        /// How it ended.
        disposition: Disposition,
        /// Q.850 cause, if told.
        cause: Option<u16>,
        /// Who hung up.
        by: HungUpBy,
    },
}

/// Why the link to the PBX is not up. The UI words it (reference 2.8).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LinkTrouble {
    /// Nobody listens at the address, or a firewall drops us.
    Unreachable,
    /// The name does not resolve.
    UnknownHost,
    /// TLS failed (self-signed certificate, wrong name).
    Tls,
    /// The address says TLS, and the port speaks none.
    NoTls,
    /// The address says plain HTTP, and the port speaks TLS.
    NeedsTls,
    /// Wrong user or password. No retry until the settings change.
    BadCredentials,
    /// The user may not do this (read-only, or its address rules exclude us).
    Forbidden,
    /// The address answers, but not as the PBX's interface (404, a web page).
    NotAPbx,
    /// The PBX is still starting.
    Booting,
    /// There is no such extension on the PBX.
    NoSuchExtension,
    /// Another program took over our name; we do not fight back in a loop.
    Replaced,
    /// Nothing came for too long: the line is presumed dead.
    Silent,
    /// The connection was closed.
    Closed,
    /// The PBX sent more than any PBX sends; we closed.
    Flooding,
    /// Anything else, with an HTTP status if there was one.
    Other {
        /// The HTTP status.
        status: Option<u16>,
    },
}

/// The state of the link to the PBX.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LinkState {
    /// Being established.
    Connecting,
    /// Up and subscribed.
    Up,
    /// Down.
    Down {
        /// Why.
        trouble: LinkTrouble,
        /// When the next attempt comes; `None` when only a person can mend it.
        retry_at: Option<Moment>,
    },
}

/// Everything an adapter reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PbxEvent {
    /// A fact about a leg.
    Call(CallEvent),
    /// The link's state changed.
    Link {
        /// The new state.
        state: LinkState,
    },
    /// The agent's phone appeared or disappeared.
    Phone {
        /// Whether it is registered.
        online: bool,
    },
    /// After a (re)connect: these legs of the agent are alive; every other one that we believed
    /// alive has ended unseen (D3). Facts about the live ones were sent just before.
    Resync {
        /// The legs alive now.
        live: Vec<LegId>,
        /// When.
        at: Moment,
        /// Whether the PBX restarted meanwhile.
        restarted: bool,
        /// Since when nothing had been heard, on the desk's own clock; none at the first connect after the start.
        unseen_since: Option<Moment>,
    },
}
