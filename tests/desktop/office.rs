//! «Настройки отдела» in the real window: published from here, received from a colleague, and read-only without the right.

use crate::desk::{Desk, Test};
use crate::links::run;
use crate::window::{App, PATIENCE, Page, Role, screen};
use engine::view::{LinkStateView, OfficeWish};
use engine::{Office, Settings};
use ringside_tests::eventually;
use ringside_tests::fake::{self, FakeKeychain};
use sandbox::omnidesk::ByHand;
use std::sync::Arc;

/// A colleague's companion publishes what holds there, in the place of the version that stands.
async fn boris_publishes(desk: &Desk, seen: u32) -> Test {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        pbx_url: desk.sandbox.pbx_url(),
        pbx_user: desk.sandbox.pbx_user().into(),
        extension: "102".into(),
        context: desk.sandbox.context().into(),
        omnidesk_url: desk.sandbox.omnidesk_url(),
        email: "boris@support.example".into(),
        channel: "cch101".into(),
        ..Settings::default()
    };
    let keychain = Arc::new(FakeKeychain::new(desk.sandbox.pbx_password(), desk.sandbox.api_key()));
    let (engine, desktop) = fake::engine(folder.path(), Office::from(settings), keychain);
    let is_up = |view: &engine::view::DeskView| (view.omnidesk.state == LinkStateView::Up).then_some(());
    desktop.until("Boris's Omnidesk", PATIENCE, is_up).await;
    engine.office_settings(true).await.map_err(|error| format!("{error:?}"))?;
    let wish = OfficeWish {
        seen: Some(seen),
        keys: vec!["channel".into()],
        locked: vec![],
    };
    engine.publish_office(wish).await.map_err(|error| format!("{error:?}"))?;
    engine.stop().await;
    Ok(())
}

/// Puts the keyboard on what this CSS names and presses a key there.
async fn key_at(app: &App, css: &str, key: &str) {
    app.at(css).await;
    let focus = format!("const element = document.querySelector('{css}'); element.focus(); return document.activeElement === element");
    assert_eq!(app.run(&focus).await, true, "the keyboard on {css}");
    screen::type_keys(&[key]);
}

const PUBLISH: &str = "main .row button.primary";
const TICK: &str = "main table th input:not(:disabled)";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn what_is_published_for_the_office_is_received_taken_back_here_and_read_only_without_the_right() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let omnidesk = desk.sandbox.omnidesk();
    run(&desk, &["show", "settings"], 0).await?;
    app.look_at(Page::Workspace).await;
    app.press_at(".frame nav [data-section=office]").await;
    app.find(Role::Heading, "Настройки отдела").await;
    app.find(Role::Button, "Опубликовать версию 1").await;
    key_at(&app, PUBLISH, "Return").await;
    app.sees("Опубликовано, версия 1").await;
    app.sees("Версия 1, Анна Литвинова").await;
    app.picture("office-1-published").await;

    boris_publishes(&desk, 1).await?;
    app.press(Role::Button, "Прочитать сейчас").await;
    app.sees("Версия 2, Борис Каменев").await;
    app.press(Role::Button, "Вернуть на этом компьютере").await;
    app.sees("На этом компьютере действует прежняя версия 1").await;
    app.press(Role::Button, "Снова версия 2").await;
    app.find(Role::Button, "Вернуть на этом компьютере").await;

    // The right is taken away; that it is gone shows when she publishes.
    let staff_email = desk.sandbox.staff_email().to_owned();
    omnidesk.by_hand(&ByHand::CompanyRight {
        staff_email,
        allowed: false,
    });
    key_at(&app, TICK, "space").await;
    app.find(Role::Button, "Опубликовать версию 3").await;
    key_at(&app, PUBLISH, "Return").await;
    app.sees("Вам в Омнидеске нельзя изменять компании").await;
    eventually("nothing to tick", PATIENCE, || async {
        let count = app.run("return document.querySelectorAll('main table input').length").await;
        (count == 0).then_some(())
    })
    .await;
    app.gone(Role::Button, "Опубликовать").await;
    app.sees("Версия 2, Борис Каменев").await;
    app.picture("office-2-read-only").await;
    app.close().await;
    Ok(())
}
