//! ARI's connection test (D6).

use super::config::AriConfig;
use super::request::Failure;
use super::rest::Rest;
use super::wire;
use crate::cause::Cause;
use crate::check::{CheckReport, Report, Step};
use crate::line;
use futures_util::StreamExt;
use reqwest::Method;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

/// How long a fresh socket is watched for somebody else's claim to its name.
const CLAIM_WINDOW: Duration = Duration::from_millis(300);

/// What is tested, in this order.
pub const STEPS: [Step; 9] = [
    Step::Reach,
    Step::SignIn,
    Step::Interface,
    Step::MaySubscribe,
    Step::ExtensionExists,
    Step::PhoneRegistered,
    Step::DialsOut,
    Step::KeepsSecrets,
    Step::SocketOpens,
];

/// Tests a configuration without disturbing a connection that runs with it: the socket that is
/// tried has a name of its own.
pub async fn check(config: &AriConfig) -> CheckReport {
    let mut report = Report::new();
    if let Err((step, cause)) = steps(config, &mut report).await {
        report.failed(step, cause);
    }
    report.finished(&STEPS, config.is_plain())
}

async fn steps(config: &AriConfig, report: &mut Report) -> Result<(), (Step, Cause)> {
    line::reach(&config.door("", false).map_err(|cause| (Step::Reach, cause))?)
        .await
        .map_err(|cause| (Step::Reach, cause))?;
    let rest = Rest::new(config).map_err(|cause| (Step::Reach, cause))?;

    let info = rest.get(&["asterisk", "info"], &[("only", "status")]).await;
    if config.is_plain() && matches!(info, Err(Failure::NotSent | Failure::Unanswered)) && speaks_tls(config).await {
        return Err((Step::Reach, Cause::NeedsTls));
    }
    let failed = info.as_ref().err().map(|failure| step_of(*failure));
    if failed.is_none_or(|(step, _)| step != Step::Reach) {
        report.passed(Step::Reach);
    }
    match failed {
        Some((Step::Interface, cause)) => return Err((Step::Interface, cause)),
        Some(failed) => return Err(failed),
        None => report.passed(Step::SignIn),
    }
    if info.is_ok_and(|info| info.get("system").is_none() && info.get("status").is_none()) {
        return Err((Step::Interface, Cause::WrongInterface));
    }
    report.passed(Step::Interface);

    let writes = may_subscribe(config, &rest, report).await;
    extension(config, &rest, report).await?;
    // Who may only read dials from no context.
    if writes {
        dials_out(config, &rest, report).await;
    }
    keeps_secrets(config, &rest, report).await;
    socket(config, report).await
}

/// Whether the port answers TLS's greeting: then it is `https` that is missing in the address.
async fn speaks_tls(config: &AriConfig) -> bool {
    line::spoken(&config.base_url, config.timings.connect_timeout).await == Ok(line::Spoken::Tls)
}

/// Which step a failure of the first request belongs to.
fn step_of(failure: Failure) -> (Step, Cause) {
    let cause = match failure {
        Failure::Unanswered => Cause::WrongInterface,
        failure => failure.cause(),
    };
    let step = match cause {
        Cause::BadCredentials | Cause::DeniedByAddress => Step::SignIn,
        Cause::Refused | Cause::TimedOut | Cause::Unreachable | Cause::UnknownHost | Cause::Tls | Cause::NoTls | Cause::NeedsTls => {
            Step::Reach
        }
        Cause::NotThere
        | Cause::WrongInterface
        | Cause::ReadOnly
        | Cause::Booting
        | Cause::NoUpgrade
        | Cause::NoSuchEndpoint
        | Cause::PhoneOffline
        | Cause::NoSuchContext
        | Cause::NoWayOut
        | Cause::OpenToAll
        | Cause::Replaced
        | Cause::Other { .. } => Step::Interface,
    };
    (step, cause)
}

/// Asterisk looks at the rights before it looks for the app: without one, 404 means «you may». Returns whether the user may
/// write.
async fn may_subscribe(config: &AriConfig, rest: &Rest, report: &mut Report) -> bool {
    let app = format!("{}-nobody", config.app());
    let source = format!("endpoint:{}", config.endpoint());
    match rest.subscription(Method::POST, &app, &source).await {
        Ok(_) | Err(Failure::Status { code: 404, .. }) => {
            report.passed(Step::MaySubscribe);
            true
        }
        Err(failure) => {
            let cause = failure.cause_of_write();
            report.failed(Step::MaySubscribe, cause);
            cause != Cause::ReadOnly
        }
    }
}

async fn extension(config: &AriConfig, rest: &Rest, report: &mut Report) -> Result<(), (Step, Cause)> {
    let endpoint = rest.get(&["endpoints", &config.technology, config.extension.as_str()], &[]).await;
    let endpoint = endpoint.map_err(|failure| match failure {
        Failure::Status { code: 404 | 422 | 400, .. } => (Step::ExtensionExists, Cause::NoSuchEndpoint),
        failure => (Step::ExtensionExists, failure.cause()),
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
        Err(Failure::NotSent | Failure::Unanswered) => {}
    }
}

async fn socket(config: &AriConfig, report: &mut Report) -> Result<(), (Step, Cause)> {
    let app = format!("{}-check", config.app());
    let mut socket = line::open(&config.door(&app, false).map_err(|cause| (Step::SocketOpens, cause))?)
        .await
        .map_err(|cause| (Step::SocketOpens, cause))?;
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
