//! A keyboard that was left in the other layout.

const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ";

/// What the same keys write in the other of the two layouts, English and Russian: «bdfyjd» is «иванов», «шмфтщм» is "ivanov".
/// None where no letter was typed, or letters of both.
#[must_use]
pub fn other_layout(typed: &str) -> Option<String> {
    let latin = typed.chars().any(|sign| sign.is_ascii_alphabetic());
    let cyrillic = typed.chars().any(|sign| matches!(sign, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'));
    let (from, to) = match (latin, cyrillic) {
        (true, false) => (LATIN, RUSSIAN),
        (false, true) => (RUSSIAN, LATIN),
        _ => return None,
    };
    let key = |sign: char| {
        from.chars()
            .zip(to.chars())
            .find(|(key, _)| *key == sign)
            .map_or(sign, |(_, other)| other)
    };
    Some(typed.chars().map(key).collect())
}
