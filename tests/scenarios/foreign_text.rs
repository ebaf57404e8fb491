//! Foreign text is no error message: a person is planted in every kind of answer, frame, setting and file name, all flows
//! run, and at INFO and above the log, the errors and the panics hold nothing of them.

use crate::desk::{Desk, LONG, STRANGER, colleague};
use crate::said::Said;
use axum::extract::{FromRequestParts, Request, WebSocketUpgrade, ws::Message};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use calls::AgentAction;
use engine::view::{OutboxRow, OutboxStateView, Route, TypedSecrets, UserChanges};
use omnidesk::{Contact, NewUser};
use sandbox::omnidesk::{Fault, FaultRule};
use sandbox::pbx::{PbxFault, Step};
use sandbox::{CallSpec, Options, Sandbox};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

const NAME: &str = "Цапля Гермогена Ольховна";
const LATIN: &str = "zaplya-germogena";
const PHONE: &str = "79637418520";
const EMAIL: &str = "zaplya-germogena@olkhovka.example";
const CONTRACT: &str = "ДГ-778812/Ц";
const SUBJECT: &str = "Гололедица на третьем складе";
const NOTE: &str = "Переезд в Кострому до зимы";
const FILE: &str = "zaplya-germogena-паспорт.wav";

/// What must not be found, lower case: every part by which she could be known, in all spellings.
const TRACES: &[&str] = &[
    "цапля",
    "гермоген",
    "ольховн",
    "zaplya",
    "germogen",
    "olkhovka",
    "9637418520",
    "963) 741",
    "963 741",
    "741-85-20",
    "741 85 20",
    "778812",
    "гололедиц",
    "кострому",
    "паспорт",
    "%d0%a6%d0%b0",
    "\\u0446\\u0430",
];

/// Everything about her in one text.
fn person() -> String {
    format!("{NAME} +7 (963) 741-85-20 8 963 741 85 20 {PHONE} {EMAIL} {CONTRACT} {SUBJECT} {NOTE} {FILE}")
}

fn assert_nothing_of_her(said: &str) {
    for line in said.lines() {
        let lower = line.to_lowercase();
        for trace in TRACES {
            assert!(!lower.contains(trace), "«{trace}» in what was said: {line}");
        }
    }
}

fn refusal(status: u16) -> Fault {
    Fault::Status {
        status,
        body: Some(json!({ "error": person(), "message": person(), "user": { "user_full_name": NAME } })),
        retry_after: None,
    }
}

/// She calls, under her name.
fn her_call() -> CallSpec {
    CallSpec::incoming(PHONE, "101").named(NAME)
}

async fn she_is_a_client(sandbox: &Sandbox) {
    let mut new = NewUser::new(Contact::Phone(format!("+{PHONE}")));
    new.full_name = Some(NAME.into());
    new.note = Some(format!("{NOTE} {CONTRACT}"));
    colleague(sandbox).users().create(&new).await.unwrap();
}

#[tokio::test]
async fn d4_nothing_of_a_caller_is_said_whatever_omnidesk_answers_on_the_way() {
    let said = Said::listen();
    for fault in [
        None,
        Some(refusal(422)),
        Some(refusal(403)),
        Some(refusal(404)),
        Some(refusal(500)),
        Some(refusal(200)),
        Some(Fault::Html { status: 502 }),
        Some(Fault::Truncated),
        Some(Fault::Reset),
        Some(Fault::Lost { ms: 0 }),
    ] {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        she_is_a_client(&sandbox).await;
        let desk = Desk::open_in(sandbox, |_| ()).await;
        let talks = fault.is_some();
        if let Some(fault) = fault {
            for method in ["POST", "PUT"] {
                let rule = FaultRule::once(fault.clone()).on(method, "/api/*");
                desk.sandbox.omnidesk().fault(FaultRule { count: 3, ..rule });
            }
        }
        let (call, ringing) = desk.place(her_call()).await;
        desk.known(&ringing.id).await;
        desk.answer(&call, &ringing.id).await;
        said.error(desk.engine.save_draft(&ringing.id, SUBJECT.into(), NOTE.into()).await);
        let create = AgentAction::CreateCase {
            subject: SUBJECT.into(),
            gist: format!("{NOTE} {CONTRACT}"),
        };
        said.error(desk.engine.act(&ringing.id, create).await);
        if talks {
            said.error(desk.engine.search_users(NAME).await);
            said.error(desk.engine.profile(PHONE).await);
            said.error(desk.engine.case_page(CONTRACT, true).await);
            said.error(desk.engine.sound("1", FILE).await);
            said.error(desk.engine.attach(&ringing.id, CONTRACT, NOTE.into()).await);
            said.error(desk.engine.dial(&person(), Some(CONTRACT), None).await);
            said.error(desk.engine.import_fields(&person()).await);
            let changes = UserChanges {
                name: Some(NAME.into()),
                email: Some(EMAIL.into()),
                note: Some(NOTE.into()),
                ..UserChanges::default()
            };
            said.error(desk.engine.edit_user(None, Some(&ringing.id), changes).await);
        }
        desk.hang_up(&call, &ringing.id).await;
        desk.until("something owed to be tried", |view| {
            let tried = |row: &OutboxRow| row.attempts > 0 || row.state == OutboxStateView::Done;
            view.outbox.iter().any(tried).then_some(())
        })
        .await;
        for row in desk.view().outbox {
            writeln!(said.clone(), "outbox: {:?} {:?}", row.trouble, row.code).unwrap();
        }
    }
    let text = said.text();
    assert!(text.contains("not delivered yet"), "the log is really read");
    assert_nothing_of_her(&text);
}

#[tokio::test]
async fn d4_nothing_of_a_caller_is_said_of_missed_unknown_passed_on_and_lost_calls() {
    let said = Said::listen();
    let mut desk = Desk::open().await;
    let pbx = desk.sandbox.clone();
    // Unknown and missed.
    desk.missed(PHONE).await;
    // Several faults of the line while she talks, and a crash in the middle.
    let (call, ringing) = desk.place(her_call()).await;
    desk.known(&ringing.id).await;
    desk.answer(&call, &ringing.id).await;
    for fault in [PbxFault::UnknownType, PbxFault::Garbage, PbxFault::Binary, PbxFault::DropSockets] {
        pbx.pbx().fault(&fault);
    }
    desk.linked().await;
    desk.restart().await;
    pbx.pbx().step(&call, &Step::Transfer { to: "102".into() }).unwrap();
    desk.call_until(&ringing.id, "the end", |call| call.ended_at.is_some()).await;
    // Out, and refused.
    let (out, dialing) = desk.call_out(PHONE).await;
    desk.known(&dialing.id).await;
    desk.hang_up(&out, &dialing.id).await;
    pbx.pbx().set_registered("101", false);
    said.error(desk.engine.dial(PHONE, None, None).await);
    said.error(
        desk.engine
            .omnidesk_url(&Route::Profile {
                user: NAME.into(),
                call: None,
            })
            .await,
    );
    pbx.pbx().set_registered("101", true);
    pbx.pbx().hang_up_all();
    let (_, last) = desk.ring(STRANGER).await;
    said.error(desk.engine.hang_up(&last.id).await);
    assert_nothing_of_her(&said.text());
}

#[tokio::test]
async fn d4_nothing_of_a_caller_is_said_when_strangers_answer_in_place_of_pbx_and_omnidesk() {
    let said = Said::listen();
    let address = strangers().await;
    let desk = Desk::open().await;
    let mut settings = desk.engine.settings().await.unwrap();
    settings.pbx_url.clone_from(&address);
    settings.omnidesk_url = address;
    for _ in 0..ANSWERS {
        let typed = || TypedSecrets {
            pbx_password: Some("Pbx-Secret".into()),
            api_key: Some("Api-Secret".into()),
        };
        let lines = (
            desk.engine.test_pbx(settings.clone(), typed()).await,
            desk.engine.test_omnidesk(settings.clone(), typed()).await,
        );
        said.error(desk.engine.channels(settings.clone(), typed()).await);
        said.error(lines.0);
        said.error(lines.1);
        let typed = typed();
        said.error(desk.engine.save_settings(settings.clone(), typed).await);
        said.error(desk.engine.search_users(NAME).await);
        said.error(desk.engine.profile("77").await);
        said.error(desk.engine.dial(PHONE, None, None).await);
        desk.engine.reconnect().await;
    }
    // Settings that hold a person where an address or a name of a thing belongs.
    for change in [
        (|settings: &mut engine::view::SettingsView| settings.pbx_url = person()) as fn(&mut _),
        |settings| settings.pbx_url = format!("http://{LATIN}:{PHONE}@127.0.0.1:1/?{EMAIL}"),
        |settings| settings.omnidesk_url = format!("https://127.0.0.1:1/?q={EMAIL}"),
        |settings| settings.extension = NAME.into(),
        |settings| settings.email = person(),
        |settings| settings.channel = CONTRACT.into(),
    ] {
        let mut settings = settings.clone();
        change(&mut settings);
        said.error(desk.engine.test_pbx(settings.clone(), TypedSecrets::default()).await);
        said.error(desk.engine.test_omnidesk(settings.clone(), TypedSecrets::default()).await);
        said.error(desk.engine.save_settings(settings, TypedSecrets::default()).await);
    }
    let text = said.text();
    assert!(text.contains("the link to the PBX is down"), "the log is really read");
    assert_nothing_of_her(&text);
}

#[test]
fn d4_what_the_disk_refuses_is_said_without_the_place_and_what_lies_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut said = String::new();
    let mut open = |file: &std::path::Path| {
        if let Err(error) = store::Store::open(file) {
            said.push_str(&format!("{error} {error:?}\n"));
        }
    };
    // A file in place of the folder, a folder in place of the file, and a file that is none of ours.
    let place = folder.path().join(FILE);
    std::fs::write(&place, person()).unwrap();
    open(&place.join("ringside.db"));
    open(folder.path());
    let other = folder.path().join(format!("{LATIN}.db"));
    std::fs::write(&other, person().repeat(100)).unwrap();
    open(&other);
    let future = folder.path().join(format!("{LATIN}-future.db"));
    drop(store::Store::open(&future).unwrap());
    rusqlite::Connection::open(&future)
        .unwrap()
        .pragma_update(None, "user_version", 9_999)
        .unwrap();
    open(&future);
    let spoilt = folder.path().join(format!("{LATIN}-schema.db"));
    let raw = rusqlite::Connection::open(&spoilt).unwrap();
    raw.execute_batch(&format!(
        "CREATE TABLE calls (\"{NAME}\" TEXT); CREATE TABLE outbox (\"{CONTRACT}\" TEXT)"
    ))
    .unwrap();
    drop(raw);
    open(&spoilt);
    let refused = rusqlite::Connection::open_in_memory()
        .unwrap()
        .execute_batch(&format!("SELECT \"{NAME}\" FROM \"{CONTRACT}\""))
        .unwrap_err();
    let refused = store::StoreError::from(refused);
    said.push_str(&format!("{refused} {refused:?}\n"));
    let broken = serde_json::from_value::<u8>(json!(NAME)).unwrap_err();
    let broken = store::StoreError::from(broken);
    said.push_str(&format!("{broken} {broken:?}\n"));
    assert!(said.lines().count() >= 5, "{said}");
    assert_nothing_of_her(&said);
}

/// How many kinds of answers the strangers have.
const ANSWERS: usize = 12;

/// One server in place of both: each request gets the next kind of answer, and the socket frames of every kind.
async fn strangers() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

async fn answer(request: Request) -> Response {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let (mut parts, _) = request.into_parts();
    if let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        return upgrade.on_upgrade(|mut socket| async move {
            for frame in frames() {
                if socket.send(Message::text(frame)).await.is_err() {
                    return;
                }
            }
            tokio::time::sleep(LONG).await;
        });
    }
    let json = |status: u16, body: Value| told(status, "application/json", body.to_string());
    let channel = channel();
    match turn % ANSWERS {
        0 => json(200, json!({ "error": person() })),
        1 => json(422, json!({ "error": format!("{LATIN}_not_found"), "message": person() })),
        2 => json(409, json!({ "message": person() })),
        3 => told(200, "text/html", format!("<html><h1>{}</h1>", person())),
        4 => told(502, &format!("text/{LATIN}"), person()),
        5 => json(
            200,
            json!({ "users": person(), "cases": [person()], "channels": { "0": person() } }),
        ),
        6 => json(200, json!([channel.clone(), channel])),
        7 => json(200, json!(person())),
        8 => told(302, "text/plain", person()),
        9 => told(429, "text/plain", person()),
        10 => json(
            200,
            json!({ "version": person(), "technology": NAME, "resource": PHONE, "state": person(), "value": person() }),
        ),
        _ => json(404, json!({ "message": format!("{LATIN} {PHONE}") })),
    }
}

/// An answer whose headers name her too.
fn told(status: u16, media: &str, body: String) -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", media),
        ("location", "http://127.0.0.1:1/zaplya-germogena?phone=79637418520"),
        ("retry-after", LATIN),
        ("retry_after", EMAIL),
        ("date", LATIN),
        ("server", EMAIL),
        ("api_requests_left", PHONE),
        ("www-authenticate", "Basic realm=\"zaplya-germogena\""),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
}

/// A channel that is her in every field.
fn channel() -> Value {
    json!({
        "id": format!("PJSIP/101-{LATIN}"), "name": format!("PJSIP/101-{NAME}"), "state": person(),
        "caller": { "name": NAME, "number": PHONE }, "connected": { "name": NAME, "number": PHONE },
        "accountcode": CONTRACT, "dialplan": { "context": LATIN, "exten": PHONE, "priority": 1, "app_name": "Dial", "app_data": person() },
        "creationtime": LATIN, "language": "ru", "channelvars": { "RECORDING": FILE },
    })
}

fn frames() -> Vec<String> {
    let bridge = json!({ "id": LATIN, "name": NAME, "bridge_type": NOTE, "channels": [PHONE], "creationtime": EMAIL });
    let kinds = [
        "ChannelCreated",
        "ChannelStateChange",
        "ChannelDialplan",
        "ChannelVarset",
        "ChannelEnteredBridge",
        "ChannelLeftBridge",
        "ChannelHangupRequest",
        "ChannelDestroyed",
        "Dial",
        "BridgeBlindTransfer",
        "BridgeAttendedTransfer",
        "RecordingStarted",
        "RecordingFinished",
        "RecordingFailed",
        "PeerStatusChange",
        "DeviceStateChanged",
        "EndpointStateChange",
        "StasisStart",
        LATIN,
    ];
    let mut frames: Vec<String> = kinds
        .iter()
        .flat_map(|kind| {
            let frame = json!({
                "type": kind, "timestamp": NAME, "application": LATIN, "asterisk_id": EMAIL, "channel": channel(), "peer": channel(),
                "caller": channel(), "bridge": bridge, "variable": "MIXMONITOR_FILENAME", "value": FILE, "cause": 16, "cause_txt": person(),
                "dialstring": person(), "dialstatus": LATIN, "recording": { "name": FILE, "format": NAME, "state": EMAIL, "cause": person() },
            });
            let wrong = json!({ "type": kind, "channel": person(), "bridge": [person()], "timestamp": 7, "cause": person() });
            [frame.to_string(), wrong.to_string()]
        })
        .collect();
    frames.extend([
        person(),
        format!("{{\"type\": \"{NAME}"),
        json!([person()]).to_string(),
        json!({ "type": [NAME] }).to_string(),
    ]);
    frames
}

#[test]
fn she_is_looked_for_in_every_spelling() {
    let found = std::panic::catch_unwind(|| assert_nothing_of_her(&format!("an error of {}", person().to_uppercase())));
    assert!(found.is_err());
}
