//! The link to Omnidesk as the controller holds it: the client, what there is in the account, and whether it answers.

use crate::account::catalog::Catalog;
use crate::links::spells::Spells;
use crate::retry;
use crate::time::ms;
use crate::view::{ChannelView, LinkStateView, LinkView, trouble};
use calls::{Moment, Region};
use omnidesk::{Client, Error, Priority, Purpose};
use std::sync::Arc;
use tokio::sync::watch;
use url::Url;

/// Between attempts to reach Omnidesk while it does not answer, ms: first and longest.
const RETRY: (i64, i64) = (1_000, 60_000);
/// Before knocking again where we were refused for good, ms: an administrator may have mended it.
const KNOCK: i64 = 300_000;
/// Before the account is read again whose reading failed in a way that says nothing of when it will not, ms.
const ACCOUNT_AGAIN: i64 = 30_000;

/// A way into Omnidesk, while there is one.
#[derive(Clone)]
pub struct Access {
    /// The client, with the priority of somebody who waits at the screen.
    pub client: Client,
    /// The account.
    pub catalog: Arc<Catalog>,
    /// How numbers are read.
    pub region: Region,
    /// Omnidesk's address, for links into it.
    pub base: Url,
    /// Which connection to Omnidesk this is.
    pub generation: u32,
}

/// The link to Omnidesk.
pub(crate) struct OmnideskLink {
    client: Option<Client>,
    catalog: Option<Arc<Catalog>>,
    /// The way in, for pages that read by themselves.
    access: watch::Sender<Option<Access>>,
    view: LinkView,
    /// How it stood before.
    pub(crate) spells: Spells,
    /// When the account is read.
    again: Option<Moment>,
    failures: u32,
    /// Counts connections: answers to an earlier one are of another account, perhaps.
    generation: u32,
}

impl OmnideskLink {
    pub(crate) fn new(access: watch::Sender<Option<Access>>) -> Self {
        Self {
            client: None,
            catalog: None,
            access,
            view: LinkView::default(),
            spells: Spells::default(),
            again: None,
            failures: 0,
            generation: 0,
        }
    }

    /// The client, if one is set up; its requests have this priority.
    pub(crate) fn client(&self, priority: Priority) -> Option<Client> {
        self.client.as_ref().map(|client| client.with_priority(priority))
    }

    /// The same, for a purpose that is not what its priority usually stands for.
    pub(crate) fn client_for(&self, priority: Priority, purpose: Purpose) -> Option<Client> {
        Some(self.client(priority)?.with_purpose(purpose))
    }

    /// The account, once it was read.
    pub(crate) fn catalog(&self) -> Option<&Arc<Catalog>> {
        self.catalog.as_ref()
    }

    /// The account; an empty one until it was read.
    pub(crate) fn catalog_or_none(&self) -> Arc<Catalog> {
        self.catalog.clone().unwrap_or_default()
    }

    /// What became of the channel of calls.
    pub(crate) fn channel(&self) -> ChannelView {
        self.catalog
            .as_ref()
            .map_or(ChannelView::Unknown, |catalog| catalog.channel_state())
    }

    /// For the windows.
    pub(crate) fn view(&self) -> &LinkView {
        &self.view
    }

    pub(crate) fn is_up(&self) -> bool {
        self.view.state == LinkStateView::Up
    }

    /// Which connection this is.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// The connection is another one; nothing of the one before holds.
    pub(crate) fn connect(&mut self, client: Option<Client>, at: Moment) {
        self.leave();
        if client.is_some() {
            self.view = LinkView {
                state: LinkStateView::Connecting,
                since: Some(ms(at)),
                ..LinkView::default()
            };
            self.again = Some(at);
        }
        self.spells.note(&self.view, at);
        self.client = client;
    }

    /// There is no way in any more.
    pub(crate) fn leave(&mut self) {
        self.client = None;
        self.catalog = None;
        self.again = None;
        self.view = LinkView::default();
        self.generation = self.generation.wrapping_add(1);
        self.shut();
    }

    /// Pages have no way in until the account is read.
    fn shut(&self) {
        self.access.send_replace(None);
    }

    /// The way in, once the account was read.
    pub(crate) fn access(&self) -> Option<Access> {
        self.access.borrow().clone()
    }

    /// The sender of the way in, shut, for the controller that follows.
    pub(crate) fn into_access(self) -> watch::Sender<Option<Access>> {
        self.shut();
        self.access
    }

    /// The account as it is now.
    pub(crate) fn take_catalog(&mut self, catalog: Arc<Catalog>) {
        self.catalog = Some(catalog);
    }

    /// Pages have a way in from here on.
    pub(crate) fn open(&self, base: Option<Url>, region: Region) {
        if let (Some(client), Some(catalog), Some(base)) = (self.client(Priority::Interactive), &self.catalog, base) {
            self.access.send_replace(Some(Access {
                client,
                catalog: catalog.clone(),
                region,
                base,
                generation: self.generation,
            }));
        }
    }

    /// A person wants it at once.
    pub(crate) fn hurry(&mut self, at: Moment) {
        self.again = self.client.is_some().then_some(at);
    }

    /// Whether the account is to be read now; it is not said twice.
    pub(crate) fn take_due(&mut self, at: Moment) -> bool {
        self.again.take_if(|again| *again <= at).is_some()
    }

    /// When it is.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.again
    }

    /// The account could not be read.
    pub(crate) fn read_again(&mut self, at: Moment) {
        self.again = self.again.or(Some(at.plus_ms(ACCOUNT_AGAIN)));
    }

    /// A desk clock that was set back by so many ms.
    pub(crate) fn clock_set_back(&mut self, by: i64) {
        self.again = self.again.map(|again| again.plus_ms(-by));
    }

    /// Omnidesk answered something; whether it did not before.
    pub(crate) fn answers(&mut self, at: Moment) -> bool {
        self.failures = 0;
        if self.is_up() {
            return false;
        }
        // It answers although it refused us before: nothing can be written until the account is read.
        if self.catalog.is_none() {
            self.again = Some(at);
        }
        self.view = LinkView {
            state: LinkStateView::Up,
            since: Some(ms(at)),
            ..LinkView::default()
        };
        self.spells.note(&self.view, at);
        true
    }

    /// Omnidesk did not answer, or will not let us in; whether the error tells that. `random` lies in `0..1`.
    pub(crate) fn fails(&mut self, error: &Error, at: Moment, random: f64) -> bool {
        let lasting = matches!(error, Error::Unauthorized);
        if !(error.is_transient() || lasting) || matches!(error, Error::RateLimited { .. } | Error::QueueFull) {
            return false;
        }
        self.failures += 1;
        let again = at.plus_ms(if lasting {
            KNOCK
        } else {
            retry::delay(RETRY, self.failures, random)
        });
        let was_down = self.view.state == LinkStateView::Down;
        self.view = LinkView {
            state: LinkStateView::Down,
            trouble: Some(trouble::of_omnidesk(error)),
            since: if was_down { self.view.since } else { Some(ms(at)) },
            retry_at: (!lasting).then(|| ms(again)),
        };
        self.spells.note(&self.view, at);
        self.again = Some(again);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> OmnideskLink {
        OmnideskLink::new(watch::Sender::new(None))
    }

    #[test]
    fn an_outage_lasts_from_its_first_moment_and_is_asked_about_ever_later() {
        let mut link = link();
        for (at, again) in [(1_000, 2_000), (3_000, 5_000), (6_000, 10_000)] {
            assert!(link.fails(&Error::Timeout { sent: false }, Moment(at), 1.0));
            assert_eq!((link.view.since, link.wake_at()), (Some(1_000.0), Some(Moment(again))));
        }
        assert!(link.answers(Moment(9_000)));
        assert_eq!((link.is_up(), link.view.since), (true, Some(9_000.0)));
        assert!(!link.answers(Moment(9_500)), "it did before");
    }

    #[test]
    fn who_was_refused_for_good_knocks_again_after_minutes_and_who_is_to_wait_is_not_out_of_reach() {
        let mut link = link();
        assert!(link.fails(&Error::Unauthorized, Moment(0), 1.0));
        assert_eq!((link.wake_at(), link.view.retry_at), (Some(Moment(KNOCK)), None));
        assert!(!link.fails(&Error::QueueFull, Moment(5), 1.0));
        assert_eq!(link.wake_at(), Some(Moment(KNOCK)));
    }

    #[test]
    fn another_connection_has_nothing_of_the_one_before() {
        let mut link = link();
        link.take_catalog(Arc::default());
        link.open(None, Region::default());
        let before = link.generation();
        link.connect(None, Moment(5));
        assert!(link.catalog().is_none() && link.generation() != before && link.wake_at().is_none());
        assert_eq!(link.view().state, LinkStateView::default());
    }
}
