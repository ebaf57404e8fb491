//! The windows: the popup ([`popup`](crate::popup)), made at the start; the workspace ([`workspace`](crate::workspace)) and
//! the small dial window, made when they are first wanted. Each has a web process of its own: one that breaks takes no other
//! with it, and what a window took is given back with it.

use crate::commands::{DialOpened, DialStart};
use crate::{closing, display, popup, web_process, workspace, zoom};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
#[cfg(unix)]
use std::time::Duration;
use tauri::webview::{Color, NewWindowResponse};
use tauri::{
    AppHandle, LogicalSize, LogicalUnit, Manager as _, PhysicalPosition, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent, WindowSizeConstraints,
};
use tauri_specta::Event as _;

/// The workspace's label.
pub const MAIN: &str = "main";
/// The popup's label.
pub const POPUP: &str = "popup";
/// The dial window's label.
pub const DIAL: &str = "dial";
/// The label of the window that says why the program cannot work.
pub const START: &str = "start";
/// Width and bounds of the dial window's height, pixels of its page (design section 6).
const DIAL_WIDTH: f64 = 400.0;
const DIAL_HEIGHTS: (f64, f64) = (80.0, 560.0);
/// GTK lets a window of fixed size never be lower than it once was, which may be the 200 pixels of before its first frame.
/// There it is the bounds that keep people from resizing it.
pub const SIZE_IS_HELD_BY_BOUNDS: bool = cfg!(target_os = "linux");
/// As long as a window manager takes to decide who has the focus, once it has mapped a window.
#[cfg(target_os = "linux")]
const DECIDING: Duration = Duration::from_millis(500);
/// Rounded corners need a compositing window manager, which X11 does not promise: there the popup
/// is square with an outline (design section 6).
pub const POPUP_TRANSPARENT: bool = cfg!(any(target_os = "macos", target_os = "windows"));

/// A window with a page of the app, which goes to no other place and opens no windows: what links lead to, the system's
/// browser shows.
pub fn page<'a>(app: &'a AppHandle, label: &str, file: &str) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(file.into()))
        .on_navigation(|address| {
            let own = is_own(address);
            if !own {
                tracing::warn!(scheme = address.scheme(), "a page was to go to another place");
            }
            own
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
}

/// Whether an address is one of the app's own pages, as each system writes them; while developing, Vite's.
#[must_use]
pub fn is_own(address: &tauri::Url) -> bool {
    match (address.scheme(), address.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost")) => tauri::is_dev() && address.port() == Some(1420),
        _ => false,
    }
}

/// Does what makes a window where that may be done: on the main thread, but for Windows, where it would wait for itself.
pub fn in_its_place(app: &AppHandle, step: impl FnOnce(&AppHandle) + Send + 'static) {
    if cfg!(windows) {
        let app = app.clone();
        tauri::async_runtime::spawn_blocking(move || step(&app));
    } else {
        on_main_thread(app, step);
    }
}

/// Gives a window the keyboard focus once it has appeared: one that is only about to appear does not get it.
pub fn focus_soon(app: &AppHandle, label: &'static str) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        on_main_thread(&app, move |app| {
            if let Some(window) = app.get_webview_window(label) {
                let _ = window.set_focus();
            }
        });
    });
}

/// Makes the workspace, hidden.
///
/// # Errors
/// When the windowing system refuses.
pub fn make_main(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let main = page(app, MAIN, "index.html")
        .title("Ringside")
        .inner_size(1080.0, 720.0)
        .min_inner_size(760.0, 560.0)
        .visible(false)
        .build()?;
    web_process::look_after(&main);
    #[cfg(target_os = "linux")]
    focusable_once_there(&main);
    Ok(main)
}

/// A moment after each appearance, the window takes the focus where it is given. It is there once the window manager has
/// mapped it, however slow that is, which then asks whether it takes the focus.
#[cfg(target_os = "linux")]
fn focusable_once_there(window: &WebviewWindow) {
    use webkit2gtk::glib::{self, prelude::*};
    let Ok(own) = window.gtk_window() else { return };
    // Counts appearances and disappearances: what was begun before the last of them is not done.
    let turn = std::rc::Rc::new(std::cell::Cell::new(0_u64));
    for (event, is_there) in [("map-event", true), ("unmap-event", false)] {
        let (turn, there) = (turn.clone(), own.downgrade());
        own.connect_local(event, true, move |_| {
            let now = turn.get() + 1;
            turn.set(now);
            let (turn, there) = (turn.clone(), there.clone());
            if is_there {
                glib::timeout_add_local_once(DECIDING, move || {
                    if let Some(own) = there.upgrade().filter(|_| turn.get() == now) {
                        own.set_property("accept-focus", true);
                    }
                });
            }
            // Whoever else listens is to hear of it.
            Some(false.to_value())
        });
    }
}

/// Makes the window that says why the program cannot work. Its title says it too, should the page not come.
///
/// # Errors
/// When the windowing system refuses.
pub fn create_start(app: &AppHandle, title: &str) -> tauri::Result<()> {
    page(app, START, "start.html")
        .title(title)
        .inner_size(560.0, 420.0)
        .min_inner_size(440.0, 320.0)
        .center()
        .build()?;
    Ok(())
}

/// Opens the dial window in the upper third of the screen with the pointer, with the focus in its field.
/// It is made when it is first wanted: most desks dial elsewhere. The caller does not wait.
pub fn show_dial(app: &AppHandle, start: DialStart) {
    let opened = LastDial::set(app, start);
    in_its_place(app, move |app| bring_dial(app, opened));
}

fn bring_dial(app: &AppHandle, opened: u32) {
    let made = match app.get_webview_window(DIAL) {
        Some(dial) => Ok(dial),
        None => make_dial(app),
    };
    let dial = match made {
        Ok(dial) => dial,
        Err(error) => return tracing::error!(%error, "the dial window could not be made"),
    };
    place_dial(&dial);
    let _ = dial.show();
    focus_soon(app, DIAL);
    if let Err(error) = DialOpened(opened).emit_to(app, DIAL) {
        tracing::warn!(%error, "the dial window could not be told");
    }
}

fn place_dial(dial: &WebviewWindow) {
    let Some(screen) = screen_of_pointer(dial) else { return };
    let area = screen.work_area();
    // By the size it is made with: a window that was never shown knows none of its own.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a window's width")]
    let width = (DIAL_WIDTH * zoom::factor(dial.app_handle()) * screen.scale_factor()).round() as u32;
    let part = |length: u32| i32::try_from(length).unwrap_or_default();
    let x = area.position.x + part(area.size.width.saturating_sub(width) / 2);
    let y = area.position.y + part(area.size.height / 8);
    let _ = dial.set_position(PhysicalPosition::new(x, y));
}

fn make_dial(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let dial = page(app, DIAL, "dial.html")
        .title("Ringside")
        .inner_size(DIAL_WIDTH, DIAL_HEIGHTS.0)
        .decorations(false)
        .transparent(POPUP_TRANSPARENT)
        .shadow(false)
        .resizable(SIZE_IS_HELD_BY_BOUNDS)
        .always_on_top(true)
        .skip_taskbar(true)
        .visible(false)
        .build()?;
    web_process::look_after(&dial);
    Ok(dial)
}

/// What the dial window was last opened with, and how often that was set.
#[derive(Default)]
pub struct LastDial(Mutex<(DialStart, u32)>);

impl LastDial {
    fn set(app: &AppHandle, start: DialStart) -> u32 {
        let last = app.state::<Self>();
        let mut last = last.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (start, last.1.wrapping_add(1));
        last.1
    }
}

/// What the dial window opens with.
#[must_use]
pub fn dial_start(app: &AppHandle) -> DialStart {
    app.state::<LastDial>().0.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
}

/// Closes the dial window; it stays loaded and keeps nothing.
pub fn hide_dial(app: &AppHandle) {
    LastDial::set(app, DialStart::default());
    if let Some(dial) = app.get_webview_window(DIAL) {
        let _ = dial.hide();
    }
}

/// The dial window's content needs this height, pixels of its page.
pub fn size_dial(dial: &WebviewWindow, height: f64) {
    let height = within(height, DIAL_HEIGHTS);
    *dial.state::<DialHeight>().0.lock().unwrap_or_else(PoisonError::into_inner) = height;
    fit_dial(dial, height);
}

/// As large as it is drawn, and no wider than its screen.
fn fit_dial(dial: &WebviewWindow, height: f64) {
    let zoom = zoom::factor(dial.app_handle());
    let most = screen_of_pointer(dial).map_or(f64::MAX, |screen| f64::from(screen.work_area().size.width) / screen.scale_factor());
    let width = (DIAL_WIDTH * zoom).min(most.max(DIAL_WIDTH));
    let _ = resize(dial, LogicalSize::new(width.ceil(), (height * zoom).ceil()));
}

/// The dial window is drawn larger or smaller from now on. On the main thread.
pub fn dial_zoomed(app: &AppHandle) {
    let Some(dial) = app.get_webview_window(DIAL) else { return };
    let height = *app.state::<DialHeight>().0.lock().unwrap_or_else(PoisonError::into_inner);
    fit_dial(&dial, height);
    if dial.is_visible().unwrap_or(false) {
        place_dial(&dial);
    }
}

/// How high the dial window's page last was, its own pixels.
pub struct DialHeight(Mutex<f64>);

impl Default for DialHeight {
    fn default() -> Self {
        Self(Mutex::new(DIAL_HEIGHTS.0))
    }
}

/// Gives a window whose size its page decides another one.
///
/// # Errors
/// When the windowing system refuses.
pub fn resize(window: &WebviewWindow, size: LogicalSize<f64>) -> tauri::Result<()> {
    if SIZE_IS_HELD_BY_BOUNDS {
        let (width, height) = (
            Some(LogicalUnit::new(size.width).into()),
            Some(LogicalUnit::new(size.height).into()),
        );
        window.set_size_constraints(WindowSizeConstraints {
            min_width: width,
            min_height: height,
            max_width: width,
            max_height: height,
        })?;
    }
    window.set_size(size)
}

/// What stands beneath a window's page: seen where the page is not drawn yet, as where another window has just gone.
pub fn lay_ground(window: &WebviewWindow, (red, green, blue): (u8, u8, u8)) {
    let window = window.clone();
    on_main_thread(&window.app_handle().clone(), move |_| {
        if let Err(error) = window.set_background_color(Some(Color(red, green, blue, u8::MAX))) {
            tracing::warn!(%error, "a window's ground could not be laid");
        }
    });
}

/// A height that a page asks for, within a window's bounds.
pub fn within(height: f64, (least, most): (f64, f64)) -> f64 {
    if height.is_finite() {
        height.clamp(least, most).ceil()
    } else {
        most
    }
}

/// The screen on which the agent is at work.
pub fn screen_of_pointer(window: &WebviewWindow) -> Option<tauri::Monitor> {
    let pointer = window.cursor_position().ok();
    let under = pointer.and_then(|at| window.monitor_from_point(at.x, at.y).ok().flatten());
    under.or_else(|| window.primary_monitor().ok().flatten())
}

/// Whether windows stand where they are put. Under Wayland the compositor decides that. On the main thread, with the popup there.
#[must_use]
pub fn are_placed(app: &AppHandle) -> bool {
    #[cfg(target_os = "linux")]
    {
        use webkit2gtk::glib::{self, prelude::*};
        let popup = app.get_webview_window(POPUP).and_then(|popup| popup.gtk_window().ok());
        let screen = popup.map(|popup| popup.property::<glib::Object>("screen"));
        screen.is_none_or(|screen| screen.type_().name() != "GdkWaylandScreen")
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = app;
        true
    }
}

/// Does a step there: questions to a window are answered at once; elsewhere each waits for the main thread.
pub fn on_main_thread(app: &AppHandle, step: impl FnOnce(&AppHandle) + Send + 'static) {
    let handle = app.clone();
    if let Err(error) = app.run_on_main_thread(move || step(&handle)) {
        tracing::warn!(%error, "a window could not be changed");
    }
}

/// How long somebody outside waits for the windows.
#[cfg(unix)]
pub const PATIENCE: Duration = Duration::from_millis(2_500);

/// Waits until the windows have done what was asked of them before; returns whether they have. Not to be called on the main
/// thread.
#[cfg(unix)]
pub fn are_through(app: &AppHandle) -> bool {
    let (done, is_done) = std::sync::mpsc::channel();
    let asked = app.run_on_main_thread(move || {
        // Who asked may have gone.
        let _ = done.send(());
    });
    asked.is_ok() && is_done.recv_timeout(PATIENCE).is_ok()
}

/// Opens an address with the program that the desktop has for it; whether one was started. What we have set for our own windows
/// is not for its.
pub fn open_elsewhere(url: &str) -> bool {
    let started = open::commands(url).into_iter().find_map(|mut opener| {
        display::as_before(&mut opener);
        let quiet = opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.spawn().ok()
    });
    let Some(mut opener) = started else { return false };
    // It ends when it has handed over, or with the browser that it became.
    std::thread::spawn(move || opener.wait());
    true
}

/// Closing the workspace keeps the app where there is a way back to it ([`closing`]).
pub fn on_run_event(app: &AppHandle, event: &RunEvent) {
    let RunEvent::WindowEvent { label, event, .. } = event else {
        return;
    };
    if label == MAIN {
        popup::on_workspace_event(app, event);
    }
    match event {
        _ if label == POPUP => popup::on_window_event(app, event),
        WindowEvent::CloseRequested { api, .. } if label == DIAL => {
            api.prevent_close();
            hide_dial(app);
        }
        WindowEvent::CloseRequested { api, .. } if label == MAIN => {
            api.prevent_close();
            closing::close(app);
        }
        WindowEvent::CloseRequested { .. } => app.exit(0),
        WindowEvent::Destroyed if label == MAIN => workspace::after(app),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_the_apps_own_pages_are_gone_to() {
        for (address, own) in [
            ("tauri://localhost/index.html", true),
            ("tauri://localhost/popup.html?x#y", true),
            ("http://tauri.localhost/dial.html", true),
            ("https://tauri.localhost/", true),
            ("https://example.com/", false),
            ("https://tauri.localhost.example.com/", false),
            ("http://localhost:1420/index.html", false),
            ("http://localhost/index.html", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("about:blank", false),
            ("tauri://other/index.html", false),
        ] {
            let address = tauri::Url::parse(address).unwrap();
            assert_eq!(is_own(&address), own, "{address}");
        }
    }
}
