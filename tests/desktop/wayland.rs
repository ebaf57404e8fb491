//! Ringside under a real Wayland compositor (weston, without a screen), with and without an X server beside it: that of the
//! session here, which XWayland is elsewhere.

use crate::desk::{Desk, IVANOV, OtherWindow, Test, dial_window, off_screen, on_screen, popup_window, workspace_window};
use crate::hotkeys::{Other, open_settings, put_away};
use crate::links::filled;
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use sandbox::bus::Bus;
use sandbox::notifications::{Manner, Notifications};
use sandbox::portal::{self, Portal};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const SOCKET: &str = "wayland-test";

/// The compositor, until it is dropped.
struct Weston {
    compositor: Child,
    folder: PathBuf,
}

impl Weston {
    async fn start(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        // Sockets have short names, and lie where only their owner may look.
        std::fs::create_dir(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        let compositor = Command::new("weston")
            .args([
                "--backend=headless-backend.so",
                "--use-pixman",
                "--no-config",
                "--idle-time=0",
                "--width=1280",
                "--height=800",
            ])
            .arg(format!("--socket={SOCKET}"))
            .env("XDG_RUNTIME_DIR", folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let weston = Self {
            compositor,
            folder: folder.to_owned(),
        };
        let socket = folder.join(SOCKET);
        eventually("weston", PATIENCE, || async {
            std::os::unix::net::UnixStream::connect(&socket).ok().map(drop)
        })
        .await;
        Ok(weston)
    }

    /// Starts the app there, hidden, with this choice of displays.
    async fn app(&self, desk: &Desk, bus: &Bus, backend: &str) -> Result<App, Box<dyn std::error::Error>> {
        let environment = [
            ("WAYLAND_DISPLAY", Path::new(SOCKET)),
            ("XDG_RUNTIME_DIR", self.folder.as_path()),
            ("GDK_BACKEND", Path::new(backend)),
            ("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address)),
        ];
        desk.start_with(&["--hidden"], &environment).await
    }
}

impl Drop for Weston {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.compositor.kill();
        let _ = self.compositor.wait();
    }
}

/// D2: the desktop's portal, which comes only now, hears keys for us; the settings show which, and one of them opens the dial
/// window with what is selected.
async fn by_the_portal(app: &App, bus: &Bus) -> Test {
    let other = Other::start()?;
    let letter = OtherWindow::focused().await?;
    let portal = Portal::at(&bus.address, portal::Manner::Usual).await?;
    eventually("the keys bound", PATIENCE, || async { (portal.offered().len() == 3).then_some(()) }).await;
    other.select(Some("Перезвоните: 8 (916) 123-45-67, спасибо"))?;
    portal.press("dial").await?;
    on_screen("the dial window", dial_window).await;
    filled(app, "+7 (916) 123-45-67").await;
    put_away().await;
    drop(letter);

    portal.press("popup").await?;
    on_screen("the workspace, as there is no popup", workspace_window).await;
    open_settings(app).await;
    app.sees("Клавиши назначает рабочий стол").await;
    portal.change(&[("dial", "Meta+Num+7"), ("private", "")]).await?;
    app.sees("Meta+Num+7").await;
    app.sees("Назначьте клавиши в настройках рабочего стола").await;
    app.run("document.getElementById('private-hotkey-said').scrollIntoView({ block: 'end' })")
        .await;
    app.picture("hotkeys-portal").await;
    screen::close(&on_screen("the workspace", workspace_window).await);
    off_screen("the workspace", workspace_window).await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_under_wayland_a_call_is_told_by_a_notification_and_with_an_x_server_by_the_popup_in_its_corner() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let bus = Bus::alone()?;
    let daemon = Notifications::at(&bus.address, &["actions", "body"], Manner::Usual).await?;
    let panel = sandbox::panel::Panel::at(&bus.address).await?;
    let weston = Weston::start(&desk.file("run")).await?;

    // Wayland alone: the popup has the call, wherever it stands, and a notification tells who it is.
    let app = weston.app(&desk, &bus, "wayland").await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    let shown = eventually("the call in a notification", PATIENCE, || async {
        daemon.shown().into_iter().find(|one| one.body.contains("Иванов Иван Сергеевич"))
    })
    .await;
    assert_eq!(shown.summary, "Входящий звонок");
    app.look_at(Page::Popup).await;
    app.sees("+7 (916) 123-45-67").await;
    eventually("the popup drawn", PATIENCE, || async {
        (app.run("return document.visibilityState").await == "visible").then_some(())
    })
    .await;
    assert!(popup_window().is_none() && workspace_window().is_none(), "nothing on the X server");
    // Answered: the profile opens by itself, and the notification goes.
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    eventually("no notification", PATIENCE, || async { daemon.shown().is_empty().then_some(()) }).await;
    desk.sandbox.pbx().hang_up(&call)?;
    desk.only_case("the call", |case| case.status == "waiting").await;
    app.close().await;

    // Beside an X server, with nobody having chosen: the popup is where it belongs, and no notification is needed.
    let app = weston.app(&desk, &bus, "").await?;
    by_the_portal(&app, &bus).await?;
    eventually("the notification of where the closed window went", PATIENCE, || async {
        (daemon.shown().first()?.summary == "Ringside остался в трее").then_some(())
    })
    .await;
    let before = daemon.asked();
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    crate::place::is_in_its_corner().await;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    desk.sandbox.pbx().answer(&call)?;
    on_screen("the workspace", workspace_window).await;
    assert_eq!(daemon.asked(), before, "no notification was needed");
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    drop(panel);
    Ok(())
}
