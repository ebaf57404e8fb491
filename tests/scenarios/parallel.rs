//! Several calls at once, short ones, and events that come late, twice, torn or in the wrong order.

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, DispositionView, PhaseView};
use sandbox::CallSpec;
use sandbox::pbx::{Outcome, PbxFault, Step};
use std::collections::BTreeSet;

async fn over(desk: &Desk, id: &str) -> CallView {
    desk.call_until(id, "the outcome", |call| call.outcome.is_some()).await
}

#[tokio::test]
async fn s01_a_second_call_while_talking_is_shown_beside_the_first_and_each_gets_its_own_case() {
    let desk = Desk::open().await;
    let (first_call, first) = desk.ring(IVANOV).await;
    desk.known(&first.id).await;
    desk.answer(&first_call, &first.id).await;
    let (second_call, second) = desk.ring(STRANGER).await;
    desk.known(&second.id).await;
    assert_eq!(
        desk.view().popup,
        [second.id.as_str(), first.id.as_str()],
        "what rings comes before what goes on"
    );
    desk.sandbox.pbx().step(&first_call, &Step::Hold).unwrap();
    desk.call_until(&first.id, "the hold", |call| call.phase == PhaseView::Held).await;
    desk.answer(&second_call, &second.id).await;
    for (id, subject) in [(&first.id, "Первый"), (&second.id, "Второй")] {
        let create = AgentAction::CreateCase {
            subject: subject.into(),
            gist: format!("Суть: {subject}"),
        };
        desk.act(id, create).await;
    }
    desk.hang_up(&second_call, &second.id).await;
    desk.sandbox.pbx().step(&first_call, &Step::Unhold).unwrap();
    desk.call_until(&first.id, "the first again", |call| call.phase == PhaseView::Talking)
        .await;
    desk.hang_up(&first_call, &first.id).await;
    desk.settled().await;
    for (id, subject, contact) in [(&first.id, "Первый", "+79161234567"), (&second.id, "Второй", "+79031112233")] {
        let case = desk.case_of(id).await;
        assert_eq!(
            (case.subject.as_str(), case.user_contact.as_str(), case.status.as_str()),
            (subject, contact, "waiting")
        );
        assert!(case.messages[0].content.contains(subject));
        let files: usize = case.messages.iter().map(|message| message.attachments.len()).sum();
        assert_eq!(files, 1, "its own recording");
    }
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 2);
}

#[tokio::test]
async fn s25_a_second_call_that_is_missed_while_talking_disturbs_the_first_in_nothing() {
    let desk = Desk::open().await;
    let (first_call, first) = desk.ring(IVANOV).await;
    desk.known(&first.id).await;
    desk.answer(&first_call, &first.id).await;
    let missed = desk.missed(STRANGER).await;
    assert_eq!(missed.status, "open");
    assert_eq!(desk.view().popup, [first.id.as_str()], "what is over steps aside for what goes on");
    desk.hang_up(&first_call, &first.id).await;
    desk.settled().await;
    assert_eq!(desk.case_of(&first.id).await.status, "waiting");
}

#[tokio::test]
async fn a_hold_is_shown_while_it_lasts_and_is_part_of_the_conversation() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    for _ in 0..2 {
        desk.sandbox.pbx().step(&call, &Step::Hold).unwrap();
        desk.call_until(&ringing.id, "the hold", |call| call.phase == PhaseView::Held).await;
        desk.sandbox.pbx().step(&call, &Step::Unhold).unwrap();
        desk.call_until(&ringing.id, "the talk", |call| call.phase == PhaseView::Talking)
            .await;
    }
    desk.sandbox.pbx().step(&call, &Step::Hold).unwrap();
    desk.call_until(&ringing.id, "the hold", |call| call.phase == PhaseView::Held).await;
    // The client loses patience on hold.
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let ended = over(&desk, &ringing.id).await;
    assert_eq!(ended.disposition, Some(DispositionView::Answered));
    assert_eq!(desk.only_case().status, "waiting");
}

#[tokio::test]
async fn two_calls_from_one_number_at_once_are_two_records() {
    let desk = Desk::open().await;
    let (first_call, first) = desk.ring(IVANOV).await;
    let (second_call, second) = desk.ring(IVANOV).await;
    assert_ne!(first.id, second.id);
    desk.known(&first.id).await;
    desk.known(&second.id).await;
    desk.answer(&first_call, &first.id).await;
    desk.hang_up(&second_call, &second.id).await;
    desk.settled().await;
    let missed = desk.case_of(&second.id).await;
    assert_eq!((missed.status.as_str(), missed.messages.len()), ("open", 1));
    desk.hang_up(&first_call, &first.id).await;
    desk.settled().await;
    let talked = desk.case_of(&first.id).await;
    assert_ne!(talked.case_id, missed.case_id);
    assert_eq!((talked.status.as_str(), talked.messages.len()), ("waiting", 1));
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 2);
    let missed = desk.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!(missed.status, "closed", "S33a: they have talked");
}

#[tokio::test]
async fn s27_two_calls_from_one_number_missed_at_once_are_two_messages_of_one_case() {
    for number in [IVANOV, STRANGER] {
        let desk = Desk::open().await;
        let (_, first) = desk.ring(number).await;
        let (_, second) = desk.ring(number).await;
        desk.known(&first.id).await;
        desk.known(&second.id).await;
        assert_eq!(desk.sandbox.pbx().hang_up_all(), 2);
        over(&desk, &first.id).await;
        over(&desk, &second.id).await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!((case.status.as_str(), case.messages.len()), ("open", 2), "{:?}", case.messages);
        for id in [&first.id, &second.id] {
            assert_eq!(desk.case_of(id).await.case_id, case.case_id);
        }
    }
}

#[tokio::test]
async fn a_call_shorter_than_a_second_is_a_call_like_any_other() {
    let desk = Desk::open().await;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101")).unwrap();
    desk.sandbox.pbx().answer(&call).unwrap();
    desk.sandbox.pbx().hang_up(&call).unwrap();
    let ended = desk
        .until("the end", |view| view.calls.first().filter(|call| call.outcome.is_some()).cloned())
        .await;
    assert_eq!(ended.disposition, Some(DispositionView::Answered));
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.user_name.as_str()),
        ("waiting", "Иванов Иван Сергеевич")
    );

    let call = desk.sandbox.pbx().place(CallSpec::incoming(STRANGER, "101")).unwrap();
    desk.sandbox.pbx().hang_up(&call).unwrap();
    let missed = |view: &engine::view::DeskView| {
        view.calls
            .iter()
            .find(|call| call.id != ended.id && call.outcome.is_some())
            .cloned()
    };
    let missed = desk.until("the missed call", missed).await;
    assert_eq!(missed.disposition, Some(DispositionView::Missed));
    desk.settled().await;
    assert_eq!(desk.case_of(&missed.id).await.status, "open");
}

#[tokio::test]
async fn many_short_calls_in_a_row_are_as_many_records_and_no_more() {
    let desk = Desk::open().await;
    let numbers: Vec<String> = (0..8).map(|n| format!("7903111220{n}")).collect();
    for number in &numbers {
        let call = desk.sandbox.pbx().place(CallSpec::incoming(number, "101")).unwrap();
        desk.sandbox.pbx().answer(&call).unwrap();
        desk.sandbox.pbx().hang_up(&call).unwrap();
    }
    let all_over = |view: &engine::view::DeskView| {
        let over = view.calls.iter().filter(|call| call.outcome.is_some()).count();
        (over == numbers.len()).then_some(())
    };
    desk.until("the end of all calls", all_over).await;
    desk.settled().await;
    let cases = desk.sandbox.omnidesk().new_cases();
    let contacts: BTreeSet<&str> = cases.iter().map(|case| case.user_contact.as_str()).collect();
    assert_eq!((cases.len(), contacts.len()), (numbers.len(), numbers.len()));
    assert!(
        cases.iter().all(|case| case.status == "waiting" && case.messages.len() == 1),
        "{cases:#?}"
    );
}

#[tokio::test]
async fn events_in_the_wrong_order_twice_or_torn_lead_to_the_same_case() {
    for fault in [
        PbxFault::Swap { count: 20 },
        PbxFault::Repeat { count: 60 },
        PbxFault::DelayEvents { ms: 200 },
    ] {
        let desk = Desk::open().await;
        desk.sandbox.pbx().fault(&fault);
        let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101")).unwrap();
        desk.sandbox.pbx().answer(&call).unwrap();
        desk.sandbox.pbx().hang_up(&call).unwrap();
        desk.sandbox.pbx().clear_faults();
        let ended = desk
            .until("the end", |view| view.calls.first().filter(|call| call.outcome.is_some()).cloned())
            .await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!(
            (case.status.as_str(), case.messages.len(), ended.disposition),
            ("waiting", 1, Some(DispositionView::Answered)),
            "{fault:?}"
        );
        assert_eq!(desk.ids().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn torn_frames_lose_what_they_told_but_no_call() {
    // Each part of a call torn in turn: the beginning, the answer, the end.
    for skip in 0..3 {
        let desk = Desk::open().await;
        let tear = |at: u32| {
            if at == skip {
                desk.sandbox.pbx().fault(&PbxFault::Truncate { count: 2 });
            }
        };
        tear(0);
        let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101")).unwrap();
        desk.until("the call", |view| (!view.calls.is_empty()).then_some(())).await;
        tear(1);
        desk.sandbox.pbx().answer(&call).unwrap();
        desk.until("the talk", |view| {
            view.calls.iter().any(|call| call.answered_at.is_some()).then_some(())
        })
        .await;
        tear(2);
        desk.sandbox.pbx().hang_up(&call).unwrap();
        desk.sandbox.pbx().fault(&PbxFault::DropSockets);
        desk.until("the end", |view| view.calls.iter().all(|call| call.outcome.is_some()).then_some(()))
            .await;
        desk.settled().await;
        assert_eq!(desk.only_case().status, "waiting", "torn: {skip}");
    }
}

#[tokio::test]
async fn s25_a_declined_call_is_missed_for_the_client_and_leaves_the_popup_at_once() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.sandbox.pbx().step(&call, &Step::Decline { by: None }).unwrap();
    let ended = over(&desk, &ringing.id).await;
    assert_eq!(ended.disposition, Some(DispositionView::Declined));
    desk.until("the popup's end", |view| view.popup.is_empty().then_some(())).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.subject.as_str(), case.status.as_str()),
        ("Пропущенный звонок с +7 (916) 123-45-67", "open")
    );
}

#[tokio::test]
async fn s25_a_call_to_a_busy_phone_is_a_missed_call() {
    let desk = Desk::open().await;
    let spec = CallSpec::incoming(IVANOV, "101").scripted(Outcome::Busy, 10, 0);
    let call = desk.sandbox.pbx().place(spec).unwrap();
    assert!(desk.sandbox.pbx().ended(&call, LONG).await);
    let ended = desk
        .until("the end", |view| view.calls.first().filter(|call| call.outcome.is_some()).cloned())
        .await;
    assert_eq!(ended.disposition, Some(DispositionView::Busy));
    desk.settled().await;
    assert_eq!(desk.only_case().subject, "Пропущенный звонок с +7 (916) 123-45-67");
    assert!(matches!(desk.case_of(&ended.id).await.status.as_str(), "open"));
}

#[tokio::test]
async fn s25_a_call_that_the_dialplan_gives_up_is_missed() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    assert_eq!(over(&desk, &ringing.id).await.disposition, Some(DispositionView::Missed));
    desk.settled().await;
    let shown = desk
        .call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    assert_eq!(shown.phase, PhaseView::Ended);
    assert_eq!(desk.only_case().status, "open");
}

crate::desk::also_in_a_fresh_account!(
    s25_a_second_call_that_is_missed_while_talking_disturbs_the_first_in_nothing,
    s27_two_calls_from_one_number_missed_at_once_are_two_messages_of_one_case,
    s25_a_declined_call_is_missed_for_the_client_and_leaves_the_popup_at_once,
    s25_a_call_to_a_busy_phone_is_a_missed_call,
    s25_a_call_that_the_dialplan_gives_up_is_missed,
);
