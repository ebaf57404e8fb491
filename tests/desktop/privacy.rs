//! «Скрыть личное» in the real windows and the real tray.

use crate::desk::{IVANOV, Test};
use crate::panel::BesidePanel;
use crate::window::{Page, Role};
use sandbox::CallSpec;

const NAME: &str = "Иванов";
const LAST_DIGITS: &str = "••• 67";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_what_is_personal_is_hidden_in_popup_and_tray_until_it_is_shown_again() -> Test {
    let at = BesidePanel::start().await?;
    let (desk, app) = (&at.desk, &at.app);
    at.press("Скрыть личное").await;
    app.look_at(Page::Workspace).await;
    app.sees("Личное скрыто.").await;

    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees(LAST_DIGITS).await;
    app.sees("И•••").await;
    let text = app.text().await;
    assert!(!text.contains(NAME) && !text.contains("123-45"), "{text}");
    app.picture("privacy-1-popup").await;
    let named = at.says(LAST_DIGITS).await;
    assert!(!named.iter().any(|line| line.contains(NAME)), "{named:?}");

    // The workspace shows it, and brings it back everywhere.
    app.look_at(Page::Workspace).await;
    app.sees("Иванов Иван Сергеевич").await;
    app.press(Role::Button, "Показывать снова").await;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    at.says(NAME).await;
    desk.sandbox.pbx().hang_up(&call)?;
    at.app.close().await;
    Ok(())
}
