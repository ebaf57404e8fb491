//! ARI's REST interface: what a companion may ask and command.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    PASSWORD, Pbx, USER, WATCHER, WATCHER_PASSWORD,
    apps::Refused,
    dialplan::{AGENTS, is_context},
    exchange::Exchange,
    legs::Originate,
    switchboard::TRUNK,
    wire::{ASTERISK_ID, Bridge, Channel, Party, timestamp},
};

/// One REST request, over HTTP or over the websocket.
pub(crate) struct RestRequest {
    pub method: String,
    /// Below `/ari/`, split and decoded.
    pub path: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub body: Value,
    pub may_write: bool,
}

/// The answer to one.
pub(crate) enum Answer {
    Json(u16, Value),
    /// 204, or any other status without a body.
    Empty(u16),
    Wav(Vec<u8>),
}

impl Answer {
    fn message(status: u16, message: &str) -> Self {
        Self::Json(status, json!({ "message": message }))
    }

    fn found(body: Option<Value>, what: &str) -> Self {
        body.map_or_else(|| Self::message(404, &format!("{what} not found")), |body| Self::Json(200, body))
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Answer::Json(status, _) | Answer::Empty(status) => *status,
            Answer::Wav(_) => 200,
        }
    }
}

/// Who asks: `Some(true)` may do everything, `Some(false)` only read, `None` is nobody. The Basic header
/// is looked at first, then `api_key=user:password`.
pub(crate) fn authorise(headers: &HeaderMap, query: &BTreeMap<String, String>) -> Option<bool> {
    let basic = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let pair = match basic {
        Some(basic) => String::from_utf8(BASE64_STANDARD.decode(basic.trim()).ok()?).ok()?,
        None => query.get("api_key")?.clone(),
    };
    match pair.split_once(':')? {
        (USER, PASSWORD) => Some(true),
        (WATCHER, WATCHER_PASSWORD) => Some(false),
        _ => None,
    }
}

/// A path below `/ari/` in parts; `%2F` within a part is a slash.
pub(crate) fn split_path(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
}

fn decode(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Answers one request.
pub(crate) fn answer(pbx: &Pbx, request: &RestRequest) -> Answer {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    if request.method == "GET" {
        return pbx.with(|exchange| read(exchange, &path, request));
    }
    if !request.may_write {
        return Answer::message(403, "Write access denied");
    }
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["channels"]) => originate(pbx, request, None),
        ("POST", ["channels", id]) => originate(pbx, request, Some(id)),
        ("DELETE", ["channels", id]) => hang_up(pbx, id, request),
        ("POST" | "DELETE", ["channels", id, "hold" | "mute" | "moh" | "silence" | "ring"]) => not_ours(pbx, id),
        (
            "POST",
            [
                "channels",
                id,
                "play" | "record" | "redirect" | "answer" | "dtmf" | "continue" | "snoop",
            ],
        ) => not_ours(pbx, id),
        ("POST", ["applications", app, "subscription"]) => subscribe(pbx, app, request, true),
        ("DELETE", ["applications", app, "subscription"]) => subscribe(pbx, app, request, false),
        ("PUT", ["applications", app, "eventFilter"]) => pbx.with(|exchange| {
            let done = exchange.board.apps.filter(app, &request.body);
            described(exchange, app, done)
        }),
        ("POST", ["asterisk", "variable"]) => pbx.with(|exchange| {
            let text = |name: &str| request.query.get(name).cloned().unwrap_or_default();
            exchange.board.set_global(&text("variable"), &text("value"));
            Answer::Empty(204)
        }),
        ("DELETE", ["recordings", "stored", name]) => pbx.with(|exchange| {
            if exchange.board.recordings.delete(name) {
                Answer::Empty(204)
            } else {
                Answer::message(404, "Recording not found")
            }
        }),
        _ => Answer::message(404, "Resource not found"),
    }
}

fn read(exchange: &Exchange, path: &[&str], request: &RestRequest) -> Answer {
    let board = &exchange.board;
    let variable = request.query.get("variable").map(String::as_str);
    match path {
        ["channels"] => Answer::Json(200, board.channels.values().map(Channel::json).collect()),
        ["channels", id] => Answer::found(board.channels.get(*id).map(Channel::json), "Channel"),
        ["channels", id, "variable"] => match (board.channels.get(*id), variable) {
            (None, _) => Answer::message(404, "Channel not found"),
            (Some(_), None) => Answer::message(400, "Variable name is required"),
            (Some(channel), Some(name)) => match channel_variable(channel, name) {
                Some(value) => Answer::Json(200, json!({ "value": value })),
                None => Answer::message(404, "Provided variable was not found"),
            },
        },
        ["bridges"] => Answer::Json(200, board.bridges.values().map(Bridge::json).collect()),
        ["bridges", id] => Answer::found(board.bridges.get(*id).map(Bridge::json), "Bridge"),
        ["endpoints"] | ["endpoints", "PJSIP"] => {
            let all = board.phones.keys().map(String::as_str).chain([TRUNK]);
            Answer::Json(200, all.map(|endpoint| board.endpoint_json(endpoint)).collect())
        }
        ["endpoints", "PJSIP", endpoint] => {
            Answer::found(board.endpoint_exists(endpoint).then(|| board.endpoint_json(endpoint)), "Endpoint")
        }
        ["deviceStates", device] => {
            let state = if leads_somewhere(exchange, device) {
                "NOT_INUSE"
            } else {
                "INVALID"
            };
            Answer::Json(200, json!({"name": device, "state": state}))
        }
        ["applications"] => {
            let names = board.apps.names();
            Answer::Json(200, names.iter().filter_map(|name| board.apps.describe(name)).collect())
        }
        ["applications", app] => Answer::found(board.apps.describe(app), "Application"),
        ["asterisk", "info"] => Answer::Json(200, info(exchange)),
        ["asterisk", "ping"] => {
            let now = timestamp(jiff::Timestamp::now());
            Answer::Json(200, json!({"asterisk_id": ASTERISK_ID, "ping": "pong", "timestamp": now}))
        }
        ["asterisk", "variable"] => {
            let value = variable.and_then(|name| board.globals.get(name)).cloned().unwrap_or_default();
            Answer::Json(200, json!({ "value": value }))
        }
        ["recordings", "stored"] => {
            let names = board.recordings.names();
            Answer::Json(200, names.iter().map(|name| json!({"name": name, "format": "wav"})).collect())
        }
        ["recordings", "stored", name] => {
            let known = board.recordings.exists(name).then(|| json!({"name": name, "format": "wav"}));
            Answer::found(known, "Recording")
        }
        ["recordings", "stored", name, "file"] => match board.recordings.wav(name) {
            Some(bytes) => Answer::Wav(bytes),
            None => Answer::message(404, "Recording not found"),
        },
        _ => Answer::message(404, "Resource not found"),
    }
}

/// A Local channel leads somewhere when its extension is in its context; any other device is there when it has a name.
fn leads_somewhere(exchange: &Exchange, device: &str) -> bool {
    let Some(target) = device.strip_prefix("Local/") else {
        return device
            .strip_prefix("PJSIP/")
            .is_some_and(|endpoint| exchange.board.endpoint_exists(endpoint));
    };
    let Some((exten, context)) = target.split_once('@') else {
        return false;
    };
    is_context(context) && exchange.knows(exten)
}

/// Dialplan functions answer something, empty when there is nothing; a plain variable that is not set
/// is 404.
fn channel_variable(channel: &Channel, name: &str) -> Option<String> {
    let value = match name {
        "CHANNEL(linkedid)" => channel.linked_id.clone(),
        "CHANNEL(uniqueid)" | "UNIQUEID" => channel.id.clone(),
        "CHANNEL(name)" | "CHANNEL" => channel.name.clone(),
        "CALLERID(num)" | "CALLERID(ani)" => channel.caller.number.clone(),
        "CALLERID(name)" => channel.caller.name.clone(),
        "CALLERID(num-pres)" | "CALLERID(pres)" | "CALLERPRES()" => channel.presentation.to_owned(),
        "CALLERID(dnid)" => channel.dnid.clone(),
        "CONNECTEDLINE(num)" => channel.connected.number.clone(),
        "CONNECTEDLINE(name)" => channel.connected.name.clone(),
        "CDR(recordingfile)" => channel.vars.get(name).cloned().unwrap_or_default(),
        // The real one does not know this item and says so.
        "CHANNEL(dnid)" => return None,
        _ => return channel.vars.get(name).filter(|value| !value.is_empty()).cloned(),
    };
    Some(value)
}

fn info(exchange: &Exchange) -> Value {
    let started = timestamp(exchange.board.started);
    json!({
        "build": {"os": "Linux", "kernel": "6.1", "machine": "x86_64", "options": "", "date": "2026-01-01", "user": "sandbox"},
        "system": {"version": "22.10.1", "entity_id": ASTERISK_ID},
        "config": {"name": "sandbox", "default_language": "en", "setid": {"user": "", "group": ""}},
        "status": {"startup_time": started, "last_reload_time": started},
    })
}

fn subscribe(pbx: &Pbx, app: &str, request: &RestRequest, add: bool) -> Answer {
    let Some(sources) = request.query.get("eventSource") else {
        return Answer::message(400, "Missing parameter eventSource");
    };
    pbx.with(|exchange| {
        let board = &mut exchange.board;
        let (phones, channels) = (&board.phones, &board.channels);
        let exists = |scheme: &str, id: &str| match scheme {
            // An empty name is legal: all endpoints' states.
            "endpoint" => id.is_empty() || id == TRUNK || phones.contains_key(id),
            _ => id.is_empty() || channels.contains_key(id),
        };
        let mut done = Ok(());
        for source in sources.split(',') {
            done = done.and(board.apps.subscribe(app, source, add, exists));
        }
        described(exchange, app, done)
    })
}

fn described(exchange: &Exchange, app: &str, done: Result<(), Refused>) -> Answer {
    match done {
        Ok(()) => Answer::found(exchange.board.apps.describe(app), "Application"),
        Err(Refused::UnknownApp) => Answer::message(404, "Application not found"),
        Err(Refused::UnknownSource) => Answer::message(422, "Event source does not exist"),
        Err(Refused::NotSubscribed) => Answer::message(409, "Application not subscribed to event source"),
        Err(Refused::Malformed) => Answer::message(400, "Invalid event source URI"),
    }
}

fn originate(pbx: &Pbx, request: &RestRequest, id: Option<&str>) -> Answer {
    let text = |name: &str| {
        let query = request.query.get(name).cloned();
        query
            .or_else(|| request.body.get(name).and_then(Value::as_str).map(str::to_owned))
            .filter(|text| !text.is_empty())
    };
    let Some(agent) = text("endpoint").and_then(|endpoint| endpoint.strip_prefix("PJSIP/").map(str::to_owned)) else {
        return Answer::message(400, "Invalid endpoint specified");
    };
    if text("app").is_some() {
        return Answer::message(409, "Sandbox channels cannot enter Stasis");
    }
    let Some(exten) = text("extension") else {
        return Answer::message(400, "Application or extension must be specified");
    };
    let context = text("context").unwrap_or_else(|| AGENTS.to_owned());
    let channel_id = id.map(str::to_owned).or_else(|| text("channelId"));
    let timeout = text("timeout").and_then(|text| text.parse::<i64>().ok()).unwrap_or(30);
    let variables = request.body.get("variables").and_then(Value::as_object).map(|map| {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        map.iter().map(|(name, value)| (name.clone(), text(value))).collect()
    });
    let caller = text("callerId").map(|text| parse_caller_id(&text));
    let variables = variables.unwrap_or_default();
    let started = pbx.with(|exchange| {
        let taken = channel_id.as_ref().is_some_and(|id| exchange.board.channels.contains_key(id));
        if taken {
            return Err(Answer::message(409, "Channel with given unique ID already exists"));
        }
        if !exchange.board.phones.get(&agent).is_some_and(|phone| phone.registered) {
            return Err(Answer::message(500, "Allocation failed"));
        }
        let fresh = || format!("{}.o{}", exchange.board.now.as_second(), fastrand::u32(..));
        let channel_id = channel_id.clone().unwrap_or_else(fresh);
        let wanted = Originate {
            agent: agent.clone(),
            channel_id: channel_id.clone(),
            // Asterisk takes an order into a context that is not there, and hangs up on the agent who answers.
            exten: if is_context(&context) { exten } else { String::new() },
            caller,
            variables,
        };
        let call = exchange.originate(&wanted);
        let body = exchange.board.channels.get(&channel_id).map(Channel::json).unwrap_or_default();
        super::originate::ring(&mut exchange.board, &channel_id);
        Ok((call, body))
    });
    match started {
        Ok((call, body)) => {
            pbx.run_click(&call, timeout);
            Answer::Json(200, body)
        }
        Err(refusal) => refusal,
    }
}

/// `"Name" <number>`, or a bare number.
fn parse_caller_id(text: &str) -> Party {
    match text.split_once('<') {
        Some((name, number)) => Party::new(name.trim().trim_matches('"'), number.trim_end_matches('>').trim()),
        None => Party::new("", text.trim()),
    }
}

fn hang_up(pbx: &Pbx, id: &str, request: &RestRequest) -> Answer {
    let reason = request.query.get("reason").map_or("normal", String::as_str);
    if !matches!(
        reason,
        "normal"
            | "busy"
            | "congestion"
            | "no_answer"
            | "timeout"
            | "rejected"
            | "unallocated"
            | "normal_unspecified"
            | "number_incomplete"
            | "codec_mismatch"
            | "interworking"
            | "failure"
            | "answered_elsewhere"
    ) {
        return Answer::message(400, "Invalid reason for hangup provided");
    }
    let found = pbx.with(|exchange| exchange.call_of_channel(id));
    let Some((call, by)) = found else {
        return Answer::message(404, "Channel not found");
    };
    match pbx.step(&call, &super::Step::HangUp { by }) {
        Ok(()) => Answer::Empty(204),
        Err(_) => Answer::message(404, "Channel not found"),
    }
}

/// Commands that need the channel in a Stasis application: a passive client's never is.
fn not_ours(pbx: &Pbx, id: &str) -> Answer {
    if pbx.with(|exchange| exchange.board.channels.contains_key(id)) {
        Answer::message(409, "Channel not in Stasis application")
    } else {
        Answer::message(404, "Channel not found")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_slash_stays_within_its_part() {
        assert_eq!(
            split_path("recordings/stored/sub%2Fname%20x/file"),
            ["recordings", "stored", "sub/name x", "file"]
        );
        assert_eq!(split_path("a%2"), ["a%2"]);
    }

    #[test]
    fn caller_ids_come_with_and_without_a_name() {
        assert_eq!(
            parse_caller_id("\"Click to call\" <79161234567>"),
            Party::new("Click to call", "79161234567")
        );
        assert_eq!(parse_caller_id("79161234567"), Party::new("", "79161234567"));
    }
}
