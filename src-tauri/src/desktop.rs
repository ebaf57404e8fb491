//! The engine's [`Shell`] on a real desktop: views become events, milestones lines of the timeline.

use crate::commands::{DeskChanged, Navigate, PopupChanged};
use crate::timeline::Timeline;
use crate::{tray, windows};
use engine::view::{DeskView, Route};
use engine::{Mark, Shell};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tauri::AppHandle;
use tauri_specta::Event as _;

/// The windows and the tray, as the engine sees them.
#[derive(Clone)]
pub struct Desktop {
    app: AppHandle,
    timeline: Timeline,
    route: Arc<Mutex<Waiting>>,
    /// The newest revision that the workspace was not told of yet.
    untold: Arc<Mutex<Option<u32>>>,
}

/// The workspace is told of changes this often at most: a ringing phone changes the state several
/// times within a moment, and the popup comes first.
const WORKSPACE_PAUSE: Duration = Duration::from_millis(40);

/// A page asked for before the workspace could listen.
#[derive(Default)]
struct Waiting {
    listening: bool,
    route: Option<Route>,
}

impl Desktop {
    /// For this app.
    #[must_use]
    pub fn new(app: AppHandle, timeline: Timeline) -> Self {
        Self {
            app,
            timeline,
            route: Arc::default(),
            untold: Arc::default(),
        }
    }

    /// A milestone of the windows.
    pub fn milestone(&self, step: &str, details: &[(&str, &str)]) {
        self.timeline.mark(step, details);
    }

    /// The workspace listens now: a page asked for earlier is opened.
    pub fn main_listens(&self) {
        let waiting = {
            let mut route = self.route.lock().unwrap_or_else(PoisonError::into_inner);
            route.listening = true;
            route.route.take()
        };
        if let Some(route) = waiting {
            self.navigate(route);
        }
    }

    /// Opens a page of the workspace, now or as soon as it listens.
    pub fn navigate(&self, page: Route) {
        let listening = {
            let mut route = self.route.lock().unwrap_or_else(PoisonError::into_inner);
            if !route.listening {
                route.route = Some(page.clone());
            }
            route.listening
        };
        if listening && let Err(error) = Navigate(page).emit(&self.app) {
            tracing::warn!(%error, "a page could not be opened");
        }
    }
}

impl Desktop {
    /// Tells the workspace that there is a newer state, a moment later.
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
            if let Some(Err(error)) = newest.map(|revision| DeskChanged(revision).emit(&app)) {
                tracing::warn!(%error, "the workspace could not be told of a change");
            }
        });
    }
}

/// What the popup is told: its own calls and nothing of the rest.
#[must_use]
pub fn for_popup(view: &DeskView) -> DeskView {
    let calls = view.calls.iter().filter(|call| view.popup.contains(&call.id)).cloned().collect();
    DeskView {
        calls,
        outbox: Vec::new(),
        ..view.clone()
    }
}

impl Shell for Desktop {
    fn publish(&self, view: &DeskView) {
        // The popup first: it is what the agent waits for.
        let popup = PopupChanged(for_popup(view)).emit(&self.app);
        windows::show_popup(&self.app, !view.popup.is_empty());
        if popup.is_err() {
            tracing::warn!("the popup could not be told of a change");
        }
        self.tell_workspace(view.revision);
        tray::show_state(&self.app, view);
    }

    fn open(&self, route: Route) {
        self.navigate(route);
        windows::raise_main(&self.app);
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
