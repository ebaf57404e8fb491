//! The file: its tables, how it is opened, and what becomes of a damaged one.

use crate::Error;
use crate::words::Words;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Which tables these are. A file of another version is put away and read anew: it is nobody's only copy.
const VERSION: i32 = 4;

/// `users` grows with the time at which somebody was last met, see the crate's header. `words` are all words that somebody
/// has or has had, with their mark: by them it is known how a word that is being typed may end, and what was meant by a
/// slip. `tidied` says how many places nobody had any more when the index was last written anew as a whole. `found` holds which user has which word or number and nothing else: where it stands is looked for in the fifty that are
/// shown. When many have left their places it is written anew in pauses (`Directory::tidy`), not each time a tenth of them has,
/// while others are being moved.
const TABLES: &str = "
    CREATE TABLE users (
      place INTEGER PRIMARY KEY,
      id INTEGER NOT NULL UNIQUE,
      kind TEXT NOT NULL, name TEXT NOT NULL, screen_name TEXT NOT NULL, email TEXT NOT NULL, company TEXT NOT NULL,
      position TEXT NOT NULL, note TEXT NOT NULL, phones TEXT NOT NULL, fields TEXT NOT NULL, linked TEXT NOT NULL,
      blocked INTEGER NOT NULL,
      created INTEGER, updated INTEGER, last_contact INTEGER,
      met INTEGER,                         -- when this desk last spoke with them, ms since 1970
      reading INTEGER NOT NULL             -- which reading of all users has last seen them
    ) STRICT;
    CREATE TABLE tidied (gaps INTEGER NOT NULL) STRICT;
    INSERT INTO tidied VALUES (0);
    CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;
    CREATE TABLE words (word TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE found USING fts5(
      words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '2 3 4 5'
    );
    INSERT INTO found(found, rank) VALUES ('hashsize', 8388608);
    INSERT INTO found(found, rank) VALUES ('deletemerge', 50);
";

/// How a file that was put aside is called.
const ASIDE: &str = ".damaged";
/// How much of the file a connection keeps in memory, kB.
const CACHE: i64 = 12_000;
/// So many words are remembered as written.
const KNOWN_WORDS: usize = 100_000;

/// The file of all users.
#[derive(Debug)]
pub struct Directory {
    pub(crate) db: Connection,
    pub(crate) words: Words,
    /// Words that are in the file, by their hashes.
    pub(crate) known: HashSet<u64>,
    /// The whole index is being put in order, see [`Directory::tidy`].
    pub(crate) tidying: bool,
    /// Where a damaged file was put, or one of another version.
    aside: Option<PathBuf>,
    /// Tests say what time it is.
    #[cfg(test)]
    pub(crate) now: Option<i64>,
}

impl Directory {
    /// Opens the file, or makes it. One that is damaged, or of another version, is put aside, beside it: see
    /// [`Directory::was_put_aside`].
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn open(path: &Path) -> Result<Self, Error> {
        match Self::open_as_it_is(path) {
            Err(error) if error.is_damage() => {
                let aside = put_aside(path)?;
                let mut directory = Self::open_as_it_is(path)?;
                directory.aside = Some(aside);
                Ok(directory)
            }
            opened => opened,
        }
    }

    /// Puts the file aside and makes another one: for one whose damage showed itself later than at the opening. Nobody may
    /// have it open.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn anew(path: &Path) -> Result<Self, Error> {
        let aside = put_aside(path)?;
        let mut directory = Self::open_as_it_is(path)?;
        directory.aside = Some(aside);
        Ok(directory)
    }

    /// Takes away what was put aside: it has users, too.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn forget_aside(path: &Path) -> Result<(), Error> {
        remove(&beside(path, ASIDE))
    }

    fn open_as_it_is(path: &Path) -> Result<Self, Error> {
        make_private(path)?;
        let db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        // What a crash of the computer loses is read again.
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "secure_delete", true)?;
        db.pragma_update(None, "journal_size_limit", 32 << 20)?;
        let version: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if version != VERSION && tables > 0 {
            return Err(damaged());
        }
        if tables == 0 {
            db.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))?;
        }
        Self::over(db)
    }

    /// A second connection, which only reads: for searches, which then wait for nobody who writes.
    ///
    /// # Errors
    /// [`Error`] when the file is not there or cannot be read.
    pub fn reader(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::over(Connection::open_with_flags(path, flags)?)
    }

    /// One without a file, for tests.
    ///
    /// # Errors
    /// Never, as long as there is memory.
    pub fn in_memory() -> Result<Self, Error> {
        let db = Connection::open_in_memory()?;
        db.execute_batch(TABLES)?;
        Self::over(db)
    }

    fn over(db: Connection) -> Result<Self, Error> {
        db.pragma_update(None, "cache_size", -CACHE)?;
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        db.set_prepared_statement_cache_capacity(64);
        // No plan is to be made anew because another limit is bound: that took most of the time of small look-ups.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self {
            db,
            words: Words::default(),
            known: HashSet::with_capacity(KNOWN_WORDS),
            tidying: false,
            aside: None,
            #[cfg(test)]
            now: None,
        })
    }

    /// Until when dates are believed, ms since 1970: a day from now, as clocks differ.
    pub(crate) fn believed(&self) -> i64 {
        const DAY: i64 = 86_400_000;
        #[cfg(test)]
        if let Some(now) = self.now {
            return now + DAY;
        }
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(DAY)
    }

    /// Where the file was put that stood here and could not be used: all users are to be read again.
    #[must_use]
    pub fn was_put_aside(&self) -> Option<&Path> {
        self.aside.as_deref()
    }

    /// How many users are in it.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn count(&self) -> Result<u64, Error> {
        let count: i64 = self
            .db
            .prepare_cached("SELECT count(*) FROM users")?
            .query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Looks through the whole file for damage, which opening does not: takes seconds for a million users.
    ///
    /// # Errors
    /// [`Error`], one that [is damage](Error::is_damage), where there is some.
    pub fn check(&self) -> Result<(), Error> {
        let said: String = self.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if said == "ok" { Ok(()) } else { Err(damaged()) }
    }

    /// Remembers that a word is in the file; whether it was not known to be.
    pub(crate) fn is_new_word(known: &mut HashSet<u64>, word: &str) -> bool {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        if known.len() >= KNOWN_WORDS {
            known.clear();
        }
        known.insert(hasher.finish())
    }
}

fn damaged() -> Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Error::Sqlite(rusqlite::Error::SqliteFailure(code, None))
}

/// Makes the file if it is missing, for its owner alone from the first moment on.
fn make_private(path: &Path) -> Result<(), Error> {
    let mut options = std::fs::File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// Gives a file another name, with what SQLite keeps beside it. The last one that was put aside goes: it is a copy of what
/// Omnidesk has, and there may be many such.
fn put_aside(path: &Path) -> Result<PathBuf, Error> {
    let aside = beside(path, ASIDE);
    std::fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        remove(&beside(path, end))?;
    }
    Ok(aside)
}

/// The file of the same name with this at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
