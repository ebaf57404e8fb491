//! A user as a row.

use crate::user::{Phone, User};
use rusqlite::Row;
use std::collections::BTreeMap;

/// What is read of a row, in order.
pub(crate) const COLUMNS: &str = "id, kind, name, screen_name, email, company, position, note, phones, fields, linked, blocked, created, \
                                  updated, last_contact, place, met, reading";

/// A row of the table of users.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    pub user: User,
    pub place: i64,
    pub met: Option<i64>,
    pub reading: i64,
}

impl Kept {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            user: User {
                id: row.get::<_, i64>(0)?.unsigned_abs(),
                kind: row.get(1)?,
                name: row.get(2)?,
                screen_name: row.get(3)?,
                email: row.get(4)?,
                company: row.get(5)?,
                position: row.get(6)?,
                note: row.get(7)?,
                phones: phones_of(row.get_ref(8)?.as_str()?),
                fields: read_json(row.get_ref(9)?.as_str()?),
                linked: read_json(row.get_ref(10)?.as_str()?),
                blocked: row.get(11)?,
                deleted: false,
                created: row.get(12)?,
                updated: row.get(13)?,
                last_contact: row.get(14)?,
            },
            place: row.get(15)?,
            met: row.get(16)?,
            reading: row.get(17)?,
        })
    }

    /// When they were last met, by Omnidesk or by this desk.
    pub(crate) fn late(&self, believed: i64) -> i64 {
        late(&self.user, self.met, believed)
    }
}

/// When a user was last met, ms since 1970; 0 where nobody knows. Who has just been created has just been met.
pub(crate) fn late(user: &User, met: Option<i64>, believed: i64) -> i64 {
    latest_of([user.last_contact, met, user.created], believed)
}

/// The latest of some dates. One after `believed` is of a clock that was wrong, and says nothing: whoever has one would come
/// first for ever.
pub(crate) fn latest_of(dates: [Option<i64>; 3], believed: i64) -> i64 {
    let dates = dates.into_iter().flatten().filter(|at| *at <= believed);
    dates.max().unwrap_or(0).max(0)
}

/// An empty text stands for nothing: most users have no such thing.
fn read_json<T: Default + serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

pub(crate) fn phones(phones: &[Phone]) -> String {
    let pairs: Vec<(&str, &[String])> = phones.iter().map(|phone| (phone.text.as_str(), phone.keys.as_slice())).collect();
    json(&pairs, phones.is_empty())
}

fn phones_of(text: &str) -> Vec<Phone> {
    let pairs: Vec<(String, Vec<String>)> = read_json(text);
    pairs.into_iter().map(|(text, keys)| Phone { text, keys }).collect()
}

pub(crate) fn fields(fields: &BTreeMap<String, String>) -> String {
    json(fields, fields.is_empty())
}

pub(crate) fn linked(linked: &[u64]) -> String {
    json(linked, linked.is_empty())
}

fn json<T: serde::Serialize + ?Sized>(value: &T, is_empty: bool) -> String {
    if is_empty {
        return String::new();
    }
    serde_json::to_string(value).unwrap_or_default()
}
