//! What an attempt must know beside the duty itself: what the desk knows of its call and its case, and the line of what
//! else is owed.

use crate::controller::Controller;
use crate::sending::deliver::{Job, Ties};
use crate::time::now;
use calls::{Act, Call, CaseFacts, CaseRecord, CaseStatus, CaseTarget, DutyKind, DutyName, LegId, Origin, Owner};
use omnidesk::CaseId;
use std::collections::BTreeSet;
use store::Entry;

impl Controller {
    pub(crate) fn job(&self, entry: Entry) -> Job {
        let leg = entry.duty.leg.clone();
        let call = self.desk.call(&leg);
        let record = self.desk.case_of(&entry.duty.kind).and_then(|case| self.desk.case(case));
        let looks = self.looks_first(&entry);
        Job {
            conversation: call.and_then(|call| call.detail.conversation.clone()),
            opened: self.opened_case(&entry.duty.kind),
            merged_into: record.and_then(|record| record.merged_into(&leg)).map(|case| CaseId(case.0)),
            given: given(record, &entry),
            waiting: self
                .desk
                .notes()
                .missed
                .iter()
                .filter_map(|missed| missed.case.as_ref())
                .map(|case| case.id.0)
                .collect(),
            withdrawn: self.is_withdrawn(&entry),
            opened_with: self.opened_with(&entry),
            in_place: record.is_some_and(|record| record.is_in_place(&leg)),
            gone: record.is_some_and(|record| record.is_gone(&leg)),
            nobody: self.is_nobodys(&entry.duty.kind),
            first_text: record.and_then(|record| record.first_text(&leg)).map(str::to_owned),
            known_cases: self.known_cases(&entry),
            known_messages: self.desk.cases().flat_map(CaseRecord::messages).collect(),
            own_messages: self.desk.cases().flat_map(|record| record.messages_for(&leg)).collect(),
            attempted_before: entry.uncertain,
            uncertain: entry.uncertain || looks,
            others_may_have_told: looks || entry.attempts > 1 || self.outbox.has_waited(entry.seq),
            unwatched: call.is_some_and(|call| self.watch.missed_some_of(call)),
            passed_here: call.is_some_and(|call| call.detail.origin == Origin::Transfer || call.detail.transferred_from.is_some()),
            sibling: self.told_of(&leg),
            superseded: self.is_superseded(&entry),
            ties: self.ties(&entry),
            first_tried: entry.first_tried_at.unwrap_or_else(now),
            created: entry.created_at,
            now: now(),
            kind: entry.duty.kind,
            leg,
        }
    }

    /// Whether what was owed is not to be written any more: the caller was not missed after all.
    pub(crate) fn is_withdrawn(&self, entry: &Entry) -> bool {
        let leg = &entry.duty.leg;
        let call = self.desk.call(leg);
        match &entry.duty.kind {
            // The phone was rung again: the leg is part of an earlier one's call.
            DutyKind::OpenCase { joins: Some(_), .. } if call.is_none() && self.desk.call_of(leg).is_some() => true,
            DutyKind::OpenCase { joins: Some(_), .. } => {
                let no_case = |call: &Call| call.filing.outcome.is_some_and(|outcome| outcome.act == Act::NoCase);
                call.is_some_and(|call| no_case(call) || call.key(DutyName::Case) != entry.duty.key)
            }
            DutyKind::SetClaim { since: Some(_), .. } if !self.desk.wants_claim(&entry.duty.key, leg) => true,
            DutyKind::SetStatus {
                case: CaseTarget::OpenedBy(key),
                ..
            }
            | DutyKind::SetClaim {
                case: CaseTarget::OpenedBy(key),
                ..
            }
            | DutyKind::PutLabels {
                case: CaseTarget::OpenedBy(key),
                ..
            } => self.outbox.result(key).is_some_and(|result| result.case.is_none()),
            _ => false,
        }
    }

    /// Whether the agent gave the call's number to somebody else after this link was owed (S13).
    fn is_superseded(&self, entry: &Entry) -> bool {
        let last = self.desk.call(&entry.duty.leg).and_then(|call| call.filing.link.as_ref());
        matches!(entry.duty.kind, DutyKind::LinkPhone { .. }) && last.is_some_and(|last| *last != entry.duty.key)
    }

    /// What the call's earlier links have tied.
    fn ties(&self, entry: &Entry) -> Ties {
        let earlier = self.outbox.entries().filter(|other| {
            let link = matches!(other.duty.kind, DutyKind::LinkPhone { .. });
            link && other.duty.leg == entry.duty.leg && other.seq < entry.seq
        });
        let mut ties = Ties::default();
        for other in earlier {
            ties.known.extend(other.result.as_ref().and_then(|result| result.tied));
            ties.unknown |= other.result.is_none() && other.uncertain;
        }
        ties
    }

    /// The case in which another call of the same conversation was told by this desk: the caller rang here again.
    fn told_of(&self, leg: &LegId) -> Option<CaseFacts> {
        let conversation = self.desk.call(leg)?.detail.conversation.as_ref()?;
        let told = |call: &&Call| call.leg != *leg && call.filing.missed_told && call.detail.conversation.as_ref() == Some(conversation);
        self.desk.calls().find(told)?.filing.case.clone()
    }

    /// The cases that are known to be others' than the one that an entry may open.
    fn known_cases(&self, entry: &Entry) -> BTreeSet<u64> {
        // What takes the place of the call's own case is another one.
        let moves = matches!(entry.duty.kind, DutyKind::MoveCase { .. });
        let calls = self.desk.calls().filter(|call| call.leg != entry.duty.leg || moves);
        let of_calls = calls.filter_map(|call| call.filing.case.as_ref()).map(|facts| facts.id);
        let recorded = self.desk.cases().flat_map(CaseRecord::known);
        recorded.chain(of_calls).map(|case| case.0).collect()
    }

    /// The status that an entry's case was opened with, because it was to have it from then on.
    fn opened_with(&self, entry: &Entry) -> Option<CaseStatus> {
        let DutyKind::SetStatus {
            case: CaseTarget::OpenedBy(key),
            ..
        } = &entry.duty.kind
        else {
            return None;
        };
        let case = self.desk.case_opened_by(key)?;
        self.desk.case(case)?.opened_with(key, &entry.duty.leg)
    }

    /// Whether Omnidesk said a moment ago that nobody has the number a case is opened for.
    fn is_nobodys(&self, kind: &DutyKind) -> bool {
        let DutyKind::OpenCase {
            owner: Owner::Phone { phone },
            ..
        } = kind
        else {
            return false;
        };
        self.people.surely_nobody_has(phone, now())
    }

    /// The case that another duty opened, where an entry's is that one.
    fn opened_case(&self, kind: &DutyKind) -> Option<CaseId> {
        let Some(CaseTarget::OpenedBy(key)) = kind.target() else {
            return None;
        };
        let case = self.desk.case_opened_by(key)?;
        let opening = self.desk.case(case).and_then(|record| record.entry(key));
        // Only a case of the call's own moves: not one that it was noted in, nor what another computer wrote.
        let foreign = opening.is_some_and(|opening| opening.result.joined || opening.result.elsewhere);
        let moves = matches!(kind, DutyKind::MoveCase { .. });
        (!moves || !foreign).then_some(CaseId(case.0))
    }
}

/// The statuses that this desk has given the case of an entry; the entry's own, when its answer was lost.
fn given(record: Option<&CaseRecord>, entry: &Entry) -> Vec<CaseStatus> {
    let own = match &entry.duty.kind {
        DutyKind::SetStatus { status, .. } if entry.uncertain => *status,
        _ => None,
    };
    record.into_iter().flat_map(CaseRecord::given).chain(own).collect()
}
