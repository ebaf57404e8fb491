//! Desktop notifications of the real program, by a real daemon.

use crate::desk::{Desk, IVANOV, Test, dial_window, on_screen, workspace_window};
use crate::panel::Tray;
use crate::window::{PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::bus::Bus;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The notification daemon dunst on a bus, which writes down what it shows and chooses from its menu what a test wants.
struct Dunst {
    daemon: Child,
    folder: PathBuf,
    bus: String,
}

impl Dunst {
    async fn on(bus: &Bus, folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let script = |name: &str, does: &str| -> std::io::Result<String> {
            let file = folder.join(name);
            std::fs::write(&file, format!("#!/bin/sh\ncd '{}'\n{does}\n", folder.display()))?;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700))?;
            Ok(file.display().to_string())
        };
        let told = script(
            "told.sh",
            "printf '%s: %s' \"$DUNST_SUMMARY\" \"$DUNST_BODY\" | tr '\\n' ' ' >> told; echo >> told",
        )?;
        let choose = script("choose.sh", "grep -m1 -F -f chosen")?;
        std::fs::write(folder.join("told"), "")?;
        let configuration = format!("[global]\n dmenu = {choose}\n[all]\n summary = *\n script = {told}\n");
        std::fs::write(folder.join("dunstrc"), configuration)?;
        let daemon = Command::new("dunst")
            .arg("-conf")
            .arg(folder.join("dunstrc"))
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let dunst = Self {
            daemon,
            folder: folder.to_owned(),
            bus: bus.address.clone(),
        };
        eventually("dunst on its bus", PATIENCE, || async { dunst.on_screen() }).await;
        Ok(dunst)
    }

    /// What it answers, or nothing where it does not.
    fn ask(&self, method: &str, arguments: &[&str]) -> Option<String> {
        let place = [
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.Notifications",
            "/org/freedesktop/Notifications",
        ];
        let answer = Command::new("dbus-send")
            .args(place)
            .arg(method)
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(answer.stdout).ok()?;
        answer.status.success().then_some(text)
    }

    /// How many notifications are on the screen.
    fn on_screen(&self) -> Option<u32> {
        let property = ["string:org.dunstproject.cmd0", "string:displayedLength"];
        let answer = self.ask("org.freedesktop.DBus.Properties.Get", &property)?;
        answer.split_whitespace().next_back()?.parse().ok()
    }

    /// Waits until it has shown a notification with this text as its last one, and that one is the only one there.
    async fn shows(&self, text: &str) {
        eventually(&format!("«{text}»"), PATIENCE, || async {
            let told = std::fs::read_to_string(self.folder.join("told")).ok()?;
            let last = told.lines().next_back()?.contains(text);
            (last && self.on_screen() == Some(1)).then_some(())
        })
        .await;
    }

    async fn is_empty(&self) {
        eventually("no notification", PATIENCE, || async {
            (self.on_screen() == Some(0)).then_some(())
        })
        .await;
    }

    /// Presses the action with these words.
    fn press(&self, words: &str) -> Test {
        std::fs::write(self.folder.join("chosen"), words)?;
        self.ask("org.dunstproject.cmd0.ContextMenuCall", &[]).ok_or("its menu")?;
        Ok(())
    }

    /// Clicks on the notification itself.
    fn click(&self) -> Test {
        self.ask("org.dunstproject.cmd0.NotificationAction", &["uint32:0"])
            .ok_or("a click")?;
        Ok(())
    }
}

impl Drop for Dunst {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_missed_calls_are_one_notification_that_calls_back_by_the_dial_window_and_leads_to_the_list() -> Test {
    let desk = Desk::new().await?;
    desk.provision_with("light", "ru", serde_json::json!({ "notifyMissed": true, "popupStay": "5s" }))?;
    let bus = Bus::alone()?;
    let tray = Tray::on(&bus).await?;
    let dunst = Dunst::on(&bus, desk.file("").as_path()).await?;
    let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
    let app = desk.start_with(&["--hidden"], &on_bus).await?;
    let missed = async |from: &str, shown: &str| -> Test {
        let call = desk.sandbox.pbx().place(CallSpec::incoming(from, "101"))?;
        tray.says(shown).await;
        desk.sandbox.pbx().hang_up(&call)?;
        Ok(())
    };
    // The popup tells while it has the card, the notification from then on.
    missed(IVANOV, "123-45-67").await?;
    dunst.shows("Пропущенный звонок: Иванов Иван Сергеевич · +7 (916) 123-45-67").await;
    tray.press("Скрыть личное").await;
    dunst.shows("Пропущенный звонок: И••• · ••• 67").await;
    tray.press("Скрыть личное").await;
    dunst.shows("Пропущенный звонок: Иванов Иван").await;

    // So short a ring is asked about: by the dial window, and nobody is called.
    dunst.press("Перезвонить")?;
    on_screen("the dial window", dial_window).await;
    app.look_at(Page::Dial).await;
    app.sees("+7 (916) 123-45-67").await;
    let ordered = desk.sandbox.pbx().rest_requests();
    assert!(
        !ordered.iter().any(|asked| asked.method == "POST" && asked.path == "channels"),
        "{ordered:?}"
    );

    // The next is news, and tells of both.
    tray.press("Скрыть личное").await;
    missed("79035550111", "••• 11").await?;
    tray.press("Скрыть личное").await;
    dunst.shows("Пропущенные звонки: 2").await;
    assert!(workspace_window().is_none(), "nobody asked for it yet");
    dunst.click()?;
    on_screen("the workspace", workspace_window).await;
    dunst.is_empty().await;
    app.look_at(Page::Workspace).await;
    app.find(Role::Button, "Следующий").await;

    // Closed, it is in the tray, which is told the first time; the notice leads back as the tray does.
    let close = async || {
        let window = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
        screen::close(&window);
        eventually("it to be hidden", PATIENCE, || async { workspace_window().is_none().then_some(()) }).await;
    };
    close().await;
    dunst.shows("Ringside остался в трее: Окно закрыто").await;
    dunst.click()?;
    on_screen("the workspace", workspace_window).await;
    dunst.is_empty().await;
    close().await;
    // The order in which things are done: had it been told again, it would be there before what comes after it.
    // Somebody else, whom the tray does not list already.
    missed("79035550122", "555-01-22").await?;
    dunst.shows("Пропущенный звонок: +7 (903) 555-01-22").await;
    app.close().await;
    Ok(())
}
