//! The outbox: what is owed, in line, with its history.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{CaseFacts, CaseId, DutyResult, Moment, UserId};
use store::{Entry, EntryState, Store};
use support::{File, changed, duty};

fn owe(store: &mut Store, what: &[&str]) -> Vec<Entry> {
    let duties: Vec<_> = what.iter().map(|what| duty("a", what)).collect();
    store.commit(1, &changed(vec![]), &duties, Moment(100)).unwrap()
}

fn delivered(entry: &Entry, at: i64) -> Entry {
    Entry {
        state: EntryState::Done,
        done_at: Some(Moment(at)),
        result: Some(DutyResult {
            case: Some(CaseFacts {
                id: CaseId(40),
                number: "482-113907".into(),
                subject: "Счёт".into(),
                status: None,
            }),
            user: Some(UserId(7)),
            message: Some(9),
            recording: true,
            ..DutyResult::default()
        }),
        ..entry.clone()
    }
}

#[test]
fn a_new_entry_is_queued_untried_and_due_at_once() {
    let mut store = Store::in_memory().unwrap();
    let [entry] = &owe(&mut store, &["case"])[..] else {
        panic!("one entry")
    };
    assert_eq!((entry.state, entry.attempts, entry.uncertain), (EntryState::Queued, 0, false));
    assert_eq!(
        (entry.next_at, entry.created_at, entry.first_tried_at),
        (Moment(0), Moment(100), None)
    );
    assert_eq!((&entry.result, entry.done_at), (&None, None));
    assert_eq!(store.outbox(Moment(0)).unwrap(), std::slice::from_ref(entry));
}

#[test]
fn an_entry_comes_back_as_it_was_saved_after_a_restart() {
    let file = File::new();
    let mut store = file.open();
    let entries = owe(&mut store, &["case", "text", "status"]);
    let trying = Entry {
        attempts: 3,
        uncertain: true,
        next_at: Moment(9_000),
        trouble: "unreachable".into(),
        code: "timeout".into(),
        first_tried_at: Some(Moment(200)),
        ..entries[0].clone()
    };
    let wedged = Entry {
        state: EntryState::Wedged,
        trouble: "refused".into(),
        code: "user_without_contact".into(),
        ..entries[1].clone()
    };
    let saved = [trying, wedged, delivered(&entries[2], 300)];
    for entry in &saved {
        store.save_entry(entry).unwrap();
    }
    drop(store);
    assert_eq!(file.open().outbox(Moment(0)).unwrap(), saved);
}

#[test]
fn what_was_delivered_is_listed_only_since_the_moment_asked_for() {
    let mut store = Store::in_memory().unwrap();
    let entries = owe(&mut store, &["case", "text", "status", "recording"]);
    store.save_entry(&delivered(&entries[0], 300)).unwrap();
    store.save_entry(&delivered(&entries[1], 400)).unwrap();
    let wedged = Entry {
        state: EntryState::Wedged,
        ..entries[2].clone()
    };
    store.save_entry(&wedged).unwrap();
    let listed: Vec<_> = store
        .outbox(Moment(400))
        .unwrap()
        .into_iter()
        .map(|entry| (entry.seq, entry.state))
        .collect();
    let (done, wedged, queued) = (EntryState::Done, EntryState::Wedged, EntryState::Queued);
    assert_eq!(
        listed,
        [(entries[1].seq, done), (entries[2].seq, wedged), (entries[3].seq, queued)],
        "in line, whatever their state"
    );
}

#[test]
fn only_what_was_delivered_long_ago_is_forgotten() {
    let mut store = Store::in_memory().unwrap();
    let entries = owe(&mut store, &["case", "text", "status", "recording"]);
    store.save_entry(&delivered(&entries[0], 300)).unwrap();
    store.save_entry(&delivered(&entries[1], 400)).unwrap();
    let wedged = Entry {
        state: EntryState::Wedged,
        ..entries[2].clone()
    };
    store.save_entry(&wedged).unwrap();
    store.forget_delivered(Moment(400)).unwrap();
    let left: Vec<_> = store.outbox(Moment(0)).unwrap().into_iter().map(|entry| entry.seq).collect();
    assert_eq!(left, [entries[1].seq, entries[2].seq, entries[3].seq]);
}

#[test]
fn a_place_in_line_is_never_given_twice() {
    let file = File::new();
    let mut store = file.open();
    let entries = owe(&mut store, &["case", "text"]);
    for entry in &entries {
        store.save_entry(&delivered(entry, 300)).unwrap();
    }
    store.forget_delivered(Moment(1_000)).unwrap();
    drop(store);
    let [later] = &owe(&mut file.open(), &["status"])[..] else {
        panic!("one entry")
    };
    assert!(later.seq > entries[1].seq);
}
