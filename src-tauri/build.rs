//! Builds the interface when it is missing or older than its sources, then lets Tauri embed it.
//! `RINGSIDE_SKIP_UI_BUILD=1` takes ui/dist as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, fs};

/// Every command of src/commands.rs and its folder; a window may call only those its capability names.
const COMMANDS: &[&str] = &[
    "desk",
    "pages_to_open",
    "main_ready",
    "main_painted",
    "zoom",
    "window_ground",
    "give_back",
    "answer_closing",
    "profile",
    "linked_profiles",
    "case_page",
    "case_by_number",
    "search_users",
    "call_list",
    "open_compose",
    "send_draft",
    "save_draft",
    "create_case",
    "attach_call",
    "link_user",
    "choose_user",
    "settings",
    "save_settings",
    "test_pbx",
    "test_omnidesk",
    "omnidesk_channels",
    "retry_outbox",
    "open_in_omnidesk",
    "popup_appearance",
    "popup_painted",
    "rehearse_popup",
    "popup_size",
    "popup_room",
    "screens",
    "rings",
    "ring_sound",
    "keep_ring_sound",
    "forget_ring_sound",
    "focus_popup",
    "hide_popup",
    "done_with_call",
    "pause_popups",
    "resume_popups",
    "knows_of_missed",
    "hide_personal",
    "open_route",
    "read_number",
    "dial",
    "hang_up",
    "undo_outcome",
    "looking_at",
    "await_trial",
    "user_form",
    "edit_user",
    "health",
    "figures",
    "team_figures",
    "data_fields",
    "save_fields",
    "export_fields",
    "export_aside",
    "import_fields",
    "pick_labels",
    "claim",
    "look_at_missed",
    "labels",
    "save_labels",
    "read_when",
    "when_choices",
    "remind",
    "remind_later",
    "end_reminder",
    "phrases_for",
    "phrases",
    "save_phrases",
    "office_settings",
    "publish_office",
    "publish_office_before",
    "go_back_office",
    "unknown_fields",
    "show_test_call",
    "enrolment_link",
    "version",
    "look_for_update",
    "install_update",
    "starts_at_login",
    "start_at_login",
    "links_holder",
    "hotkeys",
    "record_hotkey",
    "ask_for_hotkeys",
    "take_links",
    "give_links_back",
    "reconnect",
    "give_up_outbox",
    "dial_size",
    "open_dial",
    "dial_ready",
    "hide_dial",
    "start_trouble",
    "start_again",
    "start_anew",
    "start_quit",
];

/// What the interface is built from. A path that does not exist would make cargo run this at every build.
const UI_SOURCES: &[&str] = &[
    "src",
    "messages",
    "project.inlang/settings.json",
    "index.html",
    "popup.html",
    "dial.html",
    "start.html",
    "vite.config.ts",
    "svelte.config.js",
    "package.json",
    "package-lock.json",
];

fn main() {
    // Keep the bundled SQLite to ourselves: otherwise WebKit's libraries would resolve to it.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    if let Err(reason) = build_ui(&root.join("ui")) {
        println!("cargo:warning={reason}");
        std::process::exit(1);
    }
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning=tauri-build: {error:#}");
        std::process::exit(1);
    }
}

fn build_ui(ui: &Path) -> Result<(), String> {
    println!("cargo:rerun-if-env-changed=RINGSIDE_SKIP_UI_BUILD");
    let sources: Vec<PathBuf> = UI_SOURCES
        .iter()
        .map(|source| ui.join(source))
        .filter(|source| source.exists())
        .collect();
    for source in &sources {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    if env::var_os("RINGSIDE_SKIP_UI_BUILD").is_some() {
        return Ok(());
    }
    let built = fs::metadata(ui.join("dist/index.html"))
        .and_then(|meta| meta.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in &sources {
        find_newest(source, &mut newest);
    }
    if built >= newest {
        return Ok(());
    }
    if !ui.join("node_modules").exists() {
        npm(ui, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(ui, &["run", "build"])
}

fn find_newest(path: &Path, newest: &mut SystemTime) {
    // What the build itself generates is no source.
    if path.ends_with("paraglide") {
        return;
    }
    let Ok(meta) = fs::metadata(path) else { return };
    if meta.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            find_newest(&entry.path(), newest);
        }
    } else if let Ok(modified) = meta.modified() {
        *newest = modified.max(*newest);
    }
}

fn npm(ui: &Path, args: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let done = Command::new(program)
        .args(args)
        .current_dir(ui)
        .env_remove("CARGO_TARGET_DIR")
        .output();
    match done {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!(
            "`npm {}` failed in ui/: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr).replace('\n', " | ")
        )),
        Err(error) => Err(format!(
            "npm cannot be run ({error}): install Node.js 20 or later, or set RINGSIDE_SKIP_UI_BUILD=1 to use an existing ui/dist"
        )),
    }
}
