//! The stand-in PBX: Asterisk's ARI as a passive client sees it.
//!
//! `switchboard` holds channels and bridges and publishes events; `dialplan`, `queue`, `handover` and
//! `originate` play whole scenes on it; `exchange` and `legs` know the calls, `calls` describes them, `apps` decides who hears what, `rest` and `socket`
//! are the wire. Everything happens behind one lock, in steps without waiting; only timetables wait.

mod apps;
mod calls;
mod dialplan;
mod exchange;
mod faults;
mod handover;
mod legs;
mod originate;
mod queue;
mod recordings;
mod rest;
mod socket;
mod switchboard;
mod wire;

use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

pub use calls::{Answering, CallSpec, CallView, ClickPlan, HoldSpec, Kind, Outcome, ScriptError, Stage, Step, TransferKind, TransferSpec};
pub use faults::PbxFault;
use serde::{Deserialize, Serialize};
use serde_json::json;
pub(crate) use socket::router;
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use self::{
    apps::{Out, Spoil},
    exchange::Exchange,
    faults::{RestFault, RestFaults},
    rest::RestRequest,
    switchboard::Switchboard,
};
use crate::{Options, net::Gate};

/// The ARI user that may do everything, named as the guide says.
pub const USER: &str = "ringside";
/// Its password.
pub const PASSWORD: &str = "companion-test";
/// The ARI user that may only read.
pub const WATCHER: &str = "watcher";
/// Its password.
pub const WATCHER_PASSWORD: &str = "watcher-test";
/// The dialplan context agents dial from.
pub const AGENT_CONTEXT: &str = dialplan::AGENTS;

/// Log entries kept.
const MAX_LOG: usize = 20_000;

/// Handle to the stand-in PBX; clones are the same one.
#[derive(Clone)]
pub struct Pbx(Arc<Inner>);

struct Inner {
    exchange: Mutex<Exchange>,
    rest: Mutex<RestState>,
    changed: watch::Sender<u64>,
    sockets: watch::Sender<usize>,
    gate: OnceLock<Gate>,
    stop: CancellationToken,
    speed: f32,
}

#[derive(Default)]
struct RestState {
    faults: RestFaults,
    log: Vec<RestRecord>,
    click: ClickPlan,
}

/// One REST request to the stand-in PBX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestRecord {
    /// `GET`, `POST`, …
    pub method: String,
    /// Below `/ari/`.
    pub path: String,
    /// The query parameters, without `api_key`.
    pub query: std::collections::BTreeMap<String, String>,
    /// The status answered (or not, when a fault swallowed the answer).
    pub status: u16,
}

impl Pbx {
    pub(crate) fn new(options: &Options, stop: CancellationToken) -> Self {
        let speed = if options.speed > 0.0 { options.speed } else { 1.0 };
        let board = Switchboard::new(&options.agents, speed);
        Self(Arc::new(Inner {
            exchange: Mutex::new(Exchange::new(board)),
            rest: Mutex::default(),
            changed: watch::Sender::new(0),
            sockets: watch::Sender::new(0),
            gate: OnceLock::new(),
            stop,
            speed,
        }))
    }

    pub(crate) fn listening_on(&self, gate: Gate) {
        let _ = self.0.gate.set(gate);
    }

    /// Runs one operation under the lock, at one time.
    pub(crate) fn with<T>(&self, operation: impl FnOnce(&mut Exchange) -> T) -> T {
        let result = {
            let mut exchange = self.0.exchange.lock().unwrap_or_else(PoisonError::into_inner);
            exchange.board.now = jiff::Timestamp::now();
            operation(&mut exchange)
        };
        self.0.changed.send_modify(|version| *version += 1);
        result
    }

    fn rest<T>(&self, operation: impl FnOnce(&mut RestState) -> T) -> T {
        operation(&mut self.0.rest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn stopped(&self) {
        self.0.stop.cancelled().await;
    }

    pub(crate) fn sockets_changed(&self, by: isize) {
        self.0.sockets.send_modify(|count| *count = count.saturating_add_signed(by));
        self.0.changed.send_modify(|version| *version += 1);
    }

    pub(crate) fn rest_fault(&self, method: &str, path: &str) -> Option<RestFault> {
        self.rest(|rest| rest.faults.take(method, path))
    }

    pub(crate) fn log_rest(&self, request: &RestRequest, status: u16) {
        let mut query = request.query.clone();
        query.remove("api_key");
        self.push_log(RestRecord {
            method: request.method.clone(),
            path: request.path.join("/"),
            query,
            status,
        });
    }

    pub(crate) fn log_refused(&self, method: &str, path: &str, status: u16) {
        let (method, path) = (method.to_owned(), path.to_owned());
        self.push_log(RestRecord {
            method,
            path,
            query: std::collections::BTreeMap::new(),
            status,
        });
    }

    fn push_log(&self, record: RestRecord) {
        self.rest(|rest| {
            if rest.log.len() >= MAX_LOG {
                rest.log.remove(0);
            }
            rest.log.push(record);
        });
        self.0.changed.send_modify(|version| *version += 1);
    }

    fn scaled(&self, ms: u64) -> Duration {
        crate::pause(ms).div_f32(self.0.speed)
    }

    /// Places a call: its legs exist and ring when this returns. What its outcome says happens by itself
    /// from then on, on a task of the current runtime. Returns the call's id.
    ///
    /// # Errors
    /// [`ScriptError::UnknownExtension`] for an agent who does not exist.
    pub fn place(&self, spec: CallSpec) -> Result<String, ScriptError> {
        let timetable = spec.timetable();
        let call = self.with(|exchange| exchange.place(spec))?;
        self.run(&call, timetable);
        Ok(call)
    }

    fn run(&self, call: &str, timetable: Vec<(u64, Step)>) {
        if timetable.is_empty() {
            return;
        }
        let (pbx, call) = (self.clone(), call.to_owned());
        let play = async move {
            for (ms, step) in timetable {
                tokio::time::sleep(pbx.scaled(ms)).await;
                // Somebody stepped in by hand: the timetable is over.
                if pbx.step(&call, &step).is_err() {
                    return;
                }
            }
        };
        let stop = self.0.stop.clone();
        tokio::spawn(async move { stop.run_until_cancelled(play).await });
    }

    /// Lets an originated call go as the click plan says; `timeout` in seconds, -1 = none.
    pub(crate) fn run_click(&self, call: &str, timeout: i64) {
        let plan = self.rest(|rest| rest.click.clone());
        self.run(call, plan.timetable());
        if let Ok(seconds @ 1..) = u64::try_from(timeout) {
            self.run_if_originating(call, seconds.saturating_mul(1000));
        }
    }

    fn run_if_originating(&self, call: &str, ms: u64) {
        let (pbx, call) = (self.clone(), call.to_owned());
        let wait = self.scaled(ms);
        let stop = self.0.stop.clone();
        tokio::spawn(async move {
            let end = async {
                tokio::time::sleep(wait).await;
                if pbx.call(&call).is_some_and(|view| view.stage == Stage::Originating) {
                    let _ = pbx.step(&call, &Step::TimeOut);
                }
            };
            stop.run_until_cancelled(end).await
        });
    }

    /// Carries out one step of a call. All its events are queued when this returns.
    ///
    /// # Errors
    /// [`ScriptError`] when there is no such call or the step does not fit.
    pub fn step(&self, call: &str, step: &Step) -> Result<(), ScriptError> {
        self.with(|exchange| exchange.step(call, step))
    }

    /// The rung phone answers (of several, the first; see [`Pbx::answer_by`]).
    ///
    /// # Errors
    /// As [`Pbx::step`].
    pub fn answer(&self, call: &str) -> Result<(), ScriptError> {
        self.step(call, &Step::Answer { by: None })
    }

    /// This extension's phone answers.
    ///
    /// # Errors
    /// As [`Pbx::step`].
    pub fn answer_by(&self, call: &str, extension: &str) -> Result<(), ScriptError> {
        self.step(
            call,
            &Step::Answer {
                by: Some(extension.to_owned()),
            },
        )
    }

    /// Who called hangs up (gives up, before the answer); of a click-to-call, the client.
    ///
    /// # Errors
    /// As [`Pbx::step`].
    pub fn hang_up(&self, call: &str) -> Result<(), ScriptError> {
        self.step(call, &Step::HangUp { by: None })
    }

    /// `client`, `agent` or an extension hangs up.
    ///
    /// # Errors
    /// As [`Pbx::step`].
    pub fn hang_up_by(&self, call: &str, who: &str) -> Result<(), ScriptError> {
        self.step(call, &Step::HangUp { by: Some(who.to_owned()) })
    }

    /// Ends every living call, each by who called; returns how many.
    pub fn hang_up_all(&self) -> usize {
        let living = |view: &CallView| view.stage != Stage::Ended;
        let calls: Vec<String> = self.calls().into_iter().filter(living).map(|view| view.call).collect();
        calls.iter().filter(|call| self.hang_up(call).is_ok()).count()
    }

    /// How originated calls go from now on.
    pub fn set_click_plan(&self, plan: ClickPlan) {
        self.rest(|rest| rest.click = plan);
    }

    /// Registers a phone or takes it off line. False when there is no such extension.
    pub fn set_registered(&self, extension: &str, online: bool) -> bool {
        self.with(|exchange| exchange.board.register(extension, online))
    }

    /// The call with this id.
    pub fn call(&self, id: &str) -> Option<CallView> {
        let exchange = self.0.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.view(id)
    }

    /// All calls, oldest first.
    pub fn calls(&self) -> Vec<CallView> {
        let exchange = self.0.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.views()
    }

    /// A recording as ARI serves it; `None` when there is none.
    pub fn recording(&self, name: &str) -> Option<Vec<u8>> {
        let exchange = self.0.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.board.recordings.wav(name)
    }

    /// How many websockets are open.
    pub fn sockets(&self) -> usize {
        *self.0.sockets.borrow()
    }

    /// Whether a connected client hears of this extension's calls and of bridges (by subscription or by
    /// `subscribeAll`): time to place calls.
    pub fn is_watched(&self, extension: &str) -> bool {
        let exchange = self.0.exchange.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.board.apps.hears(extension)
    }

    /// The REST requests so far, oldest first (the last 20 000).
    pub fn rest_requests(&self) -> Vec<RestRecord> {
        self.rest(|rest| rest.log.clone())
    }

    /// Waits until something holds, looking again after every change; false when `timeout` passes first.
    pub async fn until(&self, timeout: Duration, holds: impl Fn(&Pbx) -> bool) -> bool {
        let mut changes = self.0.changed.subscribe();
        let wait = async {
            while !holds(self) {
                changes.borrow_and_update();
                if holds(self) || changes.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(timeout, wait).await.is_ok()
    }

    /// Waits until a call is over; false when `timeout` passes first.
    pub async fn ended(&self, call: &str, timeout: Duration) -> bool {
        self.until(timeout, |pbx| pbx.call(call).is_none_or(|view| view.stage == Stage::Ended))
            .await
    }

    /// Breaks something.
    pub fn fault(&self, fault: &PbxFault) {
        if self.rest(|rest| rest.faults.add(fault)) {
            return;
        }
        let text = |text: String| {
            move || Out::Frame {
                text: text.clone(),
                due: Instant::now(),
            }
        };
        match fault {
            PbxFault::DropSockets => self.with(|exchange| exchange.board.apps.send_all(|| Out::Drop)),
            PbxFault::CutOff { app } => self.with(|exchange| exchange.board.apps.cut_off(app)),
            PbxFault::Refuse { ms } => self.close_port(*ms),
            PbxFault::Restart { ms } => {
                self.with(|exchange| {
                    exchange.board.apps.forget();
                    exchange.restart();
                });
                self.close_port(*ms);
            }
            PbxFault::Stall { ms } => {
                let pause = crate::pause(*ms);
                self.with(|exchange| exchange.board.apps.send_all(|| Out::Stall(pause)));
            }
            PbxFault::Garbage => {
                self.with(|exchange| exchange.board.apps.send_all(text("}{ not json \u{1F4DE}".to_owned())));
            }
            PbxFault::Binary => self.with(|exchange| exchange.board.apps.send_all(|| Out::Binary(vec![0, 159, 146, 150]))),
            PbxFault::UnknownType => self.stray_event("", &text),
            PbxFault::Huge { bytes } => self.stray_event(&"x".repeat(*bytes), &text),
            PbxFault::Truncate { count } => self.with(|exchange| exchange.board.apps.spoil(Spoil::Truncate, *count)),
            PbxFault::Repeat { count } => self.with(|exchange| exchange.board.apps.spoil(Spoil::Repeat, *count)),
            PbxFault::Swap { count } => self.with(|exchange| exchange.board.apps.spoil(Spoil::Swap, *count)),
            PbxFault::DelayEvents { ms } => {
                let delay = crate::pause(*ms);
                self.with(|exchange| exchange.board.apps.delay(delay));
            }
            PbxFault::RestStatus { .. } | PbxFault::RestPage { .. } | PbxFault::RestLost { .. } | PbxFault::RestDelay { .. } => {}
        }
    }

    fn stray_event<F: Fn() -> Out>(&self, padding: &str, text: &impl Fn(String) -> F) {
        let event = json!({
            "type": "ChannelTeleported",
            "timestamp": wire::timestamp(jiff::Timestamp::now()),
            "asterisk_id": wire::ASTERISK_ID,
            "application": "sandbox",
            "destination": {"planet": 4, "padding": padding},
        });
        self.with(|exchange| exchange.board.apps.send_all(text(event.to_string())));
    }

    fn close_port(&self, ms: u64) {
        self.with(|exchange| exchange.board.apps.send_all(|| Out::Drop));
        if let Some(gate) = self.0.gate.get() {
            gate.close_for(crate::pause(ms));
        }
    }

    /// Ends all faults that last.
    pub fn clear_faults(&self) {
        self.rest(|rest| rest.faults.clear());
        self.with(|exchange| exchange.board.apps.heal());
    }

    /// Forgets calls, faults and the request log. Sockets stay; they are not told.
    pub fn reset(&self) {
        self.clear_faults();
        self.rest(|rest| {
            rest.log.clear();
            rest.click = ClickPlan::default();
        });
        self.with(|exchange| {
            exchange.restart();
            exchange.board.recordings.clear();
        });
    }
}
