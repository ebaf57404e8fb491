//! The list of calls, read beside the controller, which is asked for no more than what it shows anyway.

use crate::handle::Engine;
use crate::screens::pages;
use crate::screens::past_calls::{self, Telling};
use crate::view::{CallsPage, CallsQuery, CommandError, TroubleView};
use std::collections::BTreeMap;

/// The longest text that is searched for, in characters.
const LONGEST: usize = 200;

impl Engine {
    /// A window of the history's calls, filtered and sorted; those that this desk still has as it shows them.
    ///
    /// # Errors
    /// `refused` about `storage` when the file cannot be read.
    pub async fn call_list(&self, query: CallsQuery) -> Result<CallsPage, CommandError> {
        let desk = self.desk().await;
        let access = self.access().ok();
        let region = access.as_ref().map(|access| access.region).unwrap_or_default();
        let catalog = access.map(|access| access.catalog).unwrap_or_default();
        let text: String = query.text.trim().chars().take(LONGEST).collect();
        let ways = pages::ways_to_look(&text, region);
        let (filter, order) = past_calls::filter(&query, &desk.agent.extension, ways);
        let reader = self.reader.clone();
        let look = move || {
            reader.look(move |store| {
                let counted = query.counted.then(|| store.days_of_calls(&filter, order)).transpose()?;
                Ok((counted, store.calls_at(&filter, order, query.at, query.count)?))
            })
        };
        let (counted, listed) = match tokio::task::spawn_blocking(look).await {
            Ok(Ok(read)) => read,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the list of calls was not read");
                return Err(refused());
            }
            Err(_) => return Err(refused()),
        };
        let telling = Telling {
            catalog: &catalog,
            region,
            outbox: &desk.outbox,
        };
        let here: BTreeMap<&str, _> = desk.calls.iter().map(|call| (call.id.as_str(), call)).collect();
        let view = |listed: &store::ListedCall| {
            let past = past_calls::view(listed, &telling);
            match here.get(listed.past.leg.as_str()) {
                // The history knows of talks that the desk has forgotten.
                Some(&shown) => {
                    let mut call = shown.clone();
                    call.talked_later = call.talked_later.or(past.talked_later);
                    call
                }
                None => past,
            }
        };
        Ok(CallsPage {
            rows: listed.iter().map(|row| row.iter().map(view).collect()).collect(),
            counted: counted.map(|days| past_calls::counted(days, region)),
        })
    }
}

fn refused() -> CommandError {
    CommandError {
        trouble: TroubleView::Refused,
        about: Some("storage".into()),
    }
}
