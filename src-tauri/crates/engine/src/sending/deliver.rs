//! Carrying out one duty in Omnidesk.
//!
//! Omnidesk has no idempotency keys (omnidesk-api section 10.2). So an attempt whose predecessor's
//! fate is unknown *looks before it writes*: for the call's own id in the case field, or for the
//! very subject, text or file name that the attempt would write.
//!
//! [`status`] has what gives a case its status, [`users`] what changes users.

use crate::account::catalog::Catalog;
use crate::account::plain::plain;
use crate::account::texts;
use crate::people::card::Card;
use crate::sending::outbox::Attempt;
use crate::view::TroubleView;
use crate::view::trouble;
use calls::{
    CaseFacts, CaseStatus, CaseTarget, ConversationId, DutyKind, DutyResult, FileFacts, Handset, Joins, LegId, Moment, Owner, RecordingRef,
    Region, Subject, Summary, UserId,
};
use jiff::tz::TimeZone;
use omnidesk::{Attachment, Case, CaseId, CaseRef, Client, Contact, Content, Error, MessageOrder, NewCase, NewNote, PageRequest};
use pbx::Pbx;
use std::collections::BTreeSet;
use std::sync::Arc;

mod missed;
mod moved;
mod record;
mod recording;
mod status;
mod users;

use status::NewStatus;
pub use users::Ties;

/// What a delivery needs.
#[derive(Clone)]
pub struct Delivery {
    /// Omnidesk.
    pub client: Client,
    /// The PBX, for recordings.
    pub pbx: Option<Arc<dyn Pbx>>,
    /// The account.
    pub catalog: Arc<Catalog>,
    /// For times in texts.
    pub zone: TimeZone,
    /// How numbers are read.
    pub region: Region,
    /// The person a case is opened for, as kept on this computer.
    pub card: Option<Card>,
}

/// One attempt.
#[derive(Debug, Clone)]
pub struct Job {
    /// Of which call.
    pub leg: LegId,
    /// The conversation that it is a part of, as far as known by now.
    pub conversation: Option<ConversationId>,
    /// What is owed.
    pub kind: DutyKind,
    /// The case that another duty opened, for [`CaseTarget::OpenedBy`].
    pub opened: Option<CaseId>,
    /// The case that the duty's case was merged into, as an earlier duty of the call learnt.
    pub merged_into: Option<CaseId>,
    /// Omnidesk said during the call that nobody has the number.
    pub nobody: bool,
    /// The text of the case's first message as this desk last wrote it.
    pub first_text: Option<String>,
    /// Cases and messages that other duties are known to have made: never mistaken for this one's.
    pub known_cases: BTreeSet<u64>,
    /// See [`Job::known_cases`].
    pub known_messages: BTreeSet<u64>,
    /// The statuses that this desk itself has given the case.
    pub given: Vec<CaseStatus>,
    /// The missed-call cases that wait for a conversation, as far as this desk remembers (S27).
    pub waiting: BTreeSet<u64>,
    /// The call was not missed after all: nothing is to be written.
    pub withdrawn: bool,
    /// The status that the case of an opening duty was asked to have and got.
    pub opened_with: Option<CaseStatus>,
    /// An earlier duty of the call found the case in its place.
    pub in_place: bool,
    /// An earlier duty of the call found the case deleted.
    pub gone: bool,
    /// Whether an earlier attempt of this desk may have happened.
    pub attempted_before: bool,
    /// Whether that, or another computer of the agent, may have written it: it is looked for first.
    pub uncertain: bool,
    /// The call had gone on elsewhere before, or this is not the first attempt: another desk may have told it.
    pub others_may_have_told: bool,
    /// This desk could not look for some time since the call began: others may have written about it.
    pub unwatched: bool,
    /// A colleague passed the client on to this agent: what colleagues wrote about the conversation is about their part.
    pub passed_here: bool,
    /// The case in which another call of the same conversation was told by this desk.
    pub sibling: Option<CaseFacts>,
    /// The messages that this desk has written about the call.
    pub own_messages: BTreeSet<u64>,
    /// The agent gave the number to somebody else since (S13).
    pub superseded: bool,
    /// What earlier links of the call's number have tied.
    pub ties: Ties,
    /// When it was first tried.
    pub first_tried: Moment,
    /// When it became owed.
    pub created: Moment,
    /// Now.
    pub now: Moment,
}

pub(crate) enum Stop {
    Omnidesk(Error),
    Gone,
    Refused(&'static str),
    NotYet,
    PbxOut,
}

/// What a carried out duty brought.
pub(crate) struct Done {
    result: DutyResult,
    /// Whom Omnidesk told of along the way.
    card: Option<Card>,
}

impl From<DutyResult> for Done {
    fn from(result: DutyResult) -> Self {
        Self { result, card: None }
    }
}

/// What came of an attempt.
pub struct Tried {
    /// For the line of what is owed.
    pub attempt: Attempt,
    /// Omnidesk's error, if there was one.
    pub error: Option<Error>,
    /// Whom Omnidesk told of along the way.
    pub card: Option<Card>,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Omnidesk(error)
    }
}

impl Delivery {
    /// Tries once.
    pub async fn attempt(&self, job: &Job) -> Tried {
        let gone = || {
            Attempt::Delivered(DutyResult {
                gone: true,
                ..DutyResult::default()
            })
        };
        let (attempt, error, card) = match self.carry_out(job).await {
            Ok(done) => (Attempt::Delivered(done.result), None, done.card),
            Err(Stop::NotYet) => (Attempt::NotYet, None, None),
            Err(Stop::Gone) => (gone(), None, None),
            Err(Stop::Omnidesk(Error::NotFound { .. })) if about_case(&job.kind) => (gone(), None, None),
            Err(Stop::PbxOut) => {
                let attempt = Attempt::Passing {
                    trouble: trouble::name(TroubleView::Unreachable),
                    after_ms: None,
                    uncertain: false,
                };
                (attempt, None, None)
            }
            Err(Stop::Refused(code)) => {
                let attempt = Attempt::Refused {
                    trouble: trouble::name(TroubleView::Refused),
                    code: code.into(),
                };
                (attempt, None, None)
            }
            Err(Stop::Omnidesk(error)) => (failed(&error), Some(error), None),
        };
        Tried { attempt, error, card }
    }

    async fn carry_out(&self, job: &Job) -> Result<Done, Stop> {
        let written = match &job.kind {
            DutyKind::LinkPhone { user, phone, mistaken } => return self.link(job, *user, phone, mistaken).await,
            DutyKind::OpenCase {
                owner,
                subject,
                summary,
                recording,
                handset,
                responsible,
                status,
                joins,
            } => {
                let open = OpenCase {
                    owner,
                    subject,
                    summary,
                    recording: recording.as_ref(),
                    handset: *handset,
                    responsible: *responsible,
                    status: *status,
                    joins: joins.as_ref(),
                };
                return self.open_case(job, &open).await;
            }
            DutyKind::FinishText {
                case,
                subject,
                was,
                summary,
            } => {
                let subject = subject.as_deref().map(|subject| (subject, was.as_ref()));
                self.finish_text(job, case, subject, summary).await
            }
            DutyKind::AddNote { case, summary, recording } => {
                let text = texts::message(summary, &self.zone);
                let (id, moved) = self.standing(job, case).await?;
                let note = match self.written_before(job, id, summary, &text).await? {
                    Some(found) => found,
                    None => {
                        let files = self.recording_for_text(job, recording.as_ref(), summary).await?;
                        self.add_note(id, text, files).await?
                    }
                };
                Ok(DutyResult { moved, ..note })
            }
            DutyKind::AddRecording {
                case,
                recording,
                summary,
                tells_end,
            } => {
                let id = target(job, case)?;
                for recorded in [true, false] {
                    let text = texts::ending(summary, recorded, &self.zone);
                    if let Some(found) = self.written_before(job, id, summary, &text).await? {
                        return Ok(found.into());
                    }
                }
                let file = match recording {
                    Some(recording) => self.recording_alone(job, recording, summary).await?,
                    None => None,
                };
                if file.is_none() && !tells_end {
                    return Ok(DutyResult::default().into());
                }
                let text = texts::ending(summary, file.is_some(), &self.zone);
                self.add_note(id, text, file.into_iter().collect()).await
            }
            DutyKind::MoveCase {
                owner,
                subject,
                summary,
                recording,
                handset,
                status,
                ..
            } => {
                let open = OpenCase {
                    owner,
                    subject,
                    summary,
                    recording: recording.as_ref(),
                    handset: *handset,
                    responsible: false,
                    status: *status,
                    joins: None,
                };
                return self.move_case(job, open).await;
            }
            DutyKind::EditUser { user, changes } => return self.edit_user(*user, changes).await,
            DutyKind::SetStatus {
                case,
                status,
                handset,
                responsible,
                since,
                expects,
                guards,
            } => {
                let new = NewStatus {
                    case,
                    status: *status,
                    handset: *handset,
                    responsible: *responsible,
                    since: *since,
                    expects: *expects,
                    guards: *guards,
                };
                self.set_status(job, &new).await
            }
        };
        Ok(written?.into())
    }

    async fn open_case(&self, job: &Job, open: &OpenCase<'_>) -> Result<Done, Stop> {
        match open.joins {
            Some(joins) => self.tell_missed(job, open, joins).await,
            None => self.open_new(job, open).await,
        }
    }

    async fn open_new(&self, job: &Job, open: &OpenCase<'_>) -> Result<Done, Stop> {
        let subject = texts::subject(open.subject, &open.summary.number);
        let text = texts::message(open.summary, &self.zone);
        let (contact, known) = self.contact(job, open.owner, &open.summary.number).await?;
        // A missed call has looked for itself, where there is a field to look in.
        let has_field = self.catalog.call_id_field.is_some();
        let looked = open.joins.is_some() && open.handset == Handset::Missed && has_field;
        if (job.uncertain || (job.unwatched && has_field))
            && !looked
            && let Some(case) = self.find_case(job, &contact, &subject, open.summary).await?
        {
            let carried = open.recording.is_some() && self.carries_recording(job, case.id, open.summary).await?;
            return Ok(opened(&case, carried, text).into());
        }
        if let (true, false, Owner::User { id, .. }) = (job.uncertain && !looked, job.attempted_before, open.owner)
            && let Some(case) = self.noted_in(job, *id, open.summary).await?
        {
            return Ok(DutyResult {
                elsewhere: true,
                ..opened(&case, true, text)
            }
            .into());
        }
        let files = self.recording_for_text(job, open.recording, open.summary).await?;
        let carried = !files.is_empty();
        let mut new = NewCase::new(contact.clone(), subject, Content::text(text.clone()));
        new.attachments = files;
        new.staff_id = self.catalog.me.filter(|_| open.responsible);
        // Not documented to work: the answer tells, and the duty that sets the status spares its request where it did.
        new.status = open.status.map(word);
        if !self.catalog.channel.is_empty() {
            new.channel = Some(self.catalog.channel.clone().into());
        }
        if let (Contact::Custom { .. }, None) = (&contact, &known) {
            // A new profile of a custom channel would have no name at all.
            new.user_full_name = Some(open.summary.number.pretty().to_owned());
        }
        if let Some(title) = Catalog::label_of(open.handset) {
            new.labels.extend(self.catalog.labels.find_or_make(&self.client, title).await?);
        }
        if let Some(field) = self.catalog.call_id_field {
            new.custom_fields.set(field, call_ids(job, open.joins));
        }
        if let Some(field) = self.catalog.phone_field
            && !open.summary.number.for_field().is_empty()
        {
            new.custom_fields.set(field, open.summary.number.for_field());
        }
        let case = self.client.cases().create(&new).await?;
        let made = || match (open.owner, case.user_id) {
            (Owner::Phone { .. }, Some(id)) if known.is_none() => Some(Card::of_contact(id.0, &contact)),
            (Owner::Phone { .. } | Owner::User { .. }, _) => None,
        };
        let card = made()
            .or(known.clone())
            .filter(|card| case.user_id.is_some_and(|id| id.0 == card.id));
        Ok(Done {
            result: opened(&case, carried, text),
            card,
        })
    }

    /// Gives the first message its final text, unless a person changed it in Omnidesk meanwhile.
    /// A new subject comes with the one we wrote last.
    async fn finish_text(
        &self,
        job: &Job,
        case: &CaseTarget,
        subject: Option<(&str, Option<&Subject>)>,
        summary: &Summary,
    ) -> Result<DutyResult, Stop> {
        let (id, moved) = match subject {
            Some((subject, was)) => {
                let was = was.map(|was| texts::subject(was, &summary.number));
                self.set_subject(target(job, case)?, subject, was.as_deref()).await?
            }
            None => self.standing(job, case).await?,
        };
        let case = CaseRef::Id(id);
        let messages = self.client.messages(&case);
        let first = messages
            .list(MessageOrder::OldestFirst, PageRequest::first(1))
            .await?
            .items
            .into_iter()
            .next();
        let Some(first) = first else {
            return Ok(DutyResult {
                moved,
                ..DutyResult::default()
            });
        };
        let text = texts::message(summary, &self.zone);
        let now = plain(&first);
        let ours = job.first_text.as_ref().is_some_and(|written| now.trim() == written.trim());
        if !ours && now != text.trim_end() {
            // A person changed it in Omnidesk: theirs stays, ours goes beside it.
            let note = match self.written_before(job, id, summary, &text).await? {
                Some(found) => found,
                None => self.add_note(id, text, Vec::new()).await?,
            };
            // What stands in the first message is theirs, and is not known here.
            return Ok(DutyResult { moved, text: None, ..note });
        }
        if now != text.trim_end() {
            messages.edit(first.id, &Content::text(text.clone())).await?;
        }
        Ok(DutyResult {
            message: Some(first.id.0),
            text: Some(text),
            moved,
            ..DutyResult::default()
        })
    }

    async fn add_note(&self, id: CaseId, text: String, files: Vec<Attachment>) -> Result<DutyResult, Stop> {
        let file = files.first().map(file_facts);
        let mut note = NewNote::new(Content::text(text.clone()));
        note.attachments = files;
        let made = self.client.notes(&CaseRef::Id(id)).create(&note).await?;
        Ok(DutyResult {
            message: Some(made.id.0),
            recording: file.is_some(),
            text: Some(text),
            file,
            ..DutyResult::default()
        })
    }
}

/// Whether a duty writes to a case that a person may have deleted.
fn about_case(kind: &DutyKind) -> bool {
    match kind {
        DutyKind::AddNote { .. } | DutyKind::AddRecording { .. } | DutyKind::SetStatus { .. } | DutyKind::FinishText { .. } => true,
        DutyKind::LinkPhone { .. } | DutyKind::OpenCase { .. } | DutyKind::MoveCase { .. } | DutyKind::EditUser { .. } => false,
    }
}

struct OpenCase<'a> {
    owner: &'a Owner,
    subject: &'a Subject,
    summary: &'a Summary,
    recording: Option<&'a RecordingRef>,
    handset: Handset,
    responsible: bool,
    status: Option<CaseStatus>,
    joins: Option<&'a Joins>,
}

fn target(job: &Job, case: &CaseTarget) -> Result<CaseId, Stop> {
    if job.gone {
        return Err(Stop::Gone);
    }
    if let Some(moved) = job.merged_into {
        return Ok(moved);
    }
    match case {
        CaseTarget::Existing(id) => Ok(CaseId(id.0)),
        CaseTarget::OpenedBy(_) => job.opened.ok_or(Stop::Refused("case_not_opened")),
    }
}

/// What tells a case's call: its leg, and the conversation that several desks share.
fn call_ids(job: &Job, joins: Option<&Joins>) -> String {
    let conversation = job.conversation.as_ref().or_else(|| joins?.conversation.as_ref());
    match conversation.filter(|conversation| conversation.as_str() != job.leg.as_str()) {
        Some(conversation) => format!("{} {conversation}", job.leg),
        None => job.leg.to_string(),
    }
}

/// What the desk keeps of a case.
#[must_use]
pub fn facts(case: &Case) -> CaseFacts {
    let status = match case.status {
        omnidesk::CaseStatus::Open => Some(CaseStatus::Open),
        omnidesk::CaseStatus::Waiting => Some(CaseStatus::Waiting),
        omnidesk::CaseStatus::Closed => Some(CaseStatus::Closed),
        omnidesk::CaseStatus::Other(_) => None,
    };
    CaseFacts {
        id: calls::CaseId(case.id.0),
        number: case.number.as_str().to_owned(),
        subject: calls::one_line(&case.subject),
        status,
    }
}

fn opened(case: &Case, recording: bool, text: String) -> DutyResult {
    DutyResult {
        case: Some(facts(case)),
        user: case.user_id.map(|id| UserId(id.0)),
        recording,
        text: Some(text),
        ..DutyResult::default()
    }
}

fn file_facts(file: &Attachment) -> FileFacts {
    FileFacts {
        name: file.file_name.clone(),
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
    }
}

/// Omnidesk's word for a status.
#[must_use]
pub fn word(status: CaseStatus) -> omnidesk::CaseStatus {
    match status {
        CaseStatus::Open => omnidesk::CaseStatus::Open,
        CaseStatus::Waiting => omnidesk::CaseStatus::Waiting,
        CaseStatus::Closed => omnidesk::CaseStatus::Closed,
    }
}

fn failed(error: &Error) -> Attempt {
    let code = trouble::name(trouble::of_omnidesk(error));
    // Wrong credentials are mended in the settings: what is owed waits for that instead of being given up.
    let passing = error.is_transient() || error.may_have_happened() || matches!(error, Error::Unauthorized);
    if passing {
        let after_ms = error.retry_after().and_then(|wish| i64::try_from(wish.as_millis()).ok());
        Attempt::Passing {
            trouble: code,
            after_ms,
            uncertain: error.may_have_happened(),
        }
    } else {
        Attempt::Refused {
            trouble: code,
            code: error.code().map(|code| code.to_string()).unwrap_or_default(),
        }
    }
}
