//! Nothing takes the focus: somebody types into another window while calls ring, are answered and end, and every window of
//! the app comes and goes. `cargo xtask bench focus` is the same over two hundred calls.

use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window, workspace_window};
use crate::ground::Still;
use crate::window::{PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::CallSpec;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The title of the window that is typed into.
const TITLE: &str = "Letter";
/// What is typed, again and again.
const WORD: [&str; 4] = ["q", "w", "e", "r"];

/// How long a slow window manager takes.
const SLOW: Duration = Duration::from_secs(2);

/// The process of this screen's window manager.
fn window_manager() -> Option<u32> {
    let display = format!("DISPLAY={}", std::env::var("DISPLAY").ok()?);
    let of_process = |process: &std::fs::DirEntry, file: &str| std::fs::read(process.path().join(file)).unwrap_or_default();
    let mut processes = std::fs::read_dir("/proc").ok()?.flatten();
    let found = processes.find(|process| {
        let environment = of_process(process, "environ");
        of_process(process, "comm") == b"openbox\n" && environment.split(|byte| *byte == 0).any(|entry| entry == display.as_bytes())
    });
    found?.file_name().to_str()?.parse().ok()
}

/// Somebody who types steadily into a window of their own.
struct Typist {
    window: Child,
    watch: Child,
    id: u64,
    goes_on: Arc<AtomicBool>,
    types: Option<JoinHandle<usize>>,
}

impl Typist {
    async fn start(folder: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let written = |program: &str, name: &str| -> Result<Command, std::io::Error> {
            // Line by line, so that nothing stays behind in a program that is ended.
            let mut command = Command::new("stdbuf");
            command.args(["-oL", program]).stdout(File::create(folder.join(name))?);
            Ok(command)
        };
        let window = written("xev", "keys")?.args(["-name", TITLE, "-event", "keyboard"]).spawn()?;
        let found = eventually("the typist's window", PATIENCE, || async { screen::visible_windows(TITLE).pop() }).await;
        screen::activate(&found);
        eventually("its focus", PATIENCE, || async {
            (screen::focused_window() == TITLE).then_some(())
        })
        .await;
        let watch = written("xprop", "active")?.args(["-root", "-spy", "_NET_ACTIVE_WINDOW"]).spawn()?;
        eventually("the window manager to tell which window is active", PATIENCE, || async {
            std::fs::read_to_string(folder.join("active")).ok()?.contains("0x").then_some(())
        })
        .await;
        // A key that is held while the machine is busy must not count twice.
        Command::new("xset").args(["r", "off"]).status()?;
        let goes_on = Arc::new(AtomicBool::new(true));
        let still = goes_on.clone();
        let types = std::thread::spawn(move || {
            let mut typed = 0;
            while still.load(Ordering::Relaxed) {
                screen::type_keys(&WORD);
                typed += WORD.len();
            }
            typed
        });
        Ok(Self {
            window,
            watch,
            id: found.parse()?,
            goes_on,
            types: Some(types),
        })
    }

    /// Lets them come to the end of their word; how many keys they typed.
    fn stop(&mut self) -> usize {
        self.goes_on.store(false, Ordering::Relaxed);
        match self.types.take().map(JoinHandle::join) {
            Some(Ok(typed)) => typed,
            other => panic!("the typist broke: {other:?}"),
        }
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        self.goes_on.store(false, Ordering::Relaxed);
        let _ = Command::new("xset").args(["r", "on"]).status();
        for child in [&mut self.window, &mut self.watch] {
            // What is gone already needs no end.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_no_key_of_whoever_types_elsewhere_is_lost_to_calls_and_no_window_of_ours_is_made_active() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = desk.start_with(&["--hidden"], &[]).await?;
    let folder = tempfile::tempdir()?;
    let mut typist = Typist::start(folder.path()).await?;

    // A window manager that is slow finds a workspace that takes no focus, however late it looks.
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    let slow = Still::of(window_manager().ok_or("the window manager")?)?;
    desk.sandbox.pbx().answer(&call)?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Иванов Иван Сергеевич").await;
    tokio::time::sleep(SLOW).await;
    drop(slow);
    let workspace = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
    desk.sandbox.pbx().hang_up(&call)?;
    screen::close(&workspace);
    off_screen("the workspace", workspace_window).await;

    // Popup, profile in a workspace that is made for it, after-call card; twice, with the workspace closed in between.
    for _ in 0..2 {
        let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
        on_screen("the popup", popup_window).await;
        desk.sandbox.pbx().answer(&call)?;
        app.look_at(Page::Workspace).await;
        app.find(Role::Heading, "Иванов Иван Сергеевич").await;
        let workspace = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
        desk.sandbox.pbx().hang_up(&call)?;
        app.look_at(Page::Popup).await;
        app.sees("Звонок завершён").await;
        screen::close(&workspace);
        off_screen("the workspace", workspace_window).await;
    }
    // A colleague answers, nobody does, and one rings while another is on.
    let call = desk.sandbox.pbx().place(CallSpec::group("79031112233", &["101", "102"]))?;
    app.sees("+7 (903) 111-22-33").await;
    desk.sandbox.pbx().answer_by(&call, "102")?;
    let talk = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    desk.sandbox.pbx().answer(&talk)?;
    eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
    let second = desk.sandbox.pbx().place(CallSpec::incoming("79031112244", "101"))?;
    app.look_at(Page::Popup).await;
    app.sees("+7 (903) 111-22-44").await;
    desk.sandbox.pbx().hang_up(&second)?;
    desk.sandbox.pbx().hang_up(&talk)?;
    app.sees("Звонок завершён").await;

    let typed = typist.stop();
    let keys = || std::fs::read_to_string(folder.path().join("keys")).unwrap_or_default();
    let arrived = || keys().lines().filter(|line| line.starts_with("KeyPress event")).count();
    let all = tokio::time::timeout(PATIENCE / 4, async {
        while arrived() < typed {
            tokio::time::sleep(ringside_tests::TICK).await;
        }
    });
    let all = all.await.is_ok();
    let told = std::fs::read_to_string(folder.path().join("active"))?;
    let own = format!("{:#x}", typist.id);
    let others: Vec<&str> = told.lines().filter(|line| !line.contains(&own)).collect();
    assert!(
        others.is_empty(),
        "{others:?} where {own} is the typist's; {} of {typed} keys arrived",
        arrived()
    );
    assert!(typed > 0 && all, "{} of {typed} keys arrived", arrived());
    assert_eq!(arrived(), typed);
    assert_eq!(screen::focused_window(), TITLE);
    drop(typist);
    app.close().await;
    Ok(())
}
