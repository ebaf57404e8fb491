//! What is owed for a call, worded as duties: for whom, under which subject, with which mark and text.

use crate::call::{Call, Choice, Recording};
use crate::duty::{CaseTarget, Duty, DutyKind, Handset, Joins, Owner, Subject, Summary};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::Effect;
use crate::event::{Direction, Disposition, RecordingRef};
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, CaseStatus, Outcome, Reason};
use crate::time::Moment;

impl Call {
    /// Whether the client and the agent talked: what ends the wait of missed calls (S27).
    pub(crate) fn is_conversation(&self) -> bool {
        self.was_answered() && self.detail.direction != Direction::Internal
    }

    /// The case that this call's records go to.
    pub(crate) fn target(&self) -> Option<CaseTarget> {
        match (self.filing.outcome?.act, &self.handling.choice) {
            (Act::OpenCase | Act::FinishCase, _) => Some(CaseTarget::OpenedBy(self.key(DutyName::Case))),
            (Act::NoteInCase, Choice::Attach { case }) => Some(CaseTarget::Existing(case.id)),
            (Act::NoCase | Act::NoteInCase | Act::NoteInMissed, _) => None,
        }
    }

    /// Whether the case it was attached to is the missed-call case that it answered (S33c, S33e).
    pub(crate) fn is_in_missed(&self) -> bool {
        self.filing
            .outcome
            .is_some_and(|outcome| matches!(outcome.rule.as_str(), "S33c" | "S33e"))
    }

    /// The status that the call's case has after undoing the decision; none where there is nothing to undo. It may
    /// be the one it has: then only missed-call cases are opened again.
    #[must_use]
    pub fn undo_status(&self) -> Option<CaseStatus> {
        let outcome = self.filing.outcome.filter(|_| !self.handling.undone)?;
        let stays = || (!self.filing.closed_missed.is_empty()).then(|| outcome.status.unwrap_or(CaseStatus::Open));
        self.status_before().or_else(stays)
    }

    /// The status that undoing gives the call's own case; none where that one keeps what it has.
    pub(crate) fn status_before(&self) -> Option<CaseStatus> {
        let outcome = self.filing.outcome?;
        let now = outcome.status?;
        let back = match (outcome.act, &self.handling.choice) {
            (Act::OpenCase | Act::FinishCase, _) => CaseStatus::Open,
            (Act::NoteInCase, Choice::Attach { case }) => case.status.unwrap_or(CaseStatus::Open),
            (Act::NoCase | Act::NoteInCase | Act::NoteInMissed, _) => return None,
        };
        (back != now).then_some(back)
    }
}

impl OpenMissed {
    /// Whether nothing was heard of the case since a call began: colleagues may have dealt with it.
    pub(crate) fn is_unsure(&self, call: &Call) -> bool {
        self.case.is_some() && self.confirmed_at.is_none_or(|confirmed| confirmed < call.detail.offered_at)
    }

    /// Whether a call was attached to this case.
    pub(crate) fn is_of(&self, call: &Call) -> bool {
        self.case.as_ref().is_some_and(|facts| call.is_attached_to(facts.id))
    }
}

/// S28: a missed call that was called back, with a recording to show for it, turns green.
pub(crate) fn called_back(call: &Call) -> Option<Handset> {
    let green = call.detail.direction == Direction::Outbound && call.was_answered() && call.filing.recording != Recording::None;
    green.then_some(Handset::CalledBack)
}

/// When what is owed for a call was decided: at its end, or by what the agent wrote after it.
pub(crate) fn decided_at(call: &Call) -> Moment {
    call.detail.ended_at.max(call.handling.draft.saved_at).unwrap_or_default()
}

pub(crate) fn owe(call: &Call, name: DutyName, after: Vec<DutyKey>, kind: DutyKind) -> Effect {
    Effect::Owe(Duty {
        key: call.key(name),
        leg: call.leg.clone(),
        after,
        kind,
    })
}

/// For whom a case can be opened: a user without doubt, else whoever has the number (S14); never a hidden one.
pub(crate) fn owner(call: &Call) -> Option<Owner> {
    match (call.writes_for(), call.client_key()) {
        (Some(id), phone) => Some(Owner::User { id, phone }),
        (None, Some(phone)) => Some(Owner::Phone { phone }),
        (None, None) => None,
    }
}

pub(crate) fn summary(call: &Call) -> Summary {
    Summary {
        direction: call.detail.direction,
        number: call.detail.number.clone(),
        started: call.detail.offered_at,
        talk_ms: call.talk_ms(),
        disposition: call.detail.disposition,
        at_least: call.detail.talk_at_least,
        unseen: call.detail.unseen,
        gist: call.handling.draft.gist.trim().to_owned(),
        promise: None,
        guessed: call
            .filing
            .among
            .as_ref()
            .map(|among| among.guessed)
            .filter(|_| call.user().is_none()),
        transferred_to: call.detail.transferred.as_ref().and_then(|transferred| transferred.to.clone()),
    }
}

/// The first message of the call's own case, when it is written anew.
pub(crate) fn first_message(call: &Call) -> Summary {
    Summary {
        promise: call.filing.promised.clone().filter(|_| call.filing.promised_first),
        ..summary(call)
    }
}

/// Where an addition goes, and what must be there before it.
pub(crate) fn goes_to(call: &Call, outcome: &Outcome) -> Option<(CaseTarget, Vec<DutyKey>)> {
    let opened = || (CaseTarget::OpenedBy(call.key(DutyName::Case)), vec![call.key(DutyName::Case)]);
    match (outcome.act, &call.handling.choice) {
        (Act::OpenCase | Act::FinishCase, _) => Some(opened()),
        (Act::NoteInCase, Choice::Attach { case }) => Some((CaseTarget::Existing(case.id), vec![call.key(DutyName::Note)])),
        // A missed call finds its case when it is told.
        (Act::NoteInMissed, _) if outcome.reason == Reason::MissedAgain => Some(opened()),
        (Act::NoteInMissed, _) => {
            let opened_by = call.filing.joined.clone()?;
            Some((CaseTarget::OpenedBy(opened_by), vec![call.key(DutyName::Note)]))
        }
        (Act::NoCase | Act::NoteInCase, _) => None,
    }
}

/// The recording of a conversation; what was recorded while nobody talked is an empty file.
pub(crate) fn expected(call: &Call) -> Option<RecordingRef> {
    match &call.filing.recording {
        Recording::Expected { name } if call.was_answered() => Some(name.clone()),
        Recording::Expected { .. } | Recording::None | Recording::Attached | Recording::Missing => None,
    }
}

pub(crate) fn handset(call: &Call) -> Handset {
    match (call.was_answered() || call.is_live(), call.detail.direction) {
        (false, _) if call.detail.disposition == Some(Disposition::Unknown) => Handset::Unknown,
        (_, Direction::Outbound) => Handset::Outgoing,
        (true, Direction::Inbound | Direction::Internal) => Handset::Incoming,
        (false, Direction::Inbound | Direction::Internal) => Handset::Missed,
    }
}

/// The subject of the call's own case.
pub(crate) fn subject_of(call: &Call) -> Subject {
    let typed = call.handling.draft.subject.trim();
    match handset(call) {
        _ if !typed.is_empty() => Subject::Typed(typed.to_owned()),
        Handset::Missed => Subject::Missed,
        Handset::Unknown if call.detail.direction == Direction::Outbound => Subject::Outgoing,
        Handset::Outgoing | Handset::CalledBack => Subject::Outgoing,
        Handset::Incoming | Handset::Unknown => Subject::Incoming,
    }
}

/// The case of a call by itself, or of one that still goes on: then nothing is decided about it.
pub(crate) fn open_case(call: &Call, owner: Owner, outcome: Option<&Outcome>, recording: Option<RecordingRef>) -> Effect {
    // The number must be the user's before a case is opened by it.
    let after = call.filing.link.iter().cloned().collect();
    owe(call, DutyName::Case, after, opening(call, owner, outcome, recording))
}

pub(crate) fn opening(call: &Call, owner: Owner, outcome: Option<&Outcome>, recording: Option<RecordingRef>) -> DutyKind {
    DutyKind::OpenCase {
        owner,
        subject: subject_of(call),
        summary: summary(call),
        recording,
        handset: handset(call),
        responsible: outcome.is_none_or(|outcome| outcome.responsible),
        status: outcome.and_then(|outcome| outcome.status),
        joins: None,
    }
}

/// Status, mark and responsible agent by a decision; nothing when the case keeps its status.
pub(crate) fn status_of(call: &Call, outcome: &Outcome, case: CaseTarget, handset: Option<Handset>) -> Option<DutyKind> {
    Some(DutyKind::SetStatus {
        case,
        status: Some(outcome.status?),
        handset,
        responsible: outcome.responsible,
        since: decided_at(call),
        expects: None,
        guards: false,
    })
}

/// A missed call: a case of its own, or a note in the one that the user's missed calls share (S27). Which one it is
/// shows when it is written: it may have rung at other desks, and colleagues work meanwhile.
pub(crate) fn tell_missed(call: &Call, owner: Owner, outcome: &Outcome, missed: Option<&OpenMissed>) -> Effect {
    let mut kind = opening(call, owner, Some(outcome), None);
    if let DutyKind::OpenCase { joins, .. } = &mut kind {
        *joins = Some(Joins {
            into: missed.map(OpenMissed::target),
            conversation: call.detail.conversation.clone(),
            turn: call.detail.turn,
            unseen: call.detail.unseen.is_some(),
        });
    }
    let so_far = missed.map(OpenMissed::so_far).unwrap_or_default();
    owe(call, DutyName::Case, call.filing.link.iter().cloned().chain(so_far).collect(), kind)
}
