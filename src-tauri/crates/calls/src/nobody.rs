//! What stands where a name or number should, and says that there is none.

use crate::text::one_line;

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

/// Whether a text says that nobody is named.
#[must_use]
pub fn is_nobody(text: &str) -> bool {
    let bare = one_line(text).to_lowercase().replace('ё', "е");
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    NOBODY.contains(&bare) || NIEMAND.contains(&bare)
}
