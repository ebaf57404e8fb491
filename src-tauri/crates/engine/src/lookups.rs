//! Who is it? This computer's index answers at once, Omnidesk corrects it; both are remembered.

use crate::controller::{Controller, now};
use crate::message::Message;
use crate::people::{Card, Near, Spelt};
use crate::present::Known;
use calls::{Input, LegId, UserId};
use omnidesk::Priority;
use std::collections::BTreeSet;
use store::Person;

/// Between attempts to look a live caller up, ms.
const LOOKUP_RETRY: i64 = 5_000;
/// How long a linked profile that was read is good for filling gaps, ms.
const LINKED_GOOD: i64 = 24 * 3_600_000;
/// People kept in memory at most; more are read again from the store.
const PEOPLE: usize = 2_000;

impl Controller {
    /// Asks who has a number: this computer's index answers at once, Omnidesk corrects it.
    pub(crate) fn look_up(&mut self, leg: LegId, key: calls::PhoneKey) {
        let local = self.store.people_with(&key).unwrap_or_default();
        let users: Vec<UserId> = local.into_iter().filter_map(|person| self.remember(person)).collect();
        let users = self.without_linked(users);
        let users = self.as_missed(users);
        let known_now = self.desk.call(&leg).is_some_and(|call| call.user().is_some());
        if !users.is_empty() && !known_now {
            let _ = self.feed(Input::Found {
                leg: leg.clone(),
                key: key.clone(),
                found: calls::Found::Users(users),
            });
        }
        let Some(client) = self.client.clone() else {
            let _ = self.feed(Input::Found {
                leg,
                key,
                found: calls::Found::Nothing,
            });
            return;
        };
        self.pending.insert(leg.clone());
        // An odd spelling costs a second request: only for a caller somebody talks to.
        let unknown = self.desk.call(&leg).is_some_and(|call| call.caller == calls::Caller::Unknown);
        let spelt = if unknown { Spelt::Oddly } else { Spelt::Plainly };
        let (to_self, region, generation) = (self.to_self.clone(), self.settings.region(), self.generation);
        let near = self.near(&key);
        tokio::spawn(async move {
            let found = crate::people::with_phone(&client.with_priority(Priority::Popup), &key, region, spelt, &near).await;
            let _ = to_self
                .send(Message::LookedUp {
                    generation,
                    leg,
                    key,
                    found,
                })
                .await;
        });
    }

    /// Profiles that are linked are one person: the first of them stands for all.
    fn without_linked(&self, users: Vec<UserId>) -> Vec<UserId> {
        let mut people: Vec<UserId> = Vec::new();
        for user in users {
            let linked = |one: &UserId, other: &UserId| self.people.get(one).is_some_and(|known| known.card.linked.contains(&other.0));
            if !people.iter().any(|first| linked(first, &user) || linked(&user, first)) {
                people.push(user);
            }
        }
        people
    }

    /// S27: a person has a profile for each number. While a missed call from one of them waits, the person
    /// is that profile, whichever number the next call comes from.
    fn as_missed(&mut self, users: Vec<UserId>) -> Vec<UserId> {
        let waiting: Vec<UserId> = self.desk.notes().missed.iter().filter_map(|missed| missed.user).collect();
        let mut people: Vec<UserId> = Vec::new();
        for user in users {
            let linked = self.people.get(&user).map(|known| known.card.linked.clone()).unwrap_or_default();
            let missed = waiting.iter().find(|missed| linked.contains(&missed.0)).copied();
            if let Some(missed) = missed {
                self.recall(missed);
            }
            let person = missed.filter(|missed| self.people.contains_key(missed)).unwrap_or(user);
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    /// The profiles that are linked to those with a number, as far as they were read lately.
    fn near(&mut self, key: &calls::PhoneKey) -> Near {
        let local = self.store.people_with(key).unwrap_or_default();
        let users: Vec<UserId> = local.into_iter().filter_map(|person| self.remember(person)).collect();
        let linked: BTreeSet<u64> = users
            .iter()
            .filter_map(|user| self.people.get(user))
            .flat_map(|known| known.card.linked.clone())
            .collect();
        let mut near = Near::new();
        for id in linked {
            self.recall(UserId(id));
            let known = self.people.get(&UserId(id));
            if let Some(known) = known.filter(|known| now().since(known.seen_at) < LINKED_GOOD) {
                near.insert(id, known.card.clone());
            }
        }
        near
    }

    /// Nobody was found while it rang: now that somebody talks to the caller, odd spellings are worth a request.
    pub(crate) fn look_closer(&mut self, leg: LegId) {
        let unknown = |call: &&calls::Call| call.is_live() && call.caller == calls::Caller::Unknown;
        if let Some(key) = self.desk.call(&leg).filter(unknown).and_then(|call| call.number.key()) {
            self.look_up(leg, key);
        }
    }

    /// What a look-up brought.
    pub(crate) fn looked_up(&mut self, leg: LegId, key: calls::PhoneKey, found: Result<Vec<Card>, omnidesk::Error>) {
        self.pending.remove(&leg);
        self.shown_stale = true;
        let found = match found {
            Ok(cards) => {
                self.omnidesk_answers();
                let mut users: Vec<UserId> = cards.iter().map(Card::user).collect();
                users.extend(self.hidden_from_search(&key, &users));
                if users.is_empty() {
                    self.nobody.retain(|_, at| now().since(*at) < crate::jobs::NOBODY);
                    self.nobody.insert(key.clone(), now());
                } else {
                    self.nobody.remove(&key);
                }
                cards.into_iter().for_each(|card| self.keep(card));
                calls::Found::Users(self.as_missed(users))
            }
            Err(error) => {
                self.omnidesk_fails(&error);
                self.lookup_again.insert(leg.clone(), now().plus_ms(LOOKUP_RETRY));
                calls::Found::Nothing
            }
        };
        let _ = self.feed(Input::Found { leg, key, found });
    }

    /// Known here, but spelt in Omnidesk so that its search does not find them.
    pub(crate) fn hidden_from_search(&mut self, key: &calls::PhoneKey, found: &[UserId]) -> Vec<UserId> {
        let region = self.settings.region();
        let local = self.store.people_with(key).unwrap_or_default();
        let users: Vec<UserId> = local.into_iter().filter_map(|person| self.remember(person)).collect();
        let linked: BTreeSet<u64> = found
            .iter()
            .filter_map(|user| self.people.get(user))
            .flat_map(|known| known.card.linked.clone())
            .collect();
        let hidden = |user: &UserId| {
            let card = self.people.get(user).map(|known| &known.card);
            !found.contains(user) && !linked.contains(&user.0) && card.is_some_and(|card| card.is_hidden_from_search(key, region))
        };
        users.into_iter().filter(hidden).collect()
    }

    /// Keeps what Omnidesk just said of a person, in memory and in the local index.
    pub(crate) fn keep(&mut self, mut card: Card) {
        for linked in std::mem::take(&mut card.beside) {
            self.keep(linked);
        }
        let region = self.settings.region();
        let user = card.user();
        if card.last_case.is_none() {
            card.last_case = self.people.get(&user).and_then(|known| known.card.last_case.clone());
        }
        if let Ok(body) = serde_json::to_string(&card) {
            let catalog = self.catalog.clone().unwrap_or_default();
            let person = Person {
                id: user,
                body,
                seen_at: now(),
            };
            if let Err(error) = self
                .store
                .save_person(&person, &card.keys(region), &card.haystack(&catalog, region))
            {
                self.storage_trouble(&error);
            }
        }
        self.people.insert(
            user,
            Known {
                card,
                seen_at: now(),
                fresh: true,
            },
        );
        self.shown_stale = true;
        if self.people.len() > PEOPLE {
            let used: BTreeSet<UserId> = self.desk.calls().filter_map(calls::Call::user).collect();
            self.people.retain(|user, _| used.contains(user));
        }
    }

    /// Keeps people that nothing was known of.
    pub(crate) fn keep_new(&mut self, cards: Vec<Card>) {
        for card in cards {
            self.recall(card.user());
            if !self.people.contains_key(&card.user()) {
                self.keep(card);
            }
        }
    }

    /// A person from the local index into memory, unless fresher data are there.
    pub(crate) fn remember(&mut self, person: Person) -> Option<UserId> {
        let card: Card = serde_json::from_str(&person.body).ok()?;
        self.people.entry(person.id).or_insert(Known {
            card,
            seen_at: person.seen_at,
            fresh: false,
        });
        Some(person.id)
    }

    pub(crate) fn recall(&mut self, user: UserId) {
        if !self.people.contains_key(&user)
            && let Ok(Some(person)) = self.store.person(user)
        {
            self.remember(person);
        }
    }
}
