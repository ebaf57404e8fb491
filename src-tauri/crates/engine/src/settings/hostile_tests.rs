//! Hostile texts in every setting: refused by name, or harmless where the setting becomes part of an address.

use super::*;
use ::hostile::texts;

type Change = fn(&mut Settings, String);

const FIELDS: [(&str, Change); 13] = [
    ("pbxVendor", |settings, text| settings.pbx_vendor = text),
    ("pbxUrl", |settings, text| settings.pbx_url = text),
    ("pbxUser", |settings, text| settings.pbx_user = text),
    ("extension", |settings, text| settings.extension = text),
    ("context", |settings, text| settings.context = text),
    ("omnideskUrl", |settings, text| settings.omnidesk_url = text),
    ("email", |settings, text| settings.email = text),
    ("channel", |settings, text| settings.channel = text),
    ("callIdField", |settings, text| settings.call_id_field = text),
    ("claimField", |settings, text| settings.claim_field = text),
    ("region", |settings, text| settings.region = text),
    ("language", |settings, text| settings.language = text),
    ("machine", |settings, text| settings.machine = text),
];

fn complete() -> (Settings, Secrets) {
    let settings = Settings {
        pbx_url: "https://pbx.example:8089".into(),
        pbx_user: "ringside".into(),
        extension: "101".into(),
        omnidesk_url: "https://company.omnidesk.ru".into(),
        email: "anna@company.example".into(),
        machine: "0a1b2c3d".into(),
        ..Settings::default()
    };
    let typed = TypedSecrets {
        pbx_password: Some("password".into()),
        api_key: Some("key".into()),
    };
    let secrets = settings.typed(&Secrets::default(), typed);
    (settings, secrets)
}

#[test]
fn any_hostile_text_in_any_setting_is_refused_by_its_name_or_leads_nowhere_else() {
    let (good, secrets) = complete();
    for (field, change) in FIELDS {
        for hostile in texts() {
            let mut settings = good.clone();
            change(&mut settings, hostile.text.clone());
            let what = format!("{field}: {}", hostile.name);
            match settings.pbx(&secrets) {
                // The secret belongs to this address: whatever was accepted leads there. What the vendor makes of its own
                // fields is tried where they are read.
                Ok(prepared) => assert_eq!(prepared.address().origin(), Url::parse(&good.pbx_url).unwrap().origin(), "{what}"),
                Err(error) => {
                    // Another address has no password; nothing else is complained about but the setting itself.
                    let about = error.about.unwrap_or_default();
                    let password = field == "pbxUrl" && matches!(about.as_str(), "pbxPassword" | "plainHttp");
                    assert!(about == field || password, "{what}: {about}");
                }
            }
            // A client costs some milliseconds: only where the setting is one of its own.
            if !["omnideskUrl", "email"].contains(&field) {
                continue;
            }
            match settings.omnidesk(&secrets) {
                Ok(_) => assert_eq!(settings.account(), good.account(), "{what}"),
                Err(error) => {
                    let about = error.about.unwrap_or_default();
                    assert!(about == field || field == "omnideskUrl" && about == "apiKey", "{what}: {about}");
                }
            }
        }
    }
}

#[test]
fn any_hostile_text_that_comes_from_the_settings_screen_is_kept_as_one_line_of_bounded_length() {
    let (good, _) = complete();
    for hostile in texts() {
        let text = || hostile.text.clone();
        let view = SettingsView {
            pbx_vendor: text(),
            pbx_url: text(),
            pbx_user: text(),
            extension: text(),
            context: text(),
            omnidesk_url: text(),
            email: text(),
            channel: text(),
            call_id_field: text(),
            claim_field: text(),
            region: text(),
            language: text(),
            theme: text(),
            ..good.view(&Secrets::default(), SecretsView::Keychain)
        };
        let kept = good.with(&view);
        for value in [
            &kept.pbx_vendor,
            &kept.pbx_url,
            &kept.pbx_user,
            &kept.extension,
            &kept.context,
            &kept.omnidesk_url,
            &kept.email,
            &kept.channel,
            &kept.call_id_field,
            &kept.claim_field,
            &kept.region,
            &kept.language,
            &kept.theme,
        ] {
            assert!(
                !value.chars().any(char::is_control) && value.chars().count() <= LONGEST,
                "{}",
                hostile.name
            );
        }
    }
}

#[test]
fn a_settings_file_of_hostile_texts_is_read_or_refused_and_never_half_trusted() {
    for hostile in texts() {
        let file = serde_json::json!({ "pbxUrl": hostile.text, "extension": hostile.text, hostile.text.clone(): hostile.text }).to_string();
        if let Ok(settings) = serde_json::from_str::<Settings>(&file) {
            let (_, secrets) = complete();
            assert!(settings.pbx(&secrets).is_err(), "{}: no password was kept for it", hostile.name);
        }
        assert!(
            serde_json::from_str::<Settings>(&hostile.text).is_err() || hostile.text.starts_with('{'),
            "{}",
            hostile.name
        );
    }
}
