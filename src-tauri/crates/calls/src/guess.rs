//! A user whom nobody chose: where several have a number, and a case must be somebody's.

use crate::ids::UserId;
use serde::{Deserialize, Serialize};

/// What the office decides for callers whose number several users have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Several {
    /// The case goes to the one whom the help desk heard last.
    #[default]
    Newest,
    /// The agent is asked who called; the case stands at that one until somebody answers.
    Ask,
}

/// Why a case is a user's whom nobody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guess {
    /// A missed call of theirs waits.
    Missed,
    /// The help desk heard of them last.
    Newest,
    /// The same, and the agent is asked who it was.
    Asked,
}

/// A user who was chosen by no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guessed {
    /// Whom.
    pub user: UserId,
    /// Of how many.
    pub of: usize,
    /// Why.
    pub why: Guess,
}
