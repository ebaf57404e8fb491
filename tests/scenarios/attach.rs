//! Attaching a call to an earlier case (S08, S09).

use crate::desk::{Desk, IVANOV, LONG};
use calls::AgentAction;
use engine::view::{CallCaseView, CommandError, TroubleView};
use sandbox::omnidesk::MessageKind;

fn create() -> AgentAction {
    AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    }
}

fn has_case(refused: &CommandError) -> bool {
    (refused.trouble, refused.about.as_deref()) == (TroubleView::Refused, Some("hasCase"))
}

#[tokio::test]
async fn s08_the_gist_can_be_replaced_until_the_call_ends_and_is_written_once() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let case = earlier.case_id.to_string();
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine.attach(&ringing.id, &case, "Первая мысль".into()).await.unwrap();
    let linked = desk
        .call_until(&ringing.id, "the case", |call| call.case != CallCaseView::None)
        .await;
    let CallCaseView::Linked {
        number, attached: true, ..
    } = linked.case
    else {
        panic!("attached: {:?}", linked.case)
    };
    assert_eq!(number, earlier.case_number);
    desk.engine.attach(&ringing.id, &case, "Вторая мысль".into()).await.unwrap();
    desk.engine
        .save_draft(&ringing.id, String::new(), "Третья мысль".into())
        .await
        .unwrap();
    let now = desk.sandbox.omnidesk().case(&case).unwrap();
    assert_eq!(now, earlier, "nothing is written while they talk");
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let after = desk.sandbox.omnidesk().case(&case).unwrap();
    assert_eq!(after.messages.len(), earlier.messages.len() + 1, "{:?}", after.messages);
    let note = after.messages.last().unwrap();
    assert!(note.content.starts_with("Третья мысль\n\nВходящий звонок с"), "{}", note.content);
    assert_eq!(
        (note.kind, note.attachments.len(), note.sent_to_client),
        (MessageKind::Note, 1, false)
    );
    assert_eq!(
        (after.status.as_str(), after.staff_email.as_str()),
        ("waiting", "anna@support.example")
    );
}

#[tokio::test]
async fn s08_one_call_goes_to_one_case() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let case = earlier.case_id.to_string();
    desk.engine.attach(&ringing.id, &case, "Суть".into()).await.unwrap();
    assert!(has_case(&desk.engine.act(&ringing.id, create()).await.unwrap_err()));
    let others = desk.sandbox.omnidesk().cases();
    let other = others.iter().find(|case| case.case_id != earlier.case_id).unwrap();
    let twice = desk.engine.attach(&ringing.id, &other.case_id.to_string(), "Ещё".into()).await;
    assert!(has_case(&twice.unwrap_err()));
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
    let after = desk.sandbox.omnidesk().case(&other.case_id.to_string()).unwrap();
    assert_eq!(&after, other, "the other case is as it was");
}

#[tokio::test]
async fn s08_a_call_with_a_new_case_is_not_attached_to_another() {
    let desk = Desk::open().await;
    let case = desk.earlier_case().case_id.to_string();
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, create()).await;
    assert!(has_case(&desk.engine.attach(&ringing.id, &case, "Суть".into()).await.unwrap_err()));
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    desk.only_case();
}

#[tokio::test]
async fn s08_after_the_end_the_case_that_appeared_by_itself_stays_the_calls() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let ended = desk.talk(IVANOV).await;
    let late = desk.engine.attach(&ended.id, &earlier.case_id.to_string(), "Поздно".into()).await;
    assert!(has_case(&late.unwrap_err()));
    desk.only_case();
}

#[tokio::test]
async fn s09_a_call_without_a_case_can_be_attached_after_its_end() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let case = earlier.case_id.to_string();
    let ended = desk.talk("anonymous").await;
    assert_eq!(ended.case, CallCaseView::None, "nobody to write for");
    desk.engine
        .attach(&ended.id, &case, "Это был Иванов с чужого телефона".into())
        .await
        .unwrap();
    desk.settled().await;
    let after = desk.case_of(&ended.id).await;
    assert_eq!((after.case_id, after.messages.len()), (earlier.case_id, earlier.messages.len() + 1));
    let note = after.messages.last().unwrap();
    assert!(
        note.content
            .starts_with("Это был Иванов с чужого телефона\n\nВходящий звонок со скрытого номера"),
        "{}",
        note.content
    );
    assert_eq!(note.attachments.len(), 1);
    assert_eq!(after.status, "waiting");
}

#[tokio::test]
async fn s08_the_way_back_to_the_profile_and_a_new_case_instead_is_open_until_something_is_saved() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    // The agent looks at the case, goes back, composes, goes back, and attaches after all.
    let page = desk.engine.case_page(&earlier.case_id.to_string(), false).await.unwrap();
    assert_eq!(page.case.number, earlier.case_number);
    desk.act(&ringing.id, AgentAction::OpenCompose).await;
    desk.engine
        .attach(&ringing.id, &earlier.case_id.to_string(), "Всё же сюда".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(
        desk.sandbox.omnidesk().new_cases().len(),
        0,
        "S07 does not apply to a call that has a case"
    );
    let after = desk.sandbox.omnidesk().case(&earlier.case_number).unwrap();
    assert!(after.messages.last().unwrap().content.starts_with("Всё же сюда"));
}

#[tokio::test]
async fn s09_the_page_of_the_case_shows_the_calls_message_with_its_recording() {
    let desk = Desk::open().await;
    let case = desk.earlier_case().case_id.to_string();
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.engine.attach(&ringing.id, &case, "Суть".into()).await.unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let page = desk.engine.case_page(&case, false).await.unwrap();
    let of_call: Vec<_> = page
        .messages
        .iter()
        .filter(|message| message.call.as_deref() == Some(ringing.id.as_str()))
        .collect();
    assert_eq!(of_call.len(), 1, "{:#?}", page.messages);
    assert!(of_call[0].note && of_call[0].attachments.iter().any(|file| file.audio));
}

#[tokio::test]
async fn s08_a_case_that_is_unknown_is_refused_and_the_call_stays_free() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    for nonsense in ["999999999", "", "../users", "12-34"] {
        let refused = desk.engine.attach(&ringing.id, nonsense, "Суть".into()).await.unwrap_err();
        assert_eq!(refused.trouble, TroubleView::Gone, "{nonsense:?}");
    }
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert!(
        desk.sandbox
            .omnidesk()
            .until(LONG, |omnidesk| omnidesk.new_cases().len() == 1)
            .await
    );
}
