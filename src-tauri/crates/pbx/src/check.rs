//! The connection test of the set-up assistant (D6), as every vendor reports it: step by step, with a cause for each
//! failure. Which steps there are is the vendor's own.

use crate::cause::Cause;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What can be tested, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The address answers (name, TCP, TLS).
    Reach,
    /// User and password are right.
    SignIn,
    /// What answers is the vendor's interface.
    Interface,
    /// The user may subscribe and place calls.
    MaySubscribe,
    /// The PBX knows the extension.
    ExtensionExists,
    /// The agent's phone is registered.
    PhoneRegistered,
    /// Calls out find their way: the context exists and knows outside numbers.
    DialsOut,
    /// A proxy keeps the PBX's own settings from this user.
    KeepsSecrets,
    /// The websocket opens and stays ours.
    SocketOpens,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Fine.
    Passed {
        /// How long it took.
        ms: u64,
    },
    /// Not fine.
    Failed {
        /// Why.
        #[serde(flatten)]
        cause: Cause,
    },
    /// Not tried: an earlier step failed.
    Skipped,
}

/// One step with its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// What was tested.
    pub step: Step,
    /// How it went.
    pub outcome: Outcome,
}

/// All steps in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The vendor's steps, each once.
    pub steps: Vec<StepReport>,
    /// The password crosses the network unencrypted.
    pub plain: bool,
}

impl CheckReport {
    /// The outcome of one step.
    #[must_use]
    pub fn outcome(&self, step: Step) -> Outcome {
        self.steps
            .iter()
            .find(|report| report.step == step)
            .map_or(Outcome::Skipped, |report| report.outcome)
    }

    /// Whether calls will be seen. A read-only user, a phone that is not registered just now, a context that leads
    /// nowhere and a PBX that is open to its users are worth a warning, but do not stand in the way; nor does a PBX that
    /// does not tell of its dialplan, or is not asked, as its user may not dial.
    #[must_use]
    pub fn works(&self) -> bool {
        self.steps.iter().all(|report| match report.outcome {
            Outcome::Passed { .. } => true,
            Outcome::Failed { cause } => matches!(
                cause,
                Cause::ReadOnly | Cause::PhoneOffline | Cause::NoSuchContext | Cause::NoWayOut | Cause::OpenToAll
            ),
            Outcome::Skipped => matches!(report.step, Step::DialsOut | Step::KeepsSecrets),
        })
    }
}

/// A report that is being made.
pub(crate) struct Report {
    steps: Vec<StepReport>,
    since: Instant,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            steps: Vec::new(),
            since: Instant::now(),
        }
    }

    pub(crate) fn passed(&mut self, step: Step) {
        let ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.steps.push(StepReport {
            step,
            outcome: Outcome::Passed { ms },
        });
        self.since = Instant::now();
    }

    pub(crate) fn failed(&mut self, step: Step, cause: Cause) {
        self.steps.push(StepReport {
            step,
            outcome: Outcome::Failed { cause },
        });
        self.since = Instant::now();
    }

    /// The vendor's steps that are not yet reported were not tried.
    pub(crate) fn finished(mut self, all: &[Step], plain: bool) -> CheckReport {
        for step in all {
            if !self.steps.iter().any(|report| report.step == *step) {
                self.steps.push(StepReport {
                    step: *step,
                    outcome: Outcome::Skipped,
                });
            }
        }
        self.steps.sort_by_key(|report| report.step);
        CheckReport { steps: self.steps, plain }
    }
}
