//! What the tests share: a client for a stand-in server, and raw servers that misbehave below HTTP.
#![allow(dead_code, clippy::unwrap_used)]

use std::time::Duration;

use omnidesk::{Client, Config, Limits, Timeouts};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const EMAIL: &str = "anna@company.ru";
pub const KEY: &str = "k3y-of-the-account";
/// `anna@company.ru:k3y-of-the-account`.
pub const BASIC: &str = "Basic YW5uYUBjb21wYW55LnJ1OmszeS1vZi10aGUtYWNjb3VudA==";

pub fn config(address: &str) -> Config {
    Config {
        limits: Limits {
            answer_bytes: 10_000,
            assumed_per_minute: 1000,
            ..Limits::default()
        },
        ..Config::new(address.parse().unwrap(), EMAIL, KEY)
    }
}

pub fn client(server: &MockServer) -> Client {
    Client::new(config(&server.uri())).unwrap()
}

/// A client that waits 100 ms for an answer.
pub fn impatient(address: &str) -> Client {
    let patience = Duration::from_millis(100);
    let timeouts = Timeouts {
        request: patience,
        transfer: patience,
        ..Timeouts::default()
    };
    Client::new(Config {
        timeouts,
        ..config(address)
    })
    .unwrap()
}

/// A server that answers one route.
pub async fn serve(verb: &str, route: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    mount(&server, verb, route, answer).await;
    server
}

pub async fn mount(server: &MockServer, verb: &str, route: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(route)).respond_with(answer).mount(server).await;
}

pub fn json(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

pub fn page(status: u16, html: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(html.to_owned(), "text/html; charset=utf-8")
}

pub fn a_case() -> Value {
    json!({"case": {"case_id": 2000, "case_number": "664-245651", "subject": "Договор и счёт", "user_id": 123,
        "staff_id": 0, "status": "waiting"}})
}

pub async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

/// The only request of a server.
pub async fn only(server: &MockServer) -> Request {
    let mut all = requests(server).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// Decoded query pairs.
pub fn query(request: &Request) -> Vec<(String, String)> {
    request.url.query_pairs().into_owned().collect()
}

/// A server that reads a request, writes these bytes, and then closes or holds the connection.
pub async fn raw_server(answer: Vec<u8>, hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 8192]).await;
            // The client may have hung up already.
            let _ = stream.write_all(&answer).await;
            if hold {
                held.push(stream);
            }
        }
    });
    address
}

/// A server that reads a request, writes this beginning of an answer, and then a space now and then, for ever.
pub async fn trickling_server(head: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let head = head.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 8192]).await;
                let mut sent = stream.write_all(&head).await;
                while sent.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    sent = stream.write_all(b" ").await;
                }
            });
        }
    });
    address
}
