//! What is written without anybody waiting for it.

use crate::people::Kept;
use crate::{Entry, StoreError, history, outbox, people, settings};
use calls::{Moment, UserId};
use rusqlite::Connection;

/// Something to be written when its turn comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A setting; never a secret.
    Setting {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: String,
    },
    /// A user as last seen.
    Person(Kept),
    /// How an entry of the outbox stands.
    Entry(Entry),
    /// What was delivered before is forgotten.
    ForgetDelivered {
        /// Before when.
        before: Moment,
    },
    /// Users whom nobody has had to do with since are forgotten.
    ForgetUnmet {
        /// Since when.
        before: Moment,
    },
    /// Calls that ended before are forgotten, some at a time.
    ForgetHistory {
        /// Before when.
        before: Moment,
    },
}

/// What is written: of two writes of the same thing the newer one holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Setting(&'static str),
    Person(UserId),
    Entry(i64),
    ForgetDelivered,
    ForgetUnmet,
    ForgetHistory,
}

impl Write {
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Setting { name, .. } => Key::Setting(name),
            Self::Person(kept) => Key::Person(kept.person.id),
            Self::Entry(entry) => Key::Entry(entry.seq),
            Self::ForgetDelivered { .. } => Key::ForgetDelivered,
            Self::ForgetUnmet { .. } => Key::ForgetUnmet,
            Self::ForgetHistory { .. } => Key::ForgetHistory,
        }
    }

    /// Whether it can be asked for again.
    pub(super) fn is_of_users(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    /// Part of a transaction. Whether there is more of the same to do.
    pub(super) fn write(&self, db: &Connection) -> Result<bool, StoreError> {
        match self {
            Self::Setting { name, value } => settings::put(db, name, value)?,
            Self::Person(kept) => people::put(db, kept)?,
            Self::Entry(entry) => outbox::save(db, entry)?,
            Self::ForgetDelivered { before } => outbox::forget_delivered(db, *before)?,
            Self::ForgetUnmet { before } => people::forget_unmet(db, *before)?,
            Self::ForgetHistory { before } => return history::forget_before(db, *before),
        }
        Ok(false)
    }
}
