//! What the controller's own tasks bring, and what follows when one of them broke.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::controller::tasks::{Broken, News, Work};
use crate::controller::waiting::Fate;
use crate::sending::deliver::Tried;
use crate::sending::outbox::Attempt;
use crate::sending::turns::Turn;
use crate::shell::SecretTrouble;
use crate::time::now;
use calls::{Found, Input, LegId, PhoneKey, Traces};
use std::sync::Arc;

impl Controller {
    /// A task is over.
    pub(crate) fn on_news(&mut self, work: Work, ended: Result<News, Broken>) {
        match ended {
            Ok(news) => self.take_news(work, news),
            Err(Broken) => self.without_news(work),
        }
    }

    fn take_news(&mut self, work: Work, news: News) {
        match (work, news) {
            (Work::LookUp { leg, key }, News::LookedUp(found)) => {
                self.looked_up(leg, key, found);
                self.answer_recalls();
            }
            (Work::Attempt(seq), News::Tried(tried)) => self.attempted(seq, *tried),
            (Work::Attempt(_), News::Marked(entry)) => self.marked(*entry),
            (Work::Attempt(seq), News::NotMarked(error)) => self.not_begun(seq, &error),
            (Work::Order(leg), News::NotPlaced(trouble)) => self.not_placed(leg, trouble),
            (Work::Trace(leg), News::Traced(traces)) => self.traced(leg, *traces),
            (Work::Wait(key), News::CallerGone { conversation, fate }) => self.caller_gone(&key, conversation.as_ref(), fate),
            (Work::Turn(leg), News::Turn(turn)) => self.turn_came(leg, turn),
            (Work::ReadSecrets, News::Secrets(secrets)) => self.asking.secrets_came(secrets),
            (Work::KeepSecrets, News::SecretsKept(kept)) => self.asking.secrets_kept(kept),
            (Work::LookAtKeychain, News::KeychainStands(stands)) => self.asking.looked(stands),
            (_, News::Account(catalog, office)) => {
                self.on_catalog(*catalog);
                self.office_read(office);
            }
            (_, News::Office(found)) => self.office_read(found),
            (_, News::Users(page)) => {
                let (asked, read) = *page;
                self.users_read(asked, read);
            }
            (Work::CountCalls(leg), News::CallsCounted(whose, counted)) => self.calls_counted(&leg, &whose, counted),
            (_, News::UsersKept(kept)) => self.users_kept(*kept),
            (_, News::Person(card)) => self.keep(*card),
            // Each kind of work brings its own news.
            _ => {}
        }
    }

    /// A task broke, which nobody can undo: whatever waits for it goes on as if what it asked had not answered.
    fn without_news(&mut self, work: Work) {
        self.windows.stale();
        match work {
            Work::LookUp { leg, key } => self.not_looked_up(leg, key),
            Work::Attempt(seq) => self.attempted(seq, nobody_knows()),
            Work::Trace(leg) => self.traced(leg, Traces::default()),
            Work::Wait(key) => self.caller_gone(&key, None, Fate::NotKnown),
            Work::Turn(leg) => self.turn_came(leg, Turn::Ours { looks: true, told: None }),
            Work::ReadAccount => self.account_again(),
            Work::ReadUsers | Work::KeepUsers => self.read_users_later(),
            Work::ReadSecrets => self.asking.secrets_came(Err(SecretTrouble::NoKeychain)),
            Work::KeepSecrets => self.asking.secrets_kept(Err(SecretTrouble::NoKeychain)),
            Work::LookAtKeychain => self.asking.looked(Err(SecretTrouble::NoKeychain)),
            // An order's events tell what became of it, and their absence does. The rest is asked for again when needed.
            Work::ReadOffice
            | Work::CountCalls(_)
            | Work::Order(_)
            | Work::ReadPerson(_)
            | Work::HangUp(_)
            | Work::Say(_)
            | Work::Companions => {}
        }
    }

    fn not_looked_up(&mut self, leg: LegId, key: PhoneKey) {
        self.look_up_later(leg.clone());
        // Only an agent's action can be refused.
        let _ = self.feed(Input::Found {
            leg,
            key,
            found: Found::Nothing,
        });
        self.answer_recalls();
    }

    fn on_catalog(&mut self, catalog: Result<Catalog, omnidesk::Error>) {
        match catalog {
            Ok(catalog) => {
                self.take_catalog(Arc::new(catalog));
                self.omnidesk_answers();
                self.index_users();
            }
            Err(error) => {
                self.omnidesk_fails(&error);
                if !matches!(error, omnidesk::Error::Unauthorized) {
                    self.account_again();
                }
            }
        }
        self.windows.stale();
    }

    fn account_again(&mut self) {
        self.omnidesk.read_again(now());
    }
}

/// An attempt of which nobody knows how far it came.
fn nobody_knows() -> Tried {
    Tried {
        attempt: Attempt::Passing {
            trouble: "other".into(),
            after_ms: None,
            uncertain: true,
        },
        error: None,
        card: None,
    }
}

#[cfg(test)]
mod tests;
