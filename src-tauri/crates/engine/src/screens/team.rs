//! The team's statistics, read from Omnidesk: first the list of the cases of the calls' channel ([`walk`]), then a look into
//! each closed one ([`closing`]), as only its history says who closed it, and only its messages whether there is a recording.
//! The counting is the crate `figures`' ([`figures::count_team`]).
//!
//! It is read step by step, a step for each question of the page: who leaves or stops asks no more, and who comes back goes on
//! where it was. All of it waits in the budget behind everything else. What was read is kept in memory alone, with the moment
//! at which the list was read; a case that has not changed since it was looked into is not looked into again.

mod closing;
mod walk;

use crate::account::catalog::{Catalog, ms};
use crate::links::omnidesk::Access;
use crate::retry;
use crate::view::{CommandError, TeamBestView, TeamDay, TeamStage, TeamView, TroubleView};
use calls::Moment;
use figures::{Looked, Range, TeamCase, TeamFigures, count_team};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use omnidesk::{
    Case, CaseFilter, CaseId, CaseRef, Change, ChannelKey, Client, Error, Message, MessageOrder, Page, PageRequest, Priority, Purpose,
    StaffId,
};
use std::collections::BTreeMap;
use std::time::Duration;
use walk::{BadList, Found, Walk};

/// So many ranges stay read.
const MOST_READINGS: usize = 6;
/// Looks that are kept beyond those of the readings.
const MOST_LOOKS: usize = 60_000;
/// So many pages of a case's messages are looked through.
const MESSAGE_PAGES: u32 = 5;
/// A trouble that may pass is passed over so often in a row.
const PATIENCE: u32 = 2;
/// The pause before the next step after such a trouble, ms: first and longest.
const PAUSE: (i64, i64) = (1_000, 4_000);

/// What is known of the team of one account.
#[derive(Debug, Default)]
pub(crate) struct Team {
    /// The connection over which it was read: another one is another account's, or another agent's.
    generation: u32,
    /// What looks into cases have told, and when the case was last changed then.
    looks: BTreeMap<u64, (Option<Timestamp>, Looked)>,
    /// The latest last.
    readings: Vec<Reading>,
}

/// The reading of a range.
#[derive(Debug)]
struct Reading {
    range: Range,
    channel: String,
    walk: Walk,
    /// The span before, s since 1970.
    before: (i64, i64),
    /// How many cases there were before; the inner none: Omnidesk does not tell.
    received_before: Option<Option<u32>>,
    read_at: Option<Timestamp>,
    trouble: Option<CommandError>,
    failures: u32,
}

/// What is asked of Omnidesk next.
#[derive(Debug)]
pub(crate) enum Question {
    /// How many cases there were before.
    Before(CaseFilter),
    /// A page of the list; the first is which question of its list that is.
    Page(u32, CaseFilter, PageRequest),
    /// Into a closed case.
    Look(u64),
}

/// What became of a question.
#[derive(Debug)]
pub(crate) enum Answer {
    Before(Page<Case>),
    Page(u32, Page<Case>),
    Told(u64, Vec<Change>, Vec<Message>),
    /// It is there, and not for this agent, or too long.
    Barred(u64),
    Gone(u64),
}

impl Team {
    /// What to ask for next of a range, and how long to wait before; none when all is known.
    pub(crate) fn question(&mut self, generation: u32, channel: &str, range: Range, anew: bool) -> Option<(Question, Duration)> {
        if self.generation != generation {
            *self = Self {
                generation,
                ..Self::default()
            };
        }
        let is_it = |reading: &Reading| reading.range == range && reading.channel == channel;
        let at = self.readings.iter().position(is_it);
        let reading = match at.map(|at| self.readings.remove(at)).filter(|_| !anew) {
            Some(reading) => reading,
            None => Reading::new(channel, range, &TimeZone::system()),
        };
        self.readings.push(reading);
        if self.readings.len() > MOST_READINGS {
            self.readings.remove(0);
        }
        self.prune();
        let looks = &self.looks;
        let reading = self.readings.last_mut()?;
        reading.trouble = None;
        let pause = match reading.failures {
            0 => Duration::ZERO,
            failures => Duration::from_millis(u64::try_from(retry::delay(PAUSE, failures, fastrand::f64())).unwrap_or(0)),
        };
        reading.wanted(looks).map(|question| (question, pause))
    }

    /// An answer came; whether another step makes sense by itself.
    pub(crate) fn took(&mut self, generation: u32, channel: &str, range: Range, came: Result<Answer, Error>, at: Timestamp) {
        let is_it = |reading: &&mut Reading| reading.range == range && reading.channel == channel;
        let Some(reading) = self.readings.iter_mut().find(is_it) else {
            return;
        };
        if self.generation != generation {
            return;
        }
        match came {
            Ok(answer) => {
                reading.failures = 0;
                reading.take(answer, &mut self.looks, at);
            }
            // The budget has the next one wait until the account has requests again.
            Err(Error::RateLimited { .. }) => {}
            Err(error) => {
                reading.failures += 1;
                if !error.is_transient() || reading.failures > PATIENCE {
                    reading.failures = 0;
                    reading.trouble = Some(CommandError::from(&error));
                }
            }
        }
    }

    /// For the window.
    pub(crate) fn view(&self, generation: u32, range: Range, catalog: &Catalog) -> TeamView {
        let is_it = |reading: &&Reading| self.generation == generation && reading.range == range && reading.channel == catalog.channel;
        let zone = TimeZone::system();
        match self.readings.iter().find(is_it) {
            Some(reading) => reading.view(&self.looks, catalog, &zone),
            None => Reading::new(&catalog.channel, range, &zone).view(&self.looks, catalog, &zone),
        }
    }

    /// Looks of cases that are in no reading go when there are too many.
    fn prune(&mut self) {
        if self.looks.len() > MOST_LOOKS {
            let readings = &self.readings;
            self.looks
                .retain(|case, _| readings.iter().any(|reading| reading.walk.cases().contains_key(case)));
        }
    }
}

/// What a look has told of a case as it is now.
fn looked<'a>(looks: &'a BTreeMap<u64, (Option<Timestamp>, Looked)>, case: u64, found: &Found) -> Option<&'a Looked> {
    looks
        .get(&case)
        .filter(|(updated_at, _)| *updated_at == found.updated_at)
        .map(|(_, looked)| looked)
}

impl Reading {
    fn new(channel: &str, range: Range, zone: &TimeZone) -> Self {
        let (from, to) = seconds(range, zone);
        Self {
            range,
            channel: channel.to_owned(),
            walk: Walk::new(channel, from, to),
            before: seconds(range.before(), zone),
            received_before: None,
            read_at: None,
            trouble: None,
            failures: 0,
        }
    }

    fn wanted(&self, looks: &BTreeMap<u64, (Option<Timestamp>, Looked)>) -> Option<Question> {
        if let Some((asked, filter, page)) = self.walk.wanted() {
            return Some(Question::Page(asked, filter, page));
        }
        if self.received_before.is_none() {
            let (from, to) = self.before;
            return Some(Question::Before(walk::span(
                &ChannelKey::from(self.channel.as_str()),
                from + 1,
                to - 1,
            )));
        }
        let to_look = |(case, found): (&u64, &Found)| (found.closed && looked(looks, *case, found).is_none()).then_some(*case);
        self.walk.cases().iter().find_map(to_look).map(Question::Look)
    }

    fn take(&mut self, answer: Answer, looks: &mut BTreeMap<u64, (Option<Timestamp>, Looked)>, at: Timestamp) {
        match answer {
            Answer::Before(page) => {
                let is_ours = page.items.iter().all(|case| case.channel.as_str() == self.channel);
                let total = u32::try_from(page.total).unwrap_or(u32::MAX);
                self.received_before = Some(is_ours.then_some(total));
            }
            Answer::Page(asked, page) => {
                if let Err(bad) = self.walk.took(asked, &page) {
                    self.trouble = Some(bad.into());
                }
                if self.walk.is_done() {
                    self.read_at = Some(at);
                }
            }
            Answer::Gone(case) => self.walk.gone(case),
            Answer::Barred(case) => self.keep(case, Looked::Barred, looks),
            Answer::Told(case, changes, messages) => {
                let responsible = self.walk.cases().get(&case).and_then(|found| found.responsible);
                match closing::closing(&changes, responsible, &messages) {
                    Some(closing) => self.keep(case, Looked::Told(closing), looks),
                    None => self.walk.open_again(case),
                }
            }
        }
    }

    fn keep(&self, case: u64, told: Looked, looks: &mut BTreeMap<u64, (Option<Timestamp>, Looked)>) {
        if let Some(found) = self.walk.cases().get(&case) {
            looks.insert(case, (found.updated_at, told));
        }
    }

    fn view(&self, looks: &BTreeMap<u64, (Option<Timestamp>, Looked)>, catalog: &Catalog, zone: &TimeZone) -> TeamView {
        let cases: Vec<TeamCase> = self
            .walk
            .cases()
            .iter()
            .map(|(case, found)| team_case(*case, found, looks))
            .collect();
        let figures = count_team(&cases, self.range, zone);
        let all = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let looked_into = figures.closed - figures.unlooked;
        let (stage, done, of) = match (self.walk.has_begun(), self.walk.is_done()) {
            (false, false) => (TeamStage::Nothing, 0, None),
            (true, false) => (TeamStage::Cases, all(cases.len()), Some(all(self.walk.expected()))),
            (_, true) if self.wanted(looks).is_some() => (TeamStage::Closed, looked_into, Some(figures.closed)),
            (_, true) => (TeamStage::Done, looked_into, Some(figures.closed)),
        };
        TeamView {
            first: self.range.first().to_string(),
            last: self.range.last().to_string(),
            stage,
            done,
            of,
            trouble: self.trouble.clone(),
            read_at: self.read_at.map(ms),
            received_before: self.received_before.flatten(),
            unreadable: self.walk.unreadable(),
            ..told(&figures, catalog)
        }
    }
}

fn team_case(case: u64, found: &Found, looks: &BTreeMap<u64, (Option<Timestamp>, Looked)>) -> TeamCase {
    TeamCase {
        opened_at: Moment(found.opened_at.as_millisecond()),
        closed: found.closed,
        looked: looked(looks, case, found).cloned(),
    }
}

fn told(figures: &TeamFigures, catalog: &Catalog) -> TeamView {
    let named = |best: &figures::TeamBest| TeamBestView {
        staff: best.staff.to_string(),
        name: catalog
            .staff_name(StaffId(best.staff))
            .map(calls::one_line)
            .filter(|name| !name.is_empty()),
        you: catalog.me == Some(StaffId(best.staff)),
        closed: best.closed,
    };
    TeamView {
        first: String::new(),
        last: String::new(),
        stage: TeamStage::Nothing,
        done: 0,
        of: None,
        trouble: None,
        read_at: None,
        received: figures.received,
        received_before: None,
        closed: figures.closed,
        recorded: figures.recorded,
        unlooked: figures.unlooked,
        barred: figures.barred,
        days: figures
            .days
            .iter()
            .map(|(day, received)| TeamDay {
                day: day.to_string(),
                received: *received,
            })
            .collect(),
        hours: figures.hours.to_vec(),
        weekdays: figures.weekdays.to_vec(),
        best: figures.best.iter().map(named).collect(),
        by_rule: figures.by_rule,
        closer_untold: figures.closer_untold,
        recording_untold: figures.recording_untold,
        unreadable: 0,
    }
}

/// The first and the last second of a range.
fn seconds(range: Range, zone: &TimeZone) -> (i64, i64) {
    let midnight = |day: Date| day.to_zoned(zone.clone()).map_or(0, |at| at.timestamp().as_second());
    let after = range.last().tomorrow().unwrap_or(Date::MAX);
    (midnight(range.first()), midnight(after) - 1)
}

impl From<BadList> for CommandError {
    fn from(bad: BadList) -> Self {
        let (trouble, about) = match bad {
            BadList::NotInOrder => (TroubleView::WrongService, None),
            BadList::TooMany => (TroubleView::Refused, Some("tooMany".to_owned())),
        };
        Self { trouble, about }
    }
}

impl Access {
    /// Asks Omnidesk, behind everything else that is asked of it.
    ///
    /// # Errors
    /// What the client reports.
    pub(crate) async fn team(&self, question: Question) -> Result<Answer, Error> {
        let client = self.client.with_priority(Priority::Background).with_purpose(Purpose::Statistics);
        match question {
            Question::Before(filter) => Ok(Answer::Before(client.cases().list(&filter, PageRequest::first(1)).await?)),
            Question::Page(asked, filter, page) => Ok(Answer::Page(asked, client.cases().list(&filter, page).await?)),
            Question::Look(case) => match look(&client, CaseRef::Id(CaseId(case))).await {
                Ok(Some((changes, messages))) => Ok(Answer::Told(case, changes, messages)),
                Ok(None) | Err(Error::Forbidden { .. } | Error::NotFound { code: None }) => Ok(Answer::Barred(case)),
                Err(Error::NotFound { code: Some(_) }) => Ok(Answer::Gone(case)),
                Err(error) => Err(error),
            },
        }
    }
}

/// The history and the messages of a case; none where there are too many messages.
async fn look(client: &Client, case: CaseRef) -> Result<Option<(Vec<Change>, Vec<Message>)>, Error> {
    let changes = client.cases().changelog(&case).await?;
    let mut pages = client.messages(&case).pages(MessageOrder::OldestFirst, MESSAGE_PAGES);
    let mut messages = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        // What cannot be read may be the recording.
        if page.skipped > 0 {
            return Ok(None);
        }
        messages.extend(page.items);
    }
    Ok((!pages.cut_short()).then_some((changes, messages)))
}

#[cfg(test)]
#[path = "team/tests.rs"]
mod tests;
