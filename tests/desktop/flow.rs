//! The main job in the real window: ring, popup, answer, profile, compose, case, hang up, recording.

use crate::desk::{Desk, IVANOV, OtherWindow, Test, on_screen, popup_window};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::program;
use sandbox::CallSpec;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_s03_s06_s30_a_call_becomes_a_popup_a_profile_and_a_case() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = desk.start().await?;
    let other = OtherWindow::focused().await?;

    // S01: the popup appears top right, above, with the user's data, and takes no focus.
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    app.sees("+7 (916) 123-45-67").await;
    app.sees("@romashka.example").await; // a long address is cut before its domain
    app.sees("ООО «Ромашка»").await;
    app.find(Role::Dialog, "Входящий звонок").await;
    let popup = on_screen("the popup", popup_window).await;
    let [left, top, width, _] = screen::place(&popup).ok_or("the popup has a place")?;
    assert_eq!((left + width, top, width), (1280 - 12, 12, 380), "12 px from the top right corner");
    assert_eq!(screen::focused_window(), "Softphone");
    screen::type_keys(&["Return", "space", "Escape"]);
    app.find(Role::Dialog, "Входящий звонок").await;
    screen::picture("flow-1-ringing");

    // S03: answering opens the profile by itself; the agent's focus stays where it was.
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    app.sees("Звонок в процессе").await;
    assert_eq!(screen::focused_window(), "Softphone");
    screen::picture("flow-2-profile");

    // S05, S06: a new case, live.
    app.press(Role::Link, "создать новое обращение по звонку").await;
    app.write("Тема", "Не проходит оплата").await;
    app.write("Суть звонка", "Банк возвращает платёж").await;
    app.sees("Черновик сохранён").await;
    app.picture("flow-3-compose").await;
    app.press(Role::Button, "Создать").await;
    app.find(Role::Heading, "Не проходит оплата").await;
    app.sees("Банк возвращает платёж").await;
    app.picture("flow-4-case-live").await;
    tokio::time::sleep(Duration::from_millis(600)).await; // somebody says something: a recording needs sound

    // The end: text, status and recording, on screen and in Omnidesk.
    desk.sandbox.pbx().hang_up(&call)?;
    let finished = |case: &sandbox::omnidesk::CaseDump| {
        case.status == "waiting" && case.messages.iter().any(|message| !message.attachments.is_empty())
    };
    let done = desk
        .sandbox
        .omnidesk()
        .until(PATIENCE, |omnidesk| omnidesk.new_cases().iter().any(finished))
        .await;
    let cases = desk.sandbox.omnidesk().new_cases();
    assert!(done && cases.len() == 1, "{cases:#?}");
    let texts: Vec<&str> = cases[0].messages.iter().map(|message| message.content.as_str()).collect();
    assert!(
        texts.len() == 2 && texts[0] == "Банк возвращает платёж" && texts[1].contains("Входящий звонок"),
        "{texts:?}"
    );
    app.sees("В ожидании").await;
    app.find(Role::Button, "Слушать").await;
    app.picture("flow-5-case-done").await;
    screen::picture("flow-6-screen");
    drop(other);
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s10_s25_an_unknown_caller_who_gives_up_is_shown_and_listed_in_english_and_dark() -> Test {
    let desk = Desk::new().await?;
    desk.provision("dark", "en")?;
    let app = desk.start().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming("79031112233", "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("+7 (903) 111-22-33").await;
    app.sees("Nobody in Omnidesk has this number").await;
    app.picture("unknown-ringing-dark-en").await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.sees("Missed call").await;
    app.look_at(Page::Workspace).await;
    app.sees("Missed").await;
    let open = |case: &sandbox::omnidesk::CaseDump| case.status == "open" && case.subject == "Пропущенный звонок с +7 (903) 111-22-33";
    assert!(
        desk.sandbox
            .omnidesk()
            .until(PATIENCE, |omnidesk| omnidesk.new_cases().iter().any(open))
            .await
    );
    app.picture("missed-list-dark-en").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d4_d6_from_an_empty_computer_six_answers_lead_to_the_first_call_and_secrets_are_in_the_keychain() -> Test {
    let desk = Desk::new().await?;
    let (setup, data) = (desk.file("setup.json"), desk.file("data"));
    let environment = [("RINGSIDE_SETUP", setup.as_path()), ("RINGSIDE_DATA_DIR", data.as_path())];
    let app = App::start(&program("ringside")?, &[], &environment, &desk.file("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    app.sees("Подключение к АТС").await;
    assert_eq!(questions(&app).await, 3);
    app.sees("как в руководстве").await;
    app.write("Адрес АТС", &desk.sandbox.pbx_url()).await;
    app.write("Внутренний номер", "101").await;
    app.write("Пароль", "wrong").await;
    app.press(Role::Button, "Проверить").await;
    // Which of both is wrong the PBX does not say: the user, who was not asked for, is shown as well.
    app.at(".more [data-field=pbxUser] [aria-invalid]").await;
    assert_eq!(app.run("return document.activeElement.type").await, "password");
    app.picture("setup-1-refused").await;
    app.run("const field = document.querySelector('input[type=password]'); field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true}))").await;
    app.write("Пароль", desk.sandbox.pbx_password()).await;
    app.press(Role::Button, "Проверить").await;
    app.sees("События приходят").await;
    app.picture("setup-2-pbx").await;
    app.press(Role::Button, "Дальше").await;
    app.sees("Подключение к Омнидеску").await;
    assert_eq!(questions(&app).await, 3);
    app.write("Адрес", &desk.sandbox.omnidesk_url()).await;
    app.write("Ваша почта", desk.sandbox.staff_email()).await;
    app.write("API-ключ", desk.sandbox.api_key()).await;
    app.press(Role::Button, "Проверить").await;
    app.sees("Канал «Звонки» найден").await;
    app.sees("Звонки (cch101)").await;
    app.picture("setup-3-omnidesk").await;
    app.press(Role::Button, "Готово").await;
    app.find(Role::Heading, "Позвоните себе").await;
    let watched = desk.sandbox.pbx().until(PATIENCE, |pbx| pbx.is_watched("101")).await;
    assert!(watched, "the app is at work");
    desk.trial_call_is_followed(&app).await?;
    app.close().await;

    // Nothing of it in any file; the keychain has it, and the next start needs no questions.
    for secret in [desk.sandbox.pbx_password(), desk.sandbox.api_key()] {
        assert_eq!(files_with(&data, secret), Vec::<PathBuf>::new());
    }
    let app = App::start(&program("ringside")?, &[], &environment, &desk.file("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    assert!(
        desk.sandbox.pbx().until(PATIENCE, |pbx| pbx.is_watched("101")).await,
        "it connects by itself"
    );
    app.find(Role::Heading, "Звонки").await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d4_without_a_keychain_a_plain_screen_says_so_and_nothing_is_kept_elsewhere() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let (setup, data) = (desk.file("setup.json"), desk.file("data"));
    let environment = [
        ("RINGSIDE_SETUP", setup.as_path()),
        ("RINGSIDE_DATA_DIR", data.as_path()),
        ("DBUS_SESSION_BUS_ADDRESS", Path::new("unix:path=/nonexistent/bus")),
    ];
    let app = App::start(&program("ringside")?, &[], &environment, &desk.file("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Связка ключей не отвечает").await;
    app.sees("gnome-keyring").await;
    app.find(Role::Button, "Повторить").await;
    app.picture("no-keychain").await;
    app.close().await;
    Ok(())
}

/// How many fields a form of the set-up asks for; the tick for starting at login is none, it is set.
async fn questions(app: &App) -> serde_json::Value {
    app.run("return document.querySelectorAll('form :is(input, select, textarea):not(:disabled, [type=checkbox], [type=file])').length")
        .await
}

/// The files below a folder that contain a text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes())) {
            found.push(path);
        }
    }
    found
}

/// A popup may call its own commands only, and no page may reach anything but itself.
#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_window_can_do_nothing_beyond_its_capability() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = desk.start().await?;
    let refused = |answer: serde_json::Value| answer.as_str().is_some_and(|text| text.contains("not allowed"));
    app.look_at(Page::Popup).await;
    assert!(refused(app.invoke("settings").await), "the popup cannot read the settings");
    app.look_at(Page::Workspace).await;
    assert!(refused(app.invoke("hide_popup").await), "the workspace cannot close the popup");
    let inline = "const s = document.createElement('script'); s.textContent = 'window.__ran = 1'; document.head.append(s); return String(window.__ran)";
    assert_eq!(app.run(inline).await, "undefined", "inline scripts do not run");
    assert_eq!(app.run("return String(window.__TAURI__)").await, "undefined");
    assert_eq!(
        app.run("try { Object.prototype.toString = 1 } catch {} return typeof Object.prototype.toString")
            .await,
        "function"
    );
    for away in [
        "location.href = 'https://example.com/'; return ''",
        "location.href = 'data:text/html,x'; return ''",
        "return String(window.open('https://example.com/'))",
        "return String(window.open('popup.html'))",
    ] {
        let opened = app.run(away).await;
        assert!(matches!(opened.as_str(), Some("" | "null")), "{away}: {opened}");
    }
    app.find(Role::Heading, "Звонки").await;
    assert_eq!(app.run("return location.protocol").await, "tauri:", "the page stays where it is");
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn a_window_that_listens_to_everything_hears_numbers_only() -> Test {
    let (desk, app) = Desk::at_work().await?;
    app.invoke("open_dial").await;
    app.look_at(Page::Dial).await;
    let listen = "const done = arguments[arguments.length - 1], { invoke, transformCallback } = window.__TAURI_INTERNALS__;
        window.heard = {};
        Promise.all(['desk-changed', 'popup-changed', 'navigate', 'dial-opened'].map((event) => invoke('plugin:event|listen', {
            event, target: { kind: 'Any' },
            handler: transformCallback(({ payload }) => (window.heard[event] ??= []).push(payload)),
        }))).then(() => done('listening'), (refusal) => done(String(refusal)))";
    assert_eq!(app.ask(listen, Vec::new()).await, "listening");
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    app.invoke("open_dial").await;
    app.look_at(Page::Dial).await;
    let heard = ringside_tests::eventually("all events", PATIENCE, || async {
        let heard = app.run("return window.heard").await;
        (heard.as_object()?.len() == 3).then_some(heard)
    })
    .await;
    for (event, payloads) in heard.as_object().ok_or("events by name")? {
        let payloads = payloads.as_array().ok_or("a list")?;
        assert!(payloads.iter().all(serde_json::Value::is_u64), "{event}: {payloads:?}");
    }
    let own = app.invoke("pages_to_open").await;
    assert!(own.as_str().is_some_and(|text| text.contains("not allowed")), "{own}");
    app.close().await;
    Ok(())
}
