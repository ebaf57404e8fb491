//! What Omnidesk says of users, kept.

use crate::row::{self, COLUMNS, Kept, late, latest_of};
use crate::user::User;
use crate::words::Words;
use crate::{Directory, Error};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

/// What became of users that were to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// They were not there before.
    pub new: u32,
    /// They were, and something about them is another now.
    pub changed: u32,
    /// They were there as they are.
    pub same: u32,
    /// They are in the bin, and were there.
    pub gone: u32,
}

/// A user that is to be written.
struct Place<'a> {
    user: Cow<'a, User>,
    /// Where they stood, as far as they did.
    old: Option<i64>,
    /// Where they go.
    place: i64,
    met: Option<i64>,
    reading: i64,
}

impl Directory {
    /// Keeps what Omnidesk said of these users, in one transaction. Those in the bin go, those who came back come back; of
    /// one who is named twice the last word counts. `reading` is the number of the reading of all users that they
    /// belong to; none where they are read for another reason.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses; then nothing of it is kept.
    pub fn keep(&mut self, users: &[User], reading: Option<i64>) -> Result<Written, Error> {
        // Words that a refused transaction had written are not in the file.
        self.keep_all(users, reading).inspect_err(|_| self.known.clear())
    }

    fn keep_all(&mut self, users: &[User], reading: Option<i64>) -> Result<Written, Error> {
        let mut told: HashMap<u64, &User> = HashMap::with_capacity(users.len());
        told.extend(users.iter().map(|user| (user.id, user)));
        let believed = self.believed();
        let mut written = Written::default();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut places, mut moving, mut gone) = (Vec::with_capacity(told.len()), Vec::new(), Vec::new());
        for user in told.into_values() {
            let old = with_id(&tx, user.id)?;
            match (old, user.deleted) {
                (None, true) => {}
                (Some(old), true) => {
                    gone.push(old.place);
                    written.gone += 1;
                }
                (Some(old), false) if old.user == *user => {
                    if let Some(reading) = reading.filter(|reading| *reading != old.reading) {
                        tx.prepare_cached("UPDATE users SET reading = ?2 WHERE place = ?1")?
                            .execute([old.place, reading])?;
                    }
                    written.same += 1;
                }
                (Some(old), false) => {
                    let stays = old.late(believed) >= late(user, old.met, believed);
                    let to = Place {
                        user: Cow::Borrowed(user),
                        old: Some(old.place),
                        place: old.place,
                        met: old.met,
                        reading: reading.unwrap_or(old.reading),
                    };
                    if stays {
                        places.push(to)
                    } else {
                        moving.push(to)
                    }
                    written.changed += 1;
                }
                (None, false) => {
                    moving.push(Place {
                        user: Cow::Borrowed(user),
                        old: None,
                        place: 0,
                        met: None,
                        reading: reading.unwrap_or(0),
                    });
                    written.new += 1;
                }
            }
        }
        // Who comes anew, or was met since, comes after all others, the one met last at the end.
        moving.sort_by_key(|to| (late(&to.user, to.met, believed), to.user.id));
        let last = last_place(&tx)?;
        for (place, to) in (last + 1..).zip(&mut moving) {
            to.place = place;
        }
        places.sort_by_key(|to| to.place);
        places.append(&mut moving);
        leave(&tx, gone)?;
        put(&tx, &mut self.words, &mut self.known, &places)?;
        tx.commit()?;
        Ok(written)
    }

    /// This desk has spoken with a user: they come first from now on. Whether they are known.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn met(&mut self, id: u64, at: i64) -> Result<bool, Error> {
        let believed = self.believed();
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(old) = with_id(&tx, id)? else { return Ok(false) };
        if old.late(believed) >= at {
            return Ok(true);
        }
        let to = to_place(old, last_place(&tx)? + 1, Some(at));
        put(&tx, &mut self.words, &mut self.known, &[to])?;
        tx.commit()?;
        Ok(true)
    }

    /// Users whom Omnidesk has no more.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn forget(&mut self, ids: &[u64]) -> Result<u32, Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut gone = Vec::with_capacity(ids.len());
        for id in ids {
            gone.extend(with_id(&tx, *id)?.map(|old| old.place));
        }
        let count = leave(&tx, gone)?;
        tx.commit()?;
        Ok(count)
    }

    /// After a reading of all users that was proved to be whole: those whom it has not seen are gone from Omnidesk. At most
    /// `most` go at once; how many went. To be called until that is none.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn forget_unseen(&mut self, reading: i64, most: u32) -> Result<u32, Error> {
        let ids: Vec<u64> = {
            let mut statement = self.db.prepare_cached("SELECT id FROM users WHERE reading < ?1 LIMIT ?2")?;
            let ids = statement.query_map(params![reading, most], |row| row.get::<_, i64>(0))?;
            ids.map(|id| id.map(i64::unsigned_abs)).collect::<Result<_, _>>()?
        };
        self.forget(&ids)
    }

    /// Another account: all users go.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn clear(&mut self) -> Result<(), Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(
            "DELETE FROM users; DELETE FROM words; UPDATE tidied SET gaps = 0; INSERT INTO found(found) VALUES ('delete-all');",
        )?;
        tx.commit()?;
        self.known.clear();
        self.tidying = false;
        self.db.execute_batch("VACUUM")?;
        Ok(())
    }

    /// Those who were met last, the `most` of them, where they do not come first yet: to be given to
    /// [`Directory::move_up`] in this order, some at a time. Reads all users: for a time when nothing else is to be done.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn settle(&self, most: usize) -> Result<Vec<u64>, Error> {
        let believed = self.believed();
        let mut statement = self
            .db
            .prepare_cached("SELECT last_contact, met, created, place, id FROM users ORDER BY place")?;
        let mut rows = statement.query([])?;
        let mut latest: BinaryHeap<Reverse<(i64, i64, i64)>> = BinaryHeap::new();
        let mut last: VecDeque<i64> = VecDeque::new();
        while let Some(row) = rows.next()? {
            let id = row.get(4)?;
            let at = latest_of([row.get(0)?, row.get(1)?, row.get(2)?], believed);
            latest.push(Reverse((at, row.get(3)?, id)));
            last.push_back(id);
            if latest.len() > most {
                latest.pop();
                last.pop_front();
            }
        }
        let mut latest: Vec<_> = latest.into_iter().map(|Reverse(row)| row).collect();
        latest.sort_unstable();
        if latest.iter().map(|row| row.2).eq(last) {
            return Ok(Vec::new());
        }
        Ok(latest.into_iter().map(|row| row.2.unsigned_abs()).collect())
    }

    /// Moves these users to the end of the file, the last one last, in one transaction.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn move_up(&mut self, ids: &[u64]) -> Result<(), Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut places = Vec::with_capacity(ids.len());
        let mut seen = HashSet::new();
        // Of one who is named twice the last place is theirs.
        for id in ids.iter().rev().filter(|id| seen.insert(**id)) {
            places.extend(with_id(&tx, *id)?.map(|old| {
                let met = old.met;
                to_place(old, 0, met)
            }));
        }
        let last = last_place(&tx)?;
        for (place, to) in (last + 1..).zip(places.iter_mut().rev()) {
            to.place = place;
        }
        places.reverse();
        // All their words are in the file, whatever becomes of this.
        put(&tx, &mut self.words, &mut self.known, &places)?;
        tx.commit()?;
        Ok(())
    }

    /// Puts the index in order, a piece at a time: for pauses. Whether there is more to do.
    ///
    /// The index only notes who has left a place, and each search that passes their words asks these notes. Where they have
    /// become many, all of it is written anew, without them.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn tidy(&mut self) -> Result<bool, Error> {
        const PAGES: i64 = 500;
        let begins = !self.tidying && self.has_many_gaps()?;
        self.tidying |= begins;
        let before = self.db.total_changes();
        self.db
            .prepare_cached("INSERT INTO found(found, rank) VALUES ('merge', ?1)")?
            // Fewer than none says that all of it is meant.
            .execute([if begins { -PAGES } else { PAGES }])?;
        let more = self.db.total_changes() - before >= 2;
        if self.tidying && !more {
            self.tidied()?;
        }
        Ok(more)
    }

    /// Whether so many have left their places since the index was put in order that searches feel it.
    fn has_many_gaps(&self) -> Result<bool, Error> {
        const FEW: i64 = 1_000;
        /// One in so many.
        const SHARE: i64 = 100;
        let (gaps, count) = self.gaps()?;
        let before: i64 = self.db.query_row("SELECT gaps FROM tidied", [], |row| row.get(0))?;
        Ok(gaps - before > FEW.max(count / SHARE))
    }

    /// How many places nobody has, and how many somebody has.
    fn gaps(&self) -> Result<(i64, i64), Error> {
        let count = i64::try_from(self.count()?).unwrap_or(i64::MAX);
        Ok((last_place(&self.db)? - count, count))
    }

    fn tidied(&mut self) -> Result<(), Error> {
        let (gaps, _) = self.gaps()?;
        self.db.execute("UPDATE tidied SET gaps = ?1", [gaps])?;
        self.tidying = false;
        Ok(())
    }

    /// Takes out of the file what is left of users who are gone: the index keeps their words until its parts are put
    /// together anew, and so does the list of words. Takes seconds for a million users: to be done now and then, when
    /// nothing else is to be done.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn purge(&mut self) -> Result<(), Error> {
        self.db.execute_batch(
            "INSERT INTO found(found) VALUES ('optimize');
             CREATE VIRTUAL TABLE IF NOT EXISTS temp.kept USING fts5vocab(main, found, row);
             DELETE FROM words WHERE word NOT IN (SELECT term FROM temp.kept);
             DROP TABLE temp.kept;",
        )?;
        self.known.clear();
        self.tidied()?;
        // What was overwritten is in the log, too.
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

fn with_id(db: &Connection, id: u64) -> Result<Option<Kept>, Error> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"))?;
    Ok(statement.query_row([row_id(id)], Kept::read).optional()?)
}

fn last_place(db: &Connection) -> Result<i64, Error> {
    let mut statement = db.prepare_cached("SELECT coalesce(max(place), 0) FROM users")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Omnidesk's ids are far smaller; one that is not is nobody's.
pub(crate) fn row_id(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// Somebody as they are, at another place.
fn to_place(old: Kept, place: i64, met: Option<i64>) -> Place<'static> {
    Place {
        old: Some(old.place),
        place,
        met,
        reading: old.reading,
        user: Cow::Owned(old.user),
    }
}

/// Takes out who stands at these places; how many they were. The index wants them in order: each one that lies before the
/// last one makes it write down what it has so far.
fn leave(db: &Connection, mut places: Vec<i64>) -> Result<u32, Error> {
    places.sort_unstable();
    places.dedup();
    let mut from_index = db.prepare_cached("DELETE FROM found WHERE rowid = ?1")?;
    let mut from_users = db.prepare_cached("DELETE FROM users WHERE place = ?1")?;
    for place in &places {
        from_index.execute([place])?;
        from_users.execute([place])?;
    }
    Ok(u32::try_from(places.len()).unwrap_or(u32::MAX))
}

/// Writes users, in the order of their places. All leave where they stood before the first one comes: see [`leave`].
fn put(db: &Connection, words: &mut Words, known: &mut HashSet<u64>, places: &[Place<'_>]) -> Result<(), Error> {
    leave(db, places.iter().filter_map(|to| to.old).collect())?;
    let mut into_users = db.prepare_cached(
        "INSERT INTO users (id, kind, name, screen_name, email, company, position, note, phones, fields, linked, blocked, created,
           updated, last_contact, place, met, reading)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?;
    let mut into_index = db.prepare_cached("INSERT INTO found (rowid, words) VALUES (?1, ?2)")?;
    let mut into_words = db.prepare_cached("INSERT OR IGNORE INTO words (word) VALUES (?1)")?;
    for to in places {
        let user = &to.user;
        into_users.execute(params![
            row_id(user.id),
            user.kind,
            user.name,
            user.screen_name,
            user.email,
            user.company,
            user.position,
            user.note,
            row::phones(&user.phones),
            row::fields(&user.fields),
            row::linked(&user.linked),
            user.blocked,
            user.created,
            user.updated,
            user.last_contact,
            to.place,
            to.met,
            to.reading,
        ])?;
        words.take(user);
        into_index.execute(params![to.place, words.line])?;
        for word in words.each() {
            if Directory::is_new_word(known, word) {
                into_words.execute([word])?;
            }
        }
    }
    Ok(())
}
