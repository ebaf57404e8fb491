//! Several users have the number, and the agent chose none: whose case is it?
//!
//! Whose missed call waits for this conversation, theirs it is; else whom the help desk heard last, as nothing may wait
//! for a person. The case says that nobody chose, and of how many. Who chooses another one moves it: it is opened anew
//! for them with everything that is known of the call, and the one in the wrong place goes.

use crate::call::{Among, Call, Caller, Choice, Recording};
use crate::desk::Desk;
use crate::duty::{CaseTarget, Duty, DutyKind, Handset, Summary};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::Effect;
use crate::event::{LegId, RecordingRef};
use crate::guess::{Guess, Guessed, Several};
use crate::ids::UserId;
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, CaseStatus};
use crate::owed::{called_back, decided_at, handset, owe, owner, subject_of, summary};

impl Call {
    /// For whom something is written: known, chosen, or guessed.
    #[must_use]
    pub fn writes_for(&self) -> Option<UserId> {
        self.user().or(self.filing.among.as_ref().map(|among| among.written_for))
    }

    /// Of a case that can be moved to another one of the users who have the number: how it stands.
    #[must_use]
    pub fn movable(&self) -> Option<&Among> {
        let own = self.filing.outcome.map_or(self.handling.created_live, |outcome| {
            matches!(outcome.act, Act::OpenCase | Act::FinishCase)
        });
        self.filing
            .among
            .as_ref()
            .filter(|_| own && !self.filing.elsewhere && self.filing.joined.is_none())
    }

    /// Whether the agent is asked who called.
    #[must_use]
    pub fn asks_who(&self) -> bool {
        self.user().is_none() && self.movable().is_some_and(|among| among.guessed.why == Guess::Asked)
    }

    fn move_key(&self, times: u32) -> DutyKey {
        DutyKey::new(&self.leg, &DutyName::Move(times).to_string())
    }

    /// Whether this is the key of a move of its case.
    pub(crate) fn has_moved_by(&self, key: &DutyKey) -> bool {
        let moves = self.filing.among.as_ref().map_or(0, |among| among.moves);
        (1..=moves).any(|times| self.move_key(times) == *key)
    }

    fn recording_to_move(&self) -> Option<RecordingRef> {
        match &self.filing.recording {
            // What is owed for it goes to the case wherever that is by then.
            Recording::None | Recording::Expected { .. } if self.is_live() => None,
            Recording::Expected { name } => Some(name.clone()),
            Recording::Attached | Recording::Missing | Recording::None => self.detail.recorded.clone(),
        }
        .filter(|_| self.was_answered())
    }
}

impl Desk {
    /// Before something is written for a call by itself: whose it is, where several have the number. Decided once. What
    /// the agent attaches to a case is that case's user's.
    pub(crate) fn guess(&mut self, leg: &LegId) {
        let Some(call) = self.calls.get(leg).filter(|call| call.filing.among.is_none()) else {
            return;
        };
        let Caller::Several { users } = &call.caller else { return };
        if matches!(call.handling.choice, Choice::Attach { .. }) {
            return;
        }
        let waits = self
            .notes
            .missed
            .iter()
            .filter_map(|missed| missed.user)
            .rfind(|user| users.contains(user));
        let (user, why) = match (waits, users.first(), self.policy.several) {
            (Some(user), ..) => (user, Guess::Missed),
            (None, Some(user), Several::Newest) => (*user, Guess::Newest),
            (None, Some(user), Several::Ask) => (*user, Guess::Asked),
            (None, None, _) => return,
        };
        let users = users.clone();
        if let Some(call) = self.touch(leg) {
            let of = users.len();
            call.filing.among = Some(Among {
                guessed: Guessed { user, of, why },
                written_for: user,
                users,
                moves: 0,
                closed: Vec::new(),
            });
        }
    }

    /// The conversation closed these missed-call cases; of those that wait for the guessed user alone it is remembered
    /// that nobody said so.
    pub(crate) fn closed_by_guess(&mut self, leg: &LegId, missed: &[OpenMissed]) {
        let Some(call) = self.touch(leg).filter(|call| call.user().is_none()) else {
            return;
        };
        let phone = call.client_key();
        let closed = call.filing.closed_missed.clone();
        if let Some(among) = &mut call.filing.among {
            let only_theirs = |missed: &&OpenMissed| closed.contains(&missed.target()) && missed.phone != phone;
            among.closed = missed.iter().filter(only_theirs).cloned().collect();
        }
    }

    /// The agent said who it was: a case that stands at another of the users moves, and what was closed for that one
    /// waits again.
    pub(crate) fn move_case(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self.calls.get(leg) else { return Vec::new() };
        let (Some(among), Some(user)) = (call.movable(), call.user()) else {
            return Vec::new();
        };
        if among.written_for == user {
            return Vec::new();
        }
        let case = call.key(DutyName::Case);
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let Some(among) = &mut call.filing.among else { return Vec::new() };
        among.moves += 1;
        among.written_for = user;
        let (times, wait_again) = (among.moves, std::mem::take(&mut among.closed));
        call.filing
            .closed_missed
            .retain(|closed| !wait_again.iter().any(|missed| missed.target() == *closed));
        // The first message of the new case tells everything that has been typed.
        (call.filing.told_gist, call.filing.owed_text, call.handling.typed_since) = (None, None, false);
        let call = call.clone();
        let mut effects: Vec<Effect> = owner(&call)
            .map(|owner| {
                let kind = DutyKind::MoveCase {
                    case: CaseTarget::OpenedBy(case.clone()),
                    owner,
                    subject: subject_of(&call),
                    summary: Summary {
                        // A note about it may go with the old case.
                        promise: call.filing.promised.clone(),
                        ..summary(&call)
                    },
                    handset: handset(&call),
                    status: call.filing.outcome.and_then(|outcome| outcome.status),
                    recording: call.recording_to_move(),
                };
                let after = std::iter::once(case.clone()).chain(call.filing.link.clone()).collect();
                Effect::Owe(Duty {
                    key: call.move_key(times),
                    leg: leg.clone(),
                    after,
                    kind,
                })
            })
            .into_iter()
            .collect();
        for (n, missed) in wait_again.into_iter().enumerate() {
            effects.push(waits_again(&call, DutyName::WaitsAgain(times, n), &missed));
            self.remember_missed(missed);
        }
        // A missed call waits for its new user's conversation.
        let is_own = |missed: &OpenMissed| missed.opened_by == case;
        if let Some(own) = self.notes.missed.iter().position(is_own) {
            self.touch_notes().missed[own].user = Some(user);
        }
        effects
    }
}

/// A missed call that was closed by mistake is open and red again, unless somebody has decided otherwise since.
fn waits_again(call: &Call, name: DutyName, missed: &OpenMissed) -> Effect {
    let kind = DutyKind::SetStatus {
        case: missed.target(),
        status: Some(CaseStatus::Open),
        handset: called_back(call).map(|_| Handset::Missed),
        responsible: false,
        since: decided_at(call),
        expects: Some(CaseStatus::Closed),
        guards: false,
    };
    owe(call, name, missed.so_far(), kind)
}
