//! A recording that cannot be had: the call's own message tells everything else, and nothing is written twice.

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::{CallCaseView, RecordingView};
use sandbox::pbx::PbxFault;

fn refuse_recordings(desk: &Desk) {
    desk.sandbox.pbx().fault(&PbxFault::RestStatus {
        status: 400,
        count: 0,
        method: Some("GET".into()),
        path: Some("recordings".into()),
    });
}

#[tokio::test]
async fn s15_a_recording_that_cannot_be_had_leaves_the_one_message_alone() {
    let desk = Desk::open().await;
    refuse_recordings(&desk);
    let ended = desk.talk(IVANOV).await;
    desk.call_until(&ended.id, "word that there is none", |call| call.recording == RecordingView::Failed)
        .await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages.len(), 1, "{:?}", case.messages);
    assert!(case.messages[0].attachments.is_empty());
}

#[tokio::test]
async fn s06_how_a_call_ended_is_told_without_its_recording_too() {
    let desk = Desk::open().await;
    refuse_recordings(&desk);
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages.len(), 2, "{:?}", case.messages);
    assert!(case.messages[1].content.starts_with("Звонок завершён: "), "{:?}", case.messages[1]);
}
