//! Ways about the workspace that belong to the window and not to a page: its menus, the way back, how large it is drawn.

use crate::desk::{Desk, IVANOV, Test};
use crate::window::{PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_right_click_offers_what_is_there_to_do_and_never_the_web_views_menu() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.press(Role::Button, "Скрыть карточку").await;
    app.look_at(Page::Workspace).await;
    let before = screen::visible_windows(".").len();

    let (x, y) = screen::spot(&app, "tr[data-row] th .b5").await?;
    screen::click(3, x, y);
    app.at("[role=menu]").await;
    app.sees("Скопировать +7 (916) 123-45-67").await;
    screen::picture("ways-1-menu");
    // By keys on: the second line is the number.
    app.at("[role=menuitem]").await;
    while app
        .run("return document.activeElement.textContent")
        .await
        .as_str()
        .is_none_or(|text| !text.contains("+7 (916)"))
    {
        screen::type_keys(&["Down"]);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    screen::type_keys(&["Return"]);
    eventually("the menu to go", PATIENCE, || async {
        (app.run("return document.querySelector('[role=menu]') === null").await == true).then_some(())
    })
    .await;
    screen::type_keys(&["slash", "ctrl+v"]);
    eventually("the number in the filter", PATIENCE, || async {
        let field = app.run("return document.querySelector('[role=searchbox]').value").await;
        field.as_str()?.contains("79161234567").then_some(())
    })
    .await;

    // Where there is nothing to do, there is no menu: not ours, and not the web view's, which would be a window.
    let (x, y) = screen::spot(&app, "main h1").await?;
    screen::click(3, x, y);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        app.run("return document.querySelector('[role=menu]')").await,
        serde_json::Value::Null
    );
    assert_eq!(screen::visible_windows(".").len(), before, "no other window");
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn keys_and_the_thumbs_buttons_lead_back_and_forth_and_change_how_large_it_is_drawn() -> Test {
    /// The buttons at the thumb, as X counts them.
    const BACK: u8 = 8;
    const FORWARD: u8 = 9;
    let (_desk, app) = Desk::at_work().await?;
    app.find(Role::Heading, "Звонки").await;
    eventually("the keyboard in the page", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
    screen::type_keys(&["ctrl+2"]);
    eventually("the search field", PATIENCE, || async {
        let role = app.run("return document.activeElement.getAttribute('role')").await;
        (role == "combobox").then_some(())
    })
    .await;
    screen::type_keys(&["i", "v", "a", "n", "o", "v"]);
    app.at("[role=option]").await;
    app.sees("Иванов Иван Сергеевич").await;
    eventually("the profile", PATIENCE, || async {
        screen::type_keys(&["Return"]);
        tokio::time::sleep(Duration::from_millis(300)).await;
        (app.run("return document.querySelector('h1')?.textContent").await == "Иванов Иван Сергеевич").then_some(())
    })
    .await;

    // Back to the question and its answer, without asking anew.
    screen::type_keys(&["alt+Left"]);
    app.at("[role=option]").await;
    assert_eq!(app.run("return document.querySelector('[role=combobox]').value").await, "ivanov");
    let (x, y) = screen::spot(&app, "main h1").await?;
    screen::click(BACK, x, y);
    app.find(Role::Heading, "Звонки").await;
    screen::click(FORWARD, x, y);
    app.at("[role=option]").await;
    screen::type_keys(&["alt+Right"]);
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;

    let width = || async { app.run("return innerWidth").await.as_i64() };
    let usual = width().await.ok_or("a width")?;
    for (key, is) in [
        ("ctrl+equal", std::cmp::Ordering::Less),
        ("ctrl+0", std::cmp::Ordering::Equal),
        ("ctrl+minus", std::cmp::Ordering::Greater),
        ("ctrl+0", std::cmp::Ordering::Equal),
    ] {
        screen::type_keys(&[key]);
        eventually(key, PATIENCE, || async { (width().await?.cmp(&usual) == is).then_some(()) }).await;
    }
    app.close().await;
    Ok(())
}
