//! The tables, as dated steps. A step that has been released is never changed; a column never changes its meaning.

use crate::{StoreError, call_list};
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
    // 2026-11-29: what cannot be made sense of is kept aside; replays of the journal are counted
    M::up(
        "ALTER TABLE journal ADD COLUMN replays INTEGER NOT NULL DEFAULT 0; -- counted before the replay
         CREATE TABLE aside (
           id INTEGER PRIMARY KEY,
           at INTEGER NOT NULL,                 -- ms since 1970, own clock
           source TEXT NOT NULL,                -- where it stood: settings, notes, calls, journal
           name TEXT NOT NULL,                  -- and under which name
           body ANY,                            -- as it was
           why TEXT NOT NULL,                   -- unreadable, fails
           given_out INTEGER NOT NULL DEFAULT 0,-- a person has it
           UNIQUE (source, name, body)
         ) STRICT;",
    ),
    // 2026-11-29: ended calls, for statistics
    M::up(
        "CREATE TABLE history (
           leg TEXT PRIMARY KEY NOT NULL,
           ended_at INTEGER NOT NULL,           -- ms since 1970
           extension TEXT NOT NULL,             -- the agent as the settings said
           email TEXT NOT NULL,
           body TEXT NOT NULL                   -- JSON of PastCall
         ) STRICT;
         CREATE INDEX history_ended ON history (ended_at, leg);",
    ),
    M::up(PAST_CALLS),
    // 2026-11-29: what is known of cases
    M::up(
        "CREATE TABLE cases (
           id INTEGER PRIMARY KEY NOT NULL,     -- Omnidesk's case_id
           body TEXT NOT NULL                   -- JSON of calls::CaseRecord
         ) STRICT;",
    ),
    // 2026-11-29: a user who is kept anew loses the numbers of before without a walk through all numbers
    M::up("CREATE INDEX phones_person ON phones (person);"),
    // 2026-11-30: what the list of calls is filtered and sorted by; and what a line of it says, where that is still known
    M::up(
        "CREATE TABLE call_list (
           leg TEXT PRIMARY KEY NOT NULL,       -- of the history's row that it is made from
           at INTEGER NOT NULL,                 -- when it began, ms since 1970
           extension TEXT NOT NULL,             -- whose call it was
           direction TEXT NOT NULL,             -- inbound, outbound, internal
           line TEXT NOT NULL,                  -- the queue or group, else the number that was dialled
           who TEXT NOT NULL,                   -- the other side's number, the same however it is spelt; nothing if hidden
           user INTEGER NOT NULL,               -- Omnidesk's user_id; 0: none
           case_id INTEGER NOT NULL,            -- Omnidesk's case_id; 0: none
           talk INTEGER NOT NULL,               -- how long they talked, ms; -1: not at all
           missed INTEGER NOT NULL,             -- a client called and nobody took it
           find TEXT NOT NULL,                  -- what a search finds, in small letters
           folded INTEGER NOT NULL              -- it stands in the row of the call after it
         ) STRICT;
         CREATE INDEX call_list_at ON call_list (at, leg);
         CREATE INDEX call_list_missed ON call_list (at, leg) WHERE missed = 1;
         CREATE INDEX call_list_talk_with ON call_list (who, at) WHERE talk >= 0;
         CREATE INDEX call_list_talk_of ON call_list (user, at) WHERE talk >= 0;
         CREATE INDEX call_list_line ON call_list (line);
         CREATE TRIGGER call_list_forgets AFTER DELETE ON history BEGIN DELETE FROM call_list WHERE leg = old.leg; END;",
    ),
    M::up(PAST_TEXTS),
    // 2026-11-30: all users of the account have a file of their own; here stay those whom this desk has had to do with
    M::up("DROP TABLE phones; DELETE FROM settings WHERE name = 'user_index';"),
];

/// What a line of the list of calls says, of the calls that a file of before still has. A released step.
const PAST_TEXTS: &str = "
    UPDATE history SET body = json_set(history.body,
        '$.number', json(json_extract(calls.body, '$.number')),
        '$.remote_name', substr(json_extract(calls.body, '$.remote_name'), 1, 200),
        '$.transferred_to', substr(json_extract(calls.body, '$.transferred.to'), 1, 200),
        '$.called_from', json_extract(calls.body, '$.called_from.id'))
    FROM calls WHERE calls.leg = history.leg AND json_valid(calls.body) AND json_valid(history.body)
      AND json_extract(calls.body, '$.number') IS NOT NULL AND json_extract(history.body, '$.number') IS NULL;
    UPDATE history SET body = json_set(history.body, '$.case.subject', substr(json_extract(calls.body, '$.case.subject'), 1, 200))
    FROM calls WHERE calls.leg = history.leg AND json_valid(calls.body) AND json_valid(history.body)
      AND json_extract(calls.body, '$.case.subject') IS NOT NULL AND json_extract(history.body, '$.case.id') IS NOT NULL
      AND json_extract(history.body, '$.case.subject') IS NULL;";

/// The history of the calls that a file of before still has. A released step; what a call says is read by path, so that
/// this stays as it is whatever becomes of the types.
const PAST_CALLS: &str = "
    INSERT OR IGNORE INTO history (leg, ended_at, extension, email, body)
    SELECT leg, json_extract(body, '$.ended_at'),
      coalesce((SELECT json_extract(value, '$.extension') FROM settings WHERE name = 'settings' AND json_valid(value)), ''),
      coalesce((SELECT json_extract(value, '$.email') FROM settings WHERE name = 'settings' AND json_valid(value)), ''),
      json_object(
        'conversation', json_extract(body, '$.conversation'),
        'direction', json_extract(body, '$.direction'),
        'origin', json_extract(body, '$.origin'),
        'queue', json_extract(body, '$.queue'),
        'line', json_extract(body, '$.line'),
        'client', json_extract(body, '$.number.e164'),
        'user', json_extract(body, '$.caller.user'),
        'offered_at', json_extract(body, '$.offered_at'),
        'answered_at', json_extract(body, '$.answered_at'),
        'ended_at', json_extract(body, '$.ended_at'),
        'talk_at_least', json(iif(json_extract(body, '$.talk_at_least'), 'true', 'false')),
        'unseen', json(iif(json_extract(body, '$.unseen') IS NULL, 'false', 'true')),
        'disposition', json_extract(body, '$.disposition'),
        'dial_trouble', json_extract(body, '$.dial_trouble'),
        'transferred', json_extract(body, '$.transferred.kind'),
        'transferred_from', json_extract(body, '$.transferred_from'),
        'outcome', json_extract(body, '$.outcome'),
        'case', iif(json_extract(body, '$.case.id') IS NULL, NULL,
          json_object('id', json_extract(body, '$.case.id'), 'number', json_extract(body, '$.case.number'))),
        'joined', json(iif(json_extract(body, '$.joined') IS NULL, 'false', 'true')),
        'created', json(iif(json_extract(body, '$.created_live') OR json_extract(body, '$.choice.type') = 'new_case', 'true', 'false')),
        'undone', json(iif(json_extract(body, '$.undone'), 'true', 'false')),
        'elsewhere', json(iif(json_extract(body, '$.elsewhere'), 'true', 'false')),
        'recording', json_extract(body, '$.recording'))
    FROM calls
    WHERE json_valid(body) AND json_extract(body, '$.phase') = 'ended' AND json_extract(body, '$.ended_at') IS NOT NULL";

pub(crate) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(db)?;
    let tx = db.transaction()?;
    call_list::complete(&tx)?;
    tx.commit()?;
    Ok(())
}

/// The history of calls that have none: a rescued file may have lost it.
pub(crate) fn complete_history(db: &Connection) -> Result<(), StoreError> {
    db.execute_batch(PAST_CALLS)?;
    db.execute_batch(PAST_TEXTS)?;
    call_list::complete(db)
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
        let (list, _) = call_list::window(&crate::CallFilter::default(), crate::CallOrder::default());
        let waiting = crate::CallFilter {
            not_called_back: true,
            ..crate::CallFilter::default()
        };
        let (waiting, _) = call_list::window(&waiting, crate::CallOrder::default());
        for (query, index) in [
            (crate::journal::UNHANDLED, "journal_unhandled"),
            (listed.as_str(), "outbox_open"),
            ("DELETE FROM outbox WHERE state = 'done' AND done_at < ?1", "outbox_open"),
            ("SELECT id, body, seen_at FROM people WHERE id = ?1", "PRIMARY KEY"),
            (crate::history::PAGE, "history_ended"),
            (list.as_str(), "call_list_at"),
            (waiting.as_str(), "call_list_missed"),
            (waiting.as_str(), "call_list_talk_with"),
            (waiting.as_str(), "call_list_talk_of"),
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
