//! One line of the decision table.

use super::act::{Act, CaseStatus, Reason};
use super::facts::{Did, Facts, Reach, Side};

/// A condition of a row beside direction, answer and what the agent did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// The agent passed the call on.
    Transferred,
    /// No user and no real number is known.
    NoOwner,
    /// The user has an open missed-call case.
    OpenMissed,
    /// The call was attached to that very case.
    IntoMissed,
    /// The agent called from a case.
    FromCase,
    /// The administrator wants no cases for unanswered calls out.
    AttemptsUnwanted,
}

impl When {
    fn holds(self, facts: &Facts) -> bool {
        match self {
            Self::Transferred => facts.transferred,
            Self::NoOwner => !facts.has_owner,
            Self::OpenMissed => facts.open_missed,
            Self::IntoMissed => facts.open_missed && facts.into_missed,
            Self::FromCase => facts.from_case,
            Self::AttemptsUnwanted => !facts.unanswered_outgoing_cases,
        }
    }
}

/// One row of the decision table.
#[derive(Debug)]
pub struct Row {
    /// Who started the call: one of these.
    pub sides: &'static [Side],
    /// Whether they talked: one of these.
    pub reach: &'static [Reach],
    /// What the agent did: one of these.
    pub did: &'static [Did],
    /// What else must hold: all of these.
    pub when: &'static [When],
    /// What happens.
    pub act: Act,
    /// The status the case gets.
    pub status: Option<CaseStatus>,
    /// Whether the agent becomes responsible.
    pub responsible: bool,
    /// Whether the user's open missed-call case is closed.
    pub closes_missed: bool,
    /// The rule in SPEC.
    pub rule: &'static str,
    /// Why.
    pub reason: Reason,
}

impl Row {
    pub(super) fn fits(&self, facts: &Facts) -> bool {
        self.sides.contains(&facts.side)
            && self.reach.contains(&facts.reach)
            && self.did.contains(&facts.did)
            && self.when.iter().all(|when| when.holds(facts))
    }
}
