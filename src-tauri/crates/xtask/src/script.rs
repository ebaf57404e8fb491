//! The demo without a person: three calls, each step of each observed twice: in what the app says it
//! did, and in what Omnidesk was really told.

use crate::{
    control::{self, Call},
    process,
    session::Session,
    stage::{self, Stage},
    timeline::{self, Entry},
};
use anyhow::Result;
use serde_json::{Map, Value, json};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How long one step may take on a busy machine, beyond the call's own times.
const STEP: Duration = Duration::from_secs(20);

/// More requests than this for one call would be a storm. A call needs about a dozen.
const REQUESTS_A_CALL: usize = 60;

/// What must be true of the case once the call is over.
struct Expected {
    status: &'static str,
    subject: Option<&'static str>,
    recording: bool,
}

/// One scene: a call, and what must follow from it.
struct Scene {
    name: &'static str,
    call: Call,
    steps: &'static [&'static str],
    expected: Expected,
}

// `popup_shown` is not among them: between two quick calls the popup may never have left the screen.
const ANSWERED: &[&str] = &[
    "popup_painted",
    "answered",
    "profile_opened",
    "ended",
    "case_created",
    "recording_attached",
    "status",
    "outbox_empty",
];
/// An unknown caller has no profile to open (S11).
const ANSWERED_UNKNOWN: &[&str] = &[
    "popup_painted",
    "answered",
    "ended",
    "case_created",
    "recording_attached",
    "status",
    "outbox_empty",
];
const MISSED: &[&str] = &["popup_painted", "ended", "case_created", "status", "outbox_empty"];

/// After which step the screen is worth a picture, and its name.
const PICTURES: [(&str, &str); 4] = [
    ("popup_painted", "ringing"),
    ("profile_opened", "profile"),
    ("answered", "talking"),
    ("outbox_empty", "case"),
];

fn scenes() -> [Scene; 3] {
    let ring = Duration::from_millis(3000);
    let talk = Duration::from_millis(4000);
    [
        Scene {
            name: "known caller",
            call: Call::incoming("79161234567", ring, "answered", talk),
            steps: ANSWERED,
            expected: Expected {
                status: "waiting",
                subject: None,
                recording: true,
            },
        },
        Scene {
            name: "unknown caller",
            call: Call::incoming("79005550142", ring, "answered", talk),
            steps: ANSWERED_UNKNOWN,
            expected: Expected {
                status: "waiting",
                subject: None,
                recording: true,
            },
        },
        Scene {
            name: "missed call",
            call: Call::incoming("79215550134", ring, "missed", Duration::ZERO),
            steps: MISSED,
            expected: Expected {
                status: "open",
                subject: Some("Пропущенный звонок с"),
                recording: false,
            },
        },
    ]
}

/// Plays everything and prints the timeline. Gives back what was not observed; empty means all was.
pub fn play(stage: &mut Stage, session: &Session, pictures: Option<&Path>, out: &mut Printer) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    out.heading("start");
    for step in ["started", "main_painted", "pbx_up", "omnidesk_up"] {
        let within = Duration::from_secs(60);
        match await_step(stage, 0, within, |entry| entry.step == step)? {
            Some(entry) => out.entry("start", &entry, None),
            None => missing.push(out.lost("start", step, within)),
        }
    }
    if !missing.is_empty() {
        return Ok(missing);
    }
    // No agent's app has just been started when a call comes: let it settle first.
    process::pause(Duration::from_secs(3))?;
    for scene in scenes() {
        missing.extend(play_scene(stage, session, &scene, pictures, out)?);
    }
    Ok(missing)
}

fn play_scene(stage: &mut Stage, session: &Session, scene: &Scene, pictures: Option<&Path>, out: &mut Printer) -> Result<Vec<String>> {
    out.heading(scene.name);
    stage.timeline.look()?;
    let from = stage.timeline.entries().len();
    let requests = stage.control.requests()?;
    let focus = session.focus();
    out.note(scene.name, "placed", timeline::now_ms(), json!({"what": scene.call.words()}));
    stage.control.place(&scene.call, &stage.extension)?;

    let Some(offered) = await_step(stage, from, STEP, |entry| entry.step == "offered")? else {
        return Ok(vec![out.lost(scene.name, "offered", STEP)]);
    };
    out.entry(scene.name, &offered, None);
    let mut missing = Vec::new();
    let (mut number, mut latest) = (None, offered.t_ms);
    for step in scene.steps {
        let within = STEP + scene.call.length;
        // What belongs to no call in particular counts only once everything before it was seen.
        let belongs = |entry: &Entry| {
            entry.step == *step
                && if entry.call.is_none() {
                    entry.t_ms >= latest
                } else {
                    entry.call == offered.call
                }
        };
        let Some(entry) = await_step(stage, from, within, belongs)? else {
            missing.push(out.lost(scene.name, step, within));
            continue;
        };
        out.entry(scene.name, &entry, Some(offered.t_ms));
        latest = latest.max(entry.t_ms);
        if *step == "popup_painted" {
            missing.extend(check_screen(session, scene, &focus, out)?);
        }
        number = number.or_else(|| (*step == "case_created").then(|| entry.text("number").map(str::to_owned)).flatten());
        let picture = PICTURES.iter().find(|(after, _)| after == step);
        if let (Some(dir), Some((_, name))) = (pictures, picture) {
            // The popup comes in within 220 ms; the picture shows it at rest.
            process::pause(Duration::from_millis(400))?;
            let file = stage::shoot(session, dir, &format!("{}-{name}", scene.name.replace(' ', "-")))?;
            out.note(
                scene.name,
                "screenshot",
                timeline::now_ms(),
                json!({"file": file.display().to_string()}),
            );
        }
    }
    missing.extend(check_omnidesk(stage, scene, number.as_deref(), out)?);
    missing.extend(check_requests(stage, scene, requests, out)?);
    Ok(missing)
}

/// The screen itself must show the popup, and the focus must be where it was (S01).
fn check_screen(session: &Session, scene: &Scene, focus: &str, out: &mut Printer) -> Result<Vec<String>> {
    let visible = process::wait_for(Duration::from_secs(2), || Ok(session.has_window_in_corner().then_some(())))?.is_some();
    let now = session.focus();
    let facts = [
        ("a window is in the top right corner of the screen".to_owned(), visible),
        (format!("the focus stayed where it was ({focus}, then {now})"), now == focus),
    ];
    Ok(state(scene, facts, out))
}

/// Prints each fact as verified, or gives it back as missing.
fn state(scene: &Scene, facts: impl IntoIterator<Item = (String, bool)>, out: &mut Printer) -> Vec<String> {
    let mut missing = Vec::new();
    for (fact, holds) in facts {
        if holds {
            out.note(scene.name, "verified", timeline::now_ms(), json!({"what": fact}));
        } else {
            missing.push(out.untrue(scene.name, &fact));
        }
    }
    missing
}

/// Omnidesk itself must hold what the app claims.
fn check_omnidesk(stage: &Stage, scene: &Scene, number: Option<&str>, out: &mut Printer) -> Result<Vec<String>> {
    let Some(number) = number else {
        return Ok(vec![out.untrue(scene.name, "the case has a number")]);
    };
    let account = stage.control.omnidesk()?;
    let Some(case) = control::case(&account, number) else {
        return Ok(vec![out.untrue(scene.name, &format!("case {number} is in Omnidesk"))]);
    };
    let size = control::attached(case);
    // A recording is more than the 44 bytes of an empty wav's header.
    let recorded = size.is_some_and(|size| size > 44);
    let subject = case["subject"].as_str().unwrap_or_default();
    let mut facts = vec![
        (
            format!("case {number} is {} (found: {})", scene.expected.status, case["status"]),
            case["status"] == scene.expected.status,
        ),
        (
            format!(
                "case {number} has {} recording (bytes: {})",
                if scene.expected.recording { "a" } else { "no" },
                size.unwrap_or(0)
            ),
            recorded == scene.expected.recording,
        ),
    ];
    if let Some(beginning) = scene.expected.subject {
        facts.push((
            format!("subject begins with «{beginning}» (found: «{subject}»)"),
            subject.starts_with(beginning),
        ));
    }
    let cases_of_call = account["cases"].as_array().map_or(0, |cases| {
        cases
            .iter()
            .filter(|other| other["seeded"] == false && other["user_id"] == case["user_id"])
            .count()
    });
    facts.push((
        format!("the call has one case of its own (found: {cases_of_call})"),
        cases_of_call == 1,
    ));
    Ok(state(scene, facts, out))
}

fn check_requests(stage: &Stage, scene: &Scene, before: usize, out: &mut Printer) -> Result<Vec<String>> {
    let count = stage.control.requests()?.saturating_sub(before);
    let fact = format!("Omnidesk had {count} requests for this call (at most {REQUESTS_A_CALL})");
    if count <= REQUESTS_A_CALL {
        out.note(scene.name, "verified", timeline::now_ms(), json!({"what": fact}));
        return Ok(Vec::new());
    }
    Ok(vec![out.untrue(scene.name, &fact)])
}

fn await_step(stage: &mut Stage, from: usize, within: Duration, fits: impl Fn(&Entry) -> bool) -> Result<Option<Entry>> {
    stage.app_lives()?;
    stage.timeline.wait(from, within, fits)
}

/// Prints the timeline: a table for people, or JSON lines. Times count from the start of the app.
pub struct Printer {
    json: bool,
    zero: f64,
}

impl Printer {
    /// `zero` is the moment that counts as 0 ms.
    pub fn new(json: bool, zero: f64) -> Self {
        Self { json, zero }
    }

    fn heading(&self, scene: &str) {
        if !self.json {
            println!("\n{scene}\n  {:>10}  {:>10}  step", "ms", "since ring");
        }
    }

    fn entry(&self, scene: &str, entry: &Entry, offered: Option<f64>) {
        let mut rest = entry.rest.clone();
        if let Some(call) = &entry.call {
            rest.insert("call".to_owned(), json!(call));
        }
        if let Some(offered) = offered {
            rest.insert("since_offered_ms".to_owned(), json!(tenths(entry.t_ms - offered)));
        }
        self.line(scene, &entry.step, entry.t_ms, rest);
    }

    fn note(&self, scene: &str, step: &str, at: f64, rest: Value) {
        let Value::Object(rest) = rest else { return };
        self.line(scene, step, at, rest);
    }

    /// Says that a step was not seen, and gives the sentence back.
    fn lost(&self, scene: &str, step: &str, within: Duration) -> String {
        let what = format!("{scene}: `{step}` was not observed within {} s", within.as_secs());
        self.note(scene, "missing", timeline::now_ms(), json!({"what": what}));
        what
    }

    fn untrue(&self, scene: &str, fact: &str) -> String {
        let what = format!("{scene}: not true: {fact}");
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
    fn every_scene_ends_with_an_empty_outbox_and_a_stated_case() {
        for scene in scenes() {
            assert_eq!(scene.steps.last(), Some(&"outbox_empty"), "{}", scene.name);
            assert!(
                scene.steps.contains(&"case_created") && scene.steps.contains(&"status"),
                "{}",
                scene.name
            );
            assert_eq!(
                scene.steps.contains(&"recording_attached"),
                scene.expected.recording,
                "{}",
                scene.name
            );
        }
    }

    #[test]
    fn times_are_printed_with_one_decimal() {
        assert!((tenths(12.3456) - 12.3).abs() < f64::EPSILON);
    }
}
