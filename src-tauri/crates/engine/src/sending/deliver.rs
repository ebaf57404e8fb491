//! Carrying out one duty in Omnidesk.
//!
//! Omnidesk has no idempotency keys (omnidesk-api section 10.2). So an attempt whose predecessor's
//! fate is unknown *looks before it writes*: for the call's own id in the case field, or for the
//! very subject, text or file name that the attempt would write.
//!
//! [`open`] opens cases, [`messages`] writes in them, [`status`] has what gives a case its status, [`users`] what changes users.

use crate::account::catalog::Catalog;
use crate::account::texts;
use crate::people::card::Card;
use crate::sending::outbox::Attempt;
use crate::view::TroubleView;
use crate::view::trouble;
use calls::{CaseFacts, CaseStatus, CaseTarget, ConversationId, DutyKind, DutyResult, LegId, Moment, Region};
use jiff::tz::TimeZone;
use omnidesk::{Case, CaseId, Client, Error};
use pbx::Pbx;
use std::collections::BTreeSet;
use std::sync::Arc;

mod claim;
mod messages;
mod missed_call;
mod moved;
mod open;
mod record;
mod recording;
mod status;
mod users;

use open::OpenCase;
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
                    labels: Vec::new(),
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
                    labels: Vec::new(),
                };
                return self.move_case(job, open).await;
            }
            DutyKind::SetClaim { case, since } => self.set_claim(job, case, *since).await,
            DutyKind::PutLabels { case, put, taken } => self.put_labels(job, case, put, taken).await,
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
}

/// Whether a duty writes to a case that a person may have deleted.
fn about_case(kind: &DutyKind) -> bool {
    match kind {
        DutyKind::AddNote { .. }
        | DutyKind::AddRecording { .. }
        | DutyKind::SetStatus { .. }
        | DutyKind::PutLabels { .. }
        | DutyKind::SetClaim { .. }
        | DutyKind::FinishText { .. } => true,
        DutyKind::LinkPhone { .. } | DutyKind::OpenCase { .. } | DutyKind::MoveCase { .. } | DutyKind::EditUser { .. } => false,
    }
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
