//! What the environment says at the start.

use engine::Settings;
use std::path::{Path, PathBuf};

/// Provisioning for all desks of an office on this computer.
#[cfg(target_os = "linux")]
const OFFICE_FILE: &str = "/etc/ringside/setup.json";
#[cfg(not(target_os = "linux"))]
const OFFICE_FILE: &str = "setup.json";

/// How the app was started.
#[derive(Debug)]
pub struct Options {
    /// Where the data file and the logs lie (`RINGSIDE_DATA_DIR`, else the system's place for app data).
    pub data_dir: PathBuf,
    /// Where milestones are written (`RINGSIDE_TIMELINE`), for measuring.
    pub timeline: Option<PathBuf>,
    /// Settings provided by the office (`RINGSIDE_SETUP`, else a file in the system's configuration folder).
    pub provision: Option<Settings>,
    /// Secrets come from environment variables (`RINGSIDE_SECRETS=environment`): for tests only.
    pub secrets_from_environment: bool,
    /// Start without showing the workspace (`--hidden`, at login).
    pub hidden: bool,
}

impl Options {
    /// Reads the environment and the arguments.
    #[must_use]
    pub fn from_environment() -> Self {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let setup = path("RINGSIDE_SETUP").unwrap_or_else(|| PathBuf::from(OFFICE_FILE));
        Self {
            data_dir: path("RINGSIDE_DATA_DIR").unwrap_or_else(system_data_dir),
            timeline: path("RINGSIDE_TIMELINE"),
            provision: provision(&setup),
            secrets_from_environment: std::env::var("RINGSIDE_SECRETS").is_ok_and(|place| place == "environment"),
            hidden: std::env::args().any(|argument| argument == "--hidden"),
        }
    }
}

fn provision(file: &Path) -> Option<Settings> {
    let text = std::fs::read_to_string(file).ok()?;
    match serde_json::from_str(&text) {
        Ok(settings) => Some(settings),
        Err(error) => {
            eprintln!("ringside: {} is not a set-up file ({error}); ignored", file.display());
            None
        }
    }
}

/// `~/.local/share/ringside`, `%APPDATA%\ringside`, `~/Library/Application Support/ringside`.
fn system_data_dir() -> PathBuf {
    let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let base = if cfg!(target_os = "windows") {
        std::env::var_os("APPDATA").map_or_else(home, PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().join("Library/Application Support")
    } else {
        std::env::var_os("XDG_DATA_HOME").map_or_else(|| home().join(".local/share"), PathBuf::from)
    };
    base.join("ringside")
}
