//! Every recorded stream of a real Asterisk, replayed: the calls that REPORT's tables describe.
//!
//! The expectations are written by hand from the REPORT of the test PBX (per scenario,
//! rule 6) and its `bin/derive`, never from the program's own output.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use calls::{CallEventKind, Direction, Direction::Inbound, Direction::Internal, Direction::Outbound, Disposition, NumberKind, PbxEvent};
use pbx::FrameOutcome;
use pbx::ari::{Agent, Translator};
use pbx::replay::{CallLine, Replay};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/asterisk/traces")
}

/// Lines of a stream, named by its path below the folder without the ending.
fn stream(name: &str) -> Vec<String> {
    let path = folder().join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

/// The names of all streams there are.
fn all_streams() -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the recorded streams lie in tests/asterisk/traces") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "jsonl") {
                let name = path.strip_prefix(self::folder()).expect("below").with_extension("");
                // Windows' own separator would make other names of the same streams.
                names.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    names.sort();
    names
}

fn calls_of<'a>(agent: &str, lines: impl IntoIterator<Item = &'a String>) -> Vec<CallLine> {
    let mut replay = Replay::new(Agent::pjsip(agent));
    for line in lines {
        replay.line(line);
    }
    replay.finish();
    replay.calls()
}

/// What is compared between streams of one scenario: everything but ids and exact times.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    direction: Direction,
    remote: String,
    disposition: Option<Disposition>,
    from: Option<String>,
    to: Option<String>,
}

fn told(calls: &[CallLine]) -> Vec<Told> {
    let told = |call: &CallLine| Told {
        direction: call.direction,
        remote: call.remote.e164.clone().unwrap_or_else(|| call.remote.raw.clone()),
        disposition: call.disposition,
        from: call.transferred_from.as_ref().map(|from| from.as_str().to_owned()),
        to: call.transferred_to.clone(),
    };
    calls.iter().map(told).collect()
}

fn call(direction: Direction, remote: &str, disposition: Disposition) -> Told {
    Told {
        direction,
        remote: remote.into(),
        disposition: Some(disposition),
        from: None,
        to: None,
    }
}

impl Told {
    fn passed_to(self, to: &str) -> Self {
        Self {
            to: Some(to.into()),
            ..self
        }
    }
    fn passed_by(self, from: &str) -> Self {
        Self {
            from: Some(from.into()),
            ..self
        }
    }
}

const CLIENT: &str = "+79161234567";

/// Scenario, agent, calls; and for each call whether a recording holds it. From REPORT.
fn expected() -> Vec<(&'static str, &'static str, Vec<Told>)> {
    use Disposition::{Answered, AnsweredElsewhere, Busy, Cancelled, Declined, Failed, Missed};
    let client = |disposition| call(Inbound, CLIENT, disposition);
    let consultation = call(Internal, "102", Answered);
    vec![
        ("a-in-answered", "101", vec![client(Answered)]),
        ("b-in-caller-gives-up", "101", vec![client(Missed)]),
        ("c-in-no-answer-timeout", "101", vec![client(Missed)]),
        ("d-in-busy", "101", vec![client(Busy)]),
        ("e-group-answered-by-102", "101", vec![client(AnsweredElsewhere)]),
        ("e-group-answered-by-102", "102", vec![client(Answered)]),
        ("e-group-answered-by-102", "103", vec![client(AnsweredElsewhere)]),
        ("f-group-missed-by-all", "101", vec![client(Missed)]),
        ("f-group-missed-by-all", "102", vec![client(Missed)]),
        ("f-group-missed-by-all", "103", vec![client(Missed)]),
        ("g-queue-answered", "101", vec![client(AnsweredElsewhere)]),
        ("g-queue-answered", "102", vec![client(Answered)]),
        ("g-queue-answered", "103", vec![]),
        // S29: only a machine answered, no agent was ever rung.
        ("i-ivr-only", "101", vec![]),
        ("j-blind-transfer-refer", "101", vec![client(Answered).passed_to("102")]),
        ("j-blind-transfer-refer", "102", vec![client(Answered).passed_by("101")]),
        (
            "k-attended-transfer-refer",
            "101",
            vec![client(Answered).passed_to("102"), consultation],
        ),
        ("k-attended-transfer-refer", "102", vec![client(Answered).passed_by("101")]),
        ("l-out-answered", "101", vec![call(Outbound, CLIENT, Answered)]),
        ("m-out-unanswered", "101", vec![call(Outbound, CLIENT, Cancelled)]),
        ("n-click-answered", "101", vec![call(Outbound, CLIENT, Answered)]),
        ("o-click-client-no-answer", "101", vec![call(Outbound, CLIENT, Cancelled)]),
        // The context of the order is not on the PBX: the agent picked up, nobody was dialled, the cause is 0.
        ("o2-click-refused-at-once", "101", vec![call(Outbound, CLIENT, Failed)]),
        ("p-click-agent-rejects", "101", vec![call(Outbound, CLIENT, Declined)]),
        ("q-in-anonymous", "101", vec![call(Inbound, "anonymous", Answered)]),
        ("s-hold-resume", "101", vec![client(Answered)]),
        ("u-ws-dropped-mid-call", "101", vec![client(Answered)]),
        ("v-register-unregister", "101", vec![]),
        // It rang in vain, and was taken elsewhere later.
        ("w-hunting-answered-by-102", "101", vec![client(AnsweredElsewhere)]),
        ("w-hunting-answered-by-102", "102", vec![client(Answered)]),
        ("w-hunting-answered-by-102", "103", vec![]),
        ("w2-queue-hunting-local-answered-by-102", "101", vec![client(AnsweredElsewhere)]),
        ("w2-queue-hunting-local-answered-by-102", "102", vec![client(Answered)]),
    ]
}

/// The folders of the same scenarios recorded otherwise, and whose streams they are.
const FULL: [&str; 2] = ["", "linkedid/"];
const LEAN: [&str; 2] = ["endpoint-101-and-bridges/", "endpoint-101-only/"];

fn missed_if_unseen(disposition: Disposition) -> Disposition {
    if disposition == Disposition::AnsweredElsewhere {
        Disposition::Missed
    } else {
        disposition
    }
}

#[test]
fn every_recorded_stream_gives_the_calls_of_the_report() {
    let streams = all_streams();
    let mut checked = std::collections::BTreeSet::new();
    for (scenario, agent, calls) in expected() {
        for folder in FULL.into_iter().chain(LEAN) {
            let name = format!("{folder}{scenario}");
            let is_lean = LEAN.contains(&folder);
            if !streams.contains(&name) || (is_lean && agent != "101") {
                continue;
            }
            let mut calls = calls.clone();
            if folder == "endpoint-101-only/" {
                // Without bridges nobody is seen talking to the caller: the PBX's word is a hint, and the desk asks.
                let unseen = |call: &mut Told| call.disposition = call.disposition.map(missed_if_unseen);
                calls.iter_mut().for_each(unseen);
            }
            assert_eq!(told(&calls_of(agent, &stream(&name))), calls, "{name}, agent {agent}");
            checked.insert(name);
        }
    }
    let unchecked: Vec<_> = streams.iter().filter(|name| !checked.contains(*name)).collect();
    assert!(unchecked.is_empty() && !streams.is_empty(), "no expectation for {unchecked:?}");
}

#[test]
fn agents_who_took_no_part_have_no_calls() {
    for scenario in [
        "a-in-answered",
        "b-in-caller-gives-up",
        "l-out-answered",
        "n-click-answered",
        "s-hold-resume",
    ] {
        for agent in ["102", "103", "1010", "10"] {
            assert!(calls_of(agent, &stream(scenario)).is_empty(), "{scenario} {agent}");
        }
    }
}

#[test]
fn the_conversation_is_the_first_channel_with_and_without_linkedid() {
    // From the streams themselves: the id of the channel that called in, or of the agent's own that called out.
    let table = [
        ("a-in-answered", "101", vec!["1795329167.0"]),
        ("e-group-answered-by-102", "103", vec!["1795329190.20"]),
        ("g-queue-answered", "102", vec!["1795329205.42"]),
        ("j-blind-transfer-refer", "102", vec!["1795329228.58"]),
        ("k-attended-transfer-refer", "101", vec!["1795329535.103", "1795329538.105"]),
        ("k-attended-transfer-refer", "102", vec!["1795329535.103"]),
        ("l-out-answered", "101", vec!["1795329257.75"]),
        ("n-click-answered", "101", vec!["c2c-1795329269124"]),
        ("linkedid/j-blind-transfer-refer", "102", vec!["1795328435.3"]),
        ("linkedid/k-attended-transfer-refer", "101", vec!["1795328445.8", "1795328447.10"]),
        ("linkedid/k-attended-transfer-refer", "102", vec!["1795328445.8"]),
        ("endpoint-101-only/a-in-answered", "101", vec!["1795328343.100"]),
        ("endpoint-101-and-bridges/a-in-answered", "101", vec!["1795331299.0"]),
        ("endpoint-101-and-bridges/j-blind-transfer-refer", "101", vec!["1795331315.13"]),
        (
            "endpoint-101-and-bridges/k-attended-transfer-refer",
            "101",
            vec!["1795331325.18", "1795331327.20"],
        ),
    ];
    for (name, agent, conversations) in table {
        let calls = calls_of(agent, &stream(name));
        let found: Vec<_> = calls
            .iter()
            .map(|call| call.conversation.as_ref().map_or("", |id| id.as_str()))
            .collect();
        assert_eq!(found, conversations, "{name}, agent {agent}");
    }
}

#[test]
fn answered_calls_name_the_recording_that_holds_them_and_others_name_none() {
    let table = [
        (
            "a-in-answered",
            "101",
            vec![Some("in-74950000002-79161234567-20261122-063247-1795329167.0.wav")],
        ),
        ("b-in-caller-gives-up", "101", vec![None]),
        ("e-group-answered-by-102", "101", vec![None]),
        (
            "e-group-answered-by-102",
            "102",
            vec![Some("in-74950000001-79161234567-20261122-063310-1795329190.20.wav")],
        ),
        ("g-queue-answered", "102", vec![Some("q-74950000003-79161234567-1795329205.42.wav")]),
        // After a blind transfer a second file starts; after an attended one the client's goes on.
        (
            "j-blind-transfer-refer",
            "101",
            vec![Some("in-74950000002-79161234567-20261122-063348-1795329228.58.wav")],
        ),
        (
            "j-blind-transfer-refer",
            "102",
            vec![Some("int-102-79161234567-20261122-063351-1795329228.58.wav")],
        ),
        (
            "k-attended-transfer-refer",
            "102",
            vec![Some("in-74950000002-79161234567-20261122-063855-1795329535.103.wav")],
        ),
        ("o-click-client-no-answer", "101", vec![None]),
        (
            "endpoint-101-only/a-in-answered",
            "101",
            vec![Some("in-74950000002-79161234567-20261122-061903-1795328343.100.wav")],
        ),
    ];
    for (name, agent, recordings) in table {
        let calls = calls_of(agent, &stream(name));
        let found: Vec<_> = calls
            .iter()
            .map(|call| call.recording.as_ref().and_then(|path| path.as_str().rsplit('/').next()))
            .collect();
        assert_eq!(found, recordings, "{name}, agent {agent}");
    }
}

#[test]
fn a_caller_who_is_passed_on_until_somebody_answers_was_missed_only_for_the_time_being() {
    for name in ["w-hunting-answered-by-102", "w2-queue-hunting-local-answered-by-102"] {
        for name in [name.to_owned(), format!("endpoint-101-and-bridges/{name}")] {
            let mut replay = Replay::new(Agent::pjsip("101"));
            let events = stream(&name).iter().flat_map(|line| replay.line(line)).collect::<Vec<_>>();
            let ends = events.iter().filter_map(|event| match event {
                PbxEvent::Call(event) => Some(&event.kind),
                PbxEvent::Link { .. } | PbxEvent::Phone { .. } | PbxEvent::Resync { .. } => None,
            });
            let ends: Vec<_> = ends
                .skip_while(|kind| !matches!(kind, CallEventKind::Ended { .. }))
                .cloned()
                .collect();
            assert!(
                matches!(
                    ends.as_slice(),
                    [
                        CallEventKind::Ended {
                            disposition: Disposition::Missed,
                            ..
                        },
                        CallEventKind::TakenElsewhere
                    ]
                ),
                "{name}: {ends:?}"
            );
        }
    }
}

#[test]
fn ring_and_talk_times_are_those_of_the_scenario() {
    // Milliseconds as played by SIPp, within a quarter of a second.
    let table = [
        ("a-in-answered", "101", 1500, 4000),
        ("b-in-caller-gives-up", "101", 2500, 0),
        ("c-in-no-answer-timeout", "101", 8000, 0),
        ("d-in-busy", "101", 0, 0),
        ("j-blind-transfer-refer", "101", 1000, 2000),
        ("l-out-answered", "101", 1500, 4000),
    ];
    for (name, agent, ring, talk) in table {
        let calls = calls_of(agent, &stream(name));
        let (rang, talked) = (calls[0].ring_ms, calls[0].talk_ms);
        assert!((rang - ring).abs() < 250 && (talked - talk).abs() < 250, "{name}: {rang} {talked}");
    }
}

#[test]
fn a_hidden_number_is_withheld_and_a_real_one_is_external() {
    assert_eq!(calls_of("101", &stream("q-in-anonymous"))[0].remote.kind, NumberKind::Withheld);
    assert_eq!(calls_of("101", &stream("a-in-answered"))[0].remote.kind, NumberKind::External);
}

#[test]
fn the_reconnect_in_the_middle_of_a_call_brings_a_resync_with_the_leg_alive() {
    let mut replay = Replay::new(Agent::pjsip("101"));
    let events: Vec<_> = stream("u-ws-dropped-mid-call").iter().flat_map(|line| replay.line(line)).collect();
    let live: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            PbxEvent::Resync {
                live, restarted: false, ..
            } => Some(live.iter().map(|leg| leg.as_str()).collect::<Vec<_>>()),
            _ => None,
        })
        .collect();
    assert_eq!(live, [["1795329369.1"]]);
}

#[test]
fn a_desktop_that_starts_in_the_middle_of_a_call_learns_all_of_it_from_the_snapshot() {
    let lines = stream("u-ws-dropped-mid-call");
    let second = lines
        .iter()
        .rposition(|line| line.contains("\"note\": \"connected\""))
        .expect("the second connection");
    let calls = calls_of("101", &lines[second..]);
    assert_eq!(told(&calls), [call(Inbound, CLIENT, Disposition::Answered)]);
    assert_eq!(calls[0].conversation.as_ref().map(|id| id.as_str()), Some("1795329369.0"));
    assert!(calls[0].recording.is_some());
}

#[test]
fn every_frame_of_every_stream_is_understood() {
    let mut total = 0;
    for name in all_streams() {
        let mut replay = Replay::new(Agent::pjsip("101"));
        let lines = stream(&name);
        lines.iter().for_each(|line| _ = replay.line(line));
        let stats = replay.stats();
        assert!(
            stats.unknown.is_empty() && stats.bad == 0 && stats.too_large == 0,
            "{name}: {stats:?}"
        );
        assert_eq!(
            stats.understood_total(),
            lines.iter().filter(|line| line.contains("\"event\":")).count() as u64,
            "{name}"
        );
        total += stats.understood_total();
    }
    assert!(total > 2000, "{total}");
}

#[test]
fn frames_that_come_twice_or_a_whole_stream_that_comes_twice_give_the_same_calls() {
    for name in all_streams() {
        let lines = stream(&name);
        for agent in ["101", "102", "103"] {
            let once = calls_of(agent, &lines);
            let each_twice: Vec<_> = lines.iter().flat_map(|line| [line, line]).cloned().collect();
            assert_eq!(calls_of(agent, &each_twice), once, "{name}, agent {agent}, each frame twice");
            let again: Vec<_> = lines.iter().chain(&lines).cloned().collect();
            assert_eq!(calls_of(agent, &again), once, "{name}, agent {agent}, all of it twice");
        }
    }
}

#[test]
fn no_event_of_a_leg_is_told_twice() {
    for name in all_streams() {
        let lines = stream(&name);
        let mut replay = Replay::new(Agent::pjsip("101"));
        let events: Vec<_> = lines.iter().chain(&lines).flat_map(|line| replay.line(line)).collect();
        let calls: Vec<_> = events.iter().filter(|event| matches!(event, PbxEvent::Call(_))).collect();
        for (place, event) in calls.iter().enumerate() {
            assert!(!calls[..place].contains(event), "{name}: {event:?}");
        }
    }
}

/// Moves frames, each by less than 50 ms of its own time.
fn shuffled(lines: &[String], jitter: &[u8]) -> Vec<String> {
    let time = |line: &String| {
        let recv = line
            .split("\"recv\": \"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default();
        recv.parse::<jiff::Timestamp>().map_or(0, |stamp| stamp.as_millisecond())
    };
    let mut keyed: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| (time(line) + i64::from(jitter[n % jitter.len()] % 50), line))
        .collect();
    keyed.sort_by_key(|(time, _)| *time);
    keyed.into_iter().map(|(_, line)| line.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn frames_out_of_order_by_some_milliseconds_keep_directions_and_outcomes(
        which in 0..1000_usize,
        jitter in prop::collection::vec(any::<u8>(), 1..200),
    ) {
        let table: Vec<_> = expected();
        let (scenario, agent, calls) = &table[which % table.len()];
        let lines = stream(scenario);
        let found = told(&calls_of(agent, &shuffled(&lines, &jitter)));
        let outcomes = |calls: &[Told]| {
            let mut outcomes: Vec<_> = calls.iter().map(|call| (format!("{:?}", call.direction), call.remote.clone(), call.disposition)).collect();
            outcomes.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
            outcomes
        };
        prop_assert_eq!(outcomes(&found), outcomes(calls), "{}, agent {}", scenario, agent);
    }

    #[test]
    fn arbitrary_text_never_panics_and_is_counted(text in "\\PC{0,400}") {
        let out = Translator::new(Agent::pjsip("101")).frame(&text, calls::Moment(0));
        prop_assert!(out.events.is_empty());
        prop_assert!(out.frame.is_some());
    }

    #[test]
    fn frames_cut_off_or_scribbled_over_never_panic(
        which in 0..1000_usize,
        cut in 0..2000_usize,
        noise in prop::collection::vec((0..2000_usize, any::<u8>()), 0..8),
    ) {
        let names = all_streams();
        let lines = stream(&names[which % names.len()]);
        let mut replay = Replay::new(Agent::pjsip("101"));
        for (n, line) in lines.iter().enumerate() {
            let mut bytes = line.clone().into_bytes();
            if n % 3 == 0 {
                bytes.truncate(cut);
            }
            for (place, byte) in &noise {
                if n % 2 == 0 && let Some(at) = bytes.get_mut(*place) {
                    *at = *byte;
                }
            }
            replay.line(&String::from_utf8_lossy(&bytes));
        }
        let stats = replay.stats();
        let counted = stats.understood_total() + stats.unknown.values().sum::<u64>() + stats.bad + stats.too_large;
        prop_assert!(counted <= lines.len() as u64);
    }
}

#[test]
fn a_frame_of_a_type_that_nobody_knows_is_told_as_such() {
    let out = Translator::new(Agent::pjsip("101")).frame(r#"{"type":"CallBroadcast"}"#, calls::Moment(0));
    assert_eq!(
        out.frame,
        Some(FrameOutcome::Unknown {
            kind: "CallBroadcast".into()
        })
    );
}
