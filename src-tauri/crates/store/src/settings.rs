//! Values by their names. Never a secret.

use crate::{Store, StoreError};
use rusqlite::{Connection, OptionalExtension};

pub(crate) fn put(db: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?
        .execute([name, value])?;
    Ok(())
}

impl Store {
    /// A setting by its name.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
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
        self.write_aside()?;
        put(&self.db, name, value)
    }
}
