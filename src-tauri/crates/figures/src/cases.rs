//! What became of the cases: which are closed, who closed them, and which have a recording.
//!
//! Calls come the latest first, so the first status that is told of a case is the one it has.

use calls::{CaseId, CaseStatus, LegId, Recording};
use std::collections::{BTreeSet, HashMap};
use store::PastCall;

/// Which of the two ranges something lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    /// The one that is asked for.
    Now,
    /// The one before it.
    Before,
}

/// The agents by their place in a list, so that a case need not hold their names.
pub(crate) type AgentNo = usize;

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Case(CaseId),
    /// The call's case is not in Omnidesk yet.
    OfCall(LegId),
}

#[derive(Debug, Default)]
struct State {
    received: Option<Period>,
    /// The last status that a call gave it, when and by whom.
    set: Option<(CaseStatus, Option<Period>, AgentNo)>,
    /// Whose conversations it has recordings of.
    recorded: BTreeSet<AgentNo>,
}

/// The cases of the calls seen so far.
#[derive(Debug, Default)]
pub(crate) struct Cases(HashMap<Key, State>);

impl Cases {
    /// Takes in a call, whose range is `period`.
    pub(crate) fn add(&mut self, call: &PastCall, agent: AgentNo, period: Option<Period>) {
        let key = match &call.case {
            Some(case) => Key::Case(case.id),
            None if call.opened_a_case() => Key::OfCall(call.leg.clone()),
            None => return,
        };
        let state = self.0.entry(key).or_default();
        if call.opened_a_case() {
            state.received = period;
        }
        if call.recording == Recording::Attached && call.answered_at.is_some() {
            state.recorded.insert(agent);
        }
        // What was undone has given the case its earlier status back.
        let status = call.outcome.and_then(|outcome| outcome.status).filter(|_| !call.undone);
        if let (Some(status), None) = (status, state.set) {
            state.set = Some((status, period, agent));
        }
    }

    /// Closed cases of calls received in a range that have a recording (S36).
    pub(crate) fn closed(&self, period: Period) -> u32 {
        let counts = |state: &&State| state.received == Some(period) && state.closer().is_some() && !state.recorded.is_empty();
        self.0.values().filter(counts).fold(0, |count, _| count + 1)
    }

    /// For each agent the cases they closed in the range, with a recording of their own conversation (S38).
    pub(crate) fn closed_by(&self) -> HashMap<AgentNo, u32> {
        let mut counts = HashMap::new();
        for state in self.0.values() {
            match state.closer() {
                Some((Some(Period::Now), agent)) if state.recorded.contains(&agent) => *counts.entry(agent).or_default() += 1,
                _ => {}
            }
        }
        counts
    }
}

impl State {
    /// When and by whom it was closed, if it is.
    fn closer(&self) -> Option<(Option<Period>, AgentNo)> {
        self.set
            .and_then(|(status, period, agent)| (status == CaseStatus::Closed).then_some((period, agent)))
    }
}
