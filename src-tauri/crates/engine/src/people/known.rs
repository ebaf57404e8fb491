//! The people in memory, as Omnidesk or this computer's index knows them, and the numbers that nobody has.

use crate::people::card::Card;
use calls::{LegId, Moment, PhoneKey, Region, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// People kept in memory at most; more are read again from the store.
const MOST: usize = 2_000;
/// How long it holds that nobody has a number, ms.
const NOBODY: i64 = 600_000;

/// A person in memory.
#[derive(Debug, Clone)]
pub struct Known {
    /// The data.
    pub card: Card,
    /// When Omnidesk said so.
    pub seen_at: Moment,
    /// Whether Omnidesk said so in this session.
    pub fresh: bool,
}

/// The people in memory.
#[derive(Debug, Default)]
pub struct People {
    known: BTreeMap<UserId, Known>,
    /// Numbers that nobody has, and when Omnidesk said so.
    nobody: BTreeMap<PhoneKey, Moment>,
    /// Calls whose look-up failed, and when it is tried again.
    again: BTreeMap<LegId, Moment>,
}

impl People {
    /// Somebody, if they are in memory.
    #[must_use]
    pub fn get(&self, user: UserId) -> Option<&Known> {
        self.known.get(&user)
    }

    /// The data of somebody in memory.
    #[must_use]
    pub fn card(&self, user: UserId) -> Option<&Card> {
        self.get(user).map(|known| &known.card)
    }

    /// Whether somebody is in memory.
    #[must_use]
    pub fn has(&self, user: UserId) -> bool {
        self.known.contains_key(&user)
    }

    pub(crate) fn insert(&mut self, user: UserId, known: Known) {
        self.known.insert(user, known);
    }

    pub(crate) fn remove(&mut self, user: UserId) {
        self.known.remove(&user);
    }

    /// Omnidesk just confirmed what is known of somebody.
    pub(crate) fn confirm(&mut self, user: UserId, at: Moment) {
        if let Some(known) = self.known.get_mut(&user) {
            (known.seen_at, known.fresh) = (at, true);
        }
    }

    /// Changes the data of somebody in memory; whether there was anybody.
    pub(crate) fn change(&mut self, user: UserId, change: impl FnOnce(&mut Card)) -> bool {
        let known = self.known.get_mut(&user);
        known.map(|known| change(&mut known.card)).is_some()
    }

    /// Keeps none but these.
    pub(crate) fn keep_only(&mut self, users: &BTreeSet<UserId>) {
        self.known.retain(|user, _| users.contains(user));
    }

    /// Whether there are more than memory is meant for.
    pub(crate) fn are_many(&self) -> bool {
        self.known.len() > MOST
    }

    /// Those in memory to whom a profile is linked.
    pub(crate) fn relatives(&self, profile: u64) -> Vec<UserId> {
        let ties = |known: &Known| known.card.linked.contains(&profile);
        self.known.iter().filter(|(_, known)| ties(known)).map(|(user, _)| *user).collect()
    }

    /// The profiles that are linked to these.
    pub(crate) fn linked_to(&self, users: &[UserId]) -> BTreeSet<u64> {
        users
            .iter()
            .filter_map(|user| self.card(*user))
            .flat_map(|card| card.linked.clone())
            .collect()
    }

    /// Those of them whom one of these numbers fits best.
    pub(crate) fn best(&self, mut users: Vec<UserId>, keys: &[PhoneKey], region: Region) -> Vec<UserId> {
        let fit = |user: &UserId| self.card(*user).and_then(|card| card.fit(keys, region));
        let best = users.iter().filter_map(fit).min();
        users.retain(|user| best.is_none() || fit(user) == best);
        users
    }

    /// Profiles that are linked are one person: the first of them stands for all.
    pub(crate) fn without_linked(&self, users: Vec<UserId>) -> Vec<UserId> {
        let linked = |one: UserId, other: UserId| self.card(one).is_some_and(|card| card.linked.contains(&other.0));
        let mut people: Vec<UserId> = Vec::new();
        for user in users {
            if !people.iter().any(|first| linked(*first, user) || linked(user, *first)) {
                people.push(user);
            }
        }
        people
    }

    /// Whom Omnidesk heard last comes first: where several have the number and nobody is chosen, the case is theirs.
    pub(crate) fn newest_first(&self, mut users: Vec<UserId>) -> Vec<UserId> {
        users.sort_by_key(|user| std::cmp::Reverse(self.card(*user).and_then(|card| card.last_contact)));
        users
    }

    /// Omnidesk said that nobody has this number.
    pub(crate) fn nobody_has(&mut self, key: PhoneKey, at: Moment) {
        self.nobody.retain(|_, said| at.since(*said) < NOBODY);
        self.nobody.insert(key, at);
    }

    /// Somebody has this number now.
    pub(crate) fn somebody_has(&mut self, key: &PhoneKey) {
        self.nobody.remove(key);
    }

    /// Whether Omnidesk said a moment ago that nobody has this number.
    pub(crate) fn surely_nobody_has(&self, key: &PhoneKey, at: Moment) -> bool {
        self.nobody.get(key).is_some_and(|said| at.since(*said) < NOBODY)
    }

    /// A call's caller is looked up again then.
    pub(crate) fn ask_again(&mut self, leg: LegId, at: Moment) {
        self.again.insert(leg, at);
    }

    /// The calls whose callers are looked up now; they are not named again.
    pub(crate) fn take_due(&mut self, at: Moment) -> Vec<LegId> {
        self.again.extract_if(.., |_, again| *again <= at).map(|(leg, _)| leg).collect()
    }

    /// When the next of them is.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.again.values().min().copied()
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        for at in self.again.values_mut().chain(self.nobody.values_mut()) {
            *at = at.plus_ms(-by);
        }
    }
}
