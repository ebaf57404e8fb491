//! Repeated, late and reordered inputs, gaps, restarts, and what is forgotten.

use crate::bench::{Bench, CLIENT, OTHER, dial, ended, leg, lines, offer, recorded, remote};
use calls::{CallEventKind, CaseStatus, ConversationId, Desk, Direction, Disposition, DutyKind, Phase, Policy, Traces, TransferKind};

/// Everything a PBX may tell of a leg.
fn every_event() -> Vec<CallEventKind> {
    vec![
        offer(OTHER, Direction::Inbound),
        dial(OTHER, Some("order-1")),
        CallEventKind::AgentAnswered,
        CallEventKind::Answered,
        CallEventKind::Held,
        CallEventKind::Resumed,
        CallEventKind::Identified {
            conversation: ConversationId::new("c2"),
        },
        CallEventKind::PartyChanged {
            remote: remote(OTHER),
            direction: Direction::Outbound,
            from: None,
        },
        CallEventKind::Transferred {
            kind: TransferKind::Blind,
            to: None,
        },
        ended(Disposition::Answered),
        ended(Disposition::Missed),
    ]
}

#[test]
fn events_of_a_call_that_never_began_are_ignored() {
    for kind in every_event().into_iter().skip(2).chain([recorded("r1")]) {
        let mut bench = Bench::new();
        assert_eq!(bench.pbx("a", kind), []);
        assert_eq!(bench.desk.calls().count(), 0);
    }
}

#[test]
fn after_the_end_no_event_owes_anything_or_revives_the_call() {
    let mut bench = Bench::answered("a");
    // Passed on, so that news of that changes nothing either; else S17 is decided anew.
    bench.pbx("a", every_event().remove(8));
    bench.end("a", Disposition::Answered);
    let before = bench.call("a").clone();
    for kind in every_event() {
        assert_eq!(bench.pbx("a", kind.clone()), [], "{kind:?}");
    }
    let after = bench.call("a");
    assert_eq!(
        (after.detail.phase, after.detail.ended_at, after.detail.disposition),
        (Phase::Ended, before.detail.ended_at, before.detail.disposition)
    );
    assert_eq!(
        (&after.detail.number, after.detail.direction, after.filing.outcome),
        (&before.detail.number, before.detail.direction, before.filing.outcome)
    );
}

#[test]
fn a_call_begins_once() {
    let mut bench = Bench::answered("a");
    let before = bench.call("a").clone();
    assert_eq!(bench.ring("a", OTHER), []);
    assert_eq!(bench.pbx("a", dial(OTHER, None)), []);
    assert_eq!(bench.call("a"), &before);
}

#[test]
fn the_first_answer_counts() {
    let mut bench = Bench::answered("a");
    let first = bench.call("a").detail.answered_at;
    bench.pbx("a", CallEventKind::Answered);
    assert_eq!(bench.call("a").detail.answered_at, first);
}

#[test]
fn s30_an_end_that_says_answered_is_believed_though_the_answer_was_not_heard() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    let effects = bench.end("a", Disposition::Answered);
    let DutyKind::SetStatus { status: Some(status), .. } = crate::bench::kind(&effects, "/status") else {
        panic!("{effects:?}")
    };
    assert_eq!((status, bench.rule("a")), (CaseStatus::Waiting, "S15"));
}

#[test]
fn a_resync_ends_exactly_the_calls_that_are_gone() {
    let mut bench = Bench::new();
    bench.answer("talked", CLIENT, &[7]);
    bench.ring("rang", OTHER);
    bench.ring("alive", "+79031112244");
    bench.answer("over", "+79031112255", &[9]);
    bench.end("over", Disposition::Answered);
    let over = bench.call("over").clone();
    let effects = bench.gap(&["alive", "unheard of"], &Traces::default());
    assert_eq!(
        lines(&effects),
        [
            "rang/case",
            "rang/status <- rang/case",
            "talked/case",
            "talked/status <- talked/case"
        ]
    );
    assert_eq!((bench.rule("talked"), bench.rule("rang")), ("S15", "D3"));
    assert_eq!(bench.call("alive").detail.phase, Phase::Ringing);
    assert_eq!(bench.call("over"), &over);
    assert_eq!(bench.desk.calls().count(), 4, "a leg nobody described is no call yet");
    assert_eq!(bench.gap(&["alive"], &Traces::default()), []);
}

#[test]
fn only_the_last_200_ended_calls_are_kept() {
    let mut bench = Bench::new();
    bench.ring("long", "anonymous");
    for n in 0..205 {
        let name = format!("call-{n:03}");
        bench.ring(&name, "anonymous");
        bench.end(&name, Disposition::Missed);
    }
    bench.desk.take_changes();
    bench.ring("last", "anonymous");
    let changes = bench.desk.take_changes();
    let ended = bench.desk.calls().filter(|call| !call.is_live()).count();
    assert_eq!(ended, 200);
    assert_eq!(changes.forgotten, [leg("call-004")], "one per new call, the oldest first");
    assert!(bench.desk.call(&leg("call-005")).is_some());
    assert!(bench.desk.call(&leg("long")).is_some(), "a call that goes on is never forgotten");
}

#[test]
fn who_waits_to_be_called_back_is_not_pushed_out_by_other_calls() {
    let mut bench = Bench::new();
    bench.ring("waits", "anonymous");
    bench.end("waits", Disposition::Missed);
    for n in 0..205 {
        let name = format!("call-{n:03}");
        bench.ring(&name, "anonymous");
        bench.end(&name, Disposition::Answered);
    }
    bench.ring("last", "anonymous");
    assert!(bench.desk.call(&leg("waits")).is_some());
    assert_eq!(bench.desk.calls().filter(|call| !call.is_live()).count(), 201);
}

#[test]
fn a_forgotten_call_still_learns_its_missed_case() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    for n in 0..201 {
        let name = format!("call-{n:03}");
        bench.ring(&name, "anonymous");
        bench.end(&name, Disposition::Missed);
    }
    bench.ring("last", "anonymous");
    assert!(bench.desk.call(&leg("m")).is_none());
    assert_eq!(bench.done("m", "case", 40, false), []);
    assert_eq!(bench.desk.notes().missed[0].case, Some(crate::bench::case(40)));
}

#[test]
fn changes_name_what_must_be_stored_and_only_once() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    let changes = bench.desk.take_changes();
    assert_eq!(changes.calls, [bench.call("m").clone()]);
    assert_eq!(changes.notes.as_ref(), Some(bench.desk.notes()));
    assert_eq!(bench.desk.take_changes(), calls::Changes::default());
    bench.ring("n", OTHER);
    let changes = bench.desk.take_changes();
    assert_eq!((changes.calls.len(), changes.notes), (1, None));
}

#[test]
fn a_stored_call_of_an_earlier_version_is_read() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    let mut stored = serde_json::to_value(bench.call("a")).unwrap();
    stored.as_object_mut().unwrap().remove("recording_owed");
    let call = serde_json::from_value(stored).unwrap();
    let desk = Desk::restore(Policy::default(), vec![call], bench.desk.notes().clone());
    assert_eq!(desk.call(&leg("a")), Some(bench.call("a")));
}
