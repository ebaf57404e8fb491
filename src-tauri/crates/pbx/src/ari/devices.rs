//! Several devices of one extension: one call, whichever of them takes it.
//!
//! A desk phone and a softphone register for the same extension, and each gets a channel of its own when a call comes.
//! To the agent that is one ringing call. So the first leg that rings tells the call; the others are silent and stand
//! by. When the first one ends while another rings on, or another is the one that talks, that one goes on telling the
//! same call under the same id.
//!
//! Two legs are devices of one call when the same channel brought both, or both belong to one conversation. Until the
//! PBX has told, a second leg with the same number waits: its call is on screen already.

use super::channels::Channels;
use super::leg::{Leg, Role};
use calls::LegId;
use std::collections::{BTreeMap, BTreeSet};

/// Calls, and the channels that they are on by now.
pub type Moved = BTreeMap<LegId, LegId>;

/// The calls whose first device is not the one that goes on with them, and the channel that does: orders go there.
pub fn moved(legs: &BTreeMap<String, Leg>) -> Moved {
    let telling = legs.values().filter(|leg| !leg.silent && !leg.is_over());
    let moved = telling.filter(|leg| leg.call.as_str() != leg.id);
    moved.map(|leg| (leg.call.clone(), LegId::new(leg.id.clone()))).collect()
}

/// Finds out which legs are devices of one call, and which of them tells it.
pub fn group(legs: &mut BTreeMap<String, Leg>, channels: &Channels) {
    stand_by(legs, channels);
    take_over(legs);
}

/// Legs that just came join the call of one that rings already.
fn stand_by(legs: &mut BTreeMap<String, Leg>, channels: &Channels) {
    let fresh = |leg: &&Leg| !leg.is_announced() && !leg.silent && (leg.talking.is_none() || leg.waits) && leg.role != Role::Outgoing;
    // One that rang beside the other and answers before the PBX has told is taken for a device.
    let fresh: Vec<_> = legs
        .values()
        .filter(fresh)
        .map(|leg| (leg.id.clone(), leg.talking.is_some()))
        .collect();
    legs.values_mut().for_each(|leg| leg.waits = false);
    for (id, answers) in fresh {
        let Some(leg) = legs.get(&id) else { continue };
        let rings = |other: &&Leg| other.id != id && other.is_announced() && !other.silent && !other.is_over() && other.talking.is_none();
        let found = legs.values().filter(rings).find_map(|other| {
            let same = same_call(leg, other, channels)?;
            Some((other.call.clone(), same))
        });
        let Some(leg) = legs.get_mut(&id) else { continue };
        match found {
            Some((call, same)) if same || answers => {
                leg.silent = true;
                leg.call = call;
            }
            Some(_) => leg.waits = true,
            None => {}
        }
    }
}

/// Whether two legs are devices of one call; `Some(false)` while that may still turn out, `None` when they are not.
fn same_call(leg: &Leg, other: &Leg, channels: &Channels) -> Option<bool> {
    if leg.role == Role::Click || other.role == Role::Click {
        return (leg.order.is_some() && leg.order == other.order).then_some(true);
    }
    let caller = |leg: &Leg| channels.caller_of(&leg.id).map(|known| known.channel.id.clone());
    if let (Some(one), Some(other)) = (caller(leg), caller(other)) {
        return (one == other).then_some(true);
    }
    match (&leg.conversation, &other.conversation) {
        (Some(one), Some(other)) => (one == other).then_some(true),
        _ => {
            let may_be = |leg: &Leg| leg.conversation.is_some() || !leg.asked.answered;
            let alike = !leg.remote.raw.is_empty() && leg.remote.raw == other.remote.raw;
            (alike && may_be(leg) && may_be(other)).then_some(false)
        }
    }
}

/// A device that was telling its call is lost: another one that is there goes on with it, best the one that talks.
pub fn hand_over(legs: &mut BTreeMap<String, Leg>, lost: &BTreeSet<String>) {
    for id in lost {
        let Some(mut first) = legs.remove(id) else { continue };
        let stands_by = |leg: &&mut Leg| leg.silent && leg.call == first.call && leg.end.is_none() && !lost.contains(&leg.id);
        let next = legs
            .values_mut()
            .filter(stands_by)
            .max_by_key(|leg| (leg.talking.is_some(), leg.up.is_some()));
        if let Some(next) = next.filter(|_| !first.silent && first.is_announced()) {
            next.continue_call(&mut first);
        }
        legs.insert(id.clone(), first);
    }
}

/// The device that goes on with the call tells it.
fn take_over(legs: &mut BTreeMap<String, Leg>) {
    let telling = |leg: &&Leg| leg.is_announced() && !leg.silent && !leg.is_over() && leg.talking.is_none();
    let telling: Vec<String> = legs.values().filter(telling).map(|leg| leg.id.clone()).collect();
    for id in telling {
        let Some(first) = legs.get(&id) else { continue };
        let stands_by = |leg: &&Leg| leg.id != id && leg.silent && leg.call == first.call && leg.end.is_none();
        let next = legs
            .values()
            .filter(stands_by)
            .find(|leg| leg.talking.is_some() || leg.up.is_some() && leg.role == Role::Click || first.end.is_some())
            .map(|leg| leg.id.clone());
        let Some(next) = next else { continue };
        let Some(mut first) = legs.remove(&id) else { continue };
        if let Some(next) = legs.get_mut(&next) {
            next.continue_call(&mut first);
        }
        legs.insert(id, first);
    }
}
