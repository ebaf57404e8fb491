//! What the dialplan and the phones do, as whole scenes on the switchboard: a call comes in, a phone
//! rings, answers, hangs up (`queue`, `handover` and `originate` have more). Each scene publishes its events in the order a real Asterisk 22
//! published them (recorded streams); `tests/recordings.rs` holds them together.

use serde_json::json;

use super::{
    recordings::FOLDER,
    switchboard::{NewLeg, Switchboard, TRUNK},
    wire::{Cause, Party, State},
};

/// The context agents dial from.
pub(crate) const AGENTS: &str = "from-agents";

/// Whether calls out may be dialled in a context: the one the agents use, under the name that FreePBX gives it, too.
pub(crate) fn is_context(name: &str) -> bool {
    matches!(name, AGENTS | "from-internal")
}

/// The context outside callers come in by.
pub(crate) const OUTSIDE: &str = "from-trunk";
/// The number outgoing calls show.
const OWN_NUMBER: &str = "74950000001";
pub(super) const LINE: &str = "(Outgoing Line)";

/// A call comes in from outside, as far as its first dialplan step.
pub(crate) fn incoming(board: &mut Switchboard, from: Party, did: &str, what: &str) -> String {
    let id = board.create(calling_in(TRUNK, from, OUTSIDE, did));
    board.set(&id, "SIPDOMAIN", "127.0.0.1");
    board.run(&id, 1, "NoOp", what);
    id
}

/// An agent's phone dials, as far as its first dialplan step.
pub(crate) fn from_agent(board: &mut Switchboard, agent: &str, number: &str) -> String {
    let caller = phone_party(board, agent);
    let id = board.create(calling_in(agent, caller, AGENTS, number));
    board.set(&id, "SIPDOMAIN", "127.0.0.1");
    let what = if board.phones.contains_key(number) {
        format!("colleague {number}")
    } else {
        format!("out to {number}")
    };
    board.run(&id, 1, "NoOp", &what);
    id
}

/// A leg that calls into the PBX and starts a conversation.
fn calling_in<'a>(endpoint: &'a str, caller: Party, context: &'a str, exten: &'a str) -> NewLeg<'a> {
    NewLeg {
        endpoint,
        state: State::Ring,
        caller,
        context,
        exten,
        id: None,
        linked_id: None,
    }
}

/// A leg that the PBX makes to call somebody.
pub(super) fn called<'a>(endpoint: &'a str, caller: Party, context: &'a str, linked_id: Option<&'a str>) -> NewLeg<'a> {
    NewLeg {
        endpoint,
        state: State::Down,
        caller,
        context,
        exten: "s",
        id: None,
        linked_id,
    }
}

pub(super) fn phone_party(board: &Switchboard, extension: &str) -> Party {
    board
        .phones
        .get(extension)
        .map_or_else(Party::default, |phone| Party::new(&phone.name, extension))
}

/// The dialplan's recording routine: names the file and starts MixMonitor.
pub(crate) fn record(board: &mut Switchboard, id: &str, direction: &str, number: &str) {
    let Some(channel) = board.channels.get(id) else { return };
    let (context, exten) = (channel.spot.context.clone(), channel.spot.exten.clone());
    let stamp = board.now.strftime("%Y%m%d-%H%M%S");
    let name = format!("{direction}-{number}-{}-{stamp}-{id}", channel.caller.number);
    board.run(id, 2, "Gosub", &format!("record,s,1({direction},{number})"));
    board.set(id, "LOCAL(ARG1)", direction);
    board.set(id, "LOCAL(ARG2)", number);
    board.set(id, "LOCAL(ARGC)", "2");
    board.jump(id, "record", "s");
    board.run(id, 1, "NoOp", &format!("record {direction} {number}"));
    board.run(id, 2, "Set", &format!("REC={name}.wav"));
    board.set(id, "REC", &format!("{name}.wav"));
    board.run(id, 3, "Set", &format!("CDR(recordingfile)={name}.wav"));
    board.run(id, 4, "MixMonitor", &format!("{FOLDER}/{name}.wav,b"));
    board.record(id, &name);
    board.set(id, "MIXMONITOR_FILENAME", &format!("{FOLDER}/{name}.wav"));
    board.run(id, 5, "Return", "");
    for gone in ["ARGC", "ARG2", "ARG1", "GOSUB_RETVAL"] {
        board.set(id, gone, "");
    }
    board.jump(id, &context, &exten);
}

/// `Dial()` of agents' phones: makes their legs. They do not ring yet.
pub(crate) fn dial_agents(board: &mut Switchboard, caller: &str, agents: &[String], seconds: u32) -> Vec<String> {
    dial_agents_at(board, caller, 3, agents, seconds)
}

fn dial_agents_at(board: &mut Switchboard, caller: &str, priority: u32, agents: &[String], seconds: u32) -> Vec<String> {
    let targets: Vec<String> = agents.iter().map(|agent| format!("PJSIP/{agent}")).collect();
    board.run(caller, priority, "Dial", &format!("{},{seconds},tT", targets.join("&")));
    reset_dial_variables(board, caller);
    let registered = |agent: &&String| board.phones.get(*agent).is_some_and(|phone| phone.registered);
    let reachable: Vec<String> = agents.iter().filter(registered).cloned().collect();
    let peers: Vec<String> = reachable.iter().map(|agent| peer_leg(board, caller, agent, agent)).collect();
    for (peer, agent) in peers.iter().zip(&reachable) {
        board.dial(Some(caller), peer, "", agent);
    }
    if let [only] = peers.as_slice() {
        let party = board.party(only);
        board.connect_line(caller, party);
    }
    peers
}

/// The dialplan's next `Dial()`, after these phones did not answer in time. The next phone does not ring yet.
pub(crate) fn dial_next(board: &mut Switchboard, caller: &str, peers: &[String], agent: &str, seconds: u32) -> Vec<String> {
    for peer in peers {
        board.dial(Some(caller), peer, "NOANSWER", "");
    }
    let status = if peers.is_empty() { "CHANUNAVAIL" } else { "NOANSWER" };
    board.set(caller, "DIALSTATUS", status);
    for peer in peers {
        board.destroy(peer, Cause::UNKNOWN);
    }
    let priority = board.channels.get(caller).map_or(4, |channel| channel.spot.priority + 1);
    dial_agents_at(board, caller, priority, &[agent.to_owned()], seconds)
}

/// `Dial()` of an outside number by the trunk: makes its leg. It does not ring yet.
pub(crate) fn dial_out(board: &mut Switchboard, caller: &str, number: &str, seconds: u32) -> String {
    board.run(caller, 3, "Set", &format!("CALLERID(num)={OWN_NUMBER}"));
    let own = Party {
        number: OWN_NUMBER.to_owned(),
        ..board.party(caller)
    };
    board.caller_id(caller, own);
    board.run(caller, 4, "Dial", &format!("PJSIP/{number}@trunk,{seconds},T"));
    reset_dial_variables(board, caller);
    let peer = peer_leg(board, caller, TRUNK, &format!("{number}@trunk"));
    board.dial(Some(caller), &peer, "", &format!("{number}@trunk"));
    let party = board.party(&peer);
    board.connect_line(caller, party);
    peer
}

fn reset_dial_variables(board: &mut Switchboard, caller: &str) {
    for name in [
        "DIALSTATUS",
        "DIALEDPEERNUMBER",
        "DIALEDPEERNAME",
        "ANSWEREDTIME",
        "ANSWEREDTIME_MS",
        "DIALEDTIME",
        "DIALEDTIME_MS",
        "RINGTIME",
        "RINGTIME_MS",
        "PROGRESSTIME",
        "PROGRESSTIME_MS",
    ] {
        board.set(caller, name, "");
    }
}

fn peer_leg(board: &mut Switchboard, caller: &str, endpoint: &str, dialled: &str) -> String {
    let Some(channel) = board.channels.get(caller).cloned() else {
        return String::new();
    };
    let context = if endpoint == TRUNK { OUTSIDE } else { AGENTS };
    let party = phone_party(board, endpoint);
    let id = board.create(called(endpoint, party, context, Some(&channel.linked_id)));
    board.set(&id, "DIALEDPEERNUMBER", dialled);
    board.change(&id, |peer| {
        peer.spot.exten.clone_from(&channel.spot.exten);
        peer.connected = channel.caller.clone();
        peer.presentation = channel.presentation;
    });
    board.run(&id, 1, "AppDial", LINE);
    if endpoint == TRUNK {
        let number = dialled.split('@').next().unwrap_or_default();
        board.caller_id(&id, Party::new(&channel.connected.name, number));
    }
    board.about(&id, "ChannelConnectedLine", json!({}));
    id
}

/// A dialled phone rings.
pub(crate) fn ring(board: &mut Switchboard, caller: &str, peer: &str) {
    board.set_state(peer, State::Ringing);
    let (endpoint, from) = (board.endpoint(peer), board.endpoint(caller));
    board.devices_changed(&[&endpoint, &from]);
    board.set(caller, "RINGTIME", "0");
    board.set(caller, "RINGTIME_MS", "3");
    board.dial(Some(caller), peer, "RINGING", "");
}

/// A ringing phone answers: the other phones stop, caller and peer share a bridge. Returns the bridge.
pub(crate) fn answer(board: &mut Switchboard, caller: &str, peer: &str, others: &[String]) -> String {
    board.set_state(peer, State::Up);
    let (endpoint, from) = (board.endpoint(peer), board.endpoint(caller));
    board.devices_changed(&[&endpoint]);
    let party = board.party(peer);
    board.connect_line(caller, party);
    for other in others {
        board.dial(Some(caller), other, "CANCEL", "");
    }
    for other in others {
        board.destroy(other, Cause::ANSWERED_ELSEWHERE);
    }
    board.set(caller, "DIALSTATUS", "ANSWER");
    let name = board.name(peer);
    board.set(caller, "DIALEDPEERNAME", &name);
    board.set(caller, "DIALEDPEERNUMBER", &endpoint);
    board.change(peer, |peer| peer.spot.exten.clear());
    board.dial(Some(caller), peer, "ANSWER", "");
    if !board.is_up(caller) {
        board.set_state(caller, State::Up);
        board.devices_changed(&[&from]);
    }
    let bridge = board.create_bridge();
    board.run(peer, 1, "AppDial", LINE);
    join(board, &bridge, caller, peer);
    bridge
}

pub(super) fn join(board: &mut Switchboard, bridge: &str, caller: &str, peer: &str) {
    board.enter(bridge, peer);
    board.enter(bridge, caller);
    name_peers(board, peer, caller);
}

/// Each side of a bridge is told the other's name.
pub(super) fn name_peers(board: &mut Switchboard, one: &str, other: &str) {
    for (id, peer) in [(one, other), (other, one)] {
        let Some((name, call_id)) = board.channels.get(peer).map(|peer| (peer.name.clone(), peer.protocol_id.clone())) else {
            continue;
        };
        board.set(id, "BRIDGEPEER", &name);
        board.set(id, "BRIDGEPVTCALLID", &call_id);
    }
}

pub(super) fn forget_peer(board: &mut Switchboard, id: &str) {
    board.set(id, "BRIDGEPEER", "");
    board.set(id, "BRIDGEPVTCALLID", "");
}

/// One side of a bridge hangs up; `first` is that side's channel, `caller` the one that runs the dialplan.
pub(crate) fn part(board: &mut Switchboard, bridge: &str, caller: &str, peer: &str, first: &str) {
    let by_caller = first == caller;
    let other = if by_caller { peer } else { caller };
    let queued = board.channels.get(caller).is_some_and(|caller| caller.spot.app == "Queue");
    board.rtp_figures(first, Some(other));
    let cause = if queued && by_caller { None } else { Some(Cause::NORMAL) };
    board.request_hangup(first, cause, false);
    forget_peer(board, first);
    forget_peer(board, other);
    board.leave(bridge, first);
    if !by_caller {
        board.leave(bridge, caller);
        board.destroy_bridge(bridge);
    }
    talk_times(board, caller, queued);
    if by_caller && queued {
        board.leave(bridge, peer);
        board.request_hangup(caller, Some(Cause::NORMAL), true);
    } else {
        board.request_hangup(caller, Some(Cause::NORMAL), true);
        if by_caller {
            board.leave(bridge, peer);
        }
    }
    if by_caller {
        board.destroy_bridge(bridge);
        board.rtp_figures(peer, None);
        board.destroy(peer, Cause::NORMAL);
    } else {
        board.destroy(peer, Cause::NORMAL);
        board.rtp_figures(caller, None);
    }
    board.destroy(caller, Cause::NORMAL);
}

pub(super) fn talk_times(board: &mut Switchboard, caller: &str, queued: bool) {
    let Some(since) = board.channels.get(caller).map(|channel| channel.created) else {
        return;
    };
    let dialled = (board.now.as_millisecond() - since.as_millisecond()).max(0);
    for (seconds, milliseconds) in [("ANSWEREDTIME", "ANSWEREDTIME_MS"), ("DIALEDTIME", "DIALEDTIME_MS")] {
        board.set(caller, seconds, &(dialled / 1000).to_string());
        board.set(caller, milliseconds, &dialled.to_string());
    }
    if !queued {
        board.set(caller, "DIALSTATUS", "ANSWER");
    }
}

/// The caller gives up while phones ring.
pub(crate) fn give_up(board: &mut Switchboard, caller: &str, peers: &[String]) {
    let queued = board.channels.get(caller).is_some_and(|caller| caller.spot.app == "Queue");
    let (asked, peer_cause, own_cause) = if queued {
        (None, Cause::UNKNOWN, Cause::UNKNOWN)
    } else if board.is_up(caller) {
        (Some(Cause::NORMAL), Cause::NORMAL, Cause::NORMAL)
    } else {
        (Some(Cause::CANCELLED), Cause::CANCELLED_PEER, Cause::CANCELLED)
    };
    board.request_hangup(caller, asked, false);
    for peer in peers {
        board.dial(Some(caller), peer, "CANCEL", "");
    }
    for peer in peers {
        if queued {
            let member = board.endpoint(peer);
            board.dial(Some(caller), peer, "CANCEL", &format!("PJSIP/{member}"));
        }
        board.destroy(peer, peer_cause);
    }
    if queued {
        board.set(caller, "ABANDONED", "TRUE");
        board.device("Queue:support", "NOT_INUSE");
    } else {
        board.set(caller, "DIALSTATUS", "CANCEL");
    }
    board.request_hangup(
        caller,
        Some(Cause {
            code: 16,
            sip: own_cause.sip,
        }),
        true,
    );
    board.destroy(caller, own_cause);
}

/// Nobody answered in time; the dialplan hangs up with `cause`.
pub(crate) fn time_out(board: &mut Switchboard, caller: &str, peers: &[String], cause: Cause) {
    for peer in peers {
        board.dial(Some(caller), peer, "NOANSWER", "");
    }
    dialplan_hangs_up(board, caller, "NOANSWER", cause);
    for peer in peers {
        board.destroy(peer, Cause::UNKNOWN);
    }
    board.destroy(caller, cause);
}

fn dialplan_hangs_up(board: &mut Switchboard, caller: &str, status: &str, cause: Cause) {
    let priority = board.channels.get(caller).map_or(4, |channel| channel.spot.priority + 1);
    board.set(caller, "DIALSTATUS", status);
    board.run(caller, priority, "NoOp", &format!("dialled {status}"));
    board.run(caller, priority + 1, "Hangup", &cause.code.to_string());
    board.request_hangup(caller, Some(Cause::NORMAL), true);
}

/// One dialled phone refuses: busy, declined, or told so over ARI.
pub(crate) fn refuse(board: &mut Switchboard, caller: Option<&str>, peer: &str, cause: Cause) {
    let status = if cause.code == Cause::BUSY.code { "BUSY" } else { "NOANSWER" };
    let string = if caller.is_none() { board.endpoint(peer) } else { String::new() };
    board.request_hangup(peer, Some(cause), false);
    board.dial(caller, peer, status, &string);
    board.destroy(peer, cause);
}

/// Every dialled phone refused, or none was there: the dialplan hangs up on the caller.
pub(crate) fn nobody(board: &mut Switchboard, caller: &str, status: &str, cause: Cause) {
    dialplan_hangs_up(board, caller, status, cause);
    board.destroy(caller, cause);
}
