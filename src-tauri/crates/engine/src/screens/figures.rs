//! Statistics of the calls in this computer's history. Read in pages over a reader's connection, so that neither the
//! controller nor another reader waits for the whole of it; counted as they come, so that no more than a page is in memory.

use crate::time::ms;
use crate::view::{BestView, CommandError, CountsView, DayView, FiguresRange, FiguresView, LineView, TotalsView, TroubleView};
use calls::Moment;
use figures::{BadRange, Counts, Figures, Range, Tally, Totals};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{Agent, PastCall, Reader, StoreError};

/// Calls of a page.
const PAGE: u32 = 500;
/// So many lines are shown one by one.
const LINES: usize = 20;

/// The days that are asked for, on the day `today`.
///
/// # Errors
/// `badSetting` about `first`, `last`, `order` or `length`.
pub(crate) fn days(range: &FiguresRange, today: Date) -> Result<Range, CommandError> {
    let made = match range {
        FiguresRange::Today => Range::ending(today, 1),
        FiguresRange::Yesterday => Range::ending(today.yesterday().map_err(|_| bad("first"))?, 1),
        FiguresRange::Week => Range::ending(today, 7),
        FiguresRange::Month => Range::ending(today, 30),
        FiguresRange::Days { first, last } => {
            let day = |text: &str, about| text.parse::<Date>().map_err(|_| bad(about));
            Range::new(day(first, "first")?, day(last, "last")?)
        }
    };
    made.map_err(|why| {
        bad(match why {
            BadRange::Backwards => "order",
            BadRange::TooLong => "length",
            BadRange::OutOfTime => "first",
        })
    })
}

fn bad(about: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(about.to_owned()),
    }
}

/// The day on the wall at a moment.
pub(crate) fn day_of(at: Moment, zone: &TimeZone) -> Date {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).date()
}

/// Counts a range, and today beside it.
///
/// # Errors
/// [`StoreError`] when the disk refuses.
pub(crate) fn count(reader: &Reader, range: Range, today: Range, zone: &TimeZone, agent: &Agent) -> Result<FiguresView, StoreError> {
    let mut tally = Tally::new(range, zone.clone());
    let mut of_today = Tally::new(today, zone.clone());
    let from = range.before().reached_since().min(today.reached_since());
    let (mut unreadable, mut after) = (0, None);
    loop {
        let page = reader.look(move |store| store.history(from, Moment(i64::MAX), after.as_ref(), PAGE))?;
        unreadable += page.unreadable;
        page.calls.iter().for_each(|call| take(call, [&mut tally, &mut of_today]));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let kept_since = reader.look(store::Store::history_since)?.map(ms);
    Ok(FiguresView {
        unreadable,
        kept_since,
        day: totals(&of_today.done().now),
        ..view(tally.done(), today.last(), agent)
    })
}

fn take(call: &PastCall, tallies: [&mut Tally; 2]) {
    for tally in tallies {
        tally.add(call);
    }
}

fn view(figures: Figures, today: Date, agent: &Agent) -> FiguresView {
    let before = figures.range.before();
    let mut lines = figures.lines.into_iter();
    let shown: Vec<_> = lines.by_ref().take(LINES).collect();
    let others = lines.map(|line| counts(&line.calls)).fold(counts(&figures.other_lines), add);
    FiguresView {
        first: figures.range.first().to_string(),
        last: figures.range.last().to_string(),
        before_first: before.first().to_string(),
        before_last: before.last().to_string(),
        today: today.to_string(),
        now: totals(&figures.now),
        before: totals(&figures.before),
        day: TotalsView::default(),
        days: figures
            .days
            .iter()
            .map(|day| DayView {
                day: day.day.to_string(),
                calls: counts(&day.calls),
            })
            .collect(),
        hours: figures.hours.iter().map(counts).collect(),
        weekdays: figures.weekdays.iter().map(counts).collect(),
        lines: shown
            .into_iter()
            .map(|line| LineView {
                line: line.line.as_deref().map(calls::one_line).filter(|line| !line.is_empty()),
                calls: counts(&line.calls),
            })
            .collect(),
        other_lines: others,
        best: figures.best.iter().map(|best| named(&best.agent, best.closed, agent)).collect(),
        unreadable: 0,
        kept_since: None,
    }
}

fn named(who: &Agent, closed: u32, agent: &Agent) -> BestView {
    let (name, own) = match who.email.trim() {
        "" => (&who.extension, &agent.extension),
        email => (&email.to_owned(), &agent.email),
    };
    BestView {
        you: name.trim().to_lowercase() == own.trim().to_lowercase(),
        agent: name.clone(),
        closed,
    }
}

fn counts(of: &Counts) -> CountsView {
    CountsView {
        incoming: of.incoming,
        outgoing: of.outgoing,
        missed: of.missed,
    }
}

fn add(one: CountsView, other: CountsView) -> CountsView {
    CountsView {
        incoming: one.incoming + other.incoming,
        outgoing: one.outgoing + other.outgoing,
        missed: one.missed + other.missed,
    }
}

fn totals(of: &Totals) -> TotalsView {
    TotalsView {
        received: of.received,
        first_reply: of.first_reply,
        closed: of.closed,
        calls: counts(&of.calls),
        unknown: of.unknown,
        talk_ms: ms(Moment(of.talk_ms)),
        talk_at_least: of.talk_at_least,
        talked_since: of.talked_since,
        waiting: of.waiting,
        hidden: of.hidden,
    }
}

#[cfg(test)]
mod tests;
