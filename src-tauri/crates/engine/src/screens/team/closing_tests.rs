use super::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ANNA: u64 = 330;
const IGOR: u64 = 331;

fn change(second: u32, event: &str, by: &str, old: &str, value: &str) -> Change {
    let at = format!("Mon, 05 May 2014 00:15:{second:02} +0300");
    serde_json::from_value(json!({"created_at": at, "event": event, "done_by": by, "old_value": old, "value": value})).unwrap()
}

fn message(id: u64, staff: u64, note: bool, file: &str) -> Message {
    let files: Vec<Value> = match file {
        "" => vec![],
        name => vec![json!({"file_id": 1, "file_name": name})],
    };
    let user = if staff == 0 && !note { 5 } else { 0 };
    serde_json::from_value(json!({"message_id": id, "staff_id": staff, "user_id": user, "note": note, "attachments": files})).unwrap()
}

fn by(changes: &[Change], responsible: Option<u64>) -> Option<Closer> {
    closing(changes, responsible, &[]).map(|closing| closing.by)
}

#[test]
fn s38_who_set_it_to_closed_last_has_closed_it_whichever_end_of_the_history_is_the_newest() {
    let closed = change(10, "status", "staff_330", "open", "closed");
    let opened = change(20, "status", "staff_331", "closed", "open");
    let again = change(30, "status", "staff_331", "open", "closed");
    let mut changes = vec![closed, opened, again];
    assert_eq!(by(&changes, Some(ANNA)), Some(Closer::Staff(IGOR)));
    changes.reverse();
    assert_eq!(by(&changes, Some(ANNA)), Some(Closer::Staff(IGOR)));
    changes.retain(|change| change.value.as_deref() == Some("open"));
    assert_eq!(by(&changes, Some(ANNA)), None, "it is open again");
}

#[test]
fn s38_a_rule_is_nobody_and_what_is_not_told_is_not_guessed() {
    let closed_by = |who: &str| by(&[change(10, "status", who, "open", "closed")], Some(ANNA));
    assert_eq!(closed_by("rule_1332"), Some(Closer::Rule));
    for who in ["", "-", "staff_", "staff_x", "staff", "330", "robot_7"] {
        assert_eq!(closed_by(who), Some(Closer::Untold), "{who:?}");
    }
    let valueless = Change {
        value: None,
        ..change(10, "status", "staff_330", "open", "closed")
    };
    assert_eq!(by(&[valueless], Some(ANNA)), Some(Closer::Untold));
}

#[test]
fn s34_a_case_closed_as_it_was_opened_is_its_first_responsibles() {
    assert_eq!(by(&[], Some(ANNA)), Some(Closer::Staff(ANNA)));
    assert_eq!(by(&[], None), Some(Closer::Untold));
    let handed_on = [
        change(20, "staff", "staff_331", "331", "332"),
        change(10, "staff", "staff_330", "330", "331"),
    ];
    assert_eq!(by(&handed_on, Some(332)), Some(Closer::Staff(ANNA)));
    let taken = [change(10, "staff", "staff_331", "0", "331")];
    assert_eq!(by(&taken, Some(IGOR)), Some(Closer::Untold));
}

#[test]
fn s36_a_recording_is_sound_that_staff_has_sent_or_that_came_with_the_case() {
    let told = |responsible, messages: &[Message]| closing(&[], responsible, messages).unwrap().recordings;
    let of = |staff: &[u64], untold| Recordings {
        of: staff.iter().copied().collect::<BTreeSet<_>>(),
        untold,
    };
    assert_eq!(
        told(None, &[message(1, 0, false, "photo.jpg"), message(2, ANNA, true, "")]),
        of(&[], false)
    );
    assert_eq!(
        told(None, &[message(1, 0, false, ""), message(2, ANNA, true, "zvonok-1.wav")]),
        of(&[ANNA], false)
    );
    assert_eq!(
        told(None, &[message(2, IGOR, false, "a.MP3"), message(1, 0, true, "b.ogg")]),
        of(&[IGOR], true)
    );
    let with_case = message(1, 0, false, "zvonok-1.wav");
    assert_eq!(told(Some(ANNA), std::slice::from_ref(&with_case)), of(&[ANNA], false));
    assert_eq!(told(None, &[with_case]), of(&[], true));
    // What the client sends is no recording of a call.
    assert_eq!(
        told(Some(ANNA), &[message(1, 0, false, ""), message(2, 0, false, "voice.ogg")]),
        of(&[], false)
    );
}
