//! Who is outside, and which legs are one call, where the desk has to ask.

use super::*;

/// The agent's phone, as it comes into being: in the context of its line.
fn own(id: &str) -> Value {
    with(chan(id, &format!("PJSIP/101-{id}"), "Down"), "/dialplan/context", "agents")
}

/// A channel that calls the agent's extension.
fn calling(name: &str, number: &str) -> Value {
    let channel = with(chan("1.0", name, "Ring"), "/caller/number", number);
    with(channel, "/dialplan/exten", "101")
}

/// A call that shows this number rings; the PBX says with which channel it began.
fn ringing_from(number: &str) -> (Scene, Vec<CallEventKind>) {
    let mut scene = Scene::new();
    scene.about("ChannelCreated", &own("1.1"));
    let events = scene.about("ChannelStateChange", &with(rung("1.1", "Ringing"), "/connected/number", number));
    scene.answer(Variable::Conversation, json!("1.0"));
    (scene, events)
}

fn directions(events: &[CallEventKind]) -> Vec<Direction> {
    let direction = |event: &CallEventKind| match event {
        CallEventKind::Offered { direction, .. } | CallEventKind::PartyChanged { direction, .. } => Some(*direction),
        _ => None,
    };
    events.iter().filter_map(direction).collect()
}

#[test]
fn what_the_line_of_the_caller_is_decides_and_not_how_the_number_looks() {
    use Direction::{Inbound, Internal};
    // The caller's channel and number, its line's context and the number the PBX gives it; first by the look, then known.
    let table = [
        ("PJSIP/2001-1", "345", "from-gateway", "", vec![Internal, Inbound]),
        ("PJSIP/2001-1", "102", "from-gateway", "", vec![Internal, Inbound]),
        ("PJSIP/102-1", "102", "agents", "102", vec![Internal]),
        ("PJSIP/trunk-east-1", "130", "agents", "130", vec![Internal]),
        ("PJSIP/305-1", "305", "managers", "305", vec![Internal]),
        // A colleague whose calls show the office's outside number.
        ("PJSIP/305-1", "74951112233", "agents", "74951112233", vec![Inbound, Internal]),
        ("PJSIP/74951234567-1", "79161234567", "from-trunk", "", vec![Inbound]),
        ("PJSIP/trunk-1", "MTS-Bank", "from-trunk", "", vec![Inbound]),
        ("PJSIP/trunk-1", "1234567", "from-trunk", "", vec![Inbound]),
    ];
    for (name, number, context, given, expected) in table {
        let (mut scene, mut events) = ringing_from(number);
        events.extend(scene.line_in(&calling(name, number), Some(context), given));
        assert_eq!(directions(&events), expected, "{name} {number}");
    }
}

#[test]
fn a_pbx_that_tells_nothing_of_its_lines_leaves_the_callers_channel() {
    let (mut scene, _) = ringing_from("345");
    let events = scene.line(&calling("PJSIP/2001-1", "345"));
    assert_eq!(
        directions(&events),
        [Direction::Inbound],
        "not the number that the line is called by"
    );
    let (mut scene, _) = ringing_from("102");
    assert!(scene.line(&calling("PJSIP/102-1", "102")).is_empty());
}

#[test]
fn whom_a_caller_dialled_is_not_what_the_caller_was_dialled_by() {
    // `Dial` writes DIALEDPEERNUMBER on the client's channel when the agent answers.
    for (app, expected) in [
        ("Dial", Direction::Inbound),
        ("Queue", Direction::Inbound),
        ("AppDial", Direction::Internal),
    ] {
        let (mut scene, _) = ringing_from("79161234567");
        let place = scene
            .questions
            .iter()
            .position(|question| question.variable == Variable::Line)
            .expect("asked");
        let question = scene.questions.remove(place);
        let channel = with(calling("PJSIP/trunk-1", "79161234567"), "/dialplan/app_name", app);
        let answer = LineAnswer {
            channel: with(channel, "/state", "Up"),
            dialled_by: Some("trunk".into()),
            ..LineAnswer::default()
        };
        let out = scene
            .translator
            .answer(&question, &Answer::Line(Box::new(answer)), Moment(scene.at));
        let told = directions(&kinds(out.events));
        assert_eq!(told.last().copied().unwrap_or(Direction::Inbound), expected, "{app}");
    }
}

#[test]
fn s16_a_call_that_is_passed_on_while_it_rings_is_the_clients() {
    let (mut scene, events) = ringing_from("102");
    assert_eq!(directions(&events), [Direction::Internal]);
    scene.line_in(&calling("PJSIP/102-1", "102"), Some("agents"), "102");
    let events = scene.about("ChannelConnectedLine", &rung("1.1", "Ringing"));
    let [CallEventKind::PartyChanged { remote, direction, from }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!((remote.raw.as_str(), *direction), ("79161234567", Direction::Inbound));
    assert_eq!(from.as_ref().map(Extension::as_str), Some("102"));
}

#[test]
fn s16_who_is_left_with_the_client_has_the_clients_call_and_a_place_is_nobody() {
    let mut scene = Scene::new();
    scene.about("ChannelCreated", &own("1.1"));
    let room = with(
        with(chan("1.1", "PJSIP/101-1.1", "Ring"), "/dialplan/exten", "8100"),
        "/dialplan/context",
        "agents",
    );
    let events = scene.about("ChannelStateChange", &room);
    assert!(matches!(
        events.as_slice(),
        [CallEventKind::Dialing {
            direction: Direction::Internal,
            ..
        }]
    ));
    let up = with(room, "/state", "Up");
    let colleague = with(chan("1.2", "PJSIP/102-1.2", "Up"), "/caller/number", "102");
    let colleague = with(colleague, "/dialplan/exten", "8100");
    scene.play(&entered(&["1.2", "1.1"], &colleague));
    scene.play(&entered(&["1.2", "1.1"], &up));
    scene.line_in(&colleague, Some("agents"), "102");
    // The client comes, the colleague leaves.
    let events = scene.all(&[entered(&["1.2", "1.1", "1.0"], &client("1.0", "Up"))]);
    let [
        ..,
        CallEventKind::PartyChanged {
            remote,
            direction,
            from: None,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((remote.raw.as_str(), *direction), ("79161234567", Direction::Inbound));
    let left = json!({"type": "ChannelLeftBridge", "channel": colleague, "bridge": {"id": "b", "channels": ["1.1", "1.0"], "bridge_type": "mixing"}});
    assert!(scene.all(&[left]).is_empty(), "nothing new");
}

/// Two devices of 101 ring for one call; the PBX says so after both have rung.
fn two_devices() -> (Scene, Vec<CallEventKind>) {
    let mut scene = Scene::new();
    let mut events = scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    events.extend(scene.about("ChannelStateChange", &rung("1.2", "Ringing")));
    events.extend(scene.answer(Variable::Conversation, json!("1.0")));
    events.extend(scene.answer(Variable::Conversation, json!("1.0")));
    (scene, events)
}

fn destroyed(id: &str, cause: u16) -> Value {
    json!({"type": "ChannelDestroyed", "cause": cause, "channel": rung(id, "Ringing")})
}

fn offers(events: &[CallEventKind]) -> usize {
    events.iter().filter(|event| matches!(event, CallEventKind::Offered { .. })).count()
}

#[test]
fn two_devices_of_one_extension_ring_as_one_call_whichever_takes_it() {
    for taker in ["1.1", "1.2"] {
        let other = if taker == "1.1" { "1.2" } else { "1.1" };
        let (mut scene, mut events) = two_devices();
        let frames = [
            entered(&["1.0", taker], &client("1.0", "Up")),
            destroyed(other, 26),
            destroyed(taker, 16),
        ];
        for frame in &frames {
            let told = scene.play(frame);
            assert!(
                told.iter()
                    .all(|event| matches!(event, PbxEvent::Call(event) if event.leg.as_str() == "1.1")),
                "{told:?}"
            );
            events.extend(kinds(told));
        }
        assert_eq!(offers(&events), 1, "{taker}");
        let ends: Vec<_> = events.iter().filter(|event| matches!(event, CallEventKind::Ended { .. })).collect();
        assert!(
            matches!(
                ends.as_slice(),
                [CallEventKind::Ended {
                    disposition: Disposition::Answered,
                    ..
                }]
            ),
            "{taker}: {ends:?}"
        );
    }
}

#[test]
fn s25_devices_that_stop_ringing_one_after_the_other_miss_one_call_at_the_end() {
    for (first, second) in [("1.1", "1.2"), ("1.2", "1.1")] {
        let (mut scene, events) = two_devices();
        assert_eq!(offers(&events), 1);
        assert_eq!(ended(&scene.all(&[destroyed(first, 21)])), None, "the other one rings on");
        assert_eq!(ended(&scene.all(&[destroyed(second, 127)])), Some(Disposition::Missed));
    }
}

#[test]
fn two_calls_from_one_number_are_two_calls() {
    let mut scene = Scene::new();
    let mut events = scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    events.extend(scene.about("ChannelStateChange", &rung("2.1", "Ringing")));
    events.extend(scene.answer(Variable::Conversation, json!("1.0")));
    events.extend(scene.answer(Variable::Conversation, json!("2.0")));
    assert_eq!(offers(&events), 2);
}

#[test]
fn a_pbx_that_does_not_answer_hides_no_call() {
    let mut scene = Scene::new();
    let mut events = scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    events.extend(scene.about("ChannelStateChange", &rung("2.1", "Ringing")));
    for _ in 0..2 {
        let place = scene
            .questions
            .iter()
            .position(|question| question.variable == Variable::Conversation)
            .expect("asked");
        let question = scene.questions.remove(place);
        events.extend(kinds(scene.translator.answer(&question, &Answer::Nothing, Moment(scene.at)).events));
    }
    assert_eq!(offers(&events), 2);
}

#[test]
fn times_are_the_desks_whatever_the_pbxs_clock_shows_and_whatever_is_set_during_the_call() {
    let stamp = |ms: i64| {
        let stamp = jiff::Timestamp::from_millisecond(ms).expect("a time").to_string();
        stamp.replace('Z', "+0000")
    };
    for ahead in [-7_200_000, -180_000, 0, 180_000, 86_400_000_i64] {
        let mut translator = Translator::new(Agent::pjsip("101"));
        let mut times = Vec::new();
        let begun = 1_795_329_000_000;
        for (after, kind, channel) in [
            (0, "ChannelStateChange", rung("1.1", "Ringing")),
            (1_500, "ChannelVarset", rung("1.1", "Up")),
            (61_500, "ChannelDestroyed", rung("1.1", "Up")),
        ] {
            let mut set = 0;
            if after == 61_500 {
                // Somebody sets the desk's clock back by an hour while they talk.
                set = -3_600_000;
                translator.desk_clock_was_set(set);
            }
            let frame = json!({"type": kind, "timestamp": stamp(begun + after + ahead), "channel": channel,
                "variable": "BRIDGEPEER", "value": "PJSIP/trunk-1", "cause": 16});
            let out = translator.frame(&frame.to_string(), Moment(begun + after + set + 3));
            times.extend(out.events.into_iter().filter_map(|event| match event {
                PbxEvent::Call(event) => Some(event.at.0 - begun),
                PbxEvent::Link { .. } | PbxEvent::Phone { .. } | PbxEvent::Resync { .. } => None,
            }));
        }
        assert_eq!(times, [3, 1_503, 61_503], "{ahead}");
    }
}
