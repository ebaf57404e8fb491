//! From a find of the file of all users to what a search shows: who, what matched, and where that stands.

use crate::account::catalog::Catalog;
use crate::people::card::Card;
use crate::people::entry;
use crate::people::everybody::Seeker;
use crate::people::spelling::{numbers_of, written};
use crate::screens::pages::looked_for;
use crate::view::{FoundUser, PlaceView};
use calls::Region;
use directory::{Field, Matched, Person, User};
use std::collections::{BTreeMap, BTreeSet};

/// As many people are shown.
pub const SHOWN: usize = 50;
/// Of each word so many people are looked at where no profile alone has all of them.
const OF_A_WORD: usize = 300;
/// More words are not taken apart.
const MOST_WORDS: usize = 6;

/// Who is meant by what was typed: the words of a person may stand in several profiles that are linked.
#[must_use]
pub fn people(seeker: &Seeker, typed: &str) -> Vec<Person> {
    let found = seeker.search(typed, SHOWN).people;
    let words: Vec<&str> = typed.split_whitespace().take(MOST_WORDS).collect();
    if !found.is_empty() || words.len() < 2 {
        return found;
    }
    let by_word: Vec<Vec<Person>> = words.iter().map(|word| seeker.search_written(word, OF_A_WORD).people).collect();
    in_all(by_word)
}

/// Those who are among the finds of each word, by any of their profiles; what matched of all of them.
fn in_all(by_word: Vec<Vec<Person>>) -> Vec<Person> {
    let profiles = |person: &Person| -> BTreeSet<u64> {
        let linked = person.user.linked.iter().chain(&person.also).copied();
        std::iter::once(person.user.id).chain(linked).collect()
    };
    let mut by_word = by_word.into_iter();
    let mut people = by_word.next().unwrap_or_default();
    for finds in by_word {
        let mut who: BTreeMap<u64, usize> = BTreeMap::new();
        for (at, person) in finds.iter().enumerate() {
            profiles(person).into_iter().for_each(|id| {
                who.entry(id).or_insert(at);
            });
        }
        people.retain(|person| profiles(person).iter().any(|id| who.contains_key(id)));
    }
    people.truncate(SHOWN);
    people
}

/// A person as a search for a text shows them; `card` with what linked profiles add.
#[must_use]
pub fn view(person: &Person, card: &Card, asked: &str, catalog: &Catalog, region: Region) -> FoundUser {
    let mut places: Vec<PlaceView> = person
        .matched
        .iter()
        .filter_map(|matched| place(matched, &person.user, region))
        .collect();
    // Where most of it stands comes first; among equals the name does, which is the first already.
    let length = |place: &PlaceView| place.ranges.iter().map(|[start, end]| end - start).sum::<u32>();
    places.sort_by_key(|place| std::cmp::Reverse(length(place)));
    if let Some(place) = as_typed(card, asked, region) {
        places.retain(|other| other.field != place.field);
        places.insert(0, place);
    }
    shown(card, places, catalog, region)
}

/// Whom Omnidesk's own search found by a part of an address or a number, where this computer's does not.
#[must_use]
pub fn by_omnidesk(card: &Card, asked: &str, catalog: &Catalog, region: Region) -> FoundUser {
    let place = as_typed(card, asked, region).or_else(|| {
        let number = contacts(card).next();
        number.map(|number| PlaceView {
            field: PHONE.to_owned(),
            text: pretty(number, region),
            ranges: Vec::new(),
        })
    });
    shown(card, place.into_iter().collect(), catalog, region)
}

fn contacts(card: &Card) -> impl Iterator<Item = &String> {
    card.phones.iter().chain(card.custom.iter().map(|custom| &custom.id))
}

/// Where a whole number that was typed, or the very letters of an address, stand among a person's contacts.
fn as_typed(card: &Card, asked: &str, region: Region) -> Option<PlaceView> {
    let keys = looked_for(asked, region);
    let mut numbers = contacts(card).flat_map(|contact| numbers_of(contact, region));
    if let Some(number) = numbers.find(|number| number.keys().iter().any(|key| keys.contains(key))) {
        let text = written(&number);
        let digits: String = asked.chars().filter(char::is_ascii_digit).collect();
        let range = digits_in(&text, &digits).or_else(|| digits_in(&text, digits.get(1..)?));
        return Some(PlaceView {
            field: PHONE.to_owned(),
            text,
            ranges: range.into_iter().collect(),
        });
    }
    let email = card.email.as_ref().filter(|email| email.is_ascii())?;
    let start = email
        .to_ascii_lowercase()
        .find(&asked.to_lowercase())
        .filter(|_| asked.contains('@'))?;
    let unit = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Some(PlaceView {
        field: "email".to_owned(),
        text: email.clone(),
        ranges: vec![[unit(start), unit(start + asked.len())]],
    })
}

fn shown(card: &Card, matched: Vec<PlaceView>, catalog: &Catalog, region: Region) -> FoundUser {
    let user = card.view(catalog, region);
    FoundUser {
        dial: user.phones.clone(),
        user,
        matched,
    }
}

const PHONE: &str = "phone";

fn place(matched: &Matched, user: &User, region: Region) -> Option<PlaceView> {
    let (field, text) = match &matched.field {
        Field::Name => ("name", &user.name),
        Field::ScreenName => ("screenName", &user.screen_name),
        Field::Company => ("company", &user.company),
        Field::Position => ("position", &user.position),
        Field::Email if entry::is_contact(user) => (PHONE, &user.email),
        Field::Email => ("email", &user.email),
        Field::Phone(at) => (PHONE, &user.phones.get(*at)?.text),
        Field::Custom(key) => (key.as_str(), user.fields.get(key)?),
        Field::Note => ("note", &user.note),
    };
    let ranges = matched.ranges.iter().map(|range| [range.start, range.end]).collect();
    let place = PlaceView {
        field: field.to_owned(),
        text: text.clone(),
        ranges,
    };
    Some(if matches!(matched.field, Field::Phone(_)) {
        as_shown(place, region)
    } else {
        place
    })
}

/// The first number of a field as numbers are shown; a text without any as it stands.
fn pretty(text: &str, region: Region) -> String {
    let number = numbers_of(text, region).into_iter().find(|number| number.e164().is_some());
    number.map_or_else(|| text.to_owned(), |number| written(&number))
}

/// A place in a number as it is spelt in Omnidesk, in the number as it is shown: where the same digits stand. A field may
/// hold several numbers; it is the one with these digits.
fn as_shown(place: PlaceView, region: Region) -> PlaceView {
    let units: Vec<u16> = place.text.encode_utf16().collect();
    let marked = place
        .ranges
        .iter()
        .filter_map(|[start, end]| units.get(*start as usize..*end as usize));
    let sought: String = marked.map(String::from_utf16_lossy).collect();
    let sought: String = sought.chars().filter(char::is_ascii_digit).collect();
    // The first digit may be another one: 8 for 7.
    let sought = [sought.as_str(), sought.get(1..).unwrap_or_default()];
    let numbers = numbers_of(&place.text, region);
    let shown = numbers.iter().filter(|number| number.e164().is_some()).find_map(|number| {
        let text = written(number);
        let range = sought.iter().find_map(|digits| digits_in(&text, digits))?;
        Some((text, range))
    });
    let Some((text, range)) = shown else {
        let text = pretty(&place.text, region);
        let ranges = if text == place.text { place.ranges } else { Vec::new() };
        return PlaceView { text, ranges, ..place };
    };
    PlaceView {
        text,
        ranges: vec![range],
        ..place
    }
}

/// Where these digits stand in a number, whatever stands between them: the last place.
fn digits_in(text: &str, sought: &str) -> Option<[u32; 2]> {
    let mut unit = 0;
    let (mut digits, mut places) = (String::new(), Vec::new());
    for sign in text.chars() {
        if sign.is_ascii_digit() {
            digits.push(sign);
            places.push(unit);
        }
        unit += u32::try_from(sign.len_utf16()).unwrap_or(1);
    }
    let at = digits.rfind(sought).filter(|_| !sought.is_empty())?;
    Some([*places.get(at)?, places.get(at + sought.len() - 1)? + 1])
}

#[cfg(test)]
mod tests;
