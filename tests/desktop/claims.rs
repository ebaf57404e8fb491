//! «Перезваниваю» in the real window, by the keyboard alone.

use crate::desk::{Desk, IVANOV, Test, off_screen, popup_window};
use crate::window::{Page, Role, screen};
use sandbox::CallSpec;
use sandbox::omnidesk::CaseDump;
use std::time::Duration;

/// How long who gives up lets it ring.
const RING: Duration = Duration::from_millis(500);

fn says(case: &CaseDump) -> &str {
    case.fields
        .get("Перезванивает")
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_missed_client_is_claimed_and_let_go_with_one_key_and_the_case_says_who() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.find(Role::Dialog, "Входящий звонок").await;
    tokio::time::sleep(RING).await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.press(Role::Button, "Скрыть карточку").await;
    off_screen("the popup", popup_window).await;
    desk.only_case("the missed call", |case| case.status == "open").await;

    app.look_at(Page::Workspace).await;
    app.press(Role::Button, "Пропущенные").await;
    app.press(Role::Button, "Следующий").await;
    screen::type_keys(&["t"]);
    app.sees("Вы перезваниваете").await;
    desk.only_case("the claim", |case| says(case).ends_with(", #22")).await;
    app.picture("claims-1-mine").await;
    screen::type_keys(&["t"]);
    app.sees("Пропущенный").await;
    desk.only_case("that it ended", |case| says(case).is_empty()).await;
    Ok(())
}
