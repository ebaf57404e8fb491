//! A small ARI server for these tests: REST answers by rules, sockets in the test's hand. A socket
//! lives as long as the test holds it.
#![allow(dead_code, clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods)] // Each test binary uses its own part; a failed wait fails the test.

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pbx::{AriConfig, Timings};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

pub const PASSWORD: &str = "hush-hush-7";
/// `ringside:hush-hush-7`, as the login header spells it.
pub const LOGIN: &str = "cmluZ3NpZGU6aHVzaC1odXNoLTc=";

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path with query, as sent.
    pub target: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// What a rule does.
#[derive(Clone)]
pub enum Reply {
    Json(u16, Value),
    Bytes(&'static str, Vec<u8>),
    Never,
}

struct Rule {
    method: &'static str,
    path: String,
    reply: Reply,
}

struct Shared {
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<Asked>>,
    news: tokio::sync::watch::Sender<usize>,
    sockets: mpsc::UnboundedSender<Socket>,
}

/// What the test tells a socket's task.
enum Order {
    Send(Message),
    Mute,
    Cut,
}

/// One accepted socket.
pub struct Socket {
    pub target: String,
    pub headers: HeaderMap,
    orders: mpsc::UnboundedSender<Order>,
    pings: mpsc::UnboundedReceiver<()>,
}

impl Socket {
    pub fn send(&self, frame: &Value) {
        self.text(frame.to_string());
    }

    pub fn text(&self, text: String) {
        let _ = self.orders.send(Order::Send(Message::Text(text.into())));
    }

    pub fn bytes(&self, bytes: Bytes) {
        let _ = self.orders.send(Order::Send(Message::Binary(bytes)));
    }

    /// Reads and answers nothing from now on, like a dead line.
    pub fn mute(&self) {
        let _ = self.orders.send(Order::Mute);
    }

    /// Ends without a close frame, like a killed PBX.
    pub fn cut(&self) {
        let _ = self.orders.send(Order::Cut);
    }

    pub async fn pinged(&mut self) {
        soon(self.pings.recv()).await.expect("the socket lives");
    }
}

pub struct Fake {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    sockets: mpsc::UnboundedReceiver<Socket>,
}

/// Bounds every wait.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future)
        .await
        .expect("within ten seconds")
}

impl Fake {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (accepted, sockets) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            rules: Mutex::default(),
            asked: Mutex::default(),
            news: tokio::sync::watch::Sender::new(0),
            sockets: accepted,
        });
        let app = axum::Router::new().fallback(answer).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, shared, sockets }
    }

    pub fn config(&self) -> AriConfig {
        config(&format!("http://{}", self.address))
    }

    /// From now on, requests whose path starts so get this reply.
    pub fn reply(&self, method: &'static str, path: &str, reply: Reply) {
        let rule = Rule {
            method,
            path: format!("/ari/{path}"),
            reply,
        };
        self.shared.rules.lock().expect("rules").insert(0, rule);
    }

    pub fn status(&self, method: &'static str, path: &str, status: u16) {
        self.reply(method, path, Reply::Json(status, json!({"message": "no"})));
    }

    pub async fn socket(&mut self) -> Socket {
        soon(self.sockets.recv()).await.expect("a socket")
    }

    /// Whether another socket was opened by now.
    pub fn has_socket(&mut self) -> bool {
        self.sockets.try_recv().is_ok()
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("requests").clone()
    }

    /// Waits for a request.
    pub async fn asked_for(&self, method: &str, part: &str) -> Asked {
        let mut news = self.shared.news.subscribe();
        loop {
            let found = self
                .asked()
                .into_iter()
                .find(|asked| asked.method == method && asked.target.contains(part));
            if let Some(found) = found {
                return found;
            }
            soon(news.changed()).await.expect("the server lives");
        }
    }
}

/// A configuration with short periods.
pub fn config(url: &str) -> AriConfig {
    let mut config = AriConfig::new(
        url.parse().expect("an address"),
        "ringside",
        PASSWORD.to_owned().into(),
        calls::Extension::new("101"),
        "test",
    );
    config.timings = Timings {
        ping_every: Duration::from_secs(60),
        silence_limit: Duration::from_secs(120),
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        recording_timeout: Duration::from_secs(5),
        ring_timeout: Duration::from_secs(20),
        retry_first: Duration::from_millis(20),
        retry_longest: Duration::from_millis(40),
    };
    config
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let target = parts.uri.to_string();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.ok();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_else(|_| Bytes::new());
    let asked = Asked {
        method: parts.method.to_string(),
        target: target.clone(),
        headers: parts.headers.clone(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    shared.asked.lock().expect("requests").push(asked.clone());
    shared.news.send_modify(|count| *count += 1);
    let rule = {
        let rules = shared.rules.lock().expect("rules");
        rules
            .iter()
            .find(|rule| asked.method == rule.method && target.starts_with(&rule.path))
            .map(|rule| rule.reply.clone())
    };
    match rule {
        Some(Reply::Json(status, value)) => (StatusCode::from_u16(status).expect("a status"), value.to_string()).into_response(),
        Some(Reply::Bytes(kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Some(Reply::Never) => std::future::pending().await,
        None => usual(&shared, &asked, upgrade),
    }
}

fn usual(shared: &Arc<Shared>, asked: &Asked, upgrade: Option<WebSocketUpgrade>) -> Response {
    let login = asked.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if login != Some(&format!("Basic {LOGIN}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = asked.target.split('?').next().unwrap_or_default().trim_start_matches("/ari/");
    let app = json!({"name": "x", "channel_ids": [], "bridge_ids": ["__AST_BRIDGE_ALL_TOPIC"], "endpoint_ids": ["PJSIP/101"], "device_names": []});
    match (asked.method.as_str(), path) {
        ("GET", "events") => {
            let Some(upgrade) = upgrade else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            let (orders, inbox) = mpsc::unbounded_channel();
            let (pinged, pings) = mpsc::unbounded_channel();
            let _ = shared.sockets.send(Socket {
                target: asked.target.clone(),
                headers: asked.headers.clone(),
                orders,
                pings,
            });
            upgrade
                .protocols(["ari"])
                .max_message_size(64 << 20)
                .on_upgrade(move |socket| serve(socket, inbox, pinged))
        }
        ("GET", "asterisk/info") => {
            json_of(&json!({"system": {"version": "22"}, "status": {"startup_time": "2026-11-22T05:00:00.000+0000"}}))
        }
        ("GET", "endpoints/PJSIP/101") => json_of(&json!({"technology": "PJSIP", "resource": "101", "state": "online", "channel_ids": []})),
        ("GET", "channels" | "bridges") => json_of(&json!([])),
        ("POST" | "DELETE", path) if path.ends_with("-nobody/subscription") => StatusCode::NOT_FOUND.into_response(),
        ("POST" | "DELETE", path) if path.ends_with("/subscription") => json_of(&app),
        ("GET" | "PUT", path) if path.starts_with("applications/") => json_of(&app),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_of(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn serve(mut socket: WebSocket, mut orders: mpsc::UnboundedReceiver<Order>, pinged: mpsc::UnboundedSender<()>) {
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Send(message)) => {
                    if socket.send(message).await.is_err() {
                        return;
                    }
                }
                Some(Order::Mute) => std::future::pending().await,
                Some(Order::Cut) => return,
                None => return,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Ping(_))) => _ = pinged.send(()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}
