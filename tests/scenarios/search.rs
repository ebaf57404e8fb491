//! Finding a user by anything (S12): this computer's index, completed by Omnidesk's own search.

use crate::desk::{Desk, IVANOV, colleague};
use engine::view::{FoundUser, TroubleView};
use sandbox::omnidesk::{ByHand, Fault, FaultRule};

async fn find(desk: &Desk, query: &str) -> Vec<FoundUser> {
    desk.engine.search_users(query).await.unwrap()
}

/// The one user that is found: where, and in what text.
async fn only(desk: &Desk, query: &str) -> (String, String, String) {
    let found = find(desk, query).await;
    assert_eq!(found.len(), 1, "{query:?}: {found:#?}");
    let found = found.into_iter().next().unwrap();
    {
        let place = found.matched.into_iter().next().unwrap();
        (found.user.name, place.field, place.text)
    }
}

#[tokio::test]
async fn s12_everything_known_of_a_user_is_found_and_it_is_said_where() {
    let desk = Desk::open().await;
    for (query, place, text) in [
        ("Иванов Иван Сергеевич", "name", "Иванов Иван Сергеевич"),
        ("иванов", "name", "Иванов Иван Сергеевич"),
        ("bdfyjd", "name", "Иванов Иван Сергеевич"),
        ("Ivanov Sergeevich", "name", "Иванов Иван Сергеевич"),
        ("Сергеевич Иван", "name", "Иванов Иван Сергеевич"),
        ("IVANOV@romashka.example", "email", "ivanov@romashka.example"),
        ("ivanov@rom", "email", "ivanov@romashka.example"),
        ("ромашк", "company", "ООО «Ромашка»"),
        ("директор", "position", "Директор"),
        (
            "имени и отчеству",
            "note",
            "Предпочитает звонок письму. Просит называть по имени и отчеству.",
        ),
        ("2024/117", "cf_21", "Д-2024/117"),
        ("профессионал", "cf_20", "Профессиональный"),
        ("2027-03-31", "cf_22", "2027-03-31"),
        ("Примерная", "cf_24", "127006, Москва, ул. Примерная, д. 7, офис 12"),
    ] {
        // Some of these words are others', too: Ivanov must be among them.
        let found = find(&desk, query).await;
        let ivanov = found.iter().find(|found| found.user.name == "Иванов Иван Сергеевич");
        let ivanov = ivanov.unwrap_or_else(|| panic!("{query:?}: {found:#?}"));
        assert_eq!(
            (ivanov.matched[0].field.as_str(), ivanov.matched[0].text.as_str()),
            (place, text),
            "{query:?}"
        );
    }
    assert!(find(&desk, "иванов петров").await.is_empty(), "all words must be there");
    assert!(find(&desk, "true").await.is_empty(), "a tick is no text");
    assert!(find(&desk, "   ").await.is_empty());
}

#[tokio::test]
async fn s12_words_may_stand_in_different_places() {
    let desk = Desk::open().await;
    assert_eq!(only(&desk, "Рустам прораб").await.0, "Абдуллаев Рустам Маратович");
    assert_eq!(
        only(&desk, "урал наталья 2025/208").await.0,
        "Гончарук Наталья Петровна",
        "name, company and a custom field"
    );
}

#[tokio::test]
async fn s12_a_number_is_found_in_any_spelling_and_by_its_parts() {
    let desk = Desk::open().await;
    for query in [
        "+79161234567",
        "8 (916) 123-45-67",
        "8-916-123-45-67",
        "89161234567",
        "9161234567",
        "+7 916 123 45 67",
        "916 123-45",
        "1234567",
        "123-45-67",
        "8916123",
        "Иванов 123-45-67",
    ] {
        let (name, place, text) = only(&desk, query).await;
        assert_eq!(name, "Иванов Иван Сергеевич", "{query}");
        if !query.contains("Иванов") {
            assert_eq!((place.as_str(), text.as_str()), ("phone", "+7 (916) 123-45-67"), "{query}");
        }
    }
}

#[tokio::test]
async fn s12_omnidesks_own_search_adds_whom_this_computer_has_never_heard_of() {
    let desk = Desk::open().await;
    desk.newcomer("8 (921) 555-01-99").await;
    let users = colleague(&desk.sandbox).users();
    let mut new = omnidesk::NewUser::new(omnidesk::Contact::Email("zyablikova@fonar.example".into()));
    new.full_name = Some("Зябликова Зоя".into());
    users.create(&new).await.unwrap();
    assert!(
        find(&desk, "Зябликова").await.is_empty(),
        "Omnidesk cannot search names (reference, section 2)"
    );
    assert_eq!(
        only(&desk, "zyablikova@fonar").await,
        ("Зябликова Зоя".into(), "email".into(), "zyablikova@fonar.example".into())
    );
    for number in ["+7 (921) 555-01-99", "89215550199", "9215550199", "(921) 555-01-99"] {
        let (name, place, _) = only(&desk, number).await;
        assert_eq!((name.as_str(), place.as_str()), ("Ярова Ядвига", "phone"), "{number}");
    }
    // What was found once is found by name from then on.
    assert_eq!(only(&desk, "ядвиг").await.1, "name");
    assert_eq!(only(&desk, "зоя зяблик").await.1, "name");
}

#[tokio::test]
async fn s12_a_person_with_several_profiles_is_found_once() {
    let desk = Desk::open().await;
    for query in ["ivanov@romashka", "Иванов", IVANOV] {
        let found = find(&desk, query).await;
        assert_eq!(found.len(), 1, "{query}: {found:#?}");
        assert_eq!(
            (found[0].user.email.as_deref(), found[0].user.phones.as_slice()),
            (Some("ivanov@romashka.example"), &["+7 (916) 123-45-67".to_owned()][..]),
            "{query}: with all that is known"
        );
    }
}

#[tokio::test]
async fn s12_who_was_deleted_is_not_offered_and_who_is_blocked_is_marked() {
    let desk = Desk::open().await;
    assert!(find(&desk, "udalova@gone").await.is_empty());
    assert!(find(&desk, "79095550114").await.is_empty());
    assert!(find(&desk, "lomakin@spam").await[0].user.blocked);
    let user = desk.profile_with("goncharuk@ural-opt.example")["user_id"].as_u64().unwrap();
    assert_eq!(find(&desk, "goncharuk@ural").await.len(), 1);
    desk.by_hand(&ByHand::BlockUser { user });
    assert!(find(&desk, "goncharuk@ural").await[0].user.blocked, "as it is now, not as it was");
}

#[tokio::test]
async fn s12_without_omnidesk_this_computer_answers_alone_and_says_so_when_it_cannot() {
    let desk = Desk::open().await;
    desk.newcomer("+79005550777").await;
    desk.sandbox
        .omnidesk()
        .fault(FaultRule::once(Fault::Html { status: 502 }).on("GET", "/api/users.json").times(0));
    assert_eq!(only(&desk, "ivanov@romashka").await.0, "Иванов Иван Сергеевич");
    let nothing = desk.engine.search_users("+79005550777").await.unwrap_err();
    assert_eq!(nothing.trouble, TroubleView::ServerError);
}

#[tokio::test]
async fn s12_odd_queries_break_nothing() {
    let desk = Desk::open().await;
    for query in [
        "%",
        "_",
        "'",
        "\"; DROP TABLE people; --",
        "^^",
        "\u{0}",
        "🙂",
        "(",
        "+",
        "--",
        &"як".repeat(5_000),
    ] {
        assert!(find(&desk, query).await.len() < 5, "{query:?}");
    }
    assert_eq!(only(&desk, "иванов").await.1, "name");
}
