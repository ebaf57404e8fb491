//! What of a user matched, and where it stands: looked for in the text of those few who are shown.

use crate::fold::Folder;
use crate::numbers::{self, digits};
use crate::query::Run;
use crate::user::User;
use std::ops::Range;

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// [`User::name`].
    Name,
    /// [`User::screen_name`].
    ScreenName,
    /// [`User::company`].
    Company,
    /// [`User::position`].
    Position,
    /// [`User::email`].
    Email,
    /// One of [`User::phones`], by its place.
    Phone(usize),
    /// A custom field, by its key.
    Custom(String),
    /// [`User::note`].
    Note,
}

/// What matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// In which text.
    pub field: Field,
    /// Where in it, in UTF-16 units as JavaScript counts, in order and apart from each other.
    pub ranges: Vec<Range<u32>>,
}

/// What is sought, for marking.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// One entry per word, each with the forms it may begin with.
    pub words: Vec<Vec<String>>,
    /// Digits that stand together, in the ways they may be taken.
    pub runs: Vec<Run>,
}

/// Ranges beyond these of one text are not looked for.
const MOST_RANGES: usize = 50;

/// Where all of it stands in a user, field by field. Digits are marked in every way in which the user has all of them.
pub(crate) fn of(user: &User, marks: &Marks, folder: &mut Folder) -> Vec<Matched> {
    let mut starts: Vec<&str> = marks.words.iter().flatten().map(String::as_str).collect();
    let mut sought: Vec<&str> = Vec::new();
    for way in marks.runs.iter().flat_map(Run::all) {
        if way.numbers.iter().all(|number| has_number(user, number)) && has_words(user, &way.words, folder) {
            starts.extend(way.words.iter().map(String::as_str));
            sought.extend(way.numbers.iter().map(String::as_str));
        }
    }
    let mut found = Vec::new();
    for (field, text) in texts(user) {
        let ranges = in_text(text, &starts, folder);
        if !ranges.is_empty() {
            found.push(Matched { field, ranges });
        }
    }
    for (at, phone) in user.phones.iter().enumerate() {
        let here = sought
            .iter()
            .filter(|number| phone.keys.iter().any(|key| numbers::fits(key, number)));
        let ranges = apart(here.filter_map(|number| in_number(&phone.text, number)).collect());
        if !ranges.is_empty() {
            found.push(Matched {
                field: Field::Phone(at),
                ranges,
            });
        }
    }
    found
}

/// The texts of a user, in the order in which they are told.
fn texts(user: &User) -> impl Iterator<Item = (Field, &str)> {
    let first = [
        (Field::Name, user.name.as_str()),
        (Field::ScreenName, &user.screen_name),
        (Field::Company, &user.company),
        (Field::Position, &user.position),
        (Field::Email, &user.email),
    ];
    let custom = user.fields.iter().map(|(key, value)| (Field::Custom(key.clone()), value.as_str()));
    first.into_iter().chain(custom).chain([(Field::Note, user.note.as_str())])
}

fn has_number(user: &User, sought: &str) -> bool {
    user.phones
        .iter()
        .any(|phone| phone.keys.iter().any(|key| numbers::fits(key, sought)))
}

/// Whether each of the words is the beginning of one of a user's.
fn has_words(user: &User, words: &[String], folder: &mut Folder) -> bool {
    let mut left: Vec<&str> = words.iter().map(String::as_str).collect();
    for (_, text) in texts(user) {
        if left.is_empty() {
            break;
        }
        folder.each(text, |form| {
            left.retain(|word| !form.text.starts_with(word));
            !left.is_empty()
        });
    }
    left.is_empty()
}

/// Ranges in order; those that touch each other are one.
fn apart(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        before.end = before.end.max(if touches { next.end } else { 0 });
        touches
    });
    ranges
}

fn in_text(text: &str, starts: &[&str], folder: &mut Folder) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    if text.is_empty() {
        return ranges;
    }
    folder.each(text, |form| {
        let begins = |start: &&&str| form.text.starts_with(**start);
        // The longest beginning shows most of what was typed.
        let longest = starts.iter().filter(begins).map(|start| start.chars().count()).max();
        if let Some(end) = longest.and_then(|count| form.ends.get(count.wrapping_sub(1))) {
            match ranges.last_mut().filter(|last| last.start == form.start) {
                Some(last) => last.end = last.end.max(*end),
                None => ranges.push(form.start..*end),
            }
        }
        ranges.len() < MOST_RANGES
    });
    ranges
}

/// Where the digits stand in a number's spelling: at its end, or else where they stand first.
fn in_number(text: &str, sought: &str) -> Option<Range<u32>> {
    let all = digits(text);
    let variants = numbers::typed_heads(sought).chain([numbers::national(sought)]);
    let at = variants.filter(|digits| !digits.is_empty()).find_map(|digits| {
        let at = if all.ends_with(digits) {
            all.len() - digits.len()
        } else {
            all.find(digits)?
        };
        Some((at, digits.len()))
    });
    // More was typed than stands there, or another country's way to write it: all of it is meant.
    let (at, count) = at
        .or_else(|| sought.ends_with(&all).then_some((0, all.len())))
        .filter(|(_, count)| *count > 0)?;
    let (mut unit, mut digit, mut start) = (0_u32, 0, 0);
    for sign in text.chars() {
        if sign.is_ascii_digit() {
            if digit == at {
                start = unit;
            }
            digit += 1;
            if digit == at + count {
                return Some(start..unit + 1);
            }
        }
        unit += u32::try_from(sign.len_utf16()).unwrap_or(1);
    }
    None
}
