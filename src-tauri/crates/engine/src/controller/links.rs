//! The two links: connecting, and what their state means for everything that waits.

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::links::office;
use crate::links::pbx::Turned;
use crate::settings::office_ca;
use crate::settings::secret::Secrets;
use crate::shell::Mark;
use crate::time::now;
use crate::view::{CommandError, LinkStateView, Stage, TroubleView};
use calls::{Caller, LegId, LinkState};
use omnidesk::{Priority, Purpose};
use std::time::Duration;
use tokio::time::timeout;

/// How long the account waits for what the office has published in it.
const OFFICE_PATIENCE: Duration = Duration::from_secs(5);

impl Controller {
    /// The PBX and Omnidesk with these secrets, as far as they are set. What was connected before is let go first.
    pub(crate) async fn connect_with(&mut self, secrets: Secrets) {
        self.leave_pbx().await;
        self.secrets = secrets;
        self.desk.set_policy(self.policy());
        let complete = self.connect_pbx() & self.connect_omnidesk();
        self.windows.set_stage(if complete { Stage::Ready } else { Stage::SetUp });
        self.ask_for_callers();
        self.windows.stale();
    }

    /// Lets the PBX go, and with it what was said over its line.
    pub(crate) async fn leave_pbx(&mut self) {
        if let Some(heard) = self.pbx.heard_at() {
            self.watch.hear(heard);
        }
        self.turns.disconnect();
        self.tasks.leave_companions();
        self.outbox.close_all();
        if let Some(line) = self.pbx.let_go() {
            line.shutdown().await;
        }
    }

    pub(crate) fn ask_for_callers(&mut self) {
        // Nobody asks for callers whose look-up an earlier end of the program cut off.
        let unasked = |call: &&calls::Call| call.is_live() && matches!(call.caller, Caller::LookingUp | Caller::Unavailable);
        let legs: Vec<LegId> = self.desk.calls().filter(unasked).map(|call| call.leg.clone()).collect();
        legs.into_iter().for_each(|leg| self.people.ask_again(leg, now()));
    }

    pub(crate) fn connect_pbx(&mut self) -> bool {
        match self.settings.pbx(&self.secrets) {
            Ok(prepared) => {
                let point = self.kept_point();
                self.pbx.begin(prepared, point.as_deref(), now());
                true
            }
            Err(error) => {
                let waits = waits_for_a_person(&error);
                self.pbx.without(waits, now());
                waits.is_some()
            }
        }
    }

    pub(crate) fn connect_omnidesk(&mut self) -> bool {
        self.index.disconnected();
        self.tasks.leave_account();
        let client = self.settings.omnidesk(&self.secrets).ok();
        let is_set_up = client.is_some();
        self.omnidesk.connect(client, now());
        is_set_up
    }

    pub(crate) fn on_link(&mut self, state: &LinkState) {
        self.course.link(state);
        let turned = self.pbx.turn(state, now());
        if turned == Turned::Up {
            self.shell.mark(Mark::PbxUp);
            self.say_again();
        }
        if turned == Turned::Down {
            self.turns.listens(false);
        }
        self.windows.stale();
    }

    /// Omnidesk answered something.
    pub(crate) fn omnidesk_answers(&mut self) {
        if self.omnidesk.answers(now()) {
            self.shell.mark(Mark::OmnideskUp);
            tracing::info!("Omnidesk: connected");
            self.outbox.hurry(now());
            self.windows.stale();
        }
    }

    /// Omnidesk did not answer, or will not let us in.
    pub(crate) fn omnidesk_fails(&mut self, error: &omnidesk::Error) {
        let was_down = self.omnidesk.view().state == LinkStateView::Down;
        let changed = self.omnidesk.fails(error, now(), fastrand::f64());
        if changed && !was_down {
            tracing::info!(trouble = ?self.omnidesk.view().trouble, %error, "Omnidesk: no connection");
        }
        self.windows.stale_if(changed);
    }

    pub(crate) fn read_catalog(&mut self) {
        let Some(client) = self.omnidesk.client_for(Priority::Interactive, Purpose::Account) else {
            return;
        };
        let (settings, source) = (self.settings.clone(), self.office_beside_account());
        self.tasks.begin(Work::ReadAccount, async move {
            let catalog = Catalog::read(&client, &settings).await;
            let office = match &catalog {
                // The account need not wait for long for what is read again anyway.
                Ok(_) => timeout(OFFICE_PATIENCE, office::read(&source, Some(&client.with_purpose(Purpose::Office))))
                    .await
                    .ok()
                    .flatten(),
                Err(_) => None,
            };
            News::Account(Box::new(catalog), office)
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
