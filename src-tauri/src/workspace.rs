//! The workspace's window: made when it is first wanted, given back when it was hidden for a while.
//!
//! A page takes seconds to start on a slow machine, and an answered call opens it at once (S03): so the window is made,
//! unseen, while a call is in the popup.
//!
//! Its page takes tens of megabytes, and much of the time nobody looks at it: the popup and the tray do without. Before
//! the window goes its page is asked ([`RestAsked`]): it keeps what was typed and answers with the pages to come back
//! to ([`give_back`]), or it does not answer and is asked again later. While a call goes on nothing is asked.

use crate::commands::RestAsked;
use crate::desktop::Desktop;
use crate::windows::{self, MAIN, in_its_place, on_main_thread};
use crate::{notices, popup};
use engine::Engine;
use engine::view::{PhaseView, Route};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

/// How long the window stays hidden before it is given back.
pub const REST: Duration = Duration::from_secs(5 * 60);
/// How long its page may take to say that it stands. Then the window is shown as it is.
const PAGE: Duration = Duration::from_secs(2);

/// As long as a system takes to show a window that appears, where it does not tell.
#[cfg(not(target_os = "linux"))]
const APPEARING: Duration = Duration::from_millis(500);

/// How the window comes into view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entrance {
    /// By itself (S03): without the keyboard focus, as far as window managers let it.
    ByItself,
    /// The agent asked for it.
    Asked,
}

/// What the window is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Absent,
    /// Its page starts; then it comes into view, if anybody wants it yet.
    Starting(Option<Entrance>),
    There,
    /// It is being taken down. Where it was wanted meanwhile, it is made again.
    Going(Option<Entrance>),
}

/// What follows when the window is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Make,
    Enter,
    Wait,
}

/// What follows when its page stands.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Seen(Entrance),
    /// Nobody wanted it yet: it rests, by this number.
    Unseen(u32),
}

/// The window's life, without the window.
#[derive(Debug, Default)]
struct Life {
    stage: Stage,
    /// Counts what happened to it, so that a rest which began before is known to be over.
    turn: u32,
    opened: bool,
}

impl Life {
    fn want(&mut self, entrance: Entrance) -> Step {
        self.turn = self.turn.wrapping_add(1);
        self.opened = true;
        match self.stage {
            Stage::Absent => {
                self.stage = Stage::Starting(Some(entrance));
                Step::Make
            }
            Stage::Starting(before) => {
                self.stage = Stage::Starting(before.max(Some(entrance)));
                Step::Wait
            }
            Stage::There => Step::Enter,
            Stage::Going(before) => {
                self.stage = Stage::Going(before.max(Some(entrance)));
                Step::Wait
            }
        }
    }

    /// It will be wanted soon. Whether it is to be made now, unseen.
    fn prepare(&mut self) -> bool {
        let absent = self.stage == Stage::Absent;
        if absent {
            self.stage = Stage::Starting(None);
        }
        absent
    }

    /// Its page stands, for the first time: what follows.
    fn stand(&mut self) -> Option<Standing> {
        let Stage::Starting(entrance) = self.stage else { return None };
        self.stage = Stage::There;
        Some(entrance.map_or_else(|| Standing::Unseen(self.hide()), Standing::Seen))
    }

    /// It was hidden; the number of this rest.
    fn hide(&mut self) -> u32 {
        self.turn = self.turn.wrapping_add(1);
        self.turn
    }

    fn rests(&self, turn: u32) -> bool {
        self.stage == Stage::There && self.turn == turn
    }

    /// Whether it may go now; then it is going.
    fn go(&mut self, turn: u32) -> bool {
        let goes = self.rests(turn);
        if goes {
            self.stage = Stage::Going(None);
        }
        goes
    }

    /// It is gone. How it is to come into view again, if it was wanted meanwhile.
    fn gone(&mut self) -> Option<Entrance> {
        match std::mem::take(&mut self.stage) {
            Stage::Going(wanted) => wanted,
            Stage::Absent | Stage::Starting(_) | Stage::There => None,
        }
    }
}

/// The workspace, whether it has a window now or not.
pub struct Workspace {
    life: Mutex<Life>,
    stands: Condvar,
    rest: Duration,
}

impl Workspace {
    /// One that is given back after being hidden for so long.
    #[must_use]
    pub fn new(rest: Duration) -> Self {
        Self {
            life: Mutex::default(),
            stands: Condvar::new(),
            rest,
        }
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was never wanted since the start.
    #[must_use]
    pub fn is_unopened(&self) -> bool {
        !self.life().opened
    }

    /// Whether its page stands: it can be asked.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.life().stage == Stage::There
    }

    /// Whether the page that asks is about to go: what it is to show, the next one shows.
    #[must_use]
    pub fn is_going(&self) -> bool {
        matches!(self.life().stage, Stage::Going(_))
    }
}

/// Opens the workspace, at a page if one is named. The caller does not wait.
pub fn open(app: &AppHandle, entrance: Entrance, page: Option<Route>) {
    // In this order: from here on the window does not go, so the page reaches it or the next one.
    let step = app.state::<Workspace>().life().want(entrance);
    app.state::<Desktop>().milestone("main_wanted", &[]);
    if let Some(page) = page {
        app.state::<Desktop>().navigate(page);
    }
    match step {
        Step::Make => make(app),
        Step::Enter => enter(app, entrance),
        Step::Wait => {}
    }
}

/// Opens it, at a page if one is named, for somebody who waits until it is seen; returns whether it is. Not to be called on the
/// main thread.
#[cfg(unix)]
pub fn open_now(app: &AppHandle, page: Option<Route>) -> bool {
    open(app, Entrance::Asked, page);
    let workspace = app.state::<Workspace>();
    let starting = |life: &mut Life| life.stage != Stage::There;
    let stands = match workspace.stands.wait_timeout_while(workspace.life(), windows::PATIENCE, starting) {
        Ok((_life, waited)) => !waited.timed_out(),
        Err(_) => false,
    };
    stands && windows::are_through(app)
}

/// Makes it, unseen, while a call goes on that may open it. The caller does not wait.
pub async fn prepare(app: &AppHandle) {
    if is_call_on(app).await && app.state::<Workspace>().life().prepare() {
        make(app);
    }
}

fn make(app: &AppHandle) {
    in_its_place(app, |app| {
        if let Err(error) = windows::make_main(app) {
            tracing::error!(%error, "the workspace could not be made");
            app.state::<Workspace>().life().gone();
        }
    });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PAGE).await;
        stand(&app);
    });
}

/// The window's page stands: it comes into view.
pub fn stand(app: &AppHandle) {
    let workspace = app.state::<Workspace>();
    let standing = workspace.life().stand();
    match standing {
        Some(Standing::Seen(entrance)) => {
            enter(app, entrance);
            workspace.stands.notify_all();
        }
        Some(Standing::Unseen(turn)) => rest(app, turn),
        None => {}
    }
}

/// One that was on the screen is raised without the focus; to one that was minimised, window managers may give it.
fn enter(app: &AppHandle, entrance: Entrance) {
    popup::look_soon(app);
    on_main_thread(app, move |app| {
        let Some(main) = app.get_webview_window(MAIN) else { return };
        let _ = main.unminimize();
        if entrance == Entrance::Asked {
            let _ = main.set_focusable(true);
            let _ = main.show();
            windows::focus_soon(app, MAIN);
            return;
        }
        if !main.is_visible().unwrap_or(false) {
            // Window managers give the focus to a window that appears, unless it takes none.
            let _ = main.set_focusable(false);
            let _ = main.show();
            #[cfg(not(target_os = "linux"))]
            focusable_soon(app);
        }
        // Most window managers raise a window that becomes topmost without giving it the focus.
        let _ = main.set_always_on_top(true);
        let _ = main.set_always_on_top(false);
    });
}

/// A window that has appeared takes the focus where it is given from then on.
#[cfg(not(target_os = "linux"))]
fn focusable_soon(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(APPEARING).await;
        on_main_thread(&app, |app| {
            if let Some(main) = app.get_webview_window(MAIN) {
                let _ = main.set_focusable(true);
            }
        });
    });
}

/// There is no other way to the program: one that is out of sight comes into view.
#[cfg(target_os = "linux")]
pub fn surface(app: &AppHandle) {
    on_main_thread(app, |app| {
        let main = app.get_webview_window(MAIN);
        if !main.is_some_and(|main| main.is_visible().unwrap_or(false)) {
            open(app, Entrance::ByItself, None);
        }
    });
}

/// The agent closed the window: it is hidden, and given back if nobody wants it for a while.
pub fn hide(app: &AppHandle) {
    if let Some(main) = app.get_webview_window(MAIN) {
        let _ = main.hide();
    }
    popup::look_soon(app);
    let turn = app.state::<Workspace>().life().hide();
    rest(app, turn);
}

/// Unseen from now on, it is asked to go after a while.
fn rest(app: &AppHandle, turn: u32) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(app.state::<Workspace>().rest).await;
            if !app.state::<Workspace>().life().rests(turn) {
                return;
            }
            if is_call_on(&app).await {
                continue;
            }
            if let Err(error) = RestAsked(turn).emit_to(&app, MAIN) {
                tracing::warn!(%error, "the workspace could not be asked");
            }
        }
    });
}

/// The page has kept what was typed, and comes back to these pages, the last of them on the screen.
pub async fn give_back(app: &AppHandle, turn: u32, pages: Vec<Route>) {
    if is_call_on(app).await || !app.state::<Workspace>().life().go(turn) {
        return;
    }
    app.state::<Desktop>().come_back_to(pages);
    let engine = app.state::<Engine>().inner().clone();
    engine.looking_at(None).await;
    notices::look(app, false);
    let gone = app.get_webview_window(MAIN).is_some_and(|main| main.destroy().is_ok());
    if !gone {
        tracing::warn!("the workspace could not be given back");
        after(app);
    }
}

/// The window is gone.
pub fn after(app: &AppHandle) {
    app.state::<Desktop>().milestone("main_gone", &[]);
    let wanted = app.state::<Workspace>().life().gone();
    if let Some(entrance) = wanted {
        open(app, entrance, None);
    }
}

async fn is_call_on(app: &AppHandle) -> bool {
    let engine = app.state::<Engine>().inner().clone();
    engine.desk().await.calls.iter().any(|call| call.phase != PhaseView::Ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Entrance::{Asked, ByItself};

    fn there() -> Life {
        let mut life = Life::default();
        assert_eq!(life.want(Asked), Step::Make);
        assert_eq!(life.stand(), Some(Standing::Seen(Asked)));
        life
    }

    #[test]
    fn it_is_made_once_and_comes_into_view_once() {
        let mut life = Life::default();
        assert!(!life.opened);
        assert_eq!(life.want(ByItself), Step::Make);
        assert_eq!(life.want(Asked), Step::Wait, "it is on its way already");
        assert_eq!(life.want(ByItself), Step::Wait);
        assert_eq!(life.stand(), Some(Standing::Seen(Asked)), "who asked gets the focus");
        assert_eq!(life.stand(), None, "the page and the patience both say so");
        assert_eq!(life.want(ByItself), Step::Enter);
    }

    #[test]
    fn s03_made_for_a_call_it_stays_unseen_until_it_is_wanted_and_rests_else() {
        let mut life = Life::default();
        assert!(life.prepare() && !life.prepare(), "once");
        assert!(!life.opened, "nobody wanted it");
        let Some(Standing::Unseen(turn)) = life.stand() else {
            panic!("unseen")
        };
        assert!(!life.prepare() && life.rests(turn));
        assert_eq!(life.want(ByItself), Step::Enter);
        assert!(!life.go(turn), "it came into view");

        let mut life = Life::default();
        assert!(life.prepare());
        assert_eq!(life.want(ByItself), Step::Wait, "wanted while its page starts");
        assert_eq!(life.stand(), Some(Standing::Seen(ByItself)));

        let mut life = Life::default();
        assert!(life.prepare());
        let Some(Standing::Unseen(turn)) = life.stand() else {
            panic!("unseen")
        };
        assert!(life.go(turn) && !life.prepare(), "it is going");
        assert_eq!(life.gone(), None);
        assert!(life.prepare(), "the next call makes it anew");
    }

    #[test]
    fn it_goes_only_in_the_rest_that_it_was_asked_in() {
        let mut life = there();
        let first = life.hide();
        assert!(life.rests(first));
        assert_eq!(life.want(Asked), Step::Enter);
        assert!(!life.go(first), "it was shown again");
        let second = life.hide();
        assert!(!life.go(first) && life.go(second));
        assert!(!life.go(second), "once");
    }

    #[test]
    fn it_does_not_go_while_its_page_starts() {
        let mut life = Life::default();
        life.want(Asked);
        let turn = life.hide();
        assert!(!life.go(turn));
    }

    #[test]
    fn wanted_while_it_goes_it_is_made_again() {
        let mut life = there();
        let turn = life.hide();
        assert!(life.go(turn));
        assert_eq!((life.want(Asked), life.want(ByItself)), (Step::Wait, Step::Wait));
        assert_eq!(life.gone(), Some(Asked));
        assert_eq!(life.want(Asked), Step::Make);
    }

    #[test]
    fn gone_for_another_reason_it_is_made_when_it_is_wanted() {
        let mut life = there();
        assert_eq!(life.gone(), None);
        assert_eq!(life.want(ByItself), Step::Make);
    }
}
