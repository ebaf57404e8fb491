//! Counting: calls go in, the latest first, figures come out.

use crate::cases::{AgentNo, Cases, Period};
use crate::range::on_the_wall;
use crate::{Kind, Range};
use calls::{Direction, PhoneKey, UserId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Agent, PastCall};

/// At most so many lines are told apart: a line's name comes from outside, and each caller could have another one.
const MOST_LINES: usize = 1000;

/// Calls with clients, by how they went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// They called and the agent answered.
    pub incoming: u32,
    /// The agent called.
    pub outgoing: u32,
    /// They called and nobody answered.
    pub missed: u32,
}

impl Counts {
    fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Incoming => self.incoming += 1,
            Kind::Outgoing => self.outgoing += 1,
            Kind::Missed => self.missed += 1,
            Kind::Unknown | Kind::Other => {}
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.incoming + self.outgoing + self.missed
    }
}

/// The figures of one range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Calls, in and out, for which a new case was opened (S35).
    pub received: u32,
    /// Those of them that came in and were answered (S35).
    pub first_reply: u32,
    /// Closed cases of received calls that have a recording (S36).
    pub closed: u32,
    /// Calls with clients.
    pub calls: Counts,
    /// Calls of which nobody saw what became of them.
    pub unknown: u32,
    /// How long the agent talked with clients, ms.
    pub talk_ms: i64,
    /// It was at least as long as that: the end of a talk was out of sight.
    pub talk_at_least: bool,
    /// Missed calls after which the agent has talked with the client.
    pub talked_since: u32,
    /// Missed calls of clients who still wait.
    pub waiting: u32,
    /// Missed calls that nobody can call back: the number was hidden.
    pub hidden: u32,
}

/// The calls of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCounts {
    /// Which day.
    pub day: Date,
    /// Its calls.
    pub calls: Counts,
}

/// The calls of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCounts {
    /// The number that was dialled, as the PBX says it; none where it says none.
    pub line: Option<String>,
    /// Its calls.
    pub calls: Counts,
}

/// An agent with closed cases (S38).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// Who.
    pub agent: Agent,
    /// How many.
    pub closed: u32,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Of which days.
    pub range: Range,
    /// Of the range.
    pub now: Totals,
    /// Of the range before.
    pub before: Totals,
    /// Each day of the range, in order.
    pub days: Vec<DayCounts>,
    /// Each hour of the day, 0 to 23.
    pub hours: [Counts; 24],
    /// Each day of the week, Monday first.
    pub weekdays: [Counts; 7],
    /// Lines, the busiest first.
    pub lines: Vec<LineCounts>,
    /// Calls on lines beyond those that are told apart.
    pub other_lines: Counts,
    /// Agents of this computer with closed cases, the most first.
    pub best: Vec<Best>,
}

/// Counts calls. See the crate's header for what counts as what.
#[derive(Debug)]
pub struct Tally {
    range: Range,
    before: Range,
    zone: TimeZone,
    totals: [Totals; 2],
    days: BTreeMap<Date, Counts>,
    hours: [Counts; 24],
    weekdays: [Counts; 7],
    lines: BTreeMap<Option<String>, Counts>,
    other_lines: Counts,
    cases: Cases,
    agents: Vec<Agent>,
    agent_numbers: HashMap<String, AgentNo>,
    /// Whom the agent has talked with in calls that ended later than those to come.
    numbers_talked: HashSet<PhoneKey>,
    users_talked: HashSet<UserId>,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(range: Range, zone: TimeZone) -> Self {
        Self {
            before: range.before(),
            days: range.each_day().map(|day| (day, Counts::default())).collect(),
            range,
            zone,
            totals: Default::default(),
            hours: Default::default(),
            weekdays: Default::default(),
            lines: BTreeMap::new(),
            other_lines: Counts::default(),
            cases: Cases::default(),
            agents: Vec::new(),
            agent_numbers: HashMap::new(),
            numbers_talked: HashSet::new(),
            users_talked: HashSet::new(),
        }
    }

    /// Takes in a call. Calls come as the history has them, by their ends, the latest first, from the newest of all: what
    /// became of a case and who was called back is told by later ones.
    pub fn add(&mut self, call: &PastCall) {
        let kind = Kind::of(call);
        let wall = on_the_wall(call.offered_at, &self.zone);
        let period = wall.and_then(|(day, ..)| self.period(day));
        let agent = self.agent_number(&call.agent);
        self.cases.add(call, agent, period);
        if let Some(period) = period {
            let totals = &mut self.totals[period as usize];
            totals.count(call, kind);
            if kind == Kind::Missed {
                let known = call.client.is_some() || call.user.is_some();
                let talked = call.client.as_ref().is_some_and(|client| self.numbers_talked.contains(client))
                    || call.user.is_some_and(|user| self.users_talked.contains(&user));
                match (known, talked) {
                    (false, _) => totals.hidden += 1,
                    (true, true) => totals.talked_since += 1,
                    (true, false) => totals.waiting += 1,
                }
            }
        }
        if let (Some(Period::Now), Some((day, hour, weekday))) = (period, wall) {
            self.spread(call, kind, day, hour, weekday);
        }
        if matches!(kind, Kind::Incoming | Kind::Outgoing) && call.answered_at.is_some() {
            self.numbers_talked.extend(call.client.clone());
            self.users_talked.extend(call.user);
        }
    }

    /// The figures of all that was taken in.
    #[must_use]
    pub fn done(self) -> Figures {
        let [mut now, mut before] = self.totals;
        (now.closed, before.closed) = (self.cases.closed(Period::Now), self.cases.closed(Period::Before));
        let mut lines: Vec<_> = self.lines.into_iter().map(|(line, calls)| LineCounts { line, calls }).collect();
        // Those as busy stay in the order of their numbers.
        lines.sort_by_key(|line| std::cmp::Reverse(line.calls.all()));
        let closed_by = self.cases.closed_by();
        let of_agent = |(number, agent)| {
            let closed = *closed_by.get(&number)?;
            Some(Best { agent, closed })
        };
        let mut best: Vec<_> = self.agents.into_iter().enumerate().filter_map(of_agent).collect();
        best.sort_by(|one, other| {
            other
                .closed
                .cmp(&one.closed)
                .then_with(|| name(&one.agent).cmp(&name(&other.agent)))
        });
        Figures {
            range: self.range,
            now,
            before,
            days: self.days.into_iter().map(|(day, calls)| DayCounts { day, calls }).collect(),
            hours: self.hours,
            weekdays: self.weekdays,
            lines,
            other_lines: self.other_lines,
            best,
        }
    }

    fn period(&self, day: Date) -> Option<Period> {
        if self.range.contains(day) {
            Some(Period::Now)
        } else {
            self.before.contains(day).then_some(Period::Before)
        }
    }

    fn spread(&mut self, call: &PastCall, kind: Kind, day: Date, hour: usize, weekday: usize) {
        if matches!(kind, Kind::Unknown | Kind::Other) {
            return;
        }
        if let Some(counts) = self.days.get_mut(&day) {
            counts.add(kind);
        }
        self.hours[hour].add(kind);
        self.weekdays[weekday].add(kind);
        if call.direction == Direction::Inbound {
            let room = self.lines.len() < MOST_LINES || self.lines.contains_key(&call.line);
            let counts = match room {
                true => self.lines.entry(call.line.clone()).or_default(),
                false => &mut self.other_lines,
            };
            counts.add(kind);
        }
    }

    fn agent_number(&mut self, agent: &Agent) -> AgentNo {
        let next = self.agents.len();
        let number = *self.agent_numbers.entry(name(agent)).or_insert(next);
        if number == next {
            self.agents.push(agent.clone());
        }
        number
    }
}

/// What an agent is told apart by: the address in the help desk, however it is written; the extension where there is none.
fn name(agent: &Agent) -> String {
    match agent.email.trim() {
        "" => agent.extension.clone(),
        email => email.to_lowercase(),
    }
}

impl Totals {
    /// What the call adds by itself.
    fn count(&mut self, call: &PastCall, kind: Kind) {
        let answered = call.answered_at.is_some();
        if call.opened_a_case() {
            self.received += 1;
            if call.direction == Direction::Inbound && answered {
                self.first_reply += 1;
            }
        }
        self.calls.add(kind);
        if kind == Kind::Unknown {
            self.unknown += 1;
        }
        if matches!(kind, Kind::Incoming | Kind::Outgoing) {
            self.talk_ms = self.talk_ms.saturating_add(call.talk_ms().unwrap_or(0));
            self.talk_at_least |= answered && (call.talk_at_least || call.unseen);
        }
    }
}
