//! Who hears whom: the members of all bridges in which people can talk.
//!
//! A bridge's events name all its members as they are afterwards, so each one is the whole truth about its bridge at
//! its time, whichever events were lost before or overtook it. Local channels are looked through: one half stands for whoever
//! hears the other half. Announcements, recorders and programs do not count as anybody.

use super::channels::Channels;
use super::lines::Side;
use super::wire::Bridge;
use calls::Moment;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const MOST_BRIDGES: usize = 512;
const MOST_CHANNELS: usize = 8_192;
/// Members of all bridges together; who comes late into a large conference is not followed.
const MOST_MEMBERS: usize = 4_096;
/// Local channels behind Local channels: more than these are not followed.
const DEEPEST: u8 = 6;

/// What to make of plumbing whose other half was never heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plumbing {
    /// It does not count: only who is known to be behind it does.
    Nobody,
    /// It counts as somebody: enough to say that the agent talks.
    Somebody,
}

/// The bridges that hold somebody.
#[derive(Debug, Default)]
pub struct Bridges {
    members: BTreeMap<String, Vec<String>>,
    /// The bridges by the time of their last news, the latest last.
    order: VecDeque<String>,
    /// When each channel was last said to be somewhere, or to have left: what comes late does not move it back.
    heard: BTreeMap<String, Moment>,
    /// Bridges that are gone, and when they went: a list that was made before still names them.
    gone: VecDeque<(String, Moment)>,
}

impl Bridges {
    /// A bridge held these channels at this time. Who waits in a holding bridge (parked, in a queue) hears nobody. When
    /// there are too many, the one with the oldest news is let go that holds none of the agent's `own` channels.
    pub fn hold(&mut self, bridge: &Bridge, at: Moment, own: impl Fn(&str) -> bool) {
        // A program may make another one of the same name.
        let is_before = |gone: &Moment| bridge.created.unwrap_or(at) <= *gone;
        if self.gone.iter().any(|(id, gone)| *id == bridge.id && is_before(gone)) {
            return;
        }
        self.forget_the_unheld();
        let before = self.members.remove(&bridge.id).unwrap_or_default();
        self.order.retain(|id| *id != bridge.id);
        let is_newer = |heard: &BTreeMap<String, Moment>, id: &String| heard.get(id).is_some_and(|heard| *heard > at);
        // Who came in the same millisecond may have come after this list was made.
        let is_as_new = |id: &String| self.heard.get(id).is_some_and(|heard| *heard >= at);
        let stay = before.into_iter().filter(|id| bridge.members.contains(id) || is_as_new(id));
        let mut members: Vec<String> = stay.collect();
        for id in &bridge.members {
            if is_newer(&self.heard, id) {
                continue;
            }
            self.leaves(id, at);
            if !bridge.holding && !members.contains(id) {
                members.push(id.clone());
            }
        }
        if bridge.holding {
            members.retain(|id| !bridge.members.contains(id));
        }
        members.truncate(MOST_MEMBERS);
        self.order.retain(|id| self.members.contains_key(id));
        if members.is_empty() {
            return;
        }
        let held: usize = self.members.values().map(Vec::len).sum();
        let mut over = (held + members.len()).saturating_sub(MOST_MEMBERS);
        let mut room = MOST_BRIDGES.saturating_sub(self.members.len());
        while over > 0 || room == 0 {
            let is_foreign = |id: &&String| self.members.get(*id).is_some_and(|members| !members.iter().any(|id| own(id)));
            let Some(oldest) = self.order.iter().find(is_foreign).cloned() else {
                return;
            };
            let gone = self.members.remove(&oldest).unwrap_or_default();
            self.order.retain(|id| *id != oldest);
            (over, room) = (over.saturating_sub(gone.len()), room + 1);
        }
        self.members.insert(bridge.id.clone(), members);
        self.order.push_back(bridge.id.clone());
    }

    /// A channel left whatever bridge it was in.
    pub fn leave(&mut self, channel: &str, at: Moment) {
        self.forget_the_unheld();
        self.leaves(channel, at);
    }

    /// When there are too many channels, those are forgotten that are in no bridge.
    fn forget_the_unheld(&mut self) {
        if self.heard.len() >= MOST_CHANNELS {
            let held: BTreeSet<&String> = self.members.values().flatten().collect();
            self.heard.retain(|id, _| held.contains(id));
        }
    }

    fn leaves(&mut self, channel: &str, at: Moment) {
        if self.heard.get(channel).is_some_and(|heard| *heard > at) {
            return;
        }
        // Whoever is in a bridge was heard of.
        if self.heard.insert(channel.into(), at).is_some() {
            self.forget(channel);
        }
    }

    /// A bridge is gone.
    pub fn emptied(&mut self, bridge: &str, at: Moment) {
        self.members.remove(bridge);
        if self.gone.len() >= MOST_BRIDGES {
            self.gone.pop_front();
        }
        self.gone.push_back((bridge.into(), at));
    }

    /// A channel is gone.
    pub fn ends(&mut self, channel: &str) {
        // A late frame that names it as a member does not bring it back, whatever its moment.
        self.leave(channel, Moment(i64::MAX));
    }

    fn forget(&mut self, channel: &str) {
        for members in self.members.values_mut() {
            members.retain(|member| member != channel);
        }
        self.members.retain(|_, members| !members.is_empty());
    }

    /// The bridge that a channel is in.
    fn around(&self, channel: &str) -> Option<&Vec<String>> {
        self.members.values().find(|members| members.iter().any(|member| member == channel))
    }

    /// Whether a channel shares a bridge with anything that is no machine.
    pub fn is_accompanied(&self, channel: &str, channels: &Channels) -> bool {
        let others = self.around(channel).into_iter().flatten();
        others.filter(|other| *other != channel).any(|other| !is_machine(other, channels))
    }

    /// The people whom a channel hears, in the order in which they came.
    pub fn people(&self, channel: &str, channels: &Channels, plumbing: Plumbing) -> Vec<String> {
        let mut people = Vec::new();
        self.gather(channel, channels, plumbing, DEEPEST, &mut people);
        people
    }

    fn gather(&self, channel: &str, channels: &Channels, plumbing: Plumbing, depth: u8, people: &mut Vec<String>) {
        for other in self.around(channel).into_iter().flatten().filter(|other| *other != channel) {
            let is_local = channels.get(other).is_some_and(|known| known.is_local());
            match channels.other_half(other) {
                Some(half) if is_local && depth > 0 => self.gather(&half.channel.id.clone(), channels, plumbing, depth - 1, people),
                None if is_local && plumbing == Plumbing::Nobody => {}
                Some(_) | None if !is_machine(other, channels) && !people.contains(other) => people.push(other.clone()),
                Some(_) | None => {}
            }
        }
    }

    /// The PBX's state is read anew, as it was at this time or later: only what was heard since is newer.
    pub fn renew(&mut self, asked_at: Moment) {
        self.heard.retain(|_, heard| *heard > asked_at);
        for members in self.members.values_mut() {
            members.retain(|member| self.heard.contains_key(member));
        }
        self.members.retain(|_, members| !members.is_empty());
    }

    /// Forgets everything: the PBX restarted.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

fn is_machine(id: &str, channels: &Channels) -> bool {
    channels.judge(id).is_some_and(|judged| judged.side == Side::Machine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ari::channels::tests::channel;
    use calls::Region;

    fn bridge(id: &str, members: &[&str]) -> Bridge {
        Bridge {
            id: id.into(),
            members: members.iter().map(|member| (*member).into()).collect(),
            created: None,
            holding: false,
        }
    }

    /// No channel is the agent's own.
    fn nobody(_: &str) -> bool {
        false
    }

    fn office() -> Channels {
        let mut channels = Channels::of("PJSIP/101".into(), Region::default());
        let list = [
            ("client", "PJSIP/trunk-1"),
            ("colleague", "PJSIP/102-2"),
            ("one", "Local/102@x-1;1"),
            ("two", "Local/102@x-1;2"),
            ("half", "Local/voicemail@x-2;1"),
            ("recorder", "Recorder/ARI-1"),
        ];
        for (n, (id, name)) in list.into_iter().enumerate() {
            channels.see(&channel(id, name, i64::try_from(n).unwrap_or_default()));
        }
        channels
    }

    #[test]
    fn plumbing_is_seen_through_and_machines_are_nobody() {
        let channels = office();
        let table: &[(&[&[&str]], &[&str])] = &[
            (&[&["client", "colleague"]], &["colleague"]),
            (&[&["client"]], &[]),
            (&[&["client", "recorder"]], &[]),
            (&[&["client", "one"]], &[]),
            (&[&["client", "one"], &["two", "colleague"]], &["colleague"]),
            (&[&["client", "half"]], &[]),
            (&[&["client", "stranger", "recorder", "colleague"]], &["stranger", "colleague"]),
        ];
        for (held, expected) in table {
            let mut bridges = Bridges::default();
            for (n, members) in held.iter().enumerate() {
                bridges.hold(&bridge(&n.to_string(), members), Moment(1), nobody);
            }
            assert_eq!(bridges.people("client", &channels, Plumbing::Nobody), *expected, "{held:?}");
        }
        let mut bridges = Bridges::default();
        bridges.hold(&bridge("b", &["client", "half"]), Moment(1), nobody);
        assert_eq!(bridges.people("client", &channels, Plumbing::Somebody), ["half"]);
    }

    #[test]
    fn a_channel_is_in_one_bridge_and_who_waits_or_left_is_heard_by_nobody() {
        let channels = office();
        let mut bridges = Bridges::default();
        bridges.hold(&bridge("b", &["client", "colleague"]), Moment(1), nobody);
        bridges.hold(&bridge("c", &["client"]), Moment(2), nobody);
        assert!(
            bridges.people("colleague", &channels, Plumbing::Nobody).is_empty(),
            "it went to another bridge"
        );
        bridges.hold(&bridge("c", &["client", "colleague"]), Moment(3), nobody);
        let parked = Bridge {
            holding: true,
            ..bridge("d", &["client"])
        };
        bridges.hold(&parked, Moment(4), nobody);
        assert!(bridges.people("colleague", &channels, Plumbing::Nobody).is_empty(), "it is parked");
        bridges.hold(&bridge("e", &["client", "colleague"]), Moment(5), nobody);
        bridges.hold(&bridge("b", &["client", "one"]), Moment(4), nobody);
        assert_eq!(bridges.people("colleague", &channels, Plumbing::Nobody), ["client"], "old news");
        bridges.leave("client", Moment(6));
        assert!(bridges.people("colleague", &channels, Plumbing::Nobody).is_empty(), "it left");
        bridges.hold(&bridge("e", &["colleague"]), Moment(6), nobody);
        bridges.hold(&bridge("e", &["client", "colleague"]), Moment(7), nobody);
        bridges.ends("client");
        bridges.hold(&bridge("e", &["client", "colleague"]), Moment(8), nobody);
        assert!(bridges.people("colleague", &channels, Plumbing::Nobody).is_empty(), "it ended");
        bridges.hold(&bridge("f", &["one", "colleague"]), Moment(9), nobody);
        bridges.emptied("f", Moment(10));
        assert!(
            bridges.people("colleague", &channels, Plumbing::Nobody).is_empty(),
            "the bridge is gone"
        );
        let old = Bridge {
            created: Some(Moment(9)),
            ..bridge("f", &["half", "colleague"])
        };
        bridges.hold(&old, Moment(11), nobody);
        assert!(
            bridges.people("colleague", &channels, Plumbing::Somebody).is_empty(),
            "a list of before names it still"
        );
        let new = Bridge {
            created: Some(Moment(12)),
            ..old
        };
        bridges.hold(&new, Moment(12), nobody);
        assert_eq!(bridges.people("colleague", &channels, Plumbing::Somebody).len(), 1, "another one");
    }

    #[test]
    fn what_was_heard_since_the_state_was_asked_for_is_newer_than_the_answer() {
        let channels = office();
        let mut bridges = Bridges::default();
        bridges.hold(&bridge("old", &["client", "half"]), Moment(1), nobody);
        bridges.hold(&bridge("b", &["colleague"]), Moment(5), nobody);
        bridges.leave("recorder", Moment(6));
        bridges.renew(Moment(4));
        bridges.hold(&bridge("b", &["colleague", "recorder", "client"]), Moment(4), nobody);
        bridges.hold(&bridge("c", &["colleague", "client"]), Moment(4), nobody);
        assert_eq!(bridges.around("client"), Some(&vec!["client".to_owned()]), "{bridges:?}");
        assert_eq!(bridges.around("colleague"), Some(&vec!["colleague".to_owned()]));
        assert_eq!(bridges.around("recorder"), None, "it had left");
        assert!(
            bridges.people("half", &channels, Plumbing::Somebody).is_empty(),
            "nobody saw it end"
        );
    }

    #[test]
    fn circles_of_plumbing_end() {
        let channels = office();
        let mut bridges = Bridges::default();
        bridges.hold(&bridge("b", &["one", "two", "client"]), Moment(1), nobody);
        assert!(bridges.people("client", &channels, Plumbing::Nobody).len() < 4);
    }
}
