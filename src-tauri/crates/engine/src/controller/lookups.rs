//! Who is it? This computer's index answers at once, Omnidesk corrects it; both are remembered.

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::people::card::Card;
use crate::people::entry;
use crate::people::known::Known;
use crate::people::look_up::{self, Spelt};
use crate::time::now;
use calls::{DutyKind, Input, LegId, UserId};
use omnidesk::Priority;
use std::collections::BTreeSet;
use store::{EntryState, Kept, Person, Write};

/// Between attempts to look a live caller up, ms: a caller waits, so it does not grow.
const LOOKUP_RETRY: (i64, i64) = (5_000, 5_000);
/// At most this many linked profiles are put together to one person.
const LINKED: usize = 20;

impl Controller {
    /// Asks anew who has a number.
    pub(crate) fn look_up(&mut self, leg: LegId, key: calls::PhoneKey) {
        for found in self.found_here(&leg, &key) {
            let _ = self.feed(found);
        }
        self.ask_who(leg, key);
    }

    /// What is known of a caller before Omnidesk says anything: this computer's index, and that there is nobody to ask.
    pub(crate) fn found_here(&mut self, leg: &LegId, key: &calls::PhoneKey) -> Vec<Input> {
        let keys = self.what_it_may_be(leg, key);
        let users = self.known_here(&keys);
        let users = self.people.without_linked(users);
        let users = self.as_missed(users);
        let users = self.people.newest_first(users);
        let known_now = self.desk.call(leg).is_some_and(|call| call.user().is_some());
        let here = (!users.is_empty() && !known_now).then_some(calls::Found::Users(users));
        let nobody_to_ask = self.omnidesk.client(Priority::Popup).is_none().then_some(calls::Found::Nothing);
        let found = |found| Input::Found {
            leg: leg.clone(),
            key: key.clone(),
            found,
        };
        here.into_iter().chain(nobody_to_ask).map(found).collect()
    }

    /// Asks Omnidesk who has a number.
    pub(crate) fn ask_who(&mut self, leg: LegId, key: calls::PhoneKey) {
        let Some(client) = self.omnidesk.client(Priority::Popup) else {
            return;
        };
        let keys = self.what_it_may_be(&leg, &key);
        // An odd spelling costs a second request: only for a caller somebody talks to.
        let unknown = self.desk.call(&leg).is_some_and(|call| call.caller == calls::Caller::Unknown);
        let spelt = if unknown { Spelt::Oddly } else { Spelt::Plainly };
        let region = self.settings.region();
        self.tasks.begin(Work::LookUp { leg, key }, async move {
            News::LookedUp(look_up::with_phone(&client, &keys, region, spelt).await)
        });
    }

    /// All identities of a call's other side, the number that is looked up first.
    fn what_it_may_be(&self, leg: &LegId, key: &calls::PhoneKey) -> Vec<calls::PhoneKey> {
        let number = self.desk.call(leg).map(|call| &call.detail.number);
        let keys = number.map(calls::Number::keys).unwrap_or_default();
        if keys.first() == Some(key) { keys } else { vec![key.clone()] }
    }

    /// Who has one of these numbers as far as this computer knows: those whom it fits best.
    pub(crate) fn known_here(&mut self, keys: &[calls::PhoneKey]) -> Vec<UserId> {
        let region = self.settings.region();
        let here = keys.iter().flat_map(|key| self.everybody.with_number(key.as_str()));
        let mut users: Vec<UserId> = Vec::new();
        for user in here.map(|user| UserId(user.id)).collect::<Vec<_>>() {
            self.recall(user);
            if self.people.has(user) && !users.contains(&user) {
                users.push(user);
            }
        }
        self.people.best(users, keys, region)
    }

    /// S27: a person has a profile for each number. While a missed call from one of them waits, the person
    /// is that profile, whichever number the next call comes from.
    fn as_missed(&mut self, users: Vec<UserId>) -> Vec<UserId> {
        let waiting: Vec<UserId> = self.desk.notes().missed.iter().filter_map(|missed| missed.user).collect();
        let mut people: Vec<UserId> = Vec::new();
        for user in users {
            let linked = self.people.linked_to(&[user]);
            let missed = waiting.iter().find(|missed| linked.contains(&missed.0)).copied();
            if let Some(missed) = missed {
                self.recall(missed);
            }
            let person = missed.filter(|missed| self.people.has(*missed)).unwrap_or(user);
            if !people.contains(&person) {
                people.push(person);
            }
        }
        people
    }

    /// Nobody was found while it rang: now that somebody talks to the caller, odd spellings are worth a request.
    pub(crate) fn look_closer(&mut self, leg: LegId) {
        let unknown = |call: &&calls::Call| call.is_live() && call.caller == calls::Caller::Unknown;
        if let Some(key) = self.desk.call(&leg).filter(unknown).and_then(calls::Call::client_key) {
            self.look_up(leg, key);
        }
    }

    /// What a look-up brought.
    pub(crate) fn looked_up(&mut self, leg: LegId, key: calls::PhoneKey, found: Result<Vec<Card>, omnidesk::Error>) {
        self.windows.stale();
        let found = match found {
            Ok(cards) => {
                self.omnidesk_answers();
                let mut users: Vec<UserId> = cards.iter().map(Card::user).collect();
                users.extend(self.hidden_from_search(&self.what_it_may_be(&leg, &key), &users));
                if users.is_empty() {
                    self.people.nobody_has(key.clone(), now());
                } else {
                    self.people.somebody_has(&key);
                }
                cards.into_iter().for_each(|card| self.keep(card));
                let users = self.as_missed(users);
                calls::Found::Users(self.people.newest_first(users))
            }
            Err(error) => {
                self.omnidesk_fails(&error);
                self.look_up_later(leg.clone());
                calls::Found::Nothing
            }
        };
        let _ = self.feed(Input::Found { leg, key, found });
    }

    /// Nobody answered who that is.
    pub(crate) fn look_up_later(&mut self, leg: LegId) {
        let delay = crate::retry::delay(LOOKUP_RETRY, 2, fastrand::f64());
        self.people.ask_again(leg, now().plus_ms(delay));
    }

    /// Known here, but spelt in Omnidesk so that its search does not find them.
    pub(crate) fn hidden_from_search(&mut self, keys: &[calls::PhoneKey], found: &[UserId]) -> Vec<UserId> {
        let region = self.settings.region();
        let users = self.known_here(keys);
        let linked = self.people.linked_to(found);
        let hidden = |user: &UserId| {
            let card = self.people.card(*user);
            !found.contains(user) && !linked.contains(&user.0) && card.is_some_and(|card| card.is_hidden_from_search(keys, region))
        };
        users.into_iter().filter(hidden).collect()
    }

    /// Whether Omnidesk is being asked about a caller who, as far as this computer knows, is this user.
    pub(crate) fn is_being_looked_up(&self, user: UserId) -> bool {
        let caller = |leg: &LegId| self.desk.call(leg).and_then(calls::Call::user);
        self.tasks.looked_up().any(|leg| caller(leg) == Some(user))
    }

    /// Keeps what Omnidesk just said of a person, in memory and in the local index.
    pub(crate) fn keep(&mut self, mut card: Card) {
        for linked in std::mem::take(&mut card.beside) {
            self.keep(linked);
        }
        let user = card.user();
        card.last_case = card.last_case.or_else(|| self.own(user)?.0.last_case);
        self.tell_everybody(&card);
        self.store.later(Write::Person(self.row(&card, now())));
        self.windows.stale();
        let relatives = self.people.relatives(card.id);
        if card.gone {
            self.people.remove(user);
            self.recall(user);
        } else {
            let card = self.completed(card);
            let known = Known {
                card,
                seen_at: now(),
                fresh: true,
            };
            self.people.insert(user, known);
        }
        relatives.into_iter().for_each(|user| self.put_together_again(user));
        if self.people.are_many() {
            self.people.keep_only(&self.named_by_calls());
        }
    }

    /// A page of the account's users is in the file of all of them: those whom this desk has to do with follow.
    pub(crate) fn page_kept(&mut self, cards: Vec<Card>) {
        let at = now();
        let mut touched = BTreeSet::new();
        for card in cards {
            let user = card.user();
            touched.extend(card.linked.iter().copied().map(UserId));
            touched.insert(user);
            if card.gone {
                self.people.remove(user);
            } else {
                self.people.confirm(user, at);
            }
            self.keep_own(card, at);
        }
        self.named_by_calls().into_iter().for_each(|user| self.recall(user));
        touched.into_iter().for_each(|user| self.put_together_again(user));
    }

    /// The newest word about somebody whom this desk has had to do with; of others it keeps nothing by itself.
    fn keep_own(&mut self, mut card: Card, at: calls::Moment) {
        if let Some((own, _)) = self.own(card.user()) {
            card.last_case = own.last_case;
            self.store.later(Write::Person(self.row(&card, at)));
        }
    }

    /// All users were read, and who was not seen is gone: so are they for this desk.
    pub(crate) fn forget_unseen(&mut self) {
        let kept = self.store.reader().look(store::Store::people).unwrap_or_default();
        let at = now();
        for user in kept.into_iter().map(|person| person.id) {
            // A file that cannot be read says of nobody that they are gone.
            let Some(is_there) = self.everybody.has(user.0) else { return };
            if let Some((own, _)) = self.own(user).filter(|(own, _)| !is_there && !own.gone) {
                self.store.later(Write::Person(self.row(&Card::gone(own.id), at)));
                self.people.remove(user);
                self.recall(user);
            }
        }
    }

    /// What a search of Omnidesk's found is kept with all users; whether it is news.
    pub(crate) fn found_by_search(&mut self, cards: &[Card]) -> bool {
        let (catalog, region) = (self.omnidesk.catalog_or_none(), self.settings.region());
        let mut news = false;
        for card in cards {
            let told = entry::of(card, &catalog, region);
            if self.everybody.user(card.id).as_ref() != Some(&told) {
                self.everybody.later(told);
                news = true;
            }
        }
        news
    }

    /// Changes what is kept of a person without asking Omnidesk.
    pub(crate) fn amend(&mut self, user: UserId, change: impl Fn(&mut Card)) {
        if let Some((mut card, seen_at)) = self.stored(user) {
            change(&mut card);
            self.tell_everybody(&card);
            self.store.later(Write::Person(self.row(&card, seen_at)));
        }
        let changed = self.people.change(user, change);
        self.windows.stale_if(changed);
    }

    /// A card as a row. Who is gone is found by nothing; the name stays for the calls of this desk.
    fn row(&self, card: &Card, seen_at: calls::Moment) -> Kept {
        let id = card.user();
        let kept = |body: &Card, haystack| Kept {
            person: Person {
                id,
                body: serde_json::to_string(body).unwrap_or_default(),
                seen_at,
            },
            haystack,
        };
        if card.gone {
            let named = self.named_by_calls().contains(&id);
            let last_seen = self.stored(id).filter(|_| named).map(|(stored, _)| stored);
            let body = Card {
                gone: true,
                ..last_seen.unwrap_or_else(|| Card::gone(card.id))
            };
            return kept(&body, String::new());
        }
        kept(card, self.haystack(card.clone()))
    }

    /// By what a search among the calls finds those of a profile: with what linked ones add.
    fn haystack(&self, card: Card) -> String {
        let catalog = self.omnidesk.catalog_or_none();
        self.completed(card).haystack(&catalog, self.settings.region())
    }

    fn named_by_calls(&self) -> BTreeSet<UserId> {
        self.desk.calls().flat_map(users_of).collect()
    }

    /// What this desk keeps of somebody whom it has had to do with.
    fn own(&self, user: UserId) -> Option<(Card, calls::Moment)> {
        let person = self.store.person(user).ok()??;
        Some((serde_json::from_str(&person.body).ok()?, person.seen_at))
    }

    /// A profile as this computer knows it: as it is among all users, else as it was when this desk had to do with it.
    fn stored(&self, user: UserId) -> Option<(Card, calls::Moment)> {
        let own = self.own(user);
        let Some(here) = self.everybody.user(user.0) else { return own };
        let mut card = entry::card(here, &self.omnidesk.catalog_or_none());
        let read_at = self.index.as_of().unwrap_or(calls::Moment(0));
        let seen_at = own.as_ref().map_or(read_at, |(_, seen_at)| (*seen_at).max(read_at));
        card.last_case = own.and_then(|(own, _)| own.last_case);
        Some((card, seen_at))
    }

    /// A person: the profile, what linked ones add as far as this computer knows them, and over it what an agent has
    /// changed and Omnidesk does not have yet.
    pub(crate) fn completed(&self, mut card: Card) -> Card {
        card.unread.clear();
        for id in card.linked.clone().into_iter().take(LINKED) {
            match self.stored(UserId(id)) {
                Some((linked, _)) if linked.gone => {}
                Some((linked, _)) => card.add(&linked),
                None => card.unread.push(id),
            }
        }
        let user = card.user();
        for entry in self.outbox.entries().filter(|entry| entry.state != EntryState::Done) {
            if let DutyKind::EditUser { user: whose, changes } = &entry.duty.kind
                && *whose == user
            {
                crate::controller::editing::apply(&mut card, changes);
            }
        }
        card
    }

    /// A linked profile became known: the person in memory gains by it.
    fn put_together_again(&mut self, user: UserId) {
        if self.people.has(user)
            && let Some((card, _)) = self.stored(user).filter(|(card, _)| !card.gone)
        {
            let card = self.completed(card);
            let changed = self.people.change(user, |known| *known = card);
            self.windows.stale_if(changed);
        }
    }

    /// Keeps people that nothing was known of.
    pub(crate) fn keep_new(&mut self, cards: Vec<Card>) {
        for card in cards {
            self.recall(card.user());
            if self.people.card(card.user()).is_none_or(|known| known.gone) {
                self.keep(card);
            }
        }
    }

    /// Somebody whom this desk has to do with, into memory, unless fresher data are there.
    pub(crate) fn recall(&mut self, user: UserId) {
        if self.people.has(user) {
            return;
        }
        let Some((card, seen_at)) = self.stored(user).filter(|(card, _)| !card.gone || !card.name.is_empty()) else {
            return;
        };
        if self.own(user).is_none() {
            self.store.later(Write::Person(self.row(&card, seen_at)));
        }
        let known = Known {
            card: self.completed(card),
            seen_at,
            fresh: false,
        };
        self.people.insert(user, known);
    }
}

/// The users whom a call may be with.
pub(crate) fn users_of(call: &calls::Call) -> Vec<UserId> {
    match &call.caller {
        calls::Caller::Several { users } => users.clone(),
        calls::Caller::Known { user, .. } => vec![*user],
        calls::Caller::LookingUp
        | calls::Caller::Unknown
        | calls::Caller::Withheld
        | calls::Caller::NotLookedUp
        | calls::Caller::Unavailable => Vec::new(),
    }
}
