//! Settings, connection tests, and why a command was refused.

use super::TroubleView;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Settings without secrets, as the screen shows and returns them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// The PBX's vendor; empty: the first one.
    pub pbx_vendor: String,
    /// Which vendors there are, and what each wants to know; not read when settings come back.
    pub pbx_vendors: Vec<VendorView>,
    /// The PBX's address, such as `https://pbx.example:8089`.
    pub pbx_url: String,
    /// Whether somebody said yes to plain HTTP for this very address.
    pub plain_http: bool,
    /// The office's own certificates for the PBX, PEM; empty: none.
    pub pbx_ca: String,
    /// What those are that are kept; not read when settings come back.
    pub pbx_certificates: Vec<CertificateView>,
    /// Its user.
    pub pbx_user: String,
    /// The agent's extension.
    pub extension: String,
    /// The dialplan context for outgoing calls.
    pub context: String,
    /// Where the PBX's recording folder lies; empty: where it usually lies.
    pub recording_folder: String,
    /// Omnidesk's address, such as `https://company.omnidesk.ru`.
    pub omnidesk_url: String,
    /// The agent's e-mail address in Omnidesk.
    pub email: String,
    /// The custom channel for calls, such as `cch101`; empty: the account's default.
    pub channel: String,
    /// The case field that keeps the call's id, such as `cf_31`; empty: none.
    pub call_id_field: String,
    /// The case field in which agents say that they call a missed client back, such as `cf_32`; empty: they do not.
    pub claim_field: String,
    /// Country whose habits apply to numbers, such as `RU`.
    pub region: String,
    /// `ru`, `en`, or empty for the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Whose case it is where several users have the number and the agent chose none.
    pub several: SeveralView,
    /// Which numbers are dialled at once, asked about, or not called.
    pub dial_policy: DialPolicyView,
    /// How the PBX's dialplan expects numbers.
    pub dial_format: DialFormat,
    /// Whether unanswered outgoing calls get a case.
    pub unanswered_outgoing_cases: bool,
    /// After how many hours a connect reads what changed of them.
    pub users_hours: u32,
    /// How many months ended calls are kept for statistics.
    pub history_months: u32,
    /// When the agent works, Monday first, such as `09:00–18:00`, empty for a day off; outside of it popups are paused. No days:
    /// always.
    pub working_hours: Vec<String>,
    /// At which hosts files may lie besides Omnidesk's.
    pub file_hosts: Vec<String>,
    /// The corner in which the popup stands.
    pub popup_corner: PopupCorner,
    /// The screen on which it does: `pointer`, `primary`, or a screen's name.
    pub popup_screen: String,
    /// How long it stays after a call.
    pub popup_stay: PopupStay,
    /// A notification tells of calls that were missed while nobody looked.
    pub notify_missed: bool,
    /// One tells of a call that rings while popups are paused.
    pub notify_paused: bool,
    /// One tells that something owed needs a decision.
    pub notify_decisions: bool,
    /// Where windows cannot be placed, one tells what the popup has.
    pub notify_instead: bool,
    /// When a link to a number waits for a yes.
    pub links_ask: LinksAsk,
    /// The key combination that dials what is selected anywhere, such as `Ctrl+Alt+C`; empty: none.
    pub hotkey_dial: String,
    /// The one that brings the keyboard to the popup.
    pub hotkey_popup: String,
    /// The one that hides what is personal, and shows it again.
    pub hotkey_private: String,
    /// Where the office publishes settings for all its desks: `omnidesk`, an https address, a file's full path; empty: nobody asks.
    pub office_settings: String,
    /// Whose word a setting is, where it is not the program's own; not read when settings come back.
    pub origins: Vec<OriginView>,
    /// Whether a PBX password is stored.
    pub has_pbx_password: bool,
    /// Whether an Omnidesk key is stored.
    pub has_api_key: bool,
    /// Where secrets are kept.
    pub secrets: SecretsView,
}

/// Whose word a setting is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OriginView {
    /// The setting, by its key.
    pub key: String,
    /// The layer that decides.
    pub from: LayerView,
    /// The office has the last word: it is not changed here, and the engine refuses it.
    pub locked: bool,
    /// What the office says where this computer says something else; of texts only.
    pub office: Option<String>,
}

/// A layer of the settings, the lower ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LayerView {
    /// The program itself.
    BuiltIn,
    /// The office's file on this computer.
    Office,
    /// What the office has published for all its desks.
    Published,
    /// What was saved on this computer.
    Computer,
}

/// A kind of PBX, as it can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VendorView {
    /// Its name, by which the windows word it, too.
    pub name: String,
    /// What it wants to know, in order.
    pub fields: Vec<VendorFieldView>,
    /// What its connection test tries, in order: codes as [`TestLine::step`].
    pub steps: Vec<String>,
}

/// Something that a kind of PBX wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VendorFieldView {
    /// The setting: a text of [`SettingsView`], or `pbxPassword`.
    pub key: String,
    /// What is typed there.
    pub kind: VendorFieldKind,
    /// By which the windows word it.
    pub label: String,
    /// By which they word the line below it; none: there is none.
    pub help: Option<String>,
    /// What holds where nothing is typed; empty: nothing does.
    pub default: String,
    /// Nothing goes without it.
    pub needed: bool,
}

/// What is typed into a field of a kind of PBX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum VendorFieldKind {
    /// A text.
    Text,
    /// A secret, which goes into the keychain.
    Secret,
    /// The PBX's address.
    Url,
    /// A number, mostly.
    Number,
}

/// Whose case it is where several users have the number and the agent chose none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SeveralView {
    /// Whom Omnidesk heard last; the case says so, and moves when the agent chooses another one.
    #[default]
    Newest,
    /// The number's own, until the agent says who it was.
    Ask,
}

/// A corner of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PopupCorner {
    /// Upper left.
    TopLeft,
    /// Upper right (S01).
    #[default]
    TopRight,
    /// Lower left.
    BottomLeft,
    /// Lower right.
    BottomRight,
}

/// Where the popup stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PopupPlace {
    /// In which corner.
    pub corner: PopupCorner,
    /// Of which screen, as [`SettingsView::popup_screen`].
    pub screen: String,
}

/// Of what desktop notifications tell, where the popup cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoticeKinds {
    /// Calls that were missed while nobody looked.
    pub missed: bool,
    /// A call that rings while popups are paused.
    pub paused: bool,
    /// Something owed that needs a decision.
    pub decisions: bool,
    /// What the popup has, where it cannot be placed.
    pub instead: bool,
}

/// How long the popup stays after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub enum PopupStay {
    /// As long as there is something to do about the call; else some seconds.
    #[default]
    #[serde(rename = "asNeeded")]
    AsNeeded,
    /// Until the agent closes it.
    #[serde(rename = "untilClosed")]
    UntilClosed,
    /// Five seconds.
    #[serde(rename = "5s")]
    Seconds5,
    /// Twenty seconds.
    #[serde(rename = "20s")]
    Seconds20,
    /// A minute.
    #[serde(rename = "60s")]
    Seconds60,
}

/// When a link to a number, or another program's, waits for the agent's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LinksAsk {
    /// Always.
    #[default]
    Always,
    /// Not for usual numbers that the agent has called before.
    NotCalledBefore,
}

/// What a key combination does that works whichever program has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Hotkey {
    /// Opens the dial window with the number that is selected.
    Dial,
    /// Brings the keyboard to the popup, or shows the workspace where there is none.
    Popup,
    /// Hides what is personal, or shows it again.
    Private,
}

impl Hotkey {
    /// The setting that holds its combination.
    #[must_use]
    pub fn setting(self) -> &'static str {
        match self {
            Self::Dial => "hotkeyDial",
            Self::Popup => "hotkeyPopup",
            Self::Private => "hotkeyPrivate",
        }
    }
}

/// How numbers are written for the PBX's dialplan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DialFormat {
    /// `79161234567`
    #[default]
    Digits,
    /// `+79161234567`
    Plus,
    /// `89161234567` for Russian numbers, `810…` for others.
    Eight,
}

impl DialFormat {
    /// Writes a number given in E.164.
    #[must_use]
    pub fn apply(self, e164: &str) -> String {
        let digits = e164.trim_start_matches('+');
        match (self, digits.strip_prefix('7')) {
            (Self::Digits, _) => digits.to_owned(),
            (Self::Plus, _) => format!("+{digits}"),
            (Self::Eight, Some(national)) => format!("8{national}"),
            (Self::Eight, None) => format!("810{digits}"),
        }
    }
}

/// Which numbers are dialled at once, asked about, or not called; see `calls::DialPolicy`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DialPolicyView {
    /// Countries beside the office's own whose numbers are dialled at once: ISO 3166, such as `KZ`.
    pub countries: Vec<String>,
    /// Numbers of other countries.
    pub foreign: PermitView,
    /// Services paid for by the call.
    pub premium: PermitView,
    /// Satellite phones.
    pub satellite: PermitView,
    /// Special rates.
    pub shared_cost: PermitView,
    /// The office's file says so: it is not changed here.
    pub fixed: bool,
}

/// What an office has decided about a kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PermitView {
    /// Dialled at once.
    Allow,
    /// Asked about.
    #[default]
    Ask,
    /// Not dialled.
    Never,
}

/// A certificate of the office.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// Whose it is; empty where it does not say.
    pub name: String,
    /// From when on it holds, ms since 1970.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub from: f64,
    /// Until when it holds, ms since 1970.
    #[specta(type = u32)]
    pub until: f64,
    /// Whether it holds now: another one opens nothing.
    pub holds: bool,
}

/// Where secrets are kept (D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretsView {
    /// In the system's keychain.
    #[default]
    Keychain,
    /// From environment variables, for tests: warned about.
    Environment,
    /// Nowhere: no keychain answers.
    None,
}

/// Secrets typed by a person; absent ones stay as they are.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TypedSecrets {
    /// The PBX user's password.
    pub pbx_password: Option<String>,
    /// Omnidesk's API key.
    pub api_key: Option<String>,
}

impl std::fmt::Debug for TypedSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedSecrets(hidden)")
    }
}

/// One line of a connection test (D6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TestLine {
    /// The step, as a code: `reach`, `encryption` (only where there is none, or none yet), `signIn`, `interface`, `subscribe`, `extension`, `phone`, `context`, `secrets`, `socket`, `staff`, `channel`, `callIdField`, `phoneField`.
    pub step: String,
    /// Its outcome.
    pub outcome: TestOutcome,
    /// How long it took, ms.
    pub ms: Option<u32>,
    /// Why it failed.
    pub trouble: Option<TroubleView>,
    /// Details for administrators, without secrets.
    pub details: Option<String>,
    /// The address in full, where the scheme was found by trying.
    pub address: Option<String>,
}

/// A channel of Omnidesk that cases of calls can be opened in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChannelOption {
    /// What cases name it by, such as `cch101`.
    pub key: String,
    /// Its name.
    pub title: String,
}

/// The outcome of a step of a connection test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TestOutcome {
    /// It works.
    Passed,
    /// It does not.
    Failed,
    /// It works as somebody wanted it, at a price that is said.
    Warned,
    /// Not tried, because an earlier step failed.
    Skipped,
}

/// Why a command of the window was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CommandError {
    /// Why.
    pub trouble: TroubleView,
    /// The setting, field or code it is about.
    pub about: Option<String>,
}
