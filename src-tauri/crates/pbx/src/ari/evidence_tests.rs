//! Who is outside, and which legs are one call, where the desk has to ask.

use super::*;
use calls::Extension;

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

/// A phone that is busy: its leg comes and is gone within milliseconds.
fn busy(conversation_first: bool) -> Scene {
    let mut scene = Scene::new();
    scene.about("ChannelCreated", &own("1.1"));
    scene.about("ChannelConnectedLine", &with(rung("1.1", "Down"), "/connected/number", "345"));
    if conversation_first {
        scene.answer(Variable::Conversation, json!("1.0"));
    }
    let gone = json!({"type": "ChannelDestroyed", "cause": 17, "channel": with(rung("1.1", "Down"), "/connected/number", "345")});
    assert!(kinds(scene.play(&gone)).is_empty(), "who called is not known yet");
    if !conversation_first {
        assert!(scene.answer(Variable::Conversation, json!("1.0")).is_empty());
    }
    scene
}

#[test]
fn s25_a_short_client_whom_a_busy_phone_refuses_at_once_is_no_colleague() {
    for conversation_first in [true, false] {
        let mut scene = busy(conversation_first);
        let events = scene.line_in(&calling("PJSIP/2001-1", "345"), Some("from-gateway"), "");
        assert_eq!(directions(&events), [Direction::Inbound]);
        assert_eq!(ended(&events), Some(Disposition::Busy));
        let mut scene = busy(conversation_first);
        let events = scene.line_in(&calling("PJSIP/345-1", "345"), Some("agents"), "345");
        assert_eq!(directions(&events), [Direction::Internal]);
        assert_eq!(ended(&events), Some(Disposition::Busy));
    }
}

#[test]
fn a_pbx_that_owes_the_answer_for_good_holds_no_end_back() {
    let mut scene = busy(true);
    let is_it = |question: &Question| question.variable == Variable::Line;
    let question = scene.questions.iter().find(|question| is_it(question)).cloned().expect("asked");
    let out = scene.translator.answer(&question, &Answer::Nothing, Moment(scene.at));
    assert_eq!(ended(&kinds(out.events)), Some(Disposition::Busy));
    // The line breaks, and the PBX starts anew: nobody will answer.
    let mut scene = busy(true);
    let snapshot = |startup: &str, asked_at: i64| Snapshot {
        info: json!({"status": {"startup_time": startup}}),
        asked_at: Moment(asked_at),
        ..Snapshot::default()
    };
    let at = scene.at;
    let mut events = Vec::new();
    for startup in ["2026-11-22T05:00:00.000+0000", "2026-11-22T07:00:00.000+0000"] {
        let out = scene.translator.snapshot(&snapshot(startup, at + 10), Moment(at + 20));
        for question in &out.ask {
            events.extend(kinds(scene.translator.answer(question, &Answer::Nothing, Moment(at + 30)).events));
        }
        events.extend(kinds(out.events));
    }
    assert_eq!(ended(&events), Some(Disposition::Busy));
}

#[test]
fn times_are_the_desks_whatever_the_pbxs_clock_shows_and_whatever_is_set_during_the_call() {
    for ahead in [-7_200_000, -180_000, 0, 180_000, 86_400_000_i64] {
        // Somebody sets the desk's clock, or the PBX's, by an hour while they talk.
        for (desk_set, pbx_set) in [(0, 0), (-3_600_000, 0), (0, -3_600_000), (0, 3_600_000)] {
            let mut translator = Translator::new(Agent::pjsip("101"));
            let mut times = Vec::new();
            let begun = 1_795_329_000_000;
            for (after, kind, channel) in [
                (0, "ChannelStateChange", rung("1.1", "Ringing")),
                (1_500, "ChannelVarset", rung("1.1", "Up")),
                (61_500, "ChannelDestroyed", rung("1.1", "Up")),
            ] {
                let (mut desk, mut pbx) = (0, ahead);
                if after == 61_500 {
                    (desk, pbx) = (desk_set, ahead + pbx_set);
                    translator.desk_clock_was_set(desk);
                }
                let frame = json!({"type": kind, "timestamp": stamp(begun + after + pbx), "channel": channel,
                    "variable": "BRIDGEPEER", "value": "PJSIP/trunk-1", "cause": 16});
                let out = translator.frame(&frame.to_string(), Moment(begun + after + desk + 3));
                times.extend(out.events.into_iter().filter_map(|event| match event {
                    PbxEvent::Call(event) => Some(event.at.0 - begun),
                    PbxEvent::Link { .. } | PbxEvent::Phone { .. } | PbxEvent::Resync { .. } => None,
                }));
            }
            assert_eq!(times, [3, 1_503, 61_503], "{ahead} {desk_set} {pbx_set}");
        }
    }
}

fn stamp(ms: i64) -> String {
    let stamp = jiff::Timestamp::from_millisecond(ms).expect("a time").to_string();
    stamp.replace('Z', "+0000")
}

#[test]
fn s25_a_pbx_clock_that_is_set_back_hides_nobody_who_answers() {
    let mut translator = Translator::new(Agent::pjsip("101"));
    let begun = 1_795_329_000_000;
    let mut events = Vec::new();
    let mut play = |after: i64, set: i64, mut frame: Value| {
        frame["timestamp"] = stamp(begun + after + set).into();
        events.extend(kinds(translator.frame(&frame.to_string(), Moment(begun + after + 2)).events));
    };
    // The client talked to 102, and comes to a group; meanwhile the PBX's clock is set back by an hour.
    let colleague = |extension: &str| chan(&format!("2.{extension}"), &format!("PJSIP/{extension}-1"), "Up");
    play(0, 0, entered(&["1.0"], &client("1.0", "Up")));
    play(10, 0, entered(&["1.0", "2.102"], &colleague("102")));
    let set = -3_600_000;
    let mut left = entered(&["1.0"], &colleague("102"));
    left["type"] = "ChannelLeftBridge".into();
    play(5_000, set, left);
    let rings = dial(Some(&client("1.0", "Up")), &rung("1.1", "Ringing"), "");
    play(5_100, set, rings);
    play(
        15_000,
        set,
        json!({"type": "ChannelDestroyed", "cause": 26, "channel": rung("1.1", "Ringing")}),
    );
    let mut answers = entered(&["1.0", "2.103"], &colleague("103"));
    answers["bridge"]["id"] = "c".into();
    play(15_010, set, answers);
    assert_eq!(events.last(), Some(&CallEventKind::TakenElsewhere), "{events:?}");
}
