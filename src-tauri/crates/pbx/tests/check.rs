//! The connection test of the set-up assistant: each cause of reference 2.8 is told apart.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod fake;

use fake::{Fake, Reply, config};
use pbx::{Cause, CheckReport, Outcome, Step, check};
use serde_json::json;

fn failure(report: &CheckReport) -> Option<(Step, Cause)> {
    report.steps.iter().find_map(|report| match report.outcome {
        Outcome::Failed { cause } => Some((report.step, cause)),
        Outcome::Passed { .. } | Outcome::Skipped => None,
    })
}

#[tokio::test]
async fn d6_a_good_configuration_passes_all_nine_steps_in_order() {
    let fake = Fake::start().await;
    fake.reply("GET", "deviceStates/", Reply::Json(200, json!({"state": "NOT_INUSE"})));
    let report = check(&fake.config()).await;
    let steps: Vec<_> = report.steps.iter().map(|report| report.step).collect();
    let order = [
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
    assert_eq!(steps, order);
    assert_eq!(failure(&report), None);
    assert!(report.works() && report.plain);
    // It must not disturb the connection that may be running with the same settings.
    let mut asked = fake.asked().into_iter().map(|asked| asked.target);
    assert!(!asked.any(|target| target.contains("app=ringside-101-test&")));
}

#[tokio::test]
async fn d6_each_answer_of_the_pbx_has_its_step_and_cause() {
    let offline = Reply::Json(200, json!({"state": "offline"}));
    let no = |status| Reply::Json(status, json!({"message": "no"}));
    let acl = Reply::Json(403, json!({"message": "Access denied by ACL"}));
    let html = Reply::Bytes("text/html", b"<html>".to_vec());
    let table = [
        ("GET", "asterisk/info", no(401), (Step::SignIn, Cause::BadCredentials), false),
        ("GET", "asterisk/info", acl.clone(), (Step::SignIn, Cause::DeniedByAddress), false),
        ("GET", "asterisk/info", no(404), (Step::Interface, Cause::NotThere), false),
        ("GET", "asterisk/info", no(503), (Step::Interface, Cause::Booting), false),
        ("GET", "asterisk/info", html, (Step::Interface, Cause::WrongInterface), false),
        (
            "GET",
            "asterisk/info",
            Reply::Json(200, json!({"ok": true})),
            (Step::Interface, Cause::WrongInterface),
            false,
        ),
        ("POST", "applications/", no(403), (Step::MaySubscribe, Cause::ReadOnly), true),
        ("POST", "applications/", acl, (Step::MaySubscribe, Cause::DeniedByAddress), false),
        ("POST", "applications/", no(422), (Step::MaySubscribe, Cause::NoSuchEndpoint), false),
        ("GET", "endpoints/", no(404), (Step::ExtensionExists, Cause::NoSuchEndpoint), false),
        ("GET", "endpoints/", offline, (Step::PhoneRegistered, Cause::PhoneOffline), true),
        (
            "GET",
            "asterisk/config/dynamic/res_pjsip/endpoint/101",
            Reply::Json(200, json!([])),
            (Step::KeepsSecrets, Cause::OpenToAll),
            true,
        ),
        ("GET", "events", no(400), (Step::SocketOpens, Cause::NoUpgrade), false),
        ("GET", "events", no(503), (Step::SocketOpens, Cause::Booting), false),
        ("GET", "events", no(502), (Step::SocketOpens, Cause::Other { status: 502 }), false),
    ];
    for (method, path, reply, expected, works) in table {
        let fake = Fake::start().await;
        fake.reply(method, path, reply);
        let report = check(&fake.config()).await;
        assert_eq!(failure(&report), Some(expected), "{method} {path}");
        assert_eq!(report.works(), works, "{method} {path}");
        assert_eq!(report.steps.len(), 9);
    }
}

#[tokio::test]
async fn d6_what_lies_before_the_pbx_is_told_apart_too() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let report = check(&config(&closed)).await;
    assert_eq!(failure(&report), Some((Step::Reach, Cause::Refused)));
    assert_eq!(report.outcome(Step::SignIn), Outcome::Skipped);

    let report = check(&config("http://no-such-host.invalid:8088")).await;
    assert_eq!(failure(&report), Some((Step::Reach, Cause::UnknownHost)));

    let fake = Fake::start().await;
    let report = check(&config(&format!("https://localhost:{}", fake.address.port()))).await;
    assert_eq!(failure(&report), Some((Step::Reach, Cause::NoTls)), "a port of plain HTTP");

    // Accepts and says nothing: the greeting of TLS never comes.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(&format!("https://{}", silent.local_addr().unwrap()));
    config.timings.connect_timeout = std::time::Duration::from_millis(200);
    assert_eq!(failure(&check(&config).await), Some((Step::Reach, Cause::TimedOut)));
}

#[tokio::test]
async fn d6_a_user_who_may_only_read_is_asked_for_no_context_as_it_dials_from_none() {
    let fake = Fake::start().await;
    fake.reply("POST", "applications/", Reply::Json(403, json!({"message": "Write access denied"})));
    fake.reply("GET", "deviceStates/", Reply::Json(200, json!({"state": "INVALID"})));
    let report = check(&fake.config()).await;
    assert_eq!(failure(&report), Some((Step::MaySubscribe, Cause::ReadOnly)));
    assert_eq!(report.outcome(Step::DialsOut), Outcome::Skipped);
    assert!(report.works());
}

#[tokio::test]
async fn d6_a_name_that_somebody_else_claims_at_once_is_told() {
    let mut fake = Fake::start().await;
    let config = fake.config();
    let checking = tokio::spawn(async move { check(&config).await });
    fake.socket().await.send(&json!({"type": "ApplicationReplaced"}));
    assert_eq!(failure(&checking.await.unwrap()), Some((Step::SocketOpens, Cause::Replaced)));
}

/// What a PBX whose dialplan knows these numbers says of the context; `None`: it does not tell.
async fn dials_out(knows: Option<&[&str]>) -> (Outcome, bool) {
    let fake = Fake::start().await;
    let mut config = fake.config();
    config.outside = vec!["79123456789".into(), "73011234567".into()];
    let numbers = [config.extension.as_str().to_owned()].into_iter().chain(config.outside.clone());
    for number in knows.iter().flat_map(|_| numbers.clone()) {
        let state = if knows.is_some_and(|knows| knows.contains(&number.as_str())) {
            "NOT_INUSE"
        } else {
            "INVALID"
        };
        let path = format!("deviceStates/Local%2F{number}");
        fake.reply("GET", &path, Reply::Json(200, json!({"name": number, "state": state})));
    }
    let report = check(&config).await;
    (report.outcome(Step::DialsOut), report.works())
}

#[tokio::test]
async fn d6_s18_a_context_that_leads_nowhere_is_told_before_anybody_is_called() {
    let failed = |cause| Outcome::Failed { cause };
    assert_eq!(dials_out(Some(&[])).await, (failed(Cause::NoSuchContext), true));
    assert_eq!(dials_out(Some(&["101"])).await, (failed(Cause::NoWayOut), true));
    for knows in [["101", "79123456789"], ["101", "73011234567"], ["73011234567", "79123456789"]] {
        let (outcome, works) = dials_out(Some(&knows)).await;
        assert!(matches!(outcome, Outcome::Passed { .. }) && works, "{knows:?}: {outcome:?}");
    }
    assert_eq!(dials_out(None).await, (Outcome::Skipped, true), "a PBX that does not tell");
}
