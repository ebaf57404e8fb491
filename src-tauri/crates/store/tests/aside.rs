//! What this version cannot make sense of is kept, said and never replaced by something else.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Changes, Moment, Notes};
use store::{EntryState, Store};
use support::{File, call, changed, duty, ring};

fn aside(store: &Store) -> Vec<(String, String, String)> {
    let text = store.export_aside().unwrap();
    let pieces: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let word = |piece: &serde_json::Value, name: &str| match &piece[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    pieces
        .iter()
        .map(|piece| (word(piece, "from"), word(piece, "name"), word(piece, "is")))
        .collect()
}

fn piece(from: &str, name: &str, is: &str) -> (String, String, String) {
    (from.into(), name.into(), is.into())
}

#[test]
fn d5_notes_and_calls_that_cannot_be_read_are_kept_aside_before_others_take_their_place() {
    let file = File::new();
    drop(file.open());
    file.raw()
        .execute_batch(
            "INSERT INTO notes (id, body) VALUES (1, '{\"missed\":\"of a later version\"}');
             INSERT INTO calls (leg, offered_at, body) VALUES ('a', 5, 'torn');
             INSERT INTO journal (at, input) VALUES (6, '{\"input\":\"unheard of\"}');",
        )
        .unwrap();
    let kept = [
        piece("calls", "a", "torn"),
        piece("notes", "1", "{\"missed\":\"of a later version\"}"),
        piece("journal", "1", "{\"input\":\"unheard of\"}"),
    ];
    assert_eq!(file.open().restore().unwrap().calls, []);
    for _ in 0..2 {
        let mut store = file.open();
        assert_eq!(store.restore().unwrap().notes, Notes::default());
        assert_eq!(aside(&store), kept, "once, however often it is met");
        assert_eq!(store.count_aside().unwrap(), 3);
        let changes = Changes {
            notes: Some(Notes::default()),
            ..changed(vec![call("a")])
        };
        store.commit(9, &changes, &[], Moment(9)).unwrap();
    }
    assert_eq!(aside(&file.open()), kept);
}

#[test]
fn d5_while_it_cannot_be_kept_aside_nothing_takes_its_place() {
    let file = File::new();
    drop(file.open());
    file.raw()
        .execute_batch(
            "INSERT INTO notes (id, body) VALUES (1, 'torn');
             CREATE TRIGGER full BEFORE INSERT ON aside BEGIN SELECT RAISE(ABORT, 'no space left'); END",
        )
        .unwrap();
    let mut store = file.open();
    store.restore().unwrap();
    let changes = Changes {
        notes: Some(Notes::default()),
        ..Changes::default()
    };
    assert!(store.commit(1, &changes, &[], Moment(9)).is_err());
    assert!(store.set_setting("settings", "{}").is_err());
    file.raw().execute_batch("DROP TRIGGER full").unwrap();
    store.commit(1, &changes, &[], Moment(9)).unwrap();
    assert_eq!(aside(&store), [piece("notes", "1", "torn")]);
}

#[test]
fn d5_a_setting_is_kept_aside_by_its_text_and_spoken_of_until_a_person_has_it() {
    let file = File::new();
    let store = file.open();
    store
        .put_aside("settings", "settings", "{\"several\":\"newer\"}", Moment(5))
        .unwrap();
    assert_eq!(store.count_aside().unwrap(), 1);
    store.aside_given_out().unwrap();
    drop(store);
    let store = file.open();
    store
        .put_aside("settings", "settings", "{\"several\":\"newer\"}", Moment(6))
        .unwrap();
    assert_eq!(store.count_aside().unwrap(), 0, "a person has it already");
    store.put_aside("settings", "settings", "another", Moment(7)).unwrap();
    assert_eq!(
        (store.count_aside().unwrap(), aside(&store).len()),
        (1, 2),
        "nothing is thrown away"
    );
}

#[test]
fn d5_a_state_of_another_version_is_never_taken_for_queued_and_its_row_is_left_as_it_is() {
    for (broken, what) in [
        ("state = 'answered_by_fax'", "a state"),
        ("state = ''", "no state"),
        ("state = 'Done'", "another spelling"),
        ("state = 'done', result = '{\"case\":7}'", "a result"),
        ("duty = '{}'", "a duty"),
    ] {
        let file = File::new();
        let mut store = file.open();
        store
            .commit(1, &changed(vec![]), &[duty("a", "case"), duty("a", "status")], Moment(5))
            .unwrap();
        drop(store);
        file.raw()
            .execute_batch(&format!("UPDATE outbox SET {broken} WHERE key = 'a/case'"))
            .unwrap();
        let row = || -> String {
            let columns = "state || duty || result || attempts || next_at";
            let query = format!("SELECT {columns} FROM outbox WHERE key = 'a/case'");
            file.raw().query_row(&query, [], |row| row.get(0)).unwrap()
        };
        let before = row();
        let mut store = file.open();
        let listed = store.outbox(Moment(0)).unwrap();
        assert_eq!(
            listed.iter().map(|entry| entry.duty.key.as_str()).collect::<Vec<_>>(),
            ["a/status"],
            "{what}"
        );
        assert!(listed.iter().all(|entry| entry.state == EntryState::Queued));
        let strange = store.not_understood().unwrap();
        assert_eq!(
            strange.iter().map(|strange| strange.key.as_str()).collect::<Vec<_>>(),
            ["a/case"],
            "{what}"
        );
        assert_eq!(store.unreadable_duties().unwrap(), 1);
        assert_eq!(aside(&store)[0].0, "outbox", "{what}: a person can have it");
        store.commit(2, &changed(vec![]), &[duty("a", "case")], Moment(6)).unwrap();
        store.write_all(&changed(vec![]), listed.iter()).unwrap();
        assert_eq!(row(), before, "{what}");
    }
}

#[test]
fn d5_an_input_is_replayed_twice_at_most_and_then_kept_aside() {
    let file = File::new();
    let mut store = file.open();
    let row = store.take_in(&ring("a"), Moment(5)).unwrap();
    let next = store.take_in(&ring("b"), Moment(6)).unwrap();
    drop(store);
    for replays in 0..2 {
        // The program dies in the middle of each.
        let store = file.open();
        assert_eq!(store.unhandled().unwrap()[0].replays, replays);
        assert!(store.count_replay(row).unwrap());
    }
    let mut store = file.open();
    assert!(!store.count_replay(row).unwrap());
    store.set_input_aside(row).unwrap();
    let waiting: Vec<i64> = store.unhandled().unwrap().iter().map(|row| row.id).collect();
    assert_eq!(waiting, [next], "the start goes on with the next one");
    assert_eq!(store.count_aside().unwrap(), 1);
    assert!(aside(&store)[0].2.contains("Иван Петров"), "as it came");
}
