//! The engine's [`Shell`] on a real desktop: views become events, milestones lines of the timeline.

use crate::commands::{DeskChanged, Navigate, PopupChanged};
use crate::timeline::Timeline;
use crate::{tray, windows};
use engine::view::{CallCaseView, CallView, CallerView, DeskView, DirectionView, DraftView, NumberKindView, Route, UserView};
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
        if listening && let Err(error) = Navigate(page).emit_to(&self.app, windows::MAIN) {
            tracing::warn!(%error, "a page could not be opened");
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

fn without_case(call: &CallView) -> CallView {
    let name_only = |user: &UserView| UserView {
        position: None,
        note: None,
        fields: Vec::new(),
        ..user.clone()
    };
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
        let told = PopupChanged(popup).emit_to(&self.app, windows::POPUP);
        windows::show_popup(&self.app, wanted);
        if let Err(error) = told {
            tracing::warn!(%error, "the popup could not be told of a change");
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
