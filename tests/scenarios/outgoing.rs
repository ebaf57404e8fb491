//! Calls out from the softphone (S22-S24, S28, S32, S33d, S33e, S34).

use crate::desk::{Desk, IVANOV, LONG, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, DirectionView, DispositionView, PhaseView, RecordingView, Route};
use sandbox::CallSpec;
use sandbox::omnidesk::MessageKind;
use sandbox::pbx::Outcome;

const GREEN: &str = "Перезвонили";
const RED: &str = "Пропущенный";

fn create(subject: &str, gist: &str) -> AgentAction {
    AgentAction::CreateCase {
        subject: subject.into(),
        gist: gist.into(),
    }
}

/// A call out that nobody answers: how it goes, and how it is shown when it is over.
async fn attempt(desk: &Desk, number: &str) -> CallView {
    let (call, dialing) = desk.call_out(number).await;
    desk.known(&dialing.id).await;
    desk.sandbox.pbx().hang_up_by(&call, "agent").unwrap();
    let ended = desk.call_until(&dialing.id, "the end", |call| call.outcome.is_some()).await;
    desk.settled().await;
    ended
}

/// The rule that decided.
fn rule(call: &CallView) -> String {
    call.outcome.as_ref().map(|outcome| outcome.rule.clone()).unwrap_or_default()
}

#[tokio::test]
async fn s23_a_call_out_to_a_known_user_offers_the_same_as_one_that_comes_in() {
    let desk = Desk::open().await;
    let (call, dialing) = desk.call_out(IVANOV).await;
    assert_eq!(
        (dialing.direction, dialing.phase, dialing.ordered),
        (DirectionView::Outbound, PhaseView::Dialing, false)
    );
    let known = desk.known(&dialing.id).await;
    let CallerView::Known { user, .. } = known.caller else {
        panic!("known: {:?}", known.caller)
    };
    assert_eq!(user.name, "Иванов Иван Сергеевич");
    assert_eq!(desk.routes(), [], "nothing opens while it dials");
    desk.answer(&call, &dialing.id).await;
    let profile = Route::Profile {
        user: user.id,
        call: Some(dialing.id.clone()),
    };
    assert_eq!(desk.opened().await, profile);
    desk.act(&dialing.id, create("", "Договорились о встрече")).await;
    desk.call_until(&dialing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.subject.as_str(), case.status.as_str(), case.staff_email.as_str()),
        ("Исходящий звонок на +7 (916) 123-45-67", "waiting", "anna@support.example")
    );
    let texts: Vec<&str> = case.messages.iter().map(|message| message.content.as_str()).collect();
    assert!(
        texts[0] == "Договорились о встрече" && texts[1].starts_with("Запись разговора: Исходящий звонок на +7"),
        "{texts:?}"
    );
    let ended = desk
        .call_until(&dialing.id, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    assert_eq!(rule(&ended), "S23");
}

#[tokio::test]
async fn s23_a_call_out_to_a_new_number_creates_the_user_with_the_case() {
    let desk = Desk::open().await;
    let (call, dialing) = desk.call_out(STRANGER).await;
    assert_eq!(desk.known(&dialing.id).await.caller, CallerView::Unknown);
    desk.answer(&call, &dialing.id).await;
    desk.act(&dialing.id, create("Предложение", "Новый клиент")).await;
    let made = desk
        .call_until(&dialing.id, "the new user", |call| matches!(call.caller, CallerView::Known { .. }))
        .await;
    assert!(matches!(made.case, CallCaseView::Linked { attached: false, .. }), "{:?}", made.case);
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.user_contact.as_str(), case.status.as_str()), ("+79031112233", "waiting"));
    assert_eq!(case.fields.get("Телефон").and_then(|phone| phone.as_str()), Some("+79031112233"));
}

#[tokio::test]
async fn s23_a_call_out_can_be_attached_to_an_earlier_case() {
    let desk = Desk::open().await;
    let earlier = desk.earlier_case();
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.engine
        .attach(&dialing.id, &earlier.case_id.to_string(), "По старому вопросу".into())
        .await
        .unwrap();
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
    let case = desk.case_of(&dialing.id).await;
    assert_eq!((case.case_id, case.status.as_str()), (earlier.case_id, "waiting"));
    assert_eq!(case.messages.len(), earlier.messages.len() + 1);
    let note = case.messages.last().unwrap();
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 1));
    assert!(note.content.starts_with("По старому вопросу\n\nИсходящий звонок на"), "{note:?}");
}

#[tokio::test]
async fn s24_s34_a_call_out_left_alone_becomes_a_closed_case_of_the_agent() {
    for number in [IVANOV, STRANGER] {
        let desk = Desk::open().await;
        let (call, dialing) = desk.call_out(number).await;
        desk.known(&dialing.id).await;
        desk.answer(&call, &dialing.id).await;
        desk.hang_up(&call, &dialing.id).await;
        desk.settled().await;
        let case = desk.only_case();
        assert_eq!(
            (case.status.as_str(), case.staff_email.as_str()),
            ("closed", "anna@support.example")
        );
        assert!(case.subject.starts_with("Исходящий звонок на +7"), "{}", case.subject);
        assert_eq!(case.messages.len(), 1, "{:?}", case.messages);
        assert_eq!(case.messages[0].attachments.len(), 1, "with its recording");
        assert!(!case.messages[0].sent_to_client, "nothing reaches the client");
        let ended = desk
            .call_until(&dialing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
            .await;
        assert_eq!((rule(&ended), ended.disposition), ("S34".into(), Some(DispositionView::Answered)));
    }
}

#[tokio::test]
async fn s34_a_call_out_that_nobody_answered_is_a_closed_case_without_a_recording() {
    let desk = Desk::open().await;
    let ended = attempt(&desk, IVANOV).await;
    assert_eq!((rule(&ended), ended.disposition), ("S34".into(), Some(DispositionView::NoAnswer)));
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("closed", "anna@support.example")
    );
    assert!(case.messages[0].content.ends_with("не ответили"), "{:?}", case.messages);
    assert_eq!(case.messages[0].attachments, [], "what was recorded while it rang is nothing");
}

#[tokio::test]
async fn s34_busy_and_declined_calls_out_are_told_as_what_they_are() {
    for (outcome, shown, told) in [
        (Outcome::Busy, DispositionView::Busy, "занято"),
        (Outcome::Declined, DispositionView::Declined, "отклонён"),
    ] {
        let desk = Desk::open().await;
        let spec = CallSpec::outgoing("101", IVANOV).scripted(outcome, 10, 0);
        let call = desk.sandbox.pbx().place(spec).unwrap();
        assert!(desk.sandbox.pbx().ended(&call, LONG).await);
        let ended = desk
            .until("the end", |view| view.calls.first().filter(|call| call.outcome.is_some()).cloned())
            .await;
        desk.settled().await;
        let case = desk.only_case();
        assert!(case.messages[0].content.ends_with(told), "{outcome:?}: {:?}", case.messages);
        assert_eq!((case.status.as_str(), ended.disposition), ("closed", Some(shown)), "{outcome:?}");
    }
}

#[tokio::test]
async fn s32_an_unanswered_call_back_is_noted_in_the_missed_case_which_stays_open() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    for attempts in 1..=2 {
        let ended = attempt(&desk, IVANOV).await;
        assert_eq!(rule(&ended), "S32");
        let case = desk.only_case();
        assert_eq!((case.case_id, case.status.as_str()), (missed.case_id, "open"));
        assert_eq!(case.labels, [RED], "still a missed call");
        assert_eq!(case.messages.len(), 1 + attempts, "{:?}", case.messages);
        let note = case.messages.last().unwrap();
        assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 0));
        assert!(note.content.starts_with("Исходящий звонок на"), "{note:?}");
        let shown = desk
            .call_until(&ended.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
            .await;
        assert!(matches!(shown.case, CallCaseView::Linked { number, .. } if number == case.case_number));
    }
}

#[tokio::test]
async fn s34_the_switch_turns_cases_for_unanswered_calls_off_but_not_notes_in_a_missed_case() {
    let desk = Desk::open_with(|settings| settings.unanswered_outgoing_cases = false).await;
    let ended = attempt(&desk, IVANOV).await;
    let reason = ended.outcome.map(|outcome| outcome.reason);
    assert_eq!(reason.as_deref(), Some("attemptNotWanted"), "and the list says why");
    assert_eq!(desk.writes(), [] as [&str; 0]);
    let missed = desk.missed(IVANOV).await;
    let ended = attempt(&desk, IVANOV).await;
    assert_eq!(rule(&ended), "S32");
    assert_eq!(desk.case_of(&ended.id).await.messages.len(), missed.messages.len() + 1);
    // What was answered is a case as ever.
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    assert_eq!(desk.case_of(&dialing.id).await.status, "closed");
}

#[tokio::test]
async fn s28_s33d_a_new_case_after_calling_back_closes_the_missed_one_and_turns_it_green() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    assert_eq!(missed.labels, [RED]);
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.act(&dialing.id, create("Счёт", "Перезвонили, вопрос решён")).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let new = desk.case_of(&dialing.id).await;
    assert_eq!((new.subject.as_str(), new.status.as_str()), ("Счёт", "waiting"));
    let missed = desk.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_ne!(new.case_id, missed.case_id);
    assert_eq!(
        (missed.status.as_str(), missed.labels.as_slice()),
        ("closed", [GREEN.to_owned()].as_slice())
    );
    let ended = desk.call_until(&dialing.id, "the outcome", |call| call.outcome.is_some()).await;
    let outcome = ended.outcome.unwrap();
    assert_eq!(outcome.rule, "S33d");
    let closed: Vec<_> = outcome.closed_missed.into_iter().map(|case| case.number).collect();
    assert_eq!(closed, [Some(missed.case_number)]);
}

#[tokio::test]
async fn s33d_a_call_back_that_is_left_alone_closes_the_missed_case_too() {
    let desk = Desk::open().await;
    let missed = desk.missed(STRANGER).await;
    let (call, dialing) = desk.call_out(STRANGER).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    assert_eq!(desk.case_of(&dialing.id).await.status, "closed", "S34");
    let missed = desk.sandbox.omnidesk().case(&missed.case_number).unwrap();
    assert_eq!((missed.status.as_str(), missed.labels), ("closed", vec![GREEN.to_owned()]));
}

#[tokio::test]
async fn s28_s33e_a_call_back_attached_to_the_missed_case_makes_it_wait_and_green() {
    let desk = Desk::open().await;
    let missed = desk.missed(IVANOV).await;
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.answer(&call, &dialing.id).await;
    desk.engine
        .attach(&dialing.id, &missed.case_id.to_string(), "Перезвонили".into())
        .await
        .unwrap();
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str(), case.labels.as_slice()),
        ("waiting", "anna@support.example", [GREEN.to_owned()].as_slice())
    );
    assert_eq!(case.messages.len(), 2, "{:?}", case.messages);
    assert_eq!(case.messages[1].attachments.len(), 1, "the recording");
    let ended = desk.call_until(&dialing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(rule(&ended), "S33e");
}

#[tokio::test]
async fn s22_an_attempt_attached_to_a_case_is_recorded_there_and_leaves_its_status() {
    let desk = Desk::open().await;
    let talked = desk.talk(IVANOV).await;
    let earlier = desk.case_of(&talked.id).await;
    let (call, dialing) = desk.call_out(IVANOV).await;
    desk.known(&dialing.id).await;
    desk.engine
        .attach(&dialing.id, &earlier.case_id.to_string(), "Хотели уточнить".into())
        .await
        .unwrap();
    desk.sandbox.omnidesk().clear_requests();
    desk.hang_up(&call, &dialing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.messages.len(), earlier.messages.len() + 1);
    let note = case.messages.last().unwrap();
    assert!(
        note.content.starts_with("Хотели уточнить") && note.content.ends_with("не ответили"),
        "{note:?}"
    );
    assert_eq!(desk.writes(), ["POST cases/*/note"], "the status is not even set again");
}

crate::desk::also_in_a_fresh_account!(
    s24_s34_a_call_out_left_alone_becomes_a_closed_case_of_the_agent,
    s34_a_call_out_that_nobody_answered_is_a_closed_case_without_a_recording,
    s34_busy_and_declined_calls_out_are_told_as_what_they_are,
    s32_an_unanswered_call_back_is_noted_in_the_missed_case_which_stays_open,
    s34_the_switch_turns_cases_for_unanswered_calls_off_but_not_notes_in_a_missed_case,
    s28_s33d_a_new_case_after_calling_back_closes_the_missed_one_and_turns_it_green,
    s33d_a_call_back_that_is_left_alone_closes_the_missed_case_too,
    s28_s33e_a_call_back_attached_to_the_missed_case_makes_it_wait_and_green,
);
