//! Several users have the number, and the agent chose none: whose case is it?
//!
//! Whose missed call waits for this conversation, theirs it is; else whom the help desk heard last, or nobody's but the
//! number's, as the office decides. The case says that it was guessed and from how many. Choosing another one afterwards
//! moves it: a new case takes its place, and the guessed one goes.

use crate::call::{Call, Caller, Choice, Recording};
use crate::desk::{Desk, Effect};
use crate::duty::{CaseTarget, DutyKind};
use crate::outcome::Act;
use crate::settle::owe;
use crate::{LegId, UserId};
use serde::{Deserialize, Serialize};

/// What the office decides for callers whose number several users have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Several {
    /// The case goes to the one whom the help desk heard last.
    #[default]
    Newest,
    /// The agent is asked; until then the case is the number's own.
    Ask,
}

/// Why a user was guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guess {
    /// A missed call of theirs waits.
    Missed,
    /// The help desk heard of them last.
    Newest,
}

/// A user who was chosen by no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guessed {
    /// Whom.
    pub user: UserId,
    /// Of how many.
    pub of: usize,
    /// Why.
    pub why: Guess,
}

impl Desk {
    /// Before something is written for a call: whose it is, where several have the number. Decided once.
    pub(crate) fn guess(&mut self, leg: &LegId) {
        let Some(call) = self.calls.get(leg).filter(|call| call.guessed.is_none()) else {
            return;
        };
        let Caller::Several { users } = &call.caller else { return };
        let waiting = self.notes.missed.iter().filter_map(|missed| missed.user);
        let waits = waiting.filter(|user| users.contains(user)).last();
        let newest = users.first().filter(|_| self.policy.several == Several::Newest);
        let guessed = match (waits, newest) {
            (Some(user), _) => Some((user, Guess::Missed)),
            (None, Some(user)) => Some((*user, Guess::Newest)),
            (None, None) => None,
        };
        let of = users.len();
        if let (Some((user, why)), Some(call)) = (guessed, self.touch(leg)) {
            call.guessed = Some(Guessed { user, of, why });
        }
    }

    /// The agent chose another user than the guessed one after the case was owed: it moves to them, with its recording.
    pub(crate) fn move_case(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let Some(guessed) = call.guessed.take() else { return Vec::new() };
        let own = call
            .outcome
            .is_some_and(|outcome| matches!(outcome.act, Act::OpenCase | Act::FinishCase));
        if call.user() == Some(guessed.user) || !own || call.is_live() || call.elsewhere || call.joined.is_some() {
            return Vec::new();
        }
        let from = call.key("case");
        call.moved += 1;
        call.missed_told = false;
        call.case = None;
        // What was created while it lasted is written as one message now.
        call.created_live = false;
        call.choice = match &call.choice {
            Choice::NewCase => Choice::NewCase,
            Choice::None | Choice::Attach { .. } => Choice::None,
        };
        (call.recording_owed, call.recording_late, call.undone) = (false, false, false);
        call.undoing.clear();
        if let Some(name) = call.recorded.clone().filter(|_| call.recording == Recording::Attached) {
            call.recording = Recording::Expected { name };
        }
        let was_missed = |missed: &crate::OpenMissed| missed.opened_by == from;
        if self.notes.missed.iter().any(was_missed) {
            self.touch_notes().missed.retain(|missed| !was_missed(missed));
        }
        let mut effects = self.settle(leg);
        let Some(call) = self.calls.get(leg) else { return effects };
        let kind = DutyKind::DropCase {
            case: CaseTarget::OpenedBy(from.clone()),
            into: call.key("case"),
        };
        effects.push(owe(call, &format!("dropped-{}", call.moved), vec![from, call.key("case")], kind));
        effects
    }
}

impl Call {
    /// The user for whom something is written: known, chosen, or guessed.
    #[must_use]
    pub fn writes_for(&self) -> Option<UserId> {
        self.user().or(self.guessed.map(|guessed| guessed.user))
    }
}
