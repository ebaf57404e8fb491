//! Plain HTTP only after a yes, and the office's certificates: what settings let through.

use super::*;
use crate::settings::in_the_open;
use crate::view::TroubleView;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, date_time_ymd};

fn secrets() -> Secrets {
    Secrets {
        pbx_password: Some(Secret::anywhere("p")),
        api_key: Some(Secret::anywhere("k")),
    }
}

fn at(pbx_url: &str) -> Settings {
    Settings {
        pbx_url: pbx_url.into(),
        pbx_user: "ringside".into(),
        extension: "101".into(),
        omnidesk_url: "company.omnidesk.ru".into(),
        email: "anna@company.example".into(),
        ..Settings::default()
    }
}

/// As the screen returns it.
fn saved(before: &Settings, change: impl FnOnce(&mut SettingsView)) -> Settings {
    let mut view = before.view(&secrets(), SecretsView::Keychain);
    change(&mut view);
    before.with(&view)
}

fn refusal(settings: &Settings) -> Option<(TroubleView, String)> {
    let error = settings.pbx(&secrets()).err()?;
    Some((error.trouble, error.about.unwrap_or_default()))
}

fn needs_a_yes() -> Option<(TroubleView, String)> {
    Some((TroubleView::PlainHttp, "plainHttp".into()))
}

#[test]
fn plain_http_needs_a_yes_and_a_yes_for_another_address_is_none() {
    for (address, needed) in [
        ("http://pbx.example:8088", true),
        (" HTTP://PBX.example:8088/asterisk ", true),
        ("http://10.0.0.5:8088", true),
        ("ht\ntp://pbx.example", true),
        ("http://localhost.example:8088", true),
        ("http://[::ffff:7f00:1]", true),
        ("http://127.0.0.1:8088", false),
        ("http://localhost:8088", false),
        ("http://[::1]:8088", false),
        ("https://pbx.example:8089", false),
        ("pbx.example:8089", false),
    ] {
        let settings = at(address);
        assert_eq!(refusal(&settings), needed.then(needs_a_yes).flatten(), "{address}");
        assert!(!settings.is_open() && !settings.view(&secrets(), SecretsView::Keychain).plain_http);
        let agreed = saved(&settings, |view| view.plain_http = true);
        assert_eq!(refusal(&agreed), None, "{address}");
        assert_eq!(agreed.is_open(), needed, "{address}");
        assert_eq!(
            agreed.plain_http.is_empty(),
            !needed,
            "a yes that is not needed is not kept: {address}"
        );
        for (other, open) in [("http://pbx2.example:8088", true), ("https://pbx.example:8088", false)] {
            let moved = Settings {
                pbx_url: other.into(),
                ..agreed.clone()
            };
            assert_eq!(refusal(&moved), open.then(needs_a_yes).flatten(), "{address} to {other}");
        }
    }
}

#[test]
fn a_yes_does_not_outlive_the_way_over_https() {
    let agreed = saved(&at("http://pbx.example:8088"), |view| view.plain_http = true);
    let mended = saved(&agreed, |view| view.pbx_url = "https://pbx.example:8089".into());
    let back = saved(&mended, |view| view.pbx_url = "http://pbx.example:8088".into());
    assert_eq!(refusal(&back), needs_a_yes());
    let taken_back = saved(&agreed, |view| view.plain_http = false);
    assert_eq!(refusal(&taken_back), needs_a_yes());
}

#[test]
fn what_an_earlier_version_stored_and_what_an_office_gives_is_no_yes_unless_it_says_so() {
    let read = |more: &str| -> Settings {
        let text = format!(
            r#"{{"pbxUrl": "http://pbx.example:8088", "pbxUser": "ringside", "extension": "101", "email": "a@b.example",
               "omnideskUrl": "company.omnidesk.ru"{more}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(refusal(&read("")), needs_a_yes());
    assert_eq!(refusal(&read(r#", "plainHttp": """#)), needs_a_yes());
    assert_eq!(refusal(&read(r#", "plainHttp": "http://other.example:8088""#)), needs_a_yes());
    assert_eq!(refusal(&read(r#", "plainHttp": "http://pbx.example:8088""#)), None);
    assert!(
        serde_json::from_str::<Settings>(r#"{"plainHttp": true}"#).is_err(),
        "it names the address"
    );
    assert_eq!(
        in_the_open::yes(&Url::parse("http://pbx.example:8088/ari").unwrap()),
        "http://pbx.example:8088"
    );
}

#[test]
fn what_is_missing_besides_is_said_first() {
    let mut settings = at("http://pbx.example:8088");
    settings.extension.clear();
    assert_eq!(refusal(&settings), Some((TroubleView::BadSetting, "extension".into())));
}

#[test]
fn omnidesk_is_reached_by_https_whatever_anybody_says() {
    let mut settings = at("https://pbx.example");
    for address in [
        "http://company.omnidesk.ru",
        "http://10.0.0.5",
        "http://0.0.0.0:1",
        "http://company.localhost",
    ] {
        settings.omnidesk_url = address.into();
        settings.plain_http = address.into();
        let about = settings.omnidesk(&secrets()).err().and_then(|error| error.about);
        assert_eq!(about.as_deref(), Some("omnideskUrl"), "{address}");
    }
}

fn authority(until: i32) -> (String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Office CA");
    (params.not_before, params.not_after) = (date_time_ymd(2010, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[test]
fn the_offices_certificates_are_kept_without_anything_that_stood_beside_them_and_shown() {
    let (pem, _) = authority(2090);
    let settings = saved(&at("https://pbx.example"), |view| view.pbx_ca = format!("words\n{pem}words"));
    assert_eq!(settings.pbx_ca.replace('\n', ""), pem.replace(['\r', '\n'], ""));
    let prepared = settings.pbx(&secrets()).unwrap();
    assert_eq!(prepared.authority().map(|authority| authority.certificates().len()), Some(1));
    let shown = settings.view(&secrets(), SecretsView::Keychain).pbx_certificates;
    assert_eq!(
        shown.iter().map(|c| (c.name.as_str(), c.holds)).collect::<Vec<_>>(),
        [("Office CA", true)]
    );
    let again: Settings = serde_json::from_str(&serde_json::to_string(&settings).unwrap()).unwrap();
    assert_eq!(again, settings);
    assert_eq!(saved(&settings, |view| view.extension = "102".into()).pbx_ca, settings.pbx_ca);
    assert_eq!(saved(&settings, |view| view.pbx_ca = " \n".into()).pbx_ca, "");
}

#[test]
fn a_text_that_is_no_certificate_is_refused_with_its_reason_and_never_written_down() {
    let (pem, key) = authority(2090);
    let inside: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    for (text, reason) in [
        ("nothing".to_owned(), "none"),
        ("/etc/shadow".to_owned(), "none"),
        (key.clone(), "privateKey"),
        (format!("{pem}{key}"), "privateKey"),
        (
            format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----"),
            "malformed",
        ),
        (pem[..pem.len() - 40].to_owned(), "malformed"),
        (pem.repeat(100), "tooLarge"),
        ("x".repeat(10_000_000), "tooLarge"),
    ] {
        let settings = saved(&at("https://pbx.example"), |view| view.pbx_ca = text);
        let expected = (TroubleView::BadSetting, format!("pbxCa.{reason}"));
        assert_eq!(refusal(&settings), Some(expected));
        assert!(settings.view(&secrets(), SecretsView::Keychain).pbx_certificates.is_empty());
        let written: Settings = serde_json::from_str(&serde_json::to_string(&settings).unwrap()).unwrap();
        assert_eq!(written.pbx_ca, "");
    }
}

#[test]
fn certificates_of_the_past_are_refused_where_they_are_given_and_stand_in_nobodys_way_later() {
    let (old, _) = authority(2020);
    let settings = saved(&at("https://pbx.example"), |view| view.pbx_ca = old);
    let reason = office_ca::is_of_use(&settings.pbx_ca, now()).err().and_then(|error| error.about);
    assert_eq!(reason.as_deref(), Some("pbxCa.expired"));
    assert_eq!(refusal(&settings), None);
    assert!(!settings.view(&secrets(), SecretsView::Keychain).pbx_certificates[0].holds);
}
