//! Frames in, events out; pure. Whatever comes is read with suspicion: bounded, in order, each once.

use super::config::VERSION;
use crate::line::keep::{Stop, Translated};
use crate::stats::FrameOutcome;
use calls::{CallEvent, CallEventKind, LegId, LinkTrouble, Moment, PbxEvent, Remote};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Longer ids are none.
const LONGEST_ID: usize = 255;
/// Longer texts are cut.
const LONGEST_TEXT: usize = 255;
/// No agent has so many calls at a time.
const MOST_LIVE: usize = 1_000;
/// No call rings at so many desks that it matters which.
const MOST_SHARED: usize = 64;
/// Legs whose clock is remembered.
const MOST_LEGS: usize = 256;
/// What is said to have happened longer ago has a wrong date, ms.
const OLDEST: i64 = 7 * 24 * 3_600_000;

/// The kinds of a call's events.
const KINDS: [&str; 13] = [
    "offered",
    "dialing",
    "agent_answered",
    "answered",
    "held",
    "resumed",
    "identified",
    "party_changed",
    "transferred",
    "recording",
    "shared",
    "taken_elsewhere",
    "ended",
];

#[derive(Deserialize)]
struct Hello {
    stream: String,
    from: u64,
    now: Option<Moment>,
}

/// What was heard of a stream, and what its clock shows.
#[derive(Default)]
pub struct Translator {
    /// The stream, and the number of the last event that was taken in.
    heard: Option<(String, u64)>,
    /// When something was heard before this connection.
    heard_at: Option<Moment>,
    /// On this connection the stream has said who it is.
    greeted: bool,
    /// Nothing was lost since the connection before.
    whole: bool,
    /// How far the desk's clock is ahead of the sender's, ms.
    ahead: i64,
    /// The sender has told its time.
    told_time: bool,
    /// The same as it was when a leg began: the times of a call fit together, whatever is set meanwhile.
    legs: BTreeMap<LegId, i64>,
}

/// Whether a first frame is one of a feed that is understood.
pub fn is_hello(text: &str) -> bool {
    let frame: Option<Value> = serde_json::from_str(text).ok();
    frame.is_some_and(|frame| version(&frame) == Some(VERSION) && hello(&frame).is_some())
}

impl Translator {
    /// One that goes on where another one was ([`Translator::point`]); nonsense is no point.
    pub fn since(point: Option<&str>) -> Self {
        let heard = point.and_then(|point| {
            let (number, stream) = point.split_once(' ')?;
            is_id(stream).then_some(())?;
            Some((stream.to_owned(), number.parse().ok()?))
        });
        Self { heard, ..Self::default() }
    }

    /// Where to go on.
    pub fn point(&self) -> Option<String> {
        let (stream, number) = self.heard()?;
        Some(format!("{number} {stream}"))
    }

    /// The stream, and the number of what was heard last.
    pub fn heard(&self) -> Option<(&str, u64)> {
        self.heard.as_ref().map(|(stream, number)| (stream.as_str(), *number))
    }

    /// A connection is up.
    pub fn connected(&mut self, heard_at: Option<Moment>) {
        self.heard_at = heard_at;
        self.greeted = false;
        self.whole = false;
    }

    /// The desk's clock was set, by so many ms.
    pub fn desk_clock_was_set(&mut self, by: i64) {
        self.ahead = self.ahead.saturating_add(by);
    }

    /// How far the sender's clock is ahead of the desk's, ms; none where it does not tell its time.
    pub fn clock_ahead(&self) -> Option<i64> {
        self.told_time.then(|| self.ahead.saturating_neg())
    }

    /// Takes a frame in.
    pub fn frame(&mut self, text: &str, received: Moment) -> Translated {
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return only_counted(FrameOutcome::Garbled);
        };
        match version(&frame) {
            Some(VERSION) => {}
            // What its events mean is not known: a link that only counts them would look as if it heard.
            Some(other) if frame.get("hello").is_some() => {
                return Translated {
                    stop: Some(Stop::Trouble(LinkTrouble::NotAPbx)),
                    ..only_counted(FrameOutcome::Unknown { kind: format!("v{other}") })
                };
            }
            Some(other) => return only_counted(FrameOutcome::Unknown { kind: format!("v{other}") }),
            None => return only_counted(FrameOutcome::Garbled),
        }
        if frame.get("hello").is_some() {
            return self.hello(&frame, received);
        }
        let kind = kind(&frame);
        let known = match kind.as_str() {
            "phone" | "resync" => true,
            other => KINDS.contains(&other),
        };
        if !known {
            // It has its number all the same: an event of a later version is no hole.
            let stop = frame.get("seq").and_then(Value::as_u64).and_then(|number| self.count(number).err());
            return Translated {
                stop: stop.flatten(),
                ..only_counted(FrameOutcome::Unknown { kind })
            };
        }
        let number = frame.get("seq").and_then(Value::as_u64);
        let event = PbxEvent::deserialize(frame).ok().and_then(tidied);
        let is_numbered = !matches!(event, Some(PbxEvent::Resync { .. }));
        if !self.greeted || (is_numbered && number.is_none()) {
            return only_counted(FrameOutcome::Incomplete { kind });
        }
        if let Some(number) = number
            && let Err(stop) = self.count(number)
        {
            return Translated {
                stop,
                ..only_counted(FrameOutcome::Understood { kind })
            };
        }
        let Some(event) = event else {
            return only_counted(FrameOutcome::Incomplete { kind });
        };
        Translated {
            events: self.on_desks_clock(event, received).into_iter().collect(),
            ..only_counted(FrameOutcome::Understood { kind })
        }
    }

    fn hello(&mut self, frame: &Value, received: Moment) -> Translated {
        let kind = "hello".to_owned();
        let Some(hello) = hello(frame) else {
            return only_counted(FrameOutcome::Incomplete { kind });
        };
        self.told_time = hello.now.is_some();
        self.ahead = hello.now.map_or(0, |now| received.0.saturating_sub(now.0));
        let last = hello.from.saturating_sub(1);
        // What is told again is not taken in twice.
        let known = self
            .heard
            .take()
            .filter(|(stream, number)| *stream == hello.stream && *number >= last);
        self.whole = known.is_some();
        self.heard = known.or(Some((hello.stream, last)));
        self.greeted = true;
        only_counted(FrameOutcome::Understood { kind })
    }

    /// Takes note of an event's number. `Err`: it is not to be taken in, and perhaps the connection is of no use.
    fn count(&mut self, number: u64) -> Result<(), Option<Stop>> {
        let Some((_, last)) = self.heard.as_mut().filter(|_| self.greeted) else {
            return Err(None);
        };
        if number <= *last {
            return Err(None);
        }
        if number - *last > 1 {
            // Something got lost on the way: a new connection asks for it.
            return Err(Some(Stop::Trouble(LinkTrouble::Closed)));
        }
        *last = number;
        Ok(())
    }

    fn on_desks_clock(&mut self, event: PbxEvent, received: Moment) -> Option<PbxEvent> {
        match event {
            // Nobody could fetch it: where no recording can be had, none is promised.
            PbxEvent::Call(CallEvent {
                kind: CallEventKind::Recording { .. },
                ..
            }) => None,
            PbxEvent::Call(CallEvent { leg, at, kind }) => {
                let ahead = *self.legs.entry(leg.clone()).or_insert(self.ahead);
                if matches!(kind, CallEventKind::Ended { .. }) {
                    self.legs.remove(&leg);
                }
                if self.legs.len() > MOST_LEGS {
                    self.legs.pop_first();
                }
                let at = Moment(at.0.saturating_add(ahead).clamp(received.0.saturating_sub(OLDEST), received.0));
                Some(PbxEvent::Call(CallEvent { leg, at, kind }))
            }
            PbxEvent::Resync { live, restarted, .. } => Some(PbxEvent::Resync {
                live,
                at: received,
                restarted,
                // Nothing was missed where the stream went on where it was cut.
                unseen_since: if self.whole { Some(received) } else { self.heard_at },
            }),
            PbxEvent::Phone { online } => Some(PbxEvent::Phone { online }),
            // The link's state is this side's own.
            PbxEvent::Link { .. } => None,
        }
    }
}

fn only_counted(outcome: FrameOutcome) -> Translated {
    Translated {
        frame: Some(outcome),
        ..Translated::default()
    }
}

fn version(frame: &Value) -> Option<u64> {
    frame.get("v")?.as_u64()
}

fn hello(frame: &Value) -> Option<Hello> {
    let hello = Hello::deserialize(frame.get("hello")?).ok()?;
    is_id(&hello.stream).then_some(hello)
}

/// What a frame is about: the kind of a call's event, else the event.
fn kind(frame: &Value) -> String {
    let event = frame.get("event").and_then(Value::as_str).unwrap_or_default();
    let of_call = frame.pointer("/kind/type").and_then(Value::as_str);
    match (event, of_call) {
        ("call", Some(kind)) if !matches!(kind, "phone" | "resync") => kind.to_owned(),
        ("call", _) => "call".to_owned(),
        (event, _) if KINDS.contains(&event) => format!("{event}?"),
        (event, _) => event.to_owned(),
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_ID && !text.chars().any(char::is_control)
}

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
        text.truncate(end);
    }
}

/// An event with nothing in it that is too long, and without what a feed has no say in; nothing where an id is none.
fn tidied(mut event: PbxEvent) -> Option<PbxEvent> {
    match &mut event {
        PbxEvent::Call(call) => {
            if !is_id(call.leg.as_str()) || !tidy(&mut call.kind) {
                return None;
            }
        }
        PbxEvent::Resync { live, .. } => {
            if live.len() > MOST_LIVE || !live.iter().all(|leg| is_id(leg.as_str())) {
                return None;
            }
        }
        PbxEvent::Phone { .. } | PbxEvent::Link { .. } => {}
    }
    Some(event)
}

fn tidy(kind: &mut CallEventKind) -> bool {
    let tidy_remote = |remote: &mut Remote| {
        cut(&mut remote.raw);
        remote.name.iter_mut().for_each(cut);
    };
    match kind {
        CallEventKind::Offered {
            conversation,
            remote,
            line,
            queue,
            ..
        } => {
            tidy_remote(remote);
            line.iter_mut().chain(queue.iter_mut()).for_each(cut);
            conversation.as_ref().is_none_or(|id| is_id(id.as_str()))
        }
        CallEventKind::Dialing {
            conversation,
            remote,
            order,
            ..
        } => {
            tidy_remote(remote);
            // Nothing was ordered over a feed.
            *order = None;
            conversation.as_ref().is_none_or(|id| is_id(id.as_str()))
        }
        CallEventKind::Identified { conversation } => is_id(conversation.as_str()),
        CallEventKind::PartyChanged { remote, from, .. } => {
            tidy_remote(remote);
            from.as_ref().is_none_or(|extension| is_id(extension.as_str()))
        }
        CallEventKind::Transferred { to, .. } => {
            to.iter_mut().for_each(cut);
            true
        }
        CallEventKind::Shared { with, .. } => with.len() <= MOST_SHARED && with.iter().all(|extension| is_id(extension.as_str())),
        CallEventKind::AgentAnswered
        | CallEventKind::Answered
        | CallEventKind::Held
        | CallEventKind::Resumed
        | CallEventKind::Recording { .. }
        | CallEventKind::TakenElsewhere
        | CallEventKind::Ended { .. } => true,
    }
}

#[cfg(test)]
#[path = "translate_tests.rs"]
mod tests;
