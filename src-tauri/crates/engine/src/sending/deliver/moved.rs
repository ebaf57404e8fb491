//! A case that was opened for a user whom nobody chose, and is another one's.
//!
//! Omnidesk cannot give a case to another user, so it is opened anew and the old one goes to the bin. What is lost with a
//! bin can only be what this desk wrote about this call, and the new case tells all of that.

use super::{Delivery, Done, Job, OpenCase, Stop, facts, word};
use crate::account::plain::plain;
use crate::account::texts;
use calls::{CaseFacts, CaseStatus, DutyResult, Owner, Subject};
use omnidesk::{Case, CaseEdit, CaseId, CaseRef, Error, MessageOrder, PageRequest};

/// With more messages than this it is no case of one call.
const FEW: u32 = 50;

impl Delivery {
    /// Opens it anew, with the subject and the status that it has by now, and takes the old one away.
    pub(super) async fn move_case(&self, job: &Job, new: OpenCase<'_>) -> Result<Done, Stop> {
        let Some(from) = job.merged_into.or(job.opened) else {
            // Nothing of its own was written.
            return Ok(DutyResult::default().into());
        };
        let old = match self.client.cases().get(&CaseRef::Id(from)).await {
            Ok(case) => Some(case).filter(|case| !case.deleted),
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        if old.as_ref().is_some_and(|old| self.is_theirs(old, new.owner)) {
            // A person was faster, or it was opened for them at once.
            return Ok(DutyResult::default().into());
        }
        let subject = old.as_ref().map(|old| Subject::Typed(old.subject.clone()));
        let status = old.as_ref().map_or(new.status, |old| facts(old).status);
        let responsible = old
            .as_ref()
            .is_some_and(|old| old.staff_id.is_some() && old.staff_id == self.catalog.me);
        let opened = self
            .open_new(
                job,
                &OpenCase {
                    subject: subject.as_ref().unwrap_or(new.subject),
                    status,
                    responsible,
                    labels: old.as_ref().map(|old| old.labels.clone()).unwrap_or_default(),
                    ..new
                },
            )
            .await?;
        let Some(made) = opened.result.case.clone() else {
            return Ok(opened);
        };
        self.give_status(&made, status).await?;
        if let Some(old) = old {
            self.leave(job, &old, &made, opened.result.recording).await?;
        }
        let result = DutyResult {
            case: None,
            moved: Some(CaseFacts { status, ..made }),
            ..opened.result
        };
        Ok(Done { result, ..opened })
    }

    fn is_theirs(&self, case: &Case, owner: &Owner) -> bool {
        let (Owner::User { id, .. }, Some(user)) = (owner, case.user_id) else {
            return false;
        };
        let card = self.card.as_ref().filter(|card| card.id == id.0);
        user.0 == id.0 || card.is_some_and(|card| card.profiles().contains(&user))
    }

    /// Omnidesk does not promise that a new case takes a status.
    async fn give_status(&self, case: &CaseFacts, status: Option<CaseStatus>) -> Result<(), Stop> {
        let edit = CaseEdit {
            status: status.filter(|status| case.status != Some(*status)).map(word),
            ..CaseEdit::default()
        };
        if edit.status.is_some() {
            self.client.cases().edit(&CaseRef::Id(CaseId(case.id.0)), &edit).await?;
        }
        Ok(())
    }

    /// The old case goes to the bin; where more than this call stands in it, or a recording that could not go along, it
    /// stays and says where the call is.
    async fn leave(&self, job: &Job, old: &Case, new: &CaseFacts, carried: bool) -> Result<(), Stop> {
        let of_old = CaseRef::Id(old.id);
        let list = self.client.messages(&of_old);
        let messages = list.list(MessageOrder::OldestFirst, PageRequest::first(FEW)).await?.items;
        // The first one is the opening's own, whatever its id; what a rule of the account sent is nobody's word.
        let own = |id: u64| job.own_messages.contains(&id);
        let foreign = messages.iter().skip(1).any(|message| !message.sent_via_rule && !own(message.id.0));
        let files = messages.iter().any(|message| !message.attachments.is_empty());
        let whole = messages.len() < FEW as usize;
        if whole && !foreign && (carried || !files) {
            self.client.cases().trash(&[old.id]).await?;
            return Ok(());
        }
        let text = texts::moved_into(&new.number);
        // What an earlier attempt said stands at the other end.
        let newest = match job.uncertain && !whole {
            true => list.list(MessageOrder::NewestFirst, PageRequest::first(FEW)).await?.items,
            false => Vec::new(),
        };
        let told = messages.iter().chain(&newest).any(|message| plain(message).trim() == text);
        if !told {
            self.add_note(old.id, text, Vec::new()).await?;
        }
        Ok(())
    }
}
