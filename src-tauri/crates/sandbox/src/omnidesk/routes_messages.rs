//! `/cases/{case}/messages` and `/cases/{case}/note`: what is said in a case.

use serde_json::{Map, Value, json};

use super::{
    state::{Account, Attachment, Message},
    wire::{self, ApiRequest, Reply, Upload},
};

/// Largest file the API takes, in bytes.
pub(crate) const MAX_FILE: usize = 25 * 1024 * 1024;

/// Who a message is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// The case's user.
    User,
    /// A certain user.
    SomeUser(u64),
    /// A staff member.
    Staff(u64),
}

/// A message as a request describes it.
pub(crate) struct Post {
    content: String,
    content_html: String,
    do_not_send_email: bool,
    note: bool,
    uploads: Vec<Upload>,
    urls: Vec<String>,
}

/// Answers a request below `/cases/{case}/`; `None` when there is no such route.
pub(crate) fn answer(account: &mut Account, request: &ApiRequest, case: u64, rest: &[&str]) -> Option<Reply> {
    let reply = match (request.method.as_str(), rest) {
        ("GET", ["messages"]) => list(account, request, case),
        ("POST", ["messages"]) => create(account, request, case, "message"),
        ("POST", ["note"]) => create(account, request, case, "note"),
        ("PUT", [kind @ ("messages" | "note"), id]) => edit(account, request, case, id, *kind == "note"),
        ("DELETE", [kind @ ("messages" | "note"), id]) => delete(account, case, id, *kind == "note"),
        ("PUT", ["rate", id]) => one(account, request, case, id),
        _ => return None,
    };
    Some(reply)
}

fn list(account: &Account, request: &ApiRequest, case: u64) -> Reply {
    let Some(case) = account.cases.get(&case) else {
        return Reply::error(404, "case_not_found");
    };
    let mut items: Vec<Value> = case.messages.iter().map(|message| wire::message(message, &request.base)).collect();
    let paged = request.param("page").is_some() || request.param("limit").is_some();
    if !paged && items.len() > 100 {
        items.drain(..items.len() - 100);
    }
    if request.param("order") == Some("desc") {
        items.reverse();
    }
    wire::list(request, "message", "total_count", items)
}

fn one(account: &Account, request: &ApiRequest, case: u64, id: &str) -> Reply {
    let message = find(account, case, id).and_then(|(case, at)| account.cases.get(&case)?.messages.get(at));
    match message {
        Some(message) => Reply::ok(json!({ "message": wire::message(message, &request.base) })),
        None => Reply::error(404, "message_not_found"),
    }
}

fn find(account: &Account, case: u64, id: &str) -> Option<(u64, usize)> {
    let id: u64 = id.parse().ok()?;
    let at = account.cases.get(&case)?.messages.iter().position(|message| message.id == id)?;
    Some((case, at))
}

/// Reads the text and the files of a message from the body's fields.
pub(crate) fn read_post(fields: &Map<String, Value>, wrapper: &str, request: &ApiRequest) -> Result<Post, Reply> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let flag = |name: &str| match fields.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => matches!(text.as_str(), "1" | "true"),
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        _ => false,
    };
    let prefix = format!("{wrapper}[attachments]");
    let uploads: Vec<Upload> = request
        .uploads
        .iter()
        .filter(|upload| upload.field.starts_with(&prefix))
        .cloned()
        .collect();
    if uploads.iter().any(|upload| upload.bytes.len() > MAX_FILE) {
        return Err(Reply::error(422, "attachment_too_big"));
    }
    let urls = match fields.get("attachment_urls") {
        Some(Value::Array(urls)) => urls.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(url)) => vec![url.clone()],
        _ => Vec::new(),
    };
    Ok(Post {
        content: text("content"),
        content_html: text("content_html"),
        do_not_send_email: flag("do_not_send_email"),
        note: flag("note") || wrapper == "note",
        uploads,
        urls,
    })
}

/// Appends a message to a case, stores its files, and returns them.
pub(crate) fn add(account: &mut Account, case: u64, author: Author, post: Post, request: &ApiRequest) -> Vec<Attachment> {
    let id = account.next_id("message");
    let mut attachments = Vec::new();
    for upload in post.uploads {
        let file_id = account.next_id("file");
        attachments.push(Attachment {
            id: file_id,
            file_name: upload.file_name,
            mime_type: upload.mime_type,
            size: upload.bytes.len(),
            external_url: None,
        });
        account.files.insert(file_id, upload.bytes);
    }
    for url in post.urls {
        let file_name = url.rsplit('/').next().unwrap_or_default().to_owned();
        let file_id = account.next_id("file");
        attachments.push(Attachment {
            id: file_id,
            file_name,
            mime_type: "application/octet-stream".to_owned(),
            size: 0,
            external_url: Some(url),
        });
    }
    let Some(case) = account.cases.get_mut(&case) else {
        return attachments;
    };
    let (user_id, staff_id) = match author {
        Author::User => (case.user_id, 0),
        Author::SomeUser(id) => (id, 0),
        Author::Staff(id) => (0, id),
    };
    case.messages.push(Message {
        id,
        user_id,
        staff_id,
        content: post.content,
        content_html: post.content_html,
        note: post.note,
        do_not_send_email: post.do_not_send_email,
        attachments: attachments.clone(),
        created_at: request.now,
        edits: 0,
    });
    case.updated_at = request.now;
    case.last_response_at = request.now;
    attachments
}

fn create(account: &mut Account, request: &ApiRequest, case: u64, wrapper: &str) -> Reply {
    let fields = request.wrapped(wrapper);
    let post = match read_post(&fields, wrapper, request) {
        Ok(post) => post,
        Err(refusal) => return refusal,
    };
    let files = post.uploads.len() + post.urls.len();
    if post.content.is_empty() && post.content_html.is_empty() && files == 0 {
        return Reply::error(422, "content_required");
    }
    let id_of = |name: &str| {
        let value = fields.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok()).filter(|id| *id != 0)
    };
    let author = match (id_of("staff_id"), id_of("user_id")) {
        _ if post.note => Author::Staff(request.staff_id),
        (Some(staff), _) => match account.staff.get(&staff) {
            Some(known) if known.active => Author::Staff(staff),
            Some(_) => return Reply::error(422, "staff_not_active"),
            None => return Reply::error(422, "staff_not_found"),
        },
        (None, Some(user)) if account.users.contains_key(&user) => Author::SomeUser(user),
        (None, Some(_)) => return Reply::error(422, "user_not_found"),
        (None, None) => Author::Staff(request.staff_id),
    };
    add(account, case, author, post, request);
    let posted = account.cases.get(&case).and_then(|case| case.messages.last());
    match posted {
        Some(message) => Reply::created(json!({ "message": wire::message(message, &request.base) })),
        None => Reply::error(404, "case_not_found"),
    }
}

/// Only the text can be edited; files stay as they were posted.
fn edit(account: &mut Account, request: &ApiRequest, case: u64, id: &str, note: bool) -> Reply {
    let fields = request.wrapped(if note { "note" } else { "message" });
    let found = find(account, case, id);
    let message = found.and_then(|(case, at)| account.cases.get_mut(&case)?.messages.get_mut(at));
    let Some(message) = message.filter(|message| message.note == note) else {
        return Reply::error(404, if note { "note_not_found" } else { "message_not_found" });
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let (content, html) = (text("content"), text("content_html"));
    if content.is_none() && html.is_none() {
        return Reply::error(422, "content_required");
    }
    if let Some(content) = content {
        message.content = content;
    }
    if let Some(html) = html {
        message.content_html = html;
    }
    message.edits += 1;
    if let Some(case) = account.cases.get_mut(&case) {
        case.updated_at = request.now;
    }
    one(account, request, case, id)
}

fn delete(account: &mut Account, case: u64, id: &str, note: bool) -> Reply {
    let Some((case, at)) = find(account, case, id) else {
        return Reply::error(404, "message_not_found");
    };
    let Some(case) = account.cases.get_mut(&case) else {
        return Reply::error(404, "case_not_found");
    };
    if case.messages[at].note != note {
        return Reply::error(404, "message_not_found");
    }
    case.messages.remove(at);
    Reply::ok(json!({}))
}
