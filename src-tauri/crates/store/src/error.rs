//! What can go wrong with the file, and what a person can do about it.
//!
//! What SQLite, its reader of values and JSON's say quotes paths, names and values. Errors end up in logs, so they say the
//! kind and SQLite's code only, by `Debug` too.

use crate::folder;
use rusqlite::ErrorCode;
use rusqlite_migration::{Error as Migration, MigrationDefinitionError};
use std::fmt;
use std::io;
use std::path::Path;

/// Why the store could not do something.
#[derive(thiserror::Error)]
pub enum StoreError {
    /// SQLite or the disk refused.
    #[error("the database refused: {}", sqlite_kind(.0))]
    Sqlite(rusqlite::Error),
    /// The file was written by a newer version; it is left as it is.
    #[error("the database was written by a newer version of the program")]
    Newer,
    /// The file could not be brought up to date.
    #[error("the database could not be brought up to date: {}", migration_kind(.0))]
    Migration(Migration),
    /// The folder could not be made or used.
    #[error("the data folder could not be used: {}", io_kind(.0))]
    Folder(io::Error),
    /// The folder belongs to another user of this computer.
    #[error("the data folder belongs to another user: {}", io_kind(.0))]
    Foreign(io::Error),
    /// Another program works in the folder.
    #[error("another program works in the data folder")]
    InUse,
    /// Pages of the file contradict each other; what SQLite says about it, which may name what lies there.
    #[error("the database is damaged")]
    Damaged(String),
    /// Something is still owed to the account that was to be left.
    #[error("{0} entries are still owed")]
    Owed(u32),
    /// The system gives the store no thread.
    #[error("the store got no thread: {}", io_kind(.0))]
    Thread(io::Error),
    /// The store itself failed at something; that was not written.
    #[error("the store failed at it")]
    Broke,
    /// A row could not be written as JSON.
    #[error("a row could not be written: {:?} at column {}", .0.classify(), .0.column())]
    Json(serde_json::Error),
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

/// SQLite's code in words of its own list, or that the values were not as expected.
fn sqlite_kind(error: &rusqlite::Error) -> String {
    error.sqlite_error().map_or_else(
        || "unexpected values".to_owned(),
        |code| format!("{:?}, code {}", code.code, code.extended_code),
    )
}

fn migration_kind(error: &Migration) -> String {
    match error {
        Migration::RusqliteError { err, .. } => sqlite_kind(err),
        _ => "unexpected structure".to_owned(),
    }
}

/// The system's code, or the kind where it has none; what the system says in words is the code's.
fn io_kind(error: &io::Error) -> String {
    error
        .raw_os_error()
        .map_or_else(|| error.kind().to_string(), |code| io::Error::from_raw_os_error(code).to_string())
}

/// What is wrong with the place of the data, as far as a person can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A file lies where the folder should be, or on the way to it.
    NotAFolder,
    /// Nothing may be written there.
    ReadOnly,
    /// The folder is another user's.
    Foreign,
    /// No space is left on the disk.
    Full,
    /// The file is of a newer version.
    Newer,
    /// The file, or a part of it, cannot be read.
    Damaged,
    /// Another program holds the folder or the file.
    InUse,
    /// Anything else the disk refuses.
    Other,
}

impl StoreError {
    /// What is wrong, in kinds that a person can be told.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Sqlite(error) | Self::Migration(Migration::RusqliteError { err: error, .. }) => of_sqlite(error),
            Self::Newer => Fault::Newer,
            Self::Folder(error) => of_io(error),
            Self::Foreign(_) => Fault::Foreign,
            Self::InUse => Fault::InUse,
            Self::Damaged(_) | Self::Migration(Migration::InvalidUserVersion) => Fault::Damaged,
            Self::Migration(_) | Self::Owed(_) | Self::Json(_) | Self::Thread(_) | Self::Broke => Fault::Other,
        }
    }

    fn is_vague(&self) -> bool {
        let (Self::Sqlite(error) | Self::Migration(Migration::RusqliteError { err: error, .. })) = self else {
            return false;
        };
        matches!(error.sqlite_error_code(), Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen))
    }

    /// What the system says of a folder; its owner tells whether somebody else's was meant.
    pub(crate) fn folder(folder: &Path, error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::PermissionDenied && folder::is_foreign(folder) {
            Self::Foreign(error)
        } else {
            Self::Folder(error)
        }
    }
}

/// Where SQLite says only that something about the disk did not work, the disk is asked itself.
pub(crate) fn explained(error: StoreError, folder: &Path) -> StoreError {
    if error.is_vague() {
        folder::try_out(folder).map_or_else(|why| StoreError::folder(folder, why), |()| error)
    } else {
        error
    }
}

/// What is wrong with the file there; where SQLite does not say, the disk is asked.
pub(crate) fn fault_at(path: Option<&Path>, error: &StoreError) -> Fault {
    match (error.fault(), path.and_then(Path::parent)) {
        (Fault::Other, Some(folder)) => {
            folder::try_out(folder).map_or_else(|why| StoreError::folder(folder, why).fault(), |()| Fault::Other)
        }
        (fault, _) => fault,
    }
}

fn of_sqlite(error: &rusqlite::Error) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => Fault::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Fault::Damaged,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => Fault::InUse,
        // SQLite's other codes tell of the disk's hardware, of memory, or of our own mistakes.
        Some(_) | None => Fault::Other,
    }
}

fn of_io(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => Fault::NotAFolder,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Fault::ReadOnly,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Fault::Full,
        _ => Fault::Other,
    }
}

impl From<Migration> for StoreError {
    fn from(error: Migration) -> Self {
        match error {
            Migration::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::Newer,
            error => Self::Migration(error),
        }
    }
}
