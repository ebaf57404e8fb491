//! «Перезваниваю»: the agent's word that they call a missed client back, and what cases say of colleagues'.

use crate::controller::Controller;
use crate::view::{CaseRow, CaseStatusView, ClaimStateView, ClaimView, CommandError, HandsetView, TroubleView};
use calls::{AgentAction, CaseId, Claim, Input, LegId, Moment, SeenClaim, StaffId};

/// How far apart one moment may be told, ms.
const CLOCKS: i64 = 60_000;

impl Controller {
    /// The agent calls back, or does not after all.
    ///
    /// # Errors
    /// `notOffered` where the office does without; `refused` about `claimed`; `gone`; `storage`.
    pub(crate) fn claim(&mut self, leg: LegId, on: bool) -> Result<(), CommandError> {
        // Who has claimed can always let go.
        if on && !self.omnidesk.catalog_or_none().takes_claims() {
            return Err(TroubleView::NotOffered.into());
        }
        let action = if on { AgentAction::Claim } else { AgentAction::Release };
        self.feed(Input::Agent { leg, action })
    }

    /// Cases were read, for whatever: who calls their clients back, and whose clients wait no more, as a colleague has dealt
    /// with the case? What is known already costs no write to the disk.
    pub(crate) fn claims_read(&mut self, rows: &[CaseRow]) {
        let read = rows.iter().filter_map(|row| {
            let case = CaseId(row.id.parse().ok()?);
            let over = row.status != CaseStatusView::Open || row.handset == HandsetView::CalledBack;
            Some((case, row.claim.as_ref().and_then(|claim| seen(case, claim)), over))
        });
        let is_new = |(case, seen, over): &(CaseId, Option<SeenClaim>, bool)| match over {
            // A case to which this desk has still to write, another missed call perhaps, has not said its last word.
            true => self.desk.waits_in(*case) && !self.owes(*case),
            false => !is_same(self.desk.claim_in(*case), seen.as_ref()) || self.desk.is_claim_over(*case),
        };
        let news: Vec<_> = read.filter(is_new).collect();
        if news.is_empty() {
            return;
        }
        // Only an agent's action can be refused.
        let _ = self.handle_together(|controller, batch| {
            for (case, seen, over) in news {
                controller.handle(batch, Input::ClaimRead { case, seen, over });
            }
        });
    }
}

/// Omnidesk's clock is known to some seconds.
fn is_same(known: Option<&SeenClaim>, seen: Option<&SeenClaim>) -> bool {
    match (known, seen) {
        (None, None) => true,
        (Some(known), Some(seen)) => {
            let apart = (known.claim.since.0 - seen.claim.since.0).abs();
            apart < CLOCKS && (known.mine, known.claim.by, &known.claim.name) == (seen.mine, seen.claim.by, &seen.claim.name)
        }
        _ => false,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn seen(case: CaseId, claim: &ClaimView) -> Option<SeenClaim> {
    Some(SeenClaim {
        case,
        mine: claim.state == ClaimStateView::Mine,
        claim: Claim {
            by: StaffId(claim.by.parse().ok()?),
            name: claim.name.clone(),
            since: Moment(claim.since? as i64),
        },
    })
}
