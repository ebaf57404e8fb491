//! The keychain of the system, GNOME Keyring's own, as it is locked, goes, comes back and loses what it kept (D4).

use crate::desk::{Desk, Test, workspace_window};
use crate::links::run;
use crate::panel::Tray;
use crate::window::{PATIENCE, Page, Role};
use ringside_tests::eventually;
use sandbox::bus::Bus;
use sandbox::keyring::Keyring;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Keeps a secret as the program does: behind the address that it is for.
fn keep(bus: &Bus, name: &str, secret: &str, address: &str) -> Test {
    let address = url::Url::parse(address)?.origin().ascii_serialization();
    let mut tool = Command::new("secret-tool")
        .args(["store", "--label=Ringside", "service", "Ringside", "username", name])
        .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut input = tool.stdin.take().ok_or("its input")?;
    write!(input, "{address} {secret}")?;
    drop(input);
    assert!(tool.wait()?.success());
    Ok(())
}

/// What `ringside status --json` calls the stage.
async fn stage(desk: &Desk, wanted: &str) {
    eventually(&format!("the stage {wanted}"), PATIENCE, || async {
        let said = run(desk, &["status", "--json"], 0).await.ok()?.stdout;
        let said: serde_json::Value = serde_json::from_slice(&said).ok()?;
        (said["stage"] == wanted).then_some(())
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d4_a_keychain_that_is_locked_goes_or_forgets_is_said_and_work_goes_on_by_itself_when_it_can() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let (bus, folder) = (Bus::alone()?, desk.file("keyring"));
    let tray = Tray::on(&bus).await?;
    let keyring = Keyring::unlocked(&bus, &folder).await?;
    keep(&bus, "pbx-password", desk.sandbox.pbx_password(), &desk.sandbox.pbx_url())?;
    keep(&bus, "omnidesk-api-key", desk.sandbox.api_key(), &desk.sandbox.omnidesk_url())?;
    let environment = [
        ("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address)),
        ("RINGSIDE_SECRETS", Path::new("keychain")),
    ];

    // At work with it, until it ends in the middle of a call, and somebody locks the keychain.
    let app = desk.start_with(&["--hidden"], &environment).await?;
    let call = desk.answered(&app).await?;
    drop(app);
    keyring.lock().await?;

    // A start without a window brings the window up, which says what to do and waits for nothing.
    let app = desk.begin(&["--hidden"], &environment).await?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Связка ключей закрыта").await;
    app.sees("Введите пароль связки ключей в окне системы").await;
    eventually("the window", PATIENCE, || async { workspace_window() }).await;
    app.picture("keychain-locked").await;
    tray.says("Связка ключей закрыта: откройте её").await;
    stage(&desk, "keychainLocked").await;
    app.press(Role::Button, "Повторить").await;
    app.sees("Связка ключей по-прежнему закрыта").await;
    desk.sandbox.pbx().hang_up(&call)?;
    assert!(!desk.sandbox.pbx().is_watched("101"));

    // It goes, and is there again.
    keyring.vanishes().await?;
    app.find(Role::Heading, "Связка ключей не отвечает").await;
    tray.says("Связка ключей не отвечает").await;
    stage(&desk, "noKeychain").await;
    let keyring = Keyring::locked(&bus, &folder).await?;
    app.find(Role::Heading, "Связка ключей закрыта").await;

    // Unlocked without a word to the program: it goes on by itself, and the call is written.
    keyring.unlock().await?;
    desk.is_watched().await;
    app.find(Role::Heading, "Звонки").await;
    stage(&desk, "ready").await;
    desk.only_case("the call that ended meanwhile", |case| {
        case.messages.iter().any(|message| message.content.contains("звонок"))
    })
    .await;
    app.close().await;

    // What it has lost is asked for again.
    keyring.lose("Ringside").await?;
    let app = desk.begin(&["--hidden"], &environment).await?;
    app.look_at(Page::Workspace).await;
    app.at("input[type=password]").await;
    stage(&desk, "setUp").await;
    assert_eq!(desk.sandbox.omnidesk().new_cases().len(), 1, "written once");
    app.close().await;
    Ok(())
}
