//! Reminders to call back: how a typed time is understood, when one is due, and what the windows are told.
//!
//! A reminder is for a time of this computer's clock, so a clock that is set moves nothing: it rings when the clock shows
//! the time, at once where that is over already. What has rung stays so until somebody is done with it.

use crate::controller::Controller;
use crate::screens::present::number_view;
use crate::time::{ms, now};
use crate::view::{ClockChangeView, CommandError, ReminderView, WhenChoice, WhenView};
use calls::{
    AgentAction, ClockChange, DutyKey, Input, LegId, Moment, Reminder, ReminderAct, WHEN_CHOICES, WhenTrouble, read_when, tidy_name,
};

/// From so much later on, ms, a reminder rings late: the program did not run when it was due, or the computer slept.
const LATE: i64 = 120_000;

impl Controller {
    /// How a typed time is understood now.
    pub(crate) fn when_view(&self, text: &str) -> WhenView {
        match read_when(text, now(), &self.zone) {
            Ok(when) => WhenView::At {
                at: ms(when.at),
                change: match when.change {
                    ClockChange::None => ClockChangeView::None,
                    ClockChange::Skipped => ClockChangeView::Skipped,
                    ClockChange::Twice => ClockChangeView::Twice,
                },
            },
            Err(WhenTrouble::Unread) => WhenView::Unread,
            Err(WhenTrouble::Past) => WhenView::Past,
            Err(WhenTrouble::TooFar) => WhenView::TooFar,
        }
    }

    /// What is offered without typing.
    pub(crate) fn when_choices(&self) -> Vec<WhenChoice> {
        let choice = |(ru, en): (&str, &str)| {
            let when = read_when(ru, now(), &self.zone).ok()?;
            Some(WhenChoice {
                ru: ru.into(),
                en: en.into(),
                at: ms(when.at),
            })
        };
        WHEN_CHOICES.into_iter().filter_map(choice).collect()
    }

    /// # Errors
    /// `badSetting` about `when`, `past`, `tooFar`; `refused` about `nobody`, `tooMany`; `gone`; `storage`.
    pub(crate) fn remind(&mut self, leg: LegId, when: &str, what: String) -> Result<(), CommandError> {
        let due = self.due(when)?;
        let name = self.desk.call(&leg).map(|call| self.name_of(call)).unwrap_or_default();
        let action = AgentAction::Remind { due, what, name };
        self.feed(Input::Agent { leg, action })
    }

    /// # Errors
    /// As [`Controller::remind`].
    pub(crate) fn remind_later(&mut self, key: DutyKey, when: &str) -> Result<(), CommandError> {
        let act = ReminderAct::Later { due: self.due(when)? };
        self.feed(Input::Reminder { key, act })
    }

    fn due(&self, when: &str) -> Result<Moment, CommandError> {
        read_when(when, now(), &self.zone)
            .map(|when| when.at)
            .map_err(|_| self.when_view(when).refusal().unwrap_or(crate::view::TroubleView::Other.into()))
    }

    /// Says which are due by now.
    pub(crate) fn ring_reminders(&mut self, at: Moment) {
        if self.next_reminder().is_some_and(|due| due <= at) {
            // A disk that refuses is told of on its own.
            let _ = self.feed(Input::RemindersDue);
        }
    }

    /// When the next one is due.
    pub(crate) fn next_reminder(&self) -> Option<Moment> {
        let waiting = self.desk.reminders().iter().filter(|reminder| reminder.is_waiting());
        waiting.map(|reminder| reminder.due).min()
    }

    /// The popup was closed over what is due: until the next start, tray and workspace show it.
    pub(crate) fn put_reminders_by(&mut self) {
        // While popups are paused, nobody has seen them there.
        if self.is_paused() {
            return;
        }
        let due = self.desk.reminders().iter().filter(|reminder| !reminder.is_waiting());
        self.put_by = due.map(|reminder| (reminder.key.clone(), reminder.due)).collect();
        self.windows.stale();
    }

    /// Those that are due first, then by time.
    pub(crate) fn reminder_views(&self) -> Vec<ReminderView> {
        let mut reminders: Vec<&Reminder> = self.desk.reminders().iter().collect();
        reminders.sort_by_key(|reminder| (reminder.is_waiting(), reminder.due));
        let paused = self.is_paused();
        reminders.into_iter().map(|reminder| self.reminder_view(reminder, paused)).collect()
    }

    fn reminder_view(&self, reminder: &Reminder, paused: bool) -> ReminderView {
        let known = reminder.user.and_then(|user| self.people.get(user));
        let view = known.map(|known| known.card.view(&self.omnidesk.catalog_or_none(), self.settings.region()));
        let name = view.map(|view| view.name).filter(|name| !name.is_empty());
        ReminderView {
            id: reminder.key.as_str().to_owned(),
            call: reminder.leg.as_str().to_owned(),
            due: ms(reminder.due),
            what: reminder.what.clone(),
            name: name.unwrap_or_else(|| tidy_name(&reminder.name)),
            number: number_view(&reminder.number),
            user: reminder.user.map(|user| user.0.to_string()),
            case_id: reminder.case.as_ref().map(|case| case.id.0.to_string()),
            is_due: !reminder.is_waiting(),
            is_late: reminder.rang_at.is_some_and(|rang| rang.since(reminder.due) > LATE),
            in_popup: !paused && !reminder.is_waiting() && !self.put_by.contains(&(reminder.key.clone(), reminder.due)),
        }
    }
}
