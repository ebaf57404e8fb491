//! Names from outside: what a PBX or the help desk says is shown, never trusted.

use crate::nobody::is_nobody;
use crate::phone::{Number, Region, is_label, numbers_in};
use crate::text::one_line;

/// The longest name that is kept, characters.
pub const LONGEST_NAME: usize = 255;

/// A name as one line, cut where no screen would show it.
#[must_use]
pub fn tidy_name(text: &str) -> String {
    one_line(text).chars().take(LONGEST_NAME).collect()
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
        rest.replace_range(found.span.clone(), " ");
    }
    let mut words = rest.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    let says_something = words.peek().is_some() && !words.all(|word| is_label(word) || is_scheme(word));
    says_something && !is_nobody(text)
}

fn is_scheme(word: &str) -> bool {
    ["sip", "sips", "tel", "callto", "pstn"].contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests;
