//! The file itself: new, old, of a newer version, or something else.

#![allow(clippy::unwrap_used)]

mod support;

use store::{Store, StoreError};
use support::File;

#[test]
fn the_folder_and_the_file_are_made() {
    let file = File::new();
    assert!(!file.path().exists());
    file.open();
    assert!(file.path().exists());
}

#[test]
fn reading_does_not_wait_for_writing() {
    let file = File::new();
    let _store = file.open();
    let mode: String = file.raw().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_the_error_says_so() {
    let file = File::new();
    file.open();
    let before: i64 = file.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    file.raw().pragma_update(None, "user_version", before + 1).unwrap();
    let error = Store::open(&file.path()).unwrap_err();
    assert!(matches!(error, StoreError::Newer), "{error:?}");
    assert!(error.to_string().contains("newer version"), "{error}");
    let after: i64 = file.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(after, before + 1, "and left as it is");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let file = File::new();
    std::fs::create_dir_all(file.path().parent().unwrap()).unwrap();
    let text = "Это не база данных. ".repeat(100);
    std::fs::write(file.path(), &text).unwrap();
    let error = Store::open(&file.path()).unwrap_err();
    assert!(matches!(error, StoreError::Sqlite(_)), "{error:?}");
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let file = File::new();
    let blocked = file.path().parent().unwrap().to_owned();
    std::fs::write(&blocked, "a file where the folder should be").unwrap();
    assert!(matches!(Store::open(&file.path()), Err(StoreError::Folder(_))));
}
