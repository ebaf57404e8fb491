//! Carrying out one duty in Omnidesk.
//!
//! Omnidesk has no idempotency keys (omnidesk-api section 10.2). So an attempt whose predecessor's
//! fate is unknown *looks before it writes*: for the call's own id in the case field, or for the
//! very subject, text or file name that the attempt would write.

use crate::catalog::Catalog;
use crate::outbox::Attempt;
use crate::people::{self, Card};
use crate::view::TroubleView;
use crate::{texts, trouble};
use calls::{
    CaseFacts, CaseStatus, CaseTarget, DutyKind, DutyResult, Handset, LegId, Moment, Owner, PhoneKey, RecordingRef, Region, Subject,
    Summary, UserId,
};
use jiff::tz::TimeZone;
use omnidesk::{
    Attachment, Case, CaseEdit, CaseId, CaseRef, Client, Contact, Content, Error, LinkTarget, Message, MessageOrder, NewCase, NewNote,
    NewUser, PageRequest,
};
use pbx::{Pbx, RecordingError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The longest recording that is sent; Omnidesk takes 25 MB a file (omnidesk-api section 3).
const LONGEST_RECORDING: u64 = 25 * 1024 * 1024;
/// How long a message with text waits for its recording before it goes without, ms; people look for the case.
const SHORT_PATIENCE: i64 = 12_000;
/// How long a recording that has a message of its own is waited for, ms.
const LONG_PATIENCE: i64 = 600_000;

/// What a delivery needs.
#[derive(Clone)]
pub struct Delivery {
    /// Omnidesk.
    pub client: Client,
    /// The PBX, for recordings.
    pub pbx: Option<Pbx>,
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
    /// What is owed.
    pub kind: DutyKind,
    /// The case that another duty opened, for [`CaseTarget::OpenedBy`].
    pub opened: Option<CaseId>,
    /// The text of the case's first message as this desk last wrote it.
    pub written: Option<String>,
    /// Cases and messages that other duties are known to have made: never mistaken for this one's.
    pub known_cases: BTreeSet<u64>,
    /// See [`Job::known_cases`].
    pub known_messages: BTreeSet<u64>,
    /// Whether an earlier attempt may have happened.
    pub uncertain: bool,
    /// When it was first tried.
    pub first_tried: Moment,
    /// When it became owed.
    pub created: Moment,
    /// Now.
    pub now: Moment,
}

pub(crate) enum Stop {
    Omnidesk(Error),
    Refused(&'static str),
    NotYet,
    PbxOut,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Omnidesk(error)
    }
}

impl Delivery {
    /// Tries once. With the attempt comes Omnidesk's error, if there was one.
    pub async fn attempt(&self, job: &Job) -> (Attempt, Option<Error>) {
        let attempt = match self.carry_out(job).await {
            Ok(result) => Attempt::Delivered(result),
            Err(Stop::NotYet) => Attempt::NotYet,
            Err(Stop::PbxOut) => Attempt::Passing {
                trouble: trouble::name(TroubleView::Unreachable),
                after_ms: None,
                uncertain: false,
            },
            Err(Stop::Refused(code)) => Attempt::Refused {
                trouble: trouble::name(TroubleView::Refused),
                code: code.into(),
            },
            Err(Stop::Omnidesk(error)) => return (failed(&error), Some(error)),
        };
        (attempt, None)
    }

    async fn carry_out(&self, job: &Job) -> Result<DutyResult, Stop> {
        match &job.kind {
            DutyKind::LinkPhone { user, phone } => self.link(*user, phone).await,
            DutyKind::OpenCase {
                owner,
                subject,
                summary,
                recording,
                handset,
                responsible,
            } => {
                let open = OpenCase {
                    owner,
                    subject,
                    summary,
                    recording: recording.as_ref(),
                    handset: *handset,
                    responsible: *responsible,
                };
                self.open_case(job, &open).await
            }
            DutyKind::FinishText { case, subject, summary } => self.finish_text(job, case, subject.as_deref(), summary).await,
            DutyKind::AddNote { case, summary, recording } => {
                let text = texts::message(summary, &self.zone);
                let id = target(job, case)?;
                if let Some(found) = self.written_before(job, id, summary, &text).await? {
                    return Ok(found);
                }
                let files = self.recording_for_text(job, recording.as_ref(), summary).await?;
                self.add_note(id, text, files).await
            }
            DutyKind::AddRecording { case, recording, summary } => {
                let text = texts::recording_note(summary, &self.zone);
                let id = target(job, case)?;
                if let Some(found) = self.written_before(job, id, summary, &text).await? {
                    return Ok(found);
                }
                match self.recording_alone(job, recording, summary).await? {
                    Some(file) => self.add_note(id, text, vec![file]).await,
                    None => Ok(DutyResult::default()),
                }
            }
            DutyKind::SetStatus {
                case,
                status,
                handset,
                responsible,
            } => self.set_status(job, case, *status, *handset, *responsible).await,
        }
    }

    /// S13. Finds or makes the number's own profile, then ties it to the user. May be repeated.
    async fn link(&self, user: UserId, phone: &PhoneKey) -> Result<DutyResult, Stop> {
        let found = people::with_phone(&self.client, phone, self.region).await?;
        let profile = match found.first() {
            Some(card) => card.id,
            None => match self
                .client
                .users()
                .create(&NewUser::new(Contact::Phone(phone.e164().to_owned())))
                .await
            {
                Ok(made) => made.id.0,
                // Somebody made it in between: the next attempt finds it.
                Err(Error::AlreadyExists { .. }) => return Err(Stop::NotYet),
                Err(error) => return Err(error.into()),
            },
        };
        let tied = profile == user.0 || found.iter().any(|card| card.linked.contains(&user.0));
        if !tied {
            self.client
                .users()
                .link(omnidesk::UserId(user.0), &LinkTarget::User(omnidesk::UserId(profile)))
                .await?;
        }
        Ok(DutyResult {
            user: Some(user),
            ..DutyResult::default()
        })
    }

    async fn open_case(&self, job: &Job, open: &OpenCase<'_>) -> Result<DutyResult, Stop> {
        let subject = texts::subject(open.subject, &open.summary.number);
        let text = texts::message(open.summary, &self.zone);
        let contact = self.contact(open.owner).await?;
        if job.uncertain
            && let Some(case) = self.find_case(job, &contact, &subject).await?
        {
            let carried = open.recording.is_some() && self.carries_recording(job, case.id, open.summary).await?;
            return Ok(opened(&case, carried, text));
        }
        let files = self.recording_for_text(job, open.recording, open.summary).await?;
        let carried = !files.is_empty();
        let mut new = NewCase::new(contact, subject, Content::text(text.clone()));
        new.attachments = files;
        new.staff_id = self.catalog.me.filter(|_| open.responsible);
        if !self.catalog.channel.is_empty() {
            new.channel = Some(self.catalog.channel.clone().into());
        }
        if let Some(title) = Catalog::label_of(open.handset) {
            new.labels.extend(self.label(title).await?);
        }
        if let Some(field) = self.catalog.call_id_field {
            new.custom_fields.set(field, job.leg.as_str());
        }
        if let (Some(field), Some(e164)) = (self.catalog.phone_field, open.summary.number.e164()) {
            new.custom_fields.set(field, e164);
        }
        let case = self.client.cases().create(&new).await?;
        Ok(opened(&case, carried, text))
    }

    /// By which contact Omnidesk finds the user of a new case. A shared number says nothing, so an
    /// address comes first for a user that was chosen; the number in Omnidesk's own spelling otherwise.
    async fn contact(&self, owner: &Owner) -> Result<Contact, Stop> {
        let (id, phone) = match owner {
            Owner::Phone { phone } => return self.contact_of_number(phone).await,
            Owner::User { id, phone } => (*id, phone),
        };
        let card = match self.card.as_ref().filter(|card| card.id == id.0) {
            Some(card) => card.clone(),
            None => people::by_id(&self.client, id).await?,
        };
        let own = phone.as_ref().and_then(|key| card.spelling(key, self.region)).map(str::to_owned);
        let any_phone = || card.phones.first().cloned();
        match (own, phone, card.email.clone()) {
            (Some(spelling), ..) => Ok(Contact::Phone(spelling)),
            (None, _, Some(email)) => Ok(Contact::Email(email)),
            (None, Some(phone), None) => Ok(Contact::Phone(phone.e164().to_owned())),
            (None, None, None) => any_phone().map(Contact::Phone).ok_or(Stop::Refused("user_without_contact")),
        }
    }

    /// Nobody was known during the call; perhaps only because Omnidesk was out. The spelling it has
    /// keeps it from making a second user.
    async fn contact_of_number(&self, phone: &PhoneKey) -> Result<Contact, Stop> {
        let found = people::with_phone(&self.client, phone, self.region).await?;
        let spelling = found.iter().find_map(|card| card.spelling(phone, self.region));
        Ok(Contact::Phone(spelling.unwrap_or_else(|| phone.e164()).to_owned()))
    }

    /// Gives the first message its final text, unless a person changed it in Omnidesk meanwhile.
    async fn finish_text(&self, job: &Job, case: &CaseTarget, subject: Option<&str>, summary: &Summary) -> Result<DutyResult, Stop> {
        let id = target(job, case)?;
        let case = CaseRef::Id(id);
        if let Some(subject) = subject {
            self.client
                .cases()
                .edit(
                    &case,
                    &CaseEdit {
                        subject: Some(subject.to_owned()),
                        ..CaseEdit::default()
                    },
                )
                .await?;
        }
        let messages = self.client.messages(&case);
        let first = messages
            .list(MessageOrder::OldestFirst, PageRequest::first(1))
            .await?
            .items
            .into_iter()
            .next();
        let Some(first) = first else { return Ok(DutyResult::default()) };
        let text = texts::message(summary, &self.zone);
        let now = plain(&first);
        let ours = job
            .written
            .as_ref()
            .map_or_else(|| now.starts_with(texts::IN_PROGRESS), |written| now.trim() == written.trim());
        if !ours && now != text {
            // A person changed it in Omnidesk: theirs stays, ours goes beside it.
            if let Some(found) = self.written_before(job, id, summary, &text).await? {
                return Ok(found);
            }
            return self.add_note(id, text, Vec::new()).await;
        }
        if now != text {
            messages.edit(first.id, &Content::text(text.clone())).await?;
        }
        Ok(DutyResult {
            message: Some(first.id.0),
            text: Some(text),
            ..DutyResult::default()
        })
    }

    async fn add_note(&self, id: CaseId, text: String, files: Vec<Attachment>) -> Result<DutyResult, Stop> {
        let recording = !files.is_empty();
        let mut note = NewNote::new(Content::text(text));
        note.attachments = files;
        let made = self.client.notes(&CaseRef::Id(id)).create(&note).await?;
        Ok(DutyResult {
            message: Some(made.id.0),
            recording,
            ..DutyResult::default()
        })
    }

    async fn set_status(
        &self,
        job: &Job,
        case: &CaseTarget,
        status: CaseStatus,
        handset: Option<Handset>,
        responsible: bool,
    ) -> Result<DutyResult, Stop> {
        let id = target(job, case)?;
        let mut edit = CaseEdit {
            status: Some(word(status)),
            staff_id: self.catalog.me.filter(|_| responsible),
            ..CaseEdit::default()
        };
        if handset == Some(Handset::CalledBack) {
            edit.add_labels.extend(self.label(texts::LABEL_CALLED_BACK).await?);
            edit.delete_labels.extend(self.catalog.label(texts::LABEL_MISSED));
        }
        self.client.cases().edit(&CaseRef::Id(id), &edit).await?;
        Ok(DutyResult::default())
    }

    /// A label by title, made if it is missing; nothing when the agent may not make labels.
    async fn label(&self, title: &str) -> Result<Option<omnidesk::LabelId>, Stop> {
        if let Some(id) = self.catalog.label(title) {
            return Ok(Some(id));
        }
        let listed = self.client.labels().list(PageRequest::first(100)).await?.items;
        if let Some(label) = listed.iter().find(|label| label.title.trim() == title) {
            return Ok(Some(label.id));
        }
        match self.client.labels().create(title).await {
            Ok(label) => Ok(Some(label.id)),
            Err(error) if error.is_transient() => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    /// The recording for a message with text: people look for the case, so after a while it goes without,
    /// and the recording follows as a duty of its own.
    async fn recording_for_text(&self, job: &Job, name: Option<&RecordingRef>, summary: &Summary) -> Result<Vec<Attachment>, Stop> {
        let Some(name) = name else { return Ok(Vec::new()) };
        let impatient = job.now.since(job.created) > SHORT_PATIENCE;
        match self.fetch(job, name, summary).await {
            Ok((file, true)) => Ok(vec![file]),
            Ok((_, false)) if !impatient => Err(Stop::NotYet),
            Err(error) if error.is_passing() && !impatient => Err(Stop::NotYet),
            Ok(_) | Err(_) => Ok(Vec::new()),
        }
    }

    /// The recording for a message of its own. Waits as long as the PBX is out; gives up only what is not there.
    async fn recording_alone(&self, job: &Job, name: &RecordingRef, summary: &Summary) -> Result<Option<Attachment>, Stop> {
        let impatient = job.now.since(job.created) > LONG_PATIENCE;
        match self.fetch(job, name, summary).await {
            Ok((_, false)) | Err(RecordingError::NotYet) if !impatient => Err(Stop::NotYet),
            Ok((file, _)) => Ok(Some(file)),
            Err(RecordingError::Transport) => Err(Stop::PbxOut),
            Err(RecordingError::Refused { status }) if status >= 500 => Err(Stop::PbxOut),
            Err(RecordingError::BadCredentials | RecordingError::Forbidden) => Err(Stop::Refused("recording_forbidden")),
            Err(RecordingError::TooLarge { .. }) => Err(Stop::Refused("recording_too_large")),
            Err(error @ (RecordingError::NotYet | RecordingError::Gone | RecordingError::OutOfReach | RecordingError::Refused { .. })) => {
                tracing::warn!(%error, "a recording could not be had");
                Ok(None)
            }
        }
    }

    /// The file under the name it has in Omnidesk, and whether the PBX has finished it.
    async fn fetch(&self, job: &Job, name: &RecordingRef, summary: &Summary) -> Result<(Attachment, bool), RecordingError> {
        let Some(pbx) = &self.pbx else {
            return Err(RecordingError::Transport);
        };
        let file = pbx.fetch_recording(name, LONGEST_RECORDING).await?;
        let name = texts::recording_file(summary, job.leg.as_str(), &file.file_name, &self.zone);
        Ok((Attachment::new(name, file.mime, file.bytes), file.finished))
    }
}

struct OpenCase<'a> {
    owner: &'a Owner,
    subject: &'a Subject,
    summary: &'a Summary,
    recording: Option<&'a RecordingRef>,
    handset: Handset,
    responsible: bool,
}

/// The text of a message, wherever Omnidesk keeps it.
#[must_use]
pub fn plain(message: &Message) -> String {
    if message.content.trim().is_empty() {
        strip_tags(&message.content_html)
    } else {
        message.content.clone()
    }
}

/// Text out of HTML, for showing only: tags go, a few entities are read, nothing is ever rendered.
fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (name, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = name.to_ascii_lowercase();
        if name.starts_with("br") || name.starts_with("/p") || name.starts_with("/div") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, sign) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, sign);
    }
    text.trim().to_owned()
}

fn target(job: &Job, case: &CaseTarget) -> Result<CaseId, Stop> {
    match case {
        CaseTarget::Existing(id) => Ok(CaseId(id.0)),
        CaseTarget::OpenedBy(_) => job.opened.ok_or(Stop::Refused("case_not_opened")),
    }
}

fn opened(case: &Case, recording: bool, text: String) -> DutyResult {
    DutyResult {
        case: Some(CaseFacts {
            id: calls::CaseId(case.id.0),
            number: case.number.as_str().to_owned(),
            subject: case.subject.clone(),
        }),
        user: case.user_id.map(|id| UserId(id.0)),
        message: None,
        recording,
        text: Some(text),
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
            code: error.code().unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_of_a_message_becomes_plain_text() {
        assert_eq!(
            strip_tags("<p>Добрый день&nbsp;&amp; привет</p><script>alert(1)</script>a<br/>b"),
            "Добрый день & привет\nalert(1)a\nb"
        );
        assert_eq!(strip_tags("<unclosed"), "");
    }
}
