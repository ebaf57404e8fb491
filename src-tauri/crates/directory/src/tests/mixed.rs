//! Names and digits in one line, and what texts and lines may hold.

use super::*;

/// The office, and who is easily taken for one of it.
fn crowd() -> Vec<User> {
    let mut users = office();
    users.extend([
        User {
            phones: vec![phone("+7 495 000-45-67", "+74950004567")],
            company: "Вектор 12".into(),
            ..user(11, "Иванова Анна")
        },
        User {
            phones: vec![
                phone("8 912 000 00 11", "+79120000011"),
                phone("+7 (912) 765-43-21", "+79127654321"),
            ],
            company: "Вектор 4567".into(),
            email: "info67@mail.example".into(),
            ..user(12, "Сидоров Олег")
        },
        User {
            note: "договор Д-2024, звонить на 8 916 123-45-67".into(),
            phones: vec![phone("+49 30 901820", "+4930901820")],
            ..user(13, "Schmidt")
        },
    ]);
    users
}

#[test]
fn a_name_and_digits_in_one_line_find_who_has_both() {
    let directory = directory(&crowd());
    for (typed, expected) in [
        ("иванов 4567", vec![11, 1]),
        ("4567 иванов", vec![11, 1]),
        ("иванов иван 4567", vec![11, 1]),
        ("иванов петрович 4567", vec![1]),
        ("иванов 45 67", vec![11, 1]),
        ("иванов +7 916 123-45-67", vec![1]),
        ("8 (916) 1234567 ivanov", vec![1]),
        ("иванов 8", vec![11, 4, 3, 1]),
        ("иванов 8 9", vec![1]),
        ("иванов 8 91", vec![1]),
        ("иванов 8 916", vec![1]),
        ("иванов 7 495", vec![11]),
        ("иван 9", vec![1]),
        ("иванов петрович 4567 916", vec![1]),
        ("ромашка 4567", vec![1]),
        ("ООО ромашка 67", vec![1]),
        ("вектор 4567", vec![12, 11]),
        ("вектор 12", vec![11]),
        ("вектор 12 4567", vec![11]),
        ("вектор 12 45 67", vec![11]),
        ("вектор 4321", vec![12]),
        ("вектор 4567 912 765", vec![12]),
        ("ivanov@romashka.example 67", vec![1]),
        ("info67@mail.example 4321", vec![12]),
        ("info67@mail.example 0011", vec![12]),
        ("Д-2024 0134", vec![2]),
        ("0134 Д-2024/17", vec![2]),
        ("Д-2024/17 903 555-01-34", vec![2]),
        ("договор 2024 901820", vec![13]),
        ("schmidt 4930", vec![13]),
        ("schmidt 8 916 123-45-67", vec![13]),
        ("8 916 123-45-67 schmidt", vec![13]),
        ("9120000011 9127654321", vec![12]),
        ("bdfyjd bdfy 4567", vec![11, 1]),
        ("кузнцов 4567", vec![]),
        ("ромашкп 4567", vec![1]),
        ("иванов 4568", vec![]),
        ("сидоров 4322", vec![]),
        ("петров 0134", vec![]),
    ] {
        assert_eq!(ids(&directory, typed), expected, "{typed}");
    }
    let tier = |typed| directory.search(typed, 5).unwrap().people[0].tier;
    assert_eq!(tier("иванов 4567"), Tier::Name);
    assert_eq!(tier("ромашка 4567"), Tier::Company);
    assert_eq!(tier("обеда 4567"), Tier::Rest);
    assert_eq!(tier("обеда 8 916 1234567"), Tier::Number);
}

#[test]
fn both_places_are_marked() {
    let directory = directory(&crowd());
    for (typed, id, expected) in [
        (
            "иванов иван 4567",
            1,
            vec![
                ("name", vec!["Иванов", "Иван"]),
                ("email", vec!["ivanov"]),
                ("phone", vec!["45-67"]),
            ],
        ),
        (
            "ромашка 8 916",
            1,
            vec![("company", vec!["Ромашка"]), ("email", vec!["romashka"]), ("phone", vec!["8 (916"])],
        ),
        ("вектор 4567", 12, vec![("company", vec!["Вектор", "4567"])]),
        (
            "вектор 12 4567",
            11,
            vec![("company", vec!["Вектор", "12"]), ("phone", vec!["45-67"])],
        ),
        (
            "4321 вектор 4567",
            12,
            vec![("company", vec!["Вектор", "4567"]), ("phone 2", vec!["43-21"])],
        ),
        ("912 4321", 12, vec![("phone", vec!["912"]), ("phone 2", vec!["912", "43-21"])]),
        ("schmidt 8 916", 13, vec![("name", vec!["Schmidt"]), ("note", vec!["8", "916"])]),
        ("иванов 8", 1, vec![("name", vec!["Иванов"]), ("email", vec!["ivanov"])]),
    ] {
        let found = directory.search(typed, 20).unwrap();
        let person = found
            .people
            .iter()
            .find(|person| person.user.id == id)
            .unwrap_or_else(|| panic!("{typed}"));
        let user = &person.user;
        let told: Vec<(&str, Vec<String>)> = person
            .matched
            .iter()
            .map(|matched| match matched.field {
                Field::Name => ("name", marked(&user.name, matched)),
                Field::Company => ("company", marked(&user.company, matched)),
                Field::Email => ("email", marked(&user.email, matched)),
                Field::Note => ("note", marked(&user.note, matched)),
                Field::Phone(at) => (["phone", "phone 2"][at], marked(&user.phones[at].text, matched)),
                _ => panic!("{typed}: {matched:?}"),
            })
            .collect();
        let told: Vec<(&str, Vec<&str>)> = told
            .iter()
            .map(|(field, texts)| (*field, texts.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(told, expected, "{typed}");
    }
}

#[test]
fn whatever_a_name_is_made_of_its_words_find_it() {
    let users = [
        user(1, "יוסי שלום"),
        user(2, "🙂 Ю ✨"),
        user(3, "Ив\0ан Зи\u{fffd}мин"),
        user(4, "NEAR AND OR NOT"),
        user(5, "\"кавычки\" - * : ^ (скобки)"),
        user(6, "محمد علي"),
        user(7, "王小明"),
        user(8, ""),
        User {
            note: format!("{} последнее 31337", "очень длинно ".repeat(800)),
            ..user(9, " \u{200b}\u{202e} ")
        },
    ];
    let directory = directory(&users);
    for (typed, id) in [
        ("שלום", 1),
        ("יו", 1),
        ("ю", 2),
        ("ив", 3),
        ("зи", 3),
        ("near or", 4),
        ("NOT", 4),
        ("\"кавычки\" (скобки)", 5),
        ("кавычки:*^", 5),
        ("محم", 6),
        ("王", 7),
        ("明", 7),
        ("последнее", 9),
        ("31337", 9),
        ("длинно 31337", 9),
    ] {
        assert_eq!(ids(&directory, typed), [id], "{typed}");
    }
    for typed in ["", " ", "\0", "🙂", "\u{202e}", "* - \" : ^ ( )", "+", "\u{fffd}"] {
        assert!(ids(&directory, typed).is_empty(), "{typed:?}");
    }
    // What is too long is cut; who has the first words is found.
    assert_eq!(ids(&directory, &format!("שלום {}", " ".repeat(10_000))), [1]);
    assert_eq!(ids(&directory, &"длинно ".repeat(1_000)), [9]);
    assert!(ids(&directory, &"4567 ".repeat(2_000)).is_empty());
    assert!(ids(&directory, &"7".repeat(10_000)).is_empty());
    assert!(ids(&directory, &"в1".repeat(5_000)).is_empty());
}

#[test]
fn a_thousand_who_are_alike_are_found_and_each_of_them() {
    let alike = |id: u64| User {
        phones: vec![phone("+7 916 123-45-67", "+79161234567"); 3],
        created: Some(1_000),
        ..user(id, "Иванов Иван")
    };
    let mut directory = directory(&(1..=1_000).map(alike).collect::<Vec<_>>());
    for typed in ["ив", "иванов иван", "4567", "89161234567", "иванов 4567", "8 916 123-45-67 иван"] {
        let found = directory.search(typed, 50).unwrap();
        assert_eq!((found.people.len(), found.more), (50, true), "{typed}");
        assert_eq!(found.people[0].user.id, 1_000, "{typed}");
    }
    assert_eq!(directory.with_number("+79161234567").unwrap().len(), 20);
    assert!(directory.met(7, 5_000).unwrap());
    assert_eq!(directory.with_number("+79161234567").unwrap()[0].id, 7, "the latest first");
    assert_eq!(ids(&directory, "иванов 4567")[0], 7);
    assert_eq!(directory.forget(&(1..=999).collect::<Vec<_>>()).unwrap(), 999);
    assert_eq!((ids(&directory, "иван 916"), ids(&directory, "4567")), (vec![1_000], vec![1_000]));
}

#[test]
fn a_very_long_note_does_nothing_to_the_next_user() {
    let long: String = (0..5_000).map(|at| format!("слово{at} ")).collect();
    let users = [
        User {
            note: long,
            ..user(1, "Длинный")
        },
        user(2, "Иванов Иван"),
        user(3, "Петров Пётр"),
    ];
    // In one go, whichever comes first.
    for order in [[0, 1, 2], [2, 1, 0]] {
        let mut directory = Directory::in_memory().unwrap();
        directory.keep(&order.map(|at: usize| users[at].clone()), None).unwrap();
        for (typed, id) in [("длин", 1), ("слово 5", 1), ("иванов", 2), ("иван", 2), ("петров", 3)] {
            assert_eq!(ids(&directory, typed), [id], "{typed}");
        }
    }
}
