//! Stands in front of the routes: reads requests, checks login and rate limit, applies faults, keeps
//! the log.

use std::time::{Duration, Instant};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::map_response_with_state,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use super::{
    API_KEY, Omnidesk,
    dump::RequestRecord,
    faults::{self, Fault},
    routes_cases, routes_settings, routes_users,
    wire::{self, ApiRequest, Reply, Upload},
};
use crate::net::Cut;

/// Largest request the API takes, in bytes (the vendor says 50 MB).
const MAX_REQUEST: usize = 50 * 1024 * 1024;
/// Log entries kept.
const MAX_LOG: usize = 20_000;
/// The limit the headers name when there is none.
const UNLIMITED: u32 = 1500;

/// The account's requests per window.
pub(super) struct Rate {
    limit: u32,
    window: Duration,
    began: Instant,
    used: u32,
}

impl Rate {
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        Self {
            limit,
            window,
            began: Instant::now(),
            used: 0,
        }
    }

    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
        self.restart();
    }

    pub(super) fn restart(&mut self) {
        self.began = Instant::now();
        self.used = 0;
    }

    /// Counts one request. False when the window's calls are used up.
    fn take(&mut self) -> bool {
        if self.began.elapsed() >= self.window {
            self.restart();
        }
        let allowed = self.limit == 0 || self.used < self.limit;
        self.used += u32::from(allowed);
        allowed
    }

    /// The rate headers; `retry_after` only when the calls run out, as at the vendor.
    fn headers(&self) -> Vec<(&'static str, u64)> {
        let limit = if self.limit == 0 { UNLIMITED } else { self.limit };
        let left = if self.limit == 0 {
            UNLIMITED
        } else {
            limit.saturating_sub(self.used)
        };
        let mut headers = vec![("rate_limit_per_minute", limit.into()), ("api_calls_left", left.into())];
        if left <= 1 {
            let wait = self.window.saturating_sub(self.began.elapsed());
            headers.push(("retry_after", wait.as_millis().div_ceil(1000).try_into().unwrap_or(60)));
        }
        headers
    }
}

/// The API and the files.
pub(crate) fn router(omnidesk: Omnidesk) -> Router {
    Router::new()
        .route("/api/{*path}", any(api))
        .route("/files/{id}", get(file))
        // Requests are bounded when they are read; this lifts axum's own 2 MB.
        .layer(DefaultBodyLimit::disable())
        .layer(map_response_with_state(omnidesk.clone(), dated))
        .with_state(omnidesk)
}

/// Answers are dated by the vendor's clock.
async fn dated(State(omnidesk): State<Omnidesk>, mut response: Response) -> Response {
    let now = omnidesk.desk().now();
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn file(State(omnidesk): State<Omnidesk>, Path(id): Path<u64>) -> Response {
    let mime = {
        let desk = omnidesk.desk();
        let mut files = desk
            .account
            .cases
            .values()
            .flat_map(|case| &case.messages)
            .flat_map(|message| &message.attachments);
        files.find(|file| file.id == id).map(|file| file.mime_type.clone())
    };
    match (omnidesk.file(id), mime) {
        (Some(bytes), Some(mime)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn api(State(omnidesk): State<Omnidesk>, Extension(cut): Extension<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.method.as_str().to_owned();
    let path = parts.uri.path().to_owned();
    let Ok(bytes) = to_bytes(body, MAX_REQUEST).await else {
        return write(413, &json!({"error": "request_too_big"}), &[]);
    };
    let email = credentials(&parts.headers).map(|(email, _)| email).unwrap_or_default();
    let (body, uploads) = read_body(&parts, bytes).await;
    let record = RequestRecord {
        id: 0,
        t_ms: 0,
        method: method.clone(),
        path: path.clone(),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        body: body.clone(),
        files: uploads.iter().map(upload_summary).collect(),
        staff_email: email,
        status: None,
        fate: "pending".to_owned(),
    };
    let query = record.query.clone();
    let id = omnidesk.log(record);

    let (staff, fault, headers) = omnidesk.admit(&parts.headers, &method, &path);
    let staff_id = match staff {
        Ok(staff_id) => staff_id,
        Err(refusal) => return omnidesk.answer(id, refusal, &headers),
    };
    if let Some(response) = omnidesk.before(id, &fault, &cut, &headers).await {
        return response;
    }
    let now = omnidesk.desk().now();
    let request = ApiRequest {
        method,
        path: match route(&path) {
            Some(route) => route,
            None => return omnidesk.answer(id, Reply::error(404, "not_found"), &headers),
        },
        query,
        body,
        uploads,
        staff_id,
        now,
        base: omnidesk.base(),
    };
    let reply = omnidesk.serve(&request);
    omnidesk.after(id, reply, fault, &cut, &headers).await
}

type Headers = Vec<(&'static str, u64)>;

impl Omnidesk {
    fn log(&self, mut record: RequestRecord) -> u64 {
        let mut desk = self.desk();
        record.id = desk.next_request;
        record.t_ms = desk.started.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        desk.next_request += 1;
        if desk.log.len() >= MAX_LOG {
            desk.log.remove(0);
        }
        let id = record.id;
        desk.log.push(record);
        id
    }

    fn settle(&self, id: u64, status: Option<u16>, fate: &str) {
        {
            let mut desk = self.desk();
            if let Some(record) = desk.log.iter_mut().rev().find(|record| record.id == id) {
                record.status = status;
                record.fate = fate.to_owned();
            }
        }
        self.touch();
    }

    /// Login, rate limit, and the fault for this request, in that order.
    fn admit(&self, headers: &HeaderMap, method: &str, path: &str) -> (Result<u64, Reply>, Option<Fault>, Headers) {
        let mut desk = self.desk();
        let staff = match credentials(headers) {
            Some((_, key)) if key != API_KEY => Err(Reply::error(401, "wrong_api_key")),
            Some((email, _)) => desk
                .account
                .staff
                .values()
                .find(|staff| staff.email.eq_ignore_ascii_case(&email) && staff.active)
                .map(|staff| staff.id)
                .ok_or_else(|| Reply::error(403, "wrong_staff_email")),
            None => Err(Reply::error(401, "wrong_api_key")),
        };
        if staff.is_err() {
            return (staff, None, desk.rate.headers());
        }
        if !desk.rate.take() {
            return (Err(Reply::error(429, "rate_limit_exceeded")), None, desk.rate.headers());
        }
        let fault = desk.faults.take(method, path);
        (staff, fault, desk.rate.headers())
    }

    /// The part of a fault that comes before the request is looked at.
    async fn before(&self, id: u64, fault: &Option<Fault>, cut: &Cut, headers: &Headers) -> Option<Response> {
        match fault.as_ref()? {
            Fault::Status { status, body, retry_after } => {
                let mut headers = headers.clone();
                if let Some(seconds) = retry_after {
                    headers.retain(|(name, _)| *name != "retry_after");
                    headers.push(("retry_after", *seconds));
                }
                let body = body.clone().unwrap_or_else(|| json!({"error": faults::default_code(*status)}));
                self.settle(id, Some(*status), "status");
                Some(write(*status, &body, &headers))
            }
            Fault::Html { status } => {
                self.settle(id, Some(*status), "html");
                let page = axum::response::Html(faults::html_page(*status));
                Some((code(*status), page).into_response())
            }
            Fault::Hang { ms } => {
                self.settle(id, None, "hang");
                tokio::time::sleep(crate::pause(*ms)).await;
                cut.cut().await
            }
            Fault::Reset => {
                self.settle(id, None, "reset");
                cut.cut().await
            }
            Fault::Delay { ms } => {
                tokio::time::sleep(crate::pause(*ms)).await;
                None
            }
            Fault::Lost { .. } | Fault::Truncated | Fault::OddList { .. } => None,
        }
    }

    fn serve(&self, request: &ApiRequest) -> Reply {
        let account = &mut self.desk().account;
        let reply = match request.path.first().map(String::as_str) {
            Some("users") => routes_users::answer(account, request),
            Some("cases") => routes_cases::answer(account, request),
            _ => routes_settings::answer(account, request),
        };
        reply.unwrap_or_else(|| Reply::error(404, "not_found"))
    }

    /// The part of a fault that comes after the request was carried out.
    async fn after(&self, id: u64, reply: Reply, fault: Option<Fault>, cut: &Cut, headers: &Headers) -> Response {
        match fault {
            Some(Fault::Lost { ms }) => {
                self.settle(id, None, "lost");
                tokio::time::sleep(crate::pause(ms)).await;
                cut.cut().await
            }
            Some(Fault::Truncated) => {
                let text = reply.body.to_string();
                let half: String = text.chars().take(text.chars().count() / 2).collect();
                self.settle(id, Some(reply.status), "truncated");
                with_headers(
                    (code(reply.status), [(header::CONTENT_TYPE, "application/json")], half).into_response(),
                    headers,
                )
            }
            Some(Fault::OddList { shape }) => {
                let status = reply.status;
                let body = if reply.is_ok() {
                    faults::reshape(reply.body, shape)
                } else {
                    reply.body
                };
                self.settle(id, Some(status), "odd_list");
                write(status, &body, headers)
            }
            _ => self.answer(id, reply, headers),
        }
    }

    fn answer(&self, id: u64, reply: Reply, headers: &Headers) -> Response {
        self.settle(id, Some(reply.status), "answered");
        write(reply.status, &reply.body, headers)
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn write(status: u16, body: &Value, headers: &[(&'static str, u64)]) -> Response {
    with_headers((code(status), axum::Json(body)).into_response(), headers)
}

fn with_headers(mut response: Response, headers: &[(&'static str, u64)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from(*value));
    }
    response
}

/// The path below `/api/` in parts, `.json` taken off; `None` without that ending.
fn route(path: &str) -> Option<Vec<String>> {
    let route = path.strip_prefix("/api/")?.strip_suffix(".json")?;
    Some(route.split('/').map(str::to_owned).collect())
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let basic = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(BASE64_STANDARD.decode(basic.trim()).ok()?).ok()?;
    text.split_once(':').map(|(email, key)| (email.to_owned(), key.to_owned()))
}

fn upload_summary(upload: &Upload) -> Value {
    json!({
        "field": upload.field,
        "file_name": upload.file_name,
        "mime_type": upload.mime_type,
        "size": upload.bytes.len(),
    })
}

/// JSON as it is; multipart as the structure its part names describe, and its files.
async fn read_body(head: &Parts, bytes: Bytes) -> (Value, Vec<Upload>) {
    let kind = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return (serde_json::from_slice(&bytes).unwrap_or(Value::Null), Vec::new());
    }
    let (mut body, mut uploads) = (json!({}), Vec::new());
    let Ok(mut parts) = Multipart::from_request(Request::from_parts(head.clone(), Body::from(bytes)), &()).await else {
        return (body, uploads);
    };
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mime_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let Ok(content) = part.bytes().await else { break };
        match file_name {
            Some(file_name) => {
                uploads.push(Upload {
                    field: name,
                    file_name,
                    mime_type,
                    bytes: content.to_vec(),
                });
            }
            None => {
                let text = String::from_utf8_lossy(&content).into_owned();
                wire::insert_bracketed(&mut body, &name, Value::String(text));
            }
        }
    }
    (body, uploads)
}
