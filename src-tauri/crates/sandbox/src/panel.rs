//! A stand-in for a desktop's panel, on Linux: it says that it shows trays, and presses what a person presses in one.
//!
//! A private desktop has no panel, and a program that nobody shows behaves otherwise there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{Connection, connection, interface};

/// Where programs look for somebody who shows trays.
const NAME: &str = "org.kde.StatusNotifierWatcher";
const PLACE: &str = "/StatusNotifierWatcher";
const TRAY: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// A tray that a program has told of: who offers it, and under which path.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tray {
    owner: String,
    path: String,
}

/// A line of a tray's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    id: i32,
    /// What stands there.
    pub text: String,
    /// Whether it can be pressed.
    pub enabled: bool,
}

/// An entry of a menu on its way: its id, what is said of it, and the entries below it.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// A panel on a session bus, until it is dropped.
pub struct Panel {
    bus: Connection,
    trays: Arc<Mutex<Vec<Tray>>>,
}

impl Panel {
    /// A panel on the session's bus.
    ///
    /// # Errors
    /// Without a bus, or with another panel there.
    pub async fn of_session() -> zbus::Result<Self> {
        Self::on(connection::Builder::session()?).await
    }

    /// A panel on the bus with this address.
    ///
    /// # Errors
    /// Without that bus, or with another panel there.
    pub async fn at(address: &str) -> zbus::Result<Self> {
        Self::on(connection::Builder::address(address)?).await
    }

    async fn on(bus: connection::Builder<'_>) -> zbus::Result<Self> {
        let trays = Arc::default();
        let watcher = Watcher { trays: Arc::clone(&trays) };
        let bus = bus.serve_at(PLACE, watcher)?.name(NAME)?.build().await?;
        Ok(Self { bus, trays })
    }

    /// The menus' lines, of the trays that are there; those below a line come after it.
    ///
    /// # Errors
    /// When a tray answers otherwise than trays do.
    pub async fn lines(&self) -> zbus::Result<Vec<Line>> {
        let mut all = Vec::new();
        for menu in self.menus().await {
            all.extend(self.lines_of(&menu).await?);
        }
        Ok(all)
    }

    /// Presses the first line that can be pressed and whose text contains `text`; whether there is one.
    ///
    /// # Errors
    /// When a tray answers otherwise than trays do.
    pub async fn press(&self, text: &str) -> zbus::Result<bool> {
        for menu in self.menus().await {
            let lines = self.lines_of(&menu).await?;
            let Some(line) = lines.iter().find(|line| line.enabled && line.text.contains(text)) else {
                continue;
            };
            let pressed = (line.id, "clicked", Value::I32(0), 0_u32);
            self.call(&menu, MENU, "Event", &pressed).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Where the menus of the trays are that are there yet.
    async fn menus(&self) -> Vec<Tray> {
        let trays = self.trays.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut menus = Vec::new();
        for tray in trays {
            let asked = self.call(&tray, "org.freedesktop.DBus.Properties", "Get", &(TRAY, "Menu")).await;
            let path = asked.and_then(|answer| answer.body().deserialize::<OwnedValue>());
            if let Some(path) = path.ok().and_then(|path| OwnedObjectPath::try_from(path).ok()) {
                let owner = tray.owner;
                let path = path.to_string();
                menus.push(Tray { owner, path });
            }
        }
        menus
    }

    async fn lines_of(&self, menu: &Tray) -> zbus::Result<Vec<Line>> {
        let whole: (i32, i32, Vec<&str>) = (0, -1, Vec::new());
        let answer = self.call(menu, MENU, "GetLayout", &whole).await?;
        let (_, (_, _, lines)): (u32, Entry) = answer.body().deserialize()?;
        let mut all = Vec::new();
        for one in lines {
            add_line(one, &mut all)?;
        }
        Ok(all)
    }

    async fn call<B>(&self, tray: &Tray, interface: &str, method: &str, body: &B) -> zbus::Result<zbus::Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        let owner = Some(tray.owner.as_str());
        self.bus.call_method(owner, tray.path.as_str(), Some(interface), method, body).await
    }
}

/// A line of a menu: its id, and what is said of it; and the lines below it.
fn add_line(value: OwnedValue, all: &mut Vec<Line>) -> zbus::Result<()> {
    let (id, mut about, below): Entry = Structure::try_from(value)?.try_into()?;
    let text = about.remove("label").and_then(|text| String::try_from(text).ok());
    let enabled = about.remove("enabled").and_then(|enabled| bool::try_from(enabled).ok());
    all.push(Line {
        id,
        text: text.unwrap_or_default(),
        enabled: enabled.unwrap_or(true),
    });
    below.into_iter().try_for_each(|one| add_line(one, all))
}

/// What programs talk to.
struct Watcher {
    trays: Arc<Mutex<Vec<Tray>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// A program has a tray: its path, or the name of who has it at the usual place.
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let (owner, path) = if service.starts_with('/') {
            (sender, service.to_owned())
        } else {
            (service.to_owned(), "/StatusNotifierItem".to_owned())
        };
        self.trays.lock().unwrap_or_else(PoisonError::into_inner).push(Tray { owner, path });
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let trays = self.trays.lock().unwrap_or_else(PoisonError::into_inner);
        trays.iter().map(|Tray { owner, path }| format!("{owner}{path}")).collect()
    }
}
