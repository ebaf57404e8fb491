//! Secrets (D4): in the system's keychain, or, for tests only and with a warning on screen, from
//! environment variables.

#[cfg(target_os = "linux")]
mod service;

use engine::{KeychainStands, Secret, SecretStore, SecretTrouble, Secrets};
use std::sync::Arc;

/// The place for secrets.
#[must_use]
pub fn store(from_environment: bool) -> Arc<dyn SecretStore> {
    if from_environment {
        return Arc::new(Environment);
    }
    #[cfg(target_os = "linux")]
    let store = Arc::new(service::SecretService::new(zbus::connection::Builder::session));
    #[cfg(not(target_os = "linux"))]
    let store = Arc::new(Nowhere);
    store
}

/// On this system no keychain was ever tried.
#[cfg(not(target_os = "linux"))]
struct Nowhere;

#[cfg(not(target_os = "linux"))]
impl SecretStore for Nowhere {
    fn load(&self) -> Result<Secrets, SecretTrouble> {
        Err(SecretTrouble::NoKeychain)
    }

    fn save(&self, _secrets: &Secrets) -> Result<(), SecretTrouble> {
        Err(SecretTrouble::NoKeychain)
    }

    fn stands(&self) -> KeychainStands {
        KeychainStands::Absent
    }

    fn waits_for_person(&self) -> bool {
        false
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

    fn stands(&self) -> KeychainStands {
        KeychainStands::Open
    }

    fn waits_for_person(&self) -> bool {
        false
    }

    fn kept_in(&self) -> engine::view::SecretsView {
        engine::view::SecretsView::Environment
    }
}
