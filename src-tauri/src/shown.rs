//! What each window is told of the state: no more than it shows, whatever happened before; of that, popup, dial window and tray
//! nothing personal while the agent wants that hidden ([`veil`]).
//!
//! 1. The popup: its own calls and reminders, and how many calls were missed while popups were paused.
//! 2. The workspace: what is on, the last few calls, what is owed, how many missed calls wait; and what its page shows
//!    ([`Shows`]): a case's calls, a person's, the list as far as somebody has scrolled. So what it is told does not grow
//!    with the calls that are over.
//! 3. The dial window: the last numbers, and nothing of what the calls were about.

mod veil;

use engine::view::{
    CallCaseView, CallView, CallerView, DeskView, DirectionView, DraftView, FoundUser, NumberKindView, OutboxRow, OutboxStateView,
    PhaseView, ReminderView, UserView,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, BTreeSet};
pub use veil::{as_shown, veiled, veiled_caution, veiled_find, veiled_user};

/// The last calls that the workspace has whatever it shows: what is decided about them changes lists that were read before.
const LAST: usize = 12;
/// So many numbers the dial window offers; of each, the call and the one before it (which it may have answered).
const NUMBERS: usize = 6;
const OF_NUMBER: usize = 2;
/// The form over a user shows for so long that an edit has arrived, ms.
const EDIT_SAID: f64 = 3_600_000.0;

/// What the workspace's page shows, beside what is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Shows {
    /// A call.
    pub call: Option<String>,
    /// A case: the calls in it, those that were dialled from it, and those that closed it.
    pub case: Option<String>,
    /// A user: their calls.
    pub user: Option<String>,
    /// So many calls of the list, the first ones.
    pub listed: u32,
    /// All that was sent, with its calls.
    pub outbox: bool,
}

/// What the workspace is told.
#[must_use]
pub fn for_workspace(view: &DeskView, shows: &Shows) -> DeskView {
    let live = |call: &CallView| call.phase != PhaseView::Ended;
    let from: BTreeSet<&str> = view.calls.iter().filter(|call| live(call)).filter_map(called_from).collect();
    let first = (shows.listed as usize).max(LAST);
    let rows = view.outbox.iter().filter(|row| shows.outbox || is_of_now(row, view.now));
    let outbox: Vec<OutboxRow> = rows.cloned().collect();
    let of_rows: BTreeSet<&str> = outbox.iter().filter(|_| shows.outbox).map(|row| row.call.as_str()).collect();
    let wanted = |(place, call): (usize, &CallView)| {
        let case = linked_case(call);
        let told = place < first
            || live(call)
            || view.popup.contains(&call.id)
            || shows.call.as_ref() == Some(&call.id)
            || of_rows.contains(call.id.as_str())
            || case.is_some_and(|case| from.contains(case))
            || shows.case.as_deref().is_some_and(|shown| is_about_case(call, shown))
            || shows.user.as_deref().is_some_and(|shown| is_with(call, shown));
        told.then(|| call.clone())
    };
    DeskView {
        calls: view.calls.iter().enumerate().filter_map(wanted).collect(),
        outbox,
        ..view.clone()
    }
}

/// What is owed, and the edit that a form tells of.
fn is_of_now(row: &OutboxRow, now: f64) -> bool {
    row.state != OutboxStateView::Done || (row.what == "edit" && now - row.created_at < EDIT_SAID)
}

fn called_from(call: &CallView) -> Option<&str> {
    call.called_from.as_deref()
}

fn linked_case(call: &CallView) -> Option<&str> {
    if let CallCaseView::Linked { case_id, .. } = &call.case {
        Some(case_id)
    } else {
        None
    }
}

fn is_about_case(call: &CallView, case: &str) -> bool {
    let closed = call.outcome.iter().flat_map(|outcome| &outcome.closed_missed);
    linked_case(call) == Some(case) || called_from(call) == Some(case) || closed.into_iter().any(|closed| closed.case_id == case)
}

fn is_with(call: &CallView, user: &str) -> bool {
    match &call.caller {
        CallerView::Known { user: known, .. } => known.id == user,
        CallerView::Several { users, .. } => users.iter().any(|one| one.id == user),
        _ => false,
    }
}

/// What the popup is told: its own calls and nothing of the rest. While it has none, the made-up call is one.
#[must_use]
pub fn for_popup(view: &DeskView) -> DeskView {
    let sample = view.sample.as_ref().filter(|_| view.popup.is_empty());
    let calls = view.calls.iter().filter(|call| view.popup.contains(&call.id)).chain(sample);
    let popup = view.popup.iter().chain(sample.map(|call| &call.id));
    let shown = |reminder: &&ReminderView| reminder.in_popup || view.popup.contains(&reminder.call);
    veiled(DeskView {
        calls: calls.cloned().collect(),
        popup: popup.cloned().collect(),
        reminders: view.reminders.iter().filter(shown).cloned().collect(),
        sample: None,
        outbox: Vec::new(),
        ..view.clone()
    })
}

/// Whether the popup has anything to show; told by all that is on the desk, or by the popup's part of it.
#[must_use]
pub fn popup_is_wanted(view: &DeskView) -> bool {
    !view.popup.is_empty()
        || view.sample.is_some()
        || view.pause.meanwhile.is_some()
        || view.reminders.iter().any(|reminder| reminder.in_popup)
}

/// What the dial window is told: which outside numbers there were lately and whose they are.
#[must_use]
pub fn for_dial(view: &DeskView) -> DeskView {
    let outside = |call: &&CallView| call.number.kind == NumberKindView::External && call.direction != DirectionView::Internal;
    let mut newest: Vec<&CallView> = view.calls.iter().filter(outside).collect();
    newest.sort_by(|a, b| b.offered_at.total_cmp(&a.offered_at));
    let mut numbers: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    newest.retain(|call| {
        let number = call.number.dial.as_deref().filter(|_| call.number.e164.is_some());
        let offered = number.is_some() && (numbers.contains_key(&number) || numbers.len() < NUMBERS);
        let before = if offered {
            numbers.entry(number).or_default()
        } else {
            return false;
        };
        *before += 1;
        *before <= OF_NUMBER
    });
    veiled(DeskView {
        calls: newest.into_iter().map(without_case).collect(),
        popup: Vec::new(),
        reminders: Vec::new(),
        labels: Vec::new(),
        sample: None,
        outbox: Vec::new(),
        fields: Vec::new(),
        ..view.clone()
    })
}

/// Who it is, and nothing that was noted of them.
#[must_use]
pub fn name_only(user: &UserView) -> UserView {
    UserView {
        position: None,
        note: None,
        fields: Vec::new(),
        ..user.clone()
    }
}

/// Who was found, and not in which text.
#[must_use]
pub fn person_only(found: &FoundUser) -> FoundUser {
    FoundUser {
        user: name_only(&found.user),
        matched: Vec::new(),
        dial: found.dial.clone(),
    }
}

fn without_case(call: &CallView) -> CallView {
    let caller = match &call.caller {
        CallerView::Known {
            user,
            matched,
            stale_since,
            ..
        } => CallerView::Known {
            user: name_only(user),
            matched: *matched,
            stale_since: *stale_since,
            last_case: None,
        },
        CallerView::Several { users, stale_since } => CallerView::Several {
            users: users.iter().map(name_only).collect(),
            stale_since: *stale_since,
        },
        other => other.clone(),
    };
    CallView {
        caller,
        facts: None,
        among: None,
        case: CallCaseView::None,
        draft: DraftView::default(),
        outcome: None,
        called_from: None,
        labels: Vec::new(),
        claim: None,
        ..call.clone()
    }
}

#[cfg(test)]
pub mod tests;
