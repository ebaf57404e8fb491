//! The words that go into Omnidesk: subjects and messages about calls.
//!
//! Literal texts of SPEC («…») are kept to the letter. Times are the agent's local time.

use calls::{Direction, Disposition, Gap, Guess, Guessed, Moment, Number, NumberKind, Promise, Subject, Summary, one_line, visible};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The label of a missed call: the red handset's substitute (omnidesk-api section 9).
pub const LABEL_MISSED: &str = "Пропущенный";
/// The label of a missed call that was called back: the green handset's substitute.
pub const LABEL_CALLED_BACK: &str = "Перезвонили";

/// The label of a call whose end nobody saw.
pub const LABEL_UNKNOWN: &str = "Исход неизвестен";

/// How the subject of a missed-call case and every line about a missed call begin (S25).
pub const MISSED: &str = "Пропущенный звонок";
/// The longest subject, characters.
const LONGEST_SUBJECT: usize = 255;
const INCOMING: &str = "Входящий звонок";
const OUTGOING: &str = "Исходящий звонок на";

/// The subject of a case.
#[must_use]
pub fn subject(subject: &Subject, number: &Number) -> String {
    match subject {
        Subject::Typed(text) => typed(text),
        Subject::Incoming => format!("{INCOMING} {}", from(number)),
        Subject::Outgoing => format!("{OUTGOING} {}", party(number)),
        Subject::Missed => format!("{MISSED} {}", from(number)),
    }
}

/// A subject is one line that a list can show, whatever was pasted into it.
#[must_use]
pub fn typed(subject: &str) -> String {
    one_line(subject).chars().take(LONGEST_SUBJECT).collect()
}

/// The message about a call: what the agent noted, then one line about the call itself.
///
/// While the call lasts, only what the agent noted: the one message about the call follows at its end, with its
/// recording (S06). Without a note it says who called and when, which stays true; nothing is edited later.
#[must_use]
pub fn message(summary: &Summary, zone: &TimeZone) -> String {
    let gist = Some(visible(&summary.gist)).filter(|gist| !gist.is_empty());
    let promise = summary.promise.as_ref().map(|promise| promised(promise, zone));
    let call = match (gist.as_ref().or(promise.as_ref()), summary.disposition) {
        (None, None) => Some(beginning(summary, zone)),
        (_, Some(_)) => Some(line(summary, zone)),
        (Some(_), None) => None,
    };
    let parts = [gist, promise, summary.guessed.as_ref().map(guessed), call];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// What a case says whose call has moved into another one.
#[must_use]
pub fn moved_into(number: &str) -> String {
    format!("Звонок записан в обращение {number}: пользователь был выбран автоматически, сотрудник выбрал другого")
}

/// That the case's user was chosen by nobody.
fn guessed(guessed: &Guessed) -> String {
    let why = match guessed.why {
        Guess::Missed => "его пропущенный звонок ждёт ответа",
        Guess::Newest => "он обращался последним",
        Guess::Asked => "он обращался последним, сотрудник ещё не ответил, кто звонил",
    };
    format!("Пользователь выбран автоматически из {}: {why}", guessed.of)
}

/// How the line about a call begins: who called and when.
#[must_use]
pub fn beginning(summary: &Summary, zone: &TimeZone) -> String {
    let number = &summary.number;
    let answered = summary.talk_ms.is_some() || matches!(summary.disposition, None | Some(Disposition::Unknown));
    let what = match (summary.direction, answered) {
        (Direction::Inbound | Direction::Internal, true) => format!("{INCOMING} {}", from(number)),
        (Direction::Inbound | Direction::Internal, false) => format!("{MISSED} {}", from(number)),
        (Direction::Outbound, _) => format!("{OUTGOING} {}", party(number)),
    };
    format!("{what}, {} {}", day(summary.started, zone), time_of_day(summary.started, zone))
}

/// A day as people read it.
#[must_use]
pub fn day(at: Moment, zone: &TimeZone) -> String {
    local(at, zone).strftime("%d.%m.%Y").to_string()
}

/// A time of day.
#[must_use]
pub fn time_of_day(at: Moment, zone: &TimeZone) -> String {
    local(at, zone).strftime("%H:%M").to_string()
}

/// Whether a line of a message tells a call.
#[must_use]
pub fn is_line_of_call(line: &str) -> bool {
    [MISSED, INCOMING, OUTGOING].iter().any(|call| line.starts_with(call))
}

/// How the message begins that tells how a call ended whose case was created meanwhile (S06): with its recording, or without.
pub const ENDINGS: [&str; 2] = ["Запись разговора: ", "Звонок завершён: "];

/// The message that tells how a call ended whose case was created meanwhile (S06), and what was typed since then.
#[must_use]
pub fn ending(summary: &Summary, recorded: bool, zone: &TimeZone) -> String {
    let told = format!("{}{}", ENDINGS[usize::from(!recorded)], line(summary, zone));
    let gist = Some(visible(&summary.gist)).filter(|gist| !gist.is_empty());
    let promise = summary.promise.as_ref().map(|promise| promised(promise, zone));
    [Some(told), gist, promise].into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// That the client is called back, and when by this computer's clock.
fn promised(promise: &Promise, zone: &TimeZone) -> String {
    let when = format!("Перезвонить {} в {}", day(promise.due, zone), time_of_day(promise.due, zone));
    match one_line(&promise.what).as_str() {
        "" => when,
        what => format!("{when}: {what}"),
    }
}

/// The name of a recording's file in Omnidesk; the same for every attempt, so that a lost answer can be looked for.
#[must_use]
pub fn recording_file(summary: &Summary, key: &str, original: &str, zone: &TimeZone) -> String {
    let extension = original.rsplit_once('.').map_or("wav", |(_, extension)| extension);
    let usable = extension.len() <= 4 && extension.chars().all(|c| c.is_ascii_alphanumeric());
    format!("{}{}", recording_stem(summary, key, zone), if usable { extension } else { "wav" })
}

/// The name of a recording's file up to its extension.
#[must_use]
pub fn recording_stem(summary: &Summary, key: &str, zone: &TimeZone) -> String {
    let key: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("zvonok-{}-{key}.", local(summary.started, zone).strftime("%Y%m%d-%H%M"))
}

/// The line that tells the call; every message we write about an ended call ends with it.
#[must_use]
pub fn line(summary: &Summary, zone: &TimeZone) -> String {
    let result = match (summary.talk_ms, summary.direction, summary.disposition) {
        (Some(0), ..) if summary.at_least => ", разговор, длительность неизвестна".to_owned(),
        (Some(ms), ..) if summary.at_least => format!(", разговор не менее {}", clock(ms)),
        (Some(ms), ..) => format!(", разговор {}", clock(ms)),
        (None, _, Some(Disposition::Unknown)) => format!(", исход неизвестен{}", unseen(summary.unseen, zone)),
        (None, Direction::Outbound, Some(Disposition::Busy)) => ", занято".to_owned(),
        (None, Direction::Outbound, Some(Disposition::Declined)) => ", отклонён".to_owned(),
        (None, Direction::Outbound, Some(Disposition::Failed)) => ", не удалось соединить".to_owned(),
        (None, Direction::Outbound, _) => ", не ответили".to_owned(),
        (None, Direction::Inbound | Direction::Internal, _) => String::new(),
    };
    let passed = summary
        .transferred_to
        .as_ref()
        .map(|to| format!(", переведён на {}", one_line(to)))
        .unwrap_or_default();
    format!("{}{result}{passed}", beginning(summary, zone))
}

/// Why nobody knows how a call ended.
fn unseen(gap: Option<Gap>, zone: &TimeZone) -> String {
    let Some(gap) = gap else { return String::new() };
    let (from, to) = (local(gap.from, zone), local(gap.to, zone));
    let with_day = from.date() != to.date();
    let time = |at: jiff::Zoned| at.strftime(if with_day { "%d.%m.%Y %H:%M" } else { "%H:%M" }).to_string();
    format!(": Ringside не был на связи с {} до {}", time(from), time(to))
}

/// How the line about a conversation of this call begins, whoever of the desks had it.
#[must_use]
pub fn conversation(summary: &Summary, zone: &TimeZone) -> String {
    let talked = Summary {
        talk_ms: Some(0),
        ..summary.clone()
    };
    format!("{}, разговор", beginning(&talked, zone))
}

fn from(number: &Number) -> String {
    if number.kind() == NumberKind::Withheld {
        "со скрытого номера".to_owned()
    } else {
        format!("с {}", party(number))
    }
}

fn party(number: &Number) -> String {
    match number.extension() {
        Some(extension) => format!("{}, доб. {extension}", number.pretty()),
        None => number.pretty().to_owned(),
    }
}

fn local(at: Moment, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_millisecond(at.0)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(zone.clone())
}

fn clock(ms: i64) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calls::Region;

    fn summary(raw: &str) -> Summary {
        Summary {
            direction: Direction::Inbound,
            number: Number::read(raw, Region::default()),
            started: Moment(1_795_331_100_000),
            talk_ms: Some(151_200),
            disposition: Some(Disposition::Answered),
            at_least: false,
            unseen: None,
            gist: "Нужен новый счёт".into(),
            transferred_to: None,
            guessed: None,
            promise: None,
        }
    }

    #[test]
    fn s06_the_first_message_stays_true_and_the_one_at_the_end_tells_the_call() {
        let live = Summary {
            talk_ms: None,
            disposition: None,
            ..summary("79215550134")
        };
        assert_eq!(message(&live, &TimeZone::UTC), "Нужен новый счёт");
        let untold = Summary {
            gist: String::new(),
            ..live
        };
        assert_eq!(
            message(&untold, &TimeZone::UTC),
            "Входящий звонок с +7 (921) 555-01-34, 22.11.2026 07:05"
        );
        assert_eq!(
            message(&summary("79215550134"), &TimeZone::UTC),
            "Нужен новый счёт\n\nВходящий звонок с +7 (921) 555-01-34, 22.11.2026 07:05, разговор 02:31"
        );
    }

    #[test]
    fn s07_s17_s25_subjects_are_literal() {
        let number = Number::read("79215550134", Region::default());
        assert_eq!(subject(&Subject::Incoming, &number), "Входящий звонок с +7 (921) 555-01-34");
        assert_eq!(subject(&Subject::Missed, &number), "Пропущенный звонок с +7 (921) 555-01-34");
    }

    #[test]
    fn what_was_pasted_cannot_turn_a_text_around_and_a_subject_has_an_end() {
        let number = Number::read("79215550134", Region::default());
        let pasted = Subject::Typed(format!("Счёт\u{202e}\n\tза {}", "май ".repeat(200)));
        let subject = subject(&pasted, &number);
        assert!(subject.starts_with("Счёт за май май"), "{subject}");
        assert_eq!(subject.chars().count(), 255);
        let gist = Summary {
            gist: "одна\u{202e}\r\nдве\u{7}".into(),
            ..summary("79215550134")
        };
        assert!(message(&gist, &TimeZone::UTC).starts_with("одна\nдве\n\nВходящий"));
        assert!(ending(&gist, true, &TimeZone::UTC).ends_with("\n\nодна\nдве"));
    }

    #[test]
    fn a_missed_call_a_transfer_and_a_hidden_number_are_told() {
        let missed = Summary {
            talk_ms: None,
            disposition: Some(Disposition::Missed),
            gist: String::new(),
            ..summary("79215550134")
        };
        assert_eq!(
            message(&missed, &TimeZone::UTC),
            "Пропущенный звонок с +7 (921) 555-01-34, 22.11.2026 07:05"
        );
        let passed = Summary {
            transferred_to: Some("102".into()),
            gist: String::new(),
            ..summary("anonymous")
        };
        assert_eq!(
            message(&passed, &TimeZone::UTC),
            "Входящий звонок со скрытого номера, 22.11.2026 07:05, разговор 02:31, переведён на 102"
        );
    }

    #[test]
    fn s22_why_a_call_out_came_to_nothing_is_told() {
        for (disposition, told) in [
            (Disposition::Busy, "занято"),
            (Disposition::Declined, "отклонён"),
            (Disposition::Cancelled, "не ответили"),
            (Disposition::Failed, "не удалось соединить"),
        ] {
            let call = Summary {
                direction: Direction::Outbound,
                talk_ms: None,
                disposition: Some(disposition),
                ..summary("79215550134")
            };
            let expected = format!("Исходящий звонок на +7 (921) 555-01-34, 22.11.2026 07:05, {told}");
            assert_eq!(line(&call, &TimeZone::UTC), expected);
        }
    }

    #[test]
    fn d3_what_nobody_saw_is_said_so_and_a_talk_is_as_long_as_is_known() {
        let gap = Gap {
            from: Moment(1_795_331_100_000),
            to: Moment(1_795_331_220_000),
        };
        let unknown = Summary {
            talk_ms: None,
            disposition: Some(Disposition::Unknown),
            unseen: Some(gap),
            ..summary("79215550134")
        };
        assert_eq!(
            line(&unknown, &TimeZone::UTC),
            "Входящий звонок с +7 (921) 555-01-34, 22.11.2026 07:05, исход неизвестен: Ringside не был на связи с 07:05 до 07:07"
        );
        for (ms, told) in [(151_200, "разговор не менее 02:31"), (0, "разговор, длительность неизвестна")]
        {
            let talk = Summary {
                talk_ms: Some(ms),
                at_least: true,
                ..summary("79215550134")
            };
            assert!(line(&talk, &TimeZone::UTC).ends_with(told));
            assert!(line(&talk, &TimeZone::UTC).starts_with(&conversation(&unknown, &TimeZone::UTC)));
        }
    }

    #[test]
    fn the_name_of_a_recording_is_always_the_same_and_harmless() {
        let name = recording_file(&summary("79215550134"), "1795331299.1", "in/../x.wav", &TimeZone::UTC);
        assert_eq!(name, "zvonok-20261122-0705-1795331299-1.wav");
        assert!(recording_file(&summary("1"), "a/b", "x.exe;rm", &TimeZone::UTC).ends_with("a-b.wav"));
    }
}
