//! How large the workspace is drawn.

use tauri::WebviewWindow;

/// The smallest and the largest that still can be read and used, percent.
const SMALLEST: u16 = 50;
const LARGEST: u16 = 200;

/// Draws the window that asks so large, percent; its page remembers what was chosen.
#[tauri::command]
#[specta::specta]
pub fn zoom(window: WebviewWindow, percent: u16) {
    if let Err(error) = window.set_zoom(factor(percent)) {
        tracing::warn!(%error, "the window could not be drawn larger or smaller");
    }
}

fn factor(percent: u16) -> f64 {
    f64::from(percent.clamp(SMALLEST, LARGEST)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::factor;

    #[test]
    fn a_window_can_always_be_read() {
        assert_eq!([0, 50, 110, 200, u16::MAX].map(factor), [0.5, 0.5, 1.1, 2.0, 2.0]);
    }
}
