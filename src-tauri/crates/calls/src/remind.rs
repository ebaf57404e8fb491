//! Reminders to call back: set after a call, told in its case, shown when they are due, done with when the agent says so or
//! has called back.
//!
//! They outlive their calls. What was promised goes into the message about the call where that is yet to be owed; else it
//! is a note of its own.

use crate::call::Call;
use crate::desk::Desk;
use crate::duty::{CaseTarget, Duty, DutyKind, Promise, Summary};
use crate::duty_key::{DutyKey, DutyName};
use crate::effect::{Effect, Refusal};
use crate::event::{Direction, LegId};
use crate::outcome::Act;
use crate::owed::{goes_to, owe, summary};
use crate::reminder::{Reminder, ReminderAct};
use crate::text::visible;
use crate::time::Moment;

/// More open reminders are no help to anybody.
const MOST: usize = 200;
/// The longest text about what to call back for, characters.
const LONGEST_WHAT: usize = 500;

impl Desk {
    /// Reminders that are not done with, in no particular order.
    #[must_use]
    pub fn reminders(&self) -> &[Reminder] {
        &self.notes.reminders
    }

    /// A second reminder for the same call takes the place of the first: the agent thought better of it.
    pub(crate) fn remind(&mut self, leg: &LegId, due: Moment, what: &str, name: String, now: Moment) -> Vec<Effect> {
        let others = self.notes.reminders.iter().filter(|reminder| reminder.leg != *leg).count();
        let refusal = match self.calls.get(leg) {
            None => Some(Refusal::NoSuchCall),
            Some(call) if call.detail.number.key().is_none() => Some(Refusal::NobodyToCall),
            Some(_) if due <= now => Some(Refusal::InThePast),
            Some(_) if others >= MOST => Some(Refusal::TooManyReminders),
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            return vec![Effect::Refuse(refusal)];
        }
        let Some(call) = self.touch(leg) else { return Vec::new() };
        let what: String = visible(what).trim().chars().take(LONGEST_WHAT).collect();
        call.filing.promises += 1;
        let promise = Promise { due, what: what.clone() };
        if call.filing.promised.as_ref() != Some(&promise) {
            call.filing.to_promise = Some(promise);
        }
        let reminder = Reminder {
            key: call.key(DutyName::Reminder(call.filing.promises)),
            leg: leg.clone(),
            due,
            what,
            name,
            number: call.detail.number.clone(),
            user: call.user(),
            case: call.filing.case.clone(),
            set_at: now,
            rang_at: None,
        };
        let notes = self.touch_notes();
        notes.reminders.retain(|other| other.leg != *leg);
        notes.reminders.push(reminder);
        self.tell_promise(leg)
    }

    pub(crate) fn act_on_reminder(&mut self, key: &DutyKey, act: ReminderAct, now: Moment) -> Vec<Effect> {
        let Some(at) = self.notes.reminders.iter().position(|reminder| reminder.key == *key) else {
            return vec![Effect::Refuse(Refusal::NoSuchCall)];
        };
        match act {
            ReminderAct::Later { due } if due <= now => return vec![Effect::Refuse(Refusal::InThePast)],
            ReminderAct::Later { due } => {
                let reminder = &mut self.touch_notes().reminders[at];
                (reminder.due, reminder.rang_at) = (due, None);
                let leg = reminder.leg.clone();
                self.promise_instead(&leg, key, |promise| Some(Promise { due, ..promise }));
            }
            ReminderAct::Done => {
                let done = self.touch_notes().reminders.remove(at);
                // One that was due was kept: that it was promised is true.
                if done.is_waiting() {
                    self.promise_instead(&done.leg, key, |_| None);
                }
            }
        }
        Vec::new()
    }

    /// What is not told yet is told as the agent thinks now, or not at all.
    fn promise_instead(&mut self, leg: &LegId, key: &DutyKey, now: impl FnOnce(Promise) -> Option<Promise>) {
        let is_untold = |call: &Call| call.filing.to_promise.is_some() && call.key(DutyName::Reminder(call.filing.promises)) == *key;
        if !self.calls.get(leg).is_some_and(is_untold) {
            return;
        }
        if let Some(call) = self.touch(leg) {
            call.filing.to_promise = call.filing.to_promise.take().and_then(now);
        }
    }

    /// Those whose time has come are due from now on, whatever the clock shows later.
    pub(crate) fn ring_reminders(&mut self, now: Moment) {
        if self
            .notes
            .reminders
            .iter()
            .any(|reminder| reminder.is_waiting() && reminder.due <= now)
        {
            for reminder in &mut self.touch_notes().reminders {
                if reminder.is_waiting() && reminder.due <= now {
                    reminder.rang_at = Some(now);
                }
            }
        }
    }

    /// Who talked to the client by a call of their own has called back.
    pub(crate) fn called_back_ends_reminders(&mut self, leg: &LegId) {
        let Some(call) = self.calls.get(leg) else { return };
        let (began, number) = (call.detail.offered_at, call.detail.number.key());
        let called_back = call.was_answered() && call.detail.direction == Direction::Outbound && number.is_some();
        let done = |reminder: &Reminder| reminder.leg != *leg && reminder.set_at <= began && reminder.number.key() == number;
        if called_back && self.notes.reminders.iter().any(done) {
            self.touch_notes().reminders.retain(|reminder| !done(reminder));
        }
    }

    /// A reminder knows its call's case as soon as there is one, and who it is: the call may be forgotten before it is due.
    pub(crate) fn follow_reminder(&mut self, leg: &LegId) {
        let Some(call) = self.calls.get(leg) else { return };
        let (case, user) = (call.filing.case.clone(), call.user());
        let news = |reminder: &Reminder| reminder.leg == *leg && (reminder.case != case || reminder.user != user);
        if let Some(at) = self.notes.reminders.iter().position(news) {
            let reminder = &mut self.touch_notes().reminders[at];
            reminder.case = case.or(reminder.case.take());
            reminder.user = user.or(reminder.user);
        }
    }

    /// Owes what was promised since the message about the call was owed. Before that, it waits for the message.
    pub(crate) fn tell_promise(&mut self, leg: &LegId) -> Vec<Effect> {
        let Some(call) = self
            .calls
            .get(leg)
            .filter(|call| !call.is_live() && call.filing.to_promise.is_some())
        else {
            return Vec::new();
        };
        let outcome = call.filing.outcome.filter(|outcome| outcome.act != Act::NoCase);
        // What another computer wrote is known by its case alone.
        let elsewhere = call.filing.case.as_ref().filter(|_| call.filing.elsewhere);
        let goes = match elsewhere {
            Some(facts) => Some((CaseTarget::Existing(facts.id), Vec::new())),
            None => outcome.and_then(|outcome| goes_to(call, &outcome)),
        };
        let Some((case, after)) = goes else { return Vec::new() };
        let Some(call) = self.touch(leg) else { return Vec::new() };
        call.filing.promised = call.filing.to_promise.take();
        (call.filing.promised_along, call.filing.promised_first) = (false, false);
        let text = Summary {
            // Only what was promised: how the call went stands in the message about it.
            gist: String::new(),
            disposition: None,
            talk_ms: None,
            transferred_to: None,
            guessed: None,
            promise: call.filing.promised.clone(),
            ..summary(call)
        };
        let kind = DutyKind::AddNote {
            case,
            summary: text,
            recording: None,
        };
        vec![owe(call, DutyName::Reminder(call.filing.promises), after, kind)]
    }
}

impl Reminder {
    /// Whether its time has not come yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.rang_at.is_none()
    }
}

/// What was promised goes along with the message about the call, which costs no request. Whether one of these is it.
pub(crate) fn promise_along(call: &mut Call, effects: &mut [Effect]) {
    let Some(promise) = call.filing.to_promise.clone().or_else(|| call.filing.promised.clone()) else {
        return;
    };
    let names = [DutyName::Case, DutyName::Note, DutyName::Recording].map(|name| call.key(name));
    for effect in effects {
        let Effect::Owe(Duty { key, kind, .. }) = effect else { continue };
        let (summary, first) = match kind {
            // A missed call may be told by another desk.
            DutyKind::OpenCase { summary, joins: None, .. } => (summary, true),
            DutyKind::AddNote { summary, .. }
            | DutyKind::AddRecording {
                summary, tells_end: true, ..
            } => (summary, false),
            _ => continue,
        };
        if names.contains(key) {
            summary.promise = Some(promise.clone());
            (call.filing.to_promise, call.filing.promised) = (None, Some(promise));
            (call.filing.promised_along, call.filing.promised_first) = (true, first);
            return;
        }
    }
}
