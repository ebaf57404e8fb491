//! Popups paused from the tray of the real program, and brought back.

use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window};
use crate::panel::Bus;
use crate::window::{PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::panel::Panel;
use std::path::Path;

/// Waits until the tray's menu has a line with this text.
async fn says(panel: &Panel, text: &str) {
    eventually(&format!("«{text}» in the tray"), PATIENCE, || async {
        let lines = panel.lines().await.ok()?;
        lines.iter().any(|line| line.text.contains(text)).then_some(())
    })
    .await;
}

/// Presses a line of the tray's menu, as soon as it is there and is not being changed.
async fn press(panel: &Panel, text: &str) {
    eventually(&format!("«{text}» to be pressed"), PATIENCE, || async {
        panel.press(text).await.ok()?.then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_popups_paused_from_the_tray_come_not_until_they_are_resumed_and_say_what_was_missed() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let bus = Bus::start()?;
    let panel = Panel::at(&bus.address).await?;
    let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
    let app = desk.start_with(&[], &on_bus).await?;
    press(&panel, "Пока не включу").await;
    app.look_at(Page::Workspace).await;
    app.sees("Карточки звонков на паузе.").await;
    says(&panel, "Карточки на паузе").await;

    // It rings and is given up: the case is there, no popup was.
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.sees("Входящий звонок").await;
    desk.sandbox.pbx().hang_up(&call)?;
    desk.only_case("the missed call", |case| case.status == "open").await;
    // One that had come would stay for longer than this waits. At the start, it is drawn for a moment out of sight.
    off_screen("the popup", popup_window).await;
    app.picture("pausing-1-paused").await;

    press(&panel, "Возобновить").await;
    on_screen("the popup", popup_window).await;
    app.look_at(Page::Popup).await;
    app.sees("пропущен 1 звонок").await;
    screen::picture("pausing-2-meanwhile");
    app.press(Role::Button, "Показать список").await;
    off_screen("the popup", popup_window).await;
    app.look_at(Page::Workspace).await;
    app.find(Role::Button, "Следующий").await;
    says(&panel, "Приостановить карточки").await;
    app.close().await;
    Ok(())
}
