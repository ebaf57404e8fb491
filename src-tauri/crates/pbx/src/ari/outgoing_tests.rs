//! Calls that the agent makes, where the desk does not see who is dialled for them.

use super::*;

/// The agent's channel: what was dialled, and what its `Dial` dials.
fn own(state: &str, exten: &str, data: &str) -> Value {
    let channel = with(chan("1.1", "PJSIP/101-00000001", state), "/caller/number", "101");
    let channel = with(with(channel, "/dialplan/exten", exten), "/dialplan/app_data", data);
    let app = if data.is_empty() { "" } else { "Dial" };
    with(channel, "/dialplan/app_name", app)
}

/// Half of a Local channel that leads to this number: the first one is dialled, the second one runs the dialplan.
fn half(end: u8, number: &str, state: &str, data: &str) -> Value {
    let channel = chan(&format!("1.{}", end + 2), &format!("Local/{number}@out-00000000;{end}"), state);
    let (app, field) = if end == 1 {
        ("AppDial", "/caller/number")
    } else {
        ("Dial", "/dialplan/exten")
    };
    let data = if end == 1 { "(Outgoing Line)" } else { data };
    with(
        with(with(channel, field, number), "/dialplan/app_name", app),
        "/dialplan/app_data",
        data,
    )
}

/// The trunk's channel, dialled by somebody.
fn trunk(number: &str) -> Value {
    let channel = with(chan("1.5", "PJSIP/trunk-00000002", "Up"), "/caller/number", number);
    with(channel, "/dialplan/app_name", "AppDial")
}

fn in_bridge(bridge: &str, members: &[&str], channel: &Value) -> Value {
    let mut frame = entered(members, channel);
    frame["bridge"]["id"] = bridge.into();
    frame
}

/// The lean stream shows the agent's dialling of the Local channel, and the bridges; not who the second half dials.
fn reaches_the_world(scene: &mut Scene, exten: &str, number: &str, carrying: &str) -> Vec<CallEventKind> {
    let data = format!("Local/{number}@out/n,60");
    let mut begin = dial(Some(&own("Ring", exten, &data)), &half(1, number, "Down", ""), "");
    begin["dialstring"] = format!("{number}@out/n").into();
    scene.all(&[
        begin,
        dial(Some(&own("Ring", exten, &data)), &half(1, number, "Up", ""), "ANSWER"),
        in_bridge("far", &["1.4"], &half(2, number, "Up", carrying)),
        in_bridge("far", &["1.4", "1.5"], &trunk(number)),
        in_bridge("near", &["1.1"], &own("Up", exten, &data)),
        in_bridge("near", &["1.1", "1.3"], &half(1, number, "Up", "")),
    ])
}

/// What the call is in the end: direction and number.
fn told(events: &[CallEventKind]) -> (Direction, String) {
    let told = events.iter().rev().find_map(|event| match event {
        CallEventKind::Dialing { direction, remote, .. }
        | CallEventKind::Offered { direction, remote, .. }
        | CallEventKind::PartyChanged { direction, remote, .. } => Some((*direction, remote.raw.clone())),
        _ => None,
    });
    told.expect("a call")
}

fn called(events: &[CallEventKind]) -> (Direction, Option<String>) {
    let (direction, raw) = told(events);
    let number = calls::Number::read(&raw, calls::Region::default());
    (direction, number.e164().map(str::to_owned))
}

const CLIENT: &str = "+79161234567";

#[test]
fn a_call_that_reaches_the_world_through_the_dialplan_is_the_agents_call_to_that_number() {
    for exten in ["55", "*55", "989161234567", "89161234567", "#31#89161234567"] {
        for carrying in ["", "PJSIP/89161234567@trunk,300", "PJSIP/trunk/sip:79161234567@provider.ru"] {
            let mut scene = Scene::new();
            let mut events = scene.about("ChannelCreated", &own("Ring", exten, ""));
            events.extend(reaches_the_world(&mut scene, exten, "89161234567", carrying));
            assert_eq!(called(&events), (Direction::Outbound, Some(CLIENT.into())), "{exten} {carrying}");
        }
    }
}

#[test]
fn a_colleague_whose_phone_sends_the_agent_outside_is_still_the_one_who_was_called() {
    let mut scene = Scene::new();
    let mut events = scene.about("ChannelCreated", &own("Ring", "102", ""));
    let phone = with(chan("1.2", "PJSIP/102-00000001", "Down"), "/dialplan/app_name", "AppDial");
    let mut rings = dial(Some(&own("Ring", "102", "PJSIP/102,30")), &phone, "");
    rings["dialstring"] = "102".into();
    let mut forwards = dial(Some(&own("Ring", "102", "PJSIP/102,30")), &phone, "CANCEL");
    forwards["forward"] = "89161112233".into();
    events.extend(scene.all(&[rings, forwards]));
    events.extend(reaches_the_world(&mut scene, "102", "89161112233", ""));
    assert_eq!(told(&events), (Direction::Internal, "102".into()));
}

fn snapshot(scene: &mut Scene, channels: Value, members: &[&str]) -> Vec<CallEventKind> {
    let bridge = json!({"id": "b", "bridge_type": "mixing", "channels": members, "creationtime": "2026-11-22T06:00:05.000+0000"});
    let snapshot = Snapshot {
        channels,
        bridges: json!([bridge]),
        asked_at: Moment(scene.at),
        ..Snapshot::default()
    };
    let out = scene.translator.snapshot(&snapshot, Moment(scene.at));
    scene.questions.extend(out.ask);
    kinds(out.events)
}

#[test]
fn a_prefix_is_no_part_of_the_number_for_a_desk_that_connects_during_the_call() {
    // The PBX shows on the trunk's channel what was dialled as it was dialled.
    let channels = json!([own("Up", "989161234567", "PJSIP/89161234567@trunk,300"), trunk("989161234567")]);
    let events = snapshot(&mut Scene::new(), channels, &["1.1", "1.5"]);
    assert_eq!(called(&events), (Direction::Outbound, Some(CLIENT.into())));
}

#[test]
fn what_the_trunk_was_dialled_by_is_asked_where_nobody_saw_it() {
    // An older PBX does not tell what `Dial` dials.
    let own = with(own("Up", "55", ""), "/dialplan/app_name", "Dial");
    let mut scene = Scene::new();
    let events = snapshot(&mut scene, json!([own, trunk("55")]), &["1.1", "1.5"]);
    assert_eq!(told(&events), (Direction::Outbound, "55".into()));
    let is_it = |question: &&Question| question.variable == Variable::Line && question.channel == "1.5";
    let question = scene.questions.iter().find(is_it).cloned().expect("asked");
    let answer = LineAnswer {
        channel: trunk("55"),
        dialled_by: Some("79161234567@trunk".into()),
        ..LineAnswer::default()
    };
    let out = scene
        .translator
        .answer(&question, &Answer::Line(Box::new(answer)), Moment(scene.at));
    assert_eq!(called(&kinds(out.events)), (Direction::Outbound, Some(CLIENT.into())));
}

#[test]
fn a_desk_that_starts_during_the_agents_own_call_knows_that_the_agent_called() {
    // Deep in the dialplan of a FreePBX.
    let own = with(own("Up", "s", "PJSIP/79161234567@trunk,300,T"), "/connected/number", "989161234567");
    let own = with(own, "/dialplan/context", "macro-dialout-trunk");
    let mut scene = Scene::new();
    let events = snapshot(&mut scene, json!([own, trunk("989161234567")]), &["1.1", "1.5"]);
    assert!(
        events.iter().any(|event| matches!(event, CallEventKind::Dialing { .. })),
        "{events:?}"
    );
    assert_eq!(called(&events), (Direction::Outbound, Some(CLIENT.into())));
}
