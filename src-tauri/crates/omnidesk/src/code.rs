//! What of a foreign text an error may say: of a word that is on our list, the word; of anything else, how long it is
//! and a fingerprint, by which two logs can be compared.
//!
//! Error pages, messages and media types come from whoever answers, and a proxy's page may quote the request: a name, a
//! number, a note. Errors end up in logs and on screens, so none of that is in them, and by these types none can be.

use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};

/// Omnidesk's words for errors: those of its clients and fixtures, and those a word for a field would be made of.
const KNOWN: &[&str] = &[
    "attachment_too_big",
    "case_not_found",
    "content_required",
    "email_already_exist",
    "email_already_exists",
    "filter_too_short",
    "forbidden",
    "group_not_found",
    "label_not_found",
    "message_not_found",
    "not_found",
    "note_not_found",
    "phone_already_exist",
    "phone_already_exists",
    "rate_limit_exceeded",
    "request_too_big",
    "required_fields",
    "server_error",
    "staff_has_not_access",
    "staff_not_active",
    "staff_not_found",
    "subject_required",
    "too_many_cases",
    "unauthorized",
    "user_already_exist",
    "user_already_exists",
    "user_not_found",
    "user_required",
    "wrong_api_key",
    "wrong_channel",
    "wrong_email",
    "wrong_key",
    "wrong_phone",
    "wrong_staff_email",
    "wrong_status",
    "wrong_user",
];

/// Media types that say what answered instead of Omnidesk.
const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "application/octet-stream",
    "application/problem+json",
    "application/xml",
    "audio/mpeg",
    "audio/wav",
    "text/html",
    "text/plain",
    "text/xml",
];

/// A word of a known list, or the measure of a text that is on none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Known(&'static str),
    Foreign(Measure),
}

impl Code {
    /// An error's word.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::among(KNOWN, text)
    }

    /// A media type, without its parameters.
    pub fn of_media_type(header: &str) -> Self {
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self::among(MEDIA_TYPES, &essence)
    }

    fn among(list: &[&'static str], text: &str) -> Self {
        let known = list.iter().find(|known| **known == text);
        Self(known.map_or_else(|| Kind::Foreign(Measure::of(text.as_bytes())), |known| Kind::Known(known)))
    }

    /// The word; none when it is not on the list.
    #[must_use]
    pub fn known(&self) -> Option<&'static str> {
        match self.0 {
            Kind::Known(word) => Some(word),
            Kind::Foreign(_) => None,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Known(word) => f.write_str(word),
            Kind::Foreign(measure) => measure.fmt(f),
        }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How long a foreign text is, and a fingerprint of it. The fingerprint is short, so that nobody can be found by it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    bytes: usize,
    fingerprint: u16,
}

impl Measure {
    /// Of this text.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(text);
        let [low, high, ..] = hasher.finish().to_le_bytes();
        Self {
            bytes: text.len(),
            fingerprint: u16::from_le_bytes([low, high]),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "foreign-{}-{:04x}", self.bytes, self.fingerprint)
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_told_only_when_it_is_on_the_list() {
        assert_eq!(Code::of("case_not_found").to_string(), "case_not_found");
        for foreign in ["Case_not_found", "ivanov_not_found", "79161234567", "", "Иванов"] {
            let code = Code::of(foreign);
            assert_eq!(code.known(), None, "{foreign}");
            let told = format!("{code} {code:?}");
            assert!(told.starts_with("foreign-"), "{told}");
            assert!(foreign.is_empty() || !told.contains(foreign), "{told}");
        }
        assert_eq!(Code::of_media_type("Text/HTML; charset=Иванов").known(), Some("text/html"));
        assert_eq!(Code::of_media_type("text/ivanov").known(), None);
    }

    #[test]
    fn equal_texts_have_equal_measures() {
        assert_eq!(Measure::of(b"abc"), Measure::of(b"abc"));
        assert_ne!(Measure::of(b"abc"), Measure::of(b"abd"));
    }
}
