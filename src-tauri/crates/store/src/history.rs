//! Ended calls, for as long as statistics need them (S35-S38); the calls themselves are kept only while a desk shows them.
//!
//! A call has one row. It is written in the transaction that ends the call, and again in each later one that changes the
//! call (the case is known, a link is corrected, something is undone, the recording arrives), so that it says what is
//! true and never disagrees with the call's own row. It outlives the call: forgetting an old call leaves its row alone.
//! A call that rings again is none that has ended, and one that turned out to be part of another is none at all; both
//! have no row. Who the agent was is kept from the first writing: settings change later.

use crate::{Store, StoreError, call_list};
use calls::{
    Act, Call, CaseId, Changes, Choice, ConversationId, DialTrouble, Direction, Disposition, Extension, LegId, Moment, Number, Origin,
    Outcome, PhoneKey, Recording, TransferKind, UserId,
};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// A page of the history; reads only the index by time.
pub(crate) const PAGE: &str = "SELECT leg, ended_at, extension, email, body FROM history
     WHERE ended_at >= ?1 AND (ended_at, leg) < (?2, ?3) ORDER BY ended_at DESC, leg DESC LIMIT ?4";
/// At most this many rows go in one transaction, so that nobody waits long for it.
const FORGOTTEN_AT_ONCE: u32 = 500;
/// Names and subjects are kept so long, in characters: they are shown in a line of a list.
const LONGEST: usize = 200;
/// Greater than every leg's id, which is text.
const AFTER_ALL: &str = "\u{10FFFF}";

/// Whose calls they are, as the settings say now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agent {
    /// The extension on the PBX.
    pub extension: String,
    /// The address in the help desk.
    pub email: String,
}

/// A call that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastCall {
    /// Its identity.
    #[serde(skip, default = "nobody")]
    pub leg: LegId,
    /// Whose call it was.
    #[serde(skip)]
    pub agent: Agent,
    /// The conversation it was part of, where known.
    #[serde(default)]
    pub conversation: Option<ConversationId>,
    /// Who started it.
    pub direction: Direction,
    /// How it came to the agent.
    pub origin: Origin,
    /// The queue or group.
    #[serde(default)]
    pub queue: Option<String>,
    /// The number that was dialled.
    #[serde(default)]
    pub line: Option<String>,
    /// The client's number; none for a colleague and a hidden one.
    #[serde(default)]
    pub client: Option<PhoneKey>,
    /// The other side's number as it was read; none in rows of before.
    #[serde(default)]
    pub number: Option<Number>,
    /// The name that the PBX sent along.
    #[serde(default)]
    pub remote_name: Option<String>,
    /// The client in the help desk, where there is no doubt.
    #[serde(default)]
    pub user: Option<UserId>,
    /// When it began to ring or dial.
    pub offered_at: Moment,
    /// When the two sides began to talk.
    #[serde(default)]
    pub answered_at: Option<Moment>,
    /// When it ended.
    pub ended_at: Moment,
    /// They talked at least as long as that.
    #[serde(default)]
    pub talk_at_least: bool,
    /// Its end was out of sight: no statistic counts it by how it ended.
    #[serde(default)]
    pub unseen: bool,
    /// How it ended.
    #[serde(default)]
    pub disposition: Option<Disposition>,
    /// Why the PBX did not place it.
    #[serde(default)]
    pub dial_trouble: Option<DialTrouble>,
    /// How the agent passed it on.
    #[serde(default)]
    pub transferred: Option<TransferKind>,
    /// To whom, where that is known.
    #[serde(default)]
    pub transferred_to: Option<String>,
    /// The colleague who passed it on to the agent.
    #[serde(default)]
    pub transferred_from: Option<Extension>,
    /// What was decided, with the rule.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The case, once it is in the help desk.
    #[serde(default)]
    pub case: Option<PastCase>,
    /// The case from which it was dialled.
    #[serde(default)]
    pub called_from: Option<CaseId>,
    /// It was noted in a missed-call case that was there (S27), instead of having one of its own.
    #[serde(default)]
    pub joined: bool,
    /// The agent created the case; it did not appear by itself.
    #[serde(default)]
    pub created: bool,
    /// The agent undid what was decided.
    #[serde(default)]
    pub undone: bool,
    /// Another computer of the agent wrote it, and counts it.
    #[serde(default)]
    pub elsewhere: bool,
    /// The recording.
    #[serde(default)]
    pub recording: Recording,
}

/// A case by what finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastCase {
    /// Its id.
    pub id: CaseId,
    /// Its number for people.
    pub number: String,
    /// Its subject, as it was known last.
    #[serde(default)]
    pub subject: String,
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn nobody() -> LegId {
    LegId::new("")
}

impl PastCall {
    /// What is kept of a call; none while it goes on.
    #[must_use]
    pub fn of(call: &Call, agent: &Agent) -> Option<Self> {
        let ended_at = call.detail.ended_at.filter(|_| !call.is_live())?;
        Some(Self {
            leg: call.leg.clone(),
            agent: agent.clone(),
            conversation: call.detail.conversation.clone(),
            direction: call.detail.direction,
            origin: call.detail.origin,
            queue: call.detail.queue.clone(),
            line: call.detail.line.clone(),
            client: call.client_key(),
            number: Some(call.detail.number.clone()),
            remote_name: call.detail.remote_name.as_deref().map(short),
            user: call.user(),
            offered_at: call.detail.offered_at,
            answered_at: call.detail.answered_at,
            ended_at,
            talk_at_least: call.detail.talk_at_least,
            unseen: call.detail.unseen.is_some(),
            disposition: call.detail.disposition,
            dial_trouble: call.detail.dial_trouble,
            transferred: call.detail.transferred.as_ref().map(|transferred| transferred.kind),
            transferred_to: call.detail.transferred.as_ref().and_then(|to| to.to.as_deref()).map(short),
            transferred_from: call.detail.transferred_from.clone(),
            outcome: call.filing.outcome,
            case: call.filing.case.as_ref().map(|case| PastCase {
                id: case.id,
                number: case.number.clone(),
                subject: short(&case.subject),
            }),
            called_from: call.handling.called_from.as_ref().map(|case| case.id),
            joined: call.filing.joined.is_some(),
            created: call.handling.created_live || call.handling.choice == Choice::NewCase,
            undone: call.handling.undone,
            elsewhere: call.filing.elsewhere,
            recording: call.filing.recording.clone(),
        })
    }

    /// How long they talked, ms; none when nobody talked.
    #[must_use]
    pub fn talk_ms(&self) -> Option<i64> {
        Some(self.ended_at.since(self.answered_at?))
    }

    /// Whether a new case was opened for it, which is what «received» counts (S35).
    #[must_use]
    pub fn opened_a_case(&self) -> bool {
        let opens = |outcome: Outcome| matches!(outcome.act, Act::OpenCase | Act::FinishCase);
        !self.joined && !self.elsewhere && self.outcome.is_some_and(opens)
    }
}

/// Where a page of the history ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryCursor {
    ended_at: Moment,
    leg: String,
}

/// A page of the history, the latest call first.
#[derive(Debug, Default)]
pub struct HistoryPage {
    /// The calls.
    pub calls: Vec<PastCall>,
    /// From where the next page goes on; none at the end.
    pub next: Option<HistoryCursor>,
    /// How many rows of this page another version wrote, or cannot be read; they are left alone.
    pub unreadable: u32,
}

/// Writes what the changes of calls mean for the history. Part of the transaction that writes the calls.
pub(crate) fn write(db: &Connection, changes: &Changes, agent: &Agent) -> Result<(), StoreError> {
    for leg in &changes.absorbed {
        forget(db, leg)?;
    }
    for call in &changes.calls {
        let Some(past) = PastCall::of(call, agent) else {
            forget(db, &call.leg)?;
            continue;
        };
        db.prepare_cached(
            "INSERT INTO history (leg, ended_at, extension, email, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (leg) DO UPDATE SET ended_at = excluded.ended_at, body = excluded.body",
        )?
        .execute(params![
            past.leg.as_str(),
            past.ended_at.0,
            agent.extension,
            agent.email,
            serde_json::to_string(&past)?
        ])?;
        call_list::put(db, &past)?;
        call_list::fold(db, past.offered_at, &past.leg)?;
    }
    Ok(())
}

fn forget(db: &Connection, leg: &LegId) -> Result<(), StoreError> {
    let past = call_list::place(db, leg)?;
    db.prepare_cached("DELETE FROM history WHERE leg = ?1")?.execute([leg.as_str()])?;
    past.map_or(Ok(()), |at| call_list::fold(db, at, leg))
}

/// Another account: its users and cases are others. That there was a call stays true.
pub(crate) fn forget_account(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "UPDATE history SET body = json_remove(body, '$.user', '$.case', '$.called_from') WHERE json_valid(body)",
        [],
    )?;
    call_list::make_anew(db)
}

/// Forgets calls that ended before, some at a time. Whether there may be more.
pub(crate) fn forget_before(db: &Connection, before: Moment) -> Result<bool, StoreError> {
    let forgotten = db
        .prepare_cached("DELETE FROM history WHERE leg IN (SELECT leg FROM history WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2)")?
        .execute(params![before.0, FORGOTTEN_AT_ONCE])?;
    Ok(forgotten == FORGOTTEN_AT_ONCE as usize)
}

impl Store {
    /// Calls that ended in `from..to`, the latest first, at most `limit` of them; `after` is where the page before ended.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn history(&self, from: Moment, to: Moment, after: Option<&HistoryCursor>, limit: u32) -> Result<HistoryPage, StoreError> {
        let (before, leg) = match after {
            Some(cursor) => (cursor.ended_at.0.min(to.0), cursor.leg.as_str()),
            // Strictly before `to`, whatever the leg.
            None => (to.0.saturating_sub(1), AFTER_ALL),
        };
        let mut statement = self.db.prepare_cached(PAGE)?;
        let mut rows = statement.query(params![from.0, before, leg, limit])?;
        let (mut page, mut read) = (HistoryPage::default(), 0);
        while let Some(row) = rows.next()? {
            read += 1;
            let (leg, ended_at): (String, i64) = (row.get(0)?, row.get(1)?);
            match crate::journal::read::<PastCall>(row, 4) {
                Some(past) => page.calls.push(PastCall {
                    leg: LegId::new(&leg),
                    agent: Agent {
                        extension: row.get(2)?,
                        email: row.get(3)?,
                    },
                    ..past
                }),
                None => page.unreadable += 1,
            }
            page.next = Some(HistoryCursor {
                ended_at: Moment(ended_at),
                leg,
            });
        }
        page.next = page.next.filter(|_| read == limit);
        Ok(page)
    }

    /// When the oldest call ended that is there; none where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn history_since(&self) -> Result<Option<Moment>, StoreError> {
        let oldest: Option<i64> = self
            .db
            .prepare_cached("SELECT min(ended_at) FROM history")?
            .query_row([], |row| row.get(0))?;
        Ok(oldest.map(Moment))
    }

    /// Forgets calls that ended before `before`, some at a time. Whether there may be more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn forget_history(&self, before: Moment) -> Result<bool, StoreError> {
        forget_before(&self.db, before)
    }
}
