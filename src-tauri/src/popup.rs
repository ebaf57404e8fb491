//! The popup's window, made at the start and hidden until a call comes.
//!
//! It is mapped once outside the screen, where its page draws made-up calls (the rehearsal), so that its first real
//! appearance costs no more than the later ones.
//!
//! It never takes the keyboard focus (S01): it can only be given it, by a click in it or by the agent's wish
//! ([`focus`]), and gives the right to it back when it loses it or goes.
//!
//! A ringing call stands in its corner whatever is below (S01). What comes after gives way to the workspace
//! ([`Room`]): its page folds the card into a line, or the window stands aside. Which corner of which screen is a setting
//! ([`stand`]).

pub mod monitors;
pub mod place;
mod struts;

use crate::commands::{PopupRoom, PopupTurnedTo};
use crate::desktop::Desktop;
use crate::windows::{MAIN, POPUP, POPUP_TRANSPARENT, SIZE_IS_HELD_BY_BOUNDS, focus_soon, on_main_thread, page, resize, within};
use crate::{web_process, windows, zoom};
use engine::Engine;
use engine::view::PopupPlace;
use monitors::{Monitor, Wish};
use place::{Area, HEIGHTS, Room, Screen, WIDTH};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, LogicalPosition, LogicalSize, Manager as _, PhysicalPosition, PhysicalSize, Position, WebviewWindow, WindowEvent};
use tauri_specta::Event as _;

/// How long the popup's page may take for the rehearsal. The very first frame of a window can take seconds on a busy computer.
const REHEARSAL: Duration = Duration::from_secs(15);
/// Not every window manager tells that a window was minimised, and no screen that it was unplugged: so often it is looked,
/// while the popup is there.
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
    /// Where it is wished.
    place: PopupPlace,
    /// The screen on which it stands, all of it.
    standing: Option<Area>,
    /// Where it was put.
    spot: Option<(i32, i32)>,
    /// What the workspace leaves of the screen.
    room: Room,
    /// How high the screen lets it be, pixels of its page.
    highest: Option<f64>,
    /// How often the room changed.
    changes: u32,
    /// How often the agent turned to it.
    turned_to: u32,
    /// What it shows gives way to the workspace.
    gives_way: bool,
    /// The height of what it shows, pixels of its page.
    height: f64,
}

impl Popup {
    fn known(app: &AppHandle) -> MutexGuard<'_, Known> {
        app.state::<Self>().inner().0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much room the popup's page has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PopupRoomView {
    /// The workspace leaves none for a card: what gives way is to be one line.
    pub is_short: bool,
    /// As high as a card may be, pixels of the page; what is higher scrolls.
    pub highest: u32,
}

/// A screen that the popup can stand on, for the settings.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScreenView {
    /// What the system calls it.
    pub name: String,
    /// The system's first one.
    pub is_primary: bool,
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
/// call came first, or it would be seen, as where windows cannot be placed. Looking and acting are one step on the main thread, so that a call cannot come in between.
pub fn rehearse(app: &AppHandle, on: bool) {
    on_main_thread(app, move |app| {
        let Some(popup) = app.get_webview_window(POPUP) else { return };
        if Popup::known(app).wanted || !windows::are_placed(app) {
            return;
        }
        // A popup that cannot be rehearsed is only slower the first time.
        if on {
            let _ = popup.show();
            // Window managers bring a window in that appears outside, and leave one alone that moves there. They may move it
            // back, so what is drawn there can hardly be seen.
            let _ = popup.set_position(position(monitors::outside(&connected(&popup))));
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
        // The next call begins in the corner, on the screen where the agent is by then.
        known.gives_way &= wanted;
        known.standing = None;
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
    let workspace = workspace_on_screen(app);
    let changes = {
        let mut known = Popup::known(app);
        if !known.wanted {
            return;
        }
        let room = screen.room(known.place.corner, workspace);
        let highest = Some(screen.highest());
        let changed = known.room != room || known.highest != highest;
        known.room = room;
        known.highest = highest;
        known.changes = known.changes.wrapping_add(changed.into());
        changed.then_some(known.changes)
    };
    let belongs = spot(app, screen);
    let stands = Popup::known(app).spot;
    if stands != Some(belongs) {
        place(&popup);
    }
    if let Some(changes) = changes {
        tell_room(app, changes);
    }
}

/// From now on the popup stands there.
pub fn stand(app: &AppHandle, place: &PopupPlace) {
    {
        let mut known = Popup::known(app);
        if known.place == *place {
            return;
        }
        known.place = place.clone();
        known.standing = None;
    }
    on_main_thread(app, look);
}

fn workspace_on_screen(app: &AppHandle) -> Option<Area> {
    let main = app.get_webview_window(MAIN)?;
    if !main.is_visible().unwrap_or(false) || main.is_minimized().unwrap_or(false) {
        return None;
    }
    let (at, size) = (main.outer_position().ok()?, main.outer_size().ok()?);
    Some(area(at, size, main.scale_factor().ok()?))
}

/// How many of the desktop's pixels a physical one is ([`place`](mod@place)).
fn of_desktop(scale: f64) -> f64 {
    if cfg!(windows) { 1.0 } else { scale.recip() }
}

fn area(at: PhysicalPosition<i32>, size: PhysicalSize<u32>, scale: f64) -> Area {
    #[expect(clippy::cast_possible_truncation, reason = "a screen's coordinates")]
    let pixels = |physical: f64| (physical * of_desktop(scale)).round() as i32;
    Area {
        left: pixels(at.x.into()),
        top: pixels(at.y.into()),
        width: pixels(size.width.into()),
        height: pixels(size.height.into()),
    }
}

/// A place of the desktop, as the window library takes it.
fn position((left, top): (i32, i32)) -> Position {
    if cfg!(windows) {
        return PhysicalPosition::new(left, top).into();
    }
    LogicalPosition::new(f64::from(left), f64::from(top)).into()
}

/// How much room the popup's page has.
#[must_use]
pub fn room(app: &AppHandle) -> PopupRoomView {
    let known = Popup::known(app);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the bounds of a popup's height"
    )]
    let highest = known.highest.unwrap_or(HEIGHTS.1) as u32;
    PopupRoomView {
        is_short: known.room == Room::Line,
        highest,
    }
}

/// The popup's content needs this height, and gives way to the workspace or stands before it.
pub fn size(popup: &WebviewWindow, height: f64, gives_way: bool) {
    let (height, wanted) = {
        let mut known = Popup::known(popup.app_handle());
        let height = within(height, (HEIGHTS.0, known.highest.unwrap_or(HEIGHTS.1)));
        known.height = height;
        known.gives_way = gives_way;
        (height, known.wanted)
    };
    if fit(popup, height).is_ok() && wanted {
        place(popup);
    }
}

/// Gives the window the size that its page takes, as large as it is drawn.
fn fit(popup: &WebviewWindow, height: f64) -> tauri::Result<()> {
    let zoom = zoom::factor(popup.app_handle());
    let (width, height) = screen(popup).map_or((WIDTH * zoom, height * zoom), |screen| screen.size(height));
    resize(popup, LogicalSize::new(width, height))
}

/// It is drawn larger or smaller from now on. On the main thread.
pub fn zoomed(app: &AppHandle) {
    let Some(popup) = app.get_webview_window(POPUP) else { return };
    let Some(highest) = screen(&popup).map(Screen::highest) else {
        return;
    };
    let (height, changes) = {
        let mut known = Popup::known(app);
        known.highest = Some(highest);
        known.height = known.height.min(highest);
        known.changes = known.changes.wrapping_add(1);
        (known.height, known.changes)
    };
    // Before its first card it has no size to keep.
    if height > 0.0 && fit(&popup, height).is_ok() && Popup::known(app).wanted {
        place(&popup);
    }
    tell_room(app, changes);
    look(app);
}

fn tell_room(app: &AppHandle, changes: u32) {
    if let Err(error) = PopupRoom(changes).emit_to(app, POPUP) {
        tracing::warn!(%error, "the popup could not be told of its room");
    }
}

/// Puts it where it belongs.
fn place(popup: &WebviewWindow) {
    let Some(screen) = screen(popup) else { return };
    let spot = spot(popup.app_handle(), screen);
    Popup::known(popup.app_handle()).spot = Some(spot);
    let _ = popup.set_position(position(spot));
}

fn spot(app: &AppHandle, screen: Screen) -> (i32, i32) {
    let known = Popup::known(app);
    let room = if known.gives_way { known.room } else { Room::Corner };
    screen.spot(known.place.corner, room, known.height)
}

/// The screen where it belongs, on which it stays while it is there.
fn screen(popup: &WebviewWindow) -> Option<Screen> {
    let pointer = popup.cursor_position().ok();
    let under = pointer.and_then(|at| popup.monitor_from_point(at.x, at.y).ok().flatten());
    let connected = connected(popup);
    let mut known = Popup::known(popup.app_handle());
    let wish = Wish {
        screen: &known.place.screen,
        pointer: under.map(|monitor| area(*monitor.position(), *monitor.size(), monitor.scale_factor())),
        standing: known.standing,
    };
    let chosen = monitors::choose(&connected, &wish)?;
    known.standing = Some(chosen.whole);
    Some(chosen.screen)
}

/// The screens that are connected.
fn connected(window: &WebviewWindow) -> Vec<Monitor> {
    let primary = window.primary_monitor().ok().flatten();
    let is_primary = |monitor: &tauri::Monitor| primary.as_ref().is_some_and(|primary| primary.position() == monitor.position());
    let monitors = window.available_monitors().unwrap_or_default();
    let kept = panels_of_others(window, &monitors);
    let read = monitors.iter().map(|monitor| {
        let (mut work, scale) = (*monitor.work_area(), monitor.scale_factor());
        if let Some((desktop, struts)) = &kept
            && is_all_work(monitor)
        {
            let whole = area(work.position, work.size, 1.0);
            let clear = struts::clear(whole, *desktop, struts);
            work.position = PhysicalPosition::new(clear.left, clear.top);
            work.size = PhysicalSize::new(clear.width.unsigned_abs(), clear.height.unsigned_abs());
        }
        Monitor {
            name: monitor.name().cloned().unwrap_or_default(),
            whole: area(*monitor.position(), *monitor.size(), scale),
            screen: Screen {
                area: area(work.position, work.size, scale),
                scale: scale * of_desktop(scale),
                zoom: zoom::factor(window.app_handle()),
            },
            is_primary: is_primary(monitor),
        }
    });
    read.collect()
}

/// What panels keep of screens of which the system knows none: under X11 those beside the primary one.
fn panels_of_others(window: &WebviewWindow, monitors: &[tauri::Monitor]) -> Option<((i32, i32), Vec<struts::Strut>)> {
    #[cfg(target_os = "linux")]
    if monitors.len() > 1 && monitors.iter().any(is_all_work) && windows::are_placed(window.app_handle()) {
        return struts::desktop::kept();
    }
    let _ = (window, monitors);
    None
}

fn is_all_work(monitor: &tauri::Monitor) -> bool {
    let work = monitor.work_area();
    (work.position, work.size) == (*monitor.position(), *monitor.size())
}

/// The screens that can be named in the settings.
#[must_use]
pub fn screens(window: &WebviewWindow) -> Vec<ScreenView> {
    let named = connected(window).into_iter().filter(|monitor| !monitor.name.is_empty());
    let views = named.map(|monitor| ScreenView {
        name: monitor.name,
        is_primary: monitor.is_primary,
    });
    views.collect()
}

/// Gives the popup the keyboard focus, as the agent wishes; while it is on the screen. Its page is told of the wish, as it
/// heeds no keys of a focus that nobody asked for. Whether it is there.
pub fn focus(app: &AppHandle) -> bool {
    let turned_to = {
        let mut known = Popup::known(app);
        if !known.wanted {
            return false;
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
    true
}

/// Something happened to the popup's window: what lost the focus may not have it again by itself. As long as the agent is in
/// it, it does not go.
pub fn on_window_event(app: &AppHandle, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } => api.prevent_close(),
        WindowEvent::Focused(true) => hold(app, true),
        WindowEvent::Focused(false) => {
            hold(app, false);
            on_main_thread(app, |app| {
                if let Some(popup) = app.get_webview_window(POPUP) {
                    let _ = popup.set_focusable(false);
                }
            });
        }
        // On a screen with other pixels it has another size.
        WindowEvent::ScaleFactorChanged { .. } => look_soon(app),
        _ => {}
    }
}

fn hold(app: &AppHandle, on: bool) {
    if let Some(engine) = app.try_state::<Engine>() {
        engine.hold_popup(on);
    }
}
