//! «Поля данных»: the administrator decides what the popup shows (S02).

use crate::desk::{Desk, IVANOV, STRANGER};
use engine::view::{CallerView, DataField, FieldFormat, FieldOption, FieldState, FieldsView, PhaseView, TroubleView};
use sandbox::omnidesk::ByHand;

fn ids(fields: &FieldsView) -> Vec<&str> {
    fields.fields.iter().map(|field| field.id.as_str()).collect()
}

fn field<'a>(fields: &'a FieldsView, id: &str) -> &'a DataField {
    fields.fields.iter().find(|field| field.id == id).unwrap()
}

/// Ticks these and no others, in this order.
async fn tick(desk: &Desk, ticked: &[&str]) -> FieldsView {
    let all = desk.engine.fields().await.unwrap().fields;
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|field| ticked.contains(&field.id.as_str()));
    first.sort_by_key(|field| ticked.iter().position(|id| *id == field.id));
    first.iter_mut().for_each(|field| field.incoming = true);
    let rest = rest.into_iter().map(|field| DataField { incoming: false, ..field });
    desk.engine.save_fields(first.into_iter().chain(rest).collect()).await.unwrap()
}

/// The fields of the popup, once they are these.
async fn popup_shows(desk: &Desk, expected: &[(&str, &str)]) {
    let as_expected = |view: &engine::view::DeskView| {
        let shown: Vec<_> = view
            .fields
            .iter()
            .map(|field| (field.field.as_str(), field.title.as_str()))
            .collect();
        (shown == expected).then_some(())
    };
    desk.until("the popup's fields", as_expected).await;
}

fn awaited(title: &str, format: FieldFormat, options: &[&str]) -> DataField {
    let options = options.iter().map(|title| FieldOption {
        key: String::new(),
        title: (*title).to_owned(),
        color: None,
    });
    DataField {
        id: "new_1".into(),
        title: title.into(),
        format,
        options: options.collect(),
        incoming: true,
        state: FieldState::Awaited,
        always: false,
        lines: Vec::new(),
        became: None,
    }
}

fn appear(title: &str, kind: &str) -> ByHand {
    ByHand::AddField {
        title: title.into(),
        kind: kind.into(),
        level: "user".into(),
        options: vec!["Север".into(), "Юг".into()],
    }
}

#[tokio::test]
async fn s02_by_default_the_popup_shows_name_address_and_company_and_the_screen_lists_everything() {
    let desk = Desk::open().await;
    popup_shows(&desk, &[("name", ""), ("email", ""), ("company", "")]).await;
    let fields = desk.engine.fields().await.unwrap();
    assert!(fields.fresh && fields.omnidesk_url.is_some());
    assert_eq!(
        ids(&fields),
        [
            "name",
            "email",
            "company",
            "position",
            "note",
            "cf_20",
            "cf_21",
            "cf_22",
            "cf_23",
            "cf_24",
            "own_line",
            "own_last_case",
            "own_open_cases",
            "own_calls",
            "own_last_contact",
        ],
        "no fields of cases or companies"
    );
    let formats = ["cf_20", "cf_21", "cf_22", "cf_23", "cf_24"].map(|id| field(&fields, id).format);
    assert_eq!(
        formats,
        [
            FieldFormat::List,
            FieldFormat::Text,
            FieldFormat::Date,
            FieldFormat::Checkbox,
            FieldFormat::Area
        ]
    );
}

#[tokio::test]
async fn s02_a_tick_changes_the_popup_at_once_in_the_order_of_the_list() {
    let desk = Desk::open().await;
    let (_, ringing) = desk.ring(IVANOV).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    tick(&desk, &["cf_21", "name", "cf_20"]).await;
    popup_shows(&desk, &[("cf_21", "Номер договора"), ("name", ""), ("cf_20", "Тариф")]).await;
    let of = |id: &str| user.fields.iter().find(|field| field.field == id).map(|field| field.value.as_str());
    assert_eq!(
        (of("cf_21"), of("cf_20")),
        (Some("Д-2024/117"), Some("Профессиональный")),
        "the data are there already"
    );
    tick(&desk, &["note"]).await;
    popup_shows(&desk, &[("note", "")]).await;
}

#[tokio::test]
async fn s02_the_setting_survives_a_restart() {
    let mut desk = Desk::open().await;
    tick(&desk, &["cf_22", "name"]).await;
    desk.restart().await;
    popup_shows(&desk, &[("cf_22", "Договор до"), ("name", "")]).await;
    assert_eq!(ids(&desk.engine.fields().await.unwrap())[..2], ["cf_22", "name"]);
}

#[tokio::test]
async fn s02_a_field_that_is_awaited_is_bound_when_it_appears_in_omnidesk() {
    let desk = Desk::open().await;
    let mut all = desk.engine.fields().await.unwrap().fields;
    all.insert(0, awaited("Регион доставки", FieldFormat::List, &["Север", "Юг"]));
    let saved = desk.engine.save_fields(all).await.unwrap();
    let kept = field(&saved, "new_1");
    assert_eq!((kept.state, kept.incoming, kept.options.len()), (FieldState::Awaited, true, 2));
    popup_shows(&desk, &[("name", ""), ("email", ""), ("company", "")]).await;
    // Another format of the same name is another field.
    desk.by_hand(&appear("Регион доставки", "text"));
    assert_eq!(field(&desk.engine.fields().await.unwrap(), "new_1").state, FieldState::Awaited);
    let id = format!("cf_{}", desk.by_hand(&appear(" регион доставки ", "select")));
    let fields = desk.engine.fields().await.unwrap();
    assert_eq!(ids(&fields)[0], id, "in the place of the awaited one");
    let bound = field(&fields, &id);
    assert_eq!((bound.state, bound.incoming), (FieldState::Bound, true));
    let options: Vec<_> = bound
        .options
        .iter()
        .map(|option| (option.key.as_str(), option.title.as_str()))
        .collect();
    assert_eq!(options, [("1", "Север"), ("2", "Юг")], "Omnidesk's own");
    popup_shows(
        &desk,
        &[(id.as_str(), " регион доставки "), ("name", ""), ("email", ""), ("company", "")],
    )
    .await;
}

#[tokio::test]
async fn s02_a_field_that_appeared_while_the_program_was_closed_is_bound_at_the_start() {
    let mut desk = Desk::open().await;
    let mut all = desk.engine.fields().await.unwrap().fields;
    all.push(awaited("Менеджер", FieldFormat::Text, &[]));
    desk.engine.save_fields(all).await.unwrap();
    let id = format!("cf_{}", desk.by_hand(&appear("Менеджер", "text")));
    desk.restart().await;
    popup_shows(&desk, &[("name", ""), ("email", ""), ("company", ""), (id.as_str(), "Менеджер")]).await;
}

#[tokio::test]
async fn s02_a_ticked_field_that_is_gone_from_omnidesk_is_said_to_be_missing_and_can_be_let_go() {
    let desk = Desk::open().await;
    tick(&desk, &["name", "cf_21"]).await;
    desk.by_hand(&ByHand::RemoveField { field: 21 });
    let fields = desk.engine.fields().await.unwrap();
    let missing = field(&fields, "cf_21");
    assert_eq!(
        (missing.state, missing.title.as_str(), missing.incoming),
        (FieldState::Missing, "Номер договора", true)
    );
    let (_, ringing) = desk.ring(IVANOV).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    assert!(
        user.fields.iter().all(|field| field.field != "cf_21"),
        "and the call is shown all the same"
    );
    let left = fields.fields.into_iter().filter(|field| field.id != "cf_21").collect();
    let saved = desk.engine.save_fields(left).await.unwrap();
    assert!(saved.fields.iter().all(|field| field.id != "cf_21"));
    popup_shows(&desk, &[("name", "")]).await;
}

#[tokio::test]
async fn s02_what_cannot_be_a_field_is_named() {
    let desk = Desk::open().await;
    let all = desk.engine.fields().await.unwrap().fields;
    for wrong in [
        awaited("", FieldFormat::Text, &[]),
        awaited(&"я".repeat(101), FieldFormat::Text, &[]),
        awaited("Регион", FieldFormat::List, &[]),
        awaited("Регион", FieldFormat::List, &["Север", " "]),
    ] {
        let with = all.iter().cloned().chain([wrong]).collect();
        let refused = desk.engine.save_fields(with).await.unwrap_err();
        assert_eq!(
            (refused.trouble, refused.about.as_deref()),
            (TroubleView::BadSetting, Some("new_1"))
        );
    }
    popup_shows(&desk, &[("name", ""), ("email", ""), ("company", "")]).await;
}

#[tokio::test]
async fn s02_the_setting_goes_as_a_file_from_one_desk_to_another() {
    let desk = Desk::open().await;
    let mut all = tick(&desk, &["cf_20", "name"]).await.fields;
    all.push(awaited("Регион", FieldFormat::List, &["Север"]));
    desk.engine.save_fields(all).await.unwrap();
    let file = desk.engine.export_fields().await.unwrap();
    let other = Desk::open().await;
    let imported = other.engine.import_fields(&file).await.unwrap();
    assert_eq!(
        imported,
        desk.engine
            .save_fields(imported.fields.clone())
            .await
            .map(|mut same| {
                same.omnidesk_url.clone_from(&imported.omnidesk_url);
                same
            })
            .unwrap()
    );
    popup_shows(&other, &[("cf_20", "Тариф"), ("name", "")]).await;
    assert_eq!(field(&imported, "new_1").title, "Регион");
    for wrong in [
        "",
        "{}",
        "[1,2]",
        &file.replace("data-fields", "something-else"),
        &file[..file.len() / 2],
    ] {
        let refused = other.engine.import_fields(wrong).await.unwrap_err();
        assert_eq!((refused.trouble, refused.about.as_deref()), (TroubleView::BadSetting, Some("file")));
    }
    popup_shows(&other, &[("cf_20", "Тариф"), ("name", "")]).await;
}

#[tokio::test]
async fn s02_without_omnidesk_the_known_fields_are_listed_and_said_to_be_of_before() {
    let desk = Desk::open().await;
    use sandbox::omnidesk::{Fault, FaultRule};
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Html { status: 502 }).on("GET", "/api/custom_fields.json"));
    let fields = desk.engine.fields().await.unwrap();
    assert!(!fields.fresh);
    assert!(ids(&fields).contains(&"cf_21"));
}

#[tokio::test]
async fn s02_the_test_call_is_the_real_popup_and_nothing_else() {
    let mut desk = Desk::open().await;
    tick(&desk, &["name", "cf_20", "cf_22"]).await;
    desk.sandbox.omnidesk().clear_requests();
    desk.engine.show_test_call().await;
    let call = desk.until("the test call", |view| view.sample.clone()).await;
    assert!(desk.view().calls.is_empty() && desk.view().popup.is_empty(), "for the popup alone");
    assert_eq!(call.phase, PhaseView::Ringing);
    let CallerView::Known { user, .. } = &call.caller else {
        panic!("somebody made up")
    };
    let shown: Vec<_> = user.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(shown, ["cf_20", "cf_22"], "with a value in each ticked field");
    // Its buttons do nothing.
    let refused = desk.engine.act(&call.id, calls::AgentAction::OpenCompose).await.unwrap_err();
    assert_eq!(refused.trouble, TroubleView::Gone);
    desk.engine.close_popup().await;
    desk.until("its end", |view| view.sample.is_none().then_some(())).await;
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0);
    desk.engine.show_test_call().await;
    desk.until("the test call", |view| view.sample.clone()).await;
    desk.restart().await;
    assert_eq!(desk.view().sample, None);
    assert_eq!(desk.view().calls.len(), 0, "it was never stored");
    assert_eq!(desk.view().outbox.len(), 0);
}

#[tokio::test]
async fn s02_the_test_call_goes_by_itself_and_at_once_when_somebody_calls() {
    let desk = Desk::open().await;
    desk.engine.show_test_call().await;
    desk.until("the test call", |view| view.sample.clone()).await;
    let (_, ringing) = desk.ring(IVANOV).await;
    assert_eq!(desk.view().sample, None, "a real call goes first");
    assert_eq!(desk.view().popup, std::slice::from_ref(&ringing.id));
    desk.sandbox.pbx().hang_up_all();
    desk.call_until(&ringing.id, "the end", |call| call.ended_at.is_some()).await;
    desk.engine.close_popup().await;
    desk.until("an empty popup", |view| view.popup.is_empty().then_some(())).await;
    desk.engine.show_test_call().await;
    desk.until("the test call", |view| view.sample.clone()).await;
    desk.until("its end", |view| view.sample.is_none().then_some(())).await;
}

/// What is computed is shown, of the whole kind.
async fn tick_computed(desk: &Desk) {
    tick(desk, &["name", "own_calls", "own_last_contact", "own_open_cases"]).await;
}

fn calls_of(call: &engine::view::CallView) -> Option<u32> {
    call.facts.as_ref().and_then(|facts| facts.calls)
}

#[tokio::test]
async fn s02_what_this_desk_knows_of_a_caller_comes_by_itself_and_costs_no_request() {
    let desk = Desk::open().await;
    // Two strangers: without anything computed, and with all of it.
    let mut asked = Vec::new();
    for (number, computed) in [(STRANGER, false), ("79031112244", true)] {
        if computed {
            tick_computed(&desk).await;
        }
        desk.sandbox.omnidesk().clear_requests();
        let (call, ringing) = desk.ring(number).await;
        desk.call_until(&ringing.id, "nobody", |call| call.caller == CallerView::Unknown)
            .await;
        if computed {
            let counted = |call: &engine::view::CallView| calls_of(call) == Some(0);
            let known = desk.call_until(&ringing.id, "a count", counted).await.facts.unwrap();
            assert_eq!(
                (known.last_contact, known.open_cases),
                (None, None),
                "nobody talked, and whose cases?"
            );
        } else {
            assert_eq!(ringing.facts, None);
        }
        let kinds = desk
            .sandbox
            .omnidesk()
            .requests()
            .iter()
            .map(|request| request.kind())
            .collect::<Vec<_>>();
        asked.push(kinds);
        desk.hang_up(&call, &ringing.id).await;
        desk.settled().await;
    }
    assert_eq!(asked[0], asked[1]);

    let before = desk.talk(IVANOV).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    let facts = desk
        .call_until(&ringing.id, "the talk before", |call| calls_of(call) == Some(1))
        .await
        .facts
        .unwrap();
    let talked = facts.last_contact.unwrap();
    assert!(talked >= before.offered_at && talked < ringing.offered_at, "{talked} of {before:?}");
    assert_eq!(facts.open_cases, None, "no page has shown them: unknown, and no nought");
    desk.answer(&call, &ringing.id).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    let profile = desk.engine.profile(&user.id).await.unwrap();
    let open = profile
        .cases
        .iter()
        .filter(|case| case.status != engine::view::CaseStatusView::Closed)
        .count();
    let as_read =
        |call: &engine::view::CallView| call.facts.as_ref().and_then(|facts| facts.open_cases).map(|open| open as usize) == Some(open);
    desk.call_until(&ringing.id, "the open cases", as_read).await;
    desk.hang_up(&call, &ringing.id).await;
}

#[tokio::test]
async fn s02_after_a_look_up_that_failed_nothing_is_said_to_be_nought() {
    use sandbox::omnidesk::{Fault, FaultRule};
    let desk = Desk::open().await;
    tick_computed(&desk).await;
    let broken = FaultRule::once(Fault::Html { status: 502 }).on("GET", "/api/users*").times(0);
    desk.sandbox.omnidesk().fault(broken);
    let (call, ringing) = desk.ring("79031112299").await;
    let unavailable = |call: &engine::view::CallView| matches!(call.caller, CallerView::Unavailable { .. });
    let told = desk.call_until(&ringing.id, "a look-up that failed", unavailable).await;
    assert_eq!(told.facts, None);
    desk.hang_up(&call, &ringing.id).await;
}
