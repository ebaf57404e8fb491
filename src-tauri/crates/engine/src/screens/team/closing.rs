//! Who closed a case and whose conversations it has recordings of, by what Omnidesk tells of it. Pure.

use crate::screens::pages::is_sound;
use figures::{Closer, Closing, Recordings};
use omnidesk::{Author, Change, Message};

/// How a case was closed; none: it is open again. `responsible` is who is responsible now.
///
/// Where its history tells of no status at all, it was closed as it was opened. So are the cases of calls out of which nobody
/// made anything (S34), and those are their responsible's.
pub(super) fn closing(changes: &[Change], responsible: Option<u64>, messages: &[Message]) -> Option<Closing> {
    let at_first = responsible_at_first(changes, responsible);
    let by = match last(changes, "status") {
        None => at_first.map_or(Closer::Untold, Closer::Staff),
        Some(change) => match change.value.as_deref() {
            Some("closed") => closer(change),
            Some(_) => return None,
            None => Closer::Untold,
        },
    };
    Some(Closing {
        by,
        recordings: recordings(messages, at_first),
    })
}

fn closer(change: &Change) -> Closer {
    match change.done_by.as_deref().and_then(|by| by.split_once('_')) {
        Some(("staff", id)) => id.parse().map_or(Closer::Untold, Closer::Staff),
        Some(("rule", _)) => Closer::Rule,
        _ => Closer::Untold,
    }
}

/// Who was responsible when the case was opened.
fn responsible_at_first(changes: &[Change], now: Option<u64>) -> Option<u64> {
    let first = changes
        .iter()
        .filter(|change| change.event == "staff")
        .min_by_key(|change| change.created_at);
    match first {
        None => now,
        Some(change) => {
            let was = change.old_value.as_deref()?;
            was.trim_start_matches("staff_").parse().ok().filter(|id| *id != 0)
        }
    }
}

/// The last change of a kind. Which end of the list is the newest is said nowhere, so its moments decide.
fn last<'a>(changes: &'a [Change], event: &str) -> Option<&'a Change> {
    let of_kind = changes.iter().filter(|change| change.event == event);
    // Moments are whole seconds; what is asked about is closed now.
    of_kind.max_by_key(|change| (change.created_at, change.value.as_deref() == Some("closed")))
}

/// A recording is a file of sound. One that a member of staff has sent is of their conversation. One in the first message came
/// with the case, in the name of its user: it is of the conversation of who was responsible at first, if anybody was. Other
/// sound of a user is none.
fn recordings(messages: &[Message], at_first: Option<u64>) -> Recordings {
    let mut recordings = Recordings::default();
    let first = messages.iter().filter(|message| !message.note).map(|message| message.id).min();
    for message in messages.iter().filter(|message| message.attachments.iter().any(is_sound)) {
        let of = match message.author() {
            Author::Staff(staff) | Author::Note(Some(staff)) => Some(staff.0),
            Author::Note(None) => None,
            Author::User(_) if first == Some(message.id) => at_first,
            Author::User(_) => continue,
        };
        match of {
            Some(staff) => drop(recordings.of.insert(staff)),
            None => recordings.untold = true,
        }
    }
    recordings
}

#[cfg(test)]
#[path = "closing_tests.rs"]
mod tests;
