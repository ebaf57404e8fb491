//! Holds the stand-in PBX against streams recorded from a real Asterisk 22: for each recorded scenario
//! the sandbox plays the same call and must send the same kinds of events, with the same fields, in the
//! same order.
//!
//! What order means: Asterisk orders events of one topic, not of different topics (the recordings
//! themselves differ there). So each channel's story is cut into moments (pauses in the stream), and
//! within a moment the channel's own events, its `Dial` events, its bridge events and its transfers are
//! compared each in their own order.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sandbox::{
    CallSpec, Options, Sandbox,
    pbx::{Answering, ClickPlan, HoldSpec, Outcome, TransferKind, TransferSpec},
};
use serde_json::Value;

mod support;
use support::{Listener, PATIENCE, ari};

const CALLER: &str = "79161234567";

/// Streams recorded from the real PBX; another crate's tests replay them as well.
fn recorded(name: &str) -> Vec<Value> {
    let path = format!("{}/../../../tests/asterisk/traces/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line.get("event").cloned()).collect()
}

enum Play {
    Call(CallSpec),
    Click(ClickPlan),
}

async fn played(play: Play, subscription: &str) -> Vec<Value> {
    let sandbox = Sandbox::start(Options {
        speed: 20.0,
        ..Options::default()
    })
    .await
    .unwrap();
    let mut listener = match subscription {
        "endpoint-101-and-bridges" => Listener::to_agent(&sandbox, "101").await,
        "endpoint-101-only" => Listener::to_sources(&sandbox, &["endpoint:PJSIP/101".to_owned()]).await,
        _ => Listener::to_everything(&sandbox).await,
    };
    let call = match play {
        Play::Call(spec) => sandbox.pbx().place(spec).unwrap(),
        Play::Click(plan) => {
            sandbox.pbx().set_click_plan(plan);
            let query = "endpoint=PJSIP/101&extension=79161234567&context=from-agents&priority=1&timeout=20\
                         &callerId=%22Click%20to%20call%22%20%3C79161234567%3E&channelId=c2c-1";
            let url = format!("{}/channels?{query}", sandbox.pbx_url());
            let body = serde_json::json!({"variables": {"COMPANION_CALL": "task-42"}});
            let request = reqwest::Client::new().post(url).json(&body);
            let request = request.basic_auth(sandbox.pbx_user(), Some(sandbox.pbx_password()));
            assert_eq!(request.send().await.unwrap().status(), 200);
            sandbox.pbx().calls().remove(0).call
        }
    };
    assert!(sandbox.pbx().ended(&call, PATIENCE).await);
    assert_eq!(ari(&sandbox, reqwest::Method::GET, "channels").await.text().await.unwrap(), "[]");
    let events = listener.drain(&sandbox).await;
    sandbox.shutdown().await;
    events
}

/// Every kind of event with the fields it has, and those of the channels and bridges in it.
fn shapes(events: &[Value]) -> BTreeSet<String> {
    let keys = |value: &Value| {
        let keys: BTreeSet<&str> = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        keys.into_iter().collect::<Vec<_>>().join(",")
    };
    let mut shapes = BTreeSet::new();
    for event in events {
        let kind = event["type"].as_str().unwrap();
        // A global variable that the recording session itself set.
        if kind == "ChannelVarset" && event.get("channel").is_none() {
            continue;
        }
        shapes.insert(format!("{kind}: {}", keys(event)));
        for (name, part) in event.as_object().unwrap() {
            if part.is_object() {
                shapes.insert(format!("{name}: {}", keys(part)));
            }
        }
    }
    shapes
}

/// The streams of one channel within one moment.
type Moment = BTreeMap<&'static str, Vec<String>>;
/// Each channel's moments, by the order in which its endpoint's channels were first seen: `101#2`.
type Stories = BTreeMap<String, Vec<Moment>>;

struct Teller {
    labels: BTreeMap<String, String>,
    per_endpoint: BTreeMap<String, usize>,
    stories: Stories,
}

impl Teller {
    fn label(&mut self, channel: &Value) -> String {
        let id = channel["id"].as_str().unwrap().to_owned();
        if let Some(label) = self.labels.get(&id) {
            return label.clone();
        }
        let name = channel["name"].as_str().unwrap();
        let endpoint = name.trim_start_matches("PJSIP/").rsplit_once('-').unwrap().0.to_owned();
        let number = self.per_endpoint.entry(endpoint.clone()).or_default();
        *number += 1;
        let label = format!("{endpoint}#{number}");
        self.labels.insert(id, label.clone());
        label
    }

    fn tell(&mut self, channel: &Value, fresh: &mut BTreeSet<String>, stream: &'static str, text: String) {
        let label = self.label(channel);
        let moments = self.stories.entry(label.clone()).or_default();
        if fresh.insert(label) {
            moments.push(Moment::new());
        }
        moments.last_mut().unwrap().entry(stream).or_default().push(text);
    }
}

/// A pause of this many milliseconds starts a new moment.
fn stories(events: &[Value], pause_ms: i64) -> Stories {
    let mut teller = Teller {
        labels: BTreeMap::new(),
        per_endpoint: BTreeMap::new(),
        stories: Stories::new(),
    };
    let mut fresh = BTreeSet::new();
    let mut last = i64::MIN;
    for event in events {
        let (kind, channel) = (event["type"].as_str().unwrap(), &event["channel"]);
        let told: Vec<(&Value, &'static str, String)> = match kind {
            "ChannelCreated" => vec![(
                channel,
                "own",
                format!("created {} {}", channel["state"], channel["dialplan"]["exten"]),
            )],
            "ChannelStateChange" => {
                vec![(
                    channel,
                    "own",
                    format!("state {} exten {}", channel["state"], channel["dialplan"]["exten"]),
                )]
            }
            "ChannelConnectedLine" => vec![(channel, "own", format!("connected {}", channel["connected"]))],
            "ChannelCallerId" => vec![(channel, "own", format!("caller {}", channel["caller"]))],
            "ChannelHold" | "ChannelUnhold" => vec![(channel, "own", kind.to_owned())],
            "ChannelDestroyed" => vec![(channel, "own", format!("destroyed {} {}", event["cause"], event["tech_cause"]))],
            "ChannelHangupRequest" => {
                let text = format!("{} soft {} sip {}", event["cause"], event["soft"], event["tech_cause"]);
                vec![(channel, "hang-up requests", text)]
            }
            "Dial" => {
                let text = format!(
                    "{} {} exten {}",
                    event["dialstatus"], event["dialstring"], event["peer"]["dialplan"]["exten"]
                );
                vec![(&event["peer"], "dial", text)]
            }
            "ChannelEnteredBridge" | "ChannelLeftBridge" => vec![(channel, "bridge", kind.to_owned())],
            "BridgeBlindTransfer" => {
                let text = format!("to {} {} {}", event["exten"], event["context"], event["result"]);
                vec![
                    (channel, "transfer", format!("blind, transferer, {text}")),
                    (&event["transferee"], "transfer", format!("blind, transferee, {text}")),
                ]
            }
            "BridgeAttendedTransfer" => ["transferer_first_leg", "transferer_second_leg", "transferee", "transfer_target"]
                .into_iter()
                .map(|part| {
                    (
                        &event[part],
                        "transfer",
                        format!("attended, {part}, connected {}", event[part]["connected"]),
                    )
                })
                .collect(),
            _ => continue,
        };
        let at: Timestamp = event["timestamp"].as_str().unwrap().replace("+0000", "Z").parse().unwrap();
        if at.as_millisecond() - last.max(0) >= pause_ms {
            fresh.clear();
        }
        last = at.as_millisecond();
        for (channel, stream, text) in told {
            teller.tell(channel, &mut fresh, stream, text);
        }
    }
    // Who asks a channel to hang up is decided in several threads: their order is chance.
    for moment in teller.stories.values_mut().flatten() {
        if let Some(requests) = moment.get_mut("hang-up requests") {
            requests.sort();
        }
    }
    teller.stories
}

/// In the sandbox all events of one operation carry the same time.
const SAME_TIME: i64 = 1;
/// Pauses between the moments of the recordings are longer, delays within a moment shorter.
const RECORDED_PAUSE: i64 = 100;

fn compare(name: &str, played: &[Value]) {
    let recorded = recorded(name);
    let (real, ours) = (shapes(&recorded), shapes(played));
    assert_eq!(real, ours, "{name}: kinds of events and their fields");
    let (real, ours) = (stories(&recorded, RECORDED_PAUSE), stories(played, SAME_TIME));
    for (channel, real) in &real {
        assert_eq!(Some(real), ours.get(channel), "{name}: {channel}");
    }
    assert_eq!(real.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>(), "{name}: channels");
}

async fn check(name: &str, play: Play) {
    let subscription = name.split_once('/').map_or("", |(folder, _)| folder);
    compare(name, &played(play, subscription).await);
}

fn incoming() -> CallSpec {
    CallSpec::incoming(CALLER, "101")
        .named("Ivan Client")
        .scripted(Outcome::Answered, 1500, 4000)
}

fn transferred(kind: TransferKind) -> CallSpec {
    let transfer = TransferSpec {
        kind,
        to: "102".to_owned(),
        after_ms: 2000,
        ring_ms: 1500,
        consult_ms: 2000,
        answered: true,
    };
    CallSpec {
        transfer: Some(transfer),
        ..incoming()
    }
}

fn group_answered_by_102() -> CallSpec {
    let group = CallSpec::group(CALLER, &["101", "102", "103"]).named("Ivan Client");
    CallSpec {
        answered_by: "102".to_owned(),
        ..group.scripted(Outcome::Answered, 2000, 3000)
    }
}

fn hunt_answered_by_102() -> CallSpec {
    let hunt = CallSpec::hunting(CALLER, &["101", "102"]).named("Ivan Client");
    CallSpec {
        answered_by: "102".to_owned(),
        ..hunt.scripted(Outcome::Answered, 2000, 3000)
    }
}

#[tokio::test]
async fn an_answered_call_is_as_recorded() {
    check("a-in-answered", Play::Call(incoming())).await;
}

#[tokio::test]
async fn a_call_the_caller_gives_up_is_as_recorded() {
    check("b-in-caller-gives-up", Play::Call(incoming().scripted(Outcome::Abandoned, 2500, 0))).await;
}

#[tokio::test]
async fn a_call_that_times_out_is_as_recorded() {
    check("c-in-no-answer-timeout", Play::Call(incoming().scripted(Outcome::Timeout, 8000, 0))).await;
}

#[tokio::test]
async fn a_call_to_a_busy_phone_is_as_recorded() {
    check("d-in-busy", Play::Call(incoming().scripted(Outcome::Busy, 200, 0))).await;
}

#[tokio::test]
async fn a_group_call_that_a_colleague_answers_is_as_recorded() {
    check("e-group-answered-by-102", Play::Call(group_answered_by_102())).await;
}

#[tokio::test]
async fn a_group_call_that_nobody_answers_is_as_recorded() {
    let call = CallSpec::group(CALLER, &["101", "102", "103"]).named("Ivan Client");
    check("f-group-missed-by-all", Play::Call(call.scripted(Outcome::Timeout, 5000, 0))).await;
}

#[tokio::test]
async fn a_queue_call_is_as_recorded() {
    let call = CallSpec::queue(CALLER, &["101", "102"])
        .named("Ivan Client")
        .scripted(Outcome::Answered, 2000, 4000);
    check(
        "g-queue-answered",
        Play::Call(CallSpec {
            answered_by: "102".to_owned(),
            ..call
        }),
    )
    .await;
}

#[tokio::test]
async fn a_call_that_goes_from_phone_to_phone_is_as_recorded() {
    check("w-hunting-answered-by-102", Play::Call(hunt_answered_by_102())).await;
}

#[tokio::test]
async fn a_call_to_a_machine_is_as_recorded() {
    let call = CallSpec::ivr(CALLER).named("Ivan Client").scripted(Outcome::Answered, 0, 4000);
    check("i-ivr-only", Play::Call(call)).await;
}

#[tokio::test]
async fn a_blind_transfer_is_as_recorded() {
    check("j-blind-transfer-refer", Play::Call(transferred(TransferKind::Blind))).await;
}

#[tokio::test]
async fn an_attended_transfer_is_as_recorded() {
    check("k-attended-transfer-refer", Play::Call(transferred(TransferKind::Attended))).await;
}

#[tokio::test]
async fn an_outgoing_call_is_as_recorded() {
    let call = CallSpec::outgoing("101", CALLER).scripted(Outcome::Answered, 1500, 4000);
    check("l-out-answered", Play::Call(call)).await;
}

#[tokio::test]
async fn an_unanswered_outgoing_call_is_as_recorded() {
    let call = CallSpec::outgoing("101", CALLER).scripted(Outcome::Abandoned, 3000, 0);
    check("m-out-unanswered", Play::Call(call)).await;
}

#[tokio::test]
async fn a_click_to_call_is_as_recorded() {
    let plan = ClickPlan {
        talk_ms: Some(4000),
        ..ClickPlan::default()
    };
    check("n-click-answered", Play::Click(plan)).await;
}

#[tokio::test]
async fn a_click_to_call_the_client_does_not_answer_is_as_recorded() {
    let plan = ClickPlan {
        client: Answering::NoAnswer,
        client_ms: 5000,
        ..ClickPlan::default()
    };
    check("o-click-client-no-answer", Play::Click(plan)).await;
}

#[tokio::test]
async fn a_click_to_call_the_agent_declines_is_as_recorded() {
    let plan = ClickPlan {
        agent: Answering::Decline,
        ..ClickPlan::default()
    };
    check("p-click-agent-rejects", Play::Click(plan)).await;
}

#[tokio::test]
async fn an_anonymous_call_is_as_recorded() {
    let call = CallSpec::incoming("anonymous", "101").scripted(Outcome::Answered, 1000, 2500);
    check("q-in-anonymous", Play::Call(call)).await;
}

#[tokio::test]
async fn hold_and_resume_are_as_recorded() {
    let hold = HoldSpec {
        after_ms: 1500,
        for_ms: 2000,
    };
    check(
        "s-hold-resume",
        Play::Call(CallSpec {
            hold: Some(hold),
            ..incoming()
        }),
    )
    .await;
}

#[tokio::test]
async fn one_agents_view_of_an_answered_call_is_as_recorded() {
    check("endpoint-101-and-bridges/a-in-answered", Play::Call(incoming())).await;
}

#[tokio::test]
async fn one_agents_view_of_an_abandoned_call_is_as_recorded() {
    let call = incoming().scripted(Outcome::Abandoned, 2500, 0);
    check("endpoint-101-and-bridges/b-in-caller-gives-up", Play::Call(call)).await;
}

#[tokio::test]
async fn one_agents_view_of_a_group_call_is_as_recorded() {
    check(
        "endpoint-101-and-bridges/e-group-answered-by-102",
        Play::Call(group_answered_by_102()),
    )
    .await;
}

#[tokio::test]
async fn the_first_agents_view_of_a_hunt_is_as_recorded() {
    check(
        "endpoint-101-and-bridges/w-hunting-answered-by-102",
        Play::Call(hunt_answered_by_102()),
    )
    .await;
}

#[tokio::test]
async fn one_agents_view_of_a_blind_transfer_is_as_recorded() {
    check(
        "endpoint-101-and-bridges/j-blind-transfer-refer",
        Play::Call(transferred(TransferKind::Blind)),
    )
    .await;
}

#[tokio::test]
async fn one_agents_view_of_an_attended_transfer_is_as_recorded() {
    check(
        "endpoint-101-and-bridges/k-attended-transfer-refer",
        Play::Call(transferred(TransferKind::Attended)),
    )
    .await;
}

#[tokio::test]
async fn without_the_bridges_an_agents_view_is_as_recorded() {
    check("endpoint-101-only/a-in-answered", Play::Call(incoming())).await;
    check("endpoint-101-only/e-group-answered-by-102", Play::Call(group_answered_by_102())).await;
}
