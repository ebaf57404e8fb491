//! Situations that the recorded streams do not hold, built from REPORT's descriptions.

use super::*;
use crate::ari::exchange::Snapshot;
use calls::{CallEventKind, Direction, Disposition, LegId, Origin, RecordingRef, Remote, TransferKind};
use serde_json::{Value, json};

fn chan(id: &str, name: &str, state: &str) -> Value {
    json!({"id": id, "name": name, "state": state, "caller": {"name": "", "number": ""}, "connected": {"name": "", "number": ""},
        "dialplan": {"context": "x", "exten": "", "app_name": "", "app_data": ""}, "creationtime": "2026-11-22T06:00:00.000+0000"})
}

fn with(mut channel: Value, path: &str, value: &str) -> Value {
    *channel.pointer_mut(path).expect("a field of a channel") = value.into();
    channel
}

fn client(id: &str, state: &str) -> Value {
    with(
        with(chan(id, &format!("PJSIP/trunk-{id}"), state), "/caller/number", "79161234567"),
        "/dialplan/exten",
        "74950000002",
    )
}

/// The agent's phone, offered a client's call.
fn rung(id: &str, state: &str) -> Value {
    let channel = with(chan(id, &format!("PJSIP/101-{id}"), state), "/connected/number", "79161234567");
    with(with(channel, "/dialplan/app_name", "AppDial"), "/dialplan/exten", "74950000002")
}

fn dial(caller: Option<&Value>, peer: &Value, status: &str) -> Value {
    let mut dial = json!({"type": "Dial", "peer": peer, "dialstatus": status, "forward": ""});
    if let Some(caller) = caller {
        dial["caller"] = caller.clone();
    }
    dial
}

fn entered(members: &[&str], channel: &Value) -> Value {
    json!({"type": "ChannelEnteredBridge", "channel": channel, "bridge": {"id": "b", "channels": members, "bridge_type": "mixing"}})
}

struct Scene {
    translator: Translator,
    at: i64,
    questions: Vec<Question>,
}

impl Scene {
    fn new() -> Self {
        Self {
            translator: Translator::new(Agent::pjsip("101")),
            at: 1_795_329_000_000,
            questions: Vec::new(),
        }
    }

    fn play(&mut self, frame: &Value) -> Vec<PbxEvent> {
        self.at += 10;
        let out = self.translator.frame(&frame.to_string(), Moment(self.at));
        assert!(matches!(out.frame, Some(FrameOutcome::Understood { .. })), "{frame}");
        self.questions.extend(out.ask);
        out.events
    }

    fn about(&mut self, kind: &str, channel: &Value) -> Vec<CallEventKind> {
        kinds(self.play(&json!({"type": kind, "channel": channel})))
    }

    fn all(&mut self, frames: &[Value]) -> Vec<CallEventKind> {
        frames.iter().flat_map(|frame| kinds(self.play(frame))).collect()
    }

    fn answer(&mut self, variable: Variable, value: Value) -> Vec<CallEventKind> {
        let place = self.questions.iter().position(|question| question.variable == variable);
        let question = self.questions.remove(place.unwrap_or_else(|| panic!("{variable:?} was asked")));
        let out = self.translator.answer(&question, &Answer::Value(value), Moment(self.at));
        self.questions.extend(out.ask);
        kinds(out.events)
    }
}

impl Scene {
    /// REST tells of a channel that was asked about, and nothing of its line.
    fn line(&mut self, channel: &Value) -> Vec<CallEventKind> {
        self.line_in(channel, None, "")
    }

    /// REST tells of a channel that was asked about, and of its line's context and number.
    fn line_in(&mut self, channel: &Value, context: Option<&str>, number: &str) -> Vec<CallEventKind> {
        let is_it = |question: &Question| question.variable == Variable::Line && channel["id"] == question.channel.as_str();
        let place = self.questions.iter().position(is_it);
        let question = self.questions.remove(place.unwrap_or_else(|| panic!("{channel} was asked about")));
        let answer = LineAnswer {
            channel: channel.clone(),
            context: context.map(Into::into),
            number: context.map(|_| number.into()),
            ..LineAnswer::default()
        };
        let out = self.translator.answer(&question, &Answer::Line(Box::new(answer)), Moment(self.at));
        self.questions.extend(out.ask);
        kinds(out.events)
    }
}

fn kinds(events: Vec<PbxEvent>) -> Vec<CallEventKind> {
    let kind = |event| match event {
        PbxEvent::Call(event) => Some(event.kind),
        PbxEvent::Link { .. } | PbxEvent::Phone { .. } | PbxEvent::Resync { .. } => None,
    };
    events.into_iter().filter_map(kind).collect()
}

fn ended(events: &[CallEventKind]) -> Option<Disposition> {
    events.iter().find_map(|event| match event {
        CallEventKind::Ended { disposition, .. } => Some(*disposition),
        _ => None,
    })
}

#[test]
fn s01_the_call_is_offered_the_moment_it_rings_without_waiting_for_an_answer() {
    let mut scene = Scene::new();
    assert!(scene.about("ChannelCreated", &rung("1.1", "Down")).is_empty());
    let events = scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    let [
        CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote,
            line,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((remote.raw.as_str(), line.as_deref()), ("79161234567", Some("74950000002")));
    let events = scene.answer(Variable::Conversation, json!("1.0"));
    assert_eq!(
        events,
        [CallEventKind::Identified {
            conversation: ConversationId::new("1.0")
        }]
    );
}

#[test]
fn a_number_that_the_operator_passes_on_though_it_is_hidden_becomes_hidden() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.answer(Variable::Conversation, json!("1.0"));
    let events = scene.answer(Variable::Presentation, json!("prohib_passed_screen"));
    let remote = Remote {
        raw: "79161234567".into(),
        name: None,
        hidden: true,
    };
    assert_eq!(
        events,
        [CallEventKind::PartyChanged {
            remote,
            direction: Direction::Inbound,
            from: None
        }]
    );

    let mut shown = Scene::new();
    shown.about("ChannelStateChange", &rung("1.1", "Ringing"));
    shown.answer(Variable::Conversation, json!("1.0"));
    assert!(shown.answer(Variable::Presentation, json!("allowed_not_screened")).is_empty());
}

#[test]
fn a_client_with_a_short_number_is_recognised_by_his_channel() {
    let mut scene = Scene::new();
    let leg = with(rung("1.1", "Ringing"), "/connected/number", "900");
    let events = scene.about("ChannelStateChange", &leg);
    assert!(matches!(
        events.as_slice(),
        [CallEventKind::Offered {
            direction: Direction::Internal,
            ..
        }]
    ));
    scene.answer(Variable::Conversation, json!("1.0"));
    let events = scene.line(&with(client("1.0", "Ring"), "/caller/number", "900"));
    assert!(
        matches!(
            events.as_slice(),
            [CallEventKind::PartyChanged {
                direction: Direction::Inbound,
                from: None,
                ..
            }]
        ),
        "{events:?}"
    );
}

#[test]
fn a_recording_is_asked_for_again_when_it_starts_late_and_not_for_ever() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.answer(Variable::Conversation, json!("1.0"));
    scene.play(&entered(&["1.0", "1.1"], &client("1.0", "Up")));
    scene.questions.retain(|question| question.variable == Variable::Recording);
    for attempt in 0..4 {
        let question = scene.questions.pop().expect("it is asked");
        assert_eq!((question.attempt, question.channel.as_str()), (attempt, "1.0"));
        scene.questions = scene.translator.answer(&question, &Answer::Nothing, Moment(scene.at)).ask;
    }
    assert!(scene.questions.is_empty());
}

#[test]
fn s16_after_an_attended_transfer_the_clients_recording_is_asked_for_in_place_of_the_consultations() {
    let mut scene = Scene::new();
    let consult = with(rung("1.6", "Ringing"), "/connected/number", "102");
    scene.about("ChannelStateChange", &consult);
    scene.answer(Variable::Conversation, json!("1.5"));
    scene.play(&entered(&["1.5", "1.6"], &chan("1.5", "PJSIP/102-00000005", "Up")));
    let file = |name: &str| CallEventKind::Recording {
        name: RecordingRef::new(name),
    };
    assert_eq!(scene.answer(Variable::Recording, json!("/r/int.wav")), [file("/r/int.wav")]);
    let mut older = client("1.0", "Up");
    older["creationtime"] = "2026-11-22T05:00:00.000+0000".into();
    scene.play(&entered(&["1.0", "1.6"], &older));
    assert_eq!(scene.answer(Variable::Recording, json!("/r/in.wav")), [file("/r/in.wav")]);
    assert!(scene.all(&[entered(&["1.0", "1.6"], &older)]).is_empty());
    assert!(
        scene.questions.iter().all(|question| question.variable != Variable::Recording),
        "{:?}",
        scene.questions
    );
}

#[test]
fn s29_a_leg_of_somebody_else_is_nobodys_business() {
    let mut scene = Scene::new();
    for name in [
        "PJSIP/102-00000001",
        "PJSIP/1010-00000001",
        "SIP/101-00000001",
        "Local/101@x-00000001;1",
        "PJSIP/trunk-00000001",
    ] {
        let channel = with(rung("9.9", "Ringing"), "/name", name);
        assert!(scene.about("ChannelStateChange", &channel).is_empty(), "{name}");
        assert!(scene.questions.is_empty(), "{name}");
    }
}

#[test]
fn s23_a_pickup_turns_the_dialled_code_into_the_clients_call() {
    let mut scene = Scene::new();
    let code = with(chan("1.5", "PJSIP/101-00000005", "Ring"), "/dialplan/exten", "*8102");
    let events = scene.about("ChannelCreated", &code);
    assert!(matches!(
        events.as_slice(),
        [CallEventKind::Dialing {
            direction: Direction::Internal,
            ..
        }]
    ));
    let up = with(code, "/state", "Up");
    let events = scene.play(&dial(Some(&client("1.0", "Ring")), &up, "ANSWER"));
    let events = kinds(events);
    let changed = events.iter().find_map(|event| match event {
        CallEventKind::PartyChanged { remote, direction, from } => Some((remote.raw.as_str(), *direction, from.clone())),
        _ => None,
    });
    assert_eq!(changed, Some(("79161234567", Direction::Inbound, None)));
    assert!(events.contains(&CallEventKind::Answered));
}

#[test]
fn s25_a_caller_whom_the_phone_sent_on_was_missed_until_somebody_is_seen_talking_to_them() {
    for answered in [true, false] {
        let mut scene = Scene::new();
        let (trunk, leg) = (client("1.0", "Ring"), rung("1.1", "Down"));
        let mobile = with(chan("1.2", "PJSIP/trunk-1.2", "Ringing"), "/caller/number", "79031112233");
        let mut forward = dial(Some(&trunk), &leg, "CANCEL");
        forward["forward"] = "79031112233".into();
        let events = scene.all(&[
            dial(Some(&trunk), &leg, ""),
            forward,
            json!({"type": "ChannelDestroyed", "cause": 23, "tech_cause": 302, "channel": leg}),
            dial(Some(&trunk), &mobile, ""),
        ]);
        assert_eq!(ended(&events), Some(Disposition::Missed));
        assert!(events.contains(&CallEventKind::Transferred {
            kind: TransferKind::Blind,
            to: Some("79031112233".into())
        }));
        let events = if answered {
            scene.all(&[entered(&["1.2", "1.0"], &mobile)])
        } else {
            scene.all(&[json!({"type": "ChannelDestroyed", "cause": 127, "channel": trunk})])
        };
        assert_eq!(events.contains(&CallEventKind::TakenElsewhere), answered);
    }
}

#[test]
fn s25_a_dead_phone_that_never_rang_is_a_missed_call_with_its_number() {
    let mut scene = Scene::new();
    let (trunk, leg) = (client("1.0", "Ring"), rung("1.1", "Down"));
    let events = scene.all(&[
        dial(Some(&trunk), &leg, ""),
        dial(Some(&trunk), &leg, "NOANSWER"),
        json!({"type": "ChannelDestroyed", "cause": 0, "channel": leg}),
    ]);
    let [
        CallEventKind::Offered { remote, .. },
        CallEventKind::Ended {
            disposition: Disposition::Missed,
            by: HungUpBy::System,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(remote.raw, "79161234567");
}

#[test]
fn a_ring_group_over_local_channels_names_the_client_the_conversation_and_the_group() {
    let mut scene = Scene::new();
    let trunk = client("1.0", "Ring");
    let half = |id: &str, name: &str| chan(id, name, "Ringing");
    let (one, two) = (half("1.1", "Local/101@ext-1;1"), half("1.2", "Local/101@ext-1;2"));
    let other = half("1.3", "Local/102@ext-2;1");
    let leg = with(rung("1.5", "Ringing"), "/dialplan/exten", "101");
    let events = scene.all(&[
        json!({"type": "ChannelCreated", "channel": trunk}),
        json!({"type": "ChannelCreated", "channel": one}),
        json!({"type": "ChannelCreated", "channel": two}),
        dial(Some(&trunk), &one, ""),
        dial(Some(&trunk), &other, ""),
        dial(Some(&two), &leg, "RINGING"),
    ]);
    let [
        CallEventKind::Offered {
            conversation,
            direction,
            line,
            origin,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(conversation.as_ref().map(ConversationId::as_str), Some("1.0"));
    assert_eq!(
        (*direction, *origin, line.as_deref()),
        (Direction::Inbound, Origin::RingGroup, Some("74950000002"))
    );
    // The agent talks through the plumbing, which stays for the whole call (REPORT, g2).
    let events = kinds(scene.play(&entered(&["1.2", "1.5"], &two)));
    assert_eq!(events, [CallEventKind::Answered]);
}

#[test]
fn s25_a_winner_who_answers_took_the_call_only_once_he_talks_to_the_caller() {
    // A mobile in the group is asked to confirm (`Dial(…,U(confirm))`): until it does, and where it never does, nobody talks.
    for cause in [16, 26] {
        let mut scene = Scene::new();
        let (trunk, leg) = (client("1.0", "Ring"), rung("1.1", "Ringing"));
        let winner = chan("1.2", "PJSIP/102-00000002", "Up");
        let events = scene.all(&[
            dial(Some(&trunk), &leg, "RINGING"),
            dial(Some(&trunk), &winner, "ANSWER"),
            dial(Some(&trunk), &leg, "CANCEL"),
            json!({"type": "ChannelDestroyed", "cause": cause, "channel": leg}),
        ]);
        assert_eq!(ended(&events), Some(Disposition::Missed));
        let talks = [entered(&["1.0"], &client("1.0", "Up")), entered(&["1.0", "1.2"], &winner)];
        assert_eq!(scene.all(&talks), [CallEventKind::TakenElsewhere]);
    }
}

#[test]
fn s21_an_order_over_a_local_channel_is_answered_by_the_client_and_not_by_the_agents_phone() {
    let mut scene = Scene::new();
    scene.translator.ordered(OrderId::new("7"), "79161234567");
    let (one, two) = (
        chan("c2c-7", "Local/101@ext-1;1", "Down"),
        chan("c2c-7;2", "Local/101@ext-1;2", "Ring"),
    );
    let leg = rung("1.5", "Ringing");
    let up = with(rung("1.5", "Up"), "/dialplan/exten", "");
    let trunk = chan("1.6", "PJSIP/trunk-6", "Up");
    let events = scene.all(&[
        json!({"type": "ChannelCreated", "channel": one}),
        json!({"type": "ChannelCreated", "channel": two}),
        dial(Some(&two), &leg, "RINGING"),
        dial(Some(&two), &up, "ANSWER"),
        entered(&["1.5", "c2c-7;2"], &up),
    ]);
    let [CallEventKind::Dialing { order, remote, .. }, CallEventKind::AgentAnswered] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (order.as_ref().map(OrderId::as_str), remote.raw.as_str()),
        (Some("7"), "79161234567")
    );
    assert_eq!(kinds(scene.play(&dial(Some(&one), &trunk, "ANSWER"))), [CallEventKind::Answered]);
}

#[test]
fn s18_an_order_is_announced_with_its_number_before_any_frame_names_it() {
    let mut scene = Scene::new();
    scene.translator.ordered(OrderId::new("7"), "79161234567");
    let events = scene.about("ChannelCreated", &chan("c2c-7", "PJSIP/101-00000001", "Down"));
    let [
        CallEventKind::Dialing {
            direction: Direction::Outbound,
            remote,
            order: Some(order),
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((remote.raw.as_str(), order.as_str()), ("79161234567", "7"));
}

#[test]
fn s16_a_colleague_who_passes_on_the_call_he_consulted_about_is_named_also_without_the_transfer_event() {
    let mut scene = Scene::new();
    let consult = with(rung("1.6", "Ringing"), "/connected/number", "102");
    let events = scene.about("ChannelStateChange", &consult);
    assert!(matches!(
        events.as_slice(),
        [CallEventKind::Offered {
            direction: Direction::Internal,
            ..
        }]
    ));
    scene.play(&entered(&["1.5", "1.6"], &chan("1.5", "PJSIP/102-00000005", "Up")));
    let events = scene.about("ChannelConnectedLine", &rung("1.6", "Up"));
    let [
        CallEventKind::PartyChanged {
            remote,
            direction: Direction::Inbound,
            from: Some(from),
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((remote.raw.as_str(), from.as_str()), ("79161234567", "102"));
}

#[test]
fn d3_a_snapshot_tells_what_was_missed_and_who_is_alive() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.about("ChannelStateChange", &rung("2.1", "Ringing"));
    let asked_at = Moment(scene.at + 5_000);
    let up = with(rung("2.1", "Up"), "/dialplan/exten", "");
    let snapshot = Snapshot {
        channels: json!([client("2.0", "Up"), up, rung("3.1", "Ringing"), "rubbish", {"id": 3}]),
        bridges: json!([{"id": "b", "channels": ["2.0", "2.1"], "creationtime": "2026-11-22T06:10:00.000+0000"}, 7]),
        endpoint: json!({"state": "online"}),
        info: json!({"status": {"startup_time": "2026-11-22T05:00:00.000+0000"}}),
        asked_at,
        ..Snapshot::default()
    };
    let events = scene.translator.snapshot(&snapshot, asked_at).events;
    assert!(events.contains(&PbxEvent::Phone { online: true }));
    let Some(PbxEvent::Resync {
        live, restarted: false, ..
    }) = events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!(live, &[LegId::new("2.1"), LegId::new("3.1")]);
    let told = kinds(events);
    assert!(told.contains(&CallEventKind::Answered));
    assert!(told.iter().any(|event| matches!(event, CallEventKind::Offered { .. })));
    // What the PBX says afterwards about the lost leg is old news.
    assert!(scene.about("ChannelStateChange", &rung("1.1", "Ringing")).is_empty());
}

#[test]
fn questions_that_a_broken_line_swallowed_are_asked_again_after_the_reconnect() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    assert_eq!(scene.questions.len(), 2, "the conversation, and who else rings");
    let snapshot = Snapshot {
        channels: json!([rung("1.1", "Ringing")]),
        asked_at: Moment(scene.at + 1),
        ..Snapshot::default()
    };
    assert_eq!(scene.translator.snapshot(&snapshot, Moment(scene.at + 2)).ask, scene.questions);
    scene.answer(Variable::Conversation, json!("1.0"));
    let asked = scene.translator.snapshot(&snapshot, Moment(scene.at + 3)).ask;
    assert!(
        asked.iter().all(|question| question.variable != Variable::Conversation),
        "{asked:?}"
    );
}

#[test]
fn a_leg_that_came_while_the_snapshot_was_on_its_way_stays_alive() {
    let mut scene = Scene::new();
    let asked_at = Moment(scene.at);
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    let events = scene
        .translator
        .snapshot(
            &Snapshot {
                asked_at,
                ..Snapshot::default()
            },
            Moment(scene.at),
        )
        .events;
    assert!(
        matches!(events.as_slice(), [PbxEvent::Resync { live, .. }] if live == &[LegId::new("1.1")]),
        "{events:?}"
    );
}

#[test]
fn a_leg_that_ended_while_the_snapshot_was_on_its_way_does_not_return() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.play(&json!({"type": "ChannelDestroyed", "cause": 127, "channel": rung("1.1", "Ringing")}));
    let snapshot = Snapshot {
        channels: json!([rung("1.1", "Ringing")]),
        asked_at: Moment(scene.at - 50),
        ..Snapshot::default()
    };
    let events = scene.translator.snapshot(&snapshot, Moment(scene.at)).events;
    assert!(
        matches!(events.as_slice(), [PbxEvent::Resync { live, .. }] if live.is_empty()),
        "{events:?}"
    );
}

#[test]
fn another_start_time_means_that_the_pbx_restarted() {
    let mut scene = Scene::new();
    let mut restarted = |started: &str| {
        let info = json!({"status": {"startup_time": started}});
        let out = scene.translator.snapshot(
            &Snapshot {
                info,
                ..Snapshot::default()
            },
            Moment(9),
        );
        matches!(out.events.last(), Some(PbxEvent::Resync { restarted: true, .. }))
    };
    assert!(!restarted("2026-11-22T05:00:00.000+0000"));
    assert!(!restarted("2026-11-22T05:00:00.000+0000"));
    assert!(restarted("2026-11-22T07:00:00.000+0000"));
}

#[test]
fn the_agents_phone_is_told_when_it_changes_and_others_are_not() {
    let mut scene = Scene::new();
    let mut state = |resource: &str, state: &str| {
        scene.play(&json!({"type": "ContactStatusChange", "endpoint": {"technology": "PJSIP", "resource": resource, "state": state}}))
    };
    assert!(state("111", "offline").is_empty());
    assert_eq!(state("101", "offline"), [PbxEvent::Phone { online: false }]);
    assert!(state("101", "offline").is_empty());
    assert!(state("101", "unknown").is_empty());
    assert_eq!(state("101", "online"), [PbxEvent::Phone { online: true }]);
}

#[test]
fn parked_callers_hear_music_and_not_each_other() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    let mut frame = entered(&["1.0", "1.1"], &client("1.0", "Up"));
    frame["bridge"]["bridge_type"] = "holding".into();
    assert!(kinds(scene.play(&frame)).is_empty());
}

#[test]
fn memory_stays_bounded_under_a_flood_of_legs() {
    let mut scene = Scene::new();
    for n in 0..5000 {
        scene.about("ChannelStateChange", &rung(&format!("{n}.1"), "Ringing"));
        scene.translator.ordered(OrderId::new(n.to_string()), "79161234567");
    }
    let translator = &scene.translator;
    assert!(translator.legs.len() <= MOST_LEGS && translator.orders.len() <= MOST_ORDERS);
    assert!(translator.ended.len() <= MOST_ENDED && translator.ended.len() == translator.ended_ids.len());
}

#[path = "bounds_tests.rs"]
mod bounds;

#[path = "recording_tests.rs"]
mod recordings;

#[path = "group_tests.rs"]
mod groups;

#[path = "evidence_tests.rs"]
mod evidence;

#[path = "outgoing_tests.rs"]
mod outgoing;

#[path = "devices_tests.rs"]
mod several_devices;
