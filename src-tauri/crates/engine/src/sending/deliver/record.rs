//! What other desks' records say about a call that this desk did not see to its end.
//!
//! Every case that Ringside opens carries the conversation's id. A colleague who attached the call to an earlier case has
//! left a note there, which tells the call in the words that this desk would use. Both are looked for before a call is
//! said to be missed, or its outcome unknown, by a desk that could not look. It costs requests, but only after a gap.

use super::missed_call::{conversation, is_since, rung_at};
use super::{Delivery, Job, OpenCase, Stop, facts};
use crate::account::plain::plain;
use crate::account::texts;
use calls::{Direction, Disposition, DutyResult, Handset, Joins, Owner, PhoneKey, Record, Summary, UserId};
use omnidesk::{Case, CaseFilter, CaseRef, CaseSort, MessageOrder, PageRequest, TextQuery};
use std::collections::BTreeMap;

/// How many cases about one conversation are looked at.
const CASES: u32 = 20;
/// How many of a user's cases that were written to since the call began are looked through.
const WRITTEN_TO: usize = 3;
/// How many of a case's latest messages.
const LATEST: u32 = 20;
/// How far apart our clock and Omnidesk's may be, ms.
const CLOCK_SLACK: i64 = 60_000;

impl Delivery {
    /// What another desk's record of the conversation says; none where there is none that says more than this desk knows.
    pub(super) async fn record_of(&self, job: &Job, open: &OpenCase<'_>, joins: &Joins) -> Result<Option<DutyResult>, Stop> {
        let cases = self.cases_about(job, joins).await?;
        let knows = |record: Record| open.handset == Handset::Unknown || record == Record::Conversation;
        let best = cases.iter().map(|case| (self.record_in(case), case));
        let best = best.filter(|(record, _)| knows(*record)).min_by_key(|(record, _)| match record {
            Record::Conversation => 0,
            Record::Missed => 1,
            Record::Unknown => 2,
        });
        match best {
            // What a colleague wrote before they passed the client on is about their own part (S16).
            Some((Record::Conversation, _)) if job.passed_here => Ok(None),
            Some((Record::Conversation, _)) => Ok(Some(taken())),
            Some((record @ (Record::Missed | Record::Unknown), case)) => Ok(Some(DutyResult {
                case: Some(facts(case)),
                user: case.user_id.map(|id| UserId(id.0)),
                joined: true,
                record: Some(record),
                ..DutyResult::default()
            })),
            None if job.passed_here || open.summary.direction != Direction::Inbound => Ok(None),
            None if self.is_told_in_words(job, open).await? => Ok(Some(taken())),
            None if open.handset == Handset::Unknown => self.missed_in_words(job, open, joins).await,
            None => Ok(None),
        }
    }

    /// The cases of other desks that carry the conversation's id.
    async fn cases_about(&self, job: &Job, joins: &Joins) -> Result<Vec<Case>, Stop> {
        let (Some(field), Some(conversation)) = (self.catalog.call_id_field, conversation(job, joins)) else {
            return Ok(Vec::new());
        };
        let filter = CaseFilter {
            custom_fields: BTreeMap::from([(field, conversation.as_str().to_owned())]),
            sort: Some(CaseSort::CreatedDesc),
            ..CaseFilter::default()
        };
        let found = self.client.cases().list(&filter, PageRequest::first(CASES)).await?.items;
        let of_others = |case: &Case| {
            let ids = self.call_ids_of(case);
            let mut ids = ids.split_whitespace();
            let own = ids.clone().next() == Some(job.leg.as_str());
            !own && ids.any(|id| id == conversation.as_str()) && !case.deleted && !job.known_cases.contains(&case.id.0)
        };
        Ok(found.into_iter().filter(of_others).collect())
    }

    /// The case in which another desk has said that the call was missed, where no field keeps ids: the words tell.
    async fn missed_in_words(&self, job: &Job, open: &OpenCase<'_>, joins: &Joins) -> Result<Option<DutyResult>, Stop> {
        if self.catalog.call_id_field.is_some() {
            return Ok(None);
        }
        let missed = Summary {
            disposition: Some(Disposition::Missed),
            unseen: None,
            ..open.summary.clone()
        };
        for case in self
            .missed_cases(open)
            .await?
            .into_iter()
            .filter(|case| !case.deleted)
            .take(WRITTEN_TO)
        {
            if self.has_told(job, joins, case.id, &missed).await? {
                return Ok(Some(DutyResult {
                    case: Some(facts(&case)),
                    user: case.user_id.map(|id| UserId(id.0)),
                    joined: true,
                    record: Some(Record::Missed),
                    ..DutyResult::default()
                }));
            }
        }
        Ok(None)
    }

    fn record_in(&self, case: &Case) -> Record {
        let has = |title| self.catalog.label(title).is_some_and(|id| case.labels.contains(&id));
        if has(texts::LABEL_UNKNOWN) {
            Record::Unknown
        } else if has(texts::LABEL_MISSED) || has(texts::LABEL_CALLED_BACK) || case.subject.starts_with(texts::MISSED) {
            Record::Missed
        } else {
            Record::Conversation
        }
    }

    /// Whether a message about a conversation that began when this call rang stands in one of the user's cases.
    async fn is_told_in_words(&self, job: &Job, open: &OpenCase<'_>) -> Result<bool, Stop> {
        let mut filter = CaseFilter {
            sort: Some(CaseSort::UpdatedDesc),
            ..CaseFilter::default()
        };
        match open.owner {
            Owner::User { id, .. } => {
                let card = self.card.as_ref().filter(|card| card.id == id.0);
                filter.user_ids = card.map_or_else(|| vec![omnidesk::UserId(id.0)], crate::people::card::Card::profiles);
            }
            Owner::Phone { phone } if phone.e164().is_none() => filter.user_custom_ids = vec![phone.as_str().to_owned()],
            Owner::Phone { phone } => filter.user_phones = vec![TextQuery::Contains(PhoneKey::searched(phone).to_owned())],
        }
        let since = open.summary.started.plus_ms(-CLOCK_SLACK).0;
        let cases = self.client.cases().list(&filter, PageRequest::first(CASES)).await?.items;
        let written_to = |case: &&Case| case.updated_at.is_none_or(|at| at.as_millisecond() >= since) && !case.deleted;
        let beginnings: Vec<String> = rung_at(job, open.summary)
            .map(|summary| texts::conversation(&summary, &self.zone))
            .collect();
        for case in cases.iter().filter(written_to).take(WRITTEN_TO) {
            let messages = self.client.messages(&CaseRef::Id(case.id));
            let latest = messages.list(MessageOrder::NewestFirst, PageRequest::first(LATEST)).await?.items;
            let own_case = job.known_cases.contains(&case.id.0);
            let others = |message: &&omnidesk::Message| {
                let new = !job.known_messages.contains(&message.id.0) && is_since(message, open.summary);
                new && (message.note || !own_case)
            };
            let tells = |message: &omnidesk::Message| {
                let text = plain(message);
                text.lines().any(|line| beginnings.iter().any(|beginning| line.contains(beginning)))
            };
            if latest.iter().filter(others).any(tells) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A colleague has told the conversation: nothing is to be written.
fn taken() -> DutyResult {
    DutyResult {
        record: Some(Record::Conversation),
        ..DutyResult::default()
    }
}
