//! Statistics (S35-S38), as the window draws them: counts, days and names. What counts as what stands in the crate `figures`.

use serde::{Deserialize, Serialize};
use specta::Type;

/// The days that are asked for, in this computer's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum FiguresRange {
    /// Today, as far as it has come.
    Today,
    /// The day before.
    Yesterday,
    /// Seven days, the last of them today.
    Week,
    /// Thirty days, the last of them today.
    Month,
    /// From a day to a day, both included.
    Days {
        /// The first, as `2026-11-18`.
        first: String,
        /// The last.
        last: String,
    },
}

/// Calls with clients, by how they went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// They called and the agent answered.
    pub incoming: u32,
    /// The agent called.
    pub outgoing: u32,
    /// They called and nobody answered.
    pub missed: u32,
}

/// The figures of a range.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TotalsView {
    /// Calls, in and out, for which a new case was opened (S35).
    pub received: u32,
    /// Those of them that came in and were answered (S35).
    pub first_reply: u32,
    /// Closed cases of received calls that have a recording (S36).
    pub closed: u32,
    /// Calls with clients.
    pub calls: CountsView,
    /// Calls of which nobody saw what became of them.
    pub unknown: u32,
    /// How long the agent talked with clients, ms.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub talk_ms: f64,
    /// It was at least as long as that.
    pub talk_at_least: bool,
    /// Missed calls after which the agent has talked with the client.
    pub talked_since: u32,
    /// Missed calls of clients who still wait.
    pub waiting: u32,
    /// Missed calls of hidden numbers.
    pub hidden: u32,
}

/// The calls of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    /// Which day, as `2026-11-18`.
    pub day: String,
    /// Its calls.
    pub calls: CountsView,
}

/// The calls of clients on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// The number that was dialled; none where the PBX says none.
    pub line: Option<String>,
    /// Its calls.
    pub calls: CountsView,
}

/// An agent of this computer with closed cases (S38).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BestView {
    /// Who: the address in Omnidesk, or the extension.
    pub agent: String,
    /// Whether that is who is set up here.
    pub you: bool,
    /// How many.
    pub closed: u32,
}

/// All that the page «Статистика» shows, of the calls that this computer has in its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FiguresView {
    /// The first day, as `2026-11-18`.
    pub first: String,
    /// The last day.
    pub last: String,
    /// The first day of the range before.
    pub before_first: String,
    /// The last day of it.
    pub before_last: String,
    /// Today, and so the last day of what can be over.
    pub today: String,
    /// Of the range.
    pub now: TotalsView,
    /// Of the range before, which is as long.
    pub before: TotalsView,
    /// Of today, for «Мой день».
    pub day: TotalsView,
    /// Each day of the range, in order.
    pub days: Vec<DayView>,
    /// Each hour of the day, from 0 on.
    pub hours: Vec<CountsView>,
    /// Each day of the week, Monday first.
    pub weekdays: Vec<CountsView>,
    /// Lines, the busiest first.
    pub lines: Vec<LineView>,
    /// Calls on lines beyond those.
    pub other_lines: CountsView,
    /// Agents with closed cases, the most first.
    pub best: Vec<BestView>,
    /// Calls of the history that this version cannot read, and that no figure counts.
    pub unreadable: u32,
    /// When the oldest call ended that the history still has, ms since 1970; none where it has none.
    #[specta(type = Option<u32>)]
    pub kept_since: Option<f64>,
}
