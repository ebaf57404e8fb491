//! The PBX's channels and bridges, and the single steps that change them. Every step publishes the
//! events a real Asterisk publishes for it, on the same topics.
//!
//! A step is instantaneous: `now` is set once per operation, so all events of it carry one time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    apps::{Apps, Topic},
    recordings::Recordings,
    wire::{ASTERISK_ID, Bridge, Cause, Channel, Party, Spot, State, timestamp},
};
use crate::AgentSeed;

/// The endpoint of the line to the outside world.
pub(crate) const TRUNK: &str = "trunk";

/// An agent's phone.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub name: String,
    pub registered: bool,
}

/// What a new channel is made from.
pub(crate) struct NewLeg<'a> {
    pub endpoint: &'a str,
    pub state: State,
    pub caller: Party,
    pub context: &'a str,
    pub exten: &'a str,
    /// An id of the client's choice (originate).
    pub id: Option<&'a str>,
    /// The conversation it belongs to; `None` starts one.
    pub linked_id: Option<&'a str>,
}

/// The state of the PBX.
pub(crate) struct Switchboard {
    pub now: Timestamp,
    pub apps: Apps,
    pub phones: BTreeMap<String, Phone>,
    pub channels: BTreeMap<String, Channel>,
    pub bridges: BTreeMap<String, Bridge>,
    pub recordings: Recordings,
    pub globals: BTreeMap<String, String>,
    pub started: Timestamp,
    devices: BTreeMap<String, &'static str>,
    counter: u64,
    serial: u32,
}

impl Switchboard {
    pub(crate) fn new(agents: &[AgentSeed], speed: f32) -> Self {
        let phone = |agent: &AgentSeed| {
            (
                agent.extension.clone(),
                Phone {
                    name: agent.caller_name.clone(),
                    registered: true,
                },
            )
        };
        let now = Timestamp::now();
        Self {
            now,
            apps: Apps::default(),
            phones: agents.iter().map(phone).collect(),
            channels: BTreeMap::new(),
            bridges: BTreeMap::new(),
            recordings: Recordings::new(speed),
            globals: BTreeMap::new(),
            started: now,
            devices: BTreeMap::new(),
            counter: 0,
            serial: 0,
        }
    }

    /// All calls are gone, without a word; channel names start over, ids do not.
    pub(crate) fn restart(&mut self) {
        self.channels.clear();
        self.bridges.clear();
        self.devices.clear();
        self.recordings.abandon();
        self.globals.clear();
        self.serial = 0;
        self.started = Timestamp::now();
    }

    pub(crate) fn endpoint_exists(&self, endpoint: &str) -> bool {
        endpoint == TRUNK || self.phones.contains_key(endpoint)
    }

    pub(crate) fn endpoint_json(&self, endpoint: &str) -> Value {
        let online = self.phones.get(endpoint).is_none_or(|phone| phone.registered);
        let mut channels: Vec<&Channel> = self.channels.values().filter(|channel| channel.endpoint == endpoint).collect();
        channels.sort_by(|a, b| (b.created, &b.name).cmp(&(a.created, &a.name)));
        json!({
            "technology": "PJSIP",
            "resource": endpoint,
            "state": if online { "online" } else { "offline" },
            "channel_ids": channels.iter().map(|channel| &channel.id).collect::<Vec<_>>(),
        })
    }

    fn publish(&mut self, topic: Topic<'_>, kind: &str, mut event: Value) {
        event["type"] = json!(kind);
        event["timestamp"] = json!(timestamp(self.now));
        event["asterisk_id"] = json!(ASTERISK_ID);
        self.apps.publish(topic, &event);
    }

    /// Publishes an event on a channel's own topic, with the channel in it.
    pub(crate) fn about(&mut self, id: &str, kind: &str, mut event: Value) {
        let Some(channel) = self.channels.get(id) else { return };
        let endpoint = channel.endpoint.clone();
        event["channel"] = channel.json();
        self.publish(Topic::Channel(id, &endpoint), kind, event);
    }

    /// Publishes a bridge event as it is.
    pub(crate) fn about_bridges(&mut self, kind: &str, event: Value) {
        self.publish(Topic::Bridges, kind, event);
    }

    fn endpoint_changed(&mut self, endpoint: &str) {
        let event = json!({"endpoint": self.endpoint_json(endpoint)});
        self.publish(Topic::EndpointState(endpoint), "EndpointStateChange", event);
    }

    /// A new channel; returns its id.
    pub(crate) fn create(&mut self, leg: NewLeg<'_>) -> String {
        let NewLeg {
            endpoint,
            state,
            caller,
            context,
            exten,
            id,
            linked_id,
        } = leg;
        let id = id.map_or_else(|| format!("{}.{}", self.now.as_second(), self.counter), str::to_owned);
        self.counter += 1;
        let channel = Channel {
            id: id.clone(),
            endpoint: endpoint.to_owned(),
            name: format!("PJSIP/{endpoint}-{:08x}", self.serial),
            state,
            protocol_id: String::new(),
            caller,
            connected: Party::default(),
            spot: Spot {
                context: context.to_owned(),
                exten: exten.to_owned(),
                priority: 1,
                ..Spot::default()
            },
            created: self.now,
            linked_id: linked_id.unwrap_or(&id).to_owned(),
            vars: BTreeMap::new(),
            presentation: "allowed_not_screened",
            dnid: if state == State::Ring { exten.to_owned() } else { String::new() },
            bridge: None,
            on_hold: false,
            recordings: Vec::new(),
        };
        self.serial += 1;
        self.channels.insert(id.clone(), channel);
        self.endpoint_changed(endpoint);
        self.about(&id, "ChannelCreated", json!({}));
        // The SIP Call-ID is not known yet when the channel is announced.
        let call_id = if state == State::Ring {
            format!("1-{}@127.0.2.1", 1000 + self.counter)
        } else {
            Uuid::new_v4().to_string()
        };
        self.change(&id, |channel| channel.protocol_id = call_id);
        id
    }

    /// Changes a channel without a word.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Channel)) {
        if let Some(channel) = self.channels.get_mut(id) {
            change(channel);
        }
    }

    pub(crate) fn party(&self, id: &str) -> Party {
        self.channels.get(id).map(|channel| channel.caller.clone()).unwrap_or_default()
    }

    pub(crate) fn name(&self, id: &str) -> String {
        self.channels.get(id).map(|channel| channel.name.clone()).unwrap_or_default()
    }

    pub(crate) fn endpoint(&self, id: &str) -> String {
        self.channels.get(id).map(|channel| channel.endpoint.clone()).unwrap_or_default()
    }

    pub(crate) fn is_up(&self, id: &str) -> bool {
        self.channels.get(id).is_some_and(|channel| channel.state == State::Up)
    }

    /// Sets a channel variable.
    pub(crate) fn set(&mut self, id: &str, variable: &str, value: &str) {
        self.change(id, |channel| {
            channel.vars.insert(variable.to_owned(), value.to_owned());
        });
        self.about(id, "ChannelVarset", json!({"variable": variable, "value": value}));
    }

    /// Sets a global variable.
    pub(crate) fn set_global(&mut self, variable: &str, value: &str) {
        self.globals.insert(variable.to_owned(), value.to_owned());
        let event = json!({"variable": variable, "value": value});
        self.publish(Topic::System, "ChannelVarset", event);
    }

    /// Runs a dialplan application: the channel is now at this priority of its extension.
    pub(crate) fn run(&mut self, id: &str, priority: u32, app: &str, data: &str) {
        self.change(id, |channel| {
            channel.spot.priority = priority;
            channel.spot.app = app.to_owned();
            channel.spot.data = data.to_owned();
        });
        self.about(id, "ChannelDialplan", json!({"dialplan_app": app, "dialplan_app_data": data}));
    }

    /// Moves a channel to another place in the dialplan without a word.
    pub(crate) fn jump(&mut self, id: &str, context: &str, exten: &str) {
        self.change(id, |channel| {
            channel.spot.context = context.to_owned();
            channel.spot.exten = exten.to_owned();
            channel.spot.priority = 1;
        });
    }

    pub(crate) fn set_state(&mut self, id: &str, state: State) {
        self.change(id, |channel| channel.state = state);
        self.about(id, "ChannelStateChange", json!({}));
    }

    /// Tells a channel who is at the other end, if that is news.
    pub(crate) fn connect_line(&mut self, id: &str, party: Party) {
        if self.channels.get(id).is_some_and(|channel| channel.connected != party) {
            self.change(id, |channel| channel.connected = party);
            self.about(id, "ChannelConnectedLine", json!({}));
        }
    }

    pub(crate) fn caller_id(&mut self, id: &str, party: Party) {
        self.change(id, |channel| channel.caller = party);
        let event = json!({"caller_presentation": 0, "caller_presentation_txt": "Presentation Allowed, Not Screened"});
        self.about(id, "ChannelCallerId", event);
    }

    /// A step of dialling, published on the caller's topic or, without a caller, on the peer's.
    pub(crate) fn dial(&mut self, caller: Option<&str>, peer: &str, status: &str, string: &str) {
        let Some(peer_json) = self.channels.get(peer).map(Channel::json) else {
            return;
        };
        let mut event = json!({"dialstatus": status, "forward": "", "dialstring": string, "peer": peer_json});
        if let Some(channel) = caller.and_then(|caller| self.channels.get(caller)) {
            event["caller"] = channel.json();
        }
        let topic = caller.unwrap_or(peer).to_owned();
        let endpoint = self.endpoint(&topic);
        self.publish(Topic::Channel(&topic, &endpoint), "Dial", event);
    }

    pub(crate) fn create_bridge(&mut self) -> String {
        let id = Uuid::new_v4().to_string();
        let bridge = Bridge {
            id: id.clone(),
            channels: Vec::new(),
            created: self.now,
        };
        let event = json!({"bridge": bridge.json()});
        self.bridges.insert(id.clone(), bridge);
        self.about_bridges("BridgeCreated", event);
        id
    }

    pub(crate) fn enter(&mut self, bridge: &str, id: &str) {
        if let Some(bridge) = self.bridges.get_mut(bridge) {
            bridge.channels.push(id.to_owned());
        }
        self.change(id, |channel| channel.bridge = Some(bridge.to_owned()));
        for name in self.recordings_of(id) {
            self.recordings.resume(&name);
        }
        self.bridge_member("ChannelEnteredBridge", bridge, id);
    }

    pub(crate) fn leave(&mut self, bridge: &str, id: &str) {
        if let Some(bridge) = self.bridges.get_mut(bridge) {
            bridge.channels.retain(|member| member != id);
        }
        self.change(id, |channel| channel.bridge = None);
        for name in self.recordings_of(id) {
            self.recordings.pause(&name);
        }
        self.bridge_member("ChannelLeftBridge", bridge, id);
    }

    fn recordings_of(&self, id: &str) -> Vec<String> {
        self.channels.get(id).map(|channel| channel.recordings.clone()).unwrap_or_default()
    }

    /// Starts a recording that hangs on a channel; `name` without folder and `.wav`.
    pub(crate) fn record(&mut self, id: &str, name: &str) {
        self.recordings.open(name);
        self.change(id, |channel| {
            channel.recordings.push(name.to_owned());
            channel.vars.insert("CDR(recordingfile)".to_owned(), format!("{name}.wav"));
        });
    }

    fn bridge_member(&mut self, kind: &str, bridge: &str, id: &str) {
        let (Some(bridge), Some(channel)) = (self.bridges.get(bridge), self.channels.get(id)) else {
            return;
        };
        let event = json!({"bridge": bridge.json(), "channel": channel.json()});
        self.about_bridges(kind, event);
    }

    pub(crate) fn destroy_bridge(&mut self, bridge: &str) {
        let Some(bridge) = self.bridges.remove(bridge) else { return };
        self.about_bridges("BridgeDestroyed", json!({"bridge": bridge.json()}));
    }

    /// Asks a channel to hang up. Who hung up is the first without `soft`.
    pub(crate) fn request_hangup(&mut self, id: &str, cause: Option<Cause>, soft: bool) {
        let mut event = json!({});
        if let Some(cause) = cause {
            event["cause"] = json!(cause.code);
            if let Some(sip) = cause.sip {
                event["tech_cause"] = json!(sip);
            }
        }
        if soft {
            event["soft"] = json!(true);
        }
        self.about(id, "ChannelHangupRequest", event);
    }

    /// Ends a channel.
    pub(crate) fn destroy(&mut self, id: &str, cause: Cause) {
        let dialplan_leg = self.channels.get(id).is_some_and(|channel| !channel.spot.app.starts_with("App"));
        if dialplan_leg {
            self.change(id, |channel| {
                channel.spot.app.clear();
                channel.spot.data.clear();
            });
        }
        let mut event = json!({"cause": cause.code, "cause_txt": cause.text()});
        if let Some(sip) = cause.sip {
            event["tech_cause"] = json!(sip);
        }
        self.about(id, "ChannelDestroyed", event);
        let Some(channel) = self.channels.remove(id) else { return };
        for name in &channel.recordings {
            self.recordings.close(name);
        }
        self.endpoint_changed(&channel.endpoint);
        self.devices_changed(&[&channel.endpoint]);
    }

    /// Publishes the device states that are news for these endpoints, and what follows for the queue.
    pub(crate) fn devices_changed(&mut self, endpoints: &[&str]) {
        for endpoint in endpoints {
            let state = self.device_state(endpoint);
            self.device(&format!("PJSIP/{endpoint}"), state);
        }
        if endpoints.iter().any(|endpoint| *endpoint != TRUNK) && !self.phones.is_empty() {
            let free = |endpoint: &String| self.device_state(endpoint) == "NOT_INUSE";
            let state = if self.phones.keys().take(2).any(free) {
                "NOT_INUSE"
            } else {
                "INUSE"
            };
            self.device("Queue:support_avail", state);
        }
    }

    /// Publishes a device state if it is news.
    pub(crate) fn device(&mut self, name: &str, state: &'static str) {
        let before = self.devices.insert(name.to_owned(), state);
        if before.unwrap_or("NOT_INUSE") != state {
            let event = json!({"device_state": {"name": name, "state": state}});
            self.publish(Topic::Device(name), "DeviceStateChanged", event);
        }
    }

    fn device_state(&self, endpoint: &str) -> &'static str {
        let legs: Vec<&Channel> = self.channels.values().filter(|channel| channel.endpoint == endpoint).collect();
        let held = |leg: &&Channel| {
            let bridge = leg.bridge.as_ref().and_then(|bridge| self.bridges.get(bridge));
            bridge.is_some_and(|bridge| {
                let others = bridge.channels.iter().filter(|id| **id != leg.id);
                others.filter_map(|id| self.channels.get(id)).any(|other| other.on_hold)
            })
        };
        if legs.is_empty() {
            "NOT_INUSE"
        } else if legs.iter().any(held) {
            "ONHOLD"
        } else if legs.iter().any(|leg| matches!(leg.state, State::Up | State::Ring)) {
            "INUSE"
        } else if legs.iter().any(|leg| leg.state == State::Ringing) {
            "RINGING"
        } else {
            "NOT_INUSE"
        }
    }

    /// Registers or unregisters a phone. False when there is no such extension.
    pub(crate) fn register(&mut self, extension: &str, online: bool) -> bool {
        let Some(phone) = self.phones.get_mut(extension) else {
            return false;
        };
        if phone.registered == online {
            return true;
        }
        phone.registered = online;
        let endpoint = self.endpoint_json(extension);
        let status = if online { "Reachable" } else { "Unreachable" };
        let contact = if online { "NonQualified" } else { "Removed" };
        let event = json!({"endpoint": endpoint, "peer": {"peer_status": status}});
        self.publish(Topic::Endpoint(extension), "PeerStatusChange", event);
        let event = json!({"endpoint": endpoint, "contact_info": {
            "uri": format!("sip:{extension}@127.0.1.101:5060"),
            "contact_status": contact,
            "aor": extension,
            "roundtrip_usec": "0",
        }});
        self.publish(Topic::Endpoint(extension), "ContactStatusChange", event);
        self.device(&format!("PJSIP/{extension}"), if online { "NOT_INUSE" } else { "UNAVAILABLE" });
        true
    }

    /// The quality figures a channel leaves behind; the bridged peer gets its own copy.
    pub(crate) fn rtp_figures(&mut self, id: &str, peer: Option<&str>) {
        for (name, value) in [
            (
                "RTPAUDIOQOS",
                "ssrc=1763432397;themssrc=3390111744;lp=0;rxjitter=0.000000;rxcount=200;txjitter=0.001125;txcount=200;rlp=0;rtt=0.000000;rxmes=0.000000;txmes=0.000000",
            ),
            (
                "RTPAUDIOQOSJITTER",
                "minrxjitter=000.000000;maxrxjitter=000.003250;avgrxjitter=000.000982;stdevrxjitter=000.000722;mintxjitter=000.000000;maxtxjitter=000.000000;avgtxjitter=000.000000;stdevtxjitter=000.000000;",
            ),
            (
                "RTPAUDIOQOSLOSS",
                "  minrxlost=000.000000;  maxrxlost=000.000000;  avgrxlost=000.000000;  stdevrxlost=000.000000;  mintxlost=000.000000;  maxtxlost=000.000000;  avgtxlost=000.000000;  stdevtxlost=000.000000;",
            ),
            (
                "RTPAUDIOQOSRTT",
                "     minrtt=000.000000;     maxrtt=000.000000;     avgrtt=000.000000;     stdevrtt=000.000000;",
            ),
            (
                "RTPAUDIOQOSMES",
                "   minrxmes=000.000000;   maxrxmes=000.000000;   avgrxmes=000.000000;   stdevrxmes=000.000000;   mintxmes=000.000000;   maxtxmes=000.000000;   avgtxmes=000.000000;   stdevtxmes=000.000000;",
            ),
        ] {
            self.set(id, name, value);
            if let Some(peer) = peer {
                self.set(peer, &format!("{name}BRIDGED"), value);
            }
        }
    }
}
