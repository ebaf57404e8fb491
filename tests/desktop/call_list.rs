//! The list of calls in the real window: filtered, sorted, gone through by keys, called back from; and its columns after a restart.

use crate::desk::{Desk, IVANOV, Test, off_screen, popup_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use std::time::Duration;

/// Whom nobody knows; his number comes after [`IVANOV`]'s.
const STRANGER: &str = "79219998877";
/// Calling back after a shorter ring would be asked about.
const RING: Duration = Duration::from_millis(3_200);

async fn missed(desk: &Desk, app: &App, from: &str) -> Test {
    let call = desk.sandbox.pbx().place(CallSpec::incoming(from, "101"))?;
    app.look_at(Page::Popup).await;
    app.find(Role::Dialog, "Входящий звонок").await;
    tokio::time::sleep(RING).await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.press(Role::Button, "Скрыть карточку").await;
    off_screen("the popup", popup_window).await;
    app.look_at(Page::Workspace).await;
    Ok(())
}

/// Waits until the list has these rows, by what stands in each.
async fn rows(app: &App, what: &str, wanted: &[&str]) {
    let texts = "return [...document.querySelectorAll('tr[data-row]')].map((row) => row.querySelector('th').textContent)";
    eventually(what, PATIENCE, || async {
        let texts = app.run(texts).await;
        let texts: Vec<&str> = texts.as_array()?.iter().filter_map(|text| text.as_str()).collect();
        let fits = texts.len() == wanted.len() && texts.iter().zip(wanted).all(|(text, wanted)| text.contains(wanted));
        fits.then_some(())
    })
    .await;
}

/// Waits until the columns stand like this.
async fn heads(app: &App, what: &str, wanted: &str) {
    let names = "return [...document.querySelectorAll('th[data-column]')].map((head) => head.dataset.column).join(' ')";
    eventually(what, PATIENCE, || async { (app.run(names).await == wanted).then_some(()) }).await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s26_all_calls_are_filtered_sorted_and_called_back_from_and_the_columns_stay_as_they_were_put() -> Test {
    let (desk, app) = Desk::at_work().await?;
    missed(&desk, &app, STRANGER).await?;
    missed(&desk, &app, IVANOV).await?;
    let (ivanov, stranger) = ("Иванов", "999-88-77");
    rows(&app, "both calls, the latest first", &[ivanov, stranger]).await;

    app.press_at("[data-column=phone] button").await;
    rows(&app, "them by their numbers", &[ivanov, stranger]).await;
    app.press_at("[data-column=phone] button").await;
    rows(&app, "them the other way round", &[stranger, ivanov]).await;
    app.write_at("[role=searchbox]", "8 (921) 999").await;
    rows(&app, "the one with this number", &[stranger]).await;
    app.run("const field = document.querySelector('[role=searchbox]'); field.value = ''; field.dispatchEvent(new Event('input', { bubbles: true }))")
        .await;
    rows(&app, "both again", &[stranger, ivanov]).await;

    // Another order, another column, by keys alone.
    app.press(Role::Button, "Столбцы").await;
    app.press(Role::CheckBox, "Линия").await;
    screen::type_keys(&["Escape"]);
    app.run("document.querySelector('[data-column=phone] button').focus()").await;
    screen::type_keys(&["alt+Left"]);
    let moved = "phone client line outcome case time sent";
    heads(&app, "the column in its new place", moved).await;
    app.find(Role::Heading, "Звонки").await;
    app.picture("call-list-1").await;

    // Down to Ivanov, who is called back.
    desk.steps_by_hand();
    app.run("document.querySelector('tr[data-row]').focus()").await;
    screen::type_keys(&["Down"]);
    let at = "return document.activeElement.textContent";
    eventually("the keyboard on the second row", PATIENCE, || async {
        app.run(at).await.as_str().is_some_and(|text| text.contains(ivanov)).then_some(())
    })
    .await;
    screen::type_keys(&["c"]);
    let (call, _) = desk.ordered().await;
    rows(&app, "the call that is on above them", &[ivanov, stranger, ivanov]).await;
    desk.sandbox.pbx().hang_up(&call)?;

    // Nobody has talked with either.
    app.press(Role::Button, "Фильтры").await;
    app.press(Role::CheckBox, "Не перезвонили").await;
    rows(&app, "those who wait", &[stranger, ivanov]).await;
    app.close().await;

    let app = desk.start().await?;
    app.look_at(Page::Workspace).await;
    heads(&app, "the columns as they were put", moved).await;
    rows(&app, "the history of before, the latest first", &[ivanov, ivanov, stranger]).await;
    // The web view keeps them for its person, who is that of all these tests, too.
    app.press(Role::Button, "Столбцы").await;
    app.press(Role::Button, "Вернуть обычные").await;
    heads(&app, "the usual columns", "client phone outcome case time sent").await;
    app.close().await;
    Ok(())
}
