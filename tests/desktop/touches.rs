//! Small things that an agent feels each day: tooltips, where the keyboard is on the page of a new case, an address typed
//! as people type it, a reminder whose time has come.

use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use calls::{Changes, Moment};
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use std::time::Duration;

/// How long the mouse rests before a tooltip comes.
const REST: Duration = Duration::from_millis(500);
/// A client whose name is longer than any column.
const LONG_NAMED: &str = "+79030001122";
const LONG: &str = "Общество с ограниченной ответственностью «Северо-Западные тепловые сети и котельные», отдел расчётов с населением";

/// The keyboard goes from the workspace into the popup, as an agent sends it there.
async fn turn_to_popup(app: &App) {
    app.look_at(Page::Workspace).await;
    eventually("the keyboard in the popup", PATIENCE, || async {
        screen::type_keys(&["ctrl+shift+o"]);
        let popup = tokio::time::timeout(PATIENCE / 8, app.look_at(Page::Popup)).await.is_ok();
        (popup && app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
}

/// The mouse comes to rest on what this CSS names, which may still move as the page fills.
async fn rest_on(app: &App, css: &str) {
    eventually(&format!("the mouse on `{css}`"), PATIENCE, || async {
        let (x, y) = screen::spot(app, css).await.ok()?;
        screen::point(x, y);
        let there = format!("return document.querySelector('{css}').matches(':hover')");
        (app.run(&there).await == true).then_some(())
    })
    .await;
}

async fn tip_says(app: &App, wanted: &str) {
    eventually(&format!("the tooltip to say «{wanted}»"), PATIENCE, || async {
        let tip = app
            .run("return [...document.querySelectorAll('[role=tooltip]')].map((tip) => tip.textContent).join()")
            .await;
        (tip == wanted).then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_glyph_and_a_cut_name_are_told_in_full_and_what_can_be_read_is_not() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let mut new = omnidesk::NewUser::new(omnidesk::Contact::Phone(LONG_NAMED.into()));
    new.full_name = Some(LONG.into());
    let base = desk.sandbox.omnidesk_url().parse()?;
    let colleague = omnidesk::Client::new(omnidesk::Config::new(base, "boris@support.example", desk.sandbox.api_key()))?;
    colleague.users().create(&new).await?;
    for (number, name) in [(LONG_NAMED, LONG), (IVANOV, "Иванов Иван Сергеевич")] {
        let call = desk.sandbox.pbx().place(CallSpec::incoming(number, "101"))?;
        app.look_at(Page::Popup).await;
        app.sees(name).await;
        desk.sandbox.pbx().hang_up(&call)?;
        app.press(Role::Button, "Скрыть карточку").await;
        off_screen("the popup", popup_window).await;
    }
    app.look_at(Page::Workspace).await;
    app.sees("Иванов Иван Сергеевич").await;
    app.run(
        "const named = [...document.querySelectorAll('tr[data-row] th [data-tip]')]
        named.find((name) => name.textContent.includes('Северо-Западные')).id = 'cut'
        named.find((name) => name.textContent === 'ООО «Ромашка»').id = 'whole'
        document.querySelector('.tools [data-tip]').id = 'glyph'",
    )
    .await;
    rest_on(&app, "#cut").await;
    tip_says(&app, LONG).await;
    screen::picture("touches-1-tooltip");
    // What stands there in full needs none, however long the mouse rests; beneath the mouse, the row's buttons take room.
    rest_on(&app, "#whole").await;
    tokio::time::sleep(2 * REST).await;
    tip_says(&app, "").await;
    rest_on(&app, "#glyph").await;
    let glyph = app.run("return document.querySelector('#glyph').dataset.tip").await;
    tip_says(&app, glyph.as_str().ok_or("the glyph's name")?).await;
    // It stays over nothing.
    screen::type_keys(&["Down"]);
    tip_says(&app, "").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s05_a_new_case_begins_in_the_same_field_whichever_way_led_there() -> Test {
    let (desk, app) = Desk::at_work().await?;
    desk.answered(&app).await?;
    let begins = async |way: &str| {
        eventually(&format!("the keyboard on the gist, {way}"), PATIENCE, || async {
            let at = app
                .run("return [...(document.activeElement.labels ?? [])].map((label) => label.textContent).join()")
                .await;
            at.as_str()?.contains("Суть звонка").then_some(())
        })
        .await;
        app.press(Role::Button, "Назад").await;
        app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    };
    app.press(Role::Button, "создать новое обращение по звонку").await;
    begins("from the profile").await;
    // A draft by now.
    app.press_at("section.bar button.tag").await;
    begins("from the bar of the call").await;
    screen::type_keys(&["ctrl+n"]);
    begins("by keys").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d6_an_address_is_typed_without_its_scheme_and_found_by_trying() -> Test {
    let desk = Desk::new().await?;
    let pbx = desk.sandbox.pbx_url();
    let bare = pbx.trim_start_matches("http://").trim_end_matches('/').to_owned();
    desk.provision_with("light", "ru", serde_json::json!({ "pbxUrl": "" }))?;
    let app = desk_without_secrets(&desk).await?;
    app.sees("Подключение к АТС").await;
    app.write("Адрес", &bare).await;
    app.write("Пароль", desk.sandbox.pbx_password()).await;
    app.press(Role::Button, "Проверить").await;
    app.sees("События приходят").await;
    let typed = app
        .run("return [...document.querySelectorAll('input')].map((field) => field.value)")
        .await;
    let scheme = format!("http://{bare}");
    let found = |value: &serde_json::Value| value.as_str().is_some_and(|value| value.trim_end_matches('/') == scheme);
    assert!(typed.as_array().is_some_and(|values| values.iter().any(found)), "{typed}");
    app.close().await;
    Ok(())
}

/// The app before its first set-up: nobody has given it passwords.
async fn desk_without_secrets(desk: &Desk) -> Result<App, Box<dyn std::error::Error>> {
    let (setup, data) = (desk.file("setup.json"), desk.file("data"));
    let environment = [("RINGSIDE_SETUP", setup.as_path()), ("RINGSIDE_DATA_DIR", data.as_path())];
    let app = App::start(&program("ringside")?, &[], &environment, &desk.file("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    Ok(app)
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d5_a_reminder_whose_time_came_while_nobody_was_there_waits_in_the_popup_and_calls() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    desk.sandbox.pbx().hang_up(&call)?;
    turn_to_popup(&app).await;
    app.press(Role::Button, "Перезвонить…").await;
    app.press_at(".choices button").await;
    app.find(Role::Button, "Изменить").await;
    let promised = |case: &sandbox::omnidesk::CaseDump| case.messages.iter().any(|message| message.content.contains("Перезвонить "));
    desk.only_case("the promise in the case", promised).await;
    app.close().await;

    let mut store = store::Store::open(&desk.file("data").join("ringside.db"))?;
    let mut notes = store.restore()?.notes;
    let due = notes.reminders.first_mut().ok_or("a reminder")?;
    due.due = Moment(jiff::Timestamp::now().as_millisecond() - 3_600_000);
    let changes = Changes {
        notes: Some(notes),
        ..Changes::default()
    };
    store.write_all(&changes, std::iter::empty())?;
    drop(store);

    // At login: beside a workspace, one line would do.
    let app = desk.start_with(&["--hidden"], &[]).await?;
    app.look_at(Page::Popup).await;
    app.find(Role::Heading, "Пора перезвонить").await;
    app.sees("Иванов Иван Сергеевич").await;
    screen::picture("touches-2-due");
    desk.steps_by_hand();
    app.press(Role::Button, "Набрать +7 (916) 123-45-67").await;
    let (_, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some(IVANOV));
    // It waits for the client's answer.
    app.sees("Пора перезвонить").await;
    app.close().await;
    Ok(())
}
