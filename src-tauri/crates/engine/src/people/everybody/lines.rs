//! What waits to be written into the file of users: of two words about one user the newer holds.

use super::{NotKept, Read};
use directory::User;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use tokio::sync::oneshot;

/// More users do not wait.
const MOST: usize = 2_000;

/// A page of a reading, and who waits for it.
#[derive(Debug)]
pub(super) struct Page {
    pub read: Read,
    pub tell: oneshot::Sender<Result<(), NotKept>>,
}

/// What the writer does next.
#[derive(Debug)]
pub(super) enum Next {
    /// Another account.
    Clear,
    /// The file is damaged.
    Renew,
    Page(Page),
    Users(BTreeMap<u64, User>),
    Met(u64, i64),
    /// Nobody wants anything.
    Idle,
    Closed,
}

#[derive(Debug, Default)]
pub(super) struct Lines {
    /// By their ids; those who are gone are marked as deleted.
    pub users: BTreeMap<u64, User>,
    met: BTreeMap<u64, i64>,
    /// Of whom something was said since a page was asked for: what the page says of them may be older. None while none is.
    told: Option<BTreeSet<u64>>,
    pub page: Option<Page>,
    clears: bool,
    pub renew: bool,
    pub closed: bool,
    /// The disk refuses; until then nothing is tried.
    pub refused: Option<Instant>,
    /// How often users were handed over, and up to which time they are written.
    pub handed: u64,
    pub written: u64,
}

impl Lines {
    pub fn add(&mut self, user: User) -> bool {
        let has_room = self.users.len() < MOST || self.users.contains_key(&user.id);
        if has_room {
            if let Some(told) = &mut self.told {
                told.insert(user.id);
            }
            if let Some(page) = &mut self.page {
                page.read.users.retain(|other| other.id != user.id);
            }
            self.users.insert(user.id, user);
            self.handed += 1;
        }
        has_room
    }

    /// A page is asked for.
    pub fn ask(&mut self) {
        self.told = Some(BTreeSet::new());
    }

    /// The page came; of whom something was said meanwhile, it says nothing.
    pub fn wait(&mut self, mut page: Page) {
        if let Some(told) = &self.told {
            page.read.users.retain(|user| !told.contains(&user.id));
        }
        self.page = Some(page);
    }

    /// Of whom something was said since the page was asked for, which is done with.
    pub fn told(&mut self) -> BTreeSet<u64> {
        self.told.take().unwrap_or_default()
    }

    pub fn meet(&mut self, id: u64, at: i64) -> bool {
        let has_room = self.met.len() < MOST;
        if has_room {
            self.met.insert(id, at);
        }
        has_room
    }

    /// Another account: nothing of the old one is written.
    pub fn clear(&mut self) {
        self.users.clear();
        self.met.clear();
        // Who waits for it learns that it was not kept.
        self.page = None;
        self.written = self.handed;
        self.clear_again();
    }

    pub fn clear_again(&mut self) {
        self.clears = true;
    }

    /// These are in the file, unless something newer was said of them meanwhile.
    pub fn are_written(&mut self, users: &BTreeMap<u64, User>) {
        self.users.retain(|id, user| users.get(id) != Some(user));
        if self.users.is_empty() {
            self.written = self.handed;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.met.is_empty() && self.page.is_none() && !self.clears && !self.renew
    }

    pub fn is_refused(&self) -> bool {
        self.refused.is_some_and(|until| Instant::now() < until)
    }

    /// What is to be done, if anything. Users stay until they are written, as look-ups see them here.
    pub fn next(&mut self, tends: bool) -> Option<Next> {
        if self.closed && self.is_empty() {
            return Some(Next::Closed);
        }
        if self.is_refused() && !self.closed {
            // Whoever reads the account asks again in its own time.
            self.page = None;
            return None;
        }
        self.refused = None;
        if std::mem::take(&mut self.clears) {
            return Some(Next::Clear);
        }
        if std::mem::take(&mut self.renew) {
            return Some(Next::Renew);
        }
        if !self.users.is_empty() {
            return Some(Next::Users(self.users.clone()));
        }
        if let Some(page) = self.page.take() {
            return Some(Next::Page(page));
        }
        if let Some((id, at)) = self.met.pop_first() {
            return Some(Next::Met(id, at));
        }
        tends.then_some(Next::Idle)
    }
}
