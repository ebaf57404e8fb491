use super::*;
use ::hostile::texts;
use EnrolmentFault::{Bad, Empty, NotOne, OtherVersion, Secret, TooLong, Twice};
use proptest::prelude::*;

const GOOD: &str = "ringside://setup?v=1&pbxUrl=https://pbx.example:8089&extension=204&pbxUser=ringside\
                    &omnideskUrl=https://company.omnidesk.ru&email=a%2Bb@company.example&channel=cch101&region=KZ&language=ru";

fn refused(link: &str) -> Refused {
    match Enrolment::read(link) {
        Ok(read) => panic!("{link} was read: {read:?}"),
        Err(refused) => refused,
    }
}

fn with(more: &str) -> String {
    format!("ringside://setup?v=1&{more}")
}

#[test]
fn d6_a_link_says_each_setting_once_and_is_written_in_one_way() {
    let read = Enrolment::read(GOOD).unwrap();
    let said = |key: &str| read.values.iter().find(|(name, _)| *name == key).map(|(_, text)| text.as_str());
    assert_eq!(said("pbxUrl"), Some("https://pbx.example:8089"));
    assert_eq!((said("email"), said("region")), (Some("a+b@company.example"), Some("KZ")));
    assert_eq!((read.values.len(), read.unknown.len()), (8, 0));
    assert_eq!(read.link(), GOOD);
    for (given, written) in [
        (with("pbxUrl=pbx.example"), with("pbxUrl=https://pbx.example")),
        (with("pbxUrl=HTTPS://PBX.example/"), with("pbxUrl=https://pbx.example")),
        // Plain HTTP is said, and takes the agent's own yes later.
        (with("pbxUrl=http%3a%2F%2F10.0.0.5:8088"), with("pbxUrl=http://10.0.0.5:8088")),
        // A letter that only looks like another is seen for what it is.
        (with("pbxUrl=https://%D1%80bx.example"), with("pbxUrl=https://xn--bx-kmc.example")),
        (
            with("region=KZ&pbxUrl=https://pbx.example"),
            with("pbxUrl=https://pbx.example&region=KZ"),
        ),
        (with("region=kz"), with("region=KZ")),
        (with("extension=204&newSetting=x&other="), with("extension=204&newSetting=&other=")),
        ("RINGSIDE://Setup/?extension=204&v=1".into(), with("extension=204")),
        (
            with("context=%D0%B8%D0%B7 офиса"),
            with("context=%D0%B8%D0%B7%20%D0%BE%D1%84%D0%B8%D1%81%D0%B0"),
        ),
    ] {
        assert_eq!(Enrolment::read(&given).unwrap().link(), written, "{given}");
    }
}

#[test]
fn d6_what_is_no_such_link_or_more_than_one_sets_nothing() {
    for (link, fault) in [
        (String::new(), NotOne),
        ("ringside:".into(), NotOne),
        ("ringside://setup".into(), NotOne),
        ("ringside://setup?".into(), NotOne),
        ("ringside://other?v=1&extension=204".into(), NotOne),
        ("ringside://setup.evil.example?v=1&extension=204".into(), NotOne),
        ("https://setup?v=1&extension=204".into(), NotOne),
        ("ringside://setup?extension=204".into(), NotOne),
        (with("extension"), NotOne),
        (with("=204"), NotOne),
        (with("extension=%"), NotOne),
        (with("extension=%2"), NotOne),
        (with("extension=%zz"), NotOne),
        (with("extension=%FF"), NotOne),
        (with("пароль=1"), NotOne),
        ("ringside://setup?v=2&extension=204".into(), OtherVersion),
        ("ringside://setup?v=&extension=204".into(), OtherVersion),
        ("ringside://setup?v=1".into(), Empty),
        (with("newSetting=1"), Empty),
        // What an office decides for all, and the yes to plain HTTP, are nothing that a link says.
        (with("plainHttp=http://pbx.example&pbxCa=x&dialPolicy=x&fileHosts=x"), Empty),
        (with(&format!("context={}", "x".repeat(1 << 20))), TooLong),
        (
            with(
                &["context", "recordingFolder"]
                    .map(|key| format!("{key}={}", "ж".repeat(90)))
                    .join("&"),
            ),
            TooLong,
        ),
    ] {
        assert_eq!(refused(&link), (fault, None), "{}", link.chars().take(80).collect::<String>());
    }
    for (more, key) in [
        ("extension=204&extension=204", Some("extension")),
        ("pbxUrl=https://a.example&extension=1&pbxUrl=https://b.example", Some("pbxUrl")),
        ("v=1&extension=204", None),
        ("extension=204&Extension=205", None),
    ] {
        assert_eq!(refused(&with(more)), (Twice, key), "{more}");
    }
}

#[test]
fn d4_d6_a_link_with_a_secret_is_none() {
    for name in [
        "password",
        "pbxPassword",
        "PBXPASSWORD",
        "passwd",
        "pwd",
        "apiKey",
        "api_key",
        "api-key",
        "api.key",
        "apiKeyValue",
        "omnideskKey",
        "private_key",
        "key",
        "secret",
        "token",
        "accessToken",
        "authorization",
        "credentials",
    ] {
        assert_eq!(refused(&with(&format!("extension=204&{name}=x"))), (Secret, None), "{name}");
        assert_eq!(refused(&with(&format!("{name}=&extension=204"))), (Secret, None), "{name}");
    }
}

#[test]
fn d6_a_value_that_a_person_could_not_type_there_is_refused_by_its_name() {
    for (key, values) in [
        (
            "pbxUrl",
            &[
                "",
                "ftp://pbx.example",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "ws://pbx.example",
                "https://",
                "https://user@pbx.example",
                "https://user:word@pbx.example",
                "https://pbx.example@evil.example",
                "https://pbx.example/%3Fapi=x",
                "https://pbx.example/%23x",
                "https://pbx.example%0Aevil",
                "https://pbx.example%00",
                "%20https://pbx.example",
                "https://pbx%E2%80%AE.example",
                "ringside://setup",
            ][..],
        ),
        (
            "omnideskUrl",
            &["http://company.omnidesk.ru", "ftp://x.example", "https://a@b.example"][..],
        ),
        ("extension", &["", "1:2", "20%0A4", "204%E2%80%8B", "%20204", "204%09"][..]),
        ("email", &["anna", "a:b@c.example", "a@b%0D%0Ac"][..]),
        ("channel", &["cch101/../x", "cch 1", "../users"][..]),
        ("region", &["XX", "RUS", "r", ""][..]),
        ("language", &["de", "RU"][..]),
        ("dialFormat", &["any", ""][..]),
        ("pbxVendor", &["unknown", "ARI"][..]),
        ("context", &["", "from%0Ainternal", "%E2%80%AEx"][..]),
    ] {
        for text in values {
            assert_eq!(refused(&with(&format!("{key}={text}"))), (Bad, Some(key)), "{key}={text}");
        }
    }
    assert_eq!(refused(&with(&format!("context={}", "x".repeat(201)))), (Bad, Some("context")));
}

#[test]
fn d6_whatever_hostile_text_stands_in_a_link_it_is_refused_or_says_nothing_that_is_not_seen() {
    for hostile in texts() {
        for link in [
            hostile.text.clone(),
            with(&hostile.text),
            format!("ringside://setup?{}", hostile.text),
        ] {
            if let Ok(read) = Enrolment::read(&link) {
                assert_eq!(Enrolment::read(&read.link()).as_ref(), Ok(&read), "{}", hostile.name);
            }
        }
        for (key, _) in SETTINGS {
            let Ok(read) = Enrolment::read(&with(&format!("{key}={}", encoded(&hostile.text)))) else {
                continue;
            };
            let [(_, text)] = &read.values[..] else {
                panic!("{}", hostile.name)
            };
            assert!(text.chars().all(::hostile::is_harmless), "{key}: {}", hostile.name);
            assert!(read.link().is_ascii() && read.link().len() <= LONGEST, "{key}: {}", hostile.name);
        }
    }
}

fn settings() -> SettingsView {
    SettingsView {
        pbx_url: "https://pbx.example:8089".into(),
        plain_http: true,
        pbx_ca: "-----BEGIN CERTIFICATE-----".into(),
        pbx_user: "ringside-204".into(),
        extension: "204".into(),
        context: "from-internal".into(),
        omnidesk_url: "https://company.omnidesk.ru/".into(),
        email: "anna@company.example".into(),
        channel: "cch101".into(),
        region: "RU".into(),
        has_api_key: true,
        ..SettingsView::default()
    }
}

#[test]
fn d6_a_computers_link_holds_the_offices_settings_and_of_an_agent_only_what_is_given() {
    let made = settings().enrolment_link(&EnrolmentFor::default()).unwrap();
    assert_eq!(
        made.link,
        with(
            "pbxVendor=ari&pbxUrl=https://pbx.example:8089&context=from-internal&dialFormat=digits&omnideskUrl=https://company.omnidesk.ru\
             &channel=cch101&region=RU"
        )
    );
    let agent = EnrolmentFor {
        pbx_user: " ringside-205 ".into(),
        extension: "205".into(),
        email: "boris@company.example".into(),
    };
    let made = settings().enrolment_link(&agent).unwrap();
    let EnrolmentView::Read { values, unknown } = EnrolmentView::from(&Enrolment::read(&made.link)) else {
        panic!("{}", made.link)
    };
    assert_eq!((values, unknown.len()), (made.values, 0));
    assert!(
        made.link.contains("extension=205") && made.link.contains("pbxUser=ringside-205"),
        "{}",
        made.link
    );
    let long = SettingsView {
        context: "ж".repeat(99),
        recording_folder: "ж".repeat(99),
        ..settings()
    };
    for (wrong, about) in [
        (
            SettingsView {
                pbx_url: "https://a:b@pbx.example".into(),
                ..settings()
            },
            "pbxUrl",
        ),
        (
            SettingsView {
                channel: "../x".into(),
                ..settings()
            },
            "channel",
        ),
        (long, "link"),
    ] {
        assert_eq!(wrong.enrolment_link(&agent).unwrap_err().about.as_deref(), Some(about));
    }
}

proptest! {
    #[test]
    fn d6_what_was_read_is_read_again_from_what_is_written(more in "([a-zA-Z]{1,12}=[ -~а-я%]{0,30}&){0,6}extension=[0-9]{1,6}") {
        if let Ok(read) = Enrolment::read(&with(&more)) {
            let link = read.link();
            prop_assert!(link.is_ascii() && !link.contains(char::is_whitespace));
            prop_assert_eq!(Enrolment::read(&link), Ok(read));
        }
    }

    #[test]
    fn d6_any_settings_make_a_link_that_says_them_or_none(user in "\\PC{0,20}", context in "\\PC{0,40}", host in "[a-z]{1,20}") {
        let of = SettingsView { pbx_url: format!("https://{host}.example/"), context, ..settings() };
        let agent = EnrolmentFor { pbx_user: user, ..EnrolmentFor::default() };
        if let Ok(made) = of.enrolment_link(&agent) {
            let read = Enrolment::read(&made.link);
            prop_assert_eq!(read.map(|read| read.said()), Ok(made.values));
        }
    }
}
