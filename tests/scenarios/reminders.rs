//! A reminder to call back: told in the case once, kept over restarts, shown when it is due.

use crate::desk::{Desk, IVANOV};
use calls::{AgentAction, Changes, Moment, Reminder};
use engine::view::{ReminderView, TroubleView, WhenView};
use sandbox::omnidesk::{CaseDump, Fault, FaultRule};

/// The messages of a case that promise something.
fn promises(case: &CaseDump) -> Vec<String> {
    let promised = case.messages.iter().filter(|message| message.content.contains("Перезвонить "));
    promised.map(|message| message.content.clone()).collect()
}

async fn only_reminder(desk: &Desk, what: &str, probe: impl Fn(&ReminderView) -> bool) -> ReminderView {
    desk.until(what, |view| match &view.reminders[..] {
        [one] => Some(one.clone()).filter(|one| probe(one)),
        _ => None,
    })
    .await
}

/// The notes of the file, changed as time or another hand would have changed them.
fn change(file: &std::path::Path, deed: impl FnOnce(&mut Reminder)) {
    let mut store = store::Store::open(file).unwrap();
    let mut notes = store.restore().unwrap().notes;
    deed(&mut notes.reminders[0]);
    let changes = Changes {
        notes: Some(notes),
        ..Changes::default()
    };
    store.write_all(&changes, std::iter::empty()).unwrap();
}

fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_millisecond())
}

#[tokio::test]
async fn d5_a_reminder_after_the_call_is_one_note_also_where_the_answer_is_lost_and_over_a_restart() {
    let mut desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    let before = desk.writes().len();
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Lost { ms: 0 }).on("POST", "/api/cases/*"));
    desk.engine.remind(&talked.id, "завтра в 10", "Счёт".into()).await.unwrap();
    desk.until("an attempt", |view| {
        view.outbox
            .iter()
            .any(|row| row.attempts > 0 && row.what == "message")
            .then_some(())
    })
    .await;
    desk.restart().await;
    desk.settled().await;
    let told = promises(&desk.only_case());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(" в 10:00: Счёт"), "{told:?}");
    assert_eq!(desk.writes().len(), before + 1, "one write more");
    let kept = only_reminder(&desk, "the reminder", |one| one.case_id.is_some()).await;
    assert_eq!((kept.what.as_str(), kept.is_due), ("Счёт", false));
}

#[tokio::test]
async fn d5_a_reminder_during_the_call_goes_along_with_its_message_and_costs_no_request() {
    let desk = Desk::open().await;
    desk.talk(IVANOV).await;
    let usual = desk.writes().len();
    let (call, rung) = desk.ring(IVANOV).await;
    desk.known(&rung.id).await;
    desk.answer(&call, &rung.id).await;
    desk.engine.remind(&rung.id, "через час", String::new()).await.unwrap();
    // A second thought takes the place of the first.
    desk.engine.remind(&rung.id, "завтра в 15", String::new()).await.unwrap();
    desk.hang_up(&call, &rung.id).await;
    desk.settled().await;
    assert_eq!(desk.writes().len(), 2 * usual);
    let told = promises(&desk.case_of(&rung.id).await);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(" в 15:00\n"), "{told:?}");
    only_reminder(&desk, "one reminder", |one| !one.is_due).await;
}

#[tokio::test]
async fn s06_a_reminder_of_a_case_created_live_stands_in_the_message_about_the_end() {
    let desk = Desk::open().await;
    let (call, rung) = desk.ring(IVANOV).await;
    desk.known(&rung.id).await;
    desk.answer(&call, &rung.id).await;
    let create = AgentAction::CreateCase {
        subject: "Счёт".into(),
        gist: "Просит счёт".into(),
    };
    desk.act(&rung.id, create).await;
    desk.engine.remind(&rung.id, "завтра в 15", String::new()).await.unwrap();
    desk.hang_up(&call, &rung.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(promises(&case).len(), 1, "{case:#?}");
    assert!(
        !case.messages[0].content.contains("Перезвонить"),
        "the first message is the agent's note"
    );
}

#[tokio::test]
async fn d5_what_was_due_while_the_program_did_not_run_is_said_late_and_stays_until_it_is_done_with() {
    let mut desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    desk.engine.remind(&talked.id, "завтра в 10", String::new()).await.unwrap();
    desk.settled().await;
    desk.restart_after(|file| change(file, |reminder| reminder.due = now().plus_ms(-3_600_000)))
        .await;
    let late = only_reminder(&desk, "what is due", |one| one.is_due).await;
    assert!(late.is_late && late.in_popup, "{late:?}");
    // The clock is set back: what has rung stays so.
    desk.restart_after(|file| change(file, |reminder| reminder.due = now().plus_ms(3_600_000)))
        .await;
    let rung = only_reminder(&desk, "what is due", |_| true).await;
    assert!(rung.is_due, "{rung:?}");
    // Closing the popup puts it by; tray and workspace go on showing it.
    desk.engine.close_popup().await;
    only_reminder(&desk, "put by", |one| one.is_due && !one.in_popup).await;
    desk.engine.remind_later(&rung.id, "через час").await.unwrap();
    only_reminder(&desk, "postponed", |one| !one.is_due).await;
    desk.engine.end_reminder(&rung.id).await.unwrap();
    desk.until("its end", |view| view.reminders.is_empty().then_some(())).await;
    assert_eq!(desk.engine.end_reminder(&rung.id).await.unwrap_err().trouble, TroubleView::Gone);
    desk.settled().await;
    assert_eq!(promises(&desk.only_case()).len(), 1, "putting it off is no matter of the case");
}

#[tokio::test]
async fn a_call_out_that_the_client_answers_ends_the_reminder() {
    let desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    desk.engine.remind(&talked.id, "через час", String::new()).await.unwrap();
    desk.settled().await;
    let (call, out) = desk.call_out(IVANOV).await;
    only_reminder(&desk, "the reminder while it rings", |_| true).await;
    desk.answer(&call, &out.id).await;
    desk.hang_up(&call, &out.id).await;
    desk.until("its end", |view| view.reminders.is_empty().then_some(())).await;
}

#[tokio::test]
async fn bad_input_a_time_that_is_over_unread_or_too_far_sets_nothing_and_loses_nothing() {
    let desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    let writes = desk.writes().len();
    for (when, about) in [
        ("вчера", "when"),
        ("01.02.2020 10:00", "past"),
        ("01.02.2199", "tooFar"),
        ("", "when"),
    ] {
        let refused = desk.engine.remind(&talked.id, when, "Счёт".into()).await.unwrap_err();
        assert_eq!(
            (refused.trouble, refused.about.as_deref()),
            (TroubleView::BadSetting, Some(about)),
            "{when}"
        );
    }
    assert_eq!(desk.engine.read_when("01.02.2020").await.unwrap(), WhenView::Past);
    assert!(desk.engine.when_choices().await.unwrap().len() >= 6);
    let refused = desk.engine.remind("no-such-call", "через час", String::new()).await.unwrap_err();
    assert_eq!(refused.trouble, TroubleView::Gone);
    desk.settled().await;
    assert_eq!((desk.view().reminders.len(), desk.writes().len()), (0, writes));
}
