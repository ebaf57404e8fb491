//! Working hours by weekday: «09:00–18:00» for each day from Monday on, empty for a day off.
//!
//! They are times of this computer's clock. One that ends at or before its beginning goes on into the next day («22:00–06:00»), so
//! the same time twice is a whole day.

use crate::time::Moment;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

const DAYS: usize = 7;
/// Longer texts say no hours.
const LONGEST: usize = 40;
/// The farthest day that is looked at: a weekly day twice, as a change of the clock may swallow one.
const FARTHEST: i64 = 15;

/// When an agent works; without any, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct WorkingHours {
    days: Option<[Option<Hours>; DAYS]>,
}

/// Of one day, in minutes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hours {
    from: i16,
    /// At or before `from`: on the next day.
    until: i16,
}

impl WorkingHours {
    /// As they are typed, Monday first; no texts at all: always.
    ///
    /// # Errors
    /// The place of the day that is not understood; the number of days, where there are not seven.
    pub fn read(texts: &[String]) -> Result<Self, usize> {
        if texts.is_empty() {
            return Ok(Self::default());
        }
        let mut days = [None; DAYS];
        for (place, day) in days.iter_mut().enumerate() {
            let text = texts.get(place).ok_or(texts.len())?.trim();
            if !text.is_empty() {
                *day = Some(Hours::read(text).ok_or(place)?);
            }
        }
        if texts.len() > DAYS {
            return Err(DAYS);
        }
        Ok(Self { days: Some(days) })
    }

    /// As they are shown and kept.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let days = self.days.iter().flatten();
        days.map(|day| day.map(Hours::text).unwrap_or_default()).collect()
    }

    /// Whether this is a time of work.
    #[must_use]
    pub fn cover(&self, at: Moment, zone: &TimeZone) -> bool {
        self.days.is_none() || self.near(at, zone).any(|(from, until)| from <= at && at < until)
    }

    /// When work begins for the first time after this moment; never where there is no day with hours.
    #[must_use]
    pub fn begin_after(&self, at: Moment, zone: &TimeZone) -> Option<Moment> {
        self.near(at, zone).map(|(from, _)| from).filter(|from| *from > at).min()
    }

    /// When work begins or ends next.
    #[must_use]
    pub fn change_after(&self, at: Moment, zone: &TimeZone) -> Option<Moment> {
        let edges = self.near(at, zone).flat_map(|(from, until)| [from, until]);
        edges.filter(|edge| *edge > at).min()
    }

    /// The times of work around a moment.
    fn near(&self, at: Moment, zone: &TimeZone) -> impl Iterator<Item = (Moment, Moment)> {
        let today = Timestamp::from_millisecond(at.0).ok().map(|at| at.to_zoned(zone.clone()).date());
        let days = self.days.zip(today);
        days.into_iter()
            .flat_map(|(days, today)| (-1..=FARTHEST).map(move |after| (days, today, after)))
            .filter_map(|(days, today, after)| {
                let date = later(today, after)?;
                let hours = days[usize::try_from(date.weekday().to_monday_zero_offset()).ok()?]?;
                let last = if hours.until <= hours.from { later(date, 1)? } else { date };
                let (from, until) = (moment(date, hours.from, zone)?, moment(last, hours.until, zone)?);
                (from < until).then_some((from, until))
            })
    }
}

fn later(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// A time that the clock skips is as much later; of one that comes twice, the first.
fn moment(date: Date, minute: i16, zone: &TimeZone) -> Option<Moment> {
    let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    let at = zone.to_ambiguous_zoned(date.to_datetime(time)).compatible().ok()?;
    Some(Moment(at.timestamp().as_millisecond()))
}

impl Hours {
    /// «9–18», «09:00 - 18:30», «22.00–6».
    fn read(text: &str) -> Option<Self> {
        let text = Some(text).filter(|text| text.chars().count() <= LONGEST)?;
        let (from, until) = text.split_once(['-', '–', '—'])?;
        let (from, until) = (minute_of_day(from.trim())?, minute_of_day(until.trim())?);
        // 24:00 is the next day's 0:00, and no day begins with it.
        (from < 24 * 60).then_some(Self {
            from,
            until: until % (24 * 60),
        })
    }

    fn text(self) -> String {
        let until = if self.until == 0 { 24 * 60 } else { self.until };
        let [from, until] = [self.from, until].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60));
        format!("{from}–{until}")
    }
}

fn minute_of_day(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_number = digits.contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_digit());
        text.parse::<i16>().ok().filter(|_| is_number)
    };
    let (hour, minute) = (number(hour, 1..=2)?, number(minute, 2..=2)?);
    let of_day = hour * 60 + minute;
    (minute < 60 && of_day <= 24 * 60).then_some(of_day)
}

impl TryFrom<Vec<String>> for WorkingHours {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        Self::read(&texts).map_err(|place| format!("day {} has no such hours", place + 1))
    }
}

impl From<WorkingHours> for Vec<String> {
    fn from(hours: WorkingHours) -> Self {
        hours.texts()
    }
}

#[cfg(test)]
mod tests;
