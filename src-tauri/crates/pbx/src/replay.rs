//! Replays recorded streams through the translator: what the PBX sent, without the PBX.
//!
//! A recording has one JSON object a line: `{"recv": when, "event": as sent}` or
//! `{"recv": when, "note": …}`. Notes hold what the recorder asked REST for; those that answer a
//! question of the translator are given to it, so that a replay sees what a connection would.

use crate::ari::wire;
use crate::ari::{Agent, Answer, LineAnswer, Question, Snapshot, Translator, Variable};
use crate::stats::{FrameOutcome, Stats};
use calls::{
    CallEvent, CallEventKind, ConversationId, Direction, Disposition, Extension, LegId, Moment, Number, NumberKind, PbxEvent, RecordingRef,
    Region, Remote,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The other side of a call, read as a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// As the PBX wrote it.
    pub raw: String,
    /// In E.164, where it is an outside number.
    pub e164: Option<String>,
    /// What it is.
    pub kind: NumberKind,
}

/// One call of the agent, as a line of `replay`'s output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallLine {
    /// The conversation, where the stream tells it.
    pub conversation: Option<ConversationId>,
    /// The agent's leg.
    pub leg: LegId,
    /// Seen from the agent; what it became in the end.
    pub direction: Direction,
    /// The other side; who it was in the end.
    pub remote: Party,
    /// `None` when the stream stops before the call does.
    pub disposition: Option<Disposition>,
    /// From ringing or dialling to the answer, or to the end; milliseconds.
    pub ring_ms: i64,
    /// From the answer to the end; milliseconds.
    pub talk_ms: i64,
    /// The colleague who passed the call on to this agent.
    pub transferred_from: Option<Extension>,
    /// Whom this agent passed it on to.
    pub transferred_to: Option<String>,
    /// The recording that holds it.
    pub recording: Option<RecordingRef>,
}

#[derive(Debug, Clone)]
struct Course {
    direction: Direction,
    remote: Remote,
    conversation: Option<ConversationId>,
    begun: Moment,
    answered: Option<Moment>,
    ended: Option<Moment>,
    disposition: Option<Disposition>,
    from: Option<Extension>,
    to: Option<String>,
    recording: Option<RecordingRef>,
}

/// Replays one stream for one agent.
pub struct Replay {
    translator: Translator,
    region: Region,
    stats: Stats,
    open: Vec<Question>,
    channels: Option<Value>,
    last: Moment,
    /// The last note of the channels there are.
    listed: Value,
    order: Vec<LegId>,
    calls: BTreeMap<LegId, Course>,
}

impl Replay {
    /// A replay that has read nothing.
    #[must_use]
    pub fn new(agent: Agent) -> Self {
        Self {
            region: agent.region,
            translator: Translator::new(agent),
            stats: Stats::default(),
            open: Vec::new(),
            channels: None,
            last: Moment::default(),
            listed: Value::Null,
            order: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    /// Reads one line of a recording; the events it brings. A line that is no recording's counts as
    /// a bad frame.
    pub fn line(&mut self, line: &str) -> Vec<PbxEvent> {
        if line.trim().is_empty() {
            return Vec::new();
        }
        let Ok(Value::Object(record)) = serde_json::from_str::<Value>(line) else {
            return self.frame(line, Moment::default());
        };
        // A bare event was received when it was sent.
        let received = wire::moment(record.get("recv").or_else(|| record.get("timestamp"))).unwrap_or_default();
        self.last = received;
        let mut events = self.record(line, record, received);
        if !self.listed.is_null() {
            events.extend(self.lines(received));
        }
        events
    }

    fn record(&mut self, line: &str, mut record: serde_json::Map<String, Value>, received: Moment) -> Vec<PbxEvent> {
        if let Some(event) = record.remove("event") {
            return self.frame(&event.to_string(), received);
        }
        match record.get("note").and_then(Value::as_str).map(str::to_owned) {
            Some(note) => self.note(&note, &Value::Object(record), received),
            None => self.frame(line, received),
        }
    }

    /// The calls so far, in the order they began.
    #[must_use]
    pub fn calls(&self) -> Vec<CallLine> {
        self.order
            .iter()
            .filter_map(|leg| Some(self.call(leg, self.calls.get(leg)?)))
            .collect()
    }

    /// What the frames were.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    fn frame(&mut self, text: &str, received: Moment) -> Vec<PbxEvent> {
        let out = self.translator.frame(text, received);
        self.stats.record(out.frame.as_ref().unwrap_or(&FrameOutcome::Garbled), text);
        self.take(out.events, out.ask)
    }

    fn note(&mut self, note: &str, record: &Value, received: Moment) -> Vec<PbxEvent> {
        match note {
            "GET /channels" => {
                self.channels = record.get("body").cloned();
                Vec::new()
            }
            "GET /bridges" => {
                let (Some(channels), Some(bridges)) = (self.channels.take(), record.get("body").cloned()) else {
                    return Vec::new();
                };
                let snapshot = Snapshot {
                    channels,
                    bridges,
                    asked_at: received,
                    ..Snapshot::default()
                };
                let out = self.translator.snapshot(&snapshot, received);
                self.take(out.events, out.ask)
            }
            "asked GET /channels" => {
                self.listed = record.clone();
                Vec::new()
            }
            _ => match note.strip_prefix("GET /channels/").and_then(|rest| rest.strip_suffix("/variable")) {
                Some(channel) => self.variables(channel, record, received),
                None => Vec::new(),
            },
        }
    }

    /// A note of the channels there are answers who is at the end of those that are asked about.
    fn lines(&mut self, received: Moment) -> Vec<PbxEvent> {
        let record = self.listed.clone();
        let channels = record.get("body").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let settings = |key: &str, channel: &Value| {
            let line = channel.get("name")?.as_str()?.rsplit_once('-')?.0;
            record.get(key)?.get(line)?.as_str().map(str::to_owned)
        };
        let open = std::mem::take(&mut self.open);
        let mut events = Vec::new();
        for question in open {
            let is_asked = |channel: &&Value| channel.get("id").and_then(Value::as_str) == Some(&question.channel);
            let found = channels.iter().find(is_asked).filter(|_| question.variable == Variable::Line);
            let Some(channel) = found else {
                self.open.push(question);
                continue;
            };
            let answer = LineAnswer {
                channel: channel.clone(),
                dialled_by: None,
                context: settings("contexts", channel),
                number: settings("numbers", channel),
                own_context: None,
            };
            let out = self.translator.answer(&question, &Answer::Line(Box::new(answer)), received);
            events.extend(self.take(out.events, out.ask));
        }
        events
    }

    /// A note of a channel's variables answers whatever is open about that channel.
    fn variables(&mut self, channel: &str, record: &Value, received: Moment) -> Vec<PbxEvent> {
        let answers =
            |question: &Question| question.channel == channel && question.variable.name().is_some_and(|name| record.get(name).is_some());
        let (answered, open) = std::mem::take(&mut self.open).into_iter().partition(answers);
        self.open = open;
        let answered: Vec<Question> = answered;
        let mut events = Vec::new();
        for question in answered {
            let value = question
                .variable
                .name()
                .and_then(|name| record.get(name))
                .filter(|value| value.is_string());
            let answer = value.map_or(Answer::Nothing, |value| Answer::Value(value.clone()));
            let out = self.translator.answer(&question, &answer, received);
            events.extend(self.take(out.events, out.ask));
        }
        events
    }

    /// The stream is over: whoever waits for an answer is told that there is none.
    pub fn finish(&mut self) -> Vec<PbxEvent> {
        let mut events = Vec::new();
        for question in std::mem::take(&mut self.open) {
            let out = self.translator.answer(&question, &Answer::Nothing, self.last);
            events.extend(self.take(out.events, out.ask));
        }
        events
    }

    fn take(&mut self, events: Vec<PbxEvent>, ask: Vec<Question>) -> Vec<PbxEvent> {
        let answerable = |question: &Question| question.variable.name().is_some() || question.variable == Variable::Line;
        self.open.extend(ask.into_iter().filter(answerable));
        for event in &events {
            match event {
                PbxEvent::Call(event) => self.happened(event),
                PbxEvent::Resync { live, at, .. } => self.end_out_of_sight(live, *at),
                PbxEvent::Link { .. } | PbxEvent::Phone { .. } => {}
            }
        }
        events
    }

    fn happened(&mut self, event: &CallEvent) {
        let at = event.at;
        match &event.kind {
            CallEventKind::Offered {
                conversation,
                direction,
                remote,
                ..
            }
            | CallEventKind::Dialing {
                conversation,
                direction,
                remote,
                ..
            } => {
                self.order.push(event.leg.clone());
                let course = Course {
                    direction: *direction,
                    remote: remote.clone(),
                    conversation: conversation.clone(),
                    begun: at,
                    answered: None,
                    ended: None,
                    disposition: None,
                    from: None,
                    to: None,
                    recording: None,
                };
                self.calls.insert(event.leg.clone(), course);
            }
            other => {
                if let Some(course) = self.calls.get_mut(&event.leg) {
                    course.goes_on(other, at);
                }
            }
        }
    }

    fn end_out_of_sight(&mut self, live: &[LegId], at: Moment) {
        for (_, course) in self
            .calls
            .iter_mut()
            .filter(|(leg, course)| course.ended.is_none() && !live.contains(leg))
        {
            course.ended = Some(at);
            course.disposition = course.answered.map(|_| Disposition::Answered);
        }
    }

    fn call(&self, leg: &LegId, course: &Course) -> CallLine {
        let number = if course.remote.hidden {
            Number::withheld(&course.remote.raw)
        } else {
            Number::read(&course.remote.raw, self.region)
        };
        let rang_until = course.answered.or(course.ended).unwrap_or(course.begun);
        CallLine {
            conversation: course.conversation.clone(),
            leg: leg.clone(),
            direction: course.direction,
            remote: Party {
                raw: course.remote.raw.clone(),
                e164: number.e164().map(Into::into),
                kind: number.kind(),
            },
            disposition: course.disposition,
            ring_ms: rang_until.since(course.begun),
            talk_ms: course.answered.zip(course.ended).map_or(0, |(from, to)| to.since(from)),
            transferred_from: course.from.clone(),
            transferred_to: course.to.clone(),
            recording: course.recording.clone(),
        }
    }
}

impl Course {
    fn goes_on(&mut self, kind: &CallEventKind, at: Moment) {
        match kind {
            CallEventKind::Answered => self.answered = Some(at),
            CallEventKind::Identified { conversation } => self.conversation = Some(conversation.clone()),
            CallEventKind::PartyChanged { remote, direction, from } => {
                self.remote = remote.clone();
                self.direction = *direction;
                self.from = from.clone();
            }
            CallEventKind::Transferred { to, .. } => self.to = to.clone(),
            CallEventKind::Recording { name } => self.recording = Some(name.clone()),
            CallEventKind::Ended { disposition, .. } => {
                self.ended = Some(at);
                self.disposition = Some(*disposition);
            }
            CallEventKind::TakenElsewhere => self.disposition = Some(Disposition::AnsweredElsewhere),
            CallEventKind::Offered { .. }
            | CallEventKind::Dialing { .. }
            | CallEventKind::AgentAnswered
            | CallEventKind::Shared { .. }
            | CallEventKind::Held
            | CallEventKind::Resumed => {}
        }
    }
}
