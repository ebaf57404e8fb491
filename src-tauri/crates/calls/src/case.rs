//! What this desk knows of the help desk's cases: one record for each that something was written to.
//!
//! A record is what was carried out about the case, in that order, with what the help desk answered: how it was opened,
//! which statuses it was given and for which call, which messages stand in it, that it was found merged into another one
//! or deleted, and for which call that was found. What a duty must know before it is carried out and what the case's own
//! page shows are both read from it.
//!
//! A merged case keeps its record under the id by which duties are owed to it.

use crate::duty::{DutyKind, DutyResult, Handset};
use crate::duty_key::DutyKey;
use crate::event::LegId;
use crate::ids::CaseId;
use crate::outcome::CaseStatus;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many records are kept: those that were written to last.
const KEPT: usize = 1_000;

/// What this desk knows of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// The case.
    pub id: CaseId,
    /// What was carried out about it, in that order.
    pub done: Vec<CaseEntry>,
}

/// One duty that was carried out about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Which.
    pub key: DutyKey,
    /// For which call.
    pub leg: LegId,
    /// When.
    pub at: Moment,
    /// What it was to do.
    pub what: CaseDeed,
    /// What came of it.
    pub result: DutyResult,
}

/// What a duty does to a case, as far as that must be known afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CaseDeed {
    /// Opens it, or notes a missed call in it.
    Open {
        /// The status that it was to have from the beginning.
        status: Option<CaseStatus>,
        /// Its mark.
        handset: Handset,
        /// Whether the agent is responsible.
        responsible: bool,
    },
    /// Opens it anew for another user.
    Move,
    /// Brings its first message up to date.
    Reword,
    /// A message beside the first one.
    Note,
    /// Status, mark, responsible agent.
    Status {
        /// The status; none where only the mark changes.
        status: Option<CaseStatus>,
        /// A new mark.
        handset: Option<Handset>,
        /// Whether the agent becomes responsible.
        responsible: bool,
    },
}

impl CaseDeed {
    /// None for a duty that is about no case.
    pub(crate) fn of(kind: &DutyKind) -> Option<Self> {
        Some(match kind {
            DutyKind::OpenCase {
                status,
                handset,
                responsible,
                ..
            } => Self::Open {
                status: *status,
                handset: *handset,
                responsible: *responsible,
            },
            DutyKind::MoveCase { .. } => Self::Move,
            DutyKind::FinishText { .. } => Self::Reword,
            DutyKind::AddNote { .. } | DutyKind::AddRecording { .. } => Self::Note,
            DutyKind::SetStatus {
                status,
                handset,
                responsible,
                ..
            } => Self::Status {
                status: *status,
                handset: *handset,
                responsible: *responsible,
            },
            DutyKind::LinkPhone { .. } | DutyKind::EditUser { .. } | DutyKind::PutLabels { .. } | DutyKind::SetClaim { .. } => return None,
        })
    }
}

impl CaseRecord {
    /// What was carried out about the case for one call.
    pub fn for_call(&self, leg: &LegId) -> impl Iterator<Item = &CaseEntry> {
        self.done.iter().filter(move |entry| entry.leg == *leg)
    }

    fn statuses(&self) -> impl Iterator<Item = (&CaseEntry, Option<CaseStatus>)> {
        self.done.iter().filter_map(|entry| match entry.what {
            CaseDeed::Status { status, .. } => Some((entry, status)),
            CaseDeed::Open { .. } | CaseDeed::Move | CaseDeed::Reword | CaseDeed::Note => None,
        })
    }

    /// The statuses that this desk has given it, for whichever call.
    pub fn given(&self) -> impl Iterator<Item = CaseStatus> {
        self.statuses().filter_map(|(_, status)| status)
    }

    /// Whether it stood in its place when it was given a status for a call.
    #[must_use]
    pub fn is_in_place(&self, leg: &LegId) -> bool {
        self.statuses().any(|(entry, _)| entry.leg == *leg && !entry.result.gone)
    }

    /// Whether it was deleted when it was to be given a status for a call.
    #[must_use]
    pub fn is_gone(&self, leg: &LegId) -> bool {
        self.statuses().any(|(entry, _)| entry.leg == *leg && entry.result.gone)
    }

    /// Into which case it was found merged for a call, or was moved.
    #[must_use]
    pub fn merged_into(&self, leg: &LegId) -> Option<CaseId> {
        self.for_call(leg)
            .filter_map(|entry| entry.result.moved.as_ref())
            .map(|facts| facts.id)
            .last()
    }

    /// The text of its first message as this desk last wrote it for a call.
    #[must_use]
    pub fn first_text(&self, leg: &LegId) -> Option<&str> {
        let first = |entry: &&CaseEntry| match entry.what {
            CaseDeed::Open { .. } | CaseDeed::Move | CaseDeed::Reword => true,
            CaseDeed::Note | CaseDeed::Status { .. } => false,
        };
        self.for_call(leg)
            .filter(first)
            .filter_map(|entry| entry.result.text.as_deref())
            .last()
    }

    /// The status that the case has because it was opened with it by this duty of the call, and this desk has
    /// given it none since.
    #[must_use]
    pub fn opened_with(&self, opening: &DutyKey, leg: &LegId) -> Option<CaseStatus> {
        let at = self.done.iter().position(|entry| entry.key == *opening && entry.leg == *leg)?;
        let CaseDeed::Open { status, .. } = self.done[at].what else {
            return None;
        };
        let result = &self.done[at].result;
        if result.elsewhere || (result.joined && result.message.is_none()) {
            // Another desk has told the call and given its case a status; somebody may have decided since.
            return status;
        }
        let answered = result.case.as_ref()?.status;
        let since = self.done[at + 1..]
            .iter()
            .any(|entry| matches!(entry.what, CaseDeed::Status { .. }));
        status.filter(|_| status == answered && !since)
    }

    /// The ids of the messages that this desk has written there.
    pub fn messages(&self) -> impl Iterator<Item = u64> {
        self.done.iter().filter_map(|entry| entry.result.message)
    }

    /// Those that were written for a call.
    pub fn messages_for(&self, leg: &LegId) -> impl Iterator<Item = u64> {
        self.for_call(leg).filter_map(|entry| entry.result.message)
    }

    /// The cases that this desk has opened, noted calls in or been led to here: this one and where it went.
    pub fn known(&self) -> impl Iterator<Item = CaseId> {
        self.done
            .iter()
            .flat_map(|entry| entry.result.case.iter().chain(&entry.result.moved))
            .map(|facts| facts.id)
    }

    /// What a duty brought here.
    #[must_use]
    pub fn entry(&self, key: &DutyKey) -> Option<&CaseEntry> {
        self.done.iter().find(|entry| entry.key == *key)
    }
}

/// All records of cases, and what changed in them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cases {
    records: BTreeMap<CaseId, CaseRecord>,
    /// Which case a duty has opened, or found opened.
    opened: BTreeMap<DutyKey, CaseId>,
    changed: BTreeSet<CaseId>,
    forgotten: Vec<CaseId>,
}

impl Cases {
    pub(crate) fn restore(records: Vec<CaseRecord>) -> Self {
        let mut cases = Self::default();
        for record in records {
            for entry in &record.done {
                cases.index(record.id, entry);
            }
            cases.records.insert(record.id, record);
        }
        cases
    }

    pub(crate) fn get(&self, case: CaseId) -> Option<&CaseRecord> {
        self.records.get(&case)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &CaseRecord> {
        self.records.values()
    }

    pub(crate) fn opened_by(&self, key: &DutyKey) -> Option<CaseId> {
        self.opened.get(key).copied()
    }

    /// Takes in what was carried out about a case; told again, it takes its own place.
    pub(crate) fn add(&mut self, case: CaseId, entry: CaseEntry) {
        self.index(case, &entry);
        self.changed.insert(case);
        let record = self.records.entry(case).or_insert_with(|| CaseRecord {
            id: case,
            done: Vec::new(),
        });
        match record.done.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = CaseEntry { at: known.at, ..entry },
            None => record.done.push(entry),
        }
        if self.records.len() > KEPT {
            self.forget_oldest();
        }
    }

    /// The records that changed and the cases that were forgotten since the last time.
    pub(crate) fn take_changes(&mut self) -> (Vec<CaseRecord>, Vec<CaseId>) {
        let changed = std::mem::take(&mut self.changed);
        let records = changed.iter().filter_map(|case| self.records.get(case).cloned()).collect();
        (records, std::mem::take(&mut self.forgotten))
    }

    pub(crate) fn forget_all(&mut self) {
        self.forgotten.extend(self.records.keys());
        self.records.clear();
        self.opened.clear();
        self.changed.clear();
    }

    fn index(&mut self, case: CaseId, entry: &CaseEntry) {
        if matches!(entry.what, CaseDeed::Open { .. }) {
            self.opened.insert(entry.key.clone(), case);
        }
    }

    fn forget_oldest(&mut self) {
        let last = |record: &CaseRecord| record.done.iter().map(|entry| entry.at).max();
        let Some(oldest) = self.records.values().min_by_key(|record| last(record)).map(|record| record.id) else {
            return;
        };
        self.records.remove(&oldest);
        self.opened.retain(|_, case| *case != oldest);
        self.changed.remove(&oldest);
        self.forgotten.push(oldest);
    }
}
