//! The list of calls: the history as an agent looks at it, filtered and sorted, a window of rows at a time.
//!
//! Bodies of the history are JSON, which is slow to look into a hundred thousand times. What is filtered and sorted by stands in
//! a table of its own, one short row a call, made from the history's row and from nothing else: it is written in the same
//! transaction, forgotten with it, and what is missing of it at an opening (a file of before, a rescued one) is made then. Names
//! of users are not in it, as they change: they are looked for in the index of users.
//!
//! Missed calls of one case that come in a row, on one day, are one row of the list (S27): the latest stands for them, and the
//! others are marked as folded. Whether a call is depends on the call after it alone, so a write looks at its neighbours.

use crate::journal::read;
use crate::people::Person;
use crate::{Agent, PastCall, Store, StoreError};
use calls::{Direction, Disposition, LegId, Moment, PhoneKey, UserId};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

/// So many lines are offered to choose from.
const MOST_LINES: u32 = 100;
/// At most this many rows at once: who wants all asks again.
const MOST_ROWS: u32 = 500;
/// So many calls that stand in one row are told of.
const MOST_IN_A_ROW: u32 = 50;
/// Marks what is folded into the call after it, of the rows that follow.
const FOLD: &str = "UPDATE call_list SET folded = coalesce((
       SELECT n.missed = 1 AND call_list.missed = 1 AND n.case_id <> 0 AND n.case_id = call_list.case_id
         AND date(n.at / 1000, 'unixepoch', 'localtime') = date(call_list.at / 1000, 'unixepoch', 'localtime')
       FROM call_list n WHERE (n.at, n.leg) > (call_list.at, call_list.leg) ORDER BY n.at, n.leg LIMIT 1), 0)";

/// The users who have names, by their place among them. The name is read where it stands, as names change: it is the first of what
/// is found of a user, in small letters; who was named after their number has none. Places are numbers, so that a hundred
/// thousand calls are sorted by name as soon as by anything else.
const NAMED: &str = "WITH named (id, place) AS MATERIALIZED (
    SELECT id, dense_rank() OVER (ORDER BY name) FROM (
      SELECT id, replace(trim(substr(haystack, 1, instr(haystack || char(10), char(10)) - 1)), 'ё', 'е') AS name FROM people)
    WHERE name GLOB '*[^-+0-9() .,]*') ";

/// Which calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallFilter {
    /// Those of one direction.
    pub direction: Option<Direction>,
    /// Missed calls of clients with whom nobody of this desk has talked since.
    pub not_called_back: bool,
    /// Those that began then or later.
    pub from: Option<Moment>,
    /// Those of the agent with this extension.
    pub extension: Option<String>,
    /// Those that are in no case.
    pub without_case: bool,
    /// Those of a queue, group or dialled number.
    pub line: Option<String>,
    /// Those in which all words of one of the ways occur; without any, all.
    pub ways: Vec<Vec<String>>,
    /// Each call by itself, also those that stand in one row.
    pub apart: bool,
}

/// What they are sorted by; what is alike is sorted by time, the latest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallSort {
    /// When they began.
    #[default]
    Time,
    /// The user's name as it is now; calls of those without any come last, whichever way.
    Name,
    /// The other side's number.
    Phone,
    /// The queue, group or dialled number.
    Line,
    /// How long they talked.
    Talk,
    /// The case, in the order in which cases were opened.
    Case,
}

/// How they are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallOrder {
    /// By what.
    pub by: CallSort,
    /// The smallest first, instead of the greatest.
    pub ascending: bool,
}

/// The calls of a day of this computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOfCalls {
    /// When one of them began, to tell which day it is.
    pub at: Moment,
    /// How many rows they make.
    pub calls: u32,
}

/// How many calls there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Days {
    /// Day by day, in the order of the list.
    pub days: Vec<DayOfCalls>,
    /// All that are kept, whatever the filter says.
    pub kept: u32,
    /// The lines that there are, of all calls.
    pub lines: Vec<String>,
}

/// A call of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCall {
    /// The call.
    pub past: PastCall,
    /// Its user, as last seen.
    pub person: Option<Person>,
    /// A missed call's: the first conversation with the same client after it.
    pub later: Option<LaterTalk>,
}

/// A conversation after a missed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaterTalk {
    /// Who called whom.
    pub direction: Direction,
    /// When it began to ring.
    pub offered_at: Moment,
    /// When they began to talk.
    pub answered_at: Moment,
    /// When it ended.
    pub ended_at: Moment,
    /// They talked at least as long.
    pub at_least: bool,
}

/// What the history says of a client before a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallsBefore {
    /// How many calls there were with them, either way, whether or not anybody talked.
    pub calls: u32,
    /// When the latest conversation began to ring; none: there was none.
    pub talked: Option<Moment>,
}

/// Writes the row of a call. Part of the transaction that writes it into the history.
pub(crate) fn put(db: &Connection, past: &PastCall) -> Result<(), StoreError> {
    let extension: String = db
        .prepare_cached("SELECT extension FROM history WHERE leg = ?1")?
        .query_row([past.leg.as_str()], |row| row.get(0))?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO call_list (leg, at, extension, direction, line, who, user, case_id, talk, missed, find, folded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)",
    )?
    .execute(params![
        past.leg.as_str(),
        past.offered_at.0,
        extension,
        direction_name(past.direction),
        past.queue.as_deref().or(past.line.as_deref()).unwrap_or_default(),
        who(past),
        past.user.map_or(0, |user| user.0.cast_signed()),
        past.case.as_ref().map_or(0, |case| case.id.0.cast_signed()),
        past.talk_ms().map_or(-1, |talk| talk.max(0)),
        is_missed(past),
        found_in(past),
    ])?;
    Ok(())
}

/// Where a call stands in the list; none when it does not.
pub(crate) fn place(db: &Connection, leg: &LegId) -> Result<Option<Moment>, StoreError> {
    let mut statement = db.prepare_cached("SELECT at FROM call_list WHERE leg = ?1")?;
    Ok(statement.query_row([leg.as_str()], |row| Ok(Moment(row.get(0)?))).optional()?)
}

/// Folds a call that was written or is gone, and the one before it.
pub(crate) fn fold(db: &Connection, at: Moment, leg: &LegId) -> Result<(), StoreError> {
    let before = "SELECT leg FROM call_list WHERE (at, leg) < (?1, ?2) ORDER BY at DESC, leg DESC LIMIT 1";
    db.prepare_cached(&format!("{FOLD} WHERE leg = ?2 OR leg = ({before})"))?
        .execute(params![at.0, leg.as_str()])?;
    Ok(())
}

/// Makes what is missing. Rows of the history that this version cannot read have none here.
pub(crate) fn complete(db: &Connection) -> Result<(), StoreError> {
    let counted = "SELECT (SELECT count(*) FROM history) = (SELECT count(*) FROM call_list)";
    if db.query_row(counted, [], |row| row.get(0))? {
        return Ok(());
    }
    let mut statement = db.prepare("SELECT leg, body FROM history WHERE leg NOT IN (SELECT leg FROM call_list)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(past) = read::<PastCall>(row, 1) {
            let leg = LegId::new(row.get::<_, String>(0)?);
            put(db, &PastCall { leg, ..past })?;
        }
    }
    db.execute(FOLD, [])?;
    Ok(())
}

/// The history was changed as a whole.
pub(crate) fn make_anew(db: &Connection) -> Result<(), StoreError> {
    db.execute("DELETE FROM call_list", [])?;
    complete(db)
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
        Direction::Internal => "internal",
    }
}

fn is_missed(past: &PastCall) -> bool {
    past.direction == Direction::Inbound && matches!(past.disposition, Some(Disposition::Missed | Disposition::Cancelled))
}

/// One name for the other side, however the number was spelt.
fn who(past: &PastCall) -> String {
    let as_text = || past.number.as_ref().map(|number| number.pretty().to_owned());
    let key = past.client.as_ref().map(|key| key.as_str().to_owned());
    key.or_else(as_text).unwrap_or_default()
}

/// What a search finds a call by, beside its user: the number as it is written and as digits, the name that the PBX sent, the
/// case.
fn found_in(past: &PastCall) -> String {
    let number = past.number.as_ref().map(|number| number.pretty().to_owned());
    let texts = [Some(who(past)), number, past.remote_name.clone()];
    let case = past.case.iter().flat_map(|case| [&case.number, &case.subject]).map(String::as_str);
    let mut all = String::new();
    for text in texts.iter().flatten().map(String::as_str).chain(case) {
        all.push_str(text);
        // No word goes over from one to the next.
        all.push('\n');
    }
    folded(&all)
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// A condition with its values.
#[derive(Default)]
struct Query {
    conditions: Vec<String>,
    values: Vec<Value>,
    with_people: bool,
    with_names: bool,
}

impl Query {
    fn of(filter: &CallFilter) -> Self {
        let mut query = Self::default();
        if let Some(direction) = filter.direction {
            query.and("l.direction = ?", [direction_name(direction).to_owned().into()]);
        }
        if filter.not_called_back {
            let nobody = |same: &str, known: &str| {
                format!("NOT ({known} AND EXISTS (SELECT 1 FROM call_list t WHERE t.{same} = l.{same} AND t.at > l.at AND t.talk >= 0))")
            };
            let (number, user) = (nobody("who", "l.who <> ''"), nobody("user", "l.user <> 0"));
            query.and(&format!("l.missed = 1 AND {number} AND {user}"), []);
        }
        if let Some(from) = filter.from {
            query.and("l.at >= ?", [from.0.into()]);
        }
        if let Some(extension) = &filter.extension {
            query.and("l.extension = ?", [extension.clone().into()]);
        }
        if filter.without_case {
            query.and("l.case_id = 0", []);
        }
        if let Some(line) = &filter.line {
            query.and("l.line = ?", [line.clone().into()]);
        }
        if !filter.apart {
            query.and("l.folded = 0", []);
        }
        query.search(&filter.ways);
        query
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    fn search(&mut self, ways: &[Vec<String>]) {
        let ways: Vec<_> = ways.iter().filter(|words| !words.is_empty()).collect();
        if ways.is_empty() {
            return;
        }
        self.with_people = true;
        let word = "(instr(l.find, ?) > 0 OR instr(coalesce(p.haystack, ''), ?) > 0)";
        let any: Vec<String> = ways.iter().map(|words| vec![word; words.len()].join(" AND ")).collect();
        let values = ways.into_iter().flatten();
        let values = values.flat_map(|word| [Value::from(folded(word)), word.to_lowercase().into()]);
        self.and(&format!("({})", any.join(" OR ")), values);
    }

    /// From where, and on which condition.
    fn rest(&self) -> String {
        let people = if self.with_people {
            " LEFT JOIN people p ON p.id = l.user"
        } else {
            ""
        };
        let names = if self.with_names {
            " LEFT JOIN named n ON n.id = l.user"
        } else {
            ""
        };
        let conditions = self.conditions.join(" AND ");
        let condition = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {conditions}")
        };
        format!("FROM call_list l{people}{names}{condition}")
    }
}

/// The legs of a window of rows.
pub(crate) fn window(filter: &CallFilter, order: CallOrder) -> (String, Vec<Value>) {
    let mut query = Query::of(filter);
    query.with_names = order.by == CallSort::Name;
    let named = if query.with_names { NAMED } else { "" };
    let way = if order.ascending { "ASC" } else { "DESC" };
    let sorted = match order.by {
        CallSort::Time => format!("l.at {way}, l.leg {way}"),
        CallSort::Name => format!("n.place {way} NULLS LAST, l.at DESC, l.leg"),
        CallSort::Phone => format!("l.who {way}, l.at DESC, l.leg"),
        CallSort::Line => format!("l.line {way}, l.at DESC, l.leg"),
        CallSort::Talk => format!("l.talk {way}, l.at DESC, l.leg"),
        CallSort::Case => format!("l.case_id {way}, l.at DESC, l.leg"),
    };
    let sql = format!("{named}SELECT l.leg {} ORDER BY {sorted} LIMIT ? OFFSET ?", query.rest());
    (sql, query.values)
}

impl Store {
    /// The calls with a number or a user that began before `at`, as far as the history reaches.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn calls_before(&self, number: &PhoneKey, user: Option<UserId>, at: Moment) -> Result<CallsBefore, StoreError> {
        let before = self
            .db
            .prepare_cached(
                "SELECT count(*), max(CASE WHEN talk >= 0 THEN at END) FROM call_list
                 WHERE at < ?3 AND (who = ?1 OR (?2 <> 0 AND user = ?2))",
            )?
            .query_row(params![number.as_str(), user.map_or(0, |user| user.0.cast_signed()), at.0], |row| {
                Ok(CallsBefore {
                    calls: row.get(0)?,
                    talked: row.get::<_, Option<i64>>(1)?.map(Moment),
                })
            })?;
        Ok(before)
    }

    /// How many calls there are, day by day where they are sorted by time, else all as one.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn days_of_calls(&self, filter: &CallFilter, order: CallOrder) -> Result<Days, StoreError> {
        let query = Query::of(filter);
        let day = if order.by == CallSort::Time {
            "date(l.at / 1000, 'unixepoch', 'localtime')"
        } else {
            "''"
        };
        let way = if order.ascending { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT count(*), max(l.at) {} GROUP BY {day} ORDER BY max(l.at) {way}",
            query.rest()
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let days = statement.query_map(params_from_iter(query.values), |row| {
            Ok(DayOfCalls {
                at: Moment(row.get(1)?),
                calls: row.get(0)?,
            })
        })?;
        let lines = "SELECT DISTINCT line FROM call_list WHERE line <> '' ORDER BY line LIMIT ?1";
        let mut lines = self.db.prepare_cached(lines)?;
        Ok(Days {
            days: days.collect::<Result<_, _>>()?,
            kept: self
                .db
                .prepare_cached("SELECT count(*) FROM call_list")?
                .query_row([], |row| row.get(0))?,
            lines: lines.query_map([MOST_LINES], |row| row.get(0))?.collect::<Result<_, _>>()?,
        })
    }

    /// The rows at these places of the list, from 0, at most 500: each its calls, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk refuses.
    pub fn calls_at(&self, filter: &CallFilter, order: CallOrder, from: u32, count: u32) -> Result<Vec<Vec<ListedCall>>, StoreError> {
        let (sql, mut values) = window(filter, order);
        values.extend([i64::from(count.min(MOST_ROWS)).into(), i64::from(from).into()]);
        let mut statement = self.db.prepare_cached(&sql)?;
        let legs = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(0))?;
        let mut rows = Vec::new();
        for leg in legs {
            let leg = leg?;
            // It could be read when the list's row was made of it.
            let Some(call) = self.listed(&leg)? else { continue };
            let mut row = vec![call];
            if !filter.apart && is_missed(&row[0].past) {
                for leg in self.folded_into(&row[0].past)? {
                    row.extend(self.listed(&leg)?);
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// The calls right before this one that stand in its row.
    fn folded_into(&self, past: &PastCall) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT leg, folded FROM call_list WHERE (at, leg) < (?1, ?2) ORDER BY at DESC, leg DESC LIMIT ?3")?;
        let mut rows = statement.query(params![past.offered_at.0, past.leg.as_str(), MOST_IN_A_ROW])?;
        let mut legs = Vec::new();
        while let Some(row) = rows.next()? {
            if !row.get::<_, bool>(1)? {
                break;
            }
            legs.push(row.get(0)?);
        }
        Ok(legs)
    }

    fn listed(&self, leg: &str) -> Result<Option<ListedCall>, StoreError> {
        let past = self
            .db
            .prepare_cached("SELECT extension, email, body FROM history WHERE leg = ?1")?
            .query_row([leg], |row| {
                let past = read::<PastCall>(row, 2);
                let agent = Agent {
                    extension: row.get(0)?,
                    email: row.get(1)?,
                };
                Ok(past.map(|past| PastCall {
                    leg: LegId::new(leg),
                    agent,
                    ..past
                }))
            })
            .optional()?
            .flatten();
        let Some(past) = past else { return Ok(None) };
        let missed = is_missed(&past);
        Ok(Some(ListedCall {
            person: past.user.map(|user| self.person(user)).transpose()?.flatten(),
            later: if missed { self.talk_after(&past)? } else { None },
            past,
        }))
    }

    /// The first conversation with the same number or user after a call.
    fn talk_after(&self, past: &PastCall) -> Result<Option<LaterTalk>, StoreError> {
        let find = |same: &str, value: Value| -> Result<Option<(i64, String)>, StoreError> {
            let sql = format!("SELECT at, leg FROM call_list WHERE {same} = ?1 AND at > ?2 AND talk >= 0 ORDER BY at LIMIT 1");
            let mut statement = self.db.prepare_cached(&sql)?;
            let found = statement.query_row(params![value, past.offered_at.0], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        };
        let who = who(past);
        let by_number = if who.is_empty() { None } else { find("who", who.into())? };
        let by_user = match past.user {
            Some(UserId(user)) => find("user", user.cast_signed().into())?,
            None => None,
        };
        let Some((_, leg)) = by_number.into_iter().chain(by_user).min() else {
            return Ok(None);
        };
        let talk = self
            .db
            .prepare_cached("SELECT body FROM history WHERE leg = ?1")?
            .query_row([leg], |row| Ok(read::<PastCall>(row, 0)))
            .optional()?
            .flatten();
        Ok(talk.and_then(|talk| {
            Some(LaterTalk {
                direction: talk.direction,
                offered_at: talk.offered_at,
                answered_at: talk.answered_at?,
                ended_at: talk.ended_at,
                at_least: talk.talk_at_least,
            })
        }))
    }
}
