//! The engine's [`Shell`] on a real desktop: what is new becomes events, which carry numbers only, and what it is
//! stands ready for the window whose it is; milestones become lines of the timeline.

use crate::commands::{DeskChanged, Navigate};
use crate::timeline::Timeline;
use crate::{tray, windows, workspace};
use engine::view::{
    CallCaseView, CallView, CallerView, DeskView, DirectionView, DraftView, FoundUser, NumberKindView, Route, Stage, UserView,
};
use engine::{Mark, Shell};
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

/// What the popup is told: its own calls and nothing of the rest. While it has none, the made-up call is one.
#[must_use]
pub fn for_popup(view: &DeskView) -> DeskView {
    let sample = view.sample.as_ref().filter(|_| view.popup.is_empty());
    let calls = view.calls.iter().filter(|call| view.popup.contains(&call.id)).chain(sample);
    let popup = view.popup.iter().chain(sample.map(|call| &call.id));
    DeskView {
        calls: calls.cloned().collect(),
        popup: popup.cloned().collect(),
        sample: None,
        outbox: Vec::new(),
        ..view.clone()
    }
}

/// What the dial window is told: which outside numbers there were lately and whose they are.
#[must_use]
pub fn for_dial(view: &DeskView) -> DeskView {
    let outside = |call: &&CallView| call.number.kind == NumberKindView::External && call.direction != DirectionView::Internal;
    DeskView {
        calls: view.calls.iter().filter(outside).map(without_case).collect(),
        popup: Vec::new(),
        sample: None,
        outbox: Vec::new(),
        fields: Vec::new(),
        ..view.clone()
    }
}

/// Who it is, and nothing that was noted of them.
#[must_use]
pub fn name_only(user: &UserView) -> UserView {
    UserView {
        position: None,
        note: None,
        fields: Vec::new(),
        ..user.clone()
    }
}

/// Who was found, and not in which text.
#[must_use]
pub fn person_only(found: &FoundUser) -> FoundUser {
    FoundUser {
        user: name_only(&found.user),
        matched_in: String::new(),
        matched_text: String::new(),
    }
}

fn without_case(call: &CallView) -> CallView {
    let caller = match &call.caller {
        CallerView::Known {
            user,
            matched,
            stale_since,
            ..
        } => CallerView::Known {
            user: name_only(user),
            matched: *matched,
            stale_since: *stale_since,
            last_case: None,
        },
        CallerView::Several { users, stale_since } => CallerView::Several {
            users: users.iter().map(name_only).collect(),
            stale_since: *stale_since,
        },
        other => other.clone(),
    };
    CallView {
        caller,
        among: None,
        case: CallCaseView::None,
        draft: DraftView::default(),
        outcome: None,
        called_from: None,
        ..call.clone()
    }
}

impl Shell for Desktop {
    fn publish(&self, view: &DeskView) {
        // The popup first: it is what the agent waits for.
        let popup = for_popup(view);
        let wanted = !popup.popup.is_empty();
        *self.popup.lock().unwrap_or_else(PoisonError::into_inner) = Popup::of(popup);
        let told = DeskChanged(view.revision).emit_to(&self.app, windows::POPUP);
        windows::show_popup(&self.app, wanted);
        if let Err(error) = told {
            tracing::warn!(%error, "the popup could not be told of a change");
        }
        self.tell_workspace(view.revision);
        tray::show_state(&self.app, view);
        // A program that is not set up can do nothing in the tray.
        if view.stage == Stage::SetUp && self.app.state::<workspace::Workspace>().is_unopened() {
            workspace::open(&self.app, workspace::Entrance::ByItself, None);
        }
    }

    fn open(&self, route: Route) {
        workspace::open(&self.app, workspace::Entrance::ByItself, Some(route));
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
    use engine::view::{CaseRow, CaseStatusView, HandsetView, MatchView, NumberView, OutboxRow, OutboxStateView, PhaseView, RecordingView};

    fn call(id: &str, kind: NumberKindView) -> CallView {
        let user = UserView {
            id: "501".into(),
            name: "Иванов Иван".into(),
            email: None,
            phones: Vec::new(),
            company: None,
            position: None,
            note: Some("Просит не звонить утром".into()),
            blocked: false,
            fields: Vec::new(),
            linked_unread: false,
        };
        CallView {
            id: id.into(),
            direction: DirectionView::Inbound,
            phase: PhaseView::Ringing,
            disposition: None,
            number: NumberView {
                kind,
                pretty: String::new(),
                e164: None,
                dial: None,
                extension: None,
            },
            pbx_name: None,
            line: None,
            offered_at: 0.0,
            answered_at: None,
            ended_at: None,
            caller: CallerView::Known {
                user,
                matched: MatchView::Exact,
                stale_since: None,
                last_case: Some(CaseRow {
                    id: "77".into(),
                    number: "482-113907".into(),
                    subject: "Договор".into(),
                    status: CaseStatusView::Open,
                    handset: HandsetView::None,
                    staff: None,
                    updated_at: None,
                    is_call: false,
                }),
            },
            case: CallCaseView::Sending {
                subject: "Счёт".into()
            },
            draft: DraftView {
                gist: "Не пришёл счёт".into(),
                ..DraftView::default()
            },
            recording: RecordingView::None,
            transferred_to: None,
            transferred_from: None,
            outcome: None,
            unseen: None,
            among: None,
            talk_at_least: false,
            ordered: false,
            called_from: Some("482".into()),
            trouble: None,
            case_gone: false,
            rings_also_at: Vec::new(),
            elsewhere: false,
        }
    }

    fn desk(popup: &[&str]) -> DeskView {
        DeskView {
            calls: vec![call("a", NumberKindView::External), call("b", NumberKindView::Extension)],
            popup: popup.iter().map(|id| (*id).to_owned()).collect(),
            sample: Some(call("sample", NumberKindView::External)),
            outbox: vec![OutboxRow {
                id: "1".into(),
                call: "a".into(),
                what: "case".into(),
                state: OutboxStateView::Queued,
                attempts: 0,
                retry_at: None,
                trouble: None,
                code: None,
                recording: None,
                can_give_up: false,
                created_at: 0.0,
            }],
            ..DeskView::default()
        }
    }

    fn ids(view: &DeskView) -> Vec<&str> {
        view.calls.iter().map(|call| call.id.as_str()).collect()
    }

    #[test]
    fn the_popup_is_told_of_its_own_calls_only() {
        let told = for_popup(&desk(&["b"]));
        assert_eq!((ids(&told), told.popup.as_slice()), (vec!["b"], &["b".to_owned()][..]));
        assert_eq!((told.outbox, told.sample), (Vec::new(), None));
    }

    #[test]
    fn s02_the_made_up_call_is_the_popups_while_it_has_no_other() {
        let told = for_popup(&desk(&[]));
        assert_eq!((ids(&told), told.popup.as_slice()), (vec!["sample"], &["sample".to_owned()][..]));
    }

    #[test]
    fn what_the_popup_gets_is_as_of_the_moment_it_asks() {
        let then = DeskView {
            now: 1_000.0,
            ..desk(&["a"])
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

    #[test]
    fn who_is_found_for_the_dial_window_comes_without_what_is_noted_of_them() {
        let CallerView::Known { user, .. } = call("a", NumberKindView::External).caller else {
            panic!("known")
        };
        let found = person_only(&FoundUser {
            user,
            matched_in: "note".into(),
            matched_text: "Просит не звонить утром".into(),
        });
        assert_eq!(found.user.name, "Иванов Иван");
        assert_eq!(
            (found.user.note, found.matched_in, found.matched_text),
            (None, String::new(), String::new())
        );
    }

    #[test]
    fn the_dial_window_is_told_who_was_talked_to_and_not_about_what() {
        let told = for_dial(&desk(&["a"]));
        assert_eq!(ids(&told), ["a"]);
        let text = serde_json::to_string(&told).unwrap();
        assert!(text.contains("Иванов Иван"), "{text}");
        for kept in [
            "Счёт",
            "Не пришёл счёт",
            "Договор",
            "Просит не звонить",
            "482",
            "sample\":{",
            "queued",
        ] {
            assert!(!text.contains(kept), "{kept} in {text}");
        }
    }
}
