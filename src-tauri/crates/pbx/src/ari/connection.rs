//! ARI's part of the line: subscriptions, frames for the translator, and REST for its questions.

use super::config::AriConfig;
use super::devices::Moved;
use super::exchange::{Answer, Output, Question, Snapshot};
use super::peers::ALL_BRIDGES;
use super::request::Failure;
use super::rest::Rest;
use super::translate::Translator;
use crate::cause::Cause;
use crate::line::Door;
use crate::line::keep::{Speaker, Stop, Translated, now};
use calls::{LinkTrouble, Moment, OrderId};
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

const MOST_QUESTIONS: usize = 128;
/// A longer version is cut, characters.
const LONGEST_VERSION: usize = 64;
/// With so many answers on their way nothing more is heard, and so nothing more asked.
const MOST_JOBS: usize = 2 * MOST_QUESTIONS;
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

/// An order that is about to be placed, and the number that it dials.
#[derive(Debug)]
pub struct Ordered(pub OrderId, pub String);

/// One agent's conversation with ARI.
pub struct AriSpeaker {
    config: AriConfig,
    rest: Arc<Rest>,
    moved: watch::Sender<Moved>,
    translator: Translator,
    /// The user may not subscribe: take the whole PBX's stream.
    whole: bool,
    jobs: JoinSet<Learnt>,
}

impl AriSpeaker {
    pub fn new(config: AriConfig, rest: Arc<Rest>, moved: watch::Sender<Moved>) -> Self {
        let translator = Translator::new(config.agent());
        Self {
            config,
            rest,
            moved,
            translator,
            whole: false,
            jobs: JoinSet::new(),
        }
    }

    fn translated(&mut self, out: Output) -> Translated {
        let moved = self.translator.moved();
        if *self.moved.borrow() != moved {
            self.moved.send_replace(moved);
        }
        ask(&mut self.jobs, &self.rest, out.ask);
        Translated {
            events: out.events,
            version: None,
            frame: out.frame,
            point: None,
            stop: out.replaced.then_some(Stop::Trouble(LinkTrouble::Replaced)),
        }
    }
}

impl Speaker for AriSpeaker {
    type Order = Ordered;
    type Work = Result<Learnt, JoinError>;

    fn door(&self) -> Result<Door, Cause> {
        self.config.door(&self.config.app(), self.whole)
    }

    async fn greet(&mut self) -> Result<(), Stop> {
        if self.whole {
            return Ok(());
        }
        match subscribe(&self.rest, &self.config.app(), &self.config.endpoint()).await {
            Ok(()) => Ok(()),
            Err(Cause::ReadOnly) => {
                tracing::warn!("the PBX user is read-only: taking the whole stream and keeping only our own calls");
                self.whole = true;
                Err(Stop::Reconnect)
            }
            Err(cause) => Err(Stop::Trouble(cause.trouble())),
        }
    }

    fn begin(&mut self, heard_at: Option<Moment>) {
        self.jobs.spawn(snapshot(self.rest.clone(), self.config.clone(), heard_at));
    }

    fn end(&mut self) {
        self.jobs = JoinSet::new();
    }

    fn ordered(&mut self, Ordered(order, number): Ordered) {
        self.translator.ordered(order, &number);
    }

    fn frame(&mut self, text: &str, received: Moment) -> Translated {
        let out = self.translator.frame(text, received);
        self.translated(out)
    }

    fn has_room(&self) -> bool {
        self.jobs.len() < MOST_JOBS
    }

    async fn work(&mut self) -> Self::Work {
        match self.jobs.join_next().await {
            Some(done) => done,
            None => std::future::pending().await,
        }
    }

    fn worked(&mut self, work: Self::Work, received: Moment) -> Translated {
        let trouble = match work {
            Ok(Learnt::Answer(question, answer)) => {
                let out = self.translator.answer(&question, &answer, received);
                return self.translated(out);
            }
            Ok(Learnt::Snapshot(Ok(snapshot))) => {
                let out = self.translator.snapshot(&snapshot, received);
                let version = snapshot.info.pointer("/system/version").and_then(Value::as_str);
                return Translated {
                    version: version.map(|version| version.chars().take(LONGEST_VERSION).collect()),
                    ..self.translated(out)
                };
            }
            Ok(Learnt::Snapshot(Err(failure))) => failure.cause().trouble(),
            Err(_) => LinkTrouble::Other { status: None },
        };
        Translated {
            stop: Some(Stop::Trouble(trouble)),
            ..Translated::default()
        }
    }

    fn clock_was_set(&mut self, by: i64) {
        self.translator.desk_clock_was_set(by);
    }

    fn clock_ahead(&self) -> Option<i64> {
        self.translator.clock_ahead()
    }
}

/// Something a REST request brought.
pub enum Learnt {
    /// To a question of the translator.
    Answer(Question, Answer),
    /// What is there after a (re)connect.
    Snapshot(Result<Box<Snapshot>, Failure>),
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
            Err(failure) => return Err(failure.cause_of_write()),
        }
    }
    rest.subscription(Method::POST, app, "bridge:")
        .await
        .map_err(Failure::cause_of_write)?;
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
