//! What a desk could not see, and what can be found out about it afterwards.
//!
//! A desk that was dead, cut off or frozen has seen a call ring, and not how it ended. It must not guess: a guess
//! «missed» is wrong whenever a colleague or the agent answered, and a false statistic. So such a call stays open until
//! what can still be asked has been asked ([`Effect::Inquire`]); the answer is [`Traces`], and where they tell
//! nothing, the outcome is *unknown* and is said so.

use crate::call::{Call, DialTrouble, Recording, Transferred};
use crate::desk::Desk;
use crate::duty::DutyResult;
use crate::duty_key::DutyName;
use crate::effect::Effect;
use crate::event::{Direction, Disposition, LegId, TransferKind};
use crate::gap::{Gap, OtherSide, Traces};
use crate::open_missed::OpenMissed;
use crate::outcome::decide;
use crate::time::Moment;

impl Desk {
    /// After a gap only these legs are alive. Of every other one that was believed alive the end was out of sight.
    pub(crate) fn resync(&mut self, live: &[LegId], gap: Gap) -> Vec<Effect> {
        let gone: Vec<LegId> = self
            .calls
            .values()
            .filter(|call| call.is_live() && !call.is_among(live))
            .map(|call| call.leg.clone())
            .collect();
        let cancelled: Vec<&LegId> = live.iter().filter(|leg| self.was_cancelled(leg)).collect();
        let mut effects: Vec<Effect> = cancelled.into_iter().flat_map(|leg| self.hang_up_late(leg)).collect();
        for leg in gone {
            let Some(call) = self.touch(&leg) else { continue };
            let from = call.detail.unseen.map_or(gap.from, |before| before.from);
            call.detail.unseen = Some(Gap { from, to: gap.to });
            if call.detail.direction == Direction::Internal && !call.was_answered() {
                effects.extend(self.end(&leg, from, Disposition::Unknown));
            } else {
                effects.push(Effect::Inquire { leg });
            }
        }
        effects
    }

    /// What could be found out about a call that ended out of sight: now it is over.
    pub(crate) fn traced(&mut self, leg: &LegId, traces: Traces) -> Vec<Effect> {
        let Some(call) = self.touch(leg).filter(|call| call.is_live()) else {
            return Vec::new();
        };
        let Some(gap) = call.detail.unseen else { return Vec::new() };
        if let (Some(name), Recording::None) = (traces.recording.clone(), &call.filing.recording) {
            call.detail.recorded = Some(name.clone());
            call.filing.recording = Recording::Expected { name };
        }
        let recorded = traces.recorded_ms.filter(|ms| *ms > 0);
        if call.was_answered() || traces.talked || recorded.is_some() {
            let at = time_talk(call, gap, &traces);
            if was_passed_on(call, &traces) {
                let (kind, to) = (TransferKind::Blind, None);
                call.detail.transferred.get_or_insert(Transferred { kind, to });
            }
            return self.end(leg, at, Disposition::Answered);
        }
        let at = gap.from.max(call.detail.offered_at);
        if call.is_unconfirmed() {
            // The PBX may only just have been asked; if it places the call after all, the call goes on.
            call.detail.dial_trouble = Some(DialTrouble::Unanswered);
            return self.end(leg, at, Disposition::Failed);
        }
        let disposition = match (call.detail.direction, traces.other) {
            (Direction::Inbound, OtherSide::Gone | OtherSide::NotKnown) if traces.silence => Disposition::Missed,
            (Direction::Outbound, _) if traces.silence => Disposition::Cancelled,
            (Direction::Inbound, OtherSide::Talks) => Disposition::AnsweredElsewhere,
            // This phone has stopped ringing, and nobody has answered yet: it is followed like any missed call.
            (Direction::Inbound, OtherSide::Waits) => Disposition::Missed,
            (Direction::Inbound, OtherSide::Gone | OtherSide::NotKnown) | (Direction::Outbound | Direction::Internal, _) => {
                Disposition::Unknown
            }
        };
        self.end(leg, at, disposition)
    }

    /// Another desk, which has seen it, says that nobody answered: the call shares that desk's missed-call case.
    pub(crate) fn missed_after_all(&mut self, leg: &LegId, result: &DutyResult) {
        let unknown = |call: &&mut Call| call.detail.disposition == Some(Disposition::Unknown);
        let Some(call) = self.touch(leg).filter(unknown) else { return };
        call.detail.disposition = Some(Disposition::Missed);
        let missed = OpenMissed {
            phone: call.detail.number.key(),
            user: result.user.or(call.user()),
            opened_by: call.key(DutyName::Case),
            case: result.case.clone(),
            last_status: Some(call.key(DutyName::Status)),
            confirmed_at: call.detail.unseen.map(|gap| gap.to),
        };
        let Some(call) = self.calls.get(leg) else { return };
        let outcome = decide(&self.facts(call, std::slice::from_ref(&missed)));
        if let Some(call) = self.touch(leg) {
            call.filing.outcome = Some(outcome);
        }
        let case = |missed: &OpenMissed| missed.case.as_ref().map(|case| case.id);
        let known = |other: &OpenMissed| case(other).is_some() && case(other) == case(&missed);
        if !self.notes.missed.iter().any(known) {
            self.remember_missed(missed);
        }
    }

    /// The case about an unknown outcome is in the help desk, this desk's or another one's: nothing takes it back any more.
    pub(crate) fn unknown_told(&mut self, leg: &LegId, result: &DutyResult) {
        let Some(facts) = result.case.clone() else { return };
        if let Some(call) = self.touch(leg).filter(|call| !call.handling.created_live) {
            call.filing.missed_told = true;
            call.filing.case = Some(facts);
        }
    }
}

/// Whether the client was passed on by this agent: somebody else has them.
fn was_passed_on(call: &Call, traces: &Traces) -> bool {
    let elsewhere = traces.other == OtherSide::Talks;
    call.detail.direction != Direction::Internal && (elsewhere || traces.passed_on)
}

/// When a conversation ended whose end was out of sight. The recording tells how long it was; else it lasted at least
/// until something was last heard.
fn time_talk(call: &mut Call, gap: Gap, traces: &Traces) -> Moment {
    let began = *call.detail.answered_at.get_or_insert(gap.from.max(call.detail.offered_at));
    let (least, most) = (gap.from.max(began), gap.to.max(began));
    // What is recorded after the client was passed on is the colleague's talk.
    let alone = !was_passed_on(call, traces) && call.detail.transferred.is_none();
    match traces.recorded_ms.filter(|ms| *ms > 0 && alone) {
        Some(ms) => began.plus_ms(ms).max(least).min(most),
        None => {
            call.detail.talk_at_least = true;
            least
        }
    }
}
