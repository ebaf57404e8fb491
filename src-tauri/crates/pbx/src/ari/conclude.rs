//! What follows for a leg from what is known of other channels, and what remains to be asked.

use super::channels::{Channels, Whose, whose};
use super::exchange::{Agent, Question, Variable};
use super::leg::{Leg, Role};
use super::translate::Passed;
use calls::{ConversationId, Direction, LegId, Origin, RecordingRef};
use std::collections::VecDeque;

/// How long after a blind transfer a new leg may still belong to it.
const TRANSFER_REACH_MS: i64 = 60_000;

/// What follows for a leg from what is known of other channels.
pub fn conclude(leg: &mut Leg, channels: &Channels, passed: &VecDeque<Passed>, agent: &Agent) {
    let brought = matches!(leg.role, Role::Incoming | Role::Unknown);
    if !leg.named
        && let Some(id) = channels.conversation(&leg.id, brought)
    {
        leg.conversation = Some(ConversationId::new(id));
    }
    if brought && !leg.is_announced() {
        conclude_offer(leg, channels, passed, agent);
    }
    // After a transfer the recording that starts next is the colleague's.
    if leg.talking.is_some()
        && leg.transfer.is_none()
        && let Some(path) = channels.recording(&leg.id, leg.conversation.as_ref().map(ConversationId::as_str))
    {
        let first = leg.conversation.as_ref().and_then(|id| channels.get(id.as_str()));
        let is_firsts = first.is_some_and(|first| first.recording.is_some());
        // What REST said of this very conversation is better than a file of whoever brought the leg.
        if is_firsts || leg.recorded.is_none() {
            leg.recording = Some(RecordingRef::new(path));
        }
        if is_firsts {
            leg.recorded = leg.conversation.clone();
        }
    }
}

/// Who offers the call, and how it came here.
fn conclude_offer(leg: &mut Leg, channels: &Channels, passed: &VecDeque<Passed>, agent: &Agent) {
    if let Some(caller) = channels.caller_of(&leg.id) {
        match whose(&caller.channel.name, agent.region) {
            Whose::Trunk => {
                leg.direction = Direction::Inbound;
                leg.line = caller.did.clone().or_else(|| leg.line.take());
            }
            Whose::Phone(_) if leg.remote.raw.is_empty() => leg.direction = Direction::Internal,
            Whose::Phone(_) | Whose::Local => {}
        }
        if leg.remote.raw.is_empty() {
            let direction = leg.direction;
            leg.meet(&caller.channel.caller, direction, agent.region);
        }
        if caller.channel.app == "Queue" {
            leg.queue = caller
                .channel
                .app_data
                .split(',')
                .next()
                .filter(|name| !name.is_empty())
                .map(Into::into);
            leg.origin = Origin::Queue;
        }
        leg.remote.hidden |= caller.hidden;
        if leg.origin == Origin::Unknown {
            leg.origin = if caller.rings.len() > 1 {
                Origin::RingGroup
            } else {
                Origin::Direct
            };
        }
    }
    let told = channels.brought_by(&leg.id).find_map(|known| known.passed_by.clone());
    let is_mine = |passed: &&Passed| {
        passed.exten == agent.extension.as_str()
            && passed.number == leg.remote.raw
            && (0..TRANSFER_REACH_MS).contains(&(leg.first_at.0 - passed.at.0))
    };
    let from = told.or_else(|| passed.iter().rev().find(is_mine).map(|passed| passed.by.clone()));
    if let Some(from) = from {
        leg.origin = Origin::Transfer;
        leg.from = Some(from);
    }
}

/// What the stream does not say and REST can.
pub fn ask(leg: &mut Leg, channels: &Channels, asked: &mut Vec<Question>) {
    let id = LegId::new(leg.id.clone());
    let question = |channel: &str, variable| Question {
        leg: id.clone(),
        channel: channel.into(),
        variable,
        attempt: 0,
    };
    if !leg.named && !leg.asked.conversation {
        leg.asked.conversation = true;
        asked.push(question(&leg.id, Variable::Conversation));
    }
    let conversation = leg.conversation.clone();
    let first = conversation.as_ref().map(ConversationId::as_str).filter(|first| *first != leg.id);
    let caller = channels.caller_of(&leg.id).map(|known| known.channel.id.as_str()).or(first);
    if leg.role == Role::Incoming
        && !leg.asked.caller
        && let Some(caller) = caller
    {
        leg.asked.caller = true;
        let variable = if leg.direction == Direction::Internal {
            Variable::Channel
        } else {
            Variable::Presentation
        };
        asked.push(question(caller, variable));
    }
    if leg.talking.is_some()
        && leg.recorded != conversation
        && leg.asked.recording != conversation
        && let Some(conversation) = conversation
    {
        asked.push(question(conversation.as_str(), Variable::Recording));
        leg.asked.recording = Some(conversation);
    }
}
