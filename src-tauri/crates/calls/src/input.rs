//! What the desk is told: by the PBX, the agent, the help desk.

use crate::call::DialTrouble;
use crate::claim::SeenClaim;
use crate::duty::{CaseFacts, DutyKind, DutyResult, UserEdit};
use crate::duty_key::DutyKey;
use crate::event::{CallEvent, LegId, OrderId};
use crate::gap::{Gap, Traces};
use crate::ids::{CaseId, UserId};
use crate::phone::PhoneKey;
use crate::reminder::ReminderAct;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// The PBX reported a fact about a leg.
    Pbx {
        /// The fact.
        event: CallEvent,
    },
    /// After a reconnect: only these legs are alive (D3).
    Resync {
        /// The legs alive now.
        live: Vec<LegId>,
        /// When the desk could not look; none in what an earlier version took in.
        #[serde(default)]
        gap: Option<Gap>,
    },
    /// What could be found out about a call that ended out of sight ([`crate::Effect::Inquire`]).
    Traced {
        /// Which call.
        leg: LegId,
        /// What was found.
        traces: Traces,
    },
    /// The agent did something.
    Agent {
        /// With which call.
        leg: LegId,
        /// What.
        action: AgentAction,
    },
    /// The agent ordered a call out (S18).
    Dial {
        /// The leg it will have.
        leg: LegId,
        /// What was ordered.
        order: Order,
    },
    /// The PBX did not place an ordered call.
    DialFailed {
        /// Which call.
        leg: LegId,
        /// Why.
        trouble: DialTrouble,
    },
    /// The agent changed a user's data outside of a call (S05).
    EditUser {
        /// The identity of the change.
        key: DutyKey,
        /// Whose.
        user: UserId,
        /// What.
        changes: UserEdit,
    },
    /// A look-up came back.
    Found {
        /// For which call.
        leg: LegId,
        /// Which number was looked up; an answer for an earlier number is ignored.
        key: PhoneKey,
        /// What came.
        found: Found,
    },
    /// The help desk's list of a user's cases was read, for instance for the profile: missed calls at other desks show
    /// there, and so does what colleagues have dealt with.
    #[serde(rename = "missed_seen")]
    MissedCasesRead {
        /// Whose.
        user: UserId,
        /// Missed-call cases that wait for a conversation.
        open: Vec<CaseFacts>,
        /// Missed-call cases that do not any more.
        over: Vec<CaseId>,
    },
    /// A case was read, for whichever page: who calls its client back?
    ClaimRead {
        /// The case.
        case: CaseId,
        /// What it says, while it waits.
        seen: Option<SeenClaim>,
        /// It waits no more.
        over: bool,
    },
    /// The agent did something with a reminder.
    Reminder {
        /// Which.
        key: DutyKey,
        /// What.
        act: ReminderAct,
    },
    /// Reminders are due.
    RemindersDue,
    /// The message about a call is about to be sent, with what was typed since it was owed.
    TookText {
        /// Which call.
        leg: LegId,
    },
    /// Something owed was delivered.
    Done {
        /// Which duty.
        key: DutyKey,
        /// Of which call.
        leg: LegId,
        /// What it was, as it was sent; none in what an earlier version took in, and where another computer did it.
        #[serde(default)]
        duty: Option<Box<DutyKind>>,
        /// What came of it.
        result: DutyResult,
    },
}

/// A call out that the agent ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identity; an order that is placed twice rings once.
    pub id: OrderId,
    /// The number to dial.
    pub number: String,
    /// Whose number it is, where known without doubt.
    pub user: Option<UserId>,
    /// The case it is dialled from.
    pub case: Option<CaseFacts>,
}

/// What a look-up found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// These users have the number; none: nobody has it.
    Users(Vec<UserId>),
    /// The help desk did not answer.
    Nothing,
}

/// What an agent does with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum AgentAction {
    /// Opened the compose page.
    OpenCompose,
    /// Typed; the draft as it stands.
    SaveDraft {
        /// «Тема»
        subject: String,
        /// «Суть звонка»
        gist: String,
    },
    /// Is done with the text for now: what was typed after the end goes to the help desk.
    SendDraft,
    /// Pressed «Создать» (S05).
    CreateCase {
        /// «Тема»
        subject: String,
        /// «Суть звонка»
        gist: String,
    },
    /// Saved the gist in an earlier case (S08).
    Attach {
        /// The case.
        case: CaseFacts,
        /// «Суть звонка»
        gist: String,
    },
    /// Chose among several users of one number.
    ChooseUser {
        /// Whom.
        user: UserId,
        /// For the next calls too.
        remember: bool,
    },
    /// Linked the number to a found user (S13).
    LinkUser {
        /// Whom.
        user: UserId,
    },
    /// Changed the data of the call's user; of the one that the call's case brings, while there is none (S05, S14).
    EditUser {
        /// What.
        changes: UserEdit,
    },
    /// Undid what was decided when the call ended.
    Undo,
    /// Picked labels for the call's case: all of them as they are picked now.
    PickLabels {
        /// Their titles.
        labels: Vec<String>,
    },
    /// Is done picking labels.
    SendLabels,
    /// Undertakes to call a missed client back.
    Claim,
    /// Does not after all.
    Release,
    /// Is to be reminded to call back.
    Remind {
        /// When.
        due: Moment,
        /// What about.
        what: String,
        /// Who it is, for when nobody can be asked.
        name: String,
    },
}
