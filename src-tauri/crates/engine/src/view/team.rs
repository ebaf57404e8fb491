//! The team's statistics as the window draws them: what Omnidesk has told so far, and how far the reading is.

use crate::view::{CommandError, TroubleView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What is wanted of the team's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TeamWish {
    /// Those that are known; nothing is asked of Omnidesk.
    Look,
    /// One step on: one list or one case is asked for, unless all is known.
    Read,
    /// All anew, and the first step of it; cases that have not changed are not looked into again.
    Anew,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TeamStage {
    /// Nothing was asked yet.
    Nothing,
    /// The list of cases.
    Cases,
    /// The closed cases, one by one: who closed them, and whether there is a recording.
    Closed,
    /// All was read.
    Done,
}

/// The cases of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamDay {
    /// Which day, as `2026-11-18`.
    pub day: String,
    /// Cases that were opened on it.
    pub received: u32,
}

/// A member of staff with closed cases (S38).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamBestView {
    /// Omnidesk's number of the member of staff.
    pub staff: String,
    /// The name; none for who is not on the staff's list any more.
    pub name: Option<String>,
    /// Whether that is who is set up here.
    pub you: bool,
    /// How many.
    pub closed: u32,
}

/// The team's statistics of a range of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    /// The first day, as `2026-11-18`.
    pub first: String,
    /// The last day.
    pub last: String,
    /// How far the reading is.
    pub stage: TeamStage,
    /// Cases of the stage that were read.
    pub done: u32,
    /// How many there are, as far as Omnidesk has told.
    pub of: Option<u32>,
    /// Why the last step failed; the next one goes on from there.
    pub trouble: Option<CommandError>,
    /// When the list of cases was read, ms since 1970.
    #[specta(type = Option<u32>)]
    pub read_at: Option<f64>,
    /// Cases of the calls' channel that were opened in the range (S35).
    pub received: u32,
    /// Those of the range before, which is as long; none where Omnidesk has not told.
    pub received_before: Option<u32>,
    /// Those of the range that are closed now.
    pub closed: u32,
    /// Closed ones with a recording (S36), as far as they were looked into.
    pub recorded: u32,
    /// Closed ones that were not looked into yet.
    pub unlooked: u32,
    /// Closed ones that this agent may not see, or that are too long to be read.
    pub barred: u32,
    /// Each day of the range, in order.
    pub days: Vec<TeamDay>,
    /// Each hour of the day, from 0 on.
    pub hours: Vec<u32>,
    /// Each day of the week, Monday first.
    pub weekdays: Vec<u32>,
    /// Who closed those with a recording of their own conversation (S38), the most first.
    pub best: Vec<TeamBestView>,
    /// Closed ones with a recording that a rule has closed.
    pub by_rule: u32,
    /// Closed ones with a recording of which Omnidesk does not tell who closed them.
    pub closer_untold: u32,
    /// Closed ones with a recording of which it does not tell whose conversation that is.
    pub recording_untold: u32,
    /// Cases that Omnidesk listed and that could not be read.
    pub unreadable: u32,
}

impl CommandError {
    /// There is no channel of calls, so no case is known to be a call's.
    pub(crate) fn no_channel() -> Self {
        Self {
            trouble: TroubleView::NotOffered,
            about: Some("channel".to_owned()),
        }
    }
}
