//! The two links: connecting, and what their state means for everything that waits.

use crate::account::catalog::Catalog;
use crate::controller::tasks::{News, Work};
use crate::controller::{Controller, PBX_INBOX};
use crate::retry;
use crate::settings::office_ca;
use crate::settings::secret::Secrets;
use crate::shell::Mark;
use crate::time::{ms, now};
use crate::view::trouble;
use crate::view::{CommandError, LinkStateView, LinkView, Stage, TroubleView};
use calls::{Caller, LegId, LinkState};
use omnidesk::Priority;
use tokio::sync::mpsc;

/// Between attempts to reach Omnidesk while it does not answer, ms: first and longest.
const OMNIDESK_RETRY: (i64, i64) = (1_000, 60_000);
/// Before knocking again where we were refused for good, ms: an administrator may have mended it.
const KNOCK: i64 = 300_000;

impl Controller {
    /// The PBX and Omnidesk with these secrets, as far as they are set. What was connected before is let go first.
    pub(crate) async fn connect_with(&mut self, secrets: Secrets) {
        self.leave_pbx().await;
        self.secrets = secrets;
        self.desk.set_policy(self.policy());
        let complete = self.connect_pbx() & self.connect_omnidesk();
        self.stage = if complete { Stage::Ready } else { Stage::SetUp };
        self.ask_for_callers();
        self.shown_stale = true;
    }

    /// Lets the PBX go, and with it what was said over its line.
    pub(crate) async fn leave_pbx(&mut self) {
        if let Some(heard) = self.pbx.as_ref().and_then(|pbx| pbx.stats().heard_at) {
            self.heard_until = self.heard_until.max(heard);
        }
        self.pbx_events = None;
        self.turns.disconnect();
        self.tasks.leave_companions();
        self.outbox.close_all();
        if let Some(pbx) = self.pbx.take() {
            pbx.shutdown().await;
        }
    }

    pub(crate) fn ask_for_callers(&mut self) {
        // Nobody asks for callers whose look-up an earlier end of the program cut off.
        let unasked = |call: &&calls::Call| call.is_live() && matches!(call.caller, Caller::LookingUp | Caller::Unavailable);
        let legs: Vec<LegId> = self.desk.calls().filter(unasked).map(|call| call.leg.clone()).collect();
        self.lookup_again.extend(legs.into_iter().map(|leg| (leg, now())));
    }

    pub(crate) fn connect_pbx(&mut self) -> bool {
        let config = match self.settings.pbx(&self.secrets) {
            Ok(config) => config,
            Err(error) => {
                let waits = waits_for_a_person(&error);
                self.pbx_link = waits.map_or_else(LinkView::default, |trouble| LinkView {
                    state: LinkStateView::Down,
                    trouble: Some(trouble),
                    since: Some(ms(now())),
                    retry_at: None,
                });
                return waits.is_some();
            }
        };
        let (events, inbox) = mpsc::channel(PBX_INBOX);
        self.pbx_events = Some(inbox);
        self.pbx_link = LinkView {
            state: LinkStateView::Connecting,
            since: Some(ms(now())),
            ..LinkView::default()
        };
        self.pbx = Some(config.start(events, self.kept_point().as_deref()));
        true
    }

    pub(crate) fn connect_omnidesk(&mut self) -> bool {
        self.catalog = None;
        self.index.disconnected();
        self.generation = self.generation.wrapping_add(1);
        self.tasks.leave_account();
        self.access.send_replace(None);
        let Ok(client) = self.settings.omnidesk(&self.secrets) else {
            self.client = None;
            self.omnidesk_link = LinkView::default();
            return false;
        };
        self.client = Some(client);
        self.omnidesk_link = LinkView {
            state: LinkStateView::Connecting,
            since: Some(ms(now())),
            ..LinkView::default()
        };
        self.omnidesk_again = Some(now());
        true
    }

    pub(crate) fn on_link(&mut self, state: &LinkState) {
        let (shown, trouble, retry_at) = match state {
            LinkState::Connecting => (LinkStateView::Connecting, None, None),
            LinkState::Up => (LinkStateView::Up, None, None),
            LinkState::Down { trouble, retry_at } => (LinkStateView::Down, Some(trouble::of_link(trouble)), *retry_at),
        };
        if shown == LinkStateView::Up && self.pbx_link.state != LinkStateView::Up {
            self.shell.mark(Mark::PbxUp);
            self.say_again();
        }
        if shown != LinkStateView::Up {
            self.turns.listens(false);
        }
        let given_up = matches!(state, LinkState::Down { trouble, retry_at: None } if *trouble != calls::LinkTrouble::Replaced);
        self.pbx_again = given_up.then(|| now().plus_ms(KNOCK));
        // "Connecting" again and again does not restart the clock of an outage.
        let still_out = self.pbx_link.state == LinkStateView::Down && shown != LinkStateView::Up;
        let since = if shown == self.pbx_link.state || still_out {
            self.pbx_link.since
        } else {
            Some(ms(now()))
        };
        let kept = still_out && shown == LinkStateView::Connecting;
        self.pbx_link = LinkView {
            state: if kept { LinkStateView::Down } else { shown },
            trouble: if kept { self.pbx_link.trouble } else { trouble },
            since,
            retry_at: retry_at.map(ms),
        };
        self.shown_stale = true;
    }

    /// Omnidesk answered something.
    pub(crate) fn omnidesk_answers(&mut self) {
        self.omnidesk_failures = 0;
        // It answers although it refused us before: nothing can be written until the account is read.
        if self.catalog.is_none() && self.omnidesk_link.state != LinkStateView::Up {
            self.omnidesk_again = Some(now());
        }
        if self.omnidesk_link.state != LinkStateView::Up {
            self.omnidesk_link = LinkView {
                state: LinkStateView::Up,
                since: Some(ms(now())),
                ..LinkView::default()
            };
            self.shell.mark(Mark::OmnideskUp);
            self.outbox.hurry(now());
            self.shown_stale = true;
        }
    }

    /// Omnidesk did not answer, or will not let us in.
    pub(crate) fn omnidesk_fails(&mut self, error: &omnidesk::Error) {
        let lasting = matches!(error, omnidesk::Error::Unauthorized);
        if !(error.is_transient() || lasting) || matches!(error, omnidesk::Error::RateLimited { .. } | omnidesk::Error::QueueFull) {
            return;
        }
        self.omnidesk_failures += 1;
        let delay = retry::delay(OMNIDESK_RETRY, self.omnidesk_failures, fastrand::f64());
        let again = now().plus_ms(if lasting { KNOCK } else { delay });
        let was_down = self.omnidesk_link.state == LinkStateView::Down;
        self.omnidesk_link = LinkView {
            state: LinkStateView::Down,
            trouble: Some(trouble::of_omnidesk(error)),
            since: if was_down { self.omnidesk_link.since } else { Some(ms(now())) },
            retry_at: (!lasting).then(|| ms(again)),
        };
        self.omnidesk_again = Some(again);
        self.shown_stale = true;
    }

    pub(crate) fn read_catalog(&mut self) {
        let (Some(client), settings) = (self.client.clone(), self.settings.clone()) else {
            return;
        };
        self.tasks.begin(Work::ReadAccount, async move {
            let catalog = Catalog::read(&client.with_priority(Priority::Interactive), &settings).await;
            News::Account(Box::new(catalog))
        });
    }
}

/// What is set up, and must not be used as it is: the rest of the work goes on, and the link says what it waits for.
fn waits_for_a_person(error: &CommandError) -> Option<TroubleView> {
    if error.trouble == TroubleView::PlainHttp {
        return Some(error.trouble);
    }
    office_ca::is_about(error).then_some(TroubleView::Tls)
}
