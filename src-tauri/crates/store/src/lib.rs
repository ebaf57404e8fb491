//! What must outlive a crash, in one SQLite file.
//!
//! Facts of the design:
//!
//! 1. **Journal first.** What follows from an input is on the disk (`synchronous = FULL`) before anything is done about it.
//! 2. **One transaction per input.** Its row in the journal, the calls it changed, the duties it made us owe and the
//!    history are written together ([`Store::finish`]). What follows is computed before, without doing anything: a crash
//!    until then is one that came before the input. Only an input at which the program fails is a row of its own
//!    ([`Store::take_in`]); [`Store::unhandled`] names it after the crash, and it is tried again twice at most.
//! 3. **The outbox counts attempts before the attempt**, so that a poisonous entry cannot loop.
//! 4. One writer, on a thread of its own with readers beside it ([`Disk`]). The tables are STRICT; bodies are JSON. A row that this version cannot read is left
//!    alone and counted, never deleted.
//! 5. A file that opens can be written and hangs together: both are tried at once, not found out with the first call.
//!    One that is damaged inside is put aside and its readable rows go on in a new one.
//!
//! Secrets never come here (D4).

mod account;
mod aside;
mod call_list;
mod disk;
mod error;
mod facts;
pub mod folder;
mod history;
mod journal;
mod outbox;
mod people;
mod rescue;
mod schema;
mod settings;
mod upkeep;

pub use call_list::{CallFilter, CallOrder, CallSort, CallsBefore, DayOfCalls, Days, LaterTalk, ListedCall};
pub use disk::{Disk, Reader, Write};
pub use error::{Fault, StoreError};
pub use facts::Facts;
pub use history::{Agent, HistoryCursor, HistoryPage, PastCall, PastCase};
pub use journal::{Followed, Journaled, Restored, Taken};
pub use outbox::{Entry, EntryState, NotUnderstood};
pub use people::{Kept, Person};
pub use rescue::Rescue;

use rusqlite::{Connection, OpenFlags};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long one connection waits for another, or for another program.
const BUSY: Duration = Duration::from_secs(5);

/// The database of one agent's desk.
#[derive(Debug)]
pub struct Store {
    pub(crate) db: Connection,
    path: Option<PathBuf>,
    identity: Option<u64>,
    rescued: Option<Rescue>,
    /// Whose calls come into the history.
    agent: Agent,
    /// What goes into the file before anything can take its place.
    to_put_aside: RefCell<Vec<aside::Piece>>,
}

impl Store {
    /// Opens the file, makes it if it is missing, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses, the file is no database, or it was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        match Self::open_sound(path) {
            // What can be read is said to be damaged only when there is something to read.
            Err(StoreError::Damaged(_)) => Self::open_anew(path),
            other => other,
        }
    }

    fn open_sound(path: &Path) -> Result<Self, StoreError> {
        let folder = path.parent().unwrap_or(path);
        folder::make(folder)?;
        folder::make_file(path)?;
        let open = || {
            let mut store = Self::prepare(Connection::open(path)?)?;
            store.path = Some(path.to_owned());
            store.identity = rescue::identity(path);
            store.check()?;
            Ok(store)
        };
        open().map_err(|error| error::explained(error, folder))
    }

    /// The same file for somebody who only reads. The writer has it open: it is up to date, and its log is there.
    pub(crate) fn beside(path: &Path) -> Result<Self, StoreError> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(BUSY)?;
        Ok(Self::over(db))
    }

    /// A store that is gone with the process, for tests and trials.
    ///
    /// # Errors
    /// [`StoreError`] when SQLite itself fails.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut db: Connection) -> Result<Self, StoreError> {
        upkeep::set(&db)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.busy_timeout(BUSY)?;
        schema::migrate(&mut db)?;
        Ok(Self::over(db))
    }

    fn over(db: Connection) -> Self {
        Self {
            db,
            path: None,
            identity: None,
            rescued: None,
            agent: Agent::default(),
            to_put_aside: RefCell::default(),
        }
    }

    /// Whether the pages hang together, and whether the disk takes a write now.
    fn check(&self) -> Result<(), StoreError> {
        let found: Result<String, _> = self.db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        match found {
            Ok(found) if found == "ok" => {}
            Ok(found) => return Err(StoreError::Damaged(found)),
            Err(error) => {
                let error = StoreError::from(error);
                return Err(match error.fault() {
                    Fault::Damaged => StoreError::Damaged(error.to_string()),
                    _ => error,
                });
            }
        }
        self.probe()
    }

    /// Whose calls are written from now on.
    pub fn set_agent(&mut self, agent: Agent) {
        self.agent = agent;
    }

    /// A transaction that begins with what is still to be put aside, so that nothing takes its place before.
    fn transaction(&mut self) -> Result<rusqlite::Transaction<'_>, StoreError> {
        self.write_aside()?;
        Ok(self.db.transaction()?)
    }

    /// Writes something, to see whether the disk takes it.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub fn probe(&self) -> Result<(), StoreError> {
        self.db
            .execute_batch("INSERT INTO settings (name, value) VALUES ('probe', '1') ON CONFLICT (name) DO UPDATE SET value = 1 - value")?;
        Ok(())
    }
}
