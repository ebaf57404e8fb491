//! Newer versions (D6): from an old program to a new one over a server of the office, and what is refused on the way.

use crate::desk::{Desk, Test, dial_window, on_screen, workspace_window};
use crate::window::{App, PATIENCE, Page, Role};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minisign::KeyPair;
use ringside_tests::{eventually, program};
use serde_json::{Value, json};
use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

/// An office's server: a list of versions, and one package.
struct Versions {
    keys: KeyPair,
    package: Bytes,
    list: Arc<Mutex<Value>>,
    site: String,
}

type Shelf = (Arc<Mutex<Value>>, Bytes);

impl Versions {
    async fn with(package: Vec<u8>) -> Result<Self, Box<dyn std::error::Error>> {
        let (package, list) = (Bytes::from(package), Arc::new(Mutex::new(Value::Null)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let site = format!("http://{}", listener.local_addr()?);
        let router = Router::new()
            .route("/list.json", get(the_list))
            .route("/package", get(the_package))
            .with_state((list.clone(), package.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            keys: KeyPair::generate_unencrypted_keypair()?,
            package,
            list,
            site,
        })
    }

    /// What the office's file says of them.
    fn setting(&self) -> Result<Value, Box<dyn std::error::Error>> {
        let key = BASE64_STANDARD.encode(self.keys.pk.to_box()?.to_string());
        Ok(json!({"updates": {"url": format!("{}/list.json", self.site), "key": key}}))
    }

    /// The package's signature by these keys, for that version, as `tauri signer sign` writes it.
    fn signature(&self, by: &KeyPair, version: &str) -> Result<String, Box<dyn std::error::Error>> {
        let comment = format!("timestamp:1796000000\tfile:Ringside.AppImage\tversion:{version}");
        let signature = minisign::sign(Some(&by.pk), &by.sk, Cursor::new(&self.package), Some(&comment), None)?;
        Ok(BASE64_STANDARD.encode(signature.to_string()))
    }

    /// Lists the package as that version, with this signature.
    fn list(&self, version: &str, signature: &str) {
        let entry = json!({"url": format!("{}/package", self.site), "signature": signature});
        let target = format!("linux-{}", std::env::consts::ARCH);
        *self.list.lock().unwrap_or_else(PoisonError::into_inner) =
            json!({"version": version, "notes": "Быстрее ищет.", "platforms": {target: entry}});
    }
}

async fn the_list(State((list, _)): State<Shelf>) -> String {
    list.lock().unwrap_or_else(PoisonError::into_inner).to_string()
}

async fn the_package(State((_, package)): State<Shelf>) -> Bytes {
    package
}

/// The process that runs the program at this place, as it stands there now.
fn running(program: &Path) -> Option<i32> {
    let mut processes = fs::read_dir("/proc").ok()?.flatten();
    processes.find_map(|process| {
        let number = process.file_name().to_str()?.parse().ok()?;
        (fs::read_link(process.path().join("exe")).ok()? == program).then_some(number)
    })
}

/// A copy of the program that says it was packaged as an AppImage, as the packager writes it into one.
fn packaged(program: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    const UNKNOWN: &[u8] = b"__TAURI_BUNDLE_TYPE_VAR_UNK";
    const APP_IMAGE: &[u8] = b"__TAURI_BUNDLE_TYPE_VAR_APP";
    let mut copy = fs::read(program)?;
    let mark = copy
        .windows(UNKNOWN.len())
        .position(|part| part == UNKNOWN)
        .ok_or("the mark of the package")?;
    copy[mark..mark + UNKNOWN.len()].copy_from_slice(APP_IMAGE);
    Ok(copy)
}

/// Has the office's server asked, which has this version now.
async fn look(app: &App, button: &str, version: &str) {
    app.press(Role::Button, button).await;
    app.sees(&format!("Есть версия {version}")).await;
}

/// Has it installed, once the button can be pressed.
async fn install(app: &App) {
    app.press_at(".general section .primary:not([aria-busy=true])").await;
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d6_a_newer_version_takes_this_ones_place_if_the_office_signed_it_for_that_number_and_no_call_goes_on() -> Test {
    let desk = Desk::new().await?;
    let old = desk.file("Ringside.AppImage");
    // The newer one is the same program, told apart by its length: a linker's file may have anything behind its end.
    let mut newer = packaged(&program("ringside")?)?;
    let before = newer.len() as u64;
    fs::write(&old, &newer)?;
    fs::set_permissions(&old, fs::Permissions::from_mode(0o700))?;
    newer.extend(b"newer");
    let versions = Versions::with(newer).await?;
    desk.provision_with("light", "ru", versions.setting()?)?;
    // Started by a link, which is not to be opened once more when the program starts again.
    let app = desk.start_other(&old, &["tel:+79161234567"], &[("APPIMAGE", &old)]).await?;
    on_screen("the dial window", dial_window).await;
    let first = running(&old).ok_or("the program runs")?;
    let shown = Command::new(&old).args(["show", "settings"]).envs(desk.environment()).status()?;
    assert!(shown.success());

    app.look_at(Page::Workspace).await;
    app.press_at(".frame nav [data-section=general]").await;
    let stranger = KeyPair::generate_unencrypted_keypair()?;
    versions.list("99.0.1", &versions.signature(&stranger, "99.0.1")?);
    look(&app, "Проверить", "99.0.1").await;
    install(&app).await;
    app.sees("Подпись новой версии неверна").await;
    // Signed by the office, and for another number: an old package under a new name.
    versions.list("99.0.2", &versions.signature(&versions.keys, "0.0.9")?);
    look(&app, "Проверить ещё раз", "99.0.2").await;
    install(&app).await;
    app.sees("Подпись новой версии неверна").await;
    app.picture("update-refused").await;
    assert_eq!(fs::metadata(&old)?.len(), before, "nothing was changed");

    versions.list("99.0.3", &versions.signature(&versions.keys, "99.0.3")?);
    look(&app, "Проверить ещё раз", "99.0.3").await;
    let call = desk.answered(&app).await?;
    settings_again(&app).await;
    install(&app).await;
    app.sees("Идёт звонок").await;
    assert_eq!(running(&old), Some(first), "the call goes on");
    desk.sandbox.pbx().hang_up(&call)?;
    desk.only_case("the call's case", |_| true).await;

    settings_again(&app).await;
    install(&app).await;
    let next = eventually("the newer program to run", PATIENCE * 2, || async {
        running(&old).filter(|number| *number != first)
    })
    .await;
    assert_eq!(fs::metadata(&old)?.len(), before + 5);
    eventually("it to answer at the door", PATIENCE, || async {
        let asked = Command::new(&old).arg("status").envs(desk.environment()).output();
        asked.is_ok_and(|asked| asked.status.success()).then_some(())
    })
    .await;
    on_screen("the workspace", workspace_window).await;
    assert_eq!((running(&old), dial_window()), (Some(next), None));
    Ok(())
}

/// Where the newer version is offered. The client's profile came over it.
async fn settings_again(app: &App) {
    app.press(Role::Button, "Настройки").await;
    app.press_at(".frame nav [data-section=general]").await;
}
