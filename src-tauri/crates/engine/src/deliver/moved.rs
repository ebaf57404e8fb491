//! A case that was opened for a guessed user and has moved to the one whom the agent chose.

use super::{Delivery, Job, Stop, target};
use crate::plain::plain;
use crate::texts;
use calls::{CaseTarget, DutyResult};
use omnidesk::{CaseRef, MessageOrder, PageRequest};

/// How many of its messages are looked at.
const LATEST: u32 = 20;

impl Delivery {
    /// It goes to the bin, so that the call is told once; where somebody else has written in it, it stays and says where
    /// the call is.
    pub(super) async fn drop_case(&self, job: &Job, case: &CaseTarget) -> Result<DutyResult, Stop> {
        let (Some(instead), true) = (&job.instead, job.opened.is_some()) else {
            // There is nothing to take away, or nothing in its place.
            return Ok(DutyResult::default());
        };
        let id = target(job, case)?;
        if id.0 == instead.id.0 {
            return Ok(DutyResult::default());
        }
        let of_case = CaseRef::Id(id);
        let latest = self
            .client
            .messages(&of_case)
            .list(MessageOrder::NewestFirst, PageRequest::first(LATEST))
            .await?
            .items;
        let others = latest.iter().filter(|message| !job.known_messages.contains(&message.id.0));
        // The first message is this desk's own.
        if others.count() <= 1 {
            self.client.cases().trash(&[id]).await?;
            return Ok(DutyResult::default());
        }
        let text = texts::moved_into(&instead.number);
        let told = latest.iter().any(|message| plain(message).trim() == text);
        if told {
            Ok(DutyResult::default())
        } else {
            self.add_note(id, text, Vec::new()).await
        }
    }
}
