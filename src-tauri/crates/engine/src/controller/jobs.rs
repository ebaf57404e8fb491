//! What an attempt is told: the duty, and what the desk and the rest of the line know about its case.

use crate::controller::Controller;
use crate::sending::deliver::{Job, Ties};
use crate::time::now;
use calls::{Act, Call, CaseFacts, CaseStatus, CaseTarget, DutyKey, DutyKind, DutyResult, LegId, Origin, Owner};
use omnidesk::CaseId;
use std::collections::BTreeSet;
use store::Entry;

impl Controller {
    pub(crate) fn job(&self, entry: Entry) -> Job {
        let leg = entry.duty.leg.clone();
        let others = || {
            self.outbox
                .entries()
                .filter(|other| other.seq != entry.seq)
                .filter_map(|other| other.result.as_ref())
        };
        let first_message = |other: &&Entry| {
            let about = matches!(
                other.duty.kind,
                DutyKind::OpenCase { .. } | DutyKind::FinishText { .. } | DutyKind::MoveCase { .. }
            );
            about && other.duty.leg == leg
        };
        let other_calls = self
            .desk
            .calls()
            .filter(|call| call.leg != leg)
            .filter_map(|call| call.filing.case.as_ref());
        // What takes the place of the call's own case is another one.
        let moves = matches!(entry.duty.kind, DutyKind::MoveCase { .. });
        let own_case = self.desk.call(&leg).and_then(|call| call.filing.case.as_ref()).filter(|_| moves);
        let looks = self.looks_first(&entry);
        Job {
            conversation: self.desk.call(&leg).and_then(|call| call.detail.conversation.clone()),
            opened: self.opened_case(&entry.duty.kind),
            moved: self.moved_case(&entry),
            ours: self.own_statuses(&entry),
            waiting: self
                .desk
                .notes()
                .missed
                .iter()
                .filter_map(|missed| missed.case.as_ref())
                .map(|case| case.id.0)
                .collect(),
            withdrawn: self.is_withdrawn(&entry),
            got: self.got_when_opened(&entry),
            seen: self.was_about(&entry, |result| !result.gone),
            lost: self.was_about(&entry, |result| result.gone),
            nobody: self.is_nobodys(&entry.duty.kind),
            written: self
                .outbox
                .entries()
                .filter(first_message)
                .filter_map(|other| other.result.as_ref()?.text.clone())
                .last(),
            known_cases: others()
                .flat_map(|result| result.case.iter().chain(&result.moved))
                .chain(other_calls)
                .chain(own_case)
                .map(|facts| facts.id.0)
                .collect(),
            known_messages: others().filter_map(|result| result.message).collect(),
            tried: entry.uncertain,
            uncertain: entry.uncertain || looks,
            waited: looks || entry.attempts > 1 || self.outbox.has_waited(entry.seq),
            unwatched: self.desk.call(&leg).is_some_and(|call| self.watch.missed_some_of(call)),
            passed_here: self
                .desk
                .call(&leg)
                .is_some_and(|call| call.detail.origin == Origin::Transfer || call.detail.transferred_from.is_some()),
            sibling: self.told_of(&leg),
            own_messages: self.own_messages(&leg),
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
                call.is_some_and(|call| no_case(call) || call.key("case") != entry.duty.key)
            }
            DutyKind::SetStatus {
                case: CaseTarget::OpenedBy(key),
                ..
            } => {
                let opening = self.outbox.entries().find(|other| other.duty.key == *key);
                opening
                    .and_then(|opening| opening.result.as_ref())
                    .is_some_and(|result| result.case.is_none())
            }
            _ => false,
        }
    }

    /// Whether the agent gave the call's number to somebody else after this link was owed (S13).
    fn is_superseded(&self, entry: &Entry) -> bool {
        let last = self.desk.call(&entry.duty.leg).and_then(|call| call.filing.link.as_ref());
        matches!(entry.duty.kind, DutyKind::LinkPhone { .. }) && last.is_some_and(|last| *last != entry.duty.key)
    }

    /// The messages that this desk has written about a call.
    fn own_messages(&self, leg: &LegId) -> BTreeSet<u64> {
        let of_call = self.outbox.entries().filter(|entry| entry.duty.leg == *leg);
        of_call.filter_map(|entry| entry.result.as_ref()?.message).collect()
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

    /// The status that an entry's case was opened with, because it was to have it from then on.
    fn got_when_opened(&self, entry: &Entry) -> Option<CaseStatus> {
        let DutyKind::SetStatus {
            case: CaseTarget::OpenedBy(key),
            ..
        } = &entry.duty.kind
        else {
            return None;
        };
        let opening = self
            .outbox
            .entries()
            .find(|other| other.duty.key == *key && other.duty.leg == entry.duty.leg)?;
        let DutyKind::OpenCase { status, .. } = &opening.duty.kind else {
            return None;
        };
        let case = self.opened_by(key);
        let since = |other: &Entry| {
            let about = matches!(other.duty.kind, DutyKind::SetStatus { .. }) && self.case_of(&other.duty.kind) == case;
            other.seq != entry.seq && other.result.is_some() && other.done_at >= opening.done_at && about
        };
        let result = opening.result.as_ref()?;
        if result.elsewhere || (result.joined && result.message.is_none()) {
            // Another desk has told the call and given its case a status; somebody may have decided since.
            return *status;
        }
        let answered = result.case.as_ref()?.status;
        status.filter(|_| *status == answered && !self.outbox.entries().any(since))
    }

    /// Where an earlier duty of the call about the same case found it merged to: a call may be about several cases.
    fn moved_case(&self, entry: &Entry) -> Option<CaseId> {
        moved(self.outbox.entries(), entry, |kind| self.case_of(kind))
    }

    /// The statuses that this desk has given the case of an entry; the entry's own, when its answer was lost.
    fn own_statuses(&self, entry: &Entry) -> Vec<CaseStatus> {
        let case = self.case_of(&entry.duty.kind);
        let given = |other: &&Entry| match other.seq == entry.seq {
            true => entry.uncertain,
            false => other.result.is_some() && case.is_some() && self.case_of(&other.duty.kind) == case,
        };
        let status = |other: &Entry| match &other.duty.kind {
            DutyKind::SetStatus { status, .. } => *status,
            _ => None,
        };
        self.outbox.entries().filter(given).filter_map(status).collect()
    }

    /// Whether an earlier status of the call, about the same case as an entry, brought such a result.
    fn was_about(&self, entry: &Entry, fits: impl Fn(&DutyResult) -> bool) -> bool {
        let case = self.case_of(&entry.duty.kind);
        let found = |other: &Entry| {
            let about = matches!(other.duty.kind, DutyKind::SetStatus { .. }) && other.duty.leg == entry.duty.leg;
            about && other.result.as_ref().is_some_and(&fits) && self.case_of(&other.duty.kind) == case
        };
        case.is_some() && self.outbox.entries().any(found)
    }

    /// The case that a duty was owed to, wherever it is by now.
    pub(crate) fn case_of(&self, kind: &DutyKind) -> Option<CaseId> {
        match target(kind)? {
            CaseTarget::Existing(id) => Some(CaseId(id.0)),
            CaseTarget::OpenedBy(key) => self.opened_by(key),
        }
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

    fn opened_case(&self, kind: &DutyKind) -> Option<CaseId> {
        match target(kind)? {
            CaseTarget::Existing(_) => None,
            // Only a case of the call's own moves: not one that it was noted in, nor what another computer wrote.
            CaseTarget::OpenedBy(key)
                if matches!(kind, DutyKind::MoveCase { .. })
                    && self.outbox.result(key).is_some_and(|result| result.joined || result.elsewhere) =>
            {
                None
            }
            CaseTarget::OpenedBy(key) => self.opened_by(key),
        }
    }

    fn opened_by(&self, key: &DutyKey) -> Option<CaseId> {
        let own = self.outbox.result(key).and_then(|result| result.case.as_ref());
        let noted = || {
            self.desk
                .notes()
                .missed
                .iter()
                .find(|missed| missed.opened_by == *key)
                .and_then(|missed| missed.case.as_ref())
        };
        let of_call = || {
            self.desk
                .calls()
                .find(|call| call.key("case") == *key)
                .and_then(|call| call.filing.case.as_ref())
        };
        own.or_else(noted).or_else(of_call).map(|facts| CaseId(facts.id.0))
    }
}

/// The case a duty writes to.
fn target(kind: &DutyKind) -> Option<&CaseTarget> {
    match kind {
        DutyKind::FinishText { case, .. }
        | DutyKind::AddNote { case, .. }
        | DutyKind::AddRecording { case, .. }
        | DutyKind::MoveCase { case, .. }
        | DutyKind::SetStatus { case, .. } => Some(case),
        // A missed call may go into the case that the desk remembers.
        DutyKind::OpenCase { joins: Some(joins), .. } => joins.into.as_ref(),
        DutyKind::LinkPhone { .. } | DutyKind::OpenCase { .. } | DutyKind::EditUser { .. } => None,
    }
}

fn moved<'a>(entries: impl Iterator<Item = &'a Entry>, entry: &Entry, case_of: impl Fn(&DutyKind) -> Option<CaseId>) -> Option<CaseId> {
    let case = case_of(&entry.duty.kind)?;
    entries
        .filter(|other| other.duty.leg == entry.duty.leg && case_of(&other.duty.kind) == Some(case))
        .filter_map(|other| other.result.as_ref()?.moved.as_ref().map(|facts| CaseId(facts.id.0)))
        .last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::{CaseFacts, Duty, Handset, LegId, Moment};
    use store::EntryState;

    /// The duty `what` of a leg about case `case`, found merged into `moved`.
    fn entry(leg: &str, what: &str, case: u64, moved: Option<u64>) -> Entry {
        let leg = LegId::new(leg);
        let facts = |id| CaseFacts {
            id: calls::CaseId(id),
            number: String::new(),
            subject: String::new(),
            status: None,
        };
        Entry {
            seq: 1,
            duty: Duty {
                key: DutyKey::new(&leg, what),
                leg,
                after: Vec::new(),
                kind: DutyKind::SetStatus {
                    case: CaseTarget::Existing(calls::CaseId(case)),
                    status: None,
                    handset: Some(Handset::CalledBack),
                    responsible: false,
                    since: Moment(0),
                    expects: None,
                    guards: false,
                },
            },
            state: EntryState::Done,
            attempts: 1,
            uncertain: false,
            next_at: Moment(0),
            trouble: String::new(),
            code: String::new(),
            first_tried_at: None,
            done_at: None,
            result: moved.map(|id| DutyResult {
                moved: Some(facts(id)),
                ..DutyResult::default()
            }),
            created_at: Moment(0),
        }
    }

    #[test]
    fn s28_a_merge_counts_for_the_case_that_was_merged_and_for_no_other_of_the_call() {
        let known = [
            entry("a", "status", 5, Some(50)),
            entry("a", "missed-closed", 40, Some(41)),
            entry("b", "status", 6, Some(60)),
        ];
        let place = |leg: &str, what: &str, case: u64| {
            let of = |kind: &DutyKind| match target(kind) {
                Some(CaseTarget::Existing(id)) => Some(CaseId(id.0)),
                _ => None,
            };
            moved(known.iter(), &entry(leg, what, case, None), of).map(|id| id.0)
        };
        assert_eq!(place("a", "note", 5), Some(50));
        assert_eq!(place("a", "green-0", 40), Some(41));
        assert_eq!(place("a", "undo-missed-0", 40), Some(41));
        assert_eq!(place("a", "green-1", 7), None);
        assert_eq!(place("a", "status", 6), None, "another call's");
    }
}
