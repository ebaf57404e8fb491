//! The duties of a decision.

use crate::call::{Call, Choice};
use crate::duty::{CaseTarget, DutyKind, Handset, Summary};
use crate::duty_key::DutyName;
use crate::effect::Effect;
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, CaseStatus, Outcome, Reason};
use crate::owed::{called_back, decided_at, expected, handset, open_case, owe, owner, status_of, summary, tell_missed};

/// The duties of a decision in the order in which they are carried out, and the missed-call cases they close.
///
/// The status of an earlier case comes before its note: Omnidesk's answer tells whether the case is still there.
pub(crate) fn plan(call: &Call, outcome: &Outcome, missed: &[OpenMissed]) -> (Vec<Effect>, Vec<CaseTarget>) {
    let mut effects = Vec::new();
    let green = called_back(call);
    let own = || (CaseTarget::OpenedBy(call.key(DutyName::Case)), vec![call.key(DutyName::Case)]);
    match outcome.act {
        Act::NoCase => return (effects, Vec::new()),
        Act::FinishCase if call.handling.created_live => {
            let (case, after) = own();
            let unknown = Some(Handset::Unknown).filter(|mark| *mark == handset(call));
            let status = status_of(call, outcome, case.clone(), unknown);
            effects.extend(status.map(|kind| owe(call, DutyName::Status, after.clone(), kind)));
            let mut summary = summary(call);
            if !call.handling.typed_since {
                // It stands in the first message.
                summary.gist.clear();
            }
            let ending = DutyKind::AddRecording {
                case,
                recording: expected(call),
                summary,
                tells_end: true,
            };
            effects.push(owe(call, DutyName::Recording, after, ending));
        }
        Act::OpenCase | Act::FinishCase => {
            let Some(owner) = owner(call) else { return (effects, Vec::new()) };
            let (case, after) = own();
            effects.push(match outcome.reason {
                Reason::Missed | Reason::OutcomeUnknown if outcome.act == Act::OpenCase => tell_missed(call, owner, outcome, None),
                _ => open_case(call, owner, Some(outcome), expected(call)),
            });
            effects.extend(status_of(call, outcome, case, None).map(|kind| owe(call, DutyName::Status, after, kind)));
        }
        Act::NoteInCase => {
            let Choice::Attach { case } = &call.handling.choice else {
                return (effects, Vec::new());
            };
            let missed = missed.iter().find(|missed| missed.is_of(call));
            let mark = green.filter(|_| missed.is_some());
            note_in(
                call,
                outcome,
                CaseTarget::Existing(case.id),
                missed,
                mark,
                summary(call),
                &mut effects,
            );
        }
        Act::NoteInMissed if outcome.reason == Reason::MissedAgain => {
            let Some(owner) = owner(call) else { return (effects, Vec::new()) };
            let (case, after) = own();
            effects.push(tell_missed(call, owner, outcome, missed.last()));
            effects.extend(status_of(call, outcome, case, None).map(|kind| owe(call, DutyName::Status, after, kind)));
        }
        Act::NoteInMissed => {
            let Some(missed) = missed.last() else {
                return (effects, Vec::new());
            };
            let mut text = summary(call);
            // The case has a subject already; a typed one must not be lost (S15).
            text.gist = format!("{}\n{}", call.handling.draft.subject.trim(), text.gist).trim().to_owned();
            note_in(call, outcome, missed.target(), Some(missed), None, text, &mut effects);
        }
    }
    let mut closed = Vec::new();
    // The conversation answers all of the user's missed calls; the case it was noted in has its status already.
    for missed in missed.iter().filter(|missed| call.is_conversation() && !missed.is_of(call)) {
        if closed.contains(&missed.target()) {
            continue;
        }
        let kind = DutyKind::SetStatus {
            case: missed.target(),
            status: Some(CaseStatus::Closed),
            handset: green,
            responsible: true,
            since: decided_at(call),
            expects: None,
            guards: missed.is_unsure(call),
        };
        effects.push(owe(call, DutyName::MissedClosed(closed.len()), missed.so_far(), kind));
        closed.push(missed.target());
    }
    (effects, closed)
}

fn note_in(
    call: &Call,
    outcome: &Outcome,
    case: CaseTarget,
    missed: Option<&OpenMissed>,
    mark: Option<Handset>,
    summary: Summary,
    effects: &mut Vec<Effect>,
) {
    let so_far = missed.map(OpenMissed::so_far).unwrap_or_default();
    let opened = missed.map(|missed| missed.opened_by.clone());
    let mut status = status_of(call, outcome, case.clone(), mark);
    if let Some(DutyKind::SetStatus { guards, .. }) = &mut status {
        // The agent chose the case it was attached to; the one a call back is noted in is remembered only.
        *guards = outcome.act == Act::NoteInMissed && missed.is_some_and(|missed| missed.is_unsure(call));
    }
    effects.extend(status.map(|kind| owe(call, DutyName::Status, so_far, kind)));
    let note = DutyKind::AddNote {
        case,
        summary,
        recording: expected(call),
    };
    effects.push(owe(call, DutyName::Note, opened.into_iter().collect(), note));
}
