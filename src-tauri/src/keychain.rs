//! Secrets (D4): in the system's keychain, or, for tests only and with a warning on screen, from
//! environment variables.

use engine::{Secret, SecretStore, SecretTrouble, Secrets};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// The place for secrets.
#[must_use]
pub fn store(from_environment: bool) -> Arc<dyn SecretStore> {
    if from_environment {
        Arc::new(Environment)
    } else {
        Arc::new(Keychain)
    }
}

/// Under this name the keychain shows our entries.
const SERVICE: &str = "Ringside";
const PBX_PASSWORD: &str = "pbx-password";
const API_KEY: &str = "omnidesk-api-key";

/// The Secret Service on Linux (GNOME Keyring, KWallet), reached over D-Bus.
struct Keychain;

impl Keychain {
    /// Connects anew each time: a keychain that was absent at the start may have come up since.
    #[cfg(target_os = "linux")]
    fn connect() -> Result<(), SecretTrouble> {
        if keyring_core::get_default_store().is_some() {
            return Ok(());
        }
        let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| {
            tracing::warn!(kind = kind(&error), "no keychain answers");
            SecretTrouble::NoKeychain
        })?;
        keyring_core::set_default_store(store);
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn connect() -> Result<(), SecretTrouble> {
        Err(SecretTrouble::NoKeychain)
    }

    fn entry(name: &str) -> Result<keyring_core::Entry, SecretTrouble> {
        keyring_core::Entry::new(SERVICE, name).map_err(|_| SecretTrouble::NoKeychain)
    }

    fn get(name: &str) -> Result<Option<Secret>, SecretTrouble> {
        match Self::entry(name)?.get_password() {
            Ok(secret) => Ok(Some(Secret::kept(&secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn set(name: &str, secret: Option<&Secret>) -> Result<(), SecretTrouble> {
        let Some(secret) = secret else { return Ok(()) };
        Self::entry(name)?
            .set_password(secret.to_keep().expose_secret())
            .map_err(|error| refused(&error))
    }
}

/// What a keychain says in words may name its entries, and some errors hold the entry itself.
fn kind(error: &keyring_core::Error) -> &'static str {
    match error {
        keyring_core::Error::PlatformFailure(_) => "platform",
        keyring_core::Error::NoStorageAccess(_) => "no access",
        keyring_core::Error::NoEntry => "no entry",
        keyring_core::Error::BadEncoding(_) => "not text",
        _ => "other",
    }
}

/// A keychain that went away must be connected to anew.
fn refused(error: &keyring_core::Error) -> SecretTrouble {
    tracing::warn!(kind = kind(error), "the keychain refused");
    keyring_core::unset_default_store();
    SecretTrouble::Refused
}

impl SecretStore for Keychain {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        Self::connect()?;
        Ok(Secrets {
            pbx_password: Self::get(PBX_PASSWORD)?,
            api_key: Self::get(API_KEY)?,
        })
    }

    fn save(&self, secrets: &Secrets) -> Result<(), SecretTrouble> {
        Self::connect()?;
        Self::set(PBX_PASSWORD, secrets.pbx_password.as_ref())?;
        Self::set(API_KEY, secrets.api_key.as_ref())
    }

    fn kept_in(&self) -> engine::view::SecretsView {
        engine::view::SecretsView::Keychain
    }
}

/// `RINGSIDE_PBX_PASSWORD` and `RINGSIDE_OMNIDESK_KEY`. Other programs of the same person can read
/// them: the settings screen warns.
struct Environment;

impl SecretStore for Environment {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty()).map(Secret::anywhere);
        Ok(Secrets {
            pbx_password: read("RINGSIDE_PBX_PASSWORD"),
            api_key: read("RINGSIDE_OMNIDESK_KEY"),
        })
    }

    fn save(&self, _secrets: &Secrets) -> Result<(), SecretTrouble> {
        // Nothing typed here would survive; saying so is better than pretending.
        Err(SecretTrouble::Refused)
    }

    fn kept_in(&self) -> engine::view::SecretsView {
        engine::view::SecretsView::Environment
    }
}
