use super::*;
use engine::view::{CertificateView, LayerView, OriginView, ProgramHealth, VersionNumbers};
use hostile::texts;

/// What must never be told, as it might stand in any text.
const PERSONAL: [&str; 19] = [
    "+79161234567",
    "8 (916) 123-45-67",
    "Иванов Иван Сергеевич",
    "boris@support.example",
    "https://pbx.office.example:8089/ari",
    "pbx.office.example",
    "10.20.30.40",
    "fe80::1:8089",
    "fe80::a",
    "2001:db8::beef",
    "Ivanov",
    "Ivanov Ivan of Omsk",
    "pbx-office",
    "pbxhost",
    "secretword kind=Ivanova",
    "x call=Petrov window=pbxhost",
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
        format!("{at} ERROR ringside_lib::refusal: not started fault=NotOurs detail=\"{text}\" kind=\"{text}\""),
        format!("{at}  WARN ringside_lib::windows: a page was to go to another place scheme=\"{text}\""),
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
        let mut health = health.clone();
        health.program.web_view = VersionNumbers::read(personal);
        health.pbx.version = VersionNumbers::read(personal);
        let told = text(Some(&health), Some(&settings(personal)), &log::told(&log(personal)));
        for part in personal
            .split([' ', '(', ')', '='])
            .filter(|part| part.len() > 3 && !log::TOLD.contains(part))
        {
            assert!(!told.contains(part), "{part} in {told}");
        }
        assert!(told.contains("set up ms=812"), "what is ours is told: {told}");
        assert!(told.contains("the link is down error=(set)\n"), "{told}");
        assert!(told.contains("not started fault=NotOurs detail=(set)\n"), "{told}");
        assert!(!told.contains("starting new connection"), "{told}");
    }
    for hostile in texts() {
        let told = text(Some(&health), Some(&settings(&hostile.text)), &log::told(&log(&hostile.text)));
        assert!(told.chars().all(|c| c == '\n' || hostile::is_harmless(c)), "{}", hostile.name);
        assert!(told.len() < 1 << 20, "{}", hostile.name);
    }
}

/// What our own sources log at INFO and above, each call's arguments.
fn logged() -> Vec<(String, String)> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri");
    let mut folders = vec![sources.join("src")];
    folders.extend(["engine", "pbx", "omnidesk", "store", "calls"].map(|name| sources.join("crates").join(name).join("src")));
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for level in ["info!(", "warn!(", "error!("] {
                for (at, _) in text.match_indices(&format!("tracing::{level}")) {
                    let begins = at + "tracing::".len() + level.len();
                    found.push((path.display().to_string(), arguments(&text[begins..]).to_owned()));
                }
            }
        }
    }
    found
}

/// As far as the bracket that closes what was opened before.
fn arguments(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    let end = text.find(|c| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    &text[..end.unwrap()]
}

#[test]
fn d1_what_our_sources_log_is_a_text_of_their_own_and_fields_behind_it() {
    let logged = logged();
    assert!(logged.len() > 60, "{}", logged.len());
    for (file, arguments) in logged {
        let arguments = arguments.split_whitespace().collect::<Vec<_>>().join(" ");
        let arguments = arguments.trim_end_matches(',');
        // The message is the last argument, a literal: nothing is put into it, and nothing in it looks like a field.
        let message = arguments
            .strip_suffix('"')
            .and_then(|rest| rest.rsplit_once('"'))
            .map(|(_, message)| message);
        let message = message.unwrap_or_else(|| panic!("{file}: no message of the sources: {arguments}"));
        assert!(!message.contains(['{', '=', '\\']), "{file}: {message}");
        assert!(message.is_ascii(), "{file}: {message}");
        let fields = arguments[..arguments.len() - message.len() - 2].trim().trim_end_matches(',');
        for field in fields.split(", ").map(str::trim).filter(|field| !field.is_empty()) {
            let (name, value) = field.split_once(" = ").unwrap_or((field.trim_start_matches(['%', '?']), field));
            // As somebody writes it: only a call's id, which has a form of its own.
            let is_text = value.starts_with('%') && !["%id", "%Id(leg)", "%Id(&entry.duty.leg)"].contains(&value);
            assert!(!is_text || !log::TOLD.contains(&name), "{file}: {field} is told");
        }
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
        "\"usersHours\": 0",
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
    // What a killed program left is in nobody's way, and goes.
    std::fs::write(folder.path().join(BESIDE), "half").unwrap();
    write(&path, "third", true).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "third");

    // A name as long as names may be.
    let long = folder.path().join("x".repeat(255));
    write(&long, "first", true).unwrap();
    std::fs::remove_file(&long).unwrap();

    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (path, force) in [
        (pipe.as_path(), true),
        (&pipe, false),
        (Path::new("/dev/null"), true),
        (Path::new("/dev/null"), false),
    ] {
        assert_eq!(
            write(path, "x", force).unwrap_err().kind(),
            io::ErrorKind::InvalidInput,
            "{}",
            path.display()
        );
        assert!(!path.symlink_metadata().unwrap().is_file(), "{}", path.display());
    }
    std::fs::remove_file(&pipe).unwrap();

    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(left.len(), 3, "nothing half written is left: {left:?}");
}
