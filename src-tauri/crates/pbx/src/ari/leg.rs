//! One leg of the agent: facts in, news out.
//!
//! Frames about a leg come twice, in a slightly wrong order, or with a missing middle. So nothing
//! is reported when a frame arrives: the frame only sets **facts** (it rang at, they talk since,
//! it ended with), and [`Leg::news`] compares them with what was **told** already and reports the
//! difference in one fixed order. A repeated frame sets a fact that is set, and reports nothing.

use super::called::really_called;
use super::channels::Known;
use super::exchange::{Agent, Question, Variable};
use super::lines::Target;
use super::reported::Reported;
use super::wire::{Channel, DialStatus, Party, State};
use calls::{
    ConversationId, Direction, Extension, HungUpBy, LegId, Moment, Number, NumberKind, OrderId, Origin, RecordingRef, Region, Remote,
    TransferKind,
};
use std::collections::BTreeSet;

/// Click-to-call orders of ours have this before their id; the rest is the order's own id.
pub const ORDER_PREFIX: &str = "c2c-";

/// What a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Not yet to be told.
    Unknown,
    /// The phone is rung.
    Incoming,
    /// The agent dialled.
    Outgoing,
    /// Somebody asked the PBX to call: the phone rings first, then the other side.
    Click,
}

/// What to make of the number that the PBX shows on the agent's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is the number of somebody of whom it is known who he is.
    Of {
        /// Somebody over a trunk.
        outside: bool,
    },
    /// Nobody is known at the other end yet: it is guessed from its name and number.
    ByLook,
    /// Somebody else is known to be there.
    Not,
}

/// How a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub at: Moment,
    /// Q.850.
    pub cause: Option<u16>,
    /// SIP status, Asterisk 22 on.
    pub sip: Option<u16>,
}

/// The facts of one leg.
#[derive(Debug, Clone)]
pub struct Leg {
    pub id: String,
    /// Under which id its call is told: the first device's that rang.
    pub call: LegId,
    /// Another device of the agent tells the call.
    pub silent: bool,
    /// It may be a device of a call that is told already.
    pub waits: bool,
    /// How far the PBX's clock was ahead of the desk's when it came; kept, so that its times fit together, ms.
    pub ahead: i64,
    pub role: Role,
    pub order: Option<OrderId>,
    pub remote: Remote,
    pub direction: Direction,
    pub origin: Origin,
    pub line: Option<String>,
    pub queue: Option<String>,
    pub conversation: Option<ConversationId>,
    /// The PBX itself named the conversation.
    pub named: bool,
    pub from: Option<Extension>,
    /// The colleague who called, while it is a colleague's call.
    pub colleague: Option<Extension>,
    /// The channel that showed that a client is at the other end.
    pub client: Option<String>,
    /// What the agent dialled.
    pub dialled: Option<String>,
    /// Dialling it rang a colleague's phone.
    pub rang_colleague: bool,
    pub first_at: Moment,
    pub last_at: Moment,
    /// On our own clock: when a frame spoke of it last.
    pub heard: Moment,
    pub rang: Option<Moment>,
    pub up: Option<Moment>,
    pub talking: Option<Moment>,
    pub held: Option<Moment>,
    pub resumed: Option<Moment>,
    pub transfer: Option<(TransferKind, Option<String>)>,
    pub recording: Option<RecordingRef>,
    /// The conversation whose recording that is; an attended transfer leads to another one.
    pub recorded: Option<ConversationId>,
    pub end: Option<End>,
    /// How dialling this leg ended.
    pub rung_status: Option<DialStatus>,
    /// How its own last dialling stands.
    pub dial_status: Option<DialStatus>,
    /// The phone sent the caller elsewhere (302).
    pub forwarded: Option<String>,
    /// Another phone took the call.
    pub outrun: bool,
    pub hung_up: Option<HungUpBy>,
    /// The other side left the bridge first.
    pub left_alone: bool,
    /// The channel at the other end of the bridge.
    pub partner: Option<String>,
    pub asked: Asked,
    /// Every frame about it was heard, from its creation on: what was not seen did not happen.
    pub whole: bool,
    /// The other desks that were told to ring for it, too.
    pub shared_with: Vec<Extension>,
    pub(super) reported: Reported,
}

/// Which questions were asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub conversation: bool,
    /// The question for the conversation has come back, with or without an answer.
    pub answered: bool,
    pub presentation: bool,
    pub peers: bool,
    /// About which channels it was asked who is at their end.
    pub lines: BTreeSet<String>,
    /// For which of them an answer has come, or the word that there is none.
    pub heard: BTreeSet<String>,
    /// For which conversation.
    pub recording: Option<ConversationId>,
}

impl Asked {
    /// An answer came, with or without anything in it.
    pub fn hear(&mut self, question: &Question) {
        match question.variable {
            Variable::Conversation => self.answered = true,
            Variable::Line => _ = self.heard.insert(question.channel.clone()),
            Variable::Presentation | Variable::Recording | Variable::Peers => {}
        }
    }

    /// Whether the PBX still owes an answer about who called.
    pub fn is_open(&self) -> bool {
        (self.conversation && !self.answered) || self.lines != self.heard
    }
}

impl Leg {
    /// A leg that was just heard of.
    pub fn new(channel: &Channel, at: Moment, heard: Moment, ahead: i64) -> Self {
        let order = order_of(&channel.id);
        let role = match (order.is_some(), channel.state) {
            (true, _) => Role::Click,
            (false, State::Ring) => Role::Outgoing,
            (false, State::Ringing | State::Up | State::Other) => Role::Unknown,
        };
        Self {
            id: channel.id.clone(),
            call: LegId::new(channel.id.clone()),
            silent: false,
            waits: false,
            ahead,
            role,
            order,
            remote: Remote::default(),
            direction: if role == Role::Unknown {
                Direction::Inbound
            } else {
                Direction::Outbound
            },
            origin: Origin::Unknown,
            line: None,
            queue: None,
            conversation: None,
            named: false,
            from: None,
            colleague: None,
            client: None,
            dialled: None,
            rang_colleague: false,
            first_at: at,
            last_at: at,
            heard,
            rang: None,
            up: None,
            talking: None,
            held: None,
            resumed: None,
            transfer: None,
            recording: None,
            recorded: None,
            end: None,
            rung_status: None,
            dial_status: None,
            forwarded: None,
            outrun: false,
            hung_up: None,
            left_alone: false,
            partner: None,
            asked: Asked::default(),
            whole: false,
            shared_with: Vec::new(),
            reported: Reported::default(),
        }
    }

    /// Takes from a channel object what it says of the leg.
    pub fn see(&mut self, channel: &Channel, agent: &Agent, shown: Shown, at: Moment) {
        let region = agent.region;
        self.last_at = self.last_at.max(at);
        self.find_role(channel);
        if let Some(linked) = &channel.linked {
            self.conversation = Some(ConversationId::new(linked.clone()));
            self.named = true;
        }
        match channel.state {
            State::Ringing => _ = self.rang.get_or_insert(at),
            State::Up => _ = self.up.get_or_insert(at),
            State::Ring | State::Other => {}
        }
        match self.role {
            Role::Incoming => {
                if channel.app == "AppQueue" {
                    self.origin = Origin::Queue;
                }
                let line = channel.dialled().filter(|exten| !agent.is_called(exten));
                self.line = self.line.take().or_else(|| line.map(Into::into));
                self.hear(&channel.connected, shown, region);
            }
            Role::Outgoing => {
                // Deep in a dialplan its own extension is `s`: there the phone shows whom it calls.
                let at_end = Some(channel.connected.number.as_str()).filter(|number| channel.app == "Dial" && !number.is_empty());
                if self.dialled.is_none()
                    && let Some(exten) = channel.dialled().or(at_end)
                {
                    self.dialled = Some(exten.into());
                    if self.remote.raw.is_empty() {
                        self.direct_to(exten, region);
                    }
                } else if self.is_announced() && self.direction == Direction::Internal && self.talking.is_some() {
                    self.hear(&channel.connected, shown, region);
                }
            }
            Role::Click => {
                let parties = [&channel.connected, &channel.caller];
                let other = parties
                    .into_iter()
                    .find(|party| !party.number.is_empty() && !agent.is_called(&party.number));
                if self.remote.raw.is_empty()
                    && let Some(other) = other
                {
                    self.direct_to(&other.number, region);
                    self.remote.name = named(other);
                }
            }
            Role::Unknown => {}
        }
    }

    fn find_role(&mut self, channel: &Channel) {
        if self.role != Role::Unknown {
            return;
        }
        self.role = match (channel.app.as_str(), channel.state) {
            ("AppDial2", _) => Role::Click,
            ("AppDial" | "AppQueue", _) | (_, State::Ringing) => Role::Incoming,
            (_, State::Ring) => Role::Outgoing,
            ("Dial", State::Up) => Role::Outgoing,
            (_, State::Up) if channel.dialled().is_some() => Role::Outgoing,
            (_, State::Up) => Role::Incoming,
            (_, State::Other) => Role::Unknown,
        };
    }

    /// The number that the agent, or our order, dials.
    pub fn direct_to(&mut self, number: &str, region: Region) {
        self.remote.raw = number.into();
        self.direction = if is_inside(number, region) {
            Direction::Internal
        } else {
            Direction::Outbound
        };
    }

    /// The PBX says who is at the other end. A consultation shows the colleague on the client's leg
    /// for a while: a conversation with somebody outside never becomes an internal one.
    fn hear(&mut self, party: &Party, shown: Shown, region: Region) {
        if party.number.is_empty() || party.number == self.remote.raw {
            return;
        }
        let outside = match shown {
            Shown::Of { outside } => outside,
            Shown::ByLook => !is_inside(&party.number, region),
            Shown::Not => return,
        };
        if !outside && self.talking.is_some() && self.direction != Direction::Internal {
            return;
        }
        self.meet(party, if outside { self.outside() } else { Direction::Internal });
    }

    /// The other side is this party now. Where it was a colleague who had called, he passed the call on.
    pub fn meet(&mut self, party: &Party, direction: Direction) {
        if !party.number.is_empty() {
            let handed_over = self.reported.announced && party.number != self.remote.raw && direction != Direction::Internal;
            if handed_over && self.direction == Direction::Internal && self.role == Role::Incoming && self.from.is_none() {
                self.from = self.colleague.take();
            }
            self.remote = Remote {
                raw: party.number.clone(),
                name: named(party),
                hidden: self.remote.hidden,
            };
        }
        self.direction = direction;
    }

    /// Dialling went over a trunk, with this number.
    pub fn carried(&mut self, number: &str, region: Region) {
        if self.talking.is_none() && !self.rang_colleague {
            self.called(number, region);
        }
    }

    /// Somebody outside whom the agent dialled is at the other end. What the trunk carried is the best; what the PBX shows
    /// may be what the agent dialled, or the number that a switchboard answers under.
    pub fn reached(&mut self, other: &Known, region: Region) {
        let dialled = self.dialled.as_deref().unwrap_or_default();
        match &other.target {
            Some(Target::Number(number)) => self.called(&number.clone(), region),
            _ if Number::read(dialled, region).e164().is_some() => self.direction = Direction::Outbound,
            _ => self.called(&other.channel.caller.number, region),
        }
    }

    fn called(&mut self, number: &str, region: Region) {
        self.direction = Direction::Outbound;
        // An order's number is the one that was ordered.
        if let Some(dialled) = self.dialled.as_deref().filter(|_| self.order.is_none()) {
            let raw = really_called(dialled, number, region);
            if raw != self.remote.raw {
                self.remote.name = None;
            }
            self.remote.raw = raw;
        }
    }

    /// Dialling rang a colleague's phone.
    pub fn rang_colleague(&mut self) {
        self.rang_colleague = true;
        if self.talking.is_none() {
            self.direction = Direction::Internal;
        }
    }

    /// Goes on with the call that another device of the agent has told so far.
    pub fn continue_call(&mut self, first: &mut Self) {
        self.reported = first.reported.clone();
        self.silent = false;
        first.silent = true;
        self.line = self.line.take().or_else(|| first.line.clone());
        self.queue = self.queue.take().or_else(|| first.queue.clone());
        if self.origin == Origin::Unknown {
            self.origin = first.origin;
        }
        self.from = self.from.take().or_else(|| first.from.clone());
        self.shared_with.clone_from(&first.shared_with);
        self.asked.peers |= first.asked.peers;
    }

    /// Its end is told by another device, or by nobody.
    pub fn ends_silently(&mut self) {
        self.reported.announced = true;
        self.reported.ended = true;
    }

    /// What a call with somebody outside is, seen from this leg. A colleague's call that becomes a
    /// client's is an incoming one (S16), whoever dialled.
    pub fn outside(&self) -> Direction {
        match self.direction {
            Direction::Outbound => Direction::Outbound,
            Direction::Inbound | Direction::Internal => Direction::Inbound,
        }
    }

    /// Whether this channel is the first of the leg's conversation.
    pub fn is_of(&self, channel: &str) -> bool {
        self.conversation
            .as_ref()
            .is_some_and(|conversation| conversation.as_str() == channel)
    }

    /// Whether the call itself was reported.
    pub fn is_announced(&self) -> bool {
        self.reported.announced
    }

    /// Whether its end was reported.
    pub fn is_over(&self) -> bool {
        self.reported.ended
    }
}

/// The order that a channel's id carries.
pub fn order_of(channel: &str) -> Option<OrderId> {
    channel
        .strip_prefix(ORDER_PREFIX)
        .map(|order| OrderId::new(order.strip_suffix(";2").unwrap_or(order)))
}

/// A colleague, or a code of the PBX itself such as `*8`.
pub fn is_inside(number: &str, region: Region) -> bool {
    match Number::read(number, region).kind() {
        NumberKind::Extension | NumberKind::Code => true,
        NumberKind::External | NumberKind::Short => false,
        // A star alone, or a code with more than digits behind it.
        NumberKind::Withheld | NumberKind::Nonsense => number.starts_with(['*', '#']),
    }
}

fn named(party: &Party) -> Option<String> {
    Some(party.name.clone()).filter(|name| !name.is_empty() && *name != party.number)
}

#[cfg(test)]
#[path = "leg_tests.rs"]
mod tests;
