//! Users of the help desk as this desk last saw them: the answer to "who is it?" when the network is slow or gone.

use crate::{Store, StoreError};
use calls::{Moment, PhoneKey, UserId};
use rusqlite::{OptionalExtension, Row, params};

/// At most this many users come back from a search.
const MOST_FOUND: i64 = 50;

/// Who has a number.
pub(crate) const WITH_PHONE: &str =
    "SELECT p.id, p.body, p.seen_at FROM phones f JOIN people p ON p.id = f.person WHERE f.key = ?1 ORDER BY p.id LIMIT 20";

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

impl Store {
    /// Keeps what Omnidesk said of a user. `haystack` is everything a search may find.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_person(&mut self, person: &Person, phones: &[PhoneKey], haystack: &str) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        let id = i64::try_from(person.id.0).unwrap_or(i64::MAX);
        tx.prepare_cached(
            "INSERT INTO people (id, body, haystack, seen_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body, haystack = excluded.haystack, seen_at = excluded.seen_at",
        )?
        .execute(params![id, person.body, haystack.to_lowercase(), person.seen_at.0])?;
        tx.prepare_cached("DELETE FROM phones WHERE person = ?1")?.execute([id])?;
        for phone in phones {
            tx.prepare_cached("INSERT OR IGNORE INTO phones (key, person) VALUES (?1, ?2)")?
                .execute(params![phone.e164(), id])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// One user as last seen.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn person(&self, id: UserId) -> Result<Option<Person>, StoreError> {
        let id = i64::try_from(id.0).unwrap_or(i64::MAX);
        Ok(self
            .db
            .prepare_cached("SELECT id, body, seen_at FROM people WHERE id = ?1")?
            .query_row([id], read)
            .optional()?)
    }

    /// Who had this number when last seen.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn people_with(&self, phone: &PhoneKey) -> Result<Vec<Person>, StoreError> {
        let mut statement = self.db.prepare_cached(WITH_PHONE)?;
        let people = statement.query_map([phone.e164()], read)?.collect::<Result<_, _>>()?;
        Ok(people)
    }

    /// Users whose data contain all words, most recently seen first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn search_people(&self, words: &[String]) -> Result<Vec<Person>, StoreError> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let conditions = vec!["instr(haystack, ?) > 0"; words.len()].join(" AND ");
        let sql = format!("SELECT id, body, seen_at FROM people WHERE {conditions} ORDER BY seen_at DESC LIMIT {MOST_FOUND}");
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let mut statement = self.db.prepare(&sql)?;
        let people = statement
            .query_map(rusqlite::params_from_iter(lower), read)?
            .collect::<Result<_, _>>()?;
        Ok(people)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: UserId(u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default()),
        body: row.get(1)?,
        seen_at: Moment(row.get(2)?),
    })
}
