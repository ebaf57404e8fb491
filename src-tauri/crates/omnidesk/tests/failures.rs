//! What comes back when things go wrong, on the wire and below it.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::*;
use omnidesk::*;
use serde_json::json;
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn list_error(client: &Client) -> Error {
    client.labels().list(PageRequest::default()).await.unwrap_err()
}

fn code(text: &str) -> Option<Code> {
    Some(Code::of(text))
}

#[tokio::test]
async fn statuses_and_codes_become_typed_errors() {
    let table = [
        (json(401, json!({"error": "wrong_key"})), Error::Unauthorized),
        (
            json(403, json!({"error": "wrong_email"})),
            Error::Forbidden { code: code("wrong_email") },
        ),
        (
            json(404, json!({"error": "case_not_found"})),
            Error::NotFound {
                code: code("case_not_found"),
            },
        ),
        (page(404, "<html>no such site</html>"), Error::NotFound { code: None }),
        (
            json(422, json!({"error": "wrong_phone"})),
            Error::Rejected {
                status: 422,
                code: code("wrong_phone"),
            },
        ),
        (
            json(400, json!({"error": "email_already_exist"})),
            Error::AlreadyExists {
                code: Code::of("email_already_exist"),
            },
        ),
        (
            json(200, json!({"error": "staff_not_active"})),
            Error::Rejected {
                status: 200,
                code: code("staff_not_active"),
            },
        ),
        (json(500, json!({})), Error::Server { status: 500 }),
        (page(502, "<html>Bad gateway</html>"), Error::Server { status: 502 }),
        (
            json(429, json!({"error": "too_many"})).insert_header("retry_after", "17"),
            Error::RateLimited {
                retry_after: Some(Duration::from_secs(17)),
            },
        ),
        (
            json(429, json!({})).insert_header("Retry-After", "8"),
            Error::RateLimited {
                retry_after: Some(Duration::from_secs(8)),
            },
        ),
        (page(403, "Rate limit exceeded"), Error::RateLimited { retry_after: None }),
        (
            page(200, "<html>\n <h1>Sign in</h1>"),
            Error::NotJson {
                status: 200,
                content_type: Code::of_media_type("text/html"),
                body: Measure::of(b"<html>\n <h1>Sign in</h1>"),
            },
        ),
    ];
    for (answer, expected) in table {
        let server = serve("GET", "/api/labels.json", answer).await;
        assert_eq!(list_error(&client(&server)).await, expected);
    }
}

#[tokio::test]
async fn a_rate_limit_error_tells_when_to_come_back() {
    let server = serve("GET", "/api/labels.json", json(429, json!({})).insert_header("retry_after", "17")).await;
    let client = client(&server);
    let error = list_error(&client).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert!(error.is_transient() && !error.may_have_happened());
    // And the client itself keeps away from the server until then.
    let mine = client.clone();
    let waiting = tokio::spawn(async move { mine.labels().list(PageRequest::default()).await });
    while client.budget_snapshot().waiting == 0 {
        tokio::task::yield_now().await;
    }
    let until = client.budget_snapshot().waits_until.unwrap();
    let left = until.duration_since(jiff::Timestamp::now());
    assert!((5..=17).contains(&left.as_secs()), "{left}");
    assert_eq!(requests(&server).await.len(), 1);
    waiting.abort();
}

#[tokio::test]
async fn no_error_shows_the_key() {
    let echo = format!("<html>{BASIC} and {KEY} for {EMAIL}</html>");
    for answer in [
        page(200, &echo),
        page(400, &echo),
        json(422, json!({"error": echo})),
        json(403, json!({"error": KEY})),
    ] {
        let server = serve("GET", "/api/labels.json", answer).await;
        let client = client(&server);
        let error = list_error(&client).await;
        let shown = format!("{error} {error:?} {client:?}");
        assert!(!shown.contains(KEY) && !shown.contains(&BASIC[6..]), "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_answers_too_late_times_out_with_the_fate_unknown() {
    let late = json(201, a_case()).set_delay(Duration::from_secs(30));
    let server = serve("POST", "/api/cases.json", late).await;
    let case = NewCase::new(Contact::Phone("+79261234567".into()), "x", Content::text("y"));
    let error = impatient(&server.uri()).cases().create(&case).await.unwrap_err();
    assert_eq!(error, Error::Timeout { sent: true });
    assert!(error.is_transient() && error.may_have_happened());
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle_times_out() {
    let start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"0\": {".to_vec();
    let address = raw_server(start, true).await;
    assert_eq!(list_error(&impatient(&address)).await, Error::Timeout { sent: true });
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_fate_unknown() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".to_vec();
    for answer in [Vec::new(), half] {
        let address = raw_server(answer, false).await;
        let error = list_error(&Client::new(config(&address)).unwrap()).await;
        assert_eq!(error, Error::Connect { kind: ConnectKind::Lost });
        assert!(error.may_have_happened());
    }
}

#[tokio::test]
async fn a_port_without_a_listener_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = list_error(&Client::new(config(&address)).unwrap()).await;
    assert_eq!(
        error,
        Error::Connect {
            kind: ConnectKind::Refused
        }
    );
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_told_apart() {
    let address = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), false).await;
    let address = address.replace("http://", "https://");
    let error = list_error(&Client::new(config(&address)).unwrap()).await;
    assert_eq!(error, Error::Connect { kind: ConnectKind::NoTls });
}

#[tokio::test]
async fn answers_over_the_bound_are_not_read() {
    let announced = serve("GET", "/api/labels.json", page(200, &"x".repeat(10_001))).await;
    assert_eq!(list_error(&client(&announced)).await, Error::TooLarge { limit: 10_000 });
    let mut endless = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
    endless.extend(vec![b'['; 20_000]);
    let address = raw_server(endless, true).await;
    let error = list_error(&Client::new(config(&address)).unwrap()).await;
    assert_eq!(error, Error::TooLarge { limit: 10_000 });
}

#[tokio::test]
async fn an_answer_that_trickles_ends_with_the_time_of_a_request() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n".to_vec();
    let address = trickling_server(head).await;
    assert_eq!(list_error(&impatient(&address)).await, Error::Timeout { sent: true });
    let file = impatient(&address).download(&address.parse().unwrap(), 10_000).await;
    assert_eq!(file, Err(Error::Timeout { sent: true }));
}

#[tokio::test]
async fn what_is_packed_is_not_unpacked_so_nothing_grows_on_arrival() {
    // `[]` by gzip.
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x8b\x8e\x05\x00\x29\xbb\x4c\x0d\x02\x00\x00\x00".to_vec();
    let answer = ResponseTemplate::new(200).insert_header("content-encoding", "gzip");
    let server = serve("GET", "/api/labels.json", answer.set_body_raw(packed.clone(), "application/json")).await;
    let client = client(&server);
    let error = list_error(&client).await;
    assert!(matches!(error, Error::NotJson { status: 200, .. }), "{error}");
    let file = format!("{}/api/labels.json", server.uri());
    assert_eq!(client.download(&file.parse().unwrap(), 100).await.as_deref(), Ok(&packed[..]));
    for request in requests(&server).await {
        assert!(!request.headers.contains_key("accept-encoding"), "and it is not asked for");
    }
}

#[tokio::test]
async fn json_nested_without_end_is_no_answer() {
    for open in ["[", "{\"a\":"] {
        for closed in [false, true] {
            let depth = 1_000;
            let end = if closed { if open == "[" { "]" } else { "}" } } else { "" };
            let text = format!("{}0{}", open.repeat(depth), end.repeat(depth));
            let server = serve(
                "GET",
                "/api/labels.json",
                ResponseTemplate::new(200).set_body_raw(text, "application/json"),
            )
            .await;
            let error = list_error(&client(&server)).await;
            assert!(matches!(error, Error::NotJson { status: 200, .. }), "{open} {closed}: {error}");
        }
    }
}

#[tokio::test]
async fn json_of_another_shape_is_a_decode_error_without_values() {
    let server = serve(
        "POST",
        "/api/cases.json",
        json(201, json!({"case": {"case_id": "Иванов", "subject": "x"}})),
    )
    .await;
    let case = NewCase::new(Contact::Phone("+79261234567".into()), "x", Content::text("y"));
    let error = client(&server).cases().create(&case).await.unwrap_err();
    assert!(matches!(error, Error::Decode { what: "case", .. }), "{error}");
    assert!(error.may_have_happened(), "the case was made, only its answer is odd");
    assert!(!error.to_string().contains("Иванов"));
}

#[tokio::test]
async fn redirects_of_api_calls_are_not_followed() {
    let elsewhere = MockServer::start().await;
    let answer = ResponseTemplate::new(302).insert_header("location", format!("{}/api/labels.json", elsewhere.uri()));
    let server = serve("GET", "/api/labels.json", answer).await;
    let error = list_error(&client(&server)).await;
    assert!(matches!(error, Error::NotJson { status: 302, .. }), "{error}");
    assert!(requests(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn the_budget_learns_from_headers_and_serves_popups_first() {
    let told = |left: &str, resets_in: &str| {
        let answer = json(200, json!([])).insert_header("rate_limit_per_minute", "100");
        answer.insert_header("api_calls_left", left).insert_header("retry_after", resets_in)
    };
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(told("1", "2"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any()).respond_with(told("99", "60")).mount(&server).await;
    let client = client(&server);
    client.languages().list(PageRequest::default()).await.unwrap();
    let snapshot = client.budget_snapshot();
    assert_eq!(
        (snapshot.limit_per_minute, snapshot.left, snapshot.waits_until),
        (Some(100), 1, None)
    );
    let background = client.with_priority(Priority::Background).labels();
    let popup = client.with_priority(Priority::Popup).users();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move { background.list(PageRequest::default()).await.map(drop) });
    while client.budget_snapshot().waiting == 0 {
        tokio::task::yield_now().await;
    }
    tasks.spawn(async move { popup.list(&UserFilter::default(), PageRequest::default()).await.map(drop) });
    while client.budget_snapshot().waiting == 1 {
        tokio::task::yield_now().await;
    }
    assert!(client.budget_snapshot().waits_until.is_some());
    assert_eq!(tasks.join_all().await, [Ok(()), Ok(())]);
    let served: Vec<String> = requests(&server)
        .await
        .iter()
        .map(|request| request.url.path().to_owned())
        .collect();
    assert_eq!(served, ["/api/languages.json", "/api/users.json", "/api/labels.json"]);
}
