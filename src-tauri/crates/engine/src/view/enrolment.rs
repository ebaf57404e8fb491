//! A link that an administrator sends to set up a computer: what it says, or why it is refused.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What came of reading such a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum EnrolmentView {
    /// It can be used: these are its settings, which nobody has taken yet.
    Read {
        /// What it says of each setting, in the order of the screens.
        values: Vec<SettingValue>,
        /// The names of settings that this version does not know: they are left out.
        unknown: Vec<String>,
    },
    /// It cannot, and nothing of it was taken.
    Refused {
        /// Why.
        fault: EnrolmentFault,
        /// The setting it is about, where it is about one of ours.
        key: Option<String>,
    },
}

/// A setting that is a text, by its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingValue {
    /// The setting: a text of `SettingsView`.
    pub key: String,
    /// Its value.
    pub text: String,
}

/// Why a link that sets up a computer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EnrolmentFault {
    /// It is no such link, or one that was cut off.
    NotOne,
    /// It is longer than any is.
    TooLong,
    /// Another version of the program made it.
    OtherVersion,
    /// It carries a password, a key or a token, which no link may.
    Secret,
    /// It says something twice.
    Twice,
    /// A value cannot be that setting's.
    Bad,
    /// It sets nothing that this version knows.
    Empty,
}

/// A link made from this computer's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentLink {
    /// The link.
    pub link: String,
    /// All that is in it.
    pub values: Vec<SettingValue>,
}

/// Whom a link is for, as far as it is for one agent; empty texts say nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentFor {
    /// The PBX's user at that desk.
    pub pbx_user: String,
    /// The agent's extension.
    pub extension: String,
    /// The agent's e-mail address in Omnidesk.
    pub email: String,
}
