//! A claim: who has undertaken to call a missed client back, and how long that is believed.

use crate::ids::{CaseId, StaffId};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// For so long a claim is believed, ms: who has not called by then will hardly do so.
pub const CLAIM_HOLDS: i64 = 2 * 3_600_000;
/// A claim may be so much ahead of the reader's clock, ms; what is further ahead is no claim's time.
const AHEAD: i64 = 600_000;

/// That an agent calls a missed client back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who.
    pub by: StaffId,
    /// Their name.
    pub name: String,
    /// Since when.
    pub since: Moment,
}

/// A claim as a case named it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenClaim {
    /// The case.
    pub case: CaseId,
    /// What it said.
    pub claim: Claim,
    /// It is this agent's.
    pub mine: bool,
}

/// What this agent wants with a missed call, as far as the case does not say it yet, or says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Claiming {
    /// Nothing.
    #[default]
    None,
    /// To call back; it is on its way into the case.
    Wanted {
        /// Since when.
        since: Moment,
    },
    /// A colleague was first.
    Late {
        /// Whom the case names.
        to: Claim,
    },
    /// The client waits no more: somebody has dealt with the case.
    Over,
}

/// Whose a case is, for one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody's, or of somebody who is not believed any more.
    Free,
    /// This agent's.
    Mine,
    /// A colleague's.
    Colleagues,
}

impl Claim {
    /// Whether it still holds.
    #[must_use]
    pub fn is_believed(&self, now: Moment) -> bool {
        (-AHEAD..CLAIM_HOLDS).contains(&now.0.saturating_sub(self.since.0))
    }
}

/// Whose a case is that names this claim, or none.
#[must_use]
pub fn standing(claim: Option<&Claim>, me: StaffId, now: Moment) -> Standing {
    match claim.filter(|claim| claim.is_believed(now)) {
        None => Standing::Free,
        Some(claim) if claim.by == me => Standing::Mine,
        Some(_) => Standing::Colleagues,
    }
}

#[cfg(test)]
mod tests;
