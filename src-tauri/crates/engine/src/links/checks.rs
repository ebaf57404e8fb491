//! Connection tests for the set-up screen: what works, and in which words to say what does not (D6).

use crate::settings::Settings;
use crate::settings::vendors::step_name;
use crate::view::trouble;
use crate::view::{ChannelOption, TestLine, TestOutcome, TroubleView};
use omnidesk::Client;
use pbx::{Cause, Outcome, Prepared, Step};
use std::time::Instant;

/// Tests the PBX, step by step; `open`: by plain HTTP over a network.
pub async fn pbx(prepared: &Prepared, open: bool) -> Vec<TestLine> {
    let report = prepared.check().await;
    let mut lines: Vec<_> = report.steps.into_iter().map(|step| line_of(step.step, &step.outcome)).collect();
    if open {
        lines.insert(1, warned("encryption", TroubleView::PlainHttp));
    }
    lines
}

fn line_of(step: Step, outcome: &Outcome) -> TestLine {
    let name = step_name(step);
    match outcome {
        Outcome::Passed { ms } => passed(name, *ms),
        Outcome::Failed { cause } => failed(name, trouble_of(*cause), Some(format!("{cause:?}"))),
        Outcome::Skipped => skipped(name),
    }
}

fn trouble_of(cause: Cause) -> TroubleView {
    match cause {
        Cause::Refused | Cause::Unreachable => TroubleView::Unreachable,
        Cause::TimedOut => TroubleView::Timeout,
        Cause::UnknownHost => TroubleView::UnknownHost,
        Cause::Tls => TroubleView::Tls,
        Cause::NotThere | Cause::WrongInterface | Cause::NoUpgrade => TroubleView::WrongService,
        Cause::BadCredentials => TroubleView::BadCredentials,
        Cause::ReadOnly | Cause::DeniedByAddress => TroubleView::Forbidden,
        Cause::Booting => TroubleView::Booting,
        Cause::NoSuchEndpoint => TroubleView::NoSuchExtension,
        Cause::PhoneOffline => TroubleView::PhoneOffline,
        Cause::NoSuchContext => TroubleView::Gone,
        Cause::NoWayOut => TroubleView::NoRoute,
        Cause::OpenToAll => TroubleView::OpenPbx,
        Cause::Replaced => TroubleView::Replaced,
        Cause::Other { .. } => TroubleView::Other,
    }
}

/// Tests Omnidesk: does it answer, is the key right, is the e-mail address a member of staff, is the channel there?
pub async fn omnidesk(client: &Client, settings: &Settings) -> Vec<TestLine> {
    let began = Instant::now();
    let me = match client.whoami().await {
        Ok(member) => member,
        Err(error) => {
            let trouble = trouble::of_omnidesk(&error);
            let signed_in_failed = matches!(trouble, TroubleView::BadCredentials | TroubleView::Forbidden);
            let details = Some(error.to_string());
            return if signed_in_failed {
                vec![
                    passed("reach", elapsed(began)),
                    failed("signIn", trouble, details),
                    skipped("staff"),
                    skipped("channel"),
                    skipped("callIdField"),
                    skipped("phoneField"),
                ]
            } else {
                vec![
                    failed("reach", trouble, details),
                    skipped("signIn"),
                    skipped("staff"),
                    skipped("channel"),
                    skipped("callIdField"),
                    skipped("phoneField"),
                ]
            };
        }
    };
    let mut lines = vec![passed("reach", elapsed(began)), passed("signIn", elapsed(began))];
    lines.push(match me {
        Some(member) if member.active => passed("staff", elapsed(began)),
        Some(_) => failed("staff", TroubleView::Refused, Some("staff_not_active".into())),
        None => failed("staff", TroubleView::Gone, None),
    });
    lines.push(channel(client, settings).await);
    lines.extend(fields(client, settings).await);
    lines
}

/// The case fields that keep a call's id and its number: without the first, a lost answer cannot be looked for surely;
/// without the second, Omnidesk's list has no column «Телефон» (S26).
async fn fields(client: &Client, settings: &Settings) -> [TestLine; 2] {
    let began = Instant::now();
    let names = ["callIdField", "phoneField"];
    match client.custom_fields().all().await {
        Ok(fields) => {
            let (call_id, phone) = crate::account::catalog::call_fields(&fields, settings);
            let there = [call_id.is_some(), phone.is_some()];
            [0, 1].map(|n| match there[n] {
                true => passed(names[n], elapsed(began)),
                false => failed(names[n], TroubleView::Gone, None),
            })
        }
        Err(error) => names.map(|name| failed(name, trouble::of_omnidesk(&error), Some(error.to_string()))),
    }
}

/// The account's custom channels, for choosing the one of calls.
///
/// # Errors
/// What Omnidesk says.
pub async fn channels(client: &Client) -> Result<Vec<ChannelOption>, omnidesk::Error> {
    let active = client.custom_channels().all().await?.into_iter().filter(|channel| channel.active);
    Ok(active
        .map(|channel| ChannelOption {
            key: channel.key.as_str().to_owned(),
            title: channel.title,
        })
        .collect())
}

async fn channel(client: &Client, settings: &Settings) -> TestLine {
    if settings.channel.is_empty() {
        return failed("channel", TroubleView::BadSetting, None);
    }
    let began = Instant::now();
    let is_ours = |channel: &omnidesk::CustomChannel| channel.active && channel.key.as_str() == settings.channel;
    match client.custom_channels().find_first(is_ours).await {
        Ok(Some(_)) => passed("channel", elapsed(began)),
        Ok(None) => failed("channel", TroubleView::Gone, None),
        Err(error) => failed("channel", trouble::of_omnidesk(&error), Some(error.to_string())),
    }
}

fn elapsed(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn passed(step: &str, ms: u64) -> TestLine {
    TestLine {
        step: step.into(),
        outcome: TestOutcome::Passed,
        ms: u32::try_from(ms).ok(),
        trouble: None,
        details: None,
    }
}

fn failed(step: &str, trouble: TroubleView, details: Option<String>) -> TestLine {
    TestLine {
        step: step.into(),
        outcome: TestOutcome::Failed,
        ms: None,
        trouble: Some(trouble),
        details,
    }
}

fn warned(step: &str, trouble: TroubleView) -> TestLine {
    TestLine {
        outcome: TestOutcome::Warned,
        ..failed(step, trouble, None)
    }
}

fn skipped(step: &str) -> TestLine {
    TestLine {
        step: step.into(),
        outcome: TestOutcome::Skipped,
        ms: None,
        trouble: None,
        details: None,
    }
}
