//! What an ended call leaves in Omnidesk (S07, S15, S25, S27, S29-S31).

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, DispositionView};
use sandbox::CallSpec;

#[tokio::test]
async fn s07_abandoned_compose_opens_case() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, AgentAction::OpenCompose).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.subject.as_str(), case.status.as_str()),
        ("Входящий звонок с +7 (916) 123-45-67", "open")
    );
    assert_eq!(case.messages.len(), 1, "the first message carries the player: {:?}", case.messages);
    assert_eq!(case.messages[0].attachments.len(), 1);
}

#[tokio::test]
async fn s15_s30_an_answered_call_without_a_case_gets_one_that_waits() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("waiting", "anna@support.example")
    );
    assert_eq!(case.messages.len(), 1, "one message per call");
    assert_eq!(case.messages[0].attachments.len(), 1, "with its recording");
    assert!(matches!(ended.case, CallCaseView::Linked { number, .. } if number == case.case_number));
}

#[tokio::test]
async fn s15_what_had_been_typed_is_used() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, AgentAction::OpenCompose).await;
    desk.engine
        .save_draft(&ringing.id, "Договор".into(), "Спрашивает про".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.subject.as_str(), case.status.as_str()), ("Договор", "waiting"));
    assert!(case.messages[0].content.starts_with("Спрашивает про\n\n"));
}

#[tokio::test]
async fn s15_what_is_finished_after_the_end_corrects_the_case_instead_of_making_another() {
    let desk = Desk::open().await;
    let ended = desk.talk(STRANGER).await;
    desk.act(
        &ended.id,
        AgentAction::CreateCase {
            subject: "Итог".into(),
            gist: "Дописано после звонка".into(),
        },
    )
    .await;
    let corrected = |_: &_| {
        let case = desk.only_case();
        (case.subject == "Итог" && case.messages[0].content.starts_with("Дописано после звонка")).then_some(case)
    };
    let case = desk.until("the corrected case", corrected).await;
    assert_eq!(case.messages.len(), 1);
}

#[tokio::test]
async fn s25_s31_an_unanswered_call_becomes_an_open_case() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.sandbox.pbx().hang_up(&call).unwrap();
    let ended = desk.call_until(&ringing.id, "the end", |call| call.ended_at.is_some()).await;
    assert_eq!(ended.disposition, Some(DispositionView::Missed));
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.subject.as_str(), case.status.as_str()),
        ("Пропущенный звонок с +7 (916) 123-45-67", "open")
    );
    assert!(
        case.labels.iter().any(|label| label == "Пропущенный"),
        "the red handset's label: {:?}",
        case.labels
    );
    assert_eq!(case.staff_id, 0, "nobody is responsible yet");
}

#[tokio::test]
async fn s27_missed_calls_of_one_user_share_a_case_until_a_conversation() {
    let desk = Desk::open().await;
    for _ in 0..2 {
        let (call, ringing) = desk.ring(IVANOV).await;
        desk.known(&ringing.id).await;
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        desk.engine.close_popup().await;
    }
    let missed = desk.only_case();
    assert_eq!(missed.messages.len(), 2, "{:?}", missed.messages);
    desk.talk(IVANOV).await;
    let cases = desk.sandbox.omnidesk().new_cases();
    assert_eq!(cases.len(), 2);
    let missed = desk.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!(missed.status, "closed", "S33a: the conversation has a case of its own");
}

#[tokio::test]
async fn s29_a_call_that_reaches_no_agent_leaves_nothing() {
    let desk = Desk::open().await;
    let call = desk
        .sandbox
        .pbx()
        .place(CallSpec::ivr(IVANOV).scripted(sandbox::pbx::Outcome::Answered, 10, 200))
        .unwrap();
    assert!(desk.sandbox.pbx().ended(&call, LONG).await);
    // A call that does ring shows that everything before it was taken in.
    let (_, ringing) = desk.ring(STRANGER).await;
    assert_eq!(
        desk.view().calls.iter().map(|call| call.id.as_str()).collect::<Vec<_>>(),
        [ringing.id.as_str()]
    );
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
}

#[tokio::test]
async fn a_call_answered_by_a_colleague_is_neither_missed_nor_a_case_here() {
    let desk = Desk::open().await;
    let call = desk.sandbox.pbx().place(CallSpec::group(IVANOV, &["101", "102"])).unwrap();
    let ringing = desk.until("the popup", |view| view.popup.first().cloned()).await;
    desk.sandbox.pbx().answer_by(&call, "102").unwrap();
    let ended = desk.call_until(&ringing, "the end", |call| call.ended_at.is_some()).await;
    assert_eq!(ended.disposition, Some(DispositionView::AnsweredElsewhere));
    desk.until("the popup's end", |view| view.popup.is_empty().then_some(())).await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
}

crate::desk::also_in_a_fresh_account!(
    s15_s30_an_answered_call_without_a_case_gets_one_that_waits,
    s25_s31_an_unanswered_call_becomes_an_open_case,
    s27_missed_calls_of_one_user_share_a_case_until_a_conversation,
    s29_a_call_that_reaches_no_agent_leaves_nothing,
);
