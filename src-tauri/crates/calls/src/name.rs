//! Names and texts from outside: what a PBX or the help desk says is shown, never trusted.
//!
//! A text may hold signs that are not seen and turn the text around them (bidi overrides, invisible marks, control codes):
//! a caller could write a screen's next words with them. They are removed where a text comes in and where it goes out.

use crate::{Number, Region, numbers_in};

/// The longest name that is kept, characters.
pub const LONGEST_NAME: usize = 255;

/// What PBXs, operators and people write where there is no name.
const NOBODY: [&str; 37] = [
    "anonymous",
    "anonym",
    "unknown",
    "unknown caller",
    "unknown name",
    "unknown number",
    "no name",
    "noname",
    "not available",
    "n/a",
    "unavailable",
    "restricted",
    "private",
    "private number",
    "withheld",
    "hidden",
    "no caller id",
    "null",
    "none",
    "неизвестный",
    "неизвестная",
    "неизвестно",
    "неизвестный номер",
    "неизвестный абонент",
    "аноним",
    "анонимный",
    "анонимно",
    "анонимный номер",
    "скрытый номер",
    "номер скрыт",
    "номер не определен",
    "не определен",
    "без имени",
    "невідомий",
    "невідомий номер",
    "анонімний",
    "прихований номер",
];
/// As above, in German.
const NIEMAND: [&str; 6] = [
    "unbekannt",
    "unbekannter anrufer",
    "unbekannte nummer",
    "unterdrückt",
    "rufnummer unterdrückt",
    "kein name",
];

/// Whether a sign is not seen by itself: control codes, marks of direction, blanks without width. A tab and the end of a line are seen.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    control
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text of several lines without what is not seen.
///
/// ```
/// assert_eq!(calls::seen("Иван\u{202e}вонаВИ\u{202c}\r\nстрока"), "ИванвонаВИ\nстрока");
/// ```
#[must_use]
pub fn seen(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut seen = String::with_capacity(lines.len());
    let mut signs = lines.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_letter = |c: &char| !c.is_whitespace() && !is_hidden(*c);
        let next = signs.peek().copied();
        let joins = is_joiner(sign) && seen.chars().next_back().as_ref().is_some_and(is_letter) && next.as_ref().is_some_and(is_letter);
        if joins || !is_hidden(sign) {
            seen.push(sign);
        }
    }
    seen
}

/// A sign that makes one of two: it belongs to a family's emoji and to Persian words, and turns nothing around.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// A text as one line: without what is not seen, blanks single.
#[must_use]
pub fn one_line(text: &str) -> String {
    seen(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as one line, cut where no screen would show it.
#[must_use]
pub fn tidy_name(text: &str) -> String {
    one_line(text).chars().take(LONGEST_NAME).collect()
}

/// Whether a text says that nobody is named.
#[must_use]
pub fn is_nobody(text: &str) -> bool {
    let bare = one_line(text).to_lowercase().replace('ё', "е");
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    NOBODY.contains(&bare) || NIEMAND.contains(&bare)
}

/// The name in a text that came with a number; none where it names nobody, or says the number again.
///
/// ```
/// use calls::{Number, Region, name_beside};
/// let number = Number::read("79161234567", Region::default());
/// assert_eq!(name_beside(" Иван\u{202e} ", &number, Region::default()).as_deref(), Some("Иван"));
/// for none in ["<Unknown>", "+7 (916) 123-45-67", "8 916 123 45 67", "тел. 89161234567", ""] {
///     assert_eq!(name_beside(none, &number, Region::default()), None, "{none}");
/// }
/// ```
#[must_use]
pub fn name_beside(text: &str, number: &Number, region: Region) -> Option<String> {
    let name = tidy_name(text);
    let again = !name.is_empty() && (name == number.raw() || name == number.pretty());
    (!again && is_name(&name, region)).then_some(name)
}

/// Whether a text names somebody: it has a letter that belongs to no number.
#[must_use]
pub fn is_name(text: &str, region: Region) -> bool {
    let mut rest = text.to_owned();
    for found in numbers_in(text, region).iter().rev() {
        rest.replace_range(found.place.clone(), " ");
    }
    let mut words = rest.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    let says_something = words.peek().is_some() && !words.all(|word| crate::phone::is_label(word) || is_scheme(word));
    says_something && !is_nobody(text)
}

fn is_scheme(word: &str) -> bool {
    ["sip", "sips", "tel", "callto", "pstn"].contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str, number: &str) -> Option<String> {
        name_beside(text, &Number::read(number, Region::default()), Region::default())
    }

    #[test]
    fn joiners_stay_between_what_they_join_and_nowhere_else() {
        for (text, expected) in [
            ("семья 👩\u{200d}👩\u{200d}👧", "семья 👩\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200d}Иван\u{200d}", "Иван"),
            ("И\u{200d}\u{202e}ван", "Иван"),
            ("\u{200d}\u{200c}", ""),
        ] {
            assert_eq!(seen(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_that_turns_the_text_around_is_shown_straight() {
        assert_eq!(name("\u{202e}abcdef\u{202c}", "101").as_deref(), Some("abcdef"));
        assert_eq!(name("\u{2067}Иван\u{2069}\u{7}\tПетров\r\n", "101").as_deref(), Some("Иван Петров"));
        assert_eq!(name("\u{200b}\u{feff}", "101"), None);
        assert_eq!(seen("a\u{1b}[31mb\r\nc\rd"), "a[31mb\nc\nd");
    }

    #[test]
    fn nobody_in_any_language_spelling_and_bracket_is_no_name() {
        for text in [
            "Anonymous",
            "ANONYMOUS",
            "<unknown>",
            "\"Unknown\"",
            "(Unknown Caller)",
            "Unknown.",
            "Неизвестный",
            "НЕИЗВЕСТНЫЙ НОМЕР",
            "[неизвестно]",
            "Аноним",
            "Номер не определён",
            "Невідомий",
            "Unbekannt",
            "Rufnummer unterdrückt",
            "Private",
            "N/A",
            "-",
            "...",
            "   ",
        ] {
            assert_eq!(name(text, "79161234567"), None, "{text}");
        }
        for text in ["Анна Неизвестная", "Unknown Pleasures Ltd", "Private Bank", "Анонимные алкоголики"]
        {
            assert!(name(text, "79161234567").is_some(), "{text}");
        }
    }

    #[test]
    fn the_number_again_is_no_name_and_a_name_with_digits_is_one() {
        for text in [
            "79161234567",
            "+7 (916) 123-45-67",
            "8-916-123-45-67",
            "Тел.: 89161234567",
            "tel:+79161234567",
            "8 (495) 200-00-07",
            "101",
            "12-34",
        ] {
            assert_eq!(name(text, "+79161234567"), None, "{text}");
        }
        assert_eq!(name("MTS-Bank", "MTS-Bank"), None, "it stands as the number already");
        for text in ["Иван 89161234567", "7 континент", "ООО «Рога 2000»", "A1"] {
            assert!(name(text, "+79161234567").is_some(), "{text}");
        }
    }

    #[test]
    fn a_name_without_end_is_cut_and_no_letter_in_two() {
        let long = "Ы".repeat(5_000);
        assert_eq!(tidy_name(&long).chars().count(), LONGEST_NAME);
    }

    /// Whether nothing is hidden in a text but joiners, each between two letters or signs that are seen.
    fn only_joiners_are_hidden(text: &str) -> bool {
        let signs: Vec<char> = text.chars().collect();
        let is_seen = |at: Option<usize>| {
            at.and_then(|at| signs.get(at))
                .is_some_and(|c| !is_hidden(*c) && !c.is_whitespace())
        };
        (0..signs.len()).all(|at| !is_hidden(signs[at]) || (is_joiner(signs[at]) && is_seen(at.checked_sub(1)) && is_seen(Some(at + 1))))
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_of_any_text(text in "(\\PC|\\pC|\u{202e}|\u{200d}|\n){0,60}") {
            let line = one_line(&text);
            prop_assert!(only_joiners_are_hidden(&line) && !line.chars().any(char::is_control), "{:?}", line);
            prop_assert!(only_joiners_are_hidden(&seen(&text)));
            prop_assert_eq!(one_line(&line), line.clone(), "once is enough");
            let _ = name_beside(&text, &Number::read(&text, Region::default()), Region::default());
        }
    }
}
