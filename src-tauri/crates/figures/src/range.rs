//! Which days are asked for.

use calls::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Whole days of a calendar, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: Date,
    last: Date,
}

/// Why days are no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRange {
    /// It ends before it begins.
    Backwards,
    /// More than [`Range::LONGEST`] days.
    TooLong,
    /// Not in the years that a history can have.
    OutOfTime,
}

impl Range {
    /// A leap year, in days.
    pub const LONGEST: i32 = 366;
    /// Years that a range may lie in; the days before it are years too, then.
    const YEARS: std::ops::RangeInclusive<i16> = 1980..=9000;

    /// From a day to a day.
    ///
    /// # Errors
    /// [`BadRange`].
    pub fn new(first: Date, last: Date) -> Result<Self, BadRange> {
        if last < first {
            return Err(BadRange::Backwards);
        }
        if !Self::YEARS.contains(&first.year()) || !Self::YEARS.contains(&last.year()) {
            return Err(BadRange::OutOfTime);
        }
        let range = Self { first, last };
        if range.days() > Self::LONGEST {
            return Err(BadRange::TooLong);
        }
        Ok(range)
    }

    /// So many days, of which this is the last.
    ///
    /// # Errors
    /// [`BadRange`].
    pub fn ending(last: Date, days: i32) -> Result<Self, BadRange> {
        let first = last.checked_sub((days - 1).days()).map_err(|_| BadRange::OutOfTime)?;
        Self::new(first, last)
    }

    /// The first day.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> Date {
        self.last
    }

    /// How many days.
    #[must_use]
    pub fn days(&self) -> i32 {
        // Days alone, as civil dates have no hours: at most the calendar's length.
        self.first.until(self.last).map_or(i32::MAX - 1, |span| span.get_days()) + 1
    }

    /// The range before: as long, up to the day before the first.
    #[must_use]
    pub fn before(&self) -> Self {
        let back = self.days().days();
        Self {
            first: self.first.saturating_sub(back),
            last: self.last.saturating_sub(back),
        }
    }

    /// Whether a day is one of it.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Its days, in order.
    pub fn each_day(&self) -> impl Iterator<Item = Date> + use<> {
        let first = self.first;
        (0..self.days()).map(move |n| first.saturating_add(n.days()))
    }

    /// No call that began in it or later ended before this moment, whatever the time zone; two days are to spare for a clock
    /// that was set back during a call.
    #[must_use]
    pub fn reached_since(&self) -> Moment {
        let midnight = self.first.saturating_sub(3.days()).to_zoned(TimeZone::UTC);
        Moment(midnight.map_or(i64::MIN, |zoned| zoned.timestamp().as_millisecond()))
    }
}

/// The day, the hour (0 to 23) and the day of the week (0: Monday) that a clock on the wall showed; none for a moment that no
/// calendar has.
pub(crate) fn on_the_wall(at: Moment, zone: &TimeZone) -> Option<(Date, usize, usize)> {
    let zoned = Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone());
    let hour = usize::try_from(zoned.hour()).ok()?;
    let weekday = usize::try_from(zoned.weekday().to_monday_zero_offset()).ok()?;
    Some((zoned.date(), hour, weekday))
}
