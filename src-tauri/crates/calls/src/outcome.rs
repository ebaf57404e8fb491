//! The decision table: what case results from a call, and with which status (SPEC sections B-I).
//!
//! One `match`, one rule beside each row. Whoever asks "why is this case closed?" finds the answer
//! here and nowhere else; the interface shows [`Outcome::rule`] and words [`Outcome::reason`].

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
    /// Click-to-call: the agent did not pick up, so the client was never rung.
    AgentAbsent,
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
    /// The client did not answer; noted in the case.
    AttemptNoted,
    /// The client did not answer; the missed-call case stays open.
    CallBackFailed,
    /// The client did not answer; the administrator wants no case.
    AttemptNotWanted,
    /// The agent did not pick up, the client was never rung.
    AgentDidNotPickUp,
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

/// The decision table.
///
/// ```
/// use calls::{decide, CaseStatus, Did, Facts, Reach, Side};
/// let outcome = decide(&Facts {
///     side: Side::Client, reach: Reach::Talked, did: Did::Created, transferred: false,
///     has_owner: true, open_missed: false, unanswered_outgoing_cases: true,
/// });
/// assert_eq!((outcome.status, outcome.rule.as_str()), (Some(CaseStatus::Waiting), "S30"));
/// ```
#[must_use]
pub fn decide(facts: &Facts) -> Outcome {
    use Act::{FinishCase, NoCase, NoteInCase, NoteInMissed, OpenCase};
    use CaseStatus::{Closed, Open, Waiting};
    use Did::{Attached, Created, Nothing, OpenedCompose, Typed};
    use Reach::{AgentAbsent, Colleague, NotReached, Talked};

    let row = |act, status, rule, reason| Outcome {
        act,
        status,
        responsible: false,
        closes_missed: false,
        rule: Rule(rule),
        reason,
    };
    // A call with a case of its own closes the missed-call case it answers; its agent is responsible.
    let own = |act, status, rule, reason| Outcome {
        responsible: true,
        closes_missed: facts.open_missed,
        ..row(act, status, rule, reason)
    };
    let mine = |act, status, rule, reason| Outcome {
        responsible: true,
        ..row(act, status, rule, reason)
    };

    match (facts.side, facts.reach, facts.did) {
        // Colleagues among themselves (a consultation before a transfer): never a case by itself.
        (Side::Colleague, Talked | NotReached | Colleague | AgentAbsent, Nothing | OpenedCompose | Typed) => {
            row(NoCase, None, "S16", Reason::Internal)
        }
        // A case the agent made or chose always counts, whoever called.
        (Side::Colleague, Talked | NotReached | Colleague | AgentAbsent, Created) => {
            mine(FinishCase, Some(Waiting), "S30", Reason::AnsweredAndCreated)
        }
        (Side::Colleague, Talked | NotReached | Colleague | AgentAbsent, Attached) => {
            mine(NoteInCase, Some(Waiting), "S30", Reason::AnsweredAndAttached)
        }
        (Side::Client, Talked, Created) => own(
            FinishCase,
            Some(Waiting),
            if facts.open_missed { "S33a" } else { "S30" },
            Reason::AnsweredAndCreated,
        ),
        (Side::Client, Talked, Attached) => mine(
            NoteInCase,
            Some(Waiting),
            if facts.open_missed { "S33b" } else { "S30" },
            Reason::AnsweredAndAttached,
        ),
        // Made or chosen while it rang, then nobody answered: no conversation, so nothing waits for the client and nothing is closed.
        (Side::Client, NotReached | AgentAbsent, Created) => mine(FinishCase, Some(Open), "S31", Reason::Missed),
        (Side::Client, NotReached | AgentAbsent, Attached) if facts.open_missed => row(NoteInCase, Some(Open), "S27", Reason::MissedAgain),
        (Side::Client, NotReached | AgentAbsent, Attached) => row(NoteInCase, None, "S25", Reason::Missed),
        (Side::Client, Colleague, Created) => mine(FinishCase, Some(Open), "S25", Reason::AnsweredByColleague),
        (Side::Client, Colleague, Attached) => row(NoteInCase, None, "S25", Reason::AnsweredByColleague),
        (Side::Agent, Talked, Created) => own(
            FinishCase,
            Some(Waiting),
            if facts.open_missed { "S33d" } else { "S23" },
            Reason::CalledAndCreated,
        ),
        (Side::Agent, Talked, Attached) => mine(
            NoteInCase,
            Some(Waiting),
            if facts.open_missed { "S33e" } else { "S21" },
            Reason::CalledAndAttached,
        ),
        (Side::Agent, NotReached | Colleague | AgentAbsent, Created) => mine(FinishCase, Some(Open), "S22", Reason::AttemptNoted),
        (Side::Agent, AgentAbsent, Nothing | OpenedCompose | Typed | Attached) => row(NoCase, None, "S18", Reason::AgentDidNotPickUp),
        (Side::Agent, NotReached | Colleague, Attached) => row(
            NoteInCase,
            None,
            if facts.open_missed { "S32" } else { "S22" },
            Reason::AttemptNoted,
        ),
        // A colleague took it: the case is theirs.
        (Side::Client, Colleague, Nothing | OpenedCompose | Typed) => row(NoCase, None, "S25", Reason::AnsweredByColleague),
        // From here on a case appears by itself, if it can be opened for anybody.
        (Side::Client | Side::Agent, Talked | NotReached | Colleague | AgentAbsent, Nothing | OpenedCompose | Typed)
            if !facts.has_owner =>
        {
            row(NoCase, None, "S14", Reason::NobodyToWriteFor)
        }
        (Side::Client, NotReached | AgentAbsent, Nothing | OpenedCompose | Typed) => {
            if facts.open_missed {
                row(NoteInMissed, Some(Open), "S27", Reason::MissedAgain)
            } else {
                row(OpenCase, Some(Open), "S31", Reason::Missed)
            }
        }
        (Side::Client, Talked, Typed) => own(OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped),
        (Side::Client, Talked, OpenedCompose) => own(OpenCase, Some(Open), "S07", Reason::ComposeLeftEmpty),
        (Side::Client, Talked, Nothing) if facts.transferred => own(OpenCase, Some(Closed), "S17", Reason::TransferredUntouched),
        (Side::Client, Talked, Nothing) => own(OpenCase, Some(Waiting), "S15", Reason::AnsweredNothingCreated),
        (Side::Agent, Talked, Typed) => own(OpenCase, Some(Waiting), "S15", Reason::AnsweredOnlyTyped),
        (Side::Agent, Talked, OpenedCompose) => own(OpenCase, Some(Open), "S07", Reason::ComposeLeftEmpty),
        (Side::Agent, Talked, Nothing) => own(OpenCase, Some(Closed), "S34", Reason::CalledUntouched),
        (Side::Agent, NotReached | Colleague, Nothing | OpenedCompose | Typed) if facts.open_missed => {
            row(NoteInMissed, Some(Open), "S32", Reason::CallBackFailed)
        }
        (Side::Agent, NotReached | Colleague, Nothing) if !facts.unanswered_outgoing_cases => {
            row(NoCase, None, "S34", Reason::AttemptNotWanted)
        }
        (Side::Agent, NotReached | Colleague, Nothing | OpenedCompose | Typed) => {
            mine(OpenCase, Some(Closed), "S34", Reason::CalledUntouched)
        }
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
        const RULES: [&str; 21] = [
            "S07", "S09", "S14", "S15", "S16", "S17", "S18", "S21", "S22", "S23", "S25", "S27", "S30", "S31", "S32", "S33a", "S33b",
            "S33c", "S33d", "S33e", "S34",
        ];
        let text = String::deserialize(deserializer)?;
        Ok(Self(RULES.iter().copied().find(|rule| *rule == text).unwrap_or("")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TALKED: Facts = Facts {
        side: Side::Client,
        reach: Reach::Talked,
        did: Did::Nothing,
        transferred: false,
        has_owner: true,
        open_missed: false,
        unanswered_outgoing_cases: true,
    };
    const MISSED: Facts = Facts {
        reach: Reach::NotReached,
        ..TALKED
    };
    const CALLED: Facts = Facts {
        side: Side::Agent,
        ..TALKED
    };

    fn check(facts: Facts, act: Act, status: Option<CaseStatus>, rule: &str) {
        let outcome = decide(&facts);
        assert_eq!(
            (outcome.act, outcome.status, outcome.rule.as_str()),
            (act, status, rule),
            "{facts:?}"
        );
    }

    #[test]
    fn s07_abandoned_empty_compose_page_opens_a_case() {
        check(
            Facts {
                did: Did::OpenedCompose,
                ..TALKED
            },
            Act::OpenCase,
            Some(CaseStatus::Open),
            "S07",
        );
    }

    #[test]
    fn s15_an_answered_call_without_a_case_gets_one_that_waits() {
        check(TALKED, Act::OpenCase, Some(CaseStatus::Waiting), "S15");
        check(Facts { did: Did::Typed, ..TALKED }, Act::OpenCase, Some(CaseStatus::Waiting), "S15");
    }

    #[test]
    fn s17_a_call_passed_on_untouched_is_closed() {
        check(
            Facts {
                transferred: true,
                ..TALKED
            },
            Act::OpenCase,
            Some(CaseStatus::Closed),
            "S17",
        );
        check(
            Facts {
                transferred: true,
                did: Did::Typed,
                ..TALKED
            },
            Act::OpenCase,
            Some(CaseStatus::Waiting),
            "S15",
        );
    }

    #[test]
    fn s22_and_s32_an_unanswered_call_back_is_noted_and_the_missed_case_stays_open() {
        let attempt = Facts {
            reach: Reach::NotReached,
            ..CALLED
        };
        check(
            Facts {
                did: Did::Attached,
                ..attempt
            },
            Act::NoteInCase,
            None,
            "S22",
        );
        check(
            Facts {
                did: Did::Attached,
                open_missed: true,
                ..attempt
            },
            Act::NoteInCase,
            None,
            "S32",
        );
        check(
            Facts {
                open_missed: true,
                ..attempt
            },
            Act::NoteInMissed,
            Some(CaseStatus::Open),
            "S32",
        );
        check(attempt, Act::OpenCase, Some(CaseStatus::Closed), "S34");
        check(
            Facts {
                unanswered_outgoing_cases: false,
                ..attempt
            },
            Act::NoCase,
            None,
            "S34",
        );
    }

    #[test]
    fn s25_s27_s31_a_missed_call_opens_a_case_or_joins_the_open_one() {
        check(MISSED, Act::OpenCase, Some(CaseStatus::Open), "S31");
        check(
            Facts {
                open_missed: true,
                ..MISSED
            },
            Act::NoteInMissed,
            Some(CaseStatus::Open),
            "S27",
        );
        check(
            Facts {
                reach: Reach::Colleague,
                ..MISSED
            },
            Act::NoCase,
            None,
            "S25",
        );
    }

    #[test]
    fn s30_an_answered_call_with_a_case_waits() {
        check(
            Facts {
                did: Did::Created,
                ..TALKED
            },
            Act::FinishCase,
            Some(CaseStatus::Waiting),
            "S30",
        );
        check(
            Facts {
                did: Did::Attached,
                ..TALKED
            },
            Act::NoteInCase,
            Some(CaseStatus::Waiting),
            "S30",
        );
    }

    #[test]
    fn s33_the_missed_case_is_closed_by_a_case_of_its_own_and_waits_when_attached() {
        for (facts, rule, closes) in [
            (
                Facts {
                    did: Did::Created,
                    open_missed: true,
                    ..TALKED
                },
                "S33a",
                true,
            ),
            (
                Facts {
                    did: Did::Attached,
                    open_missed: true,
                    ..TALKED
                },
                "S33b",
                false,
            ),
            (
                Facts {
                    did: Did::Created,
                    open_missed: true,
                    ..CALLED
                },
                "S33d",
                true,
            ),
            (
                Facts {
                    did: Did::Attached,
                    open_missed: true,
                    ..CALLED
                },
                "S33e",
                false,
            ),
        ] {
            let outcome = decide(&facts);
            assert_eq!(
                (outcome.status, outcome.rule.as_str(), outcome.closes_missed),
                (Some(CaseStatus::Waiting), rule, closes)
            );
        }
    }

    #[test]
    fn s34_a_softphone_call_left_untouched_is_closed_and_the_agent_responsible() {
        let outcome = decide(&CALLED);
        assert_eq!(
            (outcome.status, outcome.rule.as_str(), outcome.responsible),
            (Some(CaseStatus::Closed), "S34", true)
        );
    }

    #[test]
    fn s14_no_case_appears_by_itself_for_a_hidden_number() {
        for facts in [TALKED, MISSED, CALLED] {
            check(Facts { has_owner: false, ..facts }, Act::NoCase, None, "S14");
        }
    }

    #[test]
    fn every_combination_is_decided_and_its_rule_survives_storage() {
        for side in [Side::Client, Side::Agent, Side::Colleague] {
            for reach in [Reach::Talked, Reach::NotReached, Reach::Colleague, Reach::AgentAbsent] {
                for did in [Did::Nothing, Did::OpenedCompose, Did::Typed, Did::Created, Did::Attached] {
                    for bits in 0..16 {
                        let facts = Facts {
                            side,
                            reach,
                            did,
                            transferred: bits & 1 > 0,
                            has_owner: bits & 2 > 0,
                            open_missed: bits & 4 > 0,
                            unanswered_outgoing_cases: bits & 8 > 0,
                        };
                        let outcome = decide(&facts);
                        assert!(!(outcome.act == Act::NoCase && outcome.status.is_some()), "{facts:?}");
                        let stored = serde_json::to_string(&outcome).unwrap();
                        assert_eq!(serde_json::from_str::<Outcome>(&stored).unwrap(), outcome);
                    }
                }
            }
        }
    }
}
