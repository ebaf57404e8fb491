//! Messages of a case: its first one brought up to date, and notes beside it.

use super::{Delivery, Job, Stop, target};
use crate::account::plain::plain;
use crate::account::texts;
use calls::{CaseTarget, DutyResult, FileFacts, Subject, Summary};
use omnidesk::{Attachment, CaseId, CaseRef, Content, MessageOrder, NewNote, PageRequest};

impl Delivery {
    /// Gives the first message its final text, unless a person changed it in Omnidesk meanwhile.
    /// A new subject comes with the one we wrote last.
    pub(super) async fn finish_text(
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

    pub(super) async fn add_note(&self, id: CaseId, text: String, files: Vec<Attachment>) -> Result<DutyResult, Stop> {
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

fn file_facts(file: &Attachment) -> FileFacts {
    FileFacts {
        name: file.file_name.clone(),
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
    }
}
