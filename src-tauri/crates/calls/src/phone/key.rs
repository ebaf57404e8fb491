//! The identity of the other side for look-ups.

use rlibphonenumber::{PhoneNumber, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

/// Longest text that is looked up, characters.
const LONGEST: usize = 64;
/// Most digits of an E.164 number.
const E164: usize = 15;

/// Who is looked up: two spellings of one number have equal keys. E.164 with its plus where there is a certain number;
/// otherwise the text as it stands, which never begins with a plus: a short number's digits, a sender such as `MTS-Bank`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneKey(String);

impl PhoneKey {
    pub(super) fn of(number: &PhoneNumber) -> Self {
        Self(number.format_as(PhoneNumberFormat::E164).into_owned())
    }

    pub(super) fn of_e164(e164: &str) -> Self {
        Self(e164.to_owned())
    }

    /// A text as it stands; of digits with signs between them the digits. None where there is no letter and no digit.
    pub(super) fn as_it_stands(text: &str) -> Option<Self> {
        let text = crate::text::one_line(text);
        let signs = |c: char| c.is_ascii_digit() || " +-().".contains(c);
        let text: String = if text.chars().all(signs) {
            text.chars().filter(char::is_ascii_digit).take(LONGEST).collect()
        } else {
            text.trim_start_matches('+').trim().chars().take(LONGEST).collect()
        };
        text.chars().any(char::is_alphanumeric).then_some(Self(text))
    }

    /// E.164 or the text as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The E.164 form, such as `+79161234567`, if it is a certain number.
    #[must_use]
    pub fn e164(&self) -> Option<&str> {
        self.0.starts_with('+').then_some(self.0.as_str())
    }

    /// What databases with mixed spellings can be searched by: the last ten digits of a number (omnidesk-api section 2,
    /// "Phone format"), a text as it stands.
    #[must_use]
    pub fn searched(&self) -> &str {
        match self.0.strip_prefix('+') {
            Some(digits) if digits.len() <= E164 && digits.is_ascii() => &digits[digits.len().saturating_sub(10)..],
            Some(text) => text,
            None => &self.0,
        }
    }
}
