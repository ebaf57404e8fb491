//! The tables, as dated steps. A step that has been released is never changed; a column never changes its meaning.

use crate::StoreError;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

const STEPS: &[M<'_>] = &[
    // 2026-11-22: the beginning
    M::up(
        "CREATE TABLE journal (
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           at INTEGER NOT NULL,                 -- ms since 1970, own clock
           input TEXT NOT NULL,                 -- JSON of calls::Input
           handled INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         CREATE INDEX journal_unhandled ON journal (id) WHERE handled = 0;

         CREATE TABLE calls (
           leg TEXT PRIMARY KEY NOT NULL,
           offered_at INTEGER NOT NULL,
           body TEXT NOT NULL                   -- JSON of calls::Call
         ) STRICT;

         CREATE TABLE notes (
           id INTEGER PRIMARY KEY CHECK (id = 1),
           body TEXT NOT NULL                   -- JSON of calls::Notes
         ) STRICT;

         CREATE TABLE outbox (
           seq INTEGER PRIMARY KEY AUTOINCREMENT,
           key TEXT NOT NULL UNIQUE,
           leg TEXT NOT NULL,
           duty TEXT NOT NULL,                  -- JSON of calls::Duty
           state TEXT NOT NULL,                 -- queued, wedged, done
           attempts INTEGER NOT NULL DEFAULT 0, -- counted before the attempt
           uncertain INTEGER NOT NULL DEFAULT 0,-- an attempt began whose fate is not known
           next_at INTEGER NOT NULL DEFAULT 0,
           trouble TEXT NOT NULL DEFAULT '',
           code TEXT NOT NULL DEFAULT '',
           result TEXT NOT NULL DEFAULT '',     -- JSON of calls::DutyResult when done
           created_at INTEGER NOT NULL,
           first_tried_at INTEGER NOT NULL DEFAULT 0,
           done_at INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         CREATE INDEX outbox_open ON outbox (state, seq);

         CREATE TABLE people (
           id INTEGER PRIMARY KEY NOT NULL,     -- Omnidesk's user_id
           body TEXT NOT NULL,                  -- JSON, the engine's own form
           haystack TEXT NOT NULL,              -- everything searchable, folded to lower case
           seen_at INTEGER NOT NULL             -- when Omnidesk said so
         ) STRICT;
         CREATE TABLE phones (
           key TEXT NOT NULL,                   -- E.164
           person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
           PRIMARY KEY (key, person)
         ) STRICT, WITHOUT ROWID;

         CREATE TABLE settings (
           name TEXT PRIMARY KEY NOT NULL,
           value TEXT NOT NULL
         ) STRICT, WITHOUT ROWID;",
    ),
];

pub(crate) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(db)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_sound() {
        Migrations::from_slice(STEPS).validate().unwrap();
    }

    /// How SQLite goes about a query, one step a line.
    fn steps_of(query: &str) -> Vec<String> {
        let store = crate::Store::in_memory().unwrap();
        let mut statement = store.db.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let asked = vec![1; statement.parameter_count()];
        let steps = statement.query_map(rusqlite::params_from_iter(asked), |row| row.get(3)).unwrap();
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn the_frequent_queries_use_their_indexes() {
        let listed = crate::outbox::listed();
        for (query, index) in [
            (crate::journal::UNHANDLED, "journal_unhandled"),
            (listed.as_str(), "outbox_open"),
            ("DELETE FROM outbox WHERE state = 'done' AND done_at < ?1", "outbox_open"),
            (crate::people::WITH_PHONE, "PRIMARY KEY"),
            ("SELECT id, body, seen_at FROM people WHERE id = ?1", "PRIMARY KEY"),
        ] {
            let steps = steps_of(query);
            assert!(steps.iter().any(|step| step.contains(index)), "{query}: {steps:?}");
            let scanned = steps.iter().find(|step| step.starts_with("SCAN") && !step.contains("INDEX"));
            assert_eq!(scanned, None, "{query}: {steps:?}");
        }
    }

    #[test]
    fn a_commit_is_on_the_disk_when_it_returns() {
        let store = crate::Store::in_memory().unwrap();
        let full: i64 = store.db.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(full, 2, "synchronous = FULL");
    }
}
