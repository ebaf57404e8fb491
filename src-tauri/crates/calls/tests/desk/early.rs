//! Events that overtake each other, calls shorter than a second, two calls from one number at once.

use crate::bench::{Bench, CLIENT, create, dial, ended, key_of, kind, leg, lines, offer, recorded, remote};
use calls::{
    CallEvent, CallEventKind, CaseStatus, CaseTarget, ConversationId, Direction, Disposition, DutyKey, DutyKind, Effect, Input, Moment,
    Phase, TransferKind, UserId,
};

fn passed_on() -> CallEventKind {
    CallEventKind::Transferred {
        kind: TransferKind::Blind,
        to: Some("102".into()),
    }
}

#[test]
fn s15_a_whole_call_told_before_its_beginning_is_the_same_call() {
    let course = [
        CallEventKind::Identified {
            conversation: ConversationId::new("c1"),
        },
        CallEventKind::Answered,
        recorded("r1"),
        ended(Disposition::Answered),
    ];
    let tell = |order: &[usize]| {
        let mut bench = Bench::new();
        let effects: Vec<Effect> = order
            .iter()
            .flat_map(|&at| match at {
                0 => bench.ring("a", CLIENT),
                _ => bench.pbx("a", course[at - 1].clone()),
            })
            .collect();
        let call = bench.call("a").clone();
        let talked = call.was_answered();
        (
            lines(&effects),
            call.filing.outcome,
            call.filing.recording,
            call.detail.conversation,
            talked,
        )
    };
    let in_order = tell(&[0, 1, 2, 3, 4]);
    assert_eq!(in_order.0, ["a/case", "a/status <- a/case"]);
    for order in [[1, 2, 3, 4, 0], [2, 0, 1, 3, 4], [4, 3, 2, 1, 0], [3, 4, 1, 2, 0], [1, 3, 0, 2, 4]] {
        assert_eq!(tell(&order), in_order, "{order:?}");
    }
}

#[test]
fn s03_an_answer_that_came_before_its_call_opens_the_profile_once_the_user_is_known() {
    let mut bench = Bench::new();
    assert_eq!(bench.pbx("a", CallEventKind::Answered), []);
    assert_eq!(bench.desk.calls().count(), 0, "nobody can be shown yet");
    bench.ring("a", CLIENT);
    assert_eq!(bench.call("a").detail.phase, Phase::Talking);
    let profile = Effect::OpenProfile {
        leg: leg("a"),
        user: UserId(7),
    };
    assert_eq!(bench.found("a", CLIENT, &[7]), [profile]);
}

#[test]
fn s21_a_click_to_call_answered_before_it_was_announced_goes_on() {
    let mut bench = Bench::new();
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    assert_eq!(
        (bench.call("a").detail.phase, bench.call("a").detail.agent_picked_up),
        (Phase::Dialing, true)
    );
}

#[test]
fn an_event_of_one_call_waits_for_that_one_only() {
    let mut bench = Bench::new();
    bench.pbx("a", ended(Disposition::Missed));
    bench.ring("b", CLIENT);
    assert!(bench.call("b").is_live());
    assert_eq!(bench.desk.notes().early.len(), 1);
    assert_eq!(lines(&bench.ring("a", "+79031112233")), ["a/case", "a/status <- a/case"]);
    assert_eq!(bench.desk.notes().early, []);
}

#[test]
fn what_waits_for_its_call_is_bounded_and_the_newest_are_kept() {
    let mut bench = Bench::new();
    for n in 0..300 {
        bench.pbx(&format!("call-{n}"), CallEventKind::Answered);
    }
    let waiting = &bench.desk.notes().early;
    assert_eq!((waiting.len(), waiting[0].leg.as_str()), (200, "call-100"));
}

#[test]
fn s17_a_transfer_told_after_the_end_is_decided_anew_once() {
    let mut bench = Bench::answered("a");
    bench.end("a", Disposition::Answered);
    assert_eq!(bench.rule("a"), "S15");
    let effects = bench.pbx("a", passed_on());
    assert_eq!(lines(&effects), ["a/status-transferred <- a/case"]);
    let DutyKind::SetStatus {
        case,
        status: Some(status),
        ..
    } = kind(&effects, "/status-transferred")
    else {
        panic!("{effects:?}")
    };
    let own = CaseTarget::OpenedBy(DutyKey::new(&leg("a"), "case"));
    assert_eq!((case, status, bench.rule("a")), (own, CaseStatus::Closed, "S17"));
    assert_eq!(bench.pbx("a", passed_on()), []);
}

#[test]
fn s17_a_transfer_told_after_the_end_overrules_nothing_that_the_agent_did() {
    let mut typed = Bench::answered("a");
    typed.end("a", Disposition::Answered);
    typed.act("a", create("Итог", "Перевёл"));
    let mut created = Bench::answered("a");
    created.act("a", create("Тема", ""));
    created.end("a", Disposition::Answered);
    let mut undone = Bench::answered("a");
    undone.end("a", Disposition::Answered);
    undone.act("a", calls::AgentAction::Undo);
    let mut missed = Bench::new();
    missed.miss("a", CLIENT, &[7]);
    for mut bench in [typed, created, undone, missed] {
        let rule = bench.rule("a");
        assert_eq!((bench.pbx("a", passed_on()), bench.rule("a")), (Vec::new(), rule));
    }
}

#[test]
fn s25_s15_a_call_within_one_millisecond_is_decided_like_any_other() {
    for (answered, rule) in [(false, "S31"), (true, "S15")] {
        let mut bench = Bench::new();
        let mut effects = Vec::new();
        let answer = answered.then_some(CallEventKind::Answered);
        let disposition = if answered { Disposition::Answered } else { Disposition::Missed };
        let events = [Some(offer(CLIENT, Direction::Inbound)), answer, Some(ended(disposition))];
        for kind in events.into_iter().flatten() {
            let event = CallEvent {
                leg: leg("a"),
                at: Moment(5_000),
                kind,
            };
            effects.extend(bench.desk.handle(Input::Pbx { event }, Moment(5_000)));
        }
        assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
        assert_eq!(bench.rule("a"), rule);
        assert_eq!(bench.call("a").talk_ms(), answered.then_some(0));
        assert_eq!(bench.found("a", CLIENT, &[7]), [], "the look-up's answer opens nothing any more");
    }
}

#[test]
fn s27_two_missed_calls_from_one_number_at_once_are_one_case() {
    let mut bench = Bench::new();
    bench.ring("a", CLIENT);
    bench.ring("b", CLIENT);
    assert_eq!(lines(&bench.end("b", Disposition::Missed)), ["b/case", "b/status <- b/case"]);
    assert_eq!(
        lines(&bench.end("a", Disposition::Missed)),
        ["a/case <- b/case b/status", "a/status <- a/case"]
    );
}

#[test]
fn s33a_a_second_call_missed_while_talking_to_the_same_client_is_answered_by_that_talk() {
    let mut bench = Bench::answered("a");
    bench.ring("b", CLIENT);
    bench.act("a", create("Тема", ""));
    assert_eq!(lines(&bench.end("b", Disposition::Busy)), ["b/case", "b/status <- b/case"]);
    let effects = bench.end("a", Disposition::Answered);
    assert_eq!(lines(&effects).last().unwrap(), "a/missed-closed <- b/case b/status");
    assert_eq!(bench.rule("a"), "S33a");
}

#[test]
fn two_talks_at_once_with_one_client_are_two_calls_with_a_case_each() {
    let mut bench = Bench::answered("a");
    bench.pbx("a", CallEventKind::Held);
    bench.answer("b", CLIENT, &[7]);
    bench.act("b", create("Вторая", ""));
    assert_eq!(
        lines(&bench.end("b", Disposition::Answered)),
        ["b/status <- b/case", "b/recording <- b/case"]
    );
    assert_eq!(bench.call("a").detail.phase, Phase::Held);
    bench.pbx("a", CallEventKind::Resumed);
    assert_eq!(lines(&bench.end("a", Disposition::Answered)), ["a/case", "a/status <- a/case"]);
}

#[test]
fn s16_the_last_recording_named_during_the_call_is_the_clients() {
    let mut bench = Bench::new();
    bench.pbx("b", offer("101", Direction::Internal));
    bench.pbx("b", CallEventKind::Answered);
    bench.pbx("b", recorded("consultation"));
    bench.pbx(
        "b",
        CallEventKind::PartyChanged {
            remote: remote(CLIENT),
            direction: Direction::Inbound,
            from: None,
        },
    );
    bench.pbx("b", recorded("client"));
    let effects = bench.end("b", Disposition::Answered);
    let DutyKind::OpenCase { owner, recording, .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!(recording.unwrap().as_str(), "client");
    assert_eq!(owner, calls::Owner::Phone { phone: key_of(CLIENT) });
}
