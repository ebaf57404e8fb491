//! What is shown all the time: stage, links, outbox, agent, and where a window can go.

use super::{CallView, EnrolmentView, FieldView, PauseView, ReminderView, SectionView};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Everything that is shown all the time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskView {
    /// Counts up with each change; a view with a lower number is stale.
    pub revision: u32,
    /// The engine's clock as this was told, ms since 1970: timers of the windows count from it.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub now: f64,
    /// Whether the product can work yet.
    pub stage: Stage,
    /// Live calls first (newest on top), then those of the last days, newest first; at most 200.
    pub calls: Vec<CallView>,
    /// How many calls there are; a window has those that it shows.
    pub kept: u32,
    /// How many clients whose calls were missed wait: nobody has talked with them since, nor dealt with their case.
    pub missed: u32,
    /// The calls the popup shows, the most important first; empty: no popup.
    pub popup: Vec<String>,
    /// «Скрыть личное»: popup, tray and dial window get no names, numbers and values. The workspace and the engine have them.
    pub private: bool,
    /// Whether popups come. The popup also says what came while they were paused.
    pub pause: PauseView,
    /// Reminders to call back: those that are due first, then by time. The popup is there while it has calls or one of these.
    pub reminders: Vec<ReminderView>,
    /// The made-up call of «Показать пробный звонок» (S02): for the popup alone, while it has no real call.
    pub sample: Option<CallView>,
    /// The link to the PBX.
    pub pbx: LinkView,
    /// The link to the PBX crosses the network unencrypted, as somebody said yes to.
    pub in_the_open: bool,
    /// The link to the PBX only tells: no calls are placed over it.
    pub only_tells: bool,
    /// The link to Omnidesk.
    pub omnidesk: LinkView,
    /// The keychain, as far as something waits for it.
    pub keychain: KeychainView,
    /// This computer's disk.
    pub storage: StorageView,
    /// What of the engine itself broke and was started again.
    pub faults: FaultsView,
    /// What is owed to Omnidesk.
    pub outbox: Vec<OutboxRow>,
    /// Who works here.
    pub agent: AgentView,
    /// The popup's fields, in order (S02).
    pub fields: Vec<FieldView>,
    /// The headings over fields, in the popup and on a user's page.
    pub sections: Vec<SectionView>,
    /// The labels that can be picked as a call's outcome, in the order of their digits.
    pub labels: Vec<String>,
    /// Agents of this office say in the case of a missed call that they call back.
    pub claims: bool,
    /// The language of the settings: `ru`, `en`, or empty for the system's.
    pub language: String,
    /// The users that this computer knows.
    pub users: IndexView,
    /// How the channel stands that cases of calls are opened in.
    pub channel: ChannelView,
}

/// Faults of our own: what broke went on or started again, and a person should know (and tell us).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FaultsView {
    /// Tasks that broke since the start.
    pub tasks: u32,
    /// How often the engine started again.
    pub restarts: u32,
    /// When it did last, ms since 1970.
    pub restarted_at: Option<f64>,
}

/// How the channel stands that cases of calls are opened in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChannelView {
    /// Omnidesk has not told.
    #[default]
    Unknown,
    /// It is there.
    There,
    /// None was chosen: cases go to the account's default channel.
    Unset,
    /// It is in Omnidesk no longer, or switched off: no case can be opened.
    Gone,
}

/// This computer's index of users (S12).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IndexView {
    /// How many are on this computer.
    pub users: u32,
    /// As of when; none while they are being read for the first time.
    pub as_of: Option<f64>,
    /// Whether users are being read.
    pub reading: bool,
    /// How many of these have been read.
    pub read: u32,
    /// How many there are to read, as Omnidesk says.
    pub of: Option<u32>,
    /// About how long that still takes, s; none while that cannot be said.
    pub seconds_left: Option<f64>,
    /// How many users of the account could not be got by the last reading of all; 0: all of them are here.
    pub missing: u32,
    /// The last page did not come, or could not be kept; it is asked for again by itself.
    pub failed: bool,
}

/// Whether the product can work yet (D6).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Stage {
    /// The engine is loading its state.
    #[default]
    Starting,
    /// Addresses or secrets are missing: show the set-up.
    SetUp,
    /// Secrets cannot be had: says so on a screen of its own.
    NoKeychain {
        /// The keychain is there and does not open: somebody must unlock it. Else none answers at all.
        locked: bool,
    },
    /// At work.
    Ready,
}

/// How the keychain stands to what it was given to keep last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeychainView {
    /// It answers, or was given nothing.
    #[default]
    Answers,
    /// It waits for somebody to unlock it: new settings and their secrets hold once it has kept these.
    Locked,
    /// It did not keep it: everything is as it was before.
    NotKept,
}

/// A link's state, for the rail, the tray and banners.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// The state.
    pub state: LinkStateView,
    /// Why it is down, as a code such as `unreachable` or `badCredentials`.
    pub trouble: Option<TroubleView>,
    /// Since when it has been in this state.
    pub since: Option<f64>,
    /// When the next attempt comes; none when only a person can mend it.
    pub retry_at: Option<f64>,
}

/// A link's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LinkStateView {
    /// No settings yet.
    #[default]
    Off,
    /// Being established.
    Connecting,
    /// Works.
    Up,
    /// Does not.
    Down,
}

/// Why a link, a test or an action failed. The window words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TroubleView {
    /// Nobody listens there.
    Unreachable,
    /// The PBX's link has no way to do that: nothing is out of order.
    NotOffered,
    /// The name does not resolve.
    UnknownHost,
    /// TLS failed.
    Tls,
    /// The address says TLS, and the port speaks none.
    NoTls,
    /// The address says plain HTTP, and the port speaks TLS.
    NeedsTls,
    /// The address is one of plain HTTP, and nobody said yes to that: nothing was sent.
    PlainHttp,
    /// No answer in time.
    Timeout,
    /// Wrong user, password, e-mail or key.
    BadCredentials,
    /// No right to do this.
    Forbidden,
    /// The PBX's user may only read: calls are seen, none are placed.
    ReadOnly,
    /// Something else answers at that address (a web page, another product).
    WrongService,
    /// The PBX is starting.
    Booting,
    /// No such extension on the PBX.
    NoSuchExtension,
    /// The agent's softphone is not registered.
    PhoneOffline,
    /// The PBX knows no way to the number: the context is wrong, or lacks a rule for it.
    NoRoute,
    /// There is no such number.
    NoSuchNumber,
    /// The PBX's line took no call.
    LineRefused,
    /// The PBX shows every user all of its settings, phones' passwords included.
    OpenPbx,
    /// Another copy of the program took over.
    Replaced,
    /// The line went silent.
    Silent,
    /// Closed by the other side.
    Closed,
    /// Omnidesk asks to wait (429).
    RateLimited,
    /// Omnidesk has an inner error (5xx).
    ServerError,
    /// Omnidesk refuses it (4xx); the code stands beside it.
    Refused,
    /// The thing is gone (404).
    Gone,
    /// A file lies at a host that the office does not list; it stands beside it.
    ForeignHost,
    /// A file's address leads into the office's own network, or is without TLS: it is not followed.
    FileAddress,
    /// What came is no sound, whatever its name says.
    NotSound,
    /// The PBX sends more than any PBX does, and was cut off.
    Flooding,
    /// A required setting is empty or malformed.
    BadSetting,
    /// No keychain answers.
    NoKeychain,
    /// The keychain waits for somebody to unlock it: what it is to keep is not kept yet.
    KeychainLocked,
    /// This computer's disk refuses.
    Storage,
    /// Anything else.
    Other,
}

/// How this computer's disk keeps what happens here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StorageView {
    /// What it refuses now: what happens is in memory only, and nothing is sent.
    pub fault: Option<StorageFaultView>,
    /// Since when it does.
    pub since: Option<f64>,
    /// When it began to take writes again; said for a minute.
    pub mended_at: Option<f64>,
    /// Where the data file lies that was found damaged in this session; what could be read of it went on in a new one.
    pub aside: Option<String>,
    /// How much on this computer cannot be read or handled: left alone where it is owed, kept aside else until a person has it.
    pub unreadable: u32,
    /// The office's set-up file, or some of it, cannot be read.
    pub office_unread: bool,
}

/// Why the disk refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StorageFaultView {
    /// No space is left.
    Full,
    /// Nothing may be written there.
    ReadOnly,
    /// The file is damaged, and no sound one could take its place yet.
    Damaged,
    /// Another program holds the file.
    InUse,
    /// Anything else.
    Other,
}

/// What became of the recording that a row carries or was to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RowRecordingView {
    /// The PBX is asked for it.
    Awaited,
    /// It is in Omnidesk.
    Attached,
    /// It will never come: the PBX does not have it.
    Never,
}

/// Something owed to Omnidesk, or sent lately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OutboxRow {
    /// Its id.
    pub id: String,
    /// The call it belongs to.
    pub call: String,
    /// What it does, as a code: `user`, `case`, `message`, `recording`, `status`, `labels`, `claim`, `move`, `link`, `edit`.
    pub what: String,
    /// Its state.
    pub state: OutboxStateView,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub retry_at: Option<f64>,
    /// Why it did not go through.
    pub trouble: Option<TroubleView>,
    /// Omnidesk's own error code, or ours where an attempt would be in vain.
    pub code: Option<String>,
    /// The recording, for a row that is about one.
    pub recording: Option<RowRecordingView>,
    /// Whether a person may give it up.
    pub can_give_up: bool,
    /// When it was made.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub created_at: f64,
}

/// The state of something owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OutboxStateView {
    /// Waits for something else (its case, the end of the call).
    Blocked,
    /// Will be tried.
    Queued,
    /// Being sent.
    Sending,
    /// Needs a decision: refused for good.
    Wedged,
    /// Sent.
    Done,
}

/// The agent at this desk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AgentView {
    /// The extension.
    pub extension: String,
    /// The name in Omnidesk, once known.
    pub name: Option<String>,
    /// The e-mail address in Omnidesk.
    pub email: String,
    /// Whether the softphone is registered, once known.
    pub phone_online: Option<bool>,
}

/// A page of the workspace, for opening it from outside (S03, a notification, the tray).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "page", rename_all = "camelCase")]
pub enum Route {
    /// The list of calls.
    #[serde(rename_all = "camelCase")]
    Calls,
    /// The same, with the missed calls that wait.
    #[serde(rename_all = "camelCase")]
    Missed,
    /// A user's profile.
    #[serde(rename_all = "camelCase")]
    Profile {
        /// The user.
        user: String,
        /// The call it was opened for.
        call: Option<String>,
    },
    /// A user's profile, to choose the case that the call is attached to (S04).
    #[serde(rename_all = "camelCase")]
    Attach {
        /// The user.
        user: String,
        /// The call.
        call: String,
    },
    /// The compose page.
    #[serde(rename_all = "camelCase")]
    Compose {
        /// The call.
        call: String,
    },
    /// A case.
    #[serde(rename_all = "camelCase")]
    Case {
        /// The case.
        case: String,
        /// The call it was opened for.
        call: Option<String>,
    },
    /// Search with the filter "users" (S12).
    #[serde(rename_all = "camelCase")]
    Search {
        /// The call a user is sought for.
        call: Option<String>,
    },
    /// Settings.
    #[serde(rename_all = "camelCase")]
    Settings,
    /// What is owed to Omnidesk.
    #[serde(rename_all = "camelCase")]
    Outbox,
    /// «Статистика» (S35-S38).
    #[serde(rename_all = "camelCase")]
    Stats,
    /// «Поля данных» (S02).
    #[serde(rename_all = "camelCase")]
    Fields,
    /// What a link would set on this computer, for the agent to take or leave (D6).
    #[serde(rename_all = "camelCase")]
    Enrol {
        /// What it says.
        enrolment: EnrolmentView,
    },
    /// The call that the set-up is tried with (D6).
    #[serde(rename_all = "camelCase")]
    Trial,
}
