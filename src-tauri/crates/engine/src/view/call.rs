//! One call: who, what is happening, its case, its recording, what was decided.

use super::{CaseRow, ClaimView, FieldColor, TroubleView};
use serde::{Deserialize, Serialize};
use specta::Type;

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
    /// What this desk knows of them by itself; left out where it is nothing, as in the rows of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub facts: Option<CallerFactsView>,
    /// Whose its case is, where several users have the number and nobody chose one in time: it can be moved.
    pub among: Option<AmongView>,
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
    /// The extensions of colleagues at whose desks it rings, too; a missed call is written by one of them.
    pub rings_also_at: Vec<String>,
    /// A missed call's: the first conversation with the same number after it.
    pub talked_later: Option<TalkView>,
    /// A missed call's, while its client waits to be called back: the first call of theirs in the list, which stands for
    /// whoever waits.
    pub waiting: Option<String>,
    /// What was decided when it ended, and by which rule.
    pub outcome: Option<OutcomeView>,
    /// The call ended in this time, in which Ringside could not look.
    pub unseen: Option<GapView>,
    /// They talked at least as long as shown: the end was out of sight.
    pub talk_at_least: bool,
    /// Whether Ringside placed it (click-to-call, S18).
    pub ordered: bool,
    /// The case it was called from (S18).
    pub called_from: Option<String>,
    /// Why the PBX did not place it.
    pub trouble: Option<TroubleView>,
    /// The case the agent chose was deleted in Omnidesk: a new one takes its place.
    pub case_gone: bool,
    /// Another computer of this agent writes it, or has written it: this one shows it.
    pub elsewhere: bool,
    /// The labels that the agent has picked for its case.
    pub labels: Vec<String>,
    /// A missed call's: who calls back, as far as its case is known to say so.
    pub claim: Option<ClaimView>,
}

/// A conversation, as the missed call before it tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TalkView {
    /// Who called whom.
    pub direction: DirectionView,
    /// When it began to ring.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub offered_at: f64,
    /// When they began to talk.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub answered_at: f64,
    /// When it ended, if it has.
    pub ended_at: Option<f64>,
    /// They talked at least as long: the end was out of sight.
    pub at_least: bool,
}

/// Whose a case is, of several users with the number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AmongView {
    /// Whose it is now.
    pub user: UserView,
    /// To whom it can be moved.
    pub others: Vec<UserView>,
    /// Why it is theirs.
    pub why: GuessView,
}

/// Why a case is a user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum GuessView {
    /// Their missed call waited; nobody chose.
    Missed,
    /// Omnidesk heard of them last; nobody chose.
    Newest,
    /// The same, and the agent is asked.
    Asked,
    /// The agent chose them afterwards.
    Chosen,
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
    /// Nobody knows: Ringside could not look.
    Unknown,
}

/// A time in which Ringside could not look, ms since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GapView {
    /// When the PBX was last heard.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub from: f64,
    /// When it was heard again.
    #[specta(type = u32)] // a JSON number: f64 would be typed as nullable
    pub to: f64,
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
    /// To be handed to the command that dials, which reads it as this very number; none where it cannot be dialled.
    pub dial: Option<String>,
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
    /// A service code, such as `*72`.
    Code,
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
    /// Whether a linked profile was not read yet: an address that is missing here may stand there.
    pub linked_unread: bool,
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
    /// `name`, `email`, `company`, `position`, `note`, `cf_25`, or `own_calls`, … of the call's own.
    pub field: String,
    /// Its name; empty for the built-in ones, which the window words.
    pub title: String,
    /// Shown with a dash where the user has no value for it; else it is left out there.
    pub always: bool,
    /// Shown for calls that came by one of these lines alone, as [`CallView::line`] names them; empty: for all calls.
    pub lines: Vec<String>,
    /// Values of a list that have a colour.
    pub colors: Vec<ValueColor>,
}

/// What this desk knows of a caller by itself (S02).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CallerFactsView {
    /// How many calls there were with the number or the user before this one, as far as the history reaches; none: unknown.
    pub calls: Option<u32>,
    /// When somebody last talked with them, or Omnidesk last heard of them, before this call, ms since 1970; none: unknown.
    #[specta(type = Option<u32>)] // a JSON number: f64 would be typed as nullable
    pub last_contact: Option<f64>,
    /// How many of the user's cases are not closed; none: unknown.
    pub open_cases: Option<u32>,
    /// It is known, and hidden.
    pub hidden: bool,
}

/// A value of a list that has a colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ValueColor {
    /// The value as [`FieldValue::value`] has it.
    pub value: String,
    /// Its colour.
    pub color: FieldColor,
}

/// A heading, and the fields under it (S02).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SectionView {
    /// The heading.
    pub title: String,
    /// The fields under it in order, also those that the popup does not show.
    pub fields: Vec<String>,
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
    /// The call is over, and this is in nothing that goes to Omnidesk yet.
    pub unsent: bool,
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
    /// The missed-call cases that this call closed (S33a, S33d), and what has become of that.
    pub closed_missed: Vec<ClosedMissed>,
    /// The status that «Отменить» gives the case; none where nothing can be undone.
    pub undo: Option<CaseStatusView>,
    /// Whether the agent undid it.
    pub undone: bool,
    /// The agent wanted to undo it, and a colleague had decided otherwise meanwhile: their status stays, nothing was undone.
    pub overruled: bool,
}

/// A missed-call case that a conversation closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClosedMissed {
    /// Omnidesk's id.
    pub case_id: String,
    /// Its number, such as `482-113907`; none where only the id is known here.
    pub number: Option<String>,
    /// How it stands.
    pub state: ClosedMissedState,
}

/// How a missed-call case stands that a conversation closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ClosedMissedState {
    /// Closed.
    Closed,
    /// Open again: the agent undid it.
    Reopened,
    /// The agent wanted to undo it, and a colleague had decided otherwise: their status stays.
    Overruled,
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
