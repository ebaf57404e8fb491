//! What came over the socket, counted; and the strange frames, masked, for diagnosis.
//!
//! Unknown is normal: PBX versions differ. A frame that is not understood is counted and the last
//! fifty are kept, with every digit replaced and callers' names blanked, so that a support bundle
//! never carries a client's number.

use std::collections::{BTreeMap, VecDeque};

const KEPT_FRAMES: usize = 50;
const KEPT_TYPES: usize = 64;
const KEPT_CHARS: usize = 600;
const TYPE_CHARS: usize = 64;

/// What became of one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameOutcome {
    /// Of a known type, complete.
    Understood {
        /// The vendor's name of the type.
        kind: String,
    },
    /// Well-formed, of a type we do not know.
    Unknown {
        /// The vendor's name of the type.
        kind: String,
    },
    /// Of a known type, but what we need is missing.
    Incomplete {
        /// The vendor's name of the type.
        kind: String,
    },
    /// Not JSON, cut off, or without a type.
    Garbled,
    /// Larger than a frame may be.
    TooLarge,
}

/// Counts since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Frames of known types by type.
    pub understood: BTreeMap<String, u64>,
    /// Frames of unknown types by type; types beyond a bound are counted under `…`.
    pub unknown: BTreeMap<String, u64>,
    /// Frames that were not JSON, cut off, or lacked something.
    pub bad: u64,
    /// Frames refused for their size.
    pub too_large: u64,
    /// Connections that came up.
    pub connects: u64,
    /// When the PBX was last heard, on our own clock.
    pub heard_at: Option<calls::Moment>,
    /// How far the PBX's clock is ahead of this computer's, ms; none before it told.
    pub clock_ahead: Option<i64>,
    /// What the PBX says its version is, as it writes it.
    pub version: Option<String>,
    /// Up to which point a PBX that resumes has told everything it had to tell; opaque.
    pub point: Option<String>,
    /// The last frames that were not understood, masked, oldest first.
    pub strange: VecDeque<String>,
}

impl Stats {
    /// Counts a frame, and keeps its masked text when it was not understood.
    pub fn record(&mut self, outcome: &FrameOutcome, text: &str) {
        match outcome {
            FrameOutcome::Understood { kind } => count(&mut self.understood, kind),
            FrameOutcome::Unknown { kind } => {
                count(&mut self.unknown, kind);
                self.keep(text);
            }
            FrameOutcome::Incomplete { .. } | FrameOutcome::Garbled => {
                self.bad += 1;
                self.keep(text);
            }
            FrameOutcome::TooLarge => self.too_large += 1,
        }
    }

    /// All frames that were understood.
    #[must_use]
    pub fn understood_total(&self) -> u64 {
        self.understood.values().sum()
    }

    fn keep(&mut self, text: &str) {
        if self.strange.len() == KEPT_FRAMES {
            self.strange.pop_front();
        }
        self.strange.push_back(masked(text));
    }
}

fn count(counts: &mut BTreeMap<String, u64>, kind: &str) {
    let kind: String = kind.chars().take(TYPE_CHARS).collect();
    let key = if counts.len() < KEPT_TYPES || counts.contains_key(&kind) {
        kind
    } else {
        "…".into()
    };
    *counts.entry(key).or_default() += 1;
}

/// The text without anything personal: digits become `0`; in well-formed frames letters of a
/// caller's or connected party's fields become `x`; cut after some hundred characters.
fn masked(text: &str) -> String {
    let masked = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(mut value) => {
            mask_value(&mut value, false);
            value.to_string()
        }
        Err(_) => mask_text(text, false),
    };
    masked.chars().take(KEPT_CHARS).collect()
}

fn mask_value(value: &mut serde_json::Value, personal: bool) {
    match value {
        serde_json::Value::String(text) => *text = mask_text(text, personal),
        serde_json::Value::Number(_) => *value = serde_json::Value::from(0),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| mask_value(item, personal)),
        serde_json::Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (key, mut field) in old {
                let personal = personal || matches!(key.as_str(), "caller" | "connected" | "value" | "body");
                mask_value(&mut field, personal);
                fields.insert(mask_text(&key, false), field);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

fn mask_text(text: &str, letters_too: bool) -> String {
    let mask = |c: char| match c {
        c if c.is_numeric() => '0',
        c if letters_too && c.is_alphabetic() => 'x',
        c => c,
    };
    text.chars().take(4 * KEPT_CHARS).map(mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_frame_is_kept_without_numbers_and_names() {
        let mut stats = Stats::default();
        let text = r#"{"type":"CallBroadcast","channel":{"caller":{"name":"Иван Client","number":"79161234567"},"cause":17}}"#;
        stats.record(
            &FrameOutcome::Unknown {
                kind: "CallBroadcast".into(),
            },
            text,
        );
        stats.record(&FrameOutcome::Garbled, r#"{"type":"Dial","peer":{"number":"7916123"#);
        assert_eq!(stats.unknown["CallBroadcast"], 1);
        assert_eq!(stats.bad, 1);
        let kept = stats.strange.iter().cloned().collect::<String>();
        assert!(kept.contains("CallBroadcast"), "{kept}");
        for personal in ["Иван", "Client", "7916", "17"] {
            assert!(!kept.contains(personal), "{personal} in {kept}");
        }
    }

    #[test]
    fn counts_and_the_buffer_are_bounded() {
        let mut stats = Stats::default();
        for n in 0..1000 {
            stats.record(
                &FrameOutcome::Unknown {
                    kind: format!("{}{n}", "T".repeat(200)),
                },
                &"x".repeat(5000),
            );
            stats.record(&FrameOutcome::Unknown { kind: format!("T{n}") }, "{}");
        }
        assert!(stats.unknown.len() <= KEPT_TYPES + 1);
        assert_eq!(stats.unknown.values().sum::<u64>(), 2000);
        assert_eq!(stats.strange.len(), KEPT_FRAMES);
        assert!(stats.strange.iter().all(|frame| frame.chars().count() <= KEPT_CHARS));
    }
}
