use std::collections::BTreeMap;
use std::path::Path;

/// What several windows may ask, and why each may hear the answer.
const SHARED: &[(&str, &str)] = &[
    ("desk", "each window gets its own part"),
    ("search_users", "the dial window gets names and numbers"),
    ("read_number", "the dial window gets a name and numbers"),
    ("popup_appearance", "language and theme"),
    ("window_ground", "nothing is answered"),
    ("zoom", "nothing is answered; one size for all windows"),
    (
        "ring_sound",
        "the sound that was chosen for calls: the settings let it be heard, the popup plays it",
    ),
    ("dial", "the new call's id, or what is asked about the number given"),
    ("choose_user", "nothing is answered"),
    ("hang_up", "nothing is answered"),
    ("undo_outcome", "nothing is answered"),
    ("open_route", "nothing is answered"),
    ("save_draft", "the moment of saving"),
    ("send_draft", "nothing is answered"),
    ("focus_popup", "nothing is answered"),
    ("pause_popups", "nothing is answered"),
    ("knows_of_missed", "nothing is answered"),
    ("pick_labels", "nothing is answered"),
    ("read_when", "the moment that was typed"),
    ("when_choices", "moments"),
    ("remind", "nothing is answered"),
    ("remind_later", "nothing is answered"),
    ("end_reminder", "nothing is answered"),
    (
        "phrases_for",
        "texts, with what is known of the call named; the popup knows its own calls' names alone",
    ),
];

fn exported() -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    super::specta_builder()
        .export(specta_typescript::Typescript::default(), file.path())
        .unwrap();
    std::fs::read_to_string(file.path()).unwrap()
}

#[test]
fn an_event_is_a_number_and_nothing_else() {
    let exported = exported();
    let (_, list) = exported.split_once("export const events = {").unwrap();
    let (list, _) = list.split_once("};").unwrap();
    let types: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_once("makeEvent<")?.1.split(',').next())
        .collect();
    assert_eq!(
        types,
        [
            "ClosingAsked",
            "DeskChanged",
            "DialOpened",
            "HotkeysChanged",
            "Navigate",
            "PopupRoom",
            "PopupTurnedTo",
            "RestAsked",
            "VersionKnown"
        ]
    );
    for event in types {
        let number = format!("export type {event} = number;");
        assert!(exported.contains(&number), "{event} carries more than a number");
    }
}

#[test]
fn what_several_windows_may_ask_is_known_and_has_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities");
    let mut askers: BTreeMap<String, usize> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let capability: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(capability["windows"].as_array().unwrap().len(), 1, "{text}");
        for permission in capability["permissions"].as_array().unwrap() {
            let permission = permission.as_str().unwrap();
            let own = permission.strip_prefix("allow-").map(|command| command.replace('-', "_"));
            match own {
                Some(command) => *askers.entry(command).or_default() += 1,
                None => assert!(
                    ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&permission),
                    "{permission}"
                ),
            }
        }
    }
    let shared: Vec<&str> = askers
        .iter()
        .filter(|(_, windows)| **windows > 1)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut known: Vec<&str> = SHARED.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(shared, known);
}

#[test]
fn no_script_reaches_more_than_the_commands_of_its_window() {
    let text = include_str!("../../../tauri.conf.json");
    let config: serde_json::Value = serde_json::from_str(text).unwrap();
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    // Pages cannot read files: the protocol for that is off, and would need a permission.
    assert!(app["security"].get("assetProtocol").is_none());
    let csp = app["security"]["csp"].as_str().unwrap();
    assert!(!csp.contains("asset:") && !csp.contains("unsafe") && !csp.contains('*'), "{csp}");
    // What a page may ask: commands, and recordings, which are the workspace's alone (see recordings.rs).
    let asked = csp.split("; ").find(|rule| rule.starts_with("connect-src"));
    assert_eq!(
        asked,
        Some("connect-src ipc: http://ipc.localhost recording: http://recording.localhost")
    );
    assert_eq!(
        app["windows"],
        serde_json::json!([]),
        "windows are made in windows.rs, which guards them"
    );
    // Without that feature a release has no inspector.
    assert!(!include_str!("../../../Cargo.toml").contains("devtools"));
}

/// The TypeScript side is checked in. `RINGSIDE_WRITE_BINDINGS=1 cargo test -p ringside` writes it anew.
#[test]
fn the_checked_in_bindings_are_current() {
    let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/lib/backend/bindings.ts");
    let wanted = exported();
    if std::env::var_os("RINGSIDE_WRITE_BINDINGS").is_some() {
        std::fs::write(&checked_in, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&checked_in).unwrap_or_default();
    assert!(
        found == wanted,
        "ui/src/lib/backend/bindings.ts is stale: run RINGSIDE_WRITE_BINDINGS=1 cargo test -p ringside"
    );
}
