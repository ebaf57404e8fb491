//! Latin letters as sounds: whatever a Russian name is written like.

use super::Reading;
use super::letters::Letter;
use super::skeleton::Skeleton;

/// Letters that are one sound together; the longer ones first.
const TOGETHER: [(&str, &str); 18] = [
    ("shch", "w"),
    ("tsch", "q"),
    ("sch", "w"),
    ("tch", "q"),
    ("ch", "q"),
    ("sh", "w"),
    ("zh", "x"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("gh", "g"),
    ("ck", "k"),
    ("qu", "kv"),
    ("ts", "c"),
    ("tz", "c"),
    ("ce", "ce"),
    ("ci", "ci"),
    ("cy", "cy"),
];

pub(super) fn read(letters: &[Letter], reading: Reading, is_end: bool, into: &mut Skeleton) {
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let rest = &letters[at..];
        let (count, sounds) = if is_end && is(rest, "ff", reading) && rest.len() == 2 {
            (2, "v")
        } else {
            let may_begin = matches!(letter.sign_in(reading), 's' | 't' | 'c' | 'z' | 'k' | 'p' | 'g' | 'q');
            let together = TOGETHER.iter().find(|(spelt, _)| may_begin && is(rest, spelt, reading));
            together.map_or((1, alone(letter.sign_in(reading), reading)), |(spelt, sounds)| {
                (spelt.len(), *sounds)
            })
        };
        let end = rest[count - 1].end;
        if sounds == "?" {
            into.raw(letter.sign, letter.end);
        } else {
            // What is not merged ends where it ends.
            let each = count == 2 && sounds.len() == 2;
            for (nth, sound) in sounds.chars().enumerate() {
                into.sound(sound, if each { rest[nth].end } else { end });
            }
        }
        at += count;
    }
}

fn is(letters: &[Letter], spelt: &str, reading: Reading) -> bool {
    let mut letters = letters.iter();
    spelt
        .chars()
        .all(|sign| letters.next().is_some_and(|letter| letter.sign_in(reading) == sign))
}

fn alone(letter: char, reading: Reading) -> &'static str {
    match letter {
        'j' if reading == Reading::Jc => "x",
        'c' if reading == Reading::Jc => "c",
        'a' => "a",
        'b' => "b",
        'c' | 'k' | 'q' => "k",
        'd' | 'đ' | 'ð' => "d",
        'e' | 'æ' | 'œ' => "e",
        'f' => "f",
        'g' => "g",
        'h' => "h",
        'i' | 'ı' => "i",
        'j' | 'y' => "y",
        'l' | 'ł' => "l",
        'm' => "m",
        'n' => "n",
        'o' | 'ø' => "o",
        'p' => "p",
        'r' => "r",
        's' | 'ß' => "s",
        't' | 'þ' => "t",
        'u' => "u",
        'v' | 'w' => "v",
        'x' => "ks",
        'z' => "z",
        _ => "?",
    }
}

/// Whether a word has a letter that is read in two ways.
pub(super) fn is_open(letters: &[Letter]) -> bool {
    letters.iter().enumerate().any(|(at, letter)| {
        let next = letters.get(at + 1).map(|next| next.sign);
        let plain = || at == 0 || !matches!(letters[at - 1].sign, 's' | 't');
        letter.sign == 'j' || (letter.sign == 'c' && !matches!(next, Some('h' | 'k' | 'e' | 'i' | 'y')) && plain())
    })
}
