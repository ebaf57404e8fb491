//! Finding users while somebody types.

use crate::fold::{Folder, other_layout, prefixes};
use crate::matched::{self, Marks, Matched};
use crate::row::{COLUMNS, Kept};
use crate::user::User;
use crate::words::Place;
use crate::{Directory, Error, numbers, slip};
use rusqlite::{OptionalExtension as _, params};
use std::collections::{HashMap, HashSet};

/// More of what was typed is not looked at, characters: nobody types that, a paste may be anything.
const LONGEST: usize = 300;
/// More words are not looked for; who has the first ones is found.
const MOST_WORDS: usize = 8;
/// How many letters of a beginning the index has a list for; longer ones are sought by the words that begin so.
const LISTED: usize = 4;
/// A beginning that more words have than these is sought as it stands.
const MOST_ENDINGS: usize = 48;
/// So many words may have been meant by a slip.
const MOST_MEANT: usize = 16;
/// Where what was typed finds fewer people, it is read in other ways, too.
const FEW: usize = 3;
/// The fewest digits by which a number is looked for.
const FEWEST_DIGITS: usize = 3;
/// So many digits are a whole number, not a part of one.
const WHOLE_NUMBER: usize = 7;
/// More numbers with the same digits are not looked at.
const MOST_NUMBERS: i64 = 2_000;

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
    tier: Tier,
    reading: Reading,
    matched: Vec<Matched>,
}

/// What may be meant by one word, by where it stands: expressions of FTS5.
type Sought = Vec<Vec<(Place, String)>>;

impl Directory {
    /// Who is meant by what somebody has typed so far: each word the beginning of some word of a user, in any order. Text of
    /// any kind is fine, nothing in it is a command. At most `most` people; none for a text without letters and digits.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn search(&self, typed: &str, most: usize) -> Result<Found, Error> {
        let typed: String = typed.chars().take(LONGEST).collect();
        let mut search = Search {
            directory: self,
            // Linked profiles are one person.
            most: most.saturating_mul(2),
            seen: HashSet::new(),
            rows: Vec::new(),
            folder: Folder::default(),
        };
        search.by_number(&typed)?;
        search.by_words(&typed, Reading::AsTyped)?;
        if search.rows.len() < FEW
            && let Some(other) = other_layout(&typed)
        {
            search.by_words(&other, Reading::OtherLayout)?;
        }
        if search.rows.len() < FEW {
            search.by_words(&typed, Reading::Slip)?;
        }
        Ok(search.people(most))
    }

    /// Who has exactly this number, as [`Phone::keys`](crate::Phone::keys) has it: for a caller. At most twenty.
    ///
    /// # Errors
    /// [`Error`] when the disk refuses.
    pub fn with_number(&self, key: &str) -> Result<Vec<User>, Error> {
        let mut statement = self
            .db
            .prepare_cached("SELECT id FROM numbers WHERE number = ?1 ORDER BY id LIMIT 20")?;
        let ids: Vec<i64> = statement
            .query_map([numbers::whole(key)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut users = Vec::new();
        for id in ids {
            let user = self.row(id)?.map(|kept| kept.user);
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
    fn by_words(&mut self, typed: &str, reading: Reading) -> Result<(), Error> {
        let mut marks = Marks::default();
        let mut sought = Sought::new();
        let mut slipped = false;
        for (word, letters) in words_of(typed) {
            let mut starts = prefixes(&word);
            if reading == Reading::Slip && letters >= slip::SHORTEST {
                let meant = self.meant(&starts)?;
                slipped |= !meant.is_empty();
                starts.extend(meant);
            }
            let mut ways = Vec::new();
            for place in Place::ALL {
                let mut parts = Vec::new();
                for start in &starts {
                    parts.extend(self.directory.expression(place, start)?);
                }
                if !parts.is_empty() {
                    ways.push((place, parts.join(" OR ")));
                }
            }
            if ways.is_empty() {
                return Ok(());
            }
            sought.push(ways);
            marks.words.push(starts);
        }
        if sought.is_empty() || (reading == Reading::Slip && !slipped) {
            return Ok(());
        }
        for (tier, places) in [
            (Tier::Name, &Place::ALL[..1]),
            (Tier::Company, &Place::ALL[..2]),
            (Tier::Rest, &Place::ALL[..]),
        ] {
            if self.rows.len() >= self.most {
                break;
            }
            // Whoever has the one word in a better place was found before.
            let places = if sought.len() == 1 { &places[places.len() - 1..] } else { places };
            if let Some(expression) = all_of(&sought, places) {
                self.take(&expression, tier, reading, &marks)?;
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
    fn take(&mut self, expression: &str, tier: Tier, reading: Reading, marks: &Marks) -> Result<(), Error> {
        let places: Vec<i64> = {
            let mut statement = self
                .directory
                .db
                .prepare_cached("SELECT rowid FROM found WHERE found MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
            let limit = self.most + self.seen.len();
            let places = statement.query_map(params![expression, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
            places.collect::<Result<_, _>>()?
        };
        for place in places {
            if self.rows.len() >= self.most {
                break;
            }
            if !self.seen.insert(place) {
                continue;
            }
            let sql = format!("SELECT {COLUMNS} FROM users WHERE place = ?1");
            let mut statement = self.directory.db.prepare_cached(&sql)?;
            // A reader may see the index of one moment and the rows of the next.
            let Some(kept) = statement.query_row([place], Kept::read).optional()? else {
                continue;
            };
            let matched = matched::of(&kept.user, marks, &mut self.folder);
            self.rows.push(Row {
                kept,
                tier,
                reading,
                matched,
            });
        }
        Ok(())
    }

    /// Whoever has a number with these digits at its end or beginning.
    fn by_number(&mut self, typed: &str) -> Result<(), Error> {
        let sought = numbers::digits(typed);
        let is_number = !typed.chars().any(char::is_alphabetic) && sought.len() >= FEWEST_DIGITS;
        if !is_number {
            return Ok(());
        }
        let mut ids = Vec::new();
        for end in [sought.as_str(), numbers::national(&sought)] {
            ids.extend(self.ids(&numbers::tails(end))?);
        }
        for head in numbers::typed_heads(&sought) {
            ids.extend(self.ids(&numbers::heads(head))?);
        }
        ids.sort_unstable();
        ids.dedup();
        let mut places = Vec::with_capacity(ids.len());
        for id in ids {
            let mut statement = self.directory.db.prepare_cached("SELECT place FROM users WHERE id = ?1")?;
            places.extend(
                statement
                    .query_row([id], |row| row.get::<_, i64>(0))
                    .optional()?
                    .map(|place| (place, id)),
            );
        }
        // The latest first.
        places.sort_unstable_by(|one, other| other.cmp(one));
        let marks = Marks {
            number: Some(sought.clone()),
            ..Marks::default()
        };
        for (place, id) in places {
            if self.rows.len() >= self.most {
                break;
            }
            let Some(kept) = self.directory.row(id)? else { continue };
            let Some(is_whole) = has(&kept.user, &sought) else { continue };
            self.seen.insert(place);
            let matched = matched::of(&kept.user, &marks, &mut self.folder);
            self.rows.push(Row {
                kept,
                tier: if is_whole { Tier::Number } else { Tier::Rest },
                reading: Reading::AsTyped,
                matched,
            });
        }
        Ok(())
    }

    fn ids(&self, range: &std::ops::RangeInclusive<i64>) -> Result<Vec<i64>, Error> {
        let mut statement = self
            .directory
            .db
            .prepare_cached("SELECT id FROM numbers WHERE number BETWEEN ?1 AND ?2 LIMIT ?3")?;
        let ids = statement.query_map(params![range.start(), range.end(), MOST_NUMBERS], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The best first, linked profiles as one person.
    fn people(mut self, most: usize) -> Found {
        self.rows
            .sort_by_key(|row| (row.reading, row.tier, std::cmp::Reverse((row.kept.late(), row.kept.place))));
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
                    tier: row.tier,
                    reading: row.reading,
                    matched: row.matched,
                }),
            }
        }
        Found { people, more }
    }
}

/// Whether one of a user's numbers has these digits at its end or beginning, and whether they are all of it.
fn has(user: &User, sought: &str) -> Option<bool> {
    let mut best = None;
    for key in user.phones.iter().flat_map(|phone| &phone.keys) {
        let number = key.strip_prefix('+').unwrap_or(key);
        let (whole, typed) = (numbers::national(number), numbers::national(sought));
        let is_whole = (number == sought || whole == typed) && sought.len() >= WHOLE_NUMBER;
        let ends = number.ends_with(sought) || number.ends_with(typed);
        let begins = numbers::typed_heads(sought).any(|head| whole.starts_with(head));
        if is_whole || ends || begins {
            best = best.max(Some(is_whole));
        }
    }
    best
}

/// Everybody who has all the words, each in one of the places; none where a word is in none of them.
fn all_of(sought: &Sought, places: &[Place]) -> Option<String> {
    let mut all = Vec::new();
    for ways in sought {
        let here: Vec<&str> = ways
            .iter()
            .filter(|(place, _)| places.contains(place))
            .map(|(_, way)| way.as_str())
            .collect();
        if here.is_empty() {
            return None;
        }
        all.push(format!("({})", here.join(" OR ")));
    }
    Some(all.join(" AND "))
}

/// The words that were typed, each with how many letters it has.
fn words_of(typed: &str) -> Vec<(String, usize)> {
    let mut words: Vec<(String, usize)> = Vec::new();
    let units: Vec<u16> = typed.encode_utf16().collect();
    let mut last = None;
    Folder::default().each(typed, |form| {
        if last != Some(form.start) {
            let word = units.get(form.start as usize..form.end as usize).unwrap_or_default();
            words.push((String::from_utf16_lossy(word), form.letters));
        }
        last = Some(form.start);
        words.len() < MOST_WORDS
    });
    words
}
