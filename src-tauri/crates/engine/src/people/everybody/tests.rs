use super::*;
use directory::Phone;
use std::fs;

fn user(id: u64, name: &str) -> User {
    User {
        id,
        name: name.into(),
        phones: vec![Phone {
            text: format!("+7916000{id:04}"),
            keys: vec![format!("+7916000{id:04}")],
        }],
        ..User::default()
    }
}

fn page(users: Vec<User>, reading: i64, whole: bool) -> Read {
    Read {
        users,
        reading,
        progress: format!("page of {reading}"),
        whole,
    }
}

fn names(everybody: &Everybody, typed: &str) -> Vec<String> {
    let found = everybody.seeker().search(typed, 20).people;
    found.into_iter().map(|person| person.user.name).collect()
}

#[tokio::test]
async fn s12_what_was_handed_over_is_known_at_once_and_still_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.db");
    let everybody = Everybody::open(&file).unwrap();
    assert_eq!(everybody.progress(), None);
    everybody.later(user(7, "Иванов"));
    assert_eq!(everybody.with_number("+79160000007").len(), 1);
    assert_eq!(everybody.user(7).unwrap().name, "Иванов");
    assert_eq!(names(&everybody, "bdfyjd"), ["Иванов"], "a search waits for it");
    everybody.keep(page(vec![user(8, "Петров")], 1, false)).await.unwrap();
    assert_eq!((everybody.count(), everybody.progress().as_deref()), (2, Some("page of 1")));
    everybody.later(user(9, "Сидоров"));
    drop(everybody);
    let everybody = Everybody::open(&file).unwrap();
    assert_eq!((everybody.count(), everybody.progress().as_deref()), (3, Some("page of 1")));
    assert!(!everybody.was_lost());
}

#[tokio::test]
async fn s12_what_is_said_of_a_user_after_a_page_was_asked_for_is_newer_than_the_page() {
    let everybody = Everybody::in_memory().unwrap();
    everybody.is_read(1);
    everybody.asks();
    // Before it comes, and while it waits to be written.
    everybody.later(user(7, "Иванова"));
    let kept = everybody.keep(page([7, 8, 9].map(|id| user(id, "Прежнев")).to_vec(), 1, true));
    everybody.later(user(8, "Петрова"));
    kept.await.unwrap();
    let name = |id| everybody.user(id).map(|user| user.name);
    assert_eq!([name(7), name(8), name(9)].map(Option::unwrap), ["Иванова", "Петрова", "Прежнев"]);
    assert_eq!(everybody.told().into_iter().collect::<Vec<_>>(), [7, 8]);
    // The next page is asked for later, and is newer.
    everybody.asks();
    everybody.keep(page(vec![user(7, "Кузнецова")], 1, false)).await.unwrap();
    assert_eq!(everybody.user(7).unwrap().name, "Кузнецова");
}

#[tokio::test]
async fn s12_who_is_deleted_is_not_found_any_more_and_who_was_not_seen_is_gone() {
    let everybody = Everybody::in_memory().unwrap();
    let three = [(1, "Иванова"), (2, "Иванов"), (3, "Ивановская")].map(|(id, name)| user(id, name));
    everybody.keep(page(three.to_vec(), 1, true)).await.unwrap();
    let deleted = User {
        deleted: true,
        ..user(1, "Иванова")
    };
    everybody.later(deleted);
    assert!(everybody.user(1).is_none() && everybody.with_number("+79160000001").is_empty());
    everybody.is_read(2);
    // Looked up during the second reading, which does not come by them.
    everybody.later(user(3, "Ивановская"));
    assert_eq!(names(&everybody, "ив").len(), 2);
    everybody.keep(page(vec![user(4, "Иванников")], 2, true)).await.unwrap();
    let mut left = names(&everybody, "ив");
    left.sort();
    assert_eq!(left, ["Иванников", "Ивановская"]);
}

#[tokio::test]
async fn users_of_an_account_that_was_left_are_not_seen_from_that_moment_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.db");
    fs::write(file.with_extension("db.damaged"), "Иванов").unwrap();
    let everybody = Everybody::open(&file).unwrap();
    everybody.keep(page(vec![user(7, "Секретный")], 1, true)).await.unwrap();
    everybody.later(user(8, "Секретный"));
    everybody.clear();
    assert_eq!((everybody.user(7), everybody.user(8), everybody.count()), (None, None, 0));
    assert_eq!(names(&everybody, "секр"), [""; 0]);
    // The new account's page comes after it.
    everybody.keep(page(vec![user(9, "Новый")], 1, false)).await.unwrap();
    assert_eq!(names(&everybody, "нов"), ["Новый"]);
    drop(everybody);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds("Секретный") && !holds("Иванов"));
    }
}

#[tokio::test]
async fn a_damaged_file_is_made_anew_and_whoever_reads_the_account_learns_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.db");
    fs::write(&file, "no database at all".repeat(1_000)).unwrap();
    let everybody = Everybody::open(&file).unwrap();
    assert!(everybody.was_lost() && !everybody.was_lost());
    everybody
        .keep(page((1..500).map(|id| user(id, "Иванов")).collect(), 1, true))
        .await
        .unwrap();
    drop(everybody);
    // The head is sound, so it opens; what lies behind it is not.
    let length = fs::metadata(&file).unwrap().len();
    let mut bytes = fs::read(&file).unwrap();
    bytes[8_192..].fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    let everybody = Everybody::open(&file).unwrap();
    let (mut tries, mut was_lost) = (0, false);
    while everybody.keep(page(vec![user(7, "Петров")], 1, false)).await.is_err() {
        // Nothing is kept before whoever reads the account knows that those before are gone.
        assert!(was_lost || everybody.has(7).is_none());
        was_lost |= everybody.was_lost();
        tries += 1;
        assert!(tries < 3, "{length}");
    }
    assert!(was_lost && everybody.has(7) == Some(true) && everybody.has(8) == Some(false));
    assert_eq!(names(&everybody, "петр"), ["Петров"]);
}

#[test]
fn a_disk_that_refuses_keeps_nobody_from_working() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("no such folder").join("users.db");
    let everybody = Everybody::open(&nowhere).unwrap();
    everybody.later(user(7, "Иванов"));
    assert_eq!(everybody.with_number("+79160000007").len(), 1, "what was said is known");
    assert_eq!((everybody.count(), everybody.progress(), everybody.user(8)), (0, None, None));
    drop(everybody);
}
