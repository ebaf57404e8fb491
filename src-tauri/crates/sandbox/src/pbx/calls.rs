//! What a call of the sandbox is made of: its description, its steps, its timetable.

use serde::{Deserialize, Serialize};

/// Why a script step was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// No call with this id.
    #[error("there is no call {0}")]
    UnknownCall(String),
    /// No phone with this extension.
    #[error("there is no extension {0}")]
    UnknownExtension(String),
    /// The call is not in a state in which this can happen.
    #[error("{step} does not fit: the call is {stage:?}")]
    DoesNotFit {
        /// The step that was asked for.
        step: &'static str,
        /// What the call is doing.
        stage: Stage,
    },
}

/// What a call is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Click-to-call: the agent's own phone rings.
    Originating,
    /// Somebody is being rung (or waits in the queue).
    Ringing,
    /// A machine talks to the caller.
    Machine,
    /// Two people talk, possibly on hold.
    Talking,
    /// All legs are gone.
    Ended,
}

/// The kinds of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// From outside to one agent.
    Incoming,
    /// From outside to several agents at once.
    Group,
    /// From outside into a queue that answers at once and rings its members.
    Queue,
    /// From outside to one agent after the other, in the order of the members, until somebody answers.
    Hunting,
    /// From outside to a machine; no agent is rung.
    Ivr,
    /// From an agent's softphone to an outside number.
    Outgoing,
    /// From an agent to a colleague.
    Internal,
    /// Made by `POST /channels`. Cannot be placed, only originated.
    Click,
}

/// How a scripted call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing happens by itself after the first ring: step through it.
    #[default]
    Manual,
    /// Answered after `ring_ms`, ended after `talk_ms`.
    Answered,
    /// The caller gives up after `ring_ms`.
    #[serde(alias = "missed")]
    Abandoned,
    /// The dialplan gives up after `ring_ms` (of hunting: on each phone).
    Timeout,
    /// The called phone is busy: it never rings.
    Busy,
    /// The called phone declines after `ring_ms`.
    Declined,
}

/// How a transfer is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// The client is sent on without asking.
    Blind,
    /// The agent talks to the colleague first.
    Attended,
}

/// A transfer within a scripted, answered call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferSpec {
    /// Blind or attended.
    pub kind: TransferKind,
    /// The colleague's extension.
    pub to: String,
    /// Milliseconds of talk before it.
    #[serde(default = "ms::<2000>")]
    pub after_ms: u64,
    /// Milliseconds the colleague's phone rings.
    #[serde(default = "ms::<1500>")]
    pub ring_ms: u64,
    /// Milliseconds of consultation (attended).
    #[serde(default = "ms::<2000>")]
    pub consult_ms: u64,
    /// Whether the colleague answers.
    #[serde(default = "yes")]
    pub answered: bool,
}

/// A hold within a scripted, answered call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldSpec {
    /// Milliseconds of talk before it.
    #[serde(default = "ms::<1500>")]
    pub after_ms: u64,
    /// Milliseconds it lasts.
    #[serde(default = "ms::<2000>")]
    pub for_ms: u64,
}

fn ms<const MS: u64>() -> u64 {
    MS
}

fn yes() -> bool {
    true
}

/// A call to place. Everything but the kind has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallSpec {
    /// What kind of call.
    pub kind: Kind,
    /// The caller: an outside number, or the extension of the agent who dials.
    #[serde(default)]
    pub from: String,
    /// The name the caller's operator sends along.
    #[serde(default)]
    pub name: String,
    /// The extension that is called, or the outside number an agent dials.
    #[serde(default)]
    pub to: String,
    /// The extensions of a group or queue (empty = all agents), or of a hunt (empty = `to` alone).
    #[serde(default)]
    pub members: Vec<String>,
    /// The number the outside caller dialled; empty = one that fits the kind.
    #[serde(default)]
    pub did: String,
    /// The caller withholds the number but the operator passes it on: it shows in every event, only
    /// `CALLERID(num-pres)` tells.
    #[serde(default)]
    pub withheld: bool,
    /// How it goes.
    #[serde(default)]
    pub outcome: Outcome,
    /// Who answers, in a group, queue or hunt; empty = the first member.
    #[serde(default)]
    pub answered_by: String,
    /// Milliseconds of ringing; of hunting, at each phone.
    #[serde(default = "ms::<1500>")]
    pub ring_ms: u64,
    /// Milliseconds of talk (after the last transfer).
    #[serde(default = "ms::<4000>")]
    pub talk_ms: u64,
    /// Who hangs up: `client`, `agent`, an extension; empty = who called.
    #[serde(default)]
    pub hang_up_by: String,
    /// A transfer on the way.
    #[serde(default)]
    pub transfer: Option<TransferSpec>,
    /// A hold on the way (before the transfer).
    #[serde(default)]
    pub hold: Option<HoldSpec>,
}

impl CallSpec {
    fn of(kind: Kind, from: &str, to: &str) -> Self {
        Self {
            kind,
            from: from.to_owned(),
            name: String::new(),
            to: to.to_owned(),
            members: Vec::new(),
            did: String::new(),
            withheld: false,
            outcome: Outcome::Manual,
            answered_by: String::new(),
            ring_ms: 1500,
            talk_ms: 4000,
            hang_up_by: String::new(),
            transfer: None,
            hold: None,
        }
    }

    /// From an outside number to an agent; `anonymous` for a caller without a number.
    pub fn incoming(from: &str, to: &str) -> Self {
        Self::of(Kind::Incoming, from, to)
    }

    /// From an outside number to several agents at once (none named = all).
    pub fn group(from: &str, members: &[&str]) -> Self {
        Self {
            members: members.iter().map(|member| (*member).to_owned()).collect(),
            ..Self::of(Kind::Group, from, "")
        }
    }

    /// From an outside number into the queue (no members named = all agents).
    pub fn queue(from: &str, members: &[&str]) -> Self {
        Self {
            kind: Kind::Queue,
            ..Self::group(from, members)
        }
    }

    /// From an outside number to one agent after the other: [`Step::TimeOut`] passes the caller on to the next one.
    pub fn hunting(from: &str, members: &[&str]) -> Self {
        Self {
            kind: Kind::Hunting,
            ..Self::group(from, members)
        }
    }

    /// From an outside number to a machine.
    pub fn ivr(from: &str) -> Self {
        Self::of(Kind::Ivr, from, "")
    }

    /// From an agent's softphone to an outside number.
    pub fn outgoing(agent: &str, number: &str) -> Self {
        Self::of(Kind::Outgoing, agent, number)
    }

    /// From one agent to another.
    pub fn internal(agent: &str, colleague: &str) -> Self {
        Self::of(Kind::Internal, agent, colleague)
    }

    /// The name the caller's operator sends along.
    pub fn named(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// Lets the call run by itself.
    pub fn scripted(self, outcome: Outcome, ring_ms: u64, talk_ms: u64) -> Self {
        Self {
            outcome,
            ring_ms,
            talk_ms,
            ..self
        }
    }

    /// How many phones ring one after the other before the one with this number.
    fn in_vain(&self, turn: usize) -> usize {
        if self.kind == Kind::Hunting { turn } else { 0 }
    }

    /// The steps that happen by themselves, each with the milliseconds before it.
    pub(crate) fn timetable(&self) -> Vec<(u64, Step)> {
        let by = || (!self.answered_by.is_empty()).then(|| self.answered_by.clone());
        let hang_up = || Step::HangUp {
            by: (!self.hang_up_by.is_empty()).then(|| self.hang_up_by.clone()),
        };
        if self.kind == Kind::Ivr {
            return if self.outcome == Outcome::Manual {
                Vec::new()
            } else {
                vec![(self.talk_ms, hang_up())]
            };
        }
        match self.outcome {
            Outcome::Manual => Vec::new(),
            Outcome::Abandoned => vec![(self.ring_ms, Step::HangUp { by: None })],
            Outcome::Timeout => vec![(self.ring_ms, Step::TimeOut); self.in_vain(self.members.len()).max(1)],
            Outcome::Busy => vec![(self.ring_ms.min(200), Step::Busy { by: None })],
            Outcome::Declined => vec![(self.ring_ms, Step::Decline { by: None })],
            Outcome::Answered => {
                let turn = self.members.iter().position(|member| *member == self.answered_by);
                let mut steps = vec![(self.ring_ms, Step::TimeOut); self.in_vain(turn.unwrap_or(0))];
                steps.push((self.ring_ms, Step::Answer { by: by() }));
                if let Some(hold) = &self.hold {
                    steps.push((hold.after_ms, Step::Hold));
                    steps.push((hold.for_ms, Step::Unhold));
                }
                let unanswered = self.transfer.as_ref().is_some_and(|transfer| !transfer.answered);
                if let Some(transfer) = &self.transfer {
                    steps.extend(transfer.timetable());
                }
                if !unanswered {
                    steps.push((self.talk_ms, hang_up()));
                }
                steps
            }
        }
    }
}

impl TransferSpec {
    fn timetable(&self) -> Vec<(u64, Step)> {
        let to = self.to.clone();
        let answer = (self.ring_ms, Step::Answer { by: Some(to.clone()) });
        match (self.kind, self.answered) {
            (TransferKind::Blind, true) => vec![(self.after_ms, Step::Transfer { to }), answer],
            (TransferKind::Blind, false) => {
                vec![(self.after_ms, Step::Transfer { to }), (self.ring_ms, Step::TimeOut)]
            }
            (TransferKind::Attended, true) => {
                vec![
                    (self.after_ms, Step::Consult { to }),
                    answer,
                    (self.consult_ms, Step::CompleteTransfer),
                ]
            }
            (TransferKind::Attended, false) => vec![
                (self.after_ms, Step::Consult { to }),
                (self.ring_ms, Step::EndConsult),
                (0, Step::Unhold),
                (self.consult_ms, Step::HangUp { by: None }),
            ],
        }
    }
}

/// One thing that happens in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The rung phone answers (of several: this one). During a consultation, the colleague's phone.
    Answer {
        /// An extension, `agent` or `client`.
        #[serde(default)]
        by: Option<String>,
    },
    /// The rung phone declines (603).
    Decline {
        /// An extension, `agent` or `client`.
        #[serde(default)]
        by: Option<String>,
    },
    /// The rung phone is busy (486).
    Busy {
        /// An extension, `agent` or `client`.
        #[serde(default)]
        by: Option<String>,
    },
    /// The dialplan gives up ringing; a hunt goes on at the next phone.
    TimeOut,
    /// Somebody hangs up; before the answer, the caller gives up.
    HangUp {
        /// An extension, `agent` or `client`; without, who called.
        #[serde(default)]
        by: Option<String>,
    },
    /// The agent puts the other side on hold.
    Hold,
    /// The agent takes the other side back.
    Unhold,
    /// The agent transfers blindly.
    Transfer {
        /// The colleague's extension.
        to: String,
    },
    /// The agent holds the client and calls a colleague.
    Consult {
        /// The colleague's extension.
        to: String,
    },
    /// The agent leaves client and colleague together.
    CompleteTransfer,
    /// The agent ends the consultation and stays with the client (still on hold).
    EndConsult,
}

impl Step {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Step::Answer { .. } => "answer",
            Step::Decline { .. } => "decline",
            Step::Busy { .. } => "busy",
            Step::TimeOut => "time_out",
            Step::HangUp { .. } => "hang_up",
            Step::Hold => "hold",
            Step::Unhold => "unhold",
            Step::Transfer { .. } => "transfer",
            Step::Consult { .. } => "consult",
            Step::CompleteTransfer => "complete_transfer",
            Step::EndConsult => "end_consult",
        }
    }
}

/// What people do when a click-to-call reaches them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answering {
    /// Answers.
    Answer,
    /// Declines.
    Decline,
    /// Is busy.
    Busy,
    /// Lets it ring until it times out.
    NoAnswer,
    /// Does nothing: step through it.
    Manual,
}

/// How the next originated calls go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClickPlan {
    /// What the agent's phone does.
    pub agent: Answering,
    /// Milliseconds until then.
    pub agent_ms: u64,
    /// What the client's phone does.
    pub client: Answering,
    /// Milliseconds until then.
    pub client_ms: u64,
    /// Milliseconds of talk; `null` = until somebody is told to hang up.
    pub talk_ms: Option<u64>,
    /// Who hangs up: `client`, `agent`.
    pub hang_up_by: String,
}

impl Default for ClickPlan {
    fn default() -> Self {
        Self {
            agent: Answering::Answer,
            agent_ms: 1500,
            client: Answering::Answer,
            client_ms: 1500,
            talk_ms: None,
            hang_up_by: "client".to_owned(),
        }
    }
}

impl ClickPlan {
    pub(crate) fn timetable(&self) -> Vec<(u64, Step)> {
        let step = |what: Answering, by: &str| match what {
            Answering::Answer => Some(Step::Answer { by: None }),
            Answering::Decline => Some(Step::Decline { by: Some(by.to_owned()) }),
            Answering::Busy => Some(Step::Busy { by: Some(by.to_owned()) }),
            Answering::NoAnswer | Answering::Manual => None,
        };
        // An agent who never answers ends by the originate's own time-out.
        let Some(first) = step(self.agent, "agent") else {
            return Vec::new();
        };
        let mut steps = vec![(self.agent_ms, first)];
        if self.agent != Answering::Answer {
            return steps;
        }
        match self.client {
            Answering::Manual => return steps,
            Answering::NoAnswer => steps.push((self.client_ms, Step::TimeOut)),
            Answering::Answer | Answering::Decline | Answering::Busy => {
                steps.extend(step(self.client, "client").map(|step| (self.client_ms, step)));
            }
        }
        if let (Answering::Answer, Some(talk_ms)) = (self.client, self.talk_ms) {
            steps.push((
                talk_ms,
                Step::HangUp {
                    by: Some(self.hang_up_by.clone()),
                },
            ));
        }
        steps
    }
}

/// A call as tests see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// The sandbox's id: `call-1`.
    pub call: String,
    /// The kind.
    pub kind: Kind,
    /// What it is doing.
    pub stage: Stage,
    /// Whether a side is on hold.
    pub held: bool,
    /// The caller as placed.
    pub from: String,
    /// The called one as placed.
    pub to: String,
    /// The conversation's id: its first channel (`linkedid`).
    pub conversation: String,
    /// The extension of the agent who talks; empty while nobody does.
    pub agent: String,
    /// The living channels' ids.
    pub channels: Vec<String>,
    /// Names of its recordings, as `/recordings/stored` lists them.
    pub recordings: Vec<String>,
    /// The consultation's call, while there is one.
    pub consultation: Option<String>,
}
