//! The file stays small, what was deleted is gone, and files of before come to that, too.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Moment, UserId};
use std::fs;
use std::time::{Duration, Instant};
use store::{Disk, Kept, Person, Store, Write};
use support::{File, call, changed};

const SECRET: &str = "Просит не звонить утром";

fn user(id: u64) -> Kept {
    Kept {
        person: Person {
            id: UserId(id),
            body: format!("{SECRET} {}", "x".repeat(2_000)),
            seen_at: Moment(4),
        },
        haystack: "ivan".into(),
    }
}

/// As versions of before made it: pages are not given back, what is deleted stays in them.
fn of_before() -> File {
    let file = File::new();
    fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    let raw = file.raw();
    raw.pragma_update(None, "secure_delete", false).unwrap();
    raw.pragma_update(None, "journal_mode", "WAL").unwrap();
    raw.execute_batch(include_str!("schemas/2026-11-22.sql")).unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    for id in 0..200_u32 {
        let person = user(u64::from(id)).person;
        raw.execute(
            "INSERT INTO people (id, body, haystack, seen_at) VALUES (?1, ?2, '', 4)",
            rusqlite::params![id, person.body],
        )
        .unwrap();
    }
    raw.execute_batch("DELETE FROM people WHERE id > 0; UPDATE people SET body = '{}'")
        .unwrap();
    file
}

fn keep_up(store: &Store) -> usize {
    (0..1_000).find(|_| !store.upkeep().unwrap()).unwrap()
}

fn number(file: &File, pragma: &str) -> i64 {
    file.raw().pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
}

/// Everything that lies in the file and its log.
fn holds_secret(file: &File) -> bool {
    let log = format!("{}-wal", file.path().display());
    let holds = |path: &str| {
        let bytes = fs::read(path).unwrap_or_default();
        bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())
    };
    holds(&file.path().display().to_string()) || holds(&log)
}

fn length(path: &str) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.len())
}

#[test]
fn a_file_of_before_is_rebuilt_once_and_then_holds_nothing_that_was_deleted() {
    let file = of_before();
    let store = file.open();
    assert_eq!(number(&file, "auto_vacuum"), 0);
    assert!(holds_secret(&file));
    let before = length(&file.path().display().to_string());
    keep_up(&store);
    assert_eq!((number(&file, "auto_vacuum"), number(&file, "freelist_count")), (2, 0));
    assert!(length(&file.path().display().to_string()) < before / 4);
    assert!(!holds_secret(&file));
    assert_eq!(
        store.person(UserId(0)).unwrap().unwrap().body,
        "{}",
        "what was not deleted is there"
    );
    assert_eq!(keep_up(&store), 0, "there is nothing more to do");
}

#[test]
fn what_is_deleted_is_gone_from_file_and_log_and_its_room_is_given_back() {
    let file = File::new();
    let mut store = file.open();
    assert_eq!(number(&file, "auto_vacuum"), 2, "a new file is made so");
    store.save_people(&(0..2_000).map(user).collect::<Vec<_>>()).unwrap();
    keep_up(&store);
    let before = length(&file.path().display().to_string());
    store.forget_people_except(&[]).unwrap();
    let turns = keep_up(&store);
    assert!(turns > 3, "some at a time: {turns}");
    assert!(!holds_secret(&file));
    assert!(length(&file.path().display().to_string()) < before / 4);
    assert_eq!(length(&format!("{}-wal", file.path().display())), 0);
}

#[test]
fn a_log_that_somebody_reads_is_left_for_later() {
    let file = File::new();
    let mut store = file.open();
    let reader = file.raw();
    store
        .finish(store::Taken::Now(Moment(1)), &changed(vec![call("a")]), &[], Moment(2))
        .unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM calls").unwrap();
    store
        .finish(store::Taken::Now(Moment(1)), &changed(vec![call("b")]), &[], Moment(2))
        .unwrap();
    let began = Instant::now();
    assert!(store.upkeep().unwrap());
    assert!(began.elapsed() < Duration::from_secs(2), "nobody who reads is waited for");
    reader.execute_batch("COMMIT").unwrap();
    keep_up(&store);
    assert_eq!(length(&format!("{}-wal", file.path().display())), 0);
}

#[test]
fn the_writer_does_it_in_a_pause() {
    let file = of_before();
    let disk = Disk::of(file.open()).unwrap();
    assert_eq!(disk.reader().kept_at(), None, "not since the start");
    disk.later(Write::Person(user(7)));
    let until = Instant::now() + Duration::from_secs(60);
    let log = format!("{}-wal", file.path().display());
    while number(&file, "auto_vacuum") != 2 || length(&log) > 0 {
        assert!(Instant::now() < until, "no upkeep came");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(disk.person(UserId(7)).unwrap().is_some());
    while disk.reader().kept_at().is_none() {
        assert!(Instant::now() < until, "nobody said that it was done");
        std::thread::sleep(Duration::from_millis(200));
    }
}
