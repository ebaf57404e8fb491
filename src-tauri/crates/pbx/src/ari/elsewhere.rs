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

use super::leg::{Leg, Role};
use calls::{CallEventKind, Direction, Disposition, LegId, Moment};
use std::collections::VecDeque;

const MOST_UNANSWERED: usize = 32;
const LONGEST_WAIT_MS: i64 = 30 * 60 * 1000;

/// A leg that ended without an answer.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) leg: LegId,
    /// The caller's channel.
    pub(super) first: Option<String>,
    /// The channel that showed that a client calls.
    pub(super) client: Option<String>,
    /// The caller's number, where the channel did not become known in time.
    pub(super) number: String,
    /// A colleague called.
    pub(super) internal: bool,
    pub(super) ended: Moment,
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
    pub(super) fn taken(&mut self, at: Moment, talks: impl Fn(&Unanswered) -> bool) -> Vec<LegId> {
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
