//! Omnidesk or the PBX misbehaves: a clear state, and nothing is lost.

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{CallCaseView, CallerView, LinkStateView, OutboxStateView, TroubleView};
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::pbx::PbxFault;

const CASES: &str = "/api/cases.json";

#[tokio::test]
async fn a_wrong_key_is_said_and_the_call_is_still_shown_and_kept() {
    let desk = Desk::with_wrong_key().await;
    let trouble = desk.until("Omnidesk's refusal", |view| view.omnidesk.trouble).await;
    assert_eq!(trouble, TroubleView::BadCredentials);
    desk.until("the PBX", |view| (view.pbx.state == LinkStateView::Up).then_some(()))
        .await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.call_until(&ringing.id, "the failed look-up", |call| {
        matches!(call.caller, CallerView::Unavailable { .. })
    })
    .await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let owed = desk.until("what is owed", |view| view.outbox.first().cloned()).await;
    assert_eq!((owed.what.as_str(), owed.state), ("case", OutboxStateView::Queued));
}

#[tokio::test]
async fn a_refusal_at_the_start_that_was_mended_does_not_keep_cases_back() {
    let mut desk = Desk::open().await;
    let refusal = Fault::Status {
        status: 401,
        body: None,
        retry_after: None,
    };
    desk.sandbox.omnidesk().fault(FaultRule::once(refusal).on("GET", "/api/staff.json"));
    desk.restart_unconnected().await;
    desk.until("the refusal", |view| {
        (view.omnidesk.trouble == Some(TroubleView::BadCredentials)).then_some(())
    })
    .await;
    desk.until("the PBX", |view| (view.pbx.state == LinkStateView::Up).then_some(()))
        .await;
    desk.talk(IVANOV).await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn a_refused_case_needs_a_decision_and_goes_through_when_retried() {
    let desk = Desk::open().await;
    let refusal = Fault::Status {
        status: 422,
        body: Some(serde_json::json!({"error": "staff_has_not_access"})),
        retry_after: None,
    };
    desk.sandbox.omnidesk().fault(FaultRule::once(refusal).on("POST", CASES));
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let row = desk
        .until("the refusal", |view| {
            view.outbox.iter().find(|row| row.state == OutboxStateView::Wedged).cloned()
        })
        .await;
    assert_eq!((row.what.as_str(), row.code.as_deref()), ("case", Some("staff_has_not_access")));
    desk.engine.retry(&row.id).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn passing_faults_delay_a_case_but_never_lose_or_double_it() {
    for fault in [
        Fault::Status {
            status: 500,
            body: None,
            retry_after: None,
        },
        Fault::Status {
            status: 429,
            body: None,
            retry_after: Some(1),
        },
        Fault::Html { status: 502 },
        Fault::Hang { ms: 1_500 },
        Fault::Reset,
        Fault::Lost { ms: 0 },
        Fault::Truncated,
    ] {
        let desk = Desk::open().await;
        desk.sandbox.omnidesk().fault(FaultRule::once(fault.clone()).on("POST", CASES));
        desk.talk(IVANOV).await;
        let case = desk.only_case();
        assert_eq!((case.status.as_str(), case.messages.len()), ("waiting", 1), "{fault:?}");
    }
}

#[tokio::test]
async fn an_unknown_fate_is_not_forgotten_when_looking_fails_too() {
    let desk = Desk::open().await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Lost { ms: 0 }).on("POST", CASES));
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("GET", CASES).times(2));
    desk.talk(STRANGER).await;
    let case = desk.only_case();
    assert_eq!((case.status.as_str(), case.messages.len()), ("waiting", 1));
}

#[tokio::test]
async fn a_text_that_a_colleague_changed_in_omnidesk_stays_and_ours_goes_beside_it() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = calls::AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    desk.edit_by_hand(&desk.only_case(), "Исправлено коллегой").await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages[0].content, "Исправлено коллегой");
    assert_eq!(case.messages.len(), 2, "how the call ended stands beside it: {:?}", case.messages);
    assert_eq!(case.status, "waiting");
}

#[tokio::test]
async fn a_refused_link_does_not_hold_up_the_case() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let refusal = Fault::Status {
        status: 422,
        body: Some(serde_json::json!({"error": "staff_has_not_access"})),
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refusal).on("PUT", "/api/users/*/link.json").times(0));
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user = calls::UserId(found[0].user.id.parse().unwrap());
    desk.act(&ringing.id, calls::AgentAction::LinkUser { user }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    assert!(desk.only_case().user_name.contains("Иванов"));
    let wedged: Vec<_> = desk
        .view()
        .outbox
        .into_iter()
        .filter(|row| row.state == OutboxStateView::Wedged)
        .map(|row| row.what)
        .collect();
    assert_eq!(wedged, ["link"], "and the refusal is shown");
}

#[tokio::test]
async fn a_lost_answer_to_a_note_is_looked_for_before_it_is_written_again() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = calls::AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Lost { ms: 0 }).on("POST", "/api/cases/*/note.json"));
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let files: Vec<_> = desk
        .only_case()
        .messages
        .into_iter()
        .flat_map(|message| message.attachments)
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[tokio::test]
async fn a_look_up_that_fails_is_tried_again_while_it_rings() {
    let desk = Desk::open().await;
    desk.newcomer("+79005550777").await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Html { status: 502 }).on("GET", "/api/users.json"));
    let (_, ringing) = desk.ring("79005550777").await;
    desk.call_until(&ringing.id, "the failed look-up", |call| {
        matches!(call.caller, CallerView::Unavailable { .. })
    })
    .await;
    desk.call_until(&ringing.id, "the second look-up", |call| {
        matches!(call.caller, CallerView::Known { .. })
    })
    .await;
}

#[tokio::test]
async fn what_was_seen_before_is_shown_while_omnidesk_is_out_and_says_from_when() {
    let desk = Desk::open().await;
    desk.talk(IVANOV).await;
    desk.engine.close_popup().await;
    desk.until("the popup's end", |view| view.popup.is_empty().then_some(())).await;
    let mut desk = desk;
    desk.restart().await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("GET", "/api/users*").times(0));
    let (_, ringing) = desk.ring(IVANOV).await;
    let stale = |call: &engine::view::CallView| matches!(&call.caller, CallerView::Known { stale_since: Some(_), .. });
    let call = desk.call_until(&ringing.id, "the data of before", stale).await;
    let CallerView::Known { user, .. } = call.caller else { panic!() };
    assert_eq!(user.name, "Иванов Иван Сергеевич");
}

#[tokio::test]
async fn odd_frames_of_the_pbx_disturb_nothing() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    for fault in [
        PbxFault::Garbage,
        PbxFault::Binary,
        PbxFault::UnknownType,
        PbxFault::Huge { bytes: 300_000 },
        PbxFault::Repeat { count: 20 },
    ] {
        desk.sandbox.pbx().fault(&fault);
    }
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
}
