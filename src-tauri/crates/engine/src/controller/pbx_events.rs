//! What the PBX tells, as it comes.

use crate::controller::Controller;
use crate::shell::Mark;
use crate::time::now;
use calls::{CallEvent, CallEventKind, Input, LegId, PbxEvent};

/// How many events of the PBX are taken in at most before the windows are told: what comes during one wait for a slow disk.
const BURST: usize = 256;

impl Controller {
    /// Events that come together are shown together: a phone that was busy must not flash a popup.
    pub(crate) fn on_pbx_burst(&mut self, first: PbxEvent) {
        let more = (0..BURST).map_while(|_| self.pbx.waiting());
        let events = std::iter::once(first).chain(more).collect();
        self.take_together(events);
    }

    pub(crate) fn take_together(&mut self, events: Vec<PbxEvent>) {
        let mut calls = Vec::new();
        for event in events {
            match event {
                PbxEvent::Call(event) => calls.push(event),
                other => {
                    self.hear(std::mem::take(&mut calls));
                    self.on_pbx(other);
                }
            }
        }
        self.hear(calls);
    }

    /// What the PBX tells of calls.
    fn hear(&mut self, events: Vec<CallEvent>) {
        if events.is_empty() {
            return;
        }
        let answered = |event: &CallEvent| matches!(event.kind, CallEventKind::Answered).then(|| event.leg.clone());
        let answered: Vec<LegId> = events.iter().filter_map(answered).collect();
        // Only an agent's action can be refused.
        let _ = self.handle_together(|controller, batch| {
            for event in events {
                controller.note_sign(&event);
                controller.handle(batch, Input::Pbx { event });
            }
        });
        // First what the agent waits for.
        self.refresh_popup(now());
        self.publish();
        for leg in answered {
            let call = self.desk.call_of(&leg).map(|call| call.leg.clone());
            self.look_closer(call.unwrap_or(leg));
        }
    }

    /// An event is a sign of the call it is about.
    fn note_sign(&mut self, event: &CallEvent) {
        let leg = self
            .desk
            .call_of(&event.leg)
            .map_or_else(|| event.leg.clone(), |call| call.leg.clone());
        self.watch.confirm(&leg);
        self.orders.told(&leg);
        if matches!(event.kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. }) {
            self.turns.attend(&leg);
        }
        let mark = match &event.kind {
            CallEventKind::Offered { .. } | CallEventKind::Dialing { .. } => Mark::Offered { leg },
            CallEventKind::Answered => Mark::Answered { leg },
            CallEventKind::Ended { .. } => Mark::Ended { leg },
            CallEventKind::AgentAnswered
            | CallEventKind::Held
            | CallEventKind::Resumed
            | CallEventKind::Identified { .. }
            | CallEventKind::PartyChanged { .. }
            | CallEventKind::Transferred { .. }
            | CallEventKind::Recording { .. }
            | CallEventKind::Shared { .. }
            | CallEventKind::TakenElsewhere => return,
        };
        self.shell.mark(mark);
    }

    fn on_pbx(&mut self, event: PbxEvent) {
        match event {
            // Heard together with others.
            PbxEvent::Call(_) => {}
            PbxEvent::Resync { live, unseen_since, .. } => self.resync(live, unseen_since),
            PbxEvent::Phone { online } => {
                self.pbx.set_phone_online(online);
                self.windows.stale();
            }
            PbxEvent::Link { state } => self.on_link(&state),
        }
    }
}
