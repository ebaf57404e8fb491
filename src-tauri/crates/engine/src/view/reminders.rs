//! Reminders to call back, and how a typed time is understood.

use super::{NumberView, TroubleView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A reminder to call somebody back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReminderView {
    /// Its identity.
    pub id: String,
    /// The call after which it was set; it may be forgotten by now.
    pub call: String,
    /// When to call back, ms since 1970.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub due: f64,
    /// What about; may be empty.
    pub what: String,
    /// Who it is; may be empty.
    pub name: String,
    /// The number to call.
    pub number: NumberView,
    /// Who it is in Omnidesk.
    pub user: Option<String>,
    /// The call's case, once there is one.
    pub case_id: Option<String>,
    /// Its time has come.
    pub is_due: bool,
    /// Its time came while the program did not run, or slept.
    pub is_late: bool,
    /// The popup shows it.
    pub in_popup: bool,
}

/// A time as it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum WhenView {
    /// This moment.
    At {
        /// When, ms since 1970.
        #[specta(type = u32)]
        at: f64,
        /// What a change of the clock does to it.
        change: ClockChangeView,
    },
    /// It is no time.
    Unread,
    /// It is over.
    Past,
    /// It is more than a year away.
    TooFar,
}

/// What a change of the clock does to a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ClockChangeView {
    /// Nothing.
    None,
    /// The clock is put forward over it: the time is as much later.
    Skipped,
    /// The clock is put back, so it comes twice: the first is meant.
    Twice,
}

/// A time that is offered at the press of a digit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhenChoice {
    /// As it is said in Russian. Either text is read.
    pub ru: String,
    /// As it is said in English.
    pub en: String,
    /// When that is, ms since 1970.
    #[specta(type = u32)]
    pub at: f64,
}

impl WhenView {
    /// Why it cannot be taken.
    pub(crate) fn refusal(self) -> Option<super::CommandError> {
        let about = match self {
            Self::At { .. } => return None,
            Self::Unread => "when",
            Self::Past => "past",
            Self::TooFar => "tooFar",
        };
        Some(super::CommandError {
            trouble: TroubleView::BadSetting,
            about: Some(about.into()),
        })
    }
}
