//! What is owed to the help desk for a call.
//!
//! A [`Duty`] is one write, described by its meaning, not by a request: the engine's outbox keeps
//! it, tries it, and reports back. Its key exists before the first attempt, so a duty can never be
//! owed twice; `after` names the duties whose results it needs (user, then case, then note).

use crate::claim::Claim;
use crate::duty_key::DutyKey;
use crate::event::{ConversationId, Direction, Disposition, LegId, RecordingRef};
use crate::gap::Gap;
use crate::guess::Guessed;
use crate::ids::{CaseId, UserId};
use crate::outcome::CaseStatus;
use crate::phone::{Number, PhoneKey};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its identity.
    pub key: DutyKey,
    /// The call it is owed for.
    pub leg: LegId,
    /// These must be done first; their results are used.
    pub after: Vec<DutyKey>,
    /// What is owed.
    pub kind: DutyKind,
}

/// The case a duty is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseTarget {
    /// The case that another duty opens.
    OpenedBy(DutyKey),
    /// A case that exists.
    Existing(CaseId),
}

/// For whom a case is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A user of the help desk; the number called from, if it is a real one.
    User {
        /// The user.
        id: UserId,
        /// The number.
        phone: Option<PhoneKey>,
    },
    /// Nobody yet: the help desk makes a user from the number (S14).
    Phone {
        /// The number.
        phone: PhoneKey,
    },
}

/// The subject of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// What the agent typed.
    Typed(String),
    /// «Входящий звонок с \[номер\]» (S07, S17)
    Incoming,
    /// «Исходящий звонок на \[номер\]» (S24)
    Outgoing,
    /// «Пропущенный звонок с \[номер\]» (S25)
    Missed,
}

impl Subject {
    /// What the agent typed; none for a subject by itself.
    pub(crate) fn into_typed(self) -> Option<String> {
        match self {
            Self::Typed(text) => Some(text),
            Self::Incoming | Self::Outgoing | Self::Missed => None,
        }
    }
}

/// Which handset marks the case (S25, S28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handset {
    /// A conversation, started by the client.
    Incoming,
    /// A conversation, started by an agent.
    Outgoing,
    /// Missed: red.
    Missed,
    /// Missed, then called back: green.
    CalledBack,
    /// How it ended is not known: the desk could not look.
    Unknown,
}

/// What a message about a call says; the engine words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Who started the call.
    pub direction: Direction,
    /// The other side.
    pub number: Number,
    /// When it began to ring.
    pub started: Moment,
    /// How long they talked, ms; none while the call lasts, when the message says only who called and when, or when nobody talked.
    pub talk_ms: Option<i64>,
    /// How it ended; none while it lasts.
    pub disposition: Option<Disposition>,
    /// They talked at least so long: the end was out of sight.
    #[serde(default)]
    pub at_least: bool,
    /// When the desk could not look, where the end of the call fell into that time.
    #[serde(default)]
    pub unseen: Option<Gap>,
    /// The agent's note.
    pub gist: String,
    /// To whom it was passed on.
    pub transferred_to: Option<String>,
    /// The case's user was chosen by no person.
    #[serde(default)]
    pub guessed: Option<Guessed>,
    /// What the agent promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
}

/// That the client is called back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// When.
    pub due: Moment,
    /// What about; may be empty.
    pub what: String,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DutyKind {
    /// Add the calling number to a user's data (S13). Where the agent had a second thought before this was carried out,
    /// nothing is added.
    LinkPhone {
        /// The user.
        user: UserId,
        /// The number.
        phone: PhoneKey,
        /// To whom the call has given the number before, by mistake: it is taken from them first, else two clients were
        /// one from then on.
        #[serde(default)]
        mistaken: Vec<UserId>,
    },
    /// Open a case.
    OpenCase {
        /// For whom.
        owner: Owner,
        /// Under which subject.
        subject: Subject,
        /// Its first message.
        summary: Summary,
        /// A recording to put into the first message; fetched first.
        recording: Option<RecordingRef>,
        /// Its mark in lists.
        handset: Handset,
        /// Whether the agent becomes responsible.
        responsible: bool,
        /// The status it is to have, where that is decided already: a help desk that takes it over when the case is
        /// opened spares the duty that sets it its request.
        #[serde(default)]
        status: Option<CaseStatus>,
        /// A missed call is noted in the user's open missed-call case, if there is one by then (S27).
        #[serde(default)]
        joins: Option<Joins>,
    },
    /// Give the first message of a case what the agent wrote after it was sent.
    FinishText {
        /// The case.
        case: CaseTarget,
        /// A new subject, if the agent changed it.
        subject: Option<String>,
        /// The subject as we wrote it last; where the case has another one by now, a person's change stays.
        #[serde(default)]
        was: Option<Subject>,
        /// The final text.
        summary: Summary,
    },
    /// A case that was opened for a user whom nobody chose is another one's: it is opened anew for them, with the status
    /// and the subject that it has by now, and the old one goes. One in which somebody else has written, or with a
    /// recording that the new one does not have, stays and says where the call is.
    MoveCase {
        /// The case.
        case: CaseTarget,
        /// Whose it is.
        owner: Owner,
        /// Its subject, where the old one is gone.
        subject: Subject,
        /// The text of its first message.
        summary: Summary,
        /// The mark of the call.
        handset: Handset,
        /// Its status, where the old one is gone.
        status: Option<CaseStatus>,
        /// The recording that goes along.
        recording: Option<RecordingRef>,
    },
    /// Change a user's data (S05, S14).
    EditUser {
        /// Whom.
        user: UserId,
        /// What.
        changes: UserEdit,
    },
    /// A message about the call in a case that has others (S09, S22, S27).
    AddNote {
        /// The case.
        case: CaseTarget,
        /// Its text.
        summary: Summary,
        /// A recording to go with it; fetched first.
        recording: Option<RecordingRef>,
    },
    /// What became of a call whose case was created while it lasted: how long they talked, and the
    /// recording, as files of a message cannot be changed (S06).
    AddRecording {
        /// The case.
        case: CaseTarget,
        /// Where the PBX keeps it; without one, only the line about the call is written.
        recording: Option<RecordingRef>,
        /// Of which call.
        summary: Summary,
        /// Whether this message also tells how the call ended; else another one has told it, and without a file there
        /// is nothing to write.
        #[serde(default)]
        tells_end: bool,
    },
    /// Labels that the agent picked, and those that they took back.
    PutLabels {
        /// The case.
        case: CaseTarget,
        /// To be put on, by their titles.
        put: Vec<String>,
        /// To be taken off.
        taken: Vec<String>,
    },
    /// That the agent calls a missed client back, kept in the case for colleagues to see; or that they do not after all.
    /// The case is looked at first: who was before them is not overwritten.
    SetClaim {
        /// The case.
        case: CaseTarget,
        /// Since when; none where the claim ends.
        since: Option<Moment>,
    },
    /// Status, mark and responsible agent when the call has ended (SPEC section I).
    SetStatus {
        /// The case.
        case: CaseTarget,
        /// The status; without one, only the mark changes.
        status: Option<CaseStatus>,
        /// A new mark.
        handset: Option<Handset>,
        /// Whether the agent becomes responsible.
        responsible: bool,
        /// When the call ended, or when the agent decided after that; what a person decides later stands.
        /// Zero in what an earlier version owed: then from when the duty was created.
        #[serde(default)]
        since: Moment,
        /// Undoing: only while the case has the status that the call gave it.
        #[serde(default)]
        expects: Option<CaseStatus>,
        /// The case is a missed-call case of which nothing was heard during the call: a colleague may have dealt with
        /// it, so it is looked at first, and left alone where it waits no more.
        #[serde(default)]
        guards: bool,
    },
}

impl DutyKind {
    /// The case it writes to; none where it opens one, and where it is about a user.
    #[must_use]
    pub fn target(&self) -> Option<&CaseTarget> {
        match self {
            Self::FinishText { case, .. }
            | Self::AddNote { case, .. }
            | Self::AddRecording { case, .. }
            | Self::MoveCase { case, .. }
            | Self::PutLabels { case, .. }
            | Self::SetClaim { case, .. }
            | Self::SetStatus { case, .. } => Some(case),
            // A missed call may go into the case that the desk remembers.
            Self::OpenCase { joins: Some(joins), .. } => joins.into.as_ref(),
            Self::LinkPhone { .. } | Self::OpenCase { .. } | Self::EditUser { .. } => None,
        }
    }
}

/// Where a missed call is noted instead of having a case of its own: the user's missed calls share one, whichever
/// desks they rang at (S27), and a call that rang at several desks is one missed call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Joins {
    /// The missed-call case that this desk knows of. Is it open no longer, somebody has dealt with it.
    pub into: Option<CaseTarget>,
    /// The conversation: what another desk wrote about it is not written again.
    pub conversation: Option<ConversationId>,
    /// Which one this desk is among those where the call rang: the first one writes, the others look later whether it has.
    #[serde(rename = "place")]
    pub turn: u32,
    /// The call ended out of this desk's sight: what any other record of the conversation says is better than what it knows.
    #[serde(default)]
    pub unseen: bool,
}

/// What another record of the same conversation, found in the help desk, says about a call that this desk did not see
/// to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A colleague talked to the client.
    Conversation,
    /// Nobody answered.
    Missed,
    /// Another desk does not know either.
    Unknown,
}

/// New values of a user's data; absent ones stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserEdit {
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Position.
    pub position: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Custom fields by key, such as `cf_25`; an empty value clears.
    pub fields: BTreeMap<String, String>,
}

impl UserEdit {
    /// Takes over newer values.
    pub fn add(&mut self, newer: Self) {
        let take = |old: &mut Option<String>, new: Option<String>| *old = new.or(old.take());
        take(&mut self.name, newer.name);
        take(&mut self.email, newer.email);
        take(&mut self.company, newer.company);
        take(&mut self.position, newer.position);
        take(&mut self.note, newer.note);
        self.fields.extend(newer.fields);
    }
}

/// What came of a duty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DutyResult {
    /// The case it opened or wrote to.
    pub case: Option<CaseFacts>,
    /// The user who owns the case.
    pub user: Option<UserId>,
    /// The message it wrote, for later edits.
    pub message: Option<u64>,
    /// Whether the recording went along.
    pub recording: bool,
    /// The text of what was written: of a case's first message, where a person's later edit shows as a difference, or of a note.
    #[serde(default)]
    pub text: Option<String>,
    /// The file that went along.
    #[serde(default)]
    pub file: Option<FileFacts>,
    /// The call was noted in a missed-call case that was there (S27), instead of having one of its own.
    #[serde(default)]
    pub joined: bool,
    /// Nothing was written, as another desk's record of the conversation says this.
    #[serde(default)]
    pub record: Option<Record>,
    /// Nothing was written: a person had decided otherwise meanwhile.
    #[serde(default)]
    pub overruled: bool,
    /// The case was deleted in the help desk: nothing was written.
    #[serde(default)]
    pub gone: bool,
    /// The case was merged into this one, which was written to instead.
    #[serde(default)]
    pub moved: Option<CaseFacts>,
    /// Another computer of this agent has written the call: nothing was written here.
    #[serde(default)]
    pub elsewhere: bool,
    /// The number's own profile that was tied to a user, and was not tied to them before (S13).
    #[serde(default)]
    pub tied: Option<u64>,
    /// Who calls the client back, as the case says now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// A file in the help desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What we know of a case in the help desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFacts {
    /// Its id.
    pub id: CaseId,
    /// Its number for people, such as `482-113907`.
    pub number: String,
    /// Its subject.
    pub subject: String,
    /// Its status when it was chosen, for undoing.
    #[serde(default)]
    pub status: Option<CaseStatus>,
}
