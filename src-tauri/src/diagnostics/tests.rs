use super::*;
use engine::view::{CertificateView, LayerView, OriginView, ProgramHealth};
use hostile::texts;

/// What must never be told, as it might stand in any text.
const PERSONAL: [&str; 11] = [
    "+79161234567",
    "8 (916) 123-45-67",
    "Иванов Иван Сергеевич",
    "boris@support.example",
    "https://pbx.office.example:8089/ari",
    "pbx.office.example",
    "10.20.30.40",
    "fe80::1:8089",
    "/home/ivanov/.local/share/ringside",
    "664-245651",
    "k3yk3yk3yk3yk3y00",
];

fn settings(text: &str) -> SettingsView {
    let text = || text.to_owned();
    SettingsView {
        pbx_vendor: text(),
        pbx_url: text(),
        pbx_ca: text(),
        pbx_user: text(),
        extension: text(),
        context: text(),
        recording_folder: text(),
        omnidesk_url: text(),
        email: text(),
        channel: text(),
        call_id_field: text(),
        claim_field: text(),
        region: text(),
        language: text(),
        theme: text(),
        working_hours: vec![text(), text()],
        file_hosts: vec![text()],
        popup_screen: text(),
        pbx_certificates: vec![CertificateView::default()],
        origins: vec![OriginView {
            key: "email".into(),
            from: LayerView::Office,
            locked: true,
            office: Some(text()),
        }],
        ..SettingsView::default()
    }
}

/// A log in which this stands in every place that a program writes to.
fn log(text: &str) -> String {
    let at = "2026-11-30T04:14:56.123456Z";
    [
        format!("{at}  INFO ringside_lib: set up ms=812"),
        format!("{at} DEBUG engine::controller: rings from={text}"),
        format!("{at} TRACE omnidesk: {text}"),
        format!("{at}  INFO reqwest::connect: starting new connection: {text}"),
        format!("{at}  WARN pbx::ari: the link is down error={text}"),
        format!("{at} ERROR store: the store refused error=Refused {{ path: \"{text}\" }} again=\"{text}\""),
        text.to_owned(),
        String::new(),
    ]
    .join("\n")
}

#[test]
fn d1_nothing_of_a_person_no_address_and_no_secret_is_told_wherever_it_stood() {
    let health = HealthView {
        program: ProgramHealth {
            version: "0.1.0".into(),
            ..ProgramHealth::default()
        },
        ..HealthView::default()
    };
    for personal in PERSONAL {
        let told = text(Some(&health), Some(&settings(personal)), &log::told(&log(personal)));
        for part in personal.split([' ', '(', ')']).filter(|part| part.len() > 3) {
            assert!(!told.contains(part), "{part} in {told}");
        }
        assert!(told.contains("set up ms=812"), "what is ours is told: {told}");
        assert!(told.contains("the link is down error=‹1›"), "{told}");
        assert!(!told.contains("starting new connection"), "{told}");
    }
    for hostile in texts() {
        let told = text(Some(&health), Some(&settings(&hostile.text)), &log::told(&log(&hostile.text)));
        assert!(told.chars().all(|c| c == '\n' || hostile::is_harmless(c)), "{}", hostile.name);
        assert!(told.len() < 1 << 20, "{}", hostile.name);
    }
}

#[test]
fn d1_settings_are_named_with_whose_word_they_are_and_with_values_that_are_choices() {
    let told = text(None, Some(&settings("dark")), &[]);
    for part in [
        "\"theme\": \"dark\"",
        "\"key\": \"email\"",
        "\"from\": \"office\"",
        "\"locked\": true",
        "\"workingHours\": \"(2 items)\"",
        "\"usersPages\": 0",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(told.contains("== state\nno answer\n"), "{told}");
    let choices = told_settings();
    for key in CHOICES {
        assert!(choices.contains_key(key), "{key} is no setting any more");
    }
}

fn told_settings() -> Map<String, Value> {
    match serde_json::to_value(SettingsView::default()) {
        Ok(Value::Object(all)) => all,
        other => panic!("{other:?}"),
    }
}

#[test]
fn d1_the_same_word_has_the_same_number_and_the_last_days_are_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let line = |day: u8, call: &str| format!("2026-11-{day}T04:14:56.123456Z  INFO engine: rings call={call} direction=In\n");
    std::fs::write(folder.path().join("ringside.2026-11-30.log"), line(30, "1764476096.12")).unwrap();
    std::fs::write(
        folder.path().join("ringside.2026-11-29.log"),
        line(29, "1764376096.7") + &line(29, "1764476096.12"),
    )
    .unwrap();
    std::fs::write(folder.path().join("notes.txt"), line(28, "x")).unwrap();
    let lines = lines(folder.path());
    assert_eq!(
        lines.iter().map(|line| &line[8..]).collect::<Vec<_>>(),
        [
            "29T04:14:56.123456Z INFO engine: rings call=‹1› direction=In",
            "29T04:14:56.123456Z INFO engine: rings call=‹2› direction=In",
            "30T04:14:56.123456Z INFO engine: rings call=‹2› direction=In",
        ]
    );
    assert!(log::lines(&folder.path().join("none")).is_empty());
    let long = line(30, "1764476096.12").repeat(20_000);
    std::fs::write(folder.path().join("ringside.2026-11-30.log"), long).unwrap();
    let size: usize = log::lines(folder.path()).iter().map(String::len).sum();
    assert!(size > 100_000 && size <= 512 * 1024, "{size}");
}

#[test]
#[cfg(unix)]
fn d1_the_file_is_its_owners_and_one_that_is_there_stays_unless_forced() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.txt");
    write(&path, "first", false).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(write(&path, "second", false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "first");

    // A link is not followed: what it leads to is nobody's to overwrite here.
    let (open, link) = (folder.path().join("open.txt"), folder.path().join("link.txt"));
    std::fs::write(&open, "theirs").unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    symlink(&open, &link).unwrap();
    assert_eq!(write(&link, "second", false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    write(&link, "second", true).unwrap();
    assert_eq!(std::fs::read_to_string(&open).unwrap(), "theirs");
    write(&open, "second", true).unwrap();
    assert_eq!((std::fs::read_to_string(&open).unwrap().as_str(), mode(&open)), ("second", 0o600));

    for (path, kind) in [
        (folder.path().to_owned(), io::ErrorKind::IsADirectory),
        (folder.path().join("none/state.txt"), io::ErrorKind::NotFound),
        (path.join("state.txt"), io::ErrorKind::NotADirectory),
    ] {
        for force in [false, true] {
            assert_eq!(write(&path, "x", force).unwrap_err().kind(), kind, "{}", path.display());
        }
    }
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "nothing half written is left: {left:?}");
}
