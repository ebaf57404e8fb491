//! Inputs before they are handled, and the state that follows from them.

use crate::{Entry, Store, StoreError, outbox};
use calls::{Call, Changes, Duty, Input, Moment, Notes};
use rusqlite::{Connection, Row, params};

/// Inputs that wait; reads only the partial index of the unhandled.
pub(crate) const UNHANDLED: &str = "SELECT id, at, input FROM journal WHERE handled = 0 ORDER BY id";
/// Handled journal rows kept for diagnosis; what they said (texts, numbers) is blanked at once.
const KEPT_ROWS: i64 = 5_000;

/// An input that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journaled {
    /// Its row.
    pub id: i64,
    /// When it came in.
    pub at: Moment,
    /// What it was.
    pub input: Input,
}

/// The state as it was stored.
#[derive(Debug, Default)]
pub struct Restored {
    /// All calls that are kept.
    pub calls: Vec<Call>,
    /// What outlives calls.
    pub notes: Notes,
    /// How many rows could not be read (damaged, or written by another version); they are left alone.
    pub unreadable: u32,
}

/// Writes the calls and notes that changed.
pub(crate) fn write(db: &Connection, changes: &Changes) -> Result<(), StoreError> {
    for call in &changes.calls {
        db.prepare_cached(
            "INSERT INTO calls (leg, offered_at, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (leg) DO UPDATE SET offered_at = excluded.offered_at, body = excluded.body",
        )?
        .execute(params![call.leg.as_str(), call.offered_at.0, serde_json::to_string(call)?])?;
    }
    for leg in &changes.forgotten {
        db.prepare_cached("DELETE FROM calls WHERE leg = ?1")?.execute([leg.as_str()])?;
    }
    if let Some(notes) = &changes.notes {
        db.prepare_cached("INSERT INTO notes (id, body) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET body = excluded.body")?
            .execute([serde_json::to_string(notes)?])?;
    }
    Ok(())
}

impl Store {
    /// Keeps an input before anything is done about it. Returns its row.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing may be done about the input.
    pub fn take_in(&mut self, input: &Input, at: Moment) -> Result<i64, StoreError> {
        let body = serde_json::to_string(input)?;
        self.db
            .prepare_cached("INSERT INTO journal (at, input) VALUES (?1, ?2)")?
            .execute(params![at.0, body])?;
        Ok(self.db.last_insert_rowid())
    }

    /// Writes everything that followed from an input, in one transaction: the changed calls, what is owed now, and "handled".
    /// Returns the new outbox entries; a duty whose key is owed already is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing of it was written.
    pub fn commit(&mut self, row: i64, changes: &Changes, duties: &[Duty], now: Moment) -> Result<Vec<Entry>, StoreError> {
        let tx = self.db.transaction()?;
        write(&tx, changes)?;
        let mut added = Vec::new();
        for duty in duties {
            added.extend(outbox::insert(&tx, duty, now)?);
        }
        tx.prepare_cached("UPDATE journal SET handled = 1, input = '' WHERE id = ?1")?
            .execute([row])?;
        tx.prepare_cached("DELETE FROM journal WHERE handled = 1 AND id <= ?1 - ?2")?
            .execute([row, KEPT_ROWS])?;
        tx.commit()?;
        Ok(added)
    }

    /// Writes everything that the program knows, into a file that lost some of it: the calls and notes, and what is owed
    /// as it stands.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing of it was written.
    pub fn write_all<'a>(&mut self, changes: &Changes, owed: impl Iterator<Item = &'a Entry>) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        write(&tx, changes)?;
        for entry in owed {
            outbox::put(&tx, entry)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// When the last input was taken in.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn last_taken_in(&self) -> Result<Option<Moment>, StoreError> {
        let last: Option<i64> = self
            .db
            .prepare_cached("SELECT max(at) FROM journal")?
            .query_row([], |row| row.get(0))?;
        Ok(last.map(Moment))
    }

    /// Inputs that were taken in but not finished before the last end of the program, oldest first.
    /// Rows that this version cannot read are skipped.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn unhandled(&self) -> Result<Vec<Journaled>, StoreError> {
        let mut statement = self.db.prepare_cached(UNHANDLED)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            if let (Ok(id), Ok(at), Some(input)) = (row.get(0), row.get(1), read(row, 2)) {
                found.push(Journaled { id, at: Moment(at), input });
            }
        }
        Ok(found)
    }

    /// The state as it was stored.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn restore(&self) -> Result<Restored, StoreError> {
        let mut restored = Restored::default();
        let mut statement = self.db.prepare_cached("SELECT body FROM calls ORDER BY offered_at")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read(row, 0) {
                Some(call) => restored.calls.push(call),
                None => restored.unreadable += 1,
            }
        }
        let mut statement = self.db.prepare_cached("SELECT body FROM notes WHERE id = 1")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read(row, 0) {
                Some(notes) => restored.notes = notes,
                None => restored.unreadable += 1,
            }
        }
        Ok(restored)
    }
}

/// A body as JSON; none when it is none, of another version, or no text at all.
pub(crate) fn read<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Option<T> {
    serde_json::from_str(row.get_ref(column).ok()?.as_str().ok()?).ok()
}
