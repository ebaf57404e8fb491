//! A stand-in for an office's gateway that feeds Ringside with events which are normalised already.
//!
//! It speaks version 1 of the feed's protocol (see the product's `pbx/src/feed/mod.rs`) from its own description of it: a
//! websocket per desk, a hello, numbered events, what lives, then what happens. It remembers what it told and tells it
//! again after a cut; and it can be told to forget, to number anew, to refuse, and to talk nonsense.

use axum::{
    Router,
    extract::{
        Query, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{broadcast, watch};

/// What lets a desk in.
pub(crate) const TOKEN: &str = crate::pbx::PASSWORD;
/// Raw frames that may wait for a desk.
const RAW: usize = 4_096;

/// The gateway.
#[derive(Clone)]
pub struct Feed {
    state: Arc<Mutex<Gateway>>,
    /// Counts changes.
    changed: watch::Sender<u64>,
    /// Counts cuts.
    cuts: watch::Sender<u64>,
    raw: broadcast::Sender<(String, String)>,
}

struct Gateway {
    stream: u32,
    lines: BTreeMap<String, Line>,
    calls: u32,
    refuses: Option<u16>,
    /// `after` of each connection so far.
    asked: Vec<Option<u64>>,
    sockets: usize,
}

/// One extension.
#[derive(Default)]
struct Line {
    /// The number of the first event that is remembered.
    first: u64,
    events: Vec<Value>,
    /// What is known of the calls that live.
    live: BTreeMap<String, Vec<Value>>,
}

impl Line {
    fn next(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    fn push(&mut self, mut event: Value) {
        event["v"] = json!(1);
        event["seq"] = json!(self.next());
        self.events.push(event);
    }
}

impl Feed {
    pub(crate) fn new(extensions: impl IntoIterator<Item = String>) -> Self {
        let line = || Line {
            first: 1,
            ..Line::default()
        };
        let gateway = Gateway {
            stream: 1,
            lines: extensions.into_iter().map(|extension| (extension, line())).collect(),
            calls: 0,
            refuses: None,
            asked: Vec::new(),
            sockets: 0,
        };
        Self {
            state: Arc::new(Mutex::new(gateway)),
            changed: watch::Sender::new(0),
            cuts: watch::Sender::new(0),
            raw: broadcast::Sender::new(RAW),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Gateway) -> T) -> T {
        let done = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|count| *count += 1);
        done
    }

    /// A call from outside rings at an extension; returns its leg.
    pub fn ring(&self, extension: &str, from: &str) -> String {
        let leg = self.with(|gateway| {
            gateway.calls += 1;
            format!("feed-{}-{}", gateway.stream, gateway.calls)
        });
        self.tell(
            extension,
            &leg,
            &json!({"type": "offered", "conversation": format!("c-{leg}"), "direction": "inbound",
                "remote": {"raw": from, "name": null, "hidden": false}, "line": "74950000001", "queue": null, "origin": "direct"}),
        );
        leg
    }

    /// A fact about a leg, in the protocol's words; it is remembered, and told to whoever listens.
    pub fn tell(&self, extension: &str, leg: &str, kind: &Value) {
        let event = json!({"event": "call", "leg": leg, "at": now(), "kind": kind});
        self.with(|gateway| {
            let Some(line) = gateway.lines.get_mut(extension) else { return };
            line.push(event.clone());
            if kind["type"] == "ended" {
                line.live.remove(leg);
            } else {
                line.live.entry(leg.to_owned()).or_default().push(event);
            }
        });
    }

    /// The agent answers.
    pub fn answer(&self, extension: &str, leg: &str) {
        self.tell(extension, leg, &json!({"type": "answered"}));
    }

    /// It is over: `answered`, `missed`, …
    pub fn end(&self, extension: &str, leg: &str, disposition: &str) {
        self.tell(
            extension,
            leg,
            &json!({"type": "ended", "disposition": disposition, "cause": 16, "by": "remote"}),
        );
    }

    /// Any text, to whoever listens for an extension.
    pub fn say(&self, extension: &str, text: &str) {
        // Nobody may listen.
        let _ = self.raw.send((extension.to_owned(), text.to_owned()));
    }

    /// Cuts every socket.
    pub fn cut(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }

    /// Refuses every connection with this status, or lets them in again.
    pub fn refuse(&self, status: Option<u16>) {
        self.with(|gateway| gateway.refuses = status);
    }

    /// Forgets what it told: it cannot be told again.
    pub fn forget(&self) {
        self.with(|gateway| {
            for line in gateway.lines.values_mut() {
                line.first = line.next();
                line.events.clear();
            }
        });
    }

    /// Starts anew: another stream, other numbers, no calls.
    pub fn restart(&self) {
        self.with(|gateway| {
            gateway.stream += 1;
            for line in gateway.lines.values_mut() {
                *line = Line {
                    first: 1,
                    ..Line::default()
                };
            }
        });
        self.cut();
    }

    /// What each connection so far asked to hear after.
    pub fn asked(&self) -> Vec<Option<u64>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// Waits until so many desks listen; whether they do within the time.
    pub async fn listened_by(&self, desks: usize, within: Duration) -> bool {
        let mut changed = self.changed.subscribe();
        let wait = async {
            loop {
                if self.state.lock().unwrap_or_else(PoisonError::into_inner).sockets == desks || changed.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(within, wait).await.is_ok()
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The `/feed` route.
pub(crate) fn router(feed: Feed) -> Router {
    Router::new().route("/feed", get(enter)).with_state(feed)
}

async fn enter(
    State(feed): State<Feed>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let extension = query.get("extension").cloned().unwrap_or_default();
    let login = headers.get(header::AUTHORIZATION).and_then(|login| login.to_str().ok());
    let after = query.get("after").and_then(|after| after.parse::<u64>().ok());
    let refusal = feed.with(|gateway| {
        gateway.asked.push(after);
        match gateway.refuses {
            Some(status) => Some(status),
            None if login != Some(&format!("Bearer {TOKEN}")) => Some(401),
            None if !gateway.lines.contains_key(&extension) => Some(422),
            None => None,
        }
    });
    if let Some(status) = refusal {
        return StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST).into_response();
    }
    let stream = query.get("stream").cloned();
    upgrade.protocols(["ringside-feed"]).on_upgrade(move |socket| async move {
        feed.with(|gateway| gateway.sockets += 1);
        // A desk that is gone needs nothing more.
        let _ = serve(&feed, socket, &extension, stream.as_deref().zip(after)).await;
        feed.with(|gateway| gateway.sockets -= 1);
    })
}

async fn serve(feed: &Feed, mut socket: WebSocket, extension: &str, heard: Option<(&str, u64)>) -> Result<(), axum::Error> {
    let (mut changed, mut cuts, mut raw) = (feed.changed.subscribe(), feed.cuts.subscribe(), feed.raw.subscribe());
    let (name, mut position, live) = feed.with(|gateway| {
        let name = format!("s{}", gateway.stream);
        let line = gateway.lines.entry(extension.to_owned()).or_default();
        let can = heard.filter(|(stream, after)| *stream == name && *after + 1 >= line.first && *after < line.next());
        let from = can.map_or(line.next(), |(_, after)| after + 1);
        if can.is_none() {
            let facts: Vec<Value> = line.live.values().flatten().cloned().collect();
            facts.into_iter().for_each(|fact| line.push(fact));
        }
        (name, from, line.next())
    });
    let hello = json!({"v": 1, "hello": {"stream": name, "from": position, "now": now()}});
    socket.send(Message::text(hello.to_string())).await?;
    let mut caught_up = false;
    loop {
        let news = feed
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .lines
            .get(extension)
            .map(|line| {
                let skip = usize::try_from(position.saturating_sub(line.first)).unwrap_or(usize::MAX);
                let legs: Vec<&String> = line.live.keys().collect();
                (line.events.iter().skip(skip).cloned().collect::<Vec<_>>(), json!(legs))
            });
        let Some((events, legs)) = news else { return Ok(()) };
        for event in events {
            position += 1;
            socket.send(Message::text(event.to_string())).await?;
        }
        if !caught_up && position >= live {
            caught_up = true;
            let resync = json!({"v": 1, "event": "resync", "live": legs, "at": now(), "restarted": false});
            socket.send(Message::text(resync.to_string())).await?;
        }
        tokio::select! {
            _ = changed.changed() => {}
            _ = cuts.changed() => return Ok(()),
            Ok((to, text)) = raw.recv() => if to == extension { socket.send(Message::text(text)).await?; },
            message = socket.recv() => if !matches!(message, Some(Ok(_))) { return Ok(()) },
        }
    }
}
