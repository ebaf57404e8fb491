//! Made-up channels, bridges and calls without end: what is kept stays bounded, and the agent's own call is not lost.

use super::*;
use crate::ari::bridges::Plumbing;
use calls::HungUpBy;

/// Enough for all that is kept, and little for a computer, bytes of its debug text.
const MOST_KEPT: usize = 64 << 20;

impl Scene {
    /// The agent talks to the client: `1.1` called, `1.2` is the agent's leg.
    fn talking() -> Self {
        let mut scene = Self::new();
        scene.about("ChannelCreated", &client("1.1", "Ring"));
        let begin = dial(Some(&client("1.1", "Ring")), &rung("1.2", "Ringing"), "");
        scene.play(&begin);
        scene.about("ChannelStateChange", &rung("1.2", "Up"));
        scene.play(&entered(&["1.1", "1.2"], &client("1.1", "Up")));
        let told = scene.play(&entered(&["1.1", "1.2"], &rung("1.2", "Up")));
        assert!(scene.translator.legs["1.2"].talking.is_some(), "{told:?}");
        scene
    }

    fn kept(&self) -> usize {
        let of = &self.translator;
        format!("{:?}{:?}{:?}{:?}{:?}", of.channels, of.bridges, of.legs, of.ended_ids, of.elsewhere).len()
    }

    /// The client hangs up: the agent's call ends as it should.
    fn ends_well(&mut self) {
        assert!(self.translator.channels.get("1.1").is_some() && self.translator.channels.get("1.2").is_some());
        let heard = self.translator.bridges.people("1.2", &self.translator.channels, Plumbing::Nobody);
        assert_eq!(heard, ["1.1"]);
        let request = json!({"type": "ChannelHangupRequest", "cause": 16, "channel": client("1.1", "Up")});
        self.play(&request);
        let told = self.play(&json!({"type": "ChannelDestroyed", "cause": 16, "channel": rung("1.2", "Up")}));
        let ended = told.iter().find_map(|event| match event {
            PbxEvent::Call(call) if call.leg.as_str() == "1.2" => match &call.kind {
                CallEventKind::Ended { disposition, by, .. } => Some((*disposition, *by)),
                _ => None,
            },
            _ => None,
        });
        assert_eq!(ended, Some((Disposition::Answered, HungUpBy::Remote)), "{told:?}");
    }
}

fn long(text: &str) -> String {
    format!("{text}{}", "\u{1f4de}".repeat(10_000))
}

#[test]
fn channels_without_end_with_names_without_end_are_forgotten_and_the_agents_call_is_not() {
    let mut scene = Scene::talking();
    for n in 0..600 {
        let name = long(&format!("PJSIP/{n}-"));
        let channel = with(chan(&format!("2.{n}"), &name, "Ring"), "/caller/name", &name);
        scene.about("ChannelCreated", &channel);
    }
    let kept = scene.kept();
    assert!(kept < MOST_KEPT, "{kept}");
    scene.ends_well();
}

#[test]
fn a_long_talk_is_known_to_its_end_while_the_office_makes_thousands_of_calls() {
    let mut scene = Scene::talking();
    for n in 0..300 {
        let (caller, phone) = (
            chan(&format!("2.{n}"), &format!("PJSIP/trunk-2{n}"), "Up"),
            chan(&format!("3.{n}"), &format!("PJSIP/102-3{n}"), "Up"),
        );
        scene.about("ChannelCreated", &caller);
        scene.play(&dial(Some(&caller), &phone, "ANSWER"));
        let mut met = entered(&[&format!("2.{n}"), &format!("3.{n}")], &phone);
        met["bridge"]["id"] = json!(format!("b{n}"));
        scene.play(&met);
    }
    scene.ends_well();
}

#[test]
fn bridges_without_end_and_full_of_people_are_let_go_and_the_agents_own_is_not() {
    let mut scene = Scene::talking();
    for n in 0..700 {
        let members: Vec<String> = (0..if n < 60 { 300 } else { 2 })
            .map(|m| format!("{n}-{m}-{}", "x".repeat(200)))
            .collect();
        let bridge = json!({"id": format!("x{}", n % 700), "channels": members, "bridge_type": "mixing"});
        // All at the same time: none of them is older than the other.
        let frame = json!({"type": "ChannelEnteredBridge", "timestamp": "2026-11-22T06:00:00.000+0000",
            "channel": chan(&format!("2.{n}"), "PJSIP/trunk-9", "Up"), "bridge": bridge});
        scene.play(&frame);
    }
    let kept = scene.kept();
    assert!(kept < MOST_KEPT, "{kept}");
    scene.ends_well();
}

#[test]
fn a_call_that_rings_everywhere_for_ever_is_kept_in_part() {
    let mut scene = Scene::talking();
    let caller = client("2.1", "Ring");
    for n in 0..1_000 {
        scene.play(&dial(
            Some(&caller),
            &chan(&format!("3.{n}"), &format!("PJSIP/{n}-1"), "Ringing"),
            "RINGING",
        ));
    }
    let rung = scene.translator.channels.get("2.1").map(|known| known.rings.len());
    assert_eq!(rung, Some(512));
    scene.ends_well();
}

#[test]
fn calls_at_the_agents_phone_without_end_are_let_go_and_said_and_the_one_that_talks_is_not() {
    let mut scene = Scene::talking();
    let mut living = Vec::new();
    let mut most = 0;
    for n in 0..500 {
        for event in scene.play(&json!({"type": "ChannelStateChange", "channel": rung(&format!("2.{n}"), "Ringing")})) {
            match event {
                PbxEvent::Resync { live, .. } => living = live.into_iter().map(|leg| leg.0).collect(),
                PbxEvent::Call(call) if matches!(call.kind, CallEventKind::Offered { .. }) => living.push(call.leg.0),
                PbxEvent::Call(_) | PbxEvent::Link { .. } | PbxEvent::Phone { .. } => {}
            }
        }
        most = most.max(living.len());
    }
    assert!(most <= MOST_LEGS + 1, "what is told to be alive is bounded too: {most}");
    assert!(living.contains(&"1.2".to_owned()) || scene.translator.legs.contains_key("1.2"));
    scene.ends_well();
}
