//! The feed's connection test (D6). A feed lets several in for one extension, so a running connection is not disturbed.

use super::config::FeedConfig;
use super::translate;
use crate::cause::Cause;
use crate::check::{CheckReport, Report, Step};
use crate::line;
use futures_util::StreamExt;
use tokio_tungstenite::tungstenite::Message;

/// What is tested, in this order.
pub const STEPS: [Step; 5] = [Step::Reach, Step::SignIn, Step::Interface, Step::ExtensionExists, Step::SocketOpens];

/// Tests a configuration.
pub async fn check(config: &FeedConfig) -> CheckReport {
    let mut report = Report::new();
    if let Err((step, cause)) = steps(config, &mut report).await {
        // What comes before it went well.
        for passed in STEPS.into_iter().skip(1).take_while(|earlier| *earlier < step) {
            report.passed(passed);
        }
        report.failed(step, cause);
    }
    report.finished(&STEPS, config.url.scheme() != "https")
}

async fn steps(config: &FeedConfig, report: &mut Report) -> Result<(), (Step, Cause)> {
    let door = config.door(None).map_err(|cause| (Step::SignIn, cause))?;
    line::reach(&door).await.map_err(|cause| (Step::Reach, cause))?;
    let opened = line::open(&door).await;
    if door.url.scheme() != "https" && matches!(opened, Err(Cause::Unreachable | Cause::WrongInterface)) {
        let spoken = line::spoken(&door.url, door.within).await;
        if spoken == Ok(line::Spoken::Tls) {
            return Err((Step::Reach, Cause::NeedsTls));
        }
    }
    report.passed(Step::Reach);
    let mut socket = opened.map_err(|cause| (step_of(cause), cause))?;
    let first = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message {
                return Some(translate::is_hello(&text));
            }
        }
        None
    };
    let first = tokio::time::timeout(config.connect_timeout, first).await;
    match first {
        Ok(Some(true)) => {}
        Ok(Some(false) | None) | Err(_) => return Err((Step::Interface, Cause::WrongInterface)),
    }
    for step in [Step::SignIn, Step::Interface, Step::ExtensionExists, Step::SocketOpens] {
        report.passed(step);
    }
    // The test is over either way; a server that does not say goodbye is no failure.
    let _ = tokio::time::timeout(config.connect_timeout, socket.close(None)).await;
    Ok(())
}

/// Which step a refusal belongs to.
fn step_of(cause: Cause) -> Step {
    match cause {
        Cause::BadCredentials | Cause::DeniedByAddress | Cause::ReadOnly => Step::SignIn,
        Cause::NoSuchEndpoint => Step::ExtensionExists,
        Cause::NoUpgrade => Step::SocketOpens,
        Cause::NotThere | Cause::WrongInterface | Cause::Booting | Cause::Other { .. } => Step::Interface,
        Cause::Refused
        | Cause::TimedOut
        | Cause::Unreachable
        | Cause::UnknownHost
        | Cause::Tls
        | Cause::NoTls
        | Cause::NeedsTls
        | Cause::PhoneOffline
        | Cause::NoSuchContext
        | Cause::NoWayOut
        | Cause::OpenToAll
        | Cause::Replaced => Step::Reach,
    }
}
