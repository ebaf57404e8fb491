//! What changes rarely in an account: staff, groups, labels, companies, languages, channels.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ids::{ChannelId, ChannelKey, CompanyId, GroupId, LabelId, LanguageId, StaffId, StaffStatusId};
use crate::lenient;
use crate::page::PageRequest;
use crate::query::{Query, TextQuery};
use crate::types::wrapped;
use crate::words::words;

/// A member of staff. Omnidesk knows no phone extension of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// The id.
    #[serde(rename = "staff_id")]
    pub id: StaffId,
    /// The e-mail they log in with.
    #[serde(rename = "staff_email", default, deserialize_with = "lenient::text")]
    pub email: String,
    /// Full name.
    #[serde(rename = "staff_full_name", default, deserialize_with = "lenient::text")]
    pub full_name: String,
    /// Address of the picture.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub thumbnail: Option<String>,
    /// False when disabled.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
    /// What they are doing; see [`StaffStatus`].
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub status_id: Option<StaffStatusId>,
    /// When the account was made.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub updated_at: Option<Timestamp>,
}

impl StaffMember {
    /// Whether they log in with this address.
    #[must_use]
    pub fn has_email(&self, email: &str) -> bool {
        self.email.trim().to_lowercase() == email.trim().to_lowercase()
    }
}

/// A status that staff can be in. The API cannot set one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffStatus {
    /// The id; 1 online, 2 offline, 3 without chats.
    #[serde(rename = "status_id")]
    pub id: StaffStatusId,
    /// Its name.
    #[serde(rename = "status", default, deserialize_with = "lenient::text")]
    pub title: String,
    /// Whether it is in use.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
}

/// A group of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id.
    #[serde(rename = "group_id")]
    pub id: GroupId,
    /// Its name.
    #[serde(rename = "group_title", default, deserialize_with = "lenient::text")]
    pub title: String,
    /// The sender's name in its mails.
    #[serde(rename = "group_from_name", default, deserialize_with = "lenient::text")]
    pub from_name: String,
    /// Whether it is in use.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
}

/// A label of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The id.
    #[serde(rename = "label_id")]
    pub id: LabelId,
    /// Its name.
    #[serde(rename = "label_title", default, deserialize_with = "lenient::text")]
    pub title: String,
}

/// A company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The id.
    #[serde(rename = "company_id")]
    pub id: CompanyId,
    /// Its name.
    #[serde(rename = "company_name", default, deserialize_with = "lenient::text")]
    pub name: String,
    /// Its mail domains.
    #[serde(rename = "company_domains", default, deserialize_with = "lenient::texts")]
    pub domains: Vec<String>,
    /// The group that its cases go to.
    #[serde(rename = "company_default_group", default, deserialize_with = "lenient::optional_id")]
    pub default_group: Option<GroupId>,
    /// Its address.
    #[serde(rename = "company_address", default, deserialize_with = "lenient::text")]
    pub address: String,
    /// The staff's note about it.
    #[serde(rename = "company_note", default, deserialize_with = "lenient::text")]
    pub note: String,
    /// False when blocked.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
    /// In the bin.
    #[serde(default, deserialize_with = "lenient::off")]
    pub deleted: bool,
    /// Number of users, if asked for.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub amount_of_users: Option<u64>,
}

words! {
    /// How a custom channel talks.
    ChannelType {
        /// Like mail.
        Async = "async",
        /// Like a chat.
        Sync = "sync",
    }
}

/// A custom channel. Only an administrator makes one, in the web page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomChannel {
    /// The id.
    #[serde(rename = "channel_id")]
    pub id: ChannelId,
    /// The key that cases name it by, `cch1`.
    #[serde(rename = "channel_api_key", default)]
    pub key: ChannelKey,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub title: String,
    /// How it talks.
    #[serde(default)]
    pub channel_type: ChannelType,
    /// Font Awesome class of its icon.
    #[serde(default, deserialize_with = "lenient::text")]
    pub icon: String,
    /// Where Omnidesk posts staff's answers.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub webhook_url: Option<String>,
    /// Whether it is in use.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
}

/// A language of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    /// The id.
    #[serde(rename = "language_id")]
    pub id: LanguageId,
    /// Its code.
    #[serde(default, deserialize_with = "lenient::text")]
    pub code: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub title: String,
    /// Whether it is in use.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
}

wrapped! {
    StaffMember => "staff",
    StaffStatus => "staff_statuses" | "staff_status",
    Group => "group",
    Label => "label",
    Company => "company",
    CustomChannel => "custom_channel",
    Language => "language",
}

/// Which companies to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyFilter {
    /// `company_name`.
    pub name: Option<TextQuery>,
    /// `company_domains`.
    pub domains: Option<TextQuery>,
    /// `company_address`.
    pub address: Option<TextQuery>,
    /// `company_note`.
    pub note: Option<TextQuery>,
    /// Asks for [`Company::amount_of_users`].
    pub with_amount_of_users: bool,
}

impl CompanyFilter {
    pub(crate) fn query(&self, page: PageRequest) -> Result<Query, Error> {
        // No minimum is documented for companies; an empty text would list them all.
        const MIN_CHARS: usize = 1;
        let mut query = Query::page(page);
        query.text("company_name", self.name.as_ref(), MIN_CHARS)?;
        query.text("company_domains", self.domains.as_ref(), MIN_CHARS)?;
        query.text("company_address", self.address.as_ref(), MIN_CHARS)?;
        query.text("company_note", self.note.as_ref(), MIN_CHARS)?;
        query.switch("amount_of_users", self.with_amount_of_users);
        Ok(query)
    }
}

/// A company to create.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// Its mail domains, with commas.
    pub domains: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// The staff's note about it.
    pub note: Option<String>,
}
