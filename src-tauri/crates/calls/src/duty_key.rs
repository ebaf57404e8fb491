//! What a duty is called: the call it is owed for, and which of the things owed for a call it is.
//!
//! Keys are stored and compared, so how a [`DutyName`] is written never changes: another writing would owe again, after an
//! update, what was owed before it.

use crate::event::LegId;
use crate::ids::UserId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The identity of a duty: the leg and what is owed for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DutyKey(String);

impl DutyKey {
    /// The key of the duty `what` of a leg.
    #[must_use]
    pub fn new(leg: &LegId, what: &str) -> Self {
        Self(format!("{leg}/{what}"))
    }

    /// A key that was stored before.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names what was added after the call was told: text ([`DutyName::Added`]) or a promise.
    pub(crate) fn is_of_addition(&self) -> bool {
        let added = |what: &str| [ADDED, REMINDER].iter().any(|begins| what.starts_with(begins));
        self.0.rsplit('/').next().is_some_and(added)
    }
}

/// One of the things that can be owed for a call. Those that can be owed several times are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DutyName {
    /// The call's case, opened or, where it was created during the call, given its final text (S06, S11).
    Case,
    /// The message about the call in a case that was there (S09, S27).
    Note,
    /// The status by the rules of SPEC section I.
    Status,
    /// The status of a case whose call turned out to be passed on (S16).
    StatusOfTransferred,
    /// The status of a missed-call case that was closed before it was known that the call was attached to it (S33).
    StatusOfNamed,
    /// The status of a case that got its first text after the end.
    StatusOfTyped,
    /// How the call ended, with the recording, in a case that was created while it lasted.
    Recording,
    /// The recording whose message went without it.
    LateRecording,
    /// The number for a user's profile (S13); each try and each second thought counts.
    Link(UserId, u32),
    /// A change of the user's data (S05).
    Edit(u32),
    /// A corrected text of the case's first message.
    Text(u32),
    /// Text that was typed after the call was told.
    Added(u32),
    /// What was typed at this computer about a call that another of the agent's computers has written.
    TypedHere,
    /// A missed-call case that the conversation answers (S33); counted from 0.
    MissedClosed(usize),
    /// The green mark of a case whose call back got its recording late (S28); counted from 0.
    Green(usize),
    /// The earlier status of the call's own case.
    Undo,
    /// A missed-call case that the call has closed, open again; counted from 0.
    UndoMissed(usize),
    /// The case goes to another user; counted from 1.
    Move(u32),
    /// A missed-call case of the user from whom the case went, open again: by which move, and which, from 0.
    WaitsAgain(u32, usize),
    /// That the client is called back; each promise counts.
    Reminder(u32),
    /// Labels that the agent picked; counted from 1.
    Labels(u32),
    /// That the agent calls a missed client back, or does not after all; counted from 1.
    Claim(u32),
}

/// How keys of [`DutyName::Added`] begin.
const ADDED: &str = "added-";
/// How keys of [`DutyName::Reminder`] begin.
const REMINDER: &str = "reminder-";

impl fmt::Display for DutyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case => f.write_str("case"),
            Self::Note => f.write_str("note"),
            Self::Status => f.write_str("status"),
            Self::StatusOfTransferred => f.write_str("status-transferred"),
            Self::StatusOfNamed => f.write_str("status-named"),
            Self::StatusOfTyped => f.write_str("status-typed"),
            Self::Recording => f.write_str("recording"),
            Self::LateRecording => f.write_str("recording-late"),
            Self::Link(user, n) => write!(f, "link-{}-{n}", user.0),
            Self::Edit(n) => write!(f, "edit-{n}"),
            Self::Text(n) => write!(f, "text-{n}"),
            Self::Added(n) => write!(f, "{ADDED}{n}"),
            Self::TypedHere => f.write_str("addition"),
            Self::MissedClosed(0) => f.write_str("missed-closed"),
            Self::MissedClosed(n) => write!(f, "missed-closed-{n}"),
            Self::Green(n) => write!(f, "green-{n}"),
            Self::Undo => f.write_str("undo"),
            Self::UndoMissed(n) => write!(f, "undo-missed-{n}"),
            Self::Move(n) => write!(f, "move-{n}"),
            Self::WaitsAgain(by, n) => write!(f, "waits-again-{by}-{n}"),
            Self::Labels(n) => write!(f, "labels-{n}"),
            Self::Claim(n) => write!(f, "claim-{n}"),
            Self::Reminder(n) => write!(f, "{REMINDER}{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What stands in the files of every computer.
    const STORED: [(DutyName, &str); 23] = [
        (DutyName::Case, "case"),
        (DutyName::Note, "note"),
        (DutyName::Status, "status"),
        (DutyName::StatusOfTransferred, "status-transferred"),
        (DutyName::StatusOfNamed, "status-named"),
        (DutyName::StatusOfTyped, "status-typed"),
        (DutyName::Recording, "recording"),
        (DutyName::LateRecording, "recording-late"),
        (DutyName::Link(UserId(7), 1), "link-7-1"),
        (DutyName::Edit(2), "edit-2"),
        (DutyName::Text(3), "text-3"),
        (DutyName::Added(1), "added-1"),
        (DutyName::TypedHere, "addition"),
        (DutyName::MissedClosed(0), "missed-closed"),
        (DutyName::MissedClosed(1), "missed-closed-1"),
        (DutyName::Green(0), "green-0"),
        (DutyName::Undo, "undo"),
        (DutyName::UndoMissed(0), "undo-missed-0"),
        (DutyName::Move(1), "move-1"),
        (DutyName::WaitsAgain(1, 0), "waits-again-1-0"),
        (DutyName::Reminder(2), "reminder-2"),
        (DutyName::Labels(1), "labels-1"),
        (DutyName::Claim(2), "claim-2"),
    ];

    #[test]
    fn names_are_written_as_every_version_before_has_stored_them() {
        for (name, stored) in STORED {
            assert_eq!(name.to_string(), stored);
        }
        let different: BTreeSet<&str> = STORED.iter().map(|(_, stored)| *stored).collect();
        assert_eq!(different.len(), STORED.len());
    }

    #[test]
    fn only_what_was_added_later_is_an_addition() {
        let leg = LegId::new("added-5/x".to_owned());
        for (name, stored) in STORED {
            let key = DutyKey::new(&leg, stored);
            assert_eq!(
                key.is_of_addition(),
                matches!(name, DutyName::Added(_) | DutyName::Reminder(_)),
                "{stored}"
            );
        }
    }
}
