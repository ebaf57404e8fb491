//! «Отредактировать данного пользователя»: the form over a user (S05, S14).

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{CallView, CallerView, FieldChange, FieldFormat, FieldState, OutboxStateView, TroubleView, UserChanges, UserView};
use sandbox::omnidesk::{Fault, FaultRule};
use serde_json::json;

fn change(field: &str, value: &str) -> FieldChange {
    FieldChange {
        field: field.into(),
        value: value.into(),
    }
}

fn note(text: &str) -> UserChanges {
    UserChanges {
        note: Some(text.into()),
        ..UserChanges::default()
    }
}

/// IVANOV's call rings: the user as shown, and the call's id.
async fn ringing(desk: &Desk) -> (String, UserView) {
    let (_, ringing) = desk.ring(IVANOV).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    (ringing.id, user)
}

/// The user as shown, once it satisfies.
async fn shown(desk: &Desk, call: &str, fits: impl Fn(&UserView) -> bool) -> UserView {
    let known = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if fits(user));
    let CallerView::Known { user, .. } = desk.call_until(call, "the user's data", known).await.caller else {
        panic!()
    };
    user
}

fn value<'a>(user: &'a UserView, field: &str) -> Option<&'a str> {
    user.fields
        .iter()
        .find(|known| known.field == field)
        .map(|known| known.value.as_str())
}

#[tokio::test]
async fn s05_every_format_of_a_field_is_offered_edited_shown_and_delivered() {
    let desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    let form = desk.engine.user_form(Some(&user.id), Some(&call)).await.unwrap();
    let formats: Vec<_> = form.fields.iter().map(|field| (field.id.as_str(), field.format)).collect();
    assert_eq!(
        formats,
        [
            ("cf_20", FieldFormat::List),
            ("cf_21", FieldFormat::Text),
            ("cf_22", FieldFormat::Date),
            ("cf_23", FieldFormat::Checkbox),
            ("cf_24", FieldFormat::Area)
        ],
        "the user's fields, none of the case's"
    );
    assert!(form.fields.iter().all(|field| field.state == FieldState::Bound));
    let options: Vec<_> = form.fields[0]
        .options
        .iter()
        .map(|option| (option.key.as_str(), option.title.as_str()))
        .collect();
    assert_eq!(options[1], ("2", "Стандартный"));
    assert_eq!(form.values.name.as_deref(), Some("Иванов Иван Сергеевич"));

    let changes = UserChanges {
        name: Some("Иванов Иван Петрович".into()),
        email: None,
        company: Some("ООО «Лютик»".into()),
        position: Some("Владелец".into()),
        note: Some("Звонить утром.\nНе писать.".into()),
        fields: vec![
            change("cf_20", "2"),
            change("cf_21", "Д-2026/001"),
            change("cf_22", "2028-02-29"),
            change("cf_23", "false"),
            change("cf_24", "Тверь,\nНабережная, 1"),
        ],
    };
    desk.engine.edit_user(Some(&user.id), Some(&call), changes).await.unwrap();
    let at_once = shown(&desk, &call, |user| user.name == "Иванов Иван Петрович").await;
    assert_eq!(
        (at_once.company.as_deref(), at_once.position.as_deref()),
        (Some("ООО «Лютик»"), Some("Владелец"))
    );
    for (field, expected) in [
        ("cf_20", "Стандартный"),
        ("cf_21", "Д-2026/001"),
        ("cf_22", "2028-02-29"),
        ("cf_23", "false"),
    ] {
        assert_eq!(value(&at_once, field), Some(expected), "{field}");
    }
    desk.settled().await;
    let kept = desk.profile_with("+79161234567");
    assert_eq!(
        (
            &kept["user_full_name"],
            &kept["company_name"],
            &kept["company_position"],
            &kept["user_note"]
        ),
        (
            &json!("Иванов Иван Петрович"),
            &json!("ООО «Лютик»"),
            &json!("Владелец"),
            &json!("Звонить утром.\nНе писать.")
        )
    );
    assert_eq!(
        kept["custom_fields"],
        json!({"cf_20": "2", "cf_21": "Д-2026/001", "cf_22": "2028-02-29", "cf_23": false, "cf_24": "Тверь,\nНабережная, 1"}),
        "each in Omnidesk's own form"
    );
}

#[tokio::test]
async fn s05_a_value_can_be_cleared_and_what_was_not_touched_stays() {
    let desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    let changes = UserChanges {
        fields: vec![change("cf_21", ""), change("cf_22", "")],
        ..UserChanges::default()
    };
    desk.engine.edit_user(Some(&user.id), Some(&call), changes).await.unwrap();
    let cleared = shown(&desk, &call, |user| value(user, "cf_21").is_none()).await;
    assert_eq!(
        (value(&cleared, "cf_22"), value(&cleared, "cf_20")),
        (None, Some("Профессиональный"))
    );
    desk.settled().await;
    let kept = desk.profile_with("+79161234567");
    assert_eq!(
        (
            &kept["custom_fields"]["cf_21"],
            &kept["custom_fields"]["cf_20"],
            &kept["user_full_name"]
        ),
        (&json!(""), &json!("3"), &json!("Иванов Иван Сергеевич"))
    );
}

#[tokio::test]
async fn s05_what_is_wrong_is_named_and_nothing_of_it_is_sent() {
    let desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    let with = |field: &str, value: &str| UserChanges {
        name: Some("Не должно дойти".into()),
        fields: vec![change(field, value)],
        ..UserChanges::default()
    };
    let mut wrong = vec![
        ("cf_20", with("cf_20", "Стандартный")),
        ("cf_21", with("cf_21", "две\nстроки")),
        ("cf_22", with("cf_22", "31.12.2026")),
        ("cf_22", with("cf_22", "2027-02-29")),
        ("cf_23", with("cf_23", "да")),
        ("cf_24", with("cf_24", &"я".repeat(10_001))),
        ("cf_99", with("cf_99", "x")),
        ("cf_25", with("cf_25", "поле обращения")),
    ];
    for email in ["ivanov", "ivanov@", "a b@c.example", ""] {
        let changes = UserChanges {
            email: Some(email.into()),
            ..UserChanges::default()
        };
        wrong.push(("email", changes));
    }
    let long = UserChanges {
        name: Some("Я".repeat(256)),
        ..UserChanges::default()
    };
    wrong.push(("name", long));
    for (about, changes) in wrong {
        let refused = desk.engine.edit_user(Some(&user.id), Some(&call), changes).await.unwrap_err();
        assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::BadSetting, Some(about)));
    }
    assert_eq!(desk.writes(), [""; 0]);
    assert_eq!(shown(&desk, &call, |_| true).await.name, "Иванов Иван Сергеевич");
}

#[tokio::test]
async fn s05_an_address_is_changed_in_the_profile_that_has_it() {
    let desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    let address = desk.profile_with("ivanov@romashka.example")["user_id"].clone();
    let changes = UserChanges {
        email: Some("direktor@romashka.example".into()),
        ..UserChanges::default()
    };
    desk.engine.edit_user(Some(&user.id), Some(&call), changes).await.unwrap();
    desk.settled().await;
    assert_eq!(
        desk.profile_with("direktor@romashka.example")["user_id"],
        address,
        "the same profile, with its cases"
    );
    let profile = desk.engine.profile(&user.id).await.unwrap();
    assert_eq!(profile.user.email.as_deref(), Some("direktor@romashka.example"));
}

#[tokio::test]
async fn s05_an_address_that_somebody_else_has_is_refused_and_ties_nobody() {
    let desk = Desk::open().await;
    let (_, ringing) = desk.ring("79895550116").await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    assert_eq!(user.email, None);
    let changes = UserChanges {
        email: Some("Kim@vostok.example".into()),
        ..UserChanges::default()
    };
    desk.engine.edit_user(Some(&user.id), None, changes).await.unwrap();
    let refused = desk.wedged("edit").await;
    assert_eq!(refused.code.as_deref(), Some("email_already_exist"));
    let linked = desk.profile_with("+79895550116")["linked_users"].clone();
    let kim = desk.profile_with("kim@vostok.example");
    assert!(
        !linked.as_array().is_some_and(|linked| linked.contains(&kim["user_id"])),
        "{linked}"
    );
}

#[tokio::test]
async fn s05_what_is_edited_while_omnidesk_is_out_is_shown_and_delivered_later_even_after_a_restart() {
    let mut desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("PUT", "/api/users/*").times(0));
    desk.engine.edit_user(Some(&user.id), Some(&call), note("Первая")).await.unwrap();
    desk.engine.edit_user(Some(&user.id), Some(&call), note("Вторая")).await.unwrap();
    shown(&desk, &call, |user| user.note.as_deref() == Some("Вторая")).await;
    desk.until("a failed attempt", |view| {
        view.outbox.iter().any(|row| row.what == "edit" && row.attempts > 0).then_some(())
    })
    .await;
    desk.restart_unconnected().await;
    shown(&desk, &call, |user| user.note.as_deref() == Some("Вторая")).await;
    desk.sandbox.omnidesk().clear_faults();
    desk.connected().await;
    desk.settled().await;
    assert_eq!(
        desk.profile_with("+79161234567")["user_note"],
        "Вторая",
        "in the order in which they were typed"
    );
}

#[tokio::test]
async fn s05_a_refused_edit_waits_for_a_decision_and_given_up_it_frees_the_user() {
    let desk = Desk::open().await;
    let (call, user) = ringing(&desk).await;
    let refusal = Fault::Status {
        status: 422,
        body: Some(json!({"error": "wrong_phone"})),
        retry_after: None,
    };
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(refusal).on("PUT", "/api/users/*").times(2));
    desk.engine
        .edit_user(Some(&user.id), Some(&call), note("Не пройдёт"))
        .await
        .unwrap();
    let row = desk.wedged("edit").await;
    assert_eq!(
        (row.trouble, row.code.as_deref()),
        (Some(TroubleView::Refused), Some("wrong_phone"))
    );
    desk.engine.retry(&row.id).await.unwrap();
    let twice = |view: &engine::view::DeskView| {
        let tried = view.outbox.iter().find(|other| other.id == row.id && other.attempts == 2);
        tried.filter(|row| row.state == OutboxStateView::Wedged).cloned()
    };
    desk.until("the second refusal", twice).await;
    desk.engine.give_up(&row.id).await.unwrap();
    desk.until("the row's end", |view| {
        view.outbox.iter().all(|other| other.id != row.id).then_some(())
    })
    .await;
    // What was given up is not shown as if it were so.
    shown(&desk, &call, |user| {
        user.note.as_deref().is_some_and(|note| note.starts_with("Предпочитает"))
    })
    .await;
    assert!(desk.engine.give_up(&row.id).await.is_err(), "it is not owed any more");
    desk.engine.edit_user(Some(&user.id), Some(&call), note("Пройдёт")).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.profile_with("+79161234567")["user_note"], "Пройдёт");
}

#[tokio::test]
async fn s14_the_user_that_a_created_case_brought_is_edited_like_any_other() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(STRANGER).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let create = calls::AgentAction::CreateCase {
        subject: String::new(),
        gist: "Новый клиент".into(),
    };
    desk.act(&ringing.id, create).await;
    let made = shown(&desk, &ringing.id, |_| true).await;
    let changes = UserChanges {
        name: Some("Новикова Анна".into()),
        email: Some("novikova@sosna.example".into()),
        ..UserChanges::default()
    };
    desk.engine.edit_user(Some(&made.id), Some(&ringing.id), changes).await.unwrap();
    shown(&desk, &ringing.id, |user| user.name == "Новикова Анна").await;
    desk.settled().await;
    assert_eq!(desk.profile_with("novikova@sosna.example")["user_full_name"], "Новикова Анна");
    assert_eq!(
        desk.sandbox.omnidesk().new_cases()[0].user_id.to_string(),
        made.id,
        "the case is still theirs"
    );
}

#[tokio::test]
async fn s05_nobody_is_edited_by_a_hidden_number() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring("anonymous").await;
    desk.answer(&call, &ringing.id).await;
    let refused = desk.engine.edit_user(None, Some(&ringing.id), note("Кто это?")).await.unwrap_err();
    assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::Refused, Some("nobody")));
    let gone = desk.engine.edit_user(None, Some("no-such-call"), note("?")).await.unwrap_err();
    assert_eq!(gone.trouble, TroubleView::Gone);
}
