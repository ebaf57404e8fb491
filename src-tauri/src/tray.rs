//! The tray: connection state at a glance, open, quit (D1).

use crate::windows;
use engine::view::{DeskView, LinkStateView, PhaseView};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Duration;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};

const ID: &str = "tray";

/// What the tray shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connected,
    Ringing,
    Talking,
    Offline,
}

impl State {
    fn of(view: &DeskView) -> Self {
        let phase = |wanted: &[PhaseView]| view.calls.iter().any(|call| wanted.contains(&call.phase));
        if phase(&[PhaseView::Ringing]) {
            Self::Ringing
        } else if phase(&[PhaseView::Talking, PhaseView::Held, PhaseView::Dialing, PhaseView::CallingAgent]) {
            Self::Talking
        } else if view.pbx.state == LinkStateView::Up {
            Self::Connected
        } else {
            Self::Offline
        }
    }

    fn icon(self) -> tauri::Result<Image<'static>> {
        match self {
            Self::Connected => Image::from_bytes(include_bytes!("../../icons/tray-connected.png")),
            Self::Ringing => Image::from_bytes(include_bytes!("../../icons/tray-ringing.png")),
            Self::Talking => Image::from_bytes(include_bytes!("../../icons/tray-talking.png")),
            Self::Offline => Image::from_bytes(include_bytes!("../../icons/tray-offline.png")),
        }
    }
}

/// The icon's state and the two lines about connections.
type Look = (State, String, String);

/// The parts of the menu that change, what is shown now, and what shall be shown soon.
struct Shown {
    pbx: MenuItem<Wry>,
    omnidesk: MenuItem<Wry>,
    now: Mutex<Option<Look>>,
    wanted: Mutex<Option<Look>>,
}

/// Changing a tray icon writes a file and talks over D-Bus on the main thread, where the popup is
/// painted just then: the tray follows a moment later.
const PATIENCE: Duration = Duration::from_millis(250);

/// Makes the tray. Without the system's tray library the app works on without one.
pub fn create(app: &AppHandle) {
    // The library is loaded at run time, and its absence is a panic there, not an error.
    match catch_unwind(AssertUnwindSafe(|| build(app))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "no tray"),
        Err(_) => tracing::warn!("no tray: libayatana-appindicator3-1 is missing"),
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let words = Words::for_system();
    let pbx = MenuItem::with_id(app, "pbx", words.pbx(LinkStateView::Off), false, None::<&str>)?;
    let omnidesk = MenuItem::with_id(app, "omnidesk", words.omnidesk(LinkStateView::Off), false, None::<&str>)?;
    let open = MenuItem::with_id(app, "open", words.open, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", words.quit, true, None::<&str>)?;
    let first = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&pbx, &omnidesk, &first, &open, &quit])?;
    TrayIconBuilder::with_id(ID)
        .icon(State::Offline.icon()?)
        .tooltip("Ringside")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                windows::show_main(tray.app_handle());
            }
        })
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => windows::show_main(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    app.manage(Shown {
        pbx,
        omnidesk,
        now: Mutex::default(),
        wanted: Mutex::default(),
    });
    Ok(())
}

/// Whether closing the workspace leaves a way back.
#[must_use]
pub fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Shows the state soon, if it changed.
pub fn show_state(app: &AppHandle, view: &DeskView) {
    let Some(shown) = app.try_state::<Shown>() else { return };
    let words = Words::for_system();
    let look = (State::of(view), words.pbx(view.pbx.state), words.omnidesk(view.omnidesk.state));
    let Ok(mut wanted) = shown.wanted.lock() else { return };
    let waiting = wanted.replace(look).is_some();
    if waiting {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show_wanted(&app);
    });
}

fn show_wanted(app: &AppHandle) {
    let Some(shown) = app.try_state::<Shown>() else { return };
    let look = shown.wanted.lock().ok().and_then(|mut wanted| wanted.take());
    let (Some(look), Ok(mut now)) = (look, shown.now.lock()) else {
        return;
    };
    if now.as_ref() == Some(&look) {
        return;
    }
    // A tray that cannot be changed is shown as it was; the windows tell the same.
    let _ = shown.pbx.set_text(&look.1);
    let _ = shown.omnidesk.set_text(&look.2);
    if let (Some(tray), Ok(icon)) = (app.tray_by_id(ID), look.0.icon()) {
        let _ = tray.set_icon(Some(icon));
    }
    *now = Some(look);
}

/// The tray's words. The native menu is made before the windows know their language.
struct Words {
    russian: bool,
    open: &'static str,
    quit: &'static str,
}

impl Words {
    fn for_system() -> Self {
        let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let russian = language.is_none_or(|language| !language.starts_with("en"));
        if russian {
            Self {
                russian,
                open: "Открыть Ringside",
                quit: "Выйти",
            }
        } else {
            Self {
                russian,
                open: "Open Ringside",
                quit: "Quit",
            }
        }
    }

    fn pbx(&self, state: LinkStateView) -> String {
        format!("{} — {}", if self.russian { "АТС" } else { "PBX" }, self.link(state))
    }

    fn omnidesk(&self, state: LinkStateView) -> String {
        format!("{} — {}", if self.russian { "Омнидеск" } else { "Omnidesk" }, self.link(state))
    }

    fn link(&self, state: LinkStateView) -> &'static str {
        match (state, self.russian) {
            (LinkStateView::Up, true) => "подключено",
            (LinkStateView::Up, false) => "connected",
            (LinkStateView::Connecting, true) => "подключение…",
            (LinkStateView::Connecting, false) => "connecting…",
            (LinkStateView::Down, true) => "нет связи",
            (LinkStateView::Down, false) => "no connection",
            (LinkStateView::Off, true) => "не настроено",
            (LinkStateView::Off, false) => "not set up",
        }
    }
}
