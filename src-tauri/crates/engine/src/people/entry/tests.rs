use super::*;
use std::collections::BTreeMap;

fn catalog() -> Catalog {
    let field = |id: u64, kind: &str, options: serde_json::Value| -> CustomField {
        let told = serde_json::json!({
            "field_id": id, "title": "Поле", "field_type": kind, "field_level": "user", "active": true, "field_data": options,
        });
        serde_json::from_value(told).unwrap()
    };
    Catalog {
        fields: vec![
            field(20, "select", serde_json::json!({ "1": "Розница", "2": "Опт" })),
            field(21, "checkbox", serde_json::json!({})),
            field(22, "text", serde_json::json!({})),
        ],
        ..Catalog::default()
    }
}

fn whole() -> Card {
    Card {
        id: 7,
        name: "Иванов Иван".into(),
        email: Some("ivanov@romashka.example".into()),
        company: "ООО «Ромашка»".into(),
        position: "Директор".into(),
        note: "Звонить после обеда".into(),
        phones: vec!["8 (916) 123-45-67, моб. 89031112233".into()],
        blocked: true,
        fields: [("cf_20", "2"), ("cf_21", "true"), ("cf_22", "Д-17"), ("cf_99", "?")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        linked: vec![8, 9],
        created: Some(5),
        last_contact: Some(6),
        ..Card::default()
    }
}

#[test]
fn s12_a_card_comes_back_from_the_file_as_it_went_in() {
    let by_sip = Card {
        email: None,
        phones: Vec::new(),
        custom: Some(CustomContact {
            channel: "cch101".into(),
            id: "ivanov-sip".into(),
        }),
        ..whole()
    };
    let unsaid = Card {
        custom: Some(CustomContact {
            channel: String::new(),
            id: "112".into(),
        }),
        ..whole()
    };
    let unticked = Card {
        fields: BTreeMap::from([("cf_21".into(), "false".into())]),
        ..whole()
    };
    for card in [whole(), by_sip, unsaid, unticked, Card::default()] {
        let kept = of(&card, &catalog(), Region::default());
        assert_eq!(super::card(kept, &catalog()), card);
    }
}

#[test]
fn s12_what_people_read_is_found_and_a_tick_is_no_text() {
    let mut file = directory::Directory::in_memory().unwrap();
    let by_sip = Card {
        id: 8,
        name: "Пётр".into(),
        custom: Some(CustomContact {
            channel: "cch101".into(),
            id: "petr-sip".into(),
        }),
        ..Card::default()
    };
    let users = [whole(), by_sip].map(|card| of(&card, &catalog(), Region::default()));
    file.keep(&users, None).unwrap();
    for (typed, id) in [("опт", 7), ("+79161234567", 7), ("1112233", 7), ("Д-17", 7), ("petr-sip", 8)] {
        let found = file.search(typed, 5).unwrap().people;
        assert_eq!(found.first().map(|person| person.user.id), Some(id), "{typed}");
    }
    for nothing in ["true", "2 true", "✓"] {
        assert_eq!(file.search(nothing, 5).unwrap().people, [], "{nothing}");
    }
    for key in ["+79161234567", "+79031112233"] {
        assert_eq!(file.with_number(key).unwrap().len(), 1, "{key}: a field may hold several numbers");
    }
}

#[test]
fn numbers_of_linked_profiles_are_theirs() {
    let mut card = whole();
    card.add(&Card {
        id: 8,
        phones: vec!["+79215550134".into()],
        ..Card::default()
    });
    assert_eq!(card.phones.len(), 2);
    assert_eq!(of(&card, &catalog(), Region::default()).phones.len(), 1);
}

#[test]
fn all_are_read_again_when_fields_or_the_country_are_others() {
    let here = manner(&catalog(), Region::default());
    assert_eq!(here, manner(&catalog(), Region::default()));
    let mut renamed = catalog();
    renamed.fields[0].options.insert("2".into(), "Оптовый".into());
    assert_ne!(here, manner(&renamed, Region::default()));
}

#[test]
fn hostile_texts_go_in_and_come_back() {
    let mut file = directory::Directory::in_memory().unwrap();
    for (id, hostile) in (1..).zip(hostile::texts()) {
        let card = Card {
            id,
            name: hostile.text.clone(),
            note: hostile.text.repeat(20),
            phones: vec![hostile.text.clone()],
            ..Card::default()
        };
        let kept = of(&card, &catalog(), Region::default());
        file.keep(&[kept], None).unwrap();
        let back = super::card(file.user(id).unwrap().unwrap(), &catalog());
        assert_eq!(back, card, "{}", hostile.name);
        file.search(&hostile.text, 5).unwrap();
    }
}
