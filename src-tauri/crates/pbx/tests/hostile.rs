//! Hostile texts in every place of every frame: what the translator tells stays fit to be shown and to be asked by, and the
//! agent's next call is told as ever.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use calls::{CallEventKind, PbxEvent};
use hostile::texts;
use pbx::ari::Agent;
use pbx::replay::Replay;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn stream(name: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/asterisk/traces");
    let text = std::fs::read_to_string(folder.join(format!("{name}.jsonl"))).expect("a recorded stream");
    text.lines().map(str::to_owned).collect()
}

/// Where texts stand in a frame: `/event/channel/caller/name`.
fn places(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::String(_) => {
            found.insert(path.to_owned());
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| places(item, &format!("{path}/{at}"), found)),
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            // A key with a slash in it is no place that a pointer finds.
            if !key.contains(['/', '~']) {
                places(item, &format!("{path}/{key}"), found);
            }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All texts that an event brings out of the PBX for people to see.
fn shown(event: &PbxEvent) -> Vec<String> {
    let PbxEvent::Call(event) = event else { return Vec::new() };
    match &event.kind {
        CallEventKind::Offered { remote, .. } | CallEventKind::Dialing { remote, .. } => {
            let number = calls::Number::read(&remote.raw, calls::Region::default());
            let name = remote.name.as_deref().map(calls::tidy_name);
            [Some(number.pretty().to_owned()), name].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn a_hostile_text_in_any_place_of_any_frame_is_survived_and_the_next_call_is_told_as_ever() {
    let honest = stream("b-in-caller-gives-up");
    // Not the direction: what the PBX itself said before of its lines counts for the next call, too.
    let told = |replay: &Replay| replay.calls().last().map(|call| (call.disposition, call.remote.clone()));
    let mut alone = Replay::new(Agent::pjsip("101"));
    honest.iter().for_each(|line| drop(alone.line(line)));
    alone.finish();
    let expected = told(&alone);
    assert!(expected.is_some());

    for name in ["a-in-answered", "j-blind-transfer-refer"] {
        let frames: Vec<Value> = stream(name).iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let mut all = BTreeSet::new();
        frames.iter().for_each(|frame| places(frame, "", &mut all));
        assert!(all.len() > 20, "{name}: {all:?}");
        for (at, hostile) in texts().into_iter().enumerate() {
            // Each text in some of the places, other ones for each: together every place has had one or two.
            let here = all.iter().skip(at % 40).step_by(40);
            for place in here {
                let mut replay = Replay::new(Agent::pjsip("101"));
                for frame in &frames {
                    let mut frame = frame.clone();
                    if let Some(text) = frame.pointer_mut(place).filter(|text| text.is_string()) {
                        *text = Value::String(hostile.text.clone());
                    }
                    for event in replay.line(&frame.to_string()) {
                        for text in shown(&event) {
                            let fits = text.chars().all(hostile::is_harmless) && text.chars().count() <= 300;
                            assert!(fits, "{name} {place} {}: {text:?}", hostile.name);
                        }
                    }
                }
                honest.iter().for_each(|line| drop(replay.line(line)));
                replay.finish();
                assert_eq!(told(&replay), expected, "{name} {place} {}", hostile.name);
            }
        }
    }
}

#[test]
fn a_hostile_text_as_a_whole_frame_is_no_frame() {
    let mut replay = Replay::new(Agent::pjsip("101"));
    for hostile in texts() {
        assert!(replay.line(&hostile.text).is_empty(), "{}", hostile.name);
        let wrapped = serde_json::json!({"recv": hostile.text, "event": hostile.text, hostile.text.clone(): [hostile.text]});
        assert!(replay.line(&wrapped.to_string()).is_empty(), "{}", hostile.name);
    }
    assert!(replay.calls().is_empty());
}
