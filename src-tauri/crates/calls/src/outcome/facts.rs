//! Everything the decision depends on.

use serde::{Deserialize, Serialize};

/// Whether the two sides came to talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// They talked.
    Talked,
    /// They did not.
    NotReached,
    /// A colleague took the call.
    Colleague,
    /// Nobody saw: the desk could not look.
    Unknown,
    /// Click-to-call: the agent did not pick up, so the client was never rung.
    AgentAbsent,
    /// Click-to-call: the PBX did not place the call.
    NotPlaced,
}

/// Which side started the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The client called.
    Client,
    /// The agent called.
    Agent,
    /// A colleague on either end.
    Colleague,
}

/// What the agent did with the call before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Nothing; a profile that opened by itself does not count.
    Nothing,
    /// Opened the compose page and typed nothing.
    OpenedCompose,
    /// Typed something, but did not press «Создать».
    Typed,
    /// Created a case.
    Created,
    /// Attached the call to an earlier case, or called from one.
    Attached,
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Which side started it.
    pub side: Side,
    /// Whether they talked.
    pub reach: Reach,
    /// What the agent did.
    pub did: Did,
    /// Whether the agent passed the call on.
    pub transferred: bool,
    /// Whether a case can be opened for anybody: a user or a real number is known.
    pub has_owner: bool,
    /// Whether the user has an open missed-call case (S27).
    pub open_missed: bool,
    /// Whether the call was attached to that very case (S33b, S33e).
    pub into_missed: bool,
    /// Whether the agent called from a case (S18).
    pub from_case: bool,
    /// The administrator's switch: cases for outgoing calls that nobody answered (SPEC I, last paragraph).
    pub unanswered_outgoing_cases: bool,
}
