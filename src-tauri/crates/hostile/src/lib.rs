//! One list of hostile texts for all tests: whatever takes text from outside is tried with each of them.
//!
//! They stand in `hostile.json`, which the tests of the windows read, too. A text that once did harm is added there, and so
//! is tried in every place from then on.

use serde::Deserialize;

const LIST: &str = include_str!("../hostile.json");

/// A text that somebody might send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hostile {
    /// What it is, for messages of tests.
    pub name: String,
    /// The text.
    pub text: String,
}

/// As the list has it: whole, or a piece many times over.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Whole { name: String, text: String },
    Repeated { name: String, piece: String, times: usize },
}

/// All of them.
///
/// # Panics
/// When the list is malformed.
#[must_use]
pub fn texts() -> Vec<Hostile> {
    let list: Vec<Entry> = match serde_json::from_str(LIST) {
        Ok(list) => list,
        Err(error) => panic!("hostile.json: {error}"),
    };
    list.into_iter()
        .map(|entry| match entry {
            Entry::Whole { name, text } => Hostile { name, text },
            Entry::Repeated { name, piece, times } => Hostile {
                name,
                text: piece.repeat(times),
            },
        })
        .collect()
}

/// Whether a sign may stand in what is shown on one line or written to a help desk: no control, nothing that hides or turns.
#[must_use]
pub fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_kind_each_once() {
        let texts = texts();
        assert!(texts.len() >= 60);
        for (at, hostile) in texts.iter().enumerate() {
            assert!(texts[..at].iter().all(|other| other != hostile), "{}", hostile.name);
        }
        let any = |what: fn(&str) -> bool| texts.iter().any(|hostile| what(&hostile.text));
        assert!(any(|text| text.contains('\0')) && any(|text| text.contains("\r\n")) && any(|text| text.contains("..")));
        assert!(any(|text| text.contains('\u{202e}')) && any(|text| text.chars().count() >= 10_000));
        assert!(any(|text| text.starts_with("javascript:")) && any(|text| text.starts_with("file:")));
    }
}
