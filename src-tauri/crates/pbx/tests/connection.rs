//! The connection against a small ARI server: login, subscription, pings, silence, reconnects,
//! refusals, commands. The real PBX is tried in `tests/asterisk` of the product.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod fake;

use calls::{CallEventKind, LegId, LinkState, LinkTrouble, OrderId, PbxEvent, RecordingRef};
use fake::{Fake, LOGIN, PASSWORD, Reply, config, soon};
use pbx::{AriConfig, AriPbx, Dials, HangsUp, OriginateError, Pbx, RecordingError, Records, Told};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};

struct Desk {
    pbx: AriPbx,
    events: Receiver<Told>,
    seen: Vec<PbxEvent>,
}

impl Desk {
    fn start(config: AriConfig) -> Self {
        let (sender, events) = mpsc::channel(1_024);
        Self {
            pbx: AriPbx::start(config, sender),
            events,
            seen: Vec::new(),
        }
    }

    /// Waits for the first event that fits.
    async fn until(&mut self, fits: impl Fn(&PbxEvent) -> bool) -> PbxEvent {
        loop {
            let event = soon(self.events.recv()).await.expect("the connection lives").event;
            self.seen.push(event.clone());
            if fits(&event) {
                return event;
            }
        }
    }

    async fn up(&mut self) {
        self.until(|event| *event == PbxEvent::Link { state: LinkState::Up }).await;
    }

    async fn resynced(&mut self) -> Vec<LegId> {
        match self.until(|event| matches!(event, PbxEvent::Resync { .. })).await {
            PbxEvent::Resync { live, .. } => live,
            other => panic!("{other:?}"),
        }
    }

    /// The next trouble, and whether a retry is coming.
    async fn down(&mut self) -> (LinkTrouble, bool) {
        match self
            .until(|event| {
                matches!(
                    event,
                    PbxEvent::Link {
                        state: LinkState::Down { .. }
                    }
                )
            })
            .await
        {
            PbxEvent::Link {
                state: LinkState::Down { trouble, retry_at },
            } => (trouble, retry_at.is_some()),
            other => panic!("{other:?}"),
        }
    }

    async fn offered(&mut self) -> (LegId, String) {
        let offered = |event: &PbxEvent| matches!(event, PbxEvent::Call(call) if matches!(call.kind, CallEventKind::Offered { .. }));
        match self.until(offered).await {
            PbxEvent::Call(call) => match call.kind {
                CallEventKind::Offered { remote, .. } => (call.leg, remote.raw),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn channel(id: &str, state: &str) -> Value {
    json!({"id": id, "name": format!("PJSIP/101-{id}"), "state": state, "caller": {"name": "Anna", "number": "101"},
        "connected": {"name": "Ivan", "number": "79161234567"}, "creationtime": "2026-11-22T06:32:47.965+0000",
        "dialplan": {"context": "x", "exten": "74950000002", "app_name": "AppDial", "app_data": ""}})
}

fn ringing(id: &str) -> Value {
    json!({"type": "ChannelStateChange", "timestamp": "2026-11-22T06:32:47.965+0000", "channel": channel(id, "Ringing")})
}

#[tokio::test]
async fn it_signs_in_by_header_under_its_own_name_and_subscribes_to_the_phone_and_the_bridges_only() {
    let mut fake = Fake::start().await;
    fake.reply(
        "GET",
        "applications/",
        Reply::Json(
            200,
            json!({"endpoint_ids": ["PJSIP/101", "PJSIP/102"], "bridge_ids": ["__AST_BRIDGE_ALL_TOPIC"]}),
        ),
    );
    let mut desk = Desk::start(fake.config());
    let socket = fake.socket().await;
    assert_eq!(socket.target, "/ari/events?app=ringside-101-test&subscribeAll=false");
    assert_eq!(socket.headers["authorization"], format!("Basic {LOGIN}"));
    desk.resynced().await;
    fake.asked_for(
        "POST",
        "/applications/ringside-101-test/subscription?eventSource=endpoint%3APJSIP%2F101",
    )
    .await;
    fake.asked_for("POST", "/applications/ringside-101-test/subscription?eventSource=bridge%3A")
        .await;
    fake.asked_for("DELETE", "subscription?eventSource=endpoint%3APJSIP%2F102").await;
    let filter = fake.asked_for("PUT", "/applications/ringside-101-test/eventFilter").await.body;
    assert!(filter.contains("ChannelDialplan") && !filter.contains("ChannelVarset"), "{filter}");
    let linked = [LinkState::Connecting, LinkState::Up].map(|state| PbxEvent::Link { state });
    assert_eq!(desk.seen[..2], linked);
    assert!(desk.seen.contains(&PbxEvent::Phone { online: true }));
}

#[tokio::test]
async fn s01_a_ringing_phone_is_an_offer_and_its_conversation_follows() {
    let mut fake = Fake::start().await;
    fake.reply(
        "GET",
        "channels/1.1/variable?variable=CHANNEL%28linkedid%29",
        Reply::Json(200, json!({"value": "1.0"})),
    );
    fake.reply(
        "GET",
        "channels/1.0/variable?variable=CALLERID%28num-pres%29",
        Reply::Json(200, json!({"value": "prohib_passed_screen"})),
    );
    let mut desk = Desk::start(fake.config());
    desk.resynced().await;
    let socket = fake.socket().await;
    socket.send(&ringing("1.1"));
    assert_eq!(desk.offered().await, (LegId::new("1.1"), "79161234567".into()));
    let identified = |event: &PbxEvent| matches!(event, PbxEvent::Call(call) if matches!(&call.kind, CallEventKind::Identified { conversation } if conversation.as_str() == "1.0"));
    desk.until(identified).await;
    let hidden = |event: &PbxEvent| matches!(event, PbxEvent::Call(call) if matches!(&call.kind, CallEventKind::PartyChanged { remote, .. } if remote.hidden));
    desk.until(hidden).await;
}

#[tokio::test]
async fn strange_frames_are_counted_and_change_nothing() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    desk.up().await;
    let socket = fake.socket().await;
    socket.text("{\"type\":\"Dial\",\"peer\":{\"id\":\"1".into());
    socket.text("<html>79161234567</html>".into());
    socket.send(&json!({"type": "CallClaimed", "number": "79161234567"}));
    socket.text(format!("{{\"type\":\"Dial\",\"x\":\"{}\"}}", "7".repeat(2 << 20)));
    socket.send(&ringing("1.1"));
    desk.offered().await;
    let stats = desk.pbx.stats();
    assert_eq!(
        (stats.bad, stats.too_large, stats.unknown["CallClaimed"], stats.connects),
        (2, 1, 1, 1)
    );
    assert_eq!(stats.strange.len(), 3);
    assert!(!format!("{stats:?}").contains("7916"));
}

#[tokio::test]
async fn it_pings_because_the_pbx_does_not() {
    let mut fake = Fake::start().await;
    let mut config = fake.config();
    config.timings.ping_every = Duration::from_millis(30);
    let _desk = Desk::start(config);
    let mut socket = fake.socket().await;
    socket.pinged().await;
    socket.pinged().await;
}

#[tokio::test]
async fn a_line_that_falls_silent_is_given_up_and_opened_again() {
    let mut fake = Fake::start().await;
    let mut config = fake.config();
    config.timings.ping_every = Duration::from_millis(100);
    config.timings.silence_limit = Duration::from_millis(400);
    let mut desk = Desk::start(config);
    desk.up().await;
    fake.socket().await.mute();
    assert_eq!(desk.down().await, (LinkTrouble::Silent, true));
    let _second = fake.socket().await;
    desk.up().await;
}

#[tokio::test]
async fn answers_to_pings_keep_a_quiet_line_alive() {
    let mut fake = Fake::start().await;
    let mut config = fake.config();
    config.timings.ping_every = Duration::from_millis(50);
    config.timings.silence_limit = Duration::from_millis(1500);
    let mut desk = Desk::start(config);
    desk.resynced().await;
    let mut socket = fake.socket().await;
    for _ in 0..40 {
        socket.pinged().await;
    }
    socket.send(&ringing("1.1"));
    desk.offered().await;
    assert_eq!(desk.pbx.stats().connects, 1);
}

#[tokio::test]
async fn d3_after_a_cut_it_returns_and_tells_who_is_still_alive() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    assert!(desk.resynced().await.is_empty());
    let socket = fake.socket().await;
    socket.send(&ringing("1.1"));
    socket.send(&ringing("2.1"));
    desk.offered().await;
    desk.offered().await;
    fake.reply(
        "GET",
        "channels",
        Reply::Json(200, json!([channel("2.1", "Up"), channel("3.1", "Ringing")])),
    );
    let members = json!([{"id": "b", "channels": ["2.0", "2.1"], "creationtime": "2026-11-22T06:33:00.000+0000"}]);
    fake.reply("GET", "bridges", Reply::Json(200, members));
    socket.cut();
    assert_eq!(desk.down().await, (LinkTrouble::Closed, true));
    let already = desk.seen.len();
    assert_eq!(desk.resynced().await, [LegId::new("2.1"), LegId::new("3.1")]);
    let told: Vec<_> = desk.seen[already..]
        .iter()
        .filter_map(|event| match event {
            PbxEvent::Call(call) => Some((
                call.leg.as_str().to_owned(),
                serde_json::to_value(&call.kind).unwrap()["type"].clone(),
            )),
            _ => None,
        })
        .collect();
    assert_eq!(told, [("2.1".into(), "answered".into()), ("3.1".into(), "offered".into())]);
}

#[tokio::test]
async fn whoever_takes_our_name_is_not_fought_until_somebody_asks() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    desk.up().await;
    let socket = fake.socket().await;
    socket.send(&json!({"type": "ApplicationReplaced", "application": "ringside-101-test"}));
    assert_eq!(desk.down().await, (LinkTrouble::Replaced, false));
    assert!(!fake.has_socket());
    desk.pbx.reconnect_now();
    desk.up().await;
    assert!(fake.has_socket());
}

#[tokio::test]
async fn refusals_at_the_handshake_are_told_apart_and_only_a_wrong_password_stops() {
    let table = [
        (400, LinkTrouble::Other { status: Some(400) }, true),
        (401, LinkTrouble::BadCredentials, false),
        (403, LinkTrouble::Forbidden, true),
        (404, LinkTrouble::NotAPbx, true),
        (503, LinkTrouble::Booting, true),
        (200, LinkTrouble::NotAPbx, true),
        (500, LinkTrouble::Other { status: Some(500) }, true),
    ];
    for (status, trouble, retried) in table {
        let fake = Fake::start().await;
        fake.status("GET", "events", status);
        let mut desk = Desk::start(fake.config());
        assert_eq!(desk.down().await, (trouble, retried), "{status}");
    }
}

#[tokio::test]
async fn an_extension_that_does_not_exist_stops_the_retries() {
    let fake = Fake::start().await;
    fake.status("POST", "applications/", 422);
    let mut desk = Desk::start(fake.config());
    assert_eq!(desk.down().await, (LinkTrouble::NoSuchExtension, false));
}

#[tokio::test]
async fn a_read_only_user_gets_the_whole_stream_and_only_its_own_calls() {
    let mut fake = Fake::start().await;
    fake.status("POST", "applications/", 403);
    let mut desk = Desk::start(fake.config());
    assert!(fake.socket().await.target.ends_with("subscribeAll=false"));
    let socket = fake.socket().await;
    assert!(socket.target.ends_with("subscribeAll=true"), "{}", socket.target);
    desk.up().await;
    let mut foreign = ringing("9.9");
    foreign["channel"]["name"] = "PJSIP/102-00000001".into();
    socket.send(&foreign);
    socket.send(&ringing("1.1"));
    assert_eq!(desk.offered().await.0, LegId::new("1.1"));
}

#[tokio::test]
async fn a_pbx_that_cannot_be_reached_is_told_apart_from_a_name_that_does_not_exist() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(Desk::start(config(&closed)).down().await, (LinkTrouble::Unreachable, true));
    assert_eq!(
        Desk::start(config("http://no-such-host.invalid:8088")).down().await,
        (LinkTrouble::UnknownHost, true)
    );
}

#[tokio::test]
async fn a_failed_snapshot_is_a_trouble_and_not_a_gap() {
    let mut fake = Fake::start().await;
    fake.status("GET", "bridges", 500);
    let mut desk = Desk::start(fake.config());
    assert_eq!(desk.down().await, (LinkTrouble::Other { status: Some(500) }, true));
    fake.reply("GET", "bridges", Reply::Json(200, json!([])));
    desk.resynced().await;
    fake.socket().await;
}

#[tokio::test]
async fn s18_an_order_carries_its_own_channel_id_and_a_lost_answer_is_never_asked_again() {
    let fake = Fake::start().await;
    fake.reply("POST", "channels?", Reply::Json(200, json!({"id": "c2c-7"})));
    let mut config = fake.config();
    config.timings.request_timeout = Duration::from_millis(300);
    let desk = Desk::start(config);
    let order = OrderId::new("7");
    assert_eq!(desk.pbx.originate(order.clone(), "79161234567", Some("Иван \"X\"")).await, Ok(()));
    let asked = fake.asked_for("POST", "/channels?").await;
    let url = url::Url::parse(&format!("http://x{}", asked.target)).unwrap();
    let query: Vec<_> = url.query_pairs().map(|(key, value)| format!("{key}={value}")).collect();
    let expected = [
        "endpoint=PJSIP/101",
        "extension=79161234567",
        "context=from-internal",
        "priority=1",
        "callerId=\"Иван X\" <79161234567>",
        "timeout=20",
        "channelId=c2c-7",
    ];
    assert_eq!(query, expected);
    assert_eq!(asked.body, "", "a body would go before the query");

    let table = [
        (409, Ok(())),
        (500, Err(OriginateError::PhoneUnavailable)),
        (403, Err(OriginateError::Forbidden)),
        (401, Err(OriginateError::BadCredentials)),
        (504, Err(OriginateError::Unknown)),
        (400, Err(OriginateError::Refused { status: 400 })),
    ];
    for (status, expected) in table {
        fake.status("POST", "channels?", status);
        assert_eq!(desk.pbx.originate(order.clone(), "79161234567", None).await, expected, "{status}");
    }
    let before = fake.asked().iter().filter(|asked| asked.target.contains("/channels?")).count();
    fake.reply("POST", "channels?", Reply::Never);
    assert_eq!(
        desk.pbx.originate(order.clone(), "79161234567", None).await,
        Err(OriginateError::Unknown)
    );
    let after = fake.asked().iter().filter(|asked| asked.target.contains("/channels?")).count();
    assert_eq!(after, before + 1);
    for number in ["", "tel:1", "1&PJSIP/102", "7916 1234567", &"1".repeat(40)] {
        assert_eq!(
            desk.pbx.originate(order.clone(), number, None).await,
            Err(OriginateError::BadNumber),
            "{number}"
        );
    }
}

#[tokio::test]
async fn an_order_to_a_pbx_that_is_not_there_was_certainly_not_placed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let desk = Desk::start(config(&closed));
    assert_eq!(
        desk.pbx.originate(OrderId::new("7"), "79161234567", None).await,
        Err(OriginateError::OutOfReach)
    );
}

#[tokio::test]
async fn hanging_up_a_call_that_is_over_says_so() {
    let fake = Fake::start().await;
    let desk = Desk::start(fake.config());
    assert_eq!(desk.pbx.hang_up(&LegId::new("1.1")).await, Err(pbx::CommandError::Gone));
    fake.reply("DELETE", "channels/1.1", Reply::Json(204, Value::Null));
    assert_eq!(desk.pbx.hang_up(&LegId::new("1.1")).await, Ok(()));
}

#[tokio::test]
async fn a_peer_that_floods_with_bytes_is_cut_off_and_said_and_not_tried_again_at_once() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    let socket = fake.socket().await;
    desk.up().await;
    let large = axum::body::Bytes::from(vec![0; 1 << 20]);
    for _ in 0..1_000 {
        socket.bytes(large.clone());
    }
    assert_eq!(desk.down().await, (LinkTrouble::Flooding, true));
    assert!(!fake.has_socket());
    // A person may ask.
    desk.pbx.reconnect_now();
    fake.socket().await;
    desk.up().await;
}

#[tokio::test]
async fn a_phone_that_rings_hundreds_of_times_in_a_moment_is_a_flood_and_the_calls_before_are_told() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    let socket = fake.socket().await;
    desk.resynced().await;
    for n in 0..900 {
        let id = format!("1.{n}");
        socket.text(ringing(&id).to_string());
        let mut gone = json!({"type": "ChannelDestroyed", "cause": 16, "channel": channel(&id, "Ringing")});
        gone["timestamp"] = json!("2026-11-22T06:32:48.965+0000");
        socket.text(gone.to_string());
    }
    assert_eq!(desk.down().await, (LinkTrouble::Flooding, true));
    let offered = desk
        .seen
        .iter()
        .filter(|event| matches!(event, PbxEvent::Call(call) if matches!(call.kind, CallEventKind::Offered { .. })));
    assert!((500..900).contains(&offered.count()));
}

#[tokio::test]
async fn while_nobody_takes_the_events_they_wait_and_none_is_lost_and_it_can_be_ended_all_the_same() {
    let mut fake = Fake::start().await;
    let (sender, mut events) = mpsc::channel(2);
    let pbx = AriPbx::start(fake.config(), sender);
    let socket = fake.socket().await;
    for n in 0..40 {
        socket.text(ringing(&format!("1.{n}")).to_string());
    }
    fake.asked_for("GET", "/ari/bridges").await;
    let mut legs = Vec::new();
    while legs.len() < 40 {
        if let PbxEvent::Call(call) = soon(events.recv()).await.expect("the connection lives").event
            && matches!(call.kind, CallEventKind::Offered { .. })
        {
            legs.push(call.leg.0);
        }
    }
    let sent: std::collections::BTreeSet<_> = (0..40).map(|n| format!("1.{n}")).collect();
    assert_eq!(legs.into_iter().collect::<std::collections::BTreeSet<_>>(), sent);
    for n in 40..60 {
        socket.text(ringing(&format!("1.{n}")).to_string());
    }
    soon(pbx.shutdown()).await;
}

#[tokio::test]
async fn s09_a_recording_is_fetched_and_each_way_to_miss_it_has_its_name() {
    let fake = Fake::start().await;
    let desk = Desk::start(fake.config());
    let name = RecordingRef::new("/var/spool/asterisk/recording/2026/in-1795329167.0.wav");
    let mut sound = b"RIFF\xff\0\0\0WAVE".to_vec();
    sound.resize(255 + 8, 7);
    fake.reply(
        "GET",
        "recordings/stored/2026%2Fin-1795329167.0/file",
        Reply::Bytes("audio/wav", sound.clone()),
    );
    let file = desk.pbx.fetch_recording(&name, 1000).await.unwrap();
    assert_eq!(
        (file.file_name.as_str(), file.mime, file.finished),
        ("in-1795329167.0.wav", "audio/wav", true)
    );
    assert_eq!(file.bytes, sound);
    assert_eq!(
        desk.pbx.fetch_recording(&name, 100).await,
        Err(RecordingError::TooLarge { limit: 100 })
    );
    fake.reply("GET", "recordings/stored/", Reply::Bytes("audio/wav", vec![0; 44]));
    assert_eq!(desk.pbx.fetch_recording(&name, 1000).await, Err(RecordingError::NotYet));
    for (kind, answer) in [
        (
            "audio/wav",
            &b"<!DOCTYPE html><title>Sign in</title><body>Please sign in to go on"[..],
        ),
        (
            "audio/x-wav",
            br#"{"message": "Internal error while reading the file", "code": 17}"#,
        ),
        ("audio/mpeg", &[0x55; 200]),
    ] {
        fake.reply("GET", "recordings/stored/", Reply::Bytes(kind, answer.to_vec()));
        let error = desk.pbx.fetch_recording(&name, 1000).await.unwrap_err();
        assert!(error == RecordingError::NotSound && error.is_passing(), "{kind}: {error}");
    }
    // And what is sound is sound whatever the server says of it.
    fake.reply("GET", "recordings/stored/", Reply::Bytes("text/html", sound.clone()));
    assert_eq!(desk.pbx.fetch_recording(&name, 1000).await.unwrap().mime, "audio/wav");
    fake.status("GET", "recordings/stored/", 404);
    assert_eq!(desk.pbx.fetch_recording(&name, 1000).await, Err(RecordingError::Gone));
    let elsewhere = RecordingRef::new("/var/spool/asterisk/monitor/in.wav");
    assert_eq!(desk.pbx.fetch_recording(&elsewhere, 1000).await, Err(RecordingError::OutOfReach));
    fake.status("GET", "recordings/stored/", 500);
    let error = desk.pbx.fetch_recording(&name, 1000).await.unwrap_err();
    assert!(error == RecordingError::Refused { status: 500 } && error.is_passing());
}

#[tokio::test]
async fn d4_no_secret_and_no_number_reaches_a_log_an_error_or_a_debug_text() {
    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let sink = Sink::default();
    let writer = sink.clone();
    // Everything, the libraries' finest level included; `init` also takes their `log` records.
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone());
    subscriber.init();
    let mut fake = Fake::start().await;
    let config = fake.config();
    let mut shown = format!("{config:?}");
    let mut desk = Desk::start(config);
    desk.up().await;
    let socket = fake.socket().await;
    socket.send(&json!({"type": "Strange", "x": "abc"}));
    fake.status("POST", "channels?", 500);
    let order = desk.pbx.originate(OrderId::new("7"), "123", None).await.unwrap_err();
    fake.status("GET", "events", 401);
    desk.pbx.reconnect_now();
    let trouble = desk.down().await;
    shown.push_str(&format!("{:?} {order:?} {order} {trouble:?} {:?}", desk.pbx, desk.pbx.stats()));
    let report = pbx::check(&fake.config()).await;
    shown.push_str(&format!("{report:?}"));
    let logged = String::from_utf8_lossy(&sink.0.lock().unwrap()).into_owned();
    assert!(logged.contains("the link to the PBX is down"), "the log is really read");
    for secret in [PASSWORD, LOGIN] {
        assert!(!shown.contains(secret) && !logged.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn it_ends_when_told_and_when_nobody_listens() {
    let mut fake = Fake::start().await;
    let mut desk = Desk::start(fake.config());
    desk.up().await;
    let _socket = fake.socket().await;
    soon(desk.pbx.shutdown()).await;
    desk.events.close();
    while desk.events.recv().await.is_some() {}
    // A second time is no harm.
    soon(desk.pbx.shutdown()).await;

    let mut deaf = Desk::start(fake.config());
    deaf.up().await;
    drop(deaf.events);
    soon(deaf.pbx.shutdown()).await;
}
