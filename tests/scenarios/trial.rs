//! The call that the set-up is tried with (D6): a colleague's, so that no case comes of it (S16), and in the popup all the same.

use crate::desk::Desk;
use engine::view::{CallCaseView, CallView, DirectionView, PhaseView};
use sandbox::CallSpec;

/// A colleague calls: the sandbox's id, and the call as the desk has it.
async fn colleague_calls(desk: &Desk) -> (String, CallView) {
    let before: Vec<String> = desk.view().calls.into_iter().map(|call| call.id).collect();
    let call = desk.sandbox.pbx().place(CallSpec::internal("102", "101")).unwrap();
    let ringing = desk.until("the colleague's call", |view| {
        let new = |call: &&CallView| call.direction == DirectionView::Internal && !before.contains(&call.id);
        view.calls.iter().find(new).cloned()
    });
    (call, ringing.await)
}

#[tokio::test]
async fn d6_s16_the_call_that_the_set_up_is_tried_with_is_in_the_popup_and_nothing_comes_of_it() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, ringing) = colleague_calls(&desk).await;
    assert_eq!(desk.view().popup, [""; 0], "colleagues among themselves");
    desk.hang_up(&call, &ringing.id).await;

    desk.engine.await_trial(true).await;
    let (call, ringing) = colleague_calls(&desk).await;
    desk.until("the popup", |view| (view.popup == [ringing.id.clone()]).then_some(()))
        .await;
    desk.answer(&call, &ringing.id).await;
    assert!(desk.view().popup.iter().eq([&ringing.id]));
    desk.hang_up(&call, &ringing.id).await;
    let over = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!((over.phase, &over.case), (PhaseView::Ended, &CallCaseView::None));
    assert_eq!(over.outcome.map(|outcome| outcome.reason).as_deref(), Some("internal"));

    let (call, ringing) = colleague_calls(&desk).await;
    assert!(!desk.view().popup.contains(&ringing.id), "one call is the trial");
    desk.hang_up(&call, &ringing.id).await;
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0, "Omnidesk was not asked at all");
    assert!(desk.view().outbox.is_empty());
}
