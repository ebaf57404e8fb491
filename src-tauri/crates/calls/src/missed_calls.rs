//! Missed calls: which share a case (S25, S27), and what becomes of it.
//!
//! A desk remembers the missed-call cases that wait for a conversation. What it remembers decides what is shown at once;
//! the help desk has the last word when the call is written, as other desks open, note in, and close such cases, too.

use crate::call::{Call, Choice};
use crate::desk::Desk;
use crate::duty::{CaseFacts, CaseTarget, DutyResult, Record};
use crate::duty_key::{DutyKey, DutyName};
use crate::event::{Direction, Disposition, LegId};
use crate::ids::{CaseId, UserId};
use crate::open_missed::OpenMissed;
use crate::outcome::{Act, Facts, Outcome, Reason, decide};
use crate::remembered::KEPT;
use crate::time::Moment;

impl Desk {
    /// The user's missed-call cases that still wait for a conversation (S27), oldest first.
    pub fn open_missed<'a>(&'a self, call: &Call) -> impl Iterator<Item = &'a OpenMissed> + use<'a> {
        let (phone, user) = (call.client_key(), call.writes_for());
        self.notes
            .missed
            .iter()
            .filter(move |missed| (phone.is_some() && missed.phone == phone) || (user.is_some() && missed.user == user))
    }

    pub(crate) fn remember_missed(&mut self, missed: OpenMissed) {
        let notes = self.touch_notes();
        notes.missed.push(missed);
        if notes.missed.len() > KEPT {
            notes.missed.remove(0);
        }
    }

    /// Which missed-call cases wait for a conversation now that a call was settled (S27).
    pub(crate) fn note_missed(&mut self, leg: &LegId, before: &[OpenMissed]) {
        let Some(call) = self.calls.get(leg).cloned() else { return };
        let Some(outcome) = call.filing.outcome else { return };
        if call.is_conversation() && !before.is_empty() {
            // Another number of the client may be remembered with the same case.
            let same = |one: &OpenMissed, other: &OpenMissed| {
                let case = |missed: &OpenMissed| missed.case.as_ref().map(|case| case.id);
                one.opened_by == other.opened_by || (case(one).is_some() && case(one) == case(other))
            };
            let over = |missed: &OpenMissed| before.iter().any(|before| same(before, missed));
            self.touch_notes().missed.retain(|missed| !over(missed));
            let cases: Vec<CaseId> = before
                .iter()
                .filter_map(|missed| missed.case.as_ref())
                .map(|case| case.id)
                .collect();
            self.claims_over(&cases);
        }
        let status = call.key(DutyName::Status);
        if outcome.act == Act::OpenCase && outcome.reason == Reason::Missed {
            self.remember_missed(OpenMissed {
                phone: call.client_key(),
                user: call.user(),
                opened_by: call.key(DutyName::Case),
                case: None,
                last_status: Some(status),
                confirmed_at: None,
            });
            return;
        }
        let noted = |missed: &OpenMissed| call.filing.joined.as_ref() == Some(&missed.opened_by) || missed.is_of(&call);
        if let Some(at) = self.notes.missed.iter().position(noted)
            && outcome.status.is_some()
        {
            self.touch_notes().missed[at].last_status = Some(status);
        }
    }

    /// A missed call is in the help desk now. What is there tells whether it has a case of its own.
    pub(crate) fn missed_told(&mut self, key: &DutyKey, leg: &LegId, result: &DutyResult) {
        if self.calls.get(leg).is_none_or(|call| *key != call.key(DutyName::Case)) {
            return;
        }
        match result.record {
            Some(Record::Conversation) => return self.taken_elsewhere(leg),
            Some(Record::Missed) => self.missed_after_all(leg, result),
            Some(Record::Unknown) | None => {}
        }
        let Some(call) = self.calls.get(leg) else { return };
        if call.detail.disposition == Some(Disposition::Unknown) {
            return self.unknown_told(leg, result);
        }
        let Some(before) = call
            .filing
            .outcome
            .filter(|outcome| is_missed(outcome) && outcome.act != Act::FinishCase)
        else {
            return;
        };
        let Some(facts) = result.case.clone() else { return };
        let outcome = decide(&Facts {
            open_missed: result.joined,
            ..self.facts(call, &[])
        });
        let own = call.key(DutyName::Case);
        let remembered = OpenMissed {
            phone: call.client_key(),
            user: result.user.or(call.user()),
            opened_by: own.clone(),
            case: Some(facts.clone()),
            last_status: Some(call.key(DutyName::Status)),
            confirmed_at: call.detail.ended_at,
        };
        let Some(call) = self.touch(leg) else { return };
        call.filing.missed_told = true;
        call.filing.case = Some(facts.clone());
        let was = call.filing.joined.take().unwrap_or_else(|| own.clone());
        if result.joined {
            call.filing.joined = Some(was.clone());
        }
        if is_missed(&outcome) {
            call.filing.outcome = Some(Outcome {
                closes_missed: before.closes_missed,
                ..outcome
            });
        }
        let Some(at) = self.notes.missed.iter().position(|missed| missed.opened_by == was) else {
            // A conversation came between.
            return;
        };
        let note = &mut self.touch_notes().missed[at];
        if result.joined {
            note.case = Some(facts);
            note.confirmed_at = note.confirmed_at.max(remembered.confirmed_at);
        } else {
            // The one that was remembered had been dealt with.
            *note = OpenMissed {
                last_status: note.last_status.take().or(remembered.last_status.clone()),
                ..remembered
            };
        }
    }

    /// The caller was not missed after all: somebody answered while the call went on elsewhere. What is in the help desk
    /// already stays; the colleague's own conversation closes it.
    pub(crate) fn taken_elsewhere(&mut self, leg: &LegId) {
        let Some(call) = self.touch(leg) else { return };
        let ended = !call.is_live() && call.detail.direction == Direction::Inbound;
        let untold = ended && !call.was_answered() && !call.filing.missed_told && call.handling.choice == Choice::None;
        let open = |outcome: &Outcome| is_missed(outcome) || outcome.reason == Reason::OutcomeUnknown;
        if !untold || !call.filing.outcome.as_ref().is_some_and(open) {
            return;
        }
        let own = call.key(DutyName::Case);
        call.detail.disposition = Some(Disposition::AnsweredElsewhere);
        (call.filing.case, call.filing.joined) = (None, None);
        // What the agent may still create for it is another thing than what was owed.
        call.filing.replaced += 1;
        let Some(call) = self.calls.get(leg) else { return };
        let outcome = decide(&self.facts(call, &[]));
        if let Some(call) = self.touch(leg) {
            call.filing.outcome = Some(outcome);
        }
        if self.notes.missed.iter().any(|missed| missed.opened_by == own) {
            self.touch_notes().missed.retain(|missed| missed.opened_by != own);
        }
    }

    /// A queue rings the agent's own phone again: what they answer was not missed the first time either, whichever of
    /// the two is first known to be part of the conversation.
    pub(crate) fn answered_after_all(&mut self, leg: &LegId) {
        let Some(conversation) = self.calls.get(leg).and_then(|call| call.detail.conversation.clone()) else {
            return;
        };
        let legs: Vec<&Call> = self
            .calls
            .values()
            .filter(|call| call.detail.conversation.as_ref() == Some(&conversation))
            .collect();
        let answered = legs.iter().filter_map(|call| call.detail.answered_at).max();
        // Who was answered before, and then missed, was missed.
        let missed = legs.iter().filter(|call| answered.is_some_and(|at| at > call.detail.offered_at));
        let missed: Vec<LegId> = missed.map(|call| call.leg.clone()).collect();
        for leg in missed {
            self.taken_elsewhere(&leg);
        }
    }

    /// What a list of a user's cases tells. Of cases that this desk has itself written to, it knows better.
    pub(crate) fn missed_cases_read(&mut self, user: UserId, open: Vec<CaseFacts>, over: &[CaseId], now: Moment) {
        let is_over = |missed: &OpenMissed| missed.case.as_ref().is_some_and(|case| over.contains(&case.id));
        if self.notes.missed.iter().any(is_over) {
            self.touch_notes().missed.retain(|missed| !is_over(missed));
        }
        for case in open {
            let of_case = |missed: &OpenMissed| missed.case.as_ref().is_some_and(|known| known.id == case.id);
            if let Some(at) = self.notes.missed.iter().position(of_case) {
                self.touch_notes().missed[at].confirmed_at = Some(now);
            } else if !self.knows(case.id) {
                self.remember_missed(OpenMissed {
                    phone: None,
                    user: Some(user),
                    opened_by: DutyKey::from_text(&format!("seen/{}", case.id.0)),
                    case: Some(case),
                    last_status: None,
                    confirmed_at: Some(now),
                });
            }
        }
    }

    fn knows(&self, case: CaseId) -> bool {
        let is_it = |facts: &CaseFacts| facts.id == case;
        let of_call = |call: &Call| {
            let closed = call.filing.closed_missed.contains(&CaseTarget::Existing(case));
            closed || (!call.is_live() && call.filing.case.as_ref().is_some_and(is_it))
        };
        let remembered = self.notes.missed.iter().filter_map(|missed| missed.case.as_ref()).any(is_it);
        remembered || self.calls.values().any(of_call)
    }
}

/// Whether a decision is about a call that nobody answered.
fn is_missed(outcome: &Outcome) -> bool {
    matches!(outcome.reason, Reason::Missed | Reason::MissedAgain)
}
