//! The account's users on this computer: pages are asked for and kept (`people/index.rs` says which).

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::people::card::Card;
use crate::people::entry;
use crate::people::everybody::{NotKept, Read};
use crate::people::index::{Followed, Index, Progress};
use crate::time::now;
use calls::UserId;
use omnidesk::{Page, Priority, Purpose, User};
use std::collections::BTreeSet;

/// A page that came, and what it says of each user.
pub(crate) type UsersRead = Result<(Page<User>, Vec<Card>), omnidesk::Error>;
/// A page that was kept, or not: what was asked for, what follows, and who was on it.
pub(crate) type UsersKept = (Result<(), NotKept>, Progress, Followed, Vec<Card>);

impl Controller {
    /// Where an earlier run left off.
    pub(crate) fn restore_index(&mut self) {
        // One that was made anew has no progress, which says the same.
        self.everybody.was_lost();
        self.index = Index::restored(self.everybody.progress().as_deref());
        self.everybody.is_read(self.index.number());
        let is_new = self.index.is_new();
        // The account was left, and the program ended before its users were out of the file.
        let account = self.settings.account();
        let is_anothers = account.is_some_and(|account| self.index.is_of_another_account(account));
        if is_anothers {
            self.everybody.clear();
        }
        if is_new || is_anothers {
            self.seed_everybody();
        }
        self.windows.stale();
    }

    /// A file of users that is new, or was made anew, begins with those whom this desk has had to do with.
    fn seed_everybody(&mut self) {
        let kept = self.store.reader().look(store::Store::people).unwrap_or_default();
        let cards = kept.iter().filter_map(|person| serde_json::from_str::<Card>(&person.body).ok());
        for card in cards.filter(|card| !card.gone) {
            self.tell_everybody(&card);
        }
    }

    /// The file of users was damaged and is another one now: all of them are read again.
    pub(crate) fn follow_everybody(&mut self) {
        if self.everybody.was_lost() {
            self.index.read_anew();
            self.seed_everybody();
            if self.omnidesk.catalog().is_some() {
                self.index_users();
            }
        }
    }

    /// Hands what Omnidesk said of a user over to the file of all of them.
    pub(crate) fn tell_everybody(&self, card: &Card) {
        let catalog = self.omnidesk.catalog_or_none();
        self.everybody.later(entry::of(card, &catalog, self.settings.region()));
    }

    /// The account was read, or it is time: its users come next, in the background, if they are due.
    pub(crate) fn index_users(&mut self) {
        if self.index.is_of_another_account(self.settings.account().unwrap_or_default()) {
            self.forget_account();
        }
        let manner = entry::manner(&self.omnidesk.catalog_or_none(), self.settings.region());
        if self.index.connected(now(), self.settings.users, &manner) {
            self.everybody.is_read(self.index.number());
            self.read_users();
        }
        self.windows.stale();
    }

    fn forget_account(&mut self) {
        self.everybody.clear();
        let named: BTreeSet<UserId> = self.desk.calls().filter_map(calls::Call::user).collect();
        let kept: Vec<UserId> = named.iter().copied().collect();
        if let Err(error) = self.store.forget_people_except(kept) {
            self.storage_trouble(&error);
        }
        self.people.keep_only(&named);
    }

    /// What is due of the index, while the account is connected.
    pub(crate) fn follow_index(&mut self, at: calls::Moment) {
        self.follow_everybody();
        let is_due = self.index.wake_at(self.settings.users).is_some_and(|due| due <= at);
        if is_due && self.omnidesk.catalog().is_some() {
            self.index_users();
        }
    }

    /// When something of it is due.
    pub(crate) fn next_of_index(&self) -> Option<calls::Moment> {
        self.omnidesk.catalog()?;
        self.index.wake_at(self.settings.users)
    }

    /// Asks for the next page, one at a time.
    pub(crate) fn read_users(&mut self) {
        let (Some(client), Some((filter, page))) = (self.omnidesk.client_for(Priority::Background, Purpose::Users), self.index.wanted())
        else {
            return;
        };
        if self.tasks.is_on(&Work::ReadUsers) || self.tasks.is_on(&Work::KeepUsers) {
            return;
        }
        let asked = self.index.progress().clone();
        self.everybody.asks();
        self.tasks.begin(Work::ReadUsers, async move {
            let page = client.users().list(&filter, page).await;
            let read = page.map(|page| {
                let cards = page.items.iter().map(Card::of).collect();
                (page, cards)
            });
            News::Users(Box::new((asked, read)))
        });
    }

    /// A page came, or did not. One that was asked for by a reading that is no more is none of the reading under way.
    pub(crate) fn users_read(&mut self, asked: Progress, read: UsersRead) {
        self.windows.stale();
        if *self.index.progress() != asked {
            return self.read_users();
        }
        let (page, cards) = match read {
            Ok(read) => read,
            Err(error) => {
                tracing::info!(%error, "the users were not read");
                return self.read_users_later();
            }
        };
        let followed = self.index.took(&page);
        let (catalog, region) = (self.omnidesk.catalog_or_none(), self.settings.region());
        let kept = self.everybody.keep(Read {
            users: cards.iter().map(|card| entry::of(card, &catalog, region)).collect(),
            reading: self.index.number(),
            progress: followed.text(),
            whole: followed.whole,
        });
        self.tasks.begin(Work::KeepUsers, async move {
            News::UsersKept(Box::new((kept.await, asked, followed, cards)))
        });
    }

    /// It is in the file, or could not be kept.
    pub(crate) fn users_kept(&mut self, (kept, asked, followed, mut cards): UsersKept) {
        self.windows.stale();
        let told = self.everybody.told();
        cards.retain(|card| !told.contains(&card.id));
        if *self.index.progress() != asked {
            return self.read_users();
        }
        if kept.is_err() {
            return self.read_users_later();
        }
        let whole = followed.whole;
        let goes_on = self.index.follow(followed, now());
        self.page_kept(cards);
        if whole {
            self.forget_unseen();
        }
        if goes_on {
            self.read_users();
        }
    }

    pub(crate) fn read_users_later(&mut self) {
        self.windows.stale();
        self.index.failed(now(), fastrand::f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controller::trial::controller;

    #[test]
    fn s12_an_answer_to_a_reading_that_is_no_more_ends_no_other() {
        let mut controller = controller();
        let kept = controller.settings.users;
        assert!(controller.index.connected(now(), kept, "one manner"));
        let asked = controller.index.progress().clone();
        assert!(controller.index.connected(now(), kept, "another manner"));
        let begun = controller.index.progress().clone();
        let nobody = Page {
            items: Vec::new(),
            total: 0,
            skipped: 0,
        };
        controller.users_read(asked.clone(), Ok((nobody.clone(), Vec::new())));
        assert!(!controller.tasks.is_on(&Work::KeepUsers));
        let followed = Index::default().took(&nobody);
        controller.users_kept((Ok(()), asked, followed, Vec::new()));
        assert_eq!(*controller.index.progress(), begun, "it goes on");
    }
}
