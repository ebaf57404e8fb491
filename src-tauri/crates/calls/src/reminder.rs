//! A reminder to call back: what the agent promised, until it is done.

use crate::duty::CaseFacts;
use crate::duty_key::DutyKey;
use crate::event::LegId;
use crate::ids::UserId;
use crate::phone::Number;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A reminder to call somebody back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// Its identity.
    pub key: DutyKey,
    /// The call after which it was set.
    pub leg: LegId,
    /// When to call back.
    pub due: Moment,
    /// What about; may be empty.
    pub what: String,
    /// Who it is, as the agent saw them then; may be empty.
    pub name: String,
    /// The number to call.
    pub number: Number,
    /// Who it is in the help desk.
    pub user: Option<UserId>,
    /// The call's case, once there is one.
    pub case: Option<CaseFacts>,
    /// When it was set.
    pub set_at: Moment,
    /// When it was due and this desk was there to say so; a clock that is set back takes that back no more.
    pub rang_at: Option<Moment>,
}

/// What an agent does with a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum ReminderAct {
    /// It comes back then.
    Later {
        /// When.
        due: Moment,
    },
    /// It is done with.
    Done,
}
