//! How a text in the place of one number is read.

use super::find::numbers_in;
use super::number::{Number, NumberKind, bare};
use super::reading;
use super::region::Region;
use super::{sign, words};
use crate::text::one_line;

/// Longer texts in the place of a number are nonsense by definition, characters.
const LONGEST: usize = 200;

/// Longer codes are nonsense: a code with a number in it has about twenty keys.
const LONGEST_CODE: usize = 32;

impl Number {
    /// Reads a number as a PBX, a help desk or a person wrote it. Never fails: what is not a
    /// number is [`NumberKind::Withheld`] or [`NumberKind::Nonsense`]. Of several numbers in the text it is the first.
    ///
    /// ```
    /// use calls::{Number, NumberKind, Region};
    /// let number = Number::read("8 (916) 123-45-67", Region::default());
    /// assert_eq!(number.e164(), Some("+79161234567"));
    /// assert_eq!(Number::read("101", Region::default()).kind(), NumberKind::Extension);
    /// ```
    #[must_use]
    pub fn read(text: &str, region: Region) -> Self {
        if let Some(row) = reading::Row::plain(text) {
            // What PBXs send: there is nothing around it to be looked at.
            return Self::found(text, reading::read(row, region), None);
        }
        let raw: String = one_line(text).chars().take(LONGEST).collect();
        let plain: String = raw.chars().filter_map(sign::plain).collect();
        let bare = bare(&plain);
        if words::is_withheld(bare) {
            return Self::plain(raw, NumberKind::Withheld, "");
        }
        if text.chars().nth(LONGEST).is_some() {
            return Self::plain(raw.clone(), NumberKind::Nonsense, &raw);
        }
        let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
        let only_number_signs = bare.chars().all(|c| c.is_ascii_digit() || "-() ".contains(c));
        if (2..=6).contains(&digits.len()) && only_number_signs {
            let kind = if digits == "112" {
                NumberKind::Short
            } else {
                NumberKind::Extension
            };
            return Self::plain(raw.clone(), kind, bare);
        }
        if let Some(code) = service_code(bare) {
            return Self::plain(raw.clone(), NumberKind::Code, &code);
        }
        let mut found = numbers_in(text, region);
        let first = found.iter().position(|found| !found.number.is_guess()).unwrap_or(0);
        if first < found.len() {
            return found.swap_remove(first).number.within(raw);
        }
        Self::plain(raw.clone(), NumberKind::Nonsense, &raw)
    }

    /// A number its caller hid, whatever the PBX knows of it.
    #[must_use]
    pub fn withheld(raw: &str) -> Self {
        let raw = one_line(raw).chars().take(LONGEST).collect();
        Self::plain(raw, NumberKind::Withheld, "")
    }
}

/// Digits with stars and hashes, beginning with one of these, as phones dial it; none for anything else.
fn service_code(bare: &str) -> Option<String> {
    let code: String = sign::signs(bare).iter().map(|sign| sign.c).filter(|c| !" -".contains(*c)).collect();
    let only_keys = code.chars().all(|c| c.is_ascii_digit() || "*#".contains(c));
    let any_digit = code.chars().any(|c| c.is_ascii_digit());
    (code.starts_with(['*', '#']) && only_keys && any_digit && code.len() <= LONGEST_CODE).then_some(code)
}
