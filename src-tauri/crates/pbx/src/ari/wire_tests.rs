use super::*;
use serde_json::json;

#[test]
fn timestamps_are_read_with_and_without_the_colon() {
    let expected = Some(Moment(1_795_329_167_965));
    for text in [
        "2026-11-22T06:32:47.965+0000",
        "2026-11-22T09:32:47.965+0300",
        "2026-11-22T06:32:47.965+00:00",
        "2026-11-22T06:32:47.965Z",
    ] {
        assert_eq!(moment(Some(&json!(text))), expected, "{text}");
    }
    for text in ["", "yesterday", "2026-11-22", "2026-99-22T06:32:47.965+0000"] {
        assert_eq!(moment(Some(&json!(text))), None, "{text}");
    }
}

#[test]
fn each_kind_of_strange_frame_is_told_apart() {
    let big = format!(r#"{{"type":"Dial","x":"{}"}}"#, "y".repeat(LARGEST_FRAME));
    assert_eq!(frame(&big), Err(FrameOutcome::TooLarge));
    for garbled in [
        "",
        "{",
        "[]",
        "null",
        "{\"type\":7}",
        "<html>",
        "{\"type\":\"Dial\",\"peer\":{\"id\":\"1",
    ] {
        assert_eq!(frame(garbled), Err(FrameOutcome::Garbled), "{garbled}");
    }
    assert_eq!(
        frame(r#"{"type":"CallClaimed"}"#),
        Err(FrameOutcome::Unknown {
            kind: "CallClaimed".into()
        })
    );
    for kind in [
        "Dial",
        "ChannelCreated",
        "ChannelDestroyed",
        "ChannelEnteredBridge",
        "BridgeAttendedTransfer",
        "ChannelVarset",
    ] {
        let text = json!({"type": kind, "channel": {"id": 7}}).to_string();
        assert_eq!(frame(&text), Err(FrameOutcome::Incomplete { kind: kind.into() }));
    }
}

#[test]
fn a_field_of_the_wrong_type_does_not_lose_the_event() {
    let text = json!({"type": "ChannelDestroyed", "timestamp": 5, "cause": "26", "tech_cause": {},
        "channel": {"id": "1.1", "name": "PJSIP/101-00000001<ZOMBIE>", "state": null, "caller": [], "dialplan": "x"}});
    let Ok(Parsed {
        frame: Frame::Destroyed { channel, cause, sip },
        at: None,
        ..
    }) = frame(&text.to_string())
    else {
        panic!("not understood")
    };
    assert_eq!((channel.name.as_str(), cause, sip), ("PJSIP/101-00000001", Some(26), None));
}

#[test]
fn a_frame_nested_without_end_is_garbled_and_nothing_else() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"type\":\"Dial\",\"peer\":", "}")] {
        for depth in [200, 100_000] {
            let text = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            assert!(
                matches!(frame(&text), Err(FrameOutcome::Garbled | FrameOutcome::TooLarge)),
                "{open} {depth}"
            );
        }
    }
}
