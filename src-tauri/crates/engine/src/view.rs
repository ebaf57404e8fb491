//! What the windows show: plain data, made from the engine's state after each change.
//!
//! The windows hold no state of their own about calls: they draw the last [`DeskView`] and send
//! the agent's clicks back. Words are the window's business; here are only codes and numbers
//! (house rule 8). Moments are milliseconds since 1970 as JSON numbers.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Everything that is shown all the time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskView {
    /// Counts up with each change; a view with a lower number is stale.
    pub revision: u32,
    /// Whether the product can work yet.
    pub stage: Stage,
    /// Live calls first (newest on top), then those of the last days, newest first; at most 200.
    pub calls: Vec<CallView>,
    /// The calls the popup shows, the most important first; empty: no popup.
    pub popup: Vec<String>,
    /// The link to the PBX.
    pub pbx: LinkView,
    /// The link to Omnidesk.
    pub omnidesk: LinkView,
    /// What is owed to Omnidesk.
    pub outbox: Vec<OutboxRow>,
    /// Who works here.
    pub agent: AgentView,
    /// The names of the popup's fields, in order (S02).
    pub fields: Vec<FieldView>,
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
    /// No keychain answers: secrets cannot be kept. Says so on a screen of its own.
    NoKeychain,
    /// At work.
    Ready,
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
    /// The name does not resolve.
    UnknownHost,
    /// TLS failed.
    Tls,
    /// No answer in time.
    Timeout,
    /// Wrong user, password, e-mail or key.
    BadCredentials,
    /// No right to do this.
    Forbidden,
    /// Something else answers at that address (a web page, another product).
    WrongService,
    /// The PBX is starting.
    Booting,
    /// No such extension on the PBX.
    NoSuchExtension,
    /// The agent's softphone is not registered.
    PhoneOffline,
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
    /// A required setting is empty or malformed.
    BadSetting,
    /// No keychain answers.
    NoKeychain,
    /// This computer's disk refuses.
    Storage,
    /// Anything else.
    Other,
}

/// One call of this agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallView {
    /// Our id of the call.
    pub id: String,
    /// Inbound, outbound, internal.
    pub direction: DirectionView,
    /// What is happening.
    pub phase: PhaseView,
    /// How it ended.
    pub disposition: Option<DispositionView>,
    /// The other side's number.
    pub number: NumberView,
    /// The name the PBX sent along; marked as such when shown.
    pub pbx_name: Option<String>,
    /// The line or queue it came in by.
    pub line: Option<String>,
    /// When it began to ring.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub offered_at: f64,
    /// When the agent and the other side began to talk.
    pub answered_at: Option<f64>,
    /// When it ended.
    pub ended_at: Option<f64>,
    /// Who it is.
    pub caller: CallerView,
    /// Its case.
    pub case: CallCaseView,
    /// What the agent typed.
    pub draft: DraftView,
    /// The recording.
    pub recording: RecordingView,
    /// To whom the agent passed it on.
    pub transferred_to: Option<String>,
    /// The colleague who passed it on to this agent.
    pub transferred_from: Option<String>,
    /// What was decided when it ended, and by which rule.
    pub outcome: Option<OutcomeView>,
}

/// Who started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DirectionView {
    /// Somebody outside called in.
    Inbound,
    /// The agent called.
    Outbound,
    /// A colleague.
    Internal,
}

/// What is happening with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PhaseView {
    /// The agent's phone rings.
    Ringing,
    /// Outgoing: the agent's own phone rings first (click-to-call).
    CallingAgent,
    /// Outgoing: the client is being rung.
    Dialing,
    /// They talk.
    Talking,
    /// On hold.
    Held,
    /// Over.
    Ended,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DispositionView {
    /// Two people talked.
    Answered,
    /// Nobody took it.
    Missed,
    /// A colleague took it.
    AnsweredElsewhere,
    /// The agent refused it.
    Declined,
    /// Busy.
    Busy,
    /// An outgoing call without an answer.
    NoAnswer,
    /// It could not be put through.
    Failed,
}

/// A number as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NumberView {
    /// What it is.
    pub kind: NumberKindView,
    /// `+7 (921) 555-01-34`, an extension, or the raw text; empty when withheld.
    pub pretty: String,
    /// E.164, for outside numbers.
    pub e164: Option<String>,
    /// The inner number behind it («доб. 118»).
    pub extension: Option<String>,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NumberKindView {
    /// A valid outside number.
    External,
    /// A colleague or short number.
    Extension,
    /// 112.
    Short,
    /// Hidden by the caller.
    Withheld,
    /// Not a number.
    Nonsense,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum CallerView {
    /// Being looked up.
    #[serde(rename_all = "camelCase")]
    LookingUp,
    /// One user has this number, or the agent linked or chose one.
    #[serde(rename_all = "camelCase")]
    Known {
        /// The user.
        user: UserView,
        /// Why this user.
        matched: MatchView,
        /// Data from this computer, as of then, because Omnidesk does not answer.
        stale_since: Option<f64>,
        /// The last case, if there is one.
        last_case: Option<CaseRow>,
    },
    /// Several users have it: the agent chooses.
    #[serde(rename_all = "camelCase")]
    Several {
        /// The users.
        users: Vec<UserView>,
        /// Data from this computer, as of then.
        stale_since: Option<f64>,
    },
    /// Nobody has it (S10).
    #[serde(rename_all = "camelCase")]
    Unknown,
    /// The number is hidden: there is nothing to look up.
    #[serde(rename_all = "camelCase")]
    Withheld,
    /// A colleague or not a number: nothing to look up.
    #[serde(rename_all = "camelCase")]
    NotLookedUp,
    /// Omnidesk cannot be asked now.
    #[serde(rename_all = "camelCase")]
    Unavailable {
        /// Why.
        trouble: TroubleView,
    },
}

/// Why a user is shown for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MatchView {
    /// The number is in the profile.
    Exact,
    /// A linked profile has the number.
    Linked,
    /// The agent linked or chose the user.
    Chosen,
}

/// A user of Omnidesk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// Omnidesk's id.
    pub id: String,
    /// Full name; may be empty.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone numbers, as shown.
    pub phones: Vec<String>,
    /// Company.
    pub company: Option<String>,
    /// Position in the company.
    pub position: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Whether Omnidesk has blocked the user.
    pub blocked: bool,
    /// Values of custom fields with a value, in the order of the field list.
    pub fields: Vec<FieldValue>,
}

/// One custom field of a user, with its value as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldValue {
    /// The field, such as `cf_25`.
    pub field: String,
    /// Its name.
    pub title: String,
    /// How to show it.
    pub format: FieldFormat,
    /// The value as text (a list's chosen option by its title; a date as `2027-03-31`; a checkbox as `true`).
    pub value: String,
}

/// The formats of S02.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FieldFormat {
    /// «Текстовое поле»
    Text,
    /// «Текстовая область»
    Area,
    /// «Чекбокс»
    Checkbox,
    /// «Список»
    List,
    /// «Дата»
    Date,
}

/// A field that the popup shows (S02).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// `name`, `email`, `company`, or `cf_25`.
    pub field: String,
    /// Its name; empty for the built-in three, which the window words.
    pub title: String,
}

/// The case of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum CallCaseView {
    /// «Ещё не привязан»
    #[serde(rename_all = "camelCase")]
    None,
    /// The compose page was opened; a draft exists.
    #[serde(rename_all = "camelCase")]
    Draft,
    /// Ordered by the agent or by a rule; on its way to Omnidesk.
    #[serde(rename_all = "camelCase")]
    Sending {
        /// Its subject.
        subject: String,
    },
    /// In Omnidesk.
    #[serde(rename_all = "camelCase")]
    Linked {
        /// Omnidesk's id.
        case_id: String,
        /// Its number, such as `482-113907`.
        number: String,
        /// Its subject.
        subject: String,
        /// Whether the call was attached to an earlier case (S08).
        attached: bool,
    },
}

/// What the agent typed on the compose page or into the attach panel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftView {
    /// «Тема»
    pub subject: String,
    /// «Суть звонка»
    pub gist: String,
    /// When it was last saved on this computer.
    pub saved_at: Option<f64>,
}

/// What became of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RecordingView {
    /// There is none.
    #[default]
    None,
    /// The PBX records.
    Expected,
    /// Waiting for the PBX to finish the file.
    Waiting,
    /// Being fetched and sent.
    Sending,
    /// In the case.
    Attached,
    /// Could not be had or was refused.
    Failed,
}

/// What was decided when a call ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    /// The rule's number in SPEC, such as `S30`.
    pub rule: String,
    /// The status the case gets; none where no case results.
    pub status: Option<CaseStatusView>,
    /// Why, as a code the window words (the names of `calls::Reason`).
    pub reason: String,
}

/// A case's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CaseStatusView {
    /// «Открытое»
    Open,
    /// «В ожидании»
    Waiting,
    /// «Закрытое»
    Closed,
    /// A status this version does not know.
    Other,
}

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

/// Something owed to Omnidesk, or sent lately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OutboxRow {
    /// Its id.
    pub id: String,
    /// The call it belongs to.
    pub call: String,
    /// What it does, as a code: `user`, `case`, `message`, `recording`, `status`, `link`.
    pub what: String,
    /// Its state.
    pub state: OutboxStateView,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub retry_at: Option<f64>,
    /// Why it did not go through.
    pub trouble: Option<TroubleView>,
    /// Omnidesk's own error code, for administrators.
    pub code: Option<String>,
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
    /// A user's profile.
    #[serde(rename_all = "camelCase")]
    Profile {
        /// The user.
        user: String,
        /// The call it was opened for.
        call: Option<String>,
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
}

/// A user found by search (S12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundUser {
    /// The user.
    pub user: UserView,
    /// Where it matched, as a code or a field's id: `name`, `email`, `phone`, `company`, `note`, `cf_25`.
    pub matched_in: String,
    /// The text it matched in.
    pub matched_text: String,
}

/// Settings without secrets, as the screen shows and returns them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// The PBX's address, such as `https://pbx.example:8089`.
    pub pbx_url: String,
    /// Its user.
    pub pbx_user: String,
    /// The agent's extension.
    pub extension: String,
    /// The dialplan context for outgoing calls.
    pub context: String,
    /// Omnidesk's address, such as `https://company.omnidesk.ru`.
    pub omnidesk_url: String,
    /// The agent's e-mail address in Omnidesk.
    pub email: String,
    /// The custom channel for calls, such as `cch101`; empty: the account's default.
    pub channel: String,
    /// The case field that keeps the call's id, such as `cf_31`; empty: none.
    pub call_id_field: String,
    /// Country whose habits apply to numbers, such as `RU`.
    pub region: String,
    /// `ru`, `en`, or empty for the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Whether a PBX password is stored.
    pub has_pbx_password: bool,
    /// Whether an Omnidesk key is stored.
    pub has_api_key: bool,
    /// Where secrets are kept.
    pub secrets: SecretsView,
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
    /// The step, as a code: `reach`, `signIn`, `interface`, `subscribe`, `extension`, `phone`, `socket`, `staff`, `channel`.
    pub step: String,
    /// Its outcome.
    pub outcome: TestOutcome,
    /// How long it took, ms.
    pub ms: Option<u32>,
    /// Why it failed.
    pub trouble: Option<TroubleView>,
    /// Details for administrators, without secrets.
    pub details: Option<String>,
}

/// The outcome of a step of a connection test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TestOutcome {
    /// It works.
    Passed,
    /// It does not.
    Failed,
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
