//! D1: popups paused by hand, over restarts and outside working hours. Calls go on as ever; what was missed is told once.

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{CallCaseView, CallView, DispositionView, MeanwhileView, PauseFor, PausedView, PhaseView, TroubleView, TypedSecrets};
use sandbox::CallSpec;

const HALF_HOUR: PauseFor = PauseFor::Minutes { minutes: 30 };

async fn paused(desk: &Desk) -> PausedView {
    desk.until("the pause", |view| view.pause.paused).await
}

async fn comes(desk: &Desk) {
    desk.until("the end of the pause", |view| view.pause.paused.is_none().then_some(()))
        .await;
}

async fn meanwhile(desk: &Desk) -> MeanwhileView {
    desk.until("what came meanwhile", |view| view.pause.meanwhile).await
}

/// A call that rings without anybody seeing it.
async fn rings_unseen(desk: &Desk, from: &str) -> (String, CallView) {
    let before = desk.ids();
    let call = desk.sandbox.pbx().place(CallSpec::incoming(from, "101")).unwrap();
    let new = |call: &&CallView| !before.contains(&call.id) && call.phase == PhaseView::Ringing;
    let rung = desk.until("the call", |view| view.calls.iter().find(new).cloned()).await;
    desk.known(&rung.id).await;
    assert_eq!(desk.view().popup, [""; 0]);
    (call, rung)
}

async fn missed_unseen(desk: &Desk, from: &str) -> CallView {
    let (call, rung) = rings_unseen(desk, from).await;
    desk.identified(&rung.id).await;
    desk.hang_up(&call, &rung.id).await;
    let missed = |call: &CallView| call.disposition == Some(DispositionView::Missed);
    desk.call_until(&rung.id, "a missed call", missed).await
}

#[tokio::test]
async fn d1_in_a_pause_calls_are_written_and_listed_and_what_was_missed_is_told_once() {
    let desk = Desk::open().await;
    desk.engine.pause(PauseFor::UntilSaid).await.unwrap();
    assert_eq!(
        paused(&desk).await,
        PausedView {
            by_hours: false,
            until: None
        }
    );
    let first = missed_unseen(&desk, IVANOV).await;
    missed_unseen(&desk, STRANGER).await;
    desk.settled().await;
    let case = desk.case_of(&first.id).await;
    assert!(case.subject.starts_with("Пропущенный звонок"), "{}", case.subject);
    let view = desk.view();
    assert_eq!(
        (view.popup.len(), view.missed, view.pause.meanwhile),
        (0, 2, None),
        "not before it ends"
    );
    desk.engine.resume().await.unwrap();
    assert_eq!(meanwhile(&desk).await.missed, 2);
    assert_eq!(desk.view().popup, [""; 0], "in one line, not as cards");
    // Somebody who was called back is missed no more.
    let (call, out) = desk.call_out(STRANGER).await;
    desk.answer(&call, &out.id).await;
    desk.hang_up(&call, &out.id).await;
    desk.until("one that waits", |view| {
        view.pause.meanwhile.filter(|meanwhile| meanwhile.missed == 1)
    })
    .await;
    desk.engine.knows_of_missed().await;
    desk.until("that it is known", |view| view.pause.meanwhile.is_none().then_some(()))
        .await;
    assert_eq!(desk.view().missed, 1, "the list still has it");
}

#[tokio::test]
async fn d1_a_call_that_the_agent_takes_or_dials_in_a_pause_is_theirs_and_comes_up() {
    let desk = Desk::open().await;
    desk.engine.pause(HALF_HOUR).await.unwrap();
    let (call, rung) = rings_unseen(&desk, IVANOV).await;
    desk.answer(&call, &rung.id).await;
    desk.until("its card", |view| view.popup.contains(&rung.id).then_some(())).await;
    desk.opened().await;
    desk.hang_up(&call, &rung.id).await;
    desk.settled().await;
    // A call that rings unseen does not take the card of the minute after away.
    let (second, other) = rings_after(&desk).await;
    assert_eq!(desk.view().popup, [rung.id.as_str()]);
    desk.hang_up(&second, &other.id).await;
    let (call, out) = desk.call_out(STRANGER).await;
    desk.hang_up(&call, &out.id).await;
}

/// A second call, while the card of the first is there.
async fn rings_after(desk: &Desk) -> (String, CallView) {
    let before = desk.ids();
    let call = desk.sandbox.pbx().place(CallSpec::incoming(STRANGER, "101")).unwrap();
    let new = |call: &&CallView| !before.contains(&call.id) && call.phase == PhaseView::Ringing;
    let rung = desk.until("the call", |view| view.calls.iter().find(new).cloned()).await;
    desk.known(&rung.id).await;
    (call, rung)
}

#[tokio::test]
async fn d1_pausing_puts_away_what_rings_and_resuming_brings_it_back_while_it_does() {
    let desk = Desk::open().await;
    let (call, rung) = desk.ring(IVANOV).await;
    desk.engine.pause(HALF_HOUR).await.unwrap();
    desk.until("no popup", |view| view.popup.is_empty().then_some(())).await;
    desk.engine.resume().await.unwrap();
    desk.until("the popup again", |view| view.popup.contains(&rung.id).then_some(()))
        .await;
    desk.hang_up(&call, &rung.id).await;
}

#[tokio::test]
async fn d5_a_pause_and_what_was_missed_in_it_are_kept_over_restarts() {
    let mut desk = Desk::open().await;
    desk.engine.pause(HALF_HOUR).await.unwrap();
    let before = paused(&desk).await;
    assert!(before.until.is_some());
    desk.restart().await;
    assert_eq!(paused(&desk).await, before);
    missed_unseen(&desk, IVANOV).await;
    desk.settled().await;
    // The time passes while the program does not run.
    desk.restart_after(|file| {
        let store = store::Store::open(file).unwrap();
        let kept = store.setting("pause").unwrap().unwrap();
        let mut pause: serde_json::Value = serde_json::from_str(&kept).unwrap();
        pause["said"]["for"]["until"] = 1.into();
        store.set_setting("pause", &pause.to_string()).unwrap();
    })
    .await;
    comes(&desk).await;
    assert_eq!(meanwhile(&desk).await.missed, 1);
    desk.restart().await;
    assert_eq!(meanwhile(&desk).await.missed, 1, "until it is known");
    desk.engine.close_popup().await;
    desk.until("that it is known", |view| view.pause.meanwhile.is_none().then_some(()))
        .await;
    desk.restart().await;
    assert_eq!(desk.view().pause.meanwhile, None);
}

#[tokio::test]
async fn d1_outside_working_hours_popups_are_paused_until_the_agent_says_otherwise() {
    let mut desk = Desk::open().await;
    let set = async |desk: &Desk, hours: [&str; 7]| {
        let mut settings = desk.engine.settings().await.unwrap();
        settings.working_hours = hours.map(str::to_owned).to_vec();
        desk.engine.save_settings(settings, TypedSecrets::default()).await
    };
    // Whichever day and hour it is, these hold.
    set(&desk, [""; 7]).await.unwrap();
    let never = PausedView {
        by_hours: true,
        until: None,
    };
    assert_eq!(paused(&desk).await, never);
    missed_unseen(&desk, IVANOV).await;
    desk.restart().await;
    assert_eq!(paused(&desk).await, never);
    desk.engine.resume().await.unwrap();
    comes(&desk).await;
    desk.restart().await;
    assert_eq!(desk.view().pause.paused, None, "what was said holds until work begins");
    let saved = set(&desk, ["0-24"; 7]).await.unwrap();
    assert_eq!(saved.working_hours, ["00:00–24:00"; 7]);
    let (call, rung) = desk.ring(STRANGER).await;
    desk.hang_up(&call, &rung.id).await;
    set(&desk, [""; 7]).await.unwrap();
    assert_eq!(paused(&desk).await, never, "work has begun meanwhile");
}

#[tokio::test]
async fn bad_input_hours_and_lengths_that_there_are_not_are_refused_and_change_nothing() {
    let desk = Desk::open().await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.working_hours = ["9-18", "", "nine to five", "", "", "", ""].map(str::to_owned).to_vec();
    let refused = desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap_err();
    assert_eq!(
        (refused.trouble, refused.about.as_deref()),
        (TroubleView::BadSetting, Some("workingHours-2"))
    );
    for minutes in [0, u32::MAX] {
        let refused = desk.engine.pause(PauseFor::Minutes { minutes }).await.unwrap_err();
        assert_eq!(
            (refused.trouble, refused.about.as_deref()),
            (TroubleView::BadSetting, Some("minutes"))
        );
    }
    let (call, rung) = desk.ring(IVANOV).await;
    desk.hang_up(&call, &rung.id).await;
}

#[tokio::test]
async fn d5_a_pause_that_cannot_be_read_lets_popups_come() {
    let mut desk = Desk::open().await;
    desk.engine.pause(PauseFor::UntilSaid).await.unwrap();
    desk.restart_after(|file| {
        let store = store::Store::open(file).unwrap();
        store.set_setting("pause", r#"{"said": 7}"#).unwrap();
    })
    .await;
    let (call, rung) = desk.ring(IVANOV).await;
    desk.hang_up(&call, &rung.id).await;
    desk.settled().await;
    let linked = |call: &CallView| matches!(call.case, CallCaseView::Linked { .. });
    desk.call_until(&rung.id, "its case", linked).await;
}

#[tokio::test]
async fn a_reminder_that_is_due_waits_for_the_end_of_the_pause() {
    let mut desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    desk.engine.remind(&talked.id, "через час", String::new()).await.unwrap();
    desk.settled().await;
    desk.engine.pause(PauseFor::UntilSaid).await.unwrap();
    desk.restart_after(|file| {
        let mut store = store::Store::open(file).unwrap();
        let mut notes = store.restore().unwrap().notes;
        notes.reminders[0].due = calls::Moment(1);
        let changes = calls::Changes {
            notes: Some(notes),
            ..calls::Changes::default()
        };
        store.write_all(&changes, std::iter::empty()).unwrap();
    })
    .await;
    let in_popup = |due: bool, shown: bool| {
        desk.until("the reminder", move |view| {
            let one = view.reminders.first()?;
            (one.is_due == due && one.in_popup == shown).then_some(())
        })
    };
    in_popup(true, false).await;
    // What nobody saw there is not put by.
    desk.engine.close_popup().await;
    desk.engine.resume().await.unwrap();
    in_popup(true, true).await;
}
