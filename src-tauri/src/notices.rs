//! Desktop notifications, where the popup cannot serve: calls that were missed while nobody looked, something owed that needs a
//! decision, where the program is when its window is closed for the first time, a call that rings while popups are paused (if the
//! agent wants that), and all that the popup has where a window cannot be placed.
//!
//! What shall stand follows from the state ([`standing`](mod@standing)); the daemon is told the difference ([`daemon`]). So a
//! notice goes when its call is over, its case dealt with, or its list looked at, whoever did that and where. What is pressed in
//! one does what the same button of a window does.

#[cfg(target_os = "linux")]
mod daemon;
mod standing;
mod words;

use crate::shown::as_shown;
use crate::{tray, workspace};
use engine::Engine;
use engine::view::{DeskView, NoticeKinds, Route};
use standing::{Known, Situation};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tokio::sync::watch;

/// What a notice is about; there is one of each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Calls that were missed, all of them.
    Missed,
    /// What is owed and needs a decision, all of it.
    Decisions,
    /// A call.
    Call(String),
    /// A reminder.
    Reminder(String),
    /// Where the program is, now that its window is closed.
    InTray,
}

impl Key {
    /// For the log.
    fn name(&self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Decisions => "decisions",
            Self::Call(_) => "call",
            Self::Reminder(_) => "reminder",
            Self::InTray => "tray",
        }
    }

    /// Whether what was put away is known for good, also when it stood aside meanwhile. Of calls and reminders each
    /// appearance is one.
    fn stays_put_away(&self) -> bool {
        matches!(self, Self::Missed | Self::Decisions | Self::InTray)
    }
}

/// What a press in a notice does.
#[derive(Debug, Clone, PartialEq)]
enum Deed {
    /// The missed calls are listed, and known.
    Missed,
    /// A page of the workspace.
    Open(Route),
    /// As the tray's entry: what is asked first is asked in the dial window.
    CallBack { number: String, case: Option<String> },
}

/// A notification that shall stand.
#[derive(Debug, Clone, PartialEq)]
struct Notice {
    key: Key,
    /// By these it is news, or not: put away, it comes again for one that is not among them.
    about: BTreeSet<String>,
    title: String,
    text: String,
    /// What can be pressed, with its words; a click on the notice itself does the first.
    actions: Vec<(Deed, String)>,
    /// It is of this moment, stands as long as that, and leaves nothing in the desktop's list.
    passes: bool,
}

/// What the app knows beside the state, and what shall stand by now.
pub struct Notices {
    known: Mutex<Known>,
    wanted: watch::Sender<Vec<Notice>>,
    /// How many stand.
    standing: watch::Sender<usize>,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
            wanted: watch::Sender::new(Vec::new()),
            standing: watch::Sender::new(0),
        }
    }
}

impl Notices {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From now on notices tell of these.
pub fn tell_of(app: &AppHandle, kinds: NoticeKinds) {
    app.state::<Notices>().known().kinds = kinds;
}

/// Shows what follows from this state.
pub fn show(app: &AppHandle, view: &DeskView) {
    let notices = app.state::<Notices>();
    let mut known = notices.known();
    if known.ends || known.revision > view.revision {
        return;
    }
    known.follow(view);
    let view = &*as_shown(view);
    let situation = Situation { view, known: &known };
    let wanted = situation.notices(tray::language(app, view));
    notices.wanted.send_if_modified(|before| {
        let is_news = *before != wanted;
        *before = wanted;
        is_news
    });
}

/// The agent has the workspace before them, or has turned away from it.
pub fn look(app: &AppHandle, is_in_view: bool) {
    {
        let notices = app.state::<Notices>();
        let mut known = notices.known();
        known.is_in_view = is_in_view;
        // Whoever has the window before them found it.
        known.tells_of_tray &= !is_in_view;
    }
    show_again(app);
}

/// The workspace was closed and the tray leads back to it, as nobody was told before.
pub fn tell_of_tray(app: &AppHandle) {
    app.state::<Notices>().known().tells_of_tray = true;
    show_again(app);
}

/// The agent has put these calls away: those of them that were missed are known.
pub fn are_known(app: &AppHandle, calls: impl IntoIterator<Item = String>) {
    app.state::<Notices>().known().learns.extend(calls);
    show_again(app);
}

/// The agent has said that they know of all that were missed.
pub fn all_are_known(app: &AppHandle) {
    app.state::<Notices>().known().learns_all = true;
    show_again(app);
}

/// Takes all of them down, as the program ends: some daemons would show them for ever, with buttons that do nothing. Waits a
/// moment for that.
pub async fn withdraw(app: &AppHandle) {
    const PATIENCE: Duration = Duration::from_millis(400);
    let Some(notices) = app.try_state::<Notices>() else { return };
    notices.known().ends = true;
    notices.wanted.send_replace(Vec::new());
    let mut standing = notices.standing.subscribe();
    let _ = tokio::time::timeout(PATIENCE, standing.wait_for(|standing| *standing == 0)).await;
}

fn show_again(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let engine = app.state::<Engine>().inner().clone();
        show(&app, &engine.desk().await);
    });
}

/// Tells the desktop from now on.
pub fn follow(app: &AppHandle) {
    app.state::<Notices>().known().is_placed = crate::windows::are_placed(app);
    #[cfg(target_os = "linux")]
    {
        let notices = app.state::<Notices>();
        let (wanted, standing) = (notices.wanted.subscribe(), notices.standing.clone());
        let app = app.clone();
        let bus = zbus::connection::Builder::session;
        tauri::async_runtime::spawn(daemon::serve(bus, wanted, standing, move |deed| carry_out(&app, deed)));
    }
}

#[cfg(target_os = "linux")]
fn carry_out(app: &AppHandle, deed: Deed) {
    let open = |page| workspace::open(app, workspace::Entrance::Asked, Some(page));
    match deed {
        Deed::Open(page) => open(page),
        Deed::CallBack { number, case } => tray::redial(app, &number, case.as_deref()),
        Deed::Missed => {
            open(Route::Missed);
            // Also where the window is closed again before its page has told that it was looked at.
            all_are_known(app);
            let engine = app.state::<Engine>().inner().clone();
            tauri::async_runtime::spawn(async move { engine.knows_of_missed().await });
        }
    }
}
