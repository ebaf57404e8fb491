//! The file in which the app notes what it did and when: one JSON object a line, `{"t_ms", "step", …}`.

use crate::process;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// One thing the app did.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Milliseconds since 1970, with fractions.
    pub t_ms: f64,
    /// What: `offered`, `popup_painted`, `case_created`, …
    pub step: String,
    /// Which call, where it belongs to one.
    pub call: Option<String>,
    /// Everything else in the line: `number`, `status`, …
    pub rest: Map<String, Value>,
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let Value::Object(mut rest) = serde_json::from_str(line).ok()? else {
            return None;
        };
        let t_ms = rest.remove("t_ms")?.as_f64()?;
        let step = rest.remove("step")?.as_str()?.to_owned();
        let call = match rest.remove("call") {
            Some(Value::String(call)) => Some(call),
            Some(Value::Null) | None => None,
            Some(other) => Some(other.to_string()),
        };
        Some(Self { t_ms, step, call, rest })
    }

    /// A text among the rest.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.rest.get(key)?.as_str()
    }
}

/// What was read of the file so far; grows with each look.
pub struct Timeline {
    file: PathBuf,
    read: u64,
    entries: Vec<Entry>,
}

impl Timeline {
    /// A timeline that the app is going to write into `file`.
    pub fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            read: 0,
            entries: Vec::new(),
        }
    }

    /// All entries read so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Reads what was written since the last look.
    pub fn look(&mut self) -> Result<()> {
        let Ok(mut file) = File::open(&self.file) else { return Ok(()) };
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {}", self.file.display()))?;
        // Only whole lines: the last one may still be under way.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        self.read += whole as u64;
        self.entries
            .extend(String::from_utf8_lossy(&bytes[..whole]).lines().filter_map(Entry::parse));
        Ok(())
    }

    /// The first entry at or after index `from` that fits, waiting for it; `None` when the time is over.
    pub fn wait(&mut self, from: usize, within: Duration, fits: impl Fn(&Entry) -> bool) -> Result<Option<Entry>> {
        process::wait_for(within, || {
            self.look()?;
            Ok(self.entries.iter().skip(from).find(|entry| fits(entry)).cloned())
        })
    }
}

/// The present moment as the timeline counts it.
pub fn now_ms() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn half_written_lines_wait_for_their_end_and_rubbish_is_passed_over() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("timeline");
        let mut timeline = Timeline::new(&path);
        timeline.look()?;
        assert!(timeline.entries().is_empty());
        let mut file = File::create(&path)?;
        file.write_all(b"{\"t_ms\":1.5,\"step\":\"offered\",\"call\":\"c1\"}\nnot json\n{\"t_ms\":2,\"step\":\"case_cre")?;
        timeline.look()?;
        assert_eq!(timeline.entries().len(), 1);
        file.write_all(b"ated\",\"call\":\"c1\",\"number\":\"123-456789\"}\n")?;
        let created = timeline.wait(0, Duration::from_secs(5), |entry| entry.step == "case_created")?;
        assert_eq!(created.as_ref().and_then(|entry| entry.text("number")), Some("123-456789"));
        assert!(
            timeline
                .wait(0, Duration::from_millis(30), |entry| entry.step == "ended")?
                .is_none()
        );
        Ok(())
    }
}
