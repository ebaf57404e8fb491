//! Where a caller is whose call one phone did not answer: gone, waiting, or talking to somebody.
//!
//! A queue, a hunt group or voicemail goes on with a caller after a phone's leg has ended. The channel with which the
//! conversation began tells, as long as it is there; where its id did not become known in time (a phone that was busy
//! refuses within milliseconds), the caller's number finds it.

use super::bridges::{Bridges, Plumbing};
use super::channels::Channels;
use super::exchange::Agent;
use super::wire;
use crate::port::Whereabouts;
use calls::{ConversationId, Moment};
use serde_json::Value;

/// Whether a channel hears anybody at all, by the answer of `GET /bridges`.
pub fn shares_a_bridge(bridges: &Value, channel: &str) -> bool {
    let is_in = |bridge: &wire::Bridge| bridge.members.iter().any(|member| member == channel);
    wire::bridges(bridges)
        .iter()
        .any(|bridge| !bridge.holding && bridge.members.len() > 1 && is_in(bridge))
}

/// Reads the answers of `GET /channels` and `GET /bridges`.
pub fn find(channels: &Value, bridges: &Value, conversation: Option<&str>, number: &str, agent: &Agent) -> Whereabouts {
    let mut known = Channels::of(agent.line(), agent.region);
    for channel in wire::channels(channels) {
        known.see(&channel);
    }
    let mut held = Bridges::default();
    for bridge in wire::bridges(bridges) {
        held.hold(&bridge, Moment(0), |_| false);
    }
    let caller = match conversation {
        Some(conversation) => known.get(conversation).map(|_| conversation.to_owned()),
        None => known.calling(number).next(),
    };
    let Some(caller) = caller else { return Whereabouts::Gone };
    let people = held.people(&caller, &known, Plumbing::Nobody);
    let is_ours = |id: &String| known.get(id).is_some_and(|known| agent.owns(&known.channel));
    if people.is_empty() || people.iter().any(is_ours) {
        Whereabouts::Waits(ConversationId::new(caller))
    } else {
        Whereabouts::Talks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn channel(id: &str, name: &str, state: &str, caller: &str) -> Value {
        json!({"id": id, "name": name, "state": state, "caller": {"number": caller, "name": ""},
               "connected": {"number": "", "name": ""}})
    }

    fn bridge(kind: &str, members: &[&str]) -> Value {
        json!({"id": "b", "technology": "simple_bridge", "bridge_type": kind, "bridge_class": "basic", "channels": members})
    }

    #[test]
    fn a_caller_is_gone_waits_or_talks_to_somebody_else() {
        let trunk = || channel("1.0", "PJSIP/trunk-1", "Up", "79161234567");
        let phone = |extension: &str| channel("1.2", &format!("PJSIP/{extension}-2"), "Up", "x");
        let waits = || Whereabouts::Waits(ConversationId::new("1.0"));
        let table = [
            ("gone", json!([]), json!([]), Whereabouts::Gone),
            ("in a queue", json!([trunk()]), json!([]), waits()),
            (
                "answered",
                json!([trunk(), phone("102")]),
                json!([bridge("mixing", &["1.0", "1.2"])]),
                Whereabouts::Talks,
            ),
            (
                "at our own phone",
                json!([trunk(), phone("101")]),
                json!([bridge("mixing", &["1.0", "1.2"])]),
                waits(),
            ),
            (
                "hears music",
                json!([trunk(), phone("102")]),
                json!([bridge("holding", &["1.0", "1.2"])]),
                waits(),
            ),
            (
                "recorded",
                json!([trunk(), channel("1.2", "Recorder/ARI-1", "Up", "")]),
                json!([bridge("mixing", &["1.0", "1.2"])]),
                waits(),
            ),
            ("nonsense", json!("x"), json!({"a": 1}), Whereabouts::Gone),
        ];
        for (what, channels, bridges, expected) in table {
            for conversation in [Some("1.0"), None] {
                let found = find(&channels, &bridges, conversation, "79161234567", &Agent::pjsip("101"));
                assert_eq!(found, expected, "{what}, {conversation:?}");
            }
        }
        let other = find(&json!([trunk()]), &json!([]), None, "79990000000", &Agent::pjsip("101"));
        assert_eq!(other, Whereabouts::Gone, "another caller");
    }
}
