//! The wire format: requests as the routes see them, and the JSON shapes of the answers.
//!
//! Shapes follow the reference sheet: lists are objects keyed `"0"`, `"1"`, … beside `total_count`; dates
//! are RFC 2822 in Moscow time; what is unset is `"-"` or `""`; an empty map of custom values is `[]`.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime, tz::Offset};
use serde_json::{Map, Value, json};

use super::state::{Account, Attachment, Case, Change, Contact, Message, User};

/// A file part of a multipart request.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// The part's name, e.g. `message[attachments][0]`.
    pub field: String,
    pub file_name: String,
    pub mime_type: String,
    pub bytes: Vec<u8>,
}

/// One request, taken apart.
pub(crate) struct ApiRequest {
    pub method: String,
    /// The path below `/api/` in parts; the last one without `.json`.
    pub path: Vec<String>,
    /// Query parameters in order, decoded.
    pub query: Vec<(String, String)>,
    /// The body as JSON; of a multipart request the same structure, built from the part names.
    pub body: Value,
    pub uploads: Vec<Upload>,
    /// The staff member who acts.
    pub staff_id: u64,
    pub now: Timestamp,
    /// Where files are served: `http://127.0.0.1:PORT`.
    pub base: String,
}

impl ApiRequest {
    /// The first value of a query parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that takes one (`status=open`) or many (`status[]=open`).
    pub(crate) fn params(&self, name: &str) -> Vec<&str> {
        let belongs = |key: &str| {
            key.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']')))
        };
        self.query
            .iter()
            .filter(|(key, _)| belongs(key))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// A map parameter's entries: `custom_fields[cf_20]=x`.
    pub(crate) fn map_params(&self, name: &str) -> Vec<(&str, &str)> {
        self.query
            .iter()
            .filter_map(|(key, value)| {
                let inner = key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
                Some((inner, value.as_str()))
            })
            .collect()
    }

    /// The object under the body's wrapper key, or an empty one.
    pub(crate) fn wrapped(&self, key: &str) -> Map<String, Value> {
        self.body.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
    }
}

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, body }
    }

    /// `{"error": code}`.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self {
            status,
            body: json!({ "error": code }),
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.status < 300
    }
}

/// A page of a list, each entry under its wrapper key.
pub(crate) fn list(request: &ApiRequest, wrapper: &str, total_key: &str, items: Vec<Value>) -> Reply {
    list_of(request, wrapper, total_key, items, |item| item)
}

/// As [`list`], of entries that are put into words only where they are on the page.
pub(crate) fn list_of<T>(request: &ApiRequest, wrapper: &str, total_key: &str, items: Vec<T>, told: impl Fn(T) -> Value) -> Reply {
    let limit = request
        .param("limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(100)
        .clamp(1, 100);
    let page = request.param("page").and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, 500);
    let total = items.len();
    let mut body = Map::new();
    for (index, item) in items.into_iter().skip((page - 1) * limit).take(limit).enumerate() {
        body.insert(index.to_string(), json!({ wrapper: told(item) }));
    }
    body.insert(total_key.to_owned(), json!(total));
    Reply::ok(Value::Object(body))
}

/// RFC 2822 in Moscow time: `Mon, 05 May 2014 00:15:17 +0300`.
pub(crate) fn date(at: Timestamp) -> String {
    at.to_zoned(moscow()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

fn date_or_dash(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), date)
}

fn moscow() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(Offset::constant(3))
}

/// A date in a request: unix seconds, or `YYYY-MM-DD[ HH:MM[:SS]]` in Moscow time.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    let full = match text.trim().len() {
        10 => format!("{} 00:00:00", text.trim()),
        16 => format!("{}:00", text.trim()),
        _ => text.trim().to_owned(),
    };
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", &full).ok()?;
    civil.to_zoned(moscow()).ok().map(|zoned| zoned.timestamp())
}

/// Custom values; an empty map comes as `[]`, as PHP writes it.
fn custom_values(fields: &Map<String, Value>) -> Value {
    if fields.is_empty() {
        json!([])
    } else {
        Value::Object(fields.clone())
    }
}

/// The user object.
pub(crate) fn user(account: &Account, user: &User) -> Value {
    let mut linked = account.linked(user);
    if user.id.is_multiple_of(2) && !linked.is_empty() {
        // The live API lists the profile itself at times.
        linked.push(user.id);
    }
    let mut body = json!({
        "user_id": user.id,
        "user_full_name": user.full_name,
        "company_name": user.company_name,
        "company_position": user.company_position,
        "thumbnail": "",
        "confirmed": true,
        "active": user.active,
        "deleted": user.deleted,
        "created_at": date(user.created_at),
        "updated_at": date(user.updated_at),
        "last_contact_at": date_or_dash(user.last_contact_at),
        "type": user.contact.kind(),
        "user_screen_name": "",
        "user_note": user.note,
        "language_id": user.language_id,
        "custom_fields": custom_values(&user.custom_fields),
        "linked_users": linked,
    });
    let contact = user.contact.text();
    match &user.contact {
        Contact::Email(_) => body["user_email"] = json!(contact),
        Contact::Phone(_) => body["user_phone"] = json!(contact),
        Contact::WhatsApp(_) => body["user_whatsapp_phone"] = json!(contact),
        Contact::Telegram(_) => body["telegram_id"] = json!(contact),
        Contact::Custom { channel, .. } => {
            body["user_custom_id"] = json!(contact);
            body["user_custom_channel"] = json!(channel);
        }
    }
    body
}

/// The case object.
pub(crate) fn case(case: &Case) -> Value {
    let closing = case.closed_at.map(|at| at.as_second() - case.created_at.as_second());
    json!({
        "case_id": case.id,
        "case_number": case.number,
        "subject": case.subject,
        "user_id": case.user_id,
        "staff_id": case.staff_id,
        "group_id": case.group_id,
        "status": case.status,
        "priority": case.priority,
        "channel": case.channel,
        "recipient": case.recipient,
        "cc_emails": "",
        "bcc_emails": "",
        "deleted": case.deleted,
        "spam": case.spam,
        "created_at": date(case.created_at),
        "closed_at": date_or_dash(case.closed_at),
        "updated_at": date(case.updated_at),
        "last_response_at": date(case.last_response_at),
        "closing_speed": closing.map_or(json!("-"), |seconds| json!(seconds / 60)),
        "parent_case_id": case.parent_case_id,
        "language_id": case.language_id,
        "custom_fields": custom_values(&case.custom_fields),
        "labels": case.labels,
        "locked_labels": [],
        "rating": case.rating,
        "rating_comment": case.rating_comment,
        "rated_staff_id": case.rated_staff_id,
    })
}

/// Minutes from the case's start to the first answer of staff, or `"-"`.
pub(crate) fn first_response_speed(case: &Case) -> Value {
    let answer = case.messages.iter().find(|message| message.staff_id != 0 && !message.note);
    answer.map_or(json!("-"), |message| {
        json!((message.created_at.as_second() - case.created_at.as_second()) / 60)
    })
}

/// The message object. Notes come under the same key, with `note: true`.
pub(crate) fn message(message: &Message, base: &str) -> Value {
    json!({
        "message_id": message.id,
        "user_id": message.user_id,
        "staff_id": message.staff_id,
        "content": message.content,
        "content_html": message.content_html,
        "attachments": attachments(&message.attachments, base),
        "note": message.note,
        "sent_via_rule": false,
        "created_at": date(message.created_at),
        "sent_at": date(message.created_at),
    })
}

/// The attachments of a message.
pub(crate) fn attachments(files: &[Attachment], base: &str) -> Value {
    files
        .iter()
        .map(|file| {
            let own = || format!("{base}/files/{}", file.id);
            json!({
                "file_id": file.id,
                "file_name": file.file_name,
                "file_size": file.size,
                "mime_type": file.mime_type,
                "url": file.external_url.clone().unwrap_or_else(own),
            })
        })
        .collect()
}

/// One line of a case's changelog; values are strings and may be missing.
pub(crate) fn change(change: &Change) -> Value {
    let mut body = json!({
        "created_at": date(change.at),
        "event": change.event,
        "done_by": change.done_by,
        "value": change.new,
    });
    if let Some(old) = &change.old {
        body["old_value"] = json!(old);
    }
    body
}

/// Builds the JSON structure that multipart part names describe: `case[custom_fields][cf_25]`.
pub(crate) fn insert_bracketed(root: &mut Value, name: &str, value: Value) {
    let mut parts: Vec<&str> = Vec::new();
    let (head, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    parts.push(head);
    while let Some(inner) = rest.strip_prefix('[') {
        let Some(end) = inner.find(']') else { break };
        parts.push(&inner[..end]);
        rest = &inner[end + 1..];
    }
    let mut spot = root;
    for part in &parts[..parts.len() - 1] {
        if !spot.is_object() {
            *spot = json!({});
        }
        spot = &mut spot[*part];
    }
    let last = parts[parts.len() - 1];
    if last.is_empty() {
        if !spot.is_array() {
            *spot = json!([]);
        }
        if let Some(array) = spot.as_array_mut() {
            array.push(value);
        }
        return;
    }
    if !spot.is_object() {
        *spot = json!({});
    }
    spot[last] = value;
}

/// Counts by key, in order of the key.
pub(crate) fn counted<'a>(keys: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key.to_owned()).or_insert(0) += 1;
    }
    counts
}
