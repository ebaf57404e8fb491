//! The rules of statistics, each with a history made by hand.

#![allow(clippy::unwrap_used)]

mod support;

use calls::{Did, Direction, Disposition, Moment, Reach, Recording, Side};
use figures::{BadRange, Counts, Figures, Kind, Range};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use store::PastCall;
use support::{With, agent, answered, at, attached, call, called, counted, days, missed, outcome};

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

/// Counted over the week from 18 to 24 November 2026.
fn week(history: Vec<PastCall>) -> Figures {
    counted(history, days("2026-11-18", "2026-11-24"), &moscow())
}

/// On a day of that week.
fn on(day: &str) -> Moment {
    at(&format!("2026-11-{day}:00"), &moscow())
}

#[test]
fn s35_received_are_calls_in_and_out_with_a_new_case() {
    let figures = week(vec![
        answered("a", on("18T10:00"), 1),
        called("b", on("19T10:00"), 2),
        missed("c", on("20T10:00"), 3),
        // In a case that was there: an earlier one, and a missed one (S27).
        attached("d", on("21T10:00"), 1),
        PastCall {
            joined: true,
            ..missed("e", on("21T11:00"), 3)
        },
        // No case at all, and one that another computer of the agent wrote and counts.
        call("f", on("22T10:00"), Direction::Inbound),
        PastCall {
            elsewhere: true,
            ..answered("g", on("22T11:00"), 4)
        },
    ]);
    assert_eq!(figures.now.received, 3);
    assert_eq!(figures.before.received, 0);
}

#[test]
fn s35_a_case_that_is_still_owed_counts_as_one_that_is_there() {
    let owed = PastCall {
        case: None,
        ..answered("a", on("18T10:00"), 0)
    };
    assert_eq!(week(vec![owed]).now.received, 1);
}

#[test]
fn s35_a_first_reply_is_an_answered_call_in_with_a_new_case() {
    let figures = week(vec![
        answered("a", on("18T10:00"), 1),
        called("b", on("19T10:00"), 2),
        missed("c", on("20T10:00"), 3),
        attached("d", on("21T10:00"), 1),
        // The talk was seen to begin and not to end.
        PastCall {
            unseen: true,
            ..answered("e", on("22T10:00"), 4)
        },
    ]);
    assert_eq!(figures.now.first_reply, 2);
}

#[test]
fn s36_closed_are_cases_with_that_status_and_a_recording() {
    let figures = week(vec![
        called("a", on("18T10:00"), 1).recorded(),
        // Closed without a recording, one that is still to come, one that could not be had.
        called("b", on("18T11:00"), 2),
        PastCall {
            recording: Recording::Missing,
            ..called("c", on("18T12:00"), 3)
        },
        // A recording, but it waits.
        answered("d", on("18T13:00"), 4).recorded(),
        // Closed, and a later call took it up again; the history tells the later call first.
        called("e", on("18T14:00"), 5).recorded(),
        attached("f", on("19T10:00"), 5).recorded(),
        // Closed, and the agent took that back.
        PastCall {
            undone: true,
            ..called("g", on("19T11:00"), 6).recorded()
        },
    ]);
    assert_eq!((figures.now.closed, figures.now.received), (1, 6));
}

#[test]
fn s36_a_later_note_that_changes_no_status_leaves_the_case_closed_and_it_counts_once() {
    let noted = PastCall {
        outcome: Some(outcome(calls::Act::NoteInCase, None)),
        ..attached("b", on("19T10:00"), 1).recorded()
    };
    let figures = week(vec![called("a", on("18T10:00"), 1), noted]);
    assert_eq!(figures.now.closed, 1, "the recording came with the second call");
}

#[test]
fn s36_what_became_of_a_case_after_the_range_is_what_it_is_now() {
    let reopened = week(vec![
        called("a", on("24T10:00"), 1).recorded(),
        attached("b", on("28T10:00"), 1).recorded(),
    ]);
    assert_eq!((reopened.now.received, reopened.now.closed), (1, 0));
}

#[test]
fn s38_a_closed_case_counts_for_who_closed_it_with_a_recording_of_their_own_talk() {
    let figures = week(vec![
        called("a", on("18T10:00"), 1).recorded().by("204"),
        called("b", on("18T11:00"), 2).recorded().by("205"),
        called("c", on("18T12:00"), 3).recorded().by("205"),
        // Closed by one, and only the talk of another has a recording.
        called("d", on("18T13:00"), 4).by("206"),
        PastCall {
            outcome: None,
            ..attached("e", on("18T14:00"), 4).recorded().by("204")
        },
    ]);
    let best: Vec<_> = figures.best.iter().map(|best| (best.agent.clone(), best.closed)).collect();
    assert_eq!(best, [(agent("205"), 2), (agent("204"), 1)]);
    assert_eq!(figures.now.closed, 4, "the channel counts the case with anybody's recording (S36)");
}

#[test]
fn s38_an_agent_is_one_however_the_address_is_written() {
    let mut shouting = called("a", on("18T10:00"), 1).recorded();
    shouting.agent.email = shouting.agent.email.to_uppercase();
    let figures = week(vec![shouting, called("b", on("18T11:00"), 2).recorded()]);
    assert_eq!(figures.best.iter().map(|best| best.closed).collect::<Vec<_>>(), [2]);
}

#[test]
fn calls_are_told_apart_by_how_they_went() {
    let ended = |disposition: Disposition, direction: Direction| PastCall {
        disposition: Some(disposition),
        ..call("x", on("18T10:00"), direction)
    };
    let not_placed = PastCall {
        dial_trouble: Some(calls::DialTrouble::OutOfReach),
        ..call("x", on("18T10:00"), Direction::Outbound)
    };
    let not_picked_up = call("x", on("18T10:00"), Direction::Outbound).outcome(Side::Agent, Reach::AgentAbsent, Did::Nothing);
    let unseen = PastCall {
        unseen: true,
        ..call("x", on("18T10:00"), Direction::Inbound)
    };
    for (call, kind) in [
        (answered("x", on("18T10:00"), 1), Kind::Incoming),
        (called("x", on("18T10:00"), 1), Kind::Outgoing),
        (ended(Disposition::Missed, Direction::Inbound), Kind::Missed),
        (ended(Disposition::Declined, Direction::Inbound), Kind::Missed),
        (ended(Disposition::Busy, Direction::Inbound), Kind::Missed),
        (ended(Disposition::AnsweredElsewhere, Direction::Inbound), Kind::Other),
        (ended(Disposition::Unknown, Direction::Inbound), Kind::Unknown),
        (ended(Disposition::Unknown, Direction::Outbound), Kind::Unknown),
        (unseen, Kind::Unknown),
        (ended(Disposition::Busy, Direction::Outbound), Kind::Outgoing),
        (not_placed, Kind::Other),
        (not_picked_up, Kind::Other),
        (call("x", on("18T10:00"), Direction::Internal).talked(5), Kind::Other),
    ] {
        assert_eq!(Kind::of(&call), kind, "{call:?}");
    }
}

#[test]
fn talk_time_is_that_with_clients_and_says_when_it_is_only_a_least() {
    let with_colleague = call("a", on("18T10:00"), Direction::Internal).talked(999_000);
    let exact = week(vec![
        with_colleague,
        answered("b", on("18T11:00"), 1),
        called("c", on("18T12:00"), 2),
    ]);
    assert_eq!((exact.now.talk_ms, exact.now.talk_at_least), (120_000, false));
    let least = PastCall {
        talk_at_least: true,
        ..answered("b", on("18T11:00"), 1)
    };
    assert!(week(vec![least]).now.talk_at_least);
}

#[test]
fn a_missed_client_waits_until_a_talk_by_number_or_as_a_user() {
    let other: calls::PhoneKey = serde_json::from_str("\"+78123330102\"").unwrap();
    let history = vec![
        // A talk before does not count, one after does, also after the range, and in either direction.
        answered("a", on("18T09:00"), 1).of(7),
        missed("b", on("18T10:00"), 2).of(7),
        PastCall {
            client: Some(other.clone()),
            ..called("c", on("26T10:00"), 3).of(7)
        },
        // Nobody was reached: still waiting.
        PastCall {
            client: Some(serde_json::from_str("\"+78123330103\"").unwrap()),
            ..missed("d", on("19T10:00"), 4)
        },
        PastCall {
            client: Some(serde_json::from_str("\"+78123330103\"").unwrap()),
            ..call("e", on("19T11:00"), Direction::Outbound)
        },
        // A hidden number.
        PastCall {
            client: None,
            ..missed("f", on("20T10:00"), 5)
        },
    ];
    let now = week(history).now;
    assert_eq!((now.calls.missed, now.talked_since, now.waiting, now.hidden), (3, 1, 1, 1));
}

#[test]
fn the_range_before_is_as_long_and_ends_the_day_before() {
    let figures = week(vec![
        answered("a", on("10T23:59"), 1),
        answered("b", on("11T00:00"), 2),
        answered("c", on("17T23:59"), 3),
        answered("d", on("18T00:00"), 4),
        answered("e", on("24T23:59"), 5),
        answered("f", on("25T00:00"), 6),
    ]);
    assert_eq!((figures.now.received, figures.before.received), (2, 2));
    assert_eq!(figures.range.before(), days("2026-11-11", "2026-11-17"));
    let of_days: Vec<_> = figures.days.iter().map(|day| day.calls.all()).collect();
    assert_eq!(of_days, [1, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn a_call_over_midnight_is_one_of_the_day_and_hour_it_began() {
    let night = answered("a", at("2026-11-18T23:59:50", &moscow()), 1);
    assert!(night.ended_at > at("2026-11-19T00:00:00", &moscow()));
    let figures = week(vec![night]);
    assert_eq!(
        (figures.days[0].calls.all(), figures.hours[23].all(), figures.weekdays[2].all()),
        (1, 1, 1)
    );
}

#[test]
fn lines_are_those_that_clients_called_the_busiest_first_and_bounded() {
    let mut history = vec![
        answered("a", on("18T10:00"), 1).on_line("8001"),
        answered("b", on("18T11:00"), 2).on_line("8002"),
        missed("c", on("18T12:00"), 3).on_line("8002"),
        called("d", on("18T13:00"), 4).on_line("8003"),
        answered("e", on("18T14:00"), 5),
    ];
    let lines = week(history.clone()).lines;
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.line.as_deref(), line.calls.incoming, line.calls.missed))
        .collect();
    assert_eq!(told, [(Some("8002"), 1, 1), (None, 1, 0), (Some("8001"), 1, 0)]);
    // A caller who comes by another line each time.
    history.extend((0..1500).map(|n| missed(&format!("{n}"), on("19T10:00"), 9).on_line(&format!("made up {n}"))));
    let figures = week(history);
    let all = figures.lines.iter().map(|line| line.calls.all()).sum::<u32>();
    assert_eq!((figures.lines.len(), all + figures.other_lines.all()), (1000, 1504));
}

#[test]
fn days_and_hours_are_the_walls_whatever_the_clocks_do() {
    // The hour from 2 to 3 is not there, is there twice, and a day begins at one o'clock.
    for (zone, day, walls) in [
        ("Europe/Berlin", date(2026, 3, 29), ["2026-03-29T01:59:59", "2026-03-29T03:00:00"]),
        ("Europe/Berlin", date(2026, 10, 25), ["2026-10-25T02:30:00", "2026-10-25T23:59:59"]),
        (
            "America/Sao_Paulo",
            date(2018, 11, 4),
            ["2018-11-04T01:00:00", "2018-11-04T23:59:59"],
        ),
        ("Pacific/Apia", date(2011, 12, 31), ["2011-12-31T00:00:00", "2011-12-31T23:59:59"]),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        let history = walls
            .iter()
            .enumerate()
            .map(|(n, wall)| answered(&n.to_string(), at(wall, &zone), n as u64));
        let figures = counted(history.collect(), Range::new(day, day).unwrap(), &zone);
        assert_eq!((figures.now.received, figures.before.received), (2, 0), "{day}");
        let hours: Vec<usize> = (0..24).filter(|hour| figures.hours[*hour].all() > 0).collect();
        let expected: Vec<usize> = walls.iter().map(|wall| wall[11..13].parse().unwrap()).collect();
        assert_eq!(hours, expected, "{day}");
    }
    // Both halves of the hour that comes twice.
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let first = at("2026-10-25T02:30:00", &berlin);
    let history = vec![answered("a", first, 1), answered("b", first.plus_ms(3_600_000), 2)];
    let figures = counted(history, days("2026-10-25", "2026-10-25"), &berlin);
    assert_eq!((figures.hours[2].all(), figures.days.len()), (2, 1));
}

#[test]
fn a_clock_that_was_set_back_breaks_nothing() {
    // It ended before it began, and one lies in days to come.
    let mut odd = answered("a", on("20T10:00"), 1);
    odd.ended_at = on("20T09:00");
    let to_come = answered("b", at("2031-01-01T00:00:00", &moscow()), 2);
    let now = week(vec![odd, to_come]).now;
    assert_eq!((now.received, now.talk_ms), (1, 0));
}

#[test]
fn moments_that_no_calendar_has_are_in_no_range() {
    let ends = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];
    let history = ends.map(|at| PastCall {
        offered_at: Moment(at),
        ended_at: Moment(at),
        answered_at: Some(Moment(0)),
        ..answered(&at.to_string(), Moment(0), 1)
    });
    assert_eq!(week(history.into()).now.received, 0);
}

#[test]
fn a_range_is_whole_days_in_order_and_no_longer_than_a_year() {
    let range = days("2024-01-01", "2024-12-31");
    assert_eq!((range.days(), range.each_day().count()), (366, 366));
    let is_bad = |first, last, why| assert_eq!(Range::new(first, last), Err(why));
    is_bad(date(2026, 11, 2), date(2026, 11, 1), BadRange::Backwards);
    is_bad(date(2024, 1, 1), date(2025, 1, 1), BadRange::TooLong);
    is_bad(Date::MIN, Date::MIN, BadRange::OutOfTime);
    is_bad(Date::MAX, Date::MAX, BadRange::OutOfTime);
    assert_eq!(Range::ending(date(2026, 3, 1), 30).unwrap().first(), date(2026, 1, 31));
    assert_eq!(Range::ending(Date::MIN, 30), Err(BadRange::OutOfTime));
}

#[test]
fn all_that_began_in_a_range_is_read_in_every_time_zone() {
    let range = days("2026-11-18", "2026-11-18");
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Moscow"] {
        let zone = TimeZone::get(zone).unwrap();
        let first = at("2026-11-18T00:00:00", &zone);
        assert!(range.reached_since() < first.plus_ms(-24 * 3_600_000), "{zone:?}");
    }
}

#[test]
fn counts_are_what_they_are_made_of() {
    let counts = Counts {
        incoming: 14,
        outgoing: 9,
        missed: 2,
    };
    assert_eq!(counts.all(), 25);
}
