//! «Скрыть личное», and what was told: kept until it is taken back; the engine goes on with what it knows.

use crate::desk::{Desk, IVANOV};
use engine::view::CallerView;

async fn is_private(desk: &Desk, wanted: bool) {
    desk.until("whether personal data is hidden", |view| (view.private == wanted).then_some(()))
        .await;
}

#[tokio::test]
async fn d1_hidden_personal_data_stays_hidden_over_restarts_and_calls_are_written_as_ever() {
    let mut desk = Desk::open().await;
    assert!(!desk.view().private);
    desk.engine.hide_personal(true).await.unwrap();
    is_private(&desk, true).await;
    desk.restart().await;
    is_private(&desk, true).await;
    let talked = desk.talk(IVANOV).await;
    desk.settled().await;
    let CallerView::Known { user, .. } = &desk.known(&talked.id).await.caller else {
        panic!("a known caller")
    };
    assert_eq!(user.name, "Иванов Иван Сергеевич", "the windows hide it");
    assert_eq!(desk.only_case().user_name, "Иванов Иван Сергеевич");
    desk.engine.hide_personal(false).await.unwrap();
    is_private(&desk, false).await;
    desk.restart().await;
    assert!(!desk.view().private);
}

#[tokio::test]
async fn d1_that_the_program_stays_in_the_tray_is_told_once_on_a_computer() {
    let mut desk = Desk::open().await;
    assert!(desk.engine.is_first_in_tray().await);
    assert!(!desk.engine.is_first_in_tray().await);
    desk.restart().await;
    assert!(!desk.engine.is_first_in_tray().await);
}
