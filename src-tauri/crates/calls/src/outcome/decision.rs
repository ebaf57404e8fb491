//! The decision about one call.

use super::act::{Act, CaseStatus, Reason};
use super::facts::Facts;
use super::table::OUTCOMES;
use serde::{Deserialize, Serialize};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outcome {
    /// What happens.
    pub act: Act,
    /// The status the case gets; `None`: it keeps its status, or there is no case.
    pub status: Option<CaseStatus>,
    /// The agent becomes responsible.
    pub responsible: bool,
    /// The user's open missed-call case is closed, as this call has a case of its own (S33a, S33d).
    pub closes_missed: bool,
    /// The rule in SPEC.
    pub rule: Rule,
    /// Why, for the interface.
    pub reason: Reason,
}

/// Decides by [`OUTCOMES`].
///
/// ```
/// use calls::{decide, CaseStatus, Did, Facts, Reach, Side};
/// let outcome = decide(&Facts {
///     side: Side::Client, reach: Reach::Talked, did: Did::Created, transferred: false, has_owner: true,
///     open_missed: false, into_missed: false, from_case: false, unanswered_outgoing_cases: true,
/// });
/// assert_eq!((outcome.status, outcome.rule.as_str()), (Some(CaseStatus::Waiting), "S30"));
/// ```
#[must_use]
pub fn decide(facts: &Facts) -> Outcome {
    // The last row takes what is left; a test shows that no other combination gets there.
    let row = OUTCOMES.iter().find(|row| row.fits(facts)).unwrap_or(&OUTCOMES[OUTCOMES.len() - 1]);
    Outcome {
        act: row.act,
        status: row.status,
        responsible: row.responsible,
        closes_missed: row.closes_missed && facts.open_missed,
        rule: Rule(row.rule),
        reason: row.reason,
    }
}

/// The number of a rule in SPEC, such as `S30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule(&'static str);

impl Rule {
    /// The number as text; empty for a rule of a later version.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.0
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(OUTCOMES.iter().map(|row| row.rule).find(|rule| *rule == text).unwrap_or("")))
    }
}
