//! Another account of the help desk: what was kept of the old one goes, at once or not at all.

use crate::{Store, StoreError, history, journal};
use calls::Changes;
use rusqlite::params;

impl Store {
    /// Forgets the users, the cases and everything that was delivered, and writes the calls and notes as they are without the old
    /// account. The setting `new` takes its value. Nothing may be owed any more: what still is makes it fail, and then nothing
    /// was changed.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses, or something is owed.
    pub fn change_account(&mut self, changes: &Changes, new: (&str, &str)) -> Result<(), StoreError> {
        let agent = self.agent.clone();
        let tx = self.transaction()?;
        let owed: u32 = tx.query_row("SELECT count(*) FROM outbox WHERE state <> 'done'", [], |row| row.get(0))?;
        if owed > 0 {
            return Err(StoreError::Owed(owed));
        }
        tx.execute("DELETE FROM people", [])?;
        tx.execute("DELETE FROM outbox", [])?;
        tx.execute("DELETE FROM cases", [])?;
        journal::write(&tx, changes, &agent)?;
        history::forget_account(&tx)?;
        tx.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![new.0, new.1],
        )?;
        tx.commit()?;
        Ok(())
    }
}
