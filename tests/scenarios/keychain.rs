//! A keychain that is locked, refuses, or answers late: nothing but what needs it waits for it.

use crate::desk::{Desk, IVANOV, LONG};
use engine::view::{KeychainView, SettingsView, Stage, TroubleView, TypedSecrets};
use ringside_tests::fake::Mood;
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

/// The screen that says what keeps the work from beginning.
async fn says_that_it_is(desk: &Desk, locked: bool) {
    let stage = Stage::NoKeychain { locked };
    desk.until(&format!("{stage:?}"), |view| (view.stage == stage).then_some(())).await;
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
    let desk = Desk::with_keychain(Mood::Locked).await;
    says_that_it_is(&desk, true).await;
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
async fn d4_a_keychain_that_refused_is_not_asked_again_before_it_is_open_and_then_the_work_begins() {
    let desk = Desk::with_keychain(Mood::Refusing).await;
    says_that_it_is(&desk, true).await;
    assert_eq!(desk.keychain.questions(), 1, "each may open a window of the system");
    // By another program, or in the system's own.
    desk.keychain.unlock();
    desk.connected().await;
    assert_eq!(desk.keychain.questions(), 2);
}

#[tokio::test]
async fn d4_a_keychain_that_hangs_is_not_there_comes_up_locked_and_goes_is_called_what_it_is() {
    let desk = Desk::with_keychain(Mood::Hanging).await;
    says_that_it_is(&desk, false).await;
    // Its window comes late.
    desk.keychain.becomes(Mood::Locked);
    says_that_it_is(&desk, true).await;
    for _ in 0..2 {
        desk.keychain.becomes(Mood::Absent);
        says_that_it_is(&desk, false).await;
        desk.keychain.becomes(Mood::Refusing);
        says_that_it_is(&desk, true).await;
    }
    desk.keychain.unlock();
    desk.connected().await;
    assert_eq!(desk.view().stage, Stage::Ready);
}

#[tokio::test]
async fn d4_secrets_that_are_gone_are_asked_for_again_and_a_call_that_ended_meanwhile_is_written_once() {
    let mut desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.answer(&call, &ringing.id).await;
    desk.keychain.lose();
    desk.restart_unconnected().await;
    desk.until("the set-up", |view| (view.stage == Stage::SetUp).then_some(())).await;
    let settings = desk.engine.settings().await.unwrap();
    assert!(!settings.has_pbx_password && !settings.has_api_key);
    assert_eq!(settings.pbx_url, desk.sandbox.pbx_url(), "what is no secret is there as it was");
    desk.sandbox.pbx().hang_up(&call).unwrap();
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 0);

    // One of the two is not enough to begin.
    let half = desk.engine.save_settings(settings.clone(), typed(&desk)).await.unwrap_err();
    assert_eq!(half.about.as_deref(), Some("apiKey"));
    let both = TypedSecrets {
        api_key: Some(desk.sandbox.api_key().to_owned()),
        ..typed(&desk)
    };
    desk.engine.save_settings(settings, both).await.unwrap();
    desk.connected().await;
    desk.case_of(&ringing.id).await;
    desk.settled().await;
    desk.only_case();
    desk.restart().await;
    desk.settled().await;
    desk.only_case();
}

#[tokio::test]
async fn d4_what_the_keychain_refuses_is_said_not_to_be_kept_and_everything_stays_as_it_was() {
    let desk = Desk::open().await;
    let line = desk.view().pbx;
    desk.keychain.becomes(Mood::Refusing);
    let refused = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await;
    assert_eq!(refused.map_err(|error| error.trouble), Err(TroubleView::NoKeychain));
    // Late, when the window has been told already that it waits: on every page.
    desk.keychain.lock();
    let waits = desk.engine.save_settings(another_theme(&desk).await, typed(&desk)).await;
    assert_eq!(waits.map_err(|error| error.trouble), Err(TroubleView::KeychainLocked));
    desk.keychain.becomes(Mood::Refusing);
    keychain_is(&desk, KeychainView::NotKept).await;
    assert_eq!(desk.engine.settings().await.unwrap().theme, "");
    assert_eq!(desk.view().pbx, line);
    desk.keychain.becomes(Mood::Open);
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
