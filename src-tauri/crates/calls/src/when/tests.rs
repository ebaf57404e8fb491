use super::*;
use proptest::prelude::*;

/// Moscow knows no change of the clock.
fn moscow() -> TimeZone {
    TimeZone::posix("MSK-3").unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn at(text: &str, zone: &TimeZone) -> Moment {
    let civil: DateTime = text.parse().unwrap();
    Moment(zone.to_ambiguous_zoned(civil).compatible().unwrap().timestamp().as_millisecond())
}

fn read(text: &str, now: &str, zone: &TimeZone) -> Result<String, WhenTrouble> {
    read_when(text, at(now, zone), zone).map(|when| {
        let here = Timestamp::from_millisecond(when.at.0).unwrap().to_zoned(zone.clone());
        here.strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// A Friday.
const NOW: &str = "2026-11-27T14:31:00";

#[test]
fn a_time_is_read_as_it_is_meant() {
    for (text, meant) in [
        ("через час", "2026-11-27 15:31"),
        ("Через  полчаса", "2026-11-27 15:01"),
        ("через полтора часа", "2026-11-27 16:01"),
        ("через 15 минут", "2026-11-27 14:46"),
        ("через 2 часа 30 мин", "2026-11-27 17:01"),
        ("15 минут", "2026-11-27 14:46"),
        ("+15 мин", "2026-11-27 14:46"),
        ("2ч", "2026-11-27 16:31"),
        ("через два часа", "2026-11-27 16:31"),
        ("через 3 дня", "2026-11-30 14:31"),
        ("через 2 дня в 10", "2026-11-29 10:00"),
        ("через неделю", "2026-12-04 14:31"),
        ("через 2 недели в 11:15", "2026-12-11 11:15"),
        ("завтра в 10", "2026-11-28 10:00"),
        ("завтра", "2026-11-28 09:00"),
        ("завтра утром", "2026-11-28 09:00"),
        ("завтра днём", "2026-11-28 14:00"),
        ("завтра в 3", "2026-11-28 15:00"),
        ("завтра в 03", "2026-11-28 03:00"),
        ("завтра в 3 утра", "2026-11-28 03:00"),
        ("завтра в 3 часа дня", "2026-11-28 15:00"),
        ("в 7 вечера", "2026-11-27 19:00"),
        ("сегодня в 17", "2026-11-27 17:00"),
        ("в 10", "2026-11-28 10:00"),
        ("16.30", "2026-11-27 16:30"),
        ("в 10.11", "2026-11-28 10:11"),
        ("послезавтра в 9:30", "2026-11-29 09:30"),
        ("в понедельник в 9", "2026-11-30 09:00"),
        ("пн 9", "2026-11-30 09:00"),
        ("в следующую среду", "2026-12-02 09:00"),
        ("в пятницу в 16", "2026-11-27 16:00"),
        ("в пятницу в 10", "2026-12-04 10:00"),
        ("10 в понедельник", "2026-11-30 10:00"),
        ("в следующую пятницу в 16", "2026-12-04 16:00"),
        ("next Friday at 16", "2026-12-04 16:00"),
        ("next Monday", "2026-11-30 09:00"),
        ("in the next hour", "2026-11-27 15:31"),
        ("на 05.12", "2026-12-05 09:00"),
        ("к 30.11 15:00", "2026-11-30 15:00"),
        ("on 05.12 at 11", "2026-12-05 11:00"),
        ("к 16.30", "2026-11-27 16:30"),
        ("на 16", "2026-11-27 16:00"),
        ("30.11 15:00", "2026-11-30 15:00"),
        ("30.11", "2026-11-30 09:00"),
        ("30.11.2026 в 8:05", "2026-11-30 08:05"),
        ("01.12.26, 12:00", "2026-12-01 12:00"),
        ("1 декабря в 11", "2026-12-01 11:00"),
        ("5 ноября 2027", "2027-11-05 09:00"),
        ("01.03", "2027-03-01 09:00"),
        ("2026-12-24 10:00", "2026-12-24 10:00"),
        ("in an hour", "2026-11-27 15:31"),
        ("in half an hour", "2026-11-27 15:01"),
        ("in 15 minutes", "2026-11-27 14:46"),
        ("tomorrow at 10", "2026-11-28 10:00"),
        ("tomorrow at 3 pm", "2026-11-28 15:00"),
        ("tomorrow 10am", "2026-11-28 10:00"),
        ("at 12 pm", "2026-11-28 12:00"),
        ("noon", "2026-11-28 12:00"),
        ("the day after tomorrow at 9", "2026-11-29 09:00"),
        ("on Monday at 9", "2026-11-30 09:00"),
        ("December 1 at 11", "2026-12-01 11:00"),
        ("this evening", "2026-11-27 18:00"),
    ] {
        assert_eq!(read(text, NOW, &moscow()), Ok(meant.to_owned()), "{text}");
    }
}

#[test]
fn what_is_over_too_far_or_no_time_is_said_so() {
    for (text, trouble) in [
        ("сегодня в 9", WhenTrouble::Past),
        ("today at 14:31", WhenTrouble::Past),
        ("20.11.2026", WhenTrouble::Past),
        ("24.12.2028", WhenTrouble::TooFar),
        ("через 100000 часов", WhenTrouble::TooFar),
        ("через 60 недель", WhenTrouble::TooFar),
        ("", WhenTrouble::Unread),
        ("как-нибудь", WhenTrouble::Unread),
        ("сегодня", WhenTrouble::Unread),
        ("завтра в 25", WhenTrouble::Unread),
        ("завтра в 10:75", WhenTrouble::Unread),
        ("завтра в понедельник", WhenTrouble::Unread),
        ("через час в 10", WhenTrouble::Unread),
        ("через", WhenTrouble::Unread),
        ("через минус час", WhenTrouble::Unread),
        ("31.11", WhenTrouble::Unread),
        ("30.02.2027", WhenTrouble::Unread),
        ("через 99999999999999999999 минут", WhenTrouble::Unread),
        ("через 0 минут", WhenTrouble::Unread),
        ("13 вечера", WhenTrouble::Unread),
        ("минут", WhenTrouble::Unread),
    ] {
        assert_eq!(read(text, NOW, &moscow()), Err(trouble), "{text}");
    }
    assert_eq!(read(&"завтра ".repeat(20), NOW, &moscow()), Err(WhenTrouble::Unread));
}

#[test]
fn a_change_of_the_clock_moves_what_it_skips_and_the_first_of_two_is_meant() {
    let zone = berlin();
    let meant = |text: &str, now: &str| {
        let when = read_when(text, at(now, &zone), &zone).unwrap();
        (read(text, now, &zone).unwrap(), when.change)
    };
    // 2027-03-28: from 02:00 to 03:00.
    assert_eq!(
        meant("завтра в 02:30", "2027-03-27T12:00:00"),
        ("2027-03-28 03:30".into(), ClockChange::Skipped)
    );
    assert_eq!(
        meant("завтра в 10", "2027-03-27T12:00:00"),
        ("2027-03-28 10:00".into(), ClockChange::None)
    );
    // 2026-10-25: from 03:00 to 02:00.
    assert_eq!(
        meant("завтра в 02:30", "2026-10-24T12:00:00"),
        ("2026-10-25 02:30".into(), ClockChange::Twice)
    );
    let first = read_when("завтра в 02:30", at("2026-10-24T12:00:00", &zone), &zone).unwrap().at;
    assert_eq!(first.since(at("2026-10-24T12:00:00", &zone)), (14 * 60 + 30) * 60_000);
    // An hour is an hour, a day is the same time of day.
    assert_eq!(meant("через 24 часа", "2026-10-24T12:00:00").0, "2026-10-25 11:00");
    assert_eq!(meant("через 3 дня", "2026-10-24T12:00:00").0, "2026-10-27 12:00");
}

proptest! {
    #[test]
    fn the_choices_are_ahead_at_any_moment_and_say_the_same_in_both_languages(ms in 1_700_000_000_000_i64..2_500_000_000_000) {
        for zone in [moscow(), berlin()] {
            for (ru, en) in WHEN_CHOICES {
                let (ru, en) = (read_when(ru, Moment(ms), &zone), read_when(en, Moment(ms), &zone));
                prop_assert!(ru.is_ok_and(|when| when.at > Moment(ms)), "{:?}", ru);
                prop_assert_eq!(ru, en);
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_ahead_or_refused(
        text in "(\\PC|через|завтра|понедельник|в|[0-9]{1,6}|[0-9]{1,2}[.:/-][0-9]{1,2}|мин|час|pm| ){0,12}",
        ms in 1_700_000_000_000_i64..2_500_000_000_000,
    ) {
        for zone in [moscow(), berlin()] {
            if let Ok(when) = read_when(&text, Moment(ms), &zone) {
                prop_assert!(when.at > Moment(ms) && when.at.since(Moment(ms)) <= FARTHEST * 86_400_000);
            }
        }
    }

    #[test]
    fn a_day_and_a_time_come_back_as_they_were_typed(days in 1_i64..300, hour in 0_i8..24, minute in 0_i8..60) {
        let zone = moscow();
        let day = at(NOW, &zone).plus_ms(days * 86_400_000);
        let day = Timestamp::from_millisecond(day.0).unwrap().to_zoned(zone.clone()).date();
        let typed = format!("{} {hour:02}:{minute:02}", day.strftime("%d.%m.%Y"));
        let meant = format!("{} {hour:02}:{minute:02}", day.strftime("%Y-%m-%d"));
        prop_assert_eq!(read(&typed, NOW, &zone), Ok(meant));
    }
}
