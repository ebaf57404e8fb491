use super::*;
use jiff::civil::DateTime;
use proptest::prelude::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn moscow() -> TimeZone {
    TimeZone::posix("MSK-3").unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn always() -> WorkingHours {
    WorkingHours::default()
}

fn week() -> WorkingHours {
    let day = || "09:00–18:00".to_owned();
    WorkingHours::read(&[day(), day(), day(), day(), day(), String::new(), String::new()]).unwrap()
}

fn never() -> WorkingHours {
    WorkingHours::read(&vec![String::new(); 7]).unwrap()
}

fn at(text: &str, zone: &TimeZone) -> Moment {
    let civil: DateTime = text.parse().unwrap();
    Moment(zone.to_ambiguous_zoned(civil).compatible().unwrap().timestamp().as_millisecond())
}

fn shown(paused: Option<Paused>, zone: &TimeZone) -> String {
    let Some(paused) = paused else { return "comes".into() };
    let until = paused.until.map_or_else(
        || "until said".into(),
        |at| {
            let here = Timestamp::from_millisecond(at.0).unwrap().to_zoned(zone.clone());
            here.strftime("until %a %d %H:%M").to_string()
        },
    );
    format!("{}{until}", if paused.by_hours { "by hours " } else { "" })
}

#[test]
fn it_is_said_until_when_popups_do_not_come() {
    use PauseLength::{Minutes, Tomorrow, UntilSaid};
    let (monday, evening, friday) = ("2026-11-30T14:31:00", "2026-11-30T17:45:00", "2026-12-04T17:45:00");
    for (hours, now, length, meant) in [
        (always(), monday, Minutes(30), "until Mon 30 15:01"),
        (always(), monday, Tomorrow, "until Tue 01 00:00"),
        (always(), "2026-11-30T23:59:59", Tomorrow, "until Tue 01 00:00"),
        (always(), "2026-12-01T00:00:00", Tomorrow, "until Wed 02 00:00"),
        (always(), monday, UntilSaid, "until said"),
        // What ends after work ends with the next.
        (week(), monday, Minutes(30), "until Mon 30 15:01"),
        (week(), evening, Minutes(30), "until Tue 01 09:00"),
        (week(), evening, Tomorrow, "until Tue 01 09:00"),
        (week(), friday, Tomorrow, "until Mon 07 09:00"),
        (week(), friday, UntilSaid, "until said"),
        (never(), monday, Minutes(30), "until said"),
    ] {
        let zone = moscow();
        let look = Look {
            at: at(now, &zone),
            hours: &hours,
            zone: &zone,
        };
        let mut pause = Pause::default();
        assert!(pause.begin(length, &look));
        assert_eq!(shown(pause.paused(&look), &zone), meant, "{now} {length:?} {hours:?}");
    }
}

#[test]
fn bad_input_a_length_that_there_is_not_changes_nothing() {
    let zone = moscow();
    let hours = always();
    let look = Look {
        at: at("2026-11-30T14:31:00", &zone),
        hours: &hours,
        zone: &zone,
    };
    let mut pause = Pause::default();
    assert!(pause.begin(PauseLength::Minutes(30), &look));
    let before = pause.clone();
    for minutes in [0, LONGEST_MINUTES + 1, u32::MAX] {
        assert!(!pause.begin(PauseLength::Minutes(minutes), &look), "{minutes}");
        assert_eq!(pause, before);
    }
}

/// A pause as time goes on: what was done and what is shown at each moment.
fn story(hours: &WorkingHours, zone: &TimeZone, deeds: &[(&str, Deed, &str)]) -> Pause {
    let mut pause = Pause::default();
    for (now, deed, meant) in deeds {
        let look = Look {
            at: at(now, zone),
            hours,
            zone,
        };
        pause.follow(&look);
        match deed {
            Looks => {}
            Says(length) => assert!(pause.begin(*length, &look)),
            Resumes => pause.resume(&look),
        }
        pause.follow(&look);
        // It is kept and read again at any moment.
        pause = serde_json::from_str(&serde_json::to_string(&pause).unwrap()).unwrap();
        assert_eq!(shown(pause.paused(&look), zone), *meant, "at {now}");
    }
    pause
}

#[derive(Clone, Copy)]
enum Deed {
    Looks,
    Says(PauseLength),
    Resumes,
}
use Deed::{Looks, Resumes, Says};

#[test]
fn a_pause_passes_and_another_word_takes_its_place() {
    let zone = moscow();
    story(
        &always(),
        &zone,
        &[
            ("2026-11-30T14:00:00", Says(PauseLength::Minutes(30)), "until Mon 30 14:30"),
            ("2026-11-30T14:10:00", Says(PauseLength::Minutes(30)), "until Mon 30 14:40"),
            ("2026-11-30T14:39:59", Looks, "until Mon 30 14:40"),
            ("2026-11-30T14:40:00", Looks, "comes"),
            ("2026-11-30T15:00:00", Says(PauseLength::UntilSaid), "until said"),
            ("2027-11-30T15:00:00", Looks, "until said"),
            ("2027-11-30T15:00:01", Resumes, "comes"),
        ],
    );
}

#[test]
fn outside_working_hours_the_agents_word_holds_until_work_begins() {
    let zone = moscow();
    story(
        &week(),
        &zone,
        &[
            ("2026-11-30T17:59:59", Looks, "comes"),
            ("2026-11-30T18:00:00", Looks, "by hours until Tue 01 09:00"),
            ("2026-11-30T19:00:00", Resumes, "comes"),
            ("2026-12-01T08:59:59", Looks, "comes"),
            ("2026-12-01T09:00:00", Looks, "comes"),
            ("2026-12-01T18:00:00", Looks, "by hours until Wed 02 09:00"),
            ("2026-12-01T20:00:00", Resumes, "comes"),
            // The program did not run on a day of work: that day's end holds again.
            ("2026-12-02T20:00:00", Looks, "by hours until Thu 03 09:00"),
            ("2026-12-03T10:00:00", Says(PauseLength::Tomorrow), "until Fri 04 09:00"),
            ("2026-12-04T00:00:00", Looks, "by hours until Fri 04 09:00"),
            ("2026-12-04T10:00:00", Says(PauseLength::UntilSaid), "until said"),
            ("2026-12-04T19:00:00", Resumes, "comes"),
        ],
    );
    story(
        &never(),
        &zone,
        &[
            ("2026-11-30T12:00:00", Looks, "by hours until said"),
            ("2026-11-30T12:00:01", Resumes, "comes"),
            ("2027-11-30T12:00:01", Looks, "comes"),
        ],
    );
}

#[test]
fn a_clock_that_was_set_never_pauses_longer_than_was_said() {
    let zone = moscow();
    story(
        &always(),
        &zone,
        &[
            ("2026-11-30T14:00:00", Says(PauseLength::Minutes(30)), "until Mon 30 14:30"),
            // Back by two weeks while the program did not run.
            ("2026-11-16T14:05:00", Looks, "until Mon 16 14:35"),
            ("2026-11-16T14:20:00", Looks, "until Mon 16 14:35"),
            ("2026-11-16T14:35:00", Looks, "comes"),
            ("2026-11-16T15:00:00", Says(PauseLength::Tomorrow), "until Tue 17 00:00"),
            ("2026-11-10T15:00:00", Looks, "until Wed 11 00:00"),
            // Forward: it is over.
            ("2026-11-12T15:00:00", Looks, "comes"),
        ],
    );
    let mut pause = Pause::default();
    let (hours, began) = (always(), at("2026-11-30T14:00:00", &zone));
    let look = |at| Look {
        at,
        hours: &hours,
        zone: &zone,
    };
    assert!(pause.begin(PauseLength::Minutes(30), &look(began)));
    // Back by an hour after 20 minutes, while it ran: ten are left.
    let now = began.plus_ms(20 * MINUTE - HOUR);
    pause.clock_set_back(now, HOUR);
    pause.follow(&look(now));
    assert_eq!(pause.wake_at(&look(now)), Some(now.plus_ms(10 * MINUTE)));
}

#[test]
fn what_came_in_a_pause_before_the_clock_was_set_back_in_it_is_told_all_the_same() {
    let zone = berlin();
    let (hours, began) = (always(), at("2026-11-30T14:00:00", &zone));
    let look = |at| Look {
        at,
        hours: &hours,
        zone: &zone,
    };
    let mut pause = Pause::default();
    assert!(pause.begin(PauseLength::Minutes(30), &look(began)));
    pause.follow(&look(began));
    // A call ends after 10 minutes; after 20, the clock is set back by an hour.
    let missed = began.plus_ms(10 * MINUTE);
    let now = began.plus_ms(20 * MINUTE - HOUR);
    pause.clock_set_back(now, HOUR);
    pause.follow(&look(now));
    let later = now.plus_ms(5 * MINUTE);
    let over = now.plus_ms(11 * MINUTE);
    pause.follow(&look(over));
    assert_eq!(pause.paused(&look(over)), None);
    assert!(pause.is_untold(missed) && pause.is_untold(later));
    assert!(!pause.is_untold(began.plus_ms(25 * MINUTE)), "by neither clock");
}

#[test]
fn a_day_of_23_or_25_hours_is_over_at_midnight_all_the_same() {
    let zone = berlin();
    for (date, hours_long) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-30", 24)] {
        let hours = always();
        let began = at(&format!("{date}T00:00:00"), &zone);
        let look = Look {
            at: began,
            hours: &hours,
            zone: &zone,
        };
        let mut pause = Pause::default();
        assert!(pause.begin(PauseLength::Tomorrow, &look));
        assert_eq!(pause.wake_at(&look), Some(began.plus_ms(hours_long * HOUR)), "{date}");
    }
    // A span is as long as it is when the clock changes within it.
    let hours = always();
    let look = Look {
        at: at("2026-03-29T01:50:00", &zone),
        hours: &hours,
        zone: &zone,
    };
    let mut pause = Pause::default();
    assert!(pause.begin(PauseLength::Minutes(30), &look));
    assert_eq!(shown(pause.paused(&look), &zone), "until Sun 29 03:20");
}

#[test]
fn what_came_in_a_pause_is_untold_until_the_agent_knows_of_it() {
    let zone = moscow();
    let mut pause = story(
        &always(),
        &zone,
        &[
            ("2026-11-30T14:00:00", Says(PauseLength::Minutes(30)), "until Mon 30 14:30"),
            ("2026-11-30T14:30:00", Looks, "comes"),
            ("2026-11-30T16:00:00", Says(PauseLength::UntilSaid), "until said"),
            ("2026-11-30T16:20:00", Resumes, "comes"),
        ],
    );
    for (ended, untold) in [
        ("13:59:59", false),
        ("14:00:00", true),
        ("14:29:59", true),
        ("14:30:00", false),
        ("16:10:00", true),
        ("16:20:00", false),
    ] {
        assert_eq!(pause.is_untold(at(&format!("2026-11-30T{ended}"), &zone)), untold, "{ended}");
    }
    assert!(pause.told() && !pause.told());
    assert!(!pause.is_untold(at("2026-11-30T14:10:00", &zone)));
}

#[test]
fn a_state_of_another_version_is_read_as_far_as_it_goes() {
    assert_eq!(serde_json::from_str::<Pause>("{}").unwrap(), Pause::default());
    assert_eq!(serde_json::from_str::<Pause>(r#"{"later":1}"#).unwrap(), Pause::default());
}

proptest! {
    /// However the clock is set, a span and a day end in time; and what is shown ahead is when it is looked again at the latest.
    #[test]
    fn no_clock_pauses_for_longer_than_was_said(minutes in 1_u32..=LONGEST_MINUTES, jumps in prop::collection::vec(-400_i64..400, 1..12), tomorrow in any::<bool>()) {
        let (zone, hours) = (berlin(), always());
        let look = |at| Look { at, hours: &hours, zone: &zone };
        let mut now = at("2026-10-24T12:00:00", &zone);
        let mut pause = Pause::default();
        let length = if tomorrow { PauseLength::Tomorrow } else { PauseLength::Minutes(minutes) };
        prop_assert!(pause.begin(length, &look(now)));
        let longest = if tomorrow { 25 * HOUR } else { i64::from(minutes) * MINUTE };
        for hours_on in jumps {
            now = now.plus_ms(hours_on * HOUR);
            pause.follow(&look(now));
            let Some(paused) = pause.paused(&look(now)) else { continue };
            let until = paused.until.unwrap();
            prop_assert!(until > now && until.since(now) <= longest);
            prop_assert!(pause.wake_at(&look(now)).unwrap() <= until);
        }
        now = now.plus_ms(longest);
        pause.follow(&look(now));
        prop_assert_eq!(pause.paused(&look(now)), None);
    }
}
