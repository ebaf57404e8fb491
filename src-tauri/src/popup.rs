//! The popup's window, made at the start and hidden until a call comes.
//!
//! It is mapped once outside the screen, where its page draws made-up calls (the rehearsal), so that its first real
//! appearance costs no more than the later ones.
//!
//! It never takes the keyboard focus (S01): it can only be given it, by a click in it or by the agent's wish
//! ([`focus`]), and gives the right to it back when it loses it or goes.
//!
//! A ringing call stands in the corner whatever is below (S01). What comes after gives way to the workspace
//! ([`Room`]): its page folds the card into a line, or the window stands aside.

pub mod place;

use crate::commands::{PopupRoom, PopupTurnedTo};
use crate::desktop::Desktop;
use crate::web_process;
use crate::windows::{
    MAIN, POPUP, POPUP_TRANSPARENT, SIZE_IS_HELD_BY_BOUNDS, focus_soon, on_main_thread, page, resize, screen_of_pointer, within,
};
use place::{Area, HEIGHTS, Room, Screen, WIDTH};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, LogicalSize, Manager as _, PhysicalPosition, WebviewWindow, WindowEvent};
use tauri_specta::Event as _;

/// How long the popup's page may take for the rehearsal. The very first frame of a window can take seconds on a busy computer.
const REHEARSAL: Duration = Duration::from_secs(15);
/// Where the popup is rehearsed; window managers may move it back, so what is drawn there can hardly be seen.
const OUTSIDE: PhysicalPosition<i32> = PhysicalPosition::new(-4_000, -4_000);
/// Not every window manager tells that a window was minimised: so often it is looked, while the popup is there.
const LOOK: Duration = Duration::from_secs(1);
/// A window that loses the focus may be on its way to being minimised.
const SETTLING: Duration = Duration::from_millis(150);

/// What is known of the popup beside its window.
#[derive(Default)]
pub struct Popup(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// A call wants it on the screen; what is under way for warming it does not count.
    wanted: bool,
    /// Counts appearances, so that a look-out of an earlier one ends.
    turn: u32,
    /// What the workspace leaves of the screen.
    room: Room,
    /// How often the room changed.
    changes: u32,
    /// How often the agent turned to it.
    turned_to: u32,
    /// What it shows gives way to the workspace.
    gives_way: bool,
    /// The height of what it shows, logical pixels.
    height: f64,
}

impl Popup {
    fn known(app: &AppHandle) -> MutexGuard<'_, Known> {
        app.state::<Self>().inner().0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the popup, which stays hidden until a call comes.
///
/// # Errors
/// When the windowing system refuses.
pub fn create(app: &AppHandle) -> tauri::Result<()> {
    let popup = page(app, POPUP, "popup.html")
        .title("Ringside")
        .inner_size(WIDTH, HEIGHTS.0)
        .decorations(false)
        .transparent(POPUP_TRANSPARENT)
        .shadow(false)
        .resizable(SIZE_IS_HELD_BY_BOUNDS)
        .always_on_top(true)
        .skip_taskbar(true)
        .visible_on_all_workspaces(true)
        .focused(false)
        .focusable(false)
        .visible(false)
        .build()?;
    web_process::look_after(&popup);
    Ok(())
}

/// Maps the popup where nobody sees it, for its page to draw there what a call will need, and hides it again; unless a
/// call came first. Looking and acting are one step on the main thread, so that a call cannot come in between.
pub fn rehearse(app: &AppHandle, on: bool) {
    on_main_thread(app, move |app| {
        let Some(popup) = app.get_webview_window(POPUP) else { return };
        if Popup::known(app).wanted {
            return;
        }
        // A popup that cannot be rehearsed is only slower the first time.
        if on {
            let _ = popup.show();
            // Window managers bring a window in that appears outside, and leave one alone that moves there.
            let _ = popup.set_position(OUTSIDE);
        } else {
            let _ = popup.hide();
        }
    });
    if on {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(REHEARSAL).await;
            rehearse(&app, false);
        });
    }
}

/// Shows or hides the popup; where it is already right, nothing happens. The caller does not wait: showing
/// and hiding are steps on the main thread, done in the order in which they were asked for.
pub fn show(app: &AppHandle, wanted: bool) {
    let turn = {
        let mut known = Popup::known(app);
        if known.wanted == wanted {
            return;
        }
        known.wanted = wanted;
        known.turn = known.turn.wrapping_add(1);
        // The next call begins in the corner.
        known.gives_way &= wanted;
        known.turn
    };
    let Some(popup) = app.get_webview_window(POPUP) else { return };
    on_main_thread(app, move |app| {
        if !wanted {
            let _ = popup.hide();
            let _ = popup.set_focusable(false);
            return;
        }
        place(&popup);
        if let Err(error) = popup.show() {
            tracing::error!(%error, "the popup could not be shown");
        }
        app.state::<Desktop>().milestone("popup_shown", &[]);
        look(app);
    });
    if wanted {
        look_out(app, turn);
    }
}

/// Looks where the workspace is for as long as this appearance of the popup lasts.
fn look_out(app: &AppHandle, turn: u32) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let over = {
                let known = Popup::known(&app);
                !known.wanted || known.turn != turn
            };
            if over {
                return;
            }
            on_main_thread(&app, look);
        }
    });
}

/// Something happened to the workspace's window.
pub fn on_workspace_event(app: &AppHandle, event: &WindowEvent) {
    let matters = matches!(
        event,
        WindowEvent::Moved(_) | WindowEvent::Resized(_) | WindowEvent::Focused(_) | WindowEvent::Destroyed
    );
    if matters && Popup::known(app).wanted {
        look_soon(app);
    }
}

/// The workspace comes or goes just now.
pub fn look_soon(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SETTLING).await;
        on_main_thread(&app, look);
    });
}

/// Looks what the workspace leaves of the screen, and tells the page where that has changed. On the main thread, where
/// questions to windows are answered at once.
fn look(app: &AppHandle) {
    let Some(popup) = app.get_webview_window(POPUP) else { return };
    let Some(screen) = screen(&popup) else { return };
    let room = screen.room(workspace_on_screen(app));
    let changes = {
        let mut known = Popup::known(app);
        if !known.wanted || known.room == room {
            return;
        }
        known.room = room;
        known.changes = known.changes.wrapping_add(1);
        known.changes
    };
    place(&popup);
    if let Err(error) = PopupRoom(changes).emit_to(app, POPUP) {
        tracing::warn!(%error, "the popup could not be told of its room");
    }
}

fn workspace_on_screen(app: &AppHandle) -> Option<Area> {
    let main = app.get_webview_window(MAIN)?;
    if !main.is_visible().unwrap_or(false) || main.is_minimized().unwrap_or(false) {
        return None;
    }
    let (at, size) = (main.outer_position().ok()?, main.outer_size().ok()?);
    Some(area(at, size))
}

fn area(at: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>) -> Area {
    let length = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Area {
        left: at.x,
        top: at.y,
        width: length(size.width),
        height: length(size.height),
    }
}

/// Whether the workspace leaves no room for a card: what gives way is to be one line.
#[must_use]
pub fn is_short_of_room(app: &AppHandle) -> bool {
    Popup::known(app).room == Room::Line
}

/// The popup's content needs this height, and gives way to the workspace or stands before it.
pub fn size(popup: &WebviewWindow, height: f64, gives_way: bool) {
    let height = within(height, HEIGHTS);
    let wanted = {
        let mut known = Popup::known(popup.app_handle());
        known.height = height;
        known.gives_way = gives_way;
        known.wanted
    };
    if resize(popup, LogicalSize::new(WIDTH, height)).is_ok() && wanted {
        place(popup);
    }
}

/// Where it belongs on the screen with the pointer.
fn place(popup: &WebviewWindow) {
    let Some(screen) = screen(popup) else { return };
    let (room, height) = {
        let known = Popup::known(popup.app_handle());
        (if known.gives_way { known.room } else { Room::Corner }, known.height)
    };
    let (left, top) = screen.corner(room, height);
    let _ = popup.set_position(PhysicalPosition::new(left, top));
}

fn screen(popup: &WebviewWindow) -> Option<Screen> {
    let monitor = screen_of_pointer(popup)?;
    let work = monitor.work_area();
    Some(Screen {
        area: area(work.position, work.size),
        scale: monitor.scale_factor(),
    })
}

/// Gives the popup the keyboard focus, as the agent wishes; while it is on the screen. Its page is told of the wish, as it
/// heeds no keys of a focus that nobody asked for.
pub fn focus(app: &AppHandle) {
    let turned_to = {
        let mut known = Popup::known(app);
        if !known.wanted {
            return;
        }
        known.turned_to = known.turned_to.wrapping_add(1);
        known.turned_to
    };
    if let Err(error) = PopupTurnedTo(turned_to).emit_to(app, POPUP) {
        tracing::warn!(%error, "the popup could not be told that the agent turns to it");
    }
    on_main_thread(app, |app| {
        let Some(popup) = app.get_webview_window(POPUP) else { return };
        if Popup::known(app).wanted {
            let _ = popup.set_focusable(true);
            focus_soon(app, POPUP);
        }
    });
}

/// Something happened to the popup's window: what lost the focus may not have it again by itself.
pub fn on_window_event(app: &AppHandle, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } => api.prevent_close(),
        WindowEvent::Focused(false) => on_main_thread(app, |app| {
            if let Some(popup) = app.get_webview_window(POPUP) {
                let _ = popup.set_focusable(false);
            }
        }),
        _ => {}
    }
}
