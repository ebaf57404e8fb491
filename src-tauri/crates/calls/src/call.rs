//! One call: the agent's own part of a conversation, from the first ring until all that is owed is known.

use crate::{
    Among, CaseFacts, CaseTarget, ConversationId, Direction, Disposition, DutyKey, Extension, Gap, LegId, Moment, Number, OrderId, Origin,
    Outcome, PhoneKey, RecordingRef, Ring, Subject, TransferKind, UserEdit,
};
use serde::{Deserialize, Serialize};

/// A user of the help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub u64);

/// A case of the help desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub u64);

/// What is happening with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The agent's phone rings.
    Ringing,
    /// Click-to-call: the agent's own phone rings first (S18).
    CallingAgent,
    /// The client is being rung.
    Dialing,
    /// They talk.
    Talking,
    /// The agent put the client on hold.
    Held,
    /// Over.
    Ended,
}

/// Who is on the other side, as far as the help desk knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Caller {
    /// Being looked up.
    LookingUp,
    /// This user.
    Known {
        /// Who.
        user: UserId,
        /// Whether the agent chose or linked the user, so that no later look-up may change it.
        chosen: bool,
    },
    /// Several users have the number; whose it is written for by itself stands in [`Call::among`].
    Several {
        /// Who they are.
        users: Vec<UserId>,
    },
    /// Nobody has it (S10).
    Unknown,
    /// The caller hid the number: there is nothing to look up.
    Withheld,
    /// A colleague, or no number at all: nothing to look up.
    NotLookedUp,
    /// The help desk could not be asked.
    Unavailable,
}

/// How far the agent went on the compose page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compose {
    /// Never opened.
    #[default]
    NotOpened,
    /// Open now, or opened and left (S07 asks only whether it was opened).
    Opened,
}

/// What the agent typed so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// «Тема»
    pub subject: String,
    /// «Суть звонка»
    pub gist: String,
    /// When it was last saved.
    pub saved_at: Option<Moment>,
}

impl Draft {
    /// Whether both say the same, apart from the space around it.
    #[must_use]
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.subject.trim() == other.subject.trim() && self.gist.trim() == other.gist.trim()
    }

    /// Whether nothing worth keeping was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.subject.trim().is_empty() && self.gist.trim().is_empty()
    }
}

/// What the agent ordered for the call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Choice {
    /// Nothing.
    #[default]
    None,
    /// A new case (S05).
    NewCase,
    /// An earlier case (S08).
    Attach {
        /// Which.
        case: CaseFacts,
    },
}

/// A transfer by this agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    /// How.
    pub kind: TransferKind,
    /// To whom, if the PBX says.
    pub to: Option<String>,
}

/// What became of the recording, as far as the call knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Recording {
    /// The PBX told of none.
    #[default]
    None,
    /// The PBX records; fetched when the call has ended.
    Expected {
        /// Where.
        name: RecordingRef,
    },
    /// In the case.
    Attached,
    /// Could not be had; the case went without.
    Lost,
}

/// One call of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its identity.
    pub leg: LegId,
    /// The conversation it is part of, once known.
    pub conversation: Option<ConversationId>,
    /// Who started it.
    pub direction: Direction,
    /// How it came here.
    pub origin: Origin,
    /// The other side's number.
    pub number: Number,
    /// The name the PBX sent along, fit to be shown; none where it names nobody.
    pub remote_name: Option<String>,
    /// The number that was dialled.
    pub line: Option<String>,
    /// The queue or group.
    pub queue: Option<String>,
    /// The other desks at which it rings.
    #[serde(default)]
    pub shared_with: Vec<Extension>,
    /// This desk's place among them, from 0: who writes first what a missed call needs.
    #[serde(default)]
    pub place: u32,
    /// When it began to ring or dial.
    pub offered_at: Moment,
    /// When the two sides began to talk.
    pub answered_at: Option<Moment>,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// What is happening.
    pub phase: Phase,
    /// Click-to-call: whether the agent picked up.
    pub agent_picked_up: bool,
    /// How it ended.
    pub disposition: Option<Disposition>,
    /// Our own click-to-call order.
    pub order: Option<OrderId>,
    /// The PBX told of the call; not yet, when we have only ordered it.
    #[serde(default)]
    pub confirmed: bool,
    /// Who is on the other side.
    pub caller: Caller,
    /// How far the agent went on the compose page.
    pub compose: Compose,
    /// What the agent typed.
    pub draft: Draft,
    /// What the agent ordered.
    pub choice: Choice,
    /// Whether the agent passed it on.
    pub transferred: Option<Transferred>,
    /// The colleague who passed it on to this agent.
    pub transferred_from: Option<Extension>,
    /// The recording.
    pub recording: Recording,
    /// Whether a duty of its own was owed for the recording; happens once.
    #[serde(default)]
    pub recording_owed: bool,
    /// That duty came after the call's message: what the message says of the recording is not the last word.
    #[serde(default)]
    pub recording_late: bool,
    /// The case, once it is in the help desk.
    pub case: Option<CaseFacts>,
    /// What was decided at the end.
    pub outcome: Option<Outcome>,
    /// Whether the profile was opened for it by itself (S03); happens once.
    pub profile_opened: bool,
    /// How many later corrections were ordered; makes their keys distinct.
    pub corrections: u32,
    /// The case it was called from (S18).
    #[serde(default)]
    pub called_from: Option<CaseFacts>,
    /// Why the PBX did not place it.
    #[serde(default)]
    pub dial_trouble: Option<DialTrouble>,
    /// The case was created while the call lasted: what became of the call follows as a message of its own (S06).
    #[serde(default)]
    pub created_live: bool,
    /// The agent typed on after «Создать»; what was typed goes into the message about the end.
    #[serde(default)]
    pub typed_since: bool,
    /// The text as it was owed last, while the agent has typed on after the end.
    #[serde(default)]
    pub owed_text: Option<Draft>,
    /// The note in the message about the call, once additions follow it.
    #[serde(default)]
    pub told_gist: Option<String>,
    /// How many additions were owed; makes their keys distinct.
    #[serde(default)]
    pub additions: u32,
    /// How often its case was found deleted and a new one took its place; makes the keys of what is owed anew distinct.
    #[serde(default)]
    pub replaced: u32,
    /// The missed-call case it was noted in (S27, S32), by the duty that opened it.
    #[serde(default)]
    pub joined: Option<DutyKey>,
    /// The missed call is in the help desk: nothing takes it back any more.
    #[serde(default)]
    pub missed_told: bool,
    /// The missed-call cases it closed (S33a, S33d).
    #[serde(default)]
    pub closed_missed: Vec<CaseTarget>,
    /// The agent undid what was decided.
    #[serde(default)]
    pub undone: bool,
    /// The cases that undoing is to give their earlier status back.
    #[serde(default)]
    pub undoing: Vec<Undoing>,
    /// What the agent typed about a user who is not there yet (S14).
    #[serde(default)]
    pub edit: Option<UserEdit>,
    /// The subject of its own case as it was owed last.
    #[serde(default)]
    pub sent_subject: Option<Subject>,
    /// The duty that links the number to the chosen user (S13); a case is opened after it.
    #[serde(default)]
    pub link: Option<DutyKey>,
    /// Its legs, where the phone was rung more than once for the same conversation; empty where it has but one.
    #[serde(default)]
    pub rings: Vec<Ring>,
    /// How often it rang again after its end; makes the keys of what is owed then distinct.
    #[serde(default)]
    pub rung_again: u32,
    /// For whom it is written, where several users have the number and the agent chose none.
    #[serde(default)]
    pub among: Option<Among>,
    /// Where the PBX keeps its recording, also after it was sent.
    #[serde(default)]
    pub recorded: Option<RecordingRef>,
    /// Another computer of this agent wrote it: this one only shows it.
    #[serde(default)]
    pub elsewhere: bool,
    /// To whom the agent has given the number so far, the last one last.
    #[serde(default)]
    pub linked_to: Vec<UserId>,
    /// The desk could not look during this time, and the call ended in it.
    #[serde(default)]
    pub unseen: Option<Gap>,
    /// The end of the talk was out of sight: it lasted at least as long as is known.
    #[serde(default)]
    pub talk_at_least: bool,
}

/// A case whose earlier status the agent wants back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoing {
    /// The duty that writes it.
    pub key: DutyKey,
    /// Which case.
    pub case: CaseTarget,
    /// A colleague had decided otherwise meanwhile: nothing was written, and what they decided stands.
    pub overruled: bool,
}

/// Why a call that the agent ordered was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialTrouble {
    /// No phone can dial this number.
    BadNumber,
    /// The PBX cannot be reached.
    OutOfReach,
    /// Wrong user or password.
    BadCredentials,
    /// The user of the PBX may not place calls.
    Forbidden,
    /// The agent's phone is not registered.
    PhoneUnavailable,
    /// The PBX refused for another reason.
    Refused,
    /// The PBX did not answer, and nothing was heard of the call since.
    Lost,
    /// The agent hung up before the PBX had told of it; placed after all, it is hung up.
    Cancelled,
    /// The PBX knows no way for it: no such extension in its context, no line for the number. Nobody was dialled.
    NoRoute,
    /// There is no such number.
    NoSuchNumber,
    /// The line took no call: congested, out of order, barred.
    LineRefused,
}

impl DialTrouble {
    /// What the Q.850 cause of a failed call says of the PBX and its lines. None for what lies with the client's own
    /// phone, such as one that is switched off: the call was made, in vain.
    #[must_use]
    pub fn of_cause(cause: u16) -> Option<Self> {
        match cause {
            2 | 3 => Some(Self::NoRoute),
            1 | 28 => Some(Self::NoSuchNumber),
            5 | 29 | 34 | 38 | 41 | 42 | 44 | 50 | 52 | 58 | 63 | 66 | 88 | 102 | 111 => Some(Self::LineRefused),
            _ => None,
        }
    }
}

impl Call {
    /// The key of something owed for this call. What is owed anew after its case was found deleted has a key of its own.
    #[must_use]
    pub fn key(&self, what: &str) -> DutyKey {
        // The case that the agent created while it rang is there, however often it rings.
        let kept = self.created_live && what == "case";
        match self.replaced + if kept { 0 } else { self.rung_again } {
            0 => DutyKey::new(&self.leg, what),
            times => DutyKey::new(&self.leg, &format!("{what}-{}", times + 1)),
        }
    }

    /// Whether the agent ordered it and the PBX has not told of it yet.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.order.is_some() && !self.confirmed
    }

    /// Whether the agent attached it to this case.
    #[must_use]
    pub fn is_attached_to(&self, case: CaseId) -> bool {
        matches!(&self.choice, Choice::Attach { case: chosen } if chosen.id == case)
    }

    /// Whether it still goes on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.phase != Phase::Ended
    }

    /// Whether the two sides talked.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.answered_at.is_some()
    }

    /// How long they talked, ms; `None` while it lasts or when nobody talked.
    #[must_use]
    pub fn talk_ms(&self) -> Option<i64> {
        Some(self.ended_at?.since(self.answered_at?))
    }

    /// Whether a colleague's decision stands against the agent's undoing: about the call's own case, or, where only
    /// missed-call cases were to be opened again, about all of them.
    #[must_use]
    pub fn is_overruled(&self) -> bool {
        let own = self.key("undo");
        let of_own = self.undoing.iter().find(|undoing| undoing.key == own);
        match of_own {
            Some(own) => own.overruled,
            None => !self.undoing.is_empty() && self.undoing.iter().all(|undoing| undoing.overruled),
        }
    }

    /// What undoing does to a missed-call case that the call closed.
    #[must_use]
    pub fn undoing_of(&self, missed: &CaseTarget) -> Option<&Undoing> {
        let own = self.key("undo");
        self.undoing.iter().find(|undoing| undoing.case == *missed && undoing.key != own)
    }

    /// Whom the help desk may know the other side by: whoever is outside, whatever the number looks like; none for a hidden
    /// number and for a colleague.
    #[must_use]
    pub fn client_key(&self) -> Option<PhoneKey> {
        let key = self.number.key()?;
        (self.direction != Direction::Internal || key.e164().is_some()).then_some(key)
    }

    /// The user on the other side, when there is no doubt.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match &self.caller {
            Caller::Known { user, .. } => Some(*user),
            Caller::LookingUp | Caller::Several { .. } | Caller::Unknown | Caller::Withheld | Caller::NotLookedUp | Caller::Unavailable => {
                None
            }
        }
    }
}
