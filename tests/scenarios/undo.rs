//! What was decided by itself can be undone in one click.
//!
//! That a late status overrules nobody's later decision is shown where time is a number: `deliver/status/tests.rs`.

use crate::desk::{Desk, IVANOV, STRANGER};
use calls::AgentAction;
use engine::view::{CallView, CaseStatusView, OutcomeView, TroubleView};
use sandbox::omnidesk::ByHand;

fn outcome(call: &CallView) -> &OutcomeView {
    call.outcome.as_ref().unwrap()
}

/// Undoes and waits for what follows. Returns the call as it is then.
async fn undone(desk: &Desk, id: &str) -> CallView {
    desk.engine.undo(id).await.unwrap();
    desk.settled().await;
    desk.call_until(id, "the mark", |call| call.outcome.as_ref().is_some_and(|outcome| outcome.undone))
        .await
}

fn status(desk: &Desk, case: u64) -> String {
    desk.sandbox.omnidesk().case(&case.to_string()).unwrap().status
}

#[tokio::test]
async fn s30_waiting_becomes_open_again_and_that_is_all() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    assert_eq!(
        (outcome(&ended).status, outcome(&ended).undo),
        (Some(CaseStatusView::Waiting), Some(CaseStatusView::Open))
    );
    let before = desk.only_case();
    let after = undone(&desk, &ended.id).await;
    assert_eq!((outcome(&after).status, outcome(&after).undo), (Some(CaseStatusView::Open), None));
    let case = desk.only_case();
    assert_eq!(case.status, "open");
    assert_eq!(
        (case.messages, case.staff_id, case.labels),
        (before.messages, before.staff_id, before.labels)
    );
    let again = desk.engine.undo(&ended.id).await.unwrap_err();
    assert_eq!(
        (again.trouble, again.about.as_deref()),
        (TroubleView::Refused, Some("nothingToUndo"))
    );
}

#[tokio::test]
async fn s34_a_case_closed_because_nothing_was_opened_is_open_again() {
    let desk = Desk::open().await;
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("closed", "anna@support.example")
    );
    let ended = desk.call_until(&dialing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(
        (outcome(&ended).rule.as_str(), outcome(&ended).undo),
        ("S34", Some(CaseStatusView::Open))
    );
    undone(&desk, &dialing.id).await;
    assert_eq!(desk.only_case().status, "open");
}

#[tokio::test]
async fn s33a_a_missed_case_that_a_conversation_closed_is_open_again() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(status(&desk, missed.case_id), "closed");
    let ended = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    let closed = outcome(&ended).closed_missed.clone().unwrap();
    assert_eq!(
        (outcome(&ended).rule.as_str(), closed.number.as_str()),
        ("S33a", missed.case_number.as_str())
    );
    undone(&desk, &ringing.id).await;
    assert_eq!(status(&desk, missed.case_id), "open");
    assert_eq!(desk.case_of(&ringing.id).await.status, "open");
}

#[tokio::test]
async fn s09_an_earlier_case_gets_back_the_status_it_had_when_it_was_chosen() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let close = ByHand::SetStatus {
        case: earlier.case_number.clone(),
        status: "closed".into(),
        staff_email: "boris@support.example".into(),
    };
    desk.by_hand(&close);
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine
        .attach(&ringing.id, &earlier.case_id.to_string(), "Ещё раз о том же".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(status(&desk, earlier.case_id), "waiting");
    undone(&desk, &ringing.id).await;
    assert_eq!(status(&desk, earlier.case_id), "closed");
    let last = desk.sandbox.omnidesk().case(&earlier.case_number).unwrap().messages.pop().unwrap();
    assert!(last.content.starts_with("Ещё раз о том же"), "the note stays");
}

#[tokio::test]
async fn s31_an_open_missed_case_has_nothing_to_undo() {
    let desk = Desk::open().await;
    desk.missed(IVANOV).await;
    let call = desk.view().calls[0].clone();
    assert_eq!(outcome(&call).undo, None);
    let refused = desk.engine.undo(&call.id).await.unwrap_err();
    assert_eq!(refused.about.as_deref(), Some("nothingToUndo"));
    assert_eq!(desk.only_case().status, "open");
}

#[tokio::test]
async fn s34_what_is_undone_before_it_was_delivered_ends_as_undone() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    use sandbox::omnidesk::{Fault, FaultRule};
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("PUT", "/api/*").times(0));
    desk.hang_up(&call, &ringing.id).await;
    desk.case_of(&ringing.id).await;
    desk.engine.undo(&ringing.id).await.unwrap();
    desk.restart_unconnected().await;
    let kept = desk.call_until(&ringing.id, "the call", |_| true).await;
    assert!(outcome(&kept).undone, "a restart forgets no decision");
    desk.sandbox.omnidesk().clear_faults();
    desk.connected().await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "open", "the last word counts, in order");
}
