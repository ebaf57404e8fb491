//! From the end of a call to what is owed: the facts, the decision, the duties.

use crate::call::{Call, Choice, Compose, Phase};
use crate::desk::Desk;
use crate::duty::{CaseTarget, Duty, DutyKind, Subject};
use crate::duty_key::DutyName;
use crate::effect::Effect;
use crate::event::{Direction, Disposition, LegId};
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, Did, Facts, Outcome, Reach, Reason, Side, decide};
use crate::owed::{called_back, decided_at, expected, owe, owner, status_of, summary};
use crate::plan::plan;
use crate::remind::promise_along;
use crate::time::Moment;

impl Desk {
    pub(crate) fn end(&mut self, leg: &LegId, at: Moment, disposition: Disposition) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| call.is_live()) else {
            return Vec::new();
        };
        call.detail.phase = Phase::Ended;
        call.detail.ended_at = Some(at);
        call.detail.disposition = Some(disposition);
        if disposition == Disposition::Answered {
            let offered = call.detail.offered_at;
            call.detail.answered_at.get_or_insert(offered);
        }
        self.called_back_ends_reminders(leg);
        self.settle(leg)
    }

    /// Decides what the ended call results in, and owes it. Deciding again is only asked for while
    /// nothing was owed (a user was found afterwards), or when the case it went to is gone.
    pub(crate) fn settle(&mut self, leg: &LegId) -> Vec<Effect> {
        self.guess(leg);
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let missed: Vec<OpenMissed> = self.open_missed(call).cloned().collect();
        let outcome = decide(&self.facts(call, &missed));
        let (mut effects, closed) = plan(call, &outcome, &missed);
        let joined = (outcome.act == Act::NoteInMissed).then(|| missed.last()).flatten();
        if let Some(call) = self.touch(leg) {
            call.filing.closed_missed.extend(closed);
            if outcome.act != Act::NoCase {
                call.filing.owed_text = None;
            }
            call.filing.outcome = Some(Outcome {
                closes_missed: !call.filing.closed_missed.is_empty(),
                ..outcome
            });
            let fetched = |kind: &DutyKind| matches!(kind, DutyKind::AddRecording { recording: Some(_), .. });
            call.filing.recording_owed |= effects
                .iter()
                .any(|effect| matches!(effect, Effect::Owe(duty) if fetched(&duty.kind)));
            promise_along(call, &mut effects);
            call.filing.sent_subject = effects.iter().find_map(opened_under).or(call.filing.sent_subject.take());
            match (outcome.act, joined) {
                // Nothing was written to the case it was dialled from or attached to.
                (Act::NoCase, _) => call.filing.case = None,
                (_, Some(joined)) => {
                    call.filing.joined = Some(joined.opened_by.clone());
                    call.filing.case.clone_from(&joined.case);
                }
                (Act::OpenCase | Act::FinishCase | Act::NoteInCase | Act::NoteInMissed, None) => {}
            }
        }
        self.closed_by_guess(leg, &missed);
        self.note_missed(leg, &missed);
        effects.extend(self.tell_promise(leg));
        effects.extend(self.tell_labels(leg));
        effects
    }

    pub(crate) fn facts(&self, call: &Call, missed: &[OpenMissed]) -> Facts {
        let did = match &call.handling.choice {
            Choice::NewCase => Did::Created,
            Choice::Attach { .. } => Did::Attached,
            Choice::None if !call.handling.draft.is_empty() => Did::Typed,
            Choice::None if call.handling.compose == Compose::Opened => Did::OpenedCompose,
            Choice::None => Did::Nothing,
        };
        Facts {
            side: match call.detail.direction {
                Direction::Inbound => Side::Client,
                Direction::Outbound => Side::Agent,
                Direction::Internal => Side::Colleague,
            },
            reach: reach(call),
            did,
            transferred: call.detail.transferred.is_some(),
            has_owner: owner(call).is_some(),
            open_missed: !missed.is_empty(),
            into_missed: missed.iter().any(|missed| missed.is_of(call)),
            from_case: call.handling.called_from.is_some(),
            unanswered_outgoing_cases: self.policy.unanswered_outgoing_cases,
        }
    }

    /// S17: the PBX told of the transfer only after the end.
    pub(crate) fn decide_transfer(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let before = call
            .filing
            .outcome
            .filter(|outcome| outcome.reason == Reason::AnsweredNothingCreated);
        if before.is_none() || call.handling.undone || call.filing.elsewhere {
            return Vec::new();
        }
        let outcome = decide(&self.facts(call, &[]));
        if outcome.reason != Reason::TransferredUntouched {
            return Vec::new();
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.outcome = Some(Outcome {
            closes_missed: before.is_some_and(|before| before.closes_missed),
            ..outcome
        });
        let case = CaseTarget::OpenedBy(call.key(DutyName::Case));
        status_of(call, &outcome, case, None)
            .map(|kind| owe(call, DutyName::StatusOfTransferred, vec![call.key(DutyName::Case)], kind))
            .into_iter()
            .collect()
    }

    /// The PBX named the recording only after the end, or its message went without it.
    pub(crate) fn owe_late_recording(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| !call.filing.recording_owed) else {
            return Vec::new();
        };
        let (Some(outcome), Some(name)) = (call.filing.outcome, expected(call)) else {
            return Vec::new();
        };
        let (case, after) = match outcome.act {
            Act::NoCase | Act::NoteInMissed => return Vec::new(),
            Act::OpenCase | Act::FinishCase => (CaseTarget::OpenedBy(call.key(DutyName::Case)), vec![call.key(DutyName::Case)]),
            Act::NoteInCase => match &call.handling.choice {
                Choice::Attach { case } => (CaseTarget::Existing(case.id), vec![call.key(DutyName::Note)]),
                Choice::None | Choice::NewCase => return Vec::new(),
            },
        };
        (call.filing.recording_owed, call.filing.recording_late) = (true, true);
        let kind = DutyKind::AddRecording {
            case,
            recording: Some(name),
            summary: summary(call),
            tells_end: false,
        };
        vec![owe(call, DutyName::LateRecording, after, kind)]
    }
}

impl Desk {
    /// S28, when the PBX named the recording only after the end.
    pub(crate) fn turn_green(&self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg).filter(|call| !call.handling.undone) else {
            return Vec::new();
        };
        let Some(mark) = called_back(call) else { return Vec::new() };
        let own = call.target().filter(|_| call.is_in_missed());
        // The mark alone: who decided about the status meanwhile is not overruled.
        let green = |(n, case): (usize, CaseTarget)| {
            let kind = DutyKind::SetStatus {
                case,
                status: None,
                handset: Some(mark),
                responsible: false,
                since: decided_at(call),
                expects: None,
                guards: false,
            };
            owe(call, DutyName::Green(n), Vec::new(), kind)
        };
        own.into_iter()
            .chain(call.filing.closed_missed.iter().cloned())
            .enumerate()
            .map(green)
            .collect()
    }
}

fn reach(call: &Call) -> Reach {
    if call.was_answered() {
        return Reach::Talked;
    }
    match call.detail.disposition {
        Some(Disposition::AnsweredElsewhere) => Reach::Colleague,
        Some(Disposition::Unknown) => Reach::Unknown,
        _ if call.detail.dial_trouble.is_some() => Reach::NotPlaced,
        _ if call.detail.order.is_some() && !call.detail.agent_picked_up => Reach::AgentAbsent,
        _ => Reach::NotReached,
    }
}

/// The subject under which an effect opens a case.
fn opened_under(effect: &Effect) -> Option<Subject> {
    match effect {
        Effect::Owe(Duty {
            kind: DutyKind::OpenCase { subject, .. },
            ..
        }) => Some(subject.clone()),
        _ => None,
    }
}
