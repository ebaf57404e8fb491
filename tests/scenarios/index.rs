//! This computer's index of users: who is known at the first ring, who is found by name, and what that costs.

use crate::desk::{Desk, IVANOV, LONG, colleague};
use engine::Settings;
use engine::view::{CallerView, UserView};
use sandbox::omnidesk::{ByHand, Fault, FaultRule};
use sandbox::{Options, Sandbox};
use serde_json::Value;

const EIKHENBAUM: &str = "eikhenbaum@izdat.example";

/// What changed is read at every connect.
fn always_due(settings: &mut Settings) {
    settings.users.hours = 0;
}

fn out() -> FaultRule {
    FaultRule::once(Fault::Status {
        status: 503,
        body: None,
        retry_after: None,
    })
}

/// After so many pages of users the next one does not come.
fn hangs_after(pages: u32) -> FaultRule {
    let rule = FaultRule::once(Fault::Hang { ms: 60_000 }).on("GET", "/api/users.json");
    FaultRule { skip: pages, ..rule }
}

/// An office with so many clients more: «Клиент 1», with addresses and numbers, companies, notes and fields of their own.
async fn crowded(clients: u32) -> Sandbox {
    let options = Options {
        rate_limit_per_minute: 0,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    sandbox.omnidesk().add_users((1..=clients).map(client));
    sandbox
}

fn client(number: u32) -> serde_json::Map<String, Value> {
    let contact = if number.is_multiple_of(2) {
        ("user_phone", format!("+7999{number:07}"))
    } else {
        ("user_email", format!("client{number}@many.example"))
    };
    let texts = [
        contact,
        ("user_full_name", format!("Клиент {number}")),
        ("company_name", format!("Склад {}", number % 700)),
        ("user_note", format!("Пометка н{number}")),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), Value::String(text)))
        .collect()
}

impl Desk {
    /// The lists of users that Omnidesk was asked for in the background: by page, and since when.
    fn pages_read(&self) -> Vec<(String, Option<String>)> {
        let text = |query: &[(String, String)], name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let requests = self.sandbox.omnidesk().requests().into_iter();
        let of_all = |query: &[(String, String)]| {
            query
                .iter()
                .all(|(name, _)| ["page", "limit"].contains(&name.as_str()) || name.ends_with("time"))
        };
        let lists = requests.filter(|request| request.kind() == "GET users" && of_all(&request.query));
        lists
            .map(|request| (text(&request.query, "page").unwrap(), text(&request.query, "from_updated_time")))
            .collect()
    }

    async fn names_found(&self, query: &str) -> Vec<String> {
        let found = self.engine.search_users(query).await.unwrap();
        found.into_iter().map(|found| found.user.name).collect()
    }

    /// The caller, by id and as the popup shows them.
    async fn caller(&self, from: &str) -> (String, UserView) {
        let (call, ringing) = self.ring(from).await;
        let CallerView::Known { user, .. } = self.known(&ringing.id).await.caller else {
            panic!("{from} is known")
        };
        self.hang_up(&call, &ringing.id).await;
        self.settled().await;
        (user.id.clone(), user)
    }

    /// Another client with a number and an address, in profiles of their own. Returns both profiles' ids.
    async fn another_client(&self, phone: &str, email: &str) -> (u64, u64) {
        let users = colleague(&self.sandbox).users();
        let named = |contact| {
            let mut new = omnidesk::NewUser::new(contact);
            new.full_name = Some("Ярова Ядвига".into());
            new
        };
        let of_phone = users.create(&named(omnidesk::Contact::Phone(phone.into()))).await.unwrap();
        let of_email = users.create(&named(omnidesk::Contact::Email(email.into()))).await.unwrap();
        let tie = omnidesk::LinkTarget::User(of_email.id);
        users.link(of_phone.id, &tie).await.unwrap();
        (of_phone.id.0, of_email.id.0)
    }
}

#[tokio::test]
async fn s12_somebody_never_met_is_found_by_name_company_and_note() {
    let desk = Desk::open().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, ["Эйхенбаум Лев"]);
    assert_eq!(desk.names_found("урал наталья 2025/208").await, ["Гончарук Наталья Петровна"]);
    let view = desk.view().users;
    let listed = desk.sandbox.omnidesk().users();
    let there = listed.iter().filter(|user| user["deleted"] == Value::Bool(false)).count();
    assert_eq!(
        (view.users as usize, view.missing),
        (there, 0),
        "all but the deleted ones, and that is all of them"
    );
    assert_eq!(desk.pages_read(), [("1".to_owned(), None)]);
}

#[tokio::test]
async fn s12_words_of_two_linked_profiles_find_the_person() {
    let desk = Desk::open().await;
    assert_eq!(desk.names_found("ivanov@romashka 9161234567").await, ["Иванов Иван Сергеевич"]);
}

#[tokio::test]
async fn a_caller_is_known_with_name_and_address_although_omnidesk_is_out() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().fault(out().times(0));
    let (_, ringing) = desk.ring(IVANOV).await;
    let CallerView::Known { user, .. } = desk.known(&ringing.id).await.caller else {
        panic!("known")
    };
    assert_eq!(
        (user.name.as_str(), user.email.as_deref(), user.linked_unread),
        ("Иванов Иван Сергеевич", Some("ivanov@romashka.example"), false)
    );
}

#[tokio::test]
async fn a_second_start_reads_nothing() {
    let mut desk = Desk::open().await;
    let before = desk.view().users;
    desk.sandbox.omnidesk().clear_requests();
    desk.restart().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, ["Эйхенбаум Лев"]);
    assert_eq!(desk.pages_read(), []);
    assert_eq!(desk.view().users, before);
}

#[tokio::test]
async fn a_later_start_reads_what_changed_and_nothing_else() {
    let mut desk = Desk::open_with(always_due).await;
    let user = desk.profile_with(EIKHENBAUM)["user_id"].as_u64().unwrap();
    let edit = omnidesk::UserEdit {
        company_name: Some("Издательство «Янтарь»".into()),
        ..omnidesk::UserEdit::default()
    };
    colleague(&desk.sandbox).users().edit(omnidesk::UserId(user), &edit).await.unwrap();
    desk.another_client("+79005550777", "yarova@yantar.example").await;
    assert_eq!(desk.names_found("янтарь").await, [""; 0], "not known yet");
    desk.sandbox.omnidesk().clear_requests();
    desk.restart().await;
    let read = desk.pages_read();
    assert_eq!(read.len(), 1, "{read:?}");
    assert!(read[0].1.is_some(), "since the last time");
    assert_eq!(desk.names_found("издательство янтарь").await, ["Эйхенбаум Лев"], "the changed one");
    assert_eq!(desk.names_found("Ядвига").await, ["Ярова Ядвига"], "and the new one");
    let (_, user) = desk.caller("79005550777").await;
    assert_eq!(user.email.as_deref(), Some("yarova@yantar.example"));
}

#[tokio::test]
async fn a_deleted_user_is_not_found_any_more_and_one_who_is_back_is() {
    let mut desk = Desk::open_with(always_due).await;
    let user = desk.profile_with(EIKHENBAUM)["user_id"].as_u64().unwrap();
    let (_, known) = desk.caller("79115550175").await;
    let before = desk.view().users.users;
    for id in [user, known.id.parse().unwrap()] {
        desk.by_hand(&ByHand::DeleteUser { user: id });
    }
    desk.restart().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, [""; 0]);
    assert!(desk.view().users.users < before);
    let call = desk.view().calls.remove(0);
    assert!(
        matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Эйхенбаум Лев"),
        "the earlier call keeps the name: {:?}",
        call.caller
    );
    desk.by_hand(&ByHand::RestoreUser { user });
    desk.restart().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, ["Эйхенбаум Лев"]);
}

#[tokio::test]
async fn s12_an_account_of_five_thousand_is_read_whole_and_each_is_found_by_anything() {
    let sandbox = crowded(5_000).await;
    let one = [
        ("user_phone", "8 (921) 555-01-77"),
        ("user_full_name", "Ёршова Щедрость Ивановна"),
        ("company_name", "ООО «Гиперборея»"),
        ("company_position", "Главбух"),
        ("user_note", "Звонить после обеда"),
    ];
    let one = one.map(|(name, text)| (name.to_owned(), Value::String(text.into())));
    sandbox.omnidesk().add_users([one.into_iter().collect()]);
    let desk = Desk::open_in(sandbox, |_| {}).await;
    let there = desk.sandbox.omnidesk().users();
    let there = there.iter().filter(|user| user["deleted"] == Value::Bool(false)).count();
    let index = desk.view().users;
    assert_eq!((index.users as usize, index.missing, index.failed), (there, 0, false));
    for typed in ["Клиент 4999", "client4999@many", "н4999", "Клиент 499 склад 499"] {
        assert!(desk.names_found(typed).await[0].starts_with("Клиент 499"), "{typed}");
    }
    assert_eq!(desk.names_found("+79990004998").await, ["Клиент 4998"]);
    for typed in [
        "ершова",
        "Ershova",
        "thijdf",
        "Ёршива",
        "гиперборея",
        "главбух",
        "обеда",
        "щедр ёрш",
        "555-01-77",
        "8 921 555 01 77",
        "50177",
    ] {
        assert_eq!(desk.names_found(typed).await[0], "Ёршова Щедрость Ивановна", "{typed}");
    }
    let found = desk.engine.search_users("thijdf").await.unwrap().remove(0);
    assert_eq!(
        (found.matched[0].field.as_str(), found.matched[0].ranges.as_slice()),
        ("name", &[[0, 6]][..])
    );
}

#[tokio::test]
async fn s12_a_reading_that_ends_at_any_page_goes_on_there_at_the_next_start() {
    let sandbox = crowded(700).await;
    let ends_at = 2 + std::process::id() % 5;
    sandbox.omnidesk().fault(hangs_after(ends_at));
    let mut desk = Desk::unconnected_in(sandbox, |_| {});
    desk.linked().await;
    let hangs = |desk: &Desk| desk.pages_read().len() > ends_at as usize;
    assert!(desk.sandbox.omnidesk().until(LONG, |_| hangs(&desk)).await, "page {ends_at}");
    assert!(desk.view().users.as_of.is_none());
    desk.sandbox.omnidesk().clear_faults();
    desk.sandbox.omnidesk().clear_requests();
    desk.restart().await;
    desk.indexed().await;
    let listed = desk.sandbox.omnidesk().users();
    let there = listed.iter().filter(|user| user["deleted"] == Value::Bool(false)).count();
    assert_eq!(
        (desk.view().users.users as usize, desk.view().users.missing),
        (there, 0),
        "page {ends_at}"
    );
    let again = desk.pages_read().len();
    assert!(
        again <= 9 - ends_at as usize + 1,
        "page {ends_at}: {again} more, what was read is not read again"
    );
    assert_eq!(desk.names_found("Клиент 700").await, ["Клиент 700"]);
}

#[tokio::test]
async fn s12_a_caller_is_looked_up_at_once_while_users_are_being_read() {
    let sandbox = crowded(300).await;
    sandbox.omnidesk().fault(hangs_after(1));
    let desk = Desk::unconnected_in(sandbox, |_| {});
    desk.linked().await;
    assert!(desk.sandbox.omnidesk().until(LONG, |_| desk.pages_read().len() == 2).await);
    let (_, user) = desk.caller("+79990000298").await;
    assert_eq!(user.name, "Клиент 298", "asked of Omnidesk, as that page has not come");
    assert!(desk.view().users.as_of.is_none());
}

#[tokio::test]
async fn s12_users_of_another_account_go_and_its_own_are_read_while_a_reading_is_on() {
    let sandbox = crowded(300).await;
    sandbox.omnidesk().fault(hangs_after(1));
    let desk = Desk::unconnected_in(sandbox, |_| {});
    desk.linked().await;
    desk.until("the first page", |view| (view.users.users > 50).then_some(())).await;
    let other = crowded(1).await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.omnidesk_url = other.omnidesk_url();
    desk.engine
        .save_settings(settings, engine::view::TypedSecrets::default())
        .await
        .unwrap();
    desk.connected().await;
    desk.indexed().await;
    let there = other.omnidesk().users();
    let there = there.iter().filter(|user| user["deleted"] == Value::Bool(false)).count();
    assert_eq!(desk.view().users.users as usize, there);
    assert_eq!(
        desk.names_found("Клиент").await,
        ["Клиент 1"],
        "of the hundred that were read none is left"
    );
}

#[tokio::test]
async fn s12_a_damaged_file_of_users_is_made_anew_and_stops_nothing() {
    let mut desk = Desk::open().await;
    desk.restart_after(|file| std::fs::write(file.with_file_name("users.db"), "damaged".repeat(5_000)).unwrap())
        .await;
    desk.indexed().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, ["Эйхенбаум Лев"]);
    let (_, user) = desk.caller(IVANOV).await;
    assert_eq!(user.name, "Иванов Иван Сергеевич");
}

#[tokio::test]
async fn s12_hostile_names_and_long_notes_are_kept_found_and_shown() {
    let sandbox = crowded(1).await;
    let users = hostile::texts().into_iter().zip(1_u32..).map(|(hostile, number)| {
        let mut user = client(number * 2);
        user.insert("user_full_name".into(), Value::String(hostile.text));
        user.insert(
            "user_note".into(),
            Value::String(format!("{} конец{number}", "слово ".repeat(1_800))),
        );
        user
    });
    sandbox.omnidesk().add_users(users);
    let desk = Desk::open_in(sandbox, |_| {}).await;
    assert_eq!(desk.view().users.missing, 0);
    assert_eq!(desk.engine.search_users("+79990000004").await.unwrap().len(), 1);
    for hostile in hostile::texts() {
        desk.engine.search_users(&hostile.text).await.unwrap();
    }
}

#[tokio::test]
async fn s03_linked_data_of_a_person_outside_the_index_are_read_by_hand_and_not_at_the_ring() {
    let desk = Desk::open().await;
    desk.another_client("+79005550777", "yarova@yantar.example").await;
    desk.sandbox.omnidesk().clear_requests();
    let (id, user) = desk.caller("79005550777").await;
    assert_eq!((user.email.as_deref(), user.linked_unread), (None, true));
    let profile = desk.engine.profile(&id).await.unwrap();
    assert!(profile.user.linked_unread);
    let kinds = || -> Vec<String> { desk.sandbox.omnidesk().requests().iter().map(|request| request.kind()).collect() };
    assert!(!kinds().contains(&"GET users/*".to_owned()), "{:?}", kinds());

    let shown = desk.engine.linked_profiles(&id).await.unwrap();
    assert_eq!(
        (shown.email.as_deref(), shown.linked_unread),
        (Some("yarova@yantar.example"), false)
    );
    assert_eq!(kinds().iter().filter(|kind| *kind == "GET users/*").count(), 1);
    // From then on this computer knows it.
    let (_, user) = desk.caller("79005550777").await;
    assert_eq!(user.email.as_deref(), Some("yarova@yantar.example"));
    assert_eq!(desk.names_found("yarova@yantar 9005550777").await, ["Ярова Ядвига"]);
    assert_eq!(kinds().iter().filter(|kind| *kind == "GET users/*").count(), 1);
}

#[tokio::test]
async fn s03_a_linked_profile_that_was_deleted_is_asked_for_once() {
    let desk = Desk::open().await;
    let (_, of_email) = desk.another_client("+79005550777", "yarova@yantar.example").await;
    desk.by_hand(&ByHand::DeleteUser { user: of_email });
    let (id, user) = desk.caller("79005550777").await;
    assert!(user.linked_unread);
    let shown = desk.engine.linked_profiles(&id).await.unwrap();
    assert_eq!((shown.email, shown.linked_unread), (None, false), "nothing more is to be had");
    assert!(!desk.caller("79005550777").await.1.linked_unread);
}

#[tokio::test]
async fn a_page_that_fails_is_not_asked_for_again_at_once() {
    let desk = Desk::unconnected(Options::default()).await;
    desk.sandbox.omnidesk().fault(out().on("GET", "/api/users.json"));
    desk.linked().await;
    desk.sandbox
        .omnidesk()
        .until(LONG, |omnidesk| {
            omnidesk.requests().iter().any(|request| request.status == Some(503))
        })
        .await;
    let (_, user) = desk.caller(IVANOV).await;
    assert_eq!(user.name, "Иванов Иван Сергеевич", "calls go on without the index");
    assert_eq!(desk.pages_read().len(), 1, "in its own time, or at the next connect");
    desk.engine.reconnect().await;
    desk.indexed().await;
    assert_eq!(desk.names_found("Эйхенбаум").await, ["Эйхенбаум Лев"]);
}
