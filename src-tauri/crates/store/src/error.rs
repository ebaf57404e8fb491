//! What can go wrong with the file.

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite or the disk refused.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file could not be brought up to date, or is of a newer version.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// The folder could not be made.
    #[error("the data folder could not be made: {0}")]
    Folder(#[source] std::io::Error),
    /// A row could not be written as JSON.
    #[error("a row could not be written: {0}")]
    Json(#[from] serde_json::Error),
}
