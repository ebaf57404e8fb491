//! The real window: the app as it is shipped, on a real (if private) desktop.
//!
//! Ignored by a plain `cargo test`, because it needs a display with a window manager, WebKit's WebDriver
//! and the built app: `cargo xtask test --only window` provides them, and `--only screens` for the screens.
#![cfg(target_os = "linux")]

mod call_list;
mod claims;
mod crash;
mod deeds;
mod desk;
mod dialing;
mod flow;
mod focus;
mod ground;
mod hotkeys;
mod keyboard;
mod keychain;
mod links;
mod notices;
mod office;
mod palette;
mod panel;
mod pausing;
mod people;
mod place;
mod popup;
mod privacy;
mod recordings;
mod resting;
mod screen;
mod screens;
mod site;
mod starting;
mod statistics;
mod touches;
mod updating;
mod wayland;
mod ways;
mod window;

use ringside_tests::eventually;
use std::path::{Path, PathBuf};
use window::{App, PATIENCE, Page, Role};

/// WebKit's own small browser: shows that driver, finders and screen work, whatever the app does.
fn mini_browser() -> Option<PathBuf> {
    let places = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/libexec",
        "/usr/lib",
    ];
    places
        .iter()
        .map(|dir| Path::new(dir).join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.is_file())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn the_harness_finds_presses_writes_and_sees_the_focus() -> Result<(), Box<dyn std::error::Error>> {
    let browser = mini_browser().ok_or("MiniBrowser comes with libwebkit2gtk-4.1-0 and is not there")?;
    let folder = tempfile::tempdir()?;
    let app = App::start(
        &browser,
        &["--automation"],
        &[("HOME", folder.path())],
        &folder.path().join("driver.log"),
    )
    .await?;
    app.look_at(Page::Workspace).await;
    app.run(
        "document.title = 'Harness';
         document.body.innerHTML = '<h1 id=title>Проба</h1><div role=dialog aria-labelledby=title>…</div><label>Тема <input></label><p id=out></p>'
           + '<button style=\"display:none\">Создать</button><button onclick=\"out.textContent=`«${document.querySelector(`input`).value}»`\">Создать</button>'",
    )
    .await;
    app.find(Role::Heading, "Проба").await;
    app.find(Role::Dialog, "Проба").await;
    app.write("Тема", "Не работает принтер").await;
    app.press(Role::Button, "Создать").await;
    app.sees("«Не работает принтер»").await;
    app.gone(Role::Link, "Создать").await;

    let windows = eventually("the browser on screen", PATIENCE, || async {
        let found = screen::visible_windows("Harness");
        (!found.is_empty()).then_some(found)
    })
    .await;
    assert!(screen::place(&windows[0]).is_some_and(|[_, _, width, height]| width > 100 && height > 100));
    assert!(screen::focused_window().contains("Harness"), "{}", screen::focused_window());
    assert!(screen::properties(&windows[0]).contains("WM_CLASS"));
    // A real key, which knows nothing of WebDriver.
    app.find(Role::TextBox, "Тема").await.click().await?;
    screen::type_keys(&["x"]);
    let field = "return document.querySelector('input').value";
    eventually("a real key to arrive in the field", PATIENCE, || async {
        app.run(field).await.as_str()?.contains('x').then_some(())
    })
    .await;
    assert!(app.picture("harness-page").await.is_file() && screen::picture("harness-screen").is_file());
    app.close().await;
    eventually("the browser to go with its session", PATIENCE, || async {
        screen::visible_windows("Harness").is_empty().then_some(())
    })
    .await;
    Ok(())
}
