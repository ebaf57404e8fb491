//! Transfers: each agent's conversation is a call of its own (SPEC E).

use crate::bench::{Bench, CLIENT, attach, create, key_of, kind, leg, lines, offer, recorded, remote};
use calls::{
    AgentAction, CallEventKind, CaseStatus, Direction, Disposition, DutyKind, Effect, Extension, Origin, Refusal, Subject, TransferKind,
    UserId,
};

fn transferred(kind: TransferKind) -> CallEventKind {
    CallEventKind::Transferred {
        kind,
        to: Some("102".into()),
    }
}

fn handed_over(direction: Direction) -> CallEventKind {
    CallEventKind::PartyChanged {
        remote: remote(CLIENT),
        direction,
        from: Some(Extension::new("101")),
    }
}

#[test]
fn s17_a_call_passed_on_untouched_becomes_a_closed_incoming_case() {
    for how in [TransferKind::Blind, TransferKind::Attended] {
        let mut bench = Bench::answered("a");
        assert_eq!(bench.pbx("a", transferred(how)), []);
        let effects = bench.end("a", Disposition::Answered);
        assert_eq!(lines(&effects), ["a/case", "a/status <- a/case"]);
        let DutyKind::OpenCase { subject, summary, .. } = kind(&effects, "/case") else {
            panic!("{effects:?}")
        };
        assert_eq!((subject, summary.transferred_to.as_deref()), (Subject::Incoming, Some("102")));
        let DutyKind::SetStatus { status: Some(status), .. } = kind(&effects, "/status") else {
            panic!("{effects:?}")
        };
        assert_eq!((status, bench.rule("a")), (CaseStatus::Closed, "S17"));
    }
}

#[test]
fn s17_a_case_created_before_the_transfer_waits() {
    let mut bench = Bench::answered("a");
    bench.act("a", create("Счёт", ""));
    bench.pbx("a", transferred(TransferKind::Blind));
    let effects = bench.end("a", Disposition::Answered);
    let DutyKind::SetStatus { status: Some(status), .. } = kind(&effects, "/status") else {
        panic!("{effects:?}")
    };
    assert_eq!((status, bench.rule("a")), (CaseStatus::Waiting, "S30"));
}

#[test]
fn s16_what_was_recorded_of_the_colleagues_consultation_is_not_put_into_the_clients_case() {
    for named_anew in [false, true] {
        let mut bench = Bench::new();
        bench.pbx("b", offer("101", Direction::Internal));
        bench.pbx("b", CallEventKind::Answered);
        bench.pbx("b", recorded("consultation"));
        bench.pbx("b", handed_over(Direction::Inbound));
        bench.found("b", CLIENT, &[7]);
        if named_anew {
            bench.pbx("b", recorded("talk"));
        }
        let DutyKind::OpenCase { recording, .. } = kind(&bench.end("b", Disposition::Answered), "/case") else {
            panic!("a case")
        };
        assert_eq!(
            recording.map(|name| name.as_str().to_owned()),
            named_anew.then(|| "talk".to_owned())
        );
    }
}

#[test]
fn s16_after_an_attended_transfer_the_second_agent_has_an_incoming_call() {
    let mut bench = Bench::new();
    assert_eq!(bench.pbx("b", offer("101", Direction::Internal)), []);
    assert_eq!(bench.pbx("b", CallEventKind::Answered), []);
    let asks = Effect::LookUp {
        leg: leg("b"),
        key: key_of(CLIENT),
    };
    assert_eq!(bench.pbx("b", handed_over(Direction::Inbound)), [asks]);
    let profile = Effect::OpenProfile {
        leg: leg("b"),
        user: UserId(7),
    };
    assert_eq!(bench.found("b", CLIENT, &[7]), [profile]);
    let call = bench.call("b");
    assert_eq!((call.detail.direction, call.detail.origin), (Direction::Inbound, Origin::Transfer));
    assert_eq!(call.detail.transferred_from, Some(Extension::new("101")));

    let effects = bench.end("b", Disposition::Answered);
    assert_eq!(lines(&effects), ["b/case", "b/status <- b/case"]);
    let DutyKind::OpenCase { subject, .. } = kind(&effects, "/case") else {
        panic!("{effects:?}")
    };
    assert_eq!((subject, bench.rule("b")), (Subject::Incoming, "S15"));
}

#[test]
fn s16_a_client_seen_behind_the_internal_call_is_looked_up_at_the_transfer() {
    let mut bench = Bench::new();
    assert_eq!(bench.pbx("b", offer(CLIENT, Direction::Internal)), []);
    bench.pbx("b", CallEventKind::Answered);
    let asks = Effect::LookUp {
        leg: leg("b"),
        key: key_of(CLIENT),
    };
    assert_eq!(bench.pbx("b", handed_over(Direction::Inbound)), [asks]);
    assert_eq!(bench.pbx("b", handed_over(Direction::Inbound)), [], "told twice, asked once");
}

#[test]
fn s16_a_user_found_during_the_consultation_is_opened_at_the_transfer() {
    let mut bench = Bench::new();
    bench.pbx("b", offer("101", Direction::Internal));
    bench.pbx("b", CallEventKind::Answered);
    let (user, remember) = (UserId(7), false);
    assert_eq!(bench.act("b", AgentAction::ChooseUser { user, remember }), []);
    let leg = leg("b");
    assert_eq!(bench.pbx("b", handed_over(Direction::Inbound)), [Effect::OpenProfile { leg, user }]);
}

#[test]
fn s16_two_agents_conversations_are_two_cases() {
    // Both legs on one desk here; their keys show that neither knows the other.
    let mut bench = Bench::answered("a");
    bench.pbx("a", transferred(TransferKind::Attended));
    bench.pbx("b", offer("101", Direction::Internal));
    bench.pbx("b", CallEventKind::Answered);
    bench.pbx("b", handed_over(Direction::Inbound));
    let first = bench.end("a", Disposition::Answered);
    let second = bench.end("b", Disposition::Answered);
    assert_eq!((lines(&first)[0].as_str(), lines(&second)[0].as_str()), ("a/case", "b/case"));
}

#[test]
fn s16_a_talk_among_colleagues_leaves_nothing() {
    for disposition in [Disposition::Answered, Disposition::Missed, Disposition::Declined] {
        let mut bench = Bench::new();
        bench.pbx("c", offer("102", Direction::Internal));
        if disposition == Disposition::Answered {
            bench.pbx("c", CallEventKind::Answered);
        }
        assert_eq!(bench.end("c", disposition), []);
        assert_eq!(bench.rule("c"), "S16");
    }
}

#[test]
fn s16_an_internal_call_has_nobody_to_create_a_case_for() {
    let mut bench = Bench::new();
    bench.pbx("c", offer("102", Direction::Internal));
    bench.pbx("c", CallEventKind::Answered);
    assert_eq!(
        crate::bench::refused(&bench.act("c", create("Тема", ""))),
        Some(Refusal::NobodyToWriteFor)
    );
}

#[test]
fn a_case_ordered_during_an_internal_call_is_finished_and_touches_no_missed_call() {
    let mut bench = Bench::new();
    bench.miss("m", CLIENT, &[7]);
    for (name, action, expected) in [
        ("c", create("Тема", "Суть"), "c/status <- c/case"),
        ("d", attach(5, "Суть"), "d/status"),
    ] {
        bench.pbx(name, offer("102", Direction::Internal));
        bench.pbx(name, CallEventKind::Answered);
        let (user, remember) = (UserId(7), false);
        bench.act(name, AgentAction::ChooseUser { user, remember });
        bench.act(name, action);
        let effects = bench.end(name, Disposition::Answered);
        assert_eq!(lines(&effects)[0], expected);
        assert_eq!(effects.len(), 2, "status and message only: {effects:#?}");
    }
    assert_eq!(
        bench.desk.notes().missed.len(),
        1,
        "S27: no conversation with the client took place"
    );
}
