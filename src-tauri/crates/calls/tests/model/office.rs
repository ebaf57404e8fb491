//! A help desk in memory: carries out what the desk owes, first in first out per call, the calls in any order.

use crate::reference::{Case, Handset, Status};
use calls::{CaseFacts, CaseId, CaseStatus, CaseTarget, Duty, DutyKey, DutyKind, DutyResult, LegId, Owner, PhoneKey, Record, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// The help desk.
#[derive(Debug, Default)]
pub struct Office {
    cases: BTreeMap<u64, (String, Case)>,
    opened: BTreeMap<DutyKey, u64>,
    owed: Vec<Duty>,
    done: BTreeSet<DutyKey>,
    /// Calls of which a colleague's record stands here.
    pub records: BTreeSet<LegId>,
    /// Whose number it is.
    pub phones: BTreeMap<PhoneKey, usize>,
}

/// An answer of the help desk, on its way to the desk.
pub type Answer = (DutyKey, LegId, DutyResult);

/// The help desk's number of a user.
pub fn user_id(user: usize) -> UserId {
    UserId(100 + user as u64)
}

impl Office {
    /// A case of before the history.
    pub fn earlier(&mut self, name: &str, case: Case) {
        let id = self.cases.len() as u64 + 1;
        self.cases.insert(id, (name.to_owned(), case));
    }

    /// Puts duties into the line. A key that was used before names the same duty.
    pub fn owe(&mut self, duty: Duty) {
        if !self.done.contains(&duty.key) && self.owed.iter().all(|owed| owed.key != duty.key) {
            self.owed.push(duty);
        }
    }

    /// Carries out the next duty of one of the calls that can go on.
    pub fn deliver(&mut self, pick: usize) -> Option<Answer> {
        let mut seen = BTreeSet::new();
        let blocked = |duty: &Duty| duty.after.iter().any(|key| self.owed.iter().any(|owed| owed.key == *key));
        let next: Vec<usize> = (0..self.owed.len())
            .filter(|at| seen.insert(&self.owed[*at].leg) && !blocked(&self.owed[*at]))
            .collect();
        let at = *next.get(pick % next.len().max(1))?;
        let duty = self.owed.remove(at);
        let result = self.carry_out(&duty);
        self.done.insert(duty.key.clone());
        Some((duty.key, duty.leg, result))
    }

    /// Whether nothing is owed.
    pub fn is_idle(&self) -> bool {
        self.owed.is_empty()
    }

    /// Whether another call still owes a status to this case.
    pub fn is_contested(&self, case: &str, by: &LegId) -> bool {
        self.owed.iter().any(|duty| match &duty.kind {
            DutyKind::SetStatus { case: target, .. } if duty.leg != *by => {
                let opener = match target {
                    CaseTarget::OpenedBy(key) => key.as_str().split('/').next().unwrap_or_default(),
                    CaseTarget::Existing(id) => &self.cases[&id.0].0,
                };
                opener == case
            }
            _ => false,
        })
    }

    /// The cases of a user, as the agent sees them.
    pub fn cases_of(&self, user: usize) -> Vec<(String, CaseFacts)> {
        let of_user = self.cases.iter().filter(|(_, (_, case))| case.user == user);
        of_user.map(|(id, (name, case))| (name.clone(), facts(*id, case))).collect()
    }

    /// All cases by name.
    pub fn by_name(&self) -> BTreeMap<String, Case> {
        self.cases.values().cloned().collect()
    }

    fn carry_out(&mut self, duty: &Duty) -> DutyResult {
        match &duty.kind {
            DutyKind::OpenCase {
                owner,
                recording,
                handset,
                responsible,
                joins,
                ..
            } => {
                let unseen = joins.as_ref().is_some_and(|joins| joins.unseen);
                if unseen && *handset == calls::Handset::Unknown && self.records.contains(&duty.leg) {
                    return DutyResult {
                        record: Some(Record::Conversation),
                        ..DutyResult::default()
                    };
                }
                let user = match owner {
                    Owner::User { id, .. } => usize::try_from(id.0 - 100).expect("small"),
                    Owner::Phone { phone } => self.phones[phone],
                };
                if let Some(id) = joins
                    .as_ref()
                    .and_then(|joins| joins.into.as_ref())
                    .and_then(|into| self.waiting(into))
                {
                    let case = &mut self.cases.get_mut(&id).expect("a case that waits").1;
                    case.messages += 1;
                    self.opened.insert(duty.key.clone(), id);
                    return DutyResult {
                        case: Some(facts(id, case)),
                        user: Some(user_id(case.user)),
                        joined: true,
                        ..DutyResult::default()
                    };
                }
                let handset = match handset {
                    calls::Handset::Missed => Handset::Red,
                    calls::Handset::Unknown => Handset::Grey,
                    calls::Handset::Incoming | calls::Handset::Outgoing | calls::Handset::CalledBack => Handset::Plain,
                };
                let case = Case {
                    user,
                    status: Status::Open,
                    messages: 1,
                    handset,
                    mine: *responsible,
                };
                let id = self.cases.len() as u64 + 1;
                let result = DutyResult {
                    case: Some(facts(id, &case)),
                    user: Some(user_id(user)),
                    recording: recording.is_some(),
                    ..DutyResult::default()
                };
                self.cases.insert(id, (duty.leg.as_str().to_owned(), case));
                self.opened.insert(duty.key.clone(), id);
                result
            }
            DutyKind::AddNote { case, recording, .. } | DutyKind::AddRecording { case, recording, .. } => {
                self.case(case).messages += 1;
                DutyResult {
                    recording: recording.is_some(),
                    ..DutyResult::default()
                }
            }
            DutyKind::SetStatus {
                case,
                status,
                handset,
                responsible,
                ..
            } => {
                let withdrawn = |target: &CaseTarget| matches!(target, CaseTarget::OpenedBy(key) if !self.opened.contains_key(key));
                if withdrawn(case) && self.records.contains(&duty.leg) {
                    return DutyResult::default();
                }
                let case = self.case(case);
                case.status = match status {
                    Some(CaseStatus::Open) => Status::Open,
                    Some(CaseStatus::Waiting) => Status::Waiting,
                    Some(CaseStatus::Closed) => Status::Closed,
                    None => case.status,
                };
                case.mine |= responsible;
                match handset {
                    Some(calls::Handset::CalledBack) => case.handset = Handset::Green,
                    Some(calls::Handset::Unknown) => case.handset = Handset::Grey,
                    Some(calls::Handset::Missed | calls::Handset::Incoming | calls::Handset::Outgoing) | None => {}
                }
                DutyResult::default()
            }
            DutyKind::FinishText { .. }
            | DutyKind::EditUser { .. }
            | DutyKind::LinkPhone { .. }
            | DutyKind::PutLabels { .. }
            | DutyKind::SetClaim { .. }
            | DutyKind::MoveCase { .. } => DutyResult::default(),
        }
    }

    /// A missed-call case that is there. Nobody but this desk works here: it waits as long as the desk says so.
    fn waiting(&self, target: &CaseTarget) -> Option<u64> {
        match target {
            CaseTarget::Existing(id) => Some(id.0),
            CaseTarget::OpenedBy(key) => self.opened.get(key).copied(),
        }
    }

    fn case(&mut self, target: &CaseTarget) -> &mut Case {
        let id = match target {
            CaseTarget::Existing(id) => id.0,
            CaseTarget::OpenedBy(key) => *self.opened.get(key).expect("a case that was opened before it is written to"),
        };
        &mut self.cases.get_mut(&id).expect("a case that exists").1
    }
}

fn facts(id: u64, case: &Case) -> CaseFacts {
    CaseFacts {
        id: CaseId(id),
        number: format!("482-{id:06}"),
        subject: String::new(),
        status: Some(match case.status {
            Status::Open => CaseStatus::Open,
            Status::Waiting => CaseStatus::Waiting,
            Status::Closed => CaseStatus::Closed,
        }),
    }
}
