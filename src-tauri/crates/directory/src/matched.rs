//! What of a user matched, and where it stands: looked for in the text of those few who are shown.

use crate::fold::Folder;
use crate::numbers::{self, digits};
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

/// What is sought, for marking: one entry per word, each with the forms it may begin with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    pub words: Vec<Vec<String>>,
    /// The digits, where a number is sought.
    pub number: Option<String>,
}

/// Ranges beyond these of one text are not looked for.
const MOST_RANGES: usize = 50;

/// Where all of it stands in a user, field by field.
pub(crate) fn of(user: &User, marks: &Marks, folder: &mut Folder) -> Vec<Matched> {
    let mut found = Vec::new();
    let mut look = |field: Field, text: &str| {
        let ranges = in_text(text, marks, folder);
        if !ranges.is_empty() {
            found.push(Matched { field, ranges });
        }
    };
    look(Field::Name, &user.name);
    look(Field::ScreenName, &user.screen_name);
    look(Field::Company, &user.company);
    look(Field::Position, &user.position);
    look(Field::Email, &user.email);
    for (key, value) in &user.fields {
        look(Field::Custom(key.clone()), value);
    }
    look(Field::Note, &user.note);
    if let Some(number) = &marks.number {
        for (at, phone) in user.phones.iter().enumerate() {
            let ranges: Vec<_> = in_number(&phone.text, number).into_iter().collect();
            if !ranges.is_empty() {
                found.push(Matched {
                    field: Field::Phone(at),
                    ranges,
                });
            }
        }
    }
    found
}

fn in_text(text: &str, marks: &Marks, folder: &mut Folder) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    if text.is_empty() {
        return ranges;
    }
    folder.each(text, |form| {
        let begins = |start: &&String| form.text.starts_with(start.as_str());
        // The longest beginning shows most of what was typed.
        let longest = marks.words.iter().flatten().filter(begins).map(|start| start.chars().count()).max();
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

/// Where the digits stand in a number's spelling: at its end, at its beginning, or anywhere.
fn in_number(text: &str, sought: &str) -> Option<Range<u32>> {
    let all = digits(text);
    let variants = numbers::typed_heads(sought).chain([numbers::national(sought)]);
    let at = variants
        .filter(|digits| !digits.is_empty())
        .find_map(|digits| Some((all.rfind(digits)?, digits.len())));
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
