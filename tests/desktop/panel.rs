//! Desktops with a panel that shows trays, and desktops without one.

use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window, workspace_window};
use crate::links::run;
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use sandbox::bus::Bus;
use sandbox::panel::Panel;
use std::path::Path;
use std::process::Command;
use tokio::sync::OnceCell;

/// The panel of the session that the tests run in, there from the first desk on.
static PANEL: OnceCell<Panel> = OnceCell::const_new();

/// The session's panel.
///
/// # Errors
/// When the session's bus does not take it.
pub async fn of_session() -> Result<&'static Panel, Box<dyn std::error::Error>> {
    Ok(PANEL.get_or_try_init(Panel::of_session).await?)
}

/// The tray, in a panel of a bus.
pub struct Tray {
    panel: Panel,
}

/// A desk whose tray stands in a panel of its own bus, and the app on it.
pub struct BesidePanel {
    pub desk: Desk,
    pub app: App,
    pub tray: Tray,
    _bus: Bus,
}

impl BesidePanel {
    pub async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let desk = Desk::new().await?;
        desk.provision("light", "ru")?;
        let bus = Bus::start()?;
        let tray = Tray::on(&bus).await?;
        let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
        let app = desk.start_with(&[], &on_bus).await?;
        Ok(Self {
            desk,
            app,
            tray,
            _bus: bus,
        })
    }

    /// See [`Tray::says`].
    pub async fn says(&self, text: &str) -> Vec<String> {
        self.tray.says(text).await
    }

    /// See [`Tray::press`].
    pub async fn press(&self, text: &str) {
        self.tray.press(text).await;
    }
}

impl Tray {
    /// Tray and panel on this bus.
    pub async fn on(bus: &Bus) -> Result<Self, Box<dyn std::error::Error>> {
        let panel = Panel::at(&bus.address).await?;
        Ok(Self { panel })
    }

    /// Waits until the tray's menu has a line with this text. Returns all its lines.
    pub async fn says(&self, text: &str) -> Vec<String> {
        eventually(&format!("«{text}» in the tray"), PATIENCE, || async {
            let lines: Vec<String> = self.panel.lines().await.ok()?.into_iter().map(|line| line.text).collect();
            lines.iter().any(|line| line.contains(text)).then_some(lines)
        })
        .await
    }

    /// Presses a line of the tray's menu, as soon as it is there and is not being changed.
    pub async fn press(&self, text: &str) {
        eventually(&format!("«{text}» to be pressed"), PATIENCE, || async {
            self.panel.press(text).await.ok()?.then_some(())
        })
        .await;
    }
}

async fn on_desktop() -> String {
    eventually("the workspace on the screen", PATIENCE, || async { workspace_window() }).await
}

async fn off_desktop() {
    eventually("the workspace off the screen", PATIENCE, || async {
        workspace_window().is_none().then_some(())
    })
    .await;
}

/// Waits until the workspace has the keyboard.
async fn in_front(app: &App) {
    eventually("the workspace in front", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
}

const QUESTION: &str = "Свернуть окно или выйти?";

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_where_nobody_shows_the_tray_closing_asks_and_the_program_is_never_out_of_reach() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let bus = Bus::start()?;
    let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
    let app = desk.start_with(&[], &on_bus).await?;
    app.look_at(Page::Workspace).await;
    let workspace = on_desktop().await;
    // A page that is late is shown before it listens.
    app.find(Role::Heading, "Звонки").await;
    in_front(&app).await;

    // It says why, and Esc leaves everything as it is.
    screen::close(&workspace);
    app.find(Role::Dialog, QUESTION).await;
    app.sees("не показывает значок Ringside").await;
    screen::picture("closing-1-asks");
    screen::type_keys(&["Escape"]);
    app.gone(Role::Dialog, QUESTION).await;
    assert!(workspace_window().is_some());

    // Enter minimises: the window is there for whoever looks for it, and the program watches on.
    screen::close(&workspace);
    app.find(Role::Dialog, QUESTION).await;
    screen::type_keys(&["Return"]);
    off_desktop().await;
    assert!(screen::properties(&workspace).contains("Iconic"), "minimised, not gone");
    desk.is_watched().await;
    let second = Command::new(program("ringside")?)
        .env("RINGSIDE_DATA_DIR", desk.file("data"))
        .status()?;
    assert!(second.success(), "{second}");
    assert_eq!(on_desktop().await, workspace);
    in_front(&app).await;

    // Closed again while it is asked, as by somebody whose page does not answer: it is minimised.
    screen::close(&workspace);
    app.find(Role::Dialog, QUESTION).await;
    screen::close(&workspace);
    off_desktop().await;
    screen::activate(&workspace);
    in_front(&app).await;
    app.gone(Role::Dialog, QUESTION).await;

    // With a panel it is hidden without a question; when that goes for good, the window is there again.
    let panel = Panel::at(&bus.address).await?;
    // The icon may stand there a moment before the program hears that it is shown.
    eventually("the tray in the panel", PATIENCE, || async {
        let said = run(&desk, &["status", "--json"], 0).await.ok()?.stdout;
        let said: serde_json::Value = serde_json::from_slice(&said).ok()?;
        let stands = panel.lines().await.is_ok_and(|lines| !lines.is_empty());
        (stands && said["tray"] == true).then_some(())
    })
    .await;
    screen::close(&workspace);
    off_desktop().await;
    assert!(!screen::properties(&workspace).contains("Iconic"), "hidden");
    drop(panel);
    let workspace = on_desktop().await;

    // And there is a way to end it.
    screen::close(&workspace);
    app.find(Role::Dialog, QUESTION).await;
    // One that came into view by itself takes the keyboard a moment later.
    eventually("the workspace in front", PATIENCE, || async {
        screen::activate(&workspace);
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;
    // By keys: a driver's press would end with an answer of a program that is gone.
    screen::type_keys(&["shift+Tab", "Return"]);
    let log = desk.file("data").join("ringside.db-wal");
    eventually("the end of the program", PATIENCE, || async { (!log.exists()).then_some(()) }).await;
    off_desktop().await;
    app.close().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_the_tray_leads_into_the_popup_while_it_has_a_card() -> Test {
    const WAY: &str = "Перейти к карточке звонка";
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let bus = Bus::start()?;
    let panel = Panel::at(&bus.address).await?;
    let on_bus = [("DBUS_SESSION_BUS_ADDRESS", Path::new(&bus.address))];
    let app = desk.start_with(&["--hidden"], &on_bus).await?;
    let offered = |wanted: bool| {
        let panel = &panel;
        eventually("the way into the popup", PATIENCE, move || async move {
            let lines = panel.lines().await.ok()?;
            let way = lines.iter().find(|line| line.text.contains(WAY))?;
            (way.enabled == wanted).then_some(())
        })
    };
    offered(false).await;
    let _softphone = crate::desk::OtherWindow::focused().await?;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("Иванов Иван Сергеевич").await;
    on_screen("the popup", popup_window).await;
    offered(true).await;
    assert_eq!(screen::focused_window(), "Softphone", "not by itself");
    assert!(panel.press(WAY).await?);
    eventually("the popup's focus", PATIENCE, || async {
        (app.run("return document.hasFocus()").await == true).then_some(())
    })
    .await;

    // A key works there: the card is put away, and with it the way.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await; // of its first second it takes keys for stray ones
    screen::type_keys(&["Escape"]);
    off_screen("the popup", popup_window).await;
    offered(false).await;
    desk.sandbox.pbx().hang_up(&call)?;
    app.close().await;
    Ok(())
}
