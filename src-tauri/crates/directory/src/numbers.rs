//! Numbers as the index keeps them: each twice, read from its end and from its beginning, as whole numbers of fifteen
//! digits, so that all with the same last (or first) digits lie beside each other.

use std::ops::RangeInclusive;

/// So many digits are kept.
const DIGITS: usize = 15;
/// Where numbers that are read from their beginning lie.
const HEADS: i64 = 1_000_000_000_000_000;
/// Where what is looked up and is no number lies.
const TEXTS: i64 = 4 * HEADS;

/// The digits of a text.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The key by which a whole number, or what is looked up instead, is found.
pub(crate) fn whole(key: &str) -> i64 {
    let number = key.strip_prefix('+').unwrap_or(key);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return *tails(number).start();
    }
    // FNV-1a; who is found by it is compared.
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    TEXTS + i64::try_from(hash >> 2).unwrap_or_default() % TEXTS
}

/// Under which keys a number lies.
pub(crate) fn keys(key: &str) -> impl Iterator<Item = i64> {
    let number = key.strip_prefix('+').unwrap_or(key);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let head = is_number.then(|| *heads(national(number)).start());
    std::iter::once(whole(key)).chain(head)
}

/// Where numbers with these last digits lie.
pub(crate) fn tails(digits: &str) -> RangeInclusive<i64> {
    range(digits.bytes().rev(), 0)
}

/// Where numbers with these first digits lie.
pub(crate) fn heads(digits: &str) -> RangeInclusive<i64> {
    range(digits.bytes(), HEADS)
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

fn range(digits: impl Iterator<Item = u8>, from: i64) -> RangeInclusive<i64> {
    let (mut number, mut count) = (0, 0);
    for digit in digits.take(DIGITS) {
        number = number * 10 + i64::from(digit - b'0');
        count += 1;
    }
    let width = 10_i64.pow(DIGITS.saturating_sub(count).try_into().unwrap_or_default());
    from + number * width..=from + number * width + width - 1
}
