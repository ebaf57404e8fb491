use super::{Number, NumberKind, Region};
use proptest::prelude::*;

fn read(text: &str) -> Number {
    Number::read(text, Region::default())
}

#[test]
fn a_country_is_one_that_has_a_numbering_plan() {
    for code in ["EU", "UK", "UN", "ZZ", "SU", "AN", "AA", "", "RUS", ".."] {
        assert_eq!(Region::from_code(code), None, "{code}");
    }
    for code in ["RU", "ru", "GB", "KZ", "XK", "US"] {
        assert!(Region::from_code(code).is_some(), "{code}");
    }
}

#[test]
fn one_number_in_every_spelling_has_one_key() {
    for text in [
        "89161234567",
        "79161234567",
        "9161234567",
        "+79161234567",
        "8 (916) 123-45-67",
        "+7 916 123 45 67",
        "tel:+7-916-123-45-67",
        "sip:79161234567@pbx.example",
        " 8-916-123-45-67 ",
    ] {
        assert_eq!(read(text).e164(), Some("+79161234567"), "{text}");
        assert_eq!(read(text).pretty(), "+7 (916) 123-45-67", "{text}");
        assert_eq!(read(text).key().unwrap().searched(), "9161234567");
    }
}

#[test]
fn free_phone_foreign_and_kazakh_numbers_are_read() {
    for (text, e164) in [
        ("88005553535", "+78005553535"),
        ("+78005553535", "+78005553535"),
        ("87011234567", "+77011234567"),
        ("998901234567", "+998901234567"),
        ("375291234567", "+375291234567"),
        ("810998901234567", "+998901234567"),
        ("84951234567", "+74951234567"),
    ] {
        assert_eq!(read(text).e164(), Some(e164), "{text}");
    }
}

#[test]
fn the_inner_number_is_kept_apart() {
    for text in ["74951234567,102", "+74951234567;ext=102", "8(495)123-45-67 доб. 102"] {
        let number = read(text);
        assert_eq!((number.e164(), number.extension()), (Some("+74951234567"), Some("102")), "{text}");
        assert_eq!(number.pretty(), "+7 (495) 123-45-67");
    }
}

#[test]
fn what_is_no_outside_number_never_gets_an_e164() {
    for (text, kind) in [
        ("", NumberKind::Withheld),
        ("anonymous", NumberKind::Withheld),
        ("Anonymous", NumberKind::Withheld),
        ("sip:anonymous@anonymous.invalid", NumberKind::Withheld),
        ("<unknown>", NumberKind::Withheld),
        ("s", NumberKind::Withheld),
        ("101", NumberKind::Extension),
        ("0611", NumberKind::Extension),
        ("112", NumberKind::Short),
        ("1-12", NumberKind::Short),
        ("*72", NumberKind::Code),
        ("#31#", NumberKind::Code),
        ("tel:%2A21%2A", NumberKind::Code),
        ("*21*89161234567#", NumberKind::Code),
        ("*", NumberKind::Withheld),
        ("*72,101", NumberKind::Nonsense),
        ("*72@a&b", NumberKind::Code),
        ("*72&b", NumberKind::Nonsense),
        ("12", NumberKind::Extension),
        ("1234567", NumberKind::Nonsense),
        ("hello", NumberKind::Nonsense),
        ("+7000", NumberKind::Nonsense),
        ("7", NumberKind::Nonsense),
        ("1-800-FLOWERS", NumberKind::Nonsense),
    ] {
        let number = read(text);
        assert_eq!((number.kind(), number.e164()), (kind, None), "{text}");
    }
    assert_eq!(read(&"9".repeat(500)).kind(), NumberKind::Nonsense);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_an_e164_is_read_back_as_itself(text in "\\PC{0,80}|[0-9+() -]{0,20}") {
        let number = read(&text);
        prop_assert_eq!(number.e164().is_some(), number.kind() == NumberKind::External);
        if let Some(e164) = number.e164() {
            let again = read(e164);
            prop_assert_eq!(again.e164(), Some(e164));
        }
    }
}
