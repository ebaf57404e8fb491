//! Whose a call is, where several users have its number and no person chose.

use crate::guess::Guessed;
use crate::ids::UserId;
use crate::open_missed::OpenMissed;
use serde::{Deserialize, Serialize};

/// Of a call that is written for one of several users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Among {
    /// Whom nobody chose.
    pub guessed: Guessed,
    /// Whose the case is by now.
    pub written_for: UserId,
    /// Who has the number.
    pub users: Vec<UserId>,
    /// How often the case has moved.
    pub moves: u32,
    /// Missed-call cases that its conversation closed only because of the guess.
    pub closed: Vec<OpenMissed>,
}
