//! Combinations that the desktop hears for us, as the app knows them: what is wanted of its portal, who hears what by now, and
//! that its person said no, which is kept so that they are not asked at each start.

use super::{Hotkeys, HotkeysBy, HotkeysView, portal, pressed};
use crate::commands::HotkeysChanged;
use crate::desktop::Desktop;
use crate::{tray, windows};
use engine::Combination;
use engine::view::Hotkey;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;
use tokio::sync::watch;

/// The desktop's portal, once it is needed.
pub struct ByDesktop {
    wish: watch::Sender<portal::Wish>,
    /// Who hears them; none before anybody was asked.
    view: Mutex<Option<HotkeysView>>,
    /// How often that has changed.
    changes: Mutex<u32>,
    /// A file that is there when the person said no, and was not asked since.
    refused: PathBuf,
}

impl ByDesktop {
    /// `refused` is a file that is there when the person said no, and was not asked since.
    pub fn of(refused: PathBuf) -> Self {
        let wish = portal::Wish {
            is_refused: refused.exists(),
            ..portal::Wish::default()
        };
        Self {
            wish: watch::Sender::new(wish),
            view: Mutex::default(),
            changes: Mutex::default(),
            refused,
        }
    }

    /// Has it bind what is wanted now; who hears what by now.
    pub fn follow(&self, app: &AppHandle, keys: Vec<(Hotkey, Combination)>) -> HotkeysView {
        self.wish.send_if_modified(|wish| {
            let is_other = wish.keys != keys;
            wish.keys = keys;
            is_other
        });
        let mut view = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        if view.is_none() {
            begin(app, self.wish.subscribe());
        }
        view.get_or_insert_default().clone()
    }

    /// Its person is asked again, who had said no.
    pub fn ask_again(&self) {
        self.keep_refusal(false);
        self.wish.send_modify(|wish| {
            wish.is_refused = false;
            wish.turn = wish.turn.wrapping_add(1);
        });
    }

    fn tell(&self, app: &AppHandle, view: HotkeysView) {
        match view.by {
            HotkeysBy::Refused => self.keep_refusal(true),
            HotkeysBy::Desktop => self.keep_refusal(false),
            _ => {}
        }
        let by = view.by;
        if self.view.lock().unwrap_or_else(PoisonError::into_inner).replace(view.clone()) == Some(view) {
            return;
        }
        tracing::info!(?by, "who hears key combinations");
        let turn = {
            let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
            *changes = changes.wrapping_add(1);
            *changes
        };
        if let Err(error) = HotkeysChanged(turn).emit_to(app, windows::MAIN) {
            tracing::warn!(%error, "the workspace could not be told of key combinations");
        }
    }

    fn keep_refusal(&self, is_refused: bool) {
        let kept = if is_refused {
            std::fs::write(&self.refused, "")
        } else {
            crate::handler::removed(&self.refused)
        };
        if let Err(error) = kept {
            tracing::warn!(kind = ?error.kind(), "the desktop's answer about key combinations could not be kept");
        }
    }
}

/// Talks to the portal from now on.
fn begin(app: &AppHandle, wish: watch::Receiver<portal::Wish>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // Portals know nobody whom the desktop does not know.
        let _ = tauri::async_runtime::spawn_blocking(crate::handler::be_known).await;
        let describe = |hotkey| described(hotkey, tray::language(&app, &app.state::<Desktop>().popup())).to_owned();
        let tell = |view| app.state::<Hotkeys>().by_desktop.tell(&app, view);
        let bus = zbus::connection::Builder::session;
        portal::serve(bus, wish, describe, tell, |hotkey| pressed(&app, hotkey)).await;
    });
}

/// What each does, for the desktop's own settings.
fn described(hotkey: Hotkey, language: tray::Language) -> &'static str {
    match (hotkey, language) {
        (Hotkey::Dial, tray::Language::Russian) => "Набрать выделенный номер",
        (Hotkey::Dial, tray::Language::English) => "Dial the selected number",
        (Hotkey::Popup, tray::Language::Russian) => "Перейти к карточке звонка",
        (Hotkey::Popup, tray::Language::English) => "Go to the call popup",
        (Hotkey::Private, tray::Language::Russian) => "Скрыть личное",
        (Hotkey::Private, tray::Language::English) => "Hide what is personal",
    }
}
