//! The tray's entries that dial: the last numbers, and whom to call back.

use super::words::Words;
use crate::bidi::isolated;
use engine::view::{CallView, CallerView, NumberKindView, ReminderView};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// At most this many recent numbers are offered.
const RECENT: usize = 6;
/// What the ids of recent numbers in the menu begin with; the number follows.
const REDIAL: &str = "redial:";

/// A number that was called from or called lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recent {
    number: String,
    /// The case the call belongs to (S18).
    case: Option<String>,
    pub(super) text: String,
}

/// The id of the entry that dials it: the number holds digits and signs alone, so a blank ends it.
pub(super) fn id_of(recent: &Recent) -> String {
    format!("{REDIAL}{} {}", recent.number, recent.case.as_deref().unwrap_or_default())
}

/// The number and the case that an entry's id names.
pub(super) fn named(id: &str) -> Option<(&str, Option<&str>)> {
    let (number, case) = id.strip_prefix(REDIAL)?.split_once(' ')?;
    Some((number, Some(case).filter(|case| !case.is_empty())))
}

/// The last numbers, each once, newest first.
pub(super) fn recent(calls: &[CallView]) -> Vec<Recent> {
    let mut recent: Vec<Recent> = Vec::new();
    let outside = calls.iter().filter(|call| call.number.kind == NumberKindView::External);
    for call in outside {
        let Some(number) = call
            .number
            .e164
            .clone()
            .filter(|number| recent.iter().all(|known| known.number != *number))
        else {
            continue;
        };
        let text = text_of(call);
        recent.push(Recent { number, case: None, text });
        if recent.len() == RECENT {
            break;
        }
    }
    recent
}

fn text_of(call: &CallView) -> String {
    match &call.caller {
        CallerView::Known { user, .. } => who(&user.name, &call.number.pretty),
        _ => who("", &call.number.pretty),
    }
}

/// Name and number: two people may have one name, and what is dialled is what is read.
fn who(name: &str, number: &str) -> String {
    let number = shortened(number);
    if name.is_empty() {
        number
    } else {
        format!("{} · {number}", shortened(name))
    }
}

/// As a part of an entry; a menu is as wide as its longest.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = name.chars().take(LONGEST).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    // In a menu, a single one marks the letter behind it.
    isolated(&short.replace('&', "&&"))
}

/// Those that are due: when it was promised, and who it is.
pub(super) fn call_back(reminders: &[ReminderView], words: &Words, zone: &TimeZone) -> Vec<Recent> {
    let due = reminders.iter().filter(|reminder| reminder.is_due);
    let entry = |reminder: &ReminderView| {
        #[expect(clippy::cast_possible_truncation, reason = "ms since 1970")]
        let at = Timestamp::from_millisecond(reminder.due as i64).ok()?.to_zoned(zone.clone());
        let who = who(&reminder.name, &reminder.number.pretty);
        Some(Recent {
            number: reminder.number.dial.clone()?,
            case: reminder.case_id.clone(),
            text: format!("{}  {who}", at.strftime(words.day_and_time)),
        })
    };
    due.filter_map(entry).take(RECENT).collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::Language;
    use super::*;

    fn called(id: &str, name: &str) -> CallView {
        let mut call = crate::shown::tests::call(id, NumberKindView::External);
        call.number.pretty = format!("+7 (900) {id}");
        if let CallerView::Known { user, .. } = &mut call.caller {
            user.name = name.into();
        }
        call
    }

    #[test]
    fn d1_a_recent_number_is_read_before_it_is_dialled_whoever_has_it() {
        let long = "Ж".repeat(255);
        let calls = [
            called("1", "Иванов Иван"),
            called("2", "Иванов Иван"),
            called("1", "Иванов Иван"),
            called("3", ""),
            called("4", &long),
            called("5", "مريم"),
            called("6", "A & B"),
            crate::shown::tests::call("7", NumberKindView::Extension),
        ];
        let recent = recent(&calls);
        assert_eq!(recent.len(), 6, "each number once, and no colleague");
        for (one, id) in recent.iter().zip(["1", "2", "3", "4", "5", "6"]) {
            assert_eq!(one.number, format!("+7900{id}"), "what is dialled");
            assert!(one.text.ends_with(&format!("+7 (900) {id}")), "what is read: {}", one.text);
            assert!(one.text.chars().count() < 70, "{}", one.text);
        }
        assert!(recent[0].text.contains("Иванов Иван") && recent[0] != recent[1]);
        assert_eq!(recent[2].text, "+7 (900) 3");
        assert!(recent[5].text.contains("A && B"), "{}", recent[5].text);
    }

    #[test]
    fn s18_an_entry_names_its_number_and_the_case_of_a_reminder() {
        for case in [None, Some("9007199254740993")] {
            let recent = Recent {
                number: "+79215550134".into(),
                case: case.map(str::to_owned),
                text: String::new(),
            };
            assert_eq!(named(&id_of(&recent)), Some(("+79215550134", case)));
        }
        assert_eq!(named("open"), None);
    }

    #[test]
    fn d1_a_name_that_reads_from_the_right_leaves_number_and_time_in_their_order() {
        let recent = recent(&[called("5", "مريم & שרה")]);
        assert_eq!(recent[0].text, "\u{2068}مريم && שרה\u{2069} · +7 (900) 5");
        let due = |name: &str| {
            let call = called("5", "");
            let reminder = ReminderView {
                id: "1".into(),
                call: "1".into(),
                due: 0.0,
                what: String::new(),
                name: name.into(),
                number: engine::view::NumberView {
                    dial: Some("5".into()),
                    ..call.number
                },
                user: None,
                case_id: None,
                is_due: true,
                is_late: false,
                in_popup: true,
            };
            let of = |language| {
                call_back(std::slice::from_ref(&reminder), &Words::of(language), &TimeZone::UTC)
                    .remove(0)
                    .text
            };
            assert!(of(Language::English).starts_with("1 Jan 00:00  "));
            of(Language::Russian)
        };
        assert_eq!(due("שרה 5"), "01.01 00:00  \u{2068}שרה 5\u{2069} · +7 (900) 5");
        assert_eq!(due(""), "01.01 00:00  +7 (900) 5");
    }
}
