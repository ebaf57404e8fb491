//! The calls on the switchboard: which channel plays which part, and what each step does to it.

use std::collections::{BTreeMap, VecDeque};

use super::{
    calls::{CallSpec, CallView, Kind, Outcome, ScriptError, Stage, Step},
    dialplan, queue,
    switchboard::{Switchboard, TRUNK},
    wire::{Cause, Party},
};

/// How long a hunt rings at each phone, as its dialplan says; the script decides.
const HUNT_SECONDS: u32 = 3;
/// Ended calls kept for `calls()`.
const MAX_ENDED: usize = 2000;

pub(super) struct Call {
    pub(super) spec: CallSpec,
    pub(super) stage: Stage,
    /// The leg that runs the dialplan; while originating, the agent's leg.
    pub(super) caller: String,
    pub(super) ringing: Vec<String>,
    /// Of a hunt: the extensions whose turn is still to come.
    pub(super) later: VecDeque<String>,
    /// The bridge and the leg on its other side.
    pub(super) talking: Option<(String, String)>,
    pub(super) held: bool,
    pub(super) transferred: bool,
    pub(super) consultation: Option<String>,
    pub(super) conversation: String,
    pub(super) recordings: Vec<String>,
}

/// Switchboard and calls.
pub(crate) struct Exchange {
    pub board: Switchboard,
    pub(super) calls: BTreeMap<u64, Call>,
    next: u64,
}

pub(super) fn key(id: &str) -> Option<u64> {
    id.strip_prefix("call-")?.parse().ok()
}

pub(super) fn name(key: u64) -> String {
    format!("call-{key}")
}

impl Exchange {
    pub(crate) fn new(board: Switchboard) -> Self {
        Self {
            board,
            calls: BTreeMap::new(),
            next: 1,
        }
    }

    /// Forgets all calls, as a restart of the PBX does.
    pub(crate) fn restart(&mut self) {
        self.board.restart();
        for call in self.calls.values_mut() {
            call.stage = Stage::Ended;
            call.talking = None;
            call.ringing.clear();
            call.later.clear();
        }
    }

    pub(super) fn add(&mut self, spec: CallSpec, stage: Stage, caller: String, ringing: Vec<String>) -> String {
        let conversation = self
            .board
            .channels
            .get(&caller)
            .map(|leg| leg.linked_id.clone())
            .unwrap_or_default();
        let call = Call {
            spec,
            stage,
            caller,
            ringing,
            later: VecDeque::new(),
            talking: None,
            held: false,
            transferred: false,
            consultation: None,
            conversation,
            recordings: Vec::new(),
        };
        let key = self.next;
        self.next += 1;
        self.calls.insert(key, call);
        if self.calls.len() > MAX_ENDED
            && let Some(old) = self.calls.iter().find(|(_, call)| call.stage == Stage::Ended).map(|(key, _)| *key)
        {
            self.calls.remove(&old);
        }
        self.note_recordings(key);
        name(key)
    }

    pub(super) fn note_recordings(&mut self, key: u64) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let legs = [Some(&call.caller), call.talking.as_ref().map(|(_, peer)| peer)];
        let names: Vec<String> = legs
            .into_iter()
            .flatten()
            .filter_map(|leg| self.board.channels.get(leg))
            .flat_map(|leg| leg.recordings.clone())
            .collect();
        for name in names {
            if !call.recordings.contains(&name) {
                call.recordings.push(name);
            }
        }
    }

    pub(super) fn known(&self, extension: &str) -> Result<String, ScriptError> {
        if self.board.phones.contains_key(extension) {
            Ok(extension.to_owned())
        } else {
            Err(ScriptError::UnknownExtension(extension.to_owned()))
        }
    }

    /// Starts a call, as far as the first ring.
    pub(crate) fn place(&mut self, spec: CallSpec) -> Result<String, ScriptError> {
        let members = match spec.kind {
            Kind::Incoming | Kind::Internal => vec![self.known(&spec.to)?],
            Kind::Hunting if spec.members.is_empty() => vec![self.known(&spec.to)?],
            Kind::Group | Kind::Queue if spec.members.is_empty() => self.board.phones.keys().cloned().collect(),
            Kind::Group | Kind::Queue | Kind::Hunting => spec.members.iter().map(|member| self.known(member)).collect::<Result<_, _>>()?,
            Kind::Ivr | Kind::Outgoing => Vec::new(),
            Kind::Click => {
                return Err(ScriptError::DoesNotFit {
                    step: "place",
                    stage: Stage::Originating,
                });
            }
        };
        if matches!(spec.kind, Kind::Outgoing | Kind::Internal) {
            self.known(&spec.from)?;
        }
        let did = did(&spec);
        let board = &mut self.board;
        let (caller, ringing) = match spec.kind {
            Kind::Incoming | Kind::Group => {
                let caller = outside_caller(board, &spec, &did);
                dialplan::record(board, &caller, "in", &did);
                let seconds = if spec.kind == Kind::Group { 20 } else { 8 };
                let peers = dialplan::dial_agents(board, &caller, &members, seconds);
                (caller, peers)
            }
            Kind::Hunting => {
                let caller = outside_caller(board, &spec, &did);
                dialplan::record(board, &caller, "in", &did);
                let peers = dialplan::dial_agents(board, &caller, &members[..1], HUNT_SECONDS);
                (caller, peers)
            }
            Kind::Queue => {
                let caller = outside_caller(board, &spec, &did);
                let peers = queue::enter(board, &caller, &did, &members);
                (caller, peers)
            }
            Kind::Ivr | Kind::Click => {
                let caller = outside_caller(board, &spec, &did);
                queue::machine(board, &caller);
                return Ok(self.add(spec, Stage::Machine, caller, Vec::new()));
            }
            Kind::Outgoing => {
                let caller = dialplan::from_agent(board, &spec.from, &spec.to);
                dialplan::record(board, &caller, "out", &spec.to);
                let peer = dialplan::dial_out(board, &caller, &spec.to, 20);
                (caller, vec![peer])
            }
            Kind::Internal => {
                let caller = dialplan::from_agent(board, &spec.from, &spec.to);
                dialplan::record(board, &caller, "int", &spec.to);
                let peers = dialplan::dial_agents(board, &caller, &members, 20);
                (caller, peers)
            }
        };
        let hunts = spec.kind == Kind::Hunting;
        let id = self.add(spec, Stage::Ringing, caller, ringing);
        if let Some(call) = key(&id).and_then(|key| self.calls.get_mut(&key)).filter(|_| hunts) {
            call.later = members.into_iter().skip(1).collect();
        }
        self.first_ring(&id);
        Ok(id)
    }

    /// Lets the dialled phones ring; without any, the dialplan goes on to the next phone, or hangs up.
    pub(super) fn first_ring(&mut self, id: &str) {
        let Some(key) = key(id) else { return };
        let nobody = self.calls.get(&key).is_some_and(|call| call.ringing.is_empty());
        if nobody && self.hunt_on(key) {
            return;
        }
        let Some(call) = self.calls.get_mut(&key) else { return };
        let queued = call.spec.kind == Kind::Queue && !call.transferred;
        if call.ringing.is_empty() && !queued {
            call.stage = Stage::Ended;
            dialplan::nobody(&mut self.board, &call.caller, "CHANUNAVAIL", Cause::NO_ROUTE);
            return;
        }
        if call.spec.outcome == Outcome::Busy && !call.transferred {
            return;
        }
        for peer in call.ringing.clone() {
            if queued {
                queue::ring(&mut self.board, &call.caller, &peer);
            } else {
                dialplan::ring(&mut self.board, &call.caller, &peer);
            }
        }
    }

    /// A hunt goes on: the phones that ring now stop, the next one that is there rings. False when nobody is left.
    fn hunt_on(&mut self, key: u64) -> bool {
        let Some(call) = self.calls.get_mut(&key) else { return false };
        while let Some(agent) = call.later.pop_front() {
            let peers = std::mem::take(&mut call.ringing);
            call.ringing = dialplan::dial_next(&mut self.board, &call.caller, &peers, &agent, HUNT_SECONDS);
            if let Some(peer) = call.ringing.first() {
                dialplan::ring(&mut self.board, &call.caller, peer);
                return true;
            }
        }
        false
    }

    /// Carries out one step of a call.
    pub(crate) fn step(&mut self, id: &str, step: &Step) -> Result<(), ScriptError> {
        let unknown = || ScriptError::UnknownCall(id.to_owned());
        let key = key(id).ok_or_else(unknown)?;
        let call = self.calls.get(&key).ok_or_else(unknown)?;
        let stage = call.stage;
        let misfit = Err(ScriptError::DoesNotFit { step: step.name(), stage });
        if let (Step::Answer { .. } | Step::Decline { .. } | Step::Busy { .. }, Some(consultation)) = (step, &call.consultation) {
            return self.step(&consultation.clone(), step);
        }
        let done = match (stage, step) {
            (Stage::Originating, Step::Answer { .. }) => self.agent_picks_up(key),
            (Stage::Originating, Step::Decline { .. } | Step::HangUp { .. }) => self.end_originate(key, Cause::DECLINED),
            (Stage::Originating, Step::Busy { .. }) => self.end_originate(key, Cause::BUSY),
            (Stage::Originating, Step::TimeOut) => self.originate_times_out(key),
            (Stage::Ringing, Step::Answer { by }) => self.answer(key, by.as_deref()),
            (Stage::Ringing, Step::Decline { by }) => self.refuse(key, by.as_deref(), Cause::DECLINED),
            (Stage::Ringing, Step::Busy { by }) => self.refuse(key, by.as_deref(), Cause::BUSY),
            (Stage::Ringing, Step::TimeOut) => self.time_out(key),
            (Stage::Ringing, Step::HangUp { by }) => self.hang_up_early(key, by.as_deref()),
            (Stage::Machine, Step::HangUp { .. }) => self.end(key, |board, call| queue::machine_ends(board, &call.caller)),
            (Stage::Talking, Step::HangUp { by }) => self.part(key, by.as_deref()),
            (Stage::Talking, Step::Hold) => self.hold(key, true),
            (Stage::Talking, Step::Unhold) => self.hold(key, false),
            (Stage::Talking, Step::Transfer { to }) => return self.transfer(key, to),
            (Stage::Talking, Step::Consult { to }) => return self.consult(key, to),
            (Stage::Talking, Step::CompleteTransfer) => self.complete_transfer(key),
            (Stage::Talking, Step::EndConsult) => return self.end_consult(key),
            _ => return misfit,
        };
        self.note_recordings(key);
        if done.is_some() { Ok(()) } else { misfit }
    }

    /// Ends a call: `act` sends its last events.
    pub(super) fn end(&mut self, key: u64, act: impl FnOnce(&mut Switchboard, &Call)) -> Option<()> {
        self.note_recordings(key);
        let call = self.calls.get_mut(&key)?;
        call.stage = Stage::Ended;
        act(&mut self.board, call);
        call.ringing.clear();
        call.talking = None;
        call.held = false;
        Some(())
    }

    /// The rung leg that `by` means; without `by`, the first.
    fn rung(&self, key: u64, by: Option<&str>) -> Option<String> {
        let call = self.calls.get(&key)?;
        let Some(by) = by else { return call.ringing.first().cloned() };
        let fits = |leg: &&String| match by {
            "client" => self.board.endpoint(leg) == TRUNK,
            "agent" => self.board.endpoint(leg) != TRUNK,
            extension => self.board.endpoint(leg) == extension,
        };
        call.ringing.iter().find(fits).cloned()
    }

    fn answer(&mut self, key: u64, by: Option<&str>) -> Option<()> {
        let peer = self.rung(key, by)?;
        let call = self.calls.get_mut(&key)?;
        let others: Vec<String> = call.ringing.iter().filter(|leg| **leg != peer).cloned().collect();
        let board = &mut self.board;
        let bridge = if call.spec.kind == Kind::Queue && !call.transferred {
            queue::answer(board, &call.caller, &peer, &others, &did(&call.spec))
        } else {
            dialplan::answer(board, &call.caller, &peer, &others)
        };
        call.ringing.clear();
        call.later.clear();
        call.talking = Some((bridge, peer));
        call.stage = Stage::Talking;
        Some(())
    }

    fn refuse(&mut self, key: u64, by: Option<&str>, cause: Cause) -> Option<()> {
        let peer = self.rung(key, by)?;
        let call = self.calls.get_mut(&key)?;
        dialplan::refuse(&mut self.board, Some(&call.caller), &peer, cause);
        call.ringing.retain(|leg| *leg != peer);
        if !call.ringing.is_empty() || (call.spec.kind == Kind::Queue && !call.transferred) {
            return Some(());
        }
        if self.hunt_on(key) {
            return Some(());
        }
        let call = self.calls.get(&key)?;
        let busy = cause == Cause::BUSY;
        let own = match call.spec.kind {
            _ if self.board.is_up(&call.caller) => Cause::plain(cause.code),
            Kind::Group | Kind::Hunting => Cause::NORMAL,
            _ if busy => Cause::BUSY,
            Kind::Incoming => Cause::NO_ANSWER,
            Kind::Queue | Kind::Ivr | Kind::Outgoing | Kind::Internal | Kind::Click => cause,
        };
        let status = if busy { "BUSY" } else { "CHANUNAVAIL" };
        self.end(key, |board, call| dialplan::nobody(board, &call.caller, status, own))
    }

    fn time_out(&mut self, key: u64) -> Option<()> {
        if self.hunt_on(key) {
            return Some(());
        }
        let call = self.calls.get(&key)?;
        let plain = call.spec.kind != Kind::Incoming || call.transferred;
        let cause = if plain { Cause::NORMAL } else { Cause::NO_ANSWER };
        self.end(key, |board, call| dialplan::time_out(board, &call.caller, &call.ringing, cause))
    }

    fn hang_up_early(&mut self, key: u64, by: Option<&str>) -> Option<()> {
        let call = self.calls.get(&key)?;
        let rung = by.and_then(|by| self.rung(key, Some(by)));
        let caller_is_meant = by.is_none_or(|by| self.plays(&call.caller, by));
        match rung {
            Some(_) if !caller_is_meant => self.refuse(key, by, Cause::DECLINED),
            _ => self.end(key, |board, call| dialplan::give_up(board, &call.caller, &call.ringing)),
        }
    }

    fn plays(&self, leg: &str, part: &str) -> bool {
        let endpoint = self.board.endpoint(leg);
        match part {
            "client" => endpoint == TRUNK,
            "agent" => endpoint != TRUNK,
            extension => endpoint == extension,
        }
    }

    fn part(&mut self, key: u64, by: Option<&str>) -> Option<()> {
        let call = self.calls.get(&key)?;
        let (bridge, peer) = call.talking.clone()?;
        let (caller, click) = (call.caller.clone(), call.spec.kind == Kind::Click);
        let peer_first = match by {
            None => click,
            // Among two agents, "agent" is the called one.
            Some("agent") => self.board.endpoint(&peer) != TRUNK,
            Some(by) => !self.plays(&caller, by),
        };
        let first = if peer_first { peer.clone() } else { caller.clone() };
        self.end(key, |board, _| dialplan::part(board, &bridge, &caller, &peer, &first))
    }

    /// The agent's leg of a talking call, the other leg, and their bridge.
    pub(super) fn sides(&self, key: u64) -> Option<(String, String, String)> {
        let call = self.calls.get(&key)?;
        let (bridge, peer) = call.talking.clone()?;
        let caller = call.caller.clone();
        let peer_is_agent = self.board.endpoint(&peer) != TRUNK;
        Some(if peer_is_agent {
            (peer, caller, bridge)
        } else {
            (caller, peer, bridge)
        })
    }

    /// `DELETE /channels/{id}`: the call and the step it amounts to.
    pub(crate) fn call_of_channel(&self, channel: &str) -> Option<(String, Option<String>)> {
        let part = |call: &Call| {
            let talks = call.talking.as_ref().is_some_and(|(_, peer)| peer == channel);
            let rings = call.ringing.iter().any(|leg| leg == channel);
            if call.caller == channel || talks || rings {
                Some(self.board.endpoint(channel))
            } else {
                None
            }
        };
        let living = self.calls.iter().filter(|(_, call)| call.stage != Stage::Ended);
        living
            .filter_map(|(key, call)| Some((name(*key), part(call)?)))
            .next()
            .map(|(call, endpoint)| (call, Some(if endpoint == TRUNK { "client".to_owned() } else { endpoint })))
    }

    /// The call as tests see it.
    pub(crate) fn view(&self, id: &str) -> Option<CallView> {
        let key = key(id)?;
        let call = self.calls.get(&key)?;
        let talking = call.talking.as_ref().map(|(_, peer)| peer);
        let legs = std::iter::once(&call.caller).chain(talking).chain(&call.ringing);
        let channels: Vec<String> = legs.filter(|leg| self.board.channels.contains_key(*leg)).cloned().collect();
        let agent = self.sides(key).map(|(agent, _, _)| self.board.endpoint(&agent)).unwrap_or_default();
        let mut recordings = call.recordings.clone();
        for leg in channels.iter().filter_map(|leg| self.board.channels.get(leg)) {
            recordings.extend(leg.recordings.iter().filter(|name| !call.recordings.contains(name)).cloned());
        }
        Some(CallView {
            call: name(key),
            kind: call.spec.kind,
            stage: call.stage,
            held: call.held,
            from: call.spec.from.clone(),
            to: call.spec.to.clone(),
            conversation: call.conversation.clone(),
            agent,
            channels,
            recordings,
            consultation: call.consultation.clone(),
        })
    }

    /// All calls, oldest first.
    pub(crate) fn views(&self) -> Vec<CallView> {
        self.calls.keys().filter_map(|key| self.view(&name(*key))).collect()
    }
}

/// The number the outside caller dialled.
fn did(spec: &CallSpec) -> String {
    if !spec.did.is_empty() {
        return spec.did.clone();
    }
    let did = match spec.kind {
        Kind::Group => "74950000001",
        Kind::Queue => "74950000003",
        Kind::Ivr => "74950000004",
        Kind::Hunting => "74950000009",
        Kind::Incoming | Kind::Outgoing | Kind::Internal | Kind::Click => "74950000002",
    };
    did.to_owned()
}

fn outside_caller(board: &mut Switchboard, spec: &CallSpec, did: &str) -> String {
    let anonymous = spec.from == "anonymous";
    let name = if anonymous && spec.name.is_empty() {
        "Anonymous"
    } else {
        &spec.name
    };
    let what = match spec.kind {
        Kind::Group => "DID ring group".to_owned(),
        Kind::Queue => "DID queue".to_owned(),
        Kind::Ivr => "DID IVR".to_owned(),
        Kind::Hunting => "DID hunting by the dialplan".to_owned(),
        Kind::Incoming | Kind::Outgoing | Kind::Internal | Kind::Click => format!("DID agent {}", spec.to),
    };
    let caller = dialplan::incoming(board, Party::new(name, &spec.from), did, &what);
    if spec.withheld || anonymous {
        let presentation = if spec.withheld {
            "prohib_passed_screen"
        } else {
            "prohib_not_screened"
        };
        board.change(&caller, |caller| caller.presentation = presentation);
    }
    caller
}
