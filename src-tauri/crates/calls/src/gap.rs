//! A time in which a desk could not look, and what can be found out afterwards about a call that ended in it.

use crate::event::RecordingRef;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A time in which a desk could not look, on its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Gap {
    /// When something was last heard.
    pub from: Moment,
    /// When it could look again.
    pub to: Moment,
}

/// Where the other side is of a call that ended out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherSide {
    /// The PBX could not be asked, or there is nothing to ask by.
    #[default]
    NotKnown,
    /// The conversation is over.
    Gone,
    /// Still there, with nobody at the other end.
    Waits,
    /// Talks to somebody else by now.
    Talks,
}

/// What could still be found out about a call that ended out of sight.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Traces {
    /// Where the other side is now.
    pub other: OtherSide,
    /// The PBX names this agent's phone as one that had the other side on the line.
    pub talked: bool,
    /// The PBX says that this agent's phone passed the other side on.
    pub passed_on: bool,
    /// The recording of this agent's talk, where it was not known before.
    pub recording: Option<RecordingRef>,
    /// How long that recording is, ms; none where it is not known, or still grows.
    pub recorded_ms: Option<i64>,
    /// The conversation was recorded, and nobody is to be heard: no two people talked.
    pub silence: bool,
}
