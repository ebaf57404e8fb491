//! What keeps the file small and what was deleted gone, done by the writer while nobody needs it.
//!
//! 1. A deleted row is overwritten at once (`secure_delete`). The log of the file still holds it: it is taken over into the
//!    file and emptied after each pause in the work.
//! 2. Free pages are given back some at a time. A file of before has to be rebuilt for that once; whoever comes meanwhile
//!    stops it, and it is tried again.
//!
//! Taking the log over during the work (SQLite's own checkpoint, with a commit) is for a day without a pause.

use crate::{Store, StoreError};
use rusqlite::{Connection, InterruptHandle};
use std::time::Duration;

/// Pages of the log from which on a commit takes it over, pause or not: 16 MB.
const LONGEST_LOG: i64 = 4_000;
/// Pages that are given back in one turn.
const PAGES: i64 = 256;
/// SQLite's name for giving pages back when told to.
const INCREMENTAL: i64 = 2;

/// How the connection that writes keeps its file. Part of opening it, before any table is made.
pub(crate) fn set(db: &Connection) -> Result<(), StoreError> {
    // Holds for a file without tables; an older one is rebuilt (below). Said again, it would be written again.
    if db.pragma_query_value(None, "auto_vacuum", |row| row.get::<_, i64>(0))? != INCREMENTAL {
        db.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    }
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG)?;
    Ok(())
}

impl Store {
    /// One turn of upkeep. Whether there is more to do.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses, or a turn was stopped.
    pub fn upkeep(&self) -> Result<bool, StoreError> {
        let number = |pragma: &str| -> Result<i64, StoreError> { Ok(self.db.pragma_query_value(None, pragma, |row| row.get(0))?) };
        if number("auto_vacuum")? != INCREMENTAL {
            self.db.execute_batch("VACUUM")?;
            return Ok(true);
        }
        if number("freelist_count")? > 0 {
            // Each row is a page that was given back.
            let mut statement = self.db.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            return Ok(true);
        }
        self.empty_log()
    }

    /// What stops a turn, from another thread.
    pub(crate) fn stopper(&self) -> InterruptHandle {
        self.db.get_interrupt_handle()
    }

    /// Takes the log over into the file. Whether some of it is left, as somebody still reads it.
    fn empty_log(&self) -> Result<bool, StoreError> {
        // Nobody who reads is waited for.
        self.db.busy_timeout(Duration::ZERO)?;
        let left = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
            let (busy, pages): (bool, i64) = (row.get(0)?, row.get(1)?);
            Ok(busy && pages > 0)
        });
        self.db.busy_timeout(crate::BUSY)?;
        Ok(left?)
    }
}
