//! Inputs before they are handled, and the state that follows from them.

use crate::aside::{self, Piece, Why};
use crate::{Agent, Entry, Store, StoreError, history, outbox};
use calls::{Call, CaseRecord, Changes, Duty, Input, Moment, Notes};
use rusqlite::{Connection, Row, params};

/// Inputs that wait; reads only the partial index of the unhandled.
pub(crate) const UNHANDLED: &str = "SELECT id, at, input, replays FROM journal WHERE handled = 0 ORDER BY id";
/// A row of the journal is done with; what it said goes.
const HANDLED: &str = "UPDATE journal SET handled = 1, input = '' WHERE id = ?1";
/// How often an input is replayed at most.
const REPLAYS: u32 = 2;
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
    /// How often handling it was begun after an end of the program that came in the middle of it.
    pub replays: u32,
}

/// Where an input stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// In this row of the journal.
    Row(i64),
    /// Nowhere yet; it came at this moment.
    Now(Moment),
}

/// What followed from an input.
#[derive(Debug, Clone, Copy)]
pub struct Followed<'a> {
    /// Where the input stands.
    pub taken: Taken,
    /// What the desk changed.
    pub changes: &'a Changes,
    /// What is owed now.
    pub duties: &'a [Duty],
    /// An entry of the outbox that takes along what was typed since.
    pub reworded: Option<&'a Entry>,
}

/// The state as it was stored.
#[derive(Debug, Default)]
pub struct Restored {
    /// All calls that are kept.
    pub calls: Vec<Call>,
    /// What outlives calls.
    pub notes: Notes,
    /// What is known of cases.
    pub cases: Vec<CaseRecord>,
    /// How many rows could not be read (damaged, or written by another version). They are left alone, and kept aside
    /// before anything takes their place.
    pub unreadable: u32,
    /// How many inputs that wait could not be read; the same holds for them.
    pub unreadable_inputs: u32,
}

/// Writes the calls and notes that changed.
pub(crate) fn write(db: &Connection, changes: &Changes, agent: &Agent) -> Result<(), StoreError> {
    for call in &changes.calls {
        db.prepare_cached(
            "INSERT INTO calls (leg, offered_at, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (leg) DO UPDATE SET offered_at = excluded.offered_at, body = excluded.body",
        )?
        .execute(params![call.leg.as_str(), call.detail.offered_at.0, serde_json::to_string(call)?])?;
    }
    for leg in changes.forgotten.iter().chain(&changes.absorbed) {
        db.prepare_cached("DELETE FROM calls WHERE leg = ?1")?.execute([leg.as_str()])?;
    }
    if let Some(notes) = &changes.notes {
        db.prepare_cached("INSERT INTO notes (id, body) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET body = excluded.body")?
            .execute([serde_json::to_string(notes)?])?;
    }
    for record in &changes.cases {
        db.prepare_cached("INSERT INTO cases (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body")?
            .execute(params![record.id.0.cast_signed(), serde_json::to_string(record)?])?;
    }
    for case in &changes.forgotten_cases {
        db.prepare_cached("DELETE FROM cases WHERE id = ?1")?
            .execute([case.0.cast_signed()])?;
    }
    history::write(db, changes, agent)
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
        self.finish(Taken::Row(row), changes, duties, now)
    }

    /// As [`Store::commit`], also for an input that was not taken in before: it gets its row, without what it said, together
    /// with what followed from it. One transaction is one wait for the disk.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing of it was written.
    pub fn finish(&mut self, taken: Taken, changes: &Changes, duties: &[Duty], now: Moment) -> Result<Vec<Entry>, StoreError> {
        let followed = Followed {
            taken,
            changes,
            duties,
            reworded: None,
        };
        self.finish_all(std::iter::once(followed), now)
    }

    /// As [`Store::finish`], for several inputs in their order: all of it or nothing, with one wait for the disk.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing of it was written.
    pub fn finish_all<'a>(&mut self, followed: impl Iterator<Item = Followed<'a>>, now: Moment) -> Result<Vec<Entry>, StoreError> {
        let agent = self.agent.clone();
        let tx = self.transaction()?;
        let mut added = Vec::new();
        for one in followed {
            let row = match one.taken {
                Taken::Row(row) => row,
                Taken::Now(at) => {
                    tx.prepare_cached("INSERT INTO journal (at, input) VALUES (?1, '')")?
                        .execute([at.0])?;
                    tx.last_insert_rowid()
                }
            };
            write(&tx, one.changes, &agent)?;
            for duty in one.duties {
                added.extend(outbox::insert(&tx, duty, now)?);
            }
            if let Some(entry) = one.reworded {
                outbox::save(&tx, entry)?;
            }
            tx.prepare_cached(HANDLED)?.execute([row])?;
            tx.prepare_cached("DELETE FROM journal WHERE handled = 1 AND id <= ?1 - ?2")?
                .execute([row, KEPT_ROWS])?;
        }
        tx.commit()?;
        Ok(added)
    }

    /// Writes everything that the program knows, into a file that lost some of it: the calls and notes, and what is owed
    /// as it stands.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: then nothing of it was written.
    pub fn write_all<'a>(&mut self, changes: &Changes, owed: impl Iterator<Item = &'a Entry>) -> Result<(), StoreError> {
        let agent = self.agent.clone();
        let tx = self.transaction()?;
        write(&tx, changes, &agent)?;
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
                found.push(Journaled {
                    id,
                    at: Moment(at),
                    input,
                    replays: row.get(3)?,
                });
            }
        }
        Ok(found)
    }

    /// Counts a replay of an input before it begins. Returns whether it may begin: an input at which the program fails
    /// again and again is not tried a third time.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn count_replay(&self, row: i64) -> Result<bool, StoreError> {
        let counted = self
            .db
            .prepare_cached("UPDATE journal SET replays = replays + 1 WHERE id = ?1 AND replays < ?2")?
            .execute(params![row, REPLAYS])?;
        Ok(counted > 0)
    }

    /// Puts an input aside at which the program fails: it is kept, and no start handles it again.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn set_input_aside(&mut self, row: i64) -> Result<(), StoreError> {
        let tx = self.transaction()?;
        let (at, input) = tx.query_row("SELECT at, input FROM journal WHERE id = ?1", [row], |found| {
            Ok((found.get(0)?, aside::as_it_stands(found.get_ref(1)?)))
        })?;
        let piece = Piece {
            source: "journal",
            name: row.to_string(),
            body: input,
            why: Why::Fails,
            at: Moment(at),
        };
        aside::put(&tx, &[piece])?;
        tx.prepare_cached(HANDLED)?.execute([row])?;
        tx.commit()?;
        Ok(())
    }

    /// The state as it was stored.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn restore(&self) -> Result<Restored, StoreError> {
        let mut restored = Restored::default();
        let mut unreadable = Vec::new();
        let mut keep = |source, row: &Row<'_>| -> rusqlite::Result<()> {
            unreadable.push(Piece {
                source,
                name: aside_name(row.get_ref(1)?),
                body: aside::as_it_stands(row.get_ref(0)?),
                why: Why::Unreadable,
                at: Moment(row.get(2)?),
            });
            Ok(())
        };
        let mut statement = self
            .db
            .prepare_cached("SELECT body, leg, offered_at FROM calls ORDER BY offered_at")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read(row, 0) {
                Some(call) => restored.calls.push(call),
                None => keep("calls", row)?,
            }
        }
        let mut statement = self.db.prepare_cached("SELECT body, id, 0 FROM cases ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read(row, 0) {
                Some(record) => restored.cases.push(record),
                None => keep("cases", row)?,
            }
        }
        let mut statement = self.db.prepare_cached("SELECT body, id, 0 FROM notes WHERE id = 1")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match read(row, 0) {
                Some(notes) => restored.notes = notes,
                None => keep("notes", row)?,
            }
        }
        let mut statement = self.db.prepare_cached("SELECT input, id, at FROM journal WHERE handled = 0")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if read::<Input>(row, 0).is_none() {
                keep("journal", row)?;
            }
        }
        let inputs = unreadable.iter().filter(|piece| piece.source == "journal").count();
        restored.unreadable = u32::try_from(unreadable.len() - inputs).unwrap_or(u32::MAX);
        restored.unreadable_inputs = u32::try_from(inputs).unwrap_or(u32::MAX);
        self.to_put_aside.borrow_mut().extend(unreadable);
        // What the disk refuses now goes into the file before anything takes its place.
        let _ = self.write_aside();
        Ok(restored)
    }
}

fn aside_name(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        other => String::from_utf8_lossy(other.as_bytes().unwrap_or_default()).into_owned(),
    }
}

/// A body as JSON; none when it is none, of another version, or no text at all.
pub(crate) fn read<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> Option<T> {
    serde_json::from_str(row.get_ref(column).ok()?.as_str().ok()?).ok()
}
