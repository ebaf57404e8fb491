//! The page «Состояние»: how the program does, for who helps an office. Counts, moments and codes: no type here has room for
//! a number, a name, an address or a text of somebody's, so what is copied from the page has none.

use super::{IndexView, LinkView, SecretsView, StorageFaultView, TroubleView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Everything that is known of the program's own state, as of now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    /// As of when, ms since 1970.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub now: f64,
    /// The program.
    pub program: ProgramHealth,
    /// The link to the PBX.
    pub pbx: PbxHealth,
    /// The link to Omnidesk.
    pub omnidesk: OmnideskHealth,
    /// What is owed to Omnidesk.
    pub outbox: OutboxHealth,
    /// This computer's data file.
    pub store: StoreHealth,
    /// This computer's index of users.
    pub users: IndexView,
    /// Where secrets are kept.
    pub keychain: KeychainHealth,
    /// Who decides the settings.
    pub settings: SettingsHealth,
}

/// The program itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProgramHealth {
    /// The product's version.
    pub version: String,
    /// The system and processor it was built for, such as `linux x86_64`.
    pub system: String,
    /// Since when it runs, ms since 1970.
    #[specta(type = u32)]
    pub started_at: f64,
    /// The tasks that go on now, in the words of the log.
    pub tasks: Vec<String>,
    /// Tasks that broke since the start.
    pub broken: u32,
    /// How often the engine started again.
    pub restarts: u32,
}

/// The link to the PBX. Counts are since it was last set up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PbxHealth {
    /// The vendor's name in settings; none without a link.
    pub vendor: Option<String>,
    /// Its state.
    pub link: LinkView,
    /// Whether the agent's phone is registered, as far as the PBX told.
    pub phone_online: Option<bool>,
    /// What it can do.
    pub abilities: Vec<AbilityView>,
    /// Connections that came up; all but one are reconnections.
    pub connects: u32,
    /// When it was last heard, ms since 1970.
    pub heard_at: Option<f64>,
    /// Events that were taken in.
    pub events: u32,
    /// Events that wait for the engine.
    pub waiting: u32,
    /// Events of kinds that this version does not know; harmless.
    pub unknown: u32,
    /// Events that were dropped because they could not be read.
    pub bad: u32,
    /// Events that were dropped for their size.
    pub too_large: u32,
    /// How far its clock is ahead of this computer's, ms; none before it told.
    pub clock_ahead: Option<f64>,
}

/// Something that only some PBXs can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AbilityView {
    /// Places calls.
    Dials,
    /// Hangs up.
    HangsUp,
    /// Says where a missed caller is.
    Finds,
    /// Lets the agent's computers find each other.
    Meets,
    /// Hands out recordings.
    Records,
    /// Tells what is left of a call whose end nobody saw.
    Traces,
    /// Tells who else rings.
    TellsWhoElseRings,
    /// Tells after a cut what happened meanwhile.
    Resumes,
}

/// The link to Omnidesk. Counts are since it was last set up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OmnideskHealth {
    /// Its state.
    pub link: LinkView,
    /// How far its clock is ahead of this computer's, ms; none before it told.
    pub clock_ahead: Option<f64>,
    /// Requests that were sent.
    pub requests: u32,
    /// Those of them that brought no answer, or an inner error of Omnidesk's.
    pub failures: u32,
    /// Those that Omnidesk refused because there were too many in a minute.
    pub limited: u32,
    /// The last errors, oldest first.
    pub errors: Vec<ErrorHealth>,
    /// The account's requests per minute; none where no account is connected.
    pub budget: Option<BudgetHealth>,
}

/// An error of Omnidesk's, by its codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErrorHealth {
    /// When it came, ms since 1970.
    #[specta(type = u32)]
    pub at: f64,
    /// What it means.
    pub trouble: TroubleView,
    /// Omnidesk's own code or the HTTP status, where there is one.
    pub code: Option<String>,
}

/// Requests of this minute.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BudgetHealth {
    /// Requests per minute that the account has; none before Omnidesk told.
    pub limit: Option<u32>,
    /// Requests of this computer in the last minute.
    pub used: u32,
    /// What is left for a ringing call.
    pub left_for_popup: u32,
    /// What is left for somebody who looks at a page.
    pub left_for_pages: u32,
    /// What is left for what is owed.
    pub left_for_outbox: u32,
    /// What is left for the index of users.
    pub left_for_index: u32,
    /// Requests that wait for their turn.
    pub waiting: u32,
}

/// What is owed to Omnidesk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OutboxHealth {
    /// Waits for its turn or for something else.
    pub queued: u32,
    /// Those of them that were tried before.
    pub retried: u32,
    /// Being sent.
    pub sending: u32,
    /// Needs a person's decision.
    pub wedged: u32,
    /// When the oldest of all these was made, ms since 1970.
    pub oldest: Option<f64>,
}

/// This computer's data file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreHealth {
    /// Why the disk refuses writes, if it does.
    pub fault: Option<StorageFaultView>,
    /// A damaged file was put aside in this session.
    pub was_damaged: bool,
    /// What this version cannot make sense of and nobody has as a file yet.
    pub unreadable: u32,
    /// What lies in the file; none when it could not be read.
    pub file: Option<FileHealth>,
}

/// What lies in the data file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FileHealth {
    /// The file in bytes, without its log.
    #[specta(type = u32)]
    pub bytes: f64,
    /// Its log in bytes.
    #[specta(type = u32)]
    pub log_bytes: f64,
    /// Pages of the file that hold nothing.
    pub free_pages: u32,
    /// Inputs whose handling was not finished.
    pub journal: u32,
    /// Calls that windows can show.
    pub calls: u32,
    /// Ended calls kept for statistics.
    pub history: u32,
    /// Records of cases.
    pub cases: u32,
    /// Entries of the outbox, the delivered ones of a week included.
    pub outbox: u32,
    /// What was ever put aside.
    pub aside: u32,
    /// When the file was last put in order, ms since 1970; none since the start.
    pub kept_at: Option<f64>,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeychainHealth {
    /// The place.
    pub place: SecretsView,
    /// Something was asked of it and is not answered.
    pub waits: bool,
    /// It refused to keep what it was given last.
    pub refused: bool,
}

/// Who decides the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsHealth {
    /// The office's file.
    pub office_file: OfficeFileView,
    /// Some of it cannot be read.
    pub office_unread: bool,
    /// Keys that the file gives a value for.
    pub office: u32,
    /// Keys that the office has published.
    pub published: u32,
    /// Keys that were saved on this computer.
    pub own: u32,
    /// Keys that this computer may not change.
    pub locked: u32,
}

/// The office's set-up file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OfficeFileView {
    /// There is none.
    #[default]
    None,
    /// At the system's usual place.
    Usual,
    /// At a place that the environment names.
    Named,
}
