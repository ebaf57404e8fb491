//! The stand-in Omnidesk over plain HTTP: what the reference sheet documents, and the faults.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::time::Duration;

use reqwest::{
    Method, Response,
    multipart::{Form, Part},
};
use sandbox::{
    Options, Sandbox,
    omnidesk::{ByHand, Fault, FaultRule, ListShape, MessageKind},
};
use serde_json::{Value, json};

async fn start() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

async fn send(sandbox: &Sandbox, method: Method, path: &str, body: Option<Value>) -> Result<Response, reqwest::Error> {
    let client = reqwest::Client::new();
    let request = client.request(method, format!("{}/api/{path}", sandbox.omnidesk_url()));
    let request = request.basic_auth(sandbox.staff_email(), Some(sandbox.api_key()));
    match body {
        Some(body) => request.json(&body).send().await,
        None => request.send().await,
    }
}

async fn call(sandbox: &Sandbox, method: Method, path: &str, body: Value) -> (u16, Value) {
    let answer = send(sandbox, method, path, Some(body)).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    let answer = send(sandbox, Method::GET, path, None).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

async fn new_case(sandbox: &Sandbox, fields: Value) -> Value {
    let (status, body) = call(sandbox, Method::POST, "cases.json", json!({ "case": fields })).await;
    assert_eq!(status, 201, "{body}");
    body["case"].clone()
}

#[tokio::test]
async fn a_wrong_key_is_401_and_an_unknown_staff_member_403() {
    let sandbox = start().await;
    let status = async |email: &str, key: &str| {
        let url = format!("{}/api/staff.json", sandbox.omnidesk_url());
        reqwest::Client::new()
            .get(url)
            .basic_auth(email, Some(key))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(status(sandbox.staff_email(), "wrong").await, 401);
    assert_eq!(status("nobody@support.example", sandbox.api_key()).await, 403);
    assert_eq!(status("former@support.example", sandbox.api_key()).await, 403);
    assert_eq!(status(sandbox.staff_email(), sandbox.api_key()).await, 200);
}

#[tokio::test]
async fn lists_are_objects_with_numeric_keys_and_a_total() {
    let sandbox = start().await;
    let page = get(&sandbox, "users.json?limit=3&page=2").await;
    let keys: Vec<&String> = page.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["0", "1", "2", "total_count"]);
    assert!(page["total_count"].as_u64().unwrap() > 40);
    assert!(page["0"]["user"]["user_id"].is_u64());
    assert_eq!(get(&sandbox, "staff_statuses.json").await["count"], 3);
    let nobody = get(&sandbox, "users.json?user_phone=%5E%2B70000000000%5E").await;
    assert_eq!(nobody, json!({"total_count": 0}));
}

#[tokio::test]
async fn phones_are_found_as_they_are_spelt() {
    let sandbox = start().await;
    let found = async |filter: &str| get(&sandbox, &format!("users.json?user_phone={filter}")).await["total_count"].clone();
    assert_eq!(found("%5E%2B79161234567%5E").await, 1);
    assert_eq!(found("9161234567").await, 1);
    // An unencoded plus is a blank, as in any query string.
    assert_eq!(found("%5E+79161234567%5E").await, 0);
    // Stored as «8 (921) 555-01-34»: no run of digits finds it.
    assert_eq!(found("9215550134").await, 0);
    let short = send(&sandbox, Method::GET, "users.json?user_phone=12", None).await.unwrap();
    assert_eq!(short.status(), 422);
}

#[tokio::test]
async fn users_are_created_once_and_linked() {
    let sandbox = start().await;
    let fields =
        json!({"user": {"user_phone": "+79001112233", "user_full_name": "Новый Клиент", "custom_fields": {"cf_20": "2", "cf_999": "x"}}});
    let (status, body) = call(&sandbox, Method::POST, "users.json", fields.clone()).await;
    assert_eq!((status, &body["user"]["type"]), (201, &json!("phone")));
    assert_eq!(body["user"]["custom_fields"], json!({"cf_20": "2"}));
    let (status, again) = call(&sandbox, Method::POST, "users.json", fields).await;
    assert_eq!((status, again), (422, json!({"error": "phone_already_exist"})));

    let phone = body["user"]["user_id"].as_u64().unwrap();
    let mail = get(&sandbox, "users.json?user_email=zhukov@").await["0"]["user"]["user_id"]
        .as_u64()
        .unwrap();
    let link = json!({ "user_id": phone });
    let (status, linked) = call(&sandbox, Method::PUT, &format!("users/{mail}/link.json"), link.clone()).await;
    assert_eq!(status, 200);
    assert!(linked["user"]["linked_users"].as_array().unwrap().contains(&json!(phone)));
    let (_, unlinked) = call(&sandbox, Method::PUT, &format!("users/{mail}/unlink.json"), link).await;
    assert!(!unlinked["user"]["linked_users"].as_array().unwrap().contains(&json!(phone)));
    let (status, _) = call(&sandbox, Method::PUT, "users/1/link.json", json!({"user_id": phone})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_case_waits_when_no_status_was_asked_for() {
    let sandbox = start().await;
    let plain = json!({"user_phone": "+79001112233", "subject": "Входящий звонок", "content": ""});
    assert_eq!(new_case(&sandbox, plain).await["status"], "waiting");
}

#[tokio::test]
async fn a_case_makes_its_user_and_has_the_status_that_was_asked_for() {
    let sandbox = start().await;
    let case = new_case(
        &sandbox,
        json!({"user_phone": "+79001112233", "subject": "Входящий звонок", "content": "", "channel": "cch101",
               "status": "open", "labels": [103, 999], "custom_fields": {"cf_25": "k-1"}}),
    )
    .await;
    assert_eq!(case["status"], "open");
    assert_eq!(case["labels"], json!([103]));

    assert_eq!(case["closed_at"], "-");
    let number = case["case_number"].as_str().unwrap();
    assert!(number.len() == 10 && number.as_bytes()[3] == b'-', "{number}");
    let user = get(&sandbox, &format!("users/{}.json", case["user_id"])).await;
    assert_eq!(user["user"]["user_phone"], "+79001112233");

    let change = json!({"case": {"status": "closed", "staff_id": 22, "add_labels": [101], "delete_labels": [103]}});
    let (status, changed) = call(&sandbox, Method::PUT, &format!("cases/{number}.json"), change).await;
    assert_eq!(
        (status, &changed["case"]["status"], &changed["case"]["labels"]),
        (200, &json!("closed"), &json!([101]))
    );
    assert_ne!(changed["case"]["closed_at"], "-");
    let log = get(&sandbox, &format!("cases/{}/changelog.json", case["case_id"])).await;
    assert!(
        log["changelog"]
            .as_array()
            .unwrap()
            .iter()
            .any(|line| line["event"] == "status" && line["value"] == "closed")
    );
    let found = get(
        &sandbox,
        "cases.json?custom_fields%5Bcf_25%5D=k-1&status%5B%5D=closed&channel=cch101",
    )
    .await;
    assert_eq!(found["total_count"], 1);
    assert_eq!(sandbox.omnidesk().new_cases().len(), 1);
    let (status, error) = call(&sandbox, Method::PUT, "cases/7.json", json!({"case": {}})).await;
    assert_eq!((status, error), (404, json!({"error": "case_not_found"})));
}

#[tokio::test]
async fn only_custom_channels_of_the_account_are_taken() {
    let sandbox = start().await;
    let case = |channel: &str| json!({"case": {"user_phone": "+79161234567", "subject": "x", "content": "x", "channel": channel}});
    assert_eq!(call(&sandbox, Method::POST, "cases.json", case("cch777")).await.0, 422);
    assert_eq!(call(&sandbox, Method::POST, "cases.json", case("cch103")).await.0, 422);
    assert_eq!(
        call(&sandbox, Method::POST, "cases.json", json!({"case": {"subject": "x"}}))
            .await
            .0,
        422
    );
    let blocked = new_case(&sandbox, json!({"user_phone": "+79585550113", "subject": "x", "content": "x"})).await;
    assert_eq!((&blocked["spam"], &blocked["channel"]), (&json!(true), &json!("web")));
}

#[tokio::test]
async fn notes_stay_inside_and_messages_go_out_unless_told_not_to() {
    let sandbox = start().await;
    let case = new_case(&sandbox, json!({"user_phone": "+79161234567", "subject": "x", "content": "первое"})).await;
    let id = case["case_id"].as_u64().unwrap();
    let path = |rest: &str| format!("cases/{id}/{rest}.json");
    let (status, note) = call(&sandbox, Method::POST, &path("note"), json!({"note": {"content": "заметка"}})).await;
    assert_eq!((status, &note["message"]["note"]), (201, &json!(true)));
    for quiet in [true, false] {
        let body = json!({"message": {"content": "ответ", "staff_id": 22, "do_not_send_email": quiet}});
        assert_eq!(call(&sandbox, Method::POST, &path("messages"), body).await.0, 201);
    }
    let note_id = note["message"]["message_id"].as_u64().unwrap();
    let edit = json!({"note": {"content": "итог"}});
    assert_eq!(
        call(&sandbox, Method::PUT, &path(&format!("note/{note_id}")), edit.clone()).await.0,
        200
    );
    assert_eq!(
        call(&sandbox, Method::PUT, &path(&format!("messages/{note_id}")), edit).await.0,
        404
    );
    assert_eq!(call(&sandbox, Method::POST, &path("note"), json!({"note": {}})).await.0, 422);

    let messages = sandbox.omnidesk().case(&id.to_string()).unwrap().messages;
    let told: Vec<(MessageKind, &str, bool)> = messages
        .iter()
        .map(|message| (message.kind, message.content.as_str(), message.sent_to_client))
        .collect();
    assert_eq!(
        told,
        [
            (MessageKind::User, "первое", false),
            (MessageKind::Note, "итог", false),
            (MessageKind::Staff, "ответ", false),
            (MessageKind::Staff, "ответ", true),
        ]
    );
    let listed = get(&sandbox, &path("messages")).await;
    assert_eq!(listed["total_count"], 4);
    assert_eq!(listed["1"]["message"]["message_id"], note_id);
}

#[tokio::test]
async fn files_are_stored_served_and_bounded() {
    let sandbox = start().await;
    let case = new_case(&sandbox, json!({"user_phone": "+79161234567", "subject": "x", "content": "x"})).await;
    let post = async |size: usize| {
        let part = Part::bytes(vec![7; size]).file_name("звонок.wav").mime_str("audio/wav").unwrap();
        let form = Form::new().text("note[content]", "").part("note[attachments][0]", part);
        let url = format!("{}/api/cases/{}/note.json", sandbox.omnidesk_url(), case["case_id"]);
        let request = reqwest::Client::new()
            .post(url)
            .basic_auth(sandbox.staff_email(), Some(sandbox.api_key()));
        let answer = request.multipart(form).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, posted) = post(3_000_000).await;
    let file = &posted["message"]["attachments"][0];
    assert_eq!(
        (status, &file["file_name"], &file["file_size"]),
        (201, &json!("звонок.wav"), &json!(3_000_000))
    );
    let served = reqwest::get(file["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(served.headers()["content-type"], "audio/wav");
    assert_eq!(served.bytes().await.unwrap().len(), 3_000_000);
    assert_eq!(sandbox.omnidesk().file(file["file_id"].as_u64().unwrap()).unwrap().len(), 3_000_000);
    assert_eq!(post(25 * 1024 * 1024 + 1).await, (422, json!({"error": "attachment_too_big"})));
}

#[tokio::test]
async fn the_limit_is_told_in_headers_and_kept() {
    let options = Options {
        rate_limit_per_minute: 3,
        rate_window: Duration::from_secs(30),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let ask = async || send(&sandbox, Method::GET, "groups.json", None).await.unwrap();
    let header = |answer: &Response, name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let first = ask().await;
    assert_eq!(header(&first, "rate_limit_per_minute").as_deref(), Some("3"));
    assert_eq!(header(&first, "api_calls_left").as_deref(), Some("2"));
    assert_eq!(header(&first, "retry_after"), None);
    ask().await;
    ask().await;
    let over = ask().await;
    assert_eq!(over.status(), 429);
    let wait: u64 = header(&over, "retry_after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    sandbox.omnidesk().set_rate_limit(0);
    assert_eq!(ask().await.status(), 200);
}

#[tokio::test]
async fn a_lost_answer_is_a_deed_done_and_a_reset_is_not() {
    let sandbox = start().await;
    let case = json!({"case": {"user_phone": "+79161234567", "subject": "x", "content": "x"}});
    let post = async || send(&sandbox, Method::POST, "cases.json", Some(case.clone())).await;
    sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Reset).on("POST", "/api/cases.json"));
    assert!(post().await.is_err());
    assert_eq!(sandbox.omnidesk().new_cases().len(), 0);
    sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Lost { ms: 0 }).on("POST", "/api/cases*"));
    assert!(post().await.is_err());
    assert_eq!(sandbox.omnidesk().new_cases().len(), 1);
    assert!(post().await.is_ok());
    let fates: Vec<String> = sandbox.omnidesk().requests().into_iter().map(|request| request.fate).collect();
    assert_eq!(fates, ["reset", "lost", "answered"]);
    assert_eq!(sandbox.omnidesk().counts()["POST cases"], 3);
}

#[tokio::test]
async fn faults_answer_statuses_pages_halves_and_odd_lists() {
    let sandbox = start().await;
    let ask = async |fault: Fault| {
        sandbox.omnidesk().fault(FaultRule::once(fault).on("GET", "/api/labels.json"));
        let answer = send(&sandbox, Method::GET, "labels.json", None).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = ask(Fault::Status {
        status: 503,
        body: None,
        retry_after: Some(9),
    })
    .await;
    assert_eq!((status, text.as_str()), (503, r#"{"error":"server_error"}"#));
    let (status, text) = ask(Fault::Html { status: 502 }).await;
    assert!(status == 502 && text.starts_with("<!DOCTYPE html>"));
    let (status, text) = ask(Fault::Truncated).await;
    assert!(status == 200 && serde_json::from_str::<Value>(&text).is_err());
    assert_eq!(
        ask(Fault::OddList {
            shape: ListShape::EmptyString
        })
        .await
        .1,
        r#""""#
    );
    assert!(
        ask(Fault::OddList {
            shape: ListShape::PlainArray
        })
        .await
        .1
        .starts_with(r#"[{"label":"#)
    );
    assert!(
        ask(Fault::OddList {
            shape: ListShape::NumbersAsText
        })
        .await
        .1
        .contains(r#""label_id":"101""#)
    );
    assert_eq!(sandbox.omnidesk().faults(), []);
}

#[tokio::test]
async fn no_answer_for_a_while_hits_the_clients_own_time_limit() {
    let sandbox = start().await;
    sandbox.omnidesk().fault(FaultRule::once(Fault::Hang { ms: 60_000 }));
    let url = format!("{}/api/labels.json", sandbox.omnidesk_url());
    let request = reqwest::Client::new()
        .get(url)
        .basic_auth(sandbox.staff_email(), Some(sandbox.api_key()));
    let error = request.timeout(Duration::from_millis(200)).send().await.unwrap_err();
    assert!(error.is_timeout());
    sandbox.shutdown().await;
}

#[tokio::test]
async fn the_seed_has_the_variety_tests_need() {
    let sandbox = start().await;
    let users = sandbox.omnidesk().users();
    let with = |test: &dyn Fn(&Value) -> bool| users.iter().filter(|user| test(user)).count();
    assert!(users.len() >= 60, "{} profiles", users.len());
    assert!(with(&|user| user["user_phone"] == "8 (921) 555-01-34") == 1);
    assert!(with(&|user| user["active"] == false) >= 1 && with(&|user| user["deleted"] == true) >= 1);
    assert!(
        with(&|user| user["custom_fields"] == json!([])) > 0,
        "empty maps come as PHP writes them"
    );
    let shared = users.iter().filter(|user| {
        let digits: String = user["user_phone"]
            .as_str()
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        digits.ends_with("8125550177")
    });
    let names: std::collections::BTreeSet<&str> = shared.map(|user| user["user_full_name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2);
    let cases = sandbox.omnidesk().cases();
    assert_eq!((cases.len(), sandbox.omnidesk().new_cases().len()), (60, 0));
    assert!(cases.iter().any(|case| case.channel == "cch101" && case.labels == ["Пропущенный"]));
    let empty = Sandbox::start(Options {
        seed_users: false,
        ..Options::default()
    })
    .await
    .unwrap();
    assert_eq!((empty.omnidesk().users().len(), empty.omnidesk().cases().len()), (0, 0));
    assert!(get(&empty, "custom_fields.json").await["total_count"].as_u64().unwrap() >= 8);
}

#[tokio::test]
async fn the_control_interface_reads_back_and_resets() {
    let sandbox = start().await;
    new_case(&sandbox, json!({"user_phone": "+79161234567", "subject": "x", "content": "x"})).await;
    let control = async |path: &str| {
        reqwest::get(format!("{}/{path}", sandbox.control_url()))
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    };
    assert_eq!(control("omnidesk/cases").await.as_array().unwrap().len(), 1);
    assert_eq!(control("omnidesk/requests").await[0]["path"], "/api/cases.json");
    assert_eq!(control("omnidesk/state").await["counts"], json!({"POST cases": 1}));
    let post = async |path: &str, body: Value| {
        let request = reqwest::Client::new().post(format!("{}/{path}", sandbox.control_url()));
        request.json(&body).send().await.unwrap().status().as_u16()
    };
    let fault = json!({"method": "GET", "path": "/api/staff.json", "fault": "status", "status": 404});
    assert_eq!(post("omnidesk/faults", fault).await, 200);
    assert_eq!(send(&sandbox, Method::GET, "staff.json", None).await.unwrap().status(), 404);
    assert_eq!(post("reset", json!({})).await, 200);
    assert_eq!(control("omnidesk/cases").await, json!([]));
}

#[tokio::test]
async fn a_test_can_wait_for_what_is_written() {
    let sandbox = start().await;
    let wait = sandbox
        .omnidesk()
        .until(Duration::from_secs(10), |omnidesk| !omnidesk.new_cases().is_empty());
    let write = new_case(&sandbox, json!({"user_phone": "+79161234567", "subject": "x", "content": "x"}));
    let (seen, _) = tokio::join!(wait, write);
    assert!(seen);
    assert!(!sandbox.omnidesk().until(Duration::from_millis(20), |_| false).await);
}

fn by_hand(sandbox: &Sandbox, deed: ByHand) -> u64 {
    sandbox.omnidesk().by_hand(&deed).unwrap()
}

#[tokio::test]
async fn a_field_that_is_mandatory_on_closing_blocks_the_status_and_everything_sent_with_it() {
    let sandbox = start().await;
    let case = new_case(&sandbox, json!({"user_phone": "+79991112233", "subject": "A", "content": "x"})).await;
    let (path, number) = (
        format!("cases/{}.json", case["case_id"]),
        case["case_number"].as_str().unwrap().to_owned(),
    );
    let field = by_hand(
        &sandbox,
        ByHand::AddField {
            title: "Причина".into(),
            kind: "select".into(),
            level: "case".into(),
            options: vec!["Счёт".into(), "Другое".into()],
        },
    );
    by_hand(&sandbox, ByHand::RequireOnClose { field, required: true });
    let listed = get(&sandbox, "custom_fields.json").await;
    assert!(listed.to_string().contains(r#""2":"Другое""#), "{listed}");
    let close = json!({"case": {"status": "closed", "subject": "B"}});
    let (status, body) = call(&sandbox, Method::PUT, &path, close.clone()).await;
    assert_eq!((status, body["error"].as_str()), (422, Some("required_fields")));
    assert_eq!(sandbox.omnidesk().case(&number).unwrap().subject, "A");
    let (status, _) = call(&sandbox, Method::PUT, &path, json!({"case": {"status": "open"}})).await;
    assert_eq!(status, 200, "only closing asks for it");
    by_hand(
        &sandbox,
        ByHand::FillIn {
            case: number,
            field,
            value: "1".into(),
        },
    );
    let (status, body) = call(&sandbox, Method::PUT, &path, close).await;
    assert_eq!((status, body["case"]["status"].as_str()), (200, Some("closed")));
}

#[tokio::test]
async fn the_bin_takes_everything_and_only_the_case_itself_tells() {
    let sandbox = start().await;
    let case = new_case(&sandbox, json!({"user_phone": "+79991112233", "subject": "A", "content": "x"})).await;
    let id = case["case_id"].to_string();
    by_hand(&sandbox, ByHand::Trash { case: id.clone() });
    let (status, note) = call(
        &sandbox,
        Method::POST,
        &format!("cases/{id}/note.json"),
        json!({"note": {"content": "y"}}),
    )
    .await;
    assert_eq!((status, note["message"]["note"].as_bool()), (201, Some(true)));
    let (status, edited) = call(
        &sandbox,
        Method::PUT,
        &format!("cases/{id}.json"),
        json!({"case": {"status": "open"}}),
    )
    .await;
    assert_eq!((status, edited["case"]["deleted"].as_bool()), (200, Some(true)));
    by_hand(&sandbox, ByHand::Destroy { case: id.clone() });
    let answer = send(&sandbox, Method::GET, &format!("cases/{id}.json"), None).await.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn who_has_no_right_to_a_case_neither_sees_nor_changes_it() {
    let sandbox = start().await;
    let case = new_case(
        &sandbox,
        json!({"user_phone": "+79991112233", "subject": "Закрытое", "content": "x"}),
    )
    .await;
    let id = case["case_id"].to_string();
    let access = |allowed| ByHand::Access {
        staff_email: sandbox.staff_email().into(),
        case: id.clone(),
        allowed,
    };
    by_hand(&sandbox, access(false));
    let (status, body) = call(
        &sandbox,
        Method::POST,
        &format!("cases/{id}/note.json"),
        json!({"note": {"content": "y"}}),
    )
    .await;
    assert_eq!((status, body["error"].as_str()), (403, Some("staff_has_not_access")));
    assert_eq!(get(&sandbox, "cases.json?subject=Закрытое").await["total_count"], 0);
    by_hand(&sandbox, access(true));
    assert_eq!(get(&sandbox, "cases.json?subject=Закрытое").await["total_count"], 1);
}
