//! Incoming calls while they last: popup, profile, compose (S01-S06, S10, S14).

use crate::desk::{Desk, IVANOV, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallerView, MatchView, PhaseView, RecordingView, Route};
use sandbox::omnidesk::MessageKind;

#[tokio::test]
async fn s01_a_call_of_a_known_user_shows_the_popup_with_name_address_and_company() {
    let desk = Desk::open().await;
    let (_, ringing) = desk.ring(IVANOV).await;
    assert_eq!(
        ringing.number.pretty, "+7 (916) 123-45-67",
        "the number is there from the first view on"
    );
    let call = desk.known(&ringing.id).await;
    let CallerView::Known { user, stale_since, .. } = call.caller else {
        panic!("known: {:?}", call.caller)
    };
    assert_eq!(user.name, "Иванов Иван Сергеевич");
    assert_eq!(user.email.as_deref(), Some("ivanov@romashka.example"));
    assert!(user.company.is_some_and(|company| company.contains("Ромашка")));
    assert_eq!(stale_since, None);
}

#[tokio::test]
async fn s01_custom_fields_and_the_last_case_are_told_too() {
    let desk = Desk::open().await;
    let first = desk.talk(IVANOV).await;
    let CallerView::Known { user, last_case: None, .. } = first.caller else {
        panic!("nobody has looked at the profile yet: {:?}", first.caller)
    };
    desk.engine.profile(&user.id).await.unwrap();
    // The last case costs no request of its own: it is known from the profile that opened.
    let (_, ringing) = desk.ring(IVANOV).await;
    let with_case = |call: &engine::view::CallView| matches!(&call.caller, CallerView::Known { last_case: Some(_), .. });
    let call = desk.call_until(&ringing.id, "the last case", with_case).await;
    let CallerView::Known { user, .. } = call.caller else { panic!() };
    let contract = user
        .fields
        .iter()
        .find(|field| field.title == "Номер договора")
        .map(|field| field.value.as_str());
    assert_eq!(contract, Some("Д-2024/117"));
}

#[tokio::test]
async fn s03_s04_answering_opens_the_profile_with_earlier_cases() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    assert_eq!(desk.routes(), [], "nothing opens while it rings");
    desk.answer(&call, &ringing.id).await;
    let Route::Profile { user, call } = desk.opened().await else {
        panic!("a profile")
    };
    assert_eq!(call, Some(ringing.id));
    let profile = desk.engine.profile(&user).await.unwrap();
    assert_eq!(profile.user.name, "Иванов Иван Сергеевич");
    assert!(profile.cases.iter().any(|case| case.is_call), "cases of the calls channel");
}

#[tokio::test]
async fn s05_s06_s30_a_created_case_is_there_at_once_and_gets_status_and_recording_at_the_end() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(&ringing.id, AgentAction::OpenCompose).await;
    desk.act(
        &ringing.id,
        AgentAction::CreateCase {
            subject: "Счёт 1187".into(),
            gist: "Нужен новый счёт".into(),
        },
    )
    .await;
    desk.call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;

    let live = desk.only_case();
    assert_eq!((live.subject.as_str(), live.channel.as_str()), ("Счёт 1187", "cch101"));
    assert_eq!(live.messages[0].content, "Нужен новый счёт", "the call is told once, at its end");
    assert!(
        live.messages.iter().all(|message| message.attachments.is_empty()),
        "no recording while they talk"
    );

    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.status.as_str(), case.staff_email.as_str()),
        ("waiting", "anna@support.example")
    );
    assert_eq!(
        case.messages.len(),
        2,
        "the first message, and how the call ended: {:?}",
        case.messages
    );
    assert_eq!(case.messages[0], live.messages[0], "nothing is edited");
    assert!(
        case.messages[1].content.starts_with("Запись разговора: Входящий звонок"),
        "{:?}",
        case.messages[1]
    );
    let recordings: Vec<_> = case.messages.iter().flat_map(|message| &message.attachments).collect();
    assert_eq!(recordings.len(), 1);
    assert_eq!(recordings[0].mime_type, "audio/wav");
    assert!(
        case.messages.iter().all(|message| !message.sent_to_client),
        "nothing reaches the client"
    );
    let call = desk
        .call_until(&ringing.id, "the recording", |call| call.recording == RecordingView::Attached)
        .await;
    assert_eq!(call.outcome.map(|outcome| outcome.rule), Some("S30".into()));
}

#[tokio::test]
async fn s06_the_page_of_the_case_shows_the_message_and_plays_the_recording() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    let CallCaseView::Linked { case_id, .. } = &ended.case else {
        panic!("linked: {:?}", ended.case)
    };
    let page = desk.engine.case_page(case_id, false).await.unwrap();
    assert_eq!(page.messages[0].call.as_deref(), Some(ended.id.as_str()));
    let file = page
        .messages
        .iter()
        .flat_map(|message| &message.attachments)
        .find(|file| file.audio)
        .unwrap();
    let audio = desk.engine.sound(case_id, &file.id).await.unwrap();
    assert_eq!(audio.kind, "audio/wav");
    assert!(audio.bytes.starts_with(b"RIFF"));
}

#[tokio::test]
async fn s10_an_unknown_caller_is_shown_with_the_number() {
    let desk = Desk::open().await;
    let (_, ringing) = desk.ring(STRANGER).await;
    let call = desk.known(&ringing.id).await;
    assert_eq!(
        (call.caller, call.number.pretty.as_str()),
        (CallerView::Unknown, "+7 (903) 111-22-33")
    );
    assert_eq!(desk.routes(), []);
}

#[tokio::test]
async fn s14_a_case_for_an_unknown_caller_makes_a_user_from_the_number() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.act(
        &ringing.id,
        AgentAction::CreateCase {
            subject: String::new(),
            gist: "Новый клиент".into(),
        },
    )
    .await;
    desk.call_until(&ringing.id, "the new user", |call| matches!(call.caller, CallerView::Known { .. }))
        .await;
    let case = desk.only_case();
    assert_eq!(case.user_contact, "+79031112233");
    assert_eq!(case.subject, "Входящий звонок с +7 (903) 111-22-33");
    assert_eq!(
        case.fields.get("Телефон").and_then(|phone| phone.as_str()),
        Some("+79031112233"),
        "S26: {:?}",
        case.fields
    );
}

#[tokio::test]
async fn s08_s09_a_call_attached_to_an_earlier_case_is_one_note_with_gist_and_recording() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let Route::Profile { user, .. } = desk.opened().await else {
        panic!("a profile")
    };
    let earlier = desk
        .engine
        .profile(&user)
        .await
        .unwrap()
        .cases
        .into_iter()
        .find(|case| case.is_call)
        .unwrap();
    let before = desk.sandbox.omnidesk().case(&earlier.number).unwrap().messages.len();
    desk.engine
        .attach(&ringing.id, &earlier.id, "По старому вопросу".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.sandbox.omnidesk().case(&earlier.number).unwrap();
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
    assert_eq!((case.messages.len(), case.status.as_str()), (before + 1, "waiting"));
    let note = case.messages.last().unwrap();
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 1));
    assert!(note.content.starts_with("По старому вопросу"));
}

#[tokio::test]
async fn s13_linking_adds_the_number_to_the_found_user_and_the_case_is_theirs() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user: u64 = found[0].user.id.parse().unwrap();
    desk.act(&ringing.id, AgentAction::LinkUser { user: calls::UserId(user) }).await;
    let Route::Profile { .. } = desk.opened().await else {
        panic!("the profile opens")
    };
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert!(desk.only_case().user_name.contains("Иванов"));
    // The next call from this number is the user's.
    let (_, next) = desk.ring(STRANGER).await;
    let next = desk.known(&next.id).await;
    let CallerView::Known { user, matched, .. } = next.caller else {
        panic!("known now: {:?}", next.caller)
    };
    assert!(user.name.contains("Иванов"), "{user:?}");
    assert_eq!(matched, MatchView::Linked, "the number is in a profile that is linked to his");
    desk.engine.close_popup().await;
    let (_, own) = desk.ring(IVANOV).await;
    let CallerView::Known { matched, .. } = desk.known(&own.id).await.caller else {
        panic!("known")
    };
    assert_eq!(matched, MatchView::Exact);
}

#[tokio::test]
async fn a_call_ends_in_the_view_and_the_popup_tells_what_was_done() {
    let desk = Desk::open().await;
    let ended = desk.talk(IVANOV).await;
    assert_eq!(ended.phase, PhaseView::Ended);
    assert!(desk.view().popup.contains(&ended.id));
}
