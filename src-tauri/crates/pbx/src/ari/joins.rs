//! How channels come together: who dials whom, who talks to whom, who passes whom on.

use super::bridges::Plumbing;
use super::leg::{Leg, Role, order_of};
use super::lines::{Side, Target};
use super::name::endpoint;
use super::passed::{MOST_TRANSFERS, Passed};
use super::translate::Translator;
use super::wire::{Bridge, Channel, DialStatus, Party};
use calls::{ConversationId, Direction, HungUpBy, Moment, Remote, TransferKind};

impl Translator {
    /// Somebody dials somebody, or that ends.
    pub(super) fn dial(
        &mut self,
        caller: Option<&Channel>,
        peer: &Channel,
        status: DialStatus,
        (target, forward): (&str, &str),
        at: Moment,
        received: Moment,
    ) {
        if let Some(caller) = caller {
            self.see(caller, at, received);
        }
        self.see(peer, at, received);
        self.channels.dialled_by(&peer.id, target);
        if let Some(caller) = caller {
            self.channels.dialled(&caller.id, &peer.id);
            match status {
                DialStatus::Begin | DialStatus::Ringing | DialStatus::Underway => self.channels.rings(&caller.id, &peer.id),
                DialStatus::Answer | DialStatus::NoAnswer | DialStatus::Busy | DialStatus::Cancel | DialStatus::Failed => {
                    if let Some(known) = self.channels.get_mut(&caller.id) {
                        known.rings.remove(&peer.id);
                    }
                }
            }
            self.dialled_by_agent(caller, peer, status, at);
        }
        self.agent_dialled(caller, peer, status, forward, at);
    }

    /// The agent's leg is the one that dials; or the half of a Local channel that dials on for it.
    fn dialled_by_agent(&mut self, caller: &Channel, peer: &Channel, status: DialStatus, at: Moment) {
        let region = self.agent.region;
        let ordered = |leg: &&Leg| {
            leg.role == Role::Click && leg.id != peer.id && self.channels.brought_by(&leg.id).any(|known| known.channel.id == caller.id)
        };
        let ordered = self.legs.values().find(ordered).map(|leg| leg.id.clone());
        let through = self.channels.brought_by(&caller.id).find(|known| !known.is_local());
        let through = through
            .filter(|_| caller.name.starts_with("Local/"))
            .map(|known| known.channel.id.clone());
        let target = self.channels.get(&peer.id).and_then(|known| known.target.clone());
        let dialling = ordered.as_ref().unwrap_or(&caller.id);
        self.with_leg(dialling, |leg| {
            leg.dial_status = Some(status);
            if status == DialStatus::Answer {
                leg.partner = Some(peer.id.clone());
                leg.talking.get_or_insert(at);
            }
        });
        let dialling = through.unwrap_or_else(|| dialling.clone());
        self.with_leg(&dialling, |leg| match &target {
            Some(Target::Number(number)) if leg.role != Role::Incoming => leg.carried(number, region),
            Some(Target::Phone) if leg.role != Role::Incoming => leg.rang_colleague(),
            Some(_) | None => {}
        });
    }

    /// The agent's leg is the one that is dialled.
    fn agent_dialled(&mut self, caller: Option<&Channel>, peer: &Channel, status: DialStatus, forward: &str, at: Moment) {
        let order = self.channels.brought_by(&peer.id).find_map(|known| order_of(&known.channel.id));
        let side = caller.and_then(|caller| self.channels.judge(&caller.id)).map(|judged| judged.side);
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
                match side {
                    Some(Side::Outside) => leg.meet(&caller.caller, Direction::Inbound),
                    Some(Side::Colleague(_)) => leg.meet(&caller.caller, Direction::Internal),
                    Some(Side::Local | Side::Machine) | None => {}
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

    /// A bridge has these members now.
    pub(super) fn met(&mut self, bridge: &Bridge, at: Moment) {
        self.met_since(bridge, at, at);
    }

    /// A bridge has these members at this time, and may have had them since an earlier one.
    pub(super) fn met_since(&mut self, bridge: &Bridge, at: Moment, since: Moment) {
        self.bridges.hold(bridge, at, |id| self.legs.contains_key(id));
        self.channels.dialled_unseen(&bridge.members);
        if !bridge.holding && bridge.members.len() > 1 {
            self.channels.met(&bridge.members);
        }
        let living = self.legs.values().filter(|leg| !leg.is_over()).map(|leg| leg.id.clone());
        for id in living.collect::<Vec<_>>() {
            self.talks(&id, Some(since));
        }
    }

    /// Something new is known of who is who.
    pub(super) fn who_talks(&mut self) {
        let talking = self.legs.values().filter(|leg| !leg.is_over() && leg.talking.is_some());
        for id in talking.map(|leg| leg.id.clone()).collect::<Vec<_>>() {
            self.talks(&id, None);
        }
    }

    /// Whom one of the agent's legs hears now. The client, where there is one among them.
    fn talks(&mut self, id: &str, at: Option<Moment>) {
        let mut others = self.bridges.people(id, &self.channels, Plumbing::Somebody);
        others.retain(|other| !self.is_own(other));
        let is_taken = self.bridges.is_accompanied(id, &self.channels);
        let Some(leg) = self.legs.get_mut(id) else { return };
        // The agent's phone answered a click-to-call that runs over a Local channel: nobody is there yet.
        let nobody_yet = leg.role == Role::Click && leg.dial_status != Some(DialStatus::Answer);
        let is_there = |other: &String| !nobody_yet || self.channels.get(other).is_none_or(|known| !known.is_local());
        others.retain(is_there);
        if let Some(at) = at
            && (!others.is_empty() || (is_taken && leg.role == Role::Incoming))
        {
            leg.talking.get_or_insert(at);
            leg.last_at = leg.last_at.max(at);
        }
        let stays = leg.partner.as_ref().filter(|partner| others.contains(partner));
        let client = |other: &&String| self.channels.is_outside(other);
        let partner = stays
            .filter(client)
            .or_else(|| others.iter().find(client))
            .or(stays)
            .or(others.last());
        if let Some(partner) = partner.cloned() {
            self.partner(id, &partner);
        }
    }

    /// One of the agent's legs talks to this channel.
    fn partner(&mut self, id: &str, partner: &str) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        let before = leg.partner.replace(partner.into());
        let is_local = |id: &String| self.channels.get(id).is_some_and(|known| known.is_local());
        let another = before.is_some_and(|before| before != partner && !is_local(&before));
        if another {
            leg.named = false;
            leg.left_alone = false;
            (leg.asked.conversation, leg.asked.answered) = (false, false);
        }
        let Some(known) = self.channels.get(partner) else { return };
        let judged = self.channels.judged(known);
        let dialled = leg.role != Role::Incoming && self.channels.brought_by(partner).any(|known| known.channel.id == *id);
        match judged.side {
            // The colleague's phone, or whatever stands for it, sent the agent on.
            Side::Outside if dialled && leg.rang_colleague && leg.client.is_none() => {}
            Side::Outside if dialled => {
                leg.reached(known, self.agent.region);
                leg.client = Some(partner.into());
            }
            Side::Outside => {
                if another || leg.direction == Direction::Internal {
                    let direction = leg.outside();
                    leg.meet(&Party::of(&known.channel.caller, known.target.as_ref()), direction);
                }
                leg.client = Some(partner.into());
            }
            // What was taken for a client, by a guess or before more was known, is a colleague.
            Side::Colleague(extension) if judged.sure => {
                let mistaken = leg.client.as_deref().is_none_or(|client| client == partner);
                if leg.role == Role::Incoming && leg.direction == Direction::Inbound && mistaken && !another {
                    leg.direction = Direction::Internal;
                    leg.client = None;
                }
                if leg.role == Role::Incoming && leg.direction == Direction::Internal {
                    leg.colleague = Some(extension);
                }
            }
            Side::Colleague(_) | Side::Local | Side::Machine => {}
        }
    }

    /// Passed on without a word.
    pub(super) fn blind(&mut self, by: &Channel, transferee: Option<&Channel>, exten: &str, at: Moment, received: Moment) {
        self.with_legs_ended_too(&by.id, |leg| {
            leg.transfer
                .get_or_insert((TransferKind::Blind, Some(exten.to_owned()).filter(|exten| !exten.is_empty())));
        });
        self.channels.leaves(&by.id);
        let (Some(transferee), Some(from)) = (transferee, self.channels.colleague(&by.id)) else {
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
        let side = |channel: &Channel| self.channels.judge(&channel.id).map(|judged| judged.side);
        let to = target.map(|target| match side(target) {
            Some(Side::Colleague(extension)) => extension.0,
            Some(Side::Local) => endpoint(&target.name).split('@').next().unwrap_or_default().to_owned(),
            Some(Side::Outside | Side::Machine) | None => target.caller.number.clone(),
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
        let Some(transferee) = transferee else { return };
        let Some(target) = target else {
            self.rings_for(first, second, transferee);
            return;
        };
        self.channels.met(&[transferee.id.clone(), target.id.clone()]);
        let from = self.channels.colleague(&first.id);
        let inside = self.channels.colleague(&transferee.id).is_some();
        self.with_leg(&target.id, |leg| {
            let direction = if inside { Direction::Internal } else { leg.outside() };
            leg.meet(&transferee.caller, direction);
            leg.from = from.or_else(|| leg.from.take());
            leg.named = false;
            (leg.asked.conversation, leg.asked.answered) = (false, false);
        });
    }

    /// A call was passed on to where nobody has answered yet: a queue, a group, a colleague. Phones that rang for the
    /// consultation ring for the client from now on, in the client's conversation.
    fn rings_for(&mut self, first: &Channel, second: &Channel, transferee: &Channel) {
        let from = self.channels.colleague(&first.id);
        let inside = self.channels.colleague(&transferee.id).is_some();
        let conversation = self.channels.conversation(&transferee.id, false).map(ConversationId::new);
        self.channels.passes_to(&second.id, &transferee.id);
        let party = Party::of(
            &transferee.caller,
            self.channels.get(&transferee.id).and_then(|known| known.target.as_ref()),
        );
        let rings = |leg: &&mut Leg| {
            let was_brought = self.channels.brought_by(&leg.id).any(|known| known.channel.id == second.id);
            let rings = leg.role == Role::Incoming && leg.talking.is_none() && leg.end.is_none();
            // The PBX has not told yet: the phone shows who calls.
            let may_be = leg.conversation.is_none() && leg.remote.raw == second.caller.number;
            rings && (leg.is_of(&second.id) || was_brought || may_be)
        };
        for leg in self.legs.values_mut().filter(rings) {
            let direction = if inside { Direction::Internal } else { leg.outside() };
            leg.meet(&party, direction);
            leg.from = from.clone().or_else(|| leg.from.take());
            leg.client = Some(transferee.id.clone()).filter(|_| !inside);
            leg.conversation.clone_from(&conversation);
        }
    }
}
