//! Clocks that were wrong, and what moving somebody costs.

use super::*;

const NOW: i64 = 1_700_000_000_000;
const YEAR: i64 = 31_536_000_000;

fn at(now: i64, users: &[User]) -> Directory {
    let mut directory = Directory::in_memory().unwrap();
    directory.now = Some(now);
    directory.keep(users, None).unwrap();
    directory
}

#[test]
fn a_date_that_is_still_to_come_puts_nobody_first() {
    let met = |id, at| User {
        last_contact: Some(at),
        ..user(id, "Иванов")
    };
    let mut directory = at(NOW, &[met(1, NOW + YEAR), met(2, NOW - 50), met(3, i64::MAX), met(4, NOW + 1_000)]);
    // An hour ahead is a clock's difference; a year is none.
    assert_eq!(ids(&directory, "иванов"), [4, 2, 3, 1]);
    assert_eq!(directory.settle(2).unwrap(), Vec::<u64>::new());
    directory.keep(&[met(5, NOW - 10), met(1, NOW + 2 * YEAR)], None).unwrap();
    assert_eq!(ids(&directory, "иванов"), [4, 5, 2, 3, 1]);
    // When that day has come, it is a date as any other.
    directory.now = Some(NOW + 3 * YEAR);
    assert_eq!(ids(&directory, "иванов")[0], 1);
}

#[test]
fn whoever_was_met_while_this_clock_was_wrong_is_met_anew() {
    let mut directory = at(NOW + YEAR, &[user(1, "Иванов"), user(2, "Иванов")]);
    assert!(directory.met(1, NOW + YEAR).unwrap());
    assert_eq!(ids(&directory, "иванов"), [1, 2]);
    directory.now = Some(NOW);
    assert!(directory.met(2, NOW - 5).unwrap());
    assert_eq!(ids(&directory, "иванов"), [2, 1]);
    assert!(directory.met(1, NOW).unwrap());
    assert_eq!(ids(&directory, "иванов"), [1, 2]);
    assert!(directory.met(2, NOW + 1).unwrap());
    assert_eq!(ids(&directory, "иванов"), [2, 1], "the wrong date has been forgotten");
}

#[test]
fn many_are_moved_with_less_writing_than_one_after_the_other() {
    let users: Vec<User> = office()
        .into_iter()
        .cycle()
        .zip(1..=400)
        .map(|(one, id)| User { id, ..one })
        .collect();
    let up: Vec<u64> = (1..=300).map(|at| at * 7 % 400 + 1).collect();
    let (mut at_once, mut singly) = (directory(&users), directory(&users));
    let written = |directory: &Directory, before: u64| directory.db.total_changes() - before;
    let (before_at_once, before_singly) = (at_once.db.total_changes(), singly.db.total_changes());
    at_once.move_up(&up).unwrap();
    up.iter().for_each(|id| singly.move_up(&[*id]).unwrap());
    let (at_once_wrote, singly_wrote) = (written(&at_once, before_at_once), written(&singly, before_singly));
    assert!(at_once_wrote * 3 < singly_wrote * 2, "{at_once_wrote} {singly_wrote}");
    for typed in ["иванов", "мария", "4567", "наталья 0134"] {
        assert_eq!(ids(&at_once, typed), ids(&singly, typed), "{typed}");
    }
}

#[test]
fn whoever_is_named_twice_is_moved_once() {
    let mut directory = directory(
        &(1..=5)
            .map(|id| User {
                created: None,
                ..user(id, "Иванов")
            })
            .collect::<Vec<_>>(),
    );
    directory.move_up(&[1, 2, 9, 1, 3]).unwrap();
    assert_eq!(ids(&directory, "иванов"), [3, 1, 2, 5, 4]);
    assert_eq!(directory.count().unwrap(), 5);
}

#[test]
fn of_many_who_moved_the_index_keeps_no_notes_once_it_is_tidied() {
    let users: Vec<User> = office()
        .into_iter()
        .cycle()
        .zip(1..=12_000)
        .map(|(one, id)| User { id, ..one })
        .collect();
    let mut directory = directory(&users);
    while directory.tidy().unwrap() {}
    // A note's page has the number of its part of the index, and the highest bit of such numbers set.
    let notes = |directory: &Directory| -> i64 {
        let sql = "SELECT count(*) FROM found_data WHERE id >= (1 << 53)";
        directory.db.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(notes(&directory), 0);
    // So many that searches feel it, and too few for SQLite to mind.
    directory.move_up(&(1..=1_100).collect::<Vec<_>>()).unwrap();
    assert!(notes(&directory) > 0);
    let before = ids(&directory, "иванов 4567");
    let mut pieces = 0;
    while directory.tidy().unwrap() {
        pieces += 1;
        assert!(pieces < 1_000, "endless");
    }
    assert_eq!(notes(&directory), 0);
    assert_eq!(ids(&directory, "иванов 4567"), before);
    assert!(!directory.tidy().unwrap());
    // A few more are no reason to write all of it again.
    directory.move_up(&[1, 2, 3]).unwrap();
    let before = directory.db.total_changes();
    while directory.tidy().unwrap() {}
    assert!(directory.db.total_changes() - before < 20);
}
