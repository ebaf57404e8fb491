//! The office's phrases for gists: texts with fields, such as `{имя}`, that stand for what is known of a call.
//!
//! Nothing of a phrase is lost: what is no known field, and a field of which nothing is known, is left as it was written.

/// What a field of a phrase stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhraseField {
    /// The client's name.
    Name,
    /// Their company.
    Company,
    /// Their number.
    Number,
    /// The queue or the number that was dialled.
    Line,
    /// The day of the call.
    Date,
    /// When it began.
    Time,
    /// The agent.
    Agent,
}

impl PhraseField {
    /// All there are, as an editor offers them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Company,
        Self::Number,
        Self::Line,
        Self::Date,
        Self::Time,
        Self::Agent,
    ];

    /// How it is written between braces: in Russian, in English. Both are read everywhere.
    #[must_use]
    pub fn spellings(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("имя", "name"),
            Self::Company => ("компания", "company"),
            Self::Number => ("номер", "number"),
            Self::Line => ("линия", "line"),
            Self::Date => ("дата", "date"),
            Self::Time => ("время", "time"),
            Self::Agent => ("сотрудник", "agent"),
        }
    }

    fn read(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|field| {
            let (ru, en) = field.spellings();
            name == ru || name == en
        })
    }
}

/// A part of a phrase, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Field(PhraseField, &'a str),
    Unknown(&'a str),
}

/// The longest name between braces, in characters: more is a text with braces.
const LONGEST_FIELD: usize = 40;

/// A phrase that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledPhrase {
    /// Its text.
    pub text: String,
    /// The first field of which nothing is known, as it stands in the text, and how many characters stand before it.
    pub left: Option<(usize, String)>,
}

/// The fields of a phrase that stand for nothing, each once, as they were written.
#[must_use]
pub fn unknown_fields(phrase: &str) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for piece in pieces(phrase) {
        if let Piece::Unknown(field) = piece
            && !unknown.iter().any(|known| known == field)
        {
            unknown.push(field.to_owned());
        }
    }
    unknown
}

/// A phrase with what is known. What a value holds is text, also where it looks like a field.
pub fn fill_phrase(phrase: &str, known: impl Fn(PhraseField) -> Option<String>) -> FilledPhrase {
    let mut filled = FilledPhrase {
        text: String::with_capacity(phrase.len()),
        left: None,
    };
    for piece in pieces(phrase) {
        let written = match piece {
            Piece::Text(text) => {
                filled.text.push_str(text);
                continue;
            }
            Piece::Field(field, written) => match known(field).filter(|value| !value.trim().is_empty()) {
                Some(value) => {
                    filled.text.push_str(&value);
                    continue;
                }
                None => written,
            },
            Piece::Unknown(written) => written,
        };
        if filled.left.is_none() {
            filled.left = Some((filled.text.chars().count(), written.to_owned()));
        }
        filled.text.push_str(written);
    }
    filled
}

fn pieces(phrase: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = phrase[at..].find('{') {
        let open = at + found;
        let Some(end) = field_end(&phrase[open..]) else {
            at = open + 1;
            continue;
        };
        if from < open {
            pieces.push(Piece::Text(&phrase[from..open]));
        }
        let written = &phrase[open..open + end];
        pieces.push(match PhraseField::read(&written[1..written.len() - 1]) {
            Some(field) => Piece::Field(field, written),
            None => Piece::Unknown(written),
        });
        from = open + end;
        at = from;
    }
    if from < phrase.len() {
        pieces.push(Piece::Text(&phrase[from..]));
    }
    pieces
}

/// Where a field ends that begins with this text's brace; none where it is a brace and no field.
fn field_end(text: &str) -> Option<usize> {
    let inside = &text[1..];
    let close = inside.find('}')?;
    let name = &inside[..close];
    let is_name = !name.trim().is_empty() && name.chars().count() <= LONGEST_FIELD && !name.contains(['{', '\n', '\r']);
    is_name.then_some(close + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_call(field: PhraseField) -> Option<String> {
        match field {
            PhraseField::Name => Some("Мария {дата}".into()),
            PhraseField::Number => Some("+7 (921) 555-01-34".into()),
            PhraseField::Date => Some("29.11.2026".into()),
            PhraseField::Company => Some(" ".into()),
            _ => None,
        }
    }

    #[test]
    fn known_fields_are_filled_in_and_everything_else_is_left_as_written() {
        for (phrase, text, left) in [
            ("", "", None),
            ("Без полей", "Без полей", None),
            ("{имя}, {номер}", "Мария {дата}, +7 (921) 555-01-34", None),
            ("{Name} {NUMBER}", "Мария {дата} +7 (921) 555-01-34", None),
            ("{ имя }!", "Мария {дата}!", None),
            ("Из {компания} {дата}", "Из {компания} 29.11.2026", Some((3, "{компания}"))),
            ("Договор {договор}", "Договор {договор}", Some((8, "{договор}"))),
            ("{линия} {сумма}", "{линия} {сумма}", Some((0, "{линия}"))),
            ("{имя", "{имя", None),
            ("{{имя}}", "{Мария {дата}}", None),
            ("{} { } {\n}", "{} { } {\n}", None),
            ("имя}", "имя}", None),
        ] {
            let filled = fill_phrase(phrase, of_call);
            assert_eq!(filled.text, text, "{phrase}");
            let left = left.map(|(at, field): (usize, &str)| (at, field.to_owned()));
            assert_eq!(filled.left, left, "{phrase}");
        }
    }

    #[test]
    fn an_editor_is_told_each_unknown_field_once() {
        assert_eq!(unknown_fields("{имя} {договор} {сумма} {договор} {time}"), ["{договор}", "{сумма}"]);
        let long = format!("{{{}}}", "я".repeat(41));
        assert!(unknown_fields(&long).is_empty(), "a text with braces");
    }

    #[test]
    fn each_field_is_read_in_both_languages_and_no_name_stands_for_two() {
        for field in PhraseField::ALL {
            let (ru, en) = field.spellings();
            assert_eq!((PhraseField::read(ru), PhraseField::read(en)), (Some(field), Some(field)));
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_phrase_is_lost_where_nothing_is_known(phrase in "(\\PC|[{}]|\n|имя|name){0,40}") {
            let filled = fill_phrase(&phrase, |_| None);
            prop_assert_eq!(&filled.text, &phrase);
            if let Some((at, field)) = filled.left {
                let from: String = phrase.chars().skip(at).collect();
                prop_assert!(from.starts_with(&field));
            }
        }

        #[test]
        fn what_stands_around_a_field_stays(before in "[^{}]{0,20}", after in "[^{}]{0,20}") {
            let filled = fill_phrase(&format!("{before}{{дата}}{after}"), of_call);
            prop_assert_eq!(filled.text, format!("{before}29.11.2026{after}"));
        }
    }
}
