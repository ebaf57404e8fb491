//! What is new of a leg: its facts, compared with what was told already.
//!
//! Nothing is told when a frame arrives; whatever is true and was not told yet is told, in one fixed order. So frames
//! may come twice or overtake each other.

use super::leg::{Leg, Role};
use calls::{CallEventKind, Moment};

impl Leg {
    fn is_ready(&self) -> bool {
        let shown = match self.role {
            Role::Incoming => self.rang.is_some() || self.talking.is_some(),
            Role::Outgoing | Role::Click => !self.remote.raw.is_empty(),
            Role::Unknown => false,
        };
        shown || self.end.is_some()
    }

    /// Everything that is true and was not told yet, in a fixed order, with its moment.
    pub fn news(&mut self) -> Vec<(Moment, CallEventKind)> {
        let mut news = Vec::new();
        if !self.reported.announced && !self.is_ready() {
            return news;
        }
        self.tell_beginning(&mut news);
        self.tell_changes(&mut news);
        self.tell_course(&mut news);
        self.tell_end(&mut news);
        news
    }

    fn tell_beginning(&mut self, news: &mut Vec<(Moment, CallEventKind)>) {
        if self.reported.announced {
            return;
        }
        self.reported.announced = true;
        self.reported.conversation = self.conversation.clone();
        self.reported.remote = self.remote.clone();
        self.reported.direction = Some(self.direction);
        let (conversation, direction, remote) = (self.conversation.clone(), self.direction, self.remote.clone());
        let event = match self.role {
            Role::Incoming | Role::Unknown => {
                let (line, queue, origin) = (self.line.clone(), self.queue.clone(), self.origin);
                CallEventKind::Offered {
                    conversation,
                    direction,
                    remote,
                    line,
                    queue,
                    origin,
                }
            }
            Role::Outgoing | Role::Click => CallEventKind::Dialing {
                conversation,
                direction,
                remote,
                order: self.order.clone(),
            },
        };
        let at = match self.role {
            // A phone that never rang (busy, dead) is reported together with the end.
            Role::Incoming | Role::Unknown => self.rang.or(self.talking).or(self.end.map(|end| end.at)),
            Role::Outgoing | Role::Click => Some(self.first_at),
        };
        news.push((at.unwrap_or(self.last_at), event));
    }

    fn tell_changes(&mut self, news: &mut Vec<(Moment, CallEventKind)>) {
        if let Some(conversation) = self.conversation.clone()
            && self.reported.conversation.as_ref() != Some(&conversation)
        {
            self.reported.conversation = Some(conversation.clone());
            news.push((self.last_at, CallEventKind::Identified { conversation }));
        }
        let other = (&self.reported.remote.raw, self.reported.remote.hidden) != (&self.remote.raw, self.remote.hidden);
        if other || self.reported.direction != Some(self.direction) || self.reported.from != self.from {
            self.reported.remote = self.remote.clone();
            self.reported.direction = Some(self.direction);
            self.reported.from = self.from.clone();
            let (remote, direction, from) = (self.remote.clone(), self.direction, self.from.clone());
            news.push((self.last_at, CallEventKind::PartyChanged { remote, direction, from }));
        }
    }

    fn tell_course(&mut self, news: &mut Vec<(Moment, CallEventKind)>) {
        if self.reported.ended {
            return;
        }
        if let Some(at) = self.up
            && self.role == Role::Click
            && !self.reported.picked_up
        {
            self.reported.picked_up = true;
            news.push((at, CallEventKind::AgentAnswered));
        }
        if let Some(at) = self.talking
            && !self.reported.answered
        {
            self.reported.answered = true;
            news.push((at, CallEventKind::Answered));
        }
        let held = self.held.filter(|held| self.resumed.is_none_or(|resumed| resumed < *held));
        if let Some(at) = held
            && !self.reported.held
        {
            self.reported.held = true;
            news.push((at, CallEventKind::Held));
        }
        if let Some(at) = self.resumed
            && self.reported.held
            && held.is_none()
        {
            self.reported.held = false;
            news.push((at, CallEventKind::Resumed));
        }
    }

    fn tell_end(&mut self, news: &mut Vec<(Moment, CallEventKind)>) {
        if let Some(name) = self.recording.clone()
            && self.reported.answered
            && self.reported.recording.as_ref() != Some(&name)
        {
            self.reported.recording = Some(name.clone());
            news.push((self.last_at, CallEventKind::Recording { name }));
        }
        if let Some((kind, to)) = self.transfer.clone()
            && !self.reported.transferred
        {
            self.reported.transferred = true;
            news.push((self.last_at, CallEventKind::Transferred { kind, to }));
        }
        if let Some(end) = self.end
            && !self.reported.ended
        {
            self.reported.ended = true;
            let disposition = self.disposition(end);
            news.push((
                end.at,
                CallEventKind::Ended {
                    disposition,
                    cause: self.cause(end),
                    by: self.hung_up_by(disposition),
                },
            ));
        }
    }
}
