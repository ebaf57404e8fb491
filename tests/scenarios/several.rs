//! Several users have the number: nobody is guessed without saying so, and a case that stands at the wrong one moves.

use crate::desk::{Desk, LONG};
use calls::AgentAction;
use engine::view::{CallerView, Route, UserChanges, UserView};
use sandbox::omnidesk::{CaseDump, Fault, FaultRule};

/// Two users have it, each in another spelling.
const SHARED: &str = "78125550177";

#[tokio::test]
async fn several_users_of_one_number_no_page_opens_and_nobodys_data_are_touched_until_one_is_chosen() {
    let desk = Desk::open_with(|settings| settings.several = engine::view::SeveralView::Ask).await;
    desk.engine.search_users("555-01-77").await.unwrap();
    let (call, ringing) = desk.ring(SHARED).await;
    let several = |call: &engine::view::CallView| matches!(call.caller, CallerView::Several { .. });
    desk.call_until(&ringing.id, "both users", several).await;
    desk.answer(&call, &ringing.id).await;
    let edit = UserChanges {
        note: Some("Чья это заметка?".into()),
        ..UserChanges::default()
    };
    desk.engine.edit_user(None, Some(&ringing.id), edit).await.unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.routes(), []);
    let case = desk.only_case();
    assert_eq!(case.user_contact, "+78125550177", "whoever it is has the number");
    assert!(
        !desk.writes().iter().any(|kind| kind.contains("users")),
        "nobody's data were touched: {:?}",
        desk.writes()
    );
    let ended = desk.call_until(&ringing.id, "the call", |_| true).await;
    let CallerView::Several { users, .. } = ended.caller else {
        panic!("it is still open who it was: {:?}", ended.caller)
    };
    // Chosen afterwards: what was typed goes to the chosen one.
    let user = calls::UserId(users[0].id.parse().unwrap());
    desk.act(&ringing.id, AgentAction::ChooseUser { user, remember: false }).await;
    desk.settled().await;
    let noted = desk
        .sandbox
        .omnidesk()
        .users()
        .into_iter()
        .filter(|user| user["user_note"] == "Чья это заметка?");
    let ids: Vec<_> = noted.map(|user| user["user_id"].to_string()).collect();
    assert_eq!(ids, [users[0].id.clone()]);
}

/// A call of the shared number that nobody was chosen for.
async fn guessed(desk: &Desk) -> (String, Vec<UserView>, String) {
    let (call, ringing) = desk.ring(SHARED).await;
    let several = |call: &engine::view::CallView| matches!(call.caller, CallerView::Several { .. });
    desk.call_until(&ringing.id, "both users", several).await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let ended = desk.call_until(&ringing.id, "the guess", |_| true).await;
    let CallerView::Several { users, .. } = ended.caller else {
        panic!("nobody chose: {:?}", ended.caller)
    };
    (ringing.id, users, ended.among.unwrap().user.id)
}

#[tokio::test]
async fn several_users_of_one_number_the_case_says_whom_nobody_chose_and_moves_in_one_click() {
    let mut desk = Desk::open().await;
    desk.engine.search_users("555-01-77").await.unwrap();
    let (id, users, guessed) = guessed(&desk).await;
    let case = desk.only_case();
    let name = |id: &str| users.iter().find(|user| user.id == id).unwrap().name.clone();
    assert_eq!(case.user_name, name(&guessed));
    let text = &case.messages[0].content;
    assert!(text.contains("Пользователь выбран автоматически из 2"), "{text}");
    // The chooser knows them after a restart, too, and says nothing of Omnidesk, which answers.
    desk.restart().await;
    let again = desk.call_until(&id, "the call", |_| true).await;
    let CallerView::Several {
        users: known, stale_since, ..
    } = again.caller
    else {
        panic!("{:?}", again.caller)
    };
    let names = |users: &[UserView]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>();
    assert_eq!((names(&known), stale_since), (names(&users), None));
    let other = users.iter().find(|user| user.id != guessed).unwrap();
    let first = users.iter().find(|user| user.id == guessed).unwrap();
    for other in [other, other, first, other] {
        let user = calls::UserId(other.id.parse().unwrap());
        desk.act(&id, AgentAction::ChooseUser { user, remember: false }).await;
        desk.settled().await;
        let left: Vec<_> = desk
            .sandbox
            .omnidesk()
            .new_cases()
            .into_iter()
            .filter(|case| !case.deleted)
            .collect();
        assert_eq!(left.len(), 1, "told once: {left:#?}");
        assert_eq!(
            (left[0].user_name.clone(), left[0].status.as_str()),
            (other.name.clone(), "waiting")
        );
        assert_eq!(left[0].messages[0].attachments.len(), 1, "with its recording");
        assert!(!left[0].messages[0].content.contains("автоматически"));
        assert_eq!(desk.case_of(&id).await.case_id, left[0].case_id);
    }
}

#[tokio::test]
async fn several_users_of_one_number_a_guessed_case_in_which_a_colleague_wrote_stays_and_says_where_the_call_is() {
    let desk = Desk::open().await;
    let (id, users, guessed) = guessed(&desk).await;
    let case = desk.only_case();
    let colleague = crate::desk::colleague(&desk.sandbox);
    let note = omnidesk::NewNote::new(omnidesk::Content::text("Перезвоню завтра"));
    let of_case = omnidesk::CaseRef::Id(omnidesk::CaseId(case.case_id));
    colleague.notes(&of_case).create(&note).await.unwrap();
    let other = users.iter().find(|user| user.id != guessed).unwrap();
    let user = calls::UserId(other.id.parse().unwrap());
    desk.act(&id, AgentAction::ChooseUser { user, remember: false }).await;
    desk.settled().await;
    let moved = desk.case_of(&id).await;
    assert_eq!(moved.user_name, other.name);
    let before = desk.sandbox.omnidesk().case(&case.case_number).unwrap();
    assert!(!before.deleted && before.messages.last().unwrap().content.contains(&moved.case_number));
}

#[tokio::test]
async fn several_users_of_one_number_the_chosen_one_gets_the_case_and_a_remembered_one_the_next_page() {
    let desk = Desk::open().await;
    desk.engine.search_users("555-01-77").await.unwrap();
    let (call, ringing) = desk.ring(SHARED).await;
    let several = |call: &engine::view::CallView| matches!(call.caller, CallerView::Several { .. });
    let view = desk.call_until(&ringing.id, "both users", several).await;
    let CallerView::Several { users, .. } = view.caller else { panic!() };
    let logist = users.iter().find(|user| user.name == "Сидоренко Павел").unwrap();
    let user = calls::UserId(logist.id.parse().unwrap());
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, AgentAction::ChooseUser { user, remember: true }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().user_name, "Сидоренко Павел");
    desk.engine.close_popup().await;
    let before = desk.routes().len();
    let (call, next) = desk.ring(SHARED).await;
    desk.call_until(&next.id, "the remembered user", |call| {
        matches!(call.caller, CallerView::Known { .. })
    })
    .await;
    desk.answer(&call, &next.id).await;
    let opened = desk.routes().split_off(before);
    let page = Route::Profile {
        user: logist.id.clone(),
        call: Some(next.id),
    };
    assert_eq!(opened, [page], "S03, without asking again");
}

/// The cases of the call that are not in the bin.
fn standing(desk: &Desk) -> Vec<CaseDump> {
    desk.sandbox
        .omnidesk()
        .new_cases()
        .into_iter()
        .filter(|case| !case.deleted)
        .collect()
}

fn user(user: &UserView) -> calls::UserId {
    calls::UserId(user.id.parse().unwrap())
}

/// The call of the shared number has been answered; who has it.
async fn answered(desk: &Desk) -> (String, String, Vec<UserView>) {
    let (call, ringing) = desk.ring(SHARED).await;
    let several = |call: &engine::view::CallView| matches!(call.caller, CallerView::Several { .. });
    let view = desk.call_until(&ringing.id, "both users", several).await;
    desk.answer(&call, &ringing.id).await;
    let CallerView::Several { users, .. } = view.caller else { panic!() };
    (call, ringing.id, users)
}

#[tokio::test]
async fn several_users_a_case_created_during_the_call_moves_at_once_and_the_rest_of_the_call_follows() {
    let desk = Desk::open().await;
    let (call, id, users) = answered(&desk).await;
    let create = AgentAction::CreateCase {
        subject: "Акт сверки".into(),
        gist: "Просит акт".into(),
    };
    desk.act(&id, create).await;
    desk.case_of(&id).await;
    let guessed = desk.call_until(&id, "the guess", |call| call.among.is_some()).await;
    let other = guessed.among.unwrap().others.remove(0);
    desk.act(
        &id,
        AgentAction::ChooseUser {
            user: user(&other),
            remember: false,
        },
    )
    .await;
    desk.hang_up(&call, &id).await;
    desk.settled().await;
    let cases = standing(&desk);
    assert_eq!(cases.len(), 1, "{cases:#?}");
    assert_eq!(
        (cases[0].user_name.as_str(), cases[0].subject.as_str()),
        (other.name.as_str(), "Акт сверки")
    );
    assert_eq!(cases[0].status, "waiting");
    let files: usize = cases[0].messages.iter().map(|message| message.attachments.len()).sum();
    assert_eq!(files, 1, "its recording, once");
    assert!(users.iter().any(|user| user.id == other.id));
}

#[tokio::test]
async fn several_users_a_case_that_omnidesk_refused_to_open_is_opened_for_the_chosen_one_alone() {
    let mut desk = Desk::open().await;
    let (call, id, _) = answered(&desk).await;
    let refusal = Fault::Status {
        status: 422,
        body: None,
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refusal).on("POST", "/api/cases.json").times(0));
    desk.hang_up(&call, &id).await;
    desk.wedged("case").await;
    let guessed = desk.call_until(&id, "the guess", |call| call.among.is_some()).await;
    let other = guessed.among.unwrap().others.remove(0);
    desk.sandbox.omnidesk().clear_faults();
    let choose = AgentAction::ChooseUser {
        user: user(&other),
        remember: false,
    };
    desk.act(&id, choose).await;
    desk.restart().await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.user_name.as_str(), case.status.as_str()), (other.name.as_str(), "waiting"));
    assert!(!case.messages[0].content.contains("автоматически"), "{}", case.messages[0].content);
}

#[tokio::test]
async fn several_users_a_move_whose_answer_is_lost_or_whose_program_dies_leaves_one_case() {
    for lost in [true, false] {
        let mut desk = Desk::open().await;
        let (id, users, guessed) = guessed(&desk).await;
        let other = users.iter().find(|user| user.id != guessed).unwrap().clone();
        let omnidesk = desk.sandbox.omnidesk();
        let fault = if lost { Fault::Lost { ms: 0 } } else { Fault::Html { status: 503 } };
        let (method, path) = if lost {
            ("POST", "/api/cases.json")
        } else {
            ("PUT", "/api/cases/*/trash.json")
        };
        omnidesk.fault(FaultRule::once(fault).on(method, path).times(2));
        omnidesk.clear_requests();
        desk.act(
            &id,
            AgentAction::ChooseUser {
                user: user(&other),
                remember: false,
            },
        )
        .await;
        let asked = |omnidesk: &sandbox::Omnidesk| omnidesk.counts().keys().any(|what| what.starts_with(method));
        assert!(desk.sandbox.omnidesk().until(LONG, asked).await, "it was tried");
        desk.restart().await;
        desk.settled().await;
        let cases = standing(&desk);
        assert_eq!(cases.len(), 1, "{cases:#?}");
        assert_eq!(cases[0].user_name, other.name);
        assert_eq!(desk.case_of(&id).await.case_id, cases[0].case_id);
    }
}
