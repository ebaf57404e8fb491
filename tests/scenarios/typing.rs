//! Text typed up to, over and after the hang-up reaches the case, once (S07, S15, D5).

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::CallView;
use sandbox::omnidesk::CaseDump;

fn typed(gist: &str) -> AgentAction {
    AgentAction::SaveDraft {
        subject: String::new(),
        gist: gist.into(),
    }
}

/// How often a text stands in a case.
fn count(case: &CaseDump, text: &str) -> usize {
    case.messages.iter().filter(|message| message.content.contains(text)).count()
}

async fn unsent(desk: &Desk, id: &str, wanted: bool) -> CallView {
    desk.call_until(id, "the text to be sent, or not", |call| call.draft.unsent == wanted)
        .await
}

#[tokio::test]
async fn s07_s15_letters_typed_over_the_hang_up_are_in_the_case_and_the_page_was_not_left_empty() {
    let desk = Desk::open().await;
    let (call, rung) = desk.ring(IVANOV).await;
    let id = rung.id;
    desk.answer(&call, &id).await;
    desk.engine.act(&id, AgentAction::OpenCompose).await.unwrap();
    desk.hang_up(&call, &id).await;
    desk.call_until(&id, "the end", |call| call.outcome.is_some()).await;
    desk.engine.act(&id, typed("Просит счёт")).await.unwrap();
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((count(&case, "Просит счёт"), case.status.as_str()), (1, "waiting"), "{case:#?}");
    assert!(case.messages[0].content.contains("Просит счёт"), "in the message about the call");
    let call = unsent(&desk, &id, false).await;
    assert_eq!(call.outcome.unwrap().reason, "answeredOnlyTyped");
}

#[tokio::test]
async fn s15_d5_text_typed_after_the_case_was_written_is_added_once_also_over_a_restart() {
    let mut desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    desk.settled().await;
    desk.engine.act(&talked.id, typed("Перезвонить завтра")).await.unwrap();
    unsent(&desk, &talked.id, true).await;
    assert_eq!(count(&desk.only_case(), "Перезвонить завтра"), 0, "the agent may be typing on");
    desk.restart().await;
    unsent(&desk, &talked.id, false).await;
    desk.settled().await;
    desk.engine.act(&talked.id, AgentAction::SendDraft).await.unwrap();
    desk.settled().await;
    assert_eq!(count(&desk.only_case(), "Перезвонить завтра"), 1);
}

#[tokio::test]
async fn s15_leaving_the_page_sends_the_addition() {
    let desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    desk.settled().await;
    desk.engine.act(&talked.id, typed("Перезвонить завтра")).await.unwrap();
    desk.engine.act(&talked.id, AgentAction::SendDraft).await.unwrap();
    unsent(&desk, &talked.id, false).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(count(&case, "Перезвонить завтра"), 1, "{case:#?}");
    let page = desk.engine.case_page(&case.case_id.to_string(), true).await.unwrap();
    let of_call = page
        .messages
        .iter()
        .filter(|message| message.call.as_deref() == Some(talked.id.as_str()))
        .count();
    assert_eq!(of_call, 2, "the addition belongs to the call");
}
