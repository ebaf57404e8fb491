//! Restarts and lost connections in the middle of a call (D3, D5).

use crate::desk::{Desk, IVANOV, LONG};
use engine::view::{CallCaseView, LinkStateView, PhaseView};
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::pbx::PbxFault;

#[tokio::test]
async fn d5_a_restart_in_the_middle_of_a_call_finds_the_same_call_with_the_same_draft() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .save_draft(&ringing.id, "Тема".into(), "Начало сути".into())
        .await
        .unwrap();
    desk.restart().await;
    let after = desk
        .call_until(&ringing.id, "the call", |call| call.phase == PhaseView::Talking)
        .await;
    assert_eq!((after.draft.subject.as_str(), after.draft.gist.as_str()), ("Тема", "Начало сути"));
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.subject.as_str(), case.status.as_str()), ("Тема", "waiting"));
}

#[tokio::test]
async fn d5_what_is_owed_survives_a_restart_while_omnidesk_is_out() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("POST", "/api/*").times(0));
    desk.hang_up(&call, &ringing.id).await;
    desk.until("a failed attempt", |view| {
        view.outbox
            .iter()
            .any(|row| row.attempts > 0 && row.trouble.is_some())
            .then_some(())
    })
    .await;
    desk.restart().await;
    desk.sandbox.omnidesk().clear_faults();
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn d3_a_cut_connection_is_made_again_and_the_call_goes_on() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.sandbox.pbx().fault(&PbxFault::DropSockets);
    desk.until("the cut", |view| (view.pbx.state != LinkStateView::Up).then_some(()))
        .await;
    desk.connected().await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn d3_a_call_that_ended_while_nobody_listened_is_finished_after_the_reconnect() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.sandbox.pbx().fault(&PbxFault::Restart { ms: 300 });
    desk.call_until(&ringing.id, "the end", |call| call.phase == PhaseView::Ended).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    // Its recording died with the PBX: the case does not wait for it.
    let waits = desk
        .sandbox
        .omnidesk()
        .until(LONG, |omnidesk| omnidesk.new_cases().iter().any(|case| case.status == "waiting"))
        .await;
    assert!(waits, "{:?}", desk.only_case());
}

#[tokio::test]
async fn d5_an_engine_that_breaks_in_the_middle_of_a_call_starts_again_from_its_journal_and_says_so() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .save_draft(&ringing.id, "Тема".into(), "Начало сути".into())
        .await
        .unwrap();
    let before = desk.desktop.view().revision;
    // Also the word that it starts again breaks it: nothing may depend on that.
    desk.desktop.break_at_next(2);
    desk.engine
        .save_draft(&ringing.id, "Тема".into(), "Начало сути, и дальше".into())
        .await
        .unwrap();
    let after = desk
        .call_until(&ringing.id, "the call again", |call| {
            call.phase == PhaseView::Talking && call.draft.gist.ends_with("дальше")
        })
        .await;
    assert_eq!(after.draft.subject, "Тема");
    let view = desk.desktop.view();
    assert_eq!(view.faults.restarts, 1);
    assert!(view.faults.restarted_at.is_some());
    assert!(view.revision > before, "windows take no older state than theirs");
    desk.connected().await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.subject.as_str(), case.status.as_str()), ("Тема", "waiting"));
}

#[tokio::test]
async fn an_engine_that_keeps_breaking_is_tried_again_until_it_holds() {
    let desk = Desk::open().await;
    desk.desktop.break_at_next(6);
    desk.engine.show_test_call().await;
    desk.until("the engine again", |view| {
        (view.faults.restarts >= 3 && view.pbx.state == LinkStateView::Up).then_some(())
    })
    .await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn an_engine_that_was_stopped_has_closed_its_line_to_the_pbx_and_its_file() {
    let desk = Desk::open().await;
    assert_eq!(desk.sandbox.pbx().sockets(), 1);
    desk.engine.stop().await;
    ringside_tests::in_time("the line to close", LONG, async {
        while desk.sandbox.pbx().sockets() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    // The write-ahead log is gone with the last connection to the file.
    let log = desk.data_file().with_extension("db-wal");
    assert!(!log.exists(), "{}", log.display());
    // Stopping twice, or a stopped engine, is nothing.
    desk.engine.stop().await;
}
