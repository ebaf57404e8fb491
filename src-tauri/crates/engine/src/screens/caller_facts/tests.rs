use super::*;
use crate::view::HandsetView;
use calls::{CallEvent, CallEventKind, Desk, Direction, Found, Input, Origin, Policy, Remote};

const AT: i64 = 10_000_000;
const IVAN: UserId = UserId(501);

/// A desk at which a number rings.
fn desk(number: &str) -> Desk {
    let mut desk = Desk::new(Policy::default());
    let kind = CallEventKind::Offered {
        conversation: None,
        direction: Direction::Inbound,
        remote: Remote {
            raw: number.into(),
            name: None,
            hidden: number.is_empty(),
        },
        line: None,
        queue: None,
        origin: Origin::Direct,
    };
    let event = CallEvent {
        leg: LegId::new("a"),
        at: Moment(AT),
        kind,
    };
    desk.handle(Input::Pbx { event }, Moment(AT));
    desk
}

fn find(desk: &mut Desk, users: &[UserId]) {
    let key = call(desk).client_key().unwrap();
    let found = Found::Users(users.to_vec());
    let leg = LegId::new("a");
    desk.handle(Input::Found { leg, key, found }, Moment(AT));
}

fn call(desk: &Desk) -> &Call {
    desk.call(&LegId::new("a")).unwrap()
}

fn before(calls: u32, talked: Option<i64>) -> CallsBefore {
    CallsBefore {
        calls,
        talked: talked.map(Moment),
    }
}

fn row(status: CaseStatusView) -> CaseRow {
    CaseRow {
        id: "1".into(),
        number: "1-1".into(),
        subject: "Счёт".into(),
        status,
        handset: HandsetView::None,
        staff: None,
        updated_at: None,
        is_call: false,
        claim: None,
    }
}

#[test]
fn s02_nothing_is_known_before_the_caller_stands_and_never_a_nought_said_for_it() {
    let mut facts = CallerFacts::default();
    let mut desk = desk("79161234567");
    assert_eq!(facts.asks(call(&desk)), None, "somebody is being looked up");
    assert_eq!(facts.view(call(&desk), None), CallerFactsView::default());
    find(&mut desk, &[IVAN]);
    let whose = facts.asks(call(&desk)).unwrap();
    assert_eq!(whose.1, Some(IVAN));
    assert_eq!(facts.asks(call(&desk)), None, "once");
    assert_eq!(
        facts.view(call(&desk), Some(Moment(1))),
        CallerFactsView::default(),
        "while it is counted"
    );
    assert!(facts.count(&LegId::new("a"), &whose, before(0, None)));
    let view = facts.view(call(&desk), None);
    assert_eq!(
        (view.calls, view.last_contact, view.open_cases),
        (Some(0), None, None),
        "counted: there were none"
    );
    assert!(!facts.count(&LegId::new("a"), &whose, before(0, None)), "no news");
    facts.keep_only(|_| false);
    assert_eq!(facts.view(call(&desk), None), CallerFactsView::default());
}

#[test]
fn s02_what_was_counted_for_somebody_else_is_not_shown() {
    let mut facts = CallerFacts::default();
    let mut desk = desk("79161234567");
    find(&mut desk, &[]);
    let nobody = facts.asks(call(&desk)).unwrap();
    assert!(facts.count(&LegId::new("a"), &nobody, before(3, Some(5))));
    assert_eq!(facts.view(call(&desk), None).calls, Some(3));
    // The number turns out to be somebody's.
    find(&mut desk, &[IVAN]);
    assert_eq!(facts.view(call(&desk), None), CallerFactsView::default());
    let ivan = facts.asks(call(&desk)).unwrap();
    assert!(
        !facts.count(&LegId::new("a"), &nobody, before(4, None)),
        "an answer that comes late"
    );
    assert!(facts.count(&LegId::new("a"), &ivan, before(7, None)));
    assert_eq!(facts.view(call(&desk), None).calls, Some(7));
}

#[test]
fn s02_a_call_whose_number_changed_has_not_the_past_of_the_number_before() {
    let mut facts = CallerFacts::default();
    let mut desk_before = desk("79161234567");
    find(&mut desk_before, &[]);
    let whose = facts.asks(call(&desk_before)).unwrap();
    assert!(facts.count(&LegId::new("a"), &whose, before(3, Some(5))));
    // The same call, to whom somebody else was connected; who that is could not be asked.
    assert_eq!(facts.view(call(&desk("79039998877")), None), CallerFactsView::default());
}

#[test]
fn s02_a_hidden_number_has_no_past() {
    assert_eq!(CallerFacts::default().asks(call(&desk(""))), None);
}

#[test]
fn s02_the_last_contact_is_the_later_of_what_the_history_and_omnidesk_say_and_never_this_call() {
    for (talked, contact, expected) in [
        (None, None, None),
        (Some(5), None, Some(5)),
        (None, Some(7), Some(7)),
        (Some(5), Some(7), Some(7)),
        (Some(9), Some(7), Some(9)),
        (Some(5), Some(AT), Some(5)),
        (None, Some(AT + 1), None),
    ] {
        let mut facts = CallerFacts::default();
        let mut desk = desk("79161234567");
        find(&mut desk, &[IVAN]);
        let whose = facts.asks(call(&desk)).unwrap();
        facts.count(&LegId::new("a"), &whose, before(1, talked));
        let view = facts.view(call(&desk), contact.map(Moment));
        assert_eq!(view.last_contact, expected.map(|at: i64| ms(Moment(at))), "{talked:?} {contact:?}");
    }
}

#[test]
fn s02_open_cases_are_those_that_were_read_of_late() {
    let rows = [CaseStatusView::Open, CaseStatusView::Waiting, CaseStatusView::Closed].map(row);
    for (read, expected) in [
        (AT - CASES_GOOD - 1, None),
        (AT - CASES_GOOD + 1, Some(2)),
        (AT + 60_000, Some(2)),
        (AT + 10 * CASES_GOOD, Some(2)),
    ] {
        let mut facts = CallerFacts::default();
        let mut desk = desk("79161234567");
        facts.cases_read(IVAN, &rows, Moment(read));
        assert_eq!(facts.view(call(&desk), None).open_cases, None, "of nobody");
        find(&mut desk, &[IVAN]);
        assert_eq!(facts.view(call(&desk), None).open_cases, expected, "{read}");
    }
    let mut facts = CallerFacts::default();
    let mut desk = desk("79161234567");
    find(&mut desk, &[IVAN]);
    facts.cases_read(IVAN, &[], Moment(AT));
    assert_eq!(facts.view(call(&desk), None).open_cases, Some(0), "read: there are none");
    facts.cases_changed();
    assert_eq!(facts.view(call(&desk), None).open_cases, None, "one was opened or closed meanwhile");
}
