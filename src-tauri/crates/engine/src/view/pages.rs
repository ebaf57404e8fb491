//! Pages read on demand: a profile, a case, what a search found.

use super::{CaseStatusView, ClaimView, UserView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CaseRow {
    /// Omnidesk's id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Its status.
    pub status: CaseStatusView,
    /// Which handset stands before it (S25, S28).
    pub handset: HandsetView,
    /// The agent responsible, by name.
    pub staff: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<f64>,
    /// Whether it is of the channel «Звонки».
    pub is_call: bool,
    /// Who calls its client back, while it waits.
    pub claim: Option<ClaimView>,
}

/// The handset of a case (design section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HandsetView {
    /// An incoming call that was answered.
    Incoming,
    /// An outgoing call that was answered.
    Outgoing,
    /// Missed: red.
    Missed,
    /// Missed, then called back: green.
    CalledBack,
    /// How the call ended is not known.
    Unknown,
    /// Not a call.
    None,
}

/// A user's page (S03, S04).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// The user.
    pub user: UserView,
    /// Earlier cases, newest first, all channels.
    pub cases: Vec<CaseRow>,
    /// Data from this computer, as of then, because Omnidesk does not answer.
    pub stale_since: Option<f64>,
    /// The user's page in Omnidesk.
    pub url: Option<String>,
}

/// A case's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CasePageView {
    /// The case.
    pub case: CaseRow,
    /// Its user.
    pub user: Option<UserView>,
    /// Its group.
    pub group: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Messages and notes, oldest first.
    pub messages: Vec<MessageView>,
    /// Its page in Omnidesk.
    pub url: Option<String>,
}

/// A message or note of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Omnidesk's id.
    pub id: String,
    /// Who wrote it.
    pub author: AuthorView,
    /// The author's name, if known.
    pub author_name: Option<String>,
    /// The text, always plain.
    pub text: String,
    /// When.
    pub at: Option<f64>,
    /// Whether only staff sees it.
    pub note: bool,
    /// Files.
    pub attachments: Vec<AttachmentView>,
    /// The call it tells of, if it is one of this agent's.
    pub call: Option<String>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AuthorView {
    /// The client.
    User,
    /// An agent.
    Staff,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// Omnidesk's id of the file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub size: f64,
    /// Whether it can be played in place.
    pub audio: bool,
}

/// A user found by search (S12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundUser {
    /// The user.
    pub user: UserView,
    /// What matched, where most of it stands first.
    pub matched: Vec<PlaceView>,
    /// The user's numbers, to be dialled, in the order of `phones`.
    pub dial: Vec<String>,
}

/// Where a search matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// A code or a field's id: `name`, `email`, `phone`, `company`, `position`, `note`, `cf_25`.
    pub field: String,
    /// The text.
    pub text: String,
    /// What of it matched, in UTF-16 units, from and to, in order and apart from each other.
    pub ranges: Vec<[u32; 2]>,
}
