//! This computer's index of users: its pages are asked for and kept (`people/index.rs` says which).

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::people::card::Card;
use crate::people::index::{Index, Step};
use crate::time::now;
use calls::UserId;
use omnidesk::{Page, Priority, Purpose, User};
use std::collections::BTreeSet;
use store::{StoreError, Write};

/// Where the progress is kept in the store.
pub(crate) const SETTING: &str = "user_index";

impl Controller {
    /// Where an earlier run left off.
    pub(crate) fn restore_index(&mut self) {
        self.index = Index::restored(self.store.setting(SETTING).ok().flatten().as_deref());
        let counted = self.store.reader().look(store::Store::count_people);
        self.users_counted(Some(counted));
    }

    /// The account was read: its users come next, in the background, if it is time for them.
    pub(crate) fn index_users(&mut self) {
        if self.index.is_of_another_account(self.settings.account().unwrap_or_default()) {
            self.forget_account();
        }
        if self.index.connected(now(), &self.settings.users) {
            self.read_users();
        }
        self.windows.stale();
    }

    fn forget_account(&mut self) {
        let named: BTreeSet<UserId> = self.desk.calls().filter_map(calls::Call::user).collect();
        let kept: Vec<UserId> = named.iter().copied().collect();
        if let Err(error) = self.store.forget_people_except(kept) {
            self.storage_trouble(&error);
        }
        self.people.keep_only(&named);
        self.count_users();
    }

    /// Asks for the next page, one at a time.
    pub(crate) fn read_users(&mut self) {
        let (Some(client), Some((filter, page))) = (self.omnidesk.client_for(Priority::Background, Purpose::Users), self.index.wanted())
        else {
            return;
        };
        if self.tasks.is_on(&Work::ReadUsers) {
            return;
        }
        self.tasks.begin(
            Work::ReadUsers,
            async move { News::Users(client.users().list(&filter, page).await) },
        );
    }

    /// A page came, or did not.
    pub(crate) fn users_read(&mut self, page: Result<Page<User>, omnidesk::Error>) {
        self.windows.stale();
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                tracing::info!(%error, "the users were not read");
                return self.read_users_later();
            }
        };
        if !self.keep_page(page.items.iter().map(Card::of).collect()) {
            return self.read_users_later();
        }
        let here = page.items.len() + page.skipped;
        let (value, step) = self.index.took(here as u64, page.total, &self.settings.users);
        // After the page, in line: what is said to be read is in the file.
        self.store.later(Write::Setting { name: SETTING, value });
        self.count_users();
        if step == Step::Next {
            self.read_users();
        }
    }

    pub(crate) fn read_users_later(&mut self) {
        self.index.failed(now(), fastrand::f64());
    }

    /// Counts them when all of them are in the file.
    fn count_users(&mut self) {
        self.index.is_writing();
        let (written, reader) = (self.store.written(), self.store.reader());
        self.tasks.begin(Work::CountUsers, async move {
            written.await;
            let counted = tokio::task::spawn_blocking(move || reader.look(store::Store::count_people)).await;
            News::UsersCounted(counted.unwrap_or(Err(StoreError::Broke)))
        });
    }

    /// They were counted, or could not be.
    pub(crate) fn users_counted(&mut self, counted: Option<Result<u32, StoreError>>) {
        match counted {
            Some(Ok(users)) => self.index.count(Some(users)),
            Some(Err(error)) => {
                self.index.count(None);
                self.storage_trouble(&error);
            }
            None => self.index.count(None),
        }
        self.windows.stale();
    }
}
