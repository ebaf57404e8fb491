//! The recording: known before the end, after it, late, or not to be had (S06, S07, S09).

use crate::bench::{Bench, CLIENT, attach, create, duties, kind, lines, recorded};
use calls::{CaseTarget, Disposition, DutyKey, DutyKind, Effect, Recording, RecordingRef};

fn own_recording(effects: &[Effect]) -> (CaseTarget, String) {
    match kind(effects, "/recording-late") {
        DutyKind::AddRecording { case, recording, .. } => (case, recording.unwrap().as_str().to_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn s07_a_recording_named_after_the_end_follows_the_case() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    let effects = bench.pbx("a", recorded("r1"));
    assert_eq!(lines(&effects), ["a/recording-late <- a/case"]);
    let own = CaseTarget::OpenedBy(DutyKey::new(&crate::bench::leg("a"), "case"));
    assert_eq!(own_recording(&effects), (own, "r1".into()));
    assert_eq!(bench.pbx("a", recorded("r1")), []);
    assert_eq!(bench.done("a", "case", 50, false), [], "it is owed already");
}

#[test]
fn s06_a_recording_named_after_the_end_of_a_created_case_follows_it() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Тема", ""));
    bench.done("a", "case", 50, false);
    bench.end("a", Disposition::Answered);
    assert_eq!(lines(&bench.pbx("a", recorded("r1"))), ["a/recording-late <- a/case"]);
    bench.done("a", "recording", 50, false);
    let waiting = Recording::Expected {
        name: RecordingRef::new("r1"),
    };
    assert_eq!(bench.call("a").filing.recording, waiting, "the message about the end knew of none");
    bench.done("a", "recording-late", 50, true);
    assert_eq!(bench.call("a").filing.recording, Recording::Attached);
}

#[test]
fn s09_a_recording_named_after_the_end_follows_the_note() {
    let mut bench = Bench::answered("a");
    bench.act("a", attach(5, ""));
    bench.end("a", Disposition::Answered);
    let effects = bench.pbx("a", recorded("r1"));
    assert_eq!(lines(&effects), ["a/recording-late <- a/note"]);
    assert_eq!(own_recording(&effects).0, CaseTarget::Existing(crate::bench::case(5).id));
}

#[test]
fn s07_a_message_that_went_without_its_recording_is_followed_by_it_once() {
    for (what, attached) in [("case", false), ("note", true)] {
        let mut bench = Bench::answered("a");
        if attached {
            bench.act("a", attach(5, ""));
        }
        bench.pbx("a", recorded("r1"));
        assert_eq!(duties(&bench.end("a", Disposition::Answered)).len(), 2);
        let effects = bench.done("a", what, 5, false);
        assert_eq!(lines(&effects), [format!("a/recording-late <- a/{what}")]);
        assert_eq!(bench.done("a", what, 5, false), [], "reported twice, owed once");
    }
}

#[test]
fn s06_a_slow_case_does_not_owe_its_recording_twice() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", recorded("r1"));
    bench.act("a", create("Тема", ""));
    assert_eq!(lines(&bench.end("a", Disposition::Answered))[1], "a/recording <- a/case");
    assert_eq!(bench.done("a", "case", 50, false), []);
}

#[test]
fn s06_the_call_tells_whether_its_recording_is_in_the_case_or_lost() {
    for (arrived, expected) in [(true, Recording::Attached), (false, Recording::Missing)] {
        let mut bench = Bench::answered("a");
        bench.pbx("a", recorded("r1"));
        bench.act("a", create("Тема", ""));
        bench.end("a", Disposition::Answered);
        assert!(matches!(bench.call("a").filing.recording, Recording::Expected { .. }));
        assert_eq!(bench.done("a", "recording", 50, arrived), []);
        assert_eq!(bench.call("a").filing.recording, expected);
        assert_eq!(bench.pbx("a", recorded("r2")), [], "one recording per call");
    }
}

#[test]
fn what_was_recorded_while_nobody_talked_is_owed_to_nobody() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.pbx("a", recorded("r1"));
    let effects = bench.end("a", Disposition::Missed);
    let DutyKind::OpenCase { recording, .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!(recording, None);
    assert_eq!(bench.done("a", "case", 50, false), []);
}
