//! «Скрыть личное» in the real windows and the real tray.

use crate::desk::{Desk, IVANOV, Test};
use crate::panel::Bus;
use crate::window::{PATIENCE, Page, Role};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::panel::Panel;
use std::path::Path;

const NAME: &str = "Иванов";
const LAST_DIGITS: &str = "••• 67";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_what_is_personal_is_hidden_in_popup_and_tray_until_it_is_shown_again() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let bus = Bus::start()?;
    let panel = Panel::at(&bus.address).await?;
    let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
    let app = desk.start_with(&[], &on_bus).await?;
    eventually("«Скрыть личное» to be pressed", PATIENCE, || async {
        panel.press("Скрыть личное").await.ok()?.then_some(())
    })
    .await;
    app.look_at(Page::Workspace).await;
    app.sees("Личное скрыто.").await;

    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees(LAST_DIGITS).await;
    app.sees("И•••").await;
    let text = app.text().await;
    assert!(!text.contains(NAME) && !text.contains("123-45"), "{text}");
    app.picture("privacy-1-popup").await;
    let lines = || async { Some(panel.lines().await.ok()?.into_iter().map(|line| line.text).collect::<Vec<_>>()) };
    let named = eventually("the call in the tray", PATIENCE, || async {
        lines().await.filter(|lines| lines.iter().any(|line| line.contains(LAST_DIGITS)))
    })
    .await;
    assert!(!named.iter().any(|line| line.contains(NAME)), "{named:?}");

    // The workspace shows it, and brings it back everywhere.
    app.look_at(Page::Workspace).await;
    app.sees("Иванов Иван Сергеевич").await;
    app.press(Role::Button, "Показывать снова").await;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    eventually("the name in the tray", PATIENCE, || async {
        lines().await.filter(|lines| lines.iter().any(|line| line.contains(NAME)))
    })
    .await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    Ok(())
}
