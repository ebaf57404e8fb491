//! What the desk keeps for later calls beside missed ones: there is a bound, and what is older goes first.
//!
//! Age is the order in which it stands, also on disk: a choice that is made again is new again.

use crate::ids::UserId;
use crate::phone::PhoneKey;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// At most this many of a kind are kept.
pub(crate) const KEPT: usize = 1_000;

/// Which user an agent chose for a number that several have, the oldest choice first. Stored as a map from number to user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices(Vec<(PhoneKey, UserId)>);

impl Choices {
    /// Whom the agent chose for a number.
    #[must_use]
    pub fn get(&self, key: &PhoneKey) -> Option<UserId> {
        self.0.iter().find(|(number, _)| number == key).map(|(_, user)| *user)
    }

    /// How many numbers a choice is kept for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no choice is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remember(&mut self, key: PhoneKey, user: UserId) {
        self.0.retain(|(number, _)| *number != key);
        self.0.push((key, user));
        let over = self.0.len().saturating_sub(KEPT);
        self.0.drain(..over);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl FromIterator<(PhoneKey, UserId)> for Choices {
    /// The oldest choice comes first.
    fn from_iter<I: IntoIterator<Item = (PhoneKey, UserId)>>(choices: I) -> Self {
        let mut all = Self::default();
        for (key, user) in choices {
            all.remember(key, user);
        }
        all
    }
}

impl Serialize for Choices {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, user)| (key, user)))
    }
}

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Choices;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map from numbers to users")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Choices, A::Error> {
                let mut all = Choices::default();
                while let Some((key, user)) = map.next_entry()? {
                    all.remember(key, user);
                }
                Ok(all)
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// Keeps a number as the newest of its kind. Returns whether that changed anything.
pub(crate) fn keep(numbers: &mut Vec<PhoneKey>, key: PhoneKey) -> bool {
    if numbers.last() == Some(&key) {
        return false;
    }
    numbers.retain(|number| *number != key);
    numbers.push(key);
    let over = numbers.len().saturating_sub(KEPT);
    numbers.drain(..over);
    true
}
