//! ARI applications: who listens, to what, and what reaches their sockets.
//!
//! Asterisk publishes each event on one topic; an application hears the topics it subscribed to. The
//! rules were read off recorded streams: an endpoint subscription brings the topic of each of its
//! channels and its own state, *not* the bridges and not `Dial` of calls that others dial; `subscribeAll`
//! brings everything but `EndpointStateChange`.
//!
//! Tried on a real one, too: an application that holds an endpoint outlives its socket, with that endpoint and its
//! filter but without the bridges; any other is gone with its socket.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{sync::mpsc, time::Instant};

/// Frames a socket may lag behind before it is cut, as Asterisk cuts slow readers.
const MAX_LAG: usize = 20_000;

/// Where an event is published.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Topic<'a> {
    /// A channel's topic: its id and its endpoint.
    Channel(&'a str, &'a str),
    /// A bridge's topic, and the transfers' one: both are heard by who subscribed to all bridges.
    Bridges,
    /// The state of an endpoint (`101`): not part of `subscribeAll`.
    EndpointState(&'a str),
    /// A contact or peer event of an endpoint.
    Endpoint(&'a str),
    /// A device's state, by its full name (`PJSIP/101`).
    Device(&'a str),
    /// Nobody's in particular, e.g. a global variable.
    System,
}

/// What goes to a socket's task.
#[derive(Debug)]
pub(crate) enum Out {
    /// A frame, not before its time.
    Frame { text: String, due: Instant },
    /// A binary frame.
    Binary(Vec<u8>),
    /// Neither read nor write for this long.
    Stall(Duration),
    /// Drop the connection without a close frame.
    Drop,
}

/// How the next frames are spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    Truncate,
    Repeat,
    /// Swap with the following one.
    Swap,
}

struct App {
    subscribe_all: bool,
    endpoints: BTreeSet<String>,
    all_bridges: bool,
    channels: BTreeSet<String>,
    devices: BTreeSet<String>,
    allowed: Vec<Value>,
    disallowed: Vec<Value>,
    /// `None` once the socket that registered it is closed.
    socket: Option<u64>,
}

/// All applications.
#[derive(Default)]
pub(crate) struct Apps {
    apps: BTreeMap<String, App>,
    /// Open sockets, also those whose applications another socket took over.
    sockets: BTreeMap<u64, mpsc::Sender<Out>>,
    next_socket: u64,
    delay: Duration,
    spoils: VecDeque<Spoil>,
    /// A frame waiting to be swapped with the next one of the same application.
    held: Option<(String, String)>,
    /// How the names of applications begin that are not let in.
    cut: Vec<String>,
}

/// Why a subscription failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No such application: 404.
    UnknownApp,
    /// No such endpoint, bridge, …: 422.
    UnknownSource,
    /// It was not subscribed: 409.
    NotSubscribed,
    /// The text is no event source: 400.
    Malformed,
}

impl Apps {
    /// Registers applications for a new socket and returns the socket's number and its queue.
    pub(crate) fn connect(&mut self, names: &[String], subscribe_all: bool, now: &str) -> (u64, mpsc::Receiver<Out>) {
        let (out, queue) = mpsc::channel(MAX_LAG);
        self.next_socket += 1;
        let socket = self.next_socket;
        self.sockets.insert(socket, out);
        for name in names {
            match self.apps.get_mut(name) {
                Some(app) => {
                    // The old socket stays open and hears nothing more; subscriptions live on.
                    let replaced = json!({
                        "type": "ApplicationReplaced",
                        "timestamp": now,
                        "asterisk_id": super::wire::ASTERISK_ID,
                        "application": name,
                    });
                    if let Some(old) = app.socket.and_then(|old| self.sockets.get(&old)) {
                        let _ = old.try_send(Out::Frame {
                            text: replaced.to_string(),
                            due: Instant::now(),
                        });
                    }
                    app.socket = Some(socket);
                    app.subscribe_all |= subscribe_all;
                }
                None => {
                    let app = App {
                        subscribe_all,
                        endpoints: BTreeSet::new(),
                        all_bridges: false,
                        channels: BTreeSet::new(),
                        devices: BTreeSet::new(),
                        allowed: Vec::new(),
                        disallowed: Vec::new(),
                        socket: Some(socket),
                    };
                    self.apps.insert(name.clone(), app);
                }
            }
        }
        (socket, queue)
    }

    /// Forgets what a closed socket had registered, but for what holds an endpoint.
    pub(crate) fn disconnect(&mut self, socket: u64) {
        self.sockets.remove(&socket);
        self.apps.retain(|_, app| app.socket != Some(socket) || !app.endpoints.is_empty());
        for app in self.apps.values_mut().filter(|app| app.socket == Some(socket)) {
            app.socket = None;
            app.subscribe_all = false;
            app.all_bridges = false;
        }
    }

    /// Names of the applications, also of those that outlived their sockets.
    pub(crate) fn names(&self) -> Vec<String> {
        self.apps.keys().cloned().collect()
    }

    /// Whether some application would hear of calls of this endpoint, and of bridges.
    pub(crate) fn hears(&self, endpoint: &str) -> bool {
        self.apps
            .values()
            .any(|app| app.socket.is_some() && (app.subscribe_all || (app.endpoints.contains(endpoint) && app.all_bridges)))
    }

    /// The application as `GET /applications/{app}` shows it.
    pub(crate) fn describe(&self, name: &str) -> Option<Value> {
        let app = self.apps.get(name)?;
        let all = |topic: &str, own: Vec<String>| if app.subscribe_all { vec![topic.to_owned()] } else { own };
        let bridges = if app.all_bridges {
            vec!["__AST_BRIDGE_ALL_TOPIC".to_owned()]
        } else {
            Vec::new()
        };
        let endpoints = app.endpoints.iter().map(|endpoint| format!("PJSIP/{endpoint}")).collect();
        Some(json!({
            "name": name,
            "channel_ids": all("__AST_CHANNEL_ALL_TOPIC", app.channels.iter().cloned().collect()),
            "bridge_ids": all("__AST_BRIDGE_ALL_TOPIC", bridges),
            "endpoint_ids": all("__AST_ENDPOINT_ALL_TOPIC", endpoints),
            "device_names": all("__AST_DEVICE_STATE_ALL_TOPIC", app.devices.iter().cloned().collect()),
            "events_allowed": app.allowed,
            "events_disallowed": app.disallowed,
        }))
    }

    /// Adds or removes an event source: `endpoint:PJSIP/101`, `bridge:`, `channel:ID`, `deviceState:NAME`.
    pub(crate) fn subscribe(&mut self, name: &str, source: &str, add: bool, exists: impl Fn(&str, &str) -> bool) -> Result<(), Refused> {
        let app = self.apps.get_mut(name).ok_or(Refused::UnknownApp)?;
        let (scheme, id) = source.split_once(':').ok_or(Refused::Malformed)?;
        let change = |set: &mut BTreeSet<String>, id: &str| {
            let had = if add { set.insert(id.to_owned()) } else { set.remove(id) };
            if add || had { Ok(()) } else { Err(Refused::NotSubscribed) }
        };
        match scheme {
            "endpoint" => {
                let endpoint = id.strip_prefix("PJSIP/").unwrap_or(id);
                if !exists("endpoint", endpoint) || (!id.starts_with("PJSIP/") && !id.is_empty()) {
                    return Err(Refused::UnknownSource);
                }
                change(&mut app.endpoints, endpoint)
            }
            // Only bridges that ARI made can be named; here there are none.
            "bridge" if !id.is_empty() => Err(Refused::UnknownSource),
            "bridge" => {
                let had = std::mem::replace(&mut app.all_bridges, add);
                if add || had { Ok(()) } else { Err(Refused::NotSubscribed) }
            }
            "channel" if exists("channel", id) => change(&mut app.channels, id),
            "deviceState" => change(&mut app.devices, id),
            "channel" => Err(Refused::UnknownSource),
            _ => Err(Refused::Malformed),
        }
    }

    /// Sets an application's event filter; a missing list stays as it is.
    pub(crate) fn filter(&mut self, name: &str, filter: &Value) -> Result<(), Refused> {
        let app = self.apps.get_mut(name).ok_or(Refused::UnknownApp)?;
        if let Some(allowed) = filter.get("allowed").and_then(Value::as_array) {
            app.allowed.clone_from(allowed);
        }
        if let Some(disallowed) = filter.get("disallowed").and_then(Value::as_array) {
            app.disallowed.clone_from(disallowed);
        }
        Ok(())
    }

    /// Publishes an event on a topic.
    pub(crate) fn publish(&mut self, topic: Topic<'_>, event: &Value) {
        let kind = event["type"].as_str().unwrap_or_default();
        let names: Vec<String> = self
            .apps
            .iter()
            .filter(|(_, app)| app.wants(topic, kind))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let mut event = event.clone();
            event["application"] = json!(name);
            self.deliver(&name, event.to_string());
        }
    }

    fn deliver(&mut self, name: &str, text: String) {
        if let Some((held, first)) = self.held.take_if(|(held, _)| held == name) {
            self.send(&held, text);
            self.send(&held, first);
            return;
        }
        match self.spoils.pop_front() {
            None => self.send(name, text),
            Some(Spoil::Repeat) => {
                self.send(name, text.clone());
                self.send(name, text);
            }
            Some(Spoil::Truncate) => {
                let half: String = text.chars().take(text.chars().count() / 2).collect();
                self.send(name, half);
            }
            Some(Spoil::Swap) => self.held = Some((name.to_owned(), text)),
        }
    }

    fn send(&mut self, name: &str, text: String) {
        let due = Instant::now() + self.delay;
        let Some(socket) = self.apps.get(name).and_then(|app| app.socket) else {
            return;
        };
        let lagging = self
            .sockets
            .get(&socket)
            .is_some_and(|out| out.try_send(Out::Frame { text, due }).is_err());
        if lagging {
            self.disconnect(socket);
        }
    }

    /// Sends something to every socket, past subscriptions and filters.
    pub(crate) fn send_all(&mut self, make: impl Fn() -> Out) {
        for out in self.sockets.values() {
            let _ = out.try_send(make());
        }
    }

    /// Drops the sockets of applications whose names begin so, and lets none of them in from now on.
    pub(crate) fn cut_off(&mut self, name: &str) {
        self.cut.push(name.to_owned());
        let cut = self.apps.iter().filter(|(app, _)| app.starts_with(name));
        for out in cut.filter_map(|(_, app)| self.sockets.get(&app.socket?)) {
            let _ = out.try_send(Out::Drop);
        }
    }

    /// Whether one of these applications is not let in.
    pub(crate) fn is_cut_off(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.cut.iter().any(|cut| name.starts_with(cut)))
    }

    /// Spoils the next frames.
    pub(crate) fn spoil(&mut self, how: Spoil, count: u32) {
        self.spoils.extend((0..count).map(|_| how));
    }

    /// Delays every frame from now on.
    pub(crate) fn delay(&mut self, delay: Duration) {
        self.delay = delay;
    }

    /// Ends delays and spoils; a frame held back for a swap is sent.
    pub(crate) fn heal(&mut self) {
        self.cut.clear();
        self.delay = Duration::ZERO;
        self.spoils.clear();
        if let Some((name, text)) = self.held.take() {
            self.send(&name, text);
        }
    }

    /// Forgets every application, as a restart does. Their sockets end when their queues close.
    pub(crate) fn forget(&mut self) {
        self.apps.clear();
        self.sockets.clear();
        self.held = None;
    }
}

impl App {
    fn wants(&self, topic: Topic<'_>, kind: &str) -> bool {
        let listed = |list: &[Value]| list.iter().any(|entry| entry["type"] == kind);
        let passes = !listed(&self.disallowed) && (self.allowed.is_empty() || listed(&self.allowed));
        let heard = match topic {
            Topic::Channel(id, endpoint) => self.subscribe_all || self.endpoints.contains(endpoint) || self.channels.contains(id),
            Topic::Bridges => self.subscribe_all || self.all_bridges,
            Topic::EndpointState(endpoint) => self.endpoints.contains(endpoint),
            Topic::Endpoint(endpoint) => self.subscribe_all || self.endpoints.contains(endpoint),
            Topic::Device(name) => self.subscribe_all || self.devices.contains(name) || self.devices.contains(""),
            Topic::System => self.subscribe_all,
        };
        heard && passes
    }
}
