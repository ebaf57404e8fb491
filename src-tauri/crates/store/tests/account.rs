//! Another account of the help desk.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{CaseId, CaseRecord, Changes, Moment, Notes, UserId};
use store::{EntryState, Kept, Person, Store, StoreError};
use support::{File, call, changed, duty, ring};

const SETTINGS: (&str, &str) = ("settings", "new");

/// A call, a user and an entry in this state.
fn desk(file: &File, state: EntryState) -> Store {
    let mut store = file.open();
    let row = store.take_in(&ring("a"), Moment(1)).unwrap();
    let added = store
        .commit(row, &changed(vec![call("a")]), &[duty("a", "status")], Moment(1))
        .unwrap();
    for mut entry in added {
        entry.state = state;
        store.save_entry(&entry).unwrap();
    }
    let person = Person {
        id: UserId(7),
        body: "{}".into(),
        seen_at: Moment(1),
    };
    let haystack = "иван".into();
    store.save_people(&[Kept { person, haystack }]).unwrap();
    for (name, value) in [("settings", "old"), ("machine", "m")] {
        store.set_setting(name, value).unwrap();
    }
    store
}

/// The users, the entries, and the settings that are there.
fn kept(store: &Store) -> (usize, usize, Vec<Option<String>>) {
    let found = store.people().unwrap().len();
    let settings = ["settings", "machine"].map(|name| store.setting(name).unwrap());
    (found, store.outbox(Moment(0)).unwrap().len(), settings.to_vec())
}

fn named(names: [&str; 2]) -> Vec<Option<String>> {
    names.map(|name| Some(name.to_owned()).filter(|name| !name.is_empty())).to_vec()
}

#[test]
fn what_was_kept_of_the_old_account_goes_and_the_calls_stay() {
    let file = File::new();
    let mut store = desk(&file, EntryState::Done);
    let record = CaseRecord {
        id: CaseId(40),
        done: Vec::new(),
    };
    let known = Changes {
        cases: vec![record.clone()],
        ..Changes::default()
    };
    store.commit(1, &known, &[], Moment(1)).unwrap();
    assert_eq!(store.restore().unwrap().cases, [record]);
    let mut renamed = call("a");
    renamed.detail.remote_name = Some("Другое имя".into());
    let changes = Changes {
        calls: vec![renamed.clone()],
        notes: Some(Notes::default()),
        ..Changes::default()
    };
    store.change_account(&changes, SETTINGS).unwrap();
    drop(store);
    let mut store = file.open();
    assert_eq!(kept(&store), (0, 0, named(["new", "m"])));
    let restored = store.restore().unwrap();
    assert_eq!((restored.calls, restored.cases), (vec![renamed], Vec::new()));
    // A key of the old account is free again.
    let row = store.take_in(&ring("a"), Moment(2)).unwrap();
    let again = store.commit(row, &Changes::default(), &[duty("a", "status")], Moment(2)).unwrap();
    assert_eq!(again.len(), 1);
}

#[test]
fn nothing_is_forgotten_while_something_is_owed() {
    for state in [EntryState::Queued, EntryState::Wedged] {
        let file = File::new();
        let mut store = desk(&file, state);
        let refused = store.change_account(&changed(vec![call("b")]), SETTINGS);
        assert!(matches!(refused, Err(StoreError::Owed(1))), "{refused:?}");
        assert_eq!(kept(&store), (1, 1, named(["old", "m"])));
        assert_eq!(store.restore().unwrap().calls, [call("a")]);
    }
}
