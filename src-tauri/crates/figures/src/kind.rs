//! How a call went, for counting.

use calls::{Direction, Disposition, Reason};
use store::PastCall;

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A client called and the agent answered.
    Incoming,
    /// The agent called a client, who answered or did not.
    Outgoing,
    /// A client called and nobody answered.
    Missed,
    /// A client called or was called, and nobody saw what became of it: neither missed nor answered.
    Unknown,
    /// Not a call of this agent with a client: among colleagues, taken by a colleague, or never put through to the client.
    Other,
}

impl Kind {
    /// How this call went.
    #[must_use]
    pub fn of(call: &PastCall) -> Self {
        let talked = call.answered_at.is_some();
        let out_of_sight = call.unseen || call.disposition == Some(Disposition::Unknown);
        match call.direction {
            Direction::Internal => Self::Other,
            Direction::Inbound if talked => Self::Incoming,
            Direction::Outbound if talked => Self::Outgoing,
            Direction::Inbound if call.disposition == Some(Disposition::AnsweredElsewhere) => Self::Other,
            Direction::Outbound if never_rang(call) => Self::Other,
            Direction::Inbound | Direction::Outbound if out_of_sight => Self::Unknown,
            Direction::Inbound => Self::Missed,
            Direction::Outbound => Self::Outgoing,
        }
    }
}

/// The PBX did not place it, or the agent's own phone was not picked up: the client knows of no call.
fn never_rang(call: &PastCall) -> bool {
    let reason = call.outcome.map(|outcome| outcome.reason);
    call.dial_trouble.is_some() || matches!(reason, Some(Reason::AgentDidNotPickUp | Reason::NotPlaced))
}
