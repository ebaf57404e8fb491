//! A damaged file is put aside, never deleted, and everything in it that can still be read goes on in a new one.
//!
//! The new file is complete before it takes the old one's place. A table is read page by page: behind a page that
//! cannot be read, SQLite still finds the next by its key.

use crate::{Store, StoreError, folder, schema, upkeep};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Row, ToSql, params_from_iter};
use std::fs;
use std::path::{Path, PathBuf};

/// The tables, each with the column by which it is read.
const TABLES: &[(&str, &str)] = &[
    ("settings", "name"),
    ("notes", "rowid"),
    ("calls", "rowid"),
    ("cases", "rowid"),
    ("outbox", "rowid"),
    ("journal", "rowid"),
    ("people", "rowid"),
    ("history", "rowid"),
    ("aside", "rowid"),
];
/// How far ahead a readable row is looked for, at most.
const FARTHEST: i64 = 1 << 32;

/// What became of a damaged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescue {
    /// Where the damaged file lies now.
    pub aside: PathBuf,
    /// How many rows are in the new one.
    pub rows: u64,
}

/// Puts the damaged file aside and leaves a new one in its place, with what could be read.
pub(crate) fn rescue(path: &Path) -> Result<Rescue, StoreError> {
    let folder = path.parent().unwrap_or(path);
    let refused = |error| StoreError::folder(folder, error);
    let part = beside(path, "-rescued");
    remove(&part).map_err(refused)?;
    let rows = salvage(path, &part)?;
    let aside = aside(path);
    for of in ["", "-wal"] {
        let (from, to) = (beside(path, of), beside(&aside, of));
        if from.exists() {
            // Not every file system has links.
            fs::hard_link(&from, &to)
                .or_else(|_| fs::copy(&from, &to).map(drop))
                .map_err(refused)?;
        }
    }
    // The old log first: it would be read as the new file's.
    for of in ["-wal", "-shm"] {
        remove(&beside(path, of)).map_err(refused)?;
    }
    fs::rename(&part, path).map_err(refused)?;
    Ok(Rescue { aside, rows })
}

fn salvage(path: &Path, part: &Path) -> Result<u64, StoreError> {
    folder::make_file(part)?;
    let mut new = Connection::open(part)?;
    upkeep::set(&new)?;
    schema::migrate(&mut new)?;
    let old = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let mut rows = 0;
    if let Ok(old) = old {
        let tx = new.transaction()?;
        for (table, key) in TABLES {
            // A table that cannot be read at all has nothing to give.
            rows += copy(&old, &tx, table, key)?;
        }
        schema::complete_history(&tx)?;
        tx.commit()?;
    }
    Ok(rows)
}

/// One way through a table.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

fn copy(old: &Connection, new: &Connection, table: &str, key: &str) -> Result<u64, StoreError> {
    if key != "rowid" {
        let mut rows = 0;
        for way in [Way::Up, Way::Down] {
            rows += run(old, new, (table, key), way, None)?.rows;
        }
        return Ok(rows);
    }
    let mut rows = 0;
    let mut from = 0;
    loop {
        let run_up = run(old, new, (table, key), Way::Up, Some(from))?;
        rows += run_up.rows;
        if run_up.ended {
            return Ok(rows);
        }
        let last = run_up.last.max(from);
        let Some(behind) = next_readable(old, table, last) else {
            return Ok(rows);
        };
        // The steps grow, so some of what can be read was stepped over.
        rows += run(old, new, (table, key), Way::Down, Some(behind))?.rows;
        from = behind - 1;
    }
}

/// A readable row behind what cannot be read.
fn next_readable(old: &Connection, table: &str, last: i64) -> Option<i64> {
    let mut step = 1;
    while step < FARTHEST {
        let found = old.query_row(
            &format!("SELECT rowid FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT 1"),
            [last + step],
            |row| row.get(0),
        );
        if let Ok(rowid) = found {
            return Some(rowid);
        }
        step *= 2;
    }
    None
}

/// How far a run through a table came.
struct Run {
    rows: u64,
    last: i64,
    /// Nothing was in the way.
    ended: bool,
}

fn run(old: &Connection, new: &Connection, (table, key): (&str, &str), way: Way, from: Option<i64>) -> Result<Run, StoreError> {
    let mut done = Run {
        rows: 0,
        last: 0,
        ended: false,
    };
    let (order, beyond) = match way {
        Way::Up => ("ASC", ">"),
        Way::Down => ("DESC", "<"),
    };
    let condition = from.map_or(String::new(), |from| format!("WHERE {key} {beyond} {from}"));
    let columns = if key == "rowid" { "rowid AS place, *" } else { "0 AS place, *" };
    let Ok(mut statement) = old.prepare(&format!("SELECT {columns} FROM {table} {condition} ORDER BY {key} {order}")) else {
        done.ended = true;
        return Ok(done);
    };
    let width = statement.column_count();
    let names = statement.column_names()[1..].join(", ");
    let marks = vec!["?"; width - 1].join(", ");
    let mut insert = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"))?;
    let mut rows = statement.query([])?;
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                done.last = row.get(0).unwrap_or(done.last);
                match insert.execute(params_from_iter(values(row, width))) {
                    Ok(added) => done.rows += added as u64,
                    // A row that makes no sense is as good as none; a disk that refuses is not.
                    Err(error) if is_nonsense(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(None) => {
                done.ended = true;
                return Ok(done);
            }
            Err(_) => return Ok(done),
        }
    }
}

fn is_nonsense(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{ConstraintViolation, TooBig, TypeMismatch};
    matches!(error.sqlite_error_code(), Some(ConstraintViolation | TooBig | TypeMismatch))
}

/// The values as they stand, text that is no text included: SQLite, not we, say what a column takes.
fn values<'a>(row: &'a Row<'_>, width: usize) -> impl Iterator<Item = AsIs<'a>> {
    (1..width).map(|column| AsIs(row.get_ref(column).unwrap_or(ValueRef::Null)))
}

struct AsIs<'a>(ValueRef<'a>);

impl ToSql for AsIs<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

/// `desk.db` with an ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A name that is free: `desk.damaged-1.db`, and so on.
fn aside(path: &Path) -> PathBuf {
    let mut count = 1_u32;
    loop {
        let free = path.with_extension(format!("damaged-{count}.db"));
        if !free.exists() {
            return free;
        }
        count += 1;
    }
}

/// What tells one file from another at the same place; none when there is none.
pub(crate) fn identity(path: &Path) -> Option<u64> {
    let meta = fs::metadata(path).ok()?;
    #[cfg(unix)]
    return Some(std::os::unix::fs::MetadataExt::ino(&meta));
    #[cfg(not(unix))]
    return meta.is_file().then_some(0);
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Store {
    /// What became of a damaged file that stood here, since the store was opened.
    #[must_use]
    pub fn rescued(&self) -> Option<&Rescue> {
        self.rescued.as_ref()
    }

    /// Opens the file after all, when [`Store::open`] found it too damaged: it is put aside, and what can be read of it,
    /// perhaps nothing, goes on in a new one.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn open_anew(path: &Path) -> Result<Self, StoreError> {
        let rescued = rescue(path)?;
        let mut store = Self::open(path)?;
        store.rescued = Some(rescued);
        Ok(store)
    }

    /// Whether the file that is written to is still the one that a next start would read.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.path.as_deref().is_none_or(|path| identity(path) == self.identity)
    }

    /// The file turned out to be damaged or gone: from now on this store is a new one, with what can be read of it. What the
    /// program still knows is to be written again ([`Store::write_all`]). A store without a file is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses; until it does not, the store refuses everything.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        // Whoever reads the file closes it first: SQLite's locks are the program's, not the connection's.
        self.db = Connection::open_in_memory()?;
        let rescued = self.rescued.take();
        let anew = if path.exists() { Self::open_anew(&path) } else { Self::open(&path) };
        match anew {
            Ok(store) => {
                *self = store;
                self.rescued = self.rescued.take().or(rescued);
                Ok(())
            }
            Err(error) => {
                self.rescued = rescued;
                Err(error)
            }
        }
    }
}
