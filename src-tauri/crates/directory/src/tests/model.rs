//! Whoever is found when all users are looked through one by one is found by the index, and nobody else.

use super::*;
use crate::fold::{forms, prefixes};
use proptest::prelude::*;

const NAMES: &[&str] = &[
    "Иванов",
    "Иван",
    "Ivanov",
    "Петрова",
    "Мария",
    "Жуков",
    "Zhukov",
    "Ёлкин",
    "Наталья",
    "Ли",
    "О",
    "Müller",
    "שלום",
    "王",
    "МТС",
];
const OTHERS: &[&str] = &[
    "Вектор",
    "ООО",
    "12",
    "2024",
    "Д-2024/17",
    "договор",
    "4567",
    "info67@mail.example",
    "8",
    "916",
    "Ромашка",
];

fn text(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(of), 0..=most).prop_map(|words| words.join(" "))
}

fn somebody() -> impl Strategy<Value = User> {
    let number = prop_oneof![
        "\\+79(16|03)12[34]45[67][789]",
        "\\+7495000[0-4]567",
        "\\+4930[0-9]{4,6}",
        Just("0900".to_owned())
    ];
    let phones = prop::collection::vec(number, 0..3);
    (text(NAMES, 3), text(OTHERS, 2), text(OTHERS, 3), phones).prop_map(|(name, company, note, numbers)| User {
        company,
        note,
        phones: numbers.iter().map(|number| phone(number, number)).collect(),
        ..user(0, &name)
    })
}

/// What somebody might type of a user: beginnings of their words, ends and beginnings of their numbers, in some order.
fn typed_of(user: &User, picks: &[(usize, usize, u8)]) -> Option<String> {
    let texts = [user.name.as_str(), &user.company, &user.note].join(" ");
    let words: Vec<&str> = texts.split_whitespace().collect();
    let digits: Vec<String> = user.phones.iter().map(|phone| numbers::digits(&phone.text)).collect();
    let mut parts = Vec::new();
    for (which, length, how) in picks {
        let number = digits.get(which % digits.len().max(1));
        parts.push(match (how % 4, number) {
            (0, Some(number)) => number[number.len() - (3 + length % (number.len() - 3)).min(number.len())..].to_owned(),
            (1, Some(number)) if number.len() == 11 => spelt(&number[1..(5 + length % 7)]),
            _ => {
                let word = words.get(which % words.len().max(1))?;
                word.chars().take(1 + length % word.chars().count()).collect()
            }
        });
    }
    Some(parts.join(" "))
}

/// With an 8 and blanks, as people write numbers.
fn spelt(national: &str) -> String {
    let (code, rest) = national.split_at(3.min(national.len()));
    format!("8 {code} {rest}")
}

/// Whether a user has each word of what was typed, and all its digits, somewhere.
fn has_all(user: &User, typed: &str) -> bool {
    let mut texts = forms(&user.name);
    [&user.company, &user.note].iter().for_each(|text| texts.extend(forms(text)));
    let texts: Vec<String> = texts.concat();
    let all_digits: Vec<String> = user.phones.iter().map(|phone| numbers::digits(&phone.text)).collect();
    forms(typed).iter().all(|word| {
        // Every number may be spelt with one of these.
        let code = matches!(word[0].as_str(), "7" | "8");
        let starts = prefixes(&word[0]);
        let in_text = texts
            .iter()
            .any(|form| word.iter().chain(&starts).any(|start| form.starts_with(start.as_str())));
        let is_digits = word[0].bytes().all(|byte| byte.is_ascii_digit());
        let tail = word[0].trim_start_matches(['7', '8']);
        let in_number = is_digits && all_digits.iter().any(|digits| digits.contains(tail));
        code || in_text || in_number || !is_digits
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_has_what_was_typed_is_found(
        users in prop::collection::vec(somebody(), 1..40),
        picks in prop::collection::vec((0..40_usize, prop::collection::vec((0..9_usize, 0..12_usize, 0..4_u8), 1..3)), 12),
        last in any::<bool>(),
    ) {
        let users: Vec<User> = (1..).zip(users).map(|(id, one)| User { id, ..one }).collect();
        let directory = directory(&users);
        for (which, picks) in &picks {
            let user = &users[which % users.len()];
            let Some(mut typed) = typed_of(user, picks) else { continue };
            if let Some(word) = user.name.split(' ').next().filter(|_| last) {
                typed = format!("{typed} {word}");
            }
            let found = directory.search(&typed, 100).unwrap();
            let is_found = found.people.iter().any(|person| person.user.id == user.id);
            // Digits beside each other are only taken apart where hardly anybody has them as they stand.
            prop_assert!(is_found || (picks.len() > 1 && found.people.len() >= 3), "{} of {:?}", typed, user);
            for person in found.people.iter().filter(|person| person.reading == Reading::AsTyped) {
                prop_assert!(has_all(&person.user, &typed), "{} found {:?}", typed, person);
                prop_assert!(!person.matched.is_empty() , "{} of {:?} is nowhere", typed, person.user);
            }
        }
    }

    #[test]
    fn what_is_written_over_and_over_is_found_as_if_written_once(
        users in prop::collection::vec(somebody(), 2..20),
        again in prop::collection::vec((0..20_usize, somebody(), 0..5_u8), 1..20),
    ) {
        let mut now: BTreeMap<u64, User> = (1..).zip(users).map(|(id, one)| (id, User { id, ..one })).collect();
        let mut changed = directory(&now.values().cloned().collect::<Vec<_>>());
        for (which, one, how) in again {
            let id = which as u64 + 1;
            match how {
                0 => {
                    changed.forget(&[id]).unwrap();
                    now.remove(&id);
                }
                1 => changed.move_up(&[id, 3, 1]).unwrap(),
                2 => { changed.met(id, 77_000).unwrap(); }
                _ => {
                    let one = User { id, ..one };
                    changed.keep(std::slice::from_ref(&one), None).unwrap();
                    now.insert(id, one);
                }
            }
        }
        let fresh = directory(&now.values().cloned().collect::<Vec<_>>());
        let sorted = |directory: &Directory, typed: &str| {
            let mut ids: Vec<u64> = directory.search(typed, 100).unwrap().people.iter().map(|person| person.user.id).collect();
            ids.sort_unstable();
            ids
        };
        for typed in ["и", "иванов", "мар", "вектор 12", "4567", "916", "8 916 12", "иван 4567", "д 2024", "ли", "0900", "49 30", "о 8"] {
            prop_assert_eq!(sorted(&changed, typed), sorted(&fresh, typed), "{}", typed);
        }
        prop_assert_eq!(changed.count().unwrap() as usize, now.len());
    }
}
