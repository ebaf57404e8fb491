//! Scenes where the PBX itself answers first: a queue, and a machine that talks.

use serde_json::json;

use super::{
    dialplan::{AGENTS, LINE, called, join, phone_party},
    recordings::FOLDER,
    switchboard::{Switchboard, TRUNK},
    wire::{Cause, State},
};

/// A queue: answers the caller at once and makes the members' legs. They do not ring yet.
pub(crate) fn enter(board: &mut Switchboard, caller: &str, did: &str, members: &[String]) -> Vec<String> {
    board.run(caller, 2, "Answer", "");
    board.set_state(caller, State::Up);
    board.devices_changed(&[TRUNK]);
    let name = recording(board, caller, did);
    board.run(caller, 3, "Set", &format!("CDR(recordingfile)={name}.wav"));
    board.change(caller, |caller| {
        caller.vars.insert("CDR(recordingfile)".to_owned(), format!("{name}.wav"));
    });
    board.run(caller, 4, "Set", &format!("MONITOR_FILENAME={FOLDER}/{name}"));
    board.set(caller, "MONITOR_FILENAME", &format!("{FOLDER}/{name}"));
    board.run(caller, 5, "Queue", "support,tT,,,30");
    board.device("Queue:support", "RINGING");
    for gone in [
        "ANSWEREDTIME",
        "ANSWEREDTIME_MS",
        "DIALEDTIME",
        "DIALEDTIME_MS",
        "QUEUEWAIT",
        "QUEUEWAIT_MS",
    ] {
        board.set(caller, gone, "");
    }
    let linked = board.channels.get(caller).map(|caller| caller.linked_id.clone());
    let mut legs = Vec::new();
    for member in members {
        if !board.phones.get(member).is_some_and(|phone| phone.registered) {
            continue;
        }
        let party = phone_party(board, member);
        let id = board.create(called(member, party, AGENTS, linked.as_deref()));
        board.set(&id, "DIALEDPEERNUMBER", member);
        board.dial(Some(caller), &id, "", &format!("PJSIP/{member}"));
        legs.push(id);
    }
    legs
}

fn recording(board: &Switchboard, caller: &str, did: &str) -> String {
    format!("q-{did}-{}-{caller}", board.party(caller).number)
}

/// A queue member's phone rings.
pub(crate) fn ring(board: &mut Switchboard, caller: &str, peer: &str) {
    let Some(channel) = board.channels.get(caller).cloned() else {
        return;
    };
    board.change(peer, |peer| {
        peer.spot.exten.clone_from(&channel.spot.exten);
        peer.spot.app = "AppQueue".to_owned();
        peer.spot.data = LINE.to_owned();
        peer.connected = channel.caller.clone();
        peer.presentation = channel.presentation;
    });
    board.set_state(peer, State::Ringing);
    board.run(peer, 1, "AppQueue", LINE);
    board.about(peer, "ChannelConnectedLine", json!({}));
    let endpoint = board.endpoint(peer);
    board.dial(Some(caller), peer, "RINGING", &format!("PJSIP/{endpoint}"));
    board.devices_changed(&[&endpoint]);
}

/// A queue member answers. Returns the bridge.
pub(crate) fn answer(board: &mut Switchboard, caller: &str, peer: &str, others: &[String], did: &str) -> String {
    let endpoint = board.endpoint(peer);
    board.device("Queue:support", "NOT_INUSE");
    board.set_state(peer, State::Up);
    board.devices_changed(&[&endpoint]);
    board.dial(Some(caller), peer, "ANSWER", &format!("PJSIP/{endpoint}"));
    for other in others {
        board.dial(Some(caller), other, "CANCEL", "");
    }
    let party = board.party(peer);
    board.connect_line(caller, party);
    for other in others {
        let member = board.endpoint(other);
        board.dial(Some(caller), other, "CANCEL", &format!("PJSIP/{member}"));
    }
    let name = recording(board, caller, did);
    board.record(caller, &name);
    board.set(caller, "MIXMONITOR_FILENAME", &format!("{FOLDER}/{name}.wav"));
    for (variable, value) in [("QUEUEPOSITION", "1"), ("QUEUEWAIT", "2"), ("QUEUEWAIT_MS", "2000")] {
        board.set(caller, variable, value);
    }
    for other in others {
        board.destroy(other, Cause::ANSWERED_ELSEWHERE);
    }
    let bridge = board.create_bridge();
    join(board, &bridge, caller, peer);
    bridge
}

/// A machine answers and talks; no agent is ever rung.
pub(crate) fn machine(board: &mut Switchboard, caller: &str) {
    board.run(caller, 2, "Answer", "");
    board.set_state(caller, State::Up);
    board.devices_changed(&[TRUNK]);
    board.run(caller, 3, "Wait", "1");
    board.run(caller, 4, "Playback", "vm-goodbye");
    board.set(caller, "PLAYBACKSTATUS", "SUCCESS");
    board.run(caller, 5, "Read", "CHOICE,beep,1,,1,3");
    board.set(caller, "READSTATUS", "ERROR");
}

/// The caller leaves the machine.
pub(crate) fn machine_ends(board: &mut Switchboard, caller: &str) {
    board.rtp_figures(caller, None);
    board.request_hangup(caller, None, false);
    board.set(caller, "CHOICE", "");
    board.set(caller, "READSTATUS", "HANGUP");
    board.request_hangup(caller, Some(Cause::NORMAL), true);
    board.destroy(caller, Cause::UNKNOWN);
}
