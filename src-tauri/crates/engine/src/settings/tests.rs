use super::*;
use crate::view::CommandError;

fn complete() -> (Settings, Secrets) {
    let settings = Settings {
        pbx_url: "pbx.example:8089".into(),
        pbx_user: "ringside".into(),
        extension: "101".into(),
        omnidesk_url: "company.omnidesk.ru".into(),
        email: "anna@company.example".into(),
        ..Settings::default()
    };
    (
        settings,
        Secrets {
            pbx_password: Some(Secret::anywhere("p")),
            api_key: Some(Secret::anywhere("k")),
        },
    )
}

#[test]
fn addresses_without_a_scheme_are_https() {
    let (settings, secrets) = complete();
    assert_eq!(settings.pbx(&secrets).unwrap().address().as_str(), "https://pbx.example:8089/");
    assert!(settings.omnidesk(&secrets).is_ok());
}

#[test]
fn what_was_kept_for_another_address_is_missing_and_what_is_typed_belongs_to_the_new_one() {
    let (before, _) = complete();
    let type_both = || TypedSecrets {
        pbx_password: Some("p".into()),
        api_key: Some("k".into()),
    };
    let kept = before.typed(&Secrets::default(), type_both());
    assert!(before.pbx(&kept).is_ok() && before.omnidesk(&kept).is_ok());
    let elsewhere = Settings {
        pbx_url: "http://pbx.example:8089".into(),
        plain_http: "http://pbx.example:8089".into(),
        omnidesk_url: "company.omnidesk.ru.evil.example".into(),
        ..before.clone()
    };
    let nothing = || TypedSecrets {
        pbx_password: None,
        api_key: Some(String::new()),
    };
    let same = elsewhere.typed(&kept, nothing());
    let about = |error: CommandError| error.about;
    assert_eq!(elsewhere.pbx(&same).err().and_then(about).as_deref(), Some("pbxPassword"));
    assert_eq!(elsewhere.omnidesk(&same).err().and_then(about).as_deref(), Some("apiKey"));
    let view = elsewhere.view(&same, SecretsView::Keychain);
    assert!(!view.has_pbx_password && !view.has_api_key);
    let typed = elsewhere.typed(&kept, type_both());
    assert!(elsewhere.pbx(&typed).is_ok() && elsewhere.omnidesk(&typed).is_ok());
    assert!(before.pbx(&typed).is_err(), "and not to the old one any more");
}

#[test]
fn what_is_missing_or_malformed_is_named() {
    let (good, secrets) = complete();
    let about = |settings: &Settings, secrets: &Secrets| settings.pbx(secrets).err().and_then(|error| error.about);
    for (settings, name) in [
        (
            Settings {
                pbx_url: String::new(),
                ..good.clone()
            },
            "pbxUrl",
        ),
        (
            Settings {
                pbx_url: "ftp://x".into(),
                ..good.clone()
            },
            "pbxUrl",
        ),
        (
            Settings {
                pbx_url: "https://user:secret@pbx".into(),
                ..good.clone()
            },
            "pbxUrl",
        ),
        (
            Settings {
                pbx_user: "ring:side".into(),
                ..good.clone()
            },
            "pbxUser",
        ),
        (
            Settings {
                extension: "10 1/..".into(),
                ..good.clone()
            },
            "extension",
        ),
    ] {
        assert_eq!(about(&settings, &secrets).as_deref(), Some(name));
    }
    for extension in [".", "..", "-", "_.-", "a/b", "a?b", "a%2fb", "доб1"] {
        let settings = Settings {
            extension: extension.into(),
            ..good.clone()
        };
        assert_eq!(about(&settings, &secrets).as_deref(), Some("extension"), "{extension}");
    }
    assert_eq!(about(&good, &Secrets::default()).as_deref(), Some("pbxPassword"));
    let nobody = Settings {
        email: "anna".into(),
        ..good
    };
    assert_eq!(
        nobody.omnidesk(&secrets).err().and_then(|error| error.about).as_deref(),
        Some("email")
    );
}

#[test]
fn another_address_is_another_account_and_another_spelling_of_it_is_not() {
    let named = |url: &str| Settings {
        omnidesk_url: url.into(),
        ..Settings::default()
    };
    let old = named("https://company.omnidesk.ru");
    for same in [
        "company.omnidesk.ru",
        "https://Company.Omnidesk.ru/",
        "https://company.omnidesk.ru:443/staff",
        "company.omnidesk.ru.",
    ] {
        assert!(!old.leaves_account(&named(same)), "{same}");
    }
    for other in ["other.omnidesk.ru", "company.omnidesk.com", "https://company.omnidesk.ru:8443", ""] {
        assert!(old.leaves_account(&named(other)), "{other}");
    }
    let somebody_else = Settings {
        email: "boris@company.example".into(),
        ..old.clone()
    };
    assert!(!old.leaves_account(&somebody_else));
    assert!(!named("").leaves_account(&old), "the first account");
}

#[test]
fn s18_numbers_are_written_as_the_dialplan_expects() {
    for (format, russian, other) in [
        (DialFormat::Digits, "79161234567", "4915112345678"),
        (DialFormat::Plus, "+79161234567", "+4915112345678"),
        (DialFormat::Eight, "89161234567", "8104915112345678"),
    ] {
        assert_eq!(
            (format.apply("+79161234567"), format.apply("+4915112345678")),
            (russian.into(), other.into())
        );
    }
}

#[test]
fn a_host_for_files_that_cannot_be_read_is_left_out_and_the_others_stay() {
    let text = r#"{"fileHosts": ["files.example.com", "10.0.0.1", "https://x.example", "*", "*.cdn.example.com"]}"#;
    let settings: Settings = serde_json::from_str(text).unwrap();
    let hosts: Vec<_> = settings.listed_hosts().iter().map(ToString::to_string).collect();
    assert_eq!(hosts, ["files.example.com", "*.cdn.example.com"]);
}

#[test]
fn a_provisioning_file_may_say_little_or_too_much() {
    let settings: Settings = serde_json::from_str(r#"{"pbxUrl": "https://pbx", "somethingNew": 1}"#).unwrap();
    assert_eq!((settings.pbx_url.as_str(), settings.region.as_str()), ("https://pbx", "RU"));
}

/// As the version before wrote it, which knew one kind of PBX and named none.
#[test]
fn what_the_version_before_has_kept_is_read_as_the_kind_of_pbx_that_it_knew() {
    let (now, secrets) = complete();
    let mut kept = serde_json::to_value(&now).unwrap();
    kept.as_object_mut().unwrap().remove("pbxVendor").unwrap();
    let before: Settings = serde_json::from_value(kept).unwrap();
    assert_eq!(before, now);
    let named = Settings {
        pbx_vendor: pbx::VENDORS[0].name.into(),
        ..now
    };
    let made = |settings: &Settings| format!("{:?}", settings.pbx(&secrets).unwrap());
    assert_eq!(made(&before), made(&named));
    let shown = before.view(&secrets, SecretsView::Keychain);
    assert_eq!(before.with(&shown), before, "and shown and saved, it stays as it was");
    let other = Settings {
        pbx_vendor: "feed".into(),
        ..before.clone()
    };
    assert!(made(&other) != made(&before) && before.changes_elsewhere(&other).eq(&false));
}

#[test]
fn s35_the_history_is_kept_for_thirteen_months_unless_an_office_says_otherwise() {
    let days = |months: u32| {
        let settings = Settings {
            history_months: months,
            ..Settings::default()
        };
        settings.kept_history() / (24 * 3_600_000)
    };
    assert_eq!(Settings::default().kept_history() / (24 * 3_600_000), 403);
    assert_eq!((days(0), days(6), days(u32::MAX)), (31, 186, 3_720), "no bound that makes no sense");
}
