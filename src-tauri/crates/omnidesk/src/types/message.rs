//! Messages and notes of a case. A note is a message that the user never sees.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::ids::{MessageId, StaffId, UserId};
use crate::lenient;
use crate::types::attachment::{Attachment, FileInfo};
use crate::types::case::put_list;
use crate::types::user::put;
use crate::types::wrapped;

/// A message or a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id.
    #[serde(rename = "message_id")]
    pub id: MessageId,
    /// The user who wrote it; none when staff did.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub user_id: Option<UserId>,
    /// The member of staff who wrote it.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub staff_id: Option<StaffId>,
    /// Plain text; often empty when there is [`Message::content_html`].
    #[serde(default, deserialize_with = "lenient::text")]
    pub content: String,
    /// Rich text; often empty when there is [`Message::content`].
    #[serde(default, deserialize_with = "lenient::text")]
    pub content_html: String,
    /// Files.
    #[serde(default, deserialize_with = "lenient::objects")]
    pub attachments: Vec<FileInfo>,
    /// Whether it is a note.
    #[serde(default, deserialize_with = "lenient::off")]
    pub note: bool,
    /// Whether a rule of the account sent it.
    #[serde(default, deserialize_with = "lenient::off")]
    pub sent_via_rule: bool,
    /// When it was written.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub created_at: Option<Timestamp>,
    /// When it was sent.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub sent_at: Option<Timestamp>,
}

wrapped!(Message => "message" | "note");

/// Who a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// A note among staff.
    Note(Option<StaffId>),
    /// Staff, to the user.
    Staff(StaffId),
    /// The user.
    User(Option<UserId>),
}

impl Message {
    /// Who it is from, by the test that holds for all accounts: the note flag, then `staff_id`, else the user.
    #[must_use]
    pub fn author(&self) -> Author {
        match (self.note, self.staff_id) {
            (true, staff) => Author::Note(staff),
            (false, Some(staff)) => Author::Staff(staff),
            (false, None) => Author::User(self.user_id),
        }
    }
}

/// Text to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Plain text (`content`).
    Text(String),
    /// Rich text (`content_html`); the caller has escaped what is not markup.
    Html(String),
}

impl Content {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Rich text.
    pub fn html(html: impl Into<String>) -> Self {
        Self::Html(html.into())
    }

    pub(crate) fn write(&self, fields: &mut Map<String, Value>) {
        let (name, text) = match self {
            Self::Text(text) => ("content", text),
            Self::Html(html) => ("content_html", html),
        };
        fields.insert(name.to_owned(), json!(text));
    }
}

/// In whose name a message is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PostAs {
    /// The member of staff that the client logs in as.
    #[default]
    Me,
    /// Another member of staff.
    Staff(StaffId),
    /// The user.
    User(UserId),
}

/// A message to post. A message by staff **goes out to the user** unless [`NewMessage::do_not_send_email`] is set, and in
/// messenger channels even then; for remarks among staff post a [`NewNote`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The text.
    pub content: Content,
    /// In whose name.
    pub author: PostAs,
    /// Keeps Omnidesk from mailing it.
    pub do_not_send_email: bool,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Addresses of files that Omnidesk fetches itself.
    pub attachment_urls: Vec<String>,
    /// Date it as of then.
    pub created_at: Option<Timestamp>,
    /// Send it then.
    pub send_at: Option<Timestamp>,
}

impl NewMessage {
    /// A message in the client's own name.
    #[must_use]
    pub fn new(content: Content) -> Self {
        Self {
            content,
            author: PostAs::Me,
            do_not_send_email: false,
            attachments: Vec::new(),
            attachment_urls: Vec::new(),
            created_at: None,
            send_at: None,
        }
    }

    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.content.write(&mut fields);
        match self.author {
            PostAs::Me => {}
            PostAs::Staff(staff) => put(&mut fields, "staff_id", Some(staff)),
            PostAs::User(user) => put(&mut fields, "user_id", Some(user)),
        }
        put(&mut fields, "do_not_send_email", self.do_not_send_email.then_some(true));
        put_list(&mut fields, "attachment_urls", &self.attachment_urls);
        put(&mut fields, "created_at", self.created_at.map(Timestamp::as_second));
        put(&mut fields, "send_at", self.send_at.map(Timestamp::as_second));
        fields
    }
}

/// A note to post; only staff sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The text.
    pub content: Content,
    /// Another author than the client's own; not documented for notes.
    pub staff_id: Option<StaffId>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Addresses of files that Omnidesk fetches itself.
    pub attachment_urls: Vec<String>,
    /// Date it as of then.
    pub created_at: Option<Timestamp>,
}

impl NewNote {
    /// A note in the client's own name.
    #[must_use]
    pub fn new(content: Content) -> Self {
        Self {
            content,
            staff_id: None,
            attachments: Vec::new(),
            attachment_urls: Vec::new(),
            created_at: None,
        }
    }

    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.content.write(&mut fields);
        put(&mut fields, "staff_id", self.staff_id);
        put_list(&mut fields, "attachment_urls", &self.attachment_urls);
        put(&mut fields, "created_at", self.created_at.map(Timestamp::as_second));
        fields
    }
}

/// The order of a message list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MessageOrder {
    /// Oldest first.
    #[default]
    OldestFirst,
    /// Newest first.
    NewestFirst,
}

impl MessageOrder {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::OldestFirst => "asc",
            Self::NewestFirst => "desc",
        }
    }
}
