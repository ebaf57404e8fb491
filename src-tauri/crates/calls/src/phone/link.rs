//! What a link from outside asks to have dialled: `tel:` (RFC 3966), `sip:` and `sips:` (RFC 3261), `callto:`.
//!
//! Anybody may write a link, and one click hands it over. So it is read by its grammar, strictly, and nothing of its text is
//! handed on: what comes out are digits, a plus in front, `*` and `#`, which then is read as a number like any other text. What
//! does not fit the grammar (a second address, another channel, a context of the dialplan, a line break) is no number at all,
//! rather than the part of it that would be one.

use super::number::Number;
use super::reading::{self, Reading};
use super::region::Region;
use super::sign;
use std::net::Ipv4Addr;

/// Longer links are not read, bytes: RFC 3966 knows no bound, and an honest one has a tenth of it.
const LONGEST: usize = 2_000;
/// Most keys of what is dialled.
const MOST_KEYS: usize = 32;
/// Most digits of an inner number, and fewest of a number that can have one.
const MOST_INNER: usize = 7;
const FEWEST_WITH_INNER: usize = 6;
/// Most digits of a context's number: E.164.
const MOST_CONTEXT: usize = 15;

/// Why a link asks for nothing that could be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneLinkTrouble {
    /// It is longer than any number's.
    TooLong,
    /// No number stands in it.
    NoNumber,
}

/// A scheme, and what may stand in its links beside the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// The number alone.
    Tel,
    /// The number, or a user and a host, and what is to be said to them.
    Sip,
    Callto,
}

const SCHEMES: [(&str, Scheme); 4] = [
    ("tel", Scheme::Tel),
    ("sip", Scheme::Sip),
    ("sips", Scheme::Sip),
    ("callto", Scheme::Callto),
];

/// Whether a text is a link to a number, by its scheme.
#[must_use]
pub fn is_phone_link(text: &str) -> bool {
    scheme(text.trim()).is_some()
}

/// What a link, or a number in its place, asks to have dialled: digits, perhaps a plus in front or keys of a service code, and
/// behind a `#` the inner number.
///
/// ```
/// use calls::{PhoneLinkTrouble, read_phone_link};
/// assert_eq!(read_phone_link("tel:+7-495-123-45-67;ext=102").as_deref(), Ok("+74951234567#102"));
/// assert_eq!(read_phone_link("sip:101@pbx.example").as_deref(), Ok("101"));
/// assert_eq!(read_phone_link("tel:101&PJSIP/102"), Err(PhoneLinkTrouble::NoNumber));
/// ```
///
/// # Errors
/// [`PhoneLinkTrouble`] where nothing can be dialled.
pub fn read_phone_link(text: &str) -> Result<String, PhoneLinkTrouble> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(PhoneLinkTrouble::TooLong);
    }
    let number = match scheme(text) {
        None => subscriber(text),
        Some((Scheme::Tel, rest)) => subscriber(rest),
        Some((scheme, rest)) => user(scheme, rest).and_then(subscriber),
    };
    number.ok_or(PhoneLinkTrouble::NoNumber)
}

/// The scheme of a link, and what follows it.
fn scheme(text: &str) -> Option<(Scheme, &str)> {
    let (name, rest) = text.split_once(':')?;
    let (_, scheme) = SCHEMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    Some((*scheme, rest.trim_start_matches('/')))
}

/// Who is called: without host, password, and what is to be said to them. A host alone is nobody.
fn user(scheme: Scheme, rest: &str) -> Option<&str> {
    let who = rest.split('?').next()?;
    match who.split_once('@') {
        Some((_, host)) if host.is_empty() || host.contains('@') => None,
        Some((user, _)) => user.split(':').next(),
        // `sip:101` has no host, but people write it; a name with dots is a host.
        None if scheme == Scheme::Sip && who.contains('.') => None,
        None => Some(who),
    }
}

/// A telephone subscriber (RFC 3966, section 3): digits and parameters.
fn subscriber(text: &str) -> Option<String> {
    let mut parts = text.split(';');
    let keys = Keys::read(parts.next()?)?;
    let said = Parameters::read(parts)?;
    let number = match said.context {
        Some(context) if keys.is_local() => in_context(&keys.pressed, &context).unwrap_or(keys.pressed),
        _ => keys.pressed,
    };
    let has_inner = number.len() >= FEWEST_WITH_INNER && !number.contains(['*', '#']);
    let inner = said.inner.or(keys.behind_comma).filter(|_| has_inner);
    let asked = inner.map_or(number.clone(), |inner| format!("{number}#{inner}"));
    is_read_whole(&asked).then_some(asked)
}

/// Whether what would be dialled is all of it: keys behind a number that are no inner number would be passed over.
fn is_read_whole(asked: &str) -> bool {
    let number = Number::read(asked, Region::default());
    let Some(dialled) = number.to_dial() else { return true };
    match asked.find(['*', '#']) {
        None => true,
        Some(0) => dialled == asked,
        Some(at) => number.extension() == Some(&asked[at + 1..]),
    }
}

/// What is pressed.
struct Keys {
    pressed: String,
    /// Digits that are to be pressed once somebody has answered.
    behind_comma: Option<String>,
}

impl Keys {
    fn read(part: &str) -> Option<Self> {
        let text = decoded(part)?;
        let text = text.trim();
        let (number, behind) = match text.split_once(',') {
            Some((number, behind)) => (number, Some(behind.trim_start_matches([',', ' ']))),
            None => (text, None),
        };
        // As digits with separators an address would be one, too.
        if number.trim().parse::<Ipv4Addr>().is_ok() {
            return None;
        }
        let pressed = keys(number)?;
        let behind_comma = match behind {
            Some(behind) => Some(inner(behind)?),
            None => None,
        };
        Some(Self {
            pressed,
            behind_comma: behind_comma.flatten(),
        })
    }

    /// Digits that mean something only where they are at home.
    fn is_local(&self) -> bool {
        self.pressed.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The keys of a text that holds nothing else but separators.
fn keys(text: &str) -> Option<String> {
    let mut keys = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '*' | '#' => keys.push(c),
            '+' if keys.is_empty() => keys.push(c),
            c if is_separator(c) => {}
            _ => return None,
        }
    }
    let any_digit = keys.bytes().any(|byte| byte.is_ascii_digit());
    let only_digits = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let whole = keys.strip_prefix('+').is_none_or(only_digits);
    (any_digit && whole && keys.len() <= MOST_KEYS).then_some(keys)
}

/// The digits of an inner number; nothing of one that is too long to be one. `None`: something else stands there.
fn inner(text: &str) -> Option<Option<String>> {
    let digits = keys(text)?;
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| Some(digits).filter(|digits| digits.len() <= MOST_INNER))
}

/// As RFC 3966 has them, and as people write them beside it.
fn is_separator(c: char) -> bool {
    "-.()/ ".contains(c)
}

/// What a link says beside the digits.
#[derive(Default)]
struct Parameters {
    /// `;ext=`
    inner: Option<String>,
    /// `;phone-context=`, of a number: its digits.
    context: Option<String>,
}

impl Parameters {
    /// Each at most once. What is not known may be passed over, but for what is mandatory (section 5.4).
    fn read<'a>(parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut read = Self::default();
        let mut names: Vec<String> = Vec::new();
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = name.to_ascii_lowercase();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !is_name || names.contains(&name) || name.starts_with("m-") {
                return None;
            }
            let value = decoded(value)?;
            match name.as_str() {
                "ext" => read.inner = inner(&value)?,
                "phone-context" => read.context = context(&value)?,
                _ => {}
            }
            names.push(name);
        }
        Some(read)
    }
}

/// The digits of a context that is a number; nothing of one that is a domain. `None`: it is neither.
fn context(text: &str) -> Option<Option<String>> {
    if let Some(digits) = keys(text).and_then(|keys| keys.strip_prefix('+').map(str::to_owned)) {
        return (digits.len() <= MOST_CONTEXT).then_some(Some(digits));
    }
    let label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let text = text.strip_suffix('.').unwrap_or(text);
    // The last label of a domain begins with a letter.
    let is_top = text.rsplit('.').next()?.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_top && text.split('.').all(label)).then_some(None)
}

/// A number that is meant in surroundings, as it is everywhere; none where that gives no number: `112` is dialled as it stands.
fn in_context(digits: &str, context: &str) -> Option<String> {
    match reading::in_context(digits, context) {
        reading @ Reading::Certain { .. } => Number::found(digits, reading, None).e164().map(str::to_owned),
        Reading::Guess(_) | Reading::Nothing => None,
    }
}

/// A part of a link without its percents, in plain signs; none where those are malformed, or hide what moves a line.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let code = after.get(..2).filter(|code| code.iter().all(u8::is_ascii_hexdigit))?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
        rest = &after[2..];
    }
    let text = String::from_utf8(bytes).ok()?;
    let moves = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    (!text.contains(moves)).then(|| text.chars().filter_map(sign::plain).collect())
}

#[cfg(test)]
mod tests;
