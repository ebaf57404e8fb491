use super::*;
use calls::{CallEvent, CallEventKind, Desk, HungUpBy, Input, Origin, Policy, Remote};

fn desk() -> Desk {
    let mut desk = Desk::new(Policy::default());
    hear(&mut desk, offered());
    desk
}

fn offered() -> CallEventKind {
    let remote = Remote {
        raw: "79161234567".into(),
        name: None,
        hidden: false,
    };
    CallEventKind::Offered {
        conversation: None,
        direction: Direction::Inbound,
        remote,
        line: None,
        queue: None,
        origin: Origin::Direct,
    }
}

fn hear(desk: &mut Desk, kind: CallEventKind) {
    hear_of(desk, "a", 0, kind);
}

fn hear_of(desk: &mut Desk, leg: &str, at: i64, kind: CallEventKind) {
    let event = CallEvent {
        leg: LegId::new(leg),
        at: Moment(at),
        kind,
    };
    desk.handle(Input::Pbx { event }, Moment(at));
}

fn shown(popup: &mut Popup, desk: &Desk, now: i64) -> Vec<String> {
    popup.refresh(desk.calls(), Moment(now));
    popup.shown().map(|leg| leg.as_str().to_owned()).collect()
}

fn of_number(raw: &str) -> CallEventKind {
    let CallEventKind::Offered { remote, .. } = offered() else {
        panic!("an offer")
    };
    CallEventKind::Offered {
        remote: Remote { raw: raw.into(), ..remote },
        conversation: None,
        direction: Direction::Inbound,
        line: None,
        queue: None,
        origin: Origin::Direct,
    }
}

fn ended(disposition: Disposition) -> CallEventKind {
    CallEventKind::Ended {
        disposition,
        cause: None,
        by: HungUpBy::Unknown,
    }
}

fn shows(popup: &mut Popup, desk: &Desk, now: i64) -> bool {
    popup.refresh(desk.calls(), Moment(now));
    popup.shown().next().is_some()
}

#[test]
fn s01_a_ringing_call_is_shown_and_closing_holds_until_it_is_answered() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    assert!(shows(&mut popup, &desk, 0));
    popup.close(desk.calls());
    assert!(!shows(&mut popup, &desk, 1));
    hear(&mut desk, CallEventKind::Answered);
    assert!(
        shows(&mut popup, &desk, 2),
        "S11: what to do next is offered when the agent answers"
    );
}

#[test]
fn s25_a_missed_call_stays_a_while_and_goes_by_itself() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    assert!(shows(&mut popup, &desk, 0));
    hear(&mut desk, ended(Disposition::Missed));
    assert!(shows(&mut popup, &desk, 10));
    assert_eq!(popup.wake_at(), Some(Moment(10 + MISSED)));
    assert!(!shows(&mut popup, &desk, 10 + MISSED));
}

#[test]
fn a_call_taken_by_a_colleague_disappears_at_once() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    assert!(shows(&mut popup, &desk, 0));
    hear(&mut desk, ended(Disposition::AnsweredElsewhere));
    assert!(!shows(&mut popup, &desk, 1));
}

#[test]
fn s22_a_client_who_declines_is_shown_a_while_and_the_agent_who_declines_knows() {
    for (kind, shown) in [
        (
            CallEventKind::Dialing {
                conversation: None,
                direction: Direction::Outbound,
                remote: Remote::default(),
                order: None,
            },
            true,
        ),
        (offered(), false),
    ] {
        let (mut desk, mut popup) = (Desk::new(Policy::default()), Popup::default());
        hear(&mut desk, kind);
        assert!(shows(&mut popup, &desk, 0));
        hear(&mut desk, ended(Disposition::Declined));
        assert_eq!(shows(&mut popup, &desk, 1), shown);
    }
}

#[test]
fn a_conversation_that_is_over_stays_until_its_agent_is_done_with_it() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    hear(&mut desk, CallEventKind::Answered);
    assert_eq!(shown(&mut popup, &desk, 1), ["a"]);
    hear(&mut desk, ended(Disposition::Answered));
    assert_eq!(shown(&mut popup, &desk, 2), ["a"]);
    assert_eq!(popup.wake_at(), None, "no clock ends it");
    assert_eq!(shown(&mut popup, &desk, 3_600_000), ["a"]);
    popup.done_with(desk.call(&LegId::new("a")).unwrap());
    assert_eq!(shown(&mut popup, &desk, 3_600_001), [""; 0]);
}

#[test]
fn the_next_call_folds_a_conversation_that_is_over_and_the_next_conversation_takes_its_place() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    hear(&mut desk, CallEventKind::Answered);
    shown(&mut popup, &desk, 1);
    hear(&mut desk, ended(Disposition::Answered));
    hear_of(&mut desk, "b", 10, of_number("79031112233"));
    assert_eq!(shown(&mut popup, &desk, 10), ["b", "a"], "what rings comes first");
    hear_of(&mut desk, "b", 20, ended(Disposition::Missed));
    assert_eq!(shown(&mut popup, &desk, 20), ["b", "a"]);
    assert_eq!(
        shown(&mut popup, &desk, 20 + MISSED),
        ["a"],
        "a missed call does not take its place"
    );
    hear_of(&mut desk, "c", 40_000, of_number("79031112233"));
    hear_of(&mut desk, "c", 40_001, CallEventKind::Answered);
    assert_eq!(shown(&mut popup, &desk, 40_001), ["c", "a"]);
    hear_of(&mut desk, "c", 50_000, ended(Disposition::Answered));
    assert_eq!(shown(&mut popup, &desk, 50_000), ["c"]);
    popup.done_with(desk.call(&LegId::new("c")).unwrap());
    assert_eq!(shown(&mut popup, &desk, 50_001), [""; 0], "it does not come back");
}

#[test]
fn what_is_over_does_not_come_back_while_the_next_call_goes_on_in_the_workspace() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    hear(&mut desk, CallEventKind::Answered);
    shown(&mut popup, &desk, 1);
    hear(&mut desk, ended(Disposition::Answered));
    hear_of(&mut desk, "b", 10, of_number("79031112233"));
    hear_of(&mut desk, "b", 11, CallEventKind::Answered);
    assert_eq!(shown(&mut popup, &desk, 11), ["b", "a"]);
    desk.handle(
        Input::Agent {
            leg: LegId::new("b"),
            action: calls::AgentAction::OpenCompose,
        },
        Moment(12),
    );
    assert_eq!(shown(&mut popup, &desk, 12), [""; 0]);
}

#[test]
fn s27_a_person_who_rings_again_and_again_has_one_card() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    shown(&mut popup, &desk, 0);
    hear(&mut desk, ended(Disposition::Missed));
    for (leg, at, raw) in [
        ("b", 1_000, "79161234567"),
        ("c", 2_000, "79031112233"),
        ("d", 3_000, "89161234567"),
    ] {
        hear_of(&mut desk, leg, at, of_number(raw));
        shown(&mut popup, &desk, at);
        hear_of(&mut desk, leg, at + 500, ended(Disposition::Missed));
    }
    assert_eq!(shown(&mut popup, &desk, 4_000), ["d", "c"]);
    // Talked to since: there is nothing to call back about.
    hear_of(&mut desk, "e", 5_000, of_number("79161234567"));
    hear_of(&mut desk, "e", 5_001, CallEventKind::Answered);
    shown(&mut popup, &desk, 5_001);
    hear_of(&mut desk, "e", 6_000, ended(Disposition::Answered));
    assert_eq!(shown(&mut popup, &desk, 6_000), ["e", "c"]);
}

#[test]
fn callers_who_hide_their_number_are_not_taken_for_one_person() {
    let (mut desk, mut popup) = (Desk::new(Policy::default()), Popup::default());
    for (leg, at) in [("a", 0), ("b", 1_000)] {
        let CallEventKind::Offered { origin, .. } = offered() else {
            panic!("an offer")
        };
        let remote = Remote {
            hidden: true,
            ..Remote::default()
        };
        let kind = CallEventKind::Offered {
            conversation: None,
            direction: Direction::Inbound,
            remote,
            line: None,
            queue: None,
            origin,
        };
        hear_of(&mut desk, leg, at, kind);
        shown(&mut popup, &desk, at);
        hear_of(&mut desk, leg, at + 500, ended(Disposition::Missed));
    }
    assert_eq!(shown(&mut popup, &desk, 2_000), ["b", "a"]);
}

#[test]
fn calls_of_an_earlier_session_are_not_shown_again() {
    let mut desk = desk();
    hear(&mut desk, ended(Disposition::Missed));
    assert!(!shows(&mut Popup::default(), &desk, 1));
}

fn over(stay: PopupStay, disposition: Disposition) -> (Desk, Popup) {
    let (mut desk, mut popup) = (desk(), Popup::default());
    popup.stays(stay);
    if disposition == Disposition::Answered {
        hear(&mut desk, CallEventKind::Answered);
    }
    assert!(shows(&mut popup, &desk, 0));
    hear(&mut desk, ended(disposition));
    assert!(shows(&mut popup, &desk, 10));
    (desk, popup)
}

#[test]
fn after_a_call_the_popup_stays_as_long_as_chosen() {
    use PopupStay::{AsNeeded, Seconds5, Seconds20, Seconds60, UntilClosed};
    for (stay, disposition, time) in [
        (AsNeeded, Disposition::Missed, Some(MISSED)),
        (AsNeeded, Disposition::Cancelled, Some(ENDED)),
        (AsNeeded, Disposition::Answered, None),
        (UntilClosed, Disposition::Missed, None),
        (UntilClosed, Disposition::Cancelled, None),
        (UntilClosed, Disposition::Answered, None),
        (Seconds5, Disposition::Answered, Some(5_000)),
        (Seconds20, Disposition::Answered, Some(20_000)),
        (Seconds20, Disposition::Missed, Some(20_000)),
        (Seconds60, Disposition::Cancelled, Some(60_000)),
    ] {
        let (desk, mut popup) = over(stay, disposition);
        assert_eq!(popup.wake_at(), time.map(|time| Moment(10 + time)), "{stay:?} {disposition:?}");
        match time {
            Some(time) => {
                assert!(shows(&mut popup, &desk, 10 + time - 1), "{stay:?} {disposition:?}");
                assert!(!shows(&mut popup, &desk, 10 + time), "{stay:?} {disposition:?}");
            }
            None => {
                assert!(shows(&mut popup, &desk, 36_000_000), "{stay:?} {disposition:?}");
                popup.close(desk.calls());
                assert!(!shows(&mut popup, &desk, 36_000_001), "{stay:?} {disposition:?}");
            }
        }
    }
}

#[test]
fn it_does_not_go_from_under_the_hands_of_an_agent_who_is_in_it() {
    let (desk, mut popup) = over(PopupStay::Seconds5, Disposition::Answered);
    popup.hold(true, Moment(4_000));
    assert!(shows(&mut popup, &desk, 600_000));
    assert_eq!(popup.wake_at(), None);
    popup.hold(false, Moment(600_000));
    assert!(shows(&mut popup, &desk, 600_000));
    assert_eq!(popup.wake_at(), Some(Moment(605_000)), "its time begins anew");
    assert!(!shows(&mut popup, &desk, 605_000));
}

#[test]
fn what_has_gone_does_not_come_back_with_the_next_call_and_its_agent() {
    let (mut desk, mut popup) = over(PopupStay::Seconds5, Disposition::Answered);
    hear_of(&mut desk, "b", 3_000, of_number("79031112233"));
    assert_eq!(shown(&mut popup, &desk, 3_000), ["b", "a"]);
    assert_eq!(shown(&mut popup, &desk, 5_010), ["b"]);
    popup.hold(true, Moment(6_000));
    assert_eq!(shown(&mut popup, &desk, 6_000), ["b"]);
}

#[test]
fn a_popup_that_went_is_held_by_nobody() {
    let (mut desk, mut popup) = over(PopupStay::Seconds5, Disposition::Missed);
    popup.hold(true, Moment(1_000));
    popup.close(desk.calls());
    assert_eq!(shown(&mut popup, &desk, 1_000), [""; 0]);
    hear_of(&mut desk, "b", 2_000, of_number("79031112233"));
    assert_eq!(shown(&mut popup, &desk, 2_000), ["b"]);
    hear_of(&mut desk, "b", 3_000, ended(Disposition::Missed));
    assert_eq!(shown(&mut popup, &desk, 3_000), ["b"]);
    assert_eq!(shown(&mut popup, &desk, 8_000), [""; 0]);
}

#[test]
fn a_clock_that_is_set_back_lets_nothing_stay_longer() {
    let (desk, mut popup) = over(PopupStay::Seconds20, Disposition::Missed);
    popup.hold(true, Moment(5_000));
    popup.hold(false, Moment(3_600_000));
    popup.clock_set_back(3_600_000);
    assert!(shows(&mut popup, &desk, 19_999));
    assert!(!shows(&mut popup, &desk, 20_000));
}

#[test]
fn d1_in_a_pause_nothing_comes_that_the_agent_did_not_turn_to() {
    let (mut desk, mut popup) = (desk(), Popup::default());
    assert!(shows(&mut popup, &desk, 0));
    popup.pause(true);
    assert!(!shows(&mut popup, &desk, 1), "put away");
    popup.pause(false);
    assert!(shows(&mut popup, &desk, 2), "it rings yet");
    popup.pause(true);
    hear(&mut desk, ended(Disposition::Missed));
    assert!(!shows(&mut popup, &desk, 10));
    popup.pause(false);
    assert!(!shows(&mut popup, &desk, 11), "it is told of with the others");

    // What was picked up is the agent's, and the next call that rings takes nothing of it away.
    popup.pause(true);
    hear_of(&mut desk, "b", 20, offered());
    assert!(!shows(&mut popup, &desk, 20));
    hear_of(&mut desk, "b", 21, CallEventKind::Answered);
    assert_eq!(shown(&mut popup, &desk, 21), ["b"]);
    hear_of(&mut desk, "b", 22, ended(Disposition::Answered));
    hear_of(&mut desk, "c", 30, of_number("79031112233"));
    assert_eq!(shown(&mut popup, &desk, 30), ["b"]);
    popup.pause(false);
    assert_eq!(shown(&mut popup, &desk, 31), ["c", "b"]);

    // What the agent dials, too.
    popup.pause(true);
    hear_of(
        &mut desk,
        "d",
        40,
        CallEventKind::Dialing {
            conversation: None,
            direction: Direction::Outbound,
            remote: Remote::default(),
            order: None,
        },
    );
    assert_eq!(shown(&mut popup, &desk, 40), ["d", "b"]);
}

#[test]
fn d6_of_calls_between_colleagues_only_the_one_that_the_set_up_is_tried_with_is_shown_to_its_end() {
    let (mut desk, mut popup) = (Desk::new(Policy::default()), Popup::default());
    let colleague = |desk: &mut Desk, leg: &str, at: i64| {
        let CallEventKind::Offered { remote, line, queue, .. } = of_number("102") else {
            panic!("an offer")
        };
        let offered = CallEventKind::Offered {
            conversation: None,
            direction: Direction::Internal,
            remote,
            line,
            queue,
            origin: Origin::Direct,
        };
        hear_of(desk, leg, at, offered);
    };
    let end = |desk: &mut Desk, leg: &str, at: i64| hear_of(desk, leg, at, ended(Disposition::Answered));
    colleague(&mut desk, "a", 0);
    assert_eq!(shown(&mut popup, &desk, 1), [""; 0]);
    end(&mut desk, "a", 2);
    popup.await_trial(true);
    assert_eq!(shown(&mut popup, &desk, 3), [""; 0], "a call of before is no trial");
    colleague(&mut desk, "b", 4);
    assert_eq!(shown(&mut popup, &desk, 5), ["b"]);
    // The page that asked may go: what is there stays to its end.
    popup.await_trial(false);
    hear_of(&mut desk, "b", 6, CallEventKind::Answered);
    assert_eq!(shown(&mut popup, &desk, 7), ["b"]);
    end(&mut desk, "b", 8);
    assert_eq!(shown(&mut popup, &desk, 9), ["b"]);
    assert_eq!(shown(&mut popup, &desk, 9 + ENDED), [""; 0], "there is nothing to do about it");
    colleague(&mut desk, "c", 20_000);
    assert_eq!(shown(&mut popup, &desk, 20_001), [""; 0], "the next one is as ever");
    popup.await_trial(true);
    popup.await_trial(false);
    colleague(&mut desk, "d", 20_002);
    assert_eq!(shown(&mut popup, &desk, 20_003), [""; 0], "nobody waited any more");
}
