//! Settings and secrets as a person saves them: all of it is checked before anything is kept.

use crate::controller::{Controller, now};
use crate::settings::Settings;
use crate::settings::office_ca;
use crate::shell::{SecretStore, Secrets};
use crate::view::{CommandError, SettingsView, TroubleView, TypedSecrets};
use std::sync::Arc;
use std::time::Duration;

impl Controller {
    /// New settings and secrets as they are typed; what was not typed is as it was kept.
    pub(crate) fn with_typed(&self, view: &SettingsView, typed: TypedSecrets) -> (Settings, Secrets) {
        let settings = self.settings.with(view);
        let secrets = settings.typed(&self.secrets, typed);
        (settings, secrets)
    }

    /// Saves what a person set, and connects anew by it.
    pub(crate) async fn save(&mut self, view: &SettingsView, typed: TypedSecrets) -> Result<SettingsView, CommandError> {
        let (settings, secrets) = self.with_typed(view, typed);
        if let Err(error) = settings.pbx(&secrets) {
            // What has nothing to do with the PBX need not wait with it for the yes.
            let waits = error.trouble == TroubleView::PlainHttp && self.settings.changes_elsewhere(&settings);
            if !waits {
                return Err(error);
            }
        }
        if settings.pbx_ca != self.settings.pbx_ca {
            office_ca::is_of_use(&settings.pbx_ca, now())?;
        }
        settings.omnidesk(&secrets)?;
        let leaves = self.settings.leaves_account(&settings);
        if leaves {
            self.may_leave_account()?;
        }
        keep_secrets(self.secret_store.clone(), secrets).await?;
        if leaves && let Err(error) = self.leave_account(&settings) {
            // To the old settings belongs the old account's key; a keychain that refuses it now has just taken another.
            let _ = keep_secrets(self.secret_store.clone(), self.secrets.clone()).await;
            return Err(error);
        }
        self.settings = settings;
        let saved = self.save_settings();
        self.connect().await;
        self.shown_stale = true;
        if !saved {
            // They hold while the program runs, and are written when the disk takes writes again.
            return Err(TroubleView::Storage.into());
        }
        Ok(self.settings.view(&self.secrets, self.secret_store.place()))
    }
}

async fn keep_secrets(store: Arc<dyn SecretStore>, secrets: Secrets) -> Result<(), CommandError> {
    let saved = tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || store.save(&secrets))).await;
    match saved {
        Ok(Ok(Ok(()))) => Ok(()),
        _ => Err(TroubleView::NoKeychain.into()),
    }
}
