//! Users whom this desk has had to do with, as it last saw them: the names in its calls, whatever becomes of the account.
//! Who else there is in the account stands in a file of its own, which is nobody's only copy (the crate `directory`).

use crate::{Store, StoreError};
use calls::{Moment, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// At most so many are given at once.
const MOST: i64 = 20_000;

/// A user as last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Omnidesk's id.
    pub id: UserId,
    /// The engine's own JSON.
    pub body: String,
    /// When Omnidesk said so.
    pub seen_at: Moment,
}

/// A user to keep, with the texts by which their calls are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The user.
    pub person: Person,
    /// Everything by which a search among the calls may find theirs.
    pub haystack: String,
}

pub(crate) fn put(db: &Connection, kept: &Kept) -> Result<(), StoreError> {
    let id = row_id(kept.person.id);
    db.prepare_cached(
        "INSERT INTO people (id, body, haystack, seen_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, haystack = excluded.haystack, seen_at = excluded.seen_at",
    )?
    .execute(params![id, kept.person.body, kept.haystack.to_lowercase(), kept.person.seen_at.0])?;
    Ok(())
}

/// Forgets those whom no call of the list names and whom nobody has looked at since.
pub(crate) fn forget_unmet(db: &Connection, before: Moment) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM people WHERE seen_at < ?1 AND id NOT IN (SELECT user FROM call_list)")?
        .execute([before.0])?;
    Ok(())
}

impl Store {
    /// Keeps what Omnidesk said of users: of all of them or none.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_people(&mut self, people: &[Kept]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for kept in people {
            put(&tx, kept)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// Another account: its users are other people. Those of `named` keep their names, and nothing finds them any more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn forget_people_except(&mut self, named: &[UserId]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        tx.execute("UPDATE people SET haystack = ''", [])?;
        let marks = vec!["?"; named.len()].join(", ");
        let ids = named.iter().map(|user| row_id(*user));
        tx.execute(
            &format!("DELETE FROM people WHERE id NOT IN ({marks})"),
            rusqlite::params_from_iter(ids),
        )?;
        tx.commit()?;
        Ok(())
    }

    /// All of them, those seen last first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT id, body, seen_at FROM people ORDER BY seen_at DESC LIMIT ?1")?;
        let people = statement.query_map([MOST], read)?.collect::<Result<_, _>>()?;
        Ok(people)
    }

    /// One user as last seen.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn person(&self, id: UserId) -> Result<Option<Person>, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT id, body, seen_at FROM people WHERE id = ?1")?
            .query_row([row_id(id)], read)
            .optional()?)
    }
}

fn row_id(id: UserId) -> i64 {
    i64::try_from(id.0).unwrap_or(i64::MAX)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: UserId(u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default()),
        body: row.get(1)?,
        seen_at: Moment(row.get(2)?),
    })
}
