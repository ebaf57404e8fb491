//! What the agent has done with a call: typed, chosen, ordered, undone.
//!
//! It is the agent's own, at this computer: no event of the PBX and no answer of the help desk takes it back.

use crate::duty::{CaseFacts, UserEdit};
use crate::ids::UserId;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// What the agent has done with a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// How far the agent went on the compose page.
    pub compose: Compose,
    /// What the agent typed.
    pub draft: Draft,
    /// What the agent ordered.
    pub choice: Choice,
    /// The case it was called from (S18).
    pub called_from: Option<CaseFacts>,
    /// The case was created while the call lasted: what became of the call follows as a message of its own (S06).
    pub created_live: bool,
    /// The agent typed on after «Создать»; what was typed goes into the message about the end.
    pub typed_since: bool,
    /// What the agent typed about a user who is not there yet (S14).
    pub edit: Option<UserEdit>,
    /// To whom the agent has given the number so far, the last one last.
    pub linked_to: Vec<UserId>,
    /// The agent undid what was decided.
    pub undone: bool,
    /// The labels that the agent has picked for the case, in the order of their letters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// How far the agent went on the compose page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compose {
    /// Never opened.
    #[default]
    NotOpened,
    /// Open now, or opened and left (S07 asks only whether it was opened).
    Opened,
}

/// What the agent typed so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// «Тема»
    pub subject: String,
    /// «Суть звонка»
    pub gist: String,
    /// When it was last saved.
    pub saved_at: Option<Moment>,
}

impl Draft {
    /// Whether both say the same, apart from the space around it.
    #[must_use]
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.subject.trim() == other.subject.trim() && self.gist.trim() == other.gist.trim()
    }

    /// Whether nothing worth keeping was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.subject.trim().is_empty() && self.gist.trim().is_empty()
    }
}

/// What the agent ordered for the call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Choice {
    /// Nothing.
    #[default]
    None,
    /// A new case (S05).
    NewCase,
    /// An earlier case (S08).
    Attach {
        /// Which.
        case: CaseFacts,
    },
}
