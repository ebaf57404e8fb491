//! How large the windows are drawn: one choice for all of them, as the popup heeds no keys while it has none. It is made by a
//! key in any of them, and each page tells it again when it starts; the pages remember it.

use crate::popup;
use crate::windows::{self, DIAL, MAIN, POPUP};
use std::sync::atomic::{AtomicU16, Ordering};
use tauri::{AppHandle, Manager as _, WebviewWindow};

/// The smallest and the largest that still can be read and used, percent.
const SMALLEST: u16 = 50;
const LARGEST: u16 = 200;
const USUAL: u16 = 100;

/// As it was chosen, percent.
#[derive(Debug)]
pub struct Zoom(AtomicU16);

impl Default for Zoom {
    fn default() -> Self {
        Self(AtomicU16::new(USUAL))
    }
}

/// Draws the windows so large, percent.
#[tauri::command]
#[specta::specta]
pub fn zoom(window: WebviewWindow, percent: u16) {
    let app = window.app_handle();
    let percent = percent.clamp(SMALLEST, LARGEST);
    let before = app.state::<Zoom>().0.swap(percent, Ordering::Relaxed);
    if before == percent {
        // Its page has just started, and knows no other size than the usual one.
        draw(&window, percent);
        return;
    }
    for label in [MAIN, POPUP, DIAL] {
        if let Some(window) = app.get_webview_window(label) {
            draw(&window, percent);
        }
    }
    windows::on_main_thread(app, |app| {
        popup::zoomed(app);
        windows::dial_zoomed(app);
    });
}

fn draw(window: &WebviewWindow, percent: u16) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!(%error, "a window could not be drawn larger or smaller");
    }
}

/// Of logical pixels in one of a page.
pub fn factor(app: &AppHandle) -> f64 {
    let percent = app.try_state::<Zoom>().map_or(USUAL, |zoom| zoom.0.load(Ordering::Relaxed));
    f64::from(percent) / 100.0
}
