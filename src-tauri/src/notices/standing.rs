//! Which notices shall stand, by the state and by what the agent has seen. Pure.

use super::words::Words;
use super::{Deed, Key, Notice};
use crate::bidi::isolated;
use crate::tray::Language;
use engine::view::{
    CallView, CallerView, DeskView, DirectionView, DispositionView, NoticeKinds, NumberView, OutboxRow, OutboxStateView, PhaseView,
    ReminderView, Route,
};
use std::collections::BTreeSet;

/// So many people are named; the others are counted.
const NAMED: usize = 3;
/// The longest name, and the longest text of others, in letters.
const LONGEST_NAME: usize = 60;
const LONGEST_TEXT: usize = 200;

/// What is known beside the state.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Of what is told.
    pub kinds: NoticeKinds,
    /// Windows stand where they are put.
    pub is_placed: bool,
    /// The agent has the workspace before them.
    pub is_in_view: bool,
    /// The window is in the tray for the first time.
    pub tells_of_tray: bool,
    /// Calls that the agent has put away since the last state.
    pub learns: BTreeSet<String>,
    /// The agent knows of all that were missed until now.
    pub learns_all: bool,
    /// The program ends.
    pub ends: bool,
    /// Of the newest state.
    pub revision: u32,
    /// When it began to look, by the engine's clock: what was missed before is in the list.
    since: Option<f64>,
    /// Missed calls and refused duties that the agent has seen.
    seen: BTreeSet<String>,
}

impl Known {
    /// Takes note of a state.
    pub(super) fn follow(&mut self, view: &DeskView) {
        self.revision = view.revision;
        self.since.get_or_insert(view.now);
        if self.is_in_view {
            self.seen.extend(refused(view).map(|row| row.id.clone()));
        }
        let learns = std::mem::take(&mut self.learns);
        let all = std::mem::take(&mut self.learns_all) || self.is_in_view;
        let learnt = missed(view).filter(|call| all || learns.contains(&call.id));
        self.seen.extend(learnt.map(|call| call.id.clone()));
        let is_there = |id: &String| missed(view).any(|call| call.id == *id) || refused(view).any(|row| row.id == *id);
        self.seen.retain(is_there);
    }
}

fn missed(view: &DeskView) -> impl Iterator<Item = &CallView> {
    let is_missed = |call: &&CallView| call.phase == PhaseView::Ended && call.disposition == Some(DispositionView::Missed);
    view.calls.iter().filter(is_missed)
}

fn refused(view: &DeskView) -> impl Iterator<Item = &OutboxRow> {
    view.outbox.iter().filter(|row| row.state == OutboxStateView::Wedged)
}

/// The state, as it may be shown, and what is known beside it.
pub(super) struct Situation<'a> {
    pub view: &'a DeskView,
    pub known: &'a Known,
}

impl Situation<'_> {
    /// The notices, the most urgent first.
    pub(super) fn notices(&self, language: Language) -> Vec<Notice> {
        let words = Words::of(language);
        let calls = self.view.calls.iter().filter(|call| self.is_told_of(call));
        let calls = calls.map(|call| of_call(call, &words));
        let unplaced = self.known.kinds.instead && !self.known.is_placed;
        let due = self.view.reminders.iter().filter(|reminder| unplaced && reminder.in_popup);
        let due = due.map(|reminder| of_reminder(reminder, &words));
        let in_tray = self.known.tells_of_tray.then(|| of_tray(&words));
        let rest = self.of_missed(&words).into_iter().chain(self.of_refused(&words)).chain(in_tray);
        calls.chain(due).chain(rest).collect()
    }

    /// Whether a call is told of by itself: one that rings while popups are paused, or one of a popup that stands anywhere.
    fn is_told_of(&self, call: &CallView) -> bool {
        let kinds = self.known.kinds;
        if !self.view.popup.contains(&call.id) {
            let is_paused = self.view.pause.paused.is_some() && call.direction == DirectionView::Inbound;
            return kinds.paused && is_paused && call.phase == PhaseView::Ringing;
        }
        let is_on_its_way = match call.phase {
            PhaseView::Ringing | PhaseView::CallingAgent | PhaseView::Dialing => true,
            // Away from the case it was dialled from (S20).
            PhaseView::Talking | PhaseView::Held => call.called_from.is_some(),
            PhaseView::Ended => false,
        };
        kinds.instead && !self.known.is_placed && is_on_its_way
    }

    /// One for all calls that wait, nobody has seen, and the popup has no more.
    fn of_missed(&self, words: &Words) -> Option<Notice> {
        let known = self.known;
        // A pause is quiet, and what was missed in it is said by the popup until the agent knows of it.
        let pause = self.view.pause;
        let is_said = pause.paused.is_some() || pause.meanwhile.is_some() && known.is_placed;
        if !known.kinds.missed || known.is_in_view || is_said {
            return None;
        }
        let untold = |call: &&CallView| {
            let is_of_now = call.ended_at.zip(known.since).is_some_and(|(ended, since)| ended >= since);
            is_of_now && !known.seen.contains(&call.id) && call.waiting.is_some() && !self.view.popup.contains(&call.id)
        };
        let calls: Vec<&CallView> = missed(self.view).filter(untold).collect();
        let mut people: Vec<&CallView> = Vec::new();
        for call in &calls {
            if people.iter().all(|known| known.waiting != call.waiting) {
                people.push(call);
            }
        }
        let newest = people.first()?;
        let mut lines: Vec<String> = people.iter().take(NAMED).map(|call| who(call, words)).collect();
        if people.len() > NAMED {
            lines.push(words.and_more(people.len() - NAMED));
        }
        let title = match calls.len() {
            1 => words.missed.to_owned(),
            count => words.missed_calls(count),
        };
        let only = Some(newest).filter(|_| people.len() == 1).and_then(|call| call.number.dial.clone());
        let back = only.map(|number| {
            let deed = Deed::CallBack {
                number,
                case: case_of(newest),
            };
            (deed, words.call_back.to_owned())
        });
        let list = (Deed::Missed, words.list.to_owned());
        Some(Notice {
            key: Key::Missed,
            about: calls.iter().map(|call| call.id.clone()).collect(),
            title,
            text: lines.join("\n"),
            actions: std::iter::once(list).chain(back).collect(),
            passes: false,
        })
    }

    fn of_refused(&self, words: &Words) -> Option<Notice> {
        let rows = refused(self.view).map(|row| row.id.clone());
        let unseen: BTreeSet<String> = rows.filter(|id| !self.known.seen.contains(id)).collect();
        if !self.known.kinds.decisions || self.known.is_in_view || unseen.is_empty() {
            return None;
        }
        Some(Notice {
            key: Key::Decisions,
            title: words.decision.to_owned(),
            text: words.refused(unseen.len()),
            about: unseen,
            actions: vec![(Deed::Open(Route::Outbox), words.show.to_owned())],
            passes: false,
        })
    }
}

/// The case that calling back belongs to (S28).
fn case_of(call: &CallView) -> Option<String> {
    match &call.case {
        engine::view::CallCaseView::Linked { case_id, .. } => Some(case_id.clone()),
        _ => None,
    }
}

fn of_call(call: &CallView, words: &Words) -> Notice {
    let title = match call.phase {
        PhaseView::Ringing => words.rings,
        PhaseView::CallingAgent | PhaseView::Dialing => words.dials,
        PhaseView::Talking | PhaseView::Held | PhaseView::Ended => words.talks,
    };
    let open = match (&call.called_from, &call.caller) {
        (Some(case), _) => {
            let page = Route::Case {
                case: case.clone(),
                call: Some(call.id.clone()),
            };
            (Deed::Open(page), words.back_to_case)
        }
        (None, CallerView::Known { user, .. }) => {
            let page = Route::Profile {
                user: user.id.clone(),
                call: Some(call.id.clone()),
            };
            (Deed::Open(page), words.profile)
        }
        (None, _) => (Deed::Open(Route::Calls), words.open),
    };
    Notice {
        key: Key::Call(call.id.clone()),
        about: BTreeSet::from([call.id.clone()]),
        title: title.to_owned(),
        text: who(call, words),
        actions: vec![(open.0, open.1.to_owned())],
        passes: true,
    }
}

fn of_tray(words: &Words) -> Notice {
    Notice {
        key: Key::InTray,
        about: BTreeSet::new(),
        title: words.in_tray.to_owned(),
        text: words.in_tray_text.to_owned(),
        actions: vec![(Deed::Open(Route::Calls), words.open.to_owned())],
        passes: false,
    }
}

fn of_reminder(reminder: &ReminderView, words: &Words) -> Notice {
    let page = match &reminder.user {
        Some(user) => Route::Profile {
            user: user.clone(),
            call: None,
        },
        None => Route::Calls,
    };
    let back = reminder.number.dial.clone().map(|number| {
        let case = reminder.case_id.clone();
        (Deed::CallBack { number, case }, words.call_back.to_owned())
    });
    let what = Some(short(&reminder.what, LONGEST_TEXT)).filter(|what| !what.is_empty());
    let lines: Vec<String> = std::iter::once(named(&reminder.name, &reminder.number, words))
        .chain(what)
        .collect();
    Notice {
        key: Key::Reminder(reminder.id.clone()),
        about: BTreeSet::from([reminder.id.clone()]),
        title: words.due.to_owned(),
        text: lines.join("\n"),
        actions: std::iter::once((Deed::Open(page), words.open.to_owned())).chain(back).collect(),
        passes: true,
    }
}

/// Who it is: the name, where one is known, and the number.
fn who(call: &CallView, words: &Words) -> String {
    match &call.caller {
        CallerView::Known { user, .. } => named(&user.name, &call.number, words),
        _ => named("", &call.number, words),
    }
}

fn named(name: &str, number: &NumberView, words: &Words) -> String {
    let parts = [short(name, LONGEST_NAME), short(&number.pretty, LONGEST_NAME)];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if told.is_empty() {
        words.withheld.to_owned()
    } else {
        told.join(" · ")
    }
}

/// A text of others within a line: one line, not too long, turning nothing but itself.
fn short(text: &str, longest: usize) -> String {
    let plain = text.split(|sign: char| sign.is_control() || sign.is_whitespace());
    let words: Vec<&str> = plain.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    let mut short: String = line.chars().take(longest).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    isolated(&short)
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
