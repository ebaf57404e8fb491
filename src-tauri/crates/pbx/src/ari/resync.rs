//! The state of the PBX after a (re)connect, and what follows from it.

use super::exchange::{Output, Snapshot};
use super::leg::{Asked, Leg};
use super::translate::Translator;
use super::wire::{self, Channel};
use super::{devices, peers};
use calls::Moment;
use serde_json::Value;
use std::collections::BTreeSet;

impl Translator {
    /// Takes the PBX's state after a (re)connect: facts about the live legs, then the list of them.
    pub fn snapshot(&mut self, snapshot: &Snapshot, received: Moment) -> Output {
        let mut out = Output::default();
        let restarted = self.notice_restart(&snapshot.info);
        if let Some(date) = snapshot.pbx_clock {
            self.clock.hear_date(date, received);
        }
        let at = self.on_pbx(received);
        let (set, now) = (self.clock.steady(Moment(0)), at);
        let since = |created: Option<Moment>| created.map_or(now, |created| created.plus_ms(set.0).min(now));
        self.channels.lines.desks(peers::desks(&snapshot.applications));
        let channels = wire::channels(&snapshot.channels);
        // Questions that were on their way when the line broke are asked again.
        self.legs.values_mut().for_each(|leg| leg.asked = Asked::default());
        for channel in &channels {
            self.see(channel, since(channel.created), received);
        }
        // Whom they dialled while the line was down was not seen.
        self.legs.values_mut().for_each(|leg| leg.whole = false);
        let asked_at = self.on_pbx(snapshot.asked_at);
        // Bridges that ended while nobody listened must hold nobody.
        self.bridges.renew(asked_at);
        for bridge in wire::bridges(&snapshot.bridges) {
            self.met_since(&bridge, asked_at, since(bridge.created));
        }
        self.taken_elsewhere(at, &mut out);
        if let Some(online) = wire::online(&snapshot.endpoint) {
            self.phone_is(online, &mut out);
        }
        self.forget_lost(&channels, restarted, snapshot.asked_at);
        self.settle(&mut out);
        out.events.push(self.living(received, restarted, snapshot.unseen_since));
        out
    }

    /// Legs that are gone, and that nobody saw end. Another device that is there goes on with the call.
    fn forget_lost(&mut self, channels: &[Channel], restarted: bool, asked_at: Moment) {
        let present: BTreeSet<_> = channels.iter().map(|channel| channel.id.as_str()).collect();
        let is_lost = |leg: &&Leg| {
            let is_gone = !present.contains(leg.id.as_str()) && (restarted || leg.heard < asked_at);
            is_gone && !leg.is_over() && leg.end.is_none()
        };
        let lost: BTreeSet<_> = self.legs.values().filter(is_lost).map(|leg| leg.id.clone()).collect();
        devices::hand_over(&mut self.legs, &lost);
        for id in lost {
            self.forget(&id);
        }
    }

    fn notice_restart(&mut self, info: &Value) -> bool {
        let Some(started) = info.pointer("/status/startup_time").and_then(Value::as_str) else {
            return false;
        };
        let before = self.started.replace(started.into());
        let restarted = before.is_some_and(|before| before != started);
        if restarted {
            self.channels.clear();
            self.bridges.clear();
            self.passed.clear();
            self.elsewhere.clear();
        }
        restarted
    }
}
