//! Popups that are paused, and what came meanwhile.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How it stands with popups.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PauseView {
    /// They do not come; none: they do.
    pub paused: Option<PausedView>,
    /// What came in pauses that are over, until the agent knows of it.
    pub meanwhile: Option<MeanwhileView>,
}

/// Popups do not come for calls that ring: those are recorded, written and listed as ever.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PausedView {
    /// Nobody has said so: it is outside working hours.
    pub by_hours: bool,
    /// When they come again by themselves, ms since 1970; none: when somebody says so.
    pub until: Option<f64>,
}

/// Missed calls of pauses that are over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MeanwhileView {
    /// How many calls were missed and wait yet; more than none.
    pub missed: u32,
}

/// For how long popups are paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PauseFor {
    /// For so many minutes, a week at most.
    Minutes {
        /// How many.
        minutes: u32,
    },
    /// Until midnight.
    Tomorrow,
    /// Until somebody resumes them.
    UntilSaid,
}
