//! A number, once it was read: what it is, what it is looked up by, what is dialled and what is shown.

use super::key::PhoneKey;
use super::reading::Reading;
use super::region::Region;
use super::sign;
use super::tariff::Tariff;
use crate::text::one_line;
use rlibphonenumber::{PhoneNumber, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

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
    pub(super) fn plain(raw: String, kind: NumberKind, shown: &str) -> Self {
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
    pub(super) fn found(part: &str, reading: Reading, extension: Option<String>) -> Self {
        let raw = one_line(part);
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

    /// The same number, standing in a longer text.
    pub(super) fn within(self, raw: String) -> Self {
        Self { raw, ..self }
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
pub(super) fn bare(text: &str) -> &str {
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

fn pretty(e164: &str, number: &PhoneNumber) -> String {
    match e164.strip_prefix("+7") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("+7 ({}) {}-{}-{}", &rest[..3], &rest[3..6], &rest[6..8], &rest[8..])
        }
        _ => number.format_as(PhoneNumberFormat::International).into_owned(),
    }
}
