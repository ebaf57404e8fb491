//! `export-diagnostics`: what who helps an office wants to know, as a text that holds nothing of a person, no address and no
//! secret. It is made so that none can get in: of the state only what «Состояние» shows, whose types have no room for them; of
//! the settings their names, and values only where those are numbers, choices or words that this file knows; of the log only
//! our own lines at INFO and above, where words that might be somebody's stand as `‹1›`, `‹2›`, the same word by the same
//! number.

mod log;

use engine::view::{HealthView, SettingsView};
use serde_json::{Map, Value, json};
use std::io::{self, Write as _};
use std::path::Path;

pub use log::lines;

/// Words that a setting may have as its value; any other text is somebody's.
const WORDS: [&str; 9] = ["", "ru", "en", "light", "dark", "pointer", "primary", "RU", "from-internal"];
/// Keys whose values are choices out of a list of the program's.
const CHOICES: [&str; 6] = ["several", "dialFormat", "linksAsk", "popupCorner", "popupStay", "secrets"];
/// Where the text is written first, in the file's folder; always the same name, so that none of them gather.
const BESIDE: &str = ".ringside-diagnostics.part";
/// What stands for a text that is not told.
const HIDDEN: &str = "(set)";

/// All of it. What could not be asked in time is missing, and said to be.
pub fn text(health: Option<&HealthView>, settings: Option<&SettingsView>, log: &[String]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let state = health.and_then(|health| serde_json::to_value(health).ok());
    let state = state.map_or_else(|| "no answer".to_owned(), |state| pretty(&state));
    let settings = settings.map_or_else(|| "no answer".to_owned(), |settings| pretty(&told(settings)));
    let mut text = format!("ringside {version}\nsystem {system} {processor}\n\n== state\n{state}\n\n== settings\n{settings}\n\n== log\n");
    for line in log {
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The settings by their names: whose word each is, and its value where that is nobody's.
fn told(settings: &SettingsView) -> Value {
    let Ok(Value::Object(all)) = serde_json::to_value(settings) else {
        return Value::Null;
    };
    let values: Map<String, Value> = all
        .into_iter()
        // The program's own lists, and what is told below.
        .filter(|(key, _)| !["origins", "pbxVendors"].contains(&key.as_str()))
        .map(|(key, value)| {
            let value = if CHOICES.contains(&key.as_str()) {
                value
            } else {
                value_told(&value)
            };
            (key, value)
        })
        .collect();
    let origins: Vec<Value> = settings
        .origins
        .iter()
        .map(|origin| json!({"key": origin.key, "from": origin.from, "locked": origin.locked}))
        .collect();
    json!({"values": values, "origins": origins})
}

/// Numbers and choices as they are, of lists their length, of texts whether there is one.
fn value_told(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        Value::String(text) if WORDS.contains(&text.as_str()) => value.clone(),
        Value::String(_) => HIDDEN.into(),
        Value::Array(items) => format!("({} items)", items.len()).into(),
        Value::Object(parts) => parts.iter().map(|(key, value)| (key.clone(), value_told(value))).collect(),
    }
}

/// Writes the file for its owner alone. One that is there is left alone, or with `force` replaced as a whole.
///
/// # Errors
/// `AlreadyExists` where it is there and not forced, `InvalidInput` where it is a device or a pipe; else what the system says.
/// Nothing half written is left, and what a killed program left is taken away by the next.
pub fn write(path: &Path, text: &str, force: bool) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if path.symlink_metadata().is_ok_and(|there| !there.is_file() && !there.is_symlink()) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    if !force {
        return create(path, text);
    }
    path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    let beside = path.with_file_name(BESIDE);
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    create(&beside, text)?;
    std::fs::rename(&beside, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.inspect_err(|_| {
        let _ = std::fs::remove_file(path);
    })
}

#[cfg(test)]
mod tests;
