//! What the controller is told by the windows.

use crate::controller::office::OfficeDraftOf;
use crate::links::office::{Found, Published};
use crate::people::card::Card;
use crate::people::known::Known;
use crate::screens::pages::Profiles;
use crate::settings::Settings;
use crate::settings::fields::FieldSetting;
use crate::settings::phrases::Phrase;
use crate::settings::published::Document;
use crate::settings::secret::Secrets;
use crate::settings::source::Source;
use crate::view::{
    CasePageView, CaseRow, CommandError, DeskView, DialAnswer, DialPreview, DoubtView, FieldsView, HealthView, LabelsView, OfficeView,
    PauseFor, PhraseView, PhrasesView, Route, SettingsView, TypedSecrets, UserChanges, UserForm, WhenChoice, WhenView,
};
use calls::{AgentAction, CaseFacts, DialTrouble, DutyKey, LegId, UserId};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<T>;

/// A person as known here, if they are.
pub(crate) type Recalled = Option<Known>;

/// A live call that is to be hung up.
pub(crate) struct ToHangUp {
    /// Through this PBX, if one is connected.
    pub pbx: Option<Arc<dyn pbx::Pbx>>,
    /// What the PBX knows it by.
    pub leg: LegId,
}

/// Where a person wants the office's settings looked for.
pub(crate) struct OfficeWanted {
    /// The place.
    pub source: Source,
    /// The way into Omnidesk, once the account was read.
    pub client: Option<omnidesk::Client>,
    /// Which connection that is.
    pub generation: u32,
}

/// What is to be published.
pub(crate) struct OfficeDraft {
    /// All of it.
    pub document: Document,
    /// The number that stood when the person looked.
    pub seen: Option<u32>,
    /// The way into Omnidesk.
    pub client: omnidesk::Client,
    /// Which connection that is.
    pub generation: u32,
}

pub(crate) enum Message {
    /// A window asks for the state.
    View(Reply<DeskView>),
    /// The page «Состояние».
    Health(Reply<Box<HealthView>>),
    /// The agent did something with a call.
    Act {
        leg: LegId,
        action: AgentAction,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The agent closed the popup.
    ClosePopup,
    /// The agent is done with a call that is over: the popup lets it go.
    DoneWith(LegId),
    /// The agent wants what is personal hidden, or shown again.
    HidePersonal {
        hide: bool,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The workspace goes into the tray: whether that has to be told.
    FirstInTray(Reply<bool>),
    /// The agent pauses popups; without a length, they come again.
    Pause {
        length: Option<PauseFor>,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The agent knows what was missed while popups were paused.
    KnowsOfMissed,
    /// The agent orders a call (S18), perhaps from a case.
    Dial {
        number: String,
        case: Option<omnidesk::Case>,
        agreed: Option<DoubtView>,
        reply: Reply<Result<DialAnswer, CommandError>>,
    },
    /// A link or another program has a number: whether it is dialled at once.
    DialLink { keys: String, reply: Reply<bool> },
    /// A call that was ordered and hung up was not to be had any more.
    NotPlaced { leg: LegId, trouble: DialTrouble },
    /// A window wants to hang up: through which PBX? Nothing, when it is no live call of this desk.
    HangUp { leg: LegId, reply: Reply<Option<ToHangUp>> },
    /// The dial window asks how a text reads.
    ReadNumber { text: String, reply: Reply<DialPreview> },
    /// The page the agent sees.
    LookingAt(Option<Route>),
    /// The set-up is being tried with a call, or is not any more.
    AwaitTrial(bool),
    /// The agent is in the popup, or has turned away from it.
    HoldPopup(bool),
    /// The popup has painted this call.
    PopupPainted { leg: LegId, at: Instant },
    /// The form over a user opens.
    Form {
        user: Option<UserId>,
        call: Option<LegId>,
        reply: Reply<Result<UserForm, CommandError>>,
    },
    /// The form over a user saves.
    EditUser {
        user: Option<UserId>,
        call: Option<LegId>,
        changes: Box<UserChanges>,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The data fields as they stand.
    Fields(Reply<FieldsView>),
    /// Omnidesk's fields were read anew.
    FieldsRead {
        fields: Vec<omnidesk::CustomField>,
        reply: Reply<FieldsView>,
    },
    /// The administrator saves the data fields.
    SaveFields {
        fields: Vec<FieldSetting>,
        reply: Reply<Result<FieldsView, CommandError>>,
    },
    /// The data fields as a file's text.
    ExportFields(Reply<String>),
    /// How is a typed time understood?
    When { text: String, reply: Reply<WhenView> },
    /// Which times are offered?
    WhenChoices(Reply<Vec<WhenChoice>>),
    /// The agent wants to be reminded to call back.
    Remind {
        leg: LegId,
        when: String,
        what: String,
        reply: Reply<Result<(), CommandError>>,
    },
    /// A reminder comes back later; without a time, it is done with.
    Reminder {
        key: DutyKey,
        when: Option<String>,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The agent's picks of labels for a call as they are now.
    PickLabels {
        leg: LegId,
        labels: Vec<String>,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The agent calls a missed client back, or does not after all.
    Claim {
        leg: LegId,
        on: bool,
        reply: Reply<Result<(), CommandError>>,
    },
    /// The missed inbox is looked at: of whose cases should Omnidesk be asked, by all their profiles?
    MissedShown(Reply<Vec<Profiles>>),
    /// A case was read, with who calls its client back.
    ClaimsRead(Vec<CaseRow>),
    /// The editor of labels opens; whether the account was asked a moment ago.
    Labels { fresh: bool, reply: Reply<LabelsView> },
    /// The editor of labels saves.
    SaveLabels {
        labels: Vec<String>,
        reply: Reply<Result<LabelsView, CommandError>>,
    },
    /// A field for a gist asks for the phrases, filled in for a call.
    PhrasesFor { leg: LegId, reply: Reply<Vec<PhraseView>> },
    /// The editor of phrases opens.
    Phrases(Reply<PhrasesView>),
    /// The editor of phrases saves.
    SavePhrases {
        phrases: Vec<Phrase>,
        reply: Reply<Result<PhrasesView, CommandError>>,
    },
    /// A person wants what was kept aside.
    ExportAside(Reply<Result<String, CommandError>>),
    /// «Показать пробный звонок».
    ShowSample,
    /// A person wants both links tried at once.
    Reconnect,
    /// A person gives something owed up.
    GiveUp { seq: i64, reply: Reply<Result<(), CommandError>> },
    /// A person decided to try again.
    Retry { seq: i64, reply: Reply<Result<(), CommandError>> },
    /// The page about the office's settings looks for them.
    OfficeWanted(Reply<OfficeWanted>),
    /// Has looked; without anything found, it wants what is known.
    OfficeLooked {
        generation: u32,
        found: Option<Found>,
        reply: Reply<Box<OfficeView>>,
    },
    /// Wants to publish: what would that be?
    OfficeDraft {
        wish: OfficeDraftOf,
        reply: Reply<Result<OfficeDraft, CommandError>>,
    },
    /// Has tried to publish.
    OfficePublished {
        generation: u32,
        published: Box<Published>,
        reply: Reply<Result<Box<OfficeView>, CommandError>>,
    },
    /// This computer goes back to the publication before, or forth again.
    OfficeGo {
        back: bool,
        reply: Reply<Result<Box<OfficeView>, CommandError>>,
    },
    /// The settings screen opens.
    Settings(Reply<SettingsView>),
    /// The settings screen saves.
    SaveSettings {
        settings: Box<SettingsView>,
        typed: TypedSecrets,
        reply: Reply<Result<SettingsView, CommandError>>,
    },
    /// The settings screen tests: what would be used.
    Tried {
        settings: Box<SettingsView>,
        typed: TypedSecrets,
        reply: Reply<(Settings, Secrets)>,
    },
    /// A page read these profiles; how is the person known now?
    Read {
        cards: Vec<Card>,
        user: UserId,
        reply: Reply<Recalled>,
    },
    /// Omnidesk's search found these people; is that news?
    FoundBySearch { cards: Vec<Card>, reply: Reply<bool> },
    /// A page asks for a person as last seen, with the time.
    Recall { user: UserId, reply: Reply<Recalled> },
    /// The same; while Omnidesk is being asked about a caller who is that person, the answer waits for it.
    RecallLatest { user: UserId, reply: Reply<Recalled> },
    /// A search in the local index has found these; how are they known now?
    FoundHere {
        people: Vec<directory::User>,
        reply: Reply<Vec<Card>>,
    },
    /// A page asks which of a case's messages tell of our calls: the message (if known) and the call.
    CallsOfCase {
        case: u64,
        reply: Reply<Vec<(Option<u64>, String)>>,
    },
    /// A page read these cases, newest first; with the person, when all are of theirs, and whether they have no others.
    CasesRead {
        user: Option<UserId>,
        rows: Vec<CaseRow>,
        whole: bool,
    },
    /// The page of a case that this desk opened itself, as far as Omnidesk need not be asked for it.
    OwnCase { case: u64, reply: Reply<Option<CasePageView>> },
    /// A case as a page showed it not long ago.
    CaseShown { case: u64, reply: Reply<Option<CaseFacts>> },
    /// Another computer of the agent writes a call, as it seems so far.
    WrittenElsewhere { leg: LegId },
    /// Something read from Omnidesk over this connection: of no use when another account is connected by now.
    OfAccount { generation: u32, message: Box<Self> },
    /// The program ends.
    Stop(Reply<()>),
}
