//! A case's status when the call has ended, and where the case is by then.
//!
//! A case in the bin or merged into another one takes whatever is written to it, and nobody reads it there:
//! only the case itself tells. So the status comes before the notes, and what has no status looks first.

use super::{Delivery, Job, Stop, facts, target, word};
use crate::texts;
use calls::{CaseFacts, CaseStatus, CaseTarget, DutyResult, Handset};
use omnidesk::{Case, CaseEdit, CaseId, CaseRef};

/// From this age on, ms, a status looks before it is set.
const LATE: i64 = 120_000;
/// How many merges of a case are followed.
const MERGES: usize = 5;

impl Delivery {
    pub(super) async fn set_status(
        &self,
        job: &Job,
        case: &CaseTarget,
        status: CaseStatus,
        handset: Option<Handset>,
        responsible: bool,
    ) -> Result<DutyResult, Stop> {
        let id = target(job, case)?;
        if self.was_overruled(job, id).await? {
            return Ok(DutyResult::default());
        }
        let mut edit = CaseEdit {
            status: Some(word(status)),
            staff_id: self.catalog.me.filter(|_| responsible),
            ..CaseEdit::default()
        };
        if handset == Some(Handset::CalledBack) {
            edit.add_labels.extend(self.label(texts::LABEL_CALLED_BACK).await?);
            edit.delete_labels.extend(self.catalog.label(texts::LABEL_MISSED));
        }
        let (_, moved) = self.edit_where_it_is(id, &edit).await?;
        Ok(DutyResult {
            moved,
            ..DutyResult::default()
        })
    }

    /// Edits a case; where it was merged into another one, that. A deleted one is reported.
    pub(super) async fn edit_where_it_is(&self, id: CaseId, edit: &CaseEdit) -> Result<(CaseId, Option<CaseFacts>), Stop> {
        let mut now = self.client.cases().edit(&CaseRef::Id(id), edit).await?;
        for _ in 0..MERGES {
            let Some(parent) = parent(&now) else { break };
            now = self.client.cases().edit(&CaseRef::Id(parent), edit).await?;
        }
        place(id, &now)
    }

    /// Where a note goes: an earlier duty of the call has found out, or the case is asked.
    pub(super) async fn standing(&self, job: &Job, case: &CaseTarget) -> Result<(CaseId, Option<CaseFacts>), Stop> {
        let id = target(job, case)?;
        if job.seen {
            return Ok((id, None));
        }
        let mut now = self.client.cases().get(&CaseRef::Id(id)).await?;
        for _ in 0..MERGES {
            let Some(parent) = parent(&now) else { break };
            now = self.client.cases().get(&CaseRef::Id(parent)).await?;
        }
        place(id, &now)
    }

    /// A status that could be set only long after the call must not overrule what a person decided since.
    async fn was_overruled(&self, job: &Job, id: CaseId) -> Result<bool, Stop> {
        if job.now.since(job.created) < LATE {
            return Ok(false);
        }
        let changes = self.client.cases().changelog(&CaseRef::Id(id)).await?;
        let by_person = |change: &&omnidesk::Change| {
            let later = change.created_at.is_some_and(|at| at.as_millisecond() > job.created.0);
            later && change.event == "status" && change.done_by.as_deref().is_some_and(|by| by.starts_with("staff_"))
        };
        // We act in the agent's name: what has a status that this desk gives is taken for ours.
        let me = self.catalog.me.map(|me| format!("staff_{me}"));
        let ours = |change: &omnidesk::Change| {
            let given = |status: &CaseStatus| change.value.as_deref() == Some(word(*status).as_str());
            change.done_by == me && job.ours.iter().any(given)
        };
        let last = changes.iter().filter(by_person).max_by_key(|change| change.created_at);
        Ok(last.is_some_and(|last| !ours(last)))
    }
}

fn parent(case: &Case) -> Option<CaseId> {
    case.parent_case_id.filter(|parent| parent.0 != 0)
}

fn place(asked: CaseId, found: &Case) -> Result<(CaseId, Option<CaseFacts>), Stop> {
    if found.deleted {
        return Err(Stop::Gone);
    }
    Ok((found.id, (found.id != asked).then(|| facts(found))))
}

#[cfg(test)]
mod tests;
