//! A stand-in for a desktop's notification daemon, on Linux: it keeps what it is told, presses what a person presses, and
//! behaves as badly as some do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, interface};

const NAME: &str = "org.freedesktop.Notifications";
const PLACE: &str = "/org/freedesktop/Notifications";

/// A notification on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The daemon's number of it.
    pub id: u32,
    /// Its first line.
    pub summary: String,
    /// What stands below.
    pub body: String,
    /// What can be pressed: names and words.
    pub actions: Vec<(String, String)>,
}

/// How a daemon behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// As agreed.
    #[default]
    Usual,
    /// It answers what is to be shown only when told to ([`Notifications::speak`]).
    Silent,
    /// It answers nothing at all.
    Dead,
    /// All notifications have one number, and that is none.
    Zero,
}

/// A daemon on a bus, until it is dropped.
pub struct Notifications {
    bus: Connection,
    shown: watch::Receiver<Vec<Shown>>,
    speaks: watch::Sender<bool>,
    asked: watch::Receiver<u32>,
}

impl Notifications {
    /// One with these abilities (`actions`, `body-markup`, …) on the bus with this address.
    ///
    /// # Errors
    /// Without that bus, or with another one there.
    pub async fn at(address: &str, abilities: &[&str], manner: Manner) -> zbus::Result<Self> {
        let (tell, shown) = watch::channel(Vec::new());
        let (ask, asked) = watch::channel(0);
        let speaks = watch::Sender::new(!matches!(manner, Manner::Silent | Manner::Dead));
        let daemon = Daemon {
            abilities: abilities.iter().map(ToString::to_string).collect(),
            manner,
            shown: tell,
            asked: ask,
            speaks: speaks.subscribe(),
            last: Arc::default(),
        };
        let bus = connection::Builder::address(address)?.serve_at(PLACE, daemon)?;
        let bus = bus.name(NAME)?.build().await?;
        Ok(Self { bus, shown, speaks, asked })
    }

    /// What is on the screen, in the order in which it came.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.borrow().clone()
    }

    /// How often it was asked to show something, or what it can do.
    #[must_use]
    pub fn asked(&self) -> u32 {
        *self.asked.borrow()
    }

    /// From now on it is silent.
    pub fn hush(&self) {
        self.speaks.send_replace(false);
    }

    /// One that was silent answers from now on, also what it was asked before.
    pub fn speak(&self) {
        self.speaks.send_replace(true);
    }

    /// Says that this was pressed, whether it is there or not.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn press(&self, id: u32, action: &str) -> zbus::Result<()> {
        self.say("ActionInvoked", &(id, action)).await
    }

    /// Takes one from the screen, as who dismisses it, and says so.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn dismiss(&self, id: u32) -> zbus::Result<()> {
        let daemon = self.bus.object_server().interface::<_, Daemon>(PLACE).await?;
        daemon.get().await.take(id);
        self.say("NotificationClosed", &(id, 2_u32)).await
    }

    /// Says anything at all.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn say<B>(&self, signal: &str, body: &B) -> zbus::Result<()>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.bus.emit_signal(None::<&str>, PLACE, NAME, signal, body).await
    }
}

/// What programs talk to.
struct Daemon {
    abilities: Vec<String>,
    manner: Manner,
    shown: watch::Sender<Vec<Shown>>,
    asked: watch::Sender<u32>,
    speaks: watch::Receiver<bool>,
    last: Arc<Mutex<u32>>,
}

impl Daemon {
    fn take(&self, id: u32) -> bool {
        self.shown.send_if_modified(|shown| {
            let before = shown.len();
            shown.retain(|one| one.id != id);
            shown.len() != before
        })
    }

    fn next(&self) -> u32 {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last += u32::from(self.manner != Manner::Zero);
        *last
    }

    async fn is_to_speak(&self) {
        // Who made it may be gone; then it is silent for ever.
        if self.speaks.clone().wait_for(|speaks| *speaks).await.is_err() {
            std::future::pending().await
        }
    }
}

#[interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    async fn get_capabilities(&self) -> Vec<String> {
        self.asked.send_modify(|asked| *asked += 1);
        if self.manner == Manner::Dead {
            self.is_to_speak().await;
        }
        self.abilities.clone()
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("stand-in", "ringside", "1", "1.2")
    }

    #[expect(clippy::too_many_arguments, reason = "as the desktops have agreed")]
    async fn notify(
        &self,
        _app: String,
        replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        self.asked.send_modify(|asked| *asked += 1);
        self.is_to_speak().await;
        let is_there = replaces != 0 && self.shown.borrow().iter().any(|one| one.id == replaces);
        let id = if is_there { replaces } else { self.next() };
        let actions = actions.chunks(2).filter_map(|pair| match pair {
            [name, words] => Some((name.clone(), words.clone())),
            _ => None,
        });
        let new = Shown {
            id,
            summary,
            body,
            actions: actions.collect(),
        };
        self.shown.send_modify(|shown| match shown.iter_mut().find(|one| one.id == id) {
            Some(old) => *old = new,
            None => shown.push(new),
        });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(connection)] bus: &Connection) {
        if self.take(id) {
            // Nobody may listen.
            let _ = bus.emit_signal(None::<&str>, PLACE, NAME, "NotificationClosed", &(id, 3_u32)).await;
        }
    }
}
