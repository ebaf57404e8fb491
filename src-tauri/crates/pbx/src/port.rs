//! The port for PBXs: what every vendor must do, and what a vendor may be able to do.
//!
//! The rest of the product holds an `Arc<dyn Pbx>` and knows no vendor. What only some can do is an *ability*, a trait of
//! its own that a link gives out or does not: what is not there cannot be asked by mistake, and whoever holds the link
//! decides what to do without it. [`Pbx::abilities`] says the same for screens.
//!
//! Methods are boxed futures, as the port is an object.

use crate::companions::{Companions, Stage};
use crate::failure::{CommandError, OriginateError, RecordingError, RecordingFile};
use crate::stats::Stats;
use calls::{ConversationId, LegId, OrderId, PbxEvent, RecordingRef, Traces};
use futures_util::future::BoxFuture;
use std::time::Instant;

/// Something that a PBX told.
#[derive(Debug, Clone)]
pub struct Told {
    /// When it was understood, before it waited for whoever listens.
    pub came: Instant,
    /// What.
    pub event: PbxEvent,
}

impl From<PbxEvent> for Told {
    /// As of now.
    fn from(event: PbxEvent) -> Self {
        Self {
            came: Instant::now(),
            event,
        }
    }
}

/// One PBX, connected for one agent: it tells [`PbxEvent`]s into the channel that it was started with. The
/// connection ends with [`Pbx::shutdown`], or when all handles or the events' receiver are gone.
pub trait Pbx: std::fmt::Debug + Send + Sync {
    /// Connects again at once: after a trouble that stopped the retries, or because somebody asked.
    fn reconnect_now(&self);

    /// What came over the socket so far.
    fn stats(&self) -> Stats;

    /// Ends the connection and waits until it is closed; not for long, as nobody may listen to its events any more.
    fn shutdown(&self) -> BoxFuture<'_, ()>;

    /// Places calls.
    fn dials(&self) -> Option<&dyn Dials> {
        None
    }

    /// Hangs up.
    fn hangs_up(&self) -> Option<&dyn HangsUp> {
        None
    }

    /// Says where a caller is.
    fn finds(&self) -> Option<&dyn Finds> {
        None
    }

    /// Lets the agent's computers find each other.
    fn meets(&self) -> Option<&dyn Meets> {
        None
    }

    /// Hands out recordings.
    fn records(&self) -> Option<&dyn Records> {
        None
    }

    /// Tells what is left of a call whose end nobody saw.
    fn traces(&self) -> Option<&dyn KeepsTraces> {
        None
    }

    /// Whether its events tell who else rings for the same call ([`calls::CallEventKind::Shared`]).
    fn tells_who_else_rings(&self) -> bool;

    /// Whether after a cut it tells again what happened meanwhile: from [`Stats::point`] on, which is handed to the next
    /// start as well.
    fn resumes(&self) -> bool;

    /// All of it, as yes and no.
    fn abilities(&self) -> Abilities {
        Abilities {
            dials: self.dials().is_some(),
            hangs_up: self.hangs_up().is_some(),
            finds: self.finds().is_some(),
            meets: self.meets().is_some(),
            records: self.records().is_some(),
            traces: self.traces().is_some(),
            tells_who_else_rings: self.tells_who_else_rings(),
            resumes: self.resumes(),
        }
    }
}

/// What a link can do; see [`Pbx`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Abilities {
    /// See [`Pbx::dials`].
    pub dials: bool,
    /// See [`Pbx::hangs_up`].
    pub hangs_up: bool,
    /// See [`Pbx::finds`].
    pub finds: bool,
    /// See [`Pbx::meets`].
    pub meets: bool,
    /// See [`Pbx::records`].
    pub records: bool,
    /// See [`Pbx::traces`].
    pub traces: bool,
    /// See [`Pbx::tells_who_else_rings`].
    pub tells_who_else_rings: bool,
    /// See [`Pbx::resumes`].
    pub resumes: bool,
}

/// Places calls.
pub trait Dials: Send + Sync {
    /// Click-to-call (S18): rings the agent's phone, which shows `number`, then dials `number`. The
    /// events that follow carry `order`.
    ///
    /// # Errors
    /// [`OriginateError::Unknown`] means that the phone may be ringing: it is never asked again by
    /// itself. An order that is placed twice rings once.
    fn originate<'a>(&'a self, order: OrderId, number: &'a str, caller_name: Option<&'a str>) -> BoxFuture<'a, Result<(), OriginateError>>;

    /// The leg that an order will have: the call is on the desk before the PBX is asked.
    fn leg_of(&self, order: &OrderId) -> LegId;
}

/// Hangs up.
pub trait HangsUp: Send + Sync {
    /// Hangs up one of the agent's legs.
    ///
    /// # Errors
    /// [`CommandError::Gone`] when it is over already.
    fn hang_up<'a>(&'a self, leg: &'a LegId) -> BoxFuture<'a, Result<(), CommandError>>;
}

/// Says where a caller is whose call this agent's phone did not answer.
pub trait Finds: Send + Sync {
    /// By the conversation, or by the number, as the PBX wrote it, where that is not known. `None`: the PBX cannot be asked.
    fn whereabouts<'a>(&'a self, conversation: Option<&'a ConversationId>, number: &'a str) -> BoxFuture<'a, Option<Whereabouts>>;

    /// Whether a conversation goes on. The small question between two of [`Finds::whereabouts`]. `None`: the PBX cannot
    /// be asked.
    fn is_there<'a>(&'a self, conversation: &'a ConversationId) -> BoxFuture<'a, Option<bool>>;
}

/// Lets the agent's computers find each other.
pub trait Meets: Send + Sync {
    /// The other companions of this agent's extension, and what they say of calls. `None`: the PBX cannot be asked.
    fn companions(&self) -> BoxFuture<'_, Option<Companions>>;

    /// Says to the other companions of the extension how far this one is with a call, or takes it back.
    /// `false`: nobody was told, as the PBX cannot be reached or its user may only read.
    fn say<'a>(&'a self, leg: &'a LegId, stage: &'a Stage, says: bool) -> BoxFuture<'a, bool>;
}

/// Hands out recordings.
pub trait Records: Send + Sync {
    /// Fetches a recording that an event named.
    ///
    /// # Errors
    /// See [`RecordingError`]; [`RecordingError::is_passing`] tells whether to ask again.
    fn fetch_recording<'a>(&'a self, recording: &'a RecordingRef, max_bytes: u64) -> BoxFuture<'a, Result<RecordingFile, RecordingError>>;
}

/// Tells what is left of a call whose end nobody saw.
pub trait KeepsTraces: Send + Sync {
    /// What can still be found out.
    fn traces_of<'a>(&'a self, call: &'a OutOfSight<'a>) -> BoxFuture<'a, Traces>;
}

/// Where a caller is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// The conversation is over.
    Gone,
    /// The call goes on, with nobody at the other end yet, or at this agent's own phone.
    Waits(ConversationId),
    /// Somebody else has taken the call.
    Talks,
}

/// A call that ended out of sight, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct OutOfSight<'a> {
    /// What the conversation began with.
    pub conversation: Option<&'a str>,
    /// The other side's number as the PBX wrote it; empty where the agent called, whose own channel was the first.
    pub caller: &'a str,
    /// Its recording, if the PBX had named it.
    pub recording: Option<&'a RecordingRef>,
    /// It rang at this phone alone, as far as is known: whoever talked, talked here.
    pub alone: bool,
    /// How long ago it began, ms: a PBX that has started since has left its files unfinished, and they tell nothing.
    pub age_ms: i64,
}
