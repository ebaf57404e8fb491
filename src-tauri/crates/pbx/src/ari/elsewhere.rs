//! Calls that ended here without an answer, and whether somebody else took them.
//!
//! A queue or a hunt group passes a caller from phone to phone. To the first phone's leg that looks
//! like a missed call; but the caller's channel, with which the conversation began, lives on, and
//! when it later shares a bridge with somebody the caller was not missed at all. The bridges of the
//! whole PBX arrive anyway, also on the lean stream.
//!
//! Nothing but ids is needed for that, so it works whatever was forgotten of channels meanwhile.

use super::channels::{Whose, endpoint, whose};
use super::exchange::Output;
use super::leg::{Leg, Role};
use super::translate::Translator;
use super::wire::Bridge;
use calls::{CallEvent, CallEventKind, Disposition, LegId, Moment, PbxEvent};
use std::collections::VecDeque;

const MOST_UNANSWERED: usize = 32;
const LONGEST_WAIT_MS: i64 = 30 * 60 * 1000;
/// Channels that speak or listen in a bridge without being anybody; the last three carry sound to and from a program (external media).
pub(super) const MACHINES: [&str; 8] = [
    "Announcer",
    "CBAnn",
    "CBRec",
    "Recorder",
    "Snoop",
    "AudioSocket",
    "UnicastRTP",
    "WebSocket",
];

/// A leg that ended without an answer.
#[derive(Debug)]
struct Unanswered {
    leg: String,
    /// The caller's channel.
    first: Option<String>,
    ended: Moment,
}

/// The last legs that ended without an answer.
#[derive(Debug, Default)]
pub struct Elsewhere(VecDeque<Unanswered>);

impl Elsewhere {
    /// Takes what was just reported of a leg.
    pub fn hear(&mut self, leg: &Leg, news: &[(Moment, CallEventKind)]) {
        for (at, kind) in news {
            match kind {
                CallEventKind::Ended { disposition, .. } if awaits(leg, *disposition) => {
                    if self.0.len() == MOST_UNANSWERED {
                        self.0.pop_front();
                    }
                    self.0.push_back(Unanswered {
                        leg: leg.id.clone(),
                        first: leg.conversation.as_ref().map(|id| id.0.clone()),
                        ended: *at,
                    });
                }
                // The PBX's answer may come after the end.
                CallEventKind::Identified { conversation } => {
                    if let Some(waiting) = self.0.iter_mut().find(|waiting| waiting.leg == leg.id) {
                        waiting.first = Some(conversation.0.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// These channels talk: the legs, no longer waited for, whose caller is among them.
    fn talk(&mut self, members: &[String], at: Moment) -> Vec<String> {
        self.0.retain(|waiting| at.since(waiting.ended) <= LONGEST_WAIT_MS);
        let is_among = |waiting: &Unanswered| waiting.first.as_ref().is_some_and(|first| members.contains(first));
        let taken = self
            .0
            .iter()
            .filter(|waiting| is_among(waiting))
            .map(|waiting| waiting.leg.clone())
            .collect();
        self.0.retain(|waiting| !is_among(waiting));
        taken
    }

    /// Forgets everything: the PBX restarted.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Whether somebody else may still take it. What a colleague took is told as that already.
fn awaits(leg: &Leg, disposition: Disposition) -> bool {
    let unanswered = match disposition {
        Disposition::Missed | Disposition::Declined | Disposition::Busy | Disposition::Cancelled | Disposition::Failed => true,
        Disposition::Answered | Disposition::AnsweredElsewhere => false,
    };
    unanswered && matches!(leg.role, Role::Incoming | Role::Unknown)
}

impl Translator {
    /// A bridge has these members now: whose callers talk to somebody who is not this agent?
    pub(super) fn taken_elsewhere(&mut self, bridge: &Bridge, at: Moment, out: &mut Output) {
        let members = &bridge.members;
        let people = members.iter().filter(|id| !self.is_machine(id)).count();
        if bridge.holding || people < 2 || members.iter().any(|id| self.leads_here(id)) {
            return;
        }
        for leg in self.elsewhere.talk(members, at) {
            let (leg, kind) = (LegId::new(leg), CallEventKind::TakenElsewhere);
            out.events.push(PbxEvent::Call(CallEvent { leg, at, kind }));
        }
    }

    fn is_machine(&self, id: &str) -> bool {
        let technology = self.channels.get(id).and_then(|known| known.channel.name.split('/').next());
        technology.is_some_and(|technology| MACHINES.contains(&technology))
    }

    /// Whether a channel is this agent's phone, or the plumbing that a queue or group rings it by:
    /// `Local/101@…`, `Local/RG-600-101@…`.
    fn leads_here(&self, id: &str) -> bool {
        let own = self.agent.extension.as_str();
        let named = self.channels.get(id).is_some_and(|known| {
            let name = &known.channel.name;
            let dialled = endpoint(name).split('@').next().and_then(|dialled| dialled.rsplit('-').next());
            self.agent.owns(&known.channel) || (whose(name, self.agent.region) == Whose::Local && dialled == Some(own))
        });
        named || self.is_own(id)
    }
}
