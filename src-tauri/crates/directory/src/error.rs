//! What the disk refuses.

/// Why the directory cannot do something. Nothing of a user stands in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused: a full disk, a file that cannot be written, one that is damaged.
    #[error("the file of users: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A damaged file cannot be put aside.
    #[error("the file of users cannot be put aside: {0}")]
    Aside(#[from] std::io::Error),
}

impl Error {
    /// Whether the file itself is at fault: it is to be opened anew, which puts it aside.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
            ),
            Self::Aside(_) => false,
        }
    }
}
