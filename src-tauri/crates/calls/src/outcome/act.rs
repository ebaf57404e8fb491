//! What may follow from a call in the help desk, and why.

use serde::{Deserialize, Serialize};

/// The status of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// «открытое»
    Open,
    /// «в ожидании»
    Waiting,
    /// «закрытое»
    Closed,
}

/// What happens in the help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Nothing.
    NoCase,
    /// A case appears by itself.
    OpenCase,
    /// The case the agent created gets its final text.
    FinishCase,
    /// The call is noted in the case it is attached to.
    NoteInCase,
    /// The call is noted in the user's open missed-call case.
    NoteInMissed,
}

/// Why: a code the interface words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// A talk among colleagues.
    Internal,
    /// A colleague took it.
    AnsweredByColleague,
    /// The number is hidden or no number, and nobody was chosen.
    NobodyToWriteFor,
    /// Nobody answered the client.
    Missed,
    /// Nobody answered the client again, without a talk in between.
    MissedAgain,
    /// The agent answered and created a case.
    AnsweredAndCreated,
    /// The agent answered and attached the call.
    AnsweredAndAttached,
    /// The agent answered and the call ended before a case was created.
    AnsweredNothingCreated,
    /// The agent answered and typed, but did not press «Создать».
    AnsweredOnlyTyped,
    /// The agent opened the compose page and left it empty.
    ComposeLeftEmpty,
    /// The agent passed the call on without doing anything.
    TransferredUntouched,
    /// The agent called, the client answered, a case was created.
    CalledAndCreated,
    /// The agent called, the client answered, the call was attached.
    CalledAndAttached,
    /// The agent called from the softphone and opened nothing.
    CalledUntouched,
    /// The agent called from a case, the client answered.
    CalledFromCase,
    /// The client did not answer; noted in the case.
    AttemptNoted,
    /// The client did not answer a call from the softphone, and nothing was opened.
    AttemptUntouched,
    /// The client did not answer; the missed-call case stays open.
    CallBackFailed,
    /// The client did not answer; the administrator wants no case.
    AttemptNotWanted,
    /// The agent did not pick up, the client was never rung.
    AgentDidNotPickUp,
    /// The PBX did not place the call.
    NotPlaced,
    /// How the call ended was out of sight.
    OutcomeUnknown,
}
