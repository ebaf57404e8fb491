//! Numbers as the index keeps them: words of their own, each number twice, read from its end and from its beginning, so that
//! its last digits as well as its first ones are the beginning of a word.

use crate::user::Phone;

/// No number is longer; what comes after is not looked at.
pub(crate) const LONGEST: usize = 40;
/// More numbers than these are not kept of one user.
const MOST: usize = 200;
/// So many digits are a whole number, not a part of one.
const WHOLE: usize = 7;
/// What stands before a number that is read from its end.
const TAIL: char = 't';
/// What stands before one that is read from its beginning.
const HEAD: char = 'h';
/// What stands before what is looked up and is no number.
const TEXT: char = 'k';

/// The digits of a text.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The word by which a whole number, or what is looked up instead, is found.
pub(crate) fn whole(key: &str) -> String {
    if let Some(number) = number_of(key) {
        return tail(number);
    }
    // FNV-1a; who is found by it is compared.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{TEXT}{hash:016x}")
}

/// Gives the words by which these phones are found.
pub(crate) fn each_word(phones: &[Phone], mut each: impl FnMut(&str)) {
    for key in phones.iter().flat_map(|phone| &phone.keys).take(MOST) {
        each(&whole(key));
        if let Some(number) = number_of(key) {
            each(&head(national(number)));
        }
    }
}

/// How words begin that stand for numbers with these last or first digits.
pub(crate) fn starts(typed: &str) -> Vec<String> {
    let mut starts = vec![tail(typed)];
    starts.extend(Some(national(typed)).filter(|rest| *rest != typed).map(tail));
    starts.extend(typed_heads(typed).map(head));
    starts
}

/// The word of the numbers that are this one, however it was typed; none where too few digits were typed.
pub(crate) fn exactly(typed: &str) -> Option<String> {
    (typed.len() >= WHOLE).then(|| head(national(typed)))
}

/// Whether a number has what was typed at its end or its beginning.
pub(crate) fn fits(key: &str, typed: &str) -> bool {
    let number = key.strip_prefix('+').unwrap_or(key);
    number_of(key).is_some()
        && (number.ends_with(typed)
            || number.ends_with(national(typed))
            || typed_heads(typed).any(|head| national(number).starts_with(head)))
}

fn number_of(key: &str) -> Option<&str> {
    let number = key.strip_prefix('+').unwrap_or(key);
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// A Russian number without its 7 or 8; any other as it is.
pub(crate) fn national(digits: &str) -> &str {
    match digits.strip_prefix(['7', '8']) {
        Some(rest) if digits.len() == 11 => rest,
        _ => digits,
    }
}

/// The first digits as somebody types them: as they are, and without a 7 or 8.
pub(crate) fn typed_heads(digits: &str) -> impl Iterator<Item = &str> {
    let rest = digits.strip_prefix(['7', '8']).filter(|rest| !rest.is_empty());
    std::iter::once(digits).chain(rest)
}

fn tail(digits: &str) -> String {
    std::iter::once(TAIL).chain(digits.chars().rev().take(LONGEST)).collect()
}

fn head(digits: &str) -> String {
    std::iter::once(HEAD).chain(digits.chars().take(LONGEST)).collect()
}
