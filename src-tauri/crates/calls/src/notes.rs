//! What the desk remembers beyond its calls.

use crate::claim::SeenClaim;
use crate::event::CallEvent;
use crate::open_missed::OpenMissed;
use crate::phone::PhoneKey;
use crate::remembered::Choices;
use crate::reminder::Reminder;
use serde::{Deserialize, Serialize};

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
    /// Reminders to call back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminder>,
    /// Who calls whom back, as their cases said last, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<SeenClaim>,
}
