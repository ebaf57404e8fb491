//! The directory with users as they are, and as nobody would wish them.

use super::*;
use std::collections::BTreeMap;

mod clocks;
mod mixed;
mod model;

pub(crate) fn user(id: u64, name: &str) -> User {
    User {
        id,
        kind: "phone".to_owned(),
        name: name.to_owned(),
        created: Some(i64::try_from(id).unwrap() * 1_000),
        ..User::default()
    }
}

fn phone(text: &str, key: &str) -> Phone {
    Phone {
        text: text.to_owned(),
        keys: vec![key.to_owned()],
    }
}

fn directory(users: &[User]) -> Directory {
    let mut directory = Directory::in_memory().unwrap();
    directory.keep(users, None).unwrap();
    directory
}

fn ids(directory: &Directory, typed: &str) -> Vec<u64> {
    let found = directory.search(typed, 20).unwrap();
    found.people.iter().map(|person| person.user.id).collect()
}

/// What is marked in a text.
fn marked(text: &str, matched: &Matched) -> Vec<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let cut = |range: &std::ops::Range<u32>| String::from_utf16(&units[range.start as usize..range.end as usize]).unwrap();
    matched.ranges.iter().map(cut).collect()
}

fn office() -> Vec<User> {
    vec![
        User {
            company: "ООО «Ромашка»".into(),
            email: "ivanov@romashka.example".into(),
            note: "Просил звонить после обеда".into(),
            phones: vec![phone("8 (916) 123-45-67", "+79161234567")],
            ..user(1, "Иванов Иван Петрович")
        },
        User {
            fields: BTreeMap::from([("cf_7".into(), "Договор Д-2024/17".into())]),
            phones: vec![phone("+7 903 555-01-34", "+79035550134")],
            ..user(2, "Zhukova Natalia")
        },
        User {
            company: "Иванов и сыновья".into(),
            ..user(3, "Пётр Кузнецов")
        },
        User {
            position: "менеджер".into(),
            note: "раньше была Иванова".into(),
            blocked: true,
            ..user(4, "Щукина Мария")
        },
        user(5, "Шукин 🙂 Юрий"),
    ]
}

#[test]
fn s12_a_user_is_found_by_anything() {
    let directory = directory(&office());
    for (typed, id) in [
        ("иван пет", 1),
        ("петрович иванов", 1),
        ("IVANOV IVAN", 1),
        ("ivanov@rom", 1),
        ("ромашка", 1),
        ("romashka", 1),
        ("обеда", 1),
        ("жукова", 2),
        ("наталья", 2),
        ("договор", 2),
        ("Д-2024/17", 2),
        ("kuznecov petr", 3),
        ("менедж", 4),
        ("maria schukina", 4),
    ] {
        assert_eq!(ids(&directory, typed).first(), Some(&id), "{typed}");
    }
    assert!(ids(&directory, "сидоров").is_empty());
    assert!(directory.search("щукина", 5).unwrap().people[0].user.blocked, "found, and marked");
}

#[test]
fn the_name_comes_before_the_company_and_that_before_the_rest() {
    let directory = directory(&office());
    let found = directory.search("иванов", 20).unwrap();
    let order: Vec<_> = found.people.iter().map(|person| (person.user.id, person.tier)).collect();
    assert_eq!(order, [(1, Tier::Name), (3, Tier::Company), (4, Tier::Rest)]);
    // A name of one and the company of another: both together are of the company's kind.
    let found = directory.search("кузнецов иванов", 20).unwrap();
    assert_eq!((found.people[0].user.id, found.people[0].tier), (3, Tier::Company));
}

#[test]
fn those_met_lately_come_first() {
    let users: Vec<User> = (1..=200).map(|id| user(id, "Иванов")).collect();
    let mut directory = directory(&users);
    assert_eq!(ids(&directory, "ив")[..3], [200, 199, 198]);
    assert!(directory.met(7, 5_000_000).unwrap());
    assert!(!directory.met(999, 5_000_000).unwrap());
    assert_eq!(ids(&directory, "ив")[..3], [7, 200, 199]);
    // Omnidesk tells that one was met later still; that one has another name changes nothing of the order.
    directory
        .keep(
            &[
                User {
                    last_contact: Some(6_000_000),
                    ..user(9, "Иванов")
                },
                user(11, "Иванова"),
            ],
            None,
        )
        .unwrap();
    assert_eq!(ids(&directory, "ив")[..4], [9, 7, 200, 199]);
    assert_eq!(ids(&directory, "иванова")[0], 11);
    let found = directory.search("ив", 20).unwrap();
    assert!(found.more && found.people.len() == 20);
}

#[test]
fn whom_the_first_reading_put_elsewhere_is_moved_to_the_place_that_is_theirs() {
    let met = |id: u64| i64::try_from((id * 7_919) % 1_000).unwrap() * 1_000_000;
    let users: Vec<User> = (1..=300)
        .map(|id| User {
            last_contact: Some(met(id)),
            ..user(id, "Иванов")
        })
        .collect();
    let mut directory = Directory::in_memory().unwrap();
    for page in users.chunks(10) {
        directory.keep(page, None).unwrap();
    }
    let up = directory.settle(100).unwrap();
    assert_eq!(up.len(), 100);
    up.chunks(30).for_each(|some| directory.move_up(some).unwrap());
    assert!(directory.settle(100).unwrap().is_empty(), "they stay there");
    let mut latest: Vec<u64> = (1..=300).collect();
    latest.sort_by_key(|id| std::cmp::Reverse((met(*id).max(i64::try_from(*id).unwrap() * 1_000), *id)));
    let found = directory.search("и", 50).unwrap();
    let found: Vec<u64> = found.people.iter().map(|person| person.user.id).collect();
    assert_eq!(found, latest[..50]);
    assert_eq!(directory.count().unwrap(), 300);
}

#[test]
fn numbers_are_found_by_their_ends_and_beginnings_in_any_spelling() {
    let directory = directory(&office());
    for typed in [
        "+79161234567",
        "8 916 123-45-67",
        "9161234567",
        "1234567",
        "4567",
        "8916",
        "+7 (916) 12",
        "916",
        "79161",
    ] {
        let found = directory.search(typed, 20).unwrap();
        assert_eq!(found.people.first().map(|person| person.user.id), Some(1), "{typed}");
        let whole = numbers::digits(typed).len() >= 10;
        assert_eq!(found.people[0].tier, if whole { Tier::Number } else { Tier::Rest }, "{typed}");
        let matched = &found.people[0].matched[0];
        assert_eq!(matched.field, Field::Phone(0), "{typed}");
        assert!(!matched.ranges.is_empty());
    }
    let found = directory.search("123 45 67", 20).unwrap();
    assert_eq!(marked("8 (916) 123-45-67", &found.people[0].matched[0]), ["123-45-67"]);
    assert!(ids(&directory, "99").is_empty() && ids(&directory, "1234568").is_empty());
    assert_eq!(directory.with_number("+79161234567").unwrap()[0].id, 1);
    assert!(directory.with_number("+79161234568").unwrap().is_empty());
    assert!(directory.with_number("79161234567").unwrap().is_empty(), "another key");
}

#[test]
fn what_is_looked_up_and_is_no_number_is_found_as_it_stands() {
    let users = [
        User {
            phones: vec![phone("MTS-Bank", "MTS-Bank")],
            ..user(1, "Банк")
        },
        User {
            phones: vec![phone("0900", "0900")],
            ..user(2, "Сбер")
        },
        User {
            phones: vec![phone("900", "900")],
            ..user(3, "Сбер 2")
        },
    ];
    let directory = directory(&users);
    let one = |key| directory.with_number(key).unwrap().iter().map(|user| user.id).collect::<Vec<_>>();
    assert_eq!(
        (one("MTS-Bank"), one("0900"), one("900"), one("mts")),
        (vec![1], vec![2], vec![3], vec![])
    );
}

#[test]
fn the_other_layout_and_one_slip_are_tried_where_little_is_found() {
    let directory = directory(&office());
    for (typed, id, reading) in [
        ("bdfyjd gtnh", 1, Reading::OtherLayout),
        ("кузнцов", 3, Reading::Slip),
        ("кузнецоов", 3, Reading::AsTyped),
        ("кузмецов", 3, Reading::Slip),
        ("куznецов", 3, Reading::AsTyped),
        ("кузенцов", 3, Reading::Slip),
        ("узнецов", 3, Reading::Slip),
        ("ркомашка", 1, Reading::Slip),
        ("kuznetsvo", 3, Reading::Slip),
    ] {
        let found = directory.search(typed, 20).unwrap();
        let first = found.people.iter().find(|person| person.reading == reading);
        assert_eq!(first.map(|person| person.user.id), Some(id), "{typed}: {:?}", found.people);
    }
    assert!(ids(&directory, "щкин").is_empty(), "too short for a slip");
    assert!(ids(&directory, "кзнцов").is_empty(), "two slips");
}

#[test]
fn what_matched_and_where_is_said_in_the_windows_units() {
    let directory = directory(&office());
    let found = directory.search("yur shu", 20).unwrap();
    let person = &found.people[0];
    assert_eq!(person.user.id, 5);
    assert_eq!(person.matched.len(), 1);
    assert_eq!(person.matched[0].field, Field::Name);
    assert_eq!(marked("Шукин 🙂 Юрий", &person.matched[0]), ["Шу", "Юр"]);
    let found = directory.search("д 2024", 20).unwrap();
    assert_eq!(found.people[0].matched[0].field, Field::Custom("cf_7".into()));
    assert_eq!(marked("Договор Д-2024/17", &found.people[0].matched[0]), ["Д", "Д", "2024"]);
}

#[test]
fn linked_profiles_are_one_person() {
    let pair = |id, other, name: &str| User {
        linked: vec![id, other],
        ..user(id, name)
    };
    let directory = directory(&[pair(1, 2, "Иванов Иван"), pair(2, 1, "Иванов И."), user(3, "Иванова")]);
    let found = directory.search("ивано", 20).unwrap();
    let people: Vec<_> = found.people.iter().map(|person| (person.user.id, person.also.clone())).collect();
    assert_eq!(people, [(3, vec![]), (2, vec![1])]);
}

#[test]
fn who_is_deleted_goes_and_who_is_restored_comes_back() {
    let mut directory = directory(&office());
    let deleted = User {
        deleted: true,
        ..office()[0].clone()
    };
    let written = directory.keep(&[deleted, user(5, "Шукин 🙂 Юрий")], None).unwrap();
    assert_eq!(
        written,
        Written {
            gone: 1,
            same: 1,
            ..Written::default()
        }
    );
    assert!(!ids(&directory, "иванов").contains(&1));
    assert!(ids(&directory, "4567").is_empty() && directory.with_number("+79161234567").unwrap().is_empty());
    let written = directory.keep(&office(), None).unwrap();
    assert_eq!((written.new, written.same), (1, 4));
    assert_eq!(ids(&directory, "иванов")[0], 1);
    assert_eq!(directory.with_number("+79161234567").unwrap().len(), 1);
    // Another number and name: the old ones find nobody.
    let changed = User {
        phones: vec![phone("+7 999 000 11 22", "+79990001122")],
        ..user(1, "Сидоров")
    };
    assert_eq!(directory.keep(&[changed], None).unwrap().changed, 1);
    assert!(ids(&directory, "123-45-67").is_empty() && ids(&directory, "петрович").is_empty());
    assert_eq!((ids(&directory, "сидор"), ids(&directory, "1122")), (vec![1], vec![1]));
}

#[test]
fn whom_a_whole_reading_has_not_seen_goes() {
    let mut directory = Directory::in_memory().unwrap();
    directory.keep(&office(), Some(1)).unwrap();
    directory.keep(&office()[1..], Some(2)).unwrap();
    assert_eq!(directory.forget_unseen(2, 100).unwrap(), 1);
    assert_eq!(directory.forget_unseen(2, 100).unwrap(), 0);
    assert_eq!((directory.count().unwrap(), directory.user(1).unwrap()), (4, None));
    directory.clear().unwrap();
    assert_eq!((directory.count().unwrap(), ids(&directory, "мария")), (0, vec![]));
    directory.keep(&office(), Some(3)).unwrap();
    assert_eq!(ids(&directory, "мария"), [4]);
}

#[test]
fn of_a_user_who_is_told_twice_the_last_word_counts() {
    let mut directory = Directory::in_memory().unwrap();
    let written = directory.keep(&[user(1, "Один"), user(1, "Второй")], None).unwrap();
    assert_eq!(written.new, 1);
    assert_eq!((ids(&directory, "второй"), ids(&directory, "один")), (vec![1], vec![]));
}

#[test]
fn no_text_does_harm_kept_or_typed() {
    let mut directory = Directory::in_memory().unwrap();
    let texts = hostile::texts();
    let users: Vec<User> = (1..)
        .zip(&texts)
        .map(|(id, hostile)| User {
            company: hostile.text.clone(),
            note: hostile.text.repeat(2),
            email: hostile.text.clone(),
            fields: BTreeMap::from([(hostile.text.clone(), hostile.text.clone())]),
            phones: vec![phone(&hostile.text, &hostile.text)],
            ..user(id, &hostile.text)
        })
        .collect();
    directory.keep(&users, None).unwrap();
    for (id, kept) in (1..).zip(&users) {
        assert_eq!(directory.user(id).unwrap().as_ref(), Some(kept), "kept as it was");
    }
    let commands = [
        "\"",
        "\"\"\"",
        "иван\"",
        "NEAR(a b)",
        "a NEAR b",
        "a AND",
        "OR",
        "NOT a",
        "a*",
        "*",
        "-",
        "- a",
        "name: a",
        "{a b}: c",
        "^a",
        "(",
        ")",
        "a + b",
        "'; DROP TABLE users; --",
        "%",
        "_",
        "\0",
        "a\0b",
    ];
    let long = "ы".repeat(10_000);
    let many = "слово ".repeat(2_000);
    let typed = texts
        .iter()
        .map(|hostile| hostile.text.as_str())
        .chain(commands)
        .chain([long.as_str(), many.as_str()]);
    for typed in typed {
        for found in directory.search(typed, 20).unwrap().people {
            for matched in found.matched {
                assert!(!matched.ranges.is_empty());
                assert!(matched.ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
        }
        directory.with_number(typed).unwrap();
    }
    // Whoever has an ordinary text among them is found by it.
    let note = "очень ".repeat(1_700) + "важно";
    directory.keep(&[User { note, ..user(9_000, "") }], None).unwrap();
    assert!(ids(&directory, "очень важно").contains(&9_000));
}

#[test]
fn a_file_keeps_them_and_a_damaged_one_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.db");
    let mut directory = Directory::open(&path).unwrap();
    directory.keep(&office(), Some(1)).unwrap();
    assert_eq!(directory.was_put_aside(), None);
    let reader = Directory::reader(&path).unwrap();
    assert_eq!(ids(&reader, "иванов")[0], 1);
    // What is written is seen by who reads.
    directory.keep(&[user(77, "Новый")], None).unwrap();
    assert_eq!(ids(&reader, "новый"), [77]);
    while directory.tidy().unwrap() {}
    directory.check().unwrap();
    drop((directory, reader));
    let directory = Directory::open(&path).unwrap();
    assert_eq!((directory.count().unwrap(), ids(&directory, "новый")), (6, vec![77]));
    drop(directory);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "nobody else's");
    }
    std::fs::write(&path, "this is no database, and long enough to be seen as none ".repeat(100)).unwrap();
    let directory = Directory::open(&path).unwrap();
    assert_eq!(directory.count().unwrap(), 0);
    assert!(directory.was_put_aside().unwrap().exists());
    drop(directory);
    // One of another version goes the same way.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    assert!(Directory::open(&path).unwrap().was_put_aside().is_some());
}

#[test]
fn two_who_write_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.db");
    let mut one = Directory::open(&path).unwrap();
    let mut other = Directory::open(&path).unwrap();
    one.keep(&[user(1, "Первый")], None).unwrap();
    other.keep(&[user(2, "Второй")], None).unwrap();
    one.keep(&[user(3, "Третий")], None).unwrap();
    assert_eq!(one.count().unwrap(), 3);
    assert_eq!((ids(&one, "второй"), ids(&other, "третий")), (vec![2], vec![3]));
}

#[test]
fn of_who_is_gone_nothing_is_left_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.db");
    let mut directory = Directory::open(&path).unwrap();
    let rare = User {
        note: "Тайнопись".into(),
        ..user(900, "Редкофамильцев")
    };
    directory.keep(&office(), None).unwrap();
    directory.keep(&[rare], None).unwrap();
    let traces = || {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(std::fs::read(folder.path().join("users.db-wal")).unwrap_or_default());
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        // The index keeps what words share with the one before only once.
        ["дкофамильцев", "дкофамилцев", "dkofamil", "ainopis", "айнопись"]
            .iter()
            .filter(|text| has(text))
            .count()
    };
    assert!(traces() >= 4, "they are looked for in the right place");
    assert_eq!(directory.forget(&[900]).unwrap(), 1);
    directory.purge().unwrap();
    assert_eq!(traces(), 0);
    for (typed, id) in [("иванов", 1), ("наталья", 2), ("кузнец", 3), ("ромашка", 1), ("щукина", 4)] {
        assert_eq!(ids(&directory, typed).first(), Some(&id), "{typed}");
    }
    directory.keep(&[user(901, "Редкофамильцев")], None).unwrap();
    assert_eq!(ids(&directory, "редкоф"), [901], "and whoever comes with such a word is found");
    assert_eq!(ids(&directory, "редкофомильцев"), [901]);
    drop(directory);
    assert_eq!(ids(&Directory::open(&path).unwrap(), "редкоф"), [901]);
}
