//! A real keychain for tests, on Linux: GNOME Keyring's own daemon on a bus and in a folder of a test's own, and whoever in
//! the system asks for its password.

use crate::bus::Bus;
use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use zbus::names::BusName;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, connection, fdo, interface};

const NAME: &str = "org.freedesktop.secrets";
const PLACE: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
/// The collection that belongs to a login.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
/// Its password.
const PASSWORD: &str = "correct horse";
/// How long the daemon may take to come and go.
const PATIENCE: Duration = Duration::from_secs(20);

/// The daemon. It ends as by a crash when it is dropped; what it keeps stays in its folder.
pub struct Keyring {
    daemon: Child,
    bus: Connection,
}

impl Keyring {
    /// As after a login by password: unlocked. In an empty folder it has a collection with nothing in it.
    ///
    /// # Errors
    /// Without `gnome-keyring-daemon`, or where it does not come up.
    pub async fn unlocked(bus: &Bus, folder: &Path) -> zbus::Result<Self> {
        Self::start(bus, folder, true).await
    }

    /// As after a login without one (by fingerprint, by itself): with what is in its folder, locked.
    ///
    /// # Errors
    /// As [`Keyring::unlocked`].
    pub async fn locked(bus: &Bus, folder: &Path) -> zbus::Result<Self> {
        Self::start(bus, folder, false).await
    }

    async fn start(bus: &Bus, folder: &Path, unlock: bool) -> zbus::Result<Self> {
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--foreground", "--components=secrets"]);
        if unlock {
            daemon.arg("--unlock");
        }
        for (name, below) in [("HOME", "home"), ("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "run")] {
            let own = folder.join(below);
            std::fs::create_dir_all(&own).map_err(cannot)?;
            daemon.env(name, own);
        }
        let mut daemon = daemon
            .env_remove("GNOME_KEYRING_CONTROL")
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(cannot)?;
        if let Some(mut input) = daemon.stdin.take()
            && unlock
        {
            input.write_all(PASSWORD.as_bytes()).map_err(cannot)?;
        }
        let keyring = Self {
            daemon,
            bus: connection::Builder::address(bus.address.as_str())?.build().await?,
        };
        keyring.is_there(true).await?;
        Ok(keyring)
    }

    async fn is_there(&self, wanted: bool) -> zbus::Result<()> {
        let names = fdo::DBusProxy::new(&self.bus).await?;
        let there = async {
            while names.name_has_owner(BusName::try_from(NAME)?).await? != wanted {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        };
        let late = |_| zbus::Error::Failure(format!("{NAME} is not as it should be"));
        tokio::time::timeout(PATIENCE, there).await.map_err(late)?
    }

    /// Locks it, as somebody does who leaves the desk.
    ///
    /// # Errors
    /// When it does not do so.
    pub async fn lock(&self) -> zbus::Result<()> {
        let login = ObjectPath::try_from(LOGIN)?;
        let (locked, _): (Vec<OwnedObjectPath>, OwnedObjectPath) = self.ask(SERVICE, "Lock", &(vec![login],)).await?;
        if locked.len() == 1 {
            Ok(())
        } else {
            Err(zbus::Error::Failure("it stays unlocked".to_owned()))
        }
    }

    /// Unlocks it by its password, as the system does, without a window.
    ///
    /// # Errors
    /// When it does not take it.
    pub async fn unlock(&self) -> zbus::Result<()> {
        let plain = ("plain", Value::from(""));
        let (_, session): (OwnedValue, OwnedObjectPath) = self.ask(SERVICE, "OpenSession", &plain).await?;
        let login = ObjectPath::try_from(LOGIN)?;
        let password = (session, Vec::<u8>::new(), PASSWORD.as_bytes(), "text/plain");
        let own = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";
        self.ask(own, "UnlockWithMasterPassword", &(login, password)).await
    }

    /// Takes out what programs keep under this service's name.
    ///
    /// # Errors
    /// When it does not do so.
    pub async fn lose(&self, service: &str) -> zbus::Result<()> {
        let of = HashMap::from([("service", service)]);
        let (found, _): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = self.ask(SERVICE, "SearchItems", &(of,)).await?;
        for item in found {
            self.bus
                .call_method(Some(NAME), &item, Some("org.freedesktop.Secret.Item"), "Delete", &())
                .await?;
        }
        Ok(())
    }

    /// From now on it hangs, or goes on.
    ///
    /// # Errors
    /// When it is gone.
    pub fn hangs(&self, hangs: bool) -> std::io::Result<()> {
        let signal = if hangs { "STOP" } else { "CONT" };
        let pid = self.daemon.id().to_string();
        Command::new("kill").args(["-s", signal, &pid]).status().map(drop)
    }

    /// It goes, as by a crash, and is gone from the bus.
    ///
    /// # Errors
    /// When it stays.
    pub async fn vanishes(mut self) -> zbus::Result<()> {
        self.daemon.kill().map_err(cannot)?;
        self.is_there(false).await
    }

    async fn ask<Q, A>(&self, interface: &str, method: &str, question: &Q) -> zbus::Result<A>
    where
        Q: serde::Serialize + zbus::zvariant::DynamicType,
        A: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
    {
        let answer = self.bus.call_method(Some(NAME), PLACE, Some(interface), method, question).await?;
        answer.body().deserialize()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn cannot(error: std::io::Error) -> zbus::Error {
    zbus::Error::InputOutput(error.into())
}

/// Who shows the window for the keychain's password, on a bus: it stands, and nobody types anything.
pub struct Prompter {
    _bus: Connection,
}

impl Prompter {
    /// On this bus, until it is dropped.
    ///
    /// # Errors
    /// When there is one already.
    pub async fn on(bus: &Bus) -> zbus::Result<Self> {
        let bus = connection::Builder::address(bus.address.as_str())?
            .serve_at("/org/gnome/keyring/Prompter", Patient)?
            .name("org.gnome.keyring.SystemPrompter")?
            .build()
            .await?;
        Ok(Self { _bus: bus })
    }
}

/// It takes the wish to ask, and never comes back to it.
struct Patient;

#[interface(name = "org.gnome.keyring.internal.Prompter")]
impl Patient {
    fn begin_prompting(&self, _callback: ObjectPath<'_>) {}
    fn stop_prompting(&self, _callback: ObjectPath<'_>) {}
}
