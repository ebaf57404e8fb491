//! The palette and the list of shortcuts in the real window.

use crate::desk::{Desk, IVANOV, Test};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;

const PALETTE: &str = "Поиск и команды";

/// Opens it by its key, and waits until its field has the keyboard.
async fn palette(app: &App) {
    screen::type_keys(&["ctrl+k"]);
    let focused = "return document.querySelector('dialog[open]') !== null && document.activeElement.getAttribute('role') === 'combobox'";
    eventually("the keyboard in the palette", PATIENCE, || async {
        (app.run(focused).await == true).then_some(())
    })
    .await;
}

/// Writes into it by real keys and waits until this row is the chosen one.
async fn choose(app: &App, keys: &[&str], row: &str) {
    palette(app).await;
    screen::type_keys(keys);
    let chosen = "return document.querySelector('dialog[open] [role=option][aria-selected=true]')?.textContent ?? ''";
    eventually(&format!("«{row}» chosen"), PATIENCE, || async {
        app.run(chosen).await.as_str()?.contains(row).then_some(())
    })
    .await;
    screen::type_keys(&["Return"]);
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_the_palette_finds_a_command_a_case_a_person_and_a_number_by_keys_alone() -> Test {
    let (desk, app) = Desk::at_work().await?;
    app.look_at(Page::Workspace).await;
    screen::type_keys(&["question"]);
    app.find(Role::Dialog, "Сочетания клавиш").await;
    app.sees("Ctrl K").await;
    screen::type_keys(&["Escape"]);
    app.gone(Role::Dialog, "Сочетания клавиш").await;

    let cases = desk.sandbox.omnidesk().cases();
    let case = cases.iter().find(|case| !case.subject.is_empty()).ok_or("no case")?;
    let number: Vec<String> = case
        .case_number
        .chars()
        .map(|c| if c == '-' { "minus".to_owned() } else { c.to_string() })
        .collect();
    let number: Vec<&str> = number.iter().map(String::as_str).collect();
    choose(&app, &number, &case.case_number).await;
    app.find(Role::Heading, &case.subject).await;
    app.gone(Role::Dialog, PALETTE).await;

    let person: Vec<String> = "ivanov".chars().map(String::from).collect();
    let person: Vec<&str> = person.iter().map(String::as_str).collect();
    choose(&app, &person, "Иванов Иван Сергеевич").await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    app.gone(Role::Dialog, PALETTE).await;

    // A number is dialled as by a button.
    let keys: Vec<String> = IVANOV.trim_start_matches('+').chars().map(String::from).collect();
    let keys: Vec<&str> = std::iter::once("plus").chain(keys.iter().map(String::as_str)).collect();
    choose(&app, &keys, "+7 (916) 123-45-67").await;
    let (_, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some(IVANOV));
    app.gone(Role::Dialog, PALETTE).await;
    app.close().await;
    Ok(())
}
