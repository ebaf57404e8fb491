//! Calls out that the PBX refuses at once (S18), and the test that finds out before (D6).

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, DispositionView, TestLine, TestOutcome, TroubleView, TypedSecrets};

const NOWHERE: &str = "from-nowhere";

async fn context_line(desk: &Desk) -> TestLine {
    let settings = desk.engine.settings().await.unwrap();
    let lines = desk.engine.test_pbx(settings, TypedSecrets::default()).await.unwrap();
    lines.into_iter().find(|line| line.step == "context").unwrap()
}

async fn refused(desk: &Desk, case: Option<&str>) -> CallView {
    let (call, id) = desk.dial(IVANOV, case).await;
    desk.sandbox.pbx().answer(&call).unwrap();
    let call = desk.call_until(&id, "the outcome", |call| call.outcome.is_some()).await;
    desk.settled().await;
    call
}

#[tokio::test]
async fn s18_an_order_into_a_context_that_is_not_there_could_not_be_connected_and_leaves_no_case() {
    let desk = Desk::open_with(|settings| settings.context = NOWHERE.into()).await;
    let call = refused(&desk, None).await;
    assert_eq!(
        (call.disposition, call.trouble, &call.case),
        (Some(DispositionView::Failed), Some(TroubleView::NoRoute), &CallCaseView::None)
    );
    assert_eq!(call.outcome.unwrap().reason, "notPlaced");
    assert_eq!(desk.sandbox.omnidesk().new_cases(), []);
}

#[tokio::test]
async fn s18_d6_the_connection_test_says_which_context_leads_nowhere() {
    let wrong = Desk::open_with(|settings| settings.context = NOWHERE.into()).await;
    let line = context_line(&wrong).await;
    assert_eq!((line.outcome, line.trouble), (TestOutcome::Failed, Some(TroubleView::Gone)));
    let right = Desk::open().await;
    assert_eq!(context_line(&right).await.outcome, TestOutcome::Passed);
}
#[tokio::test]
async fn s18_what_was_typed_about_a_refused_order_can_still_be_sent() {
    let desk = Desk::open_with(|settings| settings.context = NOWHERE.into()).await;
    let (call, id) = desk.dial(IVANOV, None).await;
    let typed = AgentAction::SaveDraft {
        subject: "Счёт".into(),
        gist: "Перезвонить завтра".into(),
    };
    desk.engine.act(&id, typed).await.unwrap();
    desk.sandbox.pbx().answer(&call).unwrap();
    desk.call_until(&id, "the outcome", |call| call.outcome.is_some()).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.subject, "Счёт");
    assert!(case.messages[0].content.contains("Перезвонить завтра"), "{:?}", case.messages);
}
