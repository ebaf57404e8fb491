//! «Перезваниваю»: who has undertaken to call a missed client back.

use crate::time::ms;
use calls::{CLAIM_HOLDS, Claim, Moment};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Who calls a missed client back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClaimView {
    /// How that stands for this agent.
    pub state: ClaimStateView,
    /// Omnidesk's id of who it is; empty where nobody does.
    pub by: String,
    /// Their name; may be empty.
    pub name: String,
    /// Since when.
    pub since: Option<f64>,
    /// Until when it is believed.
    pub until: Option<f64>,
}

/// How a claim stands for this agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ClaimStateView {
    /// It is this agent's, and on its way to Omnidesk.
    Sending,
    /// It is this agent's.
    Mine,
    /// It is a colleague's.
    Colleague,
    /// A colleague was first, though this agent wanted it, too.
    Late,
    /// This agent wanted it, and the client does not wait any more.
    Over,
}

impl ClaimView {
    /// What a case says.
    #[must_use]
    pub fn of(claim: &Claim, mine: bool) -> Self {
        let state = if mine { ClaimStateView::Mine } else { ClaimStateView::Colleague };
        Self::new(state, claim.by.0.to_string(), &claim.name, Some(claim.since))
    }

    /// What the agent has just said.
    #[must_use]
    pub fn sending(name: &str, since: Moment) -> Self {
        Self::new(ClaimStateView::Sending, String::new(), name, Some(since))
    }

    /// A colleague was first.
    #[must_use]
    pub fn late(to: &Claim) -> Self {
        Self::new(ClaimStateView::Late, to.by.0.to_string(), &to.name, Some(to.since))
    }

    /// Somebody has dealt with it.
    #[must_use]
    pub fn over() -> Self {
        Self::new(ClaimStateView::Over, String::new(), "", None)
    }

    fn new(state: ClaimStateView, by: String, name: &str, since: Option<Moment>) -> Self {
        Self {
            state,
            by,
            name: name.to_owned(),
            since: since.map(ms),
            until: since.map(|since| ms(since.plus_ms(CLAIM_HOLDS))),
        }
    }

    /// By a clock that is behind by so many milliseconds.
    #[must_use]
    pub fn earlier(self, by: f64) -> Self {
        Self {
            since: self.since.map(|since| since - by),
            until: self.until.map(|until| until - by),
            ..self
        }
    }
}
