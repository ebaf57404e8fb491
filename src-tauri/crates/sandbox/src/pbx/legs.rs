//! The steps of a call that make new legs or hand a leg over: click-to-call, hold, transfers.

use super::{
    calls::{CallSpec, Kind, ScriptError, Stage, Step},
    dialplan,
    exchange::{Exchange, key, name},
    handover::{self, Attended},
    originate,
    wire::{Cause, Party},
};

/// What an originate request asks for.
pub(crate) struct Originate {
    pub agent: String,
    pub channel_id: String,
    pub exten: String,
    pub caller: Option<Party>,
    pub variables: Vec<(String, String)>,
}

/// A number that goes out by the trunk.
fn is_outside(exten: &str) -> bool {
    exten.trim_start_matches('+').len() >= 7
}

impl Exchange {
    /// Whether the agents' context has a rule for a number.
    pub(crate) fn knows(&self, exten: &str) -> bool {
        self.board.phones.contains_key(exten) || is_outside(exten)
    }

    /// Click-to-call: the agent's phone rings.
    pub(crate) fn originate(&mut self, request: &Originate) -> String {
        let Originate {
            agent,
            channel_id,
            exten,
            caller,
            variables,
        } = request;
        originate::start(&mut self.board, agent, channel_id, caller.clone(), variables);
        let spec = CallSpec {
            kind: Kind::Click,
            ..CallSpec::outgoing(agent, exten)
        };
        self.add(spec, Stage::Originating, channel_id.clone(), Vec::new())
    }

    pub(super) fn agent_picks_up(&mut self, key: u64) -> Option<()> {
        let call = self.calls.get_mut(&key)?;
        let board = &mut self.board;
        let (leg, exten) = (call.caller.clone(), call.spec.to.clone());
        originate::answer(board, &leg, &exten);
        let inside = board.phones.contains_key(&exten);
        if !inside && !is_outside(&exten) {
            // No such extension in the context: the dialplan has nothing to run.
            call.stage = Stage::Ended;
            board.request_hangup(&leg, Some(Cause::NORMAL), true);
            board.destroy(&leg, Cause::UNKNOWN);
            return Some(());
        }
        if inside {
            board.run(&leg, 1, "NoOp", &format!("colleague {exten}"));
            dialplan::record(board, &leg, "int", &exten);
            call.ringing = dialplan::dial_agents(board, &leg, &[exten], 20);
        } else {
            board.run(&leg, 1, "NoOp", &format!("out to {exten}"));
            dialplan::record(board, &leg, "out", &exten);
            call.ringing = vec![dialplan::dial_out(board, &leg, &exten, 20)];
        }
        call.stage = Stage::Ringing;
        self.first_ring(&name(key));
        Some(())
    }

    pub(super) fn end_originate(&mut self, key: u64, cause: Cause) -> Option<()> {
        self.end(key, |board, call| dialplan::refuse(board, None, &call.caller, cause))
    }

    pub(super) fn originate_times_out(&mut self, key: u64) -> Option<()> {
        self.end(key, |board, call| board.destroy(&call.caller, Cause::NO_ANSWER))
    }

    pub(super) fn hold(&mut self, key: u64, on: bool) -> Option<()> {
        let (agent, other, _) = self.sides(key)?;
        let call = self.calls.get_mut(&key)?;
        if call.held == on {
            return None;
        }
        call.held = on;
        handover::hold(&mut self.board, &agent, &other, on);
        Some(())
    }

    pub(super) fn transfer(&mut self, key: u64, to: &str) -> Result<(), ScriptError> {
        let to = self.known(to)?;
        let misfit = ScriptError::DoesNotFit {
            step: "transfer",
            stage: Stage::Talking,
        };
        let (agent, other, bridge) = self.sides(key).ok_or(misfit)?;
        let board = &mut self.board;
        handover::blind(board, &bridge, &agent, &other, &to);
        dialplan::record(board, &other, "int", &to);
        let ringing = dialplan::dial_agents(board, &other, &[to], 20);
        if let Some(call) = self.calls.get_mut(&key) {
            call.caller = other;
            call.ringing = ringing;
            call.talking = None;
            call.held = false;
            call.transferred = true;
            call.stage = Stage::Ringing;
        }
        self.note_recordings(key);
        self.first_ring(&name(key));
        Ok(())
    }

    pub(super) fn consult(&mut self, key: u64, to: &str) -> Result<(), ScriptError> {
        let to = self.known(to)?;
        let misfit = ScriptError::DoesNotFit {
            step: "consult",
            stage: Stage::Talking,
        };
        let (agent, _, _) = self.sides(key).ok_or_else(|| misfit.clone())?;
        if self.calls.get(&key).is_some_and(|call| call.consultation.is_some()) {
            return Err(misfit);
        }
        let _ = self.hold(key, true);
        let extension = self.board.endpoint(&agent);
        let consultation = self.place(CallSpec::internal(&extension, &to))?;
        if let Some(call) = self.calls.get_mut(&key) {
            call.consultation = Some(consultation);
        }
        Ok(())
    }

    pub(super) fn complete_transfer(&mut self, key: u64) -> Option<()> {
        let (agent, client, first_bridge) = self.sides(key)?;
        let consultation = self::key(self.calls.get(&key)?.consultation.as_deref()?)?;
        let other = self.calls.get(&consultation)?;
        let (second_bridge, colleague) = other.talking.clone()?;
        let second_leg = other.caller.clone();
        let legs = Attended {
            first_leg: &agent,
            client: &client,
            first_bridge: &first_bridge,
            second_leg: &second_leg,
            colleague: &colleague,
            second_bridge: &second_bridge,
        };
        self.end(consultation, |board, _| handover::attended(board, &legs))?;
        let call = self.calls.get_mut(&key)?;
        call.caller = client;
        call.talking = Some((second_bridge, colleague));
        call.held = false;
        call.transferred = true;
        call.consultation = None;
        Some(())
    }

    pub(super) fn end_consult(&mut self, key: u64) -> Result<(), ScriptError> {
        let call = self.calls.get_mut(&key);
        let Some(consultation) = call.and_then(|call| call.consultation.take()) else {
            return Err(ScriptError::DoesNotFit {
                step: "end_consult",
                stage: Stage::Talking,
            });
        };
        self.step(&consultation, &Step::HangUp { by: None })
    }
}
