#![allow(clippy::unwrap_used, reason = "a test")]

use super::*;
use calls::{
    Act, Call, CaseFacts, CaseId, CaseStatus, Changes, Desk, Direction, Disposition, Input, LegId, Origin, Outcome, Phase, Policy, Remote,
};
use calls::{CallEvent, CallEventKind, Recording};
use jiff::civil::date;
use store::{Disk, Store};

const MINUTE: i64 = 60_000;

/// A call of a client that ended after a minute, with what the desk decided of it by itself.
fn ended(leg: &str, began: Moment) -> Call {
    let leg = LegId::new(leg);
    let event = |at: i64, kind| Input::Pbx {
        event: CallEvent {
            leg: leg.clone(),
            at: began.plus_ms(at),
            kind,
        },
    };
    let mut desk = Desk::new(Policy::default());
    let offered = CallEventKind::Offered {
        conversation: None,
        direction: Direction::Inbound,
        remote: Remote {
            raw: "+79161234567".into(),
            name: None,
            hidden: false,
        },
        line: Some("8001".into()),
        queue: None,
        origin: Origin::Direct,
    };
    desk.handle(event(0, offered), began);
    let mut call = desk.calls().next().unwrap().clone();
    call.detail.phase = Phase::Ended;
    call.detail.answered_at = Some(began.plus_ms(1_000));
    call.detail.ended_at = Some(began.plus_ms(MINUTE));
    call.detail.disposition = Some(Disposition::Answered);
    call
}

fn disk_with(calls: Vec<Call>) -> (tempfile::TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("desk.db")).unwrap();
    store.set_agent(Agent {
        extension: "204".into(),
        email: "anna@company.example".into(),
    });
    let changes = Changes {
        calls,
        ..Changes::default()
    };
    store.commit(1, &changes, &[], Moment(1)).unwrap();
    (folder, Disk::of(store).unwrap())
}

fn at_noon(day: Date) -> Moment {
    let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    Moment(noon.timestamp().as_millisecond())
}

fn me() -> Agent {
    Agent {
        extension: "204".into(),
        email: "Anna@company.example".into(),
    }
}

#[test]
fn more_calls_than_a_page_are_all_counted_and_today_stands_beside_the_range() {
    let today = date(2026, 11, 30);
    let of_day = |day: Date, count: u32| (0..count).map(move |n| ended(&format!("{day} {n:04}"), at_noon(day)));
    let calls = of_day(date(2026, 11, 20), 2 * PAGE + 7).chain(of_day(today, 3)).collect();
    let (_folder, disk) = disk_with(calls);
    let range = FiguresRange::Days {
        first: "2026-11-20".into(),
        last: "2026-11-21".into(),
    };
    let range = days(&range, today).unwrap();
    let view = count(&disk.reader(), range, Range::ending(today, 1).unwrap(), &TimeZone::UTC, &me()).unwrap();
    assert_eq!((view.now.calls.incoming, view.before.calls.incoming), (2 * PAGE + 7, 0));
    assert_eq!((view.day.calls.incoming, view.today.as_str()), (3, "2026-11-30"));
    assert_eq!(
        (view.before_first.as_str(), view.before_last.as_str()),
        ("2026-11-18", "2026-11-19")
    );
    assert_eq!(
        view.days.iter().map(|day| day.calls.incoming).collect::<Vec<_>>(),
        [2 * PAGE + 7, 0]
    );
    assert_eq!(view.hours[12].incoming, 2 * PAGE + 7);
    assert_eq!(
        view.lines,
        [LineView {
            line: Some("8001".into()),
            calls: view.days[0].calls
        }]
    );
    assert_eq!(view.kept_since, Some(ms(at_noon(date(2026, 11, 20)).plus_ms(MINUTE))));
}

#[test]
fn s38_the_agent_of_this_computer_is_known_however_the_address_is_written() {
    let today = date(2026, 11, 30);
    let mut call = ended("a", at_noon(today));
    call.filing.case = Some(CaseFacts {
        id: CaseId(40),
        number: "482-113907".into(),
        subject: String::new(),
        status: None,
    });
    let decided = calls::decide(&calls::Facts {
        side: calls::Side::Agent,
        reach: calls::Reach::Talked,
        did: calls::Did::Nothing,
        transferred: false,
        has_owner: true,
        open_missed: false,
        into_missed: false,
        from_case: false,
        unanswered_outgoing_cases: true,
    });
    assert_eq!((decided.act, decided.status), (Act::OpenCase, Some(CaseStatus::Closed)));
    call.filing.outcome = Some(Outcome { ..decided });
    call.filing.recording = Recording::Attached;
    let (_folder, disk) = disk_with(vec![call]);
    let range = Range::ending(today, 1).unwrap();
    let view = count(&disk.reader(), range, range, &TimeZone::UTC, &me()).unwrap();
    let me = BestView {
        agent: "anna@company.example".into(),
        you: true,
        closed: 1,
    };
    assert_eq!((view.best, view.now.closed), (vec![me], 1));
}

#[test]
fn an_empty_history_gives_empty_figures() {
    let (_folder, disk) = disk_with(Vec::new());
    let range = Range::ending(date(2026, 11, 30), 7).unwrap();
    let view = count(&disk.reader(), range, range, &TimeZone::UTC, &me()).unwrap();
    assert_eq!((view.now, view.kept_since, view.days.len()), (TotalsView::default(), None, 7));
}

#[test]
fn ranges_are_days_of_the_calendar_and_bad_ones_say_what_is_wrong() {
    let today = date(2026, 3, 1);
    let made = |range| days(&range, today).map(|range| (range.first().to_string(), range.last().to_string()));
    let are = |first: &str, last: &str| Ok((first.to_owned(), last.to_owned()));
    assert_eq!(made(FiguresRange::Today), are("2026-03-01", "2026-03-01"));
    assert_eq!(made(FiguresRange::Yesterday), are("2026-02-28", "2026-02-28"));
    assert_eq!(made(FiguresRange::Week), are("2026-02-23", "2026-03-01"));
    assert_eq!(made(FiguresRange::Month), are("2026-01-31", "2026-03-01"));
    for (first, last, about) in [
        ("", "2026-03-01", "first"),
        ("2026-02-30", "2026-03-01", "first"),
        ("2026-03-01", "1; DROP TABLE history", "last"),
        ("2026-03-02", "2026-03-01", "order"),
        ("2020-01-01", "2026-03-01", "length"),
        ("-009999-01-01", "-009999-01-01", "first"),
        ("9999-12-31", "9999-12-31", "first"),
    ] {
        let range = FiguresRange::Days {
            first: first.into(),
            last: last.into(),
        };
        assert_eq!(days(&range, today), Err(bad(about)), "{first}..{last}");
    }
}
