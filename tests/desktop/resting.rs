//! The workspace's window is there when it is wanted and only then (`src/workspace.rs`): made when it is first opened,
//! given back after a rest, and where the agent left it when it comes back.

use crate::desk::{Desk, IVANOV, Test, workspace_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A rest that tests can wait for.
const REST: Duration = Duration::from_millis(1_500);

/// A field of the settings that is saved by a button.
const CALL_ID: &str = "Поле «ID звонка»";

/// The app on this desk, begun with `arguments`; hidden, its workspace rests for [`REST`].
async fn start(desk: &Desk, arguments: &[&str]) -> Result<App, Box<dyn std::error::Error>> {
    let rest = REST.as_millis().to_string();
    let more = [("RINGSIDE_WORKSPACE_REST_MS", Path::new(&rest))];
    desk.start_with(arguments, &more).await
}

/// Opens the workspace as a second start does.
fn open(desk: &Desk) -> Test {
    let second = Command::new(program("ringside")?)
        .env("RINGSIDE_DATA_DIR", desk.file("data"))
        .status()?;
    assert!(second.success(), "{second}");
    Ok(())
}

/// Closes the workspace's window as the window manager does.
async fn close() {
    let window = eventually("the workspace on the screen", PATIENCE, || async { workspace_window() }).await;
    screen::close(&window);
    eventually("it to be hidden", PATIENCE, || async { workspace_window().is_none().then_some(()) }).await;
}

async fn given_back(app: &App) {
    eventually("the window to be given back", PATIENCE, || async {
        (!app.has(Page::Workspace).await).then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_hidden_start_makes_no_workspace_and_an_answered_call_does_without_taking_the_focus() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = start(&desk, &["--hidden"]).await?;
    assert!(!app.has(Page::Workspace).await, "nobody wanted it yet");
    let _softphone = crate::desk::OtherWindow::focused().await?;

    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    assert_eq!(workspace_window(), None, "it is answered first");
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    eventually("it on the screen", PATIENCE, || async { workspace_window() }).await;
    // It has appeared by itself: whoever types goes on typing into the softphone.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(screen::focused_window(), "Softphone");

    // Closed during the call it stays loaded, however long the call goes on.
    close().await;
    tokio::time::sleep(REST * 2).await;
    assert!(app.has(Page::Workspace).await, "a call goes on");
    desk.sandbox.pbx().hang_up(&call)?;
    app.look_at(Page::Popup).await;
    given_back(&app).await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s03_the_workspace_is_made_unseen_while_it_rings_and_goes_when_nobody_answered() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = start(&desk, &["--hidden"]).await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Workspace).await;
    app.sees("Передано в Омнидеск").await;
    // Longer than its rest, and than its page may take.
    tokio::time::sleep(REST * 3).await;
    assert!(app.has(Page::Workspace).await, "the call goes on");
    assert_eq!(workspace_window(), None, "nobody wanted it yet");
    desk.sandbox.pbx().hang_up(&call)?;
    given_back(&app).await;

    // The next call finds everything as the first one did.
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Workspace).await;
    assert_eq!(workspace_window(), None);
    desk.sandbox.pbx().answer(&call)?;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    eventually("it on the screen", PATIENCE, || async { workspace_window() }).await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s15_what_was_typed_and_the_page_it_was_typed_on_come_back_with_the_window() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = start(&desk, &[]).await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.press(Role::Link, "создать новое обращение по звонку").await;
    app.write("Тема", "Не проходит оплата").await;
    app.press(Role::Button, "Создать").await;
    app.find(Role::Heading, "Не проходит оплата").await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.sees("В ожидании").await;
    let place = screen::place(&workspace_window().ok_or("the workspace")?).ok_or("its place")?;

    app.look_at(Page::Popup).await;
    close().await;
    given_back(&app).await;
    open(&desk)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Не проходит оплата").await;
    let back = eventually("it on the screen", PATIENCE, || async { workspace_window() }).await;
    assert_eq!(screen::place(&back), Some(place), "where and as large as it was");

    // A form that nobody saved keeps the window; left, it goes with its page.
    app.press(Role::Button, "Настройки").await;
    app.press(Role::Button, "Звонки и обращения").await;
    app.write(CALL_ID, "9").await;
    app.look_at(Page::Popup).await;
    close().await;
    tokio::time::sleep(REST * 3).await;
    assert!(app.has(Page::Workspace).await, "a form is open");
    open(&desk)?;
    app.look_at(Page::Workspace).await;
    let field = app.find(Role::TextBox, CALL_ID).await;
    assert!(field.prop("value").await?.is_some_and(|text| text.ends_with('9')));
    app.press(Role::Button, "Звонки").await;
    app.look_at(Page::Popup).await;
    close().await;
    given_back(&app).await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d6_a_hidden_start_that_is_not_set_up_opens_the_set_up() -> Test {
    let desk = Desk::new().await?;
    let data = desk.file("data");
    let environment = [
        ("RINGSIDE_DATA_DIR", data.as_path()),
        ("RINGSIDE_SECRETS", Path::new("environment")),
    ];
    let app = App::start(&program("ringside")?, &["--hidden"], &environment, &desk.file("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    app.sees("Подключение к АТС").await;
    eventually("it on the screen", PATIENCE, || async { workspace_window() }).await;
    app.close().await;
    Ok(())
}
