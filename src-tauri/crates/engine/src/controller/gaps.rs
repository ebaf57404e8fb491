//! What this desk could not see: when, and what can still be found out about it.
//!
//! A desk is blind while the program does not run (a crash, a suspended computer, a stopped process) and while the line to
//! the PBX is down. Calls that ended meanwhile are asked after, which costs nothing of Omnidesk's limit; and whatever is
//! written about a call that such a gap touches is looked for first, as colleagues may have written it.

use crate::controller::Controller;
use crate::controller::tasks::{News, Work};
use crate::time::now;
use calls::{Call, ConversationId, Direction, Gap, Input, LegId, Moment, OtherSide, RecordingRef, Traces};
use pbx::{KeepsTraces, OutOfSight, Pbx};
use std::time::Duration;
use store::Write;

/// The loop runs at least so often; much later, the program was not let run, ms.
pub(crate) const TICK: i64 = 5_000;
/// How much later, ms.
const SLEPT: i64 = 3_000;
/// Where the moment is kept at which the PBX was last heard.
const HEARD: &str = "heard_until";
/// Where it is kept up to which point a PBX that resumes was heard.
const POINT: &str = "pbx_point";
/// A caller who is passed on is asked after so often, and a recording that is being closed.
const ASKS: u32 = 10;
const BETWEEN: Duration = Duration::from_secs(2);
/// Longest wait for all answers.
const PATIENCE: Duration = Duration::from_secs(40);

/// A call to be asked after.
struct Missing {
    leg: LegId,
    conversation: Option<ConversationId>,
    caller: String,
    recording: Option<RecordingRef>,
    answered: bool,
    alone: bool,
    began: Moment,
}

impl Controller {
    /// Since when nothing is known, at the start: the last sign of life before it.
    pub(crate) fn restore_heard(&mut self) {
        let taken_in = self.store.now(|store| store.last_taken_in()).ok().flatten();
        let beat = self.store.setting(HEARD).ok().flatten();
        let beat = beat.and_then(|text| text.parse().ok()).map(Moment);
        self.watch.restore(taken_in.max(beat), now());
    }

    /// While calls go on, a sign of life is kept.
    pub(crate) fn beat(&mut self, at: Moment) {
        let Some(heard) = self.pbx.heard_at().filter(|_| self.pbx.is_up()) else {
            return;
        };
        self.watch.hear(heard);
        if !self.desk.calls().any(Call::is_live) || !self.watch.beats(at) {
            return;
        }
        self.store.later(Write::Setting {
            name: HEARD,
            value: heard.0.to_string(),
        });
    }

    /// What a PBX that resumes has told is taken in: from there the next start goes on. A moment late does no harm, as what
    /// is told twice is taken in once; so `waits` spares the disk.
    pub(crate) fn keep_point(&mut self, waits: bool) {
        let Some((point, true)) = self.pbx.point() else { return };
        let text = serde_json::json!([self.settings.pbx_line(), point]).to_string();
        if !self.watch.is_new_point(&text, waits) {
            return;
        }
        self.store.later(Write::Setting {
            name: POINT,
            value: text.clone(),
        });
        self.watch.kept_point(text);
    }

    /// Where to go on, if it is the same line of the same PBX.
    pub(crate) fn kept_point(&self) -> Option<String> {
        let text = self.store.setting(POINT).ok().flatten()?;
        let (line, point): (String, String) = serde_json::from_str(&text).ok()?;
        (line == self.settings.pbx_line()).then_some(point)
    }

    /// The loop was about to sleep at `asleep` for at most [`TICK`]: did it wake much later?
    pub(crate) fn notice_sleep(&mut self, asleep: Moment) {
        let woke = now();
        if woke.since(asleep) > TICK + SLEPT {
            tracing::info!(ms = woke.since(asleep), "this program did not run for a while");
            self.watch.note(Gap { from: asleep, to: woke });
        }
    }

    /// After a (re)connect, these legs are alive.
    pub(crate) fn resync(&mut self, mut live: Vec<LegId>, unseen_since: Option<Moment>) {
        self.watch.confirm_all();
        // What was ordered a moment ago may not be there yet.
        live.extend(self.orders.untold().cloned());
        let to = now();
        let from = unseen_since.unwrap_or(self.watch.heard_until()).min(to);
        let gap = Gap { from, to };
        self.watch.note(gap);
        // Only an agent's action can be refused.
        let _ = self.feed(Input::Resync { live, gap: Some(gap) });
        self.turns.listens(true);
    }

    /// Finds out what became of a call that ended out of sight.
    pub(crate) fn inquire(&mut self, leg: LegId) {
        let Some(call) = self.desk.call(&leg) else { return };
        let inbound = call.detail.direction == Direction::Inbound;
        let missing = Missing {
            conversation: call
                .detail
                .conversation
                .clone()
                .or_else(|| (!inbound).then(|| ConversationId::new(leg.as_str()))),
            caller: if inbound {
                call.detail.number.raw().to_owned()
            } else {
                String::new()
            },
            recording: match &call.filing.recording {
                calls::Recording::Expected { name } => Some(name.clone()),
                calls::Recording::None | calls::Recording::Attached | calls::Recording::Missing => None,
            },
            answered: call.was_answered(),
            alone: call.detail.shared_with.is_empty() && call.detail.queue.is_none() && call.detail.origin != calls::Origin::RingGroup,
            began: call.detail.offered_at,
            leg: leg.clone(),
        };
        // Nobody knows whether it rings: no popup.
        self.watch.doubt(leg);
        let pbx = self.pbx.line().cloned();
        self.tasks.begin(Work::Trace(missing.leg.clone()), async move {
            let traces = match pbx.as_deref().and_then(Pbx::traces) {
                Some(keeps) => tokio::time::timeout(PATIENCE, ask(keeps, &missing)).await.unwrap_or_default(),
                None => Traces::default(),
            };
            News::Traced(Box::new(traces))
        });
    }

    /// What was found out about a call that ended out of sight.
    pub(crate) fn traced(&mut self, leg: LegId, mut traces: Traces) {
        self.watch.confirm(&leg);
        let conversation = self.desk.call(&leg).and_then(|call| call.detail.conversation.clone());
        let other_part = |call: &Call| call.leg != leg && call.detail.conversation == conversation && call.was_answered();
        if conversation.is_some() && self.desk.calls().any(other_part) && traces.other != OtherSide::Gone {
            // What the PBX says of this phone may be about the agent's earlier part of the conversation.
            (traces.talked, traces.passed_on) = (false, false);
        }
        // Only an agent's action can be refused.
        let _ = self.feed(Input::Traced { leg, traces });
    }
}

/// Asks until the answers are final: somebody takes a caller who is being passed on, and a recording is closed.
async fn ask(pbx: &dyn KeepsTraces, missing: &Missing) -> Traces {
    let call = OutOfSight {
        conversation: missing.conversation.as_ref().map(ConversationId::as_str),
        caller: &missing.caller,
        recording: missing.recording.as_ref(),
        alone: missing.alone,
        age_ms: now().since(missing.began),
    };
    let mut traces = Traces::default();
    for _ in 0..ASKS {
        traces = pbx.traces_of(&call).await;
        let final_ = match traces.other {
            OtherSide::Talks => true,
            OtherSide::Gone => !traces.talked || traces.recorded_ms.is_some(),
            // Who was answered here and waits now is perhaps being passed on.
            OtherSide::Waits => traces.passed_on || !missing.answered,
            OtherSide::NotKnown => false,
        };
        if final_ {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    traces
}
