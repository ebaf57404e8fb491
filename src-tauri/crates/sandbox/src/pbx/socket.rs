//! The HTTP side of the PBX: the events websocket, and REST over HTTP and over that websocket.

use std::collections::BTreeMap;

use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{
        FromRequestParts, Request, State,
        ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::Instant};

use super::{
    Pbx,
    apps::Out,
    faults::RestFault,
    rest::{self, Answer, RestRequest},
    wire::timestamp,
};
use crate::net::Cut;

/// Largest REST body taken, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// The `/ari/` routes.
pub(crate) fn router(pbx: Pbx) -> Router {
    Router::new()
        .route("/ari/events", get(events))
        .route("/ari/{*path}", any(http))
        .with_state(pbx)
}

fn query(uri: &Uri) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What stands between a client and the PBX.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the network first.</body></html>";

fn message(status: u16, text: &str) -> Response {
    (code(status), Json(json!({ "message": text }))).into_response()
}

fn status_text(status: u16) -> &'static str {
    match status {
        401 => "Authentication required",
        403 => "Write access denied",
        503 => "Asterisk not booted",
        _ => "Internal Server Error",
    }
}

async fn events(State(pbx): State<Pbx>, mut parts: Parts) -> Response {
    let query = query(&parts.uri);
    let fault = pbx.rest_fault("GET", "events");
    if let Some(RestFault::Delay(ms)) = fault {
        tokio::time::sleep(crate::pause(ms)).await;
    }
    if let Some(RestFault::Status(status)) = fault {
        return message(status, status_text(status));
    }
    let Some(may_write) = rest::authorise(&parts.headers, &query) else {
        return message(401, status_text(401));
    };
    let apps: Vec<String> = query
        .get("app")
        .map(|names| names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default();
    if apps.is_empty() {
        return message(400, "HTTP request is missing param: [app]");
    }
    if pbx.with(|exchange| exchange.board.apps.is_cut_off(&apps)) {
        return message(503, status_text(503));
    }
    let subscribe_all = query
        .get("subscribeAll")
        .is_some_and(|value| matches!(value.as_str(), "true" | "yes" | "1"));
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> = WebSocketUpgrade::from_request_parts(&mut parts, &pbx).await;
    match upgrade {
        Ok(upgrade) => upgrade
            .protocols(["ari"])
            .on_upgrade(move |socket| listen(pbx, socket, apps, subscribe_all, may_write)),
        Err(rejection) => rejection.into_response(),
    }
}

async fn listen(pbx: Pbx, socket: WebSocket, apps: Vec<String>, subscribe_all: bool, may_write: bool) {
    let now = timestamp(jiff::Timestamp::now());
    let (number, queue) = pbx.with(|exchange| exchange.board.apps.connect(&apps, subscribe_all, &now));
    pbx.sockets_changed(1);
    tokio::select! {
        () = pump(&pbx, socket, queue, may_write) => {}
        () = pbx.stopped() => {}
    }
    pbx.with(|exchange| exchange.board.apps.disconnect(number));
    pbx.sockets_changed(-1);
}

async fn pump(pbx: &Pbx, mut socket: WebSocket, mut queue: mpsc::Receiver<Out>, may_write: bool) {
    loop {
        tokio::select! {
            out = queue.recv() => {
                let sent = match out {
                    // The queue closes when the PBX forgets the application.
                    None | Some(Out::Drop) => return,
                    Some(Out::Frame { text, due }) => {
                        if due > Instant::now() {
                            tokio::time::sleep_until(due).await;
                        }
                        socket.send(Message::text(text)).await
                    }
                    Some(Out::Binary(bytes)) => socket.send(Message::binary(bytes)).await,
                    Some(Out::Stall(pause)) => {
                        tokio::time::sleep(pause).await;
                        Ok(())
                    }
                };
                if sent.is_err() {
                    return;
                }
            }
            incoming = socket.next() => match incoming {
                Some(Ok(Message::Text(text))) => {
                    if let Some(answer) = over_websocket(pbx, &text, may_write)
                        && socket.send(Message::text(answer)).await.is_err()
                    {
                        return;
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => {}
            }
        }
    }
}

/// `RESTRequest` frames: REST over the same websocket. Anything else is ignored.
fn over_websocket(pbx: &Pbx, text: &str, may_write: bool) -> Option<String> {
    let frame: Value = serde_json::from_str(text).ok()?;
    if frame["type"] != "RESTRequest" {
        return None;
    }
    let uri = frame["uri"].as_str().unwrap_or_default();
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let mut query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    for pair in frame["query_strings"].as_array().into_iter().flatten() {
        if let (Some(name), Some(value)) = (pair["name"].as_str(), pair["value"].as_str()) {
            query.insert(name.to_owned(), value.to_owned());
        }
    }
    let body = frame["message_body"]
        .as_str()
        .and_then(|body| serde_json::from_str(body).ok())
        .unwrap_or(Value::Null);
    let request = RestRequest {
        method: frame["method"].as_str().unwrap_or("GET").to_owned(),
        path: rest::split_path(path),
        query,
        body,
        may_write,
    };
    let answer = rest::answer(pbx, &request);
    pbx.log_rest(&request, answer.status());
    let status = answer.status();
    let mut response = json!({
        "type": "RESTResponse",
        "transaction_id": frame["transaction_id"],
        "request_id": frame["request_id"],
        "status_code": status,
        "reason_phrase": code(status).canonical_reason().unwrap_or_default(),
        "uri": uri,
    });
    if let Answer::Json(_, body) = answer {
        response["content_type"] = json!("application/json");
        response["message_body"] = json!(body.to_string());
    }
    Some(response.to_string())
}

/// What has come in whole is carried out, also where nobody waits for the answer any more.
async fn http(State(pbx): State<Pbx>, Extension(cut): Extension<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let carried_out = tokio::spawn(async move { carry_out(pbx, cut, parts, &body).await });
    carried_out
        .await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn carry_out(pbx: Pbx, cut: Cut, parts: Parts, body: &[u8]) -> Response {
    let query = query(&parts.uri);
    let below = parts.uri.path().trim_start_matches("/ari/").to_owned();
    let method = parts.method.as_str().to_owned();
    let fault = pbx.rest_fault(&method, &below);
    match fault {
        Some(RestFault::Status(status)) => {
            pbx.log_refused(&method, &below, status);
            return message(status, status_text(status));
        }
        Some(RestFault::Page) => return axum::response::Html(PAGE).into_response(),
        Some(RestFault::Delay(ms)) => tokio::time::sleep(crate::pause(ms)).await,
        Some(RestFault::Lost) | None => {}
    }
    let Some(may_write) = rest::authorise(&parts.headers, &query) else {
        pbx.log_refused(&method, &below, 401);
        return (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Basic realm=\"Asterisk REST Interface\"")],
            Json(json!({ "message": status_text(401) })),
        )
            .into_response();
    };
    let request = RestRequest {
        method,
        path: rest::split_path(&below),
        query,
        body: serde_json::from_slice(body).unwrap_or(Value::Null),
        may_write,
    };
    let answer = rest::answer(&pbx, &request);
    pbx.log_rest(&request, answer.status());
    if fault == Some(RestFault::Lost) {
        cut.cut().await;
    }
    match answer {
        Answer::Json(status, body) => (code(status), Json(body)).into_response(),
        Answer::Empty(status) => code(status).into_response(),
        Answer::Wav(bytes) => ([(header::CONTENT_TYPE, "audio/wav")], Body::from(bytes)).into_response(),
    }
}
