//! Popups paused from the tray of the real program, and brought back.

use crate::desk::{IVANOV, Test, off_screen, on_screen, popup_window};
use crate::panel::BesidePanel;
use crate::window::{Page, Role, screen};
use sandbox::CallSpec;

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_popups_paused_from_the_tray_come_not_until_they_are_resumed_and_say_what_was_missed() -> Test {
    let at = BesidePanel::start().await?;
    let (desk, app) = (&at.desk, &at.app);
    at.press("Пока не включу").await;
    app.look_at(Page::Workspace).await;
    app.sees("Карточки звонков на паузе.").await;
    at.says("Карточки на паузе").await;

    // It rings and is given up: the case is there, no popup was.
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.sees("Входящий звонок").await;
    desk.sandbox.pbx().hang_up(&call)?;
    desk.only_case("the missed call", |case| case.status == "open").await;
    // One that had come would stay for longer than this waits. At the start, it is drawn for a moment out of sight.
    off_screen("the popup", popup_window).await;
    app.picture("pausing-1-paused").await;

    at.press("Возобновить").await;
    on_screen("the popup", popup_window).await;
    app.look_at(Page::Popup).await;
    app.sees("пропущен 1 звонок").await;
    screen::picture("pausing-2-meanwhile");
    app.press(Role::Button, "Показать список").await;
    off_screen("the popup", popup_window).await;
    app.look_at(Page::Workspace).await;
    app.find(Role::Button, "Следующий").await;
    at.says("Приостановить карточки").await;
    at.app.close().await;
    Ok(())
}
