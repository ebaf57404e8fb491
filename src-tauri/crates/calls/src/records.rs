//! Which case a duty is about, and what is kept of the case once the duty was carried out.

use crate::case::{CaseDeed, CaseEntry, CaseRecord};
use crate::desk::Desk;
use crate::duty::{CaseTarget, Duty, DutyKind, DutyResult};
use crate::duty_key::{DutyKey, DutyName};
use crate::event::LegId;
use crate::ids::CaseId;
use crate::time::Moment;

impl Desk {
    /// What this desk knows of a case.
    #[must_use]
    pub fn case(&self, case: CaseId) -> Option<&CaseRecord> {
        self.cases.get(case)
    }

    /// What this desk knows of all cases.
    pub fn cases(&self) -> impl Iterator<Item = &CaseRecord> {
        self.cases.all()
    }

    /// The case that a duty has opened, or that a call of that key was noted in.
    #[must_use]
    pub fn case_opened_by(&self, key: &DutyKey) -> Option<CaseId> {
        let noted = || self.notes.missed.iter().find(|missed| missed.opened_by == *key)?.case.as_ref();
        let of_call = || {
            self.calls
                .values()
                .find(|call| call.key(DutyName::Case) == *key)?
                .filing
                .case
                .as_ref()
        };
        let remembered = || noted().or_else(of_call).map(|facts| facts.id);
        self.cases.opened_by(key).or_else(remembered)
    }

    /// The case that a duty is owed to, wherever it is by now.
    #[must_use]
    pub fn case_of(&self, kind: &DutyKind) -> Option<CaseId> {
        match kind.target()? {
            CaseTarget::Existing(case) => Some(*case),
            CaseTarget::OpenedBy(key) => self.case_opened_by(key),
        }
    }

    /// What a duty brought goes into the record of its case.
    pub(crate) fn record(&mut self, key: &DutyKey, leg: &LegId, kind: &DutyKind, result: &DutyResult, at: Moment) {
        let Some(what) = CaseDeed::of(kind) else { return };
        let case = match what {
            CaseDeed::Open { .. } => result.case.as_ref().map(|facts| facts.id),
            CaseDeed::Move | CaseDeed::Reword | CaseDeed::Note | CaseDeed::Status { .. } => self.case_of(kind),
        };
        let Some(case) = case else { return };
        let entry = CaseEntry {
            key: key.clone(),
            leg: leg.clone(),
            at,
            what,
            result: result.clone(),
        };
        self.cases.add(case, entry);
    }

    /// Builds the records anew from what was delivered, in the order of delivery: for a file of a version that kept none.
    pub fn record_delivered<'a>(&mut self, delivered: impl IntoIterator<Item = (&'a Duty, &'a DutyResult, Moment)>) {
        for (duty, result, at) in delivered {
            self.record(&duty.key, &duty.leg, &duty.kind, result, at);
        }
    }
}
