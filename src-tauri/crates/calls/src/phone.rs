//! Phone numbers: the one place that turns text into a number.
//!
//! A PBX, a help desk and a person each write the same number differently (`89161234567`,
//! `+7 (916) 123-45-67`, `9161234567`). [`Number::read`] decides what a text is and, when it is a
//! real outside number, gives its one canonical form, E.164 (ITU-T E.164; reference
//! pbx-websockets section 5). An invalid E.164 never leaves this module: nonsense keeps its raw
//! text and is shown as it came.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType};
use serde::{Deserialize, Serialize};

/// Longest text that is looked at; longer input is nonsense by definition (E.164 allows 15 digits).
const LONGEST: usize = 64;
/// What PBXs write when the caller hides the number (reference section 5).
const WITHHELD: [&str; 12] = [
    "anonymous",
    "unknown",
    "restricted",
    "unavailable",
    "private",
    "withheld",
    "s",
    "<unknown>",
    "asterisk",
    "null",
    "none",
    "-",
];

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
        code.to_ascii_uppercase().parse().ok().map(Self)
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

/// What a text in the place of a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    /// A valid outside number; has an E.164 form.
    External,
    /// Two to six digits: a colleague's extension or a short service number; never looked up outside.
    Extension,
    /// The common emergency number, 112.
    Short,
    /// The caller hid the number, or there is none: no look-up, no user is made from it.
    Withheld,
    /// Anything else: shown as it came, never written to the help desk as a phone.
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
}

/// The identity of an outside number: two spellings of one number have equal keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneKey(String);

impl PhoneKey {
    /// The E.164 form, such as `+79161234567`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The last ten digits: what databases with mixed spellings can be searched by
    /// (omnidesk-api section 2, "Phone format").
    #[must_use]
    pub fn last_ten(&self) -> &str {
        let digits = self.0.trim_start_matches('+');
        &digits[digits.len().saturating_sub(10)..]
    }
}

impl Number {
    /// Reads a number as a PBX, a help desk or a person wrote it. Never fails: what is not a
    /// number is [`NumberKind::Withheld`] or [`NumberKind::Nonsense`].
    ///
    /// ```
    /// use calls::{Number, NumberKind, Region};
    /// let number = Number::read("8 (916) 123-45-67", Region::default());
    /// assert_eq!(number.e164(), Some("+79161234567"));
    /// assert_eq!(Number::read("101", Region::default()).kind(), NumberKind::Extension);
    /// ```
    #[must_use]
    pub fn read(text: &str, region: Region) -> Self {
        let raw: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let trimmed = bare(&raw);
        if is_withheld(trimmed) {
            return Self::plain(raw, NumberKind::Withheld);
        }
        if text.len() > LONGEST {
            return Self::plain(raw, NumberKind::Nonsense);
        }
        let digits = trimmed.chars().filter(char::is_ascii_digit).count();
        let only_number_signs = trimmed.chars().all(|c| c.is_ascii_digit() || "+-().  \u{a0}".contains(c));
        if (2..=6).contains(&digits) && only_number_signs && !trimmed.starts_with('+') {
            let kind = if trimmed == "112" {
                NumberKind::Short
            } else {
                NumberKind::Extension
            };
            return Self::plain(raw, kind);
        }
        match parse(trimmed, region) {
            Some(number) => Self::external(raw, &number),
            None => Self::plain(raw, NumberKind::Nonsense),
        }
    }

    /// A number its caller hid, whatever the PBX knows of it.
    #[must_use]
    pub fn withheld(raw: &str) -> Self {
        Self::plain(raw.chars().take(LONGEST).collect(), NumberKind::Withheld)
    }

    fn plain(raw: String, kind: NumberKind) -> Self {
        let pretty = if kind == NumberKind::Withheld {
            String::new()
        } else {
            raw.trim().to_owned()
        };
        Self {
            raw,
            kind,
            e164: None,
            pretty,
            extension: None,
        }
    }

    fn external(raw: String, number: &PhoneNumber) -> Self {
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        Self {
            kind: NumberKind::External,
            pretty: pretty(&e164, number),
            e164: Some(e164),
            extension: number.extension.clone(),
            raw,
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

    /// The identity for look-ups; only for [`NumberKind::External`].
    #[must_use]
    pub fn key(&self) -> Option<PhoneKey> {
        self.e164.clone().map(PhoneKey)
    }

    /// For people: `+7 (921) 555-01-34`; the raw text for extensions and nonsense; empty when withheld.
    #[must_use]
    pub fn pretty(&self) -> &str {
        &self.pretty
    }

    /// The inner number behind an outside one («доб. 118»).
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The number as subjects of cases carry it: E.164 where there is one, else the raw text.
    #[must_use]
    pub fn for_subject(&self) -> &str {
        self.e164.as_deref().unwrap_or(&self.pretty)
    }
}

/// The number inside `tel:`, `sip:` or `callto:` and `<…>` wrappings.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    for scheme in ["tel:", "sips:", "sip:", "callto:"] {
        if text.len() >= scheme.len() && text.is_char_boundary(scheme.len()) && text[..scheme.len()].eq_ignore_ascii_case(scheme) {
            text = text[scheme.len()..].trim_start_matches('/');
        }
    }
    text.split('@').next().unwrap_or(text).trim()
}

fn is_withheld(text: &str) -> bool {
    text.is_empty() || WITHHELD.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Region first; foreign numbers without a plus come second (reference section 5, rules 3 and 4).
fn parse(text: &str, region: Region) -> Option<PhoneNumber> {
    let text = text.replace(" доб.", " ext.").replace(" доб", " ext.");
    let valid = |candidate: &str| {
        let number = PHONE_NUMBER_UTIL.parse(candidate, Some(region.0)).ok()?;
        PHONE_NUMBER_UTIL.is_valid_number(&number).then_some(number)
    };
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters > 0 && !text.contains("ext") && !text.contains('x') {
        return None; // vanity spellings would turn a name into digits
    }
    valid(&text).or_else(|| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        (digits.len() >= 11 && !text.contains('+') && letters == 0)
            .then(|| valid(&format!("+{digits}")))
            .flatten()
    })
}

fn pretty(e164: &str, number: &PhoneNumber) -> String {
    match e164.strip_prefix("+7") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("+7 ({}) {}-{}-{}", &rest[..3], &rest[3..6], &rest[6..8], &rest[8..])
        }
        _ => {
            let plain = PhoneNumber {
                extension: None,
                ..number.clone()
            };
            plain.format_as(PhoneNumberFormat::International).into_owned()
        }
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
            assert_eq!(read(text).key().unwrap().last_ten(), "9161234567");
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
