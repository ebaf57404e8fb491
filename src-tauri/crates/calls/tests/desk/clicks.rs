//! Calls the agent orders by a click: at once on the desk, followed to the end (S18-S22).

use crate::bench::{Bench, CLIENT, attach, case, create, dial, ended, kind, leg, lines, recorded, refused, type_in};
use calls::{
    AgentAction, CallEventKind, Caller, CaseStatus, Choice, ConversationId, DialTrouble, Direction, Disposition, DutyKind, Effect, Input,
    OrderId, Origin, Phase, Reason, Refusal, Traces, TransferKind, UserId,
};

fn fail(bench: &mut Bench, name: &str, trouble: DialTrouble) -> Vec<Effect> {
    bench.feed(Input::DialFailed { leg: leg(name), trouble })
}

fn reason(bench: &Bench, name: &str) -> Reason {
    bench.call(name).filing.outcome.unwrap().reason
}

#[test]
fn s18_an_ordered_call_is_there_before_the_pbx_has_been_asked() {
    let mut bench = Bench::new();
    let effects = bench.click("a", CLIENT, Some(5));
    let asked = Effect::Dial {
        leg: leg("a"),
        order: OrderId::new("order-a"),
        number: CLIENT.into(),
    };
    assert_eq!(effects, [asked], "the user is known: nobody is looked up");
    let call = bench.call("a");
    assert_eq!(
        (call.detail.phase, call.detail.origin, call.detail.direction),
        (Phase::CallingAgent, Origin::ClickToCall, Direction::Outbound)
    );
    assert_eq!((&call.filing.case, &call.handling.called_from), (&Some(case(5)), &Some(case(5))));
    assert_eq!(call.handling.choice, Choice::Attach { case: case(5) });
    assert_eq!(call.user(), Some(UserId(7)));
    assert_eq!(bench.click("a", CLIENT, None), [], "an order that is repeated rings once");
}

#[test]
fn s18_the_pbx_confirms_the_order_and_begins_no_second_call() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    let CallEventKind::Dialing {
        direction, remote, order, ..
    } = dial(CLIENT, Some("order-a"))
    else {
        panic!("no dialing")
    };
    let conversation = Some(ConversationId::new("c1"));
    let confirmed = CallEventKind::Dialing {
        conversation: conversation.clone(),
        direction,
        remote,
        order,
    };
    assert_eq!(bench.pbx("a", confirmed), []);
    assert_eq!(
        (bench.call("a").detail.phase, &bench.call("a").detail.conversation),
        (Phase::CallingAgent, &conversation)
    );
    assert_eq!(bench.desk.calls().count(), 1);
}

#[test]
fn s18_a_number_nobody_is_known_for_is_looked_up_and_a_colleague_is_not() {
    let order = |number: &str| Input::Dial {
        leg: leg("a"),
        order: calls::Order {
            id: OrderId::new("order-a"),
            number: number.into(),
            user: None,
            case: None,
        },
    };
    for (number, looked_up, direction, caller) in [
        ("8 916 123-45-67", 1, Direction::Outbound, Caller::LookingUp),
        ("102", 0, Direction::Internal, Caller::NotLookedUp),
    ] {
        let mut bench = Bench::new();
        let effects = bench.feed(order(number));
        let asks = effects.iter().filter(|effect| matches!(effect, Effect::LookUp { .. })).count();
        assert_eq!(
            (asks, bench.call("a").detail.direction, &bench.call("a").caller),
            (looked_up, direction, &caller)
        );
    }
}

#[test]
fn s18_an_order_the_pbx_refused_leaves_nothing_and_says_why() {
    for trouble in [
        DialTrouble::BadNumber,
        DialTrouble::OutOfReach,
        DialTrouble::BadCredentials,
        DialTrouble::Forbidden,
        DialTrouble::PhoneUnavailable,
        DialTrouble::Refused,
        DialTrouble::Unanswered,
    ] {
        let mut bench = Bench::new();
        bench.click("a", CLIENT, Some(5));
        assert_eq!(fail(&mut bench, "a", trouble), []);
        let call = bench.call("a");
        assert_eq!(
            (call.detail.phase, call.detail.disposition),
            (Phase::Ended, Some(Disposition::Failed))
        );
        assert_eq!(
            (call.detail.dial_trouble, &call.filing.case),
            (Some(trouble), &None),
            "nothing was written to the case"
        );
        assert_eq!((bench.rule("a"), reason(&bench, "a")), ("S18", Reason::NotPlaced));
        assert_eq!(fail(&mut bench, "a", trouble), []);
    }
}

#[test]
fn s18_a_failure_told_after_the_call_went_on_is_not_believed() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    bench.pbx("a", dial(CLIENT, Some("order-a")));
    assert_eq!(fail(&mut bench, "a", DialTrouble::Unanswered), []);
    assert!(bench.call("a").is_live(), "the PBX told of it: its answer alone was lost");
    bench.pbx("a", CallEventKind::AgentAnswered);
    assert_eq!(fail(&mut bench, "a", DialTrouble::Refused), []);
    assert_eq!(bench.call("a").detail.phase, Phase::Dialing);
    assert_eq!(fail(&mut bench, "unheard of", DialTrouble::Unanswered), []);
    bench.ring("in", CLIENT);
    assert_eq!(fail(&mut bench, "in", DialTrouble::Refused), []);
    assert!(bench.call("in").is_live(), "nobody ordered that one");
}

#[test]
fn s18_a_call_given_up_too_early_goes_on_when_it_is_heard_of() {
    for resync in [false, true] {
        let mut bench = Bench::new();
        bench.click("a", CLIENT, Some(5));
        if resync {
            bench.gap(&[], &Traces::default());
        } else {
            fail(&mut bench, "a", DialTrouble::Unanswered);
        }
        assert_eq!((bench.call("a").is_live(), reason(&bench, "a")), (false, Reason::NotPlaced));
        bench.pbx("a", CallEventKind::AgentAnswered);
        assert_eq!(
            (bench.call("a").detail.phase, &bench.call("a").filing.case),
            (Phase::Dialing, &Some(case(5)))
        );
        bench.pbx("a", CallEventKind::Answered);
        assert_eq!(lines(&bench.end("a", Disposition::Answered)), ["a/status", "a/note"]);
        assert_eq!(bench.rule("a"), "S21");
        bench.pbx("a", CallEventKind::Answered);
        assert!(!bench.call("a").is_live(), "an end that was told stays the end");
    }
}

#[test]
fn s18_a_call_the_agent_cancelled_is_hung_up_when_the_pbx_places_it_after_all() {
    for heard in ["dialing", "answered", "resync"] {
        let mut bench = Bench::new();
        bench.click("a", CLIENT, Some(5));
        assert_eq!(fail(&mut bench, "a", DialTrouble::Cancelled), []);
        assert_eq!((bench.rule("a"), reason(&bench, "a")), ("S18", Reason::NotPlaced));
        let effects = match heard {
            "dialing" => bench.pbx("a", dial(CLIENT, Some("order-a"))),
            "answered" => bench.pbx("a", CallEventKind::AgentAnswered),
            _ => bench.gap(&["a"], &Traces::default()),
        };
        assert_eq!(effects, [Effect::HangUp { leg: leg("a") }], "{heard}");
        assert_eq!(bench.pbx("a", CallEventKind::AgentAnswered), [], "once");
        assert_eq!(bench.end("a", Disposition::Cancelled), []);
        let call = bench.call("a");
        assert_eq!(
            (call.is_live(), &call.filing.case, reason(&bench, "a")),
            (false, &None, Reason::NotPlaced)
        );
    }
}

#[test]
fn s18_what_the_pbx_tells_of_a_cancelled_call_changes_nothing_however_often_it_does() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, None);
    fail(&mut bench, "a", DialTrouble::Cancelled);
    let passed_on = || CallEventKind::Transferred {
        kind: TransferKind::Attended,
        to: Some("102".into()),
    };
    assert_eq!(bench.pbx("a", passed_on()), [Effect::HangUp { leg: leg("a") }]);
    let before = bench.call("a").clone();
    assert_eq!(bench.pbx("a", passed_on()), []);
    assert_eq!(bench.pbx("a", recorded("talk")), []);
    assert_eq!(*bench.call("a"), before);
}

#[test]
fn s14_s18_what_was_typed_to_nobody_owes_no_case_and_there_is_nothing_to_undo() {
    let mut bench = Bench::new();
    bench.pbx("a", dial("anonymous", Some("order-a")));
    bench.act("a", type_in("", "Тема"));
    assert_eq!(bench.end("a", Disposition::Missed), []);
    assert_eq!(reason(&bench, "a"), Reason::NobodyToWriteFor);
    assert_eq!(refused(&bench.act("a", AgentAction::Undo)), Some(Refusal::NothingToUndo));
    // Who it was is chosen afterwards: what was typed gets its case.
    let chosen = AgentAction::ChooseUser {
        user: UserId(7),
        remember: false,
    };
    assert_eq!(lines(&bench.act("a", chosen)), ["a/case", "a/status <- a/case"]);
}

#[test]
fn s18_cancelling_what_the_pbx_has_placed_already_is_left_to_its_events() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, None);
    bench.pbx("a", dial(CLIENT, Some("order-a")));
    assert_eq!(fail(&mut bench, "a", DialTrouble::Cancelled), []);
    assert!(bench.call("a").is_live());
    let mut never = Bench::new();
    never.click("a", CLIENT, None);
    fail(&mut never, "a", DialTrouble::Cancelled);
    assert_eq!(never.end("a", Disposition::Cancelled), [], "nothing rings any more");
}

#[test]
fn s18_a_refused_order_is_not_revived_and_neither_is_one_the_agent_made_a_case_for() {
    let mut refused = Bench::new();
    refused.click("a", CLIENT, None);
    fail(&mut refused, "a", DialTrouble::Refused);
    let mut created = Bench::new();
    created.click("a", CLIENT, None);
    fail(&mut created, "a", DialTrouble::Unanswered);
    assert_eq!(lines(&created.act("a", create("Не дозвонился", "")))[1..], ["a/status <- a/case"]);
    for mut bench in [refused, created] {
        assert_eq!(bench.pbx("a", CallEventKind::AgentAnswered), []);
        assert!(!bench.call("a").is_live());
    }
}

#[test]
fn s18_when_the_agent_does_not_pick_up_the_case_it_was_dialled_from_is_left_alone() {
    for from in [None, Some(5)] {
        let mut bench = Bench::new();
        bench.click("a", CLIENT, from);
        bench.pbx("a", dial(CLIENT, Some("order-a")));
        assert_eq!(bench.end("a", Disposition::Cancelled), []);
        assert_eq!((bench.rule("a"), reason(&bench, "a")), ("S18", Reason::AgentDidNotPickUp));
        assert_eq!(bench.call("a").filing.case, None);
    }
}

#[test]
fn s18_a_colleague_called_from_a_case_who_was_never_rung_leaves_nothing() {
    let mut bench = Bench::new();
    bench.click("a", "102", Some(5));
    bench.pbx("a", dial("102", Some("order-a")));
    assert_eq!(bench.end("a", Disposition::Cancelled), []);
    assert_eq!(bench.rule("a"), "S18");
    bench.click("b", "102", Some(5));
    bench.pbx("b", CallEventKind::AgentAnswered);
    assert_eq!(lines(&bench.end("b", Disposition::Busy)), ["b/note"], "an attempt waits for nobody");
    assert_eq!(bench.rule("b"), "S22");
}

#[test]
fn d3_of_a_call_out_whose_end_nobody_saw_the_outcome_is_unknown() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.pbx("b", dial("+79031112233", None));
    let effects = bench.gap(&[], &Traces::default());
    assert_eq!(lines(&effects), ["a/note", "b/case", "b/status <- b/case"]);
    for name in ["a", "b"] {
        assert_eq!(bench.call(name).detail.disposition, Some(Disposition::Unknown));
    }
    assert_eq!((bench.rule("a"), bench.rule("b")), ("D3", "D3"));
}

#[test]
fn d3_whether_the_agent_picked_up_a_confirmed_order_out_of_sight_is_unknown() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    bench.pbx("a", dial(CLIENT, Some("order-a")));
    assert_eq!(bench.gap(&["a"], &Traces::default()), []);
    assert_eq!(lines(&bench.gap(&[], &Traces::default())), ["a/note"]);
    assert_eq!(
        (reason(&bench, "a"), bench.call("a").detail.disposition),
        (Reason::OutcomeUnknown, Some(Disposition::Unknown))
    );
    assert_eq!(bench.pbx("a", CallEventKind::AgentAnswered), []);
    assert!(!bench.call("a").is_live());
}

#[test]
fn s21_the_gist_of_a_call_from_a_case_goes_there_and_nowhere_else() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, Some(5));
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.pbx("a", CallEventKind::Answered);
    assert_eq!(refused(&bench.act("a", attach(6, "Не сюда"))), Some(Refusal::HasCase));
    assert_eq!(bench.act("a", attach(5, "Договорились")), []);
    let effects = bench.pbx("a", ended(Disposition::Answered));
    let DutyKind::AddNote { summary, .. } = kind(&effects, "/note") else {
        panic!("{effects:?}")
    };
    let DutyKind::SetStatus {
        status: Some(status),
        responsible,
        ..
    } = kind(&effects, "/status")
    else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (summary.gist.as_str(), status, responsible),
        ("Договорились", CaseStatus::Waiting, true)
    );
}
