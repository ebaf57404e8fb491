//! Connection tests for the set-up screen: what works, and in which words to say what does not (D6).

use crate::settings::Settings;
use crate::settings::vendors::step_name;
use crate::view::trouble;
use crate::view::{ChannelOption, TestLine, TestOutcome, TroubleView};
use omnidesk::Client;
use pbx::{Cause, Outcome, Prepared, Spoken, Step};
use std::time::{Duration, Instant};
use url::Url;

/// How long one try of a scheme may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The address of a PBX, and what was tried to find it out.
pub struct Place {
    /// In full.
    pub url: Url,
    /// For administrators.
    pub tried: String,
}

/// The scheme of an address that names none, by trying. Nothing is sent that is anybody's.
///
/// # Errors
/// The lines of a test that ended there.
pub async fn find_scheme(address: &Url, steps: &[&str]) -> Result<Place, Vec<TestLine>> {
    let (mut secure, mut plain) = (address.clone(), address.clone());
    // Both only fail for addresses without a host, and then nothing answers there.
    let _ = secure.set_scheme("https");
    let _ = plain.set_scheme("http");
    let mut spoken = pbx::spoken(&secure, PATIENCE).await;
    if spoken.is_err() && address.port().is_none() {
        // Each scheme has a usual port of its own.
        spoken = pbx::spoken(&plain, PATIENCE).await;
    }
    match spoken {
        Ok(Spoken::Tls) => Ok(Place {
            tried: shown(&secure),
            url: secure,
        }),
        Ok(Spoken::Http) => Ok(Place {
            tried: format!("{}: NoTls; {}: HTTP", shown(&secure), shown(&plain)),
            url: plain,
        }),
        Err(cause) => {
            let details = format!("{}, {}: {cause:?}", shown(&secure), shown(&plain));
            let reached = failed("reach", trouble_of(cause), Some(details));
            Err(std::iter::once(reached).chain(untried(steps)).collect())
        }
    }
}

/// All steps but the first.
fn untried(steps: &[&str]) -> impl Iterator<Item = TestLine> {
    steps.iter().filter(|step| **step != "reach").map(|step| skipped(step))
}

/// The lines of a test whose address turned out to be one of plain HTTP, which takes a yes: the rest was not tried.
pub fn needs_a_yes(place: &Place, steps: &[&str]) -> Vec<TestLine> {
    let answers = TestLine {
        address: Some(place.url.to_string()),
        ..passed("reach", 0)
    };
    let open = failed("encryption", TroubleView::PlainHttp, Some(place.tried.clone()));
    [TestLine { ms: None, ..answers }, open].into_iter().chain(untried(steps)).collect()
}

/// Tests the PBX, step by step; `open`: by plain HTTP over a network; `found`: the address, where it was found by trying.
pub async fn pbx(prepared: &Prepared, open: bool, found: Option<&Place>) -> Vec<TestLine> {
    let report = prepared.check().await;
    let address = shown(prepared.address());
    let steps = report.steps.into_iter();
    let mut lines: Vec<_> = steps.map(|step| line_of(step.step, &step.outcome, &address)).collect();
    if let (Some(place), Some(first)) = (found, lines.first_mut()) {
        first.address = Some(place.url.to_string());
    }
    if open {
        lines.insert(1, warned("encryption", TroubleView::PlainHttp));
    }
    lines
}

/// Where something was tried: scheme, host and port.
fn shown(address: &Url) -> String {
    let port = address.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", address.scheme(), address.host_str().unwrap_or_default())
}

fn line_of(step: Step, outcome: &Outcome, address: &str) -> TestLine {
    let name = step_name(step);
    match outcome {
        Outcome::Passed { ms } => passed(name, *ms),
        Outcome::Failed { cause } => TestLine {
            outcome: if stands_in_the_way(*cause) {
                TestOutcome::Failed
            } else {
                TestOutcome::Warned
            },
            ..failed(name, trouble_of(*cause), Some(format!("{address}: {cause:?}")))
        },
        Outcome::Skipped => skipped(name),
    }
}

/// What calls come and cases are written in spite of is said, and hinders nobody from going on.
fn stands_in_the_way(cause: Cause) -> bool {
    !matches!(cause, Cause::ReadOnly | Cause::OpenToAll)
}

fn trouble_of(cause: Cause) -> TroubleView {
    match cause {
        Cause::Refused | Cause::Unreachable => TroubleView::Unreachable,
        Cause::TimedOut => TroubleView::Timeout,
        Cause::UnknownHost => TroubleView::UnknownHost,
        Cause::Tls => TroubleView::Tls,
        Cause::NoTls => TroubleView::NoTls,
        Cause::NeedsTls => TroubleView::NeedsTls,
        Cause::NotThere | Cause::WrongInterface | Cause::NoUpgrade => TroubleView::WrongService,
        Cause::BadCredentials => TroubleView::BadCredentials,
        Cause::ReadOnly => TroubleView::ReadOnly,
        Cause::DeniedByAddress => TroubleView::Forbidden,
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
        address: None,
    }
}

fn failed(step: &str, trouble: TroubleView, details: Option<String>) -> TestLine {
    TestLine {
        step: step.into(),
        outcome: TestOutcome::Failed,
        ms: None,
        trouble: Some(trouble),
        details,
        address: None,
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
        address: None,
    }
}
