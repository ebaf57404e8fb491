//! Calling out in the real window: from a case, and by the dial window.

use crate::desk::{Desk, IVANOV, Test, dial_window, off_screen, on_screen, popup_window};
use crate::window::{PATIENCE, Page, Role, screen};
use sandbox::omnidesk::MessageKind;

/// As people see it.
const IVANOV_SHOWN: &str = "+7 (916) 123-45-67";
const CALL_IVANOV: &str = "Позвонить на +7 (916) 123-45-67";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s18_s19_s21_s28_s33c_a_missed_client_is_called_back_from_the_case_and_the_status_is_undone() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let missed = desk.missed_and_opened(&app, IVANOV).await?;

    // S18, S19: the green handset; the case says what happens while it dials, and the popup is not needed.
    desk.steps_by_hand();
    app.press(Role::Button, CALL_IVANOV).await;
    app.sees(&format!("Дозвон до {IVANOV_SHOWN}")).await;
    let (call, order) = desk.ordered().await;
    let told = |name: &str| order.query.get(name).map(String::as_str);
    assert_eq!((told("endpoint"), told("extension")), (Some("PJSIP/101"), Some(IVANOV)));
    app.sees("Снимите трубку в софтфоне").await;
    app.picture("dialing-1-softphone").await;
    desk.sandbox.pbx().answer(&call)?;
    app.sees("Вы сняли трубку в софтфоне").await;
    off_screen("the popup of a case that the agent looks at", popup_window).await;
    app.picture("dialing-2-client").await;

    // S21: the client answers, the gist is written and waits here for the end of the call.
    desk.sandbox.pbx().answer(&call)?;
    app.write("Суть звонка", "Обещали вернуть деньги").await;
    app.picture("dialing-3-gist").await;
    app.press(Role::Button, "Сохранить").await;
    app.sees("Сохранено здесь, уйдёт в Омнидеск, когда разговор закончится").await;
    app.sees("00:01").await; // somebody says something: a recording needs sound
    assert_eq!(
        desk.sandbox.omnidesk().case(&missed.case_number).map(|case| case.messages.len()),
        Some(1)
    );
    desk.sandbox.pbx().hang_up(&call)?;

    // The end: one message with gist and recording, the case waits (S33c), the handset is green (S28).
    let called = desk
        .only_case("called back", |case| case.status == "waiting" && case.messages.len() == 2)
        .await;
    let note = &called.messages[1];
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 1), "{note:?}");
    assert!(
        note.content.starts_with("Обещали вернуть деньги\n\nИсходящий звонок на"),
        "{note:?}"
    );
    assert_eq!(called.labels, ["Перезвонили"]);
    app.find(Role::Button, "Слушать").await;
    app.sees("Статус «в ожидании», потому что вы позвонили из обращения и клиент ответил")
        .await;
    app.picture("dialing-4-case").await;

    // Undone: as it was before, and nothing is written twice.
    app.press(Role::Button, "Отменить").await;
    app.sees("Статус возвращён: «открытое»").await;
    let undone = desk.only_case("undone", |case| case.status == "open").await;
    assert_eq!(undone.messages, called.messages);
    app.sees("Открытое").await;
    app.gone(Role::Button, "Отменить").await;
    app.picture("dialing-5-undone").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s20_s22_an_agent_who_leaves_the_case_while_it_dials_is_led_back_and_stops_it() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let missed = desk.missed_and_opened(&app, IVANOV).await?;
    desk.steps_by_hand();
    app.press(Role::Button, CALL_IVANOV).await;
    let (call, _) = desk.ordered().await;
    desk.sandbox.pbx().answer(&call)?;
    app.sees("Вы сняли трубку в софтфоне").await;
    off_screen("the popup of a case that the agent looks at", popup_window).await;

    // S20: elsewhere, the popup has the way back.
    app.press(Role::Button, "Настройки").await;
    app.look_at(Page::Popup).await;
    app.find(Role::Button, "Вернуться к обращению").await;
    on_screen("the popup", popup_window).await;
    app.sees(&format!("Звонок из обращения {}", missed.case_number)).await;
    screen::picture("dialing-elsewhere");
    app.press(Role::Button, "Вернуться к обращению").await;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, &missed.subject).await;
    off_screen("the popup", popup_window).await;

    // S22: stopped while the client's phone rings; the attempt stays in the case, which stays open.
    app.press(Role::Button, "Отменить звонок").await;
    assert!(desk.sandbox.pbx().ended(&call, PATIENCE).await, "both phones are silent");
    let now = desk.only_case("the attempt", |case| case.messages.len() == 2).await;
    assert_eq!((now.status.as_str(), &now.labels), ("open", &missed.labels));
    let note = &now.messages[1];
    assert_eq!((note.kind, note.attachments.len()), (MessageKind::Note, 0), "{note:?}");
    app.sees("Попытка звонка: клиент не ответил").await;
    app.find(Role::Button, CALL_IVANOV).await;
    app.picture("dialing-attempt").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_d2_s34_the_dial_window_reads_a_pasted_number_and_calls_it() -> Test {
    let (desk, app) = Desk::at_work().await?;
    desk.steps_by_hand();
    // Something to paste: copied from another field by real keys.
    app.press(Role::Button, "Пользователи").await;
    app.write("Поиск пользователей", "8 (916) 123-45-67").await;
    screen::type_keys(&["ctrl+a", "ctrl+c", "ctrl+d"]);
    app.look_at(Page::Dial).await;
    on_screen("the dial window", dial_window).await;
    let field = app.find(Role::TextBox, "Номер или имя").await;
    let focused = "return document.hasFocus() && document.activeElement.getAttribute('role')";
    ringside_tests::eventually("the focus in the field", PATIENCE, || async {
        (app.run(focused).await == "combobox").then_some(())
    })
    .await;
    screen::type_keys(&["ctrl+v"]);
    app.sees(IVANOV_SHOWN).await;
    assert_eq!(field.prop("value").await?.as_deref(), Some("8 (916) 123-45-67"));
    app.find(Role::Button, "Позвонить").await;
    screen::picture("dial-window");

    screen::type_keys(&["Return"]);
    let (call, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some(IVANOV));
    off_screen("the dial window", dial_window).await;
    app.look_at(Page::Popup).await;
    app.sees("Снимите трубку в софтфоне").await;
    app.sees("Иванов Иван Сергеевич").await;
    app.picture("dial-popup").await;
    desk.sandbox.pbx().answer(&call)?;
    app.sees("Вызываем абонента").await;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    app.sees("00:01").await; // somebody says something: a recording needs sound
    desk.sandbox.pbx().hang_up(&call)?;
    let case = desk.only_case("the call", |case| case.status == "closed").await;
    assert_eq!(case.subject, format!("Исходящий звонок на {IVANOV_SHOWN}"));
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s18_a_service_code_is_asked_about_and_a_slip_of_the_enter_key_dials_nobody() -> Test {
    let (desk, app) = Desk::at_work().await?;
    desk.steps_by_hand();
    app.press(Role::Button, "Пользователи").await;
    screen::type_keys(&["ctrl+d"]);
    app.look_at(Page::Dial).await;
    on_screen("the dial window", dial_window).await;
    app.write("Номер или имя", "* 7 2").await;
    app.sees("Сервисный код").await;
    screen::type_keys(&["Return"]);
    app.sees("Всё равно позвонить").await;
    screen::picture("dial-asks");
    // The second one goes to «Отмена».
    screen::type_keys(&["Return"]);
    app.gone(Role::Button, "Всё равно позвонить").await;
    let ordered = || {
        desk.sandbox
            .pbx()
            .rest_requests()
            .iter()
            .any(|request| request.path == "channels" && request.method == "POST")
    };
    assert!(!ordered(), "nobody was dialled");

    app.press(Role::Button, "Позвонить").await;
    app.press(Role::Button, "Всё равно позвонить").await;
    let (_, order) = desk.ordered().await;
    assert_eq!(order.query.get("extension").map(String::as_str), Some("*72"));
    off_screen("the dial window", dial_window).await;
    app.close().await;
    Ok(())
}
