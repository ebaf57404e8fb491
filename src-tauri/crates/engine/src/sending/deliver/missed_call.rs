//! A missed call on its way to Omnidesk: a case of its own, or a note in the one the user's missed calls share (S25, S27).
//!
//! Other desks write, too: the same call may have rung there, and colleagues deal with what this desk remembers. So one
//! look at the user's missed-call cases comes first, and tells everything at once: an earlier attempt of ours whose answer
//! was lost, another desk's case about this very call, a case to be joined, or none. It costs the request that it spares:
//! a case that was seen open needs no status.

use super::status::parent;
use super::{Delivery, Done, Job, OpenCase, Stop, facts};
use crate::account::plain::plain;
use crate::account::texts;
use calls::{CaseTarget, ConversationId, DutyResult, Handset, Joins, Owner, PhoneKey, Subject, Summary, UserId};
use omnidesk::{Case, CaseFilter, CaseId, CaseRef, CaseSort, CaseStatus, Error, MessageOrder, PageRequest, TextQuery};

/// How many of a user's missed-call cases are looked at, the latest first.
const LOOKED_AT: u32 = 30;
/// How many of a case's latest notes are looked through for what another desk wrote.
const LATEST: u32 = 20;
/// How far apart a call begins to ring at the desks of a group, ms; all count by the PBX's clock.
const APART: i64 = 5_000;
/// A minute, ms: the line about a call tells no less.
const MINUTE: i64 = 60_000;
/// For so many minutes a caller may be passed from phone to phone.
const MINUTES: i64 = 30;

/// The conversation that the call is a part of. A short one's may have become known only after its end.
pub(super) fn conversation<'a>(job: &'a Job, joins: &'a Joins) -> Option<&'a ConversationId> {
    job.conversation.as_ref().or(joins.conversation.as_ref())
}

/// What the user's missed-call cases say about a missed call.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// It is there already: this desk's lost attempt, or another desk's.
    Told(CaseId),
    /// It belongs into this case.
    Joins(CaseId),
    /// The case that this desk remembers is not among them: is it merged, in the bin, marked as spam?
    Perhaps(CaseId),
    /// There is none.
    Nothing,
}

impl Delivery {
    pub(super) async fn tell_missed(&self, job: &Job, open: &OpenCase<'_>, joins: &Joins) -> Result<Done, Stop> {
        if job.withdrawn {
            return Ok(DutyResult::default().into());
        }
        if let Some(case) = job.sibling.as_ref().filter(|_| typed(open).is_empty()) {
            // The same caller, rung here once more.
            return Ok(DutyResult {
                case: Some(case.clone()),
                joined: true,
                ..DutyResult::default()
            }
            .into());
        }
        if (joins.unseen || job.unwatched)
            && let Some(record) = self.record_of(job, open, joins).await?
        {
            return Ok(record.into());
        }
        if open.handset == Handset::Unknown {
            return self.open_new(job, open).await;
        }
        let found = self.missed_cases(open).await?;
        let case_of = |id: CaseId| found.iter().find(|case| case.id == id);
        match look(&found, job, joins, |case| self.is_about(case, job, joins)) {
            Seen::Told(id) => match case_of(id) {
                Some(case) if !self.is_own(case, job) && !typed(open).is_empty() => self.note(open, case).await,
                Some(case) => Ok(told(case, !self.is_own(case, job)).into()),
                None => self.open_new(job, open).await,
            },
            Seen::Joins(id) => match case_of(id) {
                Some(case) => self.join(job, open, joins, case).await,
                None => self.open_new(job, open).await,
            },
            Seen::Perhaps(id) => match self.as_it_is(id).await {
                // Who merged it has not dealt with the call by that.
                Ok(case) if !case.deleted && (case.id != id || is_waiting(&case, job)) => self.join(job, open, joins, &case).await,
                Ok(_) | Err(Stop::Omnidesk(Error::NotFound { .. })) => self.open_new(job, open).await,
                Err(stop) => Err(stop),
            },
            Seen::Nothing => self.open_new(job, open).await,
        }
    }

    /// The missed-call cases of the user or the number, whatever their status, the latest first.
    pub(super) async fn missed_cases(&self, open: &OpenCase<'_>) -> Result<Vec<Case>, Stop> {
        let mut filter = CaseFilter {
            show_merged_cases: true,
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
        match self.catalog.label(texts::LABEL_MISSED) {
            Some(label) => filter.labels = vec![label],
            None => filter.subject = Some(TextQuery::Contains(texts::MISSED.to_owned())),
        }
        Ok(self.client.cases().list(&filter, PageRequest::first(LOOKED_AT)).await?.items)
    }

    /// Whether a case was opened for this very call, by this desk or another one at which it rang.
    fn is_about(&self, case: &Case, job: &Job, joins: &Joins) -> bool {
        let is_this = |id: &str| id == job.leg.as_str() || conversation(job, joins).is_some_and(|of| id == of.as_str());
        self.call_ids_of(case).split_whitespace().any(is_this)
    }

    pub(super) fn call_ids_of(&self, case: &Case) -> String {
        let ids = self.catalog.call_id_field.and_then(|field| case.custom_fields.text(field));
        ids.unwrap_or_default()
    }

    /// A note in a case that waits; nothing, where another desk has written it or an earlier attempt came through.
    async fn join(&self, job: &Job, open: &OpenCase<'_>, joins: &Joins, case: &Case) -> Result<Done, Stop> {
        let text = texts::message(&with_subject(open), &self.zone);
        if let Some(found) = self.written_before(job, case.id, open.summary, &text).await? {
            return Ok(DutyResult {
                message: found.message,
                ..told(case, true)
            }
            .into());
        }
        // Whose turn it was from the start need not look what others wrote.
        let others_may = joins.turn > 0 || job.others_may_have_told || job.unwatched || conversation(job, joins).is_none();
        if others_may && typed(open).is_empty() && self.has_told(job, joins, case.id, open.summary).await? {
            return Ok(told(case, true).into());
        }
        self.note(open, case).await
    }

    async fn note(&self, open: &OpenCase<'_>, case: &Case) -> Result<Done, Stop> {
        let text = texts::message(&with_subject(open), &self.zone);
        let note = self.add_note(case.id, text, Vec::new()).await?;
        Ok(DutyResult {
            message: note.message,
            ..told(case, true)
        }
        .into())
    }

    /// Whether a case was opened by this desk's own call, in an attempt whose answer was lost.
    fn is_own(&self, case: &Case, job: &Job) -> bool {
        self.call_ids_of(case).split_whitespace().next() == Some(job.leg.as_str())
    }

    /// Whether another desk has noted the call: in the same words, up to the time between their rings.
    pub(super) async fn has_told(&self, job: &Job, joins: &Joins, case: CaseId, summary: &Summary) -> Result<bool, Stop> {
        let (id, case) = (case, CaseRef::Id(case));
        let messages = self.client.messages(&case);
        let latest = messages.list(MessageOrder::NewestFirst, PageRequest::first(LATEST)).await?.items;
        let lines: Vec<String> = rung_at(job, summary).map(|summary| texts::line(&summary, &self.zone)).collect();
        let tells = |message: &omnidesk::Message| {
            plain(message)
                .lines()
                .last()
                .is_some_and(|last| lines.iter().any(|line| line == last))
        };
        // The case's first message tells the call that opened it, and this desk's other notes tell other calls.
        // Without a field for the call's id, or for a desk that could not ask for it in time, the first message is all there
        // is to tell by.
        let unasked = job.unwatched && conversation(job, joins).is_none();
        let first = self.catalog.call_id_field.is_none() || unasked;
        let first = first && !job.known_cases.contains(&id.0);
        let others = |message: &&omnidesk::Message| {
            let may = message.note || (first && is_since(message, summary));
            may && !job.known_messages.contains(&message.id.0)
        };
        Ok(latest.iter().filter(others).any(tells))
    }
}

/// Whether a message can be about a call: it was not there before. Omnidesk tells whole seconds.
pub(super) fn is_since(message: &omnidesk::Message, summary: &Summary) -> bool {
    message.created_at.is_none_or(|at| at.as_millisecond() > summary.started.0 - 1_000)
}

/// The call as other desks tell it: one desk's phones ring later than another's, where a queue passes the caller on.
pub(super) fn rung_at<'a>(job: &Job, summary: &'a Summary) -> impl Iterator<Item = Summary> + use<'a> {
    let rung = (job.now.since(summary.started) / MINUTE).clamp(0, MINUTES);
    let later = (0..=rung).map(|minutes| minutes * MINUTE);
    [-APART, APART].into_iter().chain(later).map(|apart| Summary {
        started: summary.started.plus_ms(apart),
        ..summary.clone()
    })
}

/// Which of the cases a missed call belongs to. `is_about` tells the one that was opened for it.
fn look(found: &[Case], job: &Job, joins: &Joins, is_about: impl Fn(&Case) -> bool) -> Seen {
    let is_there = |case: &&Case| !case.deleted && parent(case).is_none();
    if let Some(case) = found.iter().filter(is_there).find(|case| is_about(case)) {
        return Seen::Told(case.id);
    }
    let remembered = joins.into.as_ref().and_then(|into| match into {
        CaseTarget::Existing(id) => Some(CaseId(id.0)),
        CaseTarget::OpenedBy(_) => job.opened,
    });
    if let Some(id) = remembered {
        match found.iter().find(|case| case.id == id) {
            Some(case) if parent(case).is_some() || case.deleted => return Seen::Perhaps(id),
            Some(case) if is_waiting(case, job) => return Seen::Joins(id),
            // Somebody has dealt with it.
            Some(_) => {}
            None => return Seen::Perhaps(id),
        }
    }
    let waits = |case: &&Case| case.status == CaseStatus::Open && !case.spam;
    // What this desk has written itself and does not remember as waiting had a conversation since.
    let new_here = |case: &&Case| job.waiting.contains(&case.id.0) || !job.known_cases.contains(&case.id.0);
    let other = found.iter().filter(is_there).filter(waits).find(new_here);
    other.map_or(Seen::Nothing, |case| Seen::Joins(case.id))
}

/// Whether the case that the desk remembers still waits: nobody but the desk itself has given it another status.
pub(super) fn is_waiting(case: &Case, job: &Job) -> bool {
    let ours = |status: &calls::CaseStatus| super::word(*status) == case.status;
    case.status == CaseStatus::Open || job.given.iter().any(ours)
}

fn told(case: &Case, joined: bool) -> DutyResult {
    DutyResult {
        case: Some(facts(case)),
        user: case.user_id.map(|id| UserId(id.0)),
        joined,
        ..DutyResult::default()
    }
}

/// What the agent typed: the case it is noted in has a subject already, and a typed one must not be lost (S15).
fn typed(open: &OpenCase<'_>) -> String {
    let subject = if let Subject::Typed(typed) = open.subject {
        typed.trim()
    } else {
        ""
    };
    format!("{subject}\n{}", open.summary.gist).trim().to_owned()
}

fn with_subject(open: &OpenCase<'_>) -> Summary {
    Summary {
        gist: typed(open),
        ..open.summary.clone()
    }
}

#[cfg(test)]
mod tests;
