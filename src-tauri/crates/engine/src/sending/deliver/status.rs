//! A case's status when the call has ended, and where the case is by then.
//!
//! A case in the bin or merged into another one takes whatever is written to it, and nobody reads it there:
//! only the case itself tells. So the status comes before the notes, and what has no status looks first.

use super::missed_call::is_waiting;
use super::{Delivery, Job, Stop, facts, target, word};
use crate::account::texts;
use calls::{CaseFacts, CaseStatus, CaseTarget, DutyResult, Handset, Moment};
use omnidesk::{Case, CaseEdit, CaseId, CaseRef};

/// What a case's status, mark and responsible are to be.
pub(super) struct NewStatus<'a> {
    pub case: &'a CaseTarget,
    pub status: Option<CaseStatus>,
    pub handset: Option<Handset>,
    pub responsible: bool,
    pub since: Moment,
    pub expects: Option<CaseStatus>,
    pub guards: bool,
}

/// From this age on, ms, a status looks before it is set.
const LATE: i64 = 120_000;
/// Omnidesk dates its answers and its changes in whole seconds; in doubt a person decided later, ms.
const WHOLE_SECONDS: i64 = 1_000;
/// How long after a decision what it owes is in the line at the latest, where nothing held it up, ms.
const AT_ONCE: i64 = 10_000;
/// How many merges of a case are followed.
const MERGES: usize = 5;

impl Delivery {
    pub(super) async fn set_status(&self, job: &Job, new: &NewStatus<'_>) -> Result<DutyResult, Stop> {
        if job.withdrawn && job.opened.is_none() && matches!(new.case, CaseTarget::OpenedBy(_)) {
            // There is no case: the caller was not missed.
            return Ok(DutyResult::default());
        }
        let id = target(job, new.case)?;
        if new.status.is_some() && new.status == job.opened_with && new.handset.is_none() && new.expects.is_none() {
            // It was opened so.
            return Ok(DutyResult::default());
        }
        if new.guards {
            let now = self.as_it_is(id).await?;
            // A colleague may have dealt with it.
            if !now.deleted && !is_waiting(&now, job) {
                return Ok(DutyResult {
                    overruled: true,
                    ..DutyResult::default()
                });
            }
            let as_wanted = new.status.is_some_and(|status| word(status) == now.status) && new.handset.is_none() && !new.responsible;
            if as_wanted && now.id == id && !now.deleted {
                return Ok(DutyResult::default());
            }
        }
        let overruled = match (new.status, new.expects) {
            // A mark takes nothing from anybody.
            (None, _) => false,
            (Some(_), None) => self.was_overruled(job, id, new.since).await?,
            (Some(_), Some(given)) => self.is_no_longer(id, given).await?,
        };
        if overruled {
            return Ok(DutyResult {
                overruled,
                ..DutyResult::default()
            });
        }
        let mut edit = CaseEdit {
            status: new.status.map(word),
            staff_id: self.catalog.me.filter(|_| new.responsible),
            ..CaseEdit::default()
        };
        let labels = &self.catalog.labels;
        match new.handset {
            Some(Handset::CalledBack) => {
                edit.add_labels
                    .extend(labels.find_or_make(&self.client, texts::LABEL_CALLED_BACK).await?);
                edit.delete_labels.extend(labels.find(&self.client, texts::LABEL_MISSED).await?);
            }
            Some(Handset::Missed) => {
                edit.add_labels
                    .extend(labels.find_or_make(&self.client, texts::LABEL_MISSED).await?);
                edit.delete_labels
                    .extend(labels.find(&self.client, texts::LABEL_CALLED_BACK).await?);
            }
            Some(Handset::Unknown) => edit
                .add_labels
                .extend(labels.find_or_make(&self.client, texts::LABEL_UNKNOWN).await?),
            Some(Handset::Incoming | Handset::Outgoing) | None => {}
        }
        if edit == CaseEdit::default() {
            // There is no label to put on, and the agent may not make one.
            return Ok(DutyResult::default());
        }
        let (_, moved) = self.edit_where_it_is(id, &edit).await?;
        Ok(DutyResult {
            moved,
            ..DutyResult::default()
        })
    }

    /// Puts labels of the account on a case, and takes others off. One that the account has no more is left out; where none
    /// of them is there, a person is told.
    pub(super) async fn put_labels(&self, job: &Job, case: &CaseTarget, put: &[String], taken: &[String]) -> Result<DutyResult, Stop> {
        if job.withdrawn && job.opened.is_none() {
            return Ok(DutyResult::default());
        }
        let id = target(job, case)?;
        let labels = &self.catalog.labels;
        let mut edit = CaseEdit::default();
        for title in put {
            edit.add_labels.extend(labels.find(&self.client, title).await?);
        }
        for title in taken {
            edit.delete_labels.extend(labels.find(&self.client, title).await?);
        }
        if edit == CaseEdit::default() {
            return if put.is_empty() {
                Ok(DutyResult::default())
            } else {
                Err(Stop::Refused("no_such_label"))
            };
        }
        let (_, moved) = self.edit_where_it_is(id, &edit).await?;
        Ok(DutyResult {
            moved,
            ..DutyResult::default()
        })
    }

    /// Edits a case; where it was merged into another one, that. A deleted one is reported.
    async fn edit_where_it_is(&self, id: CaseId, edit: &CaseEdit) -> Result<(CaseId, Option<CaseFacts>), Stop> {
        let mut now = self.client.cases().edit(&CaseRef::Id(id), edit).await?;
        for _ in 0..MERGES {
            let Some(parent) = parent(&now) else { break };
            now = self.client.cases().edit(&CaseRef::Id(parent), edit).await?;
        }
        where_it_is(id, &now)
    }

    /// Where a note goes: an earlier duty of the call has found out, or the case is asked.
    pub(super) async fn standing(&self, job: &Job, case: &CaseTarget) -> Result<(CaseId, Option<CaseFacts>), Stop> {
        let id = target(job, case)?;
        if job.in_place {
            return Ok((id, None));
        }
        where_it_is(id, &self.as_it_is(id).await?)
    }

    /// A case as it is now; where it was merged into another one, that.
    pub(super) async fn as_it_is(&self, id: CaseId) -> Result<Case, Stop> {
        let mut now = self.client.cases().get(&CaseRef::Id(id)).await?;
        for _ in 0..MERGES {
            let Some(parent) = parent(&now) else { break };
            now = self.client.cases().get(&CaseRef::Id(parent)).await?;
        }
        Ok(now)
    }

    /// Gives a case another subject while it has the one that we wrote last; a person's change stays.
    pub(super) async fn set_subject(&self, id: CaseId, subject: &str, was: Option<&str>) -> Result<(CaseId, Option<CaseFacts>), Stop> {
        let now = self.as_it_is(id).await?;
        let now_at = where_it_is(id, &now)?;
        if was.is_none_or(|was| texts::typed(&now.subject) == was) {
            let edit = CaseEdit {
                subject: Some(texts::typed(subject)),
                ..CaseEdit::default()
            };
            self.client.cases().edit(&CaseRef::Id(now_at.0), &edit).await?;
        }
        Ok(now_at)
    }

    /// What is undone is undone only while it stands: whether the case has another status than the one that the
    /// call gave it, or has it from another person.
    async fn is_no_longer(&self, id: CaseId, given: CaseStatus) -> Result<bool, Stop> {
        let changes = self.client.cases().changelog(&CaseRef::Id(id)).await?;
        let last = changes
            .iter()
            .filter(|change| change.event == "status")
            .max_by_key(|change| change.created_at);
        let me = self.catalog.me.map(|me| format!("staff_{me}"));
        let ours = |change: &omnidesk::Change| {
            let by_us = me.is_none() || change.done_by == me;
            by_us && change.value.as_deref() == Some(word(given).as_str())
        };
        Ok(last.is_some_and(|last| !ours(last)))
    }

    /// A status that could be set only long after the call must not overrule what a person decided since.
    async fn was_overruled(&self, job: &Job, id: CaseId, since: Moment) -> Result<bool, Stop> {
        let ahead = self.client.clock_ahead_ms().unwrap_or(0);
        let decided = decided(since, job.created, ahead);
        if job.now.plus_ms(ahead).since(decided) < LATE {
            return Ok(false);
        }
        let changes = self.client.cases().changelog(&CaseRef::Id(id)).await?;
        let by_person = |change: &&omnidesk::Change| {
            let later = change.created_at.is_some_and(|at| at.as_millisecond() > decided.0 - WHOLE_SECONDS);
            later && change.event == "status" && change.done_by.as_deref().is_some_and(|by| by.starts_with("staff_"))
        };
        // We act in the agent's name: what has a status that this desk gives is taken for ours.
        let me = self.catalog.me.map(|me| format!("staff_{me}"));
        let ours = |change: &omnidesk::Change| {
            let given = |status: &CaseStatus| change.value.as_deref() == Some(word(*status).as_str());
            change.done_by == me && job.given.iter().any(given)
        };
        let last = changes.iter().filter(by_person).max_by_key(|change| change.created_at);
        Ok(last.is_some_and(|last| !ours(last)))
    }
}

/// When a status was decided, by Omnidesk's clock, which is so many milliseconds ahead of this computer's.
///
/// A call's end is dated by the PBX's clock, all else by this computer's, which may be some minutes off. What is owed the
/// moment it was decided was decided when it became owed. Else the earlier of both readings counts: it overrules nobody.
fn decided(since: Moment, owed: Moment, ahead: i64) -> Moment {
    let owed = owed.plus_ms(ahead);
    if since == Moment::default() {
        return owed;
    }
    let readings = [since, since.plus_ms(ahead)];
    if readings.iter().any(|reading| (reading.0 - owed.0).abs() < AT_ONCE) {
        return owed;
    }
    readings.into_iter().fold(owed, Moment::min)
}

pub(super) fn parent(case: &Case) -> Option<CaseId> {
    case.parent_case_id.filter(|parent| parent.0 != 0)
}

pub(super) fn where_it_is(asked: CaseId, found: &Case) -> Result<(CaseId, Option<CaseFacts>), Stop> {
    if found.deleted {
        return Err(Stop::Gone);
    }
    Ok((found.id, (found.id != asked).then(|| facts(found))))
}

#[cfg(test)]
mod tests;
