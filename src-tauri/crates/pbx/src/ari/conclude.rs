//! What follows for a leg from what is known of other channels, and what remains to be asked.

use super::channels::{Channels, Known};
use super::exchange::{Agent, Question, Variable};
use super::leg::{Leg, Role};
use super::lines::Side;
use super::passed::Passed;
use calls::{ConversationId, Direction, Extension, LegId, Origin, RecordingRef};
use std::collections::VecDeque;

/// How long after a blind transfer a new leg may still belong to it.
const TRANSFER_REACH_MS: i64 = 60_000;
/// About so many channels it is asked who is at their end, for one leg.
const MOST_ASKED: usize = 8;
/// How often a recording is asked for again.
const LAST_ATTEMPT: u8 = 3;

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
    if brought && leg.talking.is_none() {
        conclude_caller(leg, channels);
    }
    // After a transfer the recording that starts next is the colleague's.
    if leg.talking.is_none() || leg.transfer.is_some() {
        return;
    }
    let counts = |known: &Known| holds(known, leg, channels);
    let conversation = leg.conversation.as_ref().map(ConversationId::as_str);
    if let Some(path) = channels.recording(&leg.id, conversation, counts) {
        let first = conversation.and_then(|id| channels.get(id));
        let is_firsts = first.is_some_and(|first| first.recording.is_some() && counts(first));
        // What REST said of this very conversation is better than a file of whoever brought the leg.
        if is_firsts || leg.recorded.is_none() {
            leg.recording = Some(RecordingRef::new(path));
        }
        if is_firsts {
            leg.recorded = leg.conversation.clone();
        }
    }
}

/// Whether what a channel is recorded into may hold this leg's talk. A colleague who called out and
/// then passed the call on began the conversation, but his channel hears nothing of it any more.
fn holds(known: &Known, leg: &Leg, channels: &Channels) -> bool {
    let id = &known.channel.id;
    let is_colleagues = *id != leg.id && matches!(channels.judged(known).side, Side::Colleague(_));
    let talks_to_us = || {
        let caller = channels.caller_of(&leg.id).map(|caller| &caller.channel.id);
        leg.partner.as_ref() == Some(id) || caller == Some(id)
    };
    !known.left && (!is_colleagues || talks_to_us())
}

/// Who offers the call, and how it came here.
fn conclude_offer(leg: &mut Leg, channels: &Channels, passed: &VecDeque<Passed>, agent: &Agent) {
    if let Some(caller) = channels.caller_of(&leg.id) {
        if channels.judged(caller).is_outside() {
            leg.line = caller.did.clone().or_else(|| leg.line.take());
        }
        if leg.remote.raw.is_empty() {
            let direction = leg.direction;
            leg.meet(&caller.channel.caller, direction);
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
        agent.is_called(&passed.exten)
            && passed.number == leg.remote.raw
            && (0..TRANSFER_REACH_MS).contains(&(leg.first_at.0 - passed.at.0))
    };
    let from = told.or_else(|| passed.iter().rev().find(is_mine).map(|passed| passed.by.clone()));
    // What comes back from where the agent had put it was passed on by nobody.
    if let Some(from) = from.filter(|from| *from != agent.extension) {
        leg.origin = Origin::Transfer;
        leg.from = Some(from);
    }
}

/// Whether a client or a colleague calls: by who is at the end of the calling channel. A guess gives way to evidence as
/// long as nobody talks.
fn conclude_caller(leg: &mut Leg, channels: &Channels) {
    // The first of the conversation calls only where the phone shows its number: a colleague who consults somebody about
    // a client's call does so in the client's conversation.
    let is_shown = |known: &&Known| leg.remote.raw.is_empty() || leg.remote.raw == known.channel.caller.number;
    let first = || {
        channels
            .get(leg.conversation.as_ref()?.as_str())
            .filter(|first| first.channel.id != leg.id)
    };
    let first = || first().filter(is_shown);
    let Some(caller) = channels.caller_of(&leg.id).or_else(first) else {
        if leg.direction == Direction::Internal && !leg.remote.raw.is_empty() {
            leg.colleague = Some(Extension::new(leg.remote.raw.clone()));
        }
        return;
    };
    let judged = channels.judged(caller);
    let shown = &leg.remote.raw;
    // The phone shows somebody else's number by now: the colleague passed a call on while it rang.
    let passed_on = !shown.is_empty() && *shown != caller.channel.caller.number;
    match judged.side {
        Side::Outside if leg.direction == Direction::Internal && (judged.sure || !leg.is_announced()) => {
            leg.direction = Direction::Inbound;
            leg.client = Some(caller.channel.id.clone());
        }
        Side::Outside => leg.client = Some(caller.channel.id.clone()),
        Side::Colleague(extension) => {
            let is_known = judged.sure || (!leg.is_announced() && shown.is_empty());
            if is_known && !passed_on {
                leg.direction = Direction::Internal;
            }
            leg.colleague = Some(extension);
        }
        Side::Local | Side::Machine => {}
    }
}

/// The channel that called, as far as it is known: what brought the leg, or the first of its conversation.
fn caller(leg: &Leg, channels: &Channels) -> Option<String> {
    let first = || {
        leg.conversation
            .as_ref()
            .map(ConversationId::as_str)
            .filter(|first| *first != leg.id)
    };
    let caller = channels.caller_of(&leg.id).map(|known| known.channel.id.as_str()).or_else(first);
    caller.map(str::to_owned).filter(|_| leg.role == Role::Incoming)
}

/// Whether a call that ended without an answer is a colleague's only by the look of its number, and the PBX still owes an
/// answer. A phone that is busy refuses within milliseconds; a client's call must not pass for a colleague's for that.
pub fn is_undecided(leg: &Leg, channels: &Channels) -> bool {
    let is_sure = || {
        let judged = caller(leg, channels).and_then(|caller| channels.judge(&caller));
        judged.is_some_and(|judged| judged.sure)
    };
    ended_as_a_colleagues(leg) && leg.asked.is_open() && !is_sure()
}

fn ended_as_a_colleagues(leg: &Leg) -> bool {
    leg.end.is_some() && !leg.is_over() && leg.talking.is_none() && leg.role == Role::Incoming && leg.direction == Direction::Internal
}

/// What the stream does not say and REST can.
pub fn ask(leg: &mut Leg, channels: &Channels, asked: &mut Vec<Question>) {
    let caller = caller(leg, channels);
    if leg.end.is_some() {
        if ended_as_a_colleagues(leg) && !leg.silent {
            ask_lines(leg, channels, caller, asked);
        }
        return;
    }
    if !leg.named && !leg.asked.conversation {
        leg.asked.conversation = true;
        asked.push(question(leg, &leg.id, Variable::Conversation));
    }
    if let Some(caller) = &caller
        && !leg.asked.presentation
        && leg.direction != Direction::Internal
    {
        leg.asked.presentation = true;
        asked.push(question(leg, caller, Variable::Presentation));
    }
    let caller = caller.filter(|_| leg.talking.is_none());
    let partner = leg.partner.clone().filter(|_| leg.talking.is_some());
    ask_lines(leg, channels, caller.into_iter().chain(partner), asked);
    if leg.talking.is_some()
        && leg.recorded != leg.conversation
        && leg.asked.recording != leg.conversation
        && let Some(place) = recorded_at(leg, channels).first()
    {
        asked.push(question(leg, place, Variable::Recording));
        leg.asked.recording = leg.conversation.clone();
    }
}

fn question(leg: &Leg, channel: &str, variable: Variable) -> Question {
    Question {
        leg: LegId::new(leg.id.clone()),
        channel: channel.into(),
        variable,
        attempt: 0,
    }
}

/// Who is at the end of these channels?
fn ask_lines(leg: &mut Leg, channels: &Channels, others: impl IntoIterator<Item = String>, asked: &mut Vec<Question>) {
    for other in others {
        let is_known = channels.judge(&other).is_some_and(|judged| judged.sure) && !is_untold(leg, &other, channels);
        if !is_known && leg.asked.lines.len() < MOST_ASKED && leg.asked.lines.insert(other.clone()) {
            asked.push(question(leg, &other, Variable::Line));
        }
    }
}

/// Whether the agent dialled somebody outside, and what the trunk carried was not seen: it may be another number.
fn is_untold(leg: &Leg, partner: &str, channels: &Channels) -> bool {
    let unseen = |known: &Known| known.target.is_none() && !known.asked && known.channel.was_dialled();
    leg.role == Role::Outgoing && leg.order.is_none() && channels.is_outside(partner) && channels.get(partner).is_some_and(unseen)
}

/// The channels that this leg's talk may be recorded on, the likeliest first.
///
/// That is the conversation's first channel, which is everybody's as long as it is there. After an
/// agent who dialled has passed the call on, it is gone, and the client's channel runs the dialplan:
/// the channel that the leg talks to. A party of the agent's own call is asked only where the agent's
/// channel brought it: in a conference the others have recordings of their own.
fn recorded_at(leg: &Leg, channels: &Channels) -> Vec<String> {
    let Some(first) = leg.conversation.as_ref().map(ConversationId::as_str) else {
        return Vec::new();
    };
    let left = channels.get(first).is_some_and(|first| first.left);
    let brought = |partner: &str| first != leg.id || channels.brought_by(partner).any(|known| known.channel.id == leg.id);
    let partner = leg.partner.as_deref().filter(|partner| *partner != first && brought(partner));
    let first = Some(first).filter(|_| !left);
    first.into_iter().chain(partner).map(Into::into).collect()
}

/// REST named the file of a channel that was asked about, or knows none. What to ask next: the other
/// place at once, and after a while all of them again, as a recording may start late.
pub fn record(leg: &mut Leg, channels: &Channels, question: &Question, path: Option<&str>) -> Option<Question> {
    let is_first = leg.is_of(&question.channel);
    if let Some(path) = path {
        let is_here = is_first || leg.partner.as_ref() == Some(&question.channel);
        // What the other side is recorded into after the transfer is the colleague's.
        let is_ours = is_first || leg.transfer.is_none();
        if is_ours && (leg.recording.is_none() || (!leg.is_over() && is_here)) {
            leg.recording = Some(RecordingRef::new(path));
            leg.recorded = leg.conversation.clone();
        }
        return None;
    }
    if leg.is_over() {
        return None;
    }
    let places = recorded_at(leg, channels);
    let (next, attempt) = match places.iter().position(|place| *place == question.channel) {
        Some(asked) if asked + 1 < places.len() => (places.get(asked + 1), question.attempt),
        Some(_) => (places.first(), question.attempt + 1),
        // It left while it was asked; anything else was asked for a conversation of before.
        None if is_first => (places.first(), question.attempt),
        None => (None, question.attempt),
    };
    next.filter(|_| attempt <= LAST_ATTEMPT).map(|next| Question {
        channel: next.clone(),
        attempt,
        ..question.clone()
    })
}
