//! Starting: right after a crash, a second time, and where the data cannot be used (D1, D3).

use crate::desk::{OtherWindow, Test};
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::{eventually, program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How often a start right after a crash is tried.
const CRASHES: usize = 20;

/// The app without a driver; killed when dropped.
struct Started(Child);

impl Started {
    /// Starts it on this data folder. Its milestones go to `milestones`.
    fn on(data: &Path, milestones: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        Self::by(&mut Command::new(program("ringside")?), data, milestones)
    }

    /// The same, in another way of starting it.
    fn by(command: &mut Command, data: &Path, milestones: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let child = command
            .env("RINGSIDE_DATA_DIR", data)
            .env("RINGSIDE_TIMELINE", milestones)
            .env("RINGSIDE_SECRETS", "environment")
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self(child))
    }

    /// Waits until its window is drawn.
    ///
    /// # Panics
    /// When it ends instead, or nothing comes.
    async fn painted(&mut self, milestones: &Path) {
        eventually("a window", PATIENCE * 3, || {
            let ended = self.0.try_wait();
            assert!(matches!(ended, Ok(None)), "it ended instead: {ended:?}");
            let painted = fs::read_to_string(milestones).is_ok_and(|text| text.contains("main_painted"));
            async move { painted.then_some(()) }
        })
        .await;
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // As a crash does: by SIGKILL, with nothing put in order.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_a_start_right_after_a_kill_ends_with_a_window_twenty_times_in_a_row() -> Test {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let milestones = |number: usize| folder.path().join(format!("milestones-{number}"));
    let mut running = Started::on(&data, &milestones(0))?;
    running.painted(&milestones(0)).await;
    for number in 1..=CRASHES {
        running.0.kill()?;
        // At once: nobody waits until the killed program is gone.
        let mut next = Started::on(&data, &milestones(number))?;
        next.painted(&milestones(number)).await;
        running = next;
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_a_second_start_brings_the_first_ones_window_to_the_front_and_ends_well() -> Test {
    let folder = tempfile::tempdir()?;
    let (data, milestones) = (folder.path().join("data"), folder.path().join("milestones"));
    // Two at once, as by a double click: one of them is the first, whichever.
    let mut twins = vec![Started::on(&data, &milestones)?, Started::on(&data, &milestones)?];
    let (loser, status) = eventually("the end of one of two", PATIENCE * 3, || {
        let mut ends = twins.iter_mut().enumerate();
        let ended = ends.find_map(|(place, twin)| Some((place, twin.0.try_wait().ok().flatten()?)));
        async move { ended }
    })
    .await;
    assert!(status.success(), "{status}");
    drop(twins.remove(loser));
    let mut first = twins.remove(0);
    first.painted(&milestones).await;
    let _softphone = OtherWindow::focused().await?;
    let mut second = Started::on(&data, &folder.path().join("second"))?;
    let status = eventually("its end", PATIENCE, || {
        let ended = second.0.try_wait();
        async move { ended.ok().flatten() }
    })
    .await;
    assert!(status.success(), "{status}");
    eventually("the first one's window in front", PATIENCE, || async {
        (screen::focused_window() == "Ringside").then_some(())
    })
    .await;
    assert!(matches!(first.0.try_wait(), Ok(None)));
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d1_a_question_on_the_command_line_is_answered_there_and_nobody_is_woken() -> Test {
    let folder = tempfile::tempdir()?;
    let (data, milestones) = (folder.path().join("data"), folder.path().join("milestones"));
    let mut running = Started::on(&data, &milestones)?;
    running.painted(&milestones).await;
    let _softphone = OtherWindow::focused().await?;
    let version = format!("ringside {}\n", env!("CARGO_PKG_VERSION"));
    for (argument, status, words) in [
        ("--version", 0, version.as_str()),
        ("--help", 0, "--hidden"),
        ("--hiden", 2, "\"--hiden\""),
    ] {
        // Beside a program that runs, on a fresh folder, and where there is no display.
        let fresh = folder.path().join("fresh");
        for (data, display) in [(&data, true), (&fresh, true), (&fresh, false)] {
            let mut asking = Command::new(program("ringside")?);
            asking.arg(argument).env("RINGSIDE_DATA_DIR", data);
            if !display {
                asking.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
            }
            let said = asking.output()?;
            assert_eq!(said.status.code(), Some(status), "{argument}");
            let (answer, nothing) = if status == 0 {
                (said.stdout, said.stderr)
            } else {
                (said.stderr, said.stdout)
            };
            assert!(String::from_utf8(answer)?.contains(words), "{argument}");
            assert_eq!(String::from_utf8(nothing)?, "", "{argument}");
        }
        assert!(!fresh.exists(), "{argument} made a data folder");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_ne!(screen::focused_window(), "Ringside", "the running one came to the front");
    assert!(matches!(running.0.try_wait(), Ok(None)));
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d6_what_it_writes_is_the_persons_alone_also_where_files_are_made_for_everybody() -> Test {
    let folder = tempfile::tempdir()?;
    let (home, milestones) = (folder.path().join("home"), folder.path().join("milestones"));
    fs::create_dir(&home)?;
    let mut everybody = Command::new("sh");
    // The data folder exists, and is as wide as folders get.
    everybody
        .args(["-c", "umask 0; mkdir -p \"$RINGSIDE_DATA_DIR\"; exec \"$0\""])
        .arg(program("ringside")?);
    for (name, place) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_CONFIG_HOME", "config"),
    ] {
        everybody.env(name, home.join(place));
    }
    let mut started = Started::by(everybody.env("HOME", &home), &home.join("ringside"), &milestones)?;
    started.painted(&milestones).await;
    let wide: Vec<PathBuf> = files_below(&home).into_iter().filter(|path| is_open_to_others(path)).collect();
    assert!(wide.is_empty(), "others may read {wide:#?}");
    assert!(files_below(&home).len() > 3, "the data, the log, WebKit's profile");
    let limits = fs::read_to_string(format!("/proc/{}/limits", started.0.id()))?;
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap_or_default();
    assert!(core.split_whitespace().filter(|word| *word == "0").count() == 2, "{core}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d5_the_end_of_a_session_stops_the_engine_in_order() -> Test {
    for signal in ["TERM", "INT", "HUP"] {
        let folder = tempfile::tempdir()?;
        let (data, milestones) = (folder.path().join("data"), folder.path().join("milestones"));
        let mut started = Started::on(&data, &milestones)?;
        started.painted(&milestones).await;
        let log = data_file(&data).with_extension("db-wal");
        assert!(log.exists(), "the file is in use");
        let pid = started.0.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status()?.success());
        let status = eventually("its end", PATIENCE, || {
            let ended = started.0.try_wait();
            async move { ended.ok().flatten() }
        })
        .await;
        assert!(status.success(), "{signal}: {status}");
        assert!(!log.exists(), "{signal}: the file was not closed");
    }
    Ok(())
}

/// All files below a folder, with those that vanish meanwhile.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| {
            if path.is_dir() && !path.is_symlink() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::symlink_metadata(file).is_ok_and(|facts| !facts.is_symlink() && facts.permissions().mode() & 0o077 != 0)
}

/// The start window on this data folder.
async fn refused(folder: &TempDir, data: &Path) -> Result<App, Box<dyn std::error::Error>> {
    let environment = [("RINGSIDE_DATA_DIR", data), ("RINGSIDE_SECRETS", Path::new("environment"))];
    let app = App::start(&program("ringside")?, &[], &environment, &folder.path().join("driver.log")).await?;
    app.look_at(Page::Workspace).await;
    Ok(app)
}

fn data_file(data: &Path) -> PathBuf {
    data.join("ringside.db")
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d3_what_stands_in_the_way_of_the_start_is_said_in_a_window() -> Test {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("file");
    fs::write(&file, "a file")?;
    let newer = folder.path().join("newer");
    drop(store::Store::open(&data_file(&newer))?);
    let raw = rusqlite::Connection::open(data_file(&newer))?;
    raw.pragma_update(None, "user_version", 9_999)?;
    drop(raw);
    let taken = folder.path().join("taken");
    let claim = store::folder::claim(&taken)?;
    for (data, said) in [
        (file.as_path(), "На месте папки данных лежит файл"),
        (Path::new("/sys/ringside"), "В папку данных нельзя записать"),
        (newer.as_path(), "Файл данных создан более новой версией"),
        (taken.as_path(), "уже запущен, но не отвечает"),
    ] {
        let app = refused(&folder, data).await?;
        app.sees(said).await;
        app.find(Role::Button, "Повторить").await;
        app.close().await;
    }
    drop(claim);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn d3_a_file_that_is_no_database_is_put_aside_when_the_agent_says_so() -> Test {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    fs::create_dir(&data)?;
    let text = "Это не база данных. ".repeat(100);
    fs::write(data_file(&data), &text)?;
    let app = refused(&folder, &data).await?;
    app.sees("Файл данных повреждён").await;
    assert_eq!(fs::read_to_string(data_file(&data))?, text, "until then it is left as it is");
    app.press(Role::Button, "Отложить файл и начать").await;
    let aside = data.join("ringside.damaged-1.db");
    eventually("the file aside", PATIENCE, || async { aside.exists().then_some(()) }).await;
    assert_eq!(fs::read_to_string(&aside)?, text);
    eventually("a new one", PATIENCE, || async {
        fs::read(data_file(&data))
            .ok()
            .filter(|bytes| bytes.starts_with(b"SQLite format 3"))
            .map(|_| ())
    })
    .await;
    Ok(())
}
