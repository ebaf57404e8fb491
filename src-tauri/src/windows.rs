//! The two windows: the workspace, and the popup that is made at the start and only shown later.
//!
//! The popup is mapped once outside the screen ("warmed"), so that its first real appearance costs
//! no more than the later ones. It never takes the keyboard focus (S01).

use crate::desktop::Desktop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{
    AppHandle, LogicalSize, Manager as _, PhysicalPosition, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

/// The workspace's label.
pub const MAIN: &str = "main";
/// The popup's label.
pub const POPUP: &str = "popup";
/// Rounded corners need a compositing window manager, which X11 does not promise: there the popup
/// is square with an outline (design section 6).
pub const POPUP_TRANSPARENT: bool = cfg!(any(target_os = "macos", target_os = "windows"));
/// Width and bounds of the popup's height, logical pixels (design section 6).
const POPUP_WIDTH: f64 = 380.0;
const POPUP_HEIGHTS: (f64, f64) = (80.0, 560.0);
/// From the top and right edge of the work area, logical pixels.
const POPUP_MARGIN: f64 = 12.0;
/// Where the popup is warmed; window managers may move it back, so this takes only a moment.
const OUTSIDE: PhysicalPosition<i32> = PhysicalPosition::new(-4_000, -4_000);

/// Makes both windows.
///
/// # Errors
/// When the windowing system refuses.
pub fn create(app: &AppHandle, hidden: bool) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Ringside")
        .inner_size(1080.0, 720.0)
        .min_inner_size(760.0, 560.0)
        .visible(!hidden)
        .build()?;
    let popup = WebviewWindowBuilder::new(app, POPUP, WebviewUrl::App("popup.html".into()))
        .title("Ringside")
        .inner_size(POPUP_WIDTH, 220.0)
        .decorations(false)
        .transparent(POPUP_TRANSPARENT)
        .shadow(false)
        .resizable(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .visible_on_all_workspaces(true)
        .focused(false)
        .focusable(false)
        .visible(false)
        .build()?;
    warm(popup);
    Ok(())
}

/// Whether a call wants the popup on the screen; what is under way for warming it does not count.
#[derive(Default)]
pub struct PopupWanted(AtomicBool);

impl PopupWanted {
    fn get(app: &AppHandle) -> bool {
        app.state::<Self>().0.load(Ordering::SeqCst)
    }
}

/// Shows the popup once where nobody sees it, unless a call came first. Looking and acting are one
/// step on the main thread, so that a call cannot come in between.
fn warm(popup: WebviewWindow) {
    let unless_wanted = |popup: &WebviewWindow, act: fn(&WebviewWindow)| {
        let window = popup.clone();
        let step = move || {
            if !PopupWanted::get(window.app_handle()) {
                act(&window);
            }
        };
        // A popup that cannot be warmed is only slower the first time.
        let _ = popup.run_on_main_thread(step);
    };
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_millis(600)).await;
        unless_wanted(&popup, |popup| {
            let _ = popup.set_position(OUTSIDE);
            let _ = popup.show();
        });
        tokio::time::sleep(Duration::from_millis(400)).await;
        unless_wanted(&popup, |popup| {
            let _ = popup.hide();
        });
    });
}

/// Shows or hides the popup; where it is already right, nothing happens.
pub fn show_popup(app: &AppHandle, wanted: bool) {
    let was_wanted = app.state::<PopupWanted>().0.swap(wanted, Ordering::SeqCst);
    let (Some(popup), true) = (app.get_webview_window(POPUP), was_wanted != wanted) else {
        return;
    };
    if !wanted {
        let _ = popup.hide();
        return;
    }
    place(&popup);
    if let Err(error) = popup.show() {
        tracing::error!(%error, "the popup could not be shown");
    }
    app.state::<Desktop>().milestone("popup_shown", &[]);
}

/// The popup's content needs this height.
pub fn size_popup(popup: &WebviewWindow, height: f64) {
    let height = if height.is_finite() {
        height.clamp(POPUP_HEIGHTS.0, POPUP_HEIGHTS.1)
    } else {
        POPUP_HEIGHTS.1
    };
    if popup.set_size(LogicalSize::new(POPUP_WIDTH, height.ceil())).is_ok() && PopupWanted::get(popup.app_handle()) {
        place(popup);
    }
}

/// Top right in the work area of the screen with the pointer.
fn place(popup: &WebviewWindow) {
    let pointer = popup.cursor_position().ok();
    let under = pointer.and_then(|at| popup.monitor_from_point(at.x, at.y).ok().flatten());
    let Some(screen) = under.or_else(|| popup.primary_monitor().ok().flatten()) else {
        return;
    };
    let (area, scale) = (screen.work_area(), screen.scale_factor());
    #[expect(clippy::cast_possible_truncation, reason = "a screen's coordinates")]
    let pixels = |logical: f64| (logical * scale).round() as i32;
    let right = area.position.x + i32::try_from(area.size.width).unwrap_or(i32::MAX);
    let corner = PhysicalPosition::new(
        right - pixels(POPUP_WIDTH) - pixels(POPUP_MARGIN),
        area.position.y + pixels(POPUP_MARGIN),
    );
    let _ = popup.set_position(corner);
}

/// Brings the workspace to the agent who asked for it.
pub fn show_main(app: &AppHandle) {
    let Some(main) = app.get_webview_window(MAIN) else { return };
    let _ = main.unminimize();
    let _ = main.show();
    let _ = main.set_focus();
}

/// Brings the workspace into view by itself (S03), leaving the focus where the agent types.
pub fn raise_main(app: &AppHandle) {
    let Some(main) = app.get_webview_window(MAIN) else { return };
    let _ = main.unminimize();
    if !main.is_visible().unwrap_or(false) {
        let _ = main.show();
    }
    // Window managers raise a window that becomes topmost without giving it the focus.
    let _ = main.set_always_on_top(true);
    let _ = main.set_always_on_top(false);
}

/// Closing the workspace keeps the app in the tray; the popup cannot be closed.
pub fn on_run_event(app: &AppHandle, event: &RunEvent) {
    let RunEvent::WindowEvent {
        label,
        event: WindowEvent::CloseRequested { api, .. },
        ..
    } = event
    else {
        return;
    };
    if label == POPUP {
        api.prevent_close();
    } else if crate::tray::is_there(app) {
        api.prevent_close();
        if let Some(main) = app.get_webview_window(MAIN) {
            let _ = main.hide();
        }
    } else {
        app.exit(0);
    }
}
