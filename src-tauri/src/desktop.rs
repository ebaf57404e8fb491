//! The engine's [`Shell`] on a real desktop: what is new becomes events, which carry numbers only, and what it is
//! stands ready for the window whose it is; milestones become lines of the timeline.

use crate::commands::{DeskChanged, Navigate};
use crate::shown::{for_popup, popup_is_wanted};
use crate::timeline::Timeline;
use crate::{hotkeys, notices, popup, tray, windows, workspace};
use engine::view::{DeskView, Hotkey, NoticeKinds, PopupPlace, Route, Stage};
use engine::{Combination, Mark, Shell};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

/// The windows and the tray, as the engine sees them.
#[derive(Clone)]
pub struct Desktop {
    app: AppHandle,
    timeline: Timeline,
    pages: Arc<Mutex<Pages>>,
    popup: Arc<Mutex<Popup>>,
    /// The newest revision that the workspace was not told of yet.
    untold: Arc<Mutex<Option<u32>>>,
}

/// The workspace is told of changes this often at most: a ringing phone changes the state several
/// times within a moment, and the popup comes first.
const WORKSPACE_PAUSE: Duration = Duration::from_millis(40);

/// The pages that the workspace is to open and did not fetch yet, in order: it may be told of several before it asks,
/// and of some before it listens.
#[derive(Default)]
struct Pages {
    waiting: Vec<Route>,
    told: u32,
}

/// As many as the workspace can go back to; it may never ask.
const MOST_PAGES: usize = 50;

impl Pages {
    /// Returns how many there were since the start.
    fn add(&mut self, page: Route) -> u32 {
        if self.waiting.len() == MOST_PAGES {
            self.waiting.remove(0);
        }
        self.waiting.push(page);
        self.told = self.told.wrapping_add(1);
        self.told
    }

    /// These come before all that wait.
    fn begin_with(&mut self, pages: Vec<Route>) {
        self.waiting.splice(0..0, pages);
        self.waiting.drain(..self.waiting.len().saturating_sub(MOST_PAGES));
    }
}

/// What the popup gets when it asks. It stands ready: the popup does not wait for an engine that is busy with the call.
struct Popup {
    view: DeskView,
    since: Instant,
}

impl Popup {
    fn of(view: DeskView) -> Self {
        Self {
            view,
            since: Instant::now(),
        }
    }

    /// As of now: the window's timers count on from the view's moment.
    fn view(&self) -> DeskView {
        DeskView {
            now: self.view.now + self.since.elapsed().as_secs_f64() * 1e3,
            ..self.view.clone()
        }
    }
}

impl Desktop {
    /// For this app.
    #[must_use]
    pub fn new(app: AppHandle, timeline: Timeline) -> Self {
        Self {
            app,
            timeline,
            pages: Arc::default(),
            popup: Arc::new(Mutex::new(Popup::of(DeskView::default()))),
            untold: Arc::default(),
        }
    }

    /// A milestone of the windows.
    pub fn milestone(&self, step: &str, details: &[(&str, &str)]) {
        self.timeline.mark(step, details);
    }

    /// The state as the popup may see it.
    #[must_use]
    pub fn popup(&self) -> DeskView {
        self.popup.lock().unwrap_or_else(PoisonError::into_inner).view()
    }

    /// Whether what is personal is hidden.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.popup.lock().unwrap_or_else(PoisonError::into_inner).view.private
    }

    /// The pages that the workspace is to open now, each given once.
    #[must_use]
    pub fn pages_to_open(&self) -> Vec<Route> {
        std::mem::take(&mut self.pages.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }

    /// The workspace goes; the next one begins with these pages.
    pub fn come_back_to(&self, pages: Vec<Route>) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).begin_with(pages);
    }

    /// Opens a page of the workspace, now or as soon as it listens.
    pub fn navigate(&self, page: Route) {
        let told = self.pages.lock().unwrap_or_else(PoisonError::into_inner).add(page);
        if let Err(error) = Navigate(told).emit_to(&self.app, windows::MAIN) {
            tracing::warn!(%error, "the workspace could not be told of a page");
        }
    }
}

impl Desktop {
    /// Tells the workspace and the dial window that there is a newer state, a moment later.
    fn tell_workspace(&self, revision: u32) {
        let waiting = self
            .untold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(revision)
            .is_some();
        if waiting {
            return;
        }
        let (app, untold) = (self.app.clone(), self.untold.clone());
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(WORKSPACE_PAUSE).await;
            let newest = untold.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(changed) = newest.map(DeskChanged) else { return };
            for window in [windows::MAIN, windows::DIAL] {
                if let Err(error) = changed.emit_to(&app, window) {
                    tracing::warn!(%error, window, "a window could not be told of a change");
                }
            }
        });
    }
}

/// Whether nothing can be done in the tray, however the program was started: it is not set up, or the keychain is locked and
/// waits for its password. One that does not answer may only be late at a login.
fn needs_its_agent(stage: &Stage) -> bool {
    matches!(stage, Stage::SetUp | Stage::NoKeychain { locked: true })
}

impl Shell for Desktop {
    fn publish(&self, view: &DeskView) {
        // The popup first: it is what the agent waits for.
        let popup = for_popup(view);
        let wanted = popup_is_wanted(&popup);
        *self.popup.lock().unwrap_or_else(PoisonError::into_inner) = Popup::of(popup);
        let told = DeskChanged(view.revision).emit_to(&self.app, windows::POPUP);
        popup::show(&self.app, wanted);
        if let Err(error) = told {
            tracing::warn!(%error, "the popup could not be told of a change");
        }
        self.tell_workspace(view.revision);
        tray::show_state(&self.app, view);
        notices::show(&self.app, view);
        if needs_its_agent(&view.stage) && self.app.state::<workspace::Workspace>().is_unopened() {
            workspace::open(&self.app, workspace::Entrance::ByItself, None);
        }
    }

    fn open(&self, route: Route) {
        workspace::open(&self.app, workspace::Entrance::ByItself, Some(route));
    }

    fn place_popup(&self, place: &PopupPlace) {
        popup::stand(&self.app, place);
    }

    fn notify_of(&self, kinds: NoticeKinds) {
        notices::tell_of(&self.app, kinds);
    }

    fn hear_keys(&self, hotkeys: Vec<(Hotkey, Combination)>) {
        hotkeys::hear(&self.app, hotkeys);
    }

    fn mark(&self, mark: Mark) {
        match &mark {
            Mark::PbxUp => self.timeline.mark("pbx_up", &[]),
            Mark::OmnideskUp => self.timeline.mark("omnidesk_up", &[]),
            Mark::Offered { leg } => self.timeline.mark("offered", &[("call", leg.as_str())]),
            Mark::Answered { leg } => self.timeline.mark("answered", &[("call", leg.as_str())]),
            Mark::ProfileOpened { leg } => self.timeline.mark("profile_opened", &[("call", leg.as_str())]),
            Mark::Ended { leg } => self.timeline.mark("ended", &[("call", leg.as_str())]),
            Mark::CaseCreated { leg, number } => self.timeline.mark("case_created", &[("call", leg.as_str()), ("number", number)]),
            Mark::Status { leg, status } => self.timeline.mark("status", &[("call", leg.as_str()), ("status", status)]),
            Mark::RecordingAttached { leg } => self.timeline.mark("recording_attached", &[("call", leg.as_str())]),
            Mark::OutboxEmpty => self.timeline.mark("outbox_empty", &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d4_d6_a_start_that_shows_no_window_shows_it_where_only_the_agent_can_go_on() {
        for (stage, needs) in [
            (Stage::Starting, false),
            (Stage::SetUp, true),
            (Stage::NoKeychain { locked: true }, true),
            (Stage::NoKeychain { locked: false }, false),
            (Stage::Ready, false),
        ] {
            assert_eq!(needs_its_agent(&stage), needs, "{stage:?}");
        }
    }

    #[test]
    fn what_the_popup_gets_is_as_of_the_moment_it_asks() {
        let then = DeskView {
            now: 1_000.0,
            popup: vec!["a".into()],
            ..DeskView::default()
        };
        let popup = Popup {
            since: Instant::now().checked_sub(Duration::from_secs(60)).unwrap(),
            view: then.clone(),
        };
        let given = popup.view();
        assert!(given.now >= 61_000.0, "{}", given.now);
        assert_eq!(DeskView { now: then.now, ..given }, then);
    }

    #[test]
    fn pages_are_given_once_and_in_order_however_late_they_are_asked_for() {
        let profile = |user: usize| Route::Profile {
            user: user.to_string(),
            call: None,
        };
        let mut pages = Pages::default();
        assert_eq!((pages.add(profile(1)), pages.add(profile(2))), (1, 2));
        assert_eq!(std::mem::take(&mut pages.waiting), [profile(1), profile(2)]);
        assert_eq!(pages.add(Route::Calls), 3);
        assert_eq!(std::mem::take(&mut pages.waiting), [Route::Calls]);
        for user in 0..=MOST_PAGES {
            pages.add(profile(user));
        }
        assert_eq!(pages.waiting.len(), MOST_PAGES);
        assert_eq!(pages.waiting.last(), Some(&profile(MOST_PAGES)), "the last one wins");
    }

    #[test]
    fn a_workspace_that_comes_back_begins_where_it_was_and_goes_on_to_what_was_asked_for() {
        let mut pages = Pages::default();
        pages.add(Route::Outbox);
        pages.begin_with(vec![Route::Calls, Route::Settings]);
        assert_eq!(pages.waiting, [Route::Calls, Route::Settings, Route::Outbox]);
        pages.begin_with(vec![Route::Calls; MOST_PAGES]);
        assert_eq!((pages.waiting.len(), pages.waiting.last()), (MOST_PAGES, Some(&Route::Outbox)));
    }
}
