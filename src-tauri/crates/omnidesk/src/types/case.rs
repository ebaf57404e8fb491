//! Cases (обращения).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::ids::{CaseId, CaseNumber, ChannelKey, FieldId, FilterId, GroupId, LabelId, LanguageId, StaffId, UserId};
use crate::lenient;
use crate::page::{PageRequest, sealed};
use crate::query::{Query, TextQuery, TimeRange};
use crate::types::attachment::{Attachment, FileInfo};
use crate::types::custom_fields::CustomFields;
use crate::types::message::Content;
use crate::types::user::{Contact, put};
use crate::words::words;

words! {
    /// State of a case. Spam and deleted are flags of their own.
    CaseStatus {
        /// «открытое».
        Open = "open",
        /// «в ожидании».
        Waiting = "waiting",
        /// «закрытое».
        Closed = "closed",
    }
}

words! {
    /// Priority of a case.
    CasePriority {
        /// Low.
        Low = "low",
        /// Normal, the default.
        Normal = "normal",
        /// High.
        High = "high",
        /// Critical.
        Critical = "critical",
    }
}

/// A case. Everything but the id may be missing in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The id.
    #[serde(rename = "case_id")]
    pub id: CaseId,
    /// The number people see.
    #[serde(rename = "case_number", default)]
    pub number: CaseNumber,
    /// The subject.
    #[serde(default, deserialize_with = "lenient::text")]
    pub subject: String,
    /// Whose case it is.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub user_id: Option<UserId>,
    /// Who is responsible; none when nobody is.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub staff_id: Option<StaffId>,
    /// The group.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub group_id: Option<GroupId>,
    /// The state.
    #[serde(default)]
    pub status: CaseStatus,
    /// The priority.
    #[serde(default, deserialize_with = "lenient::optional_word")]
    pub priority: Option<CasePriority>,
    /// The channel it came by.
    #[serde(default)]
    pub channel: ChannelKey,
    /// The address of ours that the user wrote to.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub recipient: Option<String>,
    /// Copies (`recipient_cc` in older answers).
    #[serde(default, deserialize_with = "lenient::texts")]
    pub cc_emails: Vec<String>,
    /// Blind copies (`recipient_bcc` in older answers).
    #[serde(default, deserialize_with = "lenient::texts")]
    pub bcc_emails: Vec<String>,
    /// In the bin.
    #[serde(default, deserialize_with = "lenient::off")]
    pub deleted: bool,
    /// Marked as spam.
    #[serde(default, deserialize_with = "lenient::off")]
    pub spam: bool,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub created_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub closed_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub updated_at: Option<Timestamp>,
    /// When it was last answered.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub last_response_at: Option<Timestamp>,
    /// Minutes from making to closing.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub closing_speed: Option<u64>,
    /// Minutes to the first answer; on a single view, or if the filter asked for it.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub first_response_speed: Option<u64>,
    /// The case it was merged into.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub parent_case_id: Option<CaseId>,
    /// The language.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub language_id: Option<LanguageId>,
    /// Values of the account's case fields.
    #[serde(default)]
    pub custom_fields: CustomFields,
    /// Labels.
    #[serde(default, deserialize_with = "lenient::ids")]
    pub labels: Vec<LabelId>,
    /// Labels that staff cannot take off.
    #[serde(default, deserialize_with = "lenient::ids")]
    pub locked_labels: Vec<LabelId>,
    /// The user's rating.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub rating: Option<String>,
    /// The user's words with the rating.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub rating_comment: Option<String>,
    /// Who was rated.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub rated_staff_id: Option<StaffId>,
    /// Files of the first message, in the answer to a create.
    #[serde(default, deserialize_with = "lenient::objects")]
    pub attachments: Vec<FileInfo>,
}

impl sealed::Wrapped for Case {
    const KEYS: &'static [&'static str] = &["case"];

    fn modernise(fields: &mut Map<String, Value>) {
        for (old, new) in [("recipient_cc", "cc_emails"), ("recipient_bcc", "bcc_emails")] {
            let Some(value) = fields.remove(old) else {
                continue;
            };
            fields.entry(new).or_insert(value);
        }
    }
}

/// A case to create. Without a profile for the contact, Omnidesk makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCase {
    /// Whose case it is.
    pub user: Contact,
    /// Name for a profile made on the way.
    pub user_full_name: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The first message; counts as written by the user.
    pub content: Content,
    /// Key of a custom channel; without it the case comes out as `web`.
    pub channel: Option<ChannelKey>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// The responsible.
    pub staff_id: Option<StaffId>,
    /// The priority.
    pub priority: Option<CasePriority>,
    /// The language.
    pub language_id: Option<LanguageId>,
    /// Labels.
    pub labels: Vec<LabelId>,
    /// Values of case fields.
    pub custom_fields: CustomFields,
    /// Not documented to work here: check the answer, and set it by an edit if it did not.
    pub status: Option<CaseStatus>,
    /// Not documented to work here.
    pub created_at: Option<Timestamp>,
    /// Files of the first message.
    pub attachments: Vec<Attachment>,
    /// Addresses of files that Omnidesk fetches itself; they must be reachable from the internet.
    pub attachment_urls: Vec<String>,
}

impl NewCase {
    /// A case with the contact, a subject and the first message.
    pub fn new(user: Contact, subject: impl Into<String>, content: Content) -> Self {
        Self {
            user,
            user_full_name: None,
            subject: Some(subject.into()),
            content,
            channel: None,
            group_id: None,
            staff_id: None,
            priority: None,
            language_id: None,
            labels: Vec::new(),
            custom_fields: CustomFields::default(),
            status: None,
            created_at: None,
            attachments: Vec::new(),
            attachment_urls: Vec::new(),
        }
    }

    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.user.write(&mut fields, "channel");
        put(&mut fields, "user_full_name", self.user_full_name.as_ref());
        put(&mut fields, "subject", self.subject.as_ref());
        self.content.write(&mut fields);
        put(&mut fields, "channel", self.channel.as_ref());
        put(&mut fields, "group_id", self.group_id);
        put(&mut fields, "staff_id", self.staff_id);
        put(&mut fields, "priority", self.priority.as_ref());
        put(&mut fields, "language_id", self.language_id);
        put_list(&mut fields, "labels", &self.labels);
        self.custom_fields.write(&mut fields);
        put(&mut fields, "status", self.status.as_ref());
        put(&mut fields, "created_at", self.created_at.map(Timestamp::as_second));
        put_list(&mut fields, "attachment_urls", &self.attachment_urls);
        fields
    }
}

/// Changes of a case; `None` and empty lists leave the field as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseEdit {
    /// The subject.
    pub subject: Option<String>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// The responsible; [`StaffId::NOBODY`] takes it off.
    pub staff_id: Option<StaffId>,
    /// The state.
    pub status: Option<CaseStatus>,
    /// The priority.
    pub priority: Option<CasePriority>,
    /// The language.
    pub language_id: Option<LanguageId>,
    /// The fields to change; others stay.
    pub custom_fields: CustomFields,
    /// Labels to put on.
    pub add_labels: Vec<LabelId>,
    /// Labels to take off.
    pub delete_labels: Vec<LabelId>,
}

impl CaseEdit {
    /// A change of the state alone.
    #[must_use]
    pub fn status(status: CaseStatus) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        put(&mut fields, "subject", self.subject.as_ref());
        put(&mut fields, "group_id", self.group_id);
        put(&mut fields, "staff_id", self.staff_id);
        put(&mut fields, "status", self.status.as_ref());
        put(&mut fields, "priority", self.priority.as_ref());
        put(&mut fields, "language_id", self.language_id);
        self.custom_fields.write(&mut fields);
        put_list(&mut fields, "add_labels", &self.add_labels);
        put_list(&mut fields, "delete_labels", &self.delete_labels);
        fields
    }
}

pub(crate) fn put_list<T: Serialize>(fields: &mut Map<String, Value>, name: &str, values: &[T]) {
    if !values.is_empty() {
        fields.insert(name.to_owned(), json!(values));
    }
}

/// What a case list is sorted by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseSort {
    /// By the last change, newest first.
    UpdatedDesc,
    /// By the last change, oldest first.
    UpdatedAsc,
    /// By making, newest first.
    CreatedDesc,
    /// By making, oldest first.
    CreatedAsc,
    /// By the last answer, newest first.
    ResponseDesc,
    /// By the last answer, oldest first.
    ResponseAsc,
    /// By priority, highest first.
    PriorityDesc,
    /// By priority, lowest first.
    PriorityAsc,
    /// By state, descending.
    StatusDesc,
    /// By state, ascending.
    StatusAsc,
}

impl CaseSort {
    fn word(self) -> &'static str {
        match self {
            Self::UpdatedDesc => "updated_at_desc",
            Self::UpdatedAsc => "updated_at_asc",
            Self::CreatedDesc => "created_at_desc",
            Self::CreatedAsc => "created_at_asc",
            Self::ResponseDesc => "response_desc",
            Self::ResponseAsc => "response_asc",
            Self::PriorityDesc => "priority_desc",
            Self::PriorityAsc => "priority_asc",
            Self::StatusDesc => "status_desc",
            Self::StatusAsc => "status_asc",
        }
    }
}

/// Which cases to list. Text filters need at least 4 characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFilter {
    /// Of any of these users; a person's cases hang on several linked profiles.
    pub user_ids: Vec<UserId>,
    /// `user_email`.
    pub user_emails: Vec<TextQuery>,
    /// `user_phone`.
    pub user_phones: Vec<TextQuery>,
    /// `user_custom_id`.
    pub user_custom_ids: Vec<String>,
    /// `subject`.
    pub subject: Option<TextQuery>,
    /// Of any of these responsibles; [`StaffId::NOBODY`] for cases without.
    pub staff_ids: Vec<StaffId>,
    /// Of any of these groups.
    pub group_ids: Vec<GroupId>,
    /// Of any of these channels.
    pub channels: Vec<ChannelKey>,
    /// Of any of these priorities.
    pub priorities: Vec<CasePriority>,
    /// In any of these states.
    pub statuses: Vec<CaseStatus>,
    /// With any of these labels.
    pub labels: Vec<LabelId>,
    /// A saved filter.
    pub filter: Option<FilterId>,
    /// Fields of the case and of its user: text as a substring, a checkbox as "1", a select by its option key.
    pub custom_fields: BTreeMap<FieldId, String>,
    /// Merged cases too.
    pub show_merged_cases: bool,
    /// Active chats too.
    pub show_active_chats: bool,
    /// Asks for [`Case::first_response_speed`].
    pub with_first_response_time: bool,
    /// When the case was made.
    pub created: TimeRange,
    /// The order.
    pub sort: Option<CaseSort>,
}

/// Shortest text that the case filters take.
const MIN_CHARS: usize = 4;

impl CaseFilter {
    pub(crate) fn query(&self, page: PageRequest) -> Result<Query, Error> {
        let mut query = Query::page(page);
        query.list("user_id", &self.user_ids);
        query.texts("user_email", &self.user_emails, MIN_CHARS)?;
        query.texts("user_phone", &self.user_phones, MIN_CHARS)?;
        query.list("user_custom_id", &self.user_custom_ids);
        query.text("subject", self.subject.as_ref(), MIN_CHARS)?;
        query.list("staff_id", &self.staff_ids);
        query.list("group_id", &self.group_ids);
        query.list("channel", &self.channels);
        query.list("priority", &self.priorities);
        query.list("status", &self.statuses);
        query.list("labels", &self.labels);
        query.maybe("filter", self.filter);
        query.custom_fields(&self.custom_fields);
        query.switch("show_merged_cases", self.show_merged_cases);
        query.switch("show_active_chats", self.show_active_chats);
        query.switch("show_first_response_time", self.with_first_response_time);
        query.span("", self.created);
        query.maybe("sort", self.sort.map(CaseSort::word));
        Ok(query)
    }
}

/// One line of a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub created_at: Option<Timestamp>,
    /// What changed: `status`, `staff`, `group`, ….
    pub event: String,
    /// Who did it: `staff_330`, `rule_1332`.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub done_by: Option<String>,
    /// The value before.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub old_value: Option<String>,
    /// The value after.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub value: Option<String>,
}
