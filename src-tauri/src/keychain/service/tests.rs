//! With the real daemon of GNOME Keyring, on a bus where nobody else is.

use super::*;
use sandbox::bus::Bus;
use sandbox::keyring::{Keyring, Prompter};
use std::sync::Arc;
use std::thread::JoinHandle;
use tempfile::TempDir;

type OnBus = Box<dyn Fn() -> zbus::Result<Builder<'static>> + Send + Sync>;

fn at(address: &str) -> Arc<SecretService<OnBus>> {
    let address = address.to_owned();
    Arc::new(SecretService::new(Box::new(move || Builder::address(address.as_str()))))
}

struct Desk {
    bus: Bus,
    folder: TempDir,
    keychain: Arc<SecretService<OnBus>>,
}

impl Desk {
    fn new() -> Self {
        let bus = Bus::alone().unwrap();
        let keychain = at(&bus.address);
        Self {
            bus,
            folder: tempfile::tempdir().unwrap(),
            keychain,
        }
    }

    /// Its keychain is unlocked and has our secrets.
    async fn with_secrets() -> (Self, Keyring) {
        let desk = Self::new();
        let keyring = desk.unlocked().await;
        assert_eq!(desk.save(secrets("geheim", "ключ")).await, Ok(()));
        (desk, keyring)
    }

    async fn unlocked(&self) -> Keyring {
        Keyring::unlocked(&self.bus, self.folder.path()).await.unwrap()
    }

    fn asked(&self) -> JoinHandle<Had<Texts>> {
        let keychain = self.keychain.clone();
        std::thread::spawn(move || keychain.load().map(|secrets| texts(&secrets)))
    }

    async fn load(&self) -> Had<Texts> {
        answer(self.asked()).await
    }

    async fn save(&self, secrets: Secrets) -> Had<()> {
        let keychain = self.keychain.clone();
        answer(std::thread::spawn(move || keychain.save(&secrets))).await
    }

    async fn stands(&self) -> KeychainStands {
        let keychain = self.keychain.clone();
        answer(std::thread::spawn(move || keychain.stands())).await
    }
}

async fn answer<T: Send + 'static>(thread: JoinHandle<T>) -> T {
    tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap()
}

async fn until(what: &str, is: impl Fn() -> bool) {
    let waiting = async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}");
}

fn secrets(password: &str, key: &str) -> Secrets {
    let secret = |text: &str| (!text.is_empty()).then(|| Secret::anywhere(text));
    Secrets {
        pbx_password: secret(password),
        api_key: secret(key),
    }
}

type Texts = [Option<String>; 2];

/// As they lie in the keychain.
fn texts(secrets: &Secrets) -> Texts {
    [&secrets.pbx_password, &secrets.api_key].map(|secret| {
        let text = secret.as_ref()?.to_keep();
        Some(text.expose_secret().to_owned())
    })
}

fn both(password: &str, key: &str) -> Had<Texts> {
    Ok(texts(&secrets(password, key)))
}

#[tokio::test]
async fn d4_what_is_kept_is_given_back_and_one_secret_leaves_the_other_as_it_is() {
    let desk = Desk::new();
    let keyring = desk.unlocked().await;
    assert_eq!(desk.load().await, both("", ""));
    assert_eq!(desk.save(secrets("geheim", "ключ")).await, Ok(()));
    assert_eq!(desk.save(secrets("geheimer", "")).await, Ok(()));
    assert_eq!(desk.load().await, both("geheimer", "ключ"));
    assert_eq!(desk.stands().await, KeychainStands::Open);
    drop(keyring);
    let keyring = desk.unlocked().await;
    assert_eq!(desk.load().await, both("geheimer", "ключ"));
    keyring.lose("Ringside").await.unwrap();
    assert_eq!(desk.load().await, both("", ""), "gone is not a trouble: it is asked for again");
}

#[tokio::test]
async fn d4_a_locked_keychain_that_nobody_opens_is_locked_and_not_empty() {
    let (desk, keyring) = Desk::with_secrets().await;
    keyring.lock().await.unwrap();
    // Nobody there shows a window for the password.
    assert_eq!(desk.load().await, Err(SecretTrouble::Refused));
    assert_eq!(desk.save(secrets("neu", "")).await, Err(SecretTrouble::Refused));
    assert_eq!(desk.stands().await, KeychainStands::Locked);
    assert!(!desk.keychain.waits_for_person());
    keyring.unlock().await.unwrap();
    assert_eq!(desk.stands().await, KeychainStands::Open);
    assert_eq!(desk.load().await, both("geheim", "ключ"));

    // Started locked, and with nothing of ours in it.
    keyring.lose("Ringside").await.unwrap();
    drop(keyring);
    let _keyring = Keyring::locked(&desk.bus, desk.folder.path()).await.unwrap();
    assert_eq!(desk.stands().await, KeychainStands::Locked);
    assert_eq!(desk.load().await, Err(SecretTrouble::Refused));
}

#[tokio::test]
async fn d4_while_the_window_for_the_password_stands_it_may_be_unlocked_elsewhere_or_go() {
    let (desk, keyring) = Desk::with_secrets().await;
    let _prompter = Prompter::on(&desk.bus).await.unwrap();
    keyring.lock().await.unwrap();
    let asked = desk.asked();
    until("the window", || desk.keychain.waits_for_person()).await;
    keyring.unlock().await.unwrap();
    assert_eq!(answer(asked).await, both("geheim", "ключ"));
    assert!(!desk.keychain.waits_for_person());

    keyring.lock().await.unwrap();
    let asked = desk.asked();
    until("the window", || desk.keychain.waits_for_person()).await;
    keyring.vanishes().await.unwrap();
    assert_eq!(answer(asked).await, Err(SecretTrouble::NoKeychain));
    assert!(!desk.keychain.waits_for_person());
    assert_eq!(desk.stands().await, KeychainStands::Absent);
}

#[tokio::test]
async fn d4_without_a_bus_or_a_keychain_on_it_nobody_waits_and_one_that_hangs_is_as_good_as_absent() {
    let nowhere = at("unix:path=/nonexistent/bus");
    let told = std::thread::spawn(move || (nowhere.load().err(), nowhere.stands()));
    assert_eq!(answer(told).await, (Some(SecretTrouble::NoKeychain), KeychainStands::Absent));

    let desk = Desk::new();
    assert_eq!(desk.load().await, Err(SecretTrouble::NoKeychain));
    assert_eq!(desk.stands().await, KeychainStands::Absent);
    let keyring = desk.unlocked().await;
    keyring.hangs(true).unwrap();
    assert_eq!(desk.stands().await, KeychainStands::Absent);
    keyring.hangs(false).unwrap();
    assert_eq!(desk.stands().await, KeychainStands::Open);
}

#[tokio::test]
async fn d4_where_nothing_was_ever_kept_the_first_collection_is_asked_for() {
    let desk = Desk::new();
    let keyring = Keyring::locked(&desk.bus, desk.folder.path()).await.unwrap();
    assert_eq!(desk.stands().await, KeychainStands::Open);
    assert_eq!(desk.load().await, both("", ""));
    let _prompter = Prompter::on(&desk.bus).await.unwrap();
    let keychain = desk.keychain.clone();
    let saving = std::thread::spawn(move || keychain.save(&secrets("geheim", "")));
    until("the window", || desk.keychain.waits_for_person()).await;
    keyring.vanishes().await.unwrap();
    assert_eq!(answer(saving).await, Err(SecretTrouble::NoKeychain));
}
