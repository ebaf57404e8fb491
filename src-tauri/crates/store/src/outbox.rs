//! The rows of what is owed to the help desk.

use crate::{Store, StoreError};
use calls::{Duty, DutyKey, DutyResult, Moment};
use rusqlite::{Connection, Row, params};

/// How a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryState {
    /// To be tried.
    Queued,
    /// Refused for good: a person must decide.
    Wedged,
    /// Delivered.
    Done,
}

impl EntryState {
    fn text(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Wedged => "wedged",
            Self::Done => "done",
        }
    }

    /// None for a state of another version: whoever wrote it knows whether it may be sent.
    fn read(text: &str) -> Option<Self> {
        [Self::Queued, Self::Wedged, Self::Done]
            .into_iter()
            .find(|state| state.text() == text)
    }
}

/// One duty with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in line.
    pub seq: i64,
    /// What is owed.
    pub duty: Duty,
    /// How it stands.
    pub state: EntryState,
    /// How often it was tried; counted before the attempt.
    pub attempts: u32,
    /// An attempt began whose fate is not known: look before writing again.
    pub uncertain: bool,
    /// Not before this moment.
    pub next_at: Moment,
    /// Why it did not go through, as a code.
    pub trouble: String,
    /// The help desk's own error code.
    pub code: String,
    /// What came of it.
    pub result: Option<DutyResult>,
    /// When it became owed.
    pub created_at: Moment,
    /// When it was first tried.
    pub first_tried_at: Option<Moment>,
    /// When it was delivered.
    pub done_at: Option<Moment>,
}

const COLUMNS: &str = "seq, duty, state, attempts, uncertain, next_at, trouble, code, result, created_at, first_tried_at, done_at";

/// A row of what is owed that this version cannot make sense of: damaged, or another version's. It is left as it is and
/// never sent; a newer version finds it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderstood {
    /// What is owed; whatever comes after it waits.
    pub key: DutyKey,
    /// The row for people, by its columns.
    pub row: serde_json::Map<String, serde_json::Value>,
}

/// Everything in these states, in line; spelled so that the index by state serves both halves.
pub(crate) fn listed() -> String {
    format!("SELECT {COLUMNS} FROM outbox WHERE state IN ('queued', 'wedged') OR (state = 'done' AND done_at >= ?1) ORDER BY seq")
}

/// Adds a duty, unless its key is owed already.
pub(crate) fn insert(db: &Connection, duty: &Duty, now: Moment) -> Result<Option<Entry>, StoreError> {
    let added = db
        .prepare_cached(
            "INSERT INTO outbox (key, leg, duty, state, next_at, created_at) VALUES (?1, ?2, ?3, 'queued', 0, ?4) ON CONFLICT (key) DO NOTHING",
        )?
        .execute(params![duty.key.as_str(), duty.leg.as_str(), serde_json::to_string(duty)?, now.0])?;
    if added == 0 {
        return Ok(None);
    }
    Ok(Some(Entry {
        seq: db.last_insert_rowid(),
        duty: duty.clone(),
        state: EntryState::Queued,
        attempts: 0,
        uncertain: false,
        next_at: Moment(0),
        trouble: String::new(),
        code: String::new(),
        result: None,
        created_at: now,
        first_tried_at: None,
        done_at: None,
    }))
}

/// Writes an entry as it stands, at its own place in line.
pub(crate) fn put(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO outbox (seq, key, leg, duty, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET duty = excluded.duty",
    )?
    .execute(params![
        entry.seq,
        entry.duty.key.as_str(),
        entry.duty.leg.as_str(),
        serde_json::to_string(&entry.duty)?,
        entry.state.text(),
        entry.created_at.0
    ])?;
    save(db, entry)
}

/// Writes how an entry stands.
pub(crate) fn save(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let result = entry.result.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default();
    db.prepare_cached(
        "UPDATE outbox SET duty = ?2, state = ?3, attempts = ?4, uncertain = ?5, next_at = ?6, trouble = ?7, code = ?8, result = ?9,
         first_tried_at = ?10, done_at = ?11 WHERE seq = ?1",
    )?
    .execute(params![
        entry.seq,
        serde_json::to_string(&entry.duty)?,
        entry.state.text(),
        entry.attempts,
        entry.uncertain,
        entry.next_at.0,
        entry.trouble,
        entry.code,
        result,
        entry.first_tried_at.map_or(0, |at| at.0),
        entry.done_at.map_or(0, |at| at.0),
    ])?;
    Ok(())
}

pub(crate) fn forget_delivered(db: &Connection, before: Moment) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM outbox WHERE state = 'done' AND done_at < ?1")?
        .execute([before.0])?;
    Ok(())
}

impl Store {
    /// Everything owed, and what was delivered since `since`, in line. Rows that cannot be read are left alone; see
    /// [`Store::not_understood`].
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn outbox(&self, since: Moment) -> Result<Vec<Entry>, StoreError> {
        let mut statement = self.db.prepare_cached(&listed())?;
        let mut rows = statement.query([since.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            if let Ok(Some(entry)) = read(row) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// What is owed, or was delivered, and cannot be made sense of.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn not_understood(&self) -> Result<Vec<NotUnderstood>, StoreError> {
        not_understood(&self.db)
    }

    /// How many rows [`Store::not_understood`] names.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn unreadable_duties(&self) -> Result<u32, StoreError> {
        Ok(u32::try_from(self.not_understood()?.len()).unwrap_or(u32::MAX))
    }

    /// Writes how an entry stands. To be called before an attempt begins, and after it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_entry(&self, entry: &Entry) -> Result<(), StoreError> {
        save(&self.db, entry)
    }

    /// As [`Store::save_entry`] for several: all of them or none.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_entries<'a>(&mut self, mut entries: impl Iterator<Item = &'a Entry>) -> Result<(), StoreError> {
        let tx = self.transaction()?;
        entries.try_for_each(|entry| save(&tx, entry))?;
        tx.commit()?;
        Ok(())
    }

    /// Forgets what was delivered before `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn forget_delivered(&self, before: Moment) -> Result<(), StoreError> {
        forget_delivered(&self.db, before)
    }
}

pub(crate) fn not_understood(db: &Connection) -> Result<Vec<NotUnderstood>, StoreError> {
    let mut statement = db.prepare(&format!("SELECT {COLUMNS}, key FROM outbox ORDER BY seq"))?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Ok(Some(_)) = read(row) {
            continue;
        }
        let key = String::from_utf8_lossy(row.get_ref("key")?.as_bytes().unwrap_or_default()).into_owned();
        found.push(NotUnderstood {
            key: DutyKey::from_text(&key),
            row: crate::aside::by_columns(row, &names)?,
        });
    }
    Ok(found)
}

/// A row; `None` when this version cannot make sense of its duty, its state or what came of it.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let (duty, state) = (crate::journal::read(row, 1), EntryState::read(&row.get::<_, String>(2)?));
    let result = match row.get::<_, String>(8)?.as_str() {
        "" => Ok(None),
        text => serde_json::from_str(text).map(Some),
    };
    let (Some(duty), Some(state), Ok(result)) = (duty, state, result) else {
        return Ok(None);
    };
    let some = |at: i64| (at > 0).then_some(Moment(at));
    Ok(Some(Entry {
        seq: row.get(0)?,
        duty,
        state,
        attempts: row.get(3)?,
        uncertain: row.get(4)?,
        next_at: Moment(row.get(5)?),
        trouble: row.get(6)?,
        code: row.get(7)?,
        result,
        created_at: Moment(row.get(9)?),
        first_tried_at: some(row.get(10)?),
        done_at: some(row.get(11)?),
    }))
}
