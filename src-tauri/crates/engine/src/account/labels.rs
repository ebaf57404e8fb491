//! The account's labels, as they become known: those that were listed with the account, and those that somebody made since.
//!
//! A fresh account has none. The first missed call makes the label, which is known to everything from then on: deliveries
//! that run at the same time, pages, lists. Another desk may make one, too: who meets a label that is not known, or needs
//! one that is, has the list read again, once.

use omnidesk::{Client, Error, Label, LabelId};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The labels of one connection to an account; copies share what they learn.
#[derive(Debug, Clone, Default)]
pub struct Labels(Arc<RwLock<Known>>);

#[derive(Debug, Default)]
struct Known {
    labels: Vec<Label>,
    /// Titles of labels that are not there, and that this agent may not make.
    refused: BTreeSet<String>,
    /// Labels of cases that no list has.
    strange: BTreeSet<LabelId>,
}

impl From<Vec<Label>> for Labels {
    fn from(labels: Vec<Label>) -> Self {
        let known = Known {
            labels,
            ..Known::default()
        };
        Self(Arc::new(RwLock::new(known)))
    }
}

impl Labels {
    /// A label's id by its title, as far as known. Blanks of any kind count as one: that is how titles are offered.
    #[must_use]
    pub fn id(&self, title: &str) -> Option<LabelId> {
        let wanted = calls::one_line(title);
        self.read(|known| {
            known
                .labels
                .iter()
                .find(|label| calls::one_line(&label.title) == wanted)
                .map(|label| label.id)
        })
    }

    /// The titles of these, as far as known.
    #[must_use]
    pub fn titles(&self, ids: &[LabelId]) -> Vec<String> {
        let title = |known: &Known, id: &LabelId| {
            let label = known.labels.iter().find(|label| label.id == *id);
            label.map(|label| label.title.clone())
        };
        self.read(|known| ids.iter().filter_map(|id| title(known, id)).collect())
    }

    /// The titles of all that are known.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.read(|known| known.labels.iter().map(|label| calls::one_line(&label.title)).collect())
    }

    /// Reads the list again.
    ///
    /// # Errors
    /// What the client reports, if it passes.
    pub async fn refresh(&self, client: &Client) -> Result<(), Error> {
        self.list_again(client).await
    }

    /// A label by title, also one that was made since the account was read.
    ///
    /// # Errors
    /// What the client reports.
    pub async fn find(&self, client: &Client, title: &str) -> Result<Option<LabelId>, Error> {
        if self.id(title).is_none() && !self.read(|known| known.refused.contains(title)) {
            self.list_again(client).await?;
        }
        Ok(self.id(title))
    }

    /// A label by title, made if it is missing; nothing when the agent may not make labels.
    ///
    /// # Errors
    /// What the client reports, if it passes.
    pub async fn find_or_make(&self, client: &Client, title: &str) -> Result<Option<LabelId>, Error> {
        if let Some(id) = self.find(client, title).await? {
            return Ok(Some(id));
        }
        if self.read(|known| known.refused.contains(title)) {
            return Ok(None);
        }
        match client.labels().create(title).await {
            Ok(label) => {
                let id = label.id;
                self.write(|known| known.labels.push(label));
                Ok(Some(id))
            }
            Err(error) if error.is_transient() || error.may_have_happened() => Err(error),
            Err(_) => {
                self.write(|known| known.refused.insert(title.to_owned()));
                Ok(None)
            }
        }
    }

    /// These stand at cases: where one of them is not known, the list is read again. Where that fails, they stay unknown.
    pub async fn meet(&self, client: &Client, ids: impl Iterator<Item = LabelId>) {
        let is_new = |known: &Known, id: &LabelId| known.labels.iter().all(|label| label.id != *id) && !known.strange.contains(id);
        let new: Vec<LabelId> = self.read(|known| ids.filter(|id| is_new(known, id)).collect());
        if !new.is_empty() && self.list_again(client).await.is_ok() {
            self.write(|known| {
                let strange: Vec<LabelId> = new.into_iter().filter(|id| is_new(known, id)).collect();
                known.strange.extend(strange);
            });
        }
    }

    async fn list_again(&self, client: &Client) -> Result<(), Error> {
        match client.labels().all().await {
            Ok(labels) => {
                self.write(|known| known.labels = labels);
                Ok(())
            }
            Err(error) if error.is_transient() => Err(error),
            // Who may not list them may perhaps make them.
            Err(_) => Ok(()),
        }
    }

    fn read<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Known) -> T) -> T {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}
