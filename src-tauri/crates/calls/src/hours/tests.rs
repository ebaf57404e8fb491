use super::*;
use jiff::civil::DateTime;
use proptest::prelude::*;

/// Moscow knows no change of the clock.
fn moscow() -> TimeZone {
    TimeZone::posix("MSK-3").unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn hours(days: [&str; DAYS]) -> WorkingHours {
    WorkingHours::read(&days.map(str::to_owned)).unwrap()
}

fn week() -> WorkingHours {
    let day = "09:00–18:00";
    hours([day, day, day, day, day, "", ""])
}

fn at(text: &str, zone: &TimeZone) -> Moment {
    let civil: DateTime = text.parse().unwrap();
    Moment(zone.to_ambiguous_zoned(civil).compatible().unwrap().timestamp().as_millisecond())
}

fn shown(at: Option<Moment>, zone: &TimeZone) -> String {
    let shown = |at: Moment| {
        let here = Timestamp::from_millisecond(at.0).unwrap().to_zoned(zone.clone());
        here.strftime("%a %d %H:%M").to_string()
    };
    at.map_or_else(|| "never".into(), shown)
}

#[test]
fn hours_are_read_as_people_type_them_and_shown_in_one_way() {
    for (typed, shown) in [
        ("9-18", "09:00–18:00"),
        (" 09:00 — 18:30 ", "09:00–18:30"),
        ("8.30–17.15", "08:30–17:15"),
        ("22-6", "22:00–06:00"),
        ("9-24", "09:00–24:00"),
        ("9-0", "09:00–24:00"),
        ("0-24:00", "00:00–24:00"),
        ("9-9", "09:00–09:00"),
        ("", ""),
    ] {
        let read = hours([typed, "", "", "", "", "", ""]).texts();
        assert_eq!(read[0], shown, "{typed}");
        assert_eq!(WorkingHours::read(&read).unwrap().texts(), read, "{typed}");
    }
}

#[test]
fn bad_input_what_says_no_hours_is_refused_and_which_day_it_is() {
    for wrong in [
        "9",
        "9-",
        "-18",
        "25-26",
        "24-9",
        "9:60-18",
        "9-24:01",
        "9-18-20",
        "девять–шесть",
        "９-18",
        "9:0-18",
        "+9-18",
        "9- 1 8",
        "999-18",
    ] {
        let days = ["9-18", "", wrong, "", "", "", ""].map(str::to_owned);
        assert_eq!(WorkingHours::read(&days), Err(2), "{wrong}");
    }
    for (days, place) in [(1, 1), (6, 6), (8, 7)] {
        assert_eq!(WorkingHours::read(&vec![String::new(); days]), Err(place), "{days} days");
    }
    let long = "9".repeat(1_000_000);
    assert_eq!(WorkingHours::read(&vec![long; 7]), Err(0));
}

#[test]
fn hours_are_kept_as_texts_and_nonsense_is_not_taken() {
    let kept = serde_json::to_string(&week()).unwrap();
    assert!(kept.starts_with("[\"09:00–18:00\","), "{kept}");
    assert_eq!(serde_json::from_str::<WorkingHours>(&kept).unwrap(), week());
    assert_eq!(serde_json::to_string(&WorkingHours::default()).unwrap(), "[]");
    for wrong in ["[\"nine to five\"]", "[1,2,3,4,5,6,7]", "{}", "\"9-18\""] {
        assert!(serde_json::from_str::<WorkingHours>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_moment_is_within_them_or_not_and_the_next_begin_is_known() {
    let night = hours(["22-6", "22-6", "22-6", "22-6", "22-6", "", ""]);
    let zone = moscow();
    for (hours, now, works, begins, changes) in [
        (week(), "2026-11-30T08:59:59", false, "Mon 30 09:00", "Mon 30 09:00"),
        (week(), "2026-11-30T09:00:00", true, "Tue 01 09:00", "Mon 30 18:00"),
        (week(), "2026-11-30T17:59:59", true, "Tue 01 09:00", "Mon 30 18:00"),
        (week(), "2026-11-30T18:00:00", false, "Tue 01 09:00", "Tue 01 09:00"),
        (week(), "2026-12-04T18:00:00", false, "Mon 07 09:00", "Mon 07 09:00"),
        (night, "2026-12-01T05:59:59", true, "Tue 01 22:00", "Tue 01 06:00"),
        (night, "2026-12-01T06:00:00", false, "Tue 01 22:00", "Tue 01 22:00"),
        // The night that began on Friday.
        (night, "2026-12-05T03:00:00", true, "Mon 07 22:00", "Sat 05 06:00"),
        (night, "2026-12-06T03:00:00", false, "Mon 07 22:00", "Mon 07 22:00"),
        (
            hours(["", "", "", "", "", "", "10-14"]),
            "2026-12-06T15:00:00",
            false,
            "Sun 13 10:00",
            "Sun 13 10:00",
        ),
        (hours([""; 7]), "2026-12-06T15:00:00", false, "never", "never"),
        (WorkingHours::default(), "2026-12-06T15:00:00", true, "never", "never"),
    ] {
        let now_ = at(now, &zone);
        assert_eq!(hours.cover(now_, &zone), works, "{now} {hours:?}");
        assert_eq!(shown(hours.begin_after(now_, &zone), &zone), begins, "{now} {hours:?}");
        assert_eq!(shown(hours.change_after(now_, &zone), &zone), changes, "{now} {hours:?}");
    }
}

#[test]
fn whole_days_in_a_row_have_no_gap_between_them() {
    let always = hours(["0-24"; 7]);
    for now in ["2026-11-30T23:59:59", "2026-12-01T00:00:00", "2026-12-06T00:00:00"] {
        assert!(always.cover(at(now, &moscow()), &moscow()), "{now}");
    }
}

#[test]
fn a_change_of_the_clock_moves_them_with_the_clock() {
    let zone = berlin();
    let day = hours(["9-18"; 7]);
    // Forward on 29 March, back on 25 October: nine o'clock is what the clock shows.
    for date in ["2026-03-28", "2026-03-29", "2026-10-25", "2026-10-26"] {
        assert!(!day.cover(at(&format!("{date}T08:59:00"), &zone), &zone), "{date}");
        assert!(day.cover(at(&format!("{date}T09:00:00"), &zone), &zone), "{date}");
        assert!(!day.cover(at(&format!("{date}T18:00:00"), &zone), &zone), "{date}");
    }
    // A begin that the clock skips is as much later; one that is skipped together with its end is no time of work.
    let skipped = hours(["2:30-5"; 7]);
    assert_eq!(
        shown(skipped.begin_after(at("2026-03-29T00:00:00", &zone), &zone), &zone),
        "Sun 29 03:30"
    );
    let swallowed = hours(["2:30-3"; 7]);
    assert_eq!(
        shown(swallowed.begin_after(at("2026-03-29T00:00:00", &zone), &zone), &zone),
        "Mon 30 02:30"
    );
}

proptest! {
    #[test]
    fn where_work_is_over_it_begins_at_the_next_begin_and_not_before(
        days in prop::collection::vec((0_i16..24, 0_i16..24, any::<bool>()), 7),
        minute in 0_i64..2 * 366 * 24 * 60,
        in_berlin in any::<bool>(),
        into in 0.0_f64..1.0,
    ) {
        let zone = if in_berlin { berlin() } else { moscow() };
        let texts: Vec<String> = days.iter().map(|(from, until, works)| if *works { format!("{from}-{until}") } else { String::new() }).collect();
        let hours = WorkingHours::read(&texts).unwrap();
        let now = Moment(1_767_225_600_000 + minute * 60_000);
        let begins = hours.begin_after(now, &zone);
        prop_assert_eq!(begins.is_none(), days.iter().all(|(_, _, works)| !works));
        if let Some(begins) = begins {
            prop_assert!(begins > now && hours.cover(begins, &zone));
            if !hours.cover(now, &zone) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a part of two weeks")]
                let between = now.plus_ms((begins.since(now) as f64 * into) as i64);
                prop_assert!(between >= begins || !hours.cover(between, &zone));
                prop_assert_eq!(hours.change_after(now, &zone), Some(begins));
            }
        }
    }
}
