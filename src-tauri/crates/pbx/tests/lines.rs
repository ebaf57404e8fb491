//! What is asked of the PBX about a line, and what follows: settings are read on the channel that is asked about.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod fake;

use calls::{CallEventKind, Direction, PbxEvent};
use fake::{Fake, Reply, soon};
use pbx::{AriPbx, Told};
use serde_json::{Value, json};

fn channel(id: &str, name: &str, state: &str, caller: &str, connected: &str) -> Value {
    json!({"id": id, "name": name, "state": state, "caller": {"name": "", "number": caller}, "connected": {"name": "", "number": connected},
        "dialplan": {"context": "x", "exten": "101", "app_name": "Dial", "app_data": ""}})
}

/// The direction in which a call that shows `number` ends up, over a line with this context and caller id.
async fn direction(name: &str, number: &str, context: &str, caller_id: &str, expected: Direction) {
    let mut fake = Fake::start().await;
    let line = name.split(['/', '-']).nth(1).expect("an endpoint");
    let is = |value: &str| Reply::Json(200, json!({ "value": value }));
    fake.reply("GET", "asterisk/variable", is(""));
    fake.reply("GET", "channels/1.1/variable?variable=CHANNEL%28linkedid%29", is("1.0"));
    fake.reply("GET", "channels/1.0", Reply::Json(200, channel("1.0", name, "Ring", number, "101")));
    fake.reply("GET", "channels/1.0/variable?variable=DIALEDPEERNUMBER", is(""));
    for (function, value) in [
        (format!("{line}%2Ccontext"), context),
        (format!("{line}%2Ccallerid"), caller_id),
        ("101%2Ccontext".into(), "agents"),
    ] {
        fake.reply(
            "GET",
            &format!("channels/1.0/variable?variable=PJSIP_ENDPOINT%28{function}%29"),
            is(value),
        );
    }
    let (sender, mut events) = tokio::sync::mpsc::channel(1_024);
    let _pbx = AriPbx::start(fake.config(), sender);
    let socket = fake.socket().await;
    while !matches!(
        soon(events.recv()).await,
        Some(Told {
            event: PbxEvent::Resync { .. },
            ..
        })
    ) {}
    socket.send(&json!({"type": "ChannelStateChange", "channel": channel("1.1", "PJSIP/101-00000001", "Ringing", "101", number)}));
    loop {
        let event = soon(events.recv()).await.expect("the connection lives").event;
        if let PbxEvent::Call(call) = event
            && let CallEventKind::PartyChanged { direction, .. } = call.kind
        {
            assert_eq!(direction, expected, "{name} {number}");
            return;
        }
    }
}

#[tokio::test]
async fn a_colleague_who_shows_an_outside_number_is_known_by_the_settings_of_his_line() {
    direction(
        "PJSIP/305-00000002",
        "74951112233",
        "agents",
        "\"Boss\" <74951112233>",
        Direction::Internal,
    )
    .await;
}

#[tokio::test]
async fn a_short_number_that_a_gateway_brings_is_a_clients() {
    direction("PJSIP/2001-00000002", "102", "from-gateway", "<unknown>", Direction::Inbound).await;
    direction("PJSIP/2001-00000002", "345", "agents", "<unknown>", Direction::Inbound).await;
}
