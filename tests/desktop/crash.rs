//! A web process that breaks leaves no blank window behind (`src/web_process.rs`). WebDriver ends its session with such a
//! process, so these run without: the timeline tells what the page has drawn.

use crate::desk::{Desk, IVANOV, Test, on_screen, popup_window};
use crate::window::PATIENCE;
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use std::fs;
use std::process::{Child, Command, Stdio};

/// The app with nobody's hand on it; it ends with the test.
pub struct Alone(Child);

impl Alone {
    /// Starts it hidden, with more of an environment.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(desk: &Desk, more: &[(&str, &str)]) -> Result<Self, Box<dyn std::error::Error>> {
        let app = Command::new(program("ringside")?)
            .arg("--hidden")
            .envs(desk.environment())
            .envs(more.iter().copied())
            .env("RINGSIDE_TIMELINE", desk.file("timeline"))
            .stdin(Stdio::null())
            .stderr(fs::File::create(desk.file("app.log"))?)
            .spawn()?;
        desk.is_watched().await;
        Ok(Self(app))
    }

    /// The processes in which its pages run.
    pub fn web_processes(&self) -> Vec<u32> {
        let is_one = |pid: &u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let Some((name, rest)) = stat.rsplit_once(')') else { return false };
            let mut rest = rest.split_whitespace();
            let alive = rest.next() != Some("Z");
            alive && name.contains("(WebKitWeb") && rest.next() == Some(&self.0.id().to_string())
        };
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(is_one).collect()
    }

    /// The one web process there is; it may have to start yet.
    pub async fn web_process(&self, but: Option<u32>) -> u32 {
        eventually("the web process", PATIENCE, || async {
            let [only] = <[u32; 1]>::try_from(self.web_processes()).ok()?;
            (Some(only) != but).then_some(only)
        })
        .await
    }
}

fn kill(process: u32) -> Test {
    let killed = Command::new("kill").args(["-KILL", &process.to_string()]).status()?;
    assert!(killed.success(), "{killed}");
    Ok(())
}

/// Waits until the popup has drawn a call, so many times since the start.
async fn painted(desk: &Desk, times: usize) {
    eventually("the call to be drawn", PATIENCE, || async {
        let timeline = fs::read_to_string(desk.file("timeline")).ok()?;
        (timeline.matches("popup_painted").count() == times).then_some(())
    })
    .await;
}

impl Drop for Alone {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s01_a_popup_whose_web_process_broke_is_there_at_the_next_call() -> Test {
    let desk = Desk::new().await?;
    desk.provision("light", "ru")?;
    let app = Alone::start(&desk, &[]).await?;
    let first = app.web_process(None).await;
    kill(first)?;
    let second = app.web_process(Some(first)).await;
    let call = desk.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
    on_screen("the popup", popup_window).await;
    painted(&desk, 1).await;

    // With the call on the screen it comes back as it was.
    kill(second)?;
    painted(&desk, 2).await;
    on_screen("the popup", popup_window).await;
    desk.sandbox.pbx().hang_up(&call)?;
    Ok(())
}
