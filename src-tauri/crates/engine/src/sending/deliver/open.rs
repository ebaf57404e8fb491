//! Opening a case: with its first message, and with the call's ids in it by which every later look finds it.

use super::{Delivery, Done, Job, Stop, facts, word};
use crate::account::catalog::Catalog;
use crate::account::texts;
use crate::people::card::Card;
use calls::{CaseStatus, DutyResult, Handset, Joins, Owner, RecordingRef, Subject, Summary, UserId};
use omnidesk::{Case, Contact, Content, LabelId, NewCase};

/// A case to be opened.
pub(super) struct OpenCase<'a> {
    pub(super) owner: &'a Owner,
    pub(super) subject: &'a Subject,
    pub(super) summary: &'a Summary,
    pub(super) recording: Option<&'a RecordingRef>,
    pub(super) handset: Handset,
    pub(super) responsible: bool,
    pub(super) status: Option<CaseStatus>,
    pub(super) joins: Option<&'a Joins>,
    /// Labels beside its mark: those of a case whose place it takes.
    pub(super) labels: Vec<LabelId>,
}

impl Delivery {
    pub(super) async fn open_case(&self, job: &Job, open: &OpenCase<'_>) -> Result<Done, Stop> {
        match open.joins {
            Some(joins) => self.tell_missed(job, open, joins).await,
            None => self.open_new(job, open).await,
        }
    }

    pub(super) async fn open_new(&self, job: &Job, open: &OpenCase<'_>) -> Result<Done, Stop> {
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
        let beside = open.labels.iter().filter(|label| !new.labels.contains(label)).copied();
        new.labels.extend(beside.collect::<Vec<_>>());
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
}

/// What tells a case's call: its leg, and the conversation that several desks share.
fn call_ids(job: &Job, joins: Option<&Joins>) -> String {
    let conversation = job.conversation.as_ref().or_else(|| joins?.conversation.as_ref());
    match conversation.filter(|conversation| conversation.as_str() != job.leg.as_str()) {
        Some(conversation) => format!("{} {conversation}", job.leg),
        None => job.leg.to_string(),
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
