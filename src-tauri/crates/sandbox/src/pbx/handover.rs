//! Scenes in a conversation: hold, blind transfer, attended transfer.

use serde_json::json;

use super::{
    dialplan::{AGENTS, forget_peer, name_peers, talk_times},
    switchboard::Switchboard,
    wire::Cause,
};

/// The agent's leg puts the other side on hold, or takes it back.
pub(crate) fn hold(board: &mut Switchboard, agent: &str, other: &str, on: bool) {
    board.change(agent, |agent| agent.on_hold = on);
    if on {
        board.about(agent, "ChannelHold", json!({"musicclass": "default"}));
    } else {
        board.about(agent, "ChannelUnhold", json!({}));
    }
    name_peers(board, agent, other);
    let endpoint = board.endpoint(other);
    board.devices_changed(&[&endpoint]);
}

/// Blind transfer: the agent's leg sends the other side to an extension and is gone. The other side
/// then runs the dialplan there (dial it with [`super::dialplan::dial_agents`]).
pub(crate) fn blind(board: &mut Switchboard, bridge: &str, agent: &str, other: &str, to: &str) {
    board.change(agent, |agent| agent.on_hold = false);
    board.about(agent, "ChannelUnhold", json!({}));
    let (agent_name, other_name) = (board.name(agent), board.name(other));
    board.set(agent, "BLINDTRANSFER", &other_name);
    board.set(other, "BLINDTRANSFER", &agent_name);
    board.set(other, "SIPTRANSFER", "yes");
    name_peers(board, agent, other);
    board.set(other, "SIPREFERRINGCONTEXT", AGENTS);
    board.set(other, "__SIPREFERREDBYHDR", &format!("<sip:{}@127.0.1.101>", board.endpoint(agent)));
    board.set(other, "SIPREFERTOHDR", &format!("sip:{to}@127.0.0.1"));
    forget_peer(board, agent);
    let (Some(channel), Some(transferee), Some(shared)) = (board.channels.get(agent), board.channels.get(other), board.bridges.get(bridge))
    else {
        return;
    };
    let event = json!({
        "channel": channel.json(),
        "transferee": transferee.json(),
        "bridge": shared.json(),
        "exten": to,
        "context": AGENTS,
        "result": "Success",
        "is_external": true,
    });
    let agent_dialled = !channel.spot.app.starts_with("App");
    let data = transferee.spot.data.clone();
    board.about_bridges("BridgeBlindTransfer", event);
    board.leave(bridge, agent);
    forget_peer(board, other);
    board.jump(other, AGENTS, to);
    board.run(other, 1, "Dial", &data);
    board.leave(bridge, other);
    board.destroy_bridge(bridge);
    if agent_dialled {
        board.request_hangup(agent, Some(Cause::NORMAL), true);
    } else {
        board.set(other, "DIALSTATUS", "ANSWER");
    }
    board.rtp_figures(agent, None);
    board.destroy(agent, Cause::NORMAL);
}

/// The two bridges of an attended transfer.
pub(crate) struct Attended<'a> {
    /// The agent's leg to the client.
    pub first_leg: &'a str,
    /// The client's leg.
    pub client: &'a str,
    /// The bridge of these two.
    pub first_bridge: &'a str,
    /// The agent's leg to the colleague.
    pub second_leg: &'a str,
    /// The colleague's leg.
    pub colleague: &'a str,
    /// The bridge of these two, where the client goes.
    pub second_bridge: &'a str,
}

/// Attended transfer: the client takes the agent's place in the consultation.
pub(crate) fn attended(board: &mut Switchboard, legs: &Attended<'_>) {
    let Attended {
        first_leg,
        client,
        first_bridge,
        second_leg,
        colleague,
        second_bridge,
    } = *legs;
    board.change(first_leg, |leg| leg.on_hold = false);
    board.about(first_leg, "ChannelUnhold", json!({}));
    let client_endpoint = board.endpoint(client);
    board.devices_changed(&[&client_endpoint]);
    board.about(second_leg, "ChannelUnhold", json!({}));
    let channel = |board: &Switchboard, id: &str| board.channels.get(id).map(|channel| channel.json());
    let shared = |board: &Switchboard, id: &str| board.bridges.get(id).map(|bridge| bridge.json());
    let event = json!({
        "transferer_first_leg": channel(board, first_leg),
        "transferer_second_leg": channel(board, second_leg),
        "transferee": channel(board, client),
        "transfer_target": channel(board, colleague),
        "transferer_first_leg_bridge": shared(board, first_bridge),
        "transferer_second_leg_bridge": shared(board, second_bridge),
        "result": "Success",
        "is_external": false,
        "destination_type": "bridge",
        "destination_bridge": second_bridge,
    });
    let (agent_name, client_name) = (board.name(first_leg), board.name(client));
    board.set(first_leg, "ATTENDEDTRANSFER", &client_name);
    board.set(client, "ATTENDEDTRANSFER", &agent_name);
    board.leave(first_bridge, client);
    forget_peer(board, second_leg);
    board.leave(second_bridge, second_leg);
    board.enter(second_bridge, client);
    board.set(client, "ATTENDEDTRANSFER", "");
    name_peers(board, colleague, client);
    forget_peer(board, first_leg);
    talk_times(board, second_leg, false);
    let (colleague_party, client_party) = (board.party(colleague), board.party(client));
    board.connect_line(client, colleague_party);
    board.request_hangup(second_leg, Some(Cause::NORMAL), true);
    board.request_hangup(second_leg, Some(Cause::plain(1)), true);
    board.about_bridges("BridgeAttendedTransfer", event);
    let linked = board
        .channels
        .get(client)
        .map(|client| client.linked_id.clone())
        .unwrap_or_default();
    for id in [second_leg, colleague] {
        board.change(id, |channel| channel.linked_id.clone_from(&linked));
    }
    board.connect_line(colleague, client_party);
    board.rtp_figures(second_leg, None);
    board.leave(first_bridge, first_leg);
    board.destroy(second_leg, Cause::NORMAL);
    board.destroy_bridge(first_bridge);
    board.rtp_figures(first_leg, None);
    board.destroy(first_leg, Cause::NORMAL);
}
