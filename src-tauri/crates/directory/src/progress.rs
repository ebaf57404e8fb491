//! How far the reading of all users is: a text of whoever reads them, kept in the same file, so that it never says more than
//! what the file holds. What was written before it is there when it is.

use crate::{Directory, Error};
use rusqlite::OptionalExtension as _;

impl Directory {
    /// The text as it was kept last.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn progress(&self) -> Result<Option<String>, Error> {
        let mut statement = self.db.prepare_cached("SELECT body FROM progress")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
    }

    /// Keeps it in place of the one before.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn set_progress(&mut self, body: &str) -> Result<(), Error> {
        self.db
            .prepare_cached("INSERT OR REPLACE INTO progress (id, body) VALUES (1, ?1)")?
            .execute([body])?;
        Ok(())
    }
}
