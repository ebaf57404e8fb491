//! Labels of a call's case, picked by the agent: what became of the call, in the office's own words.
//!
//! They are told once the agent is done picking, so that they cost one request; a second thought costs another.

use crate::call::Call;
use crate::desk::Desk;
use crate::duty::DutyKind;
use crate::duty_key::DutyName;
use crate::effect::{Effect, Refusal};
use crate::event::LegId;
use crate::outcome::Act;
use crate::owed::{goes_to, owe};

/// As many as there are digits to pick them.
pub const MOST_LABELS: usize = 9;

impl Call {
    /// Whether labels were picked, or taken back, and nothing of it is owed yet.
    #[must_use]
    pub fn has_unsent_labels(&self) -> bool {
        !self.is_live() && self.handling.labels != self.filing.labels_owed
    }
}

impl Desk {
    /// All labels as they are picked now.
    pub(crate) fn pick_labels(&mut self, leg: &LegId, labels: Vec<String>) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        call.handling.labels.clear();
        for label in labels {
            if call.handling.labels.len() < MOST_LABELS && !label.trim().is_empty() && !call.handling.labels.contains(&label) {
                call.handling.labels.push(label);
            }
        }
        call.handling.labels.sort();
        Vec::new()
    }

    /// The agent is done picking, or the call has ended: what changed is owed, where there is a case.
    pub(crate) fn tell_labels(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| call.has_unsent_labels()) else {
            return Vec::new();
        };
        let outcome = call.filing.outcome.filter(|outcome| outcome.act != Act::NoCase);
        let Some((case, after)) = outcome.and_then(|outcome| goes_to(call, &outcome)) else {
            return Vec::new();
        };
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let without = |these: &[String], those: &[String]| these.iter().filter(|label| !those.contains(label)).cloned().collect();
        let kind = DutyKind::PutLabels {
            case,
            put: without(&call.handling.labels, &call.filing.labels_owed),
            taken: without(&call.filing.labels_owed, &call.handling.labels),
        };
        call.filing.labels_owed.clone_from(&call.handling.labels);
        call.filing.labels_told += 1;
        vec![owe(call, DutyName::Labels(call.filing.labels_told), after, kind)]
    }
}
