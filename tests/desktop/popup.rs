//! The popup beside the workspace, and the keyboard in it: where its window stands, how high it is, who has the focus.

use crate::desk::{Desk, IVANOV, OtherWindow, Test, off_screen, on_screen, popup_window, workspace_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use std::process::Command;
use std::time::Duration;

/// The private screen.
const SCREEN: (i32, i32) = (1280, 800);
const MARGIN: i32 = 12;
/// Higher than a line and lower than any card.
const LINE: i32 = 60;

fn xdotool(arguments: &[&str]) -> Test {
    let done = Command::new("xdotool").args(arguments).status()?;
    assert!(done.success(), "xdotool {arguments:?}");
    Ok(())
}

/// Waits until the popup is a card in the upper right corner.
async fn is_card() {
    stands("a card in the upper corner", |[_, top, _, height]| top == MARGIN && height > LINE).await;
}

/// Waits until it is a line in the lower right corner.
async fn is_line() {
    stands("a line in the lower corner", |[_, top, _, height]| {
        top + height == SCREEN.1 - MARGIN && height < LINE
    })
    .await;
}

/// Waits until the popup stands so; a failure says where it stands instead.
async fn stands(what: &str, is: fn([i32; 4]) -> bool) {
    let stood = tokio::time::timeout(PATIENCE, async {
        while !place().is_some_and(|at| at[0] + at[2] == SCREEN.0 - MARGIN && is(at)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(stood.await.is_ok(), "waited in vain for {what}; the popup is at {:?}", place());
}

fn place() -> Option<[i32; 4]> {
    screen::place(&popup_window()?)
}

/// Waits until the window is exactly as high as what it shows.
async fn fits(app: &App) {
    app.look_at(Page::Popup).await;
    eventually("a window as high as its content", PATIENCE, || async {
        let content = app
            .run("return Math.ceil(document.querySelector('.popup').getBoundingClientRect().height)")
            .await;
        let [_, _, _, height] = place()?;
        (content.as_i64()? == i64::from(height)).then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_the_popup_gives_way_to_a_workspace_that_it_would_cover_and_comes_back_when_that_goes() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    on_screen("the popup", popup_window).await;
    is_card().await;
    fits(&app).await;
    screen::picture("popup-1-ringing-over-workspace");

    // S03: the profile opens; the card does not cover it.
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    is_line().await;
    fits(&app).await;
    screen::picture("popup-2-line-beside-profile");

    // Minimised, and back.
    let workspace = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
    xdotool(&["windowminimize", &workspace])?;
    is_card().await;
    fits(&app).await;
    screen::picture("popup-3-workspace-minimised");
    xdotool(&["windowactivate", &workspace])?;
    is_line().await;

    // Moved away from the corner.
    xdotool(&["windowsize", "--sync", &workspace, "780", "600"])?;
    xdotool(&["windowmove", &workspace, "0", "0"])?;
    is_card().await;
    xdotool(&["windowmove", &workspace, "400", "0"])?;
    stands_aside().await;

    // Closed.
    xdotool(&["windowsize", "--sync", &workspace, "1080", "700"])?;
    is_line().await;
    screen::close(&workspace);
    is_card().await;
    fits(&app).await;

    // The end: what the popup shows then is as high as it needs.
    desk.sandbox.pbx().hang_up(&call)?;
    app.look_at(Page::Popup).await;
    app.sees("Звонок завершён").await;
    fits(&app).await;
    screen::picture("popup-4-after-the-call");
    app.close().await;
    Ok(())
}

/// Waits until it is a card beside the workspace, on its left.
async fn stands_aside() {
    eventually("the popup beside the workspace", PATIENCE, || async {
        let [left, top, width, height] = place()?;
        (left + width == 400 - MARGIN && top == MARGIN && height > LINE).then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_the_popup_has_the_keyboard_only_where_the_agent_gives_it_and_then_its_keys_work() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let softphone = OtherWindow::focused().await?;
    let call = desk.answered(&app).await?;
    tokio::time::sleep(Duration::from_millis(600)).await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.look_at(Page::Popup).await;
    app.sees("Звонок завершён").await;
    is_line().await;
    assert_eq!(screen::focused_window(), "Softphone", "nobody gave it the focus");
    // It stays: there is something to do.
    tokio::time::sleep(Duration::from_secs(10)).await;
    screen::type_keys(&["Return", "Escape"]);
    is_line().await;

    // A click gives it the keyboard, and it stands before the workspace.
    let [left, top, width, height] = place().ok_or("a place")?;
    let at = [(left + width / 2).to_string(), (top + height / 2).to_string()];
    xdotool(&["mousemove", &at[0], &at[1], "click", "1"])?;
    is_card().await;
    eventually("its focus", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    fits(&app).await;
    screen::type_keys(&["p", "r", "i", "v", "e", "t"]);
    eventually("the gist", PATIENCE, || async {
        (app.run("return document.querySelector('textarea').value").await == "privet").then_some(())
    })
    .await;
    screen::picture("popup-5-gist-after-the-call");

    // Whoever turns to the workspace sees it; a key leads back into the popup.
    let workspace = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
    xdotool(&["windowactivate", "--sync", &workspace])?;
    is_line().await;
    screen::type_keys(&["ctrl+shift+o"]);
    is_card().await;
    app.look_at(Page::Popup).await;
    eventually("its focus", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
    screen::type_keys(&["Return"]);
    off_screen("the popup", popup_window).await;
    let told = |case: &sandbox::omnidesk::CaseDump| case.messages.iter().any(|message| message.content.contains("privet"));
    let came = desk
        .sandbox
        .omnidesk()
        .until(PATIENCE, |omnidesk| omnidesk.new_cases().iter().any(told))
        .await;
    assert!(came, "{:#?}", desk.sandbox.omnidesk().new_cases());

    // The next call comes as the first one did.
    drop(softphone);
    let _softphone = OtherWindow::focused().await?;
    desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    is_card().await;
    assert_eq!(screen::focused_window(), "Softphone");
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s04_attaching_on_the_profile_that_is_open_already_shows_where_one_chooses() -> Test {
    let (desk, app) = Desk::at_work().await?;
    desk.answered(&app).await?;
    app.look_at(Page::Popup).await;
    is_line().await;
    app.press(Role::Button, "Развернуть").await;
    is_card().await;
    app.press(Role::Button, "Привязать звонок").await;
    app.look_at(Page::Workspace).await;
    app.sees("Выберите обращение, к которому привязать звонок").await;
    eventually("the keyboard on the first case", PATIENCE, || async {
        let focused = app
            .run("return document.hasFocus() && document.activeElement.getAttribute('aria-label')")
            .await;
        focused.as_str()?.starts_with("Привязать звонок к обращению").then_some(())
    })
    .await;
    is_line().await;
    screen::picture("popup-6-attach");
    app.close().await;
    Ok(())
}
