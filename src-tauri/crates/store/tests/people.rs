//! Users whom this desk has had to do with, and settings.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Moment, UserId};
use store::{Kept, Person, Store};
use support::File;

fn person(id: u64, seen_at: i64) -> Person {
    Person {
        id: UserId(id),
        body: format!("{{\"id\":{id}}}"),
        seen_at: Moment(seen_at),
    }
}

fn kept(id: u64, seen_at: i64) -> Kept {
    Kept {
        person: person(id, seen_at),
        haystack: "Иван".into(),
    }
}

#[test]
fn what_omnidesk_says_later_replaces_what_was_known() {
    let file = File::new();
    let mut store = file.open();
    store.save_people(&[kept(7, 1), kept(9, 2)]).unwrap();
    store.save_people(&[kept(7, 3)]).unwrap();
    drop(store);
    let store = file.open();
    assert_eq!(store.person(UserId(7)).unwrap(), Some(person(7, 3)));
    assert_eq!(store.person(UserId(8)).unwrap(), None);
    assert_eq!(
        store.people().unwrap(),
        [person(7, 3), person(9, 2)],
        "who was seen last comes first"
    );
}

#[test]
fn a_setting_is_kept_and_replaced() {
    let file = File::new();
    let store = file.open();
    assert_eq!(store.setting("locale").unwrap(), None);
    store.set_setting("locale", "ru").unwrap();
    store.set_setting("locale", "en").unwrap();
    store.set_setting("region", "").unwrap();
    drop(store);
    let store = file.open();
    assert_eq!(store.setting("locale").unwrap().as_deref(), Some("en"));
    assert_eq!(store.setting("region").unwrap().as_deref(), Some(""), "empty is not missing");
}

#[tokio::test]
async fn whom_no_call_names_and_nobody_has_seen_for_long_is_forgotten() {
    let file = File::new();
    let mut store = file.open();
    let mut call = support::call("talk");
    call.caller = calls::Caller::Known {
        user: UserId(7),
        chosen: true,
    };
    call.detail.phase = calls::Phase::Ended;
    call.detail.ended_at = Some(Moment(9_000));
    let row = store.take_in(&support::ring("talk"), Moment(1)).unwrap();
    store.commit(row, &support::changed(vec![call]), &[], Moment(1)).unwrap();
    store.save_people(&[kept(7, 1), kept(8, 1), kept(9, 5)]).unwrap();
    let disk = store::Disk::of(store).unwrap();
    disk.later(store::Write::ForgetUnmet { before: Moment(5) });
    disk.written().await;
    let left: Vec<u64> = disk
        .reader()
        .look(Store::people)
        .unwrap()
        .iter()
        .map(|person| person.id.0)
        .collect();
    assert_eq!(left, [9, 7], "a call names the one, the other was just seen");
}

#[test]
fn users_of_another_account_are_not_found_and_earlier_calls_keep_their_names() {
    let mut store = Store::in_memory().unwrap();
    store.save_people(&[kept(7, 1), kept(8, 1)]).unwrap();
    store.forget_people_except(&[UserId(8)]).unwrap();
    assert_eq!(store.person(UserId(7)).unwrap(), None);
    assert_eq!(store.person(UserId(8)).unwrap(), Some(person(8, 1)));
    store.forget_people_except(&[]).unwrap();
    assert_eq!(store.person(UserId(8)).unwrap(), None);
}
