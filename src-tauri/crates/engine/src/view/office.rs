//! What an office publishes for all its desks: what stands, where it comes from, what would be published.

use super::TroubleView;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The page of the settings about it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeView {
    /// Where it is read.
    pub from: OfficeFrom,
    /// That place as the setting has it.
    pub place: String,
    /// The office's file names the place: it is not changed here, and this computer does not go back by itself.
    pub fixed: bool,
    /// What stands there, as far as it was good.
    pub stands: Option<PublishedView>,
    /// The one before it.
    pub before: Option<PublishedView>,
    /// This computer stays with the one before.
    pub back: bool,
    /// When it was read last, ms since 1970; good or bad.
    #[specta(type = Option<u32>)] // a JSON number: f64 would be typed as nullable
    pub read_at: Option<f64>,
    /// What was wrong then.
    pub wrong: Option<OfficeTrouble>,
    /// Whether this agent can publish from here.
    pub may: OfficeMay,
    /// What can be published, in the order of the screens.
    pub rows: Vec<OfficeRow>,
}

/// Where an office publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OfficeFrom {
    /// Nowhere: nobody is asked.
    #[default]
    Off,
    /// In the note of a company in Omnidesk.
    Omnidesk,
    /// At an https address, which is read only.
    Address,
    /// In a file, which is read only.
    File,
}

/// Whether an agent can publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OfficeMay {
    /// As far as is known: Omnidesk tells when it is tried.
    Try,
    /// Omnidesk has refused it to this agent.
    Refused,
    /// Omnidesk does not answer, or is not set up.
    NoOmnidesk,
    /// Where it is read, Ringside does not write.
    #[default]
    ReadOnly,
}

/// One publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PublishedView {
    /// Its number.
    pub number: u32,
    /// Who has published it.
    pub author: String,
    /// When, ms since 1970.
    #[specta(type = u32)]
    pub at: f64,
    /// The settings in it that this version knows.
    pub keys: Vec<String>,
    /// Those on which it has the last word.
    pub locked: Vec<String>,
    /// The names of settings in it that this version does not know: they do nothing here.
    pub unknown: Vec<String>,
}

/// What was wrong when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeTrouble {
    /// What.
    pub fault: OfficeFault,
    /// The setting it is about, where it is about one.
    pub key: Option<String>,
    /// Why it could not be read at all.
    pub trouble: Option<TroubleView>,
}

/// Why what an office has published is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OfficeFault {
    /// It is no such document, or a broken one.
    NotOne,
    /// It is longer than any is.
    TooLong,
    /// It was cut off where it is kept.
    Cut,
    /// A newer version of the program has written it in another form.
    Newer,
    /// It carries a password, a key or a token.
    Secret,
    /// It says something that no publication may say, such as where passwords are sent.
    NotPublishable,
    /// A value cannot be that setting's.
    Bad,
    /// There are two records of the reserved name in Omnidesk.
    Records,
    /// There was one, and there is none any more.
    Gone,
    /// It could not be read at all.
    Unread,
}

/// A setting that can be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeRow {
    /// The setting.
    pub key: String,
    /// What stands published of it; none where nothing does.
    pub published: Option<Vec<OfficeLine>>,
    /// What holds on this computer; none where that cannot be published as it is.
    pub here: Option<Vec<OfficeLine>>,
    /// What holds here was set by somebody, or comes from an office.
    pub is_set: bool,
    /// What holds here is this computer's own, beside what is published.
    pub own: bool,
}

/// One line of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeLine {
    /// What it is about; may be empty, a code, or a text of the office.
    pub name: String,
    /// What it says: a code, or a text.
    pub text: String,
}

/// What somebody wants to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OfficeWish {
    /// The number that stood when they looked; none: nothing did.
    pub seen: Option<u32>,
    /// The settings that go in, as they hold on this computer.
    pub keys: Vec<String>,
    /// Those of them on which the office has the last word.
    pub locked: Vec<String>,
}
