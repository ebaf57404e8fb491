//! How numbers stand in the fields of Omnidesk, and how well such a field fits a number that is looked for.

use calls::{Number, PhoneKey, Region, numbers_in};

/// How well a contact fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The very number, or the very text.
    Exactly,
    /// One of the readings of a number whose country is not certain.
    AsRead,
    /// One of the readings of what stands in Omnidesk.
    AsItMayBe,
}

/// How well a field fits a number that may be any of these, the very number first; none where it does not.
#[must_use]
pub fn fit(contact: &str, keys: &[PhoneKey], region: Region) -> Option<Fit> {
    let of = |number: Number| {
        let key = number.key()?;
        if keys.first() == Some(&key) {
            Some(Fit::Exactly)
        } else if keys.contains(&key) {
            Some(Fit::AsRead)
        } else {
            let may_be = number.readings().iter().any(|reading| keys.contains(reading));
            may_be.then_some(Fit::AsItMayBe)
        }
    };
    numbers_of(contact, region).into_iter().filter_map(of).min()
}

/// The numbers of a field; of one without any what stands there, as one.
#[must_use]
pub fn numbers_of(field: &str, region: Region) -> Vec<Number> {
    let found = numbers_in(field, region);
    if found.is_empty() {
        return vec![Number::read(field, region)];
    }
    found.into_iter().map(|found| found.number).collect()
}

/// A number for people in any language, with its inner number: reads back as the same.
#[must_use]
pub fn written(number: &Number) -> String {
    match number.extension() {
        Some(extension) => format!("{} #{extension}", number.pretty()),
        None => number.pretty().to_owned(),
    }
}

/// A number in digits as it may be typed: with the country code and, for a Russian one, with an eight.
#[must_use]
pub fn spellings(number: &Number) -> Vec<String> {
    let Some(e164) = number.e164() else { return Vec::new() };
    let national = e164.strip_prefix("+7").map(|rest| format!("8{rest}"));
    std::iter::once(e164.to_owned()).chain(national).collect()
}
