//! Scenes of click-to-call: the agent's own phone rings first.

use super::{
    dialplan::{AGENTS, LINE, called, phone_party},
    switchboard::{NewLeg, Switchboard},
    wire::{Party, State},
};

/// Originate: the agent's leg, with an id of the client's choice, rings.
pub(crate) fn start(board: &mut Switchboard, agent: &str, id: &str, caller: Option<Party>, variables: &[(String, String)]) {
    let party = phone_party(board, agent);
    board.create(NewLeg {
        id: Some(id),
        ..called(agent, party, AGENTS, None)
    });
    board.run(id, 1, "AppDial2", LINE);
    if let Some(caller) = caller {
        board.caller_id(id, caller.clone());
        board.connect_line(id, caller);
    }
    for (name, value) in variables {
        board.set(id, name, value);
    }
    board.dial(None, id, "", agent);
}

/// The originated leg rings.
pub(crate) fn ring(board: &mut Switchboard, id: &str) {
    let agent = board.endpoint(id);
    board.set_state(id, State::Ringing);
    board.dial(None, id, "RINGING", &agent);
    board.devices_changed(&[&agent]);
}

/// The agent answers the originated leg, which enters the dialplan at `exten`.
pub(crate) fn answer(board: &mut Switchboard, id: &str, exten: &str) {
    let agent = board.endpoint(id);
    board.set_state(id, State::Up);
    board.dial(None, id, "ANSWER", &agent);
    board.devices_changed(&[&agent]);
    board.jump(id, AGENTS, exten);
}
