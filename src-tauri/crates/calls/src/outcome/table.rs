//! The rows. Read from top to bottom: the first that fits decides.

use super::act::Act::{self, FinishCase, NoCase, NoteInCase, NoteInMissed, OpenCase};
use super::act::CaseStatus::{self, Closed, Open, Waiting};
use super::act::Reason;
use super::facts::Did::{self, Attached, Created, Nothing, OpenedCompose, Typed};
use super::facts::Reach::{self, AgentAbsent, Colleague, NotPlaced, NotReached, Talked, Unknown};
use super::facts::Side::{self, Agent, Client};
use super::row::Row;
use super::row::When::{self, AttemptsUnwanted, FromCase, IntoMissed, NoOwner, OpenMissed, Transferred};

/// Everything but a conversation, seen from the client.
const NOT_REACHED: &[Reach] = &[NotReached, AgentAbsent, NotPlaced];
/// The client was rung and did not answer.
const UNANSWERED: &[Reach] = &[NotReached, Colleague];
const EVER: &[Reach] = &[Talked, NotReached, Colleague, AgentAbsent, NotPlaced, Unknown];
/// The agent neither made a case nor chose one.
const LEFT: &[Did] = &[Nothing, OpenedCompose, Typed];
const ANYTHING_ELSE: &[Did] = &[Nothing, OpenedCompose, Typed, Attached];

/// The decision table (SPEC sections B-I).
#[rustfmt::skip]
pub const OUTCOMES: &[Row] = &[
    // An incoming call that the agent answered.
    row(&[Client], &[Talked], &[Created], &[OpenMissed], FinishCase, Some(Waiting), "S33a", Reason::AnsweredAndCreated).mine().closing_missed(),
    row(&[Client], &[Talked], &[Created], &[], FinishCase, Some(Waiting), "S30", Reason::AnsweredAndCreated).mine(),
    row(&[Client], &[Talked], &[Attached], &[IntoMissed], NoteInCase, Some(Waiting), "S33b", Reason::AnsweredAndAttached).mine(),
    row(&[Client], &[Talked], &[Attached], &[OpenMissed], NoteInCase, Some(Waiting), "S33a", Reason::AnsweredAndAttached).mine().closing_missed(),
    row(&[Client], &[Talked], &[Attached], &[], NoteInCase, Some(Waiting), "S30", Reason::AnsweredAndAttached).mine(),
    row(&[Client], &[Talked], LEFT, &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Client], &[Talked], &[Typed], &[], OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped).mine().closing_missed(),
    row(&[Client], &[Talked], &[OpenedCompose], &[], OpenCase, Some(Open), "S07", Reason::ComposeLeftEmpty).mine().closing_missed(),
    row(&[Client], &[Talked], &[Nothing], &[Transferred], OpenCase, Some(Closed), "S17", Reason::TransferredUntouched).mine().closing_missed(),
    row(&[Client], &[Talked], &[Nothing], &[], OpenCase, Some(Waiting), "S15", Reason::AnsweredNothingCreated).mine().closing_missed(),
    // A colleague took it: the case is theirs, unless the agent made or chose one while it rang.
    row(&[Client], &[Colleague], &[Created], &[], FinishCase, Some(Open), "S25", Reason::AnsweredByColleague).mine(),
    row(&[Client], &[Colleague], &[Attached], &[], NoteInCase, None, "S25", Reason::AnsweredByColleague),
    row(&[Client], &[Colleague], LEFT, &[], NoCase, None, "S25", Reason::AnsweredByColleague),
    // How it ended was out of sight, whoever called. Nothing is claimed, nothing is closed, and a person looks.
    row(&[Client, Agent], &[Unknown], &[Created], &[], FinishCase, Some(Open), "D3", Reason::OutcomeUnknown).mine(),
    row(&[Client, Agent], &[Unknown], &[Attached], &[], NoteInCase, None, "D3", Reason::OutcomeUnknown),
    row(&[Client, Agent], &[Unknown], LEFT, &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Agent], &[Unknown], LEFT, &[OpenMissed], NoteInMissed, None, "D3", Reason::OutcomeUnknown),
    row(&[Client, Agent], &[Unknown], LEFT, &[], OpenCase, Some(Open), "D3", Reason::OutcomeUnknown),
    // An incoming call that nobody answered. Nothing waits for the client, and nothing is closed.
    row(&[Client], NOT_REACHED, &[Created], &[], FinishCase, Some(Open), "S31", Reason::Missed).mine(),
    row(&[Client], NOT_REACHED, &[Attached], &[IntoMissed], NoteInCase, Some(Open), "S27", Reason::MissedAgain),
    row(&[Client], NOT_REACHED, &[Attached], &[], NoteInCase, None, "S25", Reason::Missed),
    row(&[Client], NOT_REACHED, LEFT, &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Client], NOT_REACHED, LEFT, &[OpenMissed], NoteInMissed, Some(Open), "S27", Reason::MissedAgain),
    row(&[Client], NOT_REACHED, LEFT, &[], OpenCase, Some(Open), "S31", Reason::Missed),
    // A call out that the client answered.
    row(&[Agent], &[Talked], &[Created], &[OpenMissed], FinishCase, Some(Waiting), "S33d", Reason::CalledAndCreated).mine().closing_missed(),
    row(&[Agent], &[Talked], &[Created], &[], FinishCase, Some(Waiting), "S23", Reason::CalledAndCreated).mine(),
    row(&[Agent], &[Talked], &[Attached], &[FromCase, IntoMissed], NoteInCase, Some(Waiting), "S33c", Reason::CalledFromCase).mine(),
    row(&[Agent], &[Talked], &[Attached], &[FromCase], NoteInCase, Some(Waiting), "S21", Reason::CalledFromCase).mine().closing_missed(),
    row(&[Agent], &[Talked], &[Attached], &[IntoMissed], NoteInCase, Some(Waiting), "S33e", Reason::CalledAndAttached).mine(),
    row(&[Agent], &[Talked], &[Attached], &[OpenMissed], NoteInCase, Some(Waiting), "S33d", Reason::CalledAndAttached).mine().closing_missed(),
    row(&[Agent], &[Talked], &[Attached], &[], NoteInCase, Some(Waiting), "S23", Reason::CalledAndAttached).mine(),
    row(&[Agent], &[Talked], LEFT, &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Agent], &[Talked], &[Typed], &[], OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped).mine().closing_missed(),
    row(&[Agent], &[Talked], &[OpenedCompose], &[], OpenCase, Some(Open), "S07", Reason::ComposeLeftEmpty).mine().closing_missed(),
    row(&[Agent], &[Talked], &[Nothing], &[], OpenCase, Some(Closed), "S34", Reason::CalledUntouched).mine().closing_missed(),
    // A call out that did not reach the client.
    row(&[Agent], &[NotReached, Colleague, AgentAbsent, NotPlaced], &[Created], &[], FinishCase, Some(Open), "S22", Reason::AttemptNoted).mine(),
    row(&[Agent], &[AgentAbsent, NotPlaced], &[Typed], &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Agent], &[AgentAbsent, NotPlaced], &[Typed], &[], OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped).mine(),
    row(&[Agent, Side::Colleague], &[AgentAbsent], ANYTHING_ELSE, &[], NoCase, None, "S18", Reason::AgentDidNotPickUp),
    row(&[Agent, Side::Colleague], &[NotPlaced], ANYTHING_ELSE, &[], NoCase, None, "S18", Reason::NotPlaced),
    row(&[Agent], UNANSWERED, &[Attached], &[IntoMissed], NoteInCase, Some(Open), "S32", Reason::CallBackFailed),
    row(&[Agent], UNANSWERED, &[Attached], &[], NoteInCase, None, "S22", Reason::AttemptNoted),
    row(&[Agent], UNANSWERED, LEFT, &[NoOwner], NoCase, None, "S14", Reason::NobodyToWriteFor),
    row(&[Agent], UNANSWERED, LEFT, &[OpenMissed], NoteInMissed, Some(Open), "S32", Reason::CallBackFailed),
    row(&[Agent], UNANSWERED, &[Typed], &[], OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped).mine(),
    row(&[Agent], UNANSWERED, LEFT, &[AttemptsUnwanted], NoCase, None, "S34", Reason::AttemptNotWanted),
    row(&[Agent], UNANSWERED, LEFT, &[], OpenCase, Some(Closed), "S34", Reason::AttemptUntouched).mine(),
    // Colleagues among themselves (a consultation before a transfer): never a case by itself.
    row(&[Side::Colleague], &[Talked], &[Created], &[], FinishCase, Some(Waiting), "S30", Reason::AnsweredAndCreated).mine(),
    row(&[Side::Colleague], &[Talked], &[Attached], &[], NoteInCase, Some(Waiting), "S30", Reason::AnsweredAndAttached).mine(),
    row(&[Side::Colleague], EVER, &[Created], &[], FinishCase, Some(Open), "S22", Reason::AttemptNoted).mine(),
    row(&[Side::Colleague], EVER, &[Attached], &[], NoteInCase, None, "S22", Reason::AttemptNoted),
    row(&[Side::Colleague], EVER, LEFT, &[], NoCase, None, "S16", Reason::Internal),
];

#[expect(clippy::too_many_arguments, reason = "the columns of a table")]
const fn row(
    sides: &'static [Side],
    reach: &'static [Reach],
    did: &'static [Did],
    when: &'static [When],
    act: Act,
    status: Option<CaseStatus>,
    rule: &'static str,
    reason: Reason,
) -> Row {
    Row {
        sides,
        reach,
        did,
        when,
        act,
        status,
        responsible: false,
        closes_missed: false,
        rule,
        reason,
    }
}

impl Row {
    /// The agent becomes responsible.
    const fn mine(self) -> Self {
        Self { responsible: true, ..self }
    }

    /// The user's open missed-call case is closed: this conversation has a case of its own (S33a, S33d).
    const fn closing_missed(self) -> Self {
        Self {
            closes_missed: true,
            ..self
        }
    }
}
