//! A user's data in the real window: which of them the popup shows, and correcting them.

use crate::desk::{Desk, IVANOV, Test};
use crate::window::{PATIENCE, Page, Role};
use sandbox::CallSpec;

/// A user of whom Omnidesk knows name and number alone.
const TSOI: &str = "79895550116";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s02_a_ticked_field_is_in_the_popup_of_the_next_call() -> Test {
    let (desk, app) = Desk::at_work().await?;
    app.press(Role::Button, "Поля данных").await;
    app.find(Role::Button, "Добавить поле").await;
    let tick = app.find(Role::CheckBox, "Входящий звонок: Тариф").await;
    assert!(!tick.is_selected().await?, "by default the popup has name, address and company");
    app.press(Role::CheckBox, "Входящий звонок: Тариф").await;
    app.sees("Сохранено в ").await;
    app.picture("fields-ticked").await;

    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.find(Role::Dialog, "Входящий звонок").await;
    app.sees("Тариф").await;
    app.sees("Профессиональный").await;
    app.picture("fields-popup").await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s05_what_the_agent_corrects_in_the_users_data_reaches_omnidesk() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(TSOI, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Цой Андрей").await;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Цой Андрей").await;
    app.press(Role::Link, "создать новое обращение по звонку").await;
    app.press(Role::Link, "отредактировать данного пользователя").await;
    app.find(Role::Dialog, "Данные пользователя").await;
    app.write("Компания", "ООО «Чайка»").await;
    app.write("Должность", "Закупщик").await;
    app.picture("user-form").await;
    app.press(Role::Button, "Сохранить").await;
    app.gone(Role::Dialog, "Данные пользователя").await;
    app.sees("Сохранено в Омнидеске").await;
    app.sees("ООО «Чайка»").await;

    let corrected = |user: &serde_json::Value| {
        user["user_full_name"] == "Цой Андрей" && user["company_name"] == "ООО «Чайка»" && user["company_position"] == "Закупщик"
    };
    let known = desk
        .sandbox
        .omnidesk()
        .until(PATIENCE, |omnidesk| omnidesk.users().iter().any(corrected))
        .await;
    assert!(known, "{:#?}", desk.sandbox.omnidesk().users());
    app.picture("user-corrected").await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    Ok(())
}
