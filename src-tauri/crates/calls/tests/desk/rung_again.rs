//! One phone rung twice for one conversation: one call for the agent, whatever belongs to the first leg.

use crate::bench::{Bench, CLIENT, attach, create, ended, leg, lines, offer, recorded, type_in};
use calls::{Act, AgentAction, CallEventKind, CaseStatus, Choice, Compose, ConversationId, Direction, Disposition, Phase, Reason};

fn of(conversation: &str) -> CallEventKind {
    let CallEventKind::Offered {
        direction,
        remote,
        line,
        queue,
        origin,
        ..
    } = offer(CLIENT, Direction::Inbound)
    else {
        panic!("an offer")
    };
    CallEventKind::Offered {
        conversation: Some(ConversationId::new(conversation)),
        direction,
        remote,
        line,
        queue,
        origin,
    }
}

fn legs(bench: &Bench) -> Vec<&str> {
    bench.desk.calls().map(|call| call.leg.as_str()).collect()
}

/// The queue rings the phone, gives up, and rings it again.
fn rung_twice(first: impl FnOnce(&mut Bench)) -> Bench {
    let mut bench = Bench::new();
    bench.pbx("a", of("c"));
    bench.found("a", CLIENT, &[7]);
    first(&mut bench);
    bench.end("a", Disposition::Missed);
    bench.pbx("b", of("c"));
    bench
}

#[test]
fn s04_a_case_created_while_it_rings_again_is_not_the_one_that_was_owed_for_the_first_ring() {
    let mut bench = rung_twice(|_| {});
    let created = bench.act("a", create("Счёт", ""));
    assert_eq!(lines(&created), ["a/case-2"]);
    // However often it rings from then on, it is that one.
    bench.end("b", Disposition::Missed);
    bench.pbx("d", of("c"));
    bench.pbx("d", CallEventKind::Answered);
    let ended = bench.end("d", Disposition::Answered);
    assert_eq!(lines(&ended), ["a/status-3 <- a/case-2", "a/recording-3 <- a/case-2"]);
}

#[test]
fn s25_a_leg_of_another_call_is_not_dialled() {
    let mut bench = rung_twice(|_| {});
    assert_eq!(bench.click("b", CLIENT, None), []);
    assert_eq!(legs(&bench), ["a"]);
}

#[test]
fn s25_a_phone_that_a_queue_rings_again_is_the_same_call() {
    let mut bench = rung_twice(|_| {});
    assert_eq!(legs(&bench), ["a"], "one row");
    let call = bench.call("a");
    assert_eq!(
        (call.detail.phase, call.detail.ended_at, call.filing.outcome),
        (Phase::Ringing, None, None)
    );
    assert_eq!(call.current_leg(), &leg("b"), "what the PBX knows it by");
    assert_eq!(bench.desk.notes().missed, [], "nothing waits for a conversation");
    bench.pbx("b", CallEventKind::Answered);
    let effects = bench.end("b", Disposition::Answered);
    assert_eq!(lines(&effects)[0], "a/case-2", "what was owed for the first ring is another thing");
    let outcome = bench.call("a").filing.outcome.unwrap();
    assert_eq!((outcome.act, outcome.status), (Act::OpenCase, Some(CaseStatus::Waiting)));
}

#[test]
fn s15_what_was_typed_while_it_rang_first_belongs_to_the_call_that_is_answered() {
    let mut bench = rung_twice(|bench| {
        bench.act("a", AgentAction::OpenCompose);
        bench.act("a", type_in("Тема", "Суть"));
    });
    assert_eq!(bench.call("a").handling.compose, Compose::Opened);
    bench.act("a", type_in("Тема", "Суть, и ещё"));
    bench.pbx("b", CallEventKind::Answered);
    bench.end("b", Disposition::Answered);
    let call = bench.call("a");
    assert_eq!(
        (call.handling.draft.gist.as_str(), call.filing.outcome.unwrap().reason),
        ("Суть, и ещё", Reason::AnsweredOnlyTyped)
    );
}

#[test]
fn s05_a_case_created_while_it_rang_first_is_the_calls_case() {
    let mut bench = rung_twice(|bench| {
        bench.act("a", create("Тема", "Суть"));
        bench.done("a", "case", 50, false);
    });
    bench.pbx("b", CallEventKind::Answered);
    bench.pbx("b", recorded("r"));
    let effects = bench.end("b", Disposition::Answered);
    assert_eq!(
        lines(&effects),
        ["a/status-2 <- a/case", "a/recording-2 <- a/case"],
        "in the same case, under new keys"
    );
    assert_eq!(bench.call("a").filing.case.as_ref().unwrap().id.0, 50);
}

#[test]
fn s08_a_case_chosen_while_it_rang_first_stays_chosen() {
    let mut bench = rung_twice(|bench| {
        bench.act("a", attach(50, "Суть"));
    });
    assert!(matches!(&bench.call("a").handling.choice, Choice::Attach { case } if case.id.0 == 50));
    bench.pbx("b", CallEventKind::Answered);
    let effects = bench.end("b", Disposition::Answered);
    assert_eq!(lines(&effects), ["a/status-2", "a/note-2"]);
}

#[test]
fn s25_two_devices_that_ring_together_are_one_call_whichever_ends_first() {
    for (answered, other) in [("a", "b"), ("b", "a")] {
        let mut bench = Bench::new();
        bench.pbx("a", of("c"));
        bench.pbx("b", of("c"));
        assert_eq!(legs(&bench), ["a"]);
        bench.pbx(answered, CallEventKind::Answered);
        bench.pbx(other, ended(Disposition::AnsweredElsewhere));
        assert_eq!(bench.call("a").detail.phase, Phase::Talking, "{answered} took it");
        assert_eq!(bench.call("a").current_leg(), &leg(answered));
        bench.pbx(other, CallEventKind::Held);
        assert_eq!(bench.call("a").detail.phase, Phase::Talking, "the other one is over");
        bench.end(answered, Disposition::Answered);
        assert_eq!(bench.call("a").detail.phase, Phase::Ended);
    }
}

#[test]
fn s25_two_devices_that_nobody_takes_are_one_missed_call() {
    let mut bench = Bench::new();
    bench.pbx("a", of("c"));
    bench.pbx("b", of("c"));
    assert_eq!(bench.end("a", Disposition::Declined), [], "the other one rings on");
    assert_eq!(bench.call("a").detail.phase, Phase::Ringing);
    let effects = bench.end("b", Disposition::Missed);
    assert_eq!(lines(&effects)[0], "a/case");
}

#[test]
fn s25_a_conversation_that_becomes_known_late_makes_both_one_all_the_same() {
    for order in [["a", "b"], ["b", "a"]] {
        let mut bench = Bench::new();
        bench.ring("a", CLIENT);
        bench.act("a", type_in("", "Суть"));
        bench.end("a", Disposition::Missed);
        bench.ring("b", CLIENT);
        let conversation = ConversationId::new("c");
        for leg in order {
            let conversation = conversation.clone();
            bench.pbx(leg, CallEventKind::Identified { conversation });
        }
        assert_eq!(legs(&bench), ["a"], "{order:?}");
        assert_eq!(
            (bench.call("a").detail.phase, bench.call("a").handling.draft.gist.as_str()),
            (Phase::Ringing, "Суть")
        );
        bench.pbx("b", CallEventKind::Answered);
        assert_eq!(bench.call("a").detail.phase, Phase::Talking);
    }
}

#[test]
fn s16_a_call_that_comes_back_after_a_talk_is_a_call_of_its_own() {
    let mut bench = Bench::new();
    bench.pbx("a", of("c"));
    bench.pbx("a", CallEventKind::Answered);
    bench.end("a", Disposition::Answered);
    bench.pbx("b", of("c"));
    assert_eq!(legs(&bench), ["a", "b"]);
}

#[test]
fn d3_after_a_gap_a_call_is_alive_while_any_of_its_legs_is() {
    let mut bench = rung_twice(|_| {});
    bench.gap(&["b"], &calls::Traces::default());
    assert_eq!(bench.call("a").detail.phase, Phase::Ringing);
    bench.gap(&[], &calls::Traces::default());
    assert_eq!(bench.call("a").detail.phase, Phase::Ended);
}
