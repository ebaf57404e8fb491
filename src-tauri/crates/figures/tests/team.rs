//! The team's figures: rule by rule with cases made by hand, and over random cases with a second count.

#![allow(clippy::unwrap_used)]

use calls::Moment;
use figures::{Closer, Closing, Looked, Range, Recordings, TeamBest, TeamCase, TeamFigures, count_team};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const ANNA: u64 = 330;
const IGOR: u64 = 331;

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

fn on(day: i8, hour: i8, minute: i8) -> Moment {
    let at = date(2026, 11, day).at(hour, minute, 0, 0).to_zoned(moscow()).unwrap();
    Moment(at.timestamp().as_millisecond())
}

fn open(day: i8) -> TeamCase {
    TeamCase {
        opened_at: on(day, 10, 0),
        closed: false,
        looked: None,
    }
}

fn closed(by: Closer, of: &[u64], untold: bool) -> TeamCase {
    let recordings = Recordings {
        of: of.iter().copied().collect(),
        untold,
    };
    TeamCase {
        closed: true,
        looked: Some(Looked::Told(Closing { by, recordings })),
        ..open(18)
    }
}

fn week(cases: &[TeamCase]) -> TeamFigures {
    let range = Range::new(date(2026, 11, 18), date(2026, 11, 24)).unwrap();
    count_team(cases, range, &moscow())
}

#[test]
fn s35_received_are_the_cases_opened_on_these_days_by_this_computers_clock() {
    let at = |opened_at| TeamCase { opened_at, ..open(18) };
    let figures = week(&[
        at(on(17, 23, 59)),
        at(on(18, 0, 0)),
        at(on(18, 9, 30)),
        at(on(24, 23, 59)),
        at(on(25, 0, 0)),
        at(Moment(i64::MAX)),
    ]);
    assert_eq!(figures.received, 3);
    assert_eq!(
        (figures.days[0], figures.days[6]),
        ((date(2026, 11, 18), 2), (date(2026, 11, 24), 1))
    );
    assert_eq!(
        (figures.days.len(), figures.hours[0], figures.hours[9], figures.hours[23]),
        (7, 1, 1, 1)
    );
    // The 18th was a Wednesday.
    assert_eq!(figures.weekdays, [0, 1, 2, 0, 0, 0, 0]);
}

#[test]
fn s36_closed_are_those_with_a_recording_and_what_nobody_looked_into_is_neither() {
    let unlooked = TeamCase { closed: true, ..open(19) };
    let barred = TeamCase {
        looked: Some(Looked::Barred),
        ..unlooked.clone()
    };
    let figures = week(&[
        open(18),
        closed(Closer::Staff(ANNA), &[ANNA], false),
        closed(Closer::Staff(ANNA), &[], false),
        closed(Closer::Rule, &[], true),
        unlooked,
        barred,
        // Opened again since somebody looked.
        TeamCase {
            closed: false,
            ..closed(Closer::Staff(ANNA), &[ANNA], false)
        },
    ]);
    assert_eq!((figures.received, figures.closed, figures.recorded), (7, 5, 2));
    assert_eq!((figures.unlooked, figures.barred), (1, 1));
}

#[test]
fn s38_a_closed_case_counts_for_who_closed_it_with_a_recording_of_their_own_conversation() {
    let figures = week(&[
        closed(Closer::Staff(IGOR), &[IGOR], false),
        closed(Closer::Staff(ANNA), &[ANNA, IGOR], false),
        closed(Closer::Staff(ANNA), &[ANNA], true),
        // Of a colleague's conversation; of nobody knows whose; by a rule; by nobody knows whom.
        closed(Closer::Staff(ANNA), &[IGOR], false),
        closed(Closer::Staff(ANNA), &[IGOR], true),
        closed(Closer::Rule, &[ANNA], false),
        closed(Closer::Untold, &[ANNA], false),
    ]);
    let best = [TeamBest { staff: ANNA, closed: 2 }, TeamBest { staff: IGOR, closed: 1 }];
    assert_eq!(figures.best, best);
    assert_eq!((figures.recording_untold, figures.by_rule, figures.closer_untold), (1, 1, 1));
}

#[test]
fn those_with_as_many_stand_in_the_order_of_their_numbers() {
    let figures = week(&[
        closed(Closer::Staff(IGOR), &[IGOR], false),
        closed(Closer::Staff(ANNA), &[ANNA], false),
    ]);
    assert_eq!(figures.best.iter().map(|best| best.staff).collect::<Vec<_>>(), [ANNA, IGOR]);
}

fn any_case() -> impl Strategy<Value = TeamCase> {
    let closer = prop_oneof![(1u64..4).prop_map(Closer::Staff), Just(Closer::Rule), Just(Closer::Untold)];
    let told = (closer, prop::collection::btree_set(1u64..4, 0..3), any::<bool>()).prop_map(|(by, of, untold)| {
        Looked::Told(Closing {
            by,
            recordings: Recordings { of, untold },
        })
    });
    let looked = prop_oneof![Just(None), Just(Some(Looked::Barred)), told.prop_map(Some)];
    (-20i64 * 24 * 60..20 * 24 * 60, any::<bool>(), looked).prop_map(|(minutes, closed, looked)| {
        // Around a day on which the clocks of Berlin are set back.
        let middle = date(2026, 10, 25).to_zoned(TimeZone::UTC).unwrap().timestamp();
        TeamCase {
            opened_at: Moment(middle.as_millisecond() + minutes * 60_000),
            closed,
            looked,
        }
    })
}

fn day_of(case: &TeamCase, zone: &TimeZone) -> Date {
    Timestamp::from_millisecond(case.opened_at.0).unwrap().to_zoned(zone.clone()).date()
}

proptest! {
    #[test]
    fn random_cases_are_counted_as_by_the_sentences_of_the_rules(
        cases in prop::collection::vec(any_case(), 0..40), first in -10i32..10, length in 0i32..15,
    ) {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let first = date(2026, 10, 25).saturating_add(first.days());
        let last = first.saturating_add(length.days());
        let figures = count_team(&cases, Range::new(first, last).unwrap(), &zone);

        let of_range: Vec<_> = cases.iter().filter(|case| (first..=last).contains(&day_of(case, &zone))).collect();
        let count = |fits: &dyn Fn(&TeamCase) -> bool| u32::try_from(of_range.iter().filter(|case| fits(case)).count()).unwrap();
        let told = |case: &TeamCase| match &case.looked {
            Some(Looked::Told(closing)) if case.closed => Some(closing.clone()),
            _ => None,
        };
        prop_assert_eq!(figures.received, count(&|_| true));
        prop_assert_eq!(figures.closed, count(&|case| case.closed));
        prop_assert_eq!(figures.unlooked, count(&|case| case.closed && case.looked.is_none()));
        prop_assert_eq!(figures.barred, count(&|case| case.closed && case.looked == Some(Looked::Barred)));
        let recorded = count(&|case| told(case).is_some_and(|closing| closing.recordings.any()));
        prop_assert_eq!(figures.recorded, recorded);
        for staff in 1u64..4 {
            let own = count(&|case| told(case).is_some_and(|closing| {
                closing.by == Closer::Staff(staff) && closing.recordings.of.contains(&staff)
            }));
            let found = figures.best.iter().find(|best| best.staff == staff).map_or(0, |best| best.closed);
            prop_assert_eq!(found, own);
        }
        // Each closed case with a recording is somebody's, or is said to be nobody's, once; or is a colleague's conversation.
        let colleagues = count(&|case| told(case).is_some_and(|closing| match closing.by {
            Closer::Staff(staff) => {
                closing.recordings.any() && !closing.recordings.untold && !closing.recordings.of.contains(&staff)
            }
            _ => false,
        }));
        let bests: u32 = figures.best.iter().map(|best| best.closed).sum();
        prop_assert_eq!(bests + figures.by_rule + figures.closer_untold + figures.recording_untold + colleagues, recorded);
        prop_assert!(figures.best.windows(2).all(|two| two[0].closed >= two[1].closed));
        for spread in [figures.days.iter().map(|day| day.1).sum::<u32>(), figures.hours.iter().sum(), figures.weekdays.iter().sum()] {
            prop_assert_eq!(spread, figures.received);
        }
    }
}
