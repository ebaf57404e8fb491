use super::*;
use crate::phone::NumberKind;
use proptest::prelude::*;

/// What the text of a link is read as afterwards, in an office in Russia: what is dialled, and the inner number.
fn dialled(text: &str) -> (Option<String>, Option<String>) {
    let number = Number::read(text, Region::default());
    (number.to_dial(), number.extension().map(str::to_owned))
}

#[test]
fn d2_links_are_read_by_their_grammar() {
    for (link, asked) in [
        // RFC 3966: global numbers, visual separators, percents, parameters.
        ("tel:+7-916-123-45-67", "+79161234567"),
        ("TEL:+7.916.(123).45-67", "+79161234567"),
        ("tel:+7%20916%20123-45-67", "+79161234567"),
        ("tel:%2B79161234567", "+79161234567"),
        ("tel:+7 916 123 45 67", "+79161234567"),
        ("tel:+1-201-555-0123;isub=12345;x-mark=a%20b", "+12015550123"),
        ("tel:+74951234567;ext=102", "+74951234567#102"),
        ("tel:+74951234567;EXT=1-0-2", "+74951234567#102"),
        ("tel:+74951234567;ext=12345678", "+74951234567"),
        ("tel:+74951234567,,102", "+74951234567#102"),
        // Local numbers, and where they are at home.
        ("tel:2000001;phone-context=+7495", "+74952000001"),
        ("tel:1234;phone-context=+1-914-555", "+19145551234"),
        ("tel:2000001;phone-context=+7495;ext=5", "+74952000001#5"),
        ("tel:863-1234;phone-context=+1-914-555", "8631234"),
        ("tel:7042;phone-context=example.com", "7042"),
        ("tel:7042;phone-context=example.com.", "7042"),
        ("tel:112;phone-context=+7", "112"),
        ("tel:+79161234567;phone-context=+1", "+79161234567"),
        ("tel:89161234567", "89161234567"),
        ("tel:101", "101"),
        ("tel:101;ext=5", "101"),
        ("tel:030/901820", "030901820"),
        // Service codes: asked about later, but read as they stand.
        ("tel:*21*89161234567#", "*21*89161234567#"),
        ("tel:%2A21%2A89161234567%23", "*21*89161234567#"),
        ("tel:%2331%23", "#31#"),
        // As browsers, mail programs and other scripts hand them over.
        ("  tel:+79161234567\n", "+79161234567"),
        ("tel://+79161234567", "+79161234567"),
        ("tel:＋７９１６１２３４５６７", "+79161234567"),
        ("tel:\u{202a}+7\u{2011}916\u{a0}123-45-67\u{202c}", "+79161234567"),
        // Addresses.
        ("sip:+79161234567@pbx.example;user=phone?subject=x", "+79161234567"),
        ("sips:101@10.0.0.5:5061", "101"),
        ("sip:101:secret@pbx.example", "101"),
        ("sip:+74951234567;ext=102@pbx.example", "+74951234567#102"),
        ("sip:101", "101"),
        ("callto:+79161234567", "+79161234567"),
        ("callto://89161234567", "89161234567"),
        ("callto:101?call", "101"),
        ("CallTo:101@pbx.example", "101"),
        // A number in a link's place.
        ("8 (916) 123-45-67", "89161234567"),
        ("+7 495 123-45-67;ext=102", "+74951234567#102"),
    ] {
        let read = read_phone_link(link).unwrap_or_default();
        assert_eq!(read, asked, "{link}");
    }
}

#[test]
fn d2_a_link_that_names_anything_beside_a_number_asks_for_nothing() {
    for link in [
        "",
        " ",
        "tel:",
        "tel:+",
        "tel:-",
        "tel:*",
        "tel:04910000000*00000000",
        "tel:84951234567*00000000",
        "tel:101&PJSIP/102",
        "tel:101%26PJSIP/102",
        "tel:101@context",
        "tel:101%40context",
        "tel:101,SIP/102",
        "tel:101\nAction: Originate",
        "tel:101%0d%0aAction:%20Originate",
        "tel:101%00",
        "tel:1\u{1b}[2J01",
        "tel:101\u{2028}102",
        "tel:Local/101@from-internal",
        "Local/101@from-internal",
        "PJSIP/101",
        "101&102",
        "101@89161234567",
        "tel:+7+916",
        "tel:7+916",
        "tel:+7916*21#",
        "tel:%252A21%23",
        "tel:%",
        "tel:%2",
        "tel:%zz1",
        "tel:%FF101",
        "tel:1-800-FLOWERS",
        "tel:dead",
        "tel:10.0.0.5",
        "tel: 10.0.0.5 ",
        "tel:<101>",
        "tel:101|102",
        "tel:101;",
        "tel:101;=1",
        "tel:101;ext=SIP/1",
        "tel:+74951234567;ext=7,8",
        "tel:101;ext=*21",
        "tel:+74951234567;ext=1;ext=2",
        "tel:+74951234567;m-lata=1",
        "tel:101;phone-context=",
        "tel:81;phone-context=0190255555",
        "tel:81;phone-context=x&y",
        "tel:81;phone-context=+1234567890123456",
        "tel:81;phone-context=10.0.0.5",
        "tel:tel:101",
        "tel:sip:101@pbx.example",
        "sip:pbx.example",
        "sip:10.0.0.5",
        "sip:[::1]",
        "sip:@pbx.example",
        "sip:101@",
        "sip:81%400190255555@pbx.example",
        "sip:81@0190255555@pbx.example",
        "sip:anna@pbx.example",
        "callto:anna",
        "callto:anna@pbx.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ringside:setup",
        "https://example.com/101",
    ] {
        assert_eq!(read_phone_link(link), Err(PhoneLinkTrouble::NoNumber), "{link:?}");
    }
    assert_eq!(read_phone_link(&format!("tel:{}", "1".repeat(33))), Err(PhoneLinkTrouble::NoNumber));
    for long in ["tel:1".repeat(1 << 18), format!("tel:{}", "%31".repeat(1 << 19))] {
        assert_eq!(read_phone_link(&long), Err(PhoneLinkTrouble::TooLong));
    }
}

#[test]
fn d2_links_are_known_by_their_scheme() {
    for link in ["tel:", "TEL:1", " sip:x", "sips:x", "callto:x"] {
        assert!(is_phone_link(link), "{link}");
    }
    for other in ["", "tel", ":", "tel :1", "xtel:1", "http://x", "101", "--hidden", "tеl:1"] {
        assert!(!is_phone_link(other), "{other}");
    }
}

#[test]
fn d2_what_a_link_asks_for_is_read_as_this_number_and_its_inner_number_is_not_dialled() {
    for (link, dial, inner) in [
        ("tel:+7-495-123-45-67;ext=102", "+74951234567", Some("102")),
        ("tel:89161234567", "+79161234567", None),
        ("sip:101@pbx.example", "101", None),
        ("tel:%2A72", "*72", None),
        ("tel:112;phone-context=+7", "112", None),
    ] {
        let asked = read_phone_link(link).unwrap();
        assert_eq!(dialled(&asked), (Some(dial.to_owned()), inner.map(str::to_owned)), "{link}");
    }
    let code = Number::read(&read_phone_link("tel:*21*89161234567#").unwrap(), Region::default());
    assert_eq!(code.kind(), NumberKind::Code, "the guard asks");
}

/// Texts of what links are made of, and of what does not belong in them.
fn links() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,12}",
        "\\+?[78][0-9]{10}",
        proptest::sample::select(vec![
            "+",
            "*",
            "#",
            "-",
            ".",
            "(",
            ")",
            " ",
            "%20",
            "%2B",
            "%2a",
            "%23",
            "%40",
            "%00",
            "%0A",
            "@",
            "&",
            "/",
            ",",
            ";",
            ";ext=",
            ";phone-context=",
            ";phone-context=+7495",
            "=",
            "?",
            ":",
            "@pbx.example",
            "Local/",
            "\n",
            "\u{202e}",
            "٧",
            "％",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
        "\\pC{0,2}",
    ];
    let scheme = proptest::sample::select(vec!["tel:", "sip:", "sips:", "callto:", "TEL://", "", "x:"]);
    (scheme, proptest::collection::vec(piece, 0..7)).prop_map(|(scheme, pieces)| format!("{scheme}{}", pieces.concat()))
}

proptest! {
    #[test]
    fn d2_whatever_the_link_nothing_but_keys_comes_out_and_no_other_digits_are_dialled(link in links()) {
        let Ok(asked) = read_phone_link(&link) else { return Ok(()) };
        prop_assert!(asked.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)), "{asked}");
        prop_assert!(asked.contains(|c: char| c.is_ascii_digit()) && asked.len() <= 48, "{asked}");
        prop_assert!(!asked.trim_start_matches('+').contains('+'), "{asked}");
        let number = Number::read(&asked, Region::default());
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if let Some(dial) = number.to_dial() {
            prop_assert!(dial.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)), "{asked} dials {dial}");
            let shown = asked.split('#').next().filter(|_| number.extension().is_some()).unwrap_or(&asked);
            prop_assert!(number.e164().is_some() || digits(&dial) == digits(shown), "{asked} dials {dial}");
        }
    }

    #[test]
    fn d2_any_text_is_read_without_a_panic(text in "(\\PC|\\pC|[0-9+%();=@:]){0,200}") {
        let _ = (read_phone_link(&text), is_phone_link(&text));
    }
}

#[test]
fn d2_hostile_texts_are_no_links_and_ask_for_nothing_but_keys() {
    for hostile in hostile::texts() {
        for link in [
            hostile.text.clone(),
            format!("tel:{}", hostile.text),
            format!("sip:101@{}", hostile.text),
        ] {
            let asked = read_phone_link(&link).unwrap_or_default();
            assert!(
                asked.chars().all(|c| c.is_ascii_digit() || "+*#".contains(c)),
                "{}: {asked}",
                hostile.name
            );
        }
    }
}
