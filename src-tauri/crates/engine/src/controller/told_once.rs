//! What is told once on a computer and then never again: where the program is when its window has been closed.

use crate::controller::Controller;
use store::Write;

/// Where it is kept that the tray was told of.
const SETTING: &str = "toldOfTray";

impl Controller {
    /// Whether the tray has to be told of; from now on it was. What cannot be read was told: once too seldom is less than each
    /// time.
    pub(crate) fn is_first_in_tray(&mut self) -> bool {
        let is_first = self.store.setting(SETTING).is_ok_and(|kept| kept.is_none());
        if is_first {
            let (name, value) = (SETTING, "yes".to_owned());
            self.store.later(Write::Setting { name, value });
        }
        is_first
    }
}
