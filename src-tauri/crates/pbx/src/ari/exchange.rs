//! What goes into the translator and what comes out, besides frames.

use super::lines::is_number_of;
use super::name::endpoint;
use super::wire::Channel;
use crate::stats::FrameOutcome;
use calls::{Extension, LegId, Moment, PbxEvent, Region};
use serde_json::Value;
use std::time::Duration;

/// Whose calls are translated.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The agent's extension, which is the endpoint's name.
    pub extension: Extension,
    /// The channel technology of the agent's phone, such as `PJSIP`.
    pub technology: String,
    /// Country whose habits tell an extension from an outside number.
    pub region: Region,
}

impl Agent {
    /// An agent with a PJSIP phone.
    #[must_use]
    pub fn pjsip(extension: &str) -> Self {
        Self {
            extension: Extension::new(extension),
            technology: "PJSIP".into(),
            region: Region::default(),
        }
    }

    /// The agent's line, such as `PJSIP/101`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}/{}", self.technology, self.extension)
    }

    /// Whether a number is this agent's own: the endpoint's name, or the number in it (`201` of `201-acme`).
    pub(super) fn is_called(&self, number: &str) -> bool {
        is_number_of(number, self.extension.as_str())
    }

    /// Whether a channel is this agent's phone.
    pub(super) fn owns(&self, channel: &Channel) -> bool {
        let technology = channel.name.split('/').next().unwrap_or_default();
        technology == self.technology && endpoint(&channel.name) == self.extension.as_str()
    }
}

/// A variable of a channel that the stream does not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The conversation's id.
    Conversation,
    /// Whether the caller hides the number: `prohib_…`.
    Presentation,
    /// The file the conversation is recorded into.
    Recording,
    /// Not a variable but the channel and its line: who is at its end?
    Line,
    /// Not a variable: which other phones ring for the same call, and have a companion that listens.
    Peers,
}

impl Variable {
    /// The name REST knows it by; `None` for what is no variable.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Conversation => Some("CHANNEL(linkedid)"),
            Self::Presentation => Some("CALLERID(num-pres)"),
            Self::Recording => Some("MIXMONITOR_FILENAME"),
            Self::Line | Self::Peers => None,
        }
    }
}

/// Something to ask REST for a leg's sake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// For which leg.
    pub leg: LegId,
    /// About which channel.
    pub channel: String,
    /// What.
    pub variable: Variable,
    /// How often it was asked before without a value.
    pub attempt: u8,
}

impl Question {
    /// How long to wait before asking: a recording may start some seconds into the talk, and a group's
    /// phones may ring one after the other.
    #[must_use]
    pub fn delay(&self) -> Duration {
        match (self.variable, self.attempt) {
            (_, 0) => Duration::ZERO,
            (Variable::Peers, _) => Duration::from_millis(1500),
            (_, 1) => Duration::from_secs(2),
            (_, 2) => Duration::from_secs(8),
            (_, _) => Duration::from_secs(30),
        }
    }
}

/// A channel and its line, as far as REST tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineAnswer {
    /// Answer of `GET /channels/{id}`.
    pub channel: Value,
    /// `DIALEDPEERNUMBER` on it: what it was dialled by.
    pub dialled_by: Option<String>,
    /// Its endpoint's context, where the PBX tells.
    pub context: Option<String>,
    /// The number that its endpoint's calls are given, where the PBX tells; empty when they are given none.
    pub number: Option<String>,
    /// The context of the agent's own line, where the PBX tells.
    pub own_context: Option<String>,
}

/// What REST said.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The variable's value.
    Value(Value),
    /// A channel, what it was dialled by, and its line.
    Line(Box<LineAnswer>),
    /// Who else rings, and listens.
    Peers(Vec<Extension>),
    /// It has no value, the channel is gone, or nobody answered.
    Nothing,
}

/// The state of the PBX after a (re)connect, as REST gives it.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Answer of `GET /channels`.
    pub channels: Value,
    /// Answer of `GET /bridges`.
    pub bridges: Value,
    /// Answer of `GET /endpoints/{tech}/{resource}`.
    pub endpoint: Value,
    /// Answer of `GET /asterisk/info`; its `status.startup_time` tells a restart.
    pub info: Value,
    /// Answer of `GET /applications`: which lines have a companion.
    pub applications: Value,
    /// What the PBX's clock showed when it answered; to the second.
    pub pbx_clock: Option<Moment>,
    /// When it was asked for, on our own clock.
    pub asked_at: Moment,
    /// When something was last heard before this connection, on our own clock; none at the first one.
    pub unseen_since: Option<Moment>,
}

/// What a step of the translator brings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// The events, in order.
    pub events: Vec<PbxEvent>,
    /// Questions for REST.
    pub ask: Vec<Question>,
    /// What became of the frame; `None` for answers and snapshots.
    pub frame: Option<FrameOutcome>,
    /// Another client took over our app name.
    pub replaced: bool,
}
