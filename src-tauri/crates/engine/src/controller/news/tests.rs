//! Tasks that broke: whatever waited for them goes on. The controller is the real one, without links.

use super::*;
use crate::controller::trial::{controller, hear, leg, offered};
use crate::people::known::People;
use calls::{CallEventKind, Caller, Disposition, HungUpBy};

fn rings(controller: &mut Controller) -> PhoneKey {
    let event = offered(leg().as_str(), "79161234567", now());
    controller.feed(Input::Pbx { event }).unwrap();
    controller.desk.call(&leg()).unwrap().client_key().unwrap()
}

#[test]
fn s26_a_wait_for_a_missed_caller_that_breaks_lets_the_missed_call_be_written() {
    let mut controller = controller();
    rings(&mut controller);
    hear(
        &mut controller,
        CallEventKind::Ended {
            disposition: Disposition::Missed,
            cause: None,
            by: HungUpBy::Remote,
        },
    );
    assert_eq!(controller.outbox.held().count(), 1);
    controller.on_news(Work::Wait(leg().as_str().to_owned()), Err(Broken));
    assert_eq!(controller.outbox.held().count(), 0);
    assert!(controller.outbox.entries().any(|entry| entry.duty.leg == leg()), "still owed");
}

#[test]
fn a_look_up_that_breaks_is_made_again_and_the_caller_is_not_said_to_be_nobody() {
    let mut controller = controller();
    let key = rings(&mut controller);
    controller.people = People::default();
    controller.on_news(Work::LookUp { leg: leg(), key }, Err(Broken));
    assert!(controller.people.wake_at().is_some());
    assert_eq!(controller.desk.call(&leg()).unwrap().caller, Caller::Unavailable);
}

#[test]
fn an_account_or_its_users_whose_reading_breaks_are_read_again_later() {
    let mut controller = controller();
    controller.on_news(Work::ReadAccount, Err(Broken));
    controller.on_news(Work::ReadUsers, Err(Broken));
    assert!(controller.omnidesk.wake_at().is_some());
    assert!(controller.index.wake_at(controller.settings.users).is_some());
}

#[test]
fn an_attempt_that_breaks_is_tried_again_and_looks_first() {
    let mut controller = controller();
    rings(&mut controller);
    hear(&mut controller, CallEventKind::Answered);
    hear(
        &mut controller,
        CallEventKind::Ended {
            disposition: Disposition::Answered,
            cause: None,
            by: HungUpBy::Remote,
        },
    );
    let at = now().plus_ms(3_600_000);
    controller.outbox.open(&leg());
    let entry = controller.outbox.start_next(at).expect("a record of the call");
    controller.on_news(Work::Attempt(entry.seq), Err(Broken));
    let entry = controller.outbox.entry(entry.seq).unwrap();
    assert_eq!((entry.state, entry.uncertain, entry.attempts), (store::EntryState::Queued, true, 1));
}
