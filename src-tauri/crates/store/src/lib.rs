//! What must outlive a crash, in one SQLite file.
//!
//! Facts of the design:
//!
//! 1. **Journal first.** An input is a row (`synchronous = FULL`) before anything is done about it.
//! 2. **One transaction per input.** The calls it changed, the duties it made us owe and the mark
//!    "handled" are written together. After a crash [`Store::unhandled`] names the inputs that were
//!    taken in but not finished; handling them again leads to the same state.
//! 3. **The outbox counts attempts before the attempt**, so that a poisonous entry cannot loop.
//! 4. One writer. The tables are STRICT; bodies are JSON. A row that this version cannot read is left
//!    alone and counted, never deleted.
//!
//! Secrets never come here (D4).

mod account;
mod error;
mod journal;
mod outbox;
mod people;
mod schema;

pub use error::StoreError;
pub use journal::{Journaled, Restored};
pub use outbox::{Entry, EntryState};
pub use people::{Kept, Person};

use rusqlite::Connection;
use std::path::Path;

/// The database of one agent's desk.
#[derive(Debug)]
pub struct Store {
    pub(crate) db: Connection,
}

impl Store {
    /// Opens the file, makes it if it is missing, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses, the file is no database, or it was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            make_private(folder).map_err(StoreError::Folder)?;
        }
        Self::prepare(Connection::open(path)?)
    }

    /// A store that is gone with the process, for tests and trials.
    ///
    /// # Errors
    /// [`StoreError`] when SQLite itself fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut db: Connection) -> Result<Self, StoreError> {
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        schema::migrate(&mut db)?;
        Ok(Self { db })
    }

    /// A setting by its name.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        use rusqlite::OptionalExtension;
        Ok(self
            .db
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// Keeps a setting. Never a secret.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?
            .execute([name, value])?;
        Ok(())
    }
}

/// The folder holds names, numbers and notes: nobody else on this computer may read it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
