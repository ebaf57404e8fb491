//! Another Omnidesk account in the settings: nothing owed goes astray, and nobody of the old account is shown for a number.

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, CommandError, OutboxStateView, TroubleView, TypedSecrets};
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::{Options, Sandbox};

/// An account that nobody has called yet.
async fn other_account() -> Sandbox {
    let options = Options {
        seed_users: false,
        ..Options::default()
    };
    Sandbox::start(options).await.unwrap()
}

/// Saves the settings with another address or e-mail.
async fn save(desk: &Desk, url: Option<String>, email: Option<&str>) -> Result<(), CommandError> {
    let mut settings = desk.engine.settings().await.unwrap();
    settings.omnidesk_url = url.unwrap_or(settings.omnidesk_url);
    settings.email = email.map_or(settings.email, str::to_owned);
    desk.engine.save_settings(settings, TypedSecrets::default()).await.map(drop)
}

fn refused(about: &str) -> Result<(), CommandError> {
    Err(CommandError {
        trouble: TroubleView::Refused,
        about: Some(about.into()),
    })
}

async fn talk_in_a_case(desk: &Desk) -> CallView {
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
    desk.call_until(&ringing.id, "its case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await
}

#[tokio::test]
async fn d5_what_is_still_owed_keeps_the_account() {
    let (desk, other) = (Desk::open().await, other_account().await);
    let refusal = Fault::Status {
        status: 422,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refusal).on("POST", "/api/cases.json"));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    assert_eq!(
        save(&desk, Some(other.omnidesk_url()), None).await,
        refused("inCall"),
        "a call goes on"
    );
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let row = desk.wedged("case").await;
    assert_eq!(save(&desk, Some(other.omnidesk_url()), None).await, refused("owed"));
    assert_eq!(
        desk.engine.settings().await.unwrap().omnidesk_url,
        desk.sandbox.omnidesk_url(),
        "nothing was changed"
    );
    desk.engine.retry(&row.id).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting", "in the account that it was owed to");
    assert_eq!(save(&desk, Some(other.omnidesk_url()), None).await, Ok(()));
    desk.connected().await;
    assert_eq!(other.omnidesk().new_cases(), []);
}

#[tokio::test]
async fn d5_what_a_person_gave_up_keeps_no_account() {
    let (desk, other) = (Desk::open().await, other_account().await);
    let refusal = Fault::Status {
        status: 422,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refusal).on("POST", "/api/cases.json"));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let row = desk.wedged("case").await;
    desk.engine.give_up(&row.id).await.unwrap();
    assert_eq!(save(&desk, Some(other.omnidesk_url()), None).await, Ok(()));
}

#[tokio::test]
async fn s01_s25_nobody_and_no_case_of_the_old_account_is_met_in_the_new_one() {
    let (mut desk, other) = (Desk::open().await, other_account().await);
    desk.missed(IVANOV).await;
    let told = talk_in_a_case(&desk).await;
    desk.missed(IVANOV).await;
    assert_eq!(save(&desk, Some(other.omnidesk_url()), None).await, Ok(()));
    desk.connected().await;
    let old = desk.sandbox.omnidesk().clone();
    old.clear_requests();
    let calls = desk
        .until("the calls without their cases", |view| {
            let bare = |call: &CallView| call.case == CallCaseView::None && call.caller == CallerView::NotLookedUp;
            (view.calls.len() == 3 && view.calls.iter().all(bare)).then(|| view.calls.clone())
        })
        .await;
    let kept = calls.iter().find(|call| call.id == told.id).unwrap();
    assert_eq!(
        (&kept.number, kept.answered_at, kept.ended_at),
        (&told.number, told.answered_at, told.ended_at)
    );
    assert_eq!(desk.view().outbox, [], "what was sent was sent to somebody else");
    assert_eq!(
        desk.engine.undo(&told.id).await.unwrap_err().about.as_deref(),
        Some("nothingToUndo")
    );

    let (call, ringing) = desk.ring(IVANOV).await;
    assert_eq!(
        desk.known(&ringing.id).await.caller,
        CallerView::Unknown,
        "nobody here has the number"
    );
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let new = other.omnidesk().new_cases();
    assert_eq!(new.len(), 1, "{new:#?}");
    assert_eq!((new[0].status.as_str(), new[0].messages.len()), ("open", 1), "a case of its own");
    assert!(desk.engine.search_users("Иванов").await.unwrap().is_empty());

    desk.restart().await;
    let again = desk.call_until(&told.id, "the call", |_| true).await;
    assert_eq!((again.case, again.caller), (CallCaseView::None, CallerView::NotLookedUp));
    assert_eq!(old.requests(), [], "the old account hears nothing any more");
}

#[tokio::test]
async fn s15_a_call_of_before_can_have_a_case_in_the_new_account() {
    let (desk, other) = (Desk::open().await, other_account().await);
    let told = talk_in_a_case(&desk).await;
    assert_eq!(save(&desk, Some(other.omnidesk_url()), None).await, Ok(()));
    desk.connected().await;
    let create = AgentAction::CreateCase {
        subject: "Заново".into(),
        gist: String::new(),
    };
    desk.act(&told.id, create).await;
    desk.settled().await;
    let new = other.omnidesk().new_cases();
    assert_eq!((new.len(), new[0].subject.as_str()), (1, "Заново"), "{new:#?}");
}

#[tokio::test]
async fn another_agent_or_key_of_the_same_account_changes_nothing_that_is_known() {
    let desk = Desk::open().await;
    let told = talk_in_a_case(&desk).await;
    let sent = desk.view().outbox;
    assert_eq!(save(&desk, None, Some("boris@support.example")).await, Ok(()));
    desk.connected().await;
    let kept = desk.call_until(&told.id, "the call", |_| true).await;
    assert_eq!((kept.case, kept.outcome), (told.case, told.outcome));
    assert!(matches!(kept.caller, CallerView::Known { .. }));
    assert_eq!(desk.view().outbox, sent);
    // What is owed is no obstacle either.
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("POST", "/api/*").times(0));
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    assert_eq!(save(&desk, None, Some("anna@support.example")).await, Ok(()));
    desk.connected().await;
    desk.hang_up(&call, &ringing.id).await;
    desk.until("what is owed", |view| {
        view.outbox.iter().any(|row| row.state != OutboxStateView::Done).then_some(())
    })
    .await;
    desk.sandbox.omnidesk().clear_faults();
    assert_eq!(save(&desk, Some(format!("{}/", desk.sandbox.omnidesk_url())), None).await, Ok(()));
    desk.settled().await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 2);
}
