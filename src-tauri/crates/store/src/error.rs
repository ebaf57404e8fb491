//! What can go wrong with the file.

use rusqlite_migration::{Error as Migration, MigrationDefinitionError};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite or the disk refused.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file was written by a newer version; it is left as it is.
    #[error("the database was written by a newer version of the program")]
    Newer,
    /// The file could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[source] Migration),
    /// The folder could not be made.
    #[error("the data folder could not be made: {0}")]
    Folder(#[source] std::io::Error),
    /// Something is still owed to the account that was to be left.
    #[error("{0} entries are still owed")]
    Owed(u32),
    /// A row could not be written as JSON.
    #[error("a row could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<Migration> for StoreError {
    fn from(error: Migration) -> Self {
        match error {
            Migration::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::Newer,
            error => Self::Migration(error),
        }
    }
}
