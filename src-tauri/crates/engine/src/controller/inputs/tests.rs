//! What comes together is stored together and shown at once.

use super::*;
use crate::controller::trial::{controller, offered, with};
use crate::people::card::Card;
use crate::people::known::People;
use crate::view::CallerView;
use calls::{AgentAction, CallEvent, CallEventKind, Disposition, HungUpBy, LegId, PbxEvent};
use store::Store;

const IVANOV: &str = "79161234567";

fn typed(leg: &str) -> Input {
    Input::Agent {
        leg: LegId::new(leg),
        action: AgentAction::OpenCompose,
    }
}

/// So many calls ring at once.
fn ring(controller: &mut Controller, count: usize) {
    let event = |number| PbxEvent::Call(offered(&format!("{number}.1"), IVANOV, now())).into();
    controller.take_together((0..count).map(event).collect());
}

#[test]
fn d5_inputs_at_which_the_program_fails_are_kept_for_the_next_start_in_order_and_no_others_are() {
    let mut controller = controller();
    let _ = controller.feed(typed("before"));
    let failed = catch_unwind(AssertUnwindSafe(|| {
        controller.handle_together(|controller, batch| {
            controller.handle(batch, typed("a"));
            controller.handle(batch, typed("b"));
            panic!("the test's own failure")
        })
    }));
    assert!(failed.is_err());
    assert!(controller.write_what_waits());
    let kept = controller.store.now(|store| store.unhandled()).unwrap();
    let kept: Vec<Input> = kept.into_iter().map(|row| row.input).collect();
    assert_eq!(kept, [typed("a"), typed("b")]);
}

#[test]
fn d5_a_burst_is_one_transaction_and_none_of_it_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ringside.db");
    let (mut controller, _) = with(Store::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("CREATE TRIGGER refuse BEFORE INSERT ON calls WHEN NEW.leg = '63.1' BEGIN SELECT RAISE(ABORT, 'no space left'); END")
        .unwrap();
    let stored = || raw.query_row("SELECT count(*) FROM calls", [], |row| row.get::<_, i64>(0)).unwrap();
    ring(&mut controller, 64);
    assert_eq!(stored(), 0, "all of it or nothing");
    assert_eq!(controller.desk.calls().count(), 64, "calls go on in memory");
    raw.execute_batch("DROP TRIGGER refuse").unwrap();
    assert!(controller.write_what_waits());
    assert_eq!(stored(), 64);
}

#[test]
fn s01_a_known_callers_name_comes_with_the_first_sight_of_the_number() {
    let (mut controller, shown) = with(Store::in_memory().unwrap());
    let ivanov = Card {
        id: 7,
        name: "Иванов Иван".into(),
        phones: vec![IVANOV.into()],
        ..Card::default()
    };
    controller.keep(ivanov);
    controller.people = People::default();
    ring(&mut controller, 1);
    let shown = shown.0.lock().unwrap();
    assert_eq!(shown.len(), 1, "shown before anything else is done");
    assert_eq!(shown[0].popup, ["0.1"]);
    let CallerView::Known { user, .. } = &shown[0].calls[0].caller else {
        panic!("{:?}", shown[0].calls[0].caller)
    };
    assert_eq!(user.name, "Иванов Иван");
}

#[test]
fn a_burst_is_shown_once() {
    let (mut controller, shown) = with(Store::in_memory().unwrap());
    ring(&mut controller, 64);
    assert_eq!(shown.0.lock().unwrap().len(), 1);
}

/// A call that nobody takes, or that the agent does.
fn call(controller: &mut Controller, leg: &str, number: &str, disposition: Disposition) {
    let event = |kind| {
        PbxEvent::Call(CallEvent {
            leg: LegId::new(leg),
            at: now(),
            kind,
        })
    };
    let answered = (disposition == Disposition::Answered).then(|| event(CallEventKind::Answered));
    let end = CallEventKind::Ended {
        disposition,
        cause: None,
        by: HungUpBy::Remote,
    };
    let offered = PbxEvent::Call(offered(leg, number, now()));
    let events = std::iter::once(offered).chain(answered).chain([event(end)]);
    controller.take_together(events.map(Into::into).collect());
    // The next one is later.
    std::thread::sleep(std::time::Duration::from_millis(2));
}

#[test]
fn a_client_who_waits_is_not_pushed_out_by_two_hundred_newer_calls() {
    let mut controller = controller();
    call(&mut controller, "talked-before", "79005550101", Disposition::Missed);
    call(&mut controller, "waits", IVANOV, Disposition::Missed);
    call(&mut controller, "talked", "79005550101", Disposition::Answered);
    for number in 0..200 {
        call(&mut controller, &format!("{number}.1"), "79005550100", Disposition::Answered);
    }
    let view = controller.view();
    let oldest = view.calls.last().map(|call| call.id.as_str());
    assert_eq!(
        (view.missed, view.kept, oldest),
        (1, 201, Some("waits")),
        "who was talked with is no row"
    );
}

#[test]
fn clients_whose_calls_were_missed_are_counted_until_somebody_talks_with_them() {
    let mut controller = controller();
    let ring = |controller: &mut Controller, leg, number, disposition| {
        call(controller, leg, number, disposition);
        controller.view().missed
    };
    assert_eq!(ring(&mut controller, "1.1", IVANOV, Disposition::Missed), 1);
    assert_eq!(ring(&mut controller, "2.1", IVANOV, Disposition::Missed), 1, "the same client");
    assert_eq!(
        ring(&mut controller, "3.1", "79005550100", Disposition::Answered),
        1,
        "somebody else"
    );
    assert_eq!(ring(&mut controller, "4.1", IVANOV, Disposition::Answered), 0);
    assert_eq!(ring(&mut controller, "5.1", IVANOV, Disposition::Missed), 1, "once more");
    assert_eq!(ring(&mut controller, "6.1", "", Disposition::Missed), 2);
    assert_eq!(
        ring(&mut controller, "7.1", "", Disposition::Answered),
        2,
        "hidden numbers are never the same"
    );
    assert_eq!(controller.view().kept, 7);
}
