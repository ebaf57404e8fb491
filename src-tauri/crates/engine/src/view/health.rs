//! The page «Состояние»: how the program does, for who helps an office. Counts, moments and codes: no type here has room for
//! a number, a name, an address or a text of somebody's, so what is copied from the page has none.

use super::{IndexView, LinkStateView, LinkView, SecretsView, StorageFaultView, TroubleView};
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
    /// How soon the popup stands there.
    pub popup: PopupHealth,
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
    /// The system it runs on, where that says what it is.
    pub os: Option<OsHealth>,
    /// What draws the pages; none where that is not told.
    pub web_view: Option<VersionNumbers>,
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

/// A version by its numbers, such as `22.10.1`: digits and dots alone. Whatever else stands in it is not told, as nobody knows whose words those are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct VersionNumbers(String);

impl VersionNumbers {
    /// So many numbers at most, of so many digits: a telephone number is none, nor is an address in the net.
    const MOST: (usize, usize) = (3, 4);

    /// The first numbers of a text that are one, such as those of `certified/18.9-cert4`; none without any.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (most, digits) = Self::MOST;
        let begins = text.find(|c: char| c.is_ascii_digit())?;
        let rest = &text[begins..];
        let ends = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let parts: Vec<&str> = rest[..ends].split('.').filter(|part| !part.is_empty()).collect();
        let fits = parts.len() <= most && parts.iter().all(|part| part.len() <= digits);
        fits.then(|| Self(parts.join(".")))
    }
}

/// The system that the program runs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OsHealth {
    /// Which one.
    pub name: OsView,
    /// Its version; none of one that goes on without any.
    pub version: Option<VersionNumbers>,
}

/// Systems that are known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OsView {
    /// ALT Linux.
    Alt,
    /// Arch Linux.
    Arch,
    /// Astra Linux.
    Astra,
    /// Debian.
    Debian,
    /// Fedora.
    Fedora,
    /// Linux Mint.
    Mint,
    /// openSUSE, any.
    Opensuse,
    /// RED OS.
    Redos,
    /// Ubuntu.
    Ubuntu,
    /// Another one.
    Other,
}

/// From the PBX's event to the popup's frame that shows its call, over the last calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PopupHealth {
    /// So many calls, 200 at most.
    pub calls: u32,
    /// Half of them took no longer, ms; none without any call, as the others.
    pub half: Option<u32>,
    /// 95 of 100 took no longer, ms.
    pub most: Option<u32>,
    /// The slowest, ms.
    pub slowest: Option<u32>,
}

/// A state that a link was in, as long as it lasted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkSpellView {
    /// The state.
    pub state: LinkStateView,
    /// Since when, ms since 1970.
    #[specta(type = u32)]
    pub since: f64,
    /// Until when; none where it goes on, or nobody saw it end.
    pub until: Option<f64>,
    /// It goes on.
    pub goes_on: bool,
    /// Why it was down, in the order in which the reasons came.
    pub reasons: Vec<TroubleView>,
}

/// The link to the PBX. Counts are since it was last set up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PbxHealth {
    /// The vendor's name in settings; none without a link.
    pub vendor: Option<String>,
    /// What it says its version is.
    pub version: Option<VersionNumbers>,
    /// Its state.
    pub link: LinkView,
    /// Its last states, oldest first, those of before the start included.
    pub spells: Vec<LinkSpellView>,
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
    /// Its last states, oldest first, those of before the start included.
    pub spells: Vec<LinkSpellView>,
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
    /// What the requests of this computer were for; each purpose once, those that took none included.
    pub spent: Vec<SpentHealth>,
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

/// What one purpose took of the account's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SpentHealth {
    /// What for.
    pub purpose: PurposeView,
    /// Requests of the last minute.
    pub minute: u32,
    /// Requests of the last hour.
    pub hour: u32,
    /// Requests that wait for their turn.
    pub waiting: u32,
}

/// What requests are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PurposeView {
    /// Who rings.
    LookUp,
    /// What somebody looks at.
    Pages,
    /// What is owed, and what is read to write it.
    Outbox,
    /// What there is in the account.
    Account,
    /// What the office publishes.
    Office,
    /// All users of the account.
    Users,
    /// The team's figures.
    Statistics,
    /// Other work that nobody waits for.
    Background,
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
    /// The version of its tables.
    pub schema: u32,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_version_its_numbers_are_told_and_nothing_else() {
        let table: [(&str, Option<&str>); 12] = [
            ("22.10.1", Some("22.10.1")),
            ("certified/18.9-cert4", Some("18.9")),
            ("Asterisk GIT-master-13.7.2", Some("13.7.2")),
            ("2.50.6", Some("2.50.6")),
            ("24.04", Some("24.04")),
            ("10.20.30.40", None),
            ("20..1.", Some("20.1")),
            ("rolling", None),
            ("", None),
            ("+79161234567", None),
            ("22.79161234567", None),
            ("99999", None),
        ];
        for (text, numbers) in table {
            let expected = numbers.map(|numbers| VersionNumbers(numbers.to_owned()));
            assert_eq!(VersionNumbers::read(text), expected, "{text}");
        }
        for hostile in hostile::texts() {
            let told = serde_json::to_string(&VersionNumbers::read(&hostile.text)).unwrap();
            assert!(told.len() < 30 && told.is_ascii(), "{}: {told}", hostile.name);
        }
    }
}
