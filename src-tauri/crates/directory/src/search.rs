//! Finding users while somebody types.

mod steps;

use crate::fold::{Folder, other_layout, prefixes};
use crate::matched::{self, Marks, Matched};
use crate::query::{self, Query, Way};
use crate::row::{COLUMNS, Kept};
use crate::user::User;
use crate::words::Place;
use crate::{Directory, Error, numbers, slip};
use rusqlite::{OptionalExtension as _, params};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use steps::{Digits, Parts, Sought, Step, Ways};

/// How many letters of a beginning the index has a list for; longer ones are sought by the words that begin so.
const LISTED: usize = 4;
/// A beginning that more words have than these is sought as it stands.
const MOST_ENDINGS: usize = 48;
/// So many words may have been meant by a slip.
const MOST_MEANT: usize = 16;
/// Where what was typed finds fewer people, it is read in other ways, too.
const FEW: usize = 3;
/// How well somebody was matched, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The whole number.
    Number,
    /// The beginnings of the words of a name.
    Name,
    /// Their company, perhaps with the name.
    Company,
    /// Anything else.
    Rest,
}

/// How what was typed was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// As it stands.
    AsTyped,
    /// With the keyboard in the other layout.
    OtherLayout,
    /// With one slip of a finger.
    Slip,
}

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The profile that matched best.
    pub user: User,
    /// Profiles of the same person that matched, too.
    pub also: Vec<u64>,
    /// How well.
    pub tier: Tier,
    /// In which way.
    pub reading: Reading,
    /// What matched and where.
    pub matched: Vec<Matched>,
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Best first.
    pub people: Vec<Person>,
    /// There are more than were wanted.
    pub more: bool,
}

/// What is found, while it is found.
struct Search<'a> {
    directory: &'a Directory,
    most: usize,
    /// By their places in the file.
    seen: HashSet<i64>,
    rows: Vec<Row>,
    folder: Folder,
}

struct Row {
    kept: Kept,
    step: Step,
    reading: Reading,
    matched: Vec<Matched>,
}

impl Directory {
    /// Who is meant by what somebody has typed so far: each word the beginning of some word of a user, in any order. Text of
    /// any kind is fine, nothing in it is a command. At most `most` people; none for a text without letters and digits.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn search(&self, typed: &str, most: usize) -> Result<Found, Error> {
        let typed = query::cut(typed);
        let query = Query::of(typed);
        // All of it is of one moment, and the file is locked once.
        let _moment = self.db.unchecked_transaction()?;
        let mut search = Search {
            directory: self,
            // Linked profiles are one person.
            most: most.saturating_mul(2),
            seen: HashSet::new(),
            rows: Vec::new(),
            folder: Folder::default(),
        };
        search.read(&query, Reading::AsTyped)?;
        if search.rows.len() < FEW
            && let Some(other) = other_layout(typed)
        {
            search.read(&Query::of(&other), Reading::OtherLayout)?;
        }
        if search.rows.len() < FEW {
            search.read(&query, Reading::Slip)?;
        }
        Ok(search.people(most))
    }

    /// Who has exactly this number, as [`Phone::keys`](crate::Phone::keys) has it: for a caller. The twenty who were met last,
    /// the latest first.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn with_number(&self, key: &str) -> Result<Vec<User>, Error> {
        let _moment = self.db.unchecked_transaction()?;
        let mut users = Vec::new();
        for place in self.places(&format!("\"{}\"", numbers::whole(key)), 20)? {
            let user = self.at(place)?.map(|kept| kept.user);
            users.extend(user.filter(|user| user.phones.iter().any(|phone| phone.keys.iter().any(|one| one == key))));
        }
        Ok(users)
    }

    /// One user.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn user(&self, id: u64) -> Result<Option<User>, Error> {
        Ok(self.row(crate::write::row_id(id))?.map(|kept| kept.user))
    }

    fn row(&self, id: i64) -> Result<Option<Kept>, Error> {
        let mut statement = self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"))?;
        Ok(statement.query_row([id], Kept::read).optional()?)
    }

    /// Who has this place.
    fn at(&self, place: i64) -> Result<Option<Kept>, Error> {
        let mut statement = self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE place = ?1"))?;
        Ok(statement.query_row([place], Kept::read).optional()?)
    }

    /// The places of those whom an expression finds, the latest first.
    fn places(&self, expression: &str, most: usize) -> Result<Vec<i64>, Error> {
        let mut statement = self
            .db
            .prepare_cached("SELECT rowid FROM found WHERE found MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
        let places = statement.query_map(params![expression, i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?;
        Ok(places.collect::<Result<_, _>>()?)
    }

    /// Words of a place that begin so, at most `most` of them.
    fn endings(&self, place: Place, start: &str, most: usize) -> Result<Vec<String>, Error> {
        let from = format!("{}{start}", place.mark());
        // Behind every sign that a form may hold.
        let to = format!("{from}\u{10ffff}");
        let mut statement = self
            .db
            .prepare_cached("SELECT word FROM words WHERE word >= ?1 AND word < ?2 ORDER BY word LIMIT ?3")?;
        let words = statement.query_map(params![from, to, i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?;
        Ok(words.collect::<Result<_, _>>()?)
    }

    /// What finds a word that begins in one of these ways, by where it stands; nothing where nobody has one.
    fn word(&self, starts: &[String]) -> Result<Sought, Error> {
        let mut ways = Vec::new();
        for place in Place::ALL {
            let mut parts = Vec::new();
            for start in starts {
                parts.extend(self.expression(place, start)?);
            }
            if !parts.is_empty() {
                ways.push((place, parts.join(" OR ")));
            }
        }
        Ok(ways)
    }

    /// What finds digits taken so; none where nobody has one of the words.
    fn digits(&self, way: &Way) -> Result<Option<Digits>, Error> {
        let mut words = Vec::new();
        for word in &way.words {
            let sought = self.word(std::slice::from_ref(word))?;
            if sought.is_empty() {
                return Ok(None);
            }
            words.push(sought);
        }
        Ok(Some(Digits {
            words,
            numbers: way.numbers.clone(),
        }))
    }

    /// The expression that finds a beginning in a place; none where nobody has such a word.
    fn expression(&self, place: Place, start: &str) -> Result<Option<String>, Error> {
        if start.chars().count() > LISTED {
            let endings = self.endings(place, start, MOST_ENDINGS + 1)?;
            if endings.len() <= MOST_ENDINGS {
                let quoted: Vec<String> = endings.iter().map(|word| format!("\"{word}\"")).collect();
                return Ok((!quoted.is_empty()).then(|| quoted.join(" OR ")));
            }
        } else if self.endings(place, start, 1)?.is_empty() {
            return Ok(None);
        }
        Ok(Some(format!("\"{}{start}\" *", place.mark())))
    }
}

impl Search<'_> {
    /// Looks for what was typed, read in one way.
    fn read(&mut self, query: &Query, reading: Reading) -> Result<(), Error> {
        let may_slip = query.words.iter().any(|word| word.letters >= slip::SHORTEST);
        if reading == Reading::Slip && !may_slip {
            return Ok(());
        }
        let (mut parts, mut marks) = (Parts::default(), Marks::default());
        let mut slipped = false;
        for word in &query.words {
            let mut starts = prefixes(&word.text);
            if reading == Reading::Slip && word.letters >= slip::SHORTEST {
                let meant = self.meant(&starts)?;
                slipped |= !meant.is_empty();
                starts.extend(meant);
            }
            let ways = self.directory.word(&starts)?;
            if ways.is_empty() {
                return Ok(());
            }
            parts.words.push(ways);
            marks.words.push(starts);
        }
        if reading == Reading::Slip && !slipped {
            return Ok(());
        }
        for run in &query.runs {
            let (mut ways, mut rarer) = (Vec::new(), Vec::new());
            for way in &run.ways {
                ways.extend(self.directory.digits(way)?);
            }
            for way in &run.rarer {
                rarer.extend(self.directory.digits(way)?);
            }
            parts.runs.push(Ways { ways, rarer });
            marks.runs.push(run.clone());
        }
        self.steps(&parts, reading, &marks)
    }

    fn steps(&mut self, parts: &Parts, reading: Reading, marks: &Marks) -> Result<(), Error> {
        let steps = Step::all(!parts.words.is_empty(), !parts.runs.is_empty());
        // Words that may have been meant are many, and digits beside them say enough of who is.
        let is_wide = reading == Reading::Slip && !parts.runs.is_empty();
        for step in if is_wide { &steps[steps.len() - 1..] } else { steps } {
            if self.rows.len() >= self.most {
                break;
            }
            if let Some(expression) = parts.expression(*step) {
                self.take(&expression, *step, reading, marks)?;
            }
        }
        if is_wide {
            return Ok(());
        }
        for (at, run) in parts.runs.iter().enumerate() {
            for way in &run.rarer {
                if self.rows.len() >= FEW {
                    return Ok(());
                }
                if let Some(expression) = parts.all(Step::Rarer, Some((at, way))) {
                    self.take(&expression, Step::Rarer, reading, marks)?;
                }
            }
        }
        Ok(())
    }

    /// What may have been meant by a word, other than what was typed.
    fn meant(&self, starts: &[String]) -> Result<Vec<String>, Error> {
        let Some(form) = starts.first() else { return Ok(Vec::new()) };
        slip::meant(form, MOST_MEANT, |start| {
            for place in Place::ALL {
                if !self.directory.endings(place, start, 1)?.is_empty() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Takes whom an expression finds, the latest first.
    fn take(&mut self, expression: &str, step: Step, reading: Reading, marks: &Marks) -> Result<(), Error> {
        for place in self.directory.places(expression, self.most + self.seen.len())? {
            if self.rows.len() >= self.most {
                break;
            }
            if !self.seen.insert(place) {
                continue;
            }
            let Some(kept) = self.directory.at(place)? else { continue };
            let matched = matched::of(&kept.user, marks, &mut self.folder);
            self.rows.push(Row {
                kept,
                step,
                reading,
                matched,
            });
        }
        Ok(())
    }

    /// The best first, linked profiles as one person.
    fn people(mut self, most: usize) -> Found {
        let believed = self.directory.believed();
        self.rows
            .sort_by_key(|row| (row.reading, row.step, Reverse((row.kept.late(believed), row.kept.place))));
        let mut people: Vec<Person> = Vec::new();
        let mut whose: HashMap<u64, usize> = HashMap::new();
        let mut more = self.rows.len() >= self.most;
        for row in self.rows {
            let user = row.kept.user;
            let known = std::iter::once(&user.id).chain(&user.linked).find_map(|id| whose.get(id)).copied();
            let at = known.unwrap_or(people.len());
            if at >= most {
                more = true;
                continue;
            }
            for id in std::iter::once(user.id).chain(user.linked.iter().copied()) {
                whose.entry(id).or_insert(at);
            }
            match people.get_mut(at) {
                Some(person) if person.user.id != user.id => person.also.push(user.id),
                Some(_) => {}
                None => people.push(Person {
                    user,
                    also: Vec::new(),
                    tier: row.step.tier(),
                    reading: row.reading,
                    matched: row.matched,
                }),
            }
        }
        Found { people, more }
    }
}
