//! Numbers that are withheld, inner, nonsense, or written in odd ways.

use crate::desk::{Desk, IVANOV};
use calls::AgentAction;
use engine::view::{CallCaseView, CallerView, NumberKindView, TroubleView};
use sandbox::CallSpec;

#[tokio::test]
async fn a_withheld_number_is_not_looked_up_and_makes_no_user() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let users = desk.sandbox.omnidesk().users().len();
    let ended = desk.talk("anonymous").await;
    assert_eq!((ended.caller, ended.number.kind), (CallerView::Withheld, NumberKindView::Withheld));
    assert_eq!(
        ended.outcome.map(|outcome| outcome.reason),
        Some("nobodyToWriteFor".into()),
        "and the list says why"
    );
    assert_eq!(desk.sandbox.omnidesk().users().len(), users);
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0, "Omnidesk was not asked at all");
}

#[tokio::test]
async fn a_case_for_a_withheld_number_needs_a_user_first_and_loses_nothing_typed() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("anonymous").await;
    desk.answer(&call, &ringing.id).await;
    let create = AgentAction::CreateCase {
        subject: "Тема".into(),
        gist: "Суть".into(),
    };
    let refused = desk.engine.act(&ringing.id, create).await.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("nobody")));
    let kept = desk.call_until(&ringing.id, "the draft", |call| !call.draft.gist.is_empty()).await;
    assert_eq!(kept.draft.gist, "Суть");
    desk.hang_up(&call, &ringing.id).await;
    // Found afterwards: the case is written then.
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user = calls::UserId(found[0].user.id.parse().unwrap());
    desk.act(&ringing.id, AgentAction::ChooseUser { user, remember: false }).await;
    let call = desk
        .call_until(&ringing.id, "the case", |call| matches!(call.case, CallCaseView::Linked { .. }))
        .await;
    assert!(matches!(call.case, CallCaseView::Linked { .. }));
    let case = desk.only_case();
    assert_eq!((case.subject.as_str(), case.user_name.as_str()), ("Тема", "Иванов Иван Сергеевич"));
}

#[tokio::test]
async fn a_caller_whose_operator_passes_a_hidden_number_on_stays_hidden() {
    let desk = Desk::open().await;
    let spec = CallSpec {
        withheld: true,
        ..CallSpec::incoming(IVANOV, "101")
    };
    let call = desk.sandbox.pbx().place(spec).unwrap();
    let id = desk.until("the popup", |view| view.popup.first().cloned()).await;
    let hidden = desk
        .call_until(&id, "the number to be hidden", |call| call.caller == CallerView::Withheld)
        .await;
    assert_eq!(hidden.number.pretty, "");
    desk.answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);
}

#[tokio::test]
async fn a_colleague_who_calls_is_never_looked_up_nor_a_case() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let call = desk.sandbox.pbx().place(CallSpec::internal("102", "101")).unwrap();
    let id = desk.until("the call", |view| view.calls.first().map(|call| call.id.clone())).await;
    desk.answer(&call, &id).await;
    desk.hang_up(&call, &id).await;
    let ended = desk.call_until(&id, "the outcome", |call| call.outcome.is_some()).await;
    assert_eq!(ended.caller, CallerView::NotLookedUp);
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0);
}

/// A caller over the trunk whose number is none: what the case is for, and who the user is called.
async fn is_a_client(from: &str) {
    let desk = Desk::open().await;
    let users = desk.sandbox.omnidesk().users().len();
    let ended = desk.talk(from).await;
    assert_eq!((ended.number.pretty.as_str(), ended.number.e164), (from, None), "shown as it came");
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(case.subject, format!("Входящий звонок с {from}"));
    assert_eq!(
        (case.status.as_str(), case.user_contact.as_str(), case.user_name.as_str()),
        ("waiting", from, from)
    );
    assert_eq!(desk.sandbox.omnidesk().users().len(), users + 1);
    // The next time the caller is known, here and at a desk that has never heard of them.
    desk.engine.close_popup().await;
    let (_, next) = desk.ring(from).await;
    let CallerView::Known { user, .. } = desk.known(&next.id).await.caller else {
        panic!("{from} is known")
    };
    assert_eq!(user.id, case.user_id.to_string());
    let cards = desk.engine.search_users(from).await.unwrap();
    assert_eq!(cards.iter().filter(|found| found.user.id == user.id).count(), 1, "and found by it");
    assert_eq!(desk.sandbox.omnidesk().users().len(), users + 1, "no second profile");
}

#[tokio::test]
async fn s10_s14_a_number_of_a_town_without_its_area_is_a_clients() {
    is_a_client("2000007").await;
}

#[tokio::test]
async fn s10_s14_a_short_number_that_came_over_a_trunk_is_a_clients() {
    is_a_client("70001").await;
}

#[tokio::test]
async fn s10_s14_a_number_of_no_plan_is_a_clients() {
    is_a_client("00000000000000000").await;
}

#[tokio::test]
async fn s10_s14_a_sender_of_letters_is_a_client() {
    is_a_client("MTS-Bank").await;
}

#[tokio::test]
async fn s25_s27_missed_calls_of_a_sender_of_letters_share_a_case() {
    let desk = Desk::open().await;
    let first = desk.missed("MTS-Bank").await;
    assert_eq!(
        (first.subject.as_str(), first.status.as_str()),
        ("Пропущенный звонок с MTS-Bank", "open")
    );
    desk.engine.close_popup().await;
    let (call, ringing) = desk.ring("MTS-Bank").await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!((case.case_id, case.messages.len()), (first.case_id, 2));
}

#[tokio::test]
async fn s13_a_sender_of_letters_is_linked_to_a_user_and_known_from_then_on() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("MTS-Bank").await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let found = desk.engine.search_users("ivanov@romashka").await.unwrap();
    let user = calls::UserId(found[0].user.id.parse().unwrap());
    desk.act(&ringing.id, AgentAction::LinkUser { user }).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert!(desk.only_case().user_name.contains("Иванов"));
    desk.engine.close_popup().await;
    let (_, next) = desk.ring("MTS-Bank").await;
    let CallerView::Known { user, .. } = desk.known(&next.id).await.caller else {
        panic!("known by the link")
    };
    assert!(user.name.contains("Иванов"), "{}", user.name);
}

#[tokio::test]
async fn nothing_is_written_that_omnidesk_would_refuse_for_ever() {
    // Without a channel of calls there is no contact for a text that is no number.
    let desk = Desk::open_with(|settings| settings.channel = String::new()).await;
    desk.sandbox.omnidesk().clear_requests();
    let (call, ringing) = desk.ring("MTS-Bank").await;
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    let row = desk.wedged("case").await;
    assert_eq!(row.code.as_deref(), Some("no_channel"));
    assert_eq!(desk.writes(), [""; 0]);
}

#[tokio::test]
async fn s01_a_field_with_several_numbers_labels_and_names_identifies_its_user() {
    for (field, from, written) in [
        (
            "моб. 8 (916) 200-00-07, раб. 8 (495) 765-43-21 доб. 12",
            "79162000007",
            "+7 (916) 200-00-07",
        ),
        (
            "моб. 8 (916) 200-00-07, раб. 8 (495) 765-43-21 доб. 12",
            "74957654321",
            "+7 (495) 765-43-21 #12",
        ),
        ("+8 (916) 200-00-08 Мария", "+79162000008", "+7 (916) 200-00-08"),
        ("tel:+7%20916%20200-00-09", "89162000009", "+7 (916) 200-00-09"),
    ] {
        let desk = Desk::open().await;
        let user = desk.newcomer(field).await.to_string();
        let found = desk.engine.search_users(written).await.unwrap();
        assert_eq!(
            found.iter().map(|found| found.user.id.clone()).collect::<Vec<_>>(),
            std::slice::from_ref(&user),
            "{field}"
        );
        assert_eq!(found[0].matched[0].text, written);
        assert!(
            found[0].user.phones.contains(&written.to_owned()),
            "each number by itself: {:?}",
            found[0].user.phones
        );
        let (call, ringing) = desk.ring(from).await;
        let CallerView::Known { user: known, .. } = desk.known(&ringing.id).await.caller else {
            panic!("{field} has {from}")
        };
        assert_eq!(known.id, user);
        let users = desk.sandbox.omnidesk().users().len();
        desk.answer(&call, &ringing.id).await;
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
        assert_eq!(desk.only_case().user_id.to_string(), user);
        assert_eq!(desk.sandbox.omnidesk().users().len(), users, "no second profile");
    }
}

#[tokio::test]
async fn a_guess_about_the_country_that_finds_a_user_is_that_user_and_makes_none() {
    // An outside-line prefix and Ivanov's number, or Iran.
    let desk = Desk::open().await;
    let users = desk.sandbox.omnidesk().users().len();
    let (call, ringing) = desk.ring("989161234567").await;
    let known = desk.known(&ringing.id).await;
    let CallerView::Known { user, .. } = &known.caller else {
        panic!("found by a reading: {:?}", known.caller)
    };
    assert_eq!(user.name, "Иванов Иван Сергеевич");
    assert_eq!(
        (known.number.pretty.as_str(), known.number.e164.as_deref()),
        ("989161234567", None),
        "and shown as it came"
    );
    desk.answer(&call, &ringing.id).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    assert_eq!(desk.only_case().user_name, "Иванов Иван Сергеевич");
    assert_eq!(desk.sandbox.omnidesk().users().len(), users);
}

#[tokio::test]
async fn a_guess_that_finds_nobody_makes_a_user_of_the_text_as_it_stands() {
    let desk = Desk::open().await;
    desk.talk("989031112244").await;
    desk.settled().await;
    let case = desk.only_case();
    assert_eq!(
        (case.user_contact.as_str(), case.subject.as_str()),
        ("989031112244", "Входящий звонок с 989031112244")
    );
}

#[tokio::test]
async fn a_name_that_turns_the_text_around_is_shown_straight_everywhere() {
    let desk = Desk::open().await;
    let (call, ringing) = desk
        .place(CallSpec::incoming("79031112255", "101").named("Олег\u{202e}ыверк\u{202c}\u{200b}"))
        .await;
    assert_eq!(ringing.pbx_name.as_deref(), Some("Олегыверк"));
    desk.answer(&call, &ringing.id).await;
    let user = calls::UserId(desk.newcomer("+79031112266").await);
    let changes = engine::view::UserChanges {
        name: Some("Имя\u{202e}наоборот".into()),
        ..engine::view::UserChanges::default()
    };
    desk.engine.edit_user(Some(&user.0.to_string()), None, changes).await.unwrap();
    let create = AgentAction::CreateCase {
        subject: "Тема\u{202e}\u{7}".into(),
        gist: "Суть\u{202e} дела\nвторая строка".into(),
    };
    desk.act(&ringing.id, create).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.settled().await;
    let case = desk.only_case();
    let texts: Vec<&str> = case.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(case.subject, "Тема");
    assert!(texts[0].starts_with("Суть дела\nвторая строка"), "{texts:?}");
    assert_eq!(desk.profile_with("+79031112266")["user_full_name"], "Имянаоборот");
}

#[tokio::test]
async fn a_name_of_the_pbx_that_names_nobody_is_not_shown() {
    for name in ["Anonymous", "<Неизвестный>", "8 (903) 111-22-55", "Unbekannt"] {
        let desk = Desk::open().await;
        let (_, ringing) = desk.place(CallSpec::incoming("79031112255", "101").named(name)).await;
        assert_eq!(ringing.pbx_name, None, "{name}");
    }
    let desk = Desk::open().await;
    let (_, ringing) = desk.place(CallSpec::incoming("79031112255", "101").named(&"Ы".repeat(5_000))).await;
    assert_eq!(ringing.pbx_name.map(|name| name.chars().count()), Some(calls::LONGEST_NAME));
}

#[tokio::test]
async fn several_users_of_one_number_are_offered_and_the_choice_is_remembered() {
    let desk = Desk::open().await;
    // The number is spelt differently in the two profiles; Omnidesk's own search by number finds only one, this
    // computer's index both.
    assert_eq!(desk.engine.search_users("555-01-77").await.unwrap().len(), 2);
    let (_, ringing) = desk.ring("78125550177").await;
    let call = desk
        .call_until(&ringing.id, "both users", |call| matches!(call.caller, CallerView::Several { .. }))
        .await;
    let CallerView::Several { users, .. } = call.caller else { panic!() };
    assert_eq!(users.len(), 2);
    let chosen = users[1].id.clone();
    let user = calls::UserId(chosen.parse().unwrap());
    desk.act(&ringing.id, AgentAction::ChooseUser { user, remember: true }).await;
    desk.sandbox.pbx().hang_up_all();
    desk.call_until(&ringing.id, "the end", |call| call.ended_at.is_some()).await;
    desk.engine.close_popup().await;
    desk.until("the popup's end", |view| view.popup.is_empty().then_some(())).await;
    let (_, next) = desk.ring("78125550177").await;
    let next = desk.known(&next.id).await;
    let CallerView::Known { user, .. } = next.caller else {
        panic!("remembered: {:?}", next.caller)
    };
    assert_eq!(user.id, chosen);
}
