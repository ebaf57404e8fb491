//! The journal: what was taken in is finished, whole, whatever happens in between.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{CaseFacts, CaseId, Claim, DutyKey, Moment, Notes, OpenMissed, PhoneKey, Reminder, SeenClaim, StaffId, UserId};
use store::{Store, Taken};
use support::{File, call, changed, duty, ring};

fn phone() -> PhoneKey {
    call("x").detail.number.key().unwrap()
}

fn notes() -> Notes {
    Notes {
        missed: vec![OpenMissed {
            phone: Some(phone()),
            user: Some(UserId(7)),
            opened_by: DutyKey::from_text("a/case"),
            case: Some(CaseFacts {
                id: CaseId(40),
                number: "482-113907".into(),
                subject: "Пропущенный звонок".into(),
                status: None,
            }),
            last_status: None,
            confirmed_at: None,
        }],
        remembered: [(phone(), UserId(7))].into_iter().collect(),
        colleagues: vec![phone()],
        early: Vec::new(),
        reminders: vec![Reminder {
            key: DutyKey::from_text("a/reminder-1"),
            leg: call("x").leg,
            due: Moment(90_000_000),
            what: "Счёт".into(),
            name: "Мария".into(),
            number: call("x").detail.number,
            user: Some(UserId(7)),
            case: None,
            set_at: Moment(5),
            rang_at: Some(Moment(90_000_500)),
        }],
        claims: vec![SeenClaim {
            case: CaseId(40),
            claim: Claim {
                by: StaffId(23),
                name: "Борис".into(),
                since: Moment(90_000_000),
            },
            mine: false,
        }],
    }
}

#[test]
fn an_input_taken_in_before_a_crash_is_named_afterwards() {
    let file = File::new();
    let mut store = file.open();
    let first = store.take_in(&ring("a"), Moment(5)).unwrap();
    let second = store.take_in(&ring("b"), Moment(6)).unwrap();
    drop(store);
    let waiting = file.open().unhandled().unwrap();
    let seen: Vec<_> = waiting.iter().map(|row| (row.id, row.at, row.input.clone())).collect();
    assert_eq!(
        seen,
        [(first, Moment(5), ring("a")), (second, Moment(6), ring("b"))],
        "oldest first"
    );
}

#[test]
fn a_finished_input_is_not_named_again_and_its_state_is_there() {
    let file = File::new();
    let mut store = file.open();
    let row = store.take_in(&ring("a"), Moment(5)).unwrap();
    let mut changes = changed(vec![call("a")]);
    changes.notes = Some(notes());
    store.commit(row, &changes, &[duty("a", "status")], Moment(6)).unwrap();
    drop(store);
    let store = file.open();
    assert_eq!(store.unhandled().unwrap(), []);
    let restored = store.restore().unwrap();
    assert_eq!((restored.calls, restored.notes, restored.unreadable), (vec![call("a")], notes(), 0));
    assert_eq!(store.outbox(Moment(0)).unwrap()[0].duty, duty("a", "status"));
}

#[test]
fn what_follows_from_an_input_is_written_whole_or_not_at_all() {
    let file = File::new();
    let mut store = file.open();
    let row = store.take_in(&ring("a"), Moment(5)).unwrap();
    // The last step of the transaction fails, as on a full disk.
    file.raw()
        .execute_batch("CREATE TRIGGER full BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        .unwrap();
    let mut changes = changed(vec![call("a")]);
    changes.notes = Some(notes());
    assert!(store.commit(row, &changes, &[duty("a", "status")], Moment(6)).is_err());
    drop(store);
    file.raw().execute_batch("DROP TRIGGER full").unwrap();

    let mut store = file.open();
    let restored = store.restore().unwrap();
    assert_eq!((restored.calls, restored.notes), (vec![], Notes::default()));
    assert_eq!(store.outbox(Moment(0)).unwrap(), []);
    let [waiting] = &store.unhandled().unwrap()[..] else {
        panic!("one input waits")
    };
    assert_eq!(waiting.id, row);
    store.commit(row, &changes, &[duty("a", "status")], Moment(7)).unwrap();
    assert_eq!(store.restore().unwrap().calls, [call("a")]);
}

#[test]
fn handling_an_input_again_leads_to_the_same_state() {
    let file = File::new();
    let mut store = file.open();
    let row = store.take_in(&ring("a"), Moment(5)).unwrap();
    let duties = [duty("a", "case"), duty("a", "status")];
    let first = store.commit(row, &changed(vec![call("a")]), &duties, Moment(6)).unwrap();
    assert_eq!(first.len(), 2);
    let before = store.outbox(Moment(0)).unwrap();
    assert_eq!(before, first, "what is returned is what was written");
    drop(store);
    let mut store = file.open();
    let again = store.commit(row, &changed(vec![call("a")]), &duties, Moment(9)).unwrap();
    assert_eq!(again, [], "owed already");
    assert_eq!(store.outbox(Moment(0)).unwrap(), before);
    assert_eq!(store.restore().unwrap().calls, [call("a")]);
}

#[test]
fn a_key_owed_already_keeps_its_first_duty_and_the_rest_is_added() {
    let mut store = Store::in_memory().unwrap();
    store.commit(1, &changed(vec![]), &[duty("a", "case")], Moment(6)).unwrap();
    let mut other = duty("a", "case");
    other.after.clear();
    let added = store.commit(2, &changed(vec![]), &[other, duty("a", "status")], Moment(7)).unwrap();
    assert_eq!(added.iter().map(|entry| entry.duty.key.as_str()).collect::<Vec<_>>(), ["a/status"]);
    assert_eq!(store.outbox(Moment(0)).unwrap()[0].duty, duty("a", "case"));
}

#[test]
fn a_call_is_replaced_when_it_changes_and_gone_when_forgotten() {
    let mut store = Store::in_memory().unwrap();
    store.commit(1, &changed(vec![call("a"), call("b")]), &[], Moment(6)).unwrap();
    let mut talked = call("a");
    talked.detail.answered_at = Some(Moment(2_000));
    let mut changes = changed(vec![talked.clone()]);
    changes.forgotten = vec![call("b").leg];
    store.commit(2, &changes, &[], Moment(7)).unwrap();
    assert_eq!(store.restore().unwrap().calls, [talked]);
}

#[test]
fn notes_stay_when_they_did_not_change() {
    let mut store = Store::in_memory().unwrap();
    let mut changes = changed(vec![]);
    changes.notes = Some(notes());
    store.commit(1, &changes, &[], Moment(6)).unwrap();
    store.commit(2, &changed(vec![]), &[], Moment(7)).unwrap();
    assert_eq!(store.restore().unwrap().notes, notes());
}

#[test]
fn rows_this_version_cannot_read_are_counted_and_left_alone() {
    let file = File::new();
    let mut store = file.open();
    store.commit(1, &changed(vec![call("a")]), &[duty("a", "case")], Moment(6)).unwrap();
    let waiting = store.take_in(&ring("b"), Moment(7)).unwrap();
    drop(store);
    file.raw()
        .execute_batch(
            "INSERT INTO calls (leg, offered_at, body) VALUES ('z', 0, '{\"leg\":'), ('y', 0, '{}');
             INSERT INTO notes (id, body) VALUES (1, 'not JSON');
             INSERT INTO journal (at, input) VALUES (8, '{\"input\":\"of_a_later_version\"}');
             INSERT INTO outbox (key, leg, duty, state, created_at) VALUES ('z/case', 'z', '{}', 'queued', 1);",
        )
        .unwrap();
    let mut store = file.open();
    let restored = store.restore().unwrap();
    assert_eq!(
        (restored.calls, restored.notes, restored.unreadable),
        (vec![call("a")], Notes::default(), 3)
    );
    assert_eq!(store.unhandled().unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [waiting]);
    assert_eq!(store.outbox(Moment(0)).unwrap().len(), 1);
    assert_eq!(
        store.commit(9, &changed(vec![]), &[duty("z", "case")], Moment(9)).unwrap(),
        [],
        "the unread duty is still owed"
    );
    let left: i64 = file.raw().query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 3, "nothing was thrown away");
}

#[test]
fn the_journal_keeps_the_last_5000_handled_rows_and_every_unhandled_one() {
    let file = File::new();
    let mut store = file.open();
    let waiting = store.take_in(&ring("a"), Moment(1)).unwrap();
    file.raw()
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
             INSERT INTO journal (at, input, handled) SELECT i, '{}', 1 FROM n;",
        )
        .unwrap();
    let last = store.take_in(&ring("b"), Moment(2)).unwrap();
    store.commit(last, &changed(vec![]), &[], Moment(3)).unwrap();
    let kept: i64 = file
        .raw()
        .query_row("SELECT count(*) FROM journal WHERE handled = 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 5_000);
    assert_eq!(store.unhandled().unwrap()[0].id, waiting);
}

#[test]
fn d5_an_input_and_what_follows_from_it_are_one_transaction() {
    let file = File::new();
    let mut store = file.open();
    let changes = changed(vec![call("a")]);
    let owed = [duty("a", "status")];
    file.raw()
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        .unwrap();
    assert!(store.finish(Taken::Now(Moment(5)), &changes, &owed, Moment(6)).is_err());
    assert_eq!((store.last_taken_in().unwrap(), store.restore().unwrap().calls), (None, vec![]));
    file.raw().execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(store.finish(Taken::Now(Moment(5)), &changes, &owed, Moment(6)).unwrap().len(), 1);
    assert_eq!(store.last_taken_in().unwrap(), Some(Moment(5)));
    assert_eq!(store.unhandled().unwrap(), [], "nothing is left to be done");
    let said: String = file.raw().query_row("SELECT input FROM journal", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "", "what it said is not kept");
}
