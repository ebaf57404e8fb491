//! «Перезваниваю»: who has undertaken to call a missed client back.
//!
//! A claim lives in the missed-call case, so that every desk learns of it with what it reads of the case anyway. It is one
//! value, so the case always names one agent: who comes second finds the first and writes nothing; of two who write at the
//! same moment, the later one stands, and the other learns so at the next look. It begins with the agent's word and ends
//! with theirs, with a conversation, or by age: nobody is kept waiting by who forgot.

use crate::call::Call;
use crate::claim::{CLAIM_HOLDS, Claiming, SeenClaim};
use crate::desk::Desk;
use crate::duty::{CaseTarget, DutyKind, DutyResult};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::{Effect, Refusal};
use crate::event::{Direction, Disposition, LegId};
use crate::ids::CaseId;
use crate::outcome::{Act, CaseStatus};
use crate::owed::{goes_to, owe};
use crate::time::Moment;

/// A page that was asked for before a claim was written may come after it, and says nothing of it, ms.
const SETTLES: i64 = 10_000;
/// Others' claims that are remembered at most.
const KEPT: usize = 500;

impl Call {
    /// Whether somebody may undertake to call this client back: a missed call that goes into a case.
    #[must_use]
    pub fn can_be_claimed(&self) -> bool {
        let missed = matches!(self.detail.disposition, Some(Disposition::Missed | Disposition::Cancelled));
        let filed = self.filing.case.is_some() || self.filing.outcome.is_some_and(|outcome| outcome.act != Act::NoCase);
        !self.is_live() && missed && self.detail.direction == Direction::Inbound && filed
    }

    /// Whether this missed call's case is open as long as the client waits: that it is not says then that somebody has dealt
    /// with it. Noted in a case whose status it leaves alone (S25), it says nothing.
    fn opens_case(&self) -> bool {
        let opens = self.filing.outcome.is_some_and(|outcome| outcome.status == Some(CaseStatus::Open));
        self.can_be_claimed() && opens
    }

    fn claim_key(&self) -> DutyKey {
        self.key(DutyName::Claim(self.filing.claims))
    }
}

impl Desk {
    /// What a call's case says of who calls back, as this desk saw it last, while it is believed.
    #[must_use]
    pub fn claim_of(&self, call: &Call, now: Moment) -> Option<&SeenClaim> {
        let case = call.filing.case.as_ref()?.id;
        self.claim_in(case).filter(|seen| seen.claim.is_believed(now))
    }

    /// What a case said last, believed or not.
    #[must_use]
    pub fn claim_in(&self, case: CaseId) -> Option<&SeenClaim> {
        self.notes.claims.iter().find(|seen| seen.case == case)
    }

    /// Whether a claim, or its end, is still to be written: not when the agent thought better of it, or has talked since.
    #[must_use]
    pub fn wants_claim(&self, key: &DutyKey, leg: &LegId) -> bool {
        let wanted = |call: &Call| call.claim_key() == *key && matches!(call.filing.claiming, Claiming::Wanted { .. });
        self.calls.get(leg).is_some_and(wanted)
    }

    /// «Перезваниваю». Said twice, it is one claim.
    pub(crate) fn claim(&mut self, leg: &LegId, now: Moment) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| call.can_be_claimed()) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        let wanted = matches!(call.filing.claiming, Claiming::Wanted { since } if now.since(since) < CLAIM_HOLDS);
        match self.claim_of(call, now) {
            Some(seen) if !seen.mine => return vec![Effect::Refuse(Refusal::Claimed)],
            Some(_) => return Vec::new(),
            None if wanted => return Vec::new(),
            None => {}
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.claiming = Claiming::Wanted { since: now };
        owe_claim(call, Some(now))
    }

    /// The agent does not call back after all.
    pub(crate) fn release(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        let wanted = matches!(call.filing.claiming, Claiming::Wanted { .. });
        call.filing.claiming = Claiming::None;
        let case = call.filing.case.as_ref().map(|facts| facts.id);
        let held = |seen: &SeenClaim| seen.mine && Some(seen.case) == case;
        let holds = self.notes.claims.iter().any(held);
        if holds {
            self.touch_notes().claims.retain(|seen| !held(seen));
        }
        match self.touch(leg) {
            Some(call) if wanted || holds => owe_claim(call, None),
            _ => Vec::new(),
        }
    }

    /// A claim was carried out: whom does the case name now?
    pub(crate) fn claim_told(&mut self, key: &DutyKey, leg: &LegId, result: &DutyResult) {
        if !self.wants_claim(key, leg) {
            return;
        }
        let Some(call) = self.touch(leg) else { return };
        call.filing.claiming = match &result.claim {
            Some(claim) if result.overruled => Claiming::Late { to: claim.clone() },
            None if result.overruled || result.gone => Claiming::Over,
            _ => Claiming::None,
        };
        let is_over = call.filing.claiming == Claiming::Over;
        let of_call = call.filing.case.as_ref().map(|facts| facts.id);
        let case = result.moved.as_ref().map(|facts| facts.id).or(of_call);
        if let Some(of_call) = of_call.filter(|_| is_over) {
            // Its other missed calls wait as little.
            self.set_claiming(of_call, &Claiming::Over);
        }
        if let (Some(claim), Some(case)) = (result.claim.clone(), case) {
            let mine = !result.overruled;
            self.remember_claim(SeenClaim { case, claim, mine });
        }
    }

    /// What a page or a list said of a case that waits. Of what this desk is still to write, it knows better.
    pub(crate) fn claim_read(&mut self, case: CaseId, seen: Option<SeenClaim>, over: bool, now: Moment) {
        let wants = |call: &Call| is_in(call, case) && matches!(call.filing.claiming, Claiming::Wanted { .. });
        if self.calls.values().any(wants) {
            return;
        }
        if over {
            self.forget_claim(case);
            self.set_claiming(case, &Claiming::Over);
            return;
        }
        let before = self.claim_in(case).cloned();
        if self.is_claim_over(case) {
            // It waits again.
            self.set_claiming(case, &Claiming::None);
        }
        let Some(seen) = seen.filter(|seen| seen.claim.is_believed(now)) else {
            let settled = |before: &SeenClaim| !before.mine || now.since(before.claim.since) > SETTLES;
            if before.as_ref().is_some_and(settled) {
                self.forget_claim(case);
            }
            return;
        };
        if !seen.mine && before.is_some_and(|before| before.mine && before.claim.is_believed(now)) {
            // Both wrote at the same moment.
            self.set_claiming(case, &Claiming::Late { to: seen.claim.clone() });
        }
        self.remember_claim(seen);
    }

    /// Somebody talked with the client: nobody is to call back any more.
    pub(crate) fn claims_over(&mut self, cases: &[CaseId]) {
        for case in cases {
            self.set_claiming(*case, &Claiming::None);
            self.forget_claim(*case);
        }
    }

    /// Whether a row of this case says that it waits.
    #[must_use]
    pub fn waits_in(&self, case: CaseId) -> bool {
        let waits = |call: &Call| is_in(call, case) && call.opens_case() && call.filing.claiming != Claiming::Over;
        self.calls.values().any(waits)
    }

    /// Whether the rows of a case say that it waits no more.
    #[must_use]
    pub fn is_claim_over(&self, case: CaseId) -> bool {
        self.calls
            .values()
            .any(|call| is_in(call, case) && call.filing.claiming == Claiming::Over)
    }

    /// What all missed calls of a case say.
    fn set_claiming(&mut self, case: CaseId, claiming: &Claiming) {
        let over = *claiming == Claiming::Over;
        let other = |call: &&Call| {
            let tells = if over { call.opens_case() } else { call.can_be_claimed() };
            is_in(call, case) && tells && call.filing.claiming != *claiming
        };
        let legs: Vec<LegId> = self.calls.values().filter(other).map(|call| call.leg.clone()).collect();
        for leg in legs {
            if let Some(call) = self.touch(&leg) {
                call.filing.claiming = claiming.clone();
            }
        }
    }

    fn forget_claim(&mut self, case: CaseId) {
        if self.claim_in(case).is_some() {
            self.touch_notes().claims.retain(|seen| seen.case != case);
        }
    }

    fn remember_claim(&mut self, seen: SeenClaim) {
        if self.claim_in(seen.case) == Some(&seen) {
            return;
        }
        let claims = &mut self.touch_notes().claims;
        claims.retain(|other| other.case != seen.case);
        claims.push(seen);
        if claims.len() > KEPT {
            claims.remove(0);
        }
    }
}

fn is_in(call: &Call, case: CaseId) -> bool {
    call.filing.case.as_ref().is_some_and(|facts| facts.id == case)
}

/// The claim itself, or that it ends.
fn owe_claim(call: &mut Call, since: Option<Moment>) -> Vec<Effect> {
    let before = call.claim_key();
    let goes = match (&call.filing.case, call.filing.outcome) {
        (Some(facts), _) => Some((CaseTarget::Existing(facts.id), Vec::new())),
        (None, Some(outcome)) => goes_to(call, &outcome),
        (None, None) => None,
    };
    let Some((case, mut after)) = goes else { return Vec::new() };
    if since.is_none() {
        after.push(before);
    }
    call.filing.claims += 1;
    vec![owe(
        call,
        DutyName::Claim(call.filing.claims),
        after,
        DutyKind::SetClaim { case, since },
    )]
}
