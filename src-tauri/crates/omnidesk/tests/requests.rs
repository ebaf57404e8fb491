//! What goes over the wire: routes, query strings, bodies, files.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use common::*;
use omnidesk::*;
use serde_json::json;
use wiremock::MockServer;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn a_phone_look_up_is_one_authorised_request_with_the_plus_encoded() {
    let answer = json!({"0": {"user": {"user_id": 202, "user_full_name": "Иванов Иван", "type": "phone",
        "user_phone": "+79269876543", "linked_users": [123, 202]}}, "total_count": 1});
    let server = serve("GET", "/api/users.json", json(200, answer)).await;
    let filter = UserFilter {
        phone: Some(PhoneQuery::Exact("+79269876543".into())),
        ..UserFilter::default()
    };
    let page = client(&server).users().list(&filter, PageRequest::first(10)).await.unwrap();
    assert_eq!((page.total, page.items[0].id), (1, UserId(202)));
    assert_eq!(page.items[0].other_profiles().collect::<Vec<_>>(), [UserId(123)]);
    let request = only(&server).await;
    assert_eq!(request.headers["authorization"], BASIC);
    assert_eq!(request.url.query(), Some("page=1&limit=10&user_phone=%5E%2B79269876543%5E"));
}

#[tokio::test]
async fn every_user_filter_has_its_name() {
    let server = serve("GET", "/api/users.json", json(200, json!([]))).await;
    let range = TimeRange {
        from: jiff::Timestamp::from_second(100).ok(),
        to: None,
    };
    let filter = UserFilter {
        email: Some(TextQuery::Contains("@company".into())),
        phone: Some(PhoneQuery::Contains("9269876543".into())),
        custom_id: Some(TextQuery::StartsWith("8e33".into())),
        custom_channel: Some("cch101".into()),
        company_ids: vec![CompanyId(1), CompanyId(2)],
        language_id: Some(LanguageId(2)),
        custom_fields: BTreeMap::from([(FieldId(20), "x".to_owned())]),
        with_amount_of_cases: true,
        created: range,
        updated: range,
        last_contact: range,
    };
    client(&server).users().list(&filter, PageRequest::new(3, 50)).await.unwrap();
    let expected = [
        pair("page", "3"),
        pair("limit", "50"),
        pair("user_email", "@company"),
        pair("user_phone", "9269876543"),
        pair("user_custom_id", "^8e33"),
        pair("user_custom_channel", "cch101"),
        pair("company_id[]", "1"),
        pair("company_id[]", "2"),
        pair("language_id", "2"),
        pair("custom_fields[cf_20]", "x"),
        pair("amount_of_cases", "true"),
        pair("from_time", "100"),
        pair("from_updated_time", "100"),
        pair("from_last_contact_time", "100"),
    ];
    assert_eq!(query(&only(&server).await), expected);
}

#[tokio::test]
async fn every_case_filter_has_its_name() {
    let server = serve("GET", "/api/cases.json", json(200, json!({"case": []}))).await;
    let filter = CaseFilter {
        user_ids: vec![UserId(1), UserId(2)],
        user_emails: vec![TextQuery::Exact("a@b.ru".into())],
        user_phones: vec![TextQuery::Contains("9269876543".into())],
        user_custom_ids: vec!["8e33".into()],
        subject: Some(TextQuery::StartsWith("Пропущенный".into())),
        staff_ids: vec![StaffId::NOBODY],
        group_ids: vec![GroupId(4)],
        channels: vec!["cch159".into()],
        priorities: vec![CasePriority::High],
        statuses: vec![CaseStatus::Open, CaseStatus::Waiting],
        labels: vec![LabelId(7)],
        filter: Some(FilterId(8)),
        custom_fields: BTreeMap::from([(FieldId(25), "call-42".to_owned())]),
        show_merged_cases: true,
        show_active_chats: true,
        with_first_response_time: true,
        created: TimeRange::default(),
        sort: Some(CaseSort::UpdatedDesc),
    };
    client(&server).cases().list(&filter, PageRequest::default()).await.unwrap();
    let expected = [
        pair("page", "1"),
        pair("limit", "100"),
        pair("user_id[]", "1"),
        pair("user_id[]", "2"),
        pair("user_email", "^a@b.ru^"),
        pair("user_phone", "9269876543"),
        pair("user_custom_id", "8e33"),
        pair("subject", "^Пропущенный"),
        pair("staff_id", "0"),
        pair("group_id", "4"),
        pair("channel", "cch159"),
        pair("priority", "high"),
        pair("status[]", "open"),
        pair("status[]", "waiting"),
        pair("labels", "7"),
        pair("filter", "8"),
        pair("custom_fields[cf_25]", "call-42"),
        pair("show_merged_cases", "true"),
        pair("show_active_chats", "true"),
        pair("show_first_response_time", "true"),
        pair("sort", "updated_at_desc"),
    ];
    assert_eq!(query(&only(&server).await), expected);
}

#[tokio::test]
async fn users_are_written_by_their_routes() {
    let server = MockServer::start().await;
    let user = || json(200, json!({"user": {"user_id": 7, "password": "s3cret"}}));
    for (verb, route) in [
        ("GET", "/api/users/7.json"),
        ("POST", "/api/users.json"),
        ("PUT", "/api/users/7.json"),
        ("PUT", "/api/users/7/link.json"),
        ("PUT", "/api/users/7/unlink.json"),
        ("PUT", "/api/users/7/block.json"),
        ("PUT", "/api/users/7/disable.json"),
        ("PUT", "/api/users/7/restore.json"),
    ] {
        mount(&server, verb, route, user()).await;
    }
    let users = client(&server).users();
    let id = UserId(7);
    let new = NewUser {
        full_name: Some("Анна".into()),
        custom_fields: CustomFields::new().with(FieldId(23), true),
        ..NewUser::new(Contact::Phone("+79261234567".into()))
    };
    let edit = UserEdit {
        note: Some("VIP".into()),
        ..UserEdit::default()
    };
    users.get(id).await.unwrap();
    let created = users.create(&new).await.unwrap();
    assert!(
        !format!("{created:?}").contains("s3cret"),
        "the password of a create answer is not kept"
    );
    users.edit(id, &edit).await.unwrap();
    users.link(id, &LinkTarget::User(UserId(8))).await.unwrap();
    users.link(id, &LinkTarget::Phone("+79261234567".into())).await.unwrap();
    users.unlink(id, UserId(8)).await.unwrap();
    users.block(id).await.unwrap();
    users.disable(id).await.unwrap();
    users.restore(id).await.unwrap();
    let seen = requests(&server).await;
    let new_body = json!({"user": {"user_phone": "+79261234567", "user_full_name": "Анна", "custom_fields": {"cf_23": true}}});
    assert_eq!(body(&seen[1]), new_body);
    assert_eq!(body(&seen[2]), json!({"user": {"user_note": "VIP"}}));
    assert_eq!(body(&seen[3]), json!({"user_id": 8}));
    assert_eq!(body(&seen[4]), json!({"user_phone": "+79261234567"}));
    assert_eq!(body(&seen[5]), json!({"user_id": 8}));
    assert!(seen[6].body.is_empty());
}

fn call_case() -> NewCase {
    NewCase {
        user_full_name: Some("+79261234567".into()),
        channel: Some("cch159".into()),
        group_id: Some(GroupId(44)),
        staff_id: Some(StaffId(22)),
        labels: vec![LabelId(101), LabelId(102)],
        custom_fields: CustomFields::new().with(FieldId(25), "pbx-call-id-42"),
        ..NewCase::new(
            Contact::Phone("+79261234567".into()),
            "Входящий звонок с +79261234567",
            Content::text("Звонок принят, 02:31"),
        )
    }
}

#[tokio::test]
async fn a_case_without_files_is_sent_as_json() {
    let server = serve("POST", "/api/cases.json", json(201, a_case())).await;
    let case = client(&server).cases().create(&call_case()).await.unwrap();
    assert_eq!(
        (case.id, case.number.as_str(), case.status),
        (CaseId(2000), "664-245651", CaseStatus::Waiting)
    );
    assert_eq!(case.staff_id, None);
    let request = only(&server).await;
    assert_eq!(request.headers["content-type"], "application/json");
    let expected = json!({"case": {"user_phone": "+79261234567", "user_full_name": "+79261234567",
        "subject": "Входящий звонок с +79261234567", "content": "Звонок принят, 02:31", "channel": "cch159", "group_id": 44,
        "staff_id": 22, "labels": [101, 102], "custom_fields": {"cf_25": "pbx-call-id-42"}}});
    assert_eq!(body(&request), expected);
}

#[tokio::test]
async fn a_case_with_files_is_sent_as_a_form() {
    let server = serve("POST", "/api/cases.json", json(201, a_case())).await;
    let case = NewCase {
        attachments: vec![
            Attachment::new("Запись \"1\".mp3", "audio/mpeg", &b"ID3-one"[..]),
            Attachment::new("two.mp3", "audio/mpeg", &b"ID3-two"[..]),
        ],
        ..call_case()
    };
    client(&server).cases().create(&case).await.unwrap();
    let request = only(&server).await;
    assert!(request.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
    let form = String::from_utf8(request.body).unwrap();
    for part in [
        "name=\"case[subject]\"\r\n\r\nВходящий звонок с +79261234567\r\n",
        "name=\"case[labels][1]\"\r\n\r\n102\r\n",
        "name=\"case[custom_fields][cf_25]\"\r\n\r\npbx-call-id-42\r\n",
        "name=\"case[attachments][0]\"; filename=\"Запись _1_.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nID3-one\r\n",
        "name=\"case[attachments][1]\"; filename=\"two.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nID3-two\r\n",
    ] {
        assert!(form.contains(part), "no {part:?} in {form}");
    }
}

#[tokio::test]
async fn files_over_the_limit_are_refused_before_the_upload() {
    let server = MockServer::start().await;
    let file = |bytes: usize| Attachment::new("a.wav", "audio/wav", vec![0; bytes]);
    let refused = [
        vec![file(MAX_FILE_BYTES + 1)],
        vec![file(MAX_FILE_BYTES), file(MAX_FILE_BYTES), file(1)],
    ];
    for attachments in refused {
        let case = NewCase {
            attachments,
            ..call_case()
        };
        let error = client(&server).cases().create(&case).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
    }
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn cases_are_named_by_id_or_by_number() {
    let server = MockServer::start().await;
    mount(&server, "GET", "/api/cases/2000.json", json(200, a_case())).await;
    mount(&server, "PUT", "/api/cases/664-245651.json", json(200, a_case())).await;
    let cases = client(&server).cases();
    cases.get(&CaseId(2000).into()).await.unwrap();
    let edit = CaseEdit {
        status: Some(CaseStatus::Closed),
        staff_id: Some(StaffId::NOBODY),
        custom_fields: CustomFields::new().with(FieldId(9), "3"),
        add_labels: vec![LabelId(1)],
        delete_labels: vec![LabelId(2)],
        ..CaseEdit::default()
    };
    cases.edit(&CaseNumber::from("664-245651").into(), &edit).await.unwrap();
    let expected = json!({"case": {"status": "closed", "staff_id": 0, "custom_fields": {"cf_9": "3"},
        "add_labels": [1], "delete_labels": [2]}});
    assert_eq!(body(&requests(&server).await[1]), expected);
    for hostile in ["", "..", "1/../users", "1?x=", "1.json"] {
        let error = cases.get(&CaseNumber::from(hostile).into()).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{hostile}: {error}");
    }
}

#[tokio::test]
async fn bulk_actions_answer_what_worked() {
    let server = MockServer::start().await;
    mount(
        &server,
        "PUT",
        "/api/cases/101,102/trash.json",
        json(200, json!({"case_success_id": [101, "102"]})),
    )
    .await;
    mount(
        &server,
        "PUT",
        "/api/cases/101,102/spam.json",
        json(200, json!({"case_success_id": [102]})),
    )
    .await;
    mount(&server, "PUT", "/api/cases/2000/restore.json", json(200, a_case())).await;
    let cases = client(&server).cases();
    let two = [CaseId(101), CaseId(102)];
    assert_eq!(cases.trash(&two).await.unwrap(), two);
    assert_eq!(cases.spam(&two).await.unwrap(), [CaseId(102)]);
    assert_eq!(cases.restore(&[CaseId(2000)]).await.unwrap(), [CaseId(2000)]);
    for wrong in [vec![], vec![CaseId(1); 11]] {
        assert!(matches!(cases.trash(&wrong).await, Err(Error::InvalidRequest(_))));
    }
}

#[tokio::test]
async fn the_changelog_tolerates_missing_values() {
    let answer = json!({"changelog": [
        {"created_at": "Mon, 05 May 2014 00:15:17 +0300", "event": "status", "done_by": "staff_330", "old_value": "open", "value": "waiting"},
        {"event": "labels", "done_by": "rule_1332", "value": 5},
        {"no": "event"}]});
    let server = serve("GET", "/api/cases/2000/changelog.json", json(200, answer)).await;
    let changes = client(&server).cases().changelog(&CaseId(2000).into()).await.unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[0].value.as_deref(), Some("waiting"));
    assert_eq!((changes[1].old_value.as_deref(), changes[1].value.as_deref()), (None, Some("5")));
}

#[tokio::test]
async fn directories_are_read_and_labels_and_companies_made() {
    let server = MockServer::start().await;
    let field = json!({"0": {"custom_field": {"field_id": 9, "title": "Тема", "field_type": "select", "field_level": "case",
        "active": true, "field_data": {"1": "First", "2": "Second"}}}, "total_count": 10});
    mount(&server, "GET", "/api/custom_fields.json", json(200, field)).await;
    let channel = json!({"0": {"custom_channel": {"channel_id": 1, "channel_api_key": "cch1", "title": "Звонки",
        "channel_type": "async", "active": 1}}, "total_count": 1});
    mount(&server, "GET", "/api/custom_channels.json", json(200, channel)).await;
    for (route, answer) in [
        ("groups", json!({"0": {"group": {"group_id": 44, "group_title": "Линия 1"}}})),
        ("labels", json!({"0": {"label": {"label_id": 101, "label_title": "Пропущенный"}}})),
        ("languages", json!([{"language": {"language_id": 2, "code": "ru"}}])),
        (
            "companies",
            json!({"0": {"company": {"company_id": 200, "company_domains": "a.ru, b.ru"}}}),
        ),
        (
            "staff_statuses",
            json!({"0": {"staff_statuses": {"status_id": 2, "status": "Офлайн"}}, "count": 1}),
        ),
    ] {
        mount(&server, "GET", &format!("/api/{route}.json"), json(200, answer)).await;
    }
    mount(
        &server,
        "POST",
        "/api/labels.json",
        json(201, json!({"label": {"label_id": 5, "label_title": "Перезвонили"}})),
    )
    .await;
    mount(
        &server,
        "POST",
        "/api/companies.json",
        json(201, json!({"company": {"company_id": 6}})),
    )
    .await;
    mount(
        &server,
        "GET",
        "/api/companies/6.json",
        json(200, json!({"company": {"company_id": 6}})),
    )
    .await;
    let client = client(&server);
    let all = PageRequest::default();
    let fields = client.custom_fields().list(all).await.unwrap();
    assert_eq!(fields.items[0].options["2"], "Second");
    assert_eq!(
        (&fields.items[0].field_type, &fields.items[0].field_level),
        (&FieldType::Select, &FieldLevel::Case)
    );
    assert_eq!(client.custom_channels().list(all).await.unwrap().items[0].key.as_str(), "cch1");
    assert_eq!(client.groups().list(all).await.unwrap().items[0].title, "Линия 1");
    assert_eq!(client.labels().list(all).await.unwrap().items[0].id, LabelId(101));
    assert_eq!(client.languages().list(all).await.unwrap().items[0].code, "ru");
    assert_eq!(client.companies().list(all).await.unwrap().items[0].domains, ["a.ru", "b.ru"]);
    assert_eq!(client.staff_statuses().list(all).await.unwrap().items[0].title, "Офлайн");
    assert_eq!(client.labels().create("Перезвонили").await.unwrap().id, LabelId(5));
    let company = NewCompany {
        name: "Ромашка".into(),
        ..NewCompany::default()
    };
    let company = client.companies().create(&company).await.unwrap();
    client.companies().get(company.id).await.unwrap();
    mount(
        &server,
        "PUT",
        "/api/companies/6.json",
        json(200, json!({"company": {"company_id": 6, "company_note": "x"}})),
    )
    .await;
    let filter = CompanyFilter {
        name: Some(TextQuery::Contains("Ромашка".into())),
        ..CompanyFilter::default()
    };
    client.companies().find(&filter, all).await.unwrap();
    assert_eq!(client.companies().set_note(company.id, "x").await.unwrap().note, "x");
    let seen = requests(&server).await;
    assert_eq!(body(&seen[7]), json!({"label": {"label_title": "Перезвонили"}}));
    assert_eq!(query(&seen[10])[2], pair("company_name", "Ромашка"));
    assert_eq!(body(&seen[11]), json!({"company": {"company_note": "x"}}));
}

#[tokio::test]
async fn whoami_finds_the_own_e_mail_on_a_later_page() {
    let server = MockServer::start().await;
    let staff = |first: u64, last_email: &str| {
        let mut list = serde_json::Map::from_iter([("total_count".to_owned(), json!(150))]);
        let count = if first == 0 { 100 } else { 50 };
        for index in 0..count {
            let email = if index + 1 == count {
                last_email.to_owned()
            } else {
                format!("s{index}@company.ru")
            };
            list.insert(
                index.to_string(),
                json!({"staff": {"staff_id": first + index + 1, "staff_email": email}}),
            );
        }
        serde_json::Value::Object(list)
    };
    let on_page = |number: &str| wiremock::matchers::query_param("page", number);
    for (number, answer) in [("1", staff(0, "other@company.ru")), ("2", staff(100, "Anna@Company.ru"))] {
        wiremock::Mock::given(on_page(number))
            .respond_with(json(200, answer))
            .mount(&server)
            .await;
    }
    let mut config = config(&server.uri());
    config.limits.answer_bytes = 100_000;
    let me = Client::new(config.clone()).unwrap().whoami().await.unwrap();
    assert_eq!(me.map(|staff| staff.id), Some(StaffId(150)));
    config.staff_email = "stranger@company.ru".into();
    assert_eq!(Client::new(config).unwrap().whoami().await.unwrap(), None);
}

#[tokio::test]
async fn a_walk_over_pages_is_lazy_bounded_and_ends_with_the_list() {
    let server = MockServer::start().await;
    for (number, id) in [("1", 1), ("2", 2), ("3", 3)] {
        let answer = json!({"0": {"label": {"label_id": id}}, "total_count": 3});
        wiremock::Mock::given(wiremock::matchers::query_param("page", number))
            .respond_with(json(200, answer))
            .mount(&server)
            .await;
    }
    let labels = client(&server).labels();
    let mut short = labels.pages(2);
    assert!(requests(&server).await.is_empty(), "nothing is fetched before it is asked for");
    assert!(short.next().await.unwrap().is_ok());
    assert!(short.next().await.unwrap().is_ok());
    assert!(short.next().await.is_none());
    assert!(short.cut_short());
    let all = labels.pages(10).collect().await.unwrap();
    assert_eq!(all.items.iter().map(|label| label.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(requests(&server).await.len(), 5);
}
