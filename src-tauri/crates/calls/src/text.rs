//! Texts from outside: what cannot be seen in them is removed where they come in and where they go out.
//!
//! A text may hold signs that are not seen and turn the text around them (bidi overrides, invisible marks, control codes):
//! a caller could write a screen's next words with them.

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
/// assert_eq!(calls::visible("Иван\u{202e}вонаВИ\u{202c}\r\nстрока"), "ИванвонаВИ\nстрока");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let mut visible = String::with_capacity(lines.len());
    let mut signs = lines.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_letter = |c: &char| !c.is_whitespace() && !is_hidden(*c);
        let next = signs.peek().copied();
        let joins = is_joiner(sign) && visible.chars().next_back().as_ref().is_some_and(is_letter) && next.as_ref().is_some_and(is_letter);
        if joins || !is_hidden(sign) {
            visible.push(sign);
        }
    }
    visible
}

/// A sign that makes one of two: it belongs to a family's emoji and to Persian words, and turns nothing around.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// A text as one line: without what is not seen, blanks single.
#[must_use]
pub fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn joiners_stay_between_what_they_join_and_nowhere_else() {
        for (text, expected) in [
            ("семья 👩\u{200d}👩\u{200d}👧", "семья 👩\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200d}Иван\u{200d}", "Иван"),
            ("И\u{200d}\u{202e}ван", "Иван"),
            ("\u{200d}\u{200c}", ""),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn control_codes_go_and_the_end_of_a_line_is_one_sign() {
        assert_eq!(visible("a\u{1b}[31mb\r\nc\rd"), "a[31mb\nc\nd");
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
            prop_assert!(only_joiners_are_hidden(&visible(&text)));
            prop_assert_eq!(one_line(&line), line.clone(), "once is enough");
        }
    }
}
