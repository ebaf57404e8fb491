//! Whose callers somebody else has taken, by the bridges as they are now ([`super::elsewhere`]).

use super::bridges::Plumbing;
use super::exchange::Output;
use super::leg::{Leg, Role};
use super::translate::Translator;
use calls::{CallEvent, CallEventKind, ConversationId, Direction, Moment, PbxEvent};

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
