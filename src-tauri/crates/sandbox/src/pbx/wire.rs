//! Channels and bridges as ARI shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

/// The PBX's own id in every event.
pub(crate) const ASTERISK_ID: &str = "02:fc:00:00:00:02";

/// A name and a number, as caller or connected line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Party {
    pub name: String,
    pub number: String,
}

impl Party {
    pub(crate) fn new(name: &str, number: &str) -> Self {
        Self {
            name: name.to_owned(),
            number: number.to_owned(),
        }
    }

    fn json(&self) -> Value {
        json!({"name": self.name, "number": self.number})
    }
}

/// What a channel is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Made, not ringing yet.
    Down,
    /// Calling into the PBX.
    Ring,
    /// Being rung.
    Ringing,
    /// Answered.
    Up,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Down => "Down",
            State::Ring => "Ring",
            State::Ringing => "Ringing",
            State::Up => "Up",
        }
    }
}

/// Where a channel is in the dialplan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub context: String,
    pub exten: String,
    pub priority: u32,
    pub app: String,
    pub data: String,
}

/// One leg of a call.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub id: String,
    /// `101`, `trunk`, …; the channel's name is `PJSIP/<endpoint>-<serial>`.
    pub endpoint: String,
    pub name: String,
    pub state: State,
    pub protocol_id: String,
    pub caller: Party,
    pub connected: Party,
    pub spot: Spot,
    pub created: Timestamp,
    /// The conversation's first channel.
    pub linked_id: String,
    pub vars: BTreeMap<String, String>,
    /// `CALLERID(num-pres)`.
    pub presentation: &'static str,
    /// `CALLERID(dnid)`: the number that was dialled, on the leg that came in.
    pub dnid: String,
    pub bridge: Option<String>,
    pub on_hold: bool,
    /// Names of the recordings that hang on this channel.
    pub recordings: Vec<String>,
}

impl Channel {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "state": self.state.word(),
            "protocol_id": self.protocol_id,
            "caller": self.caller.json(),
            "connected": self.connected.json(),
            "accountcode": "",
            "dialplan": {
                "context": self.spot.context,
                "exten": self.spot.exten,
                "priority": self.spot.priority,
                "app_name": self.spot.app,
                "app_data": self.spot.data,
            },
            "creationtime": timestamp(self.created),
            "language": "en",
        })
    }
}

/// A bridge: channels that hear each other.
#[derive(Clone, Debug)]
pub(crate) struct Bridge {
    pub id: String,
    pub channels: Vec<String>,
    pub created: Timestamp,
}

impl Bridge {
    pub(crate) fn json(&self) -> Value {
        let mut channels = self.channels.clone();
        channels.sort();
        json!({
            "id": self.id,
            "technology": "simple_bridge",
            "bridge_type": "mixing",
            "bridge_class": "basic",
            "creator": "",
            "name": "",
            "channels": channels,
            "creationtime": timestamp(self.created),
            "video_mode": "none",
        })
    }
}

/// Asterisk's own spelling, not RFC 3339: `2026-11-22T06:02:03.408+0000`.
pub(crate) fn timestamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// Why a channel ended: the Q.850 cause and, where there is one, the SIP code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    pub code: u16,
    pub sip: Option<u16>,
}

impl Cause {
    pub(crate) const NORMAL: Cause = Cause::plain(16);
    pub(crate) const UNKNOWN: Cause = Cause::plain(0);
    pub(crate) const ANSWERED_ELSEWHERE: Cause = Cause::plain(26);
    pub(crate) const BUSY: Cause = Cause::sip(17, 486);
    pub(crate) const DECLINED: Cause = Cause::sip(21, 603);
    pub(crate) const NO_ANSWER: Cause = Cause::sip(19, 480);
    pub(crate) const NO_ROUTE: Cause = Cause::sip(3, 404);
    /// The caller's leg when the caller gives up before an answer.
    pub(crate) const CANCELLED: Cause = Cause::sip(127, 487);
    /// The rung leg when the caller gives up before an answer.
    pub(crate) const CANCELLED_PEER: Cause = Cause::sip(127, 500);

    pub(crate) const fn plain(code: u16) -> Self {
        Self { code, sip: None }
    }

    pub(crate) const fn sip(code: u16, sip: u16) -> Self {
        Self { code, sip: Some(sip) }
    }

    pub(crate) fn text(self) -> &'static str {
        match self.code {
            1 => "Unallocated (unassigned) number",
            3 => "No route to destination",
            4 => "Send special information tone",
            16 => "Normal Clearing",
            17 => "User busy",
            18 => "No user responding",
            19 => "User alerting, no answer",
            20 => "Subscriber absent",
            21 => "Call Rejected",
            26 => "Answered elsewhere",
            34 => "Circuit/channel congestion",
            127 => "Interworking, unspecified",
            _ => "Unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_milliseconds_and_an_offset_without_colon() {
        let at: Timestamp = "2026-11-22T06:02:03.4089Z".parse().unwrap();
        assert_eq!(timestamp(at), "2026-11-22T06:02:03.408+0000");
    }
}
