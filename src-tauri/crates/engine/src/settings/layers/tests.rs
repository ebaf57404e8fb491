use super::*;
use crate::settings::fields::FieldSetting;
use crate::view::{SecretsView, SeveralView};
use calls::{DialPolicy, Permit};
use serde_json::json;

fn office(text: &Value) -> Office {
    let (office, refused) = Office::read(&text.to_string(), |pem| Ok::<_, ()>(pem.to_owned()));
    assert_eq!(refused, None);
    office
}

/// What an office, its publication and this computer say.
fn layers(says: &Value, published: &Value, own: &Value) -> Layers {
    let mut layers = Layers::new(&office(says), Layer::read(&published.to_string()).layer);
    layers.take_own(Layer::read(&own.to_string()));
    layers
}

/// Saves as the screen does.
fn saved(layers: &Layers, change: impl FnOnce(&mut Settings)) -> Result<Layers, CommandError> {
    let before = layers.settings();
    let mut after = before.clone();
    change(&mut after);
    layers.changed(&before, &after)
}

fn own(layers: &Layers) -> Value {
    serde_json::from_str(&layers.own_text()).unwrap()
}

#[test]
fn the_highest_layer_that_names_a_key_decides_unless_a_lower_one_has_locked_it() {
    use LayerView::{BuiltIn, Computer, Office, Published};
    let none = json!({});
    let says = |theme: &str| json!({ "theme": theme });
    let locks = |theme: &str| json!({ "theme": theme, "locked": ["theme"] });
    // (office, published, this computer; what holds, whose word it is, whether it is locked)
    for (office, published, own, holds, from, locked) in [
        (&none, &none, &none, "", BuiltIn, false),
        (&says("light"), &none, &none, "light", Office, false),
        (&says("light"), &says("dark"), &none, "dark", Published, false),
        (&says("light"), &none, &says("dark"), "dark", Computer, false),
        (&none, &says("light"), &says("dark"), "dark", Computer, false),
        (&says("light"), &says("dark"), &says(""), "", Computer, false),
        (&locks("light"), &none, &says("dark"), "light", Office, true),
        (&locks("light"), &says("dark"), &says("dark"), "light", Office, true),
        (&says("light"), &locks("dark"), &says("light"), "dark", Published, true),
        (&none, &locks("dark"), &none, "dark", Published, true),
        // A lock of this computer's own is none.
        (&none, &none, &locks("dark"), "dark", Computer, false),
    ] {
        let layers = layers(office, published, own);
        let what = format!("{office} {published} {own}");
        assert_eq!(layers.settings().theme, holds, "{what}");
        assert_eq!((layers.value("theme").0, layers.is_locked("theme")), (from, locked), "{what}");
        let origins = layers.origins();
        let shown = origins.iter().find(|origin| origin.key == "theme");
        assert_eq!(
            shown.map(|origin| (origin.from, origin.locked)),
            (from != BuiltIn).then_some((from, locked)),
            "{what}"
        );
        assert_eq!(
            saved(&layers, |settings| settings.theme = "other".into()).is_err(),
            locked,
            "{what}"
        );
    }
}

#[test]
fn this_computer_keeps_what_was_changed_on_it_and_what_says_the_offices_word_again_is_the_offices() {
    let before = layers(&json!({ "channel": "cch1", "region": "KZ" }), &json!({}), &json!({}));
    let changed = saved(&before, |settings| {
        settings.channel = "cch2".into();
        settings.extension = "101".into();
    })
    .unwrap();
    assert_eq!(own(&changed), json!({ "channel": "cch2", "extension": "101" }));
    let of_channel = |layers: &Layers| layers.origins().into_iter().find(|origin| origin.key == "channel").unwrap();
    let shown = of_channel(&changed);
    assert_eq!((shown.from, shown.office.as_deref()), (LayerView::Computer, Some("cch1")));
    let back = saved(&changed, |settings| settings.channel = "cch1".into()).unwrap();
    assert_eq!(own(&back), json!({ "extension": "101" }));
    assert_eq!((of_channel(&back).from, of_channel(&back).office), (LayerView::Office, None));
    // What the office says later reaches the desk, but for what is its own.
    let mut later = Layers::new(&office(&json!({ "channel": "cch3", "extension": "999" })), Layer::default());
    later.take_own(Layer::read(&back.own_text()));
    let settings = later.settings();
    assert_eq!((settings.channel.as_str(), settings.extension.as_str()), ("cch3", "101"));
}

#[test]
fn a_refused_change_of_a_locked_key_changes_no_other_either() {
    let before = layers(
        &json!({ "pbxUrl": "https://pbx.example", "locked": ["pbxUrl"] }),
        &json!({}),
        &json!({}),
    );
    let both = |settings: &mut Settings| {
        settings.extension = "101".into();
        settings.pbx_url = "https://evil.example".into();
    };
    let refused = saved(&before, both).unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("locked")));
    assert!(saved(&before, |settings| settings.extension = "101".into()).is_ok());
}

#[test]
fn what_an_office_decides_of_its_doors_is_locked_without_saying_so_and_its_yes_is_for_its_address() {
    let never = json!({ "premium": "never" });
    let says = json!({ "plainHttp": "http://10.0.0.5:8088", "fileHosts": ["files.example"], "dialPolicy": never });
    let at = |address: &str| {
        let desk = json!({ "pbxUrl": address, "plainHttp": "http://10.0.0.9", "dialPolicy": {}, "fileHosts": ["own.example"] });
        layers(&says, &json!({}), &desk)
    };
    let desk = at("http://10.0.0.5:8088");
    let settings = desk.settings();
    assert_eq!(settings.plain_http, "http://10.0.0.5:8088");
    assert_eq!(settings.file_hosts, ["files.example"]);
    assert_eq!(settings.dial_policy.premium, Permit::Never);
    let milder = saved(&desk, |settings| settings.dial_policy = DialPolicy::default());
    assert!(milder.is_err(), "not at the desk");
    assert_eq!(at("http://10.0.0.6:8088").settings().plain_http, "http://10.0.0.9", "its own");
    assert!(
        !layers(&json!({}), &json!({}), &json!({})).is_locked("dialPolicy"),
        "where the office says nothing"
    );
}

/// As the landed version before layers wrote it: every key, whether or not anybody had chosen it.
const WHOLE: &str = include_str!("whole-2026-11-29.json");

#[test]
fn settings_of_before_the_layers_stay_in_force_as_they_were_and_follow_the_office_in_what_it_says_alike() {
    let whole: Settings = serde_json::from_str(WHOLE).unwrap();
    for (says, follows) in [
        (json!({}), ["several", "language"].as_slice()),
        // What the office says alike, too.
        (
            json!({ "channel": "cch101", "email": "boris@company.example" }),
            &["several", "channel"],
        ),
        // What the desk says otherwise stays the desk's, were it the program's own default.
        (json!({ "several": "ask", "extension": "999", "context": "outside" }), &["language"]),
    ] {
        let mut layers = Layers::new(&office(&says), Layer::default());
        layers.take_own(Layer::read(WHOLE));
        let in_force = Settings {
            machine: whole.machine.clone(),
            ..layers.settings()
        };
        assert_eq!(in_force, whole, "{says}");
        for key in follows {
            assert!(!layers.is_own(key), "{says}: {key}");
        }
        for key in ["pbxUrl", "omnideskUrl", "extension", "email", "fields"] {
            assert!(layers.is_own(key), "{says}: {key}");
        }
        assert!(!layers.is_own("machine"));
        // Once stored, it is a layer like any other, and the office may change its mind.
        let stored = Layer::read(&layers.own_text());
        assert!(!stored.is_whole && !stored.unreadable && !stored.unknown);
        let mut again = Layers::new(
            &office(&json!({ "language": "en", "channel": "cch7", "context": "x" })),
            Layer::default(),
        );
        again.take_own(stored);
        assert_eq!(again.settings().pbx_url, whole.pbx_url);
        assert_eq!(again.settings().language, if layers.is_own("language") { "" } else { "en" });
    }
}

#[test]
fn what_was_saved_before_the_office_locked_it_comes_back_when_it_unlocks_it() {
    let desk = json!({ "several": "newest", "channel": "cch2" });
    let locked = layers(&json!({ "channel": "cch1", "locked": ["channel"] }), &json!({}), &desk);
    assert_eq!(locked.settings().channel, "cch1");
    let saved = saved(&locked, |settings| settings.several = SeveralView::Ask).unwrap();
    let mut unlocked = Layers::new(&office(&json!({ "channel": "cch1" })), Layer::default());
    unlocked.take_own(Layer::read(&saved.own_text()));
    assert_eq!(unlocked.settings().channel, "cch2");
}

#[test]
fn a_lock_without_a_value_locks_nothing_and_is_said() {
    for (says, idle) in [
        (json!({ "theme": "dark", "locked": ["theme"] }), [""; 0].as_slice()),
        (json!({ "theme": "dark", "locked": ["them", "theme"] }), &["them"]),
        (json!({ "theme": "dark", "locked": ["language"] }), &["language"]),
        (json!({ "several": "oldest", "locked": ["several"] }), &["several"]),
        // A key of a later version that the file names is that version's business.
        (json!({ "ofALaterVersion": 1, "locked": ["ofALaterVersion"] }), &[]),
    ] {
        let office = office(&says);
        assert_eq!(office.idle_locks, idle, "{says}");
        assert_eq!(office.unread, !idle.is_empty(), "{says}");
        let layers = Layers::new(&office, Layer::default());
        for name in idle {
            assert!(!layers.is_locked(name), "{says}");
        }
    }
    assert!(office(&json!({ "theme": "dark", "locked": "theme" })).unread);
}

#[test]
fn d5_settings_are_read_key_by_key_and_it_is_known_whether_that_was_all() {
    let read = |text: &str| {
        let read = Layer::read(text);
        (Value::Object(read.layer.values).to_string(), read.unreadable, read.unknown)
    };
    let sound = r#"{"extension":"101"}"#.to_owned();
    assert_eq!(read(&sound), (sound.clone(), false, false));
    assert_eq!(read("{}"), ("{}".into(), false, false));
    for strange in [
        r#""several":"oldest""#,
        r#""users":{"hours":-1}"#,
        r#""fields":[{"id":"name","format":"hologram"}]"#,
        r#""theme":null"#,
        r#""historyMonths":"many""#,
    ] {
        let text = format!(r#"{{"extension":"101",{strange}}}"#);
        assert_eq!(read(&text), (sound.clone(), true, false), "{strange}");
        assert!(Office::read(&text, |_| Ok::<_, ()>(String::new())).0.unread, "{strange}");
    }
    let later = r#"{"extension":"101","ofALaterVersion":1}"#;
    assert_eq!(read(later), (sound, false, true));
    assert!(
        !office(&serde_json::from_str(later).unwrap()).unread,
        "an office's file may say more than this version knows"
    );
    for torn in ["", r#"{"extension":"101""#, "[]", "null", r#""text""#] {
        assert_eq!(read(torn), ("{}".into(), true, false), "{torn}");
        assert!(Office::read(torn, |_| Ok::<_, ()>(String::new())).0.unread, "{torn}");
    }
}

#[test]
fn an_office_as_settings_says_what_differs_from_the_built_in() {
    let settings = Settings {
        extension: "101".into(),
        fields: vec![FieldSetting::built_in("name", true)],
        machine: "m".into(),
        file_hosts: vec!["files.example".into()],
        ..Settings::default()
    };
    let layers = Layers::new(&settings.clone().into(), Layer::default());
    assert_eq!(
        Settings {
            machine: "m".into(),
            ..layers.settings()
        },
        settings
    );
    let named: Vec<_> = layers.origins().into_iter().map(|origin| (origin.key, origin.locked)).collect();
    assert_eq!(
        named,
        [("extension", false), ("fields", false), ("fileHosts", true)].map(|(key, locked)| (key.to_owned(), locked))
    );
    let view = settings.view(&crate::Secrets::default(), SecretsView::Keychain);
    assert_eq!(
        layers.changed(&settings.with(&view), &settings.with(&view)).unwrap(),
        layers,
        "an unchanged screen"
    );
}

#[test]
fn what_each_layer_names_is_counted_and_what_two_of_them_lock_once() {
    let counted = layers(
        &json!({"extension": "101", "theme": "dark", "fileHosts": ["a.example"], "locked": ["theme"]}),
        &json!({"theme": "light", "several": "ask", "locked": ["theme", "several"]}),
        &json!({"language": "en"}),
    )
    .counted();
    assert_eq!((counted.office, counted.published, counted.own), (3, 2, 1));
    assert_eq!(counted.locked, 3, "theme, several and the files' hosts");
}
