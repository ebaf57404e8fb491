//! A missed-call case that waits for a conversation with its user (S27).

use crate::duty::{CaseFacts, CaseTarget};
use crate::duty_key::DutyKey;
use crate::ids::UserId;
use crate::phone::PhoneKey;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A missed-call case that still waits for a conversation (S27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenMissed {
    /// The number that was missed; none where only the help desk told of the case.
    pub phone: Option<PhoneKey>,
    /// Its user, once known.
    pub user: Option<UserId>,
    /// The duty that opened the case.
    pub opened_by: DutyKey,
    /// The case, once it exists.
    pub case: Option<CaseFacts>,
    /// The last duty that gives it a status: the next one waits for it, whichever call owes it.
    #[serde(default)]
    pub last_status: Option<DutyKey>,
    /// When the help desk last said that it waits, or this desk last wrote to it.
    #[serde(default, rename = "seen_at")]
    pub confirmed_at: Option<Moment>,
}

impl OpenMissed {
    /// The case as the target of a duty.
    #[must_use]
    pub fn target(&self) -> CaseTarget {
        self.case.as_ref().map_or_else(
            || CaseTarget::OpenedBy(self.opened_by.clone()),
            |facts| CaseTarget::Existing(facts.id),
        )
    }

    /// What a duty about the case waits for: the case itself, and the status it was given last.
    #[must_use]
    pub fn so_far(&self) -> Vec<DutyKey> {
        std::iter::once(&self.opened_by).chain(&self.last_status).cloned().collect()
    }
}
