//! Who else is being rung for the same call, and at which of those desks a companion listens.
//!
//! A call that rings at several phones and is answered at none is one missed call, not one a phone.
//! The desks do not know each other. But each can ask the PBX, and each finds the same phones and
//! brings them into the same order ([`order`]): so they agree on who writes without a word.
//!
//! A phone counts when its channel is not answered yet, is connected to the number that our own leg
//! is connected to, and belongs to our conversation. A ring group over Local channels makes its legs
//! one after the other, so the question is asked again after a moment.
//!
//! # Which companions listen
//!
//! Tried on Asterisk 22.10: an app with nothing subscribed leaves `GET /applications` with its
//! socket. One that holds an endpoint, as ours do, **stays in the list until the PBX restarts**, with
//! its endpoint and its event filter, however the socket ended. What it loses is
//! `__AST_BRIDGE_ALL_TOPIC` among its `bridge_ids`, which each of ours holds as long as it listens, on
//! the lean stream and on the whole one. So an app counts only with that. Not to be told is a computer
//! that vanished from the network without closing its socket: it counts until the PBX gives the
//! connection up.

use super::exchange::{Agent, Answer, Output, Question, Variable};
use super::leg::{Leg, Role};
use super::lines::line_of;
use super::name::endpoint;
use super::wire::{self, State};
use calls::{CallEvent, CallEventKind, Extension, LegId, Moment, PbxEvent};
use serde_json::Value;
use std::collections::BTreeSet;

/// More phones than this are not looked at.
const MOST_PEERS: usize = 32;
/// What an app holds that hears of all bridges.
pub const ALL_BRIDGES: &str = "__AST_BRIDGE_ALL_TOPIC";

/// A phone that is being rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    pub channel: String,
    pub extension: Extension,
    /// The conversation, where the PBX sends it along.
    pub linked: Option<String>,
}

/// The leg `own`, and behind it the phones that may ring for the same call and have a companion that
/// listens. `None` when the leg rings no more.
pub fn rung(own: &str, channels: &Value, applications: &Value, agent: &Agent) -> Option<Vec<Rung>> {
    let channels = wire::channels(channels);
    let leg = channels.iter().find(|channel| channel.id == own && channel.state != State::Up)?;
    let listening = listening(applications);
    let peers = channels.iter().filter_map(|channel| {
        let extension = Extension::new(endpoint(&channel.name));
        let is_peer = channel.id != own
            && channel.state != State::Up
            && channel.connected.number == leg.connected.number
            && extension != agent.extension
            && listens(&listening, &channel.name);
        is_peer.then(|| Rung {
            channel: channel.id.clone(),
            extension,
            linked: channel.linked.clone(),
        })
    });
    let own = Rung {
        channel: leg.id.clone(),
        extension: agent.extension.clone(),
        linked: leg.linked.clone(),
    };
    Some(std::iter::once(own).chain(peers.take(MOST_PEERS)).collect())
}

/// A companion of ours, as the PBX lists it.
struct Companion<'a> {
    name: &'a str,
    /// The lines it subscribed to; none for a user who may not subscribe.
    lines: Vec<&'a str>,
    /// It hears of all bridges: it is there.
    listens: bool,
}

fn companions(applications: &Value) -> Vec<Companion<'_>> {
    let list = applications.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|application| {
            let name = application.get("name")?.as_str()?.strip_prefix("ringside-")?;
            Some(Companion {
                name,
                lines: texts(application, "endpoint_ids").collect(),
                listens: hears(application),
            })
        })
        .collect()
}

/// The texts in a list of an app's.
pub fn texts<'a>(application: &'a Value, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let list = application.get(key).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str)
}

/// Whether an app hears of all bridges, which it does as long as somebody listens.
pub fn hears(application: &Value) -> bool {
    texts(application, "bridge_ids").any(|id| id == ALL_BRIDGES)
}

/// The companions that listen.
fn listening(applications: &Value) -> Vec<Companion<'_>> {
    companions(applications).into_iter().filter(|companion| companion.listens).collect()
}

/// Whether a companion listens for a channel's line. Where the list does not say for which line an app is, its name does:
/// `ringside-<extension>-<machine>`, compared whole, as an extension may have a dash itself.
fn listens(listening: &[Companion<'_>], channel: &str) -> bool {
    let line = line_of(channel);
    let extension = plain(endpoint(channel));
    listening.iter().any(|companion| {
        if !companion.lines.is_empty() {
            return companion.lines.contains(&line.as_str());
        }
        let machine = companion
            .name
            .strip_prefix(extension.as_str())
            .and_then(|rest| rest.strip_prefix('-'));
        !extension.is_empty() && machine.is_some_and(|machine| !machine.contains('-'))
    })
}

/// The lines that have a companion: phones of the office, whatever they are called.
pub fn desks(applications: &Value) -> BTreeSet<String> {
    let lines = companions(applications).into_iter().flat_map(|companion| companion.lines);
    lines.map(str::to_owned).collect()
}

/// Of the phones that ring, with the conversation of each: the extensions beside the first one's that
/// are in its conversation, in their order.
pub fn sharing(rung: &[Rung], conversations: &[Option<String>]) -> Vec<Extension> {
    let (Some(own), Some(Some(conversation))) = (rung.first(), conversations.first()) else {
        return Vec::new();
    };
    let peers = rung.iter().zip(conversations).skip(1);
    let mut with: Vec<_> = peers
        // Who calls is no phone that rings, though his channel is not answered either.
        .filter(|(peer, of)| of.as_ref() == Some(conversation) && peer.channel != *conversation && peer.extension != own.extension)
        .map(|(peer, _)| peer.extension.clone())
        .collect();
    with.sort_by(|a, b| order(a).cmp(&order(b)));
    with.dedup();
    with
}

/// By what extensions are ordered: shorter numbers first, then as text.
fn order(extension: &Extension) -> (usize, &str) {
    (extension.as_str().len(), extension.as_str())
}

/// The place of an extension among itself and the others.
fn turn(own: &Extension, with: &[Extension]) -> u32 {
    let before = with.iter().filter(|other| order(other) < order(own)).count();
    u32::try_from(before).unwrap_or(u32::MAX)
}

/// What of a text may stand in an app's name.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect()
}

/// Asks at first sight of a ringing leg.
pub fn ask(leg: &mut Leg, asked: &mut Vec<Question>) {
    if is_ringing(leg) && !leg.asked.peers {
        leg.asked.peers = true;
        asked.push(Question {
            leg: LegId::new(leg.id.clone()),
            channel: leg.id.clone(),
            variable: Variable::Peers,
            attempt: 0,
        });
    }
}

/// Takes the answer: told when it names somebody and is news.
pub fn learn(leg: &mut Leg, question: &Question, answer: &Answer, own: &Extension, at: Moment, out: &mut Output) {
    if !is_ringing(leg) {
        return;
    }
    if question.attempt == 0 {
        out.ask.push(Question {
            attempt: 1,
            ..question.clone()
        });
    }
    if let Answer::Peers(with) = answer
        && !with.is_empty()
        && leg.shared_with != *with
    {
        leg.shared_with.clone_from(with);
        let kind = CallEventKind::Shared {
            with: with.clone(),
            turn: turn(own, with),
        };
        let leg = leg.call.clone();
        out.events.push(PbxEvent::Call(CallEvent { leg, at, kind }));
    }
}

fn is_ringing(leg: &Leg) -> bool {
    leg.role == Role::Incoming && leg.rang.is_some() && leg.talking.is_none() && leg.end.is_none() && leg.is_announced() && !leg.is_over()
}

#[cfg(test)]
#[path = "peers_tests.rs"]
mod tests;
