//! What a row of digits is, by the numbering plans: a number for certain, one of several, or none.
//!
//! A plus, a prefix for abroad (`00`, `810`), a trunk prefix or the office's own country code say how the digits are meant.
//! Without any of them the office's own plan comes first; where another plan fits the very same digits equally well, nothing
//! is certain. `+8` is a Russian trunk prefix written with a plus unless it begins a country's code that fits.

use super::region::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber};

/// Fewest digits that can be a number with its area.
pub(super) const FEWEST: usize = 6;
/// Most digits of a number with all that may be dialled in front of it.
pub(super) const MOST: usize = 20;
/// Fewest digits that are read as a number of another country without a plus (reference pbx-websockets section 5).
const ABROAD: usize = 11;

/// Plans in which a full number always has so many digits: it is one without its trunk prefix, too. Elsewhere digits without
/// the prefix may as well be a number of the same town.
const FULL: [(&str, usize); 26] = [
    ("RU", 10),
    ("KZ", 10),
    ("BY", 9),
    ("UA", 9),
    ("UZ", 9),
    ("AM", 8),
    ("GE", 9),
    ("AZ", 9),
    ("KG", 9),
    ("TJ", 9),
    ("TM", 8),
    ("MD", 8),
    ("US", 10),
    ("CA", 10),
    ("FR", 9),
    ("RO", 9),
    ("TR", 10),
    ("ES", 9),
    ("PL", 9),
    ("CZ", 9),
    ("DK", 8),
    ("NO", 8),
    ("GR", 10),
    ("PT", 9),
    ("LV", 8),
    ("LT", 8),
];

/// What digits are.
#[derive(Debug, Clone)]
pub(super) enum Reading {
    /// No number.
    Nothing,
    /// This number.
    Certain {
        number: PhoneNumber,
        /// The digits themselves say how they are meant: by a plus, a prefix, a country code.
        complete: bool,
    },
    /// One of these, the likeliest first.
    Guess(Vec<PhoneNumber>),
}

/// A row of digits as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub digits: &'a str,
    /// A plus stands before it.
    pub plus: bool,
    /// Its first group is an eight by itself: «8 (916)», «+8-916».
    pub eight_apart: bool,
    /// A slash stands in it: within towns' numbers («030/901820»), never after a country's code.
    pub slashed: bool,
}

impl<'a> Row<'a> {
    /// A text that is nothing but the digits of a number with its area, and perhaps a plus.
    pub fn plain(text: &'a str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let fits = digits.len() > FEWEST && digits.len() <= MOST;
        (fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(Self {
            digits,
            plus: digits.len() < text.len(),
            eight_apart: false,
            slashed: false,
        })
    }
}

pub(super) fn read(row: Row<'_>, region: Region) -> Reading {
    if !(FEWEST..=MOST).contains(&row.digits.len()) {
        return Reading::Nothing;
    }
    if row.plus {
        with_plus(row, region)
    } else {
        without_plus(row, region)
    }
}

/// The number of a `tel:` link that names its surroundings (RFC 3966): `tel:2000001;phone-context=+7495`.
pub(super) fn in_context(digits: &str, context: &str) -> Reading {
    certain(valid(&format!("+{context}{digits}"), Region::default()), true)
}

fn with_plus(row: Row<'_>, region: Region) -> Reading {
    let abroad = valid(&format!("+{}", row.digits), region);
    let eight = || with_eight(row.digits, region);
    let likeliest = match row.eight_apart {
        true => eight().or(abroad),
        false => abroad.or_else(eight),
    };
    if let Some(number) = likeliest.or_else(|| with_prefix_for_abroad(row.digits, region)) {
        return Reading::Certain { number, complete: true };
    }
    // The plus is one too many; what remains may be anybody's.
    match own(row.digits, region) {
        Some(number) => Reading::Guess(vec![number]),
        None => Reading::Nothing,
    }
}

fn without_plus(row: Row<'_>, region: Region) -> Reading {
    let digits = row.digits;
    let abroad = || if row.slashed { None } else { abroad(digits, region) };
    if let Some(number) = own(digits, region) {
        let length = national(&number).len();
        if digits.len() > length {
            return Reading::Certain { number, complete: true };
        }
        let own_code = digits.starts_with(&number.country_code.to_string());
        let full = FULL
            .iter()
            .any(|(code, full)| *full == length && Region::from_code(code) == Some(region));
        return match abroad() {
            Some(number) if own_code => Reading::Certain { number, complete: true },
            Some(other) if other != number => Reading::Guess(vec![number, other]),
            Some(_) | None if full => Reading::Certain { number, complete: false },
            Some(_) | None => Reading::Guess(vec![number]),
        };
    }
    if let Some(number) = with_prefix_for_abroad(digits, region) {
        return Reading::Certain { number, complete: true };
    }
    let abroad = abroad();
    let mut readings: Vec<PhoneNumber> = Vec::new();
    for reading in [behind_outside_line(digits, region), abroad.clone(), with_eight(digits, region)] {
        readings.extend(reading.filter(|number| !readings.contains(number)));
    }
    match (abroad, readings.len()) {
        (_, 0) => Reading::Nothing,
        (Some(number), 1) => Reading::Certain { number, complete: false },
        _ => Reading::Guess(readings),
    }
}

/// By the office's own plan, with or without trunk prefix and country code.
fn own(digits: &str, region: Region) -> Option<PhoneNumber> {
    valid(digits, region)
}

/// As a number of another country without its plus.
fn abroad(digits: &str, region: Region) -> Option<PhoneNumber> {
    if digits.len() < ABROAD {
        return None;
    }
    valid(&format!("+{digits}"), region)
}

/// `00` and `810`, which people and exchanges write in any country.
fn with_prefix_for_abroad(digits: &str, region: Region) -> Option<PhoneNumber> {
    ["00", "810"]
        .into_iter()
        .find_map(|prefix| valid(&format!("+{}", digits.strip_prefix(prefix)?), region))
}

/// An office's own prefix for the outside line, then a number as it is dialled.
fn behind_outside_line(digits: &str, region: Region) -> Option<PhoneNumber> {
    let dialled = digits.strip_prefix(['9', '0'])?;
    let number = own(dialled, region).or_else(|| with_eight(dialled, region))?;
    (dialled.len() >= national(&number).len()).then_some(number)
}

/// `8` and ten digits: Russia and Kazakhstan, seen from anywhere.
fn with_eight(digits: &str, region: Region) -> Option<PhoneNumber> {
    let rest = digits.strip_prefix('8').filter(|rest| rest.len() == 10)?;
    valid(&format!("+7{rest}"), region)
}

fn valid(text: &str, region: Region) -> Option<PhoneNumber> {
    let number = PHONE_NUMBER_UTIL.parse(text, Some(region.0)).ok()?;
    PHONE_NUMBER_UTIL.is_valid_number(&number).then_some(number)
}

fn certain(number: Option<PhoneNumber>, complete: bool) -> Reading {
    number.map_or(Reading::Nothing, |number| Reading::Certain { number, complete })
}

/// The number within its country.
fn national(number: &PhoneNumber) -> String {
    rlibphonenumber::get_national_significant_number_owned(number)
}
