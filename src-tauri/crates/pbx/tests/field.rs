//! Streams of the situations that offices report, recorded on a real PBX with the settings that the reports name.
//!
//! What is right stands in `expected.json` beside them: it was decided from the situation, before anything was run.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use pbx::ari::Agent;
use pbx::replay::{CallLine, Replay};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/asterisk/field")
}

fn lines(name: &str) -> Vec<String> {
    let path = folder().join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

/// What is right for a call: key and value.
type Right = Map<String, Value>;

/// Stream, extension, the calls that are right.
fn expected() -> Vec<(String, String, Vec<Right>)> {
    let text = std::fs::read_to_string(folder().join("expected.json")).expect("the right values");
    let Value::Object(streams) = serde_json::from_str(&text).expect("JSON") else {
        panic!("an object of streams")
    };
    let mut rows = Vec::new();
    for (stream, agents) in streams {
        // The explanation.
        let Value::Object(agents) = agents else { continue };
        for (agent, calls) in agents {
            let calls = serde_json::from_value(calls).expect("a list of calls");
            rows.push((stream.clone(), agent, calls));
        }
    }
    rows
}

fn calls_of(agent: &Agent, lines: &[String]) -> Vec<CallLine> {
    let mut replay = Replay::new(agent.clone());
    for line in lines {
        replay.line(line);
    }
    replay.finish();
    replay.calls()
}

/// What is judged of a call, as text; nothing is `None`.
fn told(call: &CallLine, key: &str) -> String {
    let call = serde_json::to_value(call).expect("a call as JSON");
    let value = match key {
        "e164" | "raw" => &call["remote"][key],
        key => &call[key],
    };
    value.as_str().unwrap_or("None").to_owned()
}

/// In what a call is not as it should be.
fn faults(call: &CallLine, right: &Right) -> Vec<String> {
    let differs = |(key, right): (&String, &Value)| {
        let (right, told) = (right.as_str().expect("a text"), told(call, key));
        let fits = right.split('|').any(|right| right == told);
        (!fits).then(|| format!("{key} is {told}, not {right}"))
    };
    right.iter().filter_map(differs).collect()
}

#[test]
fn every_stream_gives_the_calls_that_are_right() {
    let mut bad = Vec::new();
    for (stream, agent, right) in expected() {
        let calls = calls_of(&Agent::pjsip(&agent), &lines(&stream));
        if calls.len() != right.len() {
            bad.push(format!("{stream}, {agent}: {} calls, not {}", calls.len(), right.len()));
        }
        for (call, right) in calls.iter().zip(&right) {
            bad.extend(faults(call, right).iter().map(|fault| format!("{stream}, {agent}: {fault}")));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn every_stream_has_its_right_values() {
    let known: BTreeSet<_> = expected().into_iter().map(|(stream, _, _)| stream).collect();
    let there: BTreeSet<_> = std::fs::read_dir(folder())
        .expect("the streams")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, known);
}

/// The same streams as `chan_sip` would have told them: its channels are named `SIP/101-00000012`.
#[test]
fn the_technology_in_a_channels_name_changes_nothing() {
    let mut bad = Vec::new();
    // Contacts are PJSIP's alone, and so are the settings that notes name.
    let pjsip_only = |stream: &str| stream.starts_with("two-devices");
    for (stream, agent, right) in expected().into_iter().filter(|(stream, _, _)| !pjsip_only(stream)) {
        let lines: Vec<_> = lines(&stream).iter().map(|line| line.replace("PJSIP/", "SIP/")).collect();
        let agent = Agent {
            technology: "SIP".into(),
            ..Agent::pjsip(&agent)
        };
        for (call, right) in calls_of(&agent, &lines).iter().zip(&right) {
            bad.extend(faults(call, right).iter().map(|fault| format!("{stream}: {fault}")));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// A PBX may send an event twice, and a socket that is opened anew does.
#[test]
fn an_event_that_comes_twice_changes_nothing() {
    let mut bad = Vec::new();
    for (stream, agent, right) in expected() {
        let twice: Vec<_> = lines(&stream).into_iter().flat_map(|line| [line.clone(), line]).collect();
        let calls = calls_of(&Agent::pjsip(&agent), &twice);
        if calls.len() != right.len() {
            bad.push(format!("{stream}, {agent}: {} calls, not {}", calls.len(), right.len()));
        }
        for (call, right) in calls.iter().zip(&right) {
            bad.extend(faults(call, right).iter().map(|fault| format!("{stream}, {agent}: {fault}")));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
