//! The Secret Service (GNOME Keyring, KWallet), over the session bus.
//!
//! It may be missing, come up later, be locked, hang, and go in the middle of an answer. Whatever is asked of it has an end:
//! it answers, or it is late, or it is gone. One thing alone may last for ever, as a person decides it: the window in which the
//! system asks for the keychain's password. While that stands it is looked whether the keychain has been unlocked in another
//! way, and whether it is still there.
//!
//! Not by the libraries that read it with one call: they show that window by themselves and wait for it alone, so that a
//! keychain that goes meanwhile, or is unlocked elsewhere, is waited for until the program ends.

use engine::view::SecretsView;
use engine::{KeychainStands, Secret, SecretStore, SecretTrouble, Secrets};
use futures_util::StreamExt as _;
use secrecy::ExposeSecret as _;
use secret_service::{EncryptionType, Item, SecretService as Session};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use zbus::connection::Builder;
use zbus::fdo::DBusProxy;
use zbus::proxy::CacheProperties;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Value};
use zbus::{Connection, Proxy};

const SERVICE: &str = "org.freedesktop.secrets";
const PLACE: &str = "/org/freedesktop/secrets";
const ITS: &str = "org.freedesktop.Secret.Service";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
/// In place of a prompt, where none is needed.
const NONE: &str = "/";
/// The collection in which programs keep what is theirs.
const DEFAULT: &str = "default";
/// How long the bus, and a keychain that asks nobody, may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long one that is only looked at may.
const GLANCE: Duration = Duration::from_secs(3);
/// Between looks at a keychain that asks somebody for its password.
const LOOK: Duration = Duration::from_secs(1);

/// Under these the keychain has our entries since the first version.
const OWN: &str = "Ringside";
const PBX_PASSWORD: &str = "pbx-password";
const API_KEY: &str = "omnidesk-api-key";
const CONTENT: &str = "application/octet-stream";

type Had<T> = Result<T, SecretTrouble>;

/// The keychain of a session bus.
pub struct SecretService<B> {
    bus: B,
    /// A window of the system stands and asks for its password.
    prompts: AtomicBool,
}

impl<B: Fn() -> zbus::Result<Builder<'static>> + Send + Sync + 'static> SecretService<B> {
    /// Of this bus, which is connected to anew for each question: what was not there may have come up.
    pub fn new(bus: B) -> Self {
        let prompts = AtomicBool::new(false);
        Self { bus, prompts }
    }

    async fn connect(&self) -> Had<Open> {
        let bus = heard((self.bus)().map_err(late)?.build()).await?;
        let session = heard(Session::connect_with_existing(EncryptionType::Dh, bus.clone())).await?;
        Ok(Open { bus, session })
    }

    async fn read(&self) -> Had<Secrets> {
        let open = self.connect().await?;
        let mut secrets = self.entries(&open).await?;
        let is_missing = secrets.pbx_password.is_none() || secrets.api_key.is_none();
        // Some tell nothing of what is in a collection that is locked: then it must be opened to know what is missing.
        if is_missing && self.unlock_default(&open).await? {
            secrets = self.entries(&open).await?;
        }
        Ok(secrets)
    }

    async fn entries(&self, open: &Open) -> Had<Secrets> {
        Ok(Secrets {
            pbx_password: self.entry(open, PBX_PASSWORD).await?,
            api_key: self.entry(open, API_KEY).await?,
        })
    }

    async fn entry(&self, open: &Open, name: &str) -> Had<Option<Secret>> {
        let mut newest: Option<(u64, Item<'_>)> = None;
        for item in self.unlocked(open, name).await? {
            // Of several, as after a keychain was copied; which keychain does not tell has them in any order.
            let modified = heard(item.get_modified()).await.unwrap_or_default();
            if newest.as_ref().is_none_or(|(before, _)| *before <= modified) {
                newest = Some((modified, item));
            }
        }
        let Some((_, item)) = newest else { return Ok(None) };
        let bytes = secrecy::SecretSlice::from(heard(item.get_secret()).await?);
        let text = std::str::from_utf8(bytes.expose_secret());
        if text.is_err() {
            tracing::warn!("an entry in the keychain is no text");
        }
        Ok(text.ok().map(Secret::kept))
    }

    async fn write(&self, secrets: &Secrets) -> Had<()> {
        let open = self.connect().await?;
        let both = [(PBX_PASSWORD, &secrets.pbx_password), (API_KEY, &secrets.api_key)];
        for (name, secret) in both {
            if let Some(secret) = secret {
                self.keep(&open, name, secret).await?;
            }
        }
        Ok(())
    }

    async fn keep(&self, open: &Open, name: &str, secret: &Secret) -> Had<()> {
        let text = secret.to_keep();
        let bytes = text.expose_secret().as_bytes();
        let items = self.unlocked(open, name).await?;
        for item in &items {
            heard(item.set_secret(bytes, CONTENT)).await?;
        }
        if items.is_empty() {
            self.unlock_default(open).await?;
            let place = match heard_or_none(open.session.get_default_collection()).await? {
                Some(place) => place,
                None => self.first_collection(open).await?,
            };
            let label = format!("keyring:{name}@{OWN}");
            heard(place.create_item(&label, attributes(name), bytes, true, CONTENT)).await?;
        }
        Ok(())
    }

    /// Entries of this name, after whatever lock is before them has been opened.
    async fn unlocked<'a>(&self, open: &'a Open, name: &str) -> Had<Vec<Item<'a>>> {
        let found = heard(open.session.search_items(attributes(name))).await?;
        let locked: Vec<OwnedObjectPath> = found.locked.iter().map(|item| item.item_path.clone()).collect();
        self.unlock(open, locked).await?;
        Ok(found.unlocked.into_iter().chain(found.locked).collect())
    }

    /// Returns whether it was locked.
    async fn unlock_default(&self, open: &Open) -> Had<bool> {
        let Some(place) = heard_or_none(open.session.get_default_collection()).await? else {
            return Ok(false);
        };
        let is_locked = heard(place.is_locked()).await?;
        if is_locked {
            self.unlock(open, vec![place.collection_path.clone()]).await?;
        }
        Ok(is_locked)
    }

    async fn unlock(&self, open: &Open, locked: Vec<OwnedObjectPath>) -> Had<()> {
        if locked.is_empty() {
            return Ok(());
        }
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = open.ask("Unlock", &(&locked,)).await?;
        self.prompt(open, prompt, Some(&locked)).await
    }

    /// Whoever has never kept anything has no collection yet: the system asks for its password-to-be.
    async fn first_collection<'a>(&self, open: &'a Open) -> Had<secret_service::Collection<'a>> {
        let label = HashMap::from([("org.freedesktop.Secret.Collection.Label", Value::from("Login"))]);
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) = open.ask("CreateCollection", &(label, DEFAULT)).await?;
        self.prompt(open, prompt, None).await?;
        heard(open.session.get_default_collection()).await
    }

    /// The system asks a person, who may take their time. `locked` is what is to be opened, by them or in another way.
    async fn prompt(&self, open: &Open, prompt: OwnedObjectPath, locked: Option<&[OwnedObjectPath]>) -> Had<()> {
        if prompt.as_str() == NONE {
            return Ok(());
        }
        let prompt = heard(open.proxy(prompt.into_inner(), PROMPT)).await?;
        let mut completed = heard(prompt.receive_signal("Completed")).await?;
        let mut owners = heard(prompt.receive_owner_changed()).await?;
        // For the end of this question, however it ends.
        let _prompts = Standing::of(&self.prompts);
        heard(prompt.call_method("Prompt", &("",))).await?;
        loop {
            tokio::select! {
                end = completed.next() => {
                    let (is_dismissed, _): (bool, Value<'_>) = end.as_ref().ok_or(SecretTrouble::NoKeychain)?.body().deserialize().map_err(late)?;
                    return if is_dismissed { Err(SecretTrouble::Refused) } else { Ok(()) };
                }
                _ = owners.next() => return Err(SecretTrouble::NoKeychain),
                () = tokio::time::sleep(LOOK) => {
                    if let Some(locked) = locked && open.are_unlocked(locked).await {
                        // Its window goes with this conversation: GNOME Keyring breaks when it is told to take it away.
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Asks nobody for anything, and starts no keychain.
    async fn look(&self) -> Had<KeychainStands> {
        let bus = heard((self.bus)().map_err(late)?.build()).await?;
        let names = heard(DBusProxy::new(&bus)).await?;
        let name = SERVICE.try_into().map_err(late)?;
        if !heard(names.name_has_owner(name)).await? {
            return Ok(KeychainStands::Absent);
        }
        let open = Open {
            session: heard(Session::connect_with_existing(EncryptionType::Dh, bus.clone())).await?,
            bus,
        };
        for name in [PBX_PASSWORD, API_KEY] {
            if !heard(open.session.search_items(attributes(name))).await?.locked.is_empty() {
                return Ok(KeychainStands::Locked);
            }
        }
        let is_locked = match heard_or_none(open.session.get_default_collection()).await? {
            Some(place) => heard(place.is_locked()).await?,
            None => false,
        };
        Ok(if is_locked { KeychainStands::Locked } else { KeychainStands::Open })
    }
}

/// A conversation with the keychain.
struct Open {
    bus: Connection,
    session: Session<'static>,
}

impl Open {
    async fn proxy<'a>(&self, place: ObjectPath<'a>, interface: &'static str) -> zbus::Result<Proxy<'a>> {
        zbus::proxy::Builder::new(&self.bus)
            .destination(SERVICE)?
            .path(place)?
            .interface(interface)?
            .cache_properties(CacheProperties::No)
            .build()
            .await
    }

    async fn ask<Q, A>(&self, method: &str, question: &Q) -> Had<A>
    where
        Q: serde::Serialize + zbus::zvariant::DynamicType,
        A: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
    {
        let place = ObjectPath::try_from(PLACE).map_err(late)?;
        let service = heard(self.proxy(place, ITS)).await?;
        heard(service.call(method, question)).await
    }

    /// Whether these, entries or collections, stand open.
    async fn are_unlocked(&self, paths: &[OwnedObjectPath]) -> bool {
        for path in paths {
            let interface = if path.as_str().rsplit('/').nth(1) == Some("collection") {
                "org.freedesktop.Secret.Collection"
            } else {
                "org.freedesktop.Secret.Item"
            };
            let looked = async {
                let proxy = heard(self.proxy(path.as_ref(), interface)).await?;
                heard(proxy.get_property::<bool>("Locked")).await
            };
            if !matches!(tokio::time::timeout(GLANCE, looked).await, Ok(Ok(false))) {
                return false;
            }
        }
        true
    }
}

/// A flag that is up for as long as this lives.
struct Standing<'a>(&'a AtomicBool);

impl<'a> Standing<'a> {
    fn of(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::SeqCst);
        Self(flag)
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", OWN), ("username", name)])
}

/// An answer, if it comes in time.
async fn heard<T, E: Into<secret_service::Error>>(answer: impl Future<Output = Result<T, E>>) -> Had<T> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(|error| trouble(&error.into())),
        Err(error) => Err(late(error)),
    }
}

/// The same, where there may be nothing to answer with.
async fn heard_or_none<T>(answer: impl Future<Output = Result<T, secret_service::Error>>) -> Had<Option<T>> {
    let none_is_fine = async {
        match answer.await {
            Ok(answer) => Ok(Some(answer)),
            Err(secret_service::Error::NoResult) => Ok(None),
            Err(error) => Err(error),
        }
    };
    heard(none_is_fine).await
}

fn late<E>(_: E) -> SecretTrouble {
    SecretTrouble::NoKeychain
}

fn trouble(error: &secret_service::Error) -> SecretTrouble {
    let is_locked = |name: &str| name == "org.freedesktop.Secret.Error.IsLocked";
    match error {
        secret_service::Error::Locked | secret_service::Error::Prompt => SecretTrouble::Refused,
        // Locked anew since it was opened.
        secret_service::Error::Zbus(zbus::Error::MethodError(name, ..)) if is_locked(name) => SecretTrouble::Refused,
        _ => SecretTrouble::NoKeychain,
    }
}

/// Waits for it on the thread that asks. Without a runtime nothing can be waited for, as on a system that is out of handles.
fn wait<T>(answer: impl Future<Output = Had<T>>) -> Had<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.map_err(late)?.block_on(answer)
}

/// What a keychain says in words may name its entries, so the log has the kind alone.
fn told<T>(answer: Had<T>) -> Had<T> {
    answer.inspect_err(|error| tracing::warn!(%error, "no secrets"))
}

impl<B: Fn() -> zbus::Result<Builder<'static>> + Send + Sync + 'static> SecretStore for SecretService<B> {
    fn load(&self) -> Had<Secrets> {
        told(wait(self.read()))
    }

    fn save(&self, secrets: &Secrets) -> Had<()> {
        told(wait(self.write(secrets)))
    }

    fn stands(&self) -> KeychainStands {
        let looked = async {
            match tokio::time::timeout(GLANCE, self.look()).await {
                Ok(looked) => looked,
                Err(_) => Ok(KeychainStands::Absent),
            }
        };
        wait(looked).unwrap_or(KeychainStands::Absent)
    }

    fn waits_for_person(&self) -> bool {
        self.prompts.load(Ordering::SeqCst)
    }

    fn kept_in(&self) -> SecretsView {
        SecretsView::Keychain
    }
}

#[cfg(test)]
mod tests;
