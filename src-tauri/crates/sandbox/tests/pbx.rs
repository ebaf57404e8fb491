//! The stand-in PBX's wire: login, subscriptions, REST, originate, recordings, faults.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::time::Duration;

use reqwest::{Method, StatusCode};
use sandbox::{
    CallSpec, Options, Sandbox,
    pbx::{Answering, ClickPlan, PbxFault, Stage, Step},
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

mod support;
use support::{Listener, PATIENCE, ari};

async fn start() -> Sandbox {
    Sandbox::start(Options {
        speed: 20.0,
        ..Options::default()
    })
    .await
    .unwrap()
}

async fn get(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let answer = ari(sandbox, Method::GET, path).await;
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

fn refusal(result: Result<Listener, Error>) -> StatusCode {
    match result {
        Err(Error::Http(answer)) => answer.status(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("the handshake went through"),
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_handshake_wants_a_login_and_an_application() {
    let sandbox = start().await;
    assert_eq!(refusal(Listener::connect(&sandbox, "subscribeAll=true").await), 400);
    let url = |user: &str| format!("{}/events?app=x&api_key={user}", sandbox.pbx_url());
    let status = async |user: &str| reqwest::get(url(user)).await.unwrap().status().as_u16();
    assert_eq!(status("ringside:wrong").await, 401);
    // Past the login, plain HTTP is no websocket.
    assert_eq!(status("ringside:companion-test").await, 400);
    sandbox.pbx().fault(&PbxFault::RestStatus {
        status: 503,
        count: 1,
        method: None,
        path: None,
    });
    assert_eq!(refusal(Listener::connect(&sandbox, "app=x").await), 503);
    assert!(Listener::connect(&sandbox, "app=x").await.is_ok());
}

#[tokio::test]
async fn a_read_only_user_reads_and_nothing_else() {
    let sandbox = start().await;
    let ask = async |method: Method, path: &str| {
        let request = reqwest::Client::new().request(method, format!("{}/{path}", sandbox.pbx_url()));
        request
            .basic_auth("watcher", Some("watcher-test"))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(ask(Method::GET, "channels").await, 200);
    assert_eq!(ask(Method::POST, "channels?endpoint=PJSIP/101&extension=102").await, 403);
    assert_eq!(ask(Method::PUT, "applications/x/eventFilter").await, 403);
}

#[tokio::test]
async fn a_second_socket_with_the_same_name_takes_over_and_the_first_stays_open() {
    let sandbox = start().await;
    let mut first = Listener::to_everything(&sandbox).await;
    let mut second = Listener::connect(&sandbox, "app=companion").await.unwrap();
    assert_eq!(first.event().await["type"], "ApplicationReplaced");
    assert!(sandbox.pbx().until(PATIENCE, |pbx| pbx.sockets() == 2).await);
    sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    assert!(kinds(&second.drain(&sandbox).await).contains(&"ChannelCreated"));
    assert_eq!(first.drain(&sandbox).await, Vec::<Value>::new());
    assert_eq!(sandbox.pbx().sockets(), 2);
}

#[tokio::test]
async fn an_application_that_holds_an_endpoint_outlives_its_socket_without_the_bridges() {
    let sandbox = start().await;
    let agent = Listener::to_agent(&sandbox, "101").await;
    let other = Listener::connect(&sandbox, "app=other&subscribeAll=true").await.unwrap();
    let listed = async || {
        let (_, apps) = get(&sandbox, "applications").await;
        let each = apps.as_array().unwrap().iter();
        each.map(|app| (app["name"].clone(), app["endpoint_ids"].clone(), app["bridge_ids"].clone()))
            .collect::<Vec<_>>()
    };
    let agents = |bridges| (json!("agent"), json!(["PJSIP/101"]), bridges);
    let everything = (
        json!("other"),
        json!(["__AST_ENDPOINT_ALL_TOPIC"]),
        json!(["__AST_BRIDGE_ALL_TOPIC"]),
    );
    assert_eq!(listed().await, [agents(json!(["__AST_BRIDGE_ALL_TOPIC"])), everything]);
    drop((agent, other));
    assert!(sandbox.pbx().until(PATIENCE, |pbx| pbx.sockets() == 0).await);
    assert_eq!(listed().await, [agents(json!([]))]);
    assert!(!sandbox.pbx().is_watched("101"));

    // Who takes the name again is heard, without having replaced anybody.
    let mut again = Listener::connect(&sandbox, "app=agent").await.unwrap();
    sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    let events = again.drain(&sandbox).await;
    assert!(kinds(&events).contains(&"ChannelCreated") && !kinds(&events).contains(&"ApplicationReplaced"));
}

#[tokio::test]
async fn a_hunt_rings_one_phone_after_the_other_by_hand() {
    let sandbox = start().await;
    let ringing = async || {
        let (_, channels) = get(&sandbox, "channels").await;
        let ringing = channels.as_array().unwrap().iter().filter(|channel| channel["state"] == "Ringing");
        ringing
            .map(|channel| (channel["caller"]["number"].clone(), channel["connected"]["number"].clone()))
            .collect::<Vec<_>>()
    };
    let at = |extension: &str| vec![(json!(extension), json!("79161234567"))];
    let call = sandbox
        .pbx()
        .place(CallSpec::hunting("79161234567", &["101", "102", "103"]))
        .unwrap();
    let conversation = sandbox.pbx().call(&call).unwrap().conversation;
    assert_eq!(ringing().await, at("101"));
    sandbox.pbx().step(&call, &Step::Decline { by: None }).unwrap();
    assert_eq!(ringing().await, at("102"));
    sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    assert_eq!(ringing().await, at("103"));
    let (status, caller) = get(&sandbox, &format!("channels/{conversation}")).await;
    assert_eq!((status, &caller["state"]), (200, &json!("Ring")), "the caller waits all the while");
    sandbox.pbx().answer(&call).unwrap();
    assert_eq!(sandbox.pbx().call(&call).unwrap().agent, "103");
    sandbox.pbx().hang_up(&call).unwrap();
    assert_eq!(get(&sandbox, &format!("channels/{conversation}")).await.0, 404);

    // A phone that is off is passed over; nobody left, and the dialplan hangs up.
    sandbox.pbx().set_registered("102", false);
    let call = sandbox
        .pbx()
        .place(CallSpec::hunting("79161234567", &["102", "101", "102"]))
        .unwrap();
    assert_eq!(ringing().await, at("101"));
    sandbox.pbx().step(&call, &Step::TimeOut).unwrap();
    assert_eq!(sandbox.pbx().call(&call).unwrap().stage, Stage::Ended);
    assert_eq!(get(&sandbox, "channels").await.1, json!([]));
}

#[tokio::test]
async fn event_sources_are_checked_and_filters_work() {
    let sandbox = start().await;
    let mut listener = Listener::to_agent(&sandbox, "101").await;
    let subscribe = async |method: Method, source: &str| {
        let path = format!("applications/agent/subscription?eventSource={source}");
        ari(&sandbox, method, &path).await.status().as_u16()
    };
    assert_eq!(subscribe(Method::POST, "endpoint:PJSIP/999").await, 422);
    assert_eq!(subscribe(Method::POST, "bridge:no-such-bridge").await, 422);
    assert_eq!(subscribe(Method::POST, "nonsense").await, 400);
    assert_eq!(subscribe(Method::DELETE, "endpoint:PJSIP/102").await, 409);
    assert_eq!(
        ari(&sandbox, Method::POST, "applications/other/subscription?eventSource=bridge:")
            .await
            .status(),
        404
    );
    let (_, app) = get(&sandbox, "applications/agent").await;
    assert_eq!(app["endpoint_ids"], json!(["PJSIP/101"]));
    assert_eq!(app["bridge_ids"], json!(["__AST_BRIDGE_ALL_TOPIC"]));

    let url = format!("{}/applications/agent/eventFilter", sandbox.pbx_url());
    let filter = json!({"disallowed": [{"type": "ChannelVarset"}, {"type": "ChannelDialplan"}]});
    let request = reqwest::Client::new().put(url).json(&filter);
    assert_eq!(
        request
            .basic_auth("ringside", Some("companion-test"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    sandbox.pbx().place(CallSpec::incoming("79161234567", "102")).unwrap();
    sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    let events = listener.drain(&sandbox).await;
    assert_eq!(
        kinds(&events),
        [
            "EndpointStateChange",
            "ChannelCreated",
            "ChannelConnectedLine",
            "ChannelStateChange"
        ]
    );
    assert_eq!(events[1]["application"], "agent");
}

#[tokio::test]
async fn the_snapshot_and_the_variables_tell_what_the_events_do_not() {
    let sandbox = start().await;
    let spec = CallSpec {
        withheld: true,
        ..CallSpec::incoming("79161234567", "101")
    };
    let call = sandbox.pbx().place(spec).unwrap();
    sandbox.pbx().answer(&call).unwrap();
    let view = sandbox.pbx().call(&call).unwrap();
    let [caller, agent] = view.channels.as_slice() else {
        panic!("{view:?}")
    };
    let variable = async |channel: &str, name: &str| get(&sandbox, &format!("channels/{channel}/variable?variable={name}")).await;
    assert_eq!(variable(agent, "CHANNEL(linkedid)").await, (200, json!({ "value": caller })));
    assert_eq!(variable(agent, "CALLERID(num-pres)").await.1["value"], "prohib_passed_screen");
    assert_eq!(variable(agent, "MIXMONITOR_FILENAME").await.0, 404);
    assert_eq!(variable(agent, "CDR(recordingfile)").await, (200, json!({"value": ""})));
    let file = format!("/var/spool/asterisk/recording/{}.wav", view.recordings[0]);
    assert_eq!(variable(caller, "MIXMONITOR_FILENAME").await.1["value"], json!(file));
    let (_, bridges) = get(&sandbox, "bridges").await;
    assert_eq!(bridges[0]["channels"], json!([caller, agent]));
    let (_, endpoint) = get(&sandbox, "endpoints/PJSIP/101").await;
    assert_eq!((&endpoint["state"], &endpoint["channel_ids"]), (&json!("online"), &json!([agent])));
    sandbox.pbx().hang_up(&call).unwrap();
    assert_eq!(variable(caller, "CHANNEL(linkedid)").await.0, 404);
    assert_eq!(get(&sandbox, "channels").await, (200, json!([])));
    assert_eq!(get(&sandbox, "asterisk/ping").await.1["ping"], "pong");
    assert_eq!(get(&sandbox, "asterisk/info").await.1["system"]["version"], "22.10.1");
}

#[tokio::test]
async fn a_recording_is_as_long_as_the_talk() {
    let sandbox = start().await;
    let spec = CallSpec::incoming("79161234567", "101").scripted(sandbox::pbx::Outcome::Answered, 200, 6000);
    let call = sandbox.pbx().place(spec).unwrap();
    assert!(sandbox.pbx().ended(&call, PATIENCE).await);
    let name = &sandbox.pbx().call(&call).unwrap().recordings[0];
    let (_, listed) = get(&sandbox, "recordings/stored").await;
    assert_eq!(listed, json!([{"name": name, "format": "wav"}]));
    let answer = ari(&sandbox, Method::GET, &format!("recordings/stored/{name}/file")).await;
    assert_eq!(answer.headers()["content-type"], "audio/wav");
    let bytes = answer.bytes().await.unwrap();
    // Six seconds of 16 kB each; the clock of the script is never early.
    assert!(bytes.len() > 95_000, "{}", bytes.len());
    assert!(bytes.starts_with(b"RIFF"));
    assert_eq!(get(&sandbox, "recordings/stored/nothing/file").await.0, 404);
}

#[tokio::test]
async fn originate_keeps_the_clients_channel_id_and_refuses_it_twice() {
    let sandbox = start().await;
    let plan = ClickPlan {
        agent: Answering::Manual,
        client: Answering::Manual,
        ..ClickPlan::default()
    };
    sandbox.pbx().set_click_plan(plan);
    let post = async |query: &str| ari(&sandbox, Method::POST, &format!("channels?{query}")).await;
    let query = "endpoint=PJSIP/101&extension=79161234567&context=from-agents&priority=1&channelId=c2c-1";
    sandbox.pbx().fault(&PbxFault::RestLost {
        count: 1,
        method: Some("POST".to_owned()),
    });
    let url = format!("{}/channels?{query}", sandbox.pbx_url());
    let lost = reqwest::Client::new()
        .post(url)
        .basic_auth("ringside", Some("companion-test"))
        .send()
        .await;
    assert!(lost.is_err());
    assert_eq!(post(query).await.status(), 409);
    assert_eq!(post("endpoint=PJSIP/999&extension=1234567").await.status(), 500);
    assert_eq!(post("endpoint=nonsense&extension=1234567").await.status(), 400);
    assert!(sandbox.pbx().set_registered("102", false));
    assert_eq!(post("endpoint=PJSIP/102&extension=1234567").await.status(), 500);

    let call = sandbox.pbx().calls().remove(0).call;
    sandbox.pbx().answer(&call).unwrap();
    assert_eq!(sandbox.pbx().call(&call).unwrap().stage, Stage::Ringing);
    sandbox.pbx().answer(&call).unwrap();
    assert_eq!(sandbox.pbx().call(&call).unwrap().agent, "101");
    assert_eq!(ari(&sandbox, Method::POST, "channels/c2c-1/hold").await.status(), 409);
    assert_eq!(ari(&sandbox, Method::DELETE, "channels/c2c-1?reason=normal").await.status(), 204);
    assert_eq!(sandbox.pbx().call(&call).unwrap().stage, Stage::Ended);
    assert_eq!(ari(&sandbox, Method::DELETE, "channels/c2c-1").await.status(), 404);
    let statuses: Vec<u16> = sandbox.pbx().rest_requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [200, 409, 500, 400, 500, 409, 204, 404]);
}

#[tokio::test]
async fn an_agent_who_does_not_pick_up_ends_by_the_time_out() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    sandbox.pbx().set_click_plan(ClickPlan {
        agent: Answering::NoAnswer,
        ..ClickPlan::default()
    });
    ari(
        &sandbox,
        Method::POST,
        "channels?endpoint=PJSIP/101&extension=79161234567&timeout=4&channelId=c2c-2",
    )
    .await;
    assert!(sandbox.pbx().ended("call-1", PATIENCE).await);
    let events = listener.drain(&sandbox).await;
    let ending = events.iter().find(|event| event["type"] == "ChannelDestroyed").unwrap();
    assert_eq!((&ending["cause"], &ending["tech_cause"]), (&json!(19), &json!(480)));
    let dials: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "Dial")
        .map(|event| &event["dialstatus"])
        .collect();
    assert_eq!(dials, ["", "RINGING"]);
}

#[tokio::test]
async fn steps_that_do_not_fit_are_refused_and_change_nothing() {
    let sandbox = start().await;
    let pbx = sandbox.pbx();
    assert!(pbx.place(CallSpec::incoming("79161234567", "999")).is_err());
    let call = pbx.place(CallSpec::incoming("79161234567", "101")).unwrap();
    assert!(pbx.step(&call, &Step::Hold).is_err());
    assert!(
        pbx.step(
            &call,
            &Step::Answer {
                by: Some("102".to_owned())
            }
        )
        .is_err()
    );
    assert!(pbx.step("call-99", &Step::TimeOut).is_err());
    assert_eq!(pbx.call(&call).unwrap().stage, Stage::Ringing);
    pbx.answer(&call).unwrap();
    assert!(pbx.step(&call, &Step::CompleteTransfer).is_err());
    pbx.step(&call, &Step::Consult { to: "102".to_owned() }).unwrap();
    assert!(pbx.call(&call).unwrap().held);
    pbx.answer(&call).unwrap();
    pbx.step(&call, &Step::CompleteTransfer).unwrap();
    assert_eq!(pbx.call(&call).unwrap().agent, "102");
    let agent_leg = pbx.call(&call).unwrap().channels[1].clone();
    let (_, linked) = get(&sandbox, &format!("channels/{agent_leg}/variable?variable=CHANNEL(linkedid)")).await;
    assert_eq!(
        linked["value"],
        json!(pbx.call(&call).unwrap().conversation),
        "the conversations were merged"
    );
    pbx.hang_up(&call).unwrap();
    assert_eq!(get(&sandbox, "channels").await.1, json!([]));
    assert_eq!(get(&sandbox, "bridges").await.1, json!([]));
}

#[tokio::test]
async fn two_calls_at_once_do_not_mix() {
    let sandbox = start().await;
    let one = sandbox.pbx().place(CallSpec::incoming("79160000001", "101")).unwrap();
    let two = sandbox.pbx().place(CallSpec::outgoing("102", "79169999999")).unwrap();
    sandbox.pbx().answer(&two).unwrap();
    sandbox.pbx().hang_up(&one).unwrap();
    assert_eq!(sandbox.pbx().call(&two).unwrap().stage, Stage::Talking);
    assert_eq!(sandbox.pbx().hang_up_all(), 1);
}

#[tokio::test]
async fn rest_works_over_the_websocket_too() {
    let sandbox = start().await;
    let mut listener = Listener::connect(&sandbox, "app=x").await.unwrap();
    let request = json!({"type": "RESTRequest", "request_id": "r1", "method": "GET", "uri": "endpoints/PJSIP/101"});
    listener.send(request.to_string()).await;
    let answer = listener.event().await;
    assert_eq!(
        (&answer["type"], &answer["request_id"], &answer["status_code"]),
        (&json!("RESTResponse"), &json!("r1"), &json!(200))
    );
    assert!(answer["message_body"].as_str().unwrap().contains("\"resource\":\"101\""));
}

#[tokio::test]
async fn frames_are_spoilt_on_request() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    let pbx = sandbox.pbx();
    let texts = async |listener: &mut Listener, count: usize| {
        let mut texts = Vec::new();
        while texts.len() < count {
            if let Some(Message::Text(text)) = listener.next().await {
                texts.push(text.to_string());
            }
        }
        texts
    };
    pbx.fault(&PbxFault::UnknownType);
    pbx.fault(&PbxFault::Huge { bytes: 300_000 });
    let strays = texts(&mut listener, 2).await;
    assert!(strays[0].contains("ChannelTeleported") && strays[1].len() > 300_000);

    let set = async |name: &str| {
        ari(&sandbox, Method::POST, &format!("asterisk/variable?variable={name}&value=1")).await;
    };
    pbx.fault(&PbxFault::Truncate { count: 1 });
    set("A").await;
    assert!(serde_json::from_str::<Value>(&texts(&mut listener, 1).await[0]).is_err());
    pbx.fault(&PbxFault::Repeat { count: 1 });
    set("B").await;
    let twice = texts(&mut listener, 2).await;
    assert_eq!(twice[0], twice[1]);
    pbx.fault(&PbxFault::Swap { count: 1 });
    set("C").await;
    set("D").await;
    let swapped = texts(&mut listener, 2).await;
    assert!(swapped[0].contains("\"D\"") && swapped[1].contains("\"C\""));
}

#[tokio::test]
async fn a_dropped_socket_ends_without_a_close_frame_and_the_call_goes_on() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    let call = sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    sandbox.pbx().fault(&PbxFault::DropSockets);
    while let Some(frame) = listener.next().await {
        assert!(!matches!(frame, Message::Close(_)));
    }
    assert!(
        sandbox
            .pbx()
            .until(PATIENCE, |pbx| pbx.sockets() == 0 && !pbx.is_watched("101"))
            .await
    );
    assert_eq!(sandbox.pbx().call(&call).unwrap().stage, Stage::Ringing);
    assert_eq!(get(&sandbox, "channels").await.1.as_array().unwrap().len(), 2);
    assert_eq!(get(&sandbox, "applications/companion").await.0, 404);
}

#[tokio::test]
async fn a_restart_refuses_connections_and_forgets_the_calls() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    let before = get(&sandbox, "asterisk/info").await.1;
    sandbox.pbx().fault(&PbxFault::Restart { ms: 300 });
    while listener.next().await.is_some() {}
    let url = format!("{}/asterisk/ping", sandbox.pbx_url());
    let ping = async || {
        reqwest::Client::new()
            .get(&url)
            .basic_auth("ringside", Some("companion-test"))
            .send()
            .await
    };
    let wait = async {
        let mut refused = false;
        loop {
            match ping().await {
                Ok(_) if refused => return,
                Ok(_) => {}
                Err(_) => refused = true,
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
    assert_eq!(get(&sandbox, "channels").await.1, json!([]));
    assert_ne!(
        get(&sandbox, "asterisk/info").await.1["status"]["startup_time"],
        before["status"]["startup_time"]
    );
}

#[tokio::test]
async fn a_stalled_socket_answers_nothing_and_then_catches_up() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    sandbox.pbx().fault(&PbxFault::Stall { ms: 300 });
    let since = std::time::Instant::now();
    sandbox.pbx().place(CallSpec::incoming("79161234567", "101")).unwrap();
    assert_eq!(listener.event().await["type"], "ChannelCreated");
    assert!(since.elapsed() >= Duration::from_millis(290), "{:?}", since.elapsed());
}

#[tokio::test]
async fn calls_are_scripted_over_http() {
    let sandbox = start().await;
    let mut listener = Listener::to_everything(&sandbox).await;
    let post = async |path: &str, body: Value| {
        let request = reqwest::Client::new().post(format!("{}/pbx/{path}", sandbox.control_url()));
        let answer = request.json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let spec = json!({"kind": "incoming", "from": "79161234567", "name": "Ivan", "to": "101", "did": "74950000002",
                      "ring_ms": 100, "outcome": "answered", "talk_ms": 200});
    let (status, placed) = post("calls", spec).await;
    assert_eq!((status, &placed["call"]), (200, &json!("call-1")));
    assert!(sandbox.pbx().ended("call-1", PATIENCE).await);
    let events = listener.drain(&sandbox).await;
    assert_eq!(events.iter().filter(|event| event["type"] == "ChannelDestroyed").count(), 2);

    post("calls", json!({"kind": "group", "from": "79161234567"})).await;
    assert_eq!(post("calls/call-2/answer", json!({"by": "103"})).await.1["agent"], "103");
    assert_eq!(post("calls/call-2/transfer", json!({"to": "102"})).await.1["stage"], "ringing");
    assert_eq!(post("calls/call-2/answer", json!({})).await.0, 200);
    assert_eq!(post("calls/call-2/hold", json!({})).await.1["held"], true);
    assert_eq!(post("calls/call-2/hangup", json!({"by": "agent"})).await.1["stage"], "ended");
    assert_eq!(post("calls/call-2/answer", json!({})).await.0, 409);
    assert_eq!(post("calls/call-2/dance", json!({})).await.0, 422);
    assert_eq!(post("calls/call-77/answer", json!({})).await.0, 404);
    assert_eq!(post("phones/101", json!({"registered": false})).await.0, 200);
    // An unregistered phone gets no leg at all.
    let (_, placed) = post("calls", json!({"kind": "incoming", "from": "79161234567", "to": "101"})).await;
    assert_eq!(placed["view"]["stage"], "ended");
    assert_eq!(post("faults", json!({"fault": "drop_sockets"})).await.0, 200);
    while listener.next().await.is_some() {}
}
