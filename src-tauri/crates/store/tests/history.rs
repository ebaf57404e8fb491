//! The history of ended calls: true, whole, and there for as long as statistics need it.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Caller, CaseFacts, CaseId, Changes, Disposition, LegId, Moment, Phase, Recording, UserId};
use store::{Agent, HistoryPage, Store};
use support::{File, call, changed};

fn ended(leg: &str, at: i64) -> calls::Call {
    let mut call = call(leg);
    call.detail.phase = Phase::Ended;
    (call.detail.answered_at, call.detail.ended_at) = (Some(Moment(at - 40)), Some(Moment(at)));
    call.detail.disposition = Some(Disposition::Answered);
    call
}

fn keep(store: &mut Store, calls: Vec<calls::Call>) {
    store.commit(1, &changed(calls), &[], Moment(1)).unwrap();
}

fn all(store: &Store) -> HistoryPage {
    store.history(Moment(0), Moment(i64::MAX), None, 100).unwrap()
}

fn legs(page: &HistoryPage) -> Vec<&str> {
    page.calls.iter().map(|call| call.leg.as_str()).collect()
}

fn agent(extension: &str) -> Agent {
    Agent {
        extension: extension.into(),
        email: format!("{extension}@company.example"),
    }
}

#[test]
fn s35_a_call_comes_into_the_history_with_its_end_and_not_before() {
    let file = File::new();
    let mut store = file.open();
    store.set_agent(agent("101"));
    keep(&mut store, vec![call("a")]);
    assert_eq!(legs(&all(&store)), [""; 0]);
    keep(&mut store, vec![ended("a", 1_000)]);
    drop(store);
    let page = all(&file.open());
    let [past] = &page.calls[..] else { panic!("one call") };
    assert_eq!((past.agent.extension.as_str(), past.talk_ms()), ("101", Some(40)));
    assert_eq!((past.disposition, past.user), (Some(Disposition::Answered), None));
    assert_eq!(past.client.as_ref().unwrap().as_str(), "+79161234567");
}

#[test]
fn s35_what_becomes_known_later_corrects_the_row_and_the_agent_stays() {
    let mut store = Store::in_memory().unwrap();
    store.set_agent(agent("101"));
    keep(&mut store, vec![ended("a", 1_000)]);
    store.set_agent(agent("102"));
    let mut later = ended("a", 1_000);
    later.caller = Caller::Known {
        user: UserId(7),
        chosen: true,
    };
    later.filing.case = Some(CaseFacts {
        id: CaseId(40),
        number: "482-113907".into(),
        subject: "Счёт".into(),
        status: None,
    });
    later.filing.recording = Recording::Attached;
    later.handling.undone = true;
    keep(&mut store, vec![later]);
    let page = all(&store);
    let [past] = &page.calls[..] else { panic!("one call") };
    assert_eq!((past.case.as_ref().unwrap().id, past.user), (CaseId(40), Some(UserId(7))));
    assert_eq!((past.recording.clone(), past.undone), (Recording::Attached, true));
    assert_eq!(past.agent, agent("101"), "whose call it was");
}

#[test]
fn s35_a_forgotten_call_stays_and_one_that_rings_on_or_was_part_of_another_does_not() {
    let mut store = Store::in_memory().unwrap();
    keep(
        &mut store,
        vec![ended("old", 1_000), ended("part", 1_001), ended("rings-on", 1_002)],
    );
    let changes = Changes {
        calls: vec![call("rings-on")],
        forgotten: vec![LegId::new("old")],
        absorbed: vec![LegId::new("part")],
        ..Changes::default()
    };
    store.commit(2, &changes, &[], Moment(2)).unwrap();
    assert_eq!(legs(&all(&store)), ["old"]);
    let calls = store.restore().unwrap().calls;
    assert_eq!(calls.iter().map(|call| call.leg.as_str()).collect::<Vec<_>>(), ["rings-on"]);
}

#[test]
fn s35_the_history_and_the_end_are_written_together_or_not_at_all() {
    let file = File::new();
    let mut store = file.open();
    file.raw()
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no space left'); END")
        .unwrap();
    assert!(store.commit(1, &changed(vec![ended("a", 1_000)]), &[], Moment(1)).is_err());
    assert_eq!(store.restore().unwrap().calls, []);
}

#[test]
fn s35_pages_name_every_call_of_the_time_once_the_latest_first() {
    let mut store = Store::in_memory().unwrap();
    // Many end in the same moment.
    let calls = (0..50).map(|number| ended(&format!("{number:02}"), 1_000 + number / 7)).collect();
    keep(&mut store, calls);
    for limit in [1, 7, 10, 49, 50, 51] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.history(Moment(1_001), Moment(1_006), after.as_ref(), limit).unwrap();
            seen.extend(page.calls.iter().map(|call| (call.ended_at, call.leg.clone())));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<_> = (7..42)
            .rev()
            .map(|number| (Moment(1_000 + number / 7), LegId::new(format!("{number:02}"))))
            .collect();
        assert_eq!(seen, expected, "{limit} a page; from the begin of the time, not up to its end");
    }
}

#[test]
fn s35_the_history_says_since_when_it_is() {
    let mut store = Store::in_memory().unwrap();
    assert_eq!(store.history_since().unwrap(), None);
    keep(&mut store, vec![ended("b", 2_000), ended("a", 1_000)]);
    assert_eq!(store.history_since().unwrap(), Some(Moment(1_000)));
}

#[test]
fn s35_rows_that_cannot_be_read_are_counted_and_stop_no_page() {
    let file = File::new();
    let mut store = file.open();
    keep(&mut store, vec![ended("a", 1_000), ended("b", 1_001), ended("c", 1_002)]);
    file.raw()
        .execute_batch("UPDATE history SET body = '{\"direction\":\"sideways\"}' WHERE leg = 'b'")
        .unwrap();
    let first = store.history(Moment(0), Moment(9_000), None, 2).unwrap();
    assert_eq!((legs(&first), first.unreadable), (vec!["c"], 1));
    let rest = store.history(Moment(0), Moment(9_000), first.next.as_ref(), 2).unwrap();
    assert_eq!((legs(&rest), &rest.next), (vec!["a"], &None));
}

#[test]
fn s35_only_what_ended_before_the_kept_time_is_forgotten_and_some_at_a_time() {
    let mut store = Store::in_memory().unwrap();
    keep(
        &mut store,
        (0..700).map(|number| ended(&format!("{number:03}"), 1_000 + number)).collect(),
    );
    assert!(store.forget_history(Moment(1_600)).unwrap(), "there are more");
    assert!(!store.forget_history(Moment(1_600)).unwrap());
    let left = store.history(Moment(0), Moment(9_000), None, 1_000).unwrap();
    assert_eq!((left.calls.len(), left.calls.last().unwrap().ended_at), (100, Moment(1_600)));
}

#[test]
fn s35_another_account_leaves_the_calls_and_takes_its_users_and_cases_along() {
    let mut store = Store::in_memory().unwrap();
    let mut known = ended("a", 1_000);
    known.caller = Caller::Known {
        user: UserId(7),
        chosen: false,
    };
    known.filing.case = Some(CaseFacts {
        id: CaseId(40),
        number: "482-113907".into(),
        subject: "Счёт".into(),
        status: None,
    });
    keep(&mut store, vec![known]);
    store.change_account(&Changes::default(), ("settings", "{}")).unwrap();
    let page = all(&store);
    assert_eq!((page.calls[0].user, &page.calls[0].case), (None, &None));
    assert_eq!(page.calls[0].disposition, Some(Disposition::Answered));
}
