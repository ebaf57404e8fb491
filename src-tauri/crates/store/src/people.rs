//! Users of the help desk as this desk last saw them: the answer to "who is it?" when the network is slow or gone.

use crate::{Store, StoreError};
use calls::{Moment, PhoneKey, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

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

/// A user to keep: with the numbers and the texts by which they are found; without any, nothing finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The user.
    pub person: Person,
    /// Their numbers.
    pub phones: Vec<PhoneKey>,
    /// Everything a search may find.
    pub haystack: String,
}

pub(crate) fn put(db: &Connection, kept: &Kept) -> Result<(), StoreError> {
    let id = row_id(kept.person.id);
    db.prepare_cached(
        "INSERT INTO people (id, body, haystack, seen_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, haystack = excluded.haystack, seen_at = excluded.seen_at",
    )?
    .execute(params![id, kept.person.body, kept.haystack.to_lowercase(), kept.person.seen_at.0])?;
    db.prepare_cached("DELETE FROM phones WHERE person = ?1")?.execute([id])?;
    for phone in &kept.phones {
        db.prepare_cached("INSERT OR IGNORE INTO phones (key, person) VALUES (?1, ?2)")?
            .execute(params![phone.as_str(), id])?;
    }
    Ok(())
}

pub(crate) fn put_haystack(db: &Connection, user: UserId, haystack: &str) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE people SET haystack = ?2 WHERE id = ?1")?
        .execute(params![row_id(user), haystack.to_lowercase()])?;
    Ok(())
}

impl Store {
    /// Keeps what Omnidesk said of a user. `haystack` is everything a search may find.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_person(&mut self, person: &Person, phones: &[PhoneKey], haystack: &str) -> Result<(), StoreError> {
        self.save_people(&[Kept {
            person: person.clone(),
            phones: phones.to_vec(),
            haystack: haystack.to_owned(),
        }])
    }

    /// As [`Store::save_person`], for many at once: all of them or none.
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

    /// Says anew what a search may find of these users.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn save_haystacks(&mut self, haystacks: &[(UserId, String)]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for (user, haystack) in haystacks {
            put_haystack(&tx, *user, haystack)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// How many users a search may find.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn count_people(&self) -> Result<u32, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT count(*) FROM people WHERE haystack <> ''")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Another account: its users are other people. Those of `named` keep their names, and nothing finds them any more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn forget_people_except(&mut self, named: &[UserId]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        tx.execute("DELETE FROM phones", [])?;
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

    /// Who had this number when last seen.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn people_with(&self, phone: &PhoneKey) -> Result<Vec<Person>, StoreError> {
        let mut statement = self.db.prepare_cached(WITH_PHONE)?;
        let people = statement.query_map([phone.as_str()], read)?.collect::<Result<_, _>>()?;
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
