//! Calls out that the PBX or its line refuses at once: nobody was rung, and nobody «did not answer» (S18, S22).

use crate::bench::{Bench, CLIENT, attach, create, dial, kind, lines};
use calls::{CallEventKind, DialTrouble, Disposition, DutyKind, HungUpBy, Reason};

fn failed(cause: Option<u16>) -> CallEventKind {
    CallEventKind::Ended {
        disposition: Disposition::Failed,
        cause,
        by: HungUpBy::System,
    }
}

fn reason(bench: &Bench) -> Reason {
    bench.call("a").filing.outcome.unwrap().reason
}

#[test]
fn s18_an_order_refused_after_the_agent_picked_up_leaves_nothing_and_says_why() {
    for (cause, trouble) in [
        (3, DialTrouble::NoRoute),
        (1, DialTrouble::NoSuchNumber),
        (28, DialTrouble::NoSuchNumber),
        (34, DialTrouble::LineRefused),
        (38, DialTrouble::LineRefused),
    ] {
        let mut bench = Bench::new();
        bench.click("a", CLIENT, Some(5));
        bench.pbx("a", dial(CLIENT, Some("order-1")));
        bench.pbx("a", CallEventKind::AgentAnswered);
        let effects = bench.pbx("a", failed(Some(cause)));
        assert_eq!(lines(&effects), [""; 0], "{cause}");
        let call = bench.call("a");
        assert_eq!((call.detail.dial_trouble, &call.filing.case), (Some(trouble), &None), "{cause}");
        assert_eq!((bench.rule("a"), reason(&bench)), ("S18", Reason::NotPlaced));
    }
}

#[test]
fn s18_a_number_refused_in_the_softphone_leaves_nothing_either() {
    let mut bench = Bench::new();
    bench.pbx("a", dial(CLIENT, None));
    assert_eq!(lines(&bench.pbx("a", failed(Some(3)))), [""; 0]);
    assert_eq!(
        (reason(&bench), bench.call("a").detail.dial_trouble),
        (Reason::NotPlaced, Some(DialTrouble::NoRoute))
    );
}

#[test]
fn s22_a_phone_of_the_client_that_cannot_be_reached_is_an_attempt() {
    for cause in [Some(20), Some(27), None] {
        let mut bench = Bench::new();
        bench.pbx("a", dial(CLIENT, Some("order-1")));
        bench.act("a", attach(5, ""));
        bench.pbx("a", CallEventKind::AgentAnswered);
        assert_eq!(lines(&bench.pbx("a", failed(cause))), ["a/note"], "{cause:?}");
        assert_eq!(bench.call("a").detail.dial_trouble, None);
    }
}

#[test]
fn s18_an_agents_own_phone_that_fails_is_not_a_missing_route() {
    let mut bench = Bench::new();
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    assert_eq!(lines(&bench.pbx("a", failed(Some(3)))), [""; 0]);
    assert_eq!(
        (reason(&bench), bench.call("a").detail.dial_trouble),
        (Reason::AgentDidNotPickUp, None)
    );
}

#[test]
fn s22_a_case_created_for_a_refused_order_says_that_it_was_not_put_through() {
    let mut bench = Bench::new();
    bench.click("a", CLIENT, None);
    bench.found("a", CLIENT, &[7]);
    bench.pbx("a", dial(CLIENT, Some("order-1")));
    bench.pbx("a", CallEventKind::AgentAnswered);
    bench.act("a", create("Тема", "Текст"));
    let effects = bench.pbx("a", failed(Some(3)));
    let DutyKind::AddRecording { summary, .. } = kind(&effects, "/recording") else {
        panic!("{effects:?}")
    };
    assert_eq!(summary.disposition, Some(Disposition::Failed));
}
