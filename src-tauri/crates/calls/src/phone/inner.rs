//! What belongs to a number and stands behind it: its inner number («доб. 12», `,12`, `;ext=12`), what its link says.

use super::sign::Sign;
use super::words;

/// Most digits of an inner number.
const LONGEST: usize = 7;
/// Most of them behind a comma alone.
const BEHIND_COMMA: usize = 6;
/// Most signs between a number and the word for its inner number.
const APART: usize = 4;

/// What was found behind a number.
#[derive(Debug, Default)]
pub(super) struct Behind {
    /// The inner number.
    pub inner: Option<String>,
    /// The surroundings that a link names, digits.
    pub context: Option<String>,
    /// The sign behind it all.
    pub end: usize,
}

/// Reads on behind a number that ends at `end`. `begins_number` tells whether a number of its own stands at a place.
pub(super) fn behind(signs: &[Sign], end: usize, begins_number: impl Fn(usize) -> bool) -> Behind {
    let mut found = Behind { end, ..Behind::default() };
    while let Some((name, value, end)) = parameter(signs, found.end) {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        match name.as_str() {
            "ext" if (1..=LONGEST).contains(&digits.len()) => found.inner = Some(digits),
            "phone-context" if value.starts_with('+') => found.context = Some(digits),
            _ => {}
        }
        found.end = end;
    }
    if found.inner.is_none()
        && let Some((inner, end)) = spoken(signs, found.end, begins_number)
    {
        found.inner = Some(inner);
        found.end = end;
    }
    found
}

/// `;ext=12`: name, value, and where it ends.
fn parameter(signs: &[Sign], at: usize) -> Option<(String, String, usize)> {
    if signs.get(at)?.c != ';' {
        return None;
    }
    let name: String = take(signs, at + 1, |c| c.is_ascii_alphabetic() || c == '-');
    let equals = at + 1 + name.len();
    if name.is_empty() || signs.get(equals)?.c != '=' {
        return None;
    }
    let value = take(signs, equals + 1, |c| c.is_ascii_alphanumeric() || "+.-%:".contains(c));
    let end = equals + 1 + value.len();
    Some((name.to_ascii_lowercase(), value, end))
}

fn take(signs: &[Sign], at: usize, wanted: impl Fn(char) -> bool) -> String {
    let row = signs.get(at..).unwrap_or_default().iter().map(|sign| sign.c);
    row.take_while(|c| wanted(*c)).collect()
}

/// «доб. 12», «(вн. 12)», «x12», «#12», «,12»: the digits and where it ends.
fn spoken(signs: &[Sign], end: usize, begins_number: impl Fn(usize) -> bool) -> Option<(String, usize)> {
    let c = |at: usize| signs.get(at).map(|sign| sign.c);
    let length = |at: usize, wanted: &str| take(signs, at, |c| wanted.contains(c)).chars().count();
    let mut at = end + length(end, " ,;.)").min(APART);
    let opened = matches!(c(at), Some('(' | '['));
    at += usize::from(opened);
    at += length(at, " ");
    let word = take(signs, at, char::is_alphabetic);
    let letters = word.chars().count();
    let commas = length(end, ",");
    let longest = if words::is_inner(&word) || (at == end && words::is_pause(&word)) {
        at += letters;
        at += length(at, " .:=№#-");
        // «внутренний номер 12»
        let label = take(signs, at, char::is_alphabetic);
        if words::is_label(&label) {
            at += label.chars().count();
            at += length(at, " .:=№#-");
        }
        LONGEST
    } else if word.is_empty() && c(at) == Some('#') {
        at += 1;
        at += length(at, " ");
        LONGEST
    } else if word.is_empty() && c(end) == Some('*') {
        at = end + 1;
        LONGEST
    } else if commas > 0 && at == end + commas && !opened {
        BEHIND_COMMA
    } else {
        return None;
    };
    let digits = take(signs, at, |c| c.is_ascii_digit());
    if !(1..=longest).contains(&digits.len()) || begins_number(at) {
        return None;
    }
    at += digits.len();
    let closing = at + length(at, " ");
    if opened && matches!(c(closing), Some(')' | ']')) {
        at = closing + 1;
    }
    Some((digits, at))
}
