use super::*;
use calls::{ConversationId, Direction, Disposition, Extension, HungUpBy, OrderId, Origin, RecordingRef, TransferKind};
use proptest::prelude::*;
use serde_json::json;

const NOW: Moment = Moment(1_795_329_167_000);

fn greeted(stream: &str, from: u64) -> Translator {
    let mut translator = Translator::default();
    translator.connected(None);
    hello(&mut translator, stream, from);
    translator
}

fn hello(translator: &mut Translator, stream: &str, from: u64) {
    let frame = json!({"v": 1, "hello": {"stream": stream, "from": from, "now": NOW.0}});
    assert!(take(translator, &frame).is_empty());
}

fn take(translator: &mut Translator, frame: &Value) -> Vec<PbxEvent> {
    translator.frame(&frame.to_string(), NOW).events
}

fn event(seq: u64, leg: &str, kind: &Value) -> Value {
    json!({"v": 1, "seq": seq, "event": "call", "leg": leg, "at": NOW.0 - 500, "kind": kind})
}

fn answered(seq: u64) -> Value {
    event(seq, "a1", &json!({"type": "answered"}))
}

fn resync(translator: &mut Translator) -> Option<Moment> {
    let frame = json!({"v": 1, "event": "resync", "live": ["a1"], "at": 7, "restarted": false});
    match &take(translator, &frame)[..] {
        [PbxEvent::Resync { live, unseen_since, .. }] => {
            assert_eq!(live, &[LegId::new("a1")]);
            *unseen_since
        }
        other => panic!("{other:?}"),
    }
}

/// One of each kind; a new kind stops this from compiling until it is thought of.
fn all_kinds() -> Vec<CallEventKind> {
    let remote = Remote {
        raw: "79161234567".into(),
        name: Some("Иван".into()),
        hidden: false,
    };
    let conversation = || ConversationId::new("c1");
    let kinds = vec![
        CallEventKind::Offered {
            conversation: Some(conversation()),
            direction: Direction::Inbound,
            remote: remote.clone(),
            line: Some("74950000001".into()),
            queue: None,
            origin: Origin::Queue,
        },
        CallEventKind::Dialing {
            conversation: None,
            direction: Direction::Outbound,
            remote: remote.clone(),
            order: None,
        },
        CallEventKind::AgentAnswered,
        CallEventKind::Answered,
        CallEventKind::Held,
        CallEventKind::Resumed,
        CallEventKind::Identified {
            conversation: conversation(),
        },
        CallEventKind::PartyChanged {
            remote,
            direction: Direction::Inbound,
            from: Some(Extension::new("102")),
        },
        CallEventKind::Transferred {
            kind: TransferKind::Blind,
            to: Some("103".into()),
        },
        CallEventKind::Recording {
            name: RecordingRef::new("x"),
        },
        CallEventKind::Shared {
            with: vec![Extension::new("102")],
            turn: 1,
        },
        CallEventKind::TakenElsewhere,
        CallEventKind::Ended {
            disposition: Disposition::Answered,
            cause: Some(16),
            by: HungUpBy::Remote,
        },
    ];
    for kind in &kinds {
        match kind {
            CallEventKind::Offered { .. }
            | CallEventKind::Dialing { .. }
            | CallEventKind::AgentAnswered
            | CallEventKind::Answered
            | CallEventKind::Held
            | CallEventKind::Resumed
            | CallEventKind::Identified { .. }
            | CallEventKind::PartyChanged { .. }
            | CallEventKind::Transferred { .. }
            | CallEventKind::Recording { .. }
            | CallEventKind::Shared { .. }
            | CallEventKind::TakenElsewhere
            | CallEventKind::Ended { .. } => {}
        }
    }
    kinds
}

#[test]
fn every_kind_of_event_that_there_is_comes_through_as_it_was_but_for_recordings_which_nobody_could_fetch() {
    let mut translator = greeted("s", 1);
    for (n, kind) in all_kinds().into_iter().enumerate() {
        let value = serde_json::to_value(&kind).unwrap();
        assert_eq!(value["type"], KINDS[n], "the list of known kinds has them all, in order");
        let told = translator.frame(&event(n as u64 + 1, "a1", &value).to_string(), NOW);
        assert!(matches!(told.frame, Some(FrameOutcome::Understood { .. })), "{:?}", told.frame);
        let is_recording = matches!(kind, CallEventKind::Recording { .. });
        let at = Moment(NOW.0 - 500);
        let expected = PbxEvent::Call(CallEvent {
            leg: LegId::new("a1"),
            at,
            kind,
        });
        assert_eq!(told.events, if is_recording { vec![] } else { vec![expected] });
    }
    assert_eq!(translator.heard(), Some(("s", KINDS.len() as u64)));
}

#[test]
fn d3_what_is_told_twice_is_taken_in_once_and_a_hole_asks_for_a_new_connection() {
    let mut translator = greeted("s", 5);
    assert_eq!(take(&mut translator, &answered(5)).len(), 1);
    assert_eq!(take(&mut translator, &answered(5)).len(), 0);
    assert_eq!(take(&mut translator, &answered(4)).len(), 0);
    let told = translator.frame(&answered(7).to_string(), NOW);
    assert!(told.events.is_empty() && matches!(told.stop, Some(Stop::Trouble(LinkTrouble::Closed))));
    assert_eq!(translator.heard(), Some(("s", 5)), "it is asked for again");
    assert_eq!(take(&mut translator, &answered(6)).len(), 1);
}

#[test]
fn d3_a_stream_that_goes_on_has_no_gap_and_one_that_lost_something_says_since_when() {
    let before = Some(Moment(NOW.0 - 60_000));
    let at_first = resync(&mut greeted("s", 5));
    assert_eq!(at_first, None, "nothing was heard before");
    for (stream, from, gap) in [("s", 6, false), ("s", 3, false), ("s", 7, true), ("s", 90, true), ("t", 6, true)] {
        let mut translator = greeted("s", 5);
        take(&mut translator, &answered(5));
        translator.connected(before);
        assert!(
            take(&mut translator, &answered(6)).is_empty(),
            "nothing counts before the stream says who it is"
        );
        hello(&mut translator, stream, from);
        assert_eq!(resync(&mut translator), if gap { before } else { Some(NOW) }, "{stream} {from}");
        let next = if stream == "s" && !gap { 6 } else { from };
        assert_eq!(take(&mut translator, &answered(next)).len(), 1, "{stream} {from}");
    }
}

#[test]
fn d3_another_start_goes_on_where_the_last_one_was_and_nonsense_is_no_point() {
    let mut before = greeted("s 1", 5);
    take(&mut before, &answered(5));
    let mut after = Translator::since(before.point().as_deref());
    assert_eq!(after.heard(), Some(("s 1", 5)));
    after.connected(None);
    hello(&mut after, "s 1", 6);
    assert_eq!(resync(&mut after), Some(NOW), "no gap");
    assert_eq!(take(&mut after, &answered(6)).len(), 1);
    for nonsense in ["", " ", "5", "5 ", "x s", "-1 s", "5 s\n", "99999999999999999999 s"] {
        assert_eq!(Translator::since(Some(nonsense)).heard(), None, "{nonsense}");
    }
}

#[test]
fn unknown_versions_and_kinds_are_counted_and_passed_over_and_their_numbers_are_no_holes() {
    let mut translator = greeted("s", 1);
    let frames = [
        json!({"v": 2, "seq": 1, "event": "call", "leg": "a", "at": 1, "kind": {"type": "answered"}}),
        json!({"v": 1, "seq": 1, "event": "call", "leg": "a", "at": 1, "kind": {"type": "beamed_up"}}),
        json!({"v": 1, "seq": 2, "event": "weather", "sun": true}),
        json!({"v": 1, "seq": 3, "event": "link", "state": {"type": "up"}}),
    ];
    for frame in frames {
        let told = translator.frame(&frame.to_string(), NOW);
        assert!(told.events.is_empty() && told.stop.is_none(), "{frame}");
        assert!(
            matches!(told.frame, Some(FrameOutcome::Unknown { .. })),
            "{frame}: {:?}",
            told.frame
        );
    }
    assert_eq!(take(&mut translator, &answered(4)).len(), 1);
    let later = json!({"v": 2, "hello": {"stream": "s", "from": 1}});
    let told = translator.frame(&later.to_string(), NOW);
    assert!(
        matches!(told.stop, Some(Stop::Trouble(LinkTrouble::NotAPbx))),
        "a later version is not half understood"
    );
}

#[test]
fn what_is_too_long_or_no_id_is_left_out_and_texts_are_cut() {
    let long = "x".repeat(10_000);
    let offered = |raw: &str, conversation: Value| {
        json!({"type": "offered", "conversation": conversation, "direction": "inbound",
            "remote": {"raw": raw, "name": raw, "hidden": false}, "line": raw, "queue": raw, "origin": "direct"})
    };
    let refused = [
        event(1, "", &offered("1", Value::Null)),
        event(2, &long, &offered("1", Value::Null)),
        event(3, "a\u{0}b", &offered("1", Value::Null)),
        event(4, "a", &offered("1", json!(long))),
        event(5, "a", &json!({"type": "identified", "conversation": ""})),
        event(6, "a", &json!({"type": "offered"})),
        event(7, "a", &json!({"type": "shared", "with": vec!["1"; 1_000], "place": 0})),
        json!({"v": 1, "seq": 8, "event": "call", "leg": "a", "at": "now", "kind": {"type": "held"}}),
        json!({"v": 1, "event": "phone", "online": true}),
        json!({"v": 1, "event": "resync", "live": vec!["a"; 5_000], "at": 1, "restarted": false}),
    ];
    let mut translator = greeted("s", 1);
    for frame in refused {
        let told = translator.frame(&frame.to_string(), NOW);
        assert!(told.events.is_empty() && told.stop.is_none(), "{frame}");
        assert!(matches!(told.frame, Some(FrameOutcome::Incomplete { .. })), "{frame}");
    }
    let told = take(&mut translator, &event(9, "a", &offered(&"ф".repeat(5_000), Value::Null)));
    let [
        PbxEvent::Call(CallEvent {
            kind: CallEventKind::Offered { remote, line, .. },
            ..
        }),
    ] = &told[..]
    else {
        panic!("{told:?}")
    };
    assert_eq!(
        (remote.raw.chars().count(), line.as_ref().unwrap().chars().count()),
        (LONGEST_TEXT, LONGEST_TEXT)
    );
}

#[test]
fn an_order_that_a_feed_speaks_of_is_none_of_ours() {
    let mut translator = greeted("s", 1);
    let kind = CallEventKind::Dialing {
        conversation: None,
        direction: Direction::Outbound,
        remote: Remote::default(),
        order: Some(OrderId::new("101-1")),
    };
    let told = take(&mut translator, &event(1, "a", &serde_json::to_value(kind).unwrap()));
    assert!(matches!(
        &told[..],
        [PbxEvent::Call(CallEvent {
            kind: CallEventKind::Dialing { order: None, .. },
            ..
        })]
    ));
}

#[test]
fn the_senders_clock_may_be_wrong_and_either_clock_set_a_call_keeps_its_length() {
    for off in [0, 3_600_000, -3_600_000] {
        let mut translator = Translator::default();
        translator.connected(None);
        assert_eq!(translator.clock_ahead(), None, "it has not told its time");
        let hello = json!({"v": 1, "hello": {"stream": "s", "from": 1, "now": NOW.0 + off}});
        take(&mut translator, &hello);
        assert_eq!(translator.clock_ahead(), Some(off));
        let mut at = |seq: u64, after: i64, set: i64, kind: &Value| {
            if set != 0 {
                translator.desk_clock_was_set(set);
            }
            let frame = json!({"v": 1, "seq": seq, "event": "call", "leg": "a", "at": NOW.0 + off + after, "kind": kind});
            match &translator.frame(&frame.to_string(), Moment(NOW.0 + after + set.max(0))).events[..] {
                [PbxEvent::Call(call)] => call.at.0 - NOW.0,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(at(1, 1_000, 0, &json!({"type": "answered"})), 1_000);
        assert_eq!(
            at(2, 61_000, 600_000, &json!({"type": "held"})),
            61_000,
            "the desk's clock was set in between"
        );
    }
    let mut translator = greeted("s", 1);
    for (seq, at) in [i64::MAX, i64::MIN, 0, -1].into_iter().enumerate() {
        let frame = json!({"v": 1, "seq": seq + 1, "event": "call", "leg": format!("l{seq}"), "at": at, "kind": {"type": "held"}});
        let told = take(&mut translator, &frame);
        let [PbxEvent::Call(call)] = &told[..] else { panic!("{told:?}") };
        assert!(call.at <= NOW && NOW.since(call.at) <= OLDEST, "{at}");
    }
}

#[test]
fn no_hostile_text_anywhere_makes_it_stumble_or_count_wrongly() {
    for hostile in hostile::texts() {
        let text = &hostile.text;
        let mut translator = greeted("s", 1);
        let _ = translator.frame(text, NOW);
        let frames = [
            json!({"v": text, "seq": 1, "event": "call"}),
            json!({"v": 1, "seq": text, "event": "call", "leg": text, "at": 1, "kind": {"type": "held"}}),
            json!({"v": 1, "seq": 1, "event": text}),
            json!({"v": 1, "event": "resync", "live": [text], "at": text, "restarted": text}),
            json!({"v": 1, "hello": {"stream": text, "from": text}}),
            event(2, "a", &json!({"type": text})),
            event(3, text, &json!({"type": "held"})),
        ];
        for frame in frames {
            let _ = translator.frame(&frame.to_string(), NOW);
        }
        let told = translator.frame(&answered(4).to_string(), NOW);
        assert_eq!(told.events.len(), 1, "{}", hostile.name);
    }
}

proptest! {
    #[test]
    fn arbitrary_frames_never_panic(texts in proptest::collection::vec(".{0,200}", 0..20), numbers in proptest::collection::vec(any::<u64>(), 0..20), at in any::<i64>()) {
        let mut translator = Translator::default();
        translator.connected(Some(Moment(at)));
        for text in &texts {
            let _ = translator.frame(text, Moment(at));
        }
        for number in numbers {
            let _ = translator.frame(&json!({"v": 1, "hello": {"stream": "s", "from": number, "now": at}}).to_string(), NOW);
            let _ = translator.frame(&answered(number).to_string(), NOW);
            translator.desk_clock_was_set(at);
        }
    }
}
