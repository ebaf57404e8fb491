//! A PBX at an address of plain HTTP: nobody hears anything there until a person has said yes to it.
//!
//! The address is `http://0.0.0.0:…`: it is none of those that are written as this computer's own, and leads to a listener
//! on this computer all the same.

use crate::desk::{Desk, IVANOV};
use engine::view::{CommandError, LinkStateView, SettingsView, Stage, TestOutcome, TroubleView, TypedSecrets};
use sandbox::{Options, Sandbox};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpStream};

/// A way to the PBX that counts who comes.
struct Ear {
    url: String,
    callers: Arc<AtomicUsize>,
}

impl Ear {
    async fn before(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url: url::Url = sandbox.pbx_url().parse().unwrap();
        let pbx = url.socket_addrs(|| None).unwrap()[0];
        url.set_host(Some("0.0.0.0")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let callers = Arc::new(AtomicUsize::new(0));
        let count = callers.clone();
        tokio::spawn(async move {
            while let Ok((mut caller, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut pbx = TcpStream::connect(pbx).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut caller, &mut pbx).await;
                });
            }
        });
        Self { url: url.into(), callers }
    }

    fn callers(&self) -> usize {
        self.callers.load(Ordering::SeqCst)
    }
}

fn needs_a_yes<T>() -> Result<T, CommandError> {
    Err(CommandError {
        trouble: TroubleView::PlainHttp,
        about: Some("plainHttp".into()),
    })
}

async fn waits_for_a_yes(desk: &Desk) {
    desk.until("a link that waits for a person", |view| {
        let waits = view.pbx.state == LinkStateView::Down && view.pbx.trouble == Some(TroubleView::PlainHttp);
        (waits && view.omnidesk.state == LinkStateView::Up).then_some(())
    })
    .await;
    let view = desk.view();
    assert_eq!((view.stage, view.in_the_open, view.pbx.retry_at), (Stage::Ready, false, None));
}

async fn say_yes(desk: &Desk) -> SettingsView {
    SettingsView {
        plain_http: true,
        ..desk.engine.settings().await.unwrap()
    }
}

#[tokio::test]
async fn what_was_set_up_before_a_yes_was_needed_waits_for_it_and_nobody_hears_a_byte() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ear = Ear::before(&sandbox).await;
    let url = ear.url.clone();
    let mut desk = Desk::open_in(sandbox, |_| {}).await;
    // Settings as an earlier version stored them.
    let stored = SettingsView {
        pbx_url: desk.sandbox.pbx_url(),
        ..desk.engine.settings().await.unwrap()
    };
    desk.engine.save_settings(stored, TypedSecrets::default()).await.unwrap();
    desk.connected().await;
    let (_, call) = desk.ring(IVANOV).await;
    desk.known(&call.id).await;
    desk.stored_settings(|settings| {
        settings["pbxUrl"] = url.into();
        settings.as_object_mut().unwrap().remove("plainHttp");
        settings.as_object_mut().unwrap().remove("pbxCa");
    })
    .await;
    waits_for_a_yes(&desk).await;
    assert!(desk.view().calls.iter().any(|shown| shown.id == call.id), "nothing is lost");

    let kept = desk.engine.settings().await.unwrap();
    assert!(!kept.plain_http && kept.has_pbx_password);
    assert_eq!(desk.engine.test_pbx(kept.clone(), TypedSecrets::default()).await, needs_a_yes());
    let typed = TypedSecrets {
        pbx_password: Some("another".into()),
        api_key: None,
    };
    assert_eq!(desk.engine.save_settings(kept, typed).await, needs_a_yes());
    let dark = SettingsView {
        theme: "dark".into(),
        ..desk.engine.settings().await.unwrap()
    };
    let saved = desk.engine.save_settings(dark, TypedSecrets::default()).await.unwrap();
    assert_eq!(saved.theme, "dark", "nothing else waits with it");
    desk.engine.reconnect().await;
    waits_for_a_yes(&desk).await;
    assert_eq!(ear.callers(), 0);

    let agreed = say_yes(&desk).await;
    let lines = desk.engine.test_pbx(agreed.clone(), TypedSecrets::default()).await.unwrap();
    let warned: Vec<_> = lines.iter().filter(|line| line.outcome == TestOutcome::Warned).collect();
    assert_eq!(warned.len(), 1);
    assert_eq!(
        (warned[0].step.as_str(), warned[0].trouble),
        ("encryption", Some(TroubleView::PlainHttp))
    );
    assert!(!desk.view().in_the_open, "a test is no yes");
    desk.engine.save_settings(agreed, TypedSecrets::default()).await.unwrap();
    desk.connected().await;
    assert!(desk.view().in_the_open && ear.callers() > 0);

    desk.restart().await;
    assert!(desk.view().in_the_open, "the yes is kept");
    let elsewhere = Ear::before(&desk.sandbox).await;
    let moved = SettingsView {
        pbx_url: elsewhere.url.clone(),
        plain_http: false,
        ..desk.engine.settings().await.unwrap()
    };
    assert_eq!(desk.engine.save_settings(moved, TypedSecrets::default()).await, needs_a_yes());
    assert_eq!(elsewhere.callers(), 0);
}

#[tokio::test]
async fn an_office_says_yes_for_its_desks_by_naming_the_address() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ear = Ear::before(&sandbox).await;
    let url = ear.url.clone();
    let silent = Desk::unconnected_in(sandbox, |settings| {
        settings.pbx_url.clone_from(&url);
        settings.plain_http = "http://0.0.0.0:1".into();
    });
    waits_for_a_yes(&silent).await;
    assert_eq!(ear.callers(), 0);

    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ear = Ear::before(&sandbox).await;
    let url = ear.url.clone();
    let desk = Desk::open_in(sandbox, |settings| {
        settings.pbx_url.clone_from(&url);
        settings.plain_http = url.clone();
    })
    .await;
    assert!(desk.view().in_the_open && ear.callers() > 0);
    assert!(!Desk::open().await.view().in_the_open, "this computer's own address needs no yes");
}

#[tokio::test]
async fn a_private_key_beside_the_offices_certificate_is_refused_and_reaches_no_file() {
    let mut desk = Desk::open().await;
    let key = "MC4CAQAwBQYDK2VwBCIEINotForAnyFile";
    let pasted = SettingsView {
        pbx_ca: format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----"),
        ..desk.engine.settings().await.unwrap()
    };
    for answer in [
        desk.engine.save_settings(pasted.clone(), TypedSecrets::default()).await.map(drop),
        desk.engine.test_pbx(pasted, TypedSecrets::default()).await.map(drop),
    ] {
        let about = answer.unwrap_err().about;
        assert_eq!(about.as_deref(), Some("pbxCa.privateKey"));
    }
    assert_eq!(desk.engine.settings().await.unwrap().pbx_ca, "");
    desk.engine.reconnect().await;
    desk.restart().await;
    for file in std::fs::read_dir(desk.data_file().parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(key.len()).any(|part| part == key.as_bytes()));
    }
}

/// Answers HTTP to whatever comes, and keeps every byte of it.
async fn listens() -> (String, Arc<std::sync::Mutex<Vec<u8>>>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("0.0.0.0:{}", listener.local_addr().unwrap().port());
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let keeps = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let keeps = keeps.clone();
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    keeps.lock().unwrap().extend_from_slice(&bytes[..count]);
                    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
                }
            });
        }
    });
    (address, heard)
}

#[tokio::test]
async fn d6_of_an_address_without_a_scheme_plain_http_is_found_and_asked_about_and_hears_no_login() {
    let desk = Desk::open().await;
    let (address, heard) = listens().await;
    let typed = TypedSecrets {
        pbx_password: Some("Pbx-Secret".into()),
        api_key: None,
    };
    for vendor in ["ari", "feed"] {
        let settings = SettingsView {
            pbx_vendor: vendor.into(),
            pbx_url: address.clone(),
            ..desk.engine.settings().await.unwrap()
        };
        let lines = desk.engine.test_pbx(settings, typed.clone()).await.unwrap();
        assert_eq!(
            (lines[0].step.as_str(), lines[0].outcome, lines[0].address.as_deref()),
            ("reach", TestOutcome::Passed, Some(format!("http://{address}/").as_str()))
        );
        assert_eq!(
            (lines[1].step.as_str(), lines[1].outcome, lines[1].trouble),
            ("encryption", TestOutcome::Failed, Some(TroubleView::PlainHttp))
        );
        let tried = lines[1].details.clone().unwrap();
        assert!(
            tried.contains(&format!("https://{address}")) && tried.contains(&format!("http://{address}")),
            "{tried}"
        );
        assert!(lines[2..].iter().all(|line| line.outcome == TestOutcome::Skipped), "{lines:#?}");
    }
    let heard = String::from_utf8_lossy(&heard.lock().unwrap()).to_lowercase();
    assert!(heard.contains("head / http/1.1"), "it was tried");
    for secret in ["authorization", "secret", "ringside", "events"] {
        assert!(!heard.contains(secret), "{secret} in {heard}");
    }
}

#[tokio::test]
async fn d6_this_computers_own_address_without_a_scheme_is_found_and_tested_to_the_end() {
    let desk = Desk::open().await;
    let full = desk.sandbox.pbx_url();
    let settings = SettingsView {
        pbx_url: full.trim_start_matches("http://").into(),
        ..desk.engine.settings().await.unwrap()
    };
    let lines = desk.engine.test_pbx(settings, TypedSecrets::default()).await.unwrap();
    assert_eq!(
        lines[0].address.as_deref().map(|found| found.trim_end_matches('/')),
        Some(full.trim_end_matches('/'))
    );
    assert!(lines.iter().all(|line| line.outcome == TestOutcome::Passed), "{lines:#?}");
}

#[tokio::test]
async fn d6_a_port_of_plain_http_behind_https_is_said_as_such_with_where_it_was_tried() {
    let desk = Desk::open().await;
    let (address, _) = listens().await;
    let settings = SettingsView {
        pbx_url: format!("https://{address}"),
        ..desk.engine.settings().await.unwrap()
    };
    let typed = TypedSecrets {
        pbx_password: Some("Pbx-Secret".into()),
        api_key: None,
    };
    let lines = desk.engine.test_pbx(settings, typed).await.unwrap();
    assert_eq!(
        (lines[0].outcome, lines[0].trouble),
        (TestOutcome::Failed, Some(TroubleView::NoTls))
    );
    assert_eq!(lines[0].details, Some(format!("https://{address}: NoTls")));
}
