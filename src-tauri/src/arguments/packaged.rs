//! What packages carry of the command line: the man page and the shells' completions, made of the one table, and the desktop's
//! entry, which opens links. They lie ready in `src-tauri/packaged`, where the packager (`tauri.conf.json`) and people who
//! install by hand find them; these tests fail where they say anything else than the table. `RINGSIDE_WRITE_DOCS=1` writes
//! them anew.

mod completions;
mod manual;

use crate::tray::Language;
use std::path::PathBuf;

/// The folder in which the files lie, from the sources' root.
const FOLDER: &str = "src-tauri/packaged";
/// The entry that is seen in the desktop's list of programs.
const ENTRY: &str = "app.ringside.desktop.desktop";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files() -> [(&'static str, String); 5] {
    [
        ("ringside.1", manual::page(Language::English)),
        ("ringside.ru.1", manual::page(Language::Russian)),
        ("ringside.bash", completions::bash()),
        ("_ringside", completions::zsh()),
        ("ringside.fish", completions::fish()),
    ]
}

#[test]
fn d1_man_pages_and_completions_are_what_the_table_says() {
    for (name, text) in files() {
        let path = root().join(FOLDER).join(name);
        if std::env::var_os("RINGSIDE_WRITE_DOCS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == text, "{name} is out of date; RINGSIDE_WRITE_DOCS=1 writes it anew");
    }
}

#[test]
fn d1_a_package_carries_each_of_them_to_where_the_system_looks() {
    let conf = std::fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let conf: serde_json::Value = serde_json::from_str(&conf).unwrap();
    let deb = &conf["bundle"]["linux"]["deb"];
    let carried = deb["files"].as_object().unwrap();
    for (to, from) in carried {
        assert!(root().join(from.as_str().unwrap()).is_file(), "{from} is not there for {to}");
    }
    for (name, to) in [
        ("ringside.1", "/usr/share/man/man1/ringside.1"),
        ("ringside.ru.1", "/usr/share/man/ru/man1/ringside.1"),
        ("ringside.bash", "/usr/share/bash-completion/completions/ringside"),
        ("_ringside", "/usr/share/zsh/vendor-completions/_ringside"),
        ("ringside.fish", "/usr/share/fish/vendor_completions.d/ringside.fish"),
        // Portals know a program by a file of the very name that it gives them, which has dots in it.
        (ENTRY, &format!("/usr/share/applications/{ENTRY}")),
    ] {
        assert_eq!(carried[to], format!("{FOLDER}/{name}"));
    }
    assert_eq!(carried.len(), files().len() + 1);
    #[cfg(target_os = "linux")]
    assert_eq!(ENTRY, format!("{}.desktop", crate::handler::NAME_ON_DESKTOP));
    assert_eq!(format!("{}.desktop", conf["identifier"].as_str().unwrap()), ENTRY);
    // One entry is seen in the list of programs; the other, which is named by the bundler, has the links.
    let entry = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
    assert!(entry(deb["desktopTemplate"].as_str().unwrap()).contains("\nNoDisplay=true\n"));
    assert!(!entry(&format!("{FOLDER}/{ENTRY}")).contains("NoDisplay"));
}

#[test]
fn d2_the_desktops_entry_is_given_links_of_every_kind_that_is_read() {
    let entry = std::fs::read_to_string(root().join(FOLDER).join("ringside.desktop.hbs")).unwrap();
    let line = |key: &str| entry.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    // Without %u the desktop starts the program and keeps the link to itself.
    assert_eq!(line("Exec="), "{{exec}} %u");
    let types: String = crate::handler::all_schemes()
        .map(|scheme| format!("x-scheme-handler/{scheme};"))
        .collect();
    assert_eq!(line("MimeType="), types);
    for scheme in crate::handler::all_schemes() {
        let link = super::read([format!("{scheme}:101").into()], Language::English);
        assert!(matches!(link, super::Asked::Program { .. }), "{scheme}: {link:?}");
    }
}

/// What a shell offers behind these words, asked of the shell itself.
#[cfg(unix)]
fn offered_by_bash(words: &[&str]) -> Vec<String> {
    let script = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
                  _ringside ringside \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; \
                  [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"";
    let said = std::process::Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .arg(root().join(FOLDER).join("ringside.bash"))
        .args(words)
        .current_dir(root().join(FOLDER))
        .output()
        .unwrap();
    assert!(said.status.success() && said.stderr.is_empty(), "{said:?}");
    String::from_utf8(said.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn d1_bash_offers_what_may_stand_there_and_nothing_else() {
    use super::table::COMMANDS;
    let names: Vec<_> = COMMANDS
        .iter()
        .map(|command| command.name)
        .filter(|name| !name.is_empty())
        .collect();
    let first = offered_by_bash(&["ringside", ""]);
    assert!(names.iter().all(|name| first.iter().any(|word| word == name)), "{first:?}");
    for (words, offered) in [
        (&["ringside", "s"] as &[&str], &["show", "status"] as &[&str]),
        (&["ringside", "--"], &["--hidden", "--help", "--version"]),
        (&["ringside", "show", "s"], &["search", "stats", "settings"]),
        (&["ringside", "--hidden", "show", "c"], &["calls"]),
        (&["ringside", "show", "calls", ""], &[]),
        (&["ringside", "pause", ""], &["30m", "2h", "tomorrow", "on", "off"]),
        (&["ringside", "status", ""], &["--json"]),
        (&["ringside", "status", "--"], &["--json"]),
        (&["ringside", "status", "--json", "-"], &[]),
        (&["ringside", "export-diagnostics", "--"], &["--force"]),
        (&["ringside", "export-diagnostics", "--force", "ringside.f"], &["ringside.fish"]),
        (&["ringside", "dial", ""], &["--selection"]),
        (&["ringside", "dial", "--selection", ""], &[]),
        (&["ringside", "dial", "101", "-"], &[]),
        (&["ringside", "nothing", ""], &[]),
    ] {
        assert_eq!(offered_by_bash(words), offered, "{words:?}");
    }
}
