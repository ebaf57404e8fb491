//! The data folder: nobody else reads it, and one program at a time works in it.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::{Fault, Store, StoreError, folder};
use support::{File, call, changed};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn open_to_all(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn nobody_else_may_read_folder_or_files_from_the_first_moment_on() {
    let file = File::new();
    let mut store = file.open();
    let row = store.take_in(&support::ring("a"), calls::Moment(1)).unwrap();
    store.commit(row, &changed(vec![call("a")]), &[], calls::Moment(1)).unwrap();
    assert_eq!(mode(file.path().parent().unwrap()), 0o700);
    let mut seen = 0;
    for entry in fs::read_dir(file.path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 3, "the file, its log and the log's index");
}

#[test]
fn what_others_may_read_is_closed_to_them_and_named() {
    let file = File::new();
    let _store = file.open();
    let folder = file.path().parent().unwrap().to_owned();
    fs::create_dir(folder.join("logs")).unwrap();
    fs::write(folder.join("logs/today.log"), "…").unwrap();
    let open = [
        (folder.clone(), 0o755),
        (file.path(), 0o644),
        (folder.join("logs"), 0o755),
        (folder.join("logs/today.log"), 0o666),
    ];
    for (path, mode) in &open {
        open_to_all(path, *mode);
    }
    let mut tightened = folder::tighten(&folder).unwrap();
    let mut expected: Vec<_> = open.iter().map(|(path, _)| path.clone()).collect();
    tightened.sort();
    expected.sort();
    assert_eq!(tightened, expected);
    assert_eq!(open.map(|(path, _)| mode(&path)), [0o700, 0o600, 0o700, 0o600]);
    assert!(folder::tighten(&folder).unwrap().is_empty(), "nothing is left to do");
}

#[test]
fn a_folder_that_is_everybodys_stays_so_and_links_are_not_followed() {
    let place = tempfile::tempdir().unwrap();
    let shared = place.path().join("shared");
    fs::create_dir(&shared).unwrap();
    let elsewhere = place.path().join("elsewhere");
    fs::write(&elsewhere, "not ours").unwrap();
    open_to_all(&elsewhere, 0o644);
    std::os::unix::fs::symlink(&elsewhere, shared.join("link")).unwrap();
    open_to_all(&shared, 0o1777);
    assert_eq!(folder::tighten(&shared).unwrap().len(), 0);
    assert_eq!((mode(&shared), mode(&elsewhere)), (0o777, 0o644));
}

#[test]
fn one_program_at_a_time_works_in_a_folder_and_the_next_may_when_it_ends() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let first = folder::claim(&data).unwrap();
    let refused = folder::claim(&data).unwrap_err();
    assert_eq!(refused.fault(), Fault::InUse, "{refused}");
    drop(first);
    folder::claim(&data).unwrap();
}

#[test]
fn a_file_where_the_folder_should_be_or_on_the_way_to_it_is_said_to_be_one() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("data");
    fs::write(&file, "a file").unwrap();
    for folder in [file.clone(), file.join("deeper")] {
        let refused = folder::claim(&folder).unwrap_err();
        assert_eq!(refused.fault(), Fault::NotAFolder, "{refused}");
        let refused = Store::open(&folder.join("desk.db")).unwrap_err();
        assert_eq!(refused.fault(), Fault::NotAFolder, "{refused}");
    }
}

#[test]
fn each_refusal_of_the_system_is_of_its_own_kind() {
    use std::io::{Error, ErrorKind};
    for (kind, fault) in [
        (ErrorKind::PermissionDenied, Fault::ReadOnly),
        (ErrorKind::ReadOnlyFilesystem, Fault::ReadOnly),
        (ErrorKind::StorageFull, Fault::Full),
        (ErrorKind::QuotaExceeded, Fault::Full),
        (ErrorKind::NotADirectory, Fault::NotAFolder),
        (ErrorKind::Interrupted, Fault::Other),
    ] {
        assert_eq!(StoreError::Folder(Error::from(kind)).fault(), fault, "{kind:?}");
    }
}
