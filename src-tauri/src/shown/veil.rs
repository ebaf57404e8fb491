//! «Скрыть личное»: what may be read over the agent's shoulder, or on a screen that is shown to others, of names, numbers and the
//! values of fields, in the popup, the tray and the dial window.
//!
//! It is hidden here, before any window has it, and in every part by name: a part that is added does not compile until somebody
//! has said whether it is personal. What is dialled, copied and written is whole, as nobody reads it there; so is what
//! the agent types.

use engine::view::{
    AmongView, CallCaseView, CallView, CallerView, CaseRow, Caution, DeskView, FieldFormat, FieldValue, FoundUser, NumberView,
    ReminderView, UserView,
};

/// What stands for a text. One length, whatever it hides.
const HIDDEN: &str = "•••";
/// So many digits of a number are left, to tell it from another.
const DIGITS_LEFT: usize = 2;

/// As it may be shown: without anything personal where the agent wants that.
#[must_use]
pub fn veiled(view: DeskView) -> DeskView {
    if !view.private {
        return view;
    }
    let DeskView {
        revision,
        now,
        stage,
        calls,
        kept,
        missed,
        popup,
        pause,
        private,
        reminders,
        sample,
        pbx,
        in_the_open,
        only_tells,
        omnidesk,
        keychain,
        storage,
        faults,
        // Codes alone.
        outbox,
        // The agent's own.
        agent,
        // What fields are called, not what they hold; so with labels.
        fields,
        labels,
        claims,
        language,
        users,
        channel,
    } = view;
    DeskView {
        revision,
        now,
        stage,
        calls: calls.into_iter().map(call).collect(),
        kept,
        missed,
        popup,
        pause,
        private,
        reminders: reminders.into_iter().map(reminder).collect(),
        sample: sample.map(call),
        pbx,
        in_the_open,
        only_tells,
        omnidesk,
        keychain,
        storage,
        faults,
        outbox,
        agent,
        fields,
        labels,
        claims,
        language,
        users,
        channel,
    }
}

/// Who was found, as the dial window may show it.
#[must_use]
pub fn veiled_find(found: FoundUser) -> FoundUser {
    let FoundUser {
        user,
        matched_in,
        matched_text: _,
        // What is dialled.
        dial,
    } = found;
    FoundUser {
        user: veiled_user(user),
        matched_in,
        matched_text: String::new(),
        dial,
    }
}

/// What is asked before a number is dialled; the number is only shown.
#[must_use]
pub fn veiled_caution(caution: Caution) -> Caution {
    let Caution {
        doubt,
        never,
        number,
        country,
    } = caution;
    Caution {
        doubt,
        never,
        number: digits(&number),
        country,
    }
}

/// A person.
#[must_use]
pub fn veiled_user(user: UserView) -> UserView {
    let UserView {
        id,
        name: full,
        email,
        phones,
        company,
        position,
        note,
        blocked,
        fields,
        linked_unread,
    } = user;
    UserView {
        id,
        name: name(&full),
        email: email.map(hidden),
        phones: phones.iter().map(|phone| digits(phone)).collect(),
        company: company.map(hidden),
        position: position.map(hidden),
        note: note.map(hidden),
        blocked,
        fields: fields.into_iter().map(value).collect(),
        linked_unread,
    }
}

fn call(call: CallView) -> CallView {
    let CallView {
        id,
        direction,
        phase,
        disposition,
        number: whole,
        pbx_name,
        line,
        offered_at,
        answered_at,
        ended_at,
        caller: whoever,
        among,
        case,
        // The agent types on in it: what is hidden there would be written.
        draft,
        recording,
        // Colleagues.
        transferred_to,
        transferred_from,
        rings_also_at,
        talked_later,
        waiting,
        // Rules, statuses, numbers of cases.
        outcome,
        unseen,
        talk_at_least,
        ordered,
        called_from,
        trouble,
        case_gone,
        elsewhere,
        labels,
        // A colleague.
        claim,
    } = call;
    CallView {
        id,
        direction,
        phase,
        disposition,
        number: number(whole),
        pbx_name: pbx_name.as_deref().map(name),
        line,
        offered_at,
        answered_at,
        ended_at,
        caller: caller(whoever),
        among: among.map(|AmongView { user, others, why }| AmongView {
            user: veiled_user(user),
            others: others.into_iter().map(veiled_user).collect(),
            why,
        }),
        case: of_case(case),
        draft,
        recording,
        transferred_to,
        transferred_from,
        rings_also_at,
        talked_later,
        waiting,
        outcome,
        unseen,
        talk_at_least,
        ordered,
        called_from,
        trouble,
        case_gone,
        elsewhere,
        labels,
        claim,
    }
}

fn caller(caller: CallerView) -> CallerView {
    match caller {
        CallerView::Known {
            user,
            matched,
            stale_since,
            last_case,
        } => CallerView::Known {
            user: veiled_user(user),
            matched,
            stale_since,
            last_case: last_case.map(row),
        },
        CallerView::Several { users, stale_since } => CallerView::Several {
            users: users.into_iter().map(veiled_user).collect(),
            stale_since,
        },
        CallerView::LookingUp | CallerView::Unknown | CallerView::Withheld | CallerView::NotLookedUp | CallerView::Unavailable { .. } => {
            caller
        }
    }
}

/// Subjects name numbers and people.
fn of_case(case: CallCaseView) -> CallCaseView {
    match case {
        CallCaseView::None | CallCaseView::Draft => case,
        CallCaseView::Sending { subject } => CallCaseView::Sending { subject: hidden(subject) },
        CallCaseView::Linked {
            case_id,
            number,
            subject,
            attached,
        } => CallCaseView::Linked {
            case_id,
            number,
            subject: hidden(subject),
            attached,
        },
    }
}

fn row(row: CaseRow) -> CaseRow {
    let CaseRow {
        id,
        number,
        subject,
        status,
        handset,
        staff,
        updated_at,
        is_call,
        claim,
    } = row;
    CaseRow {
        id,
        number,
        subject: hidden(subject),
        status,
        handset,
        staff,
        updated_at,
        is_call,
        claim,
    }
}

fn reminder(reminder: ReminderView) -> ReminderView {
    let ReminderView {
        id,
        call,
        due,
        what,
        name: full,
        number: whole,
        user,
        case_id,
        is_due,
        is_late,
        in_popup,
    } = reminder;
    ReminderView {
        id,
        call,
        due,
        what: hidden(what),
        name: name(&full),
        number: number(whole),
        user,
        case_id,
        is_due,
        is_late,
        in_popup,
    }
}

fn number(number: NumberView) -> NumberView {
    let NumberView {
        kind,
        pretty,
        // What is copied and dialled.
        e164,
        dial,
        extension,
    } = number;
    NumberView {
        kind,
        pretty: digits(&pretty),
        e164,
        dial,
        extension: extension.map(hidden),
    }
}

fn value(value: FieldValue) -> FieldValue {
    let FieldValue {
        field,
        title,
        format: _,
        value,
    } = value;
    FieldValue {
        field,
        title,
        // A tick and a date would show what they are.
        format: FieldFormat::Text,
        value: hidden(value),
    }
}

fn hidden(text: String) -> String {
    if text.is_empty() { text } else { HIDDEN.to_owned() }
}

/// The first letter alone tells several people of one number apart.
fn name(name: &str) -> String {
    let first = name.chars().find(|sign| sign.is_alphabetic());
    match first {
        Some(first) => format!("{first}{HIDDEN}"),
        None => hidden(name.to_owned()),
    }
}

/// The last digits of a number; of a text with too few of them, nothing.
fn digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    match digits.len().checked_sub(DIGITS_LEFT) {
        Some(hides) if hides >= DIGITS_LEFT * 2 => format!("{HIDDEN} {}", digits[hides..].iter().collect::<String>()),
        _ => hidden(number.to_owned()),
    }
}

#[cfg(test)]
mod tests;
