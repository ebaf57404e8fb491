//! A missed call is written when its caller is gone: a queue or a hunt group may still be ringing other phones.
//!
//! While the call goes on (a PBX whose link cannot say where a caller is, is not asked), nothing is owed a place in the line: a task of its own asks the PBX, which costs nothing of
//! Omnidesk's limit. It tells when the caller is gone, or that somebody took the call. From that moment, which all desks
//! notice alike, each desk takes its turn: the first one writes, the others find it written.

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::time::now;
use calls::{Call, CallEvent, CallEventKind, ConversationId, DutyKind, Gap, Input, LegId};
use pbx::{Finds, Whereabouts};
use std::time::Duration;
use store::Entry;

/// Between two questions about a caller who is there; the first ones come faster, as channels end one after the other.
const ASKS: Duration = Duration::from_secs(2);
const FIRST_ASKS: Duration = Duration::from_millis(300);
/// After so many answers that the caller is there, the call goes on elsewhere.
const GOES_ON: u32 = 3;
/// Who took the call comes as an event; that nothing of it was missed is asked only every so many times.
const FULLY_EVERY: u32 = 5;
/// So often a PBX that does not answer is asked before the call is written all the same.
const UNANSWERED: u32 = 3;
/// How long a call may go on before it is written all the same, ms.
const LONGEST: i64 = 1_800_000;
/// From one desk's turn to the next one's: longer than a look and a write take, and two desks' questions lie apart, ms.
const TURN: i64 = 5_000;
/// A desk that could not look comes last: a colleague's desk that saw the call writes with the recording, ms.
const LATE: i64 = 10_000;
/// At most this many turns are waited for.
const TURNS: u32 = 6;

/// What became of a missed caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The caller is gone; `waited`: after the call had gone on elsewhere.
    Gone {
        /// It had gone on elsewhere.
        waited: bool,
    },
    /// Somebody took the call.
    Taken,
    /// The PBX did not answer.
    NotKnown,
}

impl Controller {
    /// Starts watching for the callers of missed calls that are held back.
    pub(crate) fn watch_callers(&mut self) {
        self.drop_withdrawn();
        let held: Vec<(i64, LegId)> = self.outbox.held().map(|entry| (entry.seq, entry.duty.leg.clone())).collect();
        for (seq, leg) in held {
            let call = self.desk.call(&leg);
            let key = call.map_or_else(|| leg.as_str().to_owned(), watched_as);
            if self.tasks.is_on(&Work::Wait(key.clone())) {
                continue;
            }
            let (Some(pbx), Some(call)) = (self.pbx.line().cloned(), call) else {
                self.windows.stale();
                self.outbox.release(seq, now(), 0, false);
                continue;
            };
            if pbx.finds().is_none() {
                // Nobody can be asked: it is not waited for. Whether it rang elsewhere, too, is not known for sure.
                let waited =
                    !(call.detail.origin == calls::Origin::Direct && call.detail.queue.is_none() && call.detail.shared_with.is_empty());
                let turn = self.turn(&leg, waited);
                self.windows.stale();
                self.outbox.release(seq, now(), turn, waited);
                continue;
            }
            let since = call.detail.ended_at.unwrap_or(call.detail.offered_at);
            // A clock that was set back does not make it wait longer.
            let left = (LONGEST - now().since(since)).min(LONGEST);
            let (conversation, number) = (call.detail.conversation.clone(), call.detail.number.raw().to_owned());
            self.tasks.begin(Work::Wait(key), async move {
                let limit = Duration::from_millis(u64::try_from(left).unwrap_or(0));
                let mut conversation = conversation;
                let fate = match pbx.finds() {
                    Some(finds) => tokio::time::timeout(limit, follow(finds, &mut conversation, &number)).await,
                    None => Ok(Fate::NotKnown),
                };
                let fate = fate.unwrap_or(Fate::Gone { waited: true });
                News::CallerGone { conversation, fate }
            });
        }
    }

    /// The phone rings again: what was owed as if the caller had been missed does not hold up what follows.
    fn drop_withdrawn(&mut self) {
        let withdrawn: Vec<Entry> = self.outbox.held().filter(|entry| self.is_withdrawn(entry)).cloned().collect();
        for opening in withdrawn {
            let of_it = |entry: &&Entry| entry.seq == opening.seq || entry.duty.after.contains(&opening.duty.key);
            let status = |entry: &&Entry| matches!(entry.duty.kind, DutyKind::SetStatus { .. } | DutyKind::OpenCase { .. });
            let seqs: Vec<i64> = self.outbox.entries().filter(of_it).filter(status).map(|entry| entry.seq).collect();
            for seq in seqs {
                if let Some(entry) = self.outbox.withdraw(seq, now()).cloned() {
                    self.windows.stale();
                    self.keep_entry(&entry);
                }
            }
        }
    }

    /// What was found out about a missed caller: the desk's calls of that conversation are written in turn, or not at all.
    pub(crate) fn caller_gone(&mut self, key: &str, conversation: Option<&ConversationId>, fate: Fate) {
        if fate == Fate::NotKnown {
            self.watch.note(Gap { from: now(), to: now() });
        }
        let of_caller = |leg: &LegId| {
            let call = self.desk.call(leg);
            call.map_or(leg.as_str() == key, |call| watched_as(call) == key || leg.as_str() == key)
        };
        let held: Vec<(i64, LegId)> = self
            .outbox
            .held()
            .filter(|entry| of_caller(&entry.duty.leg))
            .map(|entry| (entry.seq, entry.duty.leg.clone()))
            .collect();
        self.windows.stale();
        for (seq, leg) in held {
            let known = self.desk.call(&leg).is_some_and(|call| call.detail.conversation.is_some());
            if let Some(conversation) = conversation.filter(|_| !known) {
                // By it other desks' cases are recognised.
                let conversation = conversation.clone();
                self.tell(&leg, CallEventKind::Identified { conversation });
            }
            let (turn, waited) = match fate {
                Fate::NotKnown => (self.turn(&leg, true), true),
                Fate::Gone { waited } => (self.turn(&leg, waited), waited),
                Fate::Taken => {
                    self.tell(&leg, CallEventKind::TakenElsewhere);
                    (0, false)
                }
            };
            self.outbox.release(seq, now(), turn, waited);
        }
    }

    fn tell(&mut self, leg: &LegId, kind: CallEventKind) {
        let event = CallEvent {
            leg: leg.clone(),
            at: now(),
            kind,
        };
        // Only an agent's action can be refused.
        let _ = self.feed(Input::Pbx { event });
    }

    /// When it is this desk's turn, ms from the caller's end. Where the PBX has not told which desks there are, the
    /// extensions of a group lie beside each other; the desk at which it rang last has not waited, and comes first.
    fn turn(&self, leg: &LegId, waited: bool) -> i64 {
        let place = self
            .desk
            .call(leg)
            .filter(|call| !call.detail.shared_with.is_empty())
            .map(|call| call.detail.turn);
        let by_extension = || {
            let digits: String = self.settings.extension.chars().filter(char::is_ascii_digit).collect();
            1 + digits.parse::<u64>().unwrap_or_default() % 4
        };
        let turns = match place {
            Some(place) => i64::from(place.min(TURNS)),
            None if waited => i64::try_from(by_extension()).unwrap_or(1),
            None => 0,
        };
        let late = self.desk.call(leg).is_some_and(|call| self.watch.missed_some_of(call));
        turns * TURN + if late { LATE } else { 0 }
    }
}

/// A caller is watched once, however often they rang here.
fn watched_as(call: &Call) -> String {
    let conversation = call.detail.conversation.as_ref().map(ConversationId::as_str);
    conversation.unwrap_or(call.leg.as_str()).to_owned()
}

/// Asks the PBX until the caller is gone or talks to somebody.
async fn follow(pbx: &dyn Finds, conversation: &mut Option<ConversationId>, number: &str) -> Fate {
    let mut heard = Heard::default();
    loop {
        let small = conversation.as_ref().filter(|_| !heard.asks_fully());
        let found = match small {
            Some(id) => pbx.is_there(id).await.map(|is_there| match is_there {
                true => Whereabouts::Waits(id.clone()),
                false => Whereabouts::Gone,
            }),
            None => pbx.whereabouts(conversation.as_ref(), number).await,
        };
        if let Some(Whereabouts::Waits(id)) = &found {
            *conversation = Some(id.clone());
        }
        if let Some(fate) = heard.take(found.as_ref()) {
            return fate;
        }
        tokio::time::sleep(heard.pause()).await;
    }
}

/// What the PBX has answered about a caller so far.
#[derive(Debug, Default)]
struct Heard {
    /// So often the caller was there.
    there: u32,
    /// So often in a row nothing was answered.
    unanswered: u32,
}

impl Heard {
    /// Takes an answer in; none: the PBX did not answer. Says what became of the caller as soon as it is clear.
    fn take(&mut self, answer: Option<&Whereabouts>) -> Option<Fate> {
        match answer {
            Some(Whereabouts::Talks) => Some(Fate::Taken),
            Some(Whereabouts::Gone) => Some(Fate::Gone {
                waited: self.there >= GOES_ON,
            }),
            Some(Whereabouts::Waits(_)) => {
                self.there += 1;
                // One question that got lost says nothing about the next.
                self.unanswered = 0;
                None
            }
            None => {
                self.unanswered += 1;
                (self.unanswered >= UNANSWERED).then_some(Fate::NotKnown)
            }
        }
    }

    /// Whether it is time to ask who else is heard with the caller, too.
    fn asks_fully(&self) -> bool {
        self.there.is_multiple_of(FULLY_EVERY)
    }

    /// Until the next question.
    fn pause(&self) -> Duration {
        if self.there < GOES_ON { FIRST_ASKS } else { ASKS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s25_only_questions_in_a_row_that_get_no_answer_are_given_up() {
        let there = Whereabouts::Waits(ConversationId::new("c"));
        let mut heard = Heard::default();
        for _ in 0..900 {
            for answer in [None, None, Some(&there)] {
                assert_eq!(heard.take(answer), None, "half an hour of a bad line");
            }
        }
        let three: Vec<_> = (0..3).map(|_| heard.take(None)).collect();
        assert_eq!(three, [None, None, Some(Fate::NotKnown)]);
    }

    #[test]
    fn s25_a_caller_who_is_gone_has_waited_if_the_call_had_gone_on() {
        let there = Whereabouts::Waits(ConversationId::new("c"));
        let mut heard = Heard::default();
        assert_eq!(heard.take(Some(&Whereabouts::Gone)), Some(Fate::Gone { waited: false }));
        for answer in [Some(&there), Some(&there), None, Some(&there)] {
            assert_eq!(heard.take(answer), None);
        }
        assert_eq!(heard.take(Some(&Whereabouts::Gone)), Some(Fate::Gone { waited: true }));
        assert_eq!(heard.take(Some(&Whereabouts::Talks)), Some(Fate::Taken));
    }
}
