//! The list of calls: what is asked for, and the window of it that is seen.

use super::{CallView, DirectionView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Which calls of the history, how they are sorted, and which of them are seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a filter that is on or off")]
pub struct CallsQuery {
    /// Those of one direction.
    pub direction: Option<DirectionView>,
    /// Missed calls of clients with whom nobody of this desk has talked since.
    pub not_called_back: bool,
    /// Those that began then or later, ms since 1970.
    pub from: Option<f64>,
    /// Those of the extension that is set now.
    pub mine: bool,
    /// Those that are in no case.
    pub without_case: bool,
    /// Those of a line, as [`CallsLine::line`] says.
    pub line: Option<String>,
    /// What was typed: names, numbers, cases, subjects.
    pub text: String,
    /// What they are sorted by.
    pub sort: CallsSort,
    /// The smallest first.
    pub ascending: bool,
    /// From this place on, from 0.
    pub at: u32,
    /// So many of them, at most 500.
    pub count: u32,
    /// Whether they are to be counted, too.
    pub counted: bool,
    /// Each call in a row of its own.
    pub apart: bool,
}

/// What the list of calls is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CallsSort {
    /// When they began.
    #[default]
    Time,
    /// The user's name; calls without any come last.
    Name,
    /// The number.
    Phone,
    /// The line.
    Line,
    /// How long they talked.
    Talk,
    /// The case.
    Case,
}

/// A window of the list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallsPage {
    /// The rows that were asked for, each its calls, the latest first: one, or missed ones in a row of one case. A call that is
    /// on this desk is as the desk shows it, any other as the history has it.
    pub rows: Vec<Vec<CallView>>,
    /// How many there are, where that was asked.
    pub counted: Option<CallsCount>,
}

/// How many calls there are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallsCount {
    /// Day by day where they are sorted by time, in the order of the list; else all as one.
    pub days: Vec<DayCount>,
    /// All that are kept, whatever the filter says.
    pub kept: u32,
    /// The lines by which they came.
    pub lines: Vec<CallsLine>,
}

/// The calls of a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayCount {
    /// When one of them began.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub at: f64,
    /// How many rows they make.
    pub calls: u32,
}

/// A queue, a group or a number that was dialled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallsLine {
    /// As the PBX names it.
    pub line: String,
    /// As it is shown.
    pub text: String,
}
