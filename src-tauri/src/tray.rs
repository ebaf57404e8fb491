//! The tray: connection state at a glance, dial, the way into the popup, recent calls with redial, pausing popups, open, quit (D1).

mod entries;
#[cfg(target_os = "linux")]
mod host;
mod pause;
mod words;

use crate::commands::{DialFrom, DialStart};
use crate::shown::{as_shown, popup_is_wanted};
use crate::{popup, windows, workspace};
use engine::Engine;
use engine::view::{DeskView, DialAnswer, LinkStateView, PhaseView, Stage};
use entries::{Recent, call_back, id_of, named, recent};
use jiff::tz::TimeZone;
pub use pause::text as paused_text;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Wry};
use tokio::sync::watch;
pub use words::{Language, Words};

const ID: &str = "tray";

/// What the tray shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connected,
    Ringing,
    Talking,
    /// Connected, and popups do not come.
    Paused,
    Offline,
}

impl State {
    fn of(view: &DeskView) -> Self {
        let phase = |wanted: &[PhaseView]| view.calls.iter().any(|call| wanted.contains(&call.phase));
        if phase(&[PhaseView::Ringing]) {
            Self::Ringing
        } else if phase(&[PhaseView::Talking, PhaseView::Held, PhaseView::Dialing, PhaseView::CallingAgent]) {
            Self::Talking
        } else if view.pbx.state != LinkStateView::Up {
            Self::Offline
        } else if view.pause.paused.is_some() {
            Self::Paused
        } else {
            Self::Connected
        }
    }

    fn icon(self) -> tauri::Result<Image<'static>> {
        match self {
            Self::Connected => Image::from_bytes(include_bytes!("../../icons/tray-connected.png")),
            Self::Ringing => Image::from_bytes(include_bytes!("../../icons/tray-ringing.png")),
            Self::Talking => Image::from_bytes(include_bytes!("../../icons/tray-talking.png")),
            Self::Paused => Image::from_bytes(include_bytes!("../../icons/tray-paused.png")),
            Self::Offline => Image::from_bytes(include_bytes!("../../icons/tray-offline.png")),
        }
    }
}

/// All that the tray shows: the icon's state, its language, the two lines about connections, the recent numbers, the pause.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Look {
    state: State,
    language: Language,
    pbx: String,
    omnidesk: String,
    recent: Vec<Recent>,
    /// Whom to call back, as reminders are due.
    call_back: Vec<Recent>,
    /// That popups are paused, and until when.
    paused: Option<String>,
    /// What is personal is hidden.
    private: bool,
    /// The popup has something to show.
    has_card: bool,
}

/// What is shown now, and what shall be shown soon.
#[derive(Default)]
struct Shown {
    now: Mutex<Option<Look>>,
    wanted: Mutex<Option<Look>>,
    /// The system's language, as the popup knows it.
    system: Mutex<Option<Language>>,
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
    let look = Look::of(&DeskView::default(), Language::of_environment());
    let menu = menu(app, &look)?;
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
                open_workspace(tray.app_handle());
            }
        })
        .on_menu_event(|app, event| match event.id().as_ref() {
            "dial" => windows::show_dial(app, DialStart::default()),
            "popup" => {
                popup::focus(app);
            }
            "open" => open_workspace(app),
            "private" => hide_personal(app, !app.state::<crate::desktop::Desktop>().is_private()),
            "quit" => app.exit(0),
            other if pause::chosen(app, other) => {}
            other => {
                if let Some((number, case)) = named(other) {
                    redial(app, number, case);
                }
            }
        })
        .build(app)?;
    app.manage(Shown::default());
    Ok(())
}

fn open_workspace(app: &AppHandle) {
    workspace::open(app, workspace::Entrance::Asked, None);
}

/// Hides what is personal in the windows, or shows it again. The caller does not wait.
pub fn hide_personal(app: &AppHandle, hide: bool) {
    let engine = app.state::<Engine>().inner().clone();
    tauri::async_runtime::spawn(async move {
        // A disk that refuses is told of by the workspace; it holds all the same.
        let _ = engine.hide_personal(hide).await;
    });
}

fn menu(app: &AppHandle, look: &Look) -> tauri::Result<Menu<Wry>> {
    let words = Words::of(look.language);
    let item = |id: &str, text: &str, enabled: bool| MenuItem::with_id(app, id, text, enabled, None::<&str>);
    let line = || PredefinedMenuItem::separator(app);
    let menu = Menu::with_items(
        app,
        &[
            &item("pbx", &look.pbx, false)?,
            &item("omnidesk", &look.omnidesk, false)?,
            &line()?,
            &item("dial", words.dial, true)?,
            &item("popup", words.popup, look.has_card)?,
        ],
    )?;
    if !look.call_back.is_empty() {
        menu.append(&item("call-back", words.call_back, false)?)?;
        for reminder in &look.call_back {
            menu.append(&item(&id_of(reminder), &reminder.text, true)?)?;
        }
    }
    if !look.recent.is_empty() {
        menu.append(&item("recent", words.recent, false)?)?;
        for recent in &look.recent {
            menu.append(&item(&id_of(recent), &recent.text, true)?)?;
        }
    }
    menu.append(&line()?)?;
    pause::append(app, &menu, &words, look.paused.as_ref())?;
    menu.append(&CheckMenuItem::with_id(
        app,
        "private",
        words.private,
        true,
        look.private,
        None::<&str>,
    )?)?;
    menu.append_items(&[&item("open", words.open, true)?, &item("quit", words.quit, true)?])?;
    Ok(menu)
}

/// Dials a recent number again. What stands in the way is told by the dial window.
pub fn redial(app: &AppHandle, number: &str, case: Option<&str>) {
    let (app, number, case) = (app.clone(), number.to_owned(), case.map(str::to_owned));
    tauri::async_runtime::spawn(async move {
        let engine = app.state::<Engine>().inner().clone();
        let (trouble, caution) = match engine.dial(&number, case.as_deref(), None).await {
            Ok(DialAnswer::Placed { .. }) => return,
            Ok(DialAnswer::Held { caution }) => (None, Some(caution)),
            Err(error) => (Some(error), None),
        };
        let start = DialStart {
            text: number,
            trouble,
            caution,
            from: DialFrom::Agent,
        };
        windows::show_dial(&app, start);
    });
}

impl Look {
    fn of(view: &DeskView, system: Language) -> Self {
        let view = &*as_shown(view);
        let language = Language::named(&view.language).unwrap_or(system);
        let words = Words::of(language);
        let [pbx, omnidesk] = match view.stage {
            Stage::NoKeychain { locked } => words.keychain(locked),
            _ => [words.pbx(view.pbx.state), words.omnidesk(view.omnidesk.state)],
        };
        Self {
            state: State::of(view),
            language,
            pbx: pbx.to_owned(),
            omnidesk: omnidesk.to_owned(),
            recent: recent(&view.calls),
            call_back: call_back(&view.reminders, &words, &TimeZone::system()),
            private: view.private,
            paused: pause::paused(view, &words, &TimeZone::system()),
            has_card: popup_is_wanted(view),
        }
    }
}

/// Whether there is a tray of ours; whether anybody shows it is another question.
#[must_use]
pub fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Whether somebody shows the tray.
pub struct Panel(watch::Sender<bool>);

impl Default for Panel {
    fn default() -> Self {
        // Only Linux leaves it to programs that may not be there.
        Self(watch::Sender::new(!cfg!(target_os = "linux")))
    }
}

/// Whether the agent finds our tray on the desktop.
#[must_use]
pub fn is_shown(app: &AppHandle) -> bool {
    is_there(app) && *app.state::<Panel>().0.borrow()
}

/// Keeps an eye on who shows trays. A workspace out of sight comes into view where nobody has shown one for a while, as
/// there would be no other way to the program.
#[cfg(target_os = "linux")]
pub fn follow_panel(app: &AppHandle) {
    /// At a login panels come after other programs, and one that broke comes back.
    const COMING: Duration = Duration::from_secs(10);
    let panel = app.state::<Panel>().0.clone();
    let mut told = panel.subscribe();
    tauri::async_runtime::spawn(host::follow(zbus::connection::Builder::session(), move |shown| {
        panel.send_if_modified(|before| std::mem::replace(before, shown) != shown);
    }));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while told.wait_for(|shown| !shown).await.is_ok() {
            if tokio::time::timeout(COMING, told.wait_for(|shown| *shown)).await.is_ok() {
                continue;
            }
            tracing::info!("nobody shows the tray");
            workspace::surface(&app);
            if told.wait_for(|shown| *shown).await.is_err() {
                return;
            }
        }
    });
}

#[cfg(not(target_os = "linux"))]
pub fn follow_panel(_: &AppHandle) {}

/// The popup tells the system's language, which counts where the settings name none. Returns whether it is news.
pub fn learn_language(app: &AppHandle, system: &str) -> bool {
    let Some(shown) = app.try_state::<Shown>() else { return false };
    let mut known = shown.system.lock().unwrap_or_else(PoisonError::into_inner);
    let told = Language::named(system);
    std::mem::replace(&mut *known, told) != told
}

/// The language of the tray, and of notifications: that of the settings, or the system's as far as it is known.
#[must_use]
pub fn language(app: &AppHandle, view: &DeskView) -> Language {
    let shown = app.try_state::<Shown>();
    let system = shown.and_then(|shown| *shown.system.lock().unwrap_or_else(PoisonError::into_inner));
    Language::named(&view.language).unwrap_or_else(|| system.unwrap_or_else(Language::of_environment))
}

/// Shows the state soon, if it changed.
pub fn show_state(app: &AppHandle, view: &DeskView) {
    let Some(shown) = app.try_state::<Shown>() else { return };
    let system = *shown.system.lock().unwrap_or_else(PoisonError::into_inner);
    let look = Look::of(view, system.unwrap_or_else(Language::of_environment));
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
    if let Some(tray) = app.tray_by_id(ID) {
        let same_icon = now.as_ref().is_some_and(|now| now.state == look.state);
        if let (false, Ok(icon)) = (same_icon, look.state.icon()) {
            let _ = tray.set_icon(Some(icon));
        }
        let same_menu = now.as_ref().is_some_and(|now| {
            Look {
                state: look.state,
                ..now.clone()
            } == look
        });
        if let (false, Ok(menu)) = (same_menu, menu(app, &look)) {
            let _ = tray.set_menu(Some(menu));
        }
    }
    *now = Some(look);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(setting: &str, system: Language) -> &'static str {
        let view = DeskView {
            language: setting.into(),
            ..DeskView::default()
        };
        Words::of(Look::of(&view, system).language).dial
    }

    #[test]
    fn the_menu_speaks_the_language_of_the_settings_and_else_the_systems() {
        assert_eq!(dial("en", Language::Russian), "Dial a number…");
        assert_eq!(dial("ru", Language::English), "Набрать номер…");
        assert_eq!(dial("", Language::English), "Dial a number…");
        assert_eq!(dial("", Language::Russian), "Набрать номер…");
    }

    #[test]
    fn d4_a_keychain_that_keeps_the_work_from_beginning_is_named_in_place_of_the_lines() {
        let lines = |stage: Stage, language| {
            let look = Look::of(
                &DeskView {
                    stage,
                    ..DeskView::default()
                },
                language,
            );
            [look.pbx, look.omnidesk]
        };
        let [what, how] = lines(Stage::NoKeychain { locked: true }, Language::Russian);
        assert!(
            what.contains("Связка ключей закрыта: откройте её") && how.contains("окне Ringside"),
            "{what} {how}"
        );
        let [what, _] = lines(Stage::NoKeychain { locked: true }, Language::English);
        assert_eq!(what, "The keychain is locked: unlock it");
        let [what, _] = lines(Stage::NoKeychain { locked: false }, Language::English);
        assert_eq!(what, "The keychain does not answer");
        assert_eq!(lines(Stage::SetUp, Language::English), ["PBX not set up", "Omnidesk not set up"]);
    }

    #[test]
    fn d1_there_is_a_way_into_the_popup_while_it_has_something_to_show() {
        let card = |view: &DeskView| Look::of(view, Language::Russian).has_card;
        let mut view = DeskView {
            calls: vec![crate::shown::tests::call("1", engine::view::NumberKindView::External)],
            ..DeskView::default()
        };
        assert!(!card(&view), "put away, or never shown");
        view.popup = vec!["1".into()];
        assert!(card(&view));
    }
}
