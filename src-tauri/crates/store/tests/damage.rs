//! A file that is damaged inside: nothing of it is deleted, and what can be read goes on.

#![allow(clippy::unwrap_used)]

mod support;

use calls::Moment;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use store::{EntryState, Fault, Store};
use support::{File, call, changed, duty, ring};

const CALLS: usize = 300;

/// A desk's file with many calls, each owing a status, and settings.
fn filled() -> File {
    let file = File::new();
    let mut store = file.open();
    store.set_setting("settings", "{\"extension\":\"101\"}").unwrap();
    for number in 0..CALLS {
        let leg = format!("leg-{number:04}");
        let row = store.take_in(&ring(&leg), Moment(1)).unwrap();
        store
            .commit(row, &changed(vec![call(&leg)]), &[duty(&leg, "status")], Moment(1))
            .unwrap();
    }
    drop(store);
    file
}

/// The page on which a table's rows lie, and the size of a page; some page in the middle of them.
fn page_of(file: &File, table: &str) -> (u64, u64) {
    let raw = file.raw();
    let size: i64 = raw.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    let root: i64 = raw
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0))
        .unwrap();
    // The root lists its children: the first pointer of the cell in its middle.
    drop(raw);
    let bytes = fs::read(file.path()).unwrap();
    let (size, root) = (usize::try_from(size).unwrap(), usize::try_from(root).unwrap());
    let page = &bytes[(root - 1) * size..root * size];
    assert_eq!(page[0], 5, "{table} has an inner page");
    let cells = usize::from(u16::from_be_bytes([page[3], page[4]]));
    let place = 12 + (cells / 2) * 2;
    let cell = usize::from(u16::from_be_bytes([page[place], page[place + 1]]));
    let child = u32::from_be_bytes(page[cell..cell + 4].try_into().unwrap());
    (u64::from(child), size as u64)
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn spoil(file: &File, table: &str) -> Vec<u8> {
    let (page, size) = page_of(file, table);
    overwrite(&file.path(), (page - 1) * size, &vec![0xA5; usize::try_from(size).unwrap()]);
    fs::read(file.path()).unwrap()
}

#[test]
fn a_damaged_page_costs_its_rows_only_and_the_file_is_kept_aside() {
    for table in ["outbox", "calls"] {
        let file = filled();
        let damaged = spoil(&file, table);
        let store = file.open();
        let rescued = store.rescued().unwrap().clone();
        assert_eq!(fs::read(&rescued.aside).unwrap(), damaged, "{table}: as it was");
        assert_eq!(store.setting("settings").unwrap().as_deref(), Some("{\"extension\":\"101\"}"));
        let (calls, owed) = (store.restore().unwrap().calls.len(), store.outbox(Moment(0)).unwrap().len());
        let (spoilt, whole) = if table == "outbox" { (owed, calls) } else { (calls, owed) };
        assert_eq!(whole, CALLS, "{table}");
        assert!(spoilt < CALLS && spoilt > CALLS - 40, "{table}: {spoilt}");
        drop(store);
        let again = file.open();
        assert!(again.rescued().is_none(), "the new file is sound");
        assert_eq!(again.outbox(Moment(0)).unwrap().len(), owed);
    }
}

#[test]
fn a_second_damage_does_not_replace_what_was_kept_of_the_first() {
    let file = filled();
    spoil(&file, "outbox");
    let first = file.open().rescued().unwrap().aside.clone();
    file.raw().pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    spoil(&file, "calls");
    let second = file.open().rescued().unwrap().aside.clone();
    assert_ne!(first, second);
    assert!(first.exists() && second.exists());
}

#[test]
fn what_is_no_database_at_all_can_be_put_aside_by_a_person() {
    let file = File::new();
    fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    let text = "Это не база данных. ".repeat(100);
    fs::write(file.path(), &text).unwrap();
    assert_eq!(Store::open(&file.path()).unwrap_err().fault(), Fault::Damaged);
    let store = Store::open_anew(&file.path()).unwrap();
    let rescued = store.rescued().unwrap();
    assert_eq!((fs::read_to_string(&rescued.aside).unwrap(), rescued.rows), (text, 0));
    store.set_setting("settings", "{}").unwrap();
}

#[test]
fn a_file_that_is_damaged_while_the_program_runs_goes_on_with_what_the_program_knows() {
    let file = filled();
    let mut store = file.open();
    let known = store.restore().unwrap().calls;
    let mut owed = store.outbox(Moment(0)).unwrap();
    spoil(&file, "outbox");
    // The page is read now for the first time by this reader.
    owed[10].state = EntryState::Done;
    owed[10].done_at = Some(Moment(9));
    store.mend().unwrap();
    assert!(store.rescued().is_some());
    assert!(store.outbox(Moment(0)).unwrap().len() < CALLS);
    store.write_all(&changed(known.clone()), owed.iter()).unwrap();
    assert_eq!(store.outbox(Moment(0)).unwrap(), owed, "in the same places, as they stood");
    assert_eq!(store.restore().unwrap().calls.len(), known.len());
    let row = store.take_in(&ring("new"), Moment(2)).unwrap();
    store
        .commit(row, &changed(vec![call("new")]), &[duty("new", "status")], Moment(2))
        .unwrap();
}

#[test]
fn a_file_that_was_removed_under_the_program_is_written_anew() {
    let file = filled();
    let mut store = file.open();
    let owed = store.outbox(Moment(0)).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", file.path().display()));
    }
    assert!(!store.is_in_place());
    store.mend().unwrap();
    store.write_all(&changed(Vec::new()), owed.iter()).unwrap();
    assert!(store.is_in_place());
    drop(store);
    assert_eq!(file.open().outbox(Moment(0)).unwrap(), owed);
}

#[test]
fn rows_that_are_no_text_and_rows_of_another_version_are_counted_and_the_rest_is_read() {
    let file = filled();
    file.raw()
        .execute_batch(
            "UPDATE outbox SET duty = CAST(x'ff00fe' AS TEXT) WHERE seq = 5;
             UPDATE outbox SET duty = '{\"another\":1}' WHERE seq = 6;
             UPDATE outbox SET trouble = CAST(x'ff' AS TEXT) WHERE seq = 7;
             UPDATE calls SET body = CAST(x'ff00fe' AS TEXT) WHERE leg = 'leg-0009';
             INSERT INTO journal (at, input) VALUES (1, CAST(x'ff' AS TEXT));",
        )
        .unwrap();
    let store = file.open();
    assert_eq!(store.outbox(Moment(0)).unwrap().len(), CALLS - 3);
    assert_eq!(store.unreadable_duties().unwrap(), 3);
    let restored = store.restore().unwrap();
    assert_eq!((restored.calls.len(), restored.unreadable), (CALLS - 1, 1));
    assert_eq!(store.unhandled().unwrap(), []);
}
