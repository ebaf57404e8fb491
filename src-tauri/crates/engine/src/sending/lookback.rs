//! Look before you write again: did an earlier attempt, whose answer was lost, succeed after all?
//!
//! What is looked for is what the attempt would write: the call's own id in the case's field, the
//! recording's file name, the very text. What other duties are known to have made is never taken for it.

use crate::account::plain::plain;
use crate::account::texts;
use crate::sending::deliver::{Delivery, Job, Stop};
use calls::{DutyResult, Summary, UserId};
use omnidesk::{Case, CaseFilter, CaseId, CaseRef, CaseSort, Contact, Message, MessageOrder, PageRequest, TextQuery, TimeRange};
use std::collections::BTreeMap;

/// How far apart our clock and Omnidesk's may be, ms.
const CLOCK_SLACK: i64 = 3_600_000;

/// A minute, ms.
const MINUTE: i64 = 60_000;
/// So many cases are read for what may stand in them.
const FEW: usize = 5;
/// So many pages of a hundred messages are looked through for one that an earlier attempt may have written.
const PAGES: u32 = 5;

impl Delivery {
    /// A case that an earlier attempt may have opened.
    pub(crate) async fn find_case(&self, job: &Job, contact: &Contact, subject: &str, summary: &Summary) -> Result<Option<Case>, Stop> {
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
        // The filter compares with Omnidesk's own times.
        let ahead = self.client.clock_ahead_ms().unwrap_or(0);
        let since = job.first_tried.plus_ms(ahead - CLOCK_SLACK);
        filter.created = TimeRange {
            from: jiff::Timestamp::from_millisecond(since.0).ok(),
            to: None,
        };
        let found = self.client.cases().list(&filter, PageRequest::first(20)).await?.items;
        let fits = |case: &Case| case.subject == subject && !job.known_cases.contains(&case.id.0);
        let mut fitting = found.into_iter().filter(fits);
        if job.attempted_before {
            return Ok(fitting.next());
        }
        // The same number may have called a colleague a moment ago: only the text tells the calls apart.
        for case in fitting.take(FEW) {
            let first = self.messages(case.id, MessageOrder::OldestFirst, 1).await?;
            if first.iter().any(|message| self.tells(message, job, summary)) {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// A case of the user's in which another computer of the agent, which is gone by now, has noted the call: it was
    /// attached there, so that no field names it. Only cases that were touched since the call began are read.
    pub(crate) async fn noted_in(&self, job: &Job, user: UserId, summary: &Summary) -> Result<Option<Case>, Stop> {
        let card = self.card.as_ref().filter(|card| card.id == user.0);
        let filter = CaseFilter {
            user_ids: card.map_or_else(|| vec![omnidesk::UserId(user.0)], crate::people::card::Card::profiles),
            sort: Some(CaseSort::UpdatedDesc),
            ..CaseFilter::default()
        };
        let since = summary.started.plus_ms(self.client.clock_ahead_ms().unwrap_or(0) - MINUTE);
        let touched = |case: &Case| case.updated_at.is_none_or(|at| at.as_millisecond() >= since.0);
        let found = self.client.cases().list(&filter, PageRequest::first(20)).await?.items;
        for case in found.into_iter().filter(touched).take(FEW) {
            let latest = self.messages(case.id, MessageOrder::NewestFirst, 20).await?;
            let told = |message: &Message| message.note && !job.known_messages.contains(&message.id.0) && self.tells(message, job, summary);
            if latest.iter().any(told) {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// Whether a message tells this very call: by its recording, or by who called at which minute.
    fn tells(&self, message: &Message, job: &Job, summary: &Summary) -> bool {
        let beginning = texts::beginning(summary, &self.zone);
        let stem = texts::recording_stem(summary, job.leg.as_str(), &self.zone);
        has_file(message, &stem) || plain(message).lines().any(|line| line.contains(&beginning))
    }

    /// A message that an earlier attempt may have written: by the recording's name, or by the very text.
    pub(crate) async fn written_before(&self, job: &Job, case: CaseId, summary: &Summary, text: &str) -> Result<Option<DutyResult>, Stop> {
        if !job.uncertain {
            return Ok(None);
        }
        let stem = texts::recording_stem(summary, job.leg.as_str(), &self.zone);
        let latest = self.messages_since_tried(job, case).await?;
        // Only a note: the first message of a case may tell another call of the same minute in the same words.
        let new = |message: &Message| message.note && !job.known_messages.contains(&message.id.0);
        let fits = |message: &&Message| new(message) && (has_file(message, &stem) || plain(message) == text.trim_end());
        Ok(latest.iter().find(fits).map(|message| DutyResult {
            message: Some(message.id.0),
            recording: has_file(message, &stem),
            ..DutyResult::default()
        }))
    }

    /// The messages of a case since the first attempt, the newest first: a busy case may have got many.
    async fn messages_since_tried(&self, job: &Job, case: CaseId) -> Result<Vec<Message>, Stop> {
        let ahead = self.client.clock_ahead_ms().unwrap_or(0);
        let since = job.first_tried.plus_ms(ahead - CLOCK_SLACK).0;
        let before = |message: &Message| message.created_at.is_some_and(|at| at.as_millisecond() < since);
        let mut pages = self.client.messages(&CaseRef::Id(case)).pages(MessageOrder::NewestFirst, PAGES);
        let mut latest = Vec::new();
        while let Some(page) = pages.next().await {
            latest.extend(page?.items);
            if latest.last().is_some_and(before) {
                break;
            }
        }
        Ok(latest)
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
