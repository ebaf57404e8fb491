//! This computer's index of users: who is known at the first ring, who is found by name, and what that costs.

use crate::desk::{Desk, IVANOV, LONG, colleague};
use engine::view::{CallerView, UserView};
use engine::{Settings, UsersKept};
use sandbox::omnidesk::{ByHand, Fault, FaultRule};
use sandbox::{Options, Sandbox};
use serde_json::Value;

const EIKHENBAUM: &str = "eikhenbaum@izdat.example";

/// One page of a hundred is kept, and what changed is read at every connect.
fn one_page(settings: &mut Settings) {
    settings.users = UsersKept { pages: 1, hours: 0 };
}

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

/// An office with a hundred and fifty clients more.
async fn crowded() -> Sandbox {
    let options = Options {
        rate_limit_per_minute: 0,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let users = colleague(&sandbox).users();
    for number in 0..150 {
        let mut new = omnidesk::NewUser::new(omnidesk::Contact::Email(format!("client{number}@many.example")));
        new.full_name = Some(format!("Клиент {number}"));
        users.create(&new).await.unwrap();
    }
    sandbox.omnidesk().clear_requests();
    sandbox
}

impl Desk {
    /// The lists of users that Omnidesk was asked for in the background: by page, and since when.
    fn pages_read(&self) -> Vec<(String, Option<String>)> {
        let text = |query: &[(String, String)], name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let requests = self.sandbox.omnidesk().requests().into_iter();
        let lists = requests.filter(|request| request.kind() == "GET users" && text(&request.query, "limit").as_deref() == Some("100"));
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
        (view.users as usize, view.of),
        (there, None),
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
    assert_eq!(desk.names_found("янтарь").await, ["Эйхенбаум Лев"], "the changed one");
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
async fn a_larger_account_is_read_to_the_limit_and_says_so() {
    let desk = Desk::open_in(crowded().await, one_page).await;
    let users = desk.view().users;
    let listed = desk.sandbox.omnidesk().users().len();
    assert_eq!(users.of.map(|of| of as usize), Some(listed));
    assert!(users.users < 100 && users.users > 90, "{users:?}");
    assert_eq!(desk.pages_read(), [("1".to_owned(), None)]);
    // What is not here, Omnidesk's own search finds.
    assert_eq!(desk.names_found("Клиент 149").await, [""; 0]);
    assert_eq!(desk.names_found("client149@many").await, ["Клиент 149"]);
}

#[tokio::test]
async fn several_pages_are_read_one_after_the_other() {
    let desk = Desk::open_in(crowded().await, |_| {}).await;
    let pages: Vec<_> = desk.pages_read().into_iter().map(|(page, _)| page).collect();
    assert_eq!(pages, ["1", "2", "3"]);
    assert_eq!(desk.view().users.of, None);
    assert_eq!(desk.names_found("Клиент 149").await, ["Клиент 149"]);
}

#[tokio::test]
async fn s03_linked_data_of_a_person_outside_the_index_are_read_by_hand_and_not_at_the_ring() {
    let sandbox = crowded().await;
    let desk = Desk::open_in(sandbox, one_page).await;
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
    let desk = Desk::open_in(crowded().await, one_page).await;
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
