//! A keychain that is locked, refuses, or answers late: nothing but what needs it waits for it.

use crate::desk::{Desk, IVANOV, LONG};
use engine::view::{KeychainView, SettingsView, Stage, TroubleView, TypedSecrets};
use std::time::Duration;

/// The password of the PBX, typed again.
fn typed(desk: &Desk) -> TypedSecrets {
    TypedSecrets {
        pbx_password: Some(desk.sandbox.pbx_password().to_owned()),
        api_key: None,
    }
}

async fn another_theme(desk: &Desk) -> SettingsView {
    let mut settings = desk.engine.settings().await.unwrap();
    settings.theme = "dark".into();
    settings
}

/// The keychain has been asked so often.
async fn asked(desk: &Desk, questions: u32) {
    let asked = async {
        while desk.keychain.questions() < questions {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(LONG, asked).await.unwrap();
}

async fn keychain_is(desk: &Desk, shown: KeychainView) {
    desk.until("the keychain", |view| (view.keychain == shown).then_some(())).await;
}

#[tokio::test]
async fn d4_a_call_that_comes_while_the_keychain_is_locked_pops_up_and_what_was_saved_goes_on_once_it_answers() {
    let desk = Desk::open().await;
    let settings = another_theme(&desk).await;
    let line = desk.view().pbx.since;
    desk.keychain.lock();
    let (engine, typed) = (desk.engine.clone(), typed(&desk));
    let saving = tokio::spawn(async move { engine.save_settings(settings, typed).await });
    asked(&desk, 2).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    assert!(
        !saving.is_finished(),
        "the popup was there before anything was said of the keychain"
    );
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    let told = saving.await.unwrap();
    assert_eq!(told.map_err(|error| error.trouble), Err(TroubleView::KeychainLocked));
    keychain_is(&desk, KeychainView::Locked).await;
    assert_eq!(desk.engine.settings().await.unwrap().theme, "", "not kept yet");
    desk.hang_up(&call, &ringing.id).await;
    desk.keychain.unlock();
    keychain_is(&desk, KeychainView::Answers).await;
    desk.until("a new line", |view| (view.pbx.since > line).then_some(())).await;
    desk.linked().await;
    assert_eq!(desk.engine.settings().await.unwrap().theme, "dark");
    assert_eq!(desk.keychain.questions(), 2, "asked once for each");
}

#[tokio::test]
async fn d4_at_the_start_a_locked_keychain_is_said_and_asked_once_and_the_work_begins_when_it_opens() {
    let desk = Desk::with_locked_keychain().await;
    desk.until("the screen", |view| {
        (view.stage == Stage::NoKeychain { locked: true }).then_some(())
    })
    .await;
    for _ in 0..3 {
        assert!(!desk.engine.settings().await.unwrap().has_pbx_password);
    }
    assert_eq!(desk.keychain.questions(), 1);
    desk.keychain.unlock();
    desk.connected().await;
    assert_eq!(desk.view().stage, Stage::Ready);
    assert!(desk.engine.settings().await.unwrap().has_pbx_password);
    assert_eq!(desk.keychain.questions(), 1);
}

#[tokio::test]
async fn d4_what_the_keychain_refuses_is_said_not_to_be_kept_and_everything_stays_as_it_was() {
    let desk = Desk::open().await;
    let line = desk.view().pbx;
    desk.keychain.refuse(true);
    let refused = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await;
    assert_eq!(refused.map_err(|error| error.trouble), Err(TroubleView::NoKeychain));
    // Late, when the window has been told already that it waits: on every page.
    desk.keychain.lock();
    let waits = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await;
    assert_eq!(waits.map_err(|error| error.trouble), Err(TroubleView::KeychainLocked));
    desk.keychain.unlock();
    keychain_is(&desk, KeychainView::NotKept).await;
    assert_eq!(desk.engine.settings().await.unwrap().theme, "");
    assert_eq!(desk.view().pbx, line);
    desk.keychain.refuse(false);
    let saved = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await.unwrap();
    assert_eq!(saved.theme, "dark");
    keychain_is(&desk, KeychainView::Answers).await;
}

#[tokio::test]
async fn d4_what_is_saved_while_secrets_wait_for_the_keychain_is_not_undone_by_its_answer() {
    let desk = Desk::open().await;
    desk.keychain.lock();
    let waits = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await;
    assert_eq!(waits.map_err(|error| error.trouble), Err(TroubleView::KeychainLocked));
    let mut settings = desk.engine.settings().await.unwrap();
    settings.language = "en".into();
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.keychain.unlock();
    keychain_is(&desk, KeychainView::Answers).await;
    let settings = desk.engine.settings().await.unwrap();
    assert_eq!((settings.theme.as_str(), settings.language.as_str()), ("", "en"));
}
