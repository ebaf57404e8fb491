//! What the PBX tells, as it comes.

use crate::controller::Controller;
use crate::shell::Mark;
use calls::{CallEventKind, Input, PbxEvent};

/// How many events of the PBX are taken in at most before the windows are told.
const BURST: usize = 64;

impl Controller {
    /// Events that come together are shown together: a phone that was busy must not flash a popup.
    pub(crate) fn on_pbx_burst(&mut self, first: PbxEvent) {
        self.on_pbx(first);
        for _ in 0..BURST {
            let Some(event) = self.pbx.waiting() else {
                return;
            };
            self.on_pbx(event);
        }
    }

    fn on_pbx(&mut self, event: PbxEvent) {
        match event {
            PbxEvent::Call(event) => {
                let heard = event.leg.clone();
                let leg = self.desk.call_of(&heard).map_or_else(|| heard.clone(), |call| call.leg.clone());
                self.watch.confirm(&leg);
                self.orders.told(&leg);
                if matches!(event.kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. }) {
                    self.turns.attend(&leg);
                }
                let answered = matches!(event.kind, CallEventKind::Answered).then(|| leg.clone());
                let mark = match &event.kind {
                    CallEventKind::Offered { .. } | CallEventKind::Dialing { .. } => Some(Mark::Offered { leg }),
                    CallEventKind::Answered => Some(Mark::Answered { leg }),
                    CallEventKind::Ended { .. } => Some(Mark::Ended { leg }),
                    CallEventKind::AgentAnswered
                    | CallEventKind::Held
                    | CallEventKind::Resumed
                    | CallEventKind::Identified { .. }
                    | CallEventKind::PartyChanged { .. }
                    | CallEventKind::Transferred { .. }
                    | CallEventKind::Recording { .. }
                    | CallEventKind::Shared { .. }
                    | CallEventKind::TakenElsewhere => None,
                };
                if let Some(mark) = mark {
                    self.shell.mark(mark);
                }
                // Only an agent's action can be refused.
                let _ = self.feed(Input::Pbx { event });
                if let Some(leg) = answered.map(|_| heard) {
                    let call = self.desk.call_of(&leg).map(|call| call.leg.clone());
                    self.look_closer(call.unwrap_or(leg));
                }
            }
            PbxEvent::Resync { live, unseen_since, .. } => self.resync(live, unseen_since),
            PbxEvent::Phone { online } => {
                self.pbx.set_phone_online(online);
                self.windows.stale();
            }
            PbxEvent::Link { state } => self.on_link(&state),
        }
    }
}
