//! Several devices of one extension.

use super::*;

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

/// The state of the PBX: these devices of 101 are there, the client talks to one of them or to nobody.
fn found(devices: &[(&str, &str)], talks: Option<&str>, asked_at: i64) -> Snapshot {
    let state = if talks.is_some() { "Up" } else { "Ring" };
    let mut channels = vec![client("1.0", state)];
    channels.extend(devices.iter().map(|(id, state)| rung(id, state)));
    let bridge = |device: &str| json!({"id": "b", "bridge_type": "mixing", "channels": ["1.0", device]});
    Snapshot {
        channels: channels.into(),
        bridges: talks.map(bridge).into_iter().collect(),
        asked_at: Moment(asked_at),
        ..Snapshot::default()
    }
}

#[test]
fn the_device_that_answered_out_of_sight_goes_on_with_the_call() {
    for (taker, other) in [("1.1", "1.2"), ("1.2", "1.1")] {
        let (mut scene, _) = two_devices();
        let at = scene.at;
        let out = scene
            .translator
            .snapshot(&found(&[(taker, "Up")], Some(taker), at + 5_000), Moment(at + 5_010));
        let live = out.events.iter().find_map(|event| match event {
            PbxEvent::Resync { live, .. } => Some(live.clone()),
            _ => None,
        });
        assert_eq!(live, Some(vec![LegId::new("1.1")]), "{taker}");
        assert!(kinds(out.events).contains(&CallEventKind::Answered), "{taker}");
        assert!(scene.play(&destroyed(other, 26)).is_empty());
        let end = json!({"type": "ChannelDestroyed", "cause": 16, "channel": rung(taker, "Up")});
        assert_eq!(ended(&scene.all(&[end])), Some(Disposition::Answered), "{taker}");
    }
}

#[test]
fn devices_that_ring_already_when_the_desk_connects_are_one_call() {
    let mut scene = Scene::new();
    let out = scene.translator.snapshot(
        &found(&[("1.1", "Ringing"), ("1.2", "Ringing")], None, scene.at),
        Moment(scene.at + 10),
    );
    scene.questions.extend(out.ask);
    let mut events = kinds(out.events);
    events.extend(scene.answer(Variable::Conversation, json!("1.0")));
    events.extend(scene.answer(Variable::Conversation, json!("1.0")));
    events.extend(scene.all(&[destroyed("1.1", 0), destroyed("1.2", 0)]));
    assert_eq!(offers(&events), 1, "{events:?}");
    assert_eq!(ended(&events), Some(Disposition::Missed));
}

#[test]
fn a_device_that_answers_before_the_pbx_has_told_takes_the_call() {
    let mut scene = Scene::new();
    let mut events = scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    events.extend(scene.about("ChannelStateChange", &rung("1.2", "Ringing")));
    let frames = [
        entered(&["1.0"], &client("1.0", "Up")),
        entered(&["1.0", "1.2"], &rung("1.2", "Up")),
        destroyed("1.1", 26),
        destroyed("1.2", 16),
    ];
    events.extend(scene.all(&frames));
    assert_eq!(offers(&events), 1);
    assert_eq!(ended(&events), Some(Disposition::Answered));
}

#[test]
fn orders_for_a_call_go_to_the_device_that_has_it() {
    let (mut scene, _) = two_devices();
    assert!(scene.translator.moved().is_empty());
    scene.all(&[entered(&["1.0", "1.2"], &client("1.0", "Up")), destroyed("1.1", 26)]);
    let moved = scene.translator.moved();
    assert_eq!(moved.get(&LegId::new("1.1")), Some(&LegId::new("1.2")));
    scene.all(&[destroyed("1.2", 16)]);
    assert!(scene.translator.moved().is_empty(), "it is over");
}
