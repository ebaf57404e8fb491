//! «Скрыть личное»: what may be read over the agent's shoulder, or on a screen that is shown to others, of names, numbers and the
//! values of fields, in the popup, the tray, notifications and the dial window.
//!
//! It is hidden here, before any window has it, and every part is named: one that is added does not compile until somebody has
//! said whether it is personal (a name) or not (`_`). What is dialled, copied and written is whole, as nobody reads it there; so
//! is what the agent types.

use engine::view::{
    AmongView, CallCaseView, CallView, CallerFactsView, CallerView, CaseRow, Caution, DeskView, FieldFormat, FieldValue, FoundUser,
    NumberView, ReminderView, UserView,
};
use std::borrow::Cow;

/// What stands for a text. One length, whatever it hides.
const HIDDEN: &str = "•••";
/// So many digits of a number are left, to tell it from another.
const DIGITS_LEFT: usize = 2;
/// With fewer digits it is a colleague's extension, and nobody's number.
const FEWEST_OUTSIDE: usize = 7;

/// [`veiled`], of a state that others need whole: copied only where something is hidden.
#[must_use]
pub fn as_shown(view: &DeskView) -> Cow<'_, DeskView> {
    if view.private {
        Cow::Owned(veiled(view.clone()))
    } else {
        Cow::Borrowed(view)
    }
}

/// As it may be shown: without anything personal where the agent wants that.
#[must_use]
pub fn veiled(mut view: DeskView) -> DeskView {
    if !view.private {
        return view;
    }
    let DeskView {
        revision: _,
        now: _,
        stage: _,
        calls,
        kept: _,
        missed: _,
        popup: _,
        pause: _,
        private: _,
        reminders,
        sample,
        pbx: _,
        in_the_open: _,
        only_tells: _,
        omnidesk: _,
        keychain: _,
        storage: _,
        faults: _,
        // Codes alone.
        outbox: _,
        // The agent's own.
        agent: _,
        // What fields are called, not what they hold; so with headings and labels.
        fields: _,
        sections: _,
        labels: _,
        claims: _,
        language: _,
        users: _,
        channel: _,
    } = &mut view;
    calls.iter_mut().chain(sample).for_each(hide_call);
    reminders.iter_mut().for_each(hide_reminder);
    view
}

/// Who was found, as the dial window may show it.
#[must_use]
pub fn veiled_find(mut found: FoundUser) -> FoundUser {
    let FoundUser {
        user,
        matched,
        // What is dialled.
        dial: _,
    } = &mut found;
    hide_user(user);
    matched.clear();
    found
}

/// What is asked before a number is dialled; the number is only shown.
#[must_use]
pub fn veiled_caution(mut caution: Caution) -> Caution {
    let Caution {
        doubt: _,
        never: _,
        number,
        country: _,
    } = &mut caution;
    hide_digits(number);
    caution
}

/// A person.
#[must_use]
pub fn veiled_user(mut user: UserView) -> UserView {
    hide_user(&mut user);
    user
}

fn hide_user(user: &mut UserView) {
    let UserView {
        id: _,
        name,
        email,
        phones,
        company,
        position,
        note,
        blocked: _,
        fields,
        linked_unread: _,
    } = user;
    hide_name(name);
    phones.iter_mut().for_each(hide_digits);
    [email, company, position, note].into_iter().flatten().for_each(hide);
    fields.iter_mut().for_each(hide_value);
}

fn hide_call(call: &mut CallView) {
    let CallView {
        id: _,
        direction: _,
        phase: _,
        disposition: _,
        number,
        pbx_name,
        line: _,
        offered_at: _,
        answered_at: _,
        ended_at: _,
        caller,
        facts,
        among,
        case,
        // The agent types on in it: what is hidden there would be written.
        draft: _,
        recording: _,
        transferred_to,
        transferred_from,
        // Colleagues.
        rings_also_at: _,
        talked_later: _,
        waiting: _,
        // Rules, statuses, numbers of cases.
        outcome: _,
        unseen: _,
        talk_at_least: _,
        ordered: _,
        called_from: _,
        trouble: _,
        case_gone: _,
        elsewhere: _,
        labels: _,
        // A colleague.
        claim: _,
    } = call;
    hide_number(number);
    pbx_name.iter_mut().for_each(hide_name);
    hide_caller(caller);
    facts.iter_mut().for_each(hide_facts);
    if let Some(AmongView { user, others, why: _ }) = among {
        hide_user(user);
        others.iter_mut().for_each(hide_user);
    }
    hide_case(case);
    // To a colleague, or anywhere outside.
    let outside = |to: &&mut String| to.chars().filter(char::is_ascii_digit).count() >= FEWEST_OUTSIDE;
    [transferred_to, transferred_from]
        .into_iter()
        .flatten()
        .filter(outside)
        .for_each(hide_digits);
}

fn hide_caller(caller: &mut CallerView) {
    match caller {
        CallerView::Known {
            user,
            matched: _,
            stale_since: _,
            last_case,
        } => {
            hide_user(user);
            last_case.iter_mut().for_each(hide_row);
        }
        CallerView::Several { users, stale_since: _ } => users.iter_mut().for_each(hide_user),
        CallerView::LookingUp | CallerView::Unknown | CallerView::Withheld | CallerView::NotLookedUp | CallerView::Unavailable { .. } => {}
    }
}

/// How often somebody calls, and whether anything of theirs is open.
fn hide_facts(facts: &mut CallerFactsView) {
    *facts = CallerFactsView {
        hidden: true,
        ..CallerFactsView::default()
    };
}

/// Subjects name numbers and people.
fn hide_case(case: &mut CallCaseView) {
    match case {
        CallCaseView::None | CallCaseView::Draft => {}
        CallCaseView::Sending { subject }
        | CallCaseView::Linked {
            case_id: _,
            number: _,
            subject,
            attached: _,
        } => hide(subject),
    }
}

fn hide_row(row: &mut CaseRow) {
    let CaseRow {
        id: _,
        number: _,
        subject,
        status: _,
        handset: _,
        staff: _,
        updated_at: _,
        is_call: _,
        claim: _,
    } = row;
    hide(subject);
}

fn hide_reminder(reminder: &mut ReminderView) {
    let ReminderView {
        id: _,
        call: _,
        due: _,
        what,
        name,
        number,
        user: _,
        case_id: _,
        is_due: _,
        is_late: _,
        in_popup: _,
    } = reminder;
    hide(what);
    hide_name(name);
    hide_number(number);
}

fn hide_number(number: &mut NumberView) {
    let NumberView {
        kind: _,
        pretty,
        // What is copied and dialled.
        e164: _,
        dial: _,
        extension,
    } = number;
    hide_digits(pretty);
    extension.iter_mut().for_each(hide);
}

fn hide_value(value: &mut FieldValue) {
    let FieldValue {
        field: _,
        title: _,
        format,
        value,
    } = value;
    // A tick and a date would show what they are.
    *format = FieldFormat::Text;
    hide(value);
}

fn hide(text: &mut String) {
    if !text.is_empty() {
        HIDDEN.clone_into(text);
    }
}

/// The first letter alone tells several people of one number apart.
fn hide_name(name: &mut String) {
    match name.chars().find(|sign| sign.is_alphabetic()) {
        Some(first) => *name = format!("{first}{HIDDEN}"),
        None => hide(name),
    }
}

/// The last digits of a number; of a text with too few of them, nothing.
fn hide_digits(number: &mut String) {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    match digits.len().checked_sub(DIGITS_LEFT) {
        Some(hides) if hides >= DIGITS_LEFT * 2 => *number = format!("{HIDDEN} {}", digits[hides..].iter().collect::<String>()),
        _ => hide(number),
    }
}

#[cfg(test)]
mod tests;
