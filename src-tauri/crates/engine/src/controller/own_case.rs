//! The page of a case that this desk opened itself while the call lasted («Создать»).
//!
//! Omnidesk's requests are shared by the whole office, and what was written here need not be read there: for as long
//! as the call lasts and a while after it was told completely, the page is put together from what was delivered.
//! Where anything delivered says that somebody else had a hand in the case, and once the agent has had it read,
//! Omnidesk is asked as for any other case.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::people::card::Card;
use crate::screens::pages;
use crate::screens::present::status_view;
use crate::sending::outbox::Outbox;
use crate::time::{ms, now};
use crate::view::{AttachmentView, AuthorView, CasePageView, CaseRow, CaseStatusView, HandsetView, MessageView};
use calls::{Call, CaseDeed, CaseEntry, CaseFacts, CaseStatus, Desk, DutyName, FileFacts, Handset, Moment, Region, UserId};
use store::EntryState;

/// How long after everything about the call was told its case's page comes from here, ms.
const KNOWN_GOOD: i64 = 600_000;

/// What this desk wrote to a case that it opened itself.
#[derive(Debug, PartialEq)]
pub struct OwnCase {
    call: String,
    facts: CaseFacts,
    user: Option<UserId>,
    status: Option<CaseStatus>,
    handset: Handset,
    responsible: bool,
    messages: Vec<Written>,
    written_at: Moment,
}

/// A message of this desk.
#[derive(Debug, PartialEq)]
struct Written {
    /// Omnidesk's id; it names none when a case is opened.
    id: Option<u64>,
    text: String,
    at: Moment,
    file: Option<FileFacts>,
}

impl OwnCase {
    /// What was written to the case, if this desk opened it during a call and knows all of it.
    #[must_use]
    pub fn find(desk: &Desk, outbox: &Outbox, case: u64, now: Moment) -> Option<Self> {
        let about = |call: &&Call| call.filing.case.as_ref().is_some_and(|facts| facts.id.0 == case);
        let call = desk.calls().filter(about).find(|call| call.handling.created_live)?;
        // Another call that ended in the case has written to it, too.
        if desk.calls().filter(about).any(|other| other.leg != call.leg && !other.is_live()) {
            return None;
        }
        let of_call = || outbox.entries().filter(|entry| entry.duty.leg == call.leg);
        let told = of_call().all(|entry| entry.state != EntryState::Queued) && !call.is_live();
        let last = of_call().filter_map(|entry| entry.done_at).chain(call.detail.ended_at).max()?;
        if told && now.since(last) >= KNOWN_GOOD {
            return None;
        }
        let record = desk.case(calls::CaseId(case))?;
        let opening = call.key(DutyName::Case);
        let mut own = Self::opened(call, record.entry(&opening)?)?;
        for entry in record.for_call(&call.leg).filter(|entry| entry.key != opening) {
            own.add(entry)?;
        }
        Some(own)
    }

    fn opened(call: &Call, opening: &CaseEntry) -> Option<Self> {
        let CaseDeed::Open { handset, responsible, .. } = opening.what else {
            return None;
        };
        let (result, at) = (&opening.result, opening.at);
        if result.joined || result.recording {
            return None;
        }
        let facts = result.case.clone()?;
        Some(Self {
            call: call.leg.as_str().to_owned(),
            user: result.user.or(call.user()),
            status: facts.status,
            facts,
            handset,
            responsible,
            messages: vec![Written {
                id: result.message,
                text: result.text.clone()?,
                at,
                file: None,
            }],
            written_at: at,
        })
    }

    /// Takes in what was delivered next; nothing when somebody else had a hand in the case meanwhile, or when what was
    /// written is not known to the letter.
    fn add(&mut self, entry: &CaseEntry) -> Option<()> {
        let (result, at) = (&entry.result, entry.at);
        if result.overruled || result.gone || result.moved.is_some() {
            return None;
        }
        self.written_at = self.written_at.max(at);
        match entry.what {
            CaseDeed::Status {
                status,
                handset,
                responsible,
            } => {
                self.status = status.or(self.status);
                self.handset = handset.unwrap_or(self.handset);
                self.responsible |= responsible;
            }
            // Whether it took the place of the first message, or went beside what a person had made of that, is not kept.
            CaseDeed::Reword => return None,
            CaseDeed::Note if result.message.is_some() => {
                if result.recording != result.file.is_some() {
                    return None;
                }
                self.messages.push(Written {
                    id: result.message,
                    text: result.text.clone()?,
                    at,
                    file: result.file.clone(),
                });
            }
            CaseDeed::Note | CaseDeed::Open { .. } | CaseDeed::Move => {}
        }
        Some(())
    }

    /// Whose case it is.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The page, as one that was read.
    #[must_use]
    pub fn page(&self, card: Option<&Card>, catalog: &Catalog, region: Region, base: &url::Url) -> CasePageView {
        let label = Catalog::label_of(self.handset);
        let is_call = label.is_some() || !catalog.channel.is_empty();
        let messages = self.messages.iter().enumerate();
        CasePageView {
            case: CaseRow {
                id: self.facts.id.0.to_string(),
                number: self.facts.number.clone(),
                subject: self.facts.subject.clone(),
                status: self.status.map_or(CaseStatusView::Other, status_view),
                handset: match self.handset {
                    Handset::Missed => HandsetView::Missed,
                    Handset::CalledBack => HandsetView::CalledBack,
                    Handset::Unknown => HandsetView::Unknown,
                    Handset::Incoming | Handset::Outgoing if !is_call => HandsetView::None,
                    Handset::Incoming => HandsetView::Incoming,
                    Handset::Outgoing => HandsetView::Outgoing,
                },
                staff: catalog.my_name().filter(|_| self.responsible).map(str::to_owned),
                updated_at: Some(ms(self.written_at)),
                is_call,
                claim: None,
            },
            user: card.map(|card| card.view(catalog, region)),
            group: None,
            labels: label.into_iter().map(str::to_owned).collect(),
            messages: pages::with_recordings(messages.map(|(n, message)| self.message(n, message, catalog, card)).collect()),
            url: Some(pages::case_url(base, &self.facts.number)),
        }
    }

    /// The first message counts as the user's own; what follows are notes.
    fn message(&self, n: usize, message: &Written, catalog: &Catalog, card: Option<&Card>) -> MessageView {
        let first = n == 0;
        let author = if first {
            card.map(|card| card.name.as_str())
        } else {
            catalog.my_name()
        };
        let id = message.id.unwrap_or_default();
        MessageView {
            id: id.to_string(),
            author: if first { AuthorView::User } else { AuthorView::Staff },
            author_name: author.filter(|name| !name.is_empty()).map(str::to_owned),
            text: message.text.clone(),
            at: Some(ms(message.at)),
            note: !first,
            attachments: message.file.iter().map(|file| recording(id, file)).collect(),
            call: first.then(|| self.call.clone()),
        }
    }
}

/// The only files that this desk writes are recordings, one in a message.
fn recording(message: u64, file: &FileFacts) -> AttachmentView {
    #[expect(clippy::cast_precision_loss, reason = "a file's size")]
    let size = file.size as f64;
    AttachmentView {
        id: pages::attachment_id(message, 0),
        name: file.name.clone(),
        size,
        audio: true,
    }
}

impl Controller {
    /// The page of a case that this desk opened itself, without asking Omnidesk.
    pub(crate) fn own_case_page(&mut self, case: u64) -> Option<CasePageView> {
        if self.cases_shown.is_own_read(case) {
            return None;
        }
        let access = self.omnidesk.access()?;
        let own = OwnCase::find(&self.desk, &self.outbox, case, now())?;
        if let Some(user) = own.user() {
            self.recall(user);
        }
        let known = own.user().and_then(|user| self.people.get(user));
        let card = known.map(|known| &known.card);
        let page = own.page(card, &access.catalog, access.region, &access.base);
        self.cases_shown.show(case, page.case.facts(case), now());
        Some(page)
    }

    /// A case's page was read: what people did in it is seen now, and must not vanish again.
    pub(crate) fn own_case_read(&mut self, case: u64) {
        let own = |call: &Call| call.handling.created_live && call.filing.case.as_ref().is_some_and(|facts| facts.id.0 == case);
        if self.desk.calls().any(own) {
            self.cases_shown.read_own(case);
        }
    }
}

#[cfg(test)]
mod tests;
