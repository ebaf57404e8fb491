//! Key combinations that work whichever program has the keyboard: who hears them, and what each does.
//!
//! Under X11 a combination is grabbed ([`x11`]), which one program of a screen can do; who comes second is refused, and the
//! settings say so. Under Wayland, where a grab hears only what is typed into programs of X11, the desktop's portal binds keys
//! ([`portal`]) and has the last word on which. What is set comes from the engine, at the start and whenever it is saved; while
//! the settings record a new combination nothing is grabbed, as the keys would not reach their page.

#[cfg(target_os = "linux")]
mod by_desktop;
#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod x11;

use crate::desktop::Desktop;
use crate::workspace::{self, Entrance};
use crate::{popup, selection, tray};
use engine::Combination;
use engine::view::Hotkey;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager as _};

/// A page that records may go without a word: so long it is believed to.
const RECORDING: Duration = Duration::from_secs(15);

/// Who hears the combinations, which are heard, and which are not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HotkeysView {
    /// Who hears them.
    pub by: HotkeysBy,
    /// Those that are heard.
    pub heard: Vec<HeardHotkey>,
    /// Another program, or the desktop itself, has these.
    pub taken: Vec<Hotkey>,
}

/// A combination that is heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeardHotkey {
    /// What it does.
    pub hotkey: Hotkey,
    /// As it is written, such as `Ctrl+Alt+C`; of the desktop's keys in its own words, and empty where it does not tell.
    pub keys: String,
}

/// Who hears key combinations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HotkeysBy {
    /// This program, in its own settings.
    Here,
    /// The desktop, in its settings.
    Desktop,
    /// Nobody yet: the desktop asks its person.
    Asked,
    /// Nobody: the person that the desktop asked said no.
    Refused,
    /// Nobody: the desktop's service for that does not answer, or refuses.
    Failed,
    /// Nobody: the desktop lets no program hear them.
    #[default]
    Nobody,
}

impl HotkeysView {
    #[cfg(target_os = "linux")]
    fn here(keys: &[(Hotkey, Combination)], taken: Vec<Hotkey>) -> Self {
        let heard = keys.iter().filter(|(hotkey, _)| !taken.contains(hotkey));
        let heard = heard.map(|(hotkey, keys)| HeardHotkey {
            hotkey: *hotkey,
            keys: keys.to_string(),
        });
        Self {
            by: HotkeysBy::Here,
            heard: heard.collect(),
            taken,
        }
    }
}

/// What is to be heard, and what is.
pub struct Hotkeys {
    wanted: Mutex<Wanted>,
    #[cfg(target_os = "linux")]
    by_desktop: by_desktop::ByDesktop,
    /// Locked while it changes.
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Wanted {
    keys: Vec<(Hotkey, Combination)>,
    /// The settings record a combination, at most until then.
    recording: Option<Instant>,
}

#[derive(Default)]
struct Heard {
    /// None before anybody was asked to hear them.
    keys: Option<Vec<(Hotkey, Combination)>>,
    view: HotkeysView,
    #[cfg(target_os = "linux")]
    x11: Option<x11::Keys>,
}

impl Hotkeys {
    /// For a program with this data folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        #[cfg(not(target_os = "linux"))]
        let _ = folder;
        Self {
            wanted: Mutex::default(),
            #[cfg(target_os = "linux")]
            by_desktop: by_desktop::ByDesktop::of(folder.join("hotkeys-refused")),
            heard: Mutex::default(),
        }
    }

    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears what is wanted now, and nothing else; who hears it then, and what is not.
    fn follow(&self, app: &AppHandle) -> HotkeysView {
        #[cfg(target_os = "linux")]
        if is_wayland() {
            let keys = self.wanted().keys.clone();
            return self.by_desktop.follow(app, keys);
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = {
            let wanted = self.wanted();
            let is_recording = wanted.recording.is_some_and(|until| Instant::now() < until);
            if is_recording { Vec::new() } else { wanted.keys.clone() }
        };
        // What somebody else had may be free by now.
        if heard.keys.as_ref() != Some(&wanted) || !heard.view.taken.is_empty() {
            heard.hear(app, wanted);
        }
        heard.view.clone()
    }
}

impl Heard {
    #[cfg(target_os = "linux")]
    fn hear(&mut self, app: &AppHandle, keys: Vec<(Hotkey, Combination)>) {
        if self.x11.is_none() {
            let app = app.clone();
            self.x11 = x11::Keys::new(move |hotkey| pressed(&app, hotkey));
        }
        self.view = match &self.x11 {
            Some(x11) => HotkeysView::here(&keys, x11.hear(&keys)),
            None => HotkeysView::default(),
        };
        if !self.view.taken.is_empty() {
            tracing::warn!(taken = ?self.view.taken, "another program has these key combinations");
        }
        self.keys = Some(keys);
    }

    #[cfg(not(target_os = "linux"))]
    fn hear(&mut self, _app: &AppHandle, keys: Vec<(Hotkey, Combination)>) {
        self.keys = Some(keys);
    }
}

/// From now on these are to be heard. The caller does not wait.
pub fn hear(app: &AppHandle, keys: Vec<(Hotkey, Combination)>) {
    app.state::<Hotkeys>().wanted().keys = keys;
    follow_soon(app, Duration::ZERO);
}

fn follow_soon(app: &AppHandle, after: Duration) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(after).await;
        follow(app).await;
    });
}

/// Beside everything else: the display's server may be slow.
async fn follow(app: AppHandle) -> HotkeysView {
    let followed = tauri::async_runtime::spawn_blocking(move || app.state::<Hotkeys>().follow(&app));
    followed.await.unwrap_or_default()
}

/// Whether the desktop is one of Wayland, where no program hears the keys of another.
pub fn is_wayland() -> bool {
    std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty())
}

/// Somebody pressed it, wherever they were.
fn pressed(app: &AppHandle, hotkey: Hotkey) {
    match hotkey {
        Hotkey::Dial => {
            let app = app.clone();
            tauri::async_runtime::spawn_blocking(move || selection::open(&app));
        }
        Hotkey::Popup => {
            if !popup::focus(app) {
                workspace::open(app, Entrance::Asked, None);
            }
        }
        Hotkey::Private => tray::hide_personal(app, !app.state::<Desktop>().is_private()),
    }
}

#[tauri::command]
#[specta::specta]
pub async fn hotkeys(app: AppHandle) -> HotkeysView {
    follow(app).await
}

#[tauri::command]
#[specta::specta]
pub async fn record_hotkey(app: AppHandle, on: bool) -> HotkeysView {
    app.state::<Hotkeys>().wanted().recording = on.then(|| Instant::now() + RECORDING);
    if on {
        follow_soon(&app, RECORDING);
    }
    follow(app).await
}

#[tauri::command]
#[specta::specta]
pub async fn ask_for_hotkeys(app: AppHandle) -> HotkeysView {
    #[cfg(target_os = "linux")]
    app.state::<Hotkeys>().by_desktop.ask_again();
    follow(app).await
}
