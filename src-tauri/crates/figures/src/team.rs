//! The team's figures, from what the help desk says of the cases of the calls' channel.
//!
//! A case of that channel stands for the call for which it was opened, whoever's computer or hand that was. What counts:
//!
//! * **received** (S35): cases opened in the range;
//! * **closed** (S36): those of them whose status is closed now, whoever set it, and that have a recording;
//! * **best** (S38): those for the member of staff who closed them, if there is a recording of that member's own
//!   conversation in them.
//!
//! Whether there is a recording, and who closed, is told only by a look into each case ([`Looked`]). What no look has told
//! is counted as that, by itself: it is neither a zero nor somebody's.

use crate::Range;
use crate::range::on_the_wall;
use calls::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// A case of the calls' channel, as the help desk has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamCase {
    /// When it was opened.
    pub opened_at: Moment,
    /// Its status is closed.
    pub closed: bool,
    /// What a look into it has told; none: nobody has looked.
    pub looked: Option<Looked>,
}

/// What a look into a closed case tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// The help desk does not let this agent see it.
    Barred,
    /// Who closed it, and what was recorded.
    Told(Closing),
}

/// How a case was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// By whom.
    pub by: Closer,
    /// Its recordings.
    pub recordings: Recordings,
}

/// Who closed a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closer {
    /// This member of staff, by number.
    Staff(u64),
    /// A rule of the account, or another program.
    Rule,
    /// Nothing says who.
    Untold,
}

/// The recordings in a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recordings {
    /// Of whose conversations, by the numbers of members of staff.
    pub of: BTreeSet<u64>,
    /// There is one of which nothing says whose conversation it is.
    pub untold: bool,
}

impl Recordings {
    /// Whether there is any.
    #[must_use]
    pub fn any(&self) -> bool {
        self.untold || !self.of.is_empty()
    }
}

/// A member of staff with closed cases (S38).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamBest {
    /// Who, by number.
    pub staff: u64,
    /// How many.
    pub closed: u32,
}

/// The team's figures of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamFigures {
    /// Cases opened (S35).
    pub received: u32,
    /// Those of them that are closed now, with a recording or without.
    pub closed: u32,
    /// Closed ones with a recording (S36), as far as they were looked at.
    pub recorded: u32,
    /// Closed ones that nobody has looked into yet.
    pub unlooked: u32,
    /// Closed ones that this agent may not see.
    pub barred: u32,
    /// Cases opened on each day of the range, in order.
    pub days: Vec<(Date, u32)>,
    /// In each hour of the day, 0 to 23.
    pub hours: [u32; 24],
    /// On each day of the week, Monday first.
    pub weekdays: [u32; 7],
    /// Who closed those with a recording of their own conversation (S38), the most first.
    pub best: Vec<TeamBest>,
    /// Closed ones with a recording that a rule has closed.
    pub by_rule: u32,
    /// Closed ones with a recording of which nothing says who closed them.
    pub closer_untold: u32,
    /// Closed ones with a recording of which nothing says whether it is of the conversation of who closed them.
    pub recording_untold: u32,
}

/// Counts the cases that were opened in a range; others are passed over.
#[must_use]
pub fn count_team<'a>(cases: impl IntoIterator<Item = &'a TeamCase>, range: Range, zone: &TimeZone) -> TeamFigures {
    let mut days: BTreeMap<Date, u32> = range.each_day().map(|day| (day, 0)).collect();
    let mut best: BTreeMap<u64, u32> = BTreeMap::new();
    let mut figures = TeamFigures {
        received: 0,
        closed: 0,
        recorded: 0,
        unlooked: 0,
        barred: 0,
        days: Vec::new(),
        hours: [0; 24],
        weekdays: [0; 7],
        best: Vec::new(),
        by_rule: 0,
        closer_untold: 0,
        recording_untold: 0,
    };
    for case in cases {
        let Some((day, hour, weekday)) = on_the_wall(case.opened_at, zone) else {
            continue;
        };
        let Some(on_day) = days.get_mut(&day) else { continue };
        *on_day += 1;
        figures.received += 1;
        figures.hours[hour] += 1;
        figures.weekdays[weekday] += 1;
        if case.closed {
            figures.close(case.looked.as_ref(), &mut best);
        }
    }
    figures.days = days.into_iter().collect();
    figures.best = best.into_iter().map(|(staff, closed)| TeamBest { staff, closed }).collect();
    // Those with as many stay in the order of their numbers.
    figures.best.sort_by_key(|best| std::cmp::Reverse(best.closed));
    figures
}

impl TeamFigures {
    fn close(&mut self, looked: Option<&Looked>, best: &mut BTreeMap<u64, u32>) {
        self.closed += 1;
        let Closing { by, recordings } = match looked {
            None => return self.unlooked += 1,
            Some(Looked::Barred) => return self.barred += 1,
            Some(Looked::Told(closing)) => closing,
        };
        if !recordings.any() {
            return;
        }
        self.recorded += 1;
        match by {
            Closer::Rule => self.by_rule += 1,
            Closer::Untold => self.closer_untold += 1,
            Closer::Staff(staff) if recordings.of.contains(staff) => *best.entry(*staff).or_default() += 1,
            Closer::Staff(_) if recordings.untold => self.recording_untold += 1,
            // A colleague's conversation, closed by somebody else.
            Closer::Staff(_) => {}
        }
    }
}
