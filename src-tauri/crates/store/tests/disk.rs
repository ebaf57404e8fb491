//! The writer on its thread, what waits for it, and the readers beside it.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Moment, UserId};
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::{Disk, Entry, Fault, Kept, Person, Store, StoreError, Taken, Write};
use support::{File, call, changed, duty};

fn disk(file: &File) -> Disk {
    Disk::of(file.open()).unwrap()
}

fn user(id: u64, name: &str) -> Write {
    Write::Person(Kept {
        person: Person {
            id: UserId(id),
            body: name.into(),
            seen_at: Moment(4),
        },
        haystack: name.into(),
    })
}

fn setting(name: &'static str, value: &str) -> Write {
    Write::Setting { name, value: value.into() }
}

/// Holds the writer up until it is dropped.
fn hold(disk: &Disk) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel();
    drop(disk.soon(move |_| held.recv()));
    release
}

/// The names of settings in the order in which they were written.
fn log_settings(file: &File) {
    file.raw()
        .execute_batch(
            "CREATE TABLE log (n INTEGER PRIMARY KEY, name TEXT);
             CREATE TRIGGER log_new AFTER INSERT ON settings BEGIN INSERT INTO log (name) VALUES (NEW.name || NEW.value); END;",
        )
        .unwrap();
}

fn logged(file: &File) -> Vec<String> {
    let raw = file.raw();
    let mut statement = raw.prepare("SELECT name FROM log ORDER BY n").unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

fn owe(disk: &Disk) -> Entry {
    disk.now(|store| store.finish(Taken::Now(Moment(1)), &changed(vec![]), &[duty("a", "case")], Moment(2)))
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn reads_go_on_while_a_write_is_held_up_and_see_what_waits() {
    let file = File::new();
    let disk = disk(&file);
    disk.later(user(7, "ivan"));
    disk.written().await;
    let other = file.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    disk.later(user(8, "petr"));
    disk.later(user(7, "ivan petrov"));
    disk.later(setting("language", "ru"));
    let began = Instant::now();
    assert_eq!(disk.person(UserId(7)).unwrap().unwrap().body, "ivan petrov");
    assert_eq!(disk.person(UserId(8)).unwrap().unwrap().body, "petr");
    assert_eq!(disk.setting("language").unwrap().as_deref(), Some("ru"));
    let searched = disk.reader().look(Store::people).unwrap();
    assert_eq!(searched[0].body, "ivan", "a search sees what the file holds");
    assert!(began.elapsed() < Duration::from_secs(2), "nobody waited for the one who writes");
    other.execute_batch("ROLLBACK").unwrap();
    disk.written().await;
    let searched = disk.reader().look(Store::people).unwrap();
    assert_eq!(searched.len(), 2);
    assert!(searched.iter().any(|person| person.body == "ivan petrov"));
}

#[test]
fn a_commit_goes_on_while_a_search_does() {
    let file = File::new();
    let disk = disk(&file);
    let reader = disk.reader();
    let (began, begins) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let search = std::thread::spawn(move || {
        reader.look(move |store| {
            let found = store.restore()?.calls.len();
            began.send(()).unwrap();
            let _ = held.recv();
            Ok(found)
        })
    });
    begins.recv().unwrap();
    disk.now(|store| store.finish(Taken::Now(Moment(1)), &changed(vec![call("a")]), &[], Moment(2)))
        .unwrap();
    assert!(disk.person(UserId(7)).unwrap().is_none(), "nor does a look-up wait for it");
    assert_eq!(disk.now(|store| store.restore()).unwrap().calls.len(), 1);
    drop(release);
    assert_eq!(search.join().unwrap().unwrap(), 0);
}

#[tokio::test]
async fn what_is_waited_for_goes_first_and_the_rest_in_its_order_and_the_newest_of_each() {
    let file = File::new();
    let disk = disk(&file);
    log_settings(&file);
    let release = hold(&disk);
    for (name, value) in [("a", "1"), ("b", "1"), ("a", "2"), ("c", "1")] {
        disk.later(setting(name, value));
    }
    let first = disk.soon(|store| store.set_setting("first", ""));
    let rest = disk.written();
    drop(release);
    first.await.unwrap().unwrap();
    rest.await;
    assert_eq!(logged(&file), ["first", "b1", "a2", "c1"]);
}

#[tokio::test]
async fn a_mark_lets_commits_pass_and_goes_before_the_rest_and_what_an_earlier_attempt_left() {
    let file = File::new();
    let disk = disk(&file);
    let entry = owe(&disk);
    let tried = |attempts| Entry { attempts, ..entry.clone() };
    file.raw()
        .execute_batch(
            "CREATE TABLE log (n INTEGER PRIMARY KEY, name TEXT);
             CREATE TRIGGER log_marks AFTER UPDATE ON outbox BEGIN INSERT INTO log (name) VALUES ('tried ' || NEW.attempts); END;
             CREATE TRIGGER log_rest AFTER INSERT ON settings BEGIN INSERT INTO log (name) VALUES (NEW.name); END;",
        )
        .unwrap();
    let release = hold(&disk);
    disk.later(Write::Entry(tried(1)));
    disk.later(setting("rest", ""));
    let marked = disk.mark(&tried(2));
    let commit = disk.soon(|store| store.set_setting("commit", ""));
    let rest = disk.written();
    drop(release);
    commit.await.unwrap().unwrap();
    marked.await.unwrap().unwrap();
    rest.await;
    assert_eq!(logged(&file), ["commit", "tried 2", "rest"]);
}

#[tokio::test]
async fn a_refused_mark_is_told_to_its_own_attempt_and_waits_for_nobody() {
    let file = File::new();
    let disk = disk(&file);
    let entries = disk
        .now(|store| {
            store.finish(
                Taken::Now(Moment(1)),
                &changed(vec![]),
                &[duty("a", "case"), duty("b", "case")],
                Moment(2),
            )
        })
        .unwrap();
    let refused = "CREATE TRIGGER refuse BEFORE UPDATE ON outbox WHEN NEW.leg = 'a' BEGIN SELECT RAISE(ABORT, 'no space left'); END";
    file.raw().execute_batch(refused).unwrap();
    let release = hold(&disk);
    let marks: Vec<_> = entries
        .into_iter()
        .map(|entry| disk.mark(&Entry { uncertain: true, ..entry }))
        .collect();
    drop(release);
    let mut told = Vec::new();
    for mark in marks {
        told.push(mark.await.unwrap().is_ok());
    }
    assert_eq!(told, [false, true]);
    let marked = disk.now(|store| store.outbox(Moment(0))).unwrap();
    assert_eq!(marked.iter().map(|entry| entry.uncertain).collect::<Vec<_>>(), [false, true]);
    assert!(!disk.is_refused(), "the rest goes on");
}

#[test]
fn what_is_written_at_once_is_not_overtaken_by_what_waited() {
    let file = File::new();
    let disk = disk(&file);
    let entry = owe(&disk);
    let tried = |attempts| Entry { attempts, ..entry.clone() };
    let release = hold(&disk);
    disk.later(Write::Entry(tried(1)));
    disk.later(setting("machine", "old"));
    std::thread::scope(|scope| {
        scope.spawn(|| disk.save_entry(&tried(2)).unwrap());
        scope.spawn(|| disk.save_setting("machine", "new".into()).unwrap());
        std::thread::sleep(Duration::from_millis(100));
        drop(release);
    });
    disk.flush().unwrap();
    let (outbox, machine) = disk.now(|store| Ok((store.outbox(Moment(0))?, store.setting("machine")?))).unwrap();
    assert_eq!((outbox[0].attempts, machine.as_deref()), (2, Some("new")));
}

#[tokio::test]
async fn what_the_disk_refuses_is_told_and_kept_and_nothing_passes_it() {
    let file = File::new();
    let disk = disk(&file);
    let refused = "CREATE TRIGGER refuse BEFORE INSERT ON people WHEN NEW.id = 7 BEGIN SELECT RAISE(ABORT, 'no space left'); END";
    file.raw().execute_batch(refused).unwrap();
    let release = hold(&disk);
    for write in [setting("a", "1"), user(7, "ivan"), setting("b", "1")] {
        disk.later(write);
    }
    drop(release);
    let error = disk.refused().await;
    assert_eq!((error.fault(), disk.is_refused()), (Fault::Other, true));
    let kept = |name: &'static str| disk.now(move |store| store.setting(name)).unwrap();
    assert_eq!((kept("a").as_deref(), kept("b")), (Some("1"), None));
    assert_eq!(disk.person(UserId(7)).unwrap().unwrap().body, "ivan");
    disk.written().await;
    // A commit is another matter.
    owe(&disk);
    disk.flush().unwrap_err();
    assert!(disk.is_refused());
    file.raw().execute_batch("DROP TRIGGER refuse").unwrap();
    disk.flush().unwrap();
    assert!(!disk.is_refused());
    assert_eq!(kept("b").as_deref(), Some("1"));
    assert!(disk.now(|store| store.person(UserId(7))).unwrap().is_some());
}

#[test]
fn an_orderly_end_writes_what_waits_also_what_was_refused_before() {
    let file = File::new();
    let refused = "CREATE TRIGGER refuse BEFORE INSERT ON people BEGIN SELECT RAISE(ABORT, 'no space left'); END";
    let disk = disk(&file);
    file.raw().execute_batch(refused).unwrap();
    disk.later(user(7, "ivan"));
    disk.flush().unwrap_err();
    let release = hold(&disk);
    disk.later(setting("heard_until", "5"));
    file.raw().execute_batch("DROP TRIGGER refuse").unwrap();
    drop(release);
    drop(disk);
    let store = file.open();
    assert!(store.person(UserId(7)).unwrap().is_some());
    assert_eq!(store.setting("heard_until").unwrap().as_deref(), Some("5"));
}

#[test]
fn an_orderly_end_leaves_no_log_beside_the_file_also_where_somebody_holds_a_reader() {
    let file = File::new();
    let disk = disk(&file);
    disk.later(setting("theme", "dark"));
    let reader = disk.reader();
    assert!(reader.look(|store| store.setting("theme")).is_ok());
    drop(disk);
    assert!(!file.path().with_extension("db-wal").exists());
    assert!(
        matches!(reader.look(|store| store.setting("theme")), Err(StoreError::Broke)),
        "and whoever asks is told"
    );
}

#[test]
fn an_end_on_a_disk_that_refuses_is_an_end_all_the_same() {
    let file = File::new();
    let disk = disk(&file);
    let refused = "CREATE TRIGGER refuse BEFORE INSERT ON people BEGIN SELECT RAISE(ABORT, 'no space left'); END";
    file.raw().execute_batch(refused).unwrap();
    disk.later(user(7, "ivan"));
    drop(disk);
    assert!(file.open().person(UserId(7)).unwrap().is_none());
}

#[test]
fn users_are_not_taken_without_end_while_nothing_is_written() {
    let disk = Disk::of(Store::in_memory().unwrap()).unwrap();
    let release = hold(&disk);
    let taken = (0..10_000).filter(|id| disk.later(user(*id, "ivan"))).count();
    assert!((1_000..10_000).contains(&taken), "{taken}");
    assert!(disk.later(setting("heard_until", "5")), "what is bounded by itself is taken");
    drop(release);
    disk.flush().unwrap();
    assert_eq!(disk.reader().look(Store::people).unwrap().len(), taken);
}

#[test]
fn a_job_that_breaks_is_told_by_an_error_and_the_writer_goes_on() {
    let disk = Disk::of(Store::in_memory().unwrap()).unwrap();
    let broke = disk.now(|_| -> Result<(), StoreError> { panic!("the test's own failure") });
    assert!(matches!(broke, Err(StoreError::Broke)));
    owe(&disk);
}

/// Where the desk that is to be killed works.
const TO_BE_KILLED: &str = "RINGSIDE_TEST_TO_BE_KILLED";

#[test]
fn d5_a_kill_in_the_middle_of_the_line_loses_nothing_that_was_promised() {
    if let Some(path) = std::env::var_os(TO_BE_KILLED) {
        work_until_killed(Disk::of(Store::open(path.as_ref()).unwrap()).unwrap());
    }
    for round in 0..3 {
        let file = File::new();
        let mut desk = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "d5_a_kill_in_the_middle_of_the_line_loses_nothing_that_was_promised"])
            .env(TO_BE_KILLED, file.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut promised = BufReader::new(desk.stdout.take().unwrap()).lines().map_while(Result::ok);
        let number = |line: String| line.strip_prefix("promised ").and_then(|number| number.parse::<u64>().ok());
        let enough = promised.by_ref().filter_map(number).find(|last| *last > 20 + round).unwrap();
        desk.kill().unwrap();
        desk.wait().unwrap();
        let last = promised.filter_map(number).last().unwrap_or(enough);
        let store = file.open();
        let calls = store.restore().unwrap().calls;
        for number in 0..=last {
            assert!(
                calls.iter().any(|call| call.leg.as_str() == number.to_string()),
                "{number} of {last}"
            );
        }
        // What was not promised is as old as it likes, but in order.
        if let Some(reached) = store.setting("reached").unwrap() {
            assert!(store.person(UserId(reached.parse().unwrap())).unwrap().is_some(), "{reached}");
        }
    }
}

fn work_until_killed(disk: Disk) -> ! {
    let mut stdout = std::io::stdout();
    for number in 0.. {
        for _ in 0..4 {
            disk.later(user(number, "ivan"));
            disk.later(setting("reached", &number.to_string()));
        }
        let changes = changed(vec![call(&number.to_string())]);
        disk.now(move |store| store.finish(Taken::Now(Moment(1)), &changes, &[], Moment(2)))
            .unwrap();
        writeln!(stdout, "promised {number}").unwrap();
        stdout.flush().unwrap();
    }
    unreachable!("there is always a next one")
}
