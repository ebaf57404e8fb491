use super::{LONGEST_NAME, name_beside, tidy_name};
use crate::{Number, Region};
use proptest::prelude::*;

fn name(text: &str, number: &str) -> Option<String> {
    name_beside(text, &Number::read(number, Region::default()), Region::default())
}

#[test]
fn a_name_that_turns_the_text_around_is_shown_straight() {
    assert_eq!(name("\u{202e}abcdef\u{202c}", "101").as_deref(), Some("abcdef"));
    assert_eq!(name("\u{2067}Иван\u{2069}\u{7}\tПетров\r\n", "101").as_deref(), Some("Иван Петров"));
    assert_eq!(name("\u{200b}\u{feff}", "101"), None);
}

#[test]
fn nobody_in_any_language_spelling_and_bracket_is_no_name() {
    for text in [
        "Anonymous",
        "ANONYMOUS",
        "<unknown>",
        "\"Unknown\"",
        "(Unknown Caller)",
        "Unknown.",
        "Неизвестный",
        "НЕИЗВЕСТНЫЙ НОМЕР",
        "[неизвестно]",
        "Аноним",
        "Номер не определён",
        "Невідомий",
        "Unbekannt",
        "Rufnummer unterdrückt",
        "Private",
        "N/A",
        "-",
        "...",
        "   ",
    ] {
        assert_eq!(name(text, "79161234567"), None, "{text}");
    }
    for text in ["Анна Неизвестная", "Unknown Pleasures Ltd", "Private Bank", "Анонимные алкоголики"] {
        assert!(name(text, "79161234567").is_some(), "{text}");
    }
}

#[test]
fn the_number_again_is_no_name_and_a_name_with_digits_is_one() {
    for text in [
        "79161234567",
        "+7 (916) 123-45-67",
        "8-916-123-45-67",
        "Тел.: 89161234567",
        "tel:+79161234567",
        "8 (495) 200-00-07",
        "101",
        "12-34",
    ] {
        assert_eq!(name(text, "+79161234567"), None, "{text}");
    }
    assert_eq!(name("MTS-Bank", "MTS-Bank"), None, "it stands as the number already");
    for text in ["Иван 89161234567", "7 континент", "ООО «Рога 2000»", "A1"] {
        assert!(name(text, "+79161234567").is_some(), "{text}");
    }
}

#[test]
fn a_name_without_end_is_cut_and_no_letter_in_two() {
    let long = "Ы".repeat(5_000);
    assert_eq!(tidy_name(&long).chars().count(), LONGEST_NAME);
}

proptest! {
    #[test]
    fn a_name_is_found_or_not_in_any_text_without_a_panic(text in "(\\PC|\\pC|\u{202e}|\u{200d}|\n){0,60}") {
        if let Some(name) = name_beside(&text, &Number::read(&text, Region::default()), Region::default()) {
            prop_assert_eq!(tidy_name(&name), name.clone(), "tidy already");
        }
    }
}
