//! What «Состояние» tells of days gone by: the links' last spells and the popup's last delays, kept over restarts.

use crate::controller::Controller;
use crate::time::now;
use crate::view::LinkSpellView;
use serde::{Deserialize, Serialize};
use store::Write;

/// Where it is kept.
const SETTING: &str = "track";

/// As it lies in the file: moments, codes and numbers.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Track {
    pbx: Vec<LinkSpellView>,
    omnidesk: Vec<LinkSpellView>,
    popup: Vec<u32>,
}

impl Controller {
    /// What cannot be read begins anew: nothing depends on it.
    pub(crate) fn restore_track(&mut self) {
        let text = self.store.setting(SETTING).ok().flatten();
        let track: Track = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        self.pbx.spells.restore(track.pbx);
        self.omnidesk.spells.restore(track.omnidesk);
        self.latency.restore(track.popup);
    }

    /// Keeps what is new, when the disk has time.
    pub(crate) fn keep_track(&mut self) {
        // Each of them is asked: what is new is said once.
        let is_new = self.pbx.spells.take_new() | self.omnidesk.spells.take_new() | self.latency.take_new();
        if !is_new {
            return;
        }
        let track = Track {
            pbx: self.pbx.spells.view(),
            omnidesk: self.omnidesk.spells.view(),
            popup: self.latency.took(),
        };
        let value = serde_json::to_string(&track).unwrap_or_default();
        self.store.later(Write::Setting { name: SETTING, value });
    }

    /// The program ends as it should: how long the last spells lasted is known.
    pub(crate) fn end_track(&mut self) {
        self.pbx.spells.end(now());
        self.omnidesk.spells.end(now());
        self.keep_track();
    }
}
