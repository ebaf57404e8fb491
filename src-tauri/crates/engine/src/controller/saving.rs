//! Settings and secrets as a person saves them: all of it is checked before anything is kept.

use crate::controller::Controller;
use crate::controller::message::Reply;
use crate::controller::secrets::Wish;
use crate::settings::Settings;
use crate::settings::layers::Layers;
use crate::settings::office_ca;
use crate::settings::secret::Secrets;
use crate::settings::source::Source;
use crate::time::now;
use crate::view::{CommandError, SettingsView, Stage, TroubleView, TypedSecrets};

impl Controller {
    /// New settings and secrets as they are typed; what was not typed is as it was kept.
    pub(crate) fn with_typed(&self, view: &SettingsView, typed: TypedSecrets) -> (Settings, Secrets) {
        let settings = self.settings.with(view);
        let secrets = settings.typed(&self.secrets, typed);
        (settings, secrets)
    }

    /// Saves what a person set. Only what depends on what changed is touched: another language must not end a
    /// conversation's line, write secrets, or read the account anew. Typed secrets go first, and the rest once they are kept.
    pub(crate) async fn save(&mut self, view: SettingsView, typed: TypedSecrets, reply: Reply<Result<SettingsView, CommandError>>) {
        let is_typed = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let (password, key) = (is_typed(&typed.pbx_password), is_typed(&typed.api_key));
        let (_, secrets) = self.with_typed(&view, typed);
        let wish = Wish {
            view,
            secrets,
            password,
            key,
        };
        let saved = match self.check(&wish) {
            Ok(_) if password || key => return self.keep_first(wish, reply),
            Ok(_) => {
                self.asking.saved_meanwhile(&wish.view);
                self.carry_out(wish).await
            }
            Err(error) => Err(error),
        };
        // A window that is gone needs no answer.
        let _ = reply.send(saved);
    }

    /// What the layers are with these settings, if they can be saved now.
    fn check(&self, wish: &Wish) -> Result<Layers, CommandError> {
        if let Err(day) = calls::WorkingHours::read(&wish.view.working_hours) {
            return Err(CommandError {
                trouble: TroubleView::BadSetting,
                about: Some(format!("workingHours-{day}")),
            });
        }
        let settings = self.settings.with(&wish.view);
        settings.check_hotkeys(&self.settings)?;
        if settings.office_settings != self.settings.office_settings {
            Source::of(&settings)?;
        }
        // What a screen returns on which nobody changed anything is no wish.
        let shown = self.settings.with(&self.settings_view());
        let layers = self.layers.changed(&shown, &settings)?;
        if let Err(error) = settings.pbx(&wish.secrets) {
            // What has nothing to do with the PBX need not wait with it for the yes.
            let waits = error.trouble == TroubleView::PlainHttp && self.settings.changes_elsewhere(&settings);
            if !waits {
                return Err(error);
            }
        }
        if settings.pbx_ca != self.settings.pbx_ca {
            office_ca::is_of_use(&settings.pbx_ca, now())?;
        }
        settings.omnidesk(&wish.secrets)?;
        if self.settings.leaves_account(&settings) {
            self.may_leave_account()?;
        }
        Ok(layers)
    }

    /// Settings whose secrets are kept take effect. Something may have changed while the keychain was asked.
    pub(crate) async fn carry_out(&mut self, wish: Wish) -> Result<SettingsView, CommandError> {
        let before = self.settings.clone();
        let ready = self.check(&wish).and_then(|layers| {
            if before.leaves_account(&layers.settings()) {
                self.leave_account(&layers)?;
            }
            Ok(layers)
        });
        let layers = match ready {
            Ok(layers) => layers,
            Err(error) => {
                if wish.password || wish.key {
                    // To the old settings belong the old secrets; a keychain that refuses them now has just taken others.
                    self.keep_secrets(self.secrets.clone());
                }
                return Err(error);
            }
        };
        self.adopt(layers);
        self.office_follows(&before);
        let touches = before.touches(&self.settings);
        let saved = self.save_settings();
        if touches.omnidesk {
            self.keep_address();
        }
        self.follow_settings(wish.secrets, touches.pbx || wish.password, touches.omnidesk || wish.key)
            .await;
        self.bind_fields();
        self.windows.stale();
        if !saved {
            // They hold while the program runs, and are written when the disk takes writes again.
            return Err(TroubleView::Storage.into());
        }
        Ok(self.settings_view())
    }

    /// From now on these settings are in force.
    pub(crate) fn adopt(&mut self, layers: Layers) {
        let machine = std::mem::take(&mut self.settings.machine);
        self.settings = Settings {
            machine,
            ..layers.settings()
        };
        self.layers = layers;
        self.popup.stays(self.settings.popup_stay);
        self.shell.place_popup(&self.settings.popup_place());
        self.shell.notify_of(self.settings.notices());
        self.shell.hear_keys(self.settings.hotkeys());
    }

    /// For the settings screens.
    pub(crate) fn settings_view(&self) -> SettingsView {
        let mut view = self.settings.view(&self.secrets, self.keychain.kept_in());
        view.origins = self.layers.origins();
        view.dial_policy.fixed = self.layers.is_locked("dialPolicy");
        view
    }

    /// Connects anew what the new settings reach in another way.
    async fn follow_settings(&mut self, secrets: Secrets, pbx: bool, omnidesk: bool) {
        if *self.windows.stage() != Stage::Ready {
            return self.connect_with(secrets).await;
        }
        self.secrets = secrets;
        self.desk.set_policy(self.policy());
        if pbx {
            self.leave_pbx().await;
            self.connect_pbx();
        } else if !self.pbx.is_up() {
            // Who saves wants it to work.
            self.pbx.reconnect_now();
        }
        if omnidesk {
            self.connect_omnidesk();
            self.ask_for_callers();
        } else if !self.omnidesk.is_up() {
            self.omnidesk.hurry(now());
        }
    }
}
