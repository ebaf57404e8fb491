//! Users as last seen, and settings.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Moment, Number, PhoneKey, Region, UserId};
use store::{Kept, Person, Store};
use support::File;

const FIRST: &str = "+79161234567";
const SECOND: &str = "+79031112233";

fn key(number: &str) -> PhoneKey {
    Number::read(number, Region::default()).key().unwrap()
}

fn person(id: u64, seen_at: i64) -> Person {
    Person {
        id: UserId(id),
        body: format!("{{\"id\":{id}}}"),
        seen_at: Moment(seen_at),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn found(store: &Store, text: &str) -> Vec<u64> {
    store
        .search_people(&words(text))
        .unwrap()
        .into_iter()
        .map(|person| person.id.0)
        .collect()
}

#[test]
fn s01_a_user_is_found_by_each_of_the_numbers() {
    let mut store = Store::in_memory().unwrap();
    store.save_person(&person(7, 1), &[key(FIRST), key(SECOND)], "").unwrap();
    store.save_person(&person(8, 1), &[key(SECOND)], "").unwrap();
    assert_eq!(store.people_with(&key(FIRST)).unwrap(), [person(7, 1)]);
    assert_eq!(store.people_with(&key(SECOND)).unwrap(), [person(7, 1), person(8, 1)]);
    assert_eq!(store.people_with(&key("+79990000000")).unwrap(), []);
}

#[test]
fn what_omnidesk_says_later_replaces_what_was_known() {
    let file = File::new();
    let mut store = file.open();
    store.save_person(&person(7, 1), &[key(FIRST), key(FIRST)], "Иван").unwrap();
    store.save_person(&person(7, 2), &[key(SECOND)], "Пётр").unwrap();
    drop(store);
    let store = file.open();
    assert_eq!(
        store.people_with(&key(FIRST)).unwrap(),
        [],
        "a number taken from the user says nothing any more"
    );
    assert_eq!(store.people_with(&key(SECOND)).unwrap(), [person(7, 2)]);
    assert_eq!(store.person(UserId(7)).unwrap(), Some(person(7, 2)));
    assert_eq!(store.person(UserId(8)).unwrap(), None);
    assert_eq!((found(&store, "иван"), found(&store, "пётр")), (vec![], vec![7]));
}

#[test]
fn s12_users_are_found_by_all_words_in_any_order_and_case_most_recent_first() {
    let mut store = Store::in_memory().unwrap();
    store
        .save_person(&person(7, 1), &[], "Иванов Иван ivanov@example.org ООО «Ромашка»")
        .unwrap();
    store.save_person(&person(8, 3), &[], "ИВАНОВА Анна anna@example.org").unwrap();
    store.save_person(&person(9, 2), &[], "Schöler Jürgen").unwrap();
    for (text, expected) in [
        ("иванов", &[8, 7][..]),
        ("ИВАНОВ", &[8, 7]),
        ("ромаш ИВАН", &[7]),
        ("Example.ORG", &[8, 7]),
        ("иванов jürgen", &[]),
        ("SCHÖLER", &[9]),
        ("", &[]),
        ("%", &[]),
        ("' OR 1=1 --", &[]),
    ] {
        assert_eq!(found(&store, text), expected, "{text}");
    }
}

#[test]
fn s12_a_search_is_bounded() {
    let mut store = Store::in_memory().unwrap();
    for id in 0..60 {
        store.save_person(&person(id, 1), &[], "Иван").unwrap();
    }
    assert_eq!(found(&store, "иван").len(), 50);
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

fn kept(id: u64, number: Option<&str>, haystack: &str) -> Kept {
    Kept {
        person: person(id, 1),
        phones: number.map(key).into_iter().collect(),
        haystack: haystack.into(),
    }
}

#[test]
fn s12_a_page_of_users_is_kept_at_once_and_who_has_nothing_to_find_is_not_counted() {
    let mut store = Store::in_memory().unwrap();
    let page = [kept(7, Some(FIRST), "Иван"), kept(8, None, "Пётр"), kept(9, None, "")];
    store.save_people(&page).unwrap();
    assert_eq!(store.count_people().unwrap(), 2);
    assert_eq!(found(&store, "пётр"), [8]);
    assert_eq!(store.person(UserId(9)).unwrap(), Some(person(9, 1)), "known to be nobody");
    // Deleted in Omnidesk: kept without anything to be found by.
    store.save_people(&[kept(7, None, "")]).unwrap();
    assert_eq!(store.people_with(&key(FIRST)).unwrap(), []);
    assert_eq!((found(&store, "иван"), store.count_people().unwrap()), (Vec::new(), 1));
}

#[test]
fn s12_what_is_found_of_a_user_can_grow_by_what_linked_profiles_say() {
    let mut store = Store::in_memory().unwrap();
    store.save_people(&[kept(7, Some(FIRST), "Иван")]).unwrap();
    store.save_haystacks(&[(UserId(7), "Иван IVAN@x.example".into())]).unwrap();
    assert_eq!(found(&store, "ivan@X"), [7]);
    assert_eq!(store.people_with(&key(FIRST)).unwrap(), [person(7, 1)], "the numbers stay");
}

#[test]
fn users_of_another_account_are_not_found_and_earlier_calls_keep_their_names() {
    let mut store = Store::in_memory().unwrap();
    store
        .save_people(&[kept(7, Some(FIRST), "Иван"), kept(8, Some(SECOND), "Пётр")])
        .unwrap();
    store.forget_people_except(&[UserId(8)]).unwrap();
    assert_eq!(store.person(UserId(7)).unwrap(), None);
    assert_eq!(store.person(UserId(8)).unwrap(), Some(person(8, 1)));
    assert_eq!(store.people_with(&key(SECOND)).unwrap(), []);
    assert_eq!(store.count_people().unwrap(), 0);
    store.forget_people_except(&[]).unwrap();
    assert_eq!(store.person(UserId(8)).unwrap(), None);
}
