//! Who is it? This computer's index answers at once, Omnidesk corrects it; both are remembered.

use crate::controller::{Controller, now};
use crate::message::Message;
use crate::people::Card;
use crate::present::Known;
use calls::{Input, LegId, UserId};
use omnidesk::Priority;
use std::collections::BTreeSet;
use store::Person;

/// Between attempts to look a live caller up, ms.
const LOOKUP_RETRY: i64 = 5_000;
/// People kept in memory at most; more are read again from the store.
const PEOPLE: usize = 2_000;

impl Controller {
    /// Asks who has a number: this computer's index answers at once, Omnidesk corrects it.
    pub(crate) fn look_up(&mut self, leg: LegId, key: calls::PhoneKey) {
        let local = self.store.people_with(&key).unwrap_or_default();
        let users: Vec<UserId> = local.into_iter().filter_map(|person| self.remember(person)).collect();
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
        let (to_self, region, generation) = (self.to_self.clone(), self.settings.region(), self.generation);
        tokio::spawn(async move {
            let found = crate::people::with_phone(&client.with_priority(Priority::Popup), &key, region).await;
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

    /// What a look-up brought.
    pub(crate) fn looked_up(&mut self, leg: LegId, key: calls::PhoneKey, found: Result<Vec<Card>, omnidesk::Error>) {
        self.pending.remove(&leg);
        self.shown_stale = true;
        let found = match found {
            Ok(cards) => {
                self.omnidesk_answers();
                let mut users: Vec<UserId> = cards.iter().map(Card::user).collect();
                users.extend(self.hidden_from_search(&key, &users));
                for card in cards {
                    self.read_last_case(&card);
                    self.keep(card);
                }
                calls::Found::Users(users)
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

    pub(crate) fn read_last_case(&self, card: &Card) {
        let (Some(client), Some(catalog)) = (self.client.clone(), self.catalog.clone()) else {
            return;
        };
        let (to_self, card) = (self.to_self.clone(), card.clone());
        tokio::spawn(async move {
            if let Ok(cases) = crate::pages::recent_cases(&client.with_priority(Priority::Interactive), &catalog, &card).await {
                let _ = to_self
                    .send(Message::LastCase {
                        user: card.user(),
                        case: cases.into_iter().next(),
                    })
                    .await;
            }
        });
    }

    /// Keeps what Omnidesk just said of a person, in memory and in the local index.
    pub(crate) fn keep(&mut self, card: Card) {
        let region = self.settings.region();
        let user = card.user();
        if let Ok(body) = serde_json::to_string(&card) {
            let person = Person {
                id: user,
                body,
                seen_at: now(),
            };
            if let Err(error) = self.store.save_person(&person, &card.keys(region), &card.haystack(region)) {
                self.storage_trouble(&error);
            }
        }
        let last_case = self.people.get(&user).and_then(|known| known.last_case.clone());
        self.people.insert(
            user,
            Known {
                card,
                seen_at: now(),
                fresh: true,
                last_case,
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
            last_case: None,
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
