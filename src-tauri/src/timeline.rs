//! Milestones as JSON lines, for `cargo xtask demo` and `cargo xtask bench`: one line a step,
//! `{"t_ms": <ms since 1970>, "step": "...", ...}`. Off unless `RINGSIDE_TIMELINE` names a file.
//! No personal data: calls are named by their ids.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where milestones go.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    file: Option<Arc<Mutex<File>>>,
}

impl Timeline {
    /// Opens the file for appending; without one, milestones go nowhere.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn open(path: Option<&Path>) -> std::io::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self {
            file: Some(Arc::new(Mutex::new(file))),
        })
    }

    /// A milestone passed now.
    pub fn mark(&self, step: &str, details: &[(&str, &str)]) {
        let Some(file) = &self.file else { return };
        let t_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1e3;
        let mut line = serde_json::json!({ "t_ms": (t_ms * 1e3).round() / 1e3, "step": step });
        for (name, value) in details {
            line[*name] = serde_json::Value::from(*value);
        }
        // Measuring must never disturb what is measured: a failed write is no error.
        if let Ok(mut file) = file.lock() {
            let _ = writeln!(file, "{line}");
        }
    }
}
