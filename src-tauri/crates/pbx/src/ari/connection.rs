//! The thin part: socket, pings, the silence deadline, and REST for the translator's questions.
//!
//! One task owns everything. It connects, subscribes, hands frames to the translator, asks what the
//! translator asks, and on any trouble waits as the back-off schedule says. A second task only
//! reads the socket into a queue ([`super::reader`]).

use super::AriConfig;
use super::check::Cause;
use super::devices::Moved;
use super::exchange::{Answer, Output, Question, Snapshot};
use super::flood::Flow;
use super::handshake::{Socket, open};
use super::peers::ALL_BRIDGES;
use super::reader::{Heard, Reader};
use super::rest::{Failure, Rest};
use super::translate::Translator;
use crate::backoff::{Backoff, Next};
use crate::stats::{Seen, Stats};
use calls::{CallEventKind, LinkState, LinkTrouble, Moment, OrderId, PbxEvent};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, sleep_until};
use tokio_tungstenite::tungstenite::Message;

const MOST_QUESTIONS: usize = 128;
/// With so many answers on their way nothing more is heard, and so nothing more asked.
const MOST_JOBS: usize = 2 * MOST_QUESTIONS;
/// A clock that runs on shows no such difference between two looks, ms.
const CLOCK_SET: i64 = 1_000;
/// The loop wakes at every ping; so much later it was not let run (a suspended computer, a stopped process).
const SLEPT: Duration = Duration::from_secs(3);
/// Events that say nothing we need. Variables stay: among our own leg's is the recording's name.
const NOISE: [&str; 7] = [
    "ChannelDialplan",
    "DeviceStateChanged",
    "ChannelDtmfReceived",
    "ChannelTalkingStarted",
    "ChannelTalkingFinished",
    "TextMessageReceived",
    "BridgeVideoSourceChanged",
];

/// What handles tell the task.
#[derive(Debug)]
pub enum Note {
    Ordered(OrderId, String),
    Reconnect,
    Shutdown,
}

/// Why the connection's loop ended.
enum Stop {
    Trouble(LinkTrouble),
    Reconnect,
    Shutdown,
}

struct Line {
    config: AriConfig,
    rest: Arc<Rest>,
    events: mpsc::Sender<PbxEvent>,
    notes: mpsc::UnboundedReceiver<Note>,
    stats: watch::Sender<Stats>,
    moved: watch::Sender<Moved>,
    translator: Translator,
    flow: Flow,
    /// The user may not subscribe: take the whole PBX's stream.
    whole: bool,
    /// A moment on the desk's clock, and on one that nobody sets.
    anchor: (Moment, Instant),
    /// When the PBX was last heard, on our own clock.
    heard_at: Option<Moment>,
    /// This program did not run for a while: what comes now may have waited for it, until the PBX answers a ping.
    slept: bool,
}

/// Keeps the agent connected until told to stop.
pub async fn run(
    config: AriConfig,
    rest: Result<Arc<Rest>, Cause>,
    events: mpsc::Sender<PbxEvent>,
    notes: mpsc::UnboundedReceiver<Note>,
    (stats, moved): (watch::Sender<Stats>, watch::Sender<Moved>),
) {
    let rest = match rest {
        Ok(rest) => rest,
        Err(cause) => {
            let state = LinkState::Down {
                trouble: cause.trouble(),
                retry_at: None,
            };
            let _ = events.send(PbxEvent::Link { state }).await;
            return;
        }
    };
    let mut backoff = Backoff::between(config.timings.retry_first, config.timings.retry_longest, fastrand::Rng::new());
    let translator = Translator::new(config.agent());
    let mut line = Line {
        config,
        rest,
        events,
        notes,
        stats,
        moved,
        translator,
        flow: Flow::new(Instant::now()),
        whole: false,
        anchor: (now(), Instant::now()),
        heard_at: None,
        slept: false,
    };
    loop {
        line.tell(PbxEvent::Link {
            state: LinkState::Connecting,
        })
        .await;
        let (stop, up_for) = line.once().await;
        let trouble = match stop {
            Stop::Shutdown => return,
            Stop::Reconnect => {
                backoff.reset();
                continue;
            }
            Stop::Trouble(trouble) => trouble,
        };
        backoff.was_up_for(up_for);
        let next = backoff.after(&trouble);
        tracing::info!(?trouble, ?next, "the link to the PBX is down");
        let until = match next {
            Next::After(delay) => Some((
                Instant::now() + delay,
                now().plus_ms(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)),
            )),
            Next::WhenAsked => None,
        };
        let retry_at = until.map(|(_, moment)| moment);
        line.tell(PbxEvent::Link {
            state: LinkState::Down { trouble, retry_at },
        })
        .await;
        match line.rest_until(until.map(|(instant, _)| instant)).await {
            Stop::Shutdown => return,
            Stop::Reconnect => backoff.reset(),
            Stop::Trouble(_) => {}
        }
    }
}

impl Line {
    /// Waits while those who listen have too much to do: then nothing is heard either.
    async fn tell(&self, event: PbxEvent) {
        // Nobody listens any more: the loops notice by `events.closed()`.
        let _ = self.events.send(event).await;
    }

    /// Waits for the next attempt's time; `None` waits until somebody asks.
    async fn rest_until(&mut self, until: Option<Instant>) -> Stop {
        loop {
            let time = async {
                match until {
                    Some(until) => sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = time => return Stop::Trouble(LinkTrouble::Closed),
                () = self.events.closed() => return Stop::Shutdown,
                note = self.notes.recv() => match note {
                    Some(Note::Ordered(order, number)) => self.translator.ordered(order, &number),
                    Some(Note::Reconnect) => return Stop::Reconnect,
                    Some(Note::Shutdown) | None => return Stop::Shutdown,
                },
            }
        }
    }

    /// One connection, from the first attempt to its end; and how long it was up.
    async fn once(&mut self) -> (Stop, Duration) {
        let app = self.config.app();
        let opening = open(&self.config, &app, self.whole);
        let socket = tokio::select! {
            socket = opening => match socket {
                Ok(socket) => socket,
                Err(cause) => return (Stop::Trouble(cause.trouble()), Duration::ZERO),
            },
            stop = wait_for_stop(&mut self.notes, &mut self.translator, &self.events) => return (stop, Duration::ZERO),
        };
        let (sink, stream) = socket.split();
        let (reader, heard) = Reader::start(stream);
        let began = Instant::now();
        self.flow.connected();
        let stop = self.talk(&app, sink, heard, &reader).await;
        drop(reader);
        (stop, began.elapsed())
    }

    /// Subscribes, then lives with the socket until something ends it.
    async fn talk(&mut self, app: &str, mut sink: SplitSink<Socket, Message>, mut heard: mpsc::Receiver<Heard>, reader: &Reader) -> Stop {
        if !self.whole {
            let endpoint = self.config.endpoint();
            let subscribing = subscribe(&self.rest, app, &endpoint);
            let subscribed = tokio::select! {
                subscribed = subscribing => subscribed,
                stop = wait_for_stop(&mut self.notes, &mut self.translator, &self.events) => return stop,
            };
            match subscribed {
                Ok(()) => {}
                Err(Cause::ReadOnly) => {
                    tracing::warn!("the PBX user is read-only: taking the whole stream and keeping only our own calls");
                    self.whole = true;
                    return Stop::Reconnect;
                }
                Err(cause) => return Stop::Trouble(cause.trouble()),
            }
        }
        self.tell(PbxEvent::Link { state: LinkState::Up }).await;
        self.stats.send_modify(|stats| stats.connects += 1);
        let mut jobs = JoinSet::new();
        jobs.spawn(snapshot(self.rest.clone(), self.config.clone(), self.heard_at));
        let timings = self.config.timings;
        let mut ping = tokio::time::interval_at(Instant::now() + timings.ping_every, timings.ping_every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_heard = Instant::now();
        self.slept = false;
        let mut awake = now();
        loop {
            let woke = now();
            if woke.since(awake) > i64::try_from((timings.ping_every + SLEPT).as_millis()).unwrap_or(i64::MAX) {
                tracing::info!("this program did not run for a while");
                self.slept = true;
                // What the PBX sent meanwhile is read first; then it has to answer soon.
                last_heard = Instant::now();
                ping.reset_immediately();
            }
            awake = woke;
            tokio::select! {
                biased;
                note = self.notes.recv() => match note {
                    Some(Note::Ordered(order, number)) => self.translator.ordered(order, &number),
                    Some(Note::Reconnect) => return Stop::Reconnect,
                    Some(Note::Shutdown) | None => {
                        let _ = tokio::time::timeout(Duration::from_secs(1), sink.close()).await;
                        return Stop::Shutdown;
                    }
                },
                () = self.events.closed() => return Stop::Shutdown,
                message = heard.recv(), if jobs.len() < MOST_JOBS => {
                    let message = message.unwrap_or(Heard::Closed);
                    let (now, waiting) = (Instant::now(), reader.waiting(&heard));
                    if message.bytes().is_some_and(|bytes| self.flow.frame(bytes, waiting, now)) {
                        return Stop::Trouble(LinkTrouble::Flooding);
                    }
                    let questions = self.hear(message).await;
                    last_heard = Instant::now();
                    match questions {
                        Ok(questions) => ask(&mut jobs, &self.rest, questions),
                        Err(stop) => return stop,
                    }
                }
                Some(done) = jobs.join_next() => match self.learn(done).await {
                    Ok(questions) => ask(&mut jobs, &self.rest, questions),
                    Err(stop) => return stop,
                },
                _ = ping.tick() => {
                    let sent = tokio::time::timeout(timings.silence_limit, sink.send(Message::Ping(Vec::new().into()))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        return Stop::Trouble(LinkTrouble::Closed);
                    }
                }
                () = sleep_until(last_heard + timings.silence_limit) => return Stop::Trouble(LinkTrouble::Silent),
            }
        }
    }

    /// The time, and word to the translator where the desk's clock was set.
    fn now(&mut self) -> Moment {
        let (wall, steady) = (now(), Instant::now());
        let passed = i64::try_from((steady - self.anchor.1).as_millis()).unwrap_or(i64::MAX);
        let set = wall.since(self.anchor.0.plus_ms(passed));
        if set.abs() > CLOCK_SET {
            self.translator.desk_clock_was_set(set);
        }
        self.anchor = (wall, steady);
        wall
    }

    async fn hear(&mut self, heard: Heard) -> Result<Vec<Question>, Stop> {
        self.slept &= !matches!(heard, Heard::Alive(_));
        if !self.slept && !matches!(heard, Heard::Closed) {
            self.heard_at = Some(now());
            self.stats.send_modify(|stats| stats.heard_at = self.heard_at);
        }
        match heard {
            Heard::Frame { text, _room } => {
                let received = self.now();
                let out = self.translator.frame(&text, received);
                if let Some(seen) = &out.seen {
                    self.stats.send_modify(|stats| stats.record(seen, &text));
                }
                if out.replaced {
                    return Err(Stop::Trouble(LinkTrouble::Replaced));
                }
                self.pass_on(out).await
            }
            Heard::TooLarge(_) => {
                self.stats.send_modify(|stats| stats.record(&Seen::TooLarge, ""));
                Ok(Vec::new())
            }
            Heard::Alive(_) => Ok(Vec::new()),
            Heard::Closed => Err(Stop::Trouble(LinkTrouble::Closed)),
        }
    }

    async fn learn(&mut self, done: Result<Learnt, tokio::task::JoinError>) -> Result<Vec<Question>, Stop> {
        match done {
            Ok(Learnt::Answer(question, answer)) => {
                let received = self.now();
                let out = self.translator.answer(&question, &answer, received);
                self.pass_on(out).await
            }
            Ok(Learnt::Snapshot(Ok(snapshot))) => {
                let received = self.now();
                let out = self.translator.snapshot(&snapshot, received);
                self.pass_on(out).await
            }
            Ok(Learnt::Snapshot(Err(failure))) => Err(Stop::Trouble(Cause::of(failure).trouble())),
            Err(_) => Err(Stop::Trouble(LinkTrouble::Other { status: None })),
        }
    }

    async fn pass_on(&mut self, out: Output) -> Result<Vec<Question>, Stop> {
        let moved = self.translator.moved();
        if *self.moved.borrow() != moved {
            self.moved.send_replace(moved);
        }
        let mut too_many = false;
        for event in out.events {
            too_many |= begins_call(&event) && self.flow.call(Instant::now());
            self.tell(event).await;
        }
        if too_many {
            return Err(Stop::Trouble(LinkTrouble::Flooding));
        }
        Ok(out.ask)
    }
}

fn begins_call(event: &PbxEvent) -> bool {
    matches!(event, PbxEvent::Call(call) if matches!(call.kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. }))
}

/// Something a REST request brought.
enum Learnt {
    Answer(Question, Answer),
    Snapshot(Result<Box<Snapshot>, Failure>),
}

/// Until somebody wants the connection gone.
async fn wait_for_stop(notes: &mut mpsc::UnboundedReceiver<Note>, translator: &mut Translator, events: &mpsc::Sender<PbxEvent>) -> Stop {
    loop {
        tokio::select! {
            () = events.closed() => return Stop::Shutdown,
            note = notes.recv() => match note {
                Some(Note::Ordered(order, number)) => translator.ordered(order, &number),
                Some(Note::Reconnect) => return Stop::Reconnect,
                Some(Note::Shutdown) | None => return Stop::Shutdown,
            },
        }
    }
}

fn ask(jobs: &mut JoinSet<Learnt>, rest: &Arc<Rest>, questions: Vec<Question>) {
    for question in questions {
        if jobs.len() >= MOST_QUESTIONS {
            // Somebody may wait for the answer.
            jobs.spawn(async { Learnt::Answer(question, Answer::Nothing) });
            continue;
        }
        let rest = rest.clone();
        jobs.spawn(async move {
            tokio::time::sleep(question.delay()).await;
            let answer = rest.ask(&question).await;
            Learnt::Answer(question, answer)
        });
    }
}

/// Subscribes to the agent's phone and all bridges, and to nothing else. Subscriptions of a name
/// can survive a quick reconnect (reference 2.2), so what is not ours is removed.
async fn subscribe(rest: &Rest, app: &str, endpoint: &str) -> Result<(), Cause> {
    let source = format!("endpoint:{endpoint}");
    let mut held = Value::Null;
    // The name is registered a moment after the handshake: 404 means «not yet».
    for wait in [50, 150, 400, 1000] {
        match rest.subscription(Method::POST, app, &source).await {
            Ok(answer) => {
                held = answer;
                break;
            }
            Err(Failure::Status { code: 404, .. }) if wait < 1000 => tokio::time::sleep(Duration::from_millis(wait)).await,
            Err(failure) => return Err(Cause::of_write(failure)),
        }
    }
    rest.subscription(Method::POST, app, "bridge:").await.map_err(Cause::of_write)?;
    if let Ok(now) = rest.get(&["applications", app], &[]).await {
        held = now;
    }
    for foreign in foreign(&held, endpoint) {
        // It only costs events that the translator drops.
        let _ = rest.subscription(Method::DELETE, app, &foreign).await;
    }
    if rest.disallow(app, &NOISE).await.is_err() {
        tracing::info!("the PBX knows no event filter: all events of our own legs arrive");
    }
    Ok(())
}

/// The event sources of an application that are not ours.
fn foreign(application: &Value, endpoint: &str) -> Vec<String> {
    let kinds = [
        ("channel_ids", "channel"),
        ("bridge_ids", "bridge"),
        ("endpoint_ids", "endpoint"),
        ("device_names", "deviceState"),
    ];
    let mut foreign = Vec::new();
    for (field, scheme) in kinds {
        let held = application
            .get(field)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let ours = |id: &&str| (scheme == "endpoint" && *id == endpoint) || (scheme == "bridge" && *id == ALL_BRIDGES);
        // Our own legs' channels come and go with the endpoint's subscription.
        let others = held
            .iter()
            .filter_map(Value::as_str)
            .filter(|id| !ours(id) && scheme != "channel")
            .take(64);
        foreign.extend(others.map(|id| format!("{scheme}:{id}")));
    }
    foreign
}

async fn snapshot(rest: Arc<Rest>, config: AriConfig, unseen_since: Option<Moment>) -> Learnt {
    let asked_at = now();
    let endpoint = ["endpoints", config.technology.as_str(), config.extension.as_str()];
    let (info, endpoint, channels, bridges, applications) = tokio::join!(
        rest.dated(&["asterisk", "info"], &[("only", "status")]),
        rest.get(&endpoint, &[]),
        rest.get(&["channels"], &[]),
        rest.get(&["bridges"], &[]),
        rest.get(&["applications"], &[]),
    );
    let (info, pbx_clock) = info.unwrap_or_default();
    Learnt::Snapshot(match (channels, bridges) {
        (Ok(channels), Ok(bridges)) => Ok(Box::new(Snapshot {
            channels,
            bridges,
            endpoint: endpoint.unwrap_or_default(),
            info,
            applications: applications.unwrap_or_default(),
            pbx_clock,
            asked_at,
            unseen_since,
        })),
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    })
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_our_endpoint_and_the_bridges_stay_subscribed() {
        let held = json!({"channel_ids": ["1.1"], "bridge_ids": [ALL_BRIDGES, "b-1"],
            "endpoint_ids": ["PJSIP/101", "PJSIP/102"], "device_names": ["PJSIP/7"]});
        assert_eq!(
            foreign(&held, "PJSIP/101"),
            ["bridge:b-1", "endpoint:PJSIP/102", "deviceState:PJSIP/7"]
        );
        assert!(foreign(&Value::Null, "PJSIP/101").is_empty());
    }
}
