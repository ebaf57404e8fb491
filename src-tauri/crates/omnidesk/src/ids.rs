//! Ids and keys, one type each, so that a user's number never lands where a case's belongs.
//!
//! Omnidesk writes ids as numbers or as strings of digits; both are read, numbers are written.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::lenient;

macro_rules! numeric_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<u64> for $name {
            fn from(number: u64) -> Self {
                Self(number)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                lenient::number(&value)
                    .map(Self)
                    .ok_or_else(|| D::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    )+};
}

numeric_id! {
    /// A user profile (`user_id`). One person may have several, tied by linking.
    UserId,
    /// A case (`case_id`).
    CaseId,
    /// A message or a note of a case (`message_id`).
    MessageId,
    /// A member of staff (`staff_id`).
    StaffId,
    /// A status that a member of staff can be in (`status_id`): 1 online, 2 offline, 3 without chats, others custom.
    StaffStatusId,
    /// A group of staff (`group_id`).
    GroupId,
    /// A label (`label_id`).
    LabelId,
    /// A company (`company_id`).
    CompanyId,
    /// A language of the account (`language_id`).
    LanguageId,
    /// A custom channel (`channel_id`); cases name it by its [`ChannelKey`].
    ChannelId,
    /// A custom field (`field_id`); data and filters name it `cf_{id}`.
    FieldId,
    /// A saved filter of the case list (`filter_id`).
    FilterId,
    /// A file of a message (`file_id`).
    FileId,
}

impl StaffId {
    /// Nobody is responsible: as a filter "cases without a responsible", in an edit "take the responsible off".
    pub const NOBODY: Self = Self(0);
}

impl FieldId {
    /// The name of the field in data and filters, `cf_25`.
    #[must_use]
    pub fn key(self) -> String {
        format!("cf_{}", self.0)
    }
}

/// The text is not `cf_` and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a custom field is named cf_ and its number")]
pub struct BadFieldKey;

impl FromStr for FieldId {
    type Err = BadFieldKey;

    /// Reads `cf_25`.
    fn from_str(text: &str) -> Result<Self, BadFieldKey> {
        let digits = text.strip_prefix("cf_").ok_or(BadFieldKey)?;
        digits.parse().map(Self).map_err(|_| BadFieldKey)
    }
}

macro_rules! text_key {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub String);

        impl $name {
            /// The text as Omnidesk writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::text(deserializer).map(Self)
            }
        }
    )+};
}

text_key! {
    /// The number people see on a case, `664-245651`. Empty when an answer lacked it.
    CaseNumber,
    /// The key of a channel in cases and filters: `email`, `web`, `chat`, or `cch159` for a custom channel.
    ChannelKey,
}

/// Names a case in a route: Omnidesk takes the id and the number alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseRef {
    /// By `case_id`.
    Id(CaseId),
    /// By `case_number`.
    Number(CaseNumber),
}

impl fmt::Display for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl From<CaseId> for CaseRef {
    fn from(id: CaseId) -> Self {
        Self::Id(id)
    }
}

impl From<CaseNumber> for CaseRef {
    fn from(number: CaseNumber) -> Self {
        Self::Number(number)
    }
}

impl CaseRef {
    /// The path segment, or `None` where the number could not be one (empty, or with characters no case number has).
    pub(crate) fn segment(&self) -> Option<String> {
        let text = self.to_string();
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (plain && !text.is_empty()).then_some(text)
    }
}
