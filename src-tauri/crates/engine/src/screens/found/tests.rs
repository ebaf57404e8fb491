use super::*;
use directory::{Directory, Phone, Reading, Tier};

fn user(id: u64, name: &str, linked: &[u64]) -> User {
    User {
        id,
        name: name.into(),
        linked: linked.to_vec(),
        ..User::default()
    }
}

fn marked(place: &PlaceView) -> Vec<String> {
    let units: Vec<u16> = place.text.encode_utf16().collect();
    let cut = |[start, end]: &[u32; 2]| String::from_utf16(&units[*start as usize..*end as usize]).unwrap();
    place.ranges.iter().map(cut).collect()
}

/// The places of the one who is found.
fn places(user: User, typed: &str) -> Vec<PlaceView> {
    let mut file = Directory::in_memory().unwrap();
    file.keep(&[user], None).unwrap();
    let person = file.search(typed, 5).unwrap().people.remove(0);
    let card = entry::card(person.user.clone(), &Catalog::default());
    view(&person, &card, typed, &Catalog::default(), Region::default()).matched
}

#[test]
fn s12_the_place_where_most_of_it_stands_comes_first_and_what_matched_is_marked() {
    let person = User {
        company: "Иванов и партнёры".into(),
        note: "Ивановская площадь, 7".into(),
        ..user(7, "Иван Петров", &[])
    };
    let found = places(person.clone(), "ивановск");
    assert_eq!((found[0].field.as_str(), marked(&found[0])), ("note", vec!["Ивановск".to_owned()]));
    let found = places(person, "bdfy");
    assert_eq!((found[0].field.as_str(), marked(&found[0])), ("name", vec!["Иван".to_owned()]));
}

#[test]
fn s12_a_number_is_marked_as_it_is_shown_however_it_is_spelt() {
    for spelt in ["89161234567", "+7 916 123-45-67", "7(916)1234567"] {
        let phone = Phone {
            text: spelt.into(),
            keys: vec!["+79161234567".into()],
        };
        let person = User {
            phones: vec![phone],
            ..user(7, "Иван", &[])
        };
        for (typed, marks) in [("4567", "45-67"), ("+79161234567", "+7 (916) 123-45-67"), ("8916", "7 (916")] {
            let found = places(person.clone(), typed);
            assert_eq!((found[0].field.as_str(), found[0].text.as_str()), ("phone", "+7 (916) 123-45-67"));
            let marked = marked(&found[0]).concat();
            assert!(marks.contains(&marked) && marked.len() >= 3, "{spelt} {typed}: {marked}");
        }
    }
}

#[test]
fn s12_words_of_several_profiles_find_the_person_whom_they_are_of() {
    let person = |user: User| Person {
        also: Vec::new(),
        tier: Tier::Name,
        reading: Reading::AsTyped,
        matched: Vec::new(),
        user,
    };
    let of_phone = || person(user(1, "Иванов", &[2]));
    let of_email = || person(user(2, "", &[1]));
    let other = || person(user(3, "Иванов", &[]));
    let found = in_all(vec![vec![of_phone(), other()], vec![of_email()]]);
    assert_eq!(found.iter().map(|person| person.user.id).collect::<Vec<_>>(), [1]);
    assert_eq!(in_all(vec![vec![other()], vec![of_email()]]), []);
}
