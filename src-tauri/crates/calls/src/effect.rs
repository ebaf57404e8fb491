//! What the desk wants done, and why it does not do what an agent asked for.

use crate::duty::Duty;
use crate::event::{LegId, OrderId};
use crate::ids::UserId;
use crate::phone::PhoneKey;

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
    /// Find out what became of a call that ended out of sight; [`crate::Input::Traced`] tells.
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
    /// There is no number to call back.
    NobodyToCall,
    /// A reminder was to come when it is over.
    InThePast,
    /// A colleague calls the client back.
    Claimed,
    /// There are more reminders than anybody keeps.
    TooManyReminders,
}
