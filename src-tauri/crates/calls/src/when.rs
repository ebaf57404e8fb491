//! When to call back, as people say it: «завтра в 10», «через час», «в понедельник в 9», `30.11 15:00`; in Russian and in
//! English alike.
//!
//! What was understood is shown before it is taken, so a short form may be read the way an office means it: a bare
//! «в 3» is the afternoon, a day alone is its morning, and a time alone is the next time the clock shows it.

mod words;

use crate::time::Moment;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, Zoned};
use words::{Part, Unit, Word, words};

/// A moment that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRead {
    /// When it is.
    pub at: Moment,
    /// What a change of the clock does to it.
    pub change: ClockChange,
}

/// What a change of the clock does to a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    /// Nothing.
    None,
    /// The clock is put forward over it: the time is as much later.
    Skipped,
    /// The clock is put back, so it comes twice: the first is meant.
    Twice,
}

/// Why no moment was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenTrouble {
    /// It is no time, or a day that there is not.
    Unread,
    /// It is over.
    Past,
    /// It is more than a year away.
    TooFar,
}

/// What is offered at the press of a digit, in Russian and in English. They are always ahead.
pub const WHEN_CHOICES: [(&str, &str); 6] = [
    ("через 15 минут", "in 15 minutes"),
    ("через час", "in an hour"),
    ("через 3 часа", "in 3 hours"),
    ("завтра в 10", "tomorrow at 10"),
    ("завтра в 15", "tomorrow at 15"),
    ("в понедельник в 9", "on Monday at 9"),
];

/// The farthest that is read, days.
const FARTHEST: i64 = 366;
/// A text beyond that many characters says no time.
const LONGEST: usize = 80;
/// When the day begins for who names only the day.
const MORNING: Clock = Clock { hour: 9, minute: 0 };
/// A bare hour below this, written with one digit, is in the afternoon: nobody calls clients at night.
const FIRST_BARE_HOUR: i8 = 7;

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    hour: i8,
    minute: i8,
}

/// The day, as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    After(i64),
    Weekday(Weekday),
    /// Such a day after today.
    NextWeekday(Weekday),
    Date {
        day: i8,
        month: i8,
        year: Option<i16>,
    },
}

/// Reads what was typed, as it is meant at this moment on this computer.
///
/// # Errors
/// Why it says no moment that a reminder can be set for.
pub fn read_when(text: &str, now: Moment, zone: &TimeZone) -> Result<TimeRead, WhenTrouble> {
    let words = Some(text)
        .filter(|text| text.chars().count() <= LONGEST)
        .and_then(words)
        .ok_or(WhenTrouble::Unread)?;
    let here = Timestamp::from_millisecond(now.0)
        .map_err(|_| WhenTrouble::Unread)?
        .to_zoned(zone.clone());
    let mut said = Said::default();
    let found = match said.take(&words) {
        Some(()) => said.resolve(&here),
        None => Err(WhenTrouble::Unread),
    }?;
    if found.at <= now {
        Err(WhenTrouble::Past)
    } else if found.at.since(now) > FARTHEST * 24 * 3_600_000 {
        Err(WhenTrouble::TooFar)
    } else {
        Ok(found)
    }
}

/// What was said so far.
#[derive(Debug, Default)]
struct Said {
    /// «через …», in minutes that pass, whatever the clock is put to.
    minutes: Option<i64>,
    day: Option<Day>,
    clock: Option<Clock>,
    /// The day is so many days from now, at this time of day where no other is said.
    from_now: bool,
    /// The hour was written with one digit and nothing says which half of the day it is in.
    bare: bool,
}

impl Said {
    /// Takes all words; none where one of them has no place.
    fn take(&mut self, words: &[Word]) -> Option<()> {
        let mut rest = words;
        let mut before = Word::In;
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            let last = std::mem::replace(&mut before, *word);
            match *word {
                Word::At | Word::On | Word::Next => {}
                Word::In => rest = self.take_span(after)?,
                Word::Day(days) => self.set_day(Day::After(days))?,
                Word::Weekday(day) if last == Word::Next => self.set_day(Day::NextWeekday(day))?,
                Word::Weekday(day) => self.set_day(Day::Weekday(day))?,
                Word::Date { day, month, year } => self.set_day(Day::Date { day, month, year })?,
                Word::Month(month) => {
                    let (Word::Number { value, .. }, after) = after.split_first()? else {
                        return None;
                    };
                    self.set_day(named(*value, month, None)?)?;
                    rest = after;
                }
                Word::Clock { hour, minute } => self.set_clock(Clock { hour, minute }, false)?,
                Word::Dotted { first, second } if last == Word::At => self.set_clock(clock(first, second)?, false)?,
                Word::Dotted { first, second } => match named(first, i8::try_from(second).unwrap_or(0), None) {
                    Some(day) if self.day.is_none() => self.set_day(day)?,
                    _ => self.set_clock(clock(first, second)?, false)?,
                },
                Word::OfDay => self.set_part(Part::Afternoon)?,
                Word::Part(part) => self.set_part(part)?,
                Word::Number { value, digits } => {
                    rest = self.take_number(value, digits, matches!(last, Word::At | Word::On), after)?;
                }
                Word::Unit(_) | Word::Half => return None,
            }
        }
        (self.minutes.is_some() || self.day.is_some() || self.clock.is_some()).then_some(())
    }

    /// «30 ноября», «15 минут», «10 часов утра», «10».
    fn take_number<'a>(&mut self, value: i64, digits: usize, after_at: bool, rest: &'a [Word]) -> Option<&'a [Word]> {
        match rest.first() {
            Some(Word::Month(month)) => {
                let year = match rest.get(1) {
                    Some(Word::Number { value, digits: 4 }) => Some(i16::try_from(*value).ok()?),
                    _ => None,
                };
                self.set_day(named(value, *month, year)?)?;
                Some(&rest[if year.is_some() { 2 } else { 1 }..])
            }
            Some(Word::Unit(Unit::Hour)) if after_at || self.day.is_some() => {
                self.set_clock(clock(value, 0)?, digits == 1)?;
                Some(&rest[1..])
            }
            Some(Word::Unit(unit)) if !after_at && matches!(unit, Unit::Minute | Unit::Hour) => {
                self.add_span(value, *unit)?;
                Some(&rest[1..])
            }
            Some(Word::Unit(_)) => None,
            _ => {
                self.set_clock(clock(value, 0)?, digits == 1)?;
                Some(rest)
            }
        }
    }

    /// What follows «через»: amounts with their units.
    fn take_span<'a>(&mut self, mut rest: &'a [Word]) -> Option<&'a [Word]> {
        let mut taken = false;
        loop {
            rest = match rest {
                [Word::Half, Word::Unit(Unit::Hour), after @ ..] => {
                    self.add_span(30, Unit::Minute)?;
                    after
                }
                [Word::Number { value, .. }, Word::Unit(unit), after @ ..] => {
                    self.add_span(*value, *unit)?;
                    after
                }
                [Word::Number { value, .. }, Word::OfDay, after @ ..] => {
                    self.add_span(*value, Unit::Day)?;
                    after
                }
                [Word::Next, after @ ..] if !taken => {
                    rest = after;
                    continue;
                }
                [Word::Unit(unit), after @ ..] => {
                    self.add_span(1, *unit)?;
                    after
                }
                _ if taken => return Some(rest),
                _ => return None,
            };
            taken = true;
        }
    }

    fn add_span(&mut self, amount: i64, unit: Unit) -> Option<()> {
        // More than anybody means, and far from where numbers end.
        let amount = Some(amount).filter(|amount| (1..=100_000).contains(amount))?;
        match unit {
            Unit::Minute => self.minutes = Some(self.minutes.unwrap_or(0) + amount),
            Unit::Hour => self.minutes = Some(self.minutes.unwrap_or(0) + amount * 60),
            Unit::Day => self.set_day(Day::After(amount))?,
            Unit::Week => self.set_day(Day::After(amount * 7))?,
        }
        self.from_now = true;
        Some(())
    }

    fn set_day(&mut self, day: Day) -> Option<()> {
        self.day.replace(day).is_none().then_some(())
    }

    fn set_clock(&mut self, clock: Clock, bare: bool) -> Option<()> {
        self.bare = bare;
        self.clock.replace(clock).is_none().then_some(())
    }

    /// Which part of the day it is: of the hour that was said, else by itself.
    fn set_part(&mut self, part: Part) -> Option<()> {
        self.bare = false;
        let Some(said) = self.clock else {
            let (hour, minute) = part.begins();
            return self.set_clock(Clock { hour, minute }, false);
        };
        let hour = part.hour(said.hour)?;
        self.clock = Some(Clock { hour, ..said });
        Some(())
    }

    fn resolve(&self, now: &Zoned) -> Result<TimeRead, WhenTrouble> {
        if let Some(minutes) = self.minutes {
            // A span says how long, a time says when: both together say neither.
            if self.day.is_some() || self.clock.is_some() {
                return Err(WhenTrouble::Unread);
            }
            return found(
                now.timestamp().as_millisecond().saturating_add(minutes.saturating_mul(60_000)),
                ClockChange::None,
            );
        }
        let clock = match self.clock {
            Some(said) if self.bare && (1..FIRST_BARE_HOUR).contains(&said.hour) => Clock {
                hour: said.hour + 12,
                ..said
            },
            Some(said) => said,
            None if self.from_now => Clock {
                hour: now.hour(),
                minute: now.minute(),
            },
            None => MORNING,
        };
        let time = Time::new(clock.hour, clock.minute, 0, 0).map_err(|_| WhenTrouble::Unread)?;
        let on = |date: Date| date.to_datetime(time);
        let today = now.date();
        match self.day {
            // A day alone says no time of it.
            Some(Day::After(0)) if self.clock.is_none() => Err(WhenTrouble::Unread),
            Some(Day::After(days)) => settle(on(later(today, days)?), now),
            Some(Day::NextWeekday(day)) => {
                let ahead = match today.weekday().until(day) {
                    0 => 7,
                    ahead => i64::from(ahead),
                };
                settle(on(later(today, ahead)?), now)
            }
            Some(Day::Weekday(day)) => {
                let ahead = i64::from(today.weekday().until(day));
                let first = settle(on(later(today, ahead)?), now)?;
                if is_ahead(&first, now) {
                    return Ok(first);
                }
                settle(on(later(today, ahead + 7)?), now)
            }
            Some(Day::Date {
                day,
                month,
                year: Some(year),
            }) => settle(on(date(year, month, day)?), now),
            Some(Day::Date { day, month, year: None }) => {
                // The 29th of February is not in each year.
                let of_year = |year: i16| date(year, month, day).and_then(|date| settle(on(date), now));
                match of_year(today.year()) {
                    Ok(found) if is_ahead(&found, now) => Ok(found),
                    _ => of_year(today.year() + 1),
                }
            }
            None => {
                let first = settle(on(today), now)?;
                if is_ahead(&first, now) {
                    return Ok(first);
                }
                settle(on(later(today, 1)?), now)
            }
        }
    }
}

fn is_ahead(when: &TimeRead, now: &Zoned) -> bool {
    when.at.0 > now.timestamp().as_millisecond()
}

fn later(from: Date, days: i64) -> Result<Date, WhenTrouble> {
    let span = Span::new().try_days(days).map_err(|_| WhenTrouble::TooFar)?;
    from.checked_add(span).map_err(|_| WhenTrouble::TooFar)
}

fn date(year: i16, month: i8, day: i8) -> Result<Date, WhenTrouble> {
    Date::new(year, month, day).map_err(|_| WhenTrouble::Unread)
}

/// The moment of a time on this computer's clock.
fn settle(at: DateTime, now: &Zoned) -> Result<TimeRead, WhenTrouble> {
    let read = now.time_zone().to_ambiguous_zoned(at);
    let change = match read.offset() {
        AmbiguousOffset::Unambiguous { .. } => ClockChange::None,
        AmbiguousOffset::Gap { .. } => ClockChange::Skipped,
        AmbiguousOffset::Fold { .. } => ClockChange::Twice,
    };
    let at = read.compatible().map_err(|_| WhenTrouble::TooFar)?;
    found(at.timestamp().as_millisecond(), change)
}

fn found(ms: i64, change: ClockChange) -> Result<TimeRead, WhenTrouble> {
    Ok(TimeRead { at: Moment(ms), change })
}

fn named(day: i64, month: i8, year: Option<i16>) -> Option<Day> {
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    (1..=12).contains(&month).then_some(Day::Date { day, month, year })
}

fn clock(hour: i64, minute: i64) -> Option<Clock> {
    let hour = i8::try_from(hour).ok().filter(|hour| (0..24).contains(hour))?;
    let minute = i8::try_from(minute).ok().filter(|minute| (0..60).contains(minute))?;
    Some(Clock { hour, minute })
}

#[cfg(test)]
mod tests;
