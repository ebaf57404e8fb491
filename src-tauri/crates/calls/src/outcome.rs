//! The decision table: what case results from a call, and with which status (SPEC sections B-I).
//!
//! [`OUTCOMES`] is read from top to bottom; the first row that fits decides, and each row names its
//! rule. Whoever asks "why is this case closed?" finds the answer here and nowhere else: the
//! interface shows [`Outcome::rule`] and words [`Outcome::reason`], and `docs/call-outcomes.md` is
//! this table for people (a test compares the two).

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

/// Whether the two sides came to talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// They talked.
    Talked,
    /// They did not.
    NotReached,
    /// A colleague took the call.
    Colleague,
    /// Nobody saw: the desk could not look.
    Unknown,
    /// Click-to-call: the agent did not pick up, so the client was never rung.
    AgentAbsent,
    /// Click-to-call: the PBX did not place the call.
    NotPlaced,
}

/// Which side started the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The client called.
    Client,
    /// The agent called.
    Agent,
    /// A colleague on either end.
    Colleague,
}

/// What the agent did with the call before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Nothing; a profile that opened by itself does not count.
    Nothing,
    /// Opened the compose page and typed nothing.
    OpenedCompose,
    /// Typed something, but did not press «Создать».
    Typed,
    /// Created a case.
    Created,
    /// Attached the call to an earlier case, or called from one.
    Attached,
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Which side started it.
    pub side: Side,
    /// Whether they talked.
    pub reach: Reach,
    /// What the agent did.
    pub did: Did,
    /// Whether the agent passed the call on.
    pub transferred: bool,
    /// Whether a case can be opened for anybody: a user or a real number is known.
    pub has_owner: bool,
    /// Whether the user has an open missed-call case (S27).
    pub open_missed: bool,
    /// Whether the call was attached to that very case (S33b, S33e).
    pub into_missed: bool,
    /// Whether the agent called from a case (S18).
    pub from_case: bool,
    /// The administrator's switch: cases for outgoing calls that nobody answered (SPEC I, last paragraph).
    pub unanswered_outgoing_cases: bool,
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

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outcome {
    /// What happens.
    pub act: Act,
    /// The status the case gets; `None`: it keeps its status, or there is no case.
    pub status: Option<CaseStatus>,
    /// The agent becomes responsible.
    pub responsible: bool,
    /// The user's open missed-call case is closed, as this call has a case of its own (S33a, S33d).
    pub closes_missed: bool,
    /// The rule in SPEC.
    pub rule: Rule,
    /// Why, for the interface.
    pub reason: Reason,
}

/// A condition of a row beside direction, answer and what the agent did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// The agent passed the call on.
    Transferred,
    /// No user and no real number is known.
    NoOwner,
    /// The user has an open missed-call case.
    OpenMissed,
    /// The call was attached to that very case.
    IntoMissed,
    /// The agent called from a case.
    FromCase,
    /// The administrator wants no cases for unanswered calls out.
    AttemptsUnwanted,
}

impl When {
    fn holds(self, facts: &Facts) -> bool {
        match self {
            Self::Transferred => facts.transferred,
            Self::NoOwner => !facts.has_owner,
            Self::OpenMissed => facts.open_missed,
            Self::IntoMissed => facts.open_missed && facts.into_missed,
            Self::FromCase => facts.from_case,
            Self::AttemptsUnwanted => !facts.unanswered_outgoing_cases,
        }
    }
}

/// One row of the decision table.
#[derive(Debug)]
pub struct Row {
    /// Who started the call: one of these.
    pub sides: &'static [Side],
    /// Whether they talked: one of these.
    pub reach: &'static [Reach],
    /// What the agent did: one of these.
    pub did: &'static [Did],
    /// What else must hold: all of these.
    pub when: &'static [When],
    /// What happens.
    pub act: Act,
    /// The status the case gets.
    pub status: Option<CaseStatus>,
    /// Whether the agent becomes responsible.
    pub responsible: bool,
    /// Whether the user's open missed-call case is closed.
    pub closes_missed: bool,
    /// The rule in SPEC.
    pub rule: &'static str,
    /// Why.
    pub reason: Reason,
}

impl Row {
    fn fits(&self, facts: &Facts) -> bool {
        self.sides.contains(&facts.side)
            && self.reach.contains(&facts.reach)
            && self.did.contains(&facts.did)
            && self.when.iter().all(|when| when.holds(facts))
    }
}

mod table;
pub use table::OUTCOMES;

/// Decides by [`OUTCOMES`].
///
/// ```
/// use calls::{decide, CaseStatus, Did, Facts, Reach, Side};
/// let outcome = decide(&Facts {
///     side: Side::Client, reach: Reach::Talked, did: Did::Created, transferred: false, has_owner: true,
///     open_missed: false, into_missed: false, from_case: false, unanswered_outgoing_cases: true,
/// });
/// assert_eq!((outcome.status, outcome.rule.as_str()), (Some(CaseStatus::Waiting), "S30"));
/// ```
#[must_use]
pub fn decide(facts: &Facts) -> Outcome {
    // The last row takes what is left; a test shows that no other combination gets there.
    let row = OUTCOMES.iter().find(|row| row.fits(facts)).unwrap_or(&OUTCOMES[OUTCOMES.len() - 1]);
    Outcome {
        act: row.act,
        status: row.status,
        responsible: row.responsible,
        closes_missed: row.closes_missed && facts.open_missed,
        rule: Rule(row.rule),
        reason: row.reason,
    }
}

/// The number of a rule in SPEC, such as `S30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule(&'static str);

impl Rule {
    /// The number as text; empty for a rule of a later version.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.0
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(OUTCOMES.iter().map(|row| row.rule).find(|rule| *rule == text).unwrap_or("")))
    }
}

#[cfg(test)]
mod tests;
