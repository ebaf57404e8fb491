//! Look before you write again: did an earlier attempt, whose answer was lost, succeed after all?
//!
//! What is looked for is what the attempt would write: the call's own id in the case's field, the
//! recording's file name, the very text. What other duties are known to have made is never taken for it.

use crate::deliver::{Delivery, Job, Stop};
use crate::plain::plain;
use crate::texts;
use calls::{DutyResult, Summary};
use omnidesk::{Case, CaseFilter, CaseId, CaseRef, CaseSort, Contact, Message, MessageOrder, PageRequest, TextQuery, TimeRange};
use std::collections::BTreeMap;

/// How far apart our clock and Omnidesk's may be, ms.
const CLOCK_SLACK: i64 = 3_600_000;

impl Delivery {
    /// A case that an earlier attempt may have opened.
    pub(crate) async fn find_case(&self, job: &Job, contact: &Contact, subject: &str) -> Result<Option<Case>, Stop> {
        let mut filter = CaseFilter {
            sort: Some(CaseSort::CreatedDesc),
            ..CaseFilter::default()
        };
        if let Some(field) = self.catalog.call_id_field {
            filter.custom_fields = BTreeMap::from([(field, job.leg.as_str().to_owned())]);
            let found = self.client.cases().list(&filter, PageRequest::first(10)).await?.items;
            // One that was known and deleted meanwhile is not the one that takes its place.
            let own = |case: &Case| {
                let ids = case.custom_fields.text(field).unwrap_or_default();
                let same_call = ids.split_whitespace().next() == Some(job.leg.as_str());
                same_call && !case.deleted && !job.known_cases.contains(&case.id.0)
            };
            return Ok(found.into_iter().find(own));
        }
        match contact {
            Contact::Phone(phone) => filter.user_phones = vec![TextQuery::Contains(phone.trim_start_matches('+').to_owned())],
            Contact::Email(email) => filter.user_emails = vec![TextQuery::Exact(email.clone())],
            Contact::Custom { id, .. } => filter.user_custom_ids = vec![id.clone()],
            Contact::Whatsapp(_) | Contact::Other { .. } => return Ok(None),
        }
        let since = job.first_tried.plus_ms(-CLOCK_SLACK);
        filter.created = TimeRange {
            from: jiff::Timestamp::from_millisecond(since.0).ok(),
            to: None,
        };
        let found = self.client.cases().list(&filter, PageRequest::first(20)).await?.items;
        let fits = |case: &Case| case.subject == subject && !job.known_cases.contains(&case.id.0);
        Ok(found.into_iter().find(fits))
    }

    /// A message that an earlier attempt may have written: by the recording's name, or by the very text.
    pub(crate) async fn written_before(&self, job: &Job, case: CaseId, summary: &Summary, text: &str) -> Result<Option<DutyResult>, Stop> {
        if !job.uncertain {
            return Ok(None);
        }
        let stem = texts::recording_stem(summary, job.leg.as_str(), &self.zone);
        let latest = self.messages(case, MessageOrder::NewestFirst, 50).await?;
        // Only a note: the first message of a case may tell another call of the same minute in the same words.
        let new = |message: &Message| message.note && !job.known_messages.contains(&message.id.0);
        let fits = |message: &&Message| new(message) && (has_file(message, &stem) || plain(message) == text.trim_end());
        Ok(latest.iter().find(fits).map(|message| DutyResult {
            message: Some(message.id.0),
            recording: has_file(message, &stem),
            ..DutyResult::default()
        }))
    }

    /// Whether the first message of a case carries the call's recording.
    pub(crate) async fn carries_recording(&self, job: &Job, case: CaseId, summary: &Summary) -> Result<bool, Stop> {
        let stem = texts::recording_stem(summary, job.leg.as_str(), &self.zone);
        let first = self.messages(case, MessageOrder::OldestFirst, 1).await?;
        Ok(first.iter().any(|message| has_file(message, &stem)))
    }

    async fn messages(&self, case: CaseId, order: MessageOrder, limit: u32) -> Result<Vec<Message>, Stop> {
        Ok(self
            .client
            .messages(&CaseRef::Id(case))
            .list(order, PageRequest::first(limit))
            .await?
            .items)
    }
}

fn has_file(message: &Message, stem: &str) -> bool {
    message.attachments.iter().any(|file| file.file_name.starts_with(stem))
}
