//! Calls that ended here without an answer, and whether somebody else took them.
//!
//! A queue or a hunt group passes a caller from phone to phone. To the first phone's leg that looks
//! like a missed call; but the caller's channel, with which the conversation began, lives on, and
//! when it later shares a bridge with somebody the caller was not missed at all. The bridges of the
//! whole PBX arrive anyway, also on the lean stream.
//!
//! Only that counts: somebody who was seen talking to the caller. What the PBX tells a phone with the end of its leg
//! («answered elsewhere», cause 26; «redirected», 23) is a hint at most: `Dial(…,c)` and `Queue(…,C)` say so to every
//! phone although nobody answered, and where a phone forwards to nobody may be. A phone that answers may only be asked
//! whether it takes the call (`Dial(…,U(confirm))`).

use super::bridges::Plumbing;
use super::exchange::Output;
use super::leg::{Leg, Role};
use super::translate::Translator;
use calls::{CallEvent, CallEventKind, ConversationId, Direction, Disposition, LegId, Moment, PbxEvent};
use std::collections::VecDeque;

const MOST_UNANSWERED: usize = 32;
const LONGEST_WAIT_MS: i64 = 30 * 60 * 1000;

/// A leg that ended without an answer.
#[derive(Debug)]
struct Unanswered {
    leg: LegId,
    /// The caller's channel.
    first: Option<String>,
    /// The channel that showed that a client calls.
    client: Option<String>,
    /// The caller's number, where the channel did not become known in time.
    number: String,
    /// A colleague called.
    internal: bool,
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
                        leg: leg.call.clone(),
                        number: leg.remote.raw.clone(),
                        internal: leg.direction == Direction::Internal,
                        client: leg.client.clone(),
                        first: leg.conversation.as_ref().map(|id| id.0.clone()),
                        ended: *at,
                    });
                }
                // The PBX's answer may come after the end.
                CallEventKind::Identified { conversation } => {
                    if let Some(waiting) = self.0.iter_mut().find(|waiting| waiting.leg == leg.call) {
                        waiting.first = Some(conversation.0.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// The legs whose caller, of those that `talks` knows, talks to somebody; they are waited for no longer.
    fn taken(&mut self, at: Moment, talks: impl Fn(&Unanswered) -> bool) -> Vec<LegId> {
        self.0.retain(|waiting| at.since(waiting.ended) <= LONGEST_WAIT_MS);
        let (taken, waiting): (VecDeque<_>, _) = std::mem::take(&mut self.0).into_iter().partition(&talks);
        self.0 = waiting;
        taken.into_iter().map(|taken| taken.leg).collect()
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
        Disposition::Answered | Disposition::AnsweredElsewhere | Disposition::Unknown => false,
    };
    unanswered && matches!(leg.role, Role::Incoming | Role::Unknown)
}

impl Translator {
    /// The bridges changed: whose callers talk to somebody who is not this agent?
    pub(super) fn taken_elsewhere(&mut self, at: Moment, out: &mut Output) {
        let mut elsewhere = std::mem::take(&mut self.elsewhere);
        let taken = elsewhere.taken(at, |waiting| match &waiting.first {
            Some(first) => {
                let caller = self.calling_now(first, waiting.client.as_deref());
                self.calls_with(caller, waiting.internal, &waiting.number) && self.talks_to_another(caller)
            }
            None => self.channels.calling(&waiting.number).any(|caller| self.talks_to_another(&caller)),
        });
        self.elsewhere = elsewhere;
        for leg in taken {
            let kind = CallEventKind::TakenElsewhere;
            let at = at.plus_ms(-self.clock.ahead());
            out.events.push(PbxEvent::Call(CallEvent { leg, at, kind }));
        }
    }

    /// Legs that just ended without an answer, and whose caller is heard by somebody already.
    pub(super) fn outrun_by_now(&mut self) {
        let ended = |leg: &&Leg| leg.end.is_some() && !leg.is_over() && leg.talking.is_none() && leg.role == Role::Incoming;
        let is_taken = |leg: &&Leg| {
            let first = leg.conversation.as_ref().map(ConversationId::as_str);
            let internal = leg.direction == Direction::Internal;
            let caller = first.map(|first| self.calling_now(first, leg.client.as_deref()));
            caller.is_some_and(|caller| self.calls_with(caller, internal, &leg.remote.raw) && self.talks_to_another(caller))
        };
        let taken: Vec<_> = self
            .legs
            .values()
            .filter(ended)
            .filter(is_taken)
            .map(|leg| leg.id.clone())
            .collect();
        for id in taken {
            self.with_leg(&id, |leg| leg.outrun = true);
        }
    }

    /// The channel of who calls: the first of the conversation, or the client's, where a colleague began it who has passed
    /// the client on.
    fn calling_now<'a>(&self, first: &'a str, client: Option<&'a str>) -> &'a str {
        let has_left = self.channels.get(first).is_some_and(|known| known.left);
        client.filter(|_| has_left).unwrap_or(first)
    }

    /// Whether the first channel of a conversation is the caller's. A colleague who consults somebody about a client's
    /// call does so in the client's conversation: then his number is another one.
    fn calls_with(&self, first: &str, internal: bool, number: &str) -> bool {
        !internal || self.channels.get(first).is_some_and(|known| known.channel.caller.number == number)
    }

    /// Whether somebody hears this channel, and this agent does not.
    fn talks_to_another(&self, caller: &str) -> bool {
        let people = self.bridges.people(caller, &self.channels, Plumbing::Nobody);
        let is_ours = |id: &String| self.is_own(id) || self.channels.get(id).is_some_and(|known| self.agent.owns(&known.channel));
        !people.is_empty() && !people.iter().any(is_ours)
    }
}
