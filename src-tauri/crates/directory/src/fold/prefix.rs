//! Words that are still being typed.

use super::forms;

/// What may follow and change what was there: «S» of "Shukin", «Grigori» of "Grigorievna".
const LATIN: [&str; 6] = ["h", "ch", "hch", "s", "e", "o"];
const CYRILLIC: [&str; 4] = ["ч", "о", "е", "с"];

/// With what the forms of a word may begin of which this much was typed; what was typed as it stands comes first.
#[must_use]
pub fn prefixes(typed: &str) -> Vec<String> {
    let words = forms(typed);
    let count = words.len();
    let mut prefixes = words.into_iter().next_back().unwrap_or_default();
    let is_cyrillic = typed
        .chars()
        .next_back()
        .is_some_and(|sign| ('\u{0400}'..='\u{052f}').contains(&sign));
    let letters = typed.chars().count();
    let follow: &[&str] = match is_cyrillic {
        // One letter is not taken for two: «с» would find everybody in ш.
        true if letters < 2 => &[],
        true => &CYRILLIC,
        false => &LATIN,
    };
    for more in follow {
        let mut longer = forms(&format!("{typed}{more}"));
        // After a digit, for one, it is a word of its own.
        let of_the_same = longer.len() == count;
        for form in longer.pop().filter(|_| of_the_same).unwrap_or_default() {
            if !prefixes.iter().any(|known| form.starts_with(known.as_str())) {
                prefixes.push(form);
            }
        }
    }
    prefixes
}
