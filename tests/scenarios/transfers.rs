//! Transferred conversations, seen from both desks: each agent's part is a call with a case of its own (S16, S17, S30).

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::{CallCaseView, CallView, CallerView, DirectionView, DispositionView, PhaseView, RecordingView, Route};
use sandbox::omnidesk::CaseDump;
use sandbox::pbx::Step;

/// Agents 101 and 102 of one office.
async fn office() -> (Desk, Desk) {
    let anna = Desk::open().await;
    let boris = anna.beside("102", "boris@support.example").await;
    (anna, boris)
}

/// IVANOV calls Anna, who answers. The sandbox's id of the call, and Anna's.
async fn talking(anna: &Desk) -> (String, String) {
    let (call, ringing) = anna.ring(IVANOV).await;
    anna.known(&ringing.id).await;
    anna.answer(&call, &ringing.id).await;
    (call, ringing.id)
}

fn transfer(desk: &Desk, call: &str) {
    desk.sandbox.pbx().step(call, &Step::Transfer { to: "102".into() }).unwrap();
}

/// A call that a desk has besides these, whether or not the popup shows it.
async fn another(desk: &Desk, before: &[String]) -> CallView {
    desk.until("another call", |view| {
        view.calls.iter().find(|call| !before.contains(&call.id)).cloned()
    })
    .await
}

/// Anna talks to Boris first; the sandbox's id of that call.
async fn consult(desk: &Desk, call: &str) -> String {
    desk.sandbox.pbx().step(call, &Step::Consult { to: "102".into() }).unwrap();
    desk.sandbox.pbx().call(call).unwrap().consultation.unwrap()
}

/// What was decided. The recording of a call that was passed on goes on until the client hangs up, so what is
/// owed is waited for at the end.
async fn over(desk: &Desk, id: &str) -> CallView {
    desk.call_until(id, "the outcome", |call| call.outcome.is_some()).await
}

async fn both_settled(anna: &Desk, boris: &Desk) {
    anna.settled().await;
    boris.settled().await;
}

fn rule(call: &CallView) -> &str {
    call.outcome.as_ref().map_or("", |outcome| outcome.rule.as_str())
}

/// Both cases: of the same user, each with one recording, and different ones.
fn of_one_user(anna: &CaseDump, boris: &CaseDump) {
    assert_ne!(anna.case_id, boris.case_id);
    assert_eq!((anna.user_id, &anna.user_name), (boris.user_id, &boris.user_name));
    let recordings = |case: &CaseDump| -> Vec<String> {
        let files = case.messages.iter().flat_map(|message| &message.attachments);
        files.map(|file| file.file_name.clone()).collect()
    };
    let (anna, boris) = (recordings(anna), recordings(boris));
    assert_eq!((anna.len(), boris.len()), (1, 1), "{anna:?} {boris:?}");
    assert_ne!(anna, boris);
}

#[tokio::test]
async fn s16_s17_a_blind_transfer_closes_the_first_agents_case_and_gives_the_second_a_call_of_their_own() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    transfer(&anna, &call);
    let passed = over(&anna, &first).await;
    assert_eq!((rule(&passed), passed.transferred_to.as_deref()), ("S17", Some("102")));

    let second = boris.new_in_popup(&[]).await;
    let known = boris.known(&second.id).await;
    assert_eq!(
        (known.direction, known.number.pretty.as_str(), known.transferred_from.as_deref()),
        (DirectionView::Inbound, "+7 (916) 123-45-67", Some("101"))
    );
    assert!(matches!(&known.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич"));
    assert_eq!(boris.routes(), []);
    boris.answer(&call, &second.id).await;
    assert!(matches!(boris.opened().await, Route::Profile { call: Some(call), .. } if call == second.id));
    boris.hang_up(&call, &second.id).await;
    assert_eq!(rule(&over(&boris, &second.id).await), "S15");
    both_settled(&anna, &boris).await;
    let (closed, waits) = (anna.case_of(&first).await, boris.case_of(&second.id).await);
    assert_eq!(
        (closed.subject.as_str(), closed.status.as_str(), closed.staff_email.as_str()),
        ("Входящий звонок с +7 (916) 123-45-67", "closed", "anna@support.example")
    );
    assert!(closed.messages[0].content.ends_with("переведён на 102"), "{:?}", closed.messages);
    assert_eq!(
        (waits.status.as_str(), waits.staff_email.as_str()),
        ("waiting", "boris@support.example")
    );
    of_one_user(&closed, &waits);
    assert_eq!(anna.sandbox.omnidesk().new_cases().len(), 2);
    assert_eq!((anna.ids().len(), boris.ids().len()), (1, 1));
}

#[tokio::test]
async fn s16_s30_an_agent_who_created_a_case_before_transferring_leaves_it_waiting() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    let create = AgentAction::CreateCase {
        subject: "Договор".into(),
        gist: "Нужен юрист".into(),
    };
    anna.act(&first, create).await;
    anna.call_until(&first, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    transfer(&anna, &call);
    assert_eq!(rule(&over(&anna, &first).await), "S30");
    let second = boris.new_in_popup(&[]).await;
    boris.known(&second.id).await;
    boris.answer(&call, &second.id).await;
    boris.hang_up(&call, &second.id).await;
    both_settled(&anna, &boris).await;
    let created = anna.case_of(&first).await;
    assert_eq!((created.subject.as_str(), created.status.as_str()), ("Договор", "waiting"));
    let ending = created.messages.last().unwrap();
    assert!(ending.content.ends_with("переведён на 102"), "{ending:?}");
    of_one_user(&created, &boris.case_of(&second.id).await);
    assert_eq!(anna.sandbox.omnidesk().new_cases().len(), 2);
}

#[tokio::test]
async fn s16_the_second_agent_may_go_on_in_the_first_ones_case() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    transfer(&anna, &call);
    over(&anna, &first).await;
    // While the client still talks, the case is there without its recording.
    let case = anna.case_of(&first).await;
    let second = boris.new_in_popup(&[]).await;
    boris.known(&second.id).await;
    boris.answer(&call, &second.id).await;
    boris
        .engine
        .attach(&second.id, &case.case_id.to_string(), "Продолжили".into())
        .await
        .unwrap();
    boris.hang_up(&call, &second.id).await;
    both_settled(&anna, &boris).await;
    let case = anna.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("waiting", "boris@support.example")
    );
    let of_boris: Vec<_> = case
        .messages
        .iter()
        .filter(|message| message.content.starts_with("Продолжили"))
        .collect();
    assert_eq!((of_boris.len(), of_boris[0].attachments.len()), (1, 1), "{:?}", case.messages);
    let files: usize = case.messages.iter().map(|message| message.attachments.len()).sum();
    assert_eq!(files, 2, "either part of the conversation has its recording");
}

#[tokio::test]
async fn s16_s17_an_attended_transfer_makes_two_cases_and_none_of_the_consultation() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    consult(&anna, &call).await;
    anna.call_until(&first, "the hold", |call| call.phase == PhaseView::Held).await;
    let asking = another(&anna, std::slice::from_ref(&first)).await;
    let second = another(&boris, &[]).await;
    assert_eq!(
        (asking.direction, second.direction),
        (DirectionView::Internal, DirectionView::Internal)
    );
    assert_eq!(boris.view().popup, [] as [&str; 0], "a colleague calls: no popup");
    anna.sandbox.pbx().answer(&call).unwrap();
    boris
        .call_until(&second.id, "the consultation", |call| call.phase == PhaseView::Talking)
        .await;
    anna.sandbox.pbx().step(&call, &Step::CompleteTransfer).unwrap();

    assert_eq!(rule(&over(&anna, &first).await), "S17");
    assert_eq!(rule(&over(&anna, &asking.id).await), "S16");

    let theirs = boris.new_in_popup(&[]).await;
    assert_eq!(theirs.id, second.id, "it is the same call, which became the client's");
    let clients = |call: &CallView| matches!(call.caller, CallerView::Known { .. }) && call.direction == DirectionView::Inbound;
    let known = boris.call_until(&second.id, "the client", clients).await;
    assert_eq!(
        (known.number.pretty.as_str(), known.transferred_from.as_deref()),
        ("+7 (916) 123-45-67", Some("101"))
    );
    assert!(matches!(boris.opened().await, Route::Profile { call: Some(call), .. } if call == second.id));
    boris
        .call_until(&second.id, "the recording of their own talk", |call| {
            call.recording == RecordingView::Expected
        })
        .await;
    boris.hang_up(&call, &second.id).await;
    both_settled(&anna, &boris).await;
    let (closed, waits) = (anna.case_of(&first).await, boris.case_of(&second.id).await);
    assert_eq!(closed.status, "closed");
    assert_eq!(
        (waits.status.as_str(), waits.staff_email.as_str()),
        ("waiting", "boris@support.example")
    );
    of_one_user(&closed, &waits);
    assert_eq!(anna.sandbox.omnidesk().new_cases().len(), 2, "the consultation is none");
}

#[tokio::test]
async fn s16_a_consultation_without_a_transfer_comes_back_and_leaves_one_case() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    let consultation = consult(&anna, &call).await;
    let asking = another(&anna, std::slice::from_ref(&first)).await;
    let second = another(&boris, &[]).await;
    anna.sandbox.pbx().answer(&call).unwrap();
    boris
        .call_until(&second.id, "the consultation", |call| call.phase == PhaseView::Talking)
        .await;
    anna.sandbox.pbx().step(&call, &Step::EndConsult).unwrap();
    assert!(anna.sandbox.pbx().ended(&consultation, crate::desk::LONG).await);
    anna.sandbox.pbx().step(&call, &Step::Unhold).unwrap();
    anna.call_until(&first, "the client again", |call| call.phase == PhaseView::Talking)
        .await;
    anna.hang_up(&call, &first).await;
    let ended = over(&anna, &first).await;
    assert_eq!((rule(&ended), ended.transferred_to.as_deref()), ("S15", None));
    assert_eq!(rule(&over(&anna, &asking.id).await), "S16");
    assert_eq!(rule(&over(&boris, &second.id).await), "S16");
    both_settled(&anna, &boris).await;
    assert_eq!(anna.only_case().status, "waiting");
}

#[tokio::test]
async fn s16_a_consultation_that_nobody_answers_comes_back_and_is_no_missed_call() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    consult(&anna, &call).await;
    let second = another(&boris, &[]).await;
    anna.sandbox.pbx().step(&call, &Step::EndConsult).unwrap();
    assert_eq!(rule(&over(&boris, &second.id).await), "S16");
    anna.sandbox.pbx().step(&call, &Step::Unhold).unwrap();
    anna.call_until(&first, "the client again", |call| call.phase == PhaseView::Talking)
        .await;
    anna.hang_up(&call, &first).await;
    assert_eq!(rule(&over(&anna, &first).await), "S15");
    both_settled(&anna, &boris).await;
    assert_eq!(anna.only_case().status, "waiting");
}

#[tokio::test]
async fn s17_s25_a_blind_transfer_that_nobody_takes_is_a_missed_call_of_the_second_agent() {
    let (anna, boris) = office().await;
    let (call, first) = talking(&anna).await;
    transfer(&anna, &call);
    let second = boris.new_in_popup(&[]).await;
    boris.known(&second.id).await;
    anna.sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    let missed = over(&boris, &second.id).await;
    assert_eq!(missed.disposition, Some(DispositionView::Missed));
    over(&anna, &first).await;
    both_settled(&anna, &boris).await;
    assert_eq!(anna.case_of(&first).await.status, "closed");
    let case = boris.case_of(&second.id).await;
    assert_eq!(
        (case.subject.as_str(), case.status.as_str()),
        ("Пропущенный звонок с +7 (916) 123-45-67", "open"),
        "the client waits for somebody"
    );
    assert_eq!(anna.sandbox.omnidesk().new_cases().len(), 2);
}

#[tokio::test]
async fn s17_a_transfer_to_an_agent_without_the_companion_closes_the_case_all_the_same() {
    let anna = Desk::open().await;
    let (call, first) = talking(&anna).await;
    anna.sandbox.pbx().step(&call, &Step::Transfer { to: "103".into() }).unwrap();
    let passed = over(&anna, &first).await;
    assert_eq!((rule(&passed), passed.transferred_to.as_deref()), ("S17", Some("103")));
    anna.sandbox.pbx().answer(&call).unwrap();
    anna.sandbox.pbx().hang_up(&call).unwrap();
    anna.settled().await;
    anna.call_until(&first, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    assert_eq!(anna.only_case().status, "closed");
}

#[tokio::test]
async fn s16_s34_a_call_out_can_be_transferred_too() {
    let (anna, boris) = office().await;
    let (call, dialing) = anna.call_out(IVANOV).await;
    anna.known(&dialing.id).await;
    anna.answer(&call, &dialing.id).await;
    transfer(&anna, &call);
    assert_eq!(rule(&over(&anna, &dialing.id).await), "S34");
    let second = boris.new_in_popup(&[]).await;
    let known = boris.known(&second.id).await;
    assert_eq!(
        (known.direction, known.number.pretty.as_str()),
        (DirectionView::Inbound, "+7 (916) 123-45-67"),
        "the client speaks to another agent now"
    );
    boris.sandbox.pbx().answer(&call).unwrap();
    boris.call_until(&second.id, "the talk", |call| call.answered_at.is_some()).await;
    boris.hang_up(&call, &second.id).await;
    both_settled(&anna, &boris).await;
    assert_eq!(anna.case_of(&dialing.id).await.status, "closed");
    assert_eq!(boris.case_of(&second.id).await.status, "waiting");
}
