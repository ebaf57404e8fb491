//! The words of a time, in Russian and in English.

use jiff::civil::Weekday;

/// A word of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// «в», `at`: a time follows, or a weekday.
    At,
    /// «на», «к», `on`, `by`: a day follows, or a time.
    On,
    /// «через», `in`.
    In,
    /// «сегодня», «завтра»: so many days from now.
    Day(i64),
    Weekday(Weekday),
    /// «следующий»: not today, though today is such a weekday. Means nothing before anything else.
    Next,
    /// `30.11.2026`, `2026-11-30`.
    Date {
        day: i8,
        month: i8,
        year: Option<i16>,
    },
    Month(i8),
    /// `10:30`
    Clock {
        hour: i8,
        minute: i8,
    },
    /// `10.30`: a time or a day.
    Dotted {
        first: i64,
        second: i64,
    },
    Number {
        value: i64,
        digits: usize,
    },
    Unit(Unit),
    Half,
    /// «дня»: days after a number of «через», else the afternoon.
    OfDay,
    Part(Part),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    /// When it begins for who says nothing else.
    pub(super) fn begins(self) -> (i8, i8) {
        match self {
            Self::Morning => (9, 0),
            Self::Noon => (12, 0),
            Self::Afternoon => (14, 0),
            Self::Evening => (18, 0),
            Self::Night => (0, 0),
        }
    }

    /// The hour of 24 that is meant by one of 12.
    pub(super) fn hour(self, said: i8) -> Option<i8> {
        match (self, said) {
            (Self::Noon, 12) | (Self::Afternoon, 12) => Some(12),
            (Self::Morning | Self::Night, 12) => Some(0),
            (Self::Morning, 0..=11) | (Self::Night, 0..=5) => Some(said),
            (Self::Afternoon | Self::Evening, 1..=11) => Some(said + 12),
            (Self::Afternoon, 13..=17) | (Self::Evening, 16..=23) | (Self::Night, 22..=23) => Some(said),
            _ => None,
        }
    }
}

/// The words of a text; none where one of them is no word of a time.
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let text = text.to_lowercase().replace('ё', "е").replace("a.m.", "am").replace("p.m.", "pm");
    let mut words = Vec::new();
    for token in text
        .split(|sign: char| sign.is_whitespace() || sign == ',')
        .filter(|token| !token.is_empty())
    {
        let token = token.trim_end_matches('.');
        let token = match token.strip_prefix('+') {
            Some(span) => {
                words.push(Word::In);
                span
            }
            None => token,
        };
        // `10am`, «2ч», «15мин»
        let letters = token.find(|sign: char| sign.is_alphabetic());
        match letters {
            Some(at) if at > 0 => {
                words.push(number(&token[..at])?);
                take_word(&token[at..], &mut words)?;
            }
            Some(_) => take_word(token, &mut words)?,
            None if token.is_empty() => {}
            None => words.push(number(token)?),
        }
    }
    Some(words)
}

/// «полтора», of an hour, in minutes: no digits say it.
const HALF_MORE: Word = Word::Number { value: 90, digits: 0 };

fn take_word(token: &str, words: &mut Vec<Word>) -> Option<()> {
    let token = token.trim_end_matches('.');
    match token {
        "полчаса" | "полчасика" => words.extend([Word::Half, Word::Unit(Unit::Hour)]),
        "полтора" => words.push(HALF_MORE),
        "послезавтра" => words.push(Word::Day(2)),
        "следующий" | "следующую" | "следующее" | "next" => words.push(Word::Next),
        // «в этот понедельник», `the day after tomorrow`
        "этот" | "эту" | "это" | "this" | "the" | "of" | "oclock" | "o'clock" => {}
        "after" => match words.pop()? {
            Word::Unit(Unit::Day) => words.push(Word::Day(1)),
            _ => return None,
        },
        "tomorrow" | "tmrw" if words.last() == Some(&Word::Day(1)) => {
            words.pop();
            words.push(Word::Day(2));
        }
        "a" | "an" if words.last() == Some(&Word::Half) => {}
        _ => words.push(word(token)?),
    }
    if let [.., HALF_MORE, unit @ Word::Unit(Unit::Hour)] = words.as_mut_slice() {
        *unit = Word::Unit(Unit::Minute);
    }
    Some(())
}

fn word(token: &str) -> Option<Word> {
    let begins = |stems: &[&str]| stems.iter().any(|stem| token.starts_with(stem));
    Some(match token {
        "в" | "во" | "at" => Word::At,
        "на" | "к" | "on" | "by" => Word::On,
        "через" | "in" => Word::In,
        "сегодня" | "today" => Word::Day(0),
        "завтра" | "tomorrow" | "tmrw" => Word::Day(1),
        "м" | "мин" | "минуту" | "минуты" | "минут" | "m" | "min" | "mins" | "minute" | "minutes" => {
            Word::Unit(Unit::Minute)
        }
        "ч" | "час" | "часа" | "часов" | "часик" | "h" | "hr" | "hrs" | "hour" | "hours" => Word::Unit(Unit::Hour),
        "д" | "день" | "дней" | "d" | "day" | "days" => Word::Unit(Unit::Day),
        "неделю" | "недели" | "недель" | "week" | "weeks" => Word::Unit(Unit::Week),
        "дня" => Word::OfDay,
        "half" => Word::Half,
        "утра" | "утром" | "am" | "morning" => Word::Part(Part::Morning),
        "полдень" | "noon" | "midday" => Word::Part(Part::Noon),
        "днем" | "pm" | "afternoon" => Word::Part(Part::Afternoon),
        "вечера" | "вечером" | "evening" => Word::Part(Part::Evening),
        "ночи" | "night" => Word::Part(Part::Night),
        "a" | "an" | "one" | "один" | "одну" => Word::Number { value: 1, digits: 2 },
        "two" | "два" | "две" => Word::Number { value: 2, digits: 2 },
        "three" | "три" => Word::Number { value: 3, digits: 2 },
        "four" | "четыре" => Word::Number { value: 4, digits: 2 },
        "five" | "пять" => Word::Number { value: 5, digits: 2 },
        "ten" | "десять" => Word::Number { value: 10, digits: 2 },
        _ if token == "пн" || ["mon", "monday"].contains(&token) || begins(&["понедельник"]) => Word::Weekday(Weekday::Monday),
        _ if token == "вт" || ["tue", "tues", "tuesday"].contains(&token) || begins(&["вторник"]) => {
            Word::Weekday(Weekday::Tuesday)
        }
        _ if token == "ср" || ["wed", "wednesday"].contains(&token) || begins(&["сред"]) => Word::Weekday(Weekday::Wednesday),
        _ if token == "чт" || ["thu", "thurs", "thursday"].contains(&token) || begins(&["четверг"]) => {
            Word::Weekday(Weekday::Thursday)
        }
        _ if token == "пт" || ["fri", "friday"].contains(&token) || begins(&["пятниц"]) => Word::Weekday(Weekday::Friday),
        _ if token == "сб" || ["sat", "saturday"].contains(&token) || begins(&["суббот"]) => Word::Weekday(Weekday::Saturday),
        _ if token == "вс" || ["sun", "sunday"].contains(&token) || begins(&["воскресень"]) => Word::Weekday(Weekday::Sunday),
        _ => Word::Month(month(token)?),
    })
}

fn month(token: &str) -> Option<i8> {
    const STEMS: [[&str; 3]; 12] = [
        ["январ", "янв", "jan"],
        ["феврал", "фев", "feb"],
        ["март", "мар", "mar"],
        ["апрел", "апр", "apr"],
        ["май", "мая", "may"],
        ["июн", "июн", "jun"],
        ["июл", "июл", "jul"],
        ["август", "авг", "aug"],
        ["сентябр", "сен", "sep"],
        ["октябр", "окт", "oct"],
        ["ноябр", "ноя", "nov"],
        ["декабр", "дек", "dec"],
    ];
    let at = STEMS.iter().position(|stems| stems.iter().any(|stem| token.starts_with(stem)))?;
    i8::try_from(at + 1).ok()
}

/// Digits with what stands between them.
fn number(token: &str) -> Option<Word> {
    let digits = |text: &str| {
        let sound = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| text.parse::<i64>().ok()).flatten()
    };
    let small = |text: &str| i8::try_from(digits(text)?).ok();
    if let Some(value) = digits(token) {
        return Some(Word::Number {
            value,
            digits: token.len(),
        });
    }
    if let Some((hour, minute)) = token.split_once(':') {
        let sound = (1..=2).contains(&hour.len()) && minute.len() == 2;
        let (hour, minute) = (small(hour)?, small(minute)?);
        return (sound && (0..24).contains(&hour) && (0..60).contains(&minute)).then_some(Word::Clock { hour, minute });
    }
    let parts: Vec<&str> = token.split(['.', '/']).collect();
    match parts[..] {
        [first, second] => Some(Word::Dotted {
            first: digits(first)?,
            second: digits(second)?,
        }),
        [day, month, year] => Some(Word::Date {
            day: small(day)?,
            month: small(month)?,
            year: Some(full_year(year, digits(year)?)?),
        }),
        _ => {
            let [year, month, day] = token.split('-').collect::<Vec<_>>()[..] else {
                return None;
            };
            Some(Word::Date {
                day: small(day)?,
                month: small(month)?,
                year: Some(full_year(year, digits(year)?)?),
            })
        }
    }
}

fn full_year(written: &str, year: i64) -> Option<i16> {
    match written.len() {
        2 => i16::try_from(2_000 + year).ok(),
        4 => i16::try_from(year).ok(),
        _ => None,
    }
}
