//! Which file a leg's talk is recorded into, when the channel that began the conversation does not tell.
//!
//! The colleague 102 called the client out by `1.0`, whose dialplan brought the client's channel `1.1`
//! and recorded `out.wav`. Passed on to 101, `1.0` is gone, and `1.1` runs the dialplan and is recorded
//! into `int.wav` (as `tests/asterisk` does).

use super::*;

fn colleague() -> Value {
    chan("1.0", "PJSIP/102-00000000", "Up")
}

fn called() -> Value {
    with(chan("1.1", "PJSIP/trunk-00000001", "Up"), "/caller/number", "79161234567")
}

fn blind(by: &Value, transferee: &Value, to: &str) -> Value {
    json!({"type": "BridgeBlindTransfer", "channel": by, "transferee": transferee, "exten": to, "context": "x", "result": "Success",
        "is_external": true, "bridge": {"id": "a", "channels": [by["id"], transferee["id"]], "bridge_type": "mixing"}})
}

fn attended(first: &Value, second: &Value, transferee: &Value, target: &Value) -> Value {
    json!({"type": "BridgeAttendedTransfer", "transferer_first_leg": first, "transferer_second_leg": second,
        "transferee": transferee, "transfer_target": target, "result": "Success", "is_external": false})
}

fn recorded_into(channel: &Value, file: &str) -> Value {
    json!({"type": "ChannelVarset", "variable": "MIXMONITOR_FILENAME", "value": file, "channel": channel})
}

fn destroyed(channel: &Value) -> Value {
    json!({"type": "ChannelDestroyed", "cause": 16, "channel": channel})
}

fn file(name: &str) -> CallEventKind {
    CallEventKind::Recording {
        name: RecordingRef::new(name),
    }
}

fn files(events: &[CallEventKind]) -> Vec<&CallEventKind> {
    let of_recording = |event: &&CallEventKind| matches!(event, CallEventKind::Recording { .. });
    events.iter().filter(of_recording).collect()
}

impl Scene {
    /// The client is offered to 101, who answers.
    fn passed_on(&mut self) {
        self.about("ChannelStateChange", &rung("1.2", "Ringing"));
        self.answer(Variable::Conversation, json!("1.0"));
        self.play(&entered(&["1.1", "1.2"], &called()));
    }

    /// The channels whose recording is asked for, with the attempt.
    fn recordings_asked(&self) -> Vec<(&str, u8)> {
        let of_recording = |question: &&Question| question.variable == Variable::Recording;
        let asked = self.questions.iter().filter(of_recording);
        asked.map(|question| (question.channel.as_str(), question.attempt)).collect()
    }

    /// REST knows no recording.
    fn unrecorded(&mut self) {
        self.questions.retain(|question| question.variable == Variable::Recording);
        let question = self.questions.pop().expect("a recording is asked for");
        let out = self.translator.answer(&question, &Answer::Nothing, Moment(self.at));
        self.questions = out.ask;
    }
}

#[test]
fn s16_a_call_out_that_was_passed_on_is_recorded_on_the_clients_channel() {
    let mut scene = Scene::new();
    scene.all(&[
        entered(&["1.0", "1.1"], &colleague()),
        entered(&["1.0", "1.1"], &called()),
        blind(&colleague(), &called(), "101"),
    ]);
    scene.passed_on();
    // The colleague's channel may still be there for a moment: it is not even asked.
    assert_eq!(scene.recordings_asked(), [("1.1", 0)]);
    assert_eq!(scene.answer(Variable::Recording, json!("/r/int.wav")), [file("/r/int.wav")]);
    assert!(scene.all(&[entered(&["1.1", "1.2"], &called())]).is_empty());
    assert!(scene.recordings_asked().is_empty());
}

#[test]
fn s16_a_desk_that_did_not_see_the_transfer_asks_the_clients_channel_as_soon_as_the_first_one_is_known_to_be_gone() {
    let mut scene = Scene::new();
    scene.passed_on();
    assert_eq!(scene.recordings_asked(), [("1.0", 0)]);
    scene.unrecorded();
    assert_eq!(scene.recordings_asked(), [("1.1", 0)]);
    assert_eq!(scene.answer(Variable::Recording, json!("/r/int.wav")), [file("/r/int.wav")]);
}

#[test]
fn both_places_are_asked_again_by_turns_and_not_for_ever() {
    let mut scene = Scene::new();
    scene.passed_on();
    for attempt in 0..4 {
        for channel in ["1.0", "1.1"] {
            assert_eq!(scene.recordings_asked(), [(channel, attempt)]);
            scene.unrecorded();
        }
    }
    assert!(scene.questions.is_empty());
}

#[test]
fn s16_the_first_agents_file_is_not_the_seconds_on_the_whole_stream_either() {
    let mut scene = Scene::new();
    let leg = rung("1.2", "Ringing");
    let up = with(rung("1.2", "Up"), "/dialplan/exten", "");
    let events = scene.all(&[
        recorded_into(&colleague(), "/r/out.wav"),
        dial(Some(&colleague()), &called(), "ANSWER"),
        entered(&["1.0", "1.1"], &called()),
        blind(&colleague(), &called(), "101"),
        destroyed(&colleague()),
        recorded_into(&called(), "/r/int.wav"),
        dial(Some(&called()), &leg, "RINGING"),
        dial(Some(&called()), &up, "ANSWER"),
        entered(&["1.1", "1.2"], &called()),
    ]);
    assert_eq!(files(&events), [&file("/r/int.wav")]);
    assert_eq!(scene.recordings_asked(), [("1.1", 0)]);
    assert!(scene.answer(Variable::Recording, json!("/r/int.wav")).is_empty());
}

#[test]
fn s16_after_an_attended_transfer_of_a_call_out_the_first_agents_file_is_not_the_seconds() {
    let mut scene = Scene::new();
    let second = chan("1.3", "PJSIP/102-00000003", "Up");
    let mut leg = with(rung("1.4", "Ringing"), "/connected/number", "102");
    let events = scene.all(&[
        recorded_into(&colleague(), "/r/out.wav"),
        dial(Some(&colleague()), &called(), "ANSWER"),
        recorded_into(&second, "/r/consultation.wav"),
        dial(Some(&second), &leg, "RINGING"),
    ]);
    assert!(files(&events).is_empty());
    leg["state"] = "Up".into();
    let events = scene.all(&[dial(Some(&second), &leg, "ANSWER"), entered(&["1.3", "1.4"], &second)]);
    assert_eq!(files(&events), [&file("/r/consultation.wav")]);
    let events = scene.all(&[
        entered(&["1.1", "1.4"], &called()),
        attended(&colleague(), &second, &called(), &leg),
        destroyed(&second),
        destroyed(&colleague()),
    ]);
    assert!(files(&events).is_empty(), "{events:?}");
}

#[test]
fn s16_what_the_client_is_recorded_into_once_the_call_is_passed_on_is_the_colleagues() {
    let mut scene = Scene::new();
    scene.passed_on();
    scene.unrecorded();
    assert_eq!(scene.recordings_asked(), [("1.1", 0)]);
    let leg = with(rung("1.2", "Up"), "/dialplan/exten", "");
    scene.play(&blind(&leg, &called(), "103"));
    assert!(scene.answer(Variable::Recording, json!("/r/of-103.wav")).is_empty());
}

#[test]
fn an_agents_own_call_is_recorded_on_the_leg_or_on_the_channel_it_brought_and_on_no_other() {
    let own = with(chan("1.0", "PJSIP/101-00000000", "Up"), "/dialplan/exten", "79161234567");
    let begun = || {
        let mut scene = Scene::new();
        scene.about("ChannelCreated", &with(own.clone(), "/state", "Ring"));
        scene.answer(Variable::Conversation, json!("1.0"));
        scene
    };
    let mut brought = begun();
    brought.all(&[dial(Some(&own), &called(), "ANSWER"), entered(&["1.0", "1.1"], &own)]);
    assert_eq!(brought.recordings_asked(), [("1.0", 0)]);
    brought.unrecorded();
    assert_eq!(brought.recordings_asked(), [("1.1", 0)]);

    let mut conference = begun();
    conference.all(&[entered(&["1.1", "1.0"], &called()), entered(&["1.1", "1.0"], &own)]);
    assert_eq!(conference.recordings_asked(), [("1.0", 0)]);
    conference.unrecorded();
    assert_eq!(conference.recordings_asked(), [("1.0", 1)]);
}
