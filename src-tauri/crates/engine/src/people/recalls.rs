//! Pages that wait for what a look-up says of a person.

use crate::people::known::Known;
use calls::UserId;
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// Where a page waits for a person as known here, if they are.
type Page = oneshot::Sender<Option<Known>>;

/// The pages that wait, by person.
#[derive(Debug, Default)]
pub(crate) struct Recalls(BTreeMap<UserId, Vec<Page>>);

impl Recalls {
    /// A page waits for a person.
    pub(crate) fn wait(&mut self, user: UserId, page: Page) {
        self.0.entry(user).or_default().push(page);
    }

    /// Those who are waited for.
    pub(crate) fn users(&self) -> impl Iterator<Item = UserId> {
        self.0.keys().copied()
    }

    /// Tells all pages that wait for a person what is known by now.
    pub(crate) fn answer(&mut self, user: UserId, known: Option<&Known>) {
        for page in self.0.remove(&user).unwrap_or_default() {
            // A window that is gone needs no answer.
            let _ = page.send(known.cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_waits_for_a_person_is_answered_once_and_others_wait_on() {
        let (one, other) = (UserId(7), UserId(8));
        let mut recalls = Recalls::default();
        let mut wait = |user| {
            let (page, answer) = oneshot::channel();
            recalls.wait(user, page);
            answer
        };
        let (mut first, mut second, mut third) = (wait(one), wait(one), wait(other));
        recalls.answer(one, None);
        assert!(matches!((first.try_recv(), second.try_recv()), (Ok(None), Ok(None))));
        assert!(matches!(third.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        assert_eq!(recalls.users().collect::<Vec<_>>(), [other]);
    }
}
