//! Users (пользователи): profiles of clients. Each contact of a person makes a profile; linking ties them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::ids::{ChannelKey, CompanyId, FieldId, LanguageId, UserId};
use crate::lenient;
use crate::page::PageRequest;
use crate::query::{PhoneQuery, Query, TextQuery, TimeRange};
use crate::types::custom_fields::CustomFields;
use crate::types::wrapped;
use crate::words::words;

words! {
    /// The channel that a profile belongs to (`type`); it tells which contact the profile has.
    ContactKind {
        /// An e-mail address.
        Email = "email",
        /// A phone number.
        Phone = "phone",
        /// A WhatsApp number.
        Whatsapp = "whatsapp",
        /// A Telegram account.
        Telegram = "telegram",
    }
}

/// A user's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The profile's id.
    #[serde(rename = "user_id")]
    pub id: UserId,
    /// Full name; Omnidesk puts the contact here when nobody gave a name.
    #[serde(rename = "user_full_name", default, deserialize_with = "lenient::text")]
    pub full_name: String,
    /// The company's name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub company_name: String,
    /// The position in the company.
    #[serde(default, deserialize_with = "lenient::text")]
    pub company_position: String,
    /// Address of the picture.
    #[serde(default, deserialize_with = "lenient::optional_text")]
    pub thumbnail: Option<String>,
    /// The contact is confirmed.
    #[serde(default, deserialize_with = "lenient::off")]
    pub confirmed: bool,
    /// False when the user is blocked.
    #[serde(default = "lenient::yes", deserialize_with = "lenient::on")]
    pub active: bool,
    /// The profile is in the bin; do not show it as a match.
    #[serde(default, deserialize_with = "lenient::off")]
    pub deleted: bool,
    /// When the profile was made.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub updated_at: Option<Timestamp>,
    /// When the user last wrote or called.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    pub last_contact_at: Option<Timestamp>,
    /// The channel of the profile.
    #[serde(rename = "type", default)]
    pub kind: ContactKind,
    /// E-mail, on an e-mail profile.
    #[serde(rename = "user_email", default, deserialize_with = "lenient::optional_text")]
    pub email: Option<String>,
    /// Phone, on a phone profile.
    #[serde(rename = "user_phone", default, deserialize_with = "lenient::optional_text")]
    pub phone: Option<String>,
    /// Name shown in the channel.
    #[serde(rename = "user_screen_name", default, deserialize_with = "lenient::optional_text")]
    pub screen_name: Option<String>,
    /// The staff's note about the user.
    #[serde(rename = "user_note", default, deserialize_with = "lenient::text")]
    pub note: String,
    /// The user's language.
    #[serde(default, deserialize_with = "lenient::optional_id")]
    pub language_id: Option<LanguageId>,
    /// Values of the account's user fields.
    #[serde(default)]
    pub custom_fields: CustomFields,
    /// Ids of the linked profiles as they came; see [`User::other_profiles`].
    #[serde(default, deserialize_with = "lenient::ids")]
    pub linked_users: Vec<UserId>,
    /// Number of cases, if the filter asked for it.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub amount_of_cases: Option<u64>,
    /// Contacts of other channels under their field names (`user_whatsapp_phone`, `telegram_id`, …).
    #[serde(flatten, deserialize_with = "contacts")]
    pub other_contacts: BTreeMap<String, String>,
}

impl User {
    /// The linked profiles without this one itself, which Omnidesk sometimes lists too.
    pub fn other_profiles(&self) -> impl Iterator<Item = UserId> + '_ {
        self.linked_users.iter().copied().filter(|id| *id != self.id)
    }
}

/// Of the fields without a place of their own, keeps contacts only: a create answer holds a password here.
fn contacts<'de, D: Deserializer<'de>>(source: D) -> Result<BTreeMap<String, String>, D::Error> {
    const CHANNELS: [&str; 14] = [
        "whatsapp",
        "vkontakte",
        "odnoklassniki",
        "facebook",
        "instagram",
        "telegram",
        "viber",
        "skype",
        "line",
        "slack",
        "mattermost",
        "avito",
        "twitter",
        "custom",
    ];
    let rest = Map::<String, Value>::deserialize(source)?;
    let is_contact = |key: &str| {
        let bare = key.strip_prefix("user_").unwrap_or(key);
        CHANNELS.iter().any(|channel| bare.starts_with(channel)) && !key.starts_with("custom_fields")
    };
    let kept = rest.into_iter().filter(|(key, _)| is_contact(key));
    Ok(kept.filter_map(|(key, value)| Some((key, lenient::set_string(&value)?))).collect())
}

wrapped!(User => "user");

/// How a user is reached, hence which profile is meant: for creating users and cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// `user_email`.
    Email(String),
    /// `user_phone`, E.164 with plus.
    Phone(String),
    /// `user_whatsapp_phone`.
    Whatsapp(String),
    /// `user_custom_id` together with the key of its custom channel.
    Custom {
        /// The custom channel.
        channel: ChannelKey,
        /// The user's id in that channel.
        id: String,
    },
    /// Any other contact field of the API, such as `user_telegram`.
    Other {
        /// The field's name.
        field: String,
        /// The contact.
        value: String,
    },
}

impl Contact {
    /// Writes the contact's fields; `channel_field` is where a custom channel's key goes.
    pub(crate) fn write(&self, fields: &mut Map<String, Value>, channel_field: &str) {
        let (field, value) = match self {
            Self::Email(value) => ("user_email", value),
            Self::Phone(value) => ("user_phone", value),
            Self::Whatsapp(value) => ("user_whatsapp_phone", value),
            Self::Custom { channel, id } => {
                fields.insert(channel_field.to_owned(), json!(channel));
                ("user_custom_id", id)
            }
            Self::Other { field, value } => (field.as_str(), value),
        };
        fields.insert(field.to_owned(), json!(value));
    }
}

/// A user to create.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    /// The contact that makes the profile.
    pub contact: Contact,
    /// `user_full_name`.
    pub full_name: Option<String>,
    /// `company_name`.
    pub company_name: Option<String>,
    /// `company_position`.
    pub company_position: Option<String>,
    /// `user_note`.
    pub note: Option<String>,
    /// `language_id`.
    pub language_id: Option<LanguageId>,
    /// `custom_fields`.
    pub custom_fields: CustomFields,
}

impl NewUser {
    /// A user with nothing but a contact.
    #[must_use]
    pub fn new(contact: Contact) -> Self {
        Self {
            contact,
            full_name: None,
            company_name: None,
            company_position: None,
            note: None,
            language_id: None,
            custom_fields: CustomFields::default(),
        }
    }

    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.contact.write(&mut fields, "user_custom_channel");
        put(&mut fields, "user_full_name", self.full_name.as_ref());
        put(&mut fields, "company_name", self.company_name.as_ref());
        put(&mut fields, "company_position", self.company_position.as_ref());
        put(&mut fields, "user_note", self.note.as_ref());
        put(&mut fields, "language_id", self.language_id);
        self.custom_fields.write(&mut fields);
        fields
    }
}

/// Changes of a user; `None` leaves the field as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserEdit {
    /// `user_email`.
    pub email: Option<String>,
    /// `user_phone`. What it does on a profile of another kind is not documented; linking is the safe way.
    pub phone: Option<String>,
    /// `user_full_name`.
    pub full_name: Option<String>,
    /// `company_name`.
    pub company_name: Option<String>,
    /// `company_position`.
    pub company_position: Option<String>,
    /// `user_note`.
    pub note: Option<String>,
    /// `language_id`.
    pub language_id: Option<LanguageId>,
    /// The fields to change.
    pub custom_fields: CustomFields,
}

impl UserEdit {
    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        put(&mut fields, "user_email", self.email.as_ref());
        put(&mut fields, "user_phone", self.phone.as_ref());
        put(&mut fields, "user_full_name", self.full_name.as_ref());
        put(&mut fields, "company_name", self.company_name.as_ref());
        put(&mut fields, "company_position", self.company_position.as_ref());
        put(&mut fields, "user_note", self.note.as_ref());
        put(&mut fields, "language_id", self.language_id);
        self.custom_fields.write(&mut fields);
        fields
    }
}

/// Inserts a value that is set.
pub(crate) fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl Serialize>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), json!(value));
    }
}

/// The profile to link to. Whether linking by phone makes a missing profile is not documented: make it first and
/// link by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// The profile with this phone.
    Phone(String),
    /// The profile with this e-mail.
    Email(String),
    /// The profile with this id.
    User(UserId),
}

impl LinkTarget {
    pub(crate) fn fields(&self) -> Map<String, Value> {
        let (name, value) = match self {
            Self::Phone(phone) => ("user_phone", json!(phone)),
            Self::Email(email) => ("user_email", json!(email)),
            Self::User(id) => ("user_id", json!(id)),
        };
        Map::from_iter([(name.to_owned(), value)])
    }
}

/// Which users to list. Text filters need at least 3 characters. There is no filter by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// `user_email`.
    pub email: Option<TextQuery>,
    /// `user_phone`.
    pub phone: Option<PhoneQuery>,
    /// `user_custom_id`.
    pub custom_id: Option<TextQuery>,
    /// `user_custom_channel`.
    pub custom_channel: Option<ChannelKey>,
    /// `company_id`, any of these.
    pub company_ids: Vec<CompanyId>,
    /// `language_id`.
    pub language_id: Option<LanguageId>,
    /// `custom_fields`: text as a substring, a checkbox as "1", a select by its option key.
    pub custom_fields: BTreeMap<FieldId, String>,
    /// Asks for [`User::amount_of_cases`].
    pub with_amount_of_cases: bool,
    /// When the profile was made.
    pub created: TimeRange,
    /// When it was changed.
    pub updated: TimeRange,
    /// When the user last wrote or called.
    pub last_contact: TimeRange,
}

/// Shortest text that the user filters take.
const MIN_CHARS: usize = 3;

impl UserFilter {
    pub(crate) fn query(&self, page: PageRequest) -> Result<Query, Error> {
        let mut query = Query::page(page);
        query.text("user_email", self.email.as_ref(), MIN_CHARS)?;
        query.text("user_phone", self.phone.as_ref(), MIN_CHARS)?;
        query.text("user_custom_id", self.custom_id.as_ref(), MIN_CHARS)?;
        query.maybe("user_custom_channel", self.custom_channel.as_ref());
        query.list("company_id", &self.company_ids);
        query.maybe("language_id", self.language_id);
        query.custom_fields(&self.custom_fields);
        query.switch("amount_of_cases", self.with_amount_of_cases);
        query.span("", self.created);
        query.span("updated_", self.updated);
        query.span("last_contact_", self.last_contact);
        Ok(query)
    }
}
