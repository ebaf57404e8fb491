//! What is known of channels, the agent's own and others': who brought whom, and which
//! conversation a channel belongs to where the PBX does not say.
//!
//! Asterisk labels every channel with a *linkedid*: a dialled channel takes its caller's, the two
//! halves of a Local channel share one, and when channels meet in a bridge all take the oldest.
//! This module draws the same conclusions from the events alone (REPORT rule 2), so that a
//! conversation has an id at once, without `channelvars` and before any REST answer.
//!
//! Bounded: the least recently heard-of channel is forgotten when there are too many, but none of a conversation that
//! the agent's phone takes part in: a long talk is quiet while the office goes on, and a flood must not bury it.

use super::lines::{self, Evidence, Judged, Lines, Side, Target};
use super::wire::{Channel, State};
use calls::{Extension, Moment, Region};
use std::collections::{BTreeMap, BTreeSet};

const MOST_CHANNELS: usize = 512;
/// Phones that one call rings at.
const MOST_RUNG: usize = 512;
const LONGEST_CHAIN: usize = 16;

/// One channel's history, as far as it matters.
#[derive(Debug, Clone)]
pub struct Known {
    pub channel: Channel,
    /// The first real number it dialled: on a trunk's channel the DID.
    pub did: Option<String>,
    /// What it was dialled by.
    pub target: Option<Target>,
    /// It called the PBX; it was not dialled.
    came_in: bool,
    /// The PBX was asked about it: nothing better will become known.
    pub asked: bool,
    /// Who brought it: the caller of its `Dial`, or the other half of a Local channel.
    parent: Option<String>,
    /// The older channel whose conversation it joined.
    joined: Option<String>,
    /// The channel that goes on with its conversation: it passed a call on to phones that it had rung.
    passed_to: Option<String>,
    /// Phones it rings just now.
    pub rings: BTreeSet<String>,
    /// The file it is recorded into.
    pub recording: Option<String>,
    /// Who passed it on last, by a blind transfer.
    pub passed_by: Option<Extension>,
    /// It is gone or passed its call on: what it is recorded into holds nobody's talk from then on.
    pub left: bool,
    /// Its caller asked to hide the number.
    pub hidden: bool,
    heard: u64,
}

impl Known {
    /// What it tells of who is at its end.
    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            channel: &self.channel,
            target: self.target.as_ref(),
            came_in: self.came_in,
            dialled: self.did.as_deref(),
        }
    }

    /// Whether it is half of a Local channel.
    pub fn is_local(&self) -> bool {
        self.channel.name.starts_with("Local/")
    }
}

/// All channels heard of, and the lines they belong to.
#[derive(Debug)]
pub struct Channels {
    known: BTreeMap<String, Known>,
    pub lines: Lines,
    region: Region,
    clock: u64,
}

impl Channels {
    /// Nothing heard of yet but the agent's own line, such as `PJSIP/101`.
    pub fn of(own: String, region: Region) -> Self {
        Self {
            known: BTreeMap::new(),
            lines: Lines::of(own),
            region,
            clock: 0,
        }
    }

    /// A channel came into being: it stands where its line's calls enter the dialplan.
    pub fn created(&mut self, channel: &Channel) {
        self.lines.entered(&channel.name, &channel.context);
        self.see(channel);
    }

    /// A channel was dialled by this text.
    pub fn dialled_by(&mut self, id: &str, text: &str) {
        let Some(known) = self.known.get_mut(id) else { return };
        if let Some(target) = Target::read(text, &known.channel.name, self.region) {
            self.lines.dialled(&known.channel.name, &target);
            known.target.get_or_insert(target);
        }
    }

    /// Who is at the end of a channel; `None` for one never heard of.
    pub fn judge(&self, id: &str) -> Option<Judged> {
        Some(self.judged(self.known.get(id)?))
    }

    /// Who is at the end of a known channel.
    pub fn judged(&self, known: &Known) -> Judged {
        let judged = self.lines.judge(known.evidence(), self.region);
        Judged {
            sure: judged.sure || known.asked,
            ..judged
        }
    }

    /// Whether somebody over a trunk is at the end of a channel, as far as is known.
    pub fn is_outside(&self, id: &str) -> bool {
        self.judge(id).is_some_and(|judged| judged.is_outside())
    }

    /// The colleague whose phone a channel is.
    pub fn colleague(&self, id: &str) -> Option<Extension> {
        match self.judge(id)?.side {
            Side::Colleague(extension) => Some(extension),
            Side::Outside | Side::Local | Side::Machine => None,
        }
    }

    /// The channels that called the PBX with this number and were not seen to be a colleague's.
    pub fn calling(&self, number: &str) -> impl Iterator<Item = String> + use<'_> {
        let number = number.to_owned();
        let calls = move |known: &&Known| {
            let theirs = !number.is_empty() && known.came_in && known.channel.caller.number == number;
            theirs && !known.is_local() && self.judged(known).is_outside()
        };
        self.known.values().filter(calls).map(|known| known.channel.id.clone())
    }

    /// The other half of a Local channel.
    pub fn other_half(&self, id: &str) -> Option<&Known> {
        let name = &self.known.get(id)?.channel.name;
        let (stem, other) = match (name.strip_suffix(";1"), name.strip_suffix(";2")) {
            (Some(stem), _) => (stem, ";2"),
            (None, Some(stem)) => (stem, ";1"),
            (None, None) => return None,
        };
        let name = format!("{stem}{other}");
        self.known.values().find(|known| known.channel.name == name)
    }

    /// One channel rings another just now; of very many, some.
    pub fn rings(&mut self, id: &str, peer: &str) {
        if let Some(known) = self.known.get_mut(id).filter(|known| known.rings.len() < MOST_RUNG) {
            known.rings.insert(peer.into());
        }
    }

    /// Notes what an event says of a channel.
    pub fn see(&mut self, channel: &Channel) {
        self.clock += 1;
        let clock = self.clock;
        if let Some(known) = self.known.get_mut(&channel.id) {
            known.heard = clock;
            known.did = known.did.take().or_else(|| channel.dialled().map(Into::into));
            known.came_in |= channel.state == State::Ring;
            let created = known.channel.created.or(channel.created);
            known.channel = Channel {
                created,
                ..channel.clone()
            };
            return;
        }
        self.make_room();
        let known = Known {
            channel: channel.clone(),
            did: channel.dialled().map(Into::into),
            target: None,
            came_in: came_in(channel),
            asked: false,
            parent: None,
            joined: None,
            passed_to: None,
            rings: BTreeSet::new(),
            recording: None,
            passed_by: None,
            left: false,
            hidden: false,
            heard: clock,
        };
        self.known.insert(channel.id.clone(), known);
        self.join_halves(channel);
    }

    /// Forgets the channel that was heard of least recently, if there are too many.
    fn make_room(&mut self) {
        if self.known.len() < MOST_CHANNELS {
            return;
        }
        let is_ours = |known: &&Known| !known.left && self.lines.is_own(&known.channel.name);
        let ours = self.known.values().filter(is_ours);
        // From the agent's phone back to whoever began the conversation; and whom it called.
        let path: BTreeSet<&str> = ours
            .flat_map(|own| self.chain(&own.channel.id))
            .map(|known| known.channel.id.as_str())
            .collect();
        let worth = |known: &Known| {
            let called = || self.chain(&known.channel.id).any(|known| is_ours(&known));
            (path.contains(known.channel.id.as_str()), called(), known.heard)
        };
        let least = self.known.values().min_by_key(|known| worth(known));
        if let Some(oldest) = least.map(|known| known.channel.id.clone()) {
            self.known.remove(&oldest);
        }
    }

    /// What is known of a channel.
    pub fn get(&self, id: &str) -> Option<&Known> {
        self.known.get(id)
    }

    /// The same, to add to it.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Known> {
        self.known.get_mut(id)
    }

    /// `caller` brought `peer`.
    pub fn dialled(&mut self, caller: &str, peer: &str) {
        if caller != peer
            && !self.chain(caller).any(|known| known.channel.id == peer)
            && let Some(known) = self.known.get_mut(peer)
        {
            known.parent = Some(caller.into());
        }
    }

    /// Channels meet. Where nobody was seen to dial one of them (another one's `Dial` is not heard of), the member that
    /// runs a `Dial` for it did.
    pub fn dialled_unseen(&mut self, members: &[String]) {
        let known = || members.iter().filter_map(|id| self.known.get(id));
        let dialler = |peer: &Known| {
            known().find_map(|other| {
                let channel = &other.channel;
                let text = lines::brought_by_text(&channel.app_data, &peer.channel.name);
                // An older PBX does not tell what its `Dial` dials.
                let may_be = || channel.app_data.is_empty() && (other.is_local() || channel.exten == peer.channel.caller.number);
                let dials = channel.id != peer.channel.id && channel.app == "Dial" && (text.is_some() || may_be());
                dials.then(|| (channel.id.clone(), text.unwrap_or_default().to_owned()))
            })
        };
        let orphans = known().filter(|known| known.channel.was_dialled() && known.parent.is_none());
        let found: Vec<_> = orphans.filter_map(|peer| Some((peer.channel.id.clone(), dialler(peer)?))).collect();
        for (peer, (caller, text)) in found {
            self.dialled(&caller, &peer);
            self.dialled_by(&peer, &text);
        }
    }

    /// A channel is gone, or handed its part to another one.
    pub fn leaves(&mut self, id: &str) {
        if let Some(known) = self.known.get_mut(id) {
            known.left = true;
        }
    }

    /// A channel handed its part to another one, which goes on with the conversation that it had begun.
    pub fn passes_to(&mut self, id: &str, other: &str) {
        if !self.chain(other).any(|known| known.channel.id == id)
            && let Some(known) = self.known.get_mut(id)
        {
            known.passed_to = Some(other.into());
        }
    }

    /// The conversation that goes on where the one of this id was passed on.
    pub fn goes_on(&self, conversation: &str) -> String {
        let passed = self.known.get(conversation).filter(|known| known.passed_to.is_some());
        let root = passed.and_then(|_| self.root(conversation));
        root.map_or(conversation, |root| &root.channel.id).to_owned()
    }

    /// The two halves of a Local channel are named alike up to `;1` and `;2`; `;1` comes first.
    fn join_halves(&mut self, channel: &Channel) {
        let Some(other) = self.other_half(&channel.id).map(|other| other.channel.id.clone()) else {
            return;
        };
        let (one, two) = if channel.name.ends_with(";1") {
            (&channel.id, &other)
        } else {
            (&other, &channel.id)
        };
        self.dialled(&one.clone(), &two.clone());
    }

    /// Channels that meet in a bridge belong to the oldest one's conversation.
    pub fn met(&mut self, members: &[String]) {
        let roots: Vec<_> = members.iter().filter_map(|id| Some((id, self.root(id)?))).collect();
        let Some(oldest) = roots.iter().map(|(_, root)| *root).min_by_key(|root| age(&root.channel)) else {
            return;
        };
        let oldest = oldest.channel.id.clone();
        let joining: Vec<_> = roots
            .iter()
            .filter(|(_, root)| root.channel.id != oldest)
            .map(|(id, _)| (*id).clone())
            .collect();
        for id in joining {
            if let Some(known) = self.known.get_mut(&id) {
                known.joined = Some(oldest.clone());
            }
        }
    }

    /// The channel that a channel's conversation began with.
    fn root(&self, id: &str) -> Option<&Known> {
        self.chain(id).last()
    }

    /// From a channel back to the one its conversation began with.
    fn chain(&self, id: &str) -> impl Iterator<Item = &Known> {
        let next = |known: &&Known| {
            let next = [&known.passed_to, &known.joined, &known.parent]
                .into_iter()
                .find_map(Option::as_deref);
            self.known.get(next?)
        };
        std::iter::successors(self.known.get(id), next).take(LONGEST_CHAIN)
    }

    /// The conversation's id as far as events tell: the first channel's id. `None` while the channel
    /// is alone and was brought by somebody unseen, or the chain ends in plumbing.
    pub fn conversation(&self, id: &str, brought: bool) -> Option<&str> {
        let root = &self.root(id)?.channel;
        if root.name.starts_with("Local/") || (brought && root.id == id) {
            return None;
        }
        Some(&root.id)
    }

    /// The channel that brought this one, seen through plumbing.
    pub fn caller_of(&self, id: &str) -> Option<&Known> {
        self.brought_by(id).find(|known| !known.channel.name.starts_with("Local/"))
    }

    /// Everything that brought this channel, nearest first; bridges do not count.
    pub fn brought_by(&self, id: &str) -> impl Iterator<Item = &Known> {
        let next = |known: &&Known| self.known.get(known.parent.as_deref()?);
        std::iter::successors(self.known.get(id).and_then(|known| next(&known)), next).take(LONGEST_CHAIN)
    }

    /// The newest recording that holds this channel's conversation: on the first channel, else on
    /// whatever brought it, else on itself (REPORT rule 8); of these, on one that `counts`.
    pub fn recording(&self, id: &str, conversation: Option<&str>, counts: impl Fn(&Known) -> bool) -> Option<&str> {
        let first = conversation.and_then(|id| self.known.get(id));
        let own = self.known.get(id);
        let mut places = first.into_iter().chain(self.root(id)).chain(self.brought_by(id)).chain(own);
        places.find_map(|known| known.recording.as_deref().filter(|_| counts(known)))
    }

    /// Forgets everything: the PBX restarted.
    pub fn clear(&mut self) {
        self.known.clear();
        self.lines.clear();
    }
}

/// Whether a channel that was just heard of called the PBX, as far as it shows.
fn came_in(channel: &Channel) -> bool {
    channel.state == State::Ring || (channel.state == State::Up && !channel.was_dialled())
}

/// Older first: by creation, then by the counter behind the dot of `epoch.counter`.
fn age(channel: &Channel) -> (Moment, u64, &str) {
    let counter = channel.id.rsplit_once('.').and_then(|(_, n)| n.parse().ok()).unwrap_or(u64::MAX);
    (channel.created.unwrap_or(Moment(i64::MAX)), counter, &channel.id)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ari::wire::{Party, State};

    pub fn channel(id: &str, name: &str, created: i64) -> Channel {
        Channel {
            id: id.into(),
            name: name.into(),
            state: State::Up,
            caller: Party::default(),
            connected: Party::default(),
            context: String::new(),
            exten: String::new(),
            app: String::new(),
            app_data: String::new(),
            created: Some(Moment(created)),
            linked: None,
        }
    }

    fn seen(list: &[(&str, &str, i64)]) -> Channels {
        let mut channels = Channels::of("PJSIP/101".into(), Region::default());
        for (id, name, created) in list {
            channels.see(&channel(id, name, *created));
        }
        channels
    }

    #[test]
    fn a_dialled_channel_belongs_to_its_callers_conversation_also_through_local_halves() {
        let mut channels = seen(&[
            ("1.0", "PJSIP/trunk-0", 10),
            ("1.1", "Local/101@x-1;1", 20),
            ("1.2", "Local/101@x-1;2", 20),
            ("1.3", "PJSIP/101-3", 30),
        ]);
        channels.dialled("1.2", "1.3");
        assert_eq!(channels.conversation("1.3", true), None);
        channels.dialled("1.0", "1.1");
        assert_eq!(channels.conversation("1.3", true), Some("1.0"));
        assert_eq!(channels.caller_of("1.3").map(|known| known.channel.id.as_str()), Some("1.0"));
    }

    #[test]
    fn channels_that_meet_take_the_oldest_conversation_and_the_one_they_came_from_keeps_its_own() {
        let mut channels = seen(&[("1.3", "PJSIP/trunk-0", 10), ("1.5", "PJSIP/101-1", 20), ("1.6", "PJSIP/102-2", 30)]);
        channels.dialled("1.5", "1.6");
        assert_eq!(channels.conversation("1.6", true), Some("1.5"));
        channels.met(&["1.3".into(), "1.6".into()]);
        assert_eq!(channels.conversation("1.6", true), Some("1.3"));
        assert_eq!(channels.conversation("1.5", false), Some("1.5"));
    }

    #[test]
    fn circles_and_crowds_do_no_harm() {
        let mut channels = seen(&[("a", "PJSIP/trunk-0", 1), ("b", "PJSIP/101-1", 1)]);
        channels.dialled("a", "b");
        channels.dialled("b", "a");
        channels.dialled("a", "a");
        channels.met(&["a".into(), "b".into(), "c".into()]);
        assert_eq!(channels.conversation("b", true), Some("a"));
        for n in 0..2000 {
            channels.see(&channel(&format!("x{n}"), "PJSIP/trunk-9", n));
        }
        assert!(channels.known.len() <= MOST_CHANNELS);
    }
}
