//! What tests read back: cases in words, and the request log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    state::{Account, Case, Message, field_data},
    wire,
};

/// A case as it stands, with names in place of ids where people would see names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseDump {
    /// The numeric id.
    pub case_id: u64,
    /// The number people see, `NNN-NNNNNN`.
    pub case_number: String,
    /// The subject.
    pub subject: String,
    /// `open`, `waiting` or `closed`.
    pub status: String,
    /// The channel's key: `cch101` = «Звонки», `web`, `email`, …
    pub channel: String,
    /// Low to critical.
    pub priority: String,
    /// The user's profile.
    pub user_id: u64,
    /// The profile's full name.
    pub user_name: String,
    /// The profile's contact: a phone, an e-mail, …
    pub user_contact: String,
    /// The responsible staff member; 0 = nobody.
    pub staff_id: u64,
    /// The responsible staff member's e-mail; empty = nobody.
    pub staff_email: String,
    /// The group.
    pub group_id: u64,
    /// The labels' titles.
    pub labels: Vec<String>,
    /// Custom values by the field's title; of a select the option's title.
    pub fields: BTreeMap<String, Value>,
    /// In the trash.
    pub deleted: bool,
    /// Spam.
    pub spam: bool,
    /// The case this one was merged into; 0 = none.
    pub parent_case_id: u64,
    /// Whether it belongs to the seed.
    pub seeded: bool,
    /// The messages and notes, oldest first.
    pub messages: Vec<MessageDump>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The user.
    User,
    /// Staff, to the user.
    Staff,
    /// Staff, to colleagues only.
    Note,
}

/// A message or note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageDump {
    /// The id.
    pub message_id: u64,
    /// Who wrote it.
    pub kind: MessageKind,
    /// The author's name.
    pub author: String,
    /// Plain text.
    pub content: String,
    /// Rich text.
    pub content_html: String,
    /// Whether Omnidesk would send it to the client: a staff message without `do_not_send_email`.
    pub sent_to_client: bool,
    /// How often its text was edited.
    pub edits: u32,
    /// The files.
    pub attachments: Vec<AttachmentDump>,
}

/// A file of a message. Its bytes: [`super::Omnidesk::file`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentDump {
    /// The id.
    pub file_id: u64,
    /// The name it was uploaded with.
    pub file_name: String,
    /// The MIME type it was uploaded with.
    pub mime_type: String,
    /// Bytes.
    pub file_size: usize,
    /// Where it is served.
    pub url: String,
}

/// One request to the stand-in Omnidesk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Counts up from 1.
    pub id: u64,
    /// Milliseconds since the start of the sandbox.
    pub t_ms: u64,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, e.g. `/api/users.json`.
    pub path: String,
    /// The query parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The body as JSON; for multipart, the structure its part names describe.
    pub body: Value,
    /// The files of a multipart body: name, type, size.
    pub files: Vec<Value>,
    /// The e-mail the client logged in with.
    pub staff_email: String,
    /// The status answered; `None` while it is being served and when the answer never came.
    pub status: Option<u16>,
    /// `pending`, `answered`, or the fault that hit it.
    pub fate: String,
}

impl RequestRecord {
    /// Method and route with ids left out: `PUT cases/*`.
    pub fn kind(&self) -> String {
        let route = self.path.trim_start_matches("/api/").trim_end_matches(".json");
        let part = |part: &str| {
            let id = part.starts_with(|first: char| first.is_ascii_digit());
            if id { "*".to_owned() } else { part.to_owned() }
        };
        let parts: Vec<String> = route.split('/').map(part).collect();
        format!("{} {}", self.method, parts.join("/"))
    }
}

/// A case in words.
pub(super) fn case(account: &Account, case: &Case, base: &str) -> CaseDump {
    let user = account.users.get(&case.user_id);
    let fields = account.fields.iter().filter(|field| field.level == "case").filter_map(|field| {
        let value = case.custom_fields.get(&format!("cf_{}", field.id))?;
        let option = value.as_str().and_then(|key| field_data(field).get(key).cloned());
        Some((field.title.clone(), option.unwrap_or_else(|| value.clone())))
    });
    CaseDump {
        case_id: case.id,
        case_number: case.number.clone(),
        subject: case.subject.clone(),
        status: case.status.clone(),
        channel: case.channel.clone(),
        priority: case.priority.clone(),
        user_id: case.user_id,
        user_name: user.map(|user| user.full_name.clone()).unwrap_or_default(),
        user_contact: user.map(|user| user.contact.text().to_owned()).unwrap_or_default(),
        staff_id: case.staff_id,
        staff_email: account
            .staff
            .get(&case.staff_id)
            .map(|staff| staff.email.clone())
            .unwrap_or_default(),
        group_id: case.group_id,
        labels: case.labels.iter().filter_map(|id| account.labels.get(id).cloned()).collect(),
        fields: fields.collect(),
        deleted: case.deleted,
        spam: case.spam,
        parent_case_id: case.parent_case_id,
        seeded: case.seeded,
        messages: case.messages.iter().map(|message| self::message(account, message, base)).collect(),
    }
}

fn message(account: &Account, message: &Message, base: &str) -> MessageDump {
    let kind = match message {
        Message { note: true, .. } => MessageKind::Note,
        Message { staff_id: 0, .. } => MessageKind::User,
        _ => MessageKind::Staff,
    };
    let author = match kind {
        MessageKind::User => account.users.get(&message.user_id).map(|user| user.full_name.clone()),
        MessageKind::Staff | MessageKind::Note => account.staff.get(&message.staff_id).map(|staff| staff.full_name.clone()),
    };
    let files = message.attachments.iter().map(|file| AttachmentDump {
        file_id: file.id,
        file_name: file.file_name.clone(),
        mime_type: file.mime_type.clone(),
        file_size: file.size,
        url: file.external_url.clone().unwrap_or_else(|| format!("{base}/files/{}", file.id)),
    });
    MessageDump {
        message_id: message.id,
        kind,
        author: author.unwrap_or_default(),
        content: message.content.clone(),
        content_html: message.content_html.clone(),
        sent_to_client: kind == MessageKind::Staff && !message.do_not_send_email,
        edits: message.edits,
        attachments: files.collect(),
    }
}

/// The whole account as one JSON value.
pub(super) fn whole(account: &Account, users: Vec<Value>, cases: Vec<CaseDump>, counts: BTreeMap<String, usize>) -> Value {
    let staff: Vec<Value> = account
        .staff
        .values()
        .map(|staff| json!({"staff_id": staff.id, "email": staff.email, "name": staff.full_name, "active": staff.active}))
        .collect();
    json!({
        "users": users,
        "cases": cases,
        "staff": staff,
        "labels": account.labels,
        "groups": account.groups,
        "changelogs": account
            .cases
            .values()
            .filter(|case| !case.changelog.is_empty())
            .map(|case| (case.id.to_string(), case.changelog.iter().map(wire::change).collect::<Value>()))
            .collect::<serde_json::Map<_, _>>(),
        "counts": counts,
    })
}
