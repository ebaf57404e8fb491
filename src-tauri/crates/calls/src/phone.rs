//! Phone numbers: the one place that turns text into a number.
//!
//! A PBX, a help desk and a person each write the same number differently (`89161234567`,
//! `+7 (916) 123-45-67`, `9161234567`), with an inner number, a label, a name, or several in one field.
//! [`numbers_in`] finds them all in a text; [`Number::read`] decides what a text in the place of one number is and, when it is
//! a real outside number, gives its one canonical form, E.164 (ITU-T E.164; reference pbx-websockets section 5). An invalid
//! E.164 never leaves this module: what is no number keeps its text and is shown as it came.
//!
//! `sign` is how characters are spelt, `find` where numbers stand, `bars` which digits are none, `inner` what belongs to a
//! number, `reading` what digits are by the numbering plans, `words` the words around them, [`key`] what is looked up.

use reading::Reading;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType};
use serde::{Deserialize, Serialize};

mod bars;
mod find;
mod inner;
mod key;
mod reading;
mod sign;
mod tariff;
mod words;

pub use find::{FoundNumber, numbers_in};
pub use key::PhoneKey;
pub use tariff::{Charge, Tariff};
pub(crate) use words::is_label;

/// Longer texts in the place of a number are nonsense by definition, characters.
const LONGEST: usize = 200;

/// Longer codes are nonsense: a code with a number in it has about twenty keys.
const LONGEST_CODE: usize = 32;

/// The country whose habits apply to numbers without a country code. Russia by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region(rlibphonenumber::Region);

impl Default for Region {
    fn default() -> Self {
        Self(rlibphonenumber::Region::RU)
    }
}

impl Region {
    /// From an ISO 3166 code of two letters such as `RU`; `None` when there is no such country.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let region = code.to_ascii_uppercase().parse().ok()?;
        // Any two letters have a name there; only some have a numbering plan.
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(region))
    }

    /// The ISO 3166 code of two letters.
    #[must_use]
    pub fn code(self) -> String {
        self.0.to_string()
    }

    /// Numbers as people of the country have them, in E.164: a mobile one and one of a landline. Nobody is called by them;
    /// a PBX is asked whether it knows a way to such numbers.
    #[must_use]
    pub fn examples(self) -> Vec<String> {
        [PhoneNumberType::Mobile, PhoneNumberType::FixedLine]
            .into_iter()
            .filter_map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(self.0, kind).ok())
            .map(|number| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
            .collect()
    }
}

/// What a text in the place of a number looks like. It says nothing of who calls: that is the call's direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// A valid outside number; has an E.164 form.
    External,
    /// Two to six digits: like a colleague's extension or a short service number.
    Extension,
    /// The common emergency number, 112.
    Short,
    /// A service code of the PBX or the network, such as `*72` or `#31#`: it may change how calls go.
    Code,
    /// The caller hid the number, or there is none: no look-up, no user is made from it.
    Withheld,
    /// Anything else: shown and looked up as it came.
    Nonsense,
}

/// A number that was read from text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Number {
    raw: String,
    kind: NumberKind,
    e164: Option<String>,
    pretty: String,
    extension: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    readings: Vec<PhoneKey>,
}

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
        let raw: String = crate::name::one_line(text).chars().take(LONGEST).collect();
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
            return Self {
                raw,
                ..found.swap_remove(first).number
            };
        }
        Self::plain(raw.clone(), NumberKind::Nonsense, &raw)
    }

    /// A number its caller hid, whatever the PBX knows of it.
    #[must_use]
    pub fn withheld(raw: &str) -> Self {
        let raw = crate::name::one_line(raw).chars().take(LONGEST).collect();
        Self::plain(raw, NumberKind::Withheld, "")
    }

    fn plain(raw: String, kind: NumberKind, shown: &str) -> Self {
        Self {
            raw,
            kind,
            e164: None,
            pretty: shown.to_owned(),
            extension: None,
            readings: Vec::new(),
        }
    }

    /// A number that stands in a text as `part`.
    fn found(part: &str, reading: Reading, extension: Option<String>) -> Self {
        let raw = crate::name::one_line(part);
        match reading {
            Reading::Certain { number, .. } => {
                let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
                Self {
                    kind: NumberKind::External,
                    pretty: pretty(&e164, &number),
                    e164: Some(e164),
                    extension,
                    readings: Vec::new(),
                    raw,
                }
            }
            Reading::Guess(numbers) => Self {
                readings: numbers.iter().map(PhoneKey::of).collect(),
                extension,
                ..Self::plain(raw.clone(), NumberKind::Nonsense, bare(&raw))
            },
            Reading::Nothing => Self::plain(raw.clone(), NumberKind::Nonsense, &raw),
        }
    }

    /// The text it was read from, without control characters.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        self.kind
    }

    /// E.164 with plus; only for [`NumberKind::External`].
    #[must_use]
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The identity for look-ups: E.164 where there is one, else the text as it stands; none when withheld.
    #[must_use]
    pub fn key(&self) -> Option<PhoneKey> {
        match (self.kind, &self.e164) {
            (NumberKind::Withheld, _) => None,
            (NumberKind::External, Some(e164)) => Some(PhoneKey::of_e164(e164)),
            (NumberKind::External | NumberKind::Extension | NumberKind::Short | NumberKind::Code | NumberKind::Nonsense, _) => {
                PhoneKey::as_it_stands(&self.pretty)
            }
        }
    }

    /// Digits whose country is not certain: what they may be, equally good, the likeliest first. Empty for a certain number.
    /// Nobody's data are written by a reading; a user who has one of them is who calls.
    #[must_use]
    pub fn readings(&self) -> &[PhoneKey] {
        &self.readings
    }

    /// Whether these are digits whose country is only guessed.
    #[must_use]
    pub fn is_guess(&self) -> bool {
        !self.readings.is_empty()
    }

    /// Whether these are the digits of a whole number, its country certain or guessed: no extension and no short number.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kind == NumberKind::External || self.is_guess()
    }

    /// All identities by which somebody who has this number may be known: [`Number::key`] first.
    #[must_use]
    pub fn keys(&self) -> Vec<PhoneKey> {
        self.key().into_iter().chain(self.readings.iter().cloned()).collect()
    }

    /// What is dialled: E.164 with plus, or the digits as they stand where there is none; nothing but what was read and is
    /// shown. None for what cannot be dialled.
    #[must_use]
    pub fn to_dial(&self) -> Option<String> {
        let as_it_stands = || self.pretty.chars().filter_map(sign::plain).filter(char::is_ascii_digit).collect();
        match self.kind {
            NumberKind::External => self.e164.clone(),
            NumberKind::Extension | NumberKind::Short => Some(as_it_stands()),
            NumberKind::Code => Some(self.pretty.clone()),
            NumberKind::Nonsense if self.is_guess() => Some(as_it_stands()),
            NumberKind::Withheld | NumberKind::Nonsense => None,
        }
    }

    /// What a window hands back to have this very number dialled: read again in the same office, it dials the same. A guess
    /// goes by its whole text, as its digits alone may read otherwise.
    #[must_use]
    pub fn handed_over(&self) -> Option<String> {
        let dial = self.to_dial()?;
        Some(if self.is_guess() { self.raw.clone() } else { dial })
    }

    /// For people: `+7 (921) 555-01-34`; the text as it stands for what is no certain number; empty when withheld.
    #[must_use]
    pub fn pretty(&self) -> &str {
        &self.pretty
    }

    /// The inner number behind an outside one («доб. 118»).
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// Whose number it is and what it costs from an office in `region`, by the numbering plans; of a guess, all that it may be.
    #[must_use]
    pub fn tariffs(&self, region: Region) -> Vec<Tariff> {
        let certain = self.e164.as_deref().into_iter();
        certain
            .chain(self.readings.iter().filter_map(PhoneKey::e164))
            .filter_map(|e164| Tariff::of(e164, region))
            .collect()
    }

    /// The number as fields of cases carry it: E.164 where there is one, else as it is shown.
    #[must_use]
    pub fn for_field(&self) -> &str {
        self.e164.as_deref().unwrap_or(&self.pretty)
    }
}

/// What stands inside `tel:`, `sip:` or `callto:` and `<…>` wrappings, up to the host.
fn bare(text: &str) -> &str {
    let inside = |text: &str| Some(text.rsplit_once('<')?.1.split_once('>')?.0.len()).zip(text.rfind('<'));
    let mut text = text.trim();
    if let Some((length, open)) = inside(text)
        && length > 0
    {
        text = &text[open + 1..open + 1 + length];
    }
    for scheme in ["tel:", "sips:", "sip:", "callto:"] {
        if text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)) {
            text = text[scheme.len()..].trim_start_matches('/');
        }
    }
    text.split('@').next().unwrap_or(text).trim()
}

/// Digits with stars and hashes, beginning with one of these, as phones dial it; none for anything else.
fn service_code(bare: &str) -> Option<String> {
    let code: String = sign::signs(bare).iter().map(|sign| sign.c).filter(|c| !" -".contains(*c)).collect();
    let only_keys = code.chars().all(|c| c.is_ascii_digit() || "*#".contains(c));
    let any_digit = code.chars().any(|c| c.is_ascii_digit());
    (code.starts_with(['*', '#']) && only_keys && any_digit && code.len() <= LONGEST_CODE).then_some(code)
}

fn pretty(e164: &str, number: &PhoneNumber) -> String {
    match e164.strip_prefix("+7") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("+7 ({}) {}-{}-{}", &rest[..3], &rest[3..6], &rest[6..8], &rest[8..])
        }
        _ => number.format_as(PhoneNumberFormat::International).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Number {
        Number::read(text, Region::default())
    }

    #[test]
    fn a_country_is_one_that_has_a_numbering_plan() {
        for code in ["EU", "UK", "UN", "ZZ", "SU", "AN", "AA", "", "RUS", ".."] {
            assert_eq!(Region::from_code(code), None, "{code}");
        }
        for code in ["RU", "ru", "GB", "KZ", "XK", "US"] {
            assert!(Region::from_code(code).is_some(), "{code}");
        }
    }

    #[test]
    fn one_number_in_every_spelling_has_one_key() {
        for text in [
            "89161234567",
            "79161234567",
            "9161234567",
            "+79161234567",
            "8 (916) 123-45-67",
            "+7 916 123 45 67",
            "tel:+7-916-123-45-67",
            "sip:79161234567@pbx.example",
            " 8-916-123-45-67 ",
        ] {
            assert_eq!(read(text).e164(), Some("+79161234567"), "{text}");
            assert_eq!(read(text).pretty(), "+7 (916) 123-45-67", "{text}");
            assert_eq!(read(text).key().unwrap().searched(), "9161234567");
        }
    }

    #[test]
    fn free_phone_foreign_and_kazakh_numbers_are_read() {
        for (text, e164) in [
            ("88005553535", "+78005553535"),
            ("+78005553535", "+78005553535"),
            ("87011234567", "+77011234567"),
            ("998901234567", "+998901234567"),
            ("375291234567", "+375291234567"),
            ("810998901234567", "+998901234567"),
            ("84951234567", "+74951234567"),
        ] {
            assert_eq!(read(text).e164(), Some(e164), "{text}");
        }
    }

    #[test]
    fn the_inner_number_is_kept_apart() {
        for text in ["74951234567,102", "+74951234567;ext=102", "8(495)123-45-67 доб. 102"] {
            let number = read(text);
            assert_eq!((number.e164(), number.extension()), (Some("+74951234567"), Some("102")), "{text}");
            assert_eq!(number.pretty(), "+7 (495) 123-45-67");
        }
    }

    #[test]
    fn what_is_no_outside_number_never_gets_an_e164() {
        for (text, kind) in [
            ("", NumberKind::Withheld),
            ("anonymous", NumberKind::Withheld),
            ("Anonymous", NumberKind::Withheld),
            ("sip:anonymous@anonymous.invalid", NumberKind::Withheld),
            ("<unknown>", NumberKind::Withheld),
            ("s", NumberKind::Withheld),
            ("101", NumberKind::Extension),
            ("0611", NumberKind::Extension),
            ("112", NumberKind::Short),
            ("1-12", NumberKind::Short),
            ("*72", NumberKind::Code),
            ("#31#", NumberKind::Code),
            ("tel:%2A21%2A", NumberKind::Code),
            ("*21*89161234567#", NumberKind::Code),
            ("*", NumberKind::Withheld),
            ("*72,101", NumberKind::Nonsense),
            ("*72@a&b", NumberKind::Code),
            ("*72&b", NumberKind::Nonsense),
            ("12", NumberKind::Extension),
            ("1234567", NumberKind::Nonsense),
            ("hello", NumberKind::Nonsense),
            ("+7000", NumberKind::Nonsense),
            ("7", NumberKind::Nonsense),
            ("1-800-FLOWERS", NumberKind::Nonsense),
        ] {
            let number = read(text);
            assert_eq!((number.kind(), number.e164()), (kind, None), "{text}");
        }
        assert_eq!(read(&"9".repeat(500)).kind(), NumberKind::Nonsense);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_an_e164_is_read_back_as_itself(text in "\\PC{0,80}|[0-9+() -]{0,20}") {
            let number = read(&text);
            prop_assert_eq!(number.e164().is_some(), number.kind() == NumberKind::External);
            if let Some(e164) = number.e164() {
                let again = read(e164);
                prop_assert_eq!(again.e164(), Some(e164));
            }
        }
    }
}
