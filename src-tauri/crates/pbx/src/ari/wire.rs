//! ARI's JSON, read leniently: frames of the socket and answers of REST.
//!
//! Fields are taken by hand out of a JSON value instead of by derived types: a field with an
//! unexpected type is then just missing, and an event that matters (a leg ended) is not lost for
//! one that does not (its cause became a text). Only what an event is *about* must be there.

use crate::line::LARGEST_FRAME;
use crate::stats::FrameOutcome;
use calls::Moment;
use serde_json::Value;

/// Longer ids and names are cut: none of Asterisk's comes near.
const LONGEST_TEXT: usize = 512;
const MOST_MEMBERS: usize = 256;

/// A party: a number and a name, as the PBX wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    pub number: String,
    pub name: String,
}

/// The states of a channel that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Calling into the PBX.
    Ring,
    /// Being rung.
    Ringing,
    Up,
    Other,
}

/// A channel, as it stands in nearly every event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    pub id: String,
    pub name: String,
    pub state: State,
    pub caller: Party,
    pub connected: Party,
    pub context: String,
    pub exten: String,
    pub app: String,
    pub app_data: String,
    pub created: Option<Moment>,
    /// `CHANNEL(linkedid)`, where `ari.conf` sends it.
    pub linked: Option<String>,
}

impl Channel {
    /// The dialled number, where there is a real one: `s` and nothing mean «none».
    pub fn dialled(&self) -> Option<&str> {
        match self.exten.as_str() {
            "" | "s" | "h" | "i" | "t" => None,
            exten => Some(exten),
        }
    }
}

impl Channel {
    /// Whether it was dialled, and runs nothing of its own in the dialplan.
    pub fn was_dialled(&self) -> bool {
        self.app.starts_with("AppDial") || self.app == "AppQueue"
    }
}

/// A bridge: its members' channel ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    pub id: String,
    pub members: Vec<String>,
    pub created: Option<Moment>,
    /// Parking and the like: members hear music, not each other.
    pub holding: bool,
}

/// `dialstatus` of a `Dial` event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialStatus {
    Begin,
    Ringing,
    /// Progress, proceeding, and whatever else comes before the end.
    Underway,
    Answer,
    NoAnswer,
    Busy,
    Cancel,
    /// CONGESTION, CHANUNAVAIL and other refusals.
    Failed,
}

/// What a frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A channel that has just come: where in the dialplan it stands now is its endpoint's own context.
    Created(Channel),
    /// Something about a channel that its own fields tell: state, connected line, dialplan.
    Channel(Channel),
    CallerId {
        channel: Channel,
        hidden: bool,
    },
    Varset {
        channel: Channel,
        variable: String,
        value: String,
    },
    Hold(Channel),
    Unhold(Channel),
    HangupRequest {
        channel: Channel,
        soft: bool,
    },
    Destroyed {
        channel: Channel,
        cause: Option<u16>,
        sip: Option<u16>,
    },
    Dial {
        caller: Option<Channel>,
        peer: Channel,
        status: DialStatus,
        /// What the peer was dialled by; stands in the first event of a dial.
        target: String,
        forward: String,
    },
    /// A bridge is gone, or was poured into another one.
    Emptied(String),
    Entered {
        bridge: Bridge,
        channel: Channel,
    },
    Left {
        bridge: Bridge,
        channel: Channel,
    },
    BlindTransfer {
        by: Channel,
        transferee: Option<Channel>,
        exten: String,
        success: bool,
    },
    AttendedTransfer {
        first: Channel,
        second: Channel,
        transferee: Option<Channel>,
        target: Option<Channel>,
        success: bool,
    },
    Endpoint {
        technology: String,
        resource: String,
        online: Option<bool>,
    },
    Replaced,
    /// Of a known type, with nothing in it for us.
    Noted,
}

/// A frame with its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    pub kind: String,
    pub at: Option<Moment>,
    pub frame: Frame,
}

/// Known types that carry nothing for us (reference 2.4).
const NOTED: [&str; 25] = [
    "ApplicationRegistered",
    "ApplicationUnregistered",
    "BridgeCreated",
    "BridgeMerged",
    "BridgeVideoSourceChanged",
    "ChannelDtmfReceived",
    "ChannelTalkingFinished",
    "ChannelTalkingStarted",
    "ChannelToneDetected",
    "ChannelTransfer",
    "ChannelUserevent",
    "DeviceStateChanged",
    "MissingParams",
    "PlaybackContinuing",
    "PlaybackFinished",
    "PlaybackStarted",
    "RESTResponse",
    "RecordingFailed",
    "RecordingFinished",
    "RecordingStarted",
    "StasisEnd",
    "StasisStart",
    "TextMessageReceived",
    "RTPFrame",
    "ReferTo",
];

/// Reads one frame.
///
/// # Errors
/// What kind of strangeness it is, for the counters.
pub fn frame(text: &str) -> Result<Parsed, FrameOutcome> {
    if text.len() > LARGEST_FRAME {
        return Err(FrameOutcome::TooLarge);
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Err(FrameOutcome::Garbled);
    };
    let Some(kind) = value.get("type").and_then(Value::as_str).map(clipped) else {
        return Err(FrameOutcome::Garbled);
    };
    let at = moment(value.get("timestamp"));
    match body(&kind, &value) {
        Some(Ok(frame)) => Ok(Parsed { kind, at, frame }),
        Some(Err(Missing)) => Err(FrameOutcome::Incomplete { kind }),
        None => Err(FrameOutcome::Unknown { kind }),
    }
}

struct Missing;

fn body(kind: &str, value: &Value) -> Option<Result<Frame, Missing>> {
    Some(match kind {
        "ChannelCreated" => need(value, "channel").map(Frame::Created),
        "ChannelStateChange" | "ChannelConnectedLine" | "ChannelDialplan" => need(value, "channel").map(Frame::Channel),
        "ChannelCallerId" => need(value, "channel").map(|channel| Frame::CallerId {
            channel,
            hidden: is_hidden(value),
        }),
        "ChannelVarset" => varset(value),
        "ChannelHold" => need(value, "channel").map(Frame::Hold),
        "ChannelUnhold" => need(value, "channel").map(Frame::Unhold),
        "ChannelHangupRequest" => need(value, "channel").map(|channel| Frame::HangupRequest {
            channel,
            soft: value.get("soft").and_then(Value::as_bool).unwrap_or(false),
        }),
        "ChannelDestroyed" => need(value, "channel").map(|channel| Frame::Destroyed {
            channel,
            cause: number(value.get("cause")),
            sip: number(value.get("tech_cause")),
        }),
        "Dial" => need(value, "peer").map(|peer| Frame::Dial {
            caller: value.get("caller").and_then(channel),
            peer,
            status: dial_status(&text(value.get("dialstatus"))),
            target: text(value.get("dialstring")),
            forward: text(value.get("forward")),
        }),
        "ChannelEnteredBridge" => bridged(value).map(|(bridge, channel)| Frame::Entered { bridge, channel }),
        "ChannelLeftBridge" => bridged(value).map(|(bridge, channel)| Frame::Left { bridge, channel }),
        "BridgeDestroyed" => value
            .pointer("/bridge/id")
            .and_then(Value::as_str)
            .map(|id| Frame::Emptied(clipped(id)))
            .ok_or(Missing),
        "BridgeBlindTransfer" => need(value, "channel").map(|by| Frame::BlindTransfer {
            by,
            transferee: value.get("transferee").and_then(channel),
            exten: text(value.get("exten")),
            success: text(value.get("result")).eq_ignore_ascii_case("success"),
        }),
        "BridgeAttendedTransfer" => attended(value),
        "PeerStatusChange" | "ContactStatusChange" | "EndpointStateChange" => endpoint(value.get("endpoint")),
        "ApplicationReplaced" => Ok(Frame::Replaced),
        other if NOTED.contains(&other) => Ok(Frame::Noted),
        _ => return None,
    })
}

fn need(value: &Value, key: &str) -> Result<Channel, Missing> {
    value.get(key).and_then(channel).ok_or(Missing)
}

fn varset(value: &Value) -> Result<Frame, Missing> {
    let variable = value.get("variable").and_then(Value::as_str).map(clipped).ok_or(Missing)?;
    // Global variables are set on no channel.
    let Some(of) = value.get("channel") else { return Ok(Frame::Noted) };
    Ok(Frame::Varset {
        channel: channel(of).ok_or(Missing)?,
        variable,
        value: text(value.get("value")),
    })
}

fn bridged(value: &Value) -> Result<(Bridge, Channel), Missing> {
    Ok((value.get("bridge").and_then(bridge).ok_or(Missing)?, need(value, "channel")?))
}

fn attended(value: &Value) -> Result<Frame, Missing> {
    Ok(Frame::AttendedTransfer {
        first: need(value, "transferer_first_leg")?,
        second: need(value, "transferer_second_leg")?,
        transferee: value.get("transferee").and_then(channel),
        target: value.get("transfer_target").and_then(channel),
        success: text(value.get("result")).eq_ignore_ascii_case("success"),
    })
}

fn endpoint(value: Option<&Value>) -> Result<Frame, Missing> {
    let value = value.ok_or(Missing)?;
    let resource = value.get("resource").and_then(Value::as_str).map(clipped).ok_or(Missing)?;
    Ok(Frame::Endpoint {
        technology: text(value.get("technology")),
        resource,
        online: online(value),
    })
}

/// Whether an endpoint resource is registered; `None` when Asterisk does not know.
pub fn online(endpoint: &Value) -> Option<bool> {
    match endpoint.get("state").and_then(Value::as_str) {
        Some("online") => Some(true),
        Some("offline") => Some(false),
        _ => None,
    }
}

/// Whether a caller's presentation asks to hide the number.
fn is_hidden(value: &Value) -> bool {
    text(value.get("caller_presentation_txt"))
        .to_ascii_lowercase()
        .contains("prohibited")
}

/// A channel object; `None` without id or name.
pub fn channel(value: &Value) -> Option<Channel> {
    let id = value.get("id")?.as_str().filter(|id| !id.is_empty() && id.len() <= LONGEST_TEXT)?;
    let name = value.get("name")?.as_str()?;
    let plan = value.get("dialplan");
    let of_plan = |key: &str| text(plan.and_then(|plan| plan.get(key)));
    Some(Channel {
        id: id.into(),
        // A channel that was swapped for another carries a mark behind its name until it ends.
        name: clipped(name.split('<').next().unwrap_or(name)),
        state: state(value.get("state").and_then(Value::as_str).unwrap_or_default()),
        caller: party(value.get("caller")),
        connected: party(value.get("connected")),
        context: of_plan("context"),
        exten: of_plan("exten"),
        app: of_plan("app_name"),
        app_data: of_plan("app_data"),
        created: moment(value.get("creationtime")),
        linked: value
            .get("channelvars")
            .and_then(|vars| vars.get("CHANNEL(linkedid)"))
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
            .map(clipped),
    })
}

/// A bridge object; `None` without an id.
pub fn bridge(value: &Value) -> Option<Bridge> {
    let members = value
        .get("channels")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    Some(Bridge {
        id: clipped(value.get("id")?.as_str()?),
        members: members.iter().filter_map(Value::as_str).take(MOST_MEMBERS).map(clipped).collect(),
        created: moment(value.get("creationtime")),
        holding: text(value.get("bridge_type")) == "holding",
    })
}

/// Every usable channel of a `GET /channels` answer.
pub fn channels(value: &Value) -> Vec<Channel> {
    value
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(channel)
        .collect()
}

/// Every usable bridge of a `GET /bridges` answer.
pub fn bridges(value: &Value) -> Vec<Bridge> {
    value
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(bridge)
        .collect()
}

/// The `value` of a `GET …/variable` answer, where there is one.
pub fn variable(value: &Value) -> Option<String> {
    Some(text(value.get("value"))).filter(|value| !value.is_empty())
}

fn party(value: Option<&Value>) -> Party {
    let field = |key: &str| text(value.and_then(|value| value.get(key)));
    Party {
        number: field("number"),
        name: field("name"),
    }
}

fn state(name: &str) -> State {
    match name {
        "Ring" => State::Ring,
        "Ringing" => State::Ringing,
        "Up" => State::Up,
        _ => State::Other,
    }
}

fn dial_status(name: &str) -> DialStatus {
    match name {
        "" => DialStatus::Begin,
        "RINGING" => DialStatus::Ringing,
        "ANSWER" => DialStatus::Answer,
        "NOANSWER" => DialStatus::NoAnswer,
        "BUSY" => DialStatus::Busy,
        "CANCEL" => DialStatus::Cancel,
        "PROGRESS" | "PROCEEDING" => DialStatus::Underway,
        "CONGESTION" | "CHANUNAVAIL" | "GONE" | "INVALIDARGS" => DialStatus::Failed,
        _ => DialStatus::Underway,
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).map(clipped).unwrap_or_default()
}

fn number(value: Option<&Value>) -> Option<u16> {
    let value = value?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.parse().ok())
        .and_then(|n| u16::try_from(n).ok())
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// ARI writes `2026-11-22T06:32:47.965+0000`: RFC 3339 but for the colon in the offset.
pub fn moment(value: Option<&Value>) -> Option<Moment> {
    let text = value?.as_str().filter(|text| text.len() <= 64)?;
    let stamp = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text)
        .and_then(|parts| parts.to_timestamp())
        .or_else(|_| text.parse::<jiff::Timestamp>())
        .ok()?;
    Some(Moment(stamp.as_millisecond()))
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
