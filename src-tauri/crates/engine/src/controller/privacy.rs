//! «Скрыть личное»: kept until the agent takes it back, over restarts. What it hides is the windows' matter; here nothing is
//! hidden, as calls are looked up, written and dialled by what they are.

use crate::controller::Controller;
use crate::view::{CommandError, TroubleView};
use store::Write;

/// Where it is kept.
const SETTING: &str = "private";
const ON: &str = "on";

impl Controller {
    /// What cannot be read is hidden: to show it is one click, to have shown it cannot be undone.
    pub(crate) fn restore_privacy(&mut self) {
        self.private = match self.store.setting(SETTING) {
            Ok(kept) => kept.is_some_and(|kept| !kept.is_empty()),
            Err(_) => true,
        };
    }

    /// # Errors
    /// `storage` when it holds only while the program runs.
    pub(crate) fn hide_personal(&mut self, hide: bool) -> Result<(), CommandError> {
        self.private = hide;
        self.windows.stale();
        let value = if hide { ON } else { "" }.to_owned();
        self.store.save_setting(SETTING, value.clone()).map_err(|error| {
            self.storage_trouble(&error);
            // It is kept as soon as the disk lets it.
            self.store.later(Write::Setting { name: SETTING, value });
            TroubleView::Storage.into()
        })
    }
}
