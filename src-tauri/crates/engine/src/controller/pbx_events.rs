//! What the PBX tells, as it comes.

use crate::controller::Controller;
use crate::shell::Mark;
use crate::time::now;
use calls::{CallEvent, CallEventKind, Input, LegId, PbxEvent};
use pbx::Told;
use std::time::Instant;

/// How many events of the PBX are taken in at most before the windows are told: what comes during one wait for a slow disk.
const BURST: usize = 256;

impl Controller {
    /// Events that come together are shown together: a phone that was busy must not flash a popup.
    pub(crate) fn on_pbx_burst(&mut self, first: Told) {
        let more = (0..BURST).map_while(|_| self.pbx.waiting());
        let events = std::iter::once(first).chain(more).collect();
        self.take_together(events);
    }

    pub(crate) fn take_together(&mut self, events: Vec<Told>) {
        let mut calls = Vec::new();
        for Told { came, event } in events {
            match event {
                PbxEvent::Call(event) => calls.push((came, event)),
                other => {
                    self.hear(std::mem::take(&mut calls));
                    self.on_pbx(other);
                }
            }
        }
        self.hear(calls);
    }

    /// What the PBX tells of calls.
    fn hear(&mut self, events: Vec<(Instant, CallEvent)>) {
        if events.is_empty() {
            return;
        }
        let answered = |(_, event): &(Instant, CallEvent)| matches!(event.kind, CallEventKind::Answered).then(|| event.leg.clone());
        let answered: Vec<LegId> = events.iter().filter_map(answered).collect();
        let begun = |(came, event): &(Instant, CallEvent)| begins(&event.kind).then(|| (event.leg.clone(), *came));
        let begun: Vec<(LegId, Instant)> = events.iter().filter_map(begun).collect();
        // Only an agent's action can be refused.
        let _ = self.handle_together(|controller, batch| {
            for (_, event) in events {
                controller.note_sign(&event);
                controller.handle(batch, Input::Pbx { event });
            }
        });
        // First what the agent waits for.
        self.refresh_popup(now());
        self.publish();
        self.await_frames(begun);
        for leg in answered {
            let call = self.desk.call_of(&leg).map(|call| call.leg.clone());
            self.look_closer(call.unwrap_or(leg));
        }
    }

    /// The popup is to paint these calls, as far as they are in it at once: one that a pause keeps back is not late.
    fn await_frames(&mut self, begun: Vec<(LegId, Instant)>) {
        for (leg, came) in begun {
            let leg = self.desk.call_of(&leg).map_or(leg, |call| call.leg.clone());
            if self.popup.shown().any(|shown| *shown == leg) {
                self.latency.shown(leg, came);
            }
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
        if begins(&event.kind) {
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

/// A call begins.
fn begins(kind: &CallEventKind) -> bool {
    matches!(kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. })
}
