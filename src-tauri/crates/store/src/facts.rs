//! How large the file is and how much of what lies in it: for the page that says how the program does.

use crate::{Store, StoreError};

/// Sizes and counts of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// The version of the tables.
    pub schema: u32,
    /// The database in bytes, without its log.
    pub bytes: u64,
    /// Its log in bytes; nothing of it where there is no file.
    pub log_bytes: u64,
    /// Pages of it that hold nothing.
    pub free_pages: u32,
    /// Inputs whose handling was not finished.
    pub journal: u32,
    /// Calls that windows can show.
    pub calls: u32,
    /// Ended calls kept for statistics.
    pub history: u32,
    /// Records of cases.
    pub cases: u32,
    /// Duties of all states, those of other versions included.
    pub outbox: u32,
    /// Users whom this desk has had to do with.
    pub people: u32,
    /// What this version cannot make sense of, whether or not a person has it already.
    pub aside: u32,
}

impl Store {
    /// How much lies in the file.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn facts(&self) -> Result<Facts, StoreError> {
        let counted = self.db.query_row(
            "SELECT (SELECT user_version FROM pragma_user_version),
                    (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size),
                    (SELECT freelist_count FROM pragma_freelist_count),
                    (SELECT count(*) FROM journal WHERE handled = 0),
                    (SELECT count(*) FROM calls), (SELECT count(*) FROM history), (SELECT count(*) FROM cases),
                    (SELECT count(*) FROM outbox), (SELECT count(*) FROM people), (SELECT count(*) FROM aside)",
            [],
            |row| {
                Ok(Facts {
                    schema: row.get(0)?,
                    bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                    log_bytes: self.log_bytes(),
                    free_pages: row.get(2)?,
                    journal: row.get(3)?,
                    calls: row.get(4)?,
                    history: row.get(5)?,
                    cases: row.get(6)?,
                    outbox: row.get(7)?,
                    people: row.get(8)?,
                    aside: row.get(9)?,
                })
            },
        );
        Ok(counted?)
    }

    /// SQLite keeps the log beside the file, under this name; there is none while nobody has written.
    fn log_bytes(&self) -> u64 {
        let file = self.db.path().filter(|path| !path.is_empty());
        let log = file.and_then(|path| std::fs::metadata(format!("{path}-wal")).ok());
        log.map_or(0, |log| log.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Disk, Kept, Person};
    use calls::{Moment, UserId};

    #[test]
    fn what_lies_in_the_file_is_counted_over_a_connection_that_only_reads() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::of(Store::open(&folder.path().join("ringside.db")).unwrap()).unwrap();
        let empty = disk.reader().look(Store::facts).unwrap();
        assert!(empty.bytes > 4_096 && empty.schema > 0, "{empty:?}");
        assert_eq!(
            Facts {
                schema: 0,
                bytes: 0,
                log_bytes: 0,
                // What a table had that is no more.
                free_pages: 0,
                ..empty
            },
            Facts::default()
        );
        let person = Person {
            id: UserId(7),
            body: "{}".into(),
            seen_at: Moment(1),
        };
        disk.now(move |store| {
            store.save_people(&[Kept {
                person,
                haystack: "x".into(),
            }])?;
            store.put_aside("settings", "settings", "?", Moment(1))
        })
        .unwrap();
        let written = disk.reader().look(Store::facts).unwrap();
        assert_eq!((written.people, written.aside, written.calls), (1, 1, 0));
        let log = std::fs::metadata(folder.path().join("ringside.db-wal")).unwrap().len();
        assert!(log > 0 && written.log_bytes == log, "{written:?}");
    }

    #[test]
    fn a_store_without_a_file_has_no_log() {
        assert_eq!(Store::in_memory().unwrap().facts().unwrap().log_bytes, 0);
    }
}
