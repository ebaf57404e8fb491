//! Calls that ring at several desks, at once or one after the other.

use super::*;
use calls::Extension;

fn phones(with: &[&str]) -> Answer {
    Answer::Peers(with.iter().map(|extension| Extension::new(*extension)).collect())
}

/// A client's call rings at 101; its conversation is `1.0`.
fn ringing() -> Scene {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.answer(Variable::Conversation, json!("1.0"));
    scene
}

impl Scene {
    /// REST's answer to the question about the other phones, and how long it was waited with.
    fn peers(&mut self, answer: &Answer) -> (std::time::Duration, Vec<CallEventKind>) {
        let asked = self.questions.iter().position(|question| question.variable == Variable::Peers);
        let question = self.questions.remove(asked.expect("the other phones were asked for"));
        let out = self.translator.answer(&question, answer, Moment(self.at));
        self.questions.extend(out.ask);
        (question.delay(), kinds(out.events))
    }

    fn asks_for_peers(&self) -> bool {
        self.questions.iter().any(|question| question.variable == Variable::Peers)
    }

    /// The phone stops ringing without an answer.
    fn gives_up(&mut self, cause: u16) -> Vec<CallEventKind> {
        let gone = json!({"type": "ChannelDestroyed", "cause": cause, "channel": rung("1.1", "Ringing")});
        self.all(&[gone])
    }

    fn talk(&mut self, members: &[Value]) -> Vec<CallEventKind> {
        let mut ids: Vec<&str> = Vec::new();
        let mut frames = Vec::new();
        for member in members {
            ids.push(member["id"].as_str().expect("an id"));
            frames.push(entered(&ids, member));
        }
        self.all(&frames)
    }
}

fn shared(with: &[&str], turn: u32) -> CallEventKind {
    let with = with.iter().map(|extension| Extension::new(*extension)).collect();
    CallEventKind::Shared { with, turn }
}

fn colleague() -> Value {
    chan("1.2", "PJSIP/102-1.2", "Up")
}

#[test]
fn s25_the_other_desks_are_asked_for_twice_and_told_when_they_are_news() {
    let mut scene = Scene::new();
    scene.about("ChannelCreated", &rung("1.1", "Down"));
    assert!(!scene.asks_for_peers(), "nothing rings yet");
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    let (delay, events) = scene.peers(&phones(&["99", "102"]));
    assert_eq!((delay.as_millis(), events), (0, vec![shared(&["99", "102"], 1)]));
    let (delay, events) = scene.peers(&phones(&["99", "102", "103"]));
    assert_eq!((delay.as_millis(), events), (1500, vec![shared(&["99", "102", "103"], 1)]));
    assert!(!scene.asks_for_peers());
}

#[test]
fn nobody_else_no_answer_and_no_news_are_not_told() {
    for (first, second) in [
        (phones(&[]), phones(&[])),
        (Answer::Nothing, Answer::Nothing),
        (Answer::Value(json!(["102"])), Answer::Nothing),
    ] {
        let mut scene = ringing();
        assert!(scene.peers(&first).1.is_empty(), "{first:?}");
        assert!(scene.peers(&second).1.is_empty(), "{second:?}");
    }
    let mut scene = ringing();
    assert_eq!(scene.peers(&phones(&["102"])).1, [shared(&["102"], 0)]);
    assert!(scene.peers(&phones(&["102"])).1.is_empty());
}

#[test]
fn an_answer_that_comes_when_it_rings_no_more_is_old_news() {
    let mut scene = ringing();
    scene.gives_up(0);
    assert!(scene.peers(&phones(&["102"])).1.is_empty());
    assert!(!scene.asks_for_peers());
    let mut scene = ringing();
    scene.talk(&[rung("1.1", "Up"), client("1.0", "Up")]);
    assert!(scene.peers(&phones(&["102"])).1.is_empty());
}

#[test]
fn a_call_that_the_agent_makes_is_shared_with_nobody() {
    let mut scene = Scene::new();
    let dialled = with(chan("1.1", "PJSIP/101-1.1", "Ring"), "/dialplan/exten", "79161234567");
    scene.about("ChannelCreated", &dialled);
    scene.about("ChannelStateChange", &with(dialled, "/state", "Up"));
    assert!(!scene.asks_for_peers());
}

#[test]
fn s25_a_caller_whom_the_next_phone_answers_was_taken_elsewhere_once() {
    let mut scene = ringing();
    assert_eq!(ended(&scene.gives_up(0)), Some(Disposition::Missed));
    assert_eq!(scene.talk(&[colleague(), client("1.0", "Up")]), [CallEventKind::TakenElsewhere]);
    assert!(scene.talk(&[client("1.0", "Up"), colleague()]).is_empty());
}

#[test]
fn a_local_half_stands_for_whoever_is_heard_at_its_other_half() {
    let half = |id: &str, end: &str| chan(id, &format!("Local/600@ext-local-00000001;{end}"), "Up");
    let own = with(rung("1.7", "Up"), "/name", "PJSIP/101-1.7");
    for (far, taken) in [
        (Some(colleague()), true),
        // Our own phone is rung again, and answers.
        (Some(own), false),
        // Voicemail, an announcement: the plumbing answers, and nobody is there.
        (None, false),
    ] {
        let mut scene = ringing();
        scene.gives_up(16);
        let mut frames = vec![json!({"type": "ChannelCreated", "channel": half("1.6", "2")})];
        if let Some(far) = &far {
            let bridge = json!({"id": "far", "channels": ["1.6", far["id"]], "bridge_type": "mixing"});
            frames.push(json!({"type": "ChannelEnteredBridge", "channel": far, "bridge": bridge}));
        }
        frames.push(entered(&["1.5", "1.0"], &half("1.5", "1")));
        let events = scene.all(&frames);
        assert_eq!(events.contains(&CallEventKind::TakenElsewhere), taken, "{far:?}");
    }
}

#[test]
fn music_machines_strangers_and_our_own_phone_take_nobodys_call() {
    let again = |id: &str| with(rung(id, "Up"), "/name", &format!("PJSIP/101-{id}"));
    let holding = json!({"type": "ChannelEnteredBridge", "channel": client("1.0", "Up"),
        "bridge": {"id": "b", "channels": ["1.9", "1.0"], "bridge_type": "holding"}});
    let mut scene = ringing();
    scene.gives_up(0);
    assert!(scene.all(&[holding]).is_empty(), "parked");
    assert!(scene.talk(&[client("1.0", "Up")]).is_empty(), "alone");
    for machine in [
        "CBAnn/conference-1;2",
        "UnicastRTP/127.0.0.1:4000-0x7f0c",
        "AudioSocket/127.0.0.1:4001-2f9a",
        "WebSocket/bot/0x7f0d",
    ] {
        let events = scene.talk(&[chan("1.9", machine, "Up"), client("1.0", "Up")]);
        assert!(events.is_empty(), "{machine}");
    }
    assert!(scene.talk(&[client("7.0", "Up"), colleague()]).is_empty(), "another call");
    let ours = scene.talk(&[again("1.7"), client("1.0", "Up")]);
    assert!(!ours.contains(&CallEventKind::TakenElsewhere), "{ours:?}");
    assert_eq!(scene.talk(&[colleague(), client("1.0", "Up")]), [CallEventKind::TakenElsewhere]);
}

#[test]
fn what_a_colleague_took_is_told_once_and_what_we_answered_never() {
    let mut scene = ringing();
    // «Answered elsewhere» is a hint: that a colleague was seen with the caller is told, once.
    assert_eq!(ended(&scene.gives_up(26)), Some(Disposition::Missed));
    assert_eq!(scene.talk(&[colleague(), client("1.0", "Up")]), [CallEventKind::TakenElsewhere]);
    assert!(scene.talk(&[colleague(), client("1.0", "Up")]).is_empty());
    let mut scene = ringing();
    scene.talk(&[rung("1.1", "Up"), client("1.0", "Up")]);
    assert_eq!(ended(&scene.gives_up(16)), Some(Disposition::Answered));
    assert!(scene.talk(&[colleague(), client("1.0", "Up")]).is_empty());
}

#[test]
fn a_declined_call_may_still_be_taken_elsewhere() {
    let mut scene = ringing();
    assert_eq!(ended(&scene.gives_up(21)), Some(Disposition::Declined));
    assert_eq!(scene.talk(&[colleague(), client("1.0", "Up")]), [CallEventKind::TakenElsewhere]);
}

#[test]
fn a_conversation_that_is_named_after_the_end_counts_and_so_does_a_snapshot() {
    let mut scene = Scene::new();
    scene.about("ChannelStateChange", &rung("1.1", "Ringing"));
    scene.gives_up(0);
    scene.answer(Variable::Conversation, json!("1.0"));
    let snapshot = Snapshot {
        channels: json!([client("1.0", "Up"), colleague()]),
        bridges: json!([{"id": "b", "channels": ["1.0", "1.2"], "bridge_type": "mixing"}]),
        asked_at: Moment(scene.at),
        ..Snapshot::default()
    };
    let out = scene.translator.snapshot(&snapshot, Moment(scene.at + 10));
    assert_eq!(kinds(out.events), [CallEventKind::TakenElsewhere]);
}

#[test]
fn a_caller_is_waited_for_whatever_is_forgotten_of_channels_but_not_for_ever() {
    let flood = |scene: &mut Scene| {
        for n in 0..2000 {
            scene.about("ChannelCreated", &chan(&format!("f{n}"), "PJSIP/trunk-9", "Ring"));
        }
    };
    let mut scene = ringing();
    scene.gives_up(0);
    flood(&mut scene);
    // Only the last to enter is known by name.
    let taken = entered(&["1.0", "1.2"], &client("1.0", "Up"));
    assert_eq!(scene.all(std::slice::from_ref(&taken)), [CallEventKind::TakenElsewhere]);

    let mut scene = ringing();
    scene.gives_up(0);
    scene.at += 31 * 60 * 1000;
    assert!(scene.all(&[taken]).is_empty());
}

#[test]
fn of_many_unanswered_legs_the_last_are_waited_for() {
    let mut scene = Scene::new();
    for n in 0..40 {
        let leg = |state| rung(&format!("3.{n}"), state);
        scene.about("ChannelStateChange", &leg("Ringing"));
        scene.answer(Variable::Conversation, json!(format!("0.{n}")));
        scene.questions.clear();
        scene.all(&[json!({"type": "ChannelDestroyed", "cause": 0, "channel": leg("Ringing")})]);
    }
    let taken = (0..40).filter(|n| !scene.talk(&[client(&format!("0.{n}"), "Up"), colleague()]).is_empty());
    assert_eq!(taken.collect::<Vec<_>>(), (8..40).collect::<Vec<_>>());
}

/// A colleague consults a group about a client's call and passes it on while the phones ring. Whoever answers meets the
/// client, or the half of a Local channel that the PBX puts between them.
fn passed_on_while_it_rings(client_called: bool, whole: bool, plumbing: bool) -> Vec<CallEventKind> {
    let mut scene = Scene::new();
    let caller = with(
        client("0.1", "Up"),
        "/dialplan/app_name",
        if client_called { "Dial" } else { "AppDial" },
    );
    let first = with(chan("0.2", "PJSIP/102-00000002", "Up"), "/caller/number", "102");
    let second = with(chan("0.3", "PJSIP/102-00000003", "Up"), "/caller/number", "102");
    let second = with(with(second, "/dialplan/exten", "600"), "/dialplan/app_name", "Queue");
    let shows = |number: &str| with(with(rung("0.4", "Ringing"), "/connected/number", number), "/dialplan/exten", "600");
    let mut events = Vec::new();
    if client_called {
        events.extend(scene.all(&[entered(&["0.1"], &caller), entered(&["0.1", "0.2"], &first)]));
    } else {
        let mut dials = dial(Some(&first), &caller, "");
        dials["dialstring"] = "79161234567@trunk".into();
        events.extend(scene.all(&[dials, entered(&["0.2"], &first), entered(&["0.2", "0.1"], &caller)]));
    }
    if whole {
        events.extend(scene.all(&[dial(Some(&second), &shows("102"), "")]));
    }
    events.extend(scene.about("ChannelStateChange", &shows("102")));
    let asked = scene
        .questions
        .iter()
        .position(|question| question.variable == Variable::Conversation);
    let asked = scene.questions.remove(asked.expect("asked"));
    let answer = |scene: &mut Scene| {
        let answer = Answer::Value(json!("0.3"));
        kinds(scene.translator.answer(&asked, &answer, Moment(scene.at)).events)
    };
    if whole {
        events.extend(answer(&mut scene));
    }
    let passed = json!({"type": "BridgeAttendedTransfer", "result": "Success", "is_external": true, "transferer_first_leg": first,
        "transferer_second_leg": second, "transferee": caller, "destination_type": "application", "destination_application": "Queue"});
    events.extend(scene.all(&[passed]));
    if !whole {
        // The PBX's answer was under way.
        events.extend(answer(&mut scene));
    }
    let gone = |channel: &Value, cause: u16| json!({"type": "ChannelDestroyed", "cause": cause, "channel": channel});
    let half = |end: u8| {
        chan(
            &format!("0.{}", end + 6),
            &format!("Local/_attended@transfer/m-00000000;{end}"),
            "Up",
        )
    };
    let met = if plumbing { "0.8" } else { "0.1" };
    let mut answers = entered(&[met, "0.5"], &chan("0.5", "PJSIP/103-00000005", "Up"));
    answers["bridge"]["id"] = "c".into();
    if plumbing {
        let mut waits = entered(&["0.8"], &half(2));
        waits["bridge"]["id"] = "c".into();
        events.extend(scene.all(&[entered(&["0.1", "0.7"], &half(1)), waits]));
    }
    events.extend(scene.all(&[gone(&first, 16), gone(&second, 16)]));
    events.extend(scene.about("ChannelConnectedLine", &shows("79161234567")));
    events.extend(scene.all(&[gone(&shows("79161234567"), 26), answers]));
    events
}

#[test]
fn s16_a_call_that_is_passed_on_to_ringing_phones_is_the_clients_and_may_be_taken_elsewhere() {
    for n in 0..8 {
        let (client_called, whole, plumbing) = (n & 1 == 0, n & 2 == 0, n & 4 == 0);
        let events = passed_on_while_it_rings(client_called, whole, plumbing);
        let changes: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                CallEventKind::PartyChanged { remote, direction, from } => Some((remote.raw.as_str(), *direction, from.clone())),
                _ => None,
            })
            .collect();
        let expected = ("79161234567", Direction::Inbound, Some(Extension::new("102")));
        assert_eq!(changes, [expected], "{client_called} {whole} {plumbing}");
        let conversation = events.iter().rev().find_map(|event| match event {
            CallEventKind::Identified { conversation } => Some(conversation.as_str()),
            _ => None,
        });
        let first = if client_called { "0.1" } else { "0.2" };
        assert_eq!(conversation, Some(first), "{client_called} {whole} {plumbing}");
        assert_eq!(
            events.last(),
            Some(&CallEventKind::TakenElsewhere),
            "{client_called} {whole} {plumbing}: {events:?}"
        );
    }
}
