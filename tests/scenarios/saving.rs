//! Saving settings touches what depends on what changed, and nothing else.

use crate::desk::{Desk, IVANOV, LONG};
use engine::view::{Hotkey, NoticeKinds, PhaseView, PopupCorner, PopupPlace, PopupStay, SeveralView, TroubleView, TypedSecrets};

#[tokio::test]
async fn d3_another_theme_or_language_in_mid_call_ends_no_line_and_asks_nobody_anything() {
    let desk = Desk::open().await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    desk.identified(&ringing.id).await;
    let line = desk.view().pbx;
    let mut settings = desk.engine.settings().await.unwrap();
    (settings.theme, settings.language) = ("dark".into(), "en".into());
    settings.several = SeveralView::Ask;
    let saved = desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    assert_eq!((saved.theme.as_str(), saved.language.as_str()), ("dark", "en"));
    assert_eq!(desk.view().pbx, line, "up since then");
    // Whatever it had caused would have been asked by now.
    desk.hang_up(&call, &ringing.id).await;
    let talked = desk.call_until(&ringing.id, "the end", |call| call.phase == PhaseView::Ended).await;
    assert!(talked.answered_at.is_some());
    let of_account = |desk: &Desk| {
        desk.sandbox
            .omnidesk()
            .requests()
            .iter()
            .filter(|request| request.path == "/api/staff.json")
            .count()
    };
    assert_eq!(of_account(&desk), 1, "the account was read at the start alone");
    assert_eq!(desk.view().pbx, line);
}

#[tokio::test]
async fn d3_another_address_of_the_agent_reads_the_account_and_leaves_the_pbx_alone() {
    let desk = Desk::open().await;
    let line = desk.view().pbx;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.email = "boris@support.example".into();
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    desk.until("the other agent", |view| {
        (view.agent.name.as_deref() == Some("Борис Каменев")).then_some(())
    })
    .await;
    assert_eq!(desk.view().pbx, line);
}

#[tokio::test]
async fn d3_another_extension_connects_the_pbx_anew_and_does_not_read_the_account() {
    let desk = Desk::open().await;
    desk.sandbox.omnidesk().clear_requests();
    let mut settings = desk.engine.settings().await.unwrap();
    settings.extension = "102".into();
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    assert!(desk.sandbox.pbx().until(LONG, |pbx| pbx.is_watched("102")).await);
    assert_eq!(desk.sandbox.omnidesk().requests().len(), 0);
}

#[tokio::test]
async fn s01_the_popups_place_is_the_desktops_at_once_and_again_after_a_start() {
    let mut desk = Desk::open().await;
    let place = |corner, screen: &str| PopupPlace {
        corner,
        screen: screen.into(),
    };
    assert_eq!(desk.desktop.popup_place(), place(PopupCorner::TopRight, "pointer"));
    let mut settings = desk.engine.settings().await.unwrap();
    settings.popup_corner = PopupCorner::BottomLeft;
    settings.popup_screen = " HDMI-1\n".into();
    let saved = desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    assert_eq!(
        (saved.popup_corner, saved.popup_screen.as_str()),
        (PopupCorner::BottomLeft, "HDMI-1")
    );
    assert_eq!(desk.desktop.popup_place(), place(PopupCorner::BottomLeft, "HDMI-1"));
    desk.restart().await;
    assert_eq!(desk.desktop.popup_place(), place(PopupCorner::BottomLeft, "HDMI-1"));
}

#[tokio::test]
async fn what_notifications_tell_of_is_the_desktops_at_once_and_again_after_a_start() {
    let mut desk = Desk::open().await;
    let usual = NoticeKinds {
        missed: true,
        paused: false,
        decisions: true,
        instead: true,
    };
    assert_eq!(desk.desktop.notices(), usual);
    let mut settings = desk.engine.settings().await.unwrap();
    settings.notify_paused = true;
    settings.notify_missed = false;
    settings.notify_decisions = false;
    settings.notify_instead = false;
    desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap();
    let chosen = NoticeKinds {
        paused: true,
        ..NoticeKinds::default()
    };
    assert_eq!(desk.desktop.notices(), chosen);
    desk.restart().await;
    assert_eq!(desk.desktop.notices(), chosen);
}

#[tokio::test]
async fn d2_key_combinations_are_the_desktops_at_once_and_again_after_a_start_and_two_that_are_the_same_are_refused() {
    let mut desk = Desk::open().await;
    let heard = |desk: &Desk| {
        let hotkeys = desk.desktop.hotkeys();
        hotkeys
            .into_iter()
            .map(|(hotkey, keys)| (hotkey, keys.to_string()))
            .collect::<Vec<_>>()
    };
    let usual = |desk: &Desk| heard(desk).into_iter().map(|(hotkey, _)| hotkey).collect::<Vec<_>>();
    assert_eq!(usual(&desk), [Hotkey::Dial, Hotkey::Popup, Hotkey::Private]);
    let mut settings = desk.engine.settings().await.unwrap();
    settings.hotkey_dial = "Super+Alt+F9".into();
    settings.hotkey_private = String::new();
    desk.engine.save_settings(settings.clone(), TypedSecrets::default()).await.unwrap();
    let changed = [(Hotkey::Dial, "Alt+Super+F9".to_owned()), (Hotkey::Popup, "Ctrl+Alt+O".to_owned())];
    assert_eq!(heard(&desk), changed);

    settings.hotkey_private = "Alt+Ctrl+O".into();
    let refused = desk.engine.save_settings(settings, TypedSecrets::default()).await.unwrap_err();
    assert_eq!(
        (refused.trouble, refused.about.as_deref()),
        (TroubleView::BadSetting, Some("hotkeySame"))
    );
    assert_eq!(heard(&desk), changed);
    desk.restart().await;
    assert_eq!(heard(&desk), changed);
}

#[tokio::test]
async fn s25_until_closed_a_missed_call_stays_and_its_agent_closes_it() {
    let desk = Desk::open_with(|settings| settings.popup_stay = PopupStay::UntilClosed).await;
    let (call, ringing) = desk.ring(IVANOV).await;
    desk.hang_up(&call, &ringing.id).await;
    desk.call_until(&ringing.id, "the end", |call| call.phase == PhaseView::Ended).await;
    let shown = desk.until("it in the popup", |view| (view.popup == [ringing.id.clone()]).then_some(()));
    shown.await;
    desk.engine.close_popup().await;
    desk.until("an empty popup", |view| view.popup.is_empty().then_some(())).await;
}
