//! Numbers as people write them: a table of spellings for each country, and what holds for any text.

#![allow(clippy::unwrap_used)]

use calls::{FoundNumber, Number, NumberKind, Region, numbers_in};
use proptest::prelude::*;

const SPELLINGS: &str = include_str!("spellings.tsv");
const REGIONS: [&str; 12] = ["RU", "KZ", "BY", "UA", "UZ", "AM", "GE", "AZ", "KG", "TJ", "MD", "DE"];

fn rows() -> impl Iterator<Item = (Region, String, &'static str)> {
    let lines = SPELLINGS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [region, text, expected] = columns[..] else {
            panic!("three columns: {line}")
        };
        (Region::from_code(region).unwrap(), text.replace("\\n", "\n"), expected)
    })
}

/// As the table writes it.
fn told(found: &FoundNumber) -> String {
    let number = &found.number;
    let readings: Vec<&str> = number.readings().iter().map(calls::PhoneKey::as_str).collect();
    let ext = number.extension().map(|ext| format!("/{ext}")).unwrap_or_default();
    match number.e164() {
        Some(e164) => format!("{e164}{ext}"),
        None => format!("?{}{ext}", readings.join("|")),
    }
}

fn all(found: &[FoundNumber]) -> String {
    let told: Vec<String> = found.iter().map(told).collect();
    if told.is_empty() { "-".into() } else { told.join(" ") }
}

#[test]
fn s01_numbers_are_found_in_every_spelling_of_the_table() {
    let wrong: Vec<String> = rows()
        .filter_map(|(region, text, expected)| {
            let found = all(&numbers_in(&text, region));
            (found != expected).then(|| format!("{region:?} {text}: {found}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows().count() >= 120);
    for code in REGIONS {
        let region = Region::from_code(code).unwrap();
        assert!(rows().any(|(of, ..)| of == region), "{code}");
    }
}

#[test]
fn s01_a_field_with_one_number_reads_as_that_number() {
    for (region, text, expected) in rows().filter(|(_, _, expected)| expected.starts_with('+') && !expected.contains(' ')) {
        let number = Number::read(&text, region);
        let ext = number.extension().map(|ext| format!("/{ext}")).unwrap_or_default();
        assert_eq!(format!("{}{ext}", number.e164().unwrap_or("-")), expected, "{text}");
    }
    for (region, text, _) in rows().filter(|(_, _, expected)| *expected == "-") {
        assert_ne!(Number::read(&text, region).kind(), NumberKind::External, "{text}");
    }
}

#[test]
fn what_is_dialled_is_what_was_read_and_nothing_beside_it() {
    let dialled = |text: &str| Number::read(text, Region::default()).to_dial();
    for (text, dial) in [
        ("8 (916) 123-45-67, спросить Петра, кв. 12", Some("+79161234567")),
        ("заказ 4471, тел. 8 916 123-45-67 доб. 118", Some("+79161234567")),
        ("1-01", Some("101")),
        ("sip:101@10.0.0.5", Some("101")),
        ("sip:81%400190255555@pbx.example", None),
        ("101@89161234567", Some("101")),
        ("81;phone-context=0190255555", None),
        ("１０１", Some("101")),
        ("112", Some("112")),
        ("*72", Some("*72")),
        ("tel:%2A21%2A 8916&1%23", None),
        ("* 7-2 #@pbx.example", Some("*72#")),
        ("9 8 916 123-45-67", Some("989161234567")),
        ("заказ 4471 от 12.11", None),
        ("10.0.0.5", None),
        ("200-00-07", None),
        ("MTS-Bank", None),
        ("anonymous", None),
        ("", None),
    ] {
        assert_eq!(dialled(text).as_deref(), dial, "{text}");
    }
}

#[test]
fn s10_whoever_is_no_certain_number_is_looked_up_as_it_stands() {
    let key = |text: &str| Number::read(text, Region::default()).key();
    let standing = |text: &str| key(text).map(|key| (key.as_str().to_owned(), key.e164().map(str::to_owned)));
    for (text, stands) in [
        ("70001", "70001"),
        ("7-00-01", "70001"),
        ("0611", "0611"),
        ("112", "112"),
        ("+7000", "7000"),
        ("MTS-Bank", "MTS-Bank"),
        (" MTS\u{202e} Bank ", "MTS Bank"),
        ("sip:gate-3@pbx.example", "sip:gate-3@pbx.example"),
        ("00000000000000000", "00000000000000000"),
        ("989161234567", "989161234567"),
    ] {
        assert_eq!(standing(text), Some((stands.to_owned(), None)), "{text}");
    }
    for text in ["anonymous", "", "-", "***", "Неизвестный номер", "<unknown>"] {
        assert_eq!(
            (key(text), Number::read(text, Region::default()).kind()),
            (None, NumberKind::Withheld),
            "{text}"
        );
    }
    assert_eq!(key("8 916 123-45-67").unwrap().e164(), Some("+79161234567"));
    let long = key(&"Ы".repeat(500)).unwrap();
    assert_eq!(long.as_str().chars().count(), 64);
}

#[test]
fn a_guess_names_its_readings_and_takes_none_for_certain() {
    let number = Number::read("989161234567", Region::default());
    assert!(number.is_guess());
    assert_eq!(
        (number.e164(), number.pretty(), number.kind()),
        (None, "989161234567", NumberKind::Nonsense)
    );
    let keys: Vec<String> = number.keys().iter().map(|key| key.as_str().to_owned()).collect();
    assert_eq!(
        keys,
        ["989161234567", "+79161234567", "+989161234567"],
        "as it stands, then the office's own country"
    );
    let iran = Number::read("989161234567", Region::from_code("IR").unwrap());
    assert_eq!(iran.e164(), Some("+989161234567"), "there it is the office's own country");
    let stored: Number = serde_json::from_str(&serde_json::to_string(&number).unwrap()).unwrap();
    assert_eq!(stored, number);
    let before = r#"{"raw":"x","kind":"external","e164":"+79161234567","pretty":"+7 (916) 123-45-67","extension":null}"#;
    assert!(
        !serde_json::from_str::<Number>(before).unwrap().is_guess(),
        "what an earlier version stored"
    );
}

/// Texts of the signs that numbers and what is taken for them are made of.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,12}",
        "\\+?[78]? ?\\(?[0-9]{3}\\)?[ -]?[0-9]{3}-?[0-9]{2}-?[0-9]{2}",
        Just("доб. 12".to_owned()),
        Just(";ext=7".to_owned()),
        Just("тел. ".to_owned()),
        Just("заказ ".to_owned()),
        Just("%20".to_owned()),
        Just("\u{a0}".to_owned()),
        Just(", ".to_owned()),
        Just("/".to_owned()),
        Just("+".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("٧".to_owned()),
        "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn regions() -> impl Strategy<Value = Region> {
    proptest::sample::select(REGIONS.to_vec()).prop_map(|code| Region::from_code(code).unwrap())
}

proptest! {
    #[test]
    fn places_are_in_order_apart_and_hold_what_was_found(text in texts(), region in regions()) {
        let mut end = 0;
        for found in numbers_in(&text, region) {
            let span = found.span.clone();
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len(), "{span:?}");
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            end = span.end;
            // Nothing is found that does not stand there.
            let standing = digits(&text[span]);
            for key in found.number.readings() {
                prop_assert!(is_part(key.as_str(), &standing), "{key:?} of {standing}");
            }
            if let Some(e164) = found.number.e164() {
                prop_assert!(is_part(e164, &standing), "{e164} of {standing}");
            }
            if let Some(ext) = found.number.extension() {
                prop_assert!(standing.ends_with(ext) || standing.contains(ext), "{ext} of {standing}");
            }
        }
    }

    #[test]
    fn what_is_shown_reads_as_the_same_number_in_any_office(text in texts(), region in regions(), other in regions()) {
        for found in numbers_in(&text, region) {
            let number = found.number;
            let Some(e164) = number.e164() else { continue };
            for (again, where_) in [(Number::read(e164, other), "E.164"), (Number::read(number.pretty(), other), "as shown")] {
                prop_assert_eq!(again.e164(), Some(e164), "{}", where_);
                prop_assert_eq!(again.pretty(), number.pretty());
                prop_assert_eq!(again.extension(), None);
            }
            prop_assert_eq!(number.to_dial(), Some(e164.to_owned()));
        }
    }

    #[test]
    fn whatever_the_text_no_digit_is_dialled_that_is_not_shown(
        text in "((sip:|tel:|<|\\+|%2b|%2A|\\*|#|%40|@|;ext=|[0-9]{1,12}|\\.|:| |-|[a-zа-я]|\\PC){0,12})",
        region in regions(),
    ) {
        let number = Number::read(&text, region);
        let digits = |text: &str| text.chars().filter(|c| c.is_ascii_digit() || "*#".contains(*c)).collect::<String>();
        if let Some(dialled) = number.to_dial() {
            let shown = digits(number.pretty());
            let same = digits(&dialled) == shown || Number::read(number.pretty(), region).to_dial() == Some(dialled.clone());
            prop_assert!(same, "{:?}: shown {}, dialled {}", text, number.pretty(), dialled);
            let again = Number::read(&number.handed_over().unwrap_or_default(), region).to_dial();
            prop_assert_eq!(again, Some(dialled), "what a window hands back dials the same");
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "(\\PC|\\pC|[0-9+%();=доб]){0,120}", region in regions()) {
        let number = Number::read(&text, region);
        prop_assert_eq!(number.e164().is_some(), number.kind() == NumberKind::External);
        prop_assert_eq!(number.key().is_none(), number.kind() == NumberKind::Withheld);
        prop_assert!(number.key().is_none_or(|key| key.e164().is_some() == (number.kind() == NumberKind::External)));
        let again = Number::read(number.raw(), region);
        prop_assert_eq!(again.raw(), number.raw());
        prop_assert!(numbers_in(&text, region).len() <= text.len());
    }
}

/// The digits of a text, of links and other scripts, too.
fn digits(text: &str) -> String {
    let text = text.replace("%20", "");
    text.chars().filter_map(plain_digit).collect()
}

/// A digit of any script that numbers come in, as an ASCII one.
fn plain_digit(c: char) -> Option<char> {
    let zeros = ['0', '٠', '۰', '߀', '०', '০', '๐', '０', '\u{1D7CE}'];
    let value = zeros
        .into_iter()
        .find_map(|zero| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// Whether the national part of a number, at least, stands in these digits: its country code may not.
fn is_part(e164: &str, standing: &str) -> bool {
    let all = e164.trim_start_matches('+');
    (0..=3).any(|code| all.len() > code + 5 && standing.contains(&all[code..])) || trunk_inside(all, standing)
}

/// «+49 (0)30»: the trunk prefix between country code and number.
fn trunk_inside(all: &str, standing: &str) -> bool {
    (1..=3).any(|code| {
        let (code, national) = all.split_at(code);
        standing.contains(&format!("{code}0{national}")) || standing.contains(&format!("{code}8{national}"))
    })
}
