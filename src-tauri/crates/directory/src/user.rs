//! A user as the directory keeps them.

use std::collections::BTreeMap;

/// One profile of an account. Texts are Omnidesk's; any may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// Omnidesk's `user_id`.
    pub id: u64,
    /// The profile's type, such as `phone` or `email`.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// The name in a messenger.
    pub screen_name: String,
    /// E-mail address, or what else a profile of another type is reached by.
    pub email: String,
    /// Company.
    pub company: String,
    /// Position.
    pub position: String,
    /// Note.
    pub note: String,
    /// Phones.
    pub phones: Vec<Phone>,
    /// Values of custom fields by key, such as `cf_25`, as people read them: of a list the value's title.
    pub fields: BTreeMap<String, String>,
    /// Profiles that are the same person.
    pub linked: Vec<u64>,
    /// Blocked: found, and marked.
    pub blocked: bool,
    /// In Omnidesk's bin: not found.
    pub deleted: bool,
    /// Created, ms since 1970.
    pub created: Option<i64>,
    /// Changed, ms since 1970.
    pub updated: Option<i64>,
    /// When Omnidesk last heard of them, ms since 1970.
    pub last_contact: Option<i64>,
}

/// A phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phone {
    /// As it is spelt in Omnidesk.
    pub text: String,
    /// What numbers it is, read by whoever knows numbers: E.164 (`+79161234567`), or what is looked up instead.
    pub keys: Vec<String>,
}
