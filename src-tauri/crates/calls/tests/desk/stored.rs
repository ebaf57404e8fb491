//! Calls as they stand on disk: what an earlier version wrote is read, and what is written an earlier version can read.

use calls::{Call, CallEvent, CallEventKind, Caller, CaseId, Joins, Phase};
use serde_json::Value;

/// Rows as the version of that day wrote them, before the parts of a call were told apart: one that rings, and one in which
/// everything is set. Never changed.
const ROWS: &str = include_str!("stored/2026-11-29.jsonl");

#[test]
fn d5_a_call_of_an_earlier_version_reads_whole_and_is_written_as_it_was() {
    let rows: Vec<&str> = ROWS.lines().collect();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let call: Call = serde_json::from_str(row).unwrap();
        let (was, is): (Value, Value) = (serde_json::from_str(row).unwrap(), serde_json::to_value(&call).unwrap());
        assert_eq!(is, was, "nothing lost, and read by that version again");
    }
}

#[test]
fn each_part_of_a_stored_call_reads_its_own() {
    let full: Call = serde_json::from_str(ROWS.lines().last().unwrap()).unwrap();
    assert!(matches!(&full.caller, Caller::Several { users } if users.len() == 2));
    assert_eq!((full.detail.phase, full.detail.rings.len()), (Phase::Ended, 2));
    assert_eq!(full.handling.draft.gist, "Просит счёт\nещё раз");
    assert_eq!(full.filing.case.as_ref().unwrap().id, CaseId(41));
    assert_eq!(full.filing.among.as_ref().unwrap().closed.len(), 1);
}

#[test]
fn a_call_without_its_beginning_is_no_call() {
    let mut row: Value = serde_json::from_str(ROWS.lines().next().unwrap()).unwrap();
    row.as_object_mut().unwrap().remove("offered_at");
    assert!(
        serde_json::from_value::<Call>(row).is_err(),
        "kept aside as unreadable, not shown as if it had begun at zero"
    );
}

#[test]
fn d5_an_event_and_a_missed_call_of_an_earlier_version_say_whose_turn_it_is() {
    let event = r#"{"leg":"a","at":5,"kind":{"type":"shared","with":["102"],"place":1}}"#;
    let read: CallEvent = serde_json::from_str(event).unwrap();
    assert!(matches!(read.kind, CallEventKind::Shared { turn: 1, .. }), "{read:?}");
    let joins = r#"{"into":null,"conversation":null,"place":2,"unseen":false}"#;
    let read: Joins = serde_json::from_str(joins).unwrap();
    assert_eq!((read.turn, serde_json::to_string(&read).unwrap().as_str()), (2, joins));
}
