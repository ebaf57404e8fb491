//! One call: the agent's own part of a conversation, from the first ring until all that is owed is known.
//!
//! Three hands write it, each its own part: the PBX ([`Detail`]), the agent ([`Handling`]) and the desk ([`Filing`]).
//! Stored, they are one flat object, as they were before they were told apart: rows of any version read.

mod among;
mod detail;
mod filing;
mod handling;

pub use among::Among;
pub use detail::{Detail, DialTrouble, Phase, Ring, Transferred};
pub use filing::{Filing, Recording, Undoing};
pub use handling::{Choice, Compose, Draft, Handling};

use crate::duty::CaseTarget;
use crate::duty_key::{DutyKey, DutyName};
use crate::event::{Direction, LegId};
use crate::ids::{CaseId, UserId};
use crate::phone::PhoneKey;
use serde::{Deserialize, Serialize};

/// One call of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its identity.
    pub leg: LegId,
    /// Who is on the other side: the help desk's answer, or whom the agent chose.
    pub caller: Caller,
    /// What the PBX said.
    #[serde(flatten)]
    pub detail: Detail,
    /// What the agent did.
    #[serde(flatten)]
    pub handling: Handling,
    /// What the desk decided.
    #[serde(flatten)]
    pub filing: Filing,
}

/// Who is on the other side, as far as the help desk knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Caller {
    /// Being looked up.
    LookingUp,
    /// This user.
    Known {
        /// Who.
        user: UserId,
        /// Whether the agent chose or linked the user, so that no later look-up may change it.
        chosen: bool,
    },
    /// Several users have the number; whose it is written for by itself stands in [`Filing::among`].
    Several {
        /// Who they are.
        users: Vec<UserId>,
    },
    /// Nobody has it (S10).
    Unknown,
    /// The caller hid the number: there is nothing to look up.
    Withheld,
    /// A colleague, or no number at all: nothing to look up.
    NotLookedUp,
    /// The help desk could not be asked.
    Unavailable,
}

impl Call {
    /// The key of something owed for this call. What is owed anew after its case was found deleted has a key of its own.
    #[must_use]
    pub fn key(&self, name: DutyName) -> DutyKey {
        // The case that the agent created while it rang is there, however often it rings.
        let kept = self.handling.created_live && name == DutyName::Case;
        let rung = if kept {
            self.filing.rung_when_created
        } else {
            self.filing.rung_again
        };
        match self.filing.replaced + rung {
            0 => DutyKey::new(&self.leg, &name.to_string()),
            times => DutyKey::new(&self.leg, &format!("{name}-{}", times + 1)),
        }
    }

    /// Whether the agent ordered it and the PBX has not told of it yet.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.detail.order.is_some() && !self.detail.confirmed
    }

    /// Whether the agent attached it to this case.
    #[must_use]
    pub fn is_attached_to(&self, case: CaseId) -> bool {
        matches!(&self.handling.choice, Choice::Attach { case: chosen } if chosen.id == case)
    }

    /// Whether it still goes on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.detail.phase != Phase::Ended
    }

    /// Whether the two sides talked.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.detail.answered_at.is_some()
    }

    /// How long they talked, ms; `None` while it lasts or when nobody talked.
    #[must_use]
    pub fn talk_ms(&self) -> Option<i64> {
        Some(self.detail.ended_at?.since(self.detail.answered_at?))
    }

    /// Whether a colleague's decision stands against the agent's undoing: about the call's own case, or, where only
    /// missed-call cases were to be opened again, about all of them.
    #[must_use]
    pub fn is_overruled(&self) -> bool {
        let own = self.key(DutyName::Undo);
        let of_own = self.filing.undoing.iter().find(|undoing| undoing.key == own);
        match of_own {
            Some(own) => own.overruled,
            None => !self.filing.undoing.is_empty() && self.filing.undoing.iter().all(|undoing| undoing.overruled),
        }
    }

    /// What undoing does to a missed-call case that the call closed.
    #[must_use]
    pub fn undoing_of(&self, missed: &CaseTarget) -> Option<&Undoing> {
        let own = self.key(DutyName::Undo);
        self.filing
            .undoing
            .iter()
            .find(|undoing| undoing.case == *missed && undoing.key != own)
    }

    /// Whom the help desk may know the other side by: whoever is outside, whatever the number looks like; none for a hidden
    /// number and for a colleague.
    #[must_use]
    pub fn client_key(&self) -> Option<PhoneKey> {
        let key = self.detail.number.key()?;
        (self.detail.direction != Direction::Internal || key.e164().is_some()).then_some(key)
    }

    /// The user on the other side, when there is no doubt.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match &self.caller {
            Caller::Known { user, .. } => Some(*user),
            Caller::LookingUp | Caller::Several { .. } | Caller::Unknown | Caller::Withheld | Caller::NotLookedUp | Caller::Unavailable => {
                None
            }
        }
    }
}
