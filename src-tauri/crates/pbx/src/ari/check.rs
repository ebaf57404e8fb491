//! The connection test of the set-up assistant (D6): step by step, with a cause for each failure.
//!
//! The causes are those of reference pbx-websockets 2.8; the screens word them.

use super::handshake::open;
use super::rest::{Failure, Rest};
use super::{AriConfig, tls, wire};
use calls::LinkTrouble;
use futures_util::StreamExt;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

/// How long a fresh socket is watched for somebody else's claim to its name.
const CLAIM_WINDOW: Duration = Duration::from_millis(300);

/// Why a step failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// Nobody listens there: the PBX's HTTP server is off, or bound to 127.0.0.1.
    Refused,
    /// No answer in time: a firewall, most often.
    TimedOut,
    /// Another failure of the network.
    Unreachable,
    /// The host's name does not resolve.
    UnknownHost,
    /// TLS failed: a self-signed certificate, a wrong name, or no TLS at all on that port.
    Tls,
    /// 404: ARI is not loaded, switched off, or behind a path prefix.
    NotThere,
    /// Something answers that is not ARI.
    NotAri,
    /// 401: wrong user or password.
    BadCredentials,
    /// 403: the user may only read.
    ReadOnly,
    /// 403: the user's address rules exclude this desktop.
    DeniedByAddress,
    /// 503: the PBX is starting.
    Booting,
    /// 400 at the handshake: a proxy that does not pass websockets on.
    NoUpgrade,
    /// 404 or 422 for the endpoint: no such extension, another technology, or a typo.
    NoSuchEndpoint,
    /// The agent's softphone is not registered.
    PhoneOffline,
    /// The context for calls out is not on the PBX, or has a rule neither for colleagues nor for outside numbers.
    NoSuchContext,
    /// The context knows colleagues, and no outside number as the companion would write it.
    NoWayOut,
    /// The PBX shows this user its own settings, every phone's password among them: no proxy keeps the list.
    OpenToAll,
    /// Another copy of the companion runs with this name.
    Replaced,
    /// Another HTTP status.
    Other {
        /// The status.
        status: u16,
    },
}

impl Cause {
    /// What a failed read means.
    pub(super) fn of(failure: Failure) -> Self {
        match failure {
            Failure::NotSent => Self::Unreachable,
            Failure::Lost => Self::TimedOut,
            Failure::Status { code: 401, .. } => Self::BadCredentials,
            Failure::Status { code: 403, .. } => Self::DeniedByAddress,
            Failure::Status { code: 404, .. } => Self::NotThere,
            Failure::Status { code: 503, .. } => Self::Booting,
            Failure::Status { code, .. } => Self::Other { status: code },
        }
    }

    /// What a failed write, such as a subscription, means.
    pub(super) fn of_write(failure: Failure) -> Self {
        match failure {
            Failure::Status { code: 403, acl: false } => Self::ReadOnly,
            Failure::Status { code: 422, .. } => Self::NoSuchEndpoint,
            Failure::NotSent | Failure::Lost | Failure::Status { .. } => Self::of(failure),
        }
    }

    /// The same, as the link's state tells it.
    pub(super) fn trouble(self) -> LinkTrouble {
        match self {
            Self::Refused | Self::TimedOut | Self::Unreachable => LinkTrouble::Unreachable,
            Self::UnknownHost => LinkTrouble::UnknownHost,
            Self::Tls => LinkTrouble::Tls,
            Self::NotThere | Self::NotAri => LinkTrouble::NotAPbx,
            Self::BadCredentials => LinkTrouble::BadCredentials,
            Self::ReadOnly | Self::DeniedByAddress => LinkTrouble::Forbidden,
            Self::Booting => LinkTrouble::Booting,
            Self::NoUpgrade => LinkTrouble::Other { status: Some(400) },
            Self::NoSuchEndpoint => LinkTrouble::NoSuchExtension,
            Self::PhoneOffline | Self::NoSuchContext | Self::NoWayOut | Self::OpenToAll => LinkTrouble::Other { status: None },
            Self::Replaced => LinkTrouble::Replaced,
            Self::Other { status } => LinkTrouble::Other { status: Some(status) },
        }
    }
}

/// What is tested, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The address answers (name, TCP, TLS).
    Reach,
    /// User and password are right.
    SignIn,
    /// What answers is ARI.
    AriThere,
    /// The user may subscribe and place calls.
    MaySubscribe,
    /// The PBX knows the extension.
    ExtensionExists,
    /// The agent's phone is registered.
    PhoneRegistered,
    /// Calls out find their way: the context exists and knows outside numbers.
    DialsOut,
    /// A proxy keeps the PBX's own settings from this user.
    KeepsSecrets,
    /// The websocket opens and stays ours.
    SocketOpens,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Fine.
    Passed {
        /// How long it took.
        ms: u64,
    },
    /// Not fine.
    Failed {
        /// Why.
        #[serde(flatten)]
        cause: Cause,
    },
    /// Not tried: an earlier step failed.
    Skipped,
}

/// One step with its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// What was tested.
    pub step: Step,
    /// How it went.
    pub outcome: Outcome,
}

/// All steps in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Nine steps, each once.
    pub steps: Vec<StepReport>,
    /// The password crosses the network unencrypted.
    pub plain: bool,
}

impl CheckReport {
    /// The outcome of one step.
    #[must_use]
    pub fn outcome(&self, step: Step) -> Outcome {
        self.steps
            .iter()
            .find(|report| report.step == step)
            .map_or(Outcome::Skipped, |report| report.outcome)
    }

    /// Whether calls will be seen. A read-only user, a phone that is not registered just now, a context that leads
    /// nowhere and a PBX that is open to its users are worth a warning, but do not stand in the way; nor does a PBX that
    /// does not tell of its dialplan.
    #[must_use]
    pub fn works(&self) -> bool {
        self.steps.iter().all(|report| match report.outcome {
            Outcome::Passed { .. } => true,
            Outcome::Failed { cause } => matches!(
                cause,
                Cause::ReadOnly | Cause::PhoneOffline | Cause::NoSuchContext | Cause::NoWayOut | Cause::OpenToAll
            ),
            Outcome::Skipped => matches!(report.step, Step::DialsOut | Step::KeepsSecrets),
        })
    }
}

struct Report {
    steps: Vec<StepReport>,
    since: Instant,
}

impl Report {
    fn passed(&mut self, step: Step) {
        let ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.steps.push(StepReport {
            step,
            outcome: Outcome::Passed { ms },
        });
        self.since = Instant::now();
    }

    fn failed(&mut self, step: Step, cause: Cause) {
        self.steps.push(StepReport {
            step,
            outcome: Outcome::Failed { cause },
        });
        self.since = Instant::now();
    }

    /// The steps not yet reported were not tried.
    fn finished(mut self, plain: bool) -> CheckReport {
        let all = [
            Step::Reach,
            Step::SignIn,
            Step::AriThere,
            Step::MaySubscribe,
            Step::ExtensionExists,
            Step::PhoneRegistered,
            Step::DialsOut,
            Step::KeepsSecrets,
            Step::SocketOpens,
        ];
        for step in all {
            if !self.steps.iter().any(|report| report.step == step) {
                self.steps.push(StepReport {
                    step,
                    outcome: Outcome::Skipped,
                });
            }
        }
        self.steps.sort_by_key(|report| report.step);
        CheckReport { steps: self.steps, plain }
    }
}

/// Tests a configuration without disturbing a connection that runs with it: the socket that is
/// tried has a name of its own.
pub async fn check(config: &AriConfig) -> CheckReport {
    let mut report = Report {
        steps: Vec::new(),
        since: Instant::now(),
    };
    if let Err((step, cause)) = steps(config, &mut report).await {
        report.failed(step, cause);
    }
    report.finished(config.is_plain())
}

async fn steps(config: &AriConfig, report: &mut Report) -> Result<(), (Step, Cause)> {
    tls::open(config).await.map_err(|cause| (Step::Reach, cause))?;
    let rest = Rest::new(config).map_err(|cause| (Step::Reach, cause))?;
    report.passed(Step::Reach);

    let info = rest.get(&["asterisk", "info"], &[("only", "status")]).await;
    match Cause::of_info(info.as_ref().err().copied()) {
        Some((Step::AriThere, cause)) => return Err((Step::AriThere, cause)),
        Some(failed) => return Err(failed),
        None => report.passed(Step::SignIn),
    }
    if info.is_ok_and(|info| info.get("system").is_none() && info.get("status").is_none()) {
        return Err((Step::AriThere, Cause::NotAri));
    }
    report.passed(Step::AriThere);

    may_subscribe(config, &rest, report).await;
    extension(config, &rest, report).await?;
    dials_out(config, &rest, report).await;
    keeps_secrets(config, &rest, report).await;
    socket(config, report).await
}

impl Cause {
    /// Which step a failure of the first request belongs to.
    fn of_info(failure: Option<Failure>) -> Option<(Step, Self)> {
        let cause = match failure? {
            Failure::Lost => Self::NotAri,
            failure => Self::of(failure),
        };
        let step = match cause {
            Self::BadCredentials | Self::DeniedByAddress => Step::SignIn,
            Self::Refused | Self::TimedOut | Self::Unreachable | Self::UnknownHost | Self::Tls => Step::Reach,
            Self::NotThere
            | Self::NotAri
            | Self::ReadOnly
            | Self::Booting
            | Self::NoUpgrade
            | Self::NoSuchEndpoint
            | Self::PhoneOffline
            | Self::NoSuchContext
            | Self::NoWayOut
            | Self::OpenToAll
            | Self::Replaced
            | Self::Other { .. } => Step::AriThere,
        };
        Some((step, cause))
    }
}

/// Asterisk looks at the rights before it looks for the app: without one, 404 means «you may».
async fn may_subscribe(config: &AriConfig, rest: &Rest, report: &mut Report) {
    let app = format!("{}-nobody", config.app());
    let source = format!("endpoint:{}", config.endpoint());
    match rest.subscription(Method::POST, &app, &source).await {
        Ok(_) | Err(Failure::Status { code: 404, .. }) => report.passed(Step::MaySubscribe),
        Err(failure) => report.failed(Step::MaySubscribe, Cause::of_write(failure)),
    }
}

async fn extension(config: &AriConfig, rest: &Rest, report: &mut Report) -> Result<(), (Step, Cause)> {
    let endpoint = rest.get(&["endpoints", &config.technology, config.extension.as_str()], &[]).await;
    let endpoint = endpoint.map_err(|failure| match failure {
        Failure::Status { code: 404 | 422 | 400, .. } => (Step::ExtensionExists, Cause::NoSuchEndpoint),
        failure => (Step::ExtensionExists, Cause::of(failure)),
    })?;
    report.passed(Step::ExtensionExists);
    match wire::online(&endpoint) {
        Some(false) => report.failed(Step::PhoneRegistered, Cause::PhoneOffline),
        Some(true) | None => report.passed(Step::PhoneRegistered),
    }
    Ok(())
}

/// An order into a context that is not there is taken all the same: the phone rings, the agent answers, and is hung up on.
/// So the context is asked for beforehand: colleagues, and numbers outside as they will be written.
async fn dials_out(config: &AriConfig, rest: &Rest, report: &mut Report) {
    let (own, outside) = tokio::join!(
        rest.is_dialable(config.extension.as_str()),
        futures_util::future::join_all(config.outside.iter().map(|number| rest.is_dialable(number))),
    );
    let goes_out = outside.contains(&Some(true));
    let unknown = own.is_none() || outside.contains(&None);
    match own {
        _ if goes_out => report.passed(Step::DialsOut),
        _ if unknown => {}
        Some(true) if outside.is_empty() => report.passed(Step::DialsOut),
        Some(true) => report.failed(Step::DialsOut, Cause::NoWayOut),
        Some(false) | None => report.failed(Step::DialsOut, Cause::NoSuchContext),
    }
}

/// Asterisk shows every user of ARI the objects of its own settings, read-only or not; the passwords of phones are such
/// objects. What is asked for is the agent's own line, which holds none: that it is shown says enough.
async fn keeps_secrets(config: &AriConfig, rest: &Rest, report: &mut Report) {
    let own = ["asterisk", "config", "dynamic", "res_pjsip", "endpoint", config.extension.as_str()];
    match rest.get(&own, &[]).await {
        Ok(_) => report.failed(Step::KeepsSecrets, Cause::OpenToAll),
        Err(Failure::Status { .. }) => report.passed(Step::KeepsSecrets),
        Err(Failure::NotSent | Failure::Lost) => {}
    }
}

async fn socket(config: &AriConfig, report: &mut Report) -> Result<(), (Step, Cause)> {
    let app = format!("{}-check", config.app());
    let mut socket = open(config, &app, false).await.map_err(|cause| (Step::SocketOpens, cause))?;
    let claimed = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message
                && matches!(
                    wire::frame(&text),
                    Ok(wire::Parsed {
                        frame: wire::Frame::Replaced,
                        ..
                    })
                )
            {
                return Some(Cause::Replaced);
            }
        }
        Some(Cause::Unreachable)
    };
    match tokio::time::timeout(CLAIM_WINDOW, claimed).await {
        Ok(Some(cause)) => return Err((Step::SocketOpens, cause)),
        Ok(None) | Err(_) => report.passed(Step::SocketOpens),
    }
    // The test is over either way; a server that does not say goodbye is no failure.
    let _ = tokio::time::timeout(CLAIM_WINDOW, socket.close(None)).await;
    Ok(())
}
