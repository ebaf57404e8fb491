//! The adapter against a real Asterisk with SIPp phones. Ignored unless asked for:
//!
//! ```text
//! tests/asterisk/isolated cargo test -p pbx --test live -- --ignored --test-threads=1
//! ```
//!
//! `isolated` gives a network of its own, so the fixed ports of the test PBX clash with nobody.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use calls::{CallEvent, CallEventKind, Direction, Disposition, Extension, LinkState, LinkTrouble, OrderId, PbxEvent};
use pbx::{AriConfig, AriPbx, Cause, Dials, Outcome, Pbx, Records, Step, Told, check};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/asterisk")
}

/// One running PBX; stopped with the test.
struct Asterisk;

impl Asterisk {
    fn start() -> Self {
        // The PBX lives on and would keep a pipe open: its output goes nowhere.
        let done = Command::new(tests().join("start"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the start script");
        assert!(
            done.success(),
            "the test PBX does not start: run tests/asterisk/setup, and this test by tests/asterisk/isolated"
        );
        Self
    }
}

impl Drop for Asterisk {
    fn drop(&mut self) {
        let _ = Command::new(tests().join("stop")).stdout(Stdio::null()).status();
    }
}

/// A SIPp phone; ended with the test.
struct Phone(Child);

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn sipp(folder: &Path, scenario: &str, address: &str, port: u16, rtp: u16, more: &[&str]) -> Phone {
    let file = tests().join(format!("sipp/{scenario}.xml"));
    let (port, rtp) = (port.to_string(), rtp.to_string());
    let child = Command::new("sipp")
        .arg("-sf")
        .arg(file)
        .args(["-i", address, "-p", &port, "-mi", address, "-mp", &rtp])
        .args(["-m", "1", "-l", "1", "-nostdin", "-timeout", "40s", "-recv_timeout", "40000"])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sipp");
    Phone(child)
}

/// A phone that is rung; back once it listens.
async fn phone(folder: &Path, scenario: &str, address: &str, more: &[&str]) -> Phone {
    let rtp = 20_000 + u16::from(address.as_bytes().last().copied().unwrap_or_default()) * 20;
    let phone = sipp(folder, scenario, address, 5060, rtp, more);
    let wanted: std::net::Ipv4Addr = address.parse().unwrap();
    let wanted = format!("{:08X}:{:04X}", u32::from_le_bytes(wanted.octets()), 5060);
    while !std::fs::read_to_string("/proc/net/udp").unwrap_or_default().contains(&wanted) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    phone
}

fn caller(folder: &Path, scenario: &str, did: &str, talk: &str) -> Phone {
    let more = [
        "-set",
        "talk",
        talk,
        "-key",
        "caller",
        "79161234567",
        "-key",
        "name",
        "Ivan Client",
        "-s",
        did,
        "127.0.0.1:5060",
    ];
    sipp(folder, scenario, "127.0.2.1", 5070, 30_000, &more)
}

fn config(extension: &str, suffix: &str) -> AriConfig {
    let url = "http://127.0.0.1:8088".parse().unwrap();
    let mut config = AriConfig::new(
        url,
        "companion",
        "companion-test".to_owned().into(),
        Extension::new(extension),
        suffix,
    );
    config.context = "from-agents".into();
    config
}

struct Desk {
    pbx: AriPbx,
    events: Receiver<Told>,
    seen: Vec<CallEvent>,
}

impl Desk {
    async fn start(config: AriConfig) -> Self {
        let (sender, events) = mpsc::channel(1_024);
        let mut desk = Self {
            pbx: AriPbx::start(config, sender),
            events,
            seen: Vec::new(),
        };
        desk.until(|event| matches!(event, PbxEvent::Resync { .. })).await;
        desk
    }

    async fn until(&mut self, fits: impl Fn(&PbxEvent) -> bool) -> PbxEvent {
        let waiting = async {
            loop {
                let event = self.events.recv().await.expect("the connection lives").event;
                if let PbxEvent::Call(call) = &event {
                    self.seen.push(call.clone());
                }
                if fits(&event) {
                    return event;
                }
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        found.unwrap_or_else(|_| panic!("it did not come; seen {:#?}", self.seen))
    }

    async fn call(&mut self, fits: impl Fn(&CallEventKind) -> bool) -> CallEventKind {
        match self.until(|event| matches!(event, PbxEvent::Call(call) if fits(&call.kind))).await {
            PbxEvent::Call(call) => call.kind,
            other => panic!("{other:?}"),
        }
    }

    async fn ended(&mut self) -> Disposition {
        match self.call(|kind| matches!(kind, CallEventKind::Ended { .. })).await {
            CallEventKind::Ended { disposition, .. } => disposition,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn an_answered_call_is_told_from_ring_to_recording() {
    let (_pbx, folder) = (Asterisk::start(), tempfile());
    let mut desk = Desk::start(config("101", "live")).await;
    let _agent = phone(&folder, "uas-answer", "127.0.1.101", &["-set", "ring", "1000"]).await;
    let _client = caller(&folder, "uac-answered", "74950000002", "3000");
    desk.call(|kind| matches!(kind, CallEventKind::Offered { remote, .. } if remote.raw == "79161234567"))
        .await;
    desk.call(|kind| matches!(kind, CallEventKind::Identified { .. })).await;
    desk.call(|kind| *kind == CallEventKind::Answered).await;
    let CallEventKind::Recording { name } = desk.call(|kind| matches!(kind, CallEventKind::Recording { .. })).await else {
        panic!()
    };
    // Right after the answer there is nothing but a header, or a file that still grows.
    if let Ok(early) = desk.pbx.fetch_recording(&name, 10 << 20).await {
        assert!(!early.finished);
    }
    assert_eq!(desk.ended().await, Disposition::Answered);
    let file = loop {
        match desk.pbx.fetch_recording(&name, 10 << 20).await {
            Ok(file) if file.finished => break file,
            Ok(_) => {}
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(file.bytes.len() > 20_000, "{file:?}");
    let stats = desk.pbx.stats();
    assert!(stats.unknown.is_empty() && stats.bad == 0, "{stats:?}");
    assert!(stats.understood_total() < 60, "the lean stream stays lean: {stats:?}");
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn a_hidden_number_that_the_operator_passes_on_is_found_out() {
    let (_pbx, folder) = (Asterisk::start(), tempfile());
    let mut desk = Desk::start(config("101", "live")).await;
    let _agent = phone(&folder, "uas-answer", "127.0.1.101", &["-set", "ring", "1000"]).await;
    let _client = caller(&folder, "uac-answered-anonymous-pai", "74950000002", "1500");
    desk.call(|kind| matches!(kind, CallEventKind::PartyChanged { remote, .. } if remote.hidden))
        .await;
    assert_eq!(desk.ended().await, Disposition::Answered);
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn an_attended_transfer_reaches_the_second_agent_as_the_clients_call() {
    let (_pbx, folder) = (Asterisk::start(), tempfile());
    let mut first = Desk::start(config("101", "live")).await;
    let mut second = Desk::start(config("102", "live")).await;
    let attended = [
        "-set", "ring", "1000", "-set", "talk", "1500", "-set", "consult", "2000", "-key", "target", "102",
    ];
    let _agent = phone(&folder, "uas-answer-attended", "127.0.1.101", &attended).await;
    let _colleague = phone(&folder, "uas-answer", "127.0.1.102", &["-set", "ring", "1000"]).await;
    let _client = caller(&folder, "uac-answered", "74950000002", "9000");
    first
        .call(|kind| matches!(kind, CallEventKind::Transferred { to: Some(to), .. } if to == "102"))
        .await;
    let internal = |kind: &CallEventKind| {
        matches!(
            kind,
            CallEventKind::Offered {
                direction: Direction::Internal,
                ..
            }
        )
    };
    second.call(internal).await;
    let clients = |kind: &CallEventKind| match kind {
        CallEventKind::PartyChanged {
            remote,
            direction: Direction::Inbound,
            from: Some(from),
        } => remote.raw == "79161234567" && from.as_str() == "101",
        _ => false,
    };
    second.call(clients).await;
    let clients_file =
        |kind: &CallEventKind| matches!(kind, CallEventKind::Recording { name } if name.as_str().contains("/in-74950000002-"));
    if !second.seen.iter().any(|event| clients_file(&event.kind)) {
        second.call(clients_file).await;
    }
    assert_eq!(second.ended().await, Disposition::Answered);
    let firsts: Vec<_> = first.seen.iter().filter_map(conversation).collect();
    let last = second.seen.iter().filter_map(conversation).next_back();
    assert!(
        last.as_ref().is_some_and(|last| firsts.contains(last)),
        "{last:?} is none of {firsts:?}"
    );
}

fn conversation(event: &CallEvent) -> Option<String> {
    match &event.kind {
        CallEventKind::Identified { conversation } => Some(conversation.as_str().to_owned()),
        CallEventKind::Dialing { conversation, .. } | CallEventKind::Offered { conversation, .. } => {
            conversation.as_ref().map(|id| id.as_str().to_owned())
        }
        _ => None,
    }
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn an_order_rings_the_agent_then_the_client_and_is_placed_once() {
    let (_pbx, folder) = (Asterisk::start(), tempfile());
    let mut desk = Desk::start(config("101", "live")).await;
    let _agent = phone(&folder, "uas-answer", "127.0.1.101", &["-set", "ring", "800"]).await;
    let _client = phone(
        &folder,
        "uas-answer-bye",
        "127.0.2.1",
        &["-set", "ring", "800", "-set", "talk", "2000"],
    )
    .await;
    let order = OrderId::new("7f3a");
    desk.pbx
        .originate(order.clone(), "79161234567", Some("Иван"))
        .await
        .expect("it rings");
    desk.pbx
        .originate(order.clone(), "79161234567", Some("Иван"))
        .await
        .expect("placed twice, rung once");
    let ours = |kind: &CallEventKind| matches!(kind, CallEventKind::Dialing { order: Some(found), remote, .. } if found.as_str() == "7f3a" && remote.raw == "79161234567");
    desk.call(ours).await;
    desk.call(|kind| *kind == CallEventKind::AgentAnswered).await;
    desk.call(|kind| *kind == CallEventKind::Answered).await;
    assert_eq!(desk.ended().await, Disposition::Answered);
    assert_eq!(desk.seen.iter().filter(|event| ours(&event.kind)).count(), 1);
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn the_set_up_test_tells_what_is_wrong() {
    let _pbx = Asterisk::start();
    let report = check(&config("101", "live")).await;
    assert!(report.works(), "{report:?}");

    let mut wrong = config("101", "live");
    wrong.password = "wrong".to_owned().into();
    assert_eq!(
        check(&wrong).await.outcome(Step::SignIn),
        Outcome::Failed {
            cause: Cause::BadCredentials
        }
    );

    let nobody = check(&config("999", "live")).await;
    assert_eq!(
        nobody.outcome(Step::ExtensionExists),
        Outcome::Failed {
            cause: Cause::NoSuchEndpoint
        }
    );

    let mut reader = config("101", "live");
    (reader.user, reader.password) = ("watcher".into(), "watcher-test".to_owned().into());
    let report = check(&reader).await;
    assert_eq!(report.outcome(Step::MaySubscribe), Outcome::Failed { cause: Cause::ReadOnly });
    assert!(report.works(), "{report:?}");

    let offline = check(&config("111", "live")).await;
    assert_eq!(
        offline.outcome(Step::PhoneRegistered),
        Outcome::Failed {
            cause: Cause::PhoneOffline
        }
    );
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn a_read_only_user_sees_its_own_calls() {
    let (_pbx, folder) = (Asterisk::start(), tempfile());
    let mut reader = config("101", "live");
    (reader.user, reader.password) = ("watcher".into(), "watcher-test".to_owned().into());
    let mut desk = Desk::start(reader).await;
    let _agent = phone(&folder, "uas-answer", "127.0.1.101", &["-set", "ring", "500"]).await;
    let _client = caller(&folder, "uac-answered", "74950000002", "1000");
    assert_eq!(desk.ended().await, Disposition::Answered);
    let legs: std::collections::BTreeSet<_> = desk.seen.iter().map(|event| event.leg.clone()).collect();
    assert_eq!(legs.len(), 1, "{:?}", desk.seen);
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn who_takes_the_name_wins_and_the_first_stays_down() {
    let _pbx = Asterisk::start();
    let mut first = Desk::start(config("101", "same")).await;
    let _second = Desk::start(config("101", "same")).await;
    let down = first
        .until(|event| {
            matches!(
                event,
                PbxEvent::Link {
                    state: LinkState::Down { .. }
                }
            )
        })
        .await;
    assert_eq!(
        down,
        PbxEvent::Link {
            state: LinkState::Down {
                trouble: LinkTrouble::Replaced,
                retry_at: None
            }
        }
    );
}

#[tokio::test]
#[ignore = "needs a real Asterisk"]
async fn d3_a_killed_pbx_is_noticed_and_its_restart_too() {
    let (pbx, folder) = (Asterisk::start(), tempfile());
    let mut desk = Desk::start(config("101", "live")).await;
    let _agent = phone(&folder, "uas-answer", "127.0.1.101", &["-set", "ring", "500"]).await;
    let _client = caller(&folder, "uac-answered", "74950000002", "20000");
    desk.call(|kind| *kind == CallEventKind::Answered).await;
    let _ = Command::new(tests().join("stop")).arg("-KILL").stdout(Stdio::null()).status();
    desk.until(|event| {
        matches!(
            event,
            PbxEvent::Link {
                state: LinkState::Down { retry_at: Some(_), .. }
            }
        )
    })
    .await;
    // `startup_time` counts whole seconds; a PBX needs longer than one to come back by itself.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let again = Asterisk::start();
    let resync = desk.until(|event| matches!(event, PbxEvent::Resync { .. })).await;
    assert!(
        matches!(&resync, PbxEvent::Resync { live, restarted: true, .. } if live.is_empty()),
        "{resync:?}"
    );
    drop((pbx, again));
}

/// A folder with the sound that the callers play.
fn tempfile() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ringside-live-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    // Five seconds of a square wave in µ-law.
    let wave: Vec<u8> = (0..40_000).map(|n| if n / 9 % 2 == 0 { 0x90 } else { 0x10 }).collect();
    std::fs::write(folder.join("tone.ulaw"), wave).unwrap();
    folder
}
