//! What this version cannot make sense of is put aside before anything takes its place: kept as it was, counted, and given
//! out as text when a person asks.
//!
//! Rows of what is owed are the exception: nothing takes their place, so they stay where they are (see `outbox.rs`).

use crate::{Store, StoreError};
use calls::Moment;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params};
use serde_json::{Map, json};

/// Why something was put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is damaged, or another version's.
    Unreadable,
    /// The program failed at it, again and again.
    Fails,
}

impl Why {
    fn text(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Fails => "fails",
        }
    }
}

/// Something to be put aside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub source: &'static str,
    pub name: String,
    pub body: Value,
    pub why: Why,
    pub at: Moment,
}

/// Puts pieces aside; the same one only once.
pub(crate) fn put(db: &Connection, pieces: &[Piece]) -> Result<(), StoreError> {
    for piece in pieces {
        db.prepare_cached("INSERT OR IGNORE INTO aside (at, source, name, body, why) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![piece.at.0, piece.source, piece.name, piece.body, piece.why.text()])?;
    }
    Ok(())
}

/// A value as it stands, whatever a column was declared to hold.
pub(crate) fn as_it_stands(value: ValueRef<'_>) -> Value {
    match value {
        // Text that is none is kept by its bytes.
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Blob(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Null => Value::Null,
    }
}

impl Store {
    /// Keeps a text that cannot be read, before something else takes its place. `source` and `name` say where it stood.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses: it goes into the file before the next thing that does.
    pub fn put_aside(&self, source: &'static str, name: &str, text: &str, at: Moment) -> Result<(), StoreError> {
        self.to_put_aside.borrow_mut().push(Piece {
            source,
            name: name.to_owned(),
            body: Value::Text(text.to_owned()),
            why: Why::Unreadable,
            at,
        });
        self.write_aside()
    }

    /// Writes what is still to be put aside. Whatever might take its place is written after it.
    pub(crate) fn write_aside(&self) -> Result<(), StoreError> {
        let mut pieces = self.to_put_aside.borrow_mut();
        if pieces.is_empty() {
            return Ok(());
        }
        let tx = self.db.unchecked_transaction()?;
        put(&tx, &pieces)?;
        tx.commit()?;
        pieces.clear();
        Ok(())
    }

    /// How many pieces were put aside and have not been given out yet.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn count_aside(&self) -> Result<u32, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT count(*) FROM aside WHERE given_out = 0")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Everything that this version cannot make sense of, as JSON: what was put aside, and what is owed but not understood.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn export_aside(&self) -> Result<String, StoreError> {
        let mut pieces = Vec::new();
        let mut statement = self.db.prepare("SELECT source, name, at, why, body FROM aside ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (source, name, at, why): (String, String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            pieces.push(json!({ "from": source, "name": name, "at": at, "why": why, "is": readable(row.get_ref(4)?) }));
        }
        for piece in crate::outbox::not_understood(&self.db)? {
            pieces.push(json!({ "from": "outbox", "name": piece.key.as_str(), "why": Why::Unreadable.text(), "is": piece.row }));
        }
        Ok(serde_json::to_string_pretty(&pieces)?)
    }

    /// A person has what was put aside: it stays, and is not spoken of any more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn aside_given_out(&self) -> Result<(), StoreError> {
        self.db.execute("UPDATE aside SET given_out = 1 WHERE given_out = 0", [])?;
        Ok(())
    }
}

/// For people: text as text, the rest by its bytes.
fn readable(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into(),
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Null => serde_json::Value::Null,
    }
}

/// A row by the names of its columns.
pub(crate) fn by_columns(row: &rusqlite::Row<'_>, names: &[String]) -> rusqlite::Result<Map<String, serde_json::Value>> {
    let mut map = Map::new();
    for (at, name) in names.iter().enumerate() {
        map.insert(name.clone(), readable(row.get_ref(at)?));
    }
    Ok(map)
}
