//! Labels that agents pick as a call's outcome: which there are, and when what was picked is sent.

use crate::account::texts;
use crate::controller::Controller;
use crate::settings::Settings;
use crate::settings::labels::usable;
use crate::time::now;
use crate::view::{CommandError, LabelsView, TroubleView};
use calls::{AgentAction, Call, Input, LegId, Moment};

/// After so long without another pick the agent is taken to be done, ms: picks together cost one request.
const PICKING: i64 = 5_000;

impl Controller {
    /// The agent's picks for a call as they are now.
    ///
    /// # Errors
    /// `refused` about `label` for one that is not offered; `gone`; `storage`.
    pub(crate) fn pick_labels(&mut self, leg: LegId, labels: Vec<String>) -> Result<(), CommandError> {
        let offered = usable(&self.settings.labels);
        let picked = self.desk.call(&leg).map(|call| call.handling.labels.as_slice()).unwrap_or_default();
        if labels.iter().any(|label| !offered.contains(label) && !picked.contains(label)) {
            return Err(CommandError {
                trouble: TroubleView::Refused,
                about: Some("label".into()),
            });
        }
        self.feed(Input::Agent {
            leg: leg.clone(),
            action: AgentAction::PickLabels { labels },
        })?;
        if self.desk.call(&leg).is_some_and(Call::has_unsent_labels) {
            self.late_labels.done(leg, now().plus_ms(PICKING));
        } else {
            self.late_labels.withdraw(&leg);
        }
        Ok(())
    }

    /// The agent is done with the call.
    pub(crate) fn done_picking(&mut self, leg: &LegId) {
        if self.desk.call(leg).is_some_and(Call::has_unsent_labels) {
            self.late_labels.done(leg.clone(), now());
        }
    }

    /// After a start: whoever picked is not at it any more.
    pub(crate) fn restore_labels(&mut self) {
        for call in self.desk.calls().filter(|call| call.has_unsent_labels()) {
            self.late_labels.done(call.leg.clone(), now());
        }
    }

    /// Owes what agents are done picking.
    pub(crate) fn send_labels(&mut self, at: Moment) {
        let due = self.late_labels.take_due(at, |_| false);
        if due.is_empty() {
            return;
        }
        // The disk may refuse: they stay unsent, and the next start sends them.
        let _ = self.handle_together(|controller, batch| {
            for leg in due {
                let action = AgentAction::SendLabels;
                controller.handle(batch, Input::Agent { leg, action });
            }
        });
    }

    pub(crate) fn labels_view(&self, fresh: bool) -> LabelsView {
        let own = [texts::LABEL_MISSED, texts::LABEL_CALLED_BACK, texts::LABEL_UNKNOWN];
        let mut all = self.omnidesk.catalog_or_none().labels.all();
        all.retain(|title| !own.contains(&title.as_str()));
        LabelsView {
            chosen: usable(&self.settings.labels),
            all: usable_titles(all),
            fresh,
            locked: self.layers.is_locked("labels"),
        }
    }

    /// # Errors
    /// `refused` about `locked` where the office has the last word; `storage`.
    pub(crate) fn keep_labels(&mut self, labels: Vec<String>) -> Result<LabelsView, CommandError> {
        let wished = Settings {
            labels,
            ..self.settings.clone()
        };
        self.adopt(self.layers.changed(&self.settings, &wished)?);
        self.windows.stale();
        if self.save_settings() {
            Ok(self.labels_view(true))
        } else {
            Err(TroubleView::Storage.into())
        }
    }
}

/// What an account calls its labels, each once, in the order of their letters.
fn usable_titles(mut titles: Vec<String>) -> Vec<String> {
    titles.sort_by_key(|title| title.to_lowercase());
    titles.dedup();
    titles
}
