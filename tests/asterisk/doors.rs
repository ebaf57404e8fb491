//! What a desk's password opens: the whole PBX by itself, and behind the proxies of `docs/proxy` what the companion needs.

use super::desk::Desk;
use super::office::{Office, PATIENCE};
use super::pbx::RealPbx;
use super::proxy::{ASTERISK, Ask, Events, Kind, Proxy};
use super::spellings::{ALLOWED, FORBIDDEN, ORDER, SETTINGS};
use super::{CLIENT, DIRECT, GROUP, Test};
use calls::{CallEventKind, Extension};
use engine::view::{CallView, CallerView, PhaseView};
use pbx::{AriConfig, Cause, Finds as _, Meets as _, Outcome, Pbx as _, Stage, Step, Whereabouts};
use ringside_tests::eventually;

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s01_s18_the_whole_companion_works_behind_nginx() -> Test {
    the_whole_companion_works_behind(Kind::Nginx).await
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn s01_s18_the_whole_companion_works_behind_haproxy() -> Test {
    the_whole_companion_works_behind(Kind::Haproxy).await
}

async fn the_whole_companion_works_behind(kind: Kind) -> Test {
    let mut pbx = RealPbx::start().await?;
    let proxy = Proxy::before(&mut pbx, kind).await?;
    let office = Office::open(&pbx).await?;
    from_the_call_to_the_case(&pbx, &office).await?;
    orders_and_their_end(&pbx, &office).await?;
    drop(office);
    desks_of_a_group(&mut pbx).await?;
    assert_eq!(proxy.refused()?, Vec::<String>::new(), "all that the companion asks is on the list");
    Ok(())
}

/// S01, S30: the popup, the client's profile, the case and its recording.
async fn from_the_call_to_the_case(pbx: &RealPbx, office: &Office) -> Test {
    let phone = pbx.agent(101, "uas-answer", &[("ring", 700)]).await;
    let caller = pbx.caller("uac-answered", CLIENT, DIRECT, &[("talk", 6000)]);
    let known = |call: &CallView| matches!(&call.caller, CallerView::Known { user, .. } if user.name == "Иванов Иван Сергеевич");
    office.call("the client's profile", known).await;
    caller.done().await;
    phone.done().await;
    office.settled().await;
    let cases = office.cases();
    let [case] = cases.as_slice() else { panic!("{cases:#?}") };
    let files: Vec<_> = case.messages.iter().flat_map(|message| &message.attachments).collect();
    // Some two seconds of 16-bit samples at 8 kHz.
    assert!(files.len() == 1 && files[0].file_size > 20_000, "{case:#?}");
    Ok(())
}

/// S18: an order that is talked over, and one that is hung up while the client's phone rings.
async fn orders_and_their_end(pbx: &RealPbx, office: &Office) -> Test {
    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    let client = pbx.world("uas-answer-bye", &[("ring", 500), ("talk", 1000)]).await;
    let call = ringside_tests::order(&office.engine, CLIENT, None)
        .await
        .map_err(|error| format!("{error:?}"))?;
    for phase in [PhaseView::Talking, PhaseView::Ended] {
        office
            .call(&format!("{phase:?}"), |known| known.id == call && known.phase == phase)
            .await;
    }
    client.done().await;
    phone.done().await;
    let phone = pbx.agent(101, "uas-answer", &[("ring", 500)]).await;
    let client = pbx.world("uas-ring", &[]).await;
    let call = ringside_tests::order(&office.engine, CLIENT, None)
        .await
        .map_err(|error| format!("{error:?}"))?;
    let rings = |known: &CallView| known.id == call && known.phase == PhaseView::Dialing;
    office.call("the client to be dialled", rings).await;
    // That is said when the agent's phone was picked up; the client's is called after it.
    client.is_called().await;
    office.engine.hang_up(&call).await.map_err(|error| format!("{error:?}"))?;
    office.call("the end", |known| known.id == call && known.ended_at.is_some()).await;
    client.done().await;
    phone.done().await;
    office.settled().await;
    Ok(())
}

/// S25: desks that share a call, marks for the other computers of a desk, and where a caller is.
async fn desks_of_a_group(pbx: &mut RealPbx) -> Test {
    let mut anna = Desk::connected(pbx, "101").await?;
    pbx.user = "desk-102";
    let mut boris = Desk::connected(pbx, "102").await?;
    let phones = [
        pbx.agent(101, "uas-ring", &[]).await,
        pbx.agent(102, "uas-answer", &[("ring", 2500)]).await,
        pbx.agent(103, "uas-ring", &[]).await,
    ];
    let caller = pbx.caller("uac-answered", CLIENT, GROUP, &[("talk", 1500)]);
    let to_anna = anna.offered().await;
    anna.until("to share the call with Boris", |leg, kind| {
        let shared = matches!(kind, CallEventKind::Shared { with, .. } if *with == [Extension::new("102")]);
        (*leg == to_anna.leg && shared).then_some(())
    })
    .await;
    let written = Stage::Written {
        case: Some((calls::CaseId(7), "482-113907".into())),
    };
    for stage in [Stage::Touched, written] {
        assert!(anna.pbx.say(&to_anna.leg, &stage, true).await, "{stage:?}");
        assert!(anna.pbx.say(&to_anna.leg, &stage, false).await, "{stage:?}");
    }
    assert!(anna.pbx.companions().await.is_some_and(|companions| companions.is_alone()));
    let to_boris = boris.offered().await;
    boris.answered(&to_boris.leg).await;
    let conversation = boris.conversation(&to_boris.leg).ok_or("a conversation")?;
    let whereabouts = async || anna.pbx.whereabouts(Some(&conversation), CLIENT).await;
    assert_eq!(whereabouts().await, Some(Whereabouts::Talks));
    boris.ended(&to_boris.leg).await;
    caller.done().await;
    for phone in phones {
        phone.done().await;
    }
    assert_eq!(whereabouts().await, Some(Whereabouts::Gone));
    anna.pbx.shutdown().await;
    boris.pbx.shutdown().await;
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn d6_the_connection_test_warns_of_a_pbx_that_shows_its_settings_and_not_of_one_behind_a_proxy() -> Test {
    let mut pbx = RealPbx::start().await?;
    let looked = async |url: &str, user: &str, password: &str| -> Result<pbx::CheckReport, Box<dyn std::error::Error>> {
        let password = password.to_owned().into();
        let mut config = AriConfig::new(url.parse()?, user, password, Extension::new("101"), "test");
        config.context = "from-agents".to_owned();
        config.outside = vec![CLIENT.to_owned()];
        Ok(pbx::check(&config).await)
    };
    let open = Outcome::Failed { cause: Cause::OpenToAll };
    for (user, password) in [
        ("companion", "companion-test"),
        ("desk-101", "companion-test"),
        ("watcher", "watcher-test"),
    ] {
        let report = looked(pbx.url, user, password).await?;
        assert_eq!(report.outcome(Step::KeepsSecrets), open, "{user}");
        assert!(report.works(), "{user}: a warning, no more");
    }
    for kind in [Kind::Nginx, Kind::Haproxy] {
        let _proxy = Proxy::before(&mut pbx, kind).await?;
        let report = looked(pbx.url, pbx.user, pbx.password).await?;
        let passed = |step: &pbx::StepReport| matches!(step.outcome, Outcome::Passed { .. });
        assert!(report.steps.iter().all(passed), "{kind:?}: {report:?}");
        let report = looked(pbx.url, pbx.user, "wrong").await?;
        let refused = Outcome::Failed {
            cause: Cause::BadCredentials,
        };
        assert_eq!(report.outcome(Step::SignIn), refused, "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn what_is_not_on_the_list_is_refused_however_it_is_spelled() -> Test {
    let mut pbx = RealPbx::start().await?;
    assert_eq!(Ask::new("GET", SETTINGS).at(ASTERISK).await?.0, 200, "the PBX itself shows it");
    for kind in [Kind::Nginx, Kind::Haproxy] {
        let proxy = Proxy::before(&mut pbx, kind).await?;
        for (method, target, status) in ALLOWED {
            let (got, said) = Ask::new(method, target).at(proxy.address).await?;
            assert_eq!(got, *status, "{kind:?}: {method} {target}: {said}");
        }
        for (method, target) in FORBIDDEN {
            let (status, said) = Ask::new(method, target).at(proxy.address).await?;
            // Besides 403: what is no HTTP at all (400), and methods that a proxy itself does not know (405).
            let refused = matches!(status, 400 | 403 | 405) && !said.contains("Asterisk/");
            assert!(refused, "{kind:?}: {method} {target}: {said}");
        }
        others(&proxy, kind).await?;
        bodies(&proxy, kind).await?;
    }
    Ok(())
}

/// Who is no desk, who is several, and who writes a name in another way.
async fn others(proxy: &Proxy, kind: Kind) -> Test {
    let allowed = Ask::new("GET", "/ari/channels");
    let settings = Ask::new("GET", SETTINGS);
    let as_user = |user| format!("Authorization: {user}");
    let spelled = [
        as_user("basic ZGVzay0xMDE6Y29tcGFuaW9uLXRlc3Q="),
        as_user("Basic  ZGVzay0xMDE6Y29tcGFuaW9uLXRlc3Q="),
        as_user("Basic ZGVzay0xMDE6Y29tcGFuaW9u-XRlc3Q="),
        as_user("Basic ZGVzay0xMDE6Y29tcGFuaW9uLXRlc3Q=, Basic Y29tcGFuaW9uOmNvbXBhbmlvbi10ZXN0"),
        as_user("Digest username=\"desk-101\""),
        as_user(""),
    ];
    for header in &spelled {
        let ask = Ask {
            users: &[],
            headers: &[header],
            ..allowed
        };
        let status = ask.at(proxy.address).await?.0;
        assert_eq!(status, 403, "{kind:?}: {header}");
    }
    for users in [
        &["companion"][..],
        &["watcher"],
        &["desk-"],
        &["desk-10.1"],
        &["Desk-101"],
        &["desk-101 GET /ari/channels"],
        &[],
    ] {
        let status = Ask { users, ..allowed }.at(proxy.address).await?.0;
        assert_eq!(status, 403, "{kind:?}: {users:?}");
    }
    for users in [&["companion", "desk-101"], &["desk-101", "companion"]] {
        let status = Ask { users, ..settings }.at(proxy.address).await?.0;
        assert!(matches!(status, 400 | 403), "{kind:?}: {users:?}: {status}");
    }
    for header in [
        "X-HTTP-Method-Override: GET",
        "X-Original-URL: /ari/channels",
        "X-Rewrite-URL: /ari/channels",
    ] {
        let ask = Ask {
            headers: &[header],
            ..settings
        };
        assert_eq!(ask.at(proxy.address).await?.0, 403, "{kind:?}: {header}");
    }
    for header in [
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /ari/asterisk/modules",
        "X-Rewrite-URL: /ari/asterisk/modules",
        "Upgrade: h2c",
    ] {
        let headers = [header];
        let (status, said) = Ask {
            headers: &headers,
            ..allowed
        }
        .at(proxy.address)
        .await?;
        assert!(status == 200 && said.ends_with("[]"), "{kind:?}: {header}: {said}");
    }
    Ok(())
}

/// Asterisk takes what stands in a body before what stands in the address.
async fn bodies(proxy: &Proxy, kind: Kind) -> Test {
    let body = r#"{"endpoint":"Local/101@from-agents","context":"from-trunk"}"#;
    let ask = Ask {
        body,
        ..Ask::new("POST", ORDER)
    };
    let hang_up = Ask::new("DELETE", "/ari/channels/c2c-101-0123456789abcdef?reason=normal");
    let (status, said) = ask.at(ASTERISK).await?;
    assert!(status == 200 && said.contains("Local/101@from-agents"), "the PBX itself: {said}");
    hang_up.at(ASTERISK).await?;
    order_is_over().await;
    let (status, said) = ask.at(proxy.address).await?;
    let own = status == 200 && said.contains(r#""name":"PJSIP/101-"#) && !said.contains("Local/");
    assert!(own || status == 403, "{kind:?}: {said}");
    hang_up.at(proxy.address).await?;
    order_is_over().await;
    // Two lengths: one request or two?
    let smuggled = format!("0\r\n\r\nGET {SETTINGS} HTTP/1.1\r\nHost: pbx\r\n\r\n");
    let length = format!("Content-Length: {}", smuggled.len());
    let ask = Ask {
        headers: &[length.as_str(), "Transfer-Encoding: chunked"],
        ..Ask::new("GET", "/ari/channels")
    };
    let text = format!("/ari/channels HTTP/1.1\r\nHost: pbx\r\n\r\nGET {SETTINGS}");
    for ask in [ask, Ask::new("GET", &text)] {
        let (_, said) = ask.at(proxy.address).await?;
        assert!(!said.contains("dtmf_mode"), "{kind:?}: {said}");
    }
    Ok(())
}

/// Until then the PBX refuses another order with the same id.
async fn order_is_over() {
    eventually("the end of the order", PATIENCE, || async {
        let asked = Ask::new("GET", "/ari/channels/c2c-101-0123456789abcdef").at(ASTERISK).await;
        asked.ok().filter(|(status, _)| *status == 404).map(|_| ())
    })
    .await;
}

/// A whole REST request as a message of the socket of events, as Asterisk takes them.
fn rest_request() -> String {
    let uri = SETTINGS.trim_start_matches("/ari/");
    format!(r#"{{"type":"RESTRequest","transaction_id":"t","request_id":"r","method":"GET","uri":"{uri}"}}"#)
}

#[tokio::test]
#[ignore = "needs a real Asterisk: cargo xtask test --only asterisk"]
async fn requests_over_the_websocket_of_events_end_at_the_proxy_and_pings_do_not() -> Test {
    const TEXT: u8 = 0x81;
    const PING: u8 = 0x89;
    const PONG: &[u8] = &[0x8a, 0];
    let mut pbx = RealPbx::start().await?;
    let mut direct = Events::open(ASTERISK, "ringside-101-a").await?;
    direct.send(TEXT, &rest_request(), usize::MAX).await?;
    assert!(direct.hear(b"dtmf_mode").await.is_some(), "the PBX itself answers");
    for kind in [Kind::Nginx, Kind::Haproxy] {
        let proxy = Proxy::before(&mut pbx, kind).await?;
        // A text; the same in two frames; by an unknown kind; behind a ping; a ping that is too long to be one.
        for (frame, piece) in [
            (TEXT, usize::MAX),
            (TEXT, 1),
            (0x01, 7),
            (0x82, 3),
            (0x83, 5),
            (0xc1, 9),
            (0x80, 2),
            (PING, 11),
        ] {
            let mut events = Events::open(proxy.address, "ringside-101-a").await?;
            events.send(PING, "", piece).await?;
            assert!(events.hear(PONG).await.is_some(), "{kind:?}");
            events.send(PING, "hello", piece).await?;
            assert!(events.hear(b"hello").await.is_some(), "{kind:?}");
            events.send(frame, &rest_request(), piece).await?;
            events.send(PING, "still here", piece).await?;
            assert_eq!(events.hear(b"still here").await, None, "{kind:?}: {frame:#x} in pieces of {piece}");
        }
    }
    Ok(())
}
