//! How channels come together: who dials whom, who talks to whom, who passes whom on.

use super::channels::{Whose, endpoint, whose};
use super::leg::{Leg, Role, order_of};
use super::translate::{MOST_TRANSFERS, Passed, Translator};
use super::wire::{Bridge, Channel, DialStatus};
use calls::{Direction, HungUpBy, Moment, Remote, TransferKind};

impl Translator {
    /// Somebody dials somebody, or that ends.
    pub(super) fn dial(
        &mut self,
        caller: Option<&Channel>,
        peer: &Channel,
        status: DialStatus,
        forward: &str,
        at: Moment,
        received: Moment,
    ) {
        if let Some(caller) = caller {
            self.see(caller, at, received);
        }
        self.see(peer, at, received);
        if let Some(caller) = caller {
            self.channels.dialled(&caller.id, &peer.id);
            if let Some(known) = self.channels.get_mut(&caller.id) {
                match status {
                    DialStatus::Begin | DialStatus::Ringing | DialStatus::Underway => _ = known.rings.insert(peer.id.clone()),
                    DialStatus::Answer | DialStatus::NoAnswer | DialStatus::Busy | DialStatus::Cancel | DialStatus::Failed => {
                        known.rings.remove(&peer.id);
                    }
                }
            }
            self.dialled_by_agent(caller, peer, status, at);
            if status == DialStatus::Answer {
                self.outrun(caller, peer);
            }
        }
        self.agent_dialled(caller, peer, status, forward, at);
    }

    /// The agent's leg is the one that dials; or, when an order runs over a Local channel, the half
    /// of it that dials on.
    fn dialled_by_agent(&mut self, caller: &Channel, peer: &Channel, status: DialStatus, at: Moment) {
        let outside = whose(&peer.name, self.agent.region) == Whose::Trunk;
        let ordered = |leg: &&Leg| {
            leg.role == Role::Click && leg.id != peer.id && self.channels.brought_by(&leg.id).any(|known| known.channel.id == caller.id)
        };
        let ordered = self.legs.values().find(ordered).map(|leg| leg.id.clone());
        self.with_leg(ordered.as_ref().unwrap_or(&caller.id), |leg| {
            leg.dial_status = Some(status);
            if outside && leg.direction == Direction::Internal && leg.talking.is_none() {
                leg.direction = Direction::Outbound;
            }
            if status == DialStatus::Answer {
                leg.partner = Some(peer.id.clone());
                leg.talking.get_or_insert(at);
            }
        });
    }

    /// The agent's leg is the one that is dialled.
    fn agent_dialled(&mut self, caller: Option<&Channel>, peer: &Channel, status: DialStatus, forward: &str, at: Moment) {
        let region = self.agent.region;
        let order = self.channels.brought_by(&peer.id).find_map(|known| order_of(&known.channel.id));
        self.with_leg(&peer.id, |leg| {
            if order.is_some() && leg.order.is_none() && !leg.is_announced() {
                leg.role = Role::Click;
                leg.order = order;
                leg.remote = Remote::default();
            }
            if leg.role == Role::Unknown {
                leg.role = if caller.is_some() { Role::Incoming } else { Role::Click };
            }
            if let Some(caller) = caller
                && leg.role == Role::Outgoing
            {
                // A pickup: the agent dialled a code and got a colleague's call (REPORT, e3).
                match whose(&caller.name, region) {
                    Whose::Trunk => leg.meet(&caller.caller, Direction::Inbound, region),
                    Whose::Phone(_) => leg.meet(&caller.caller, Direction::Internal, region),
                    Whose::Local => {}
                }
            }
            if !forward.is_empty() {
                leg.forwarded = Some(forward.into());
                leg.transfer = Some((TransferKind::Blind, Some(forward.into())));
            }
            match status {
                DialStatus::Ringing => _ = leg.rang.get_or_insert(at),
                DialStatus::Answer if caller.is_some() && leg.role != Role::Click => _ = leg.talking.get_or_insert(at),
                DialStatus::Answer => _ = leg.up.get_or_insert(at),
                DialStatus::NoAnswer | DialStatus::Busy | DialStatus::Cancel | DialStatus::Failed => leg.rung_status = Some(status),
                DialStatus::Begin | DialStatus::Underway => {}
            }
        });
    }

    /// Another phone took the call that this caller offered.
    fn outrun(&mut self, caller: &Channel, winner: &Channel) {
        let lost = |leg: &&Leg| {
            leg.role == Role::Incoming
                && leg.talking.is_none()
                && leg.id != winner.id
                && self.channels.caller_of(&leg.id).is_some_and(|known| known.channel.id == caller.id)
                && !self.channels.brought_by(&leg.id).any(|known| known.channel.id == winner.id)
        };
        let lost: Vec<_> = self.legs.values().filter(lost).map(|leg| leg.id.clone()).collect();
        for id in lost {
            self.with_leg(&id, |leg| leg.outrun = true);
        }
    }

    /// Channels share a bridge.
    pub(super) fn met(&mut self, bridge: &Bridge, at: Moment) {
        if bridge.holding || bridge.members.len() < 2 {
            return;
        }
        self.channels.met(&bridge.members);
        let own: Vec<_> = bridge
            .members
            .iter()
            .filter(|id| self.legs.get(*id).is_some_and(|leg| !leg.is_over()))
            .cloned()
            .collect();
        for id in own {
            self.talks(&id, &bridge.members, at);
        }
    }

    fn talks(&mut self, id: &str, members: &[String], at: Moment) {
        let region = self.agent.region;
        let Some(leg) = self.legs.get_mut(id) else { return };
        let is_local = |id: &String| self.channels.get(id).is_some_and(|known| known.channel.name.starts_with("Local/"));
        let others: Vec<_> = members.iter().filter(|other| *other != id).collect();
        // The agent's phone answered a click-to-call that runs over a Local channel: nobody is there yet.
        if leg.role == Role::Click && leg.dial_status != Some(DialStatus::Answer) && others.iter().all(|other| is_local(other)) {
            return;
        }
        leg.talking.get_or_insert(at);
        leg.last_at = leg.last_at.max(at);
        if leg.partner.as_ref().is_some_and(|partner| others.contains(&partner)) {
            return;
        }
        let Some(partner) = others.last() else { return };
        let before = leg.partner.replace((*partner).clone());
        let another = before.is_some_and(|before| !is_local(&before));
        let Some(known) = self.channels.get(partner) else { return };
        if another {
            leg.named = false;
            leg.asked.conversation = false;
        }
        if whose(&known.channel.name, region) == Whose::Trunk && (another || leg.direction == Direction::Internal) {
            let direction = leg.outside();
            leg.meet(&known.channel.caller, direction, region);
        }
    }

    /// Passed on without a word.
    pub(super) fn blind(&mut self, by: &Channel, transferee: Option<&Channel>, exten: &str, at: Moment, received: Moment) {
        self.with_legs_ended_too(&by.id, |leg| {
            leg.transfer
                .get_or_insert((TransferKind::Blind, Some(exten.to_owned()).filter(|exten| !exten.is_empty())));
        });
        self.channels.leaves(&by.id);
        let (Some(transferee), Whose::Phone(from)) = (transferee, whose(&by.name, self.agent.region)) else {
            return;
        };
        self.see(transferee, at, received);
        if let Some(known) = self.channels.get_mut(&transferee.id) {
            known.passed_by = Some(from.clone());
        }
        if self.passed.len() == MOST_TRANSFERS {
            self.passed.pop_front();
        }
        self.passed.push_back(Passed {
            by: from,
            exten: exten.into(),
            number: transferee.caller.number.clone(),
            at,
        });
    }

    fn with_legs_ended_too(&mut self, id: &str, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.get_mut(id) {
            change(leg);
        }
    }

    /// Passed on after a consultation.
    pub(super) fn attended(&mut self, first: &Channel, second: &Channel, transferee: Option<&Channel>, target: Option<&Channel>) {
        let to = target.map(|target| match whose(&target.name, self.agent.region) {
            Whose::Phone(extension) => extension.0,
            Whose::Local => endpoint(&target.name).split('@').next().unwrap_or_default().to_owned(),
            Whose::Trunk => target.caller.number.clone(),
        });
        let both_inside = [first, second]
            .iter()
            .all(|leg| self.legs.get(&leg.id).is_none_or(|leg| leg.direction == Direction::Internal));
        for (leg, to) in [(first, to), (second, transferee.map(|transferee| transferee.caller.number.clone()))] {
            let is_first = leg.id == first.id;
            self.channels.leaves(&leg.id);
            self.with_legs_ended_too(&leg.id, |leg| {
                // The consultation is over too, but it was not passed on.
                if leg.direction != Direction::Internal || (both_inside && is_first) {
                    leg.transfer.get_or_insert((TransferKind::Attended, to.filter(|to| !to.is_empty())));
                }
                leg.hung_up.get_or_insert(HungUpBy::System);
            });
        }
        let (Some(transferee), Some(target)) = (transferee, target) else {
            return;
        };
        self.channels.met(&[transferee.id.clone(), target.id.clone()]);
        let from = match whose(&first.name, self.agent.region) {
            Whose::Phone(extension) => Some(extension),
            Whose::Local | Whose::Trunk => None,
        };
        let region = self.agent.region;
        let inside = matches!(whose(&transferee.name, self.agent.region), Whose::Phone(_));
        self.with_leg(&target.id, |leg| {
            let direction = if inside { Direction::Internal } else { leg.outside() };
            leg.meet(&transferee.caller, direction, region);
            leg.from = from.or_else(|| leg.from.take());
            leg.named = false;
            leg.asked.conversation = false;
        });
    }
}
