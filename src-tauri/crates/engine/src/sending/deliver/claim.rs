//! «Перезваниваю»: an agent's word that they call a missed client back, kept in a field of the case.
//!
//! Nothing in Omnidesk is atomic, so the case is looked at first: who was before is not overwritten, and a lost answer is
//! found. Of two who write at the same moment, the later one stands in the case; the other reads so with the next look.

use super::status::where_it_is;
use super::{Delivery, Job, Stop, target};
use crate::account::claims::written;
use calls::{CaseTarget, Claim, DutyResult, Moment, StaffId, Standing, standing};
use omnidesk::{CaseEdit, CaseRef, CaseStatus};

impl Delivery {
    /// Puts the claim into its case, or with `since` none takes it out again. One write at most.
    pub(super) async fn set_claim(&self, job: &Job, case: &CaseTarget, since: Option<Moment>) -> Result<DutyResult, Stop> {
        // The office has taken it back, or the agent has.
        let Some((field, me)) = self.catalog.claim_field.zip(self.catalog.me).filter(|_| !job.withdrawn) else {
            return Ok(DutyResult::default());
        };
        let ahead = self.client.clock_ahead_ms().unwrap_or(0);
        let there = |claim: Claim| Claim {
            since: claim.since.plus_ms(ahead),
            ..claim
        };
        let here = |claim: Claim| Claim {
            since: claim.since.plus_ms(-ahead),
            ..claim
        };
        let claim = since.map(|since| Claim {
            by: StaffId(me.0),
            name: self.catalog.my_name().unwrap_or_default().to_owned(),
            since,
        });
        if claim.as_ref().is_some_and(|claim| !claim.is_believed(job.now)) {
            // Omnidesk was out of reach for too long.
            return Ok(DutyResult::default());
        }
        let id = target(job, case)?;
        let now = self.as_it_is(id).await?;
        let (id, moved) = where_it_is(id, &now)?;
        let named = self.catalog.claim_in(&now).map(here);
        let told = |claim: Option<Claim>, overruled: bool| DutyResult {
            claim,
            overruled,
            moved: moved.clone(),
            ..DutyResult::default()
        };
        let text = match claim {
            // Only this agent's own, be it old.
            None if named.as_ref().is_none_or(|named| named.by.0 != me.0) => return Ok(told(None, false)),
            None => String::new(),
            Some(_) if now.status != CaseStatus::Open => return Ok(told(None, true)),
            Some(claim) => match standing(named.as_ref(), claim.by, job.now) {
                Standing::Mine => return Ok(told(named, false)),
                Standing::Colleagues => return Ok(told(named, true)),
                Standing::Free => written(&there(claim), &self.zone),
            },
        };
        let mut edit = CaseEdit::default();
        edit.custom_fields.set(field, text);
        let answered = self.client.cases().edit(&CaseRef::Id(id), &edit).await?;
        let stands = self.catalog.claim_in(&answered).map(here);
        let others = stands.as_ref().is_some_and(|stands| stands.by.0 != me.0);
        Ok(told(stands, since.is_some() && others))
    }
}
