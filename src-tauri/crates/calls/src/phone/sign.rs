//! The signs of a text that count for numbers, in one spelling, each with its place.
//!
//! People, phones and web pages write the same digit, dash or blank in many ways; links write them in percents. Everything
//! that reads numbers works on these signs, so that a place that is found is a place of the text as it stands.

use std::ops::Range;

/// One sign: in its plain spelling, and the bytes of the text that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub c: char,
    pub from: usize,
    pub to: usize,
}

/// The first digit of each script that numbers come in.
const ZEROS: [char; 9] = ['0', '٠', '۰', '߀', '०', '০', '๐', '０', '\u{1D7CE}'];
/// Where the letters and signs of full width begin and end, and how far they are from the plain ones.
const FULL_WIDTH: (u32, u32, u32) = (0xFF01, 0xFF5E, 0xFEE0);

/// The signs of a text; what cannot be seen is left out.
pub(super) fn signs(text: &str) -> Vec<Sign> {
    let mut signs = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let coded = if c == '%' { percents(&text[at..]) } else { Vec::new() };
        if coded.is_empty() {
            let to = at + c.len_utf8();
            signs.extend(plain(c).map(|c| Sign { c, from: at, to }));
            at = to;
            continue;
        }
        for (c, bytes) in coded {
            let to = at + bytes * 3;
            signs.extend(plain(c).map(|c| Sign { c, from: at, to }));
            at = to;
        }
    }
    signs
}

/// The bytes that a row of signs takes.
pub(super) fn span(signs: &[Sign], row: Range<usize>) -> Range<usize> {
    let from = signs.get(row.start).map_or(0, |sign| sign.from);
    let to = row.end.checked_sub(1).and_then(|last| signs.get(last)).map_or(from, |sign| sign.to);
    from..to.max(from)
}

/// A sign in its plain spelling; none for what cannot be seen.
pub(super) fn plain(c: char) -> Option<char> {
    Some(match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\t' => ' ',
        c if crate::text::is_hidden(c) => return None,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{FE58}' | '\u{FE63}' | '\u{30FC}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' => '.',
        '\u{2044}' | '\u{2215}' => '/',
        c if c.is_whitespace() => ' ',
        c => digit(c).or_else(|| full_width(c)).unwrap_or(c),
    })
}

fn digit(c: char) -> Option<char> {
    let value = |zero: char| (u32::from(c)).checked_sub(u32::from(zero)).filter(|value| *value < 10);
    let value = ZEROS.into_iter().find_map(value)?;
    char::from_digit(value, 10)
}

fn full_width(c: char) -> Option<char> {
    let (first, last, apart) = FULL_WIDTH;
    let code = u32::from(c);
    (first..=last).contains(&code).then(|| char::from_u32(code - apart)).flatten()
}

/// The characters that the text begins with in percents («%2B7%20916»), each with its bytes; nothing where it is no such text.
fn percents(text: &str) -> Vec<(char, usize)> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((byte, after)) = one_percent(rest) {
        bytes.push(byte);
        rest = after;
    }
    match std::str::from_utf8(&bytes) {
        Ok(decoded) => decoded.chars().map(|c| (c, c.len_utf8())).collect(),
        Err(_) => Vec::new(),
    }
}

fn one_percent(text: &str) -> Option<(u8, &str)> {
    let code = text.strip_prefix('%')?;
    let (code, after) = code.split_at_checked(2)?;
    let digits = code.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = u8::from_str_radix(code, 16).ok().filter(|_| digits)?;
    Some((byte, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        signs(text).iter().map(|sign| sign.c).collect()
    }

    #[test]
    fn signs_of_any_script_and_any_link_are_plain_and_keep_their_places() {
        for (text, plain) in [
            ("＋７（９１６）１２３－４５", "+7(916)123-45"),
            ("٠١٢ ۳۴ ५", "012 34 5"),
            ("916\u{a0}123\u{2013}45\u{200b}\u{202e}67", "916 123-4567"),
            ("tel:+7%20916%2D1", "tel:+7 916-1"),
            ("%D0%B4%D0%BE%D0%B1.%2012", "доб. 12"),
            ("100% 5%zz%", "100% 5%zz%"),
            ("%FF%FE1", "%FF%FE1"),
        ] {
            assert_eq!(read(text), plain, "{text}");
        }
        let signs = signs("tel:+7%20916");
        assert_eq!(span(&signs, 4..7), 4..9, "a blank in percents takes three bytes");
        assert_eq!(span(&[], 0..0), 0..0);
    }
}
