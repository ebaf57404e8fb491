//! A caller whom nobody knows, or whom too many might be (S10-S15).

use crate::desk::{Desk, IVANOV, STRANGER};
use calls::AgentAction;
use engine::view::{CallCaseView, CallerView, FieldChange, MatchView, OutboxStateView, Route, UserChanges};
use sandbox::omnidesk::MessageKind;

fn create(gist: &str) -> AgentAction {
    AgentAction::CreateCase {
        subject: String::new(),
        gist: gist.into(),
    }
}

async fn ivanov(desk: &Desk) -> calls::UserId {
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    calls::UserId(found[0].user.id.parse().unwrap())
}

#[tokio::test]
async fn s10_s11_an_unknown_caller_stays_in_the_popup_when_answered_and_no_page_opens() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let asked = |omnidesk: &sandbox::Omnidesk| omnidesk.counts().get("GET users") == Some(&2);
    assert!(
        desk.sandbox.omnidesk().until(crate::desk::LONG, asked).await,
        "odd spellings are looked for now"
    );
    let talking = desk.known(&ringing.id).await;
    assert_eq!((talking.caller, talking.case), (CallerView::Unknown, CallCaseView::None));
    assert_eq!(desk.view().popup, [ringing.id], "what to do next is offered there");
    assert_eq!(desk.routes(), []);
}

#[tokio::test]
async fn s10_a_number_that_is_spelt_oddly_in_omnidesk_is_known_at_the_ring() {
    // In Omnidesk: «8 (921) 555-01-34», «8-916-555-01-72», «8(495)555-01-23». Its own search does not find them.
    let desk = Desk::open().await;
    for from in ["79215550134", "79165550172", "74955550123"] {
        let (call, ringing) = desk.ring(from).await;
        let known = desk.known(&ringing.id).await.caller;
        assert!(matches!(known, CallerView::Known { .. }), "{from}: {known:?}");
        desk.answer(&call, &ringing.id).await;
        let Route::Profile { user, .. } = desk.opened().await else {
            panic!("S03 holds for them, too")
        };
        desk.engine.profile(&user).await.unwrap();
        let still = desk.known(&ringing.id).await.caller;
        assert!(
            matches!(still, CallerView::Known { .. }),
            "whatever Omnidesk's search says: {still:?}"
        );
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
    }
}

#[tokio::test]
async fn s10_a_number_that_is_spelt_oddly_in_omnidesk_is_found_when_the_agent_answers() {
    for (spelling, from) in [
        ("8 (921) 555-01-99", "79215550199"),
        ("8-916-555-01-98", "79165550198"),
        ("8(495)555-01-97", "74955550197"),
    ] {
        let desk = Desk::open().await;
        // Not in this computer's index yet.
        desk.newcomer(spelling).await;
        let (call, ringing) = desk.ring(from).await;
        assert_eq!(desk.known(&ringing.id).await.caller, CallerView::Unknown, "{from}");
        desk.answer(&call, &ringing.id).await;
        let found = |call: &engine::view::CallView| matches!(call.caller, CallerView::Known { .. });
        desk.call_until(&ringing.id, "the user", found).await;
        let Route::Profile { .. } = desk.opened().await else {
            panic!("S03 holds for them, too")
        };
        let users = desk.sandbox.omnidesk().users().len();
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        assert_eq!(desk.sandbox.omnidesk().users().len(), users, "no second profile for {from}");
        // And the next time at once: this computer knows the spelling.
        desk.engine.close_popup().await;
        let (_, next) = desk.ring(from).await;
        desk.call_until(&next.id, "the user while it rings", found).await;
    }
}

#[tokio::test]
async fn s13_s05_a_case_created_after_linking_is_the_found_users() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let user = ivanov(&desk).await;
    desk.act(&ringing.id, AgentAction::LinkUser { user }).await;
    assert_eq!(
        desk.opened().await,
        Route::Profile {
            user: user.0.to_string(),
            call: Some(ringing.id.clone())
        }
    );
    let linked = desk.call_until(&ringing.id, "the user", |_| true).await;
    assert!(
        matches!(
            linked.caller,
            CallerView::Known {
                matched: MatchView::Chosen,
                ..
            }
        ),
        "{:?}",
        linked.caller
    );
    desk.act(&ringing.id, create("Звонит с чужого телефона")).await;
    let live = desk.case_of(&ringing.id).await;
    assert!(live.user_name.contains("Иванов"));
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().status, "waiting");
    let phone = desk.profile_with("+79031112233");
    let linked = desk.profile_with("ivanov@romashka.example");
    let ids = phone["linked_users"].as_array().unwrap();
    assert!(ids.contains(&linked["user_id"]), "the number is among the user's: {phone}");
}

#[tokio::test]
async fn s13_s08_s09_a_call_can_be_attached_to_a_case_of_the_linked_user() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let user = ivanov(&desk).await;
    desk.act(&ringing.id, AgentAction::LinkUser { user }).await;
    let profile = desk.engine.profile(&user.0.to_string()).await.unwrap();
    let earlier = profile.cases.into_iter().find(|case| case.is_call).unwrap();
    desk.engine
        .attach(&ringing.id, &earlier.id, "По старому делу".into())
        .await
        .unwrap();
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.sandbox.omnidesk().case(&earlier.id).unwrap();
    let note = case.messages.last().unwrap();
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 1));
    assert!(note.content.starts_with("По старому делу"));
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
}

#[tokio::test]
async fn s14_what_was_typed_about_a_user_who_is_not_there_yet_arrives_when_there_is_one() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let changes = UserChanges {
        name: Some("Новикова Анна".into()),
        email: Some("novikova@sosna.example".into()),
        company: Some("ООО «Сосна»".into()),
        fields: vec![FieldChange {
            field: "cf_21".into(),
            value: "Д-2026/9".into(),
        }],
        ..UserChanges::default()
    };
    desk.engine.edit_user(None, Some(&ringing.id), changes).await.unwrap();
    let form = desk.engine.user_form(None, Some(&ringing.id)).await.unwrap();
    assert_eq!((form.user, form.values.name.as_deref()), (None, Some("Новикова Анна")));
    assert_eq!(
        desk.writes(),
        [""; 0],
        "there is nobody to write to, and a user without a case is not made"
    );
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().user_contact, "+79031112233");
    let user = desk.profile_with("+79031112233");
    assert_eq!(
        (&user["user_full_name"], &user["company_name"], &user["custom_fields"]["cf_21"]),
        (&"Новикова Анна".into(), &"ООО «Сосна»".into(), &"Д-2026/9".into())
    );
    let address = desk.profile_with("novikova@sosna.example");
    let tied = user["linked_users"].as_array().unwrap();
    assert!(
        tied.contains(&address["user_id"]),
        "the address is a profile of its own, tied to the number's: {user}"
    );
    let named = |call: &engine::view::CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Новикова Анна" && user.email.as_deref() == Some("novikova@sosna.example"));
    desk.call_until(&ringing.id, "the name on screen", named).await;
}

#[tokio::test]
async fn s14_a_missed_call_of_an_unknown_number_makes_a_user_named_after_it() {
    let desk = Desk::open().await;
    let case = desk.missed(STRANGER).await;
    assert_eq!((case.user_contact.as_str(), case.status.as_str()), ("+79031112233", "open"));
    let call = desk.view().calls[0].clone();
    let CallerView::Known { user, .. } = call.caller else {
        panic!("the user is known now: {:?}", call.caller)
    };
    assert_eq!(user.name, "+7 (903) 111-22-33");
}

#[tokio::test]
async fn s25_a_missed_call_with_a_hidden_number_asks_nothing_and_leaves_nothing() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, ringing) = desk.ring("anonymous").await;
    desk.hang_up(&call, &ringing.id).await;
    let ended = desk.call_until(&ringing.id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!((ended.caller, ended.case), (CallerView::Withheld, CallCaseView::None));
    assert_eq!(ended.outcome.unwrap().reason, "nobodyToWriteFor", "and the list says why");
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0);
}

#[tokio::test]
async fn a_blocked_user_is_shown_as_blocked_and_the_call_is_written_all_the_same() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("79585550113").await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    assert!(user.blocked);
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.status.as_str(), case.messages[0].attachments.len()), ("waiting", 1));
}

#[tokio::test]
async fn a_deleted_user_is_nobody_and_the_number_can_be_linked_to_another() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("79095550114").await;
    assert_eq!(desk.known(&ringing.id).await.caller, CallerView::Unknown);
    desk.answer(&call, &ringing.id).await;
    let user = ivanov(&desk).await;
    desk.act(&ringing.id, AgentAction::LinkUser { user }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert!(desk.only_case().user_name.contains("Иванов"));
    let links: Vec<_> = desk.view().outbox.into_iter().filter(|row| row.what == "link").collect();
    assert_eq!(
        links.iter().map(|row| (row.state, row.attempts)).collect::<Vec<_>>(),
        [(OutboxStateView::Done, 1)]
    );
}

#[tokio::test]
async fn s13_second_thoughts_about_the_linked_user_count() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let first = ivanov(&desk).await;
    desk.act(&ringing.id, AgentAction::LinkUser { user: first }).await;
    let found = desk.engine.search_users("goncharuk@ural").await.unwrap();
    let second = calls::UserId(found[0].user.id.parse().unwrap());
    desk.act(&ringing.id, AgentAction::LinkUser { user: second }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert!(desk.only_case().user_name.contains("Гончарук"));
}

#[tokio::test]
async fn s01_a_number_in_any_form_the_operator_sends_is_the_same_user() {
    for from in [IVANOV, "+79161234567", "89161234567", "9161234567"] {
        let desk = Desk::open().await;
        let (_, ringing) = desk.ring(from).await;
        let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
            panic!("{from} is known")
        };
        assert_eq!(user.name, "Иванов Иван Сергеевич", "{from}");
    }
}

crate::desk::also_in_a_fresh_account!(s25_a_missed_call_with_a_hidden_number_asks_nothing_and_leaves_nothing,);
