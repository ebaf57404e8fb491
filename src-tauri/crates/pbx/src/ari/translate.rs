//! Frames and REST answers in, events and questions out. Pure.
//!
//! The translator works for one agent, on the lean stream and on the whole PBX's, with or without
//! `linkedid` in the frames. It keeps two things: what is known of all channels ([`Channels`]) and
//! one record for each leg of the agent ([`Leg`]). A frame adds facts to both; then every living
//! leg is asked for its news. Questions to REST never hold an event back: the popup shows the
//! number at once, and the conversation follows when the answer is there.

use super::bridges::Bridges;
use super::channels::Channels;
use super::clock::Clock;
use super::conclude::{ask, conclude, is_undecided, record};
use super::elsewhere::Elsewhere;
use super::exchange::{Agent, Answer, LineAnswer, Output, Question, Variable};
use super::leg::{End, Leg, Role, Shown};
use super::lines::{Settings, Side};
use super::passed::Passed;
use super::wire::{self, Channel, Frame};
use super::{devices, peers};
use crate::stats::FrameOutcome;
use calls::{CallEvent, ConversationId, HungUpBy, Moment, OrderId, PbxEvent};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const MOST_LEGS: usize = 64;
const MOST_ENDED: usize = 2048;
const MOST_ORDERS: usize = 32;

/// The translator of one agent's calls.
pub struct Translator {
    pub(super) agent: Agent,
    pub(super) channels: Channels,
    pub(super) bridges: Bridges,
    pub(super) legs: BTreeMap<String, Leg>,
    ended: VecDeque<String>,
    ended_ids: BTreeSet<String>,
    orders: VecDeque<(OrderId, String)>,
    pub(super) passed: VecDeque<Passed>,
    pub(super) elsewhere: Elsewhere,
    phone: Option<bool>,
    pub(super) started: Option<String>,
    pub(super) clock: Clock,
    /// A call was let go that nobody saw end, as there were too many.
    let_go: bool,
}

impl Translator {
    /// A translator that knows nothing yet.
    #[must_use]
    pub fn new(agent: Agent) -> Self {
        Self {
            channels: Channels::of(agent.line(), agent.region),
            bridges: Bridges::default(),
            agent,
            legs: BTreeMap::new(),
            ended: VecDeque::new(),
            ended_ids: BTreeSet::new(),
            orders: VecDeque::new(),
            passed: VecDeque::new(),
            elsewhere: Elsewhere::default(),
            phone: None,
            started: None,
            clock: Clock::default(),
            let_go: false,
        }
    }

    /// We are about to place this order: its leg will come, and this is whom it calls.
    pub fn ordered(&mut self, order: OrderId, number: &str) {
        if self.orders.len() == MOST_ORDERS {
            self.orders.pop_front();
        }
        self.orders.push_back((order, number.into()));
    }

    /// The desk's clock was set forward by so many milliseconds, or back.
    pub fn desk_clock_was_set(&mut self, by: i64) {
        self.clock.desk_was_set(by);
    }

    /// How far the PBX's clock is ahead of the desk's, ms; none before it told.
    pub fn clock_ahead(&self) -> Option<i64> {
        self.clock.shown_ahead()
    }

    /// The calls that went on to another device of the agent.
    pub(super) fn moved(&self) -> devices::Moved {
        devices::moved(&self.legs)
    }

    /// A moment of the desk's clock on the PBX's, on which all facts are noted.
    pub(super) fn on_pbx(&self, ours: Moment) -> Moment {
        ours.plus_ms(self.clock.ahead())
    }

    /// Takes one frame of the socket, received at `received` on our own clock.
    pub fn frame(&mut self, text: &str, received: Moment) -> Output {
        let mut out = Output::default();
        let parsed = match wire::frame(text) {
            Ok(parsed) => parsed,
            Err(outcome) => {
                out.frame = Some(outcome);
                return out;
            }
        };
        out.frame = Some(FrameOutcome::Understood { kind: parsed.kind });
        let at = parsed.at.map(|at| self.clock.hear(at, received));
        let at = at.unwrap_or_else(|| self.on_pbx(received));
        self.apply(parsed.frame, at, received, &mut out);
        self.settle(&mut out);
        if std::mem::take(&mut self.let_go) {
            out.events.push(self.living(received, false, Some(received)));
        }
        out
    }

    /// Takes REST's answer to a question.
    pub fn answer(&mut self, question: &Question, answer: &Answer, received: Moment) -> Output {
        let mut out = Output::default();
        let at = self.on_pbx(received);
        if let Answer::Line(line) = answer {
            self.learn_line(&question.channel, line);
        }
        let Some(leg) = self.legs.get_mut(question.leg.as_str()) else {
            return out;
        };
        let text = match answer {
            Answer::Value(value) => value.as_str().map(str::trim).filter(|text| !text.is_empty()),
            Answer::Line(_) | Answer::Peers(_) | Answer::Nothing => None,
        };
        leg.last_at = leg.last_at.max(leg.end.map_or(at, |end| end.at));
        leg.asked.hear(question);
        match (question.variable, text) {
            (Variable::Conversation, Some(id)) => {
                leg.conversation = Some(ConversationId::new(self.channels.goes_on(id)));
                leg.named = true;
            }
            (Variable::Presentation, Some(presentation)) => leg.remote.hidden |= presentation.starts_with("prohib"),
            (Variable::Recording, path) => out.ask.extend(record(leg, &self.channels, question, path)),
            (Variable::Peers, _) => peers::learn(leg, question, answer, &self.agent.extension, received, &mut out),
            (Variable::Conversation | Variable::Presentation | Variable::Line, _) => {}
        }
        self.settle(&mut out);
        out
    }

    /// What REST tells of a channel and its line.
    fn learn_line(&mut self, id: &str, line: &LineAnswer) {
        let Some(channel) = wire::channel(&line.channel).filter(|channel| channel.id == id) else {
            return;
        };
        self.channels.see(&channel);
        if let Some(known) = self.channels.get_mut(id) {
            known.asked = true;
        }
        // `Dial` writes the variable on the channel that dials, too: there it says whom that one called.
        if let Some(text) = line.dialled_by.as_ref().filter(|_| channel.was_dialled()) {
            self.channels.dialled_by(id, text);
        }
        if let Some(context) = &line.own_context {
            self.channels.lines.entered(&self.agent.line(), context);
        }
        if let Some(context) = &line.context {
            let settings = Settings {
                context: context.clone(),
                number: line.number.clone(),
            };
            self.channels.lines.learn(&channel.name, settings);
        }
        self.who_talks();
    }

    fn apply(&mut self, frame: Frame, at: Moment, received: Moment, out: &mut Output) {
        match frame {
            Frame::Created(channel) => {
                self.channels.created(&channel);
                self.see(&channel, at, received);
                self.with_leg(&channel.id, |leg| leg.whole = true);
            }
            Frame::Channel(channel) => self.see(&channel, at, received),
            Frame::CallerId { channel, hidden } => {
                self.see(&channel, at, received);
                if let Some(known) = self.channels.get_mut(&channel.id) {
                    known.hidden |= hidden;
                }
            }
            Frame::Varset { channel, variable, value } => self.varset(&channel, &variable, value, at, received),
            Frame::Hold(channel) => {
                self.see(&channel, at, received);
                self.with_leg(&channel.id, |leg| leg.held = Some(at));
            }
            Frame::Unhold(channel) => {
                self.see(&channel, at, received);
                self.with_leg(&channel.id, |leg| leg.resumed = leg.held.map(|held| held.max(at)));
            }
            Frame::HangupRequest { channel, soft } => {
                self.see(&channel, at, received);
                self.hangup(&channel.id, soft);
            }
            Frame::Destroyed { channel, cause, sip } => {
                self.see(&channel, at, received);
                self.channels.leaves(&channel.id);
                self.bridges.ends(&channel.id);
                self.with_leg(&channel.id, |leg| _ = leg.end.get_or_insert(End { at, cause, sip }));
            }
            Frame::Dial {
                caller,
                peer,
                status,
                target,
                forward,
            } => self.dial(caller.as_ref(), &peer, status, (&target, &forward), at, received),
            Frame::Entered { bridge, channel } => {
                self.see(&channel, at, received);
                self.met(&bridge, at);
                self.taken_elsewhere(at, out);
            }
            Frame::Left { bridge, channel } => {
                self.see(&channel, at, received);
                for leg in self
                    .legs
                    .values_mut()
                    .filter(|leg| leg.id != channel.id && bridge.members.contains(&leg.id))
                {
                    leg.left_alone |= leg.partner.as_ref() == Some(&channel.id);
                }
                self.bridges.leave(&channel.id, at);
                self.met(&bridge, at);
                self.taken_elsewhere(at, out);
            }
            Frame::Emptied(bridge) => self.bridges.emptied(&bridge, at),
            Frame::BlindTransfer {
                by,
                transferee,
                exten,
                success,
            } => {
                self.see(&by, at, received);
                if success {
                    self.blind(&by, transferee.as_ref(), &exten, at, received);
                }
            }
            Frame::AttendedTransfer {
                first,
                second,
                transferee,
                target,
                success,
            } => {
                for channel in [Some(&first), Some(&second), transferee.as_ref(), target.as_ref()]
                    .into_iter()
                    .flatten()
                {
                    self.see(channel, at, received);
                }
                if success {
                    self.attended(&first, &second, transferee.as_ref(), target.as_ref());
                }
            }
            Frame::Endpoint {
                technology,
                resource,
                online,
            } => {
                if technology == self.agent.technology
                    && resource == self.agent.extension.as_str()
                    && let Some(online) = online
                {
                    self.phone_is(online, out);
                }
            }
            Frame::Replaced => out.replaced = true,
            Frame::Noted => {}
        }
    }

    /// Changes one of the agent's living legs, if the channel is one.
    pub(super) fn with_leg(&mut self, id: &str, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.get_mut(id).filter(|leg| !leg.is_over()) {
            change(leg);
        }
    }

    /// Notes what an event says of a channel, the agent's own or another's.
    pub(super) fn see(&mut self, channel: &Channel, at: Moment, received: Moment) {
        self.channels.see(channel);
        if !self.agent.owns(channel) || self.ended_ids.contains(&channel.id) {
            return;
        }
        if !self.legs.contains_key(&channel.id) {
            self.make_room();
            let mut leg = Leg::new(channel, at, received, self.clock.ahead());
            let order = leg
                .order
                .as_ref()
                .and_then(|order| self.orders.iter().find(|(known, _)| known == order));
            if let Some((_, number)) = order {
                leg.direct_to(number, self.agent.region);
            }
            self.legs.insert(channel.id.clone(), leg);
        }
        let shown = self.shown(channel);
        if let Some(leg) = self.legs.get_mut(&channel.id).filter(|leg| !leg.is_over()) {
            leg.heard = leg.heard.max(received);
            leg.see(channel, &self.agent, shown, at);
        }
    }

    /// What to make of the number that the PBX shows on one of the agent's legs.
    fn shown(&self, channel: &Channel) -> Shown {
        let Some(leg) = self.legs.get(&channel.id) else {
            return Shown::ByLook;
        };
        let other = match (&leg.partner, leg.talking) {
            (Some(partner), Some(_)) => self.channels.get(partner),
            (None, Some(_)) => None,
            (_, None) => self.channels.caller_of(&leg.id),
        };
        let Some(other) = other else { return Shown::ByLook };
        let judged = self.channels.judged(other);
        let is_theirs = other.channel.caller.number == channel.connected.number;
        match judged.side {
            Side::Outside | Side::Colleague(_) if !judged.sure => Shown::ByLook,
            Side::Outside if is_theirs => Shown::Of { outside: true },
            Side::Colleague(_) if is_theirs || leg.talking.is_some() => Shown::Of { outside: false },
            // A transfer that was never heard of puts somebody else at the end of a ringing leg.
            Side::Outside | Side::Colleague(_) if leg.talking.is_none() => Shown::ByLook,
            Side::Outside | Side::Colleague(_) => Shown::Not,
            Side::Local | Side::Machine => Shown::ByLook,
        }
    }

    /// Who talks is let go last: no phone rings sixty times at once, but somebody may say that it does.
    fn make_room(&mut self) {
        while self.legs.len() >= MOST_LEGS {
            let oldest = self
                .legs
                .values()
                .min_by_key(|leg| (!leg.is_over(), leg.talking.is_some(), leg.last_at));
            let Some((id, is_over)) = oldest.map(|leg| (leg.id.clone(), leg.is_over())) else {
                return;
            };
            self.let_go |= !is_over;
            self.forget(&id);
        }
    }

    /// The list of the calls that live.
    pub(super) fn living(&self, at: Moment, restarted: bool, unseen_since: Option<Moment>) -> PbxEvent {
        let live = self.legs.values().filter(|leg| !leg.is_over() && !leg.silent);
        PbxEvent::Resync {
            live: live.map(|leg| leg.call.clone()).collect(),
            at,
            restarted,
            unseen_since,
        }
    }

    /// Whether a channel is, or was, a leg of this agent.
    pub(super) fn is_own(&self, id: &str) -> bool {
        self.legs.contains_key(id) || self.ended_ids.contains(id)
    }

    /// Drops a leg for good: later frames about it are old news.
    pub(super) fn forget(&mut self, id: &str) {
        self.legs.remove(id);
        if self.ended_ids.insert(id.into()) {
            self.ended.push_back(id.into());
        }
        if self.ended.len() > MOST_ENDED
            && let Some(oldest) = self.ended.pop_front()
        {
            self.ended_ids.remove(&oldest);
        }
    }

    fn varset(&mut self, channel: &Channel, variable: &str, value: String, at: Moment, received: Moment) {
        self.see(channel, at, received);
        match variable {
            "MIXMONITOR_FILENAME" if !value.is_empty() => {
                if let Some(known) = self.channels.get_mut(&channel.id) {
                    known.recording = Some(value);
                }
            }
            // Without bridge events this is the only sign that two sides talk.
            "BRIDGEPEER" if !value.is_empty() => self.with_leg(&channel.id, |leg| {
                if leg.role != Role::Click && leg.up.is_some() {
                    leg.talking.get_or_insert(at);
                }
            }),
            _ => {}
        }
    }

    fn hangup(&mut self, channel: &str, soft: bool) {
        let faces = |leg: &&Leg| match &leg.partner {
            Some(partner) => partner == channel,
            None => self.channels.caller_of(&leg.id).is_some_and(|known| known.channel.id == channel),
        };
        let facing: Vec<_> = self.legs.values().filter(faces).map(|leg| leg.id.clone()).collect();
        self.with_leg(channel, |leg| {
            _ = leg.hung_up.get_or_insert(if soft { HungUpBy::System } else { HungUpBy::Agent })
        });
        for id in facing {
            self.with_leg(&id, |leg| {
                _ = leg.hung_up.get_or_insert(if soft { HungUpBy::System } else { HungUpBy::Remote })
            });
        }
    }

    pub(super) fn phone_is(&mut self, online: bool, out: &mut Output) {
        if self.phone.replace(online) != Some(online) {
            out.events.push(PbxEvent::Phone { online });
        }
    }

    /// Draws the conclusions for every leg, and reports what is new, on the desk's clock.
    pub(super) fn settle(&mut self, out: &mut Output) {
        for leg in self.legs.values_mut().filter(|leg| !leg.is_over()) {
            conclude(leg, &self.channels, &self.passed, &self.agent);
            ask(leg, &self.channels, &mut out.ask);
        }
        devices::group(&mut self.legs, &self.channels);
        self.outrun_by_now();
        let ids: Vec<_> = self.legs.keys().cloned().collect();
        for id in ids {
            if self.report(&id, out) {
                // Other devices may ring for the call that was just told.
                devices::group(&mut self.legs, &self.channels);
            }
        }
    }

    /// Reports what is new of one leg; whether the call itself is.
    fn report(&mut self, id: &str, out: &mut Output) -> bool {
        let Some(leg) = self.legs.get_mut(id) else { return false };
        if leg.silent {
            if leg.end.is_some() {
                leg.ends_silently();
            }
            return false;
        }
        if (leg.waits && leg.end.is_none()) || is_undecided(leg, &self.channels) {
            return false;
        }
        let was_told = leg.is_announced();
        let news = leg.news();
        self.elsewhere.hear(leg, &news);
        peers::ask(leg, &mut out.ask);
        out.events.extend(news.into_iter().map(|(at, kind)| {
            let at = at.plus_ms(-leg.ahead);
            PbxEvent::Call(CallEvent {
                leg: leg.call.clone(),
                at,
                kind,
            })
        }));
        leg.is_announced() && !was_told
    }
}

#[cfg(test)]
#[path = "translate_tests.rs"]
mod tests;
