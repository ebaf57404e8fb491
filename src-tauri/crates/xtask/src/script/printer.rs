//! The timeline as it is printed: a table for people, or JSON lines.

use crate::timeline::{self, Entry};
use serde_json::{Map, Value, json};
use std::{path::PathBuf, time::Duration};

/// Prints the timeline. Times count from the start of the app.
pub struct Printer {
    json: bool,
    zero: f64,
}

impl Printer {
    /// `zero` is the moment that counts as 0 ms.
    pub fn new(json: bool, zero: f64) -> Self {
        Self { json, zero }
    }

    pub(super) fn heading(&self, scene: &str) {
        if !self.json {
            println!("\n{scene}\n  {:>10}  {:>10}  step", "ms", "since ring");
        }
    }

    /// A line of the app's own timeline; `offered` is when its call began to ring.
    pub(super) fn entry(&self, scene: &str, entry: &Entry, offered: Option<f64>) {
        let mut rest = entry.rest.clone();
        if let Some(call) = &entry.call {
            rest.insert("call".to_owned(), json!(call));
        }
        if let Some(offered) = offered {
            rest.insert("since_offered_ms".to_owned(), json!(tenths(entry.t_ms - offered)));
        }
        self.line(scene, &entry.step, entry.t_ms, rest);
    }

    /// A line of ours.
    pub(super) fn note(&self, scene: &str, step: &str, at: f64, rest: Value) {
        let Value::Object(rest) = rest else { return };
        self.line(scene, step, at, rest);
    }

    /// Says that a step was not seen, and gives the sentence back.
    pub(super) fn lost(&self, scene: &str, step: &str, within: Duration) -> String {
        self.missing(scene, format!("{scene}: `{step}` was not observed within {} s", within.as_secs()))
    }

    /// Says that something is not so, and gives the sentence back.
    pub(super) fn untrue(&self, scene: &str, fact: &str) -> String {
        self.missing(scene, format!("{scene}: not true: {fact}"))
    }

    fn missing(&self, scene: &str, what: String) -> String {
        self.note(scene, "missing", timeline::now_ms(), json!({"what": what}));
        what
    }

    /// The last line: whether everything was observed.
    pub fn result(&self, missing: &[String], pictures: Option<&PathBuf>) {
        if self.json {
            let mut rest = Map::new();
            rest.insert("passed".to_owned(), json!(missing.is_empty()));
            rest.insert("missing".to_owned(), json!(missing));
            self.line("result", "result", timeline::now_ms(), rest);
            return;
        }
        println!();
        if let Some(dir) = pictures {
            println!("Screenshots: {}", dir.display());
        }
        if missing.is_empty() {
            println!("Every step was observed, in the app and in Omnidesk.");
        } else {
            println!("NOT observed:\n  {}", missing.join("\n  "));
        }
    }

    fn line(&self, scene: &str, step: &str, at: f64, mut rest: Map<String, Value>) {
        let t_ms = tenths(at - self.zero);
        if self.json {
            // `t_ms` and `step` first: people read these lines, too.
            let rest: String = rest.iter().map(|(key, value)| format!(",{}:{value}", json!(key))).collect();
            println!("{{\"t_ms\":{t_ms},\"step\":{},\"scene\":{}{rest}}}", json!(step), json!(scene));
            return;
        }
        let since = rest.remove("since_offered_ms").map(|since| format!("+{since}")).unwrap_or_default();
        rest.remove("call");
        rest.remove("revision");
        let details: Vec<String> = rest
            .values()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect();
        println!("  {t_ms:>10.1}  {since:>10}  {step:<20} {}", details.join(", "));
    }
}

/// Milliseconds with one decimal.
fn tenths(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_with_one_decimal() {
        assert!((tenths(12.3456) - 12.3).abs() < f64::EPSILON);
    }
}
