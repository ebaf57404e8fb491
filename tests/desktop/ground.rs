//! What is seen of a window where its page is not drawn, as where a popup has just been over a workspace whose page is busy.
//! Drawn by the processor, WebKit keeps a picture of the page; drawn by its compositor it keeps none, and GTK's grey would
//! stay there until the page draws, were it not laid with the page's own colour.

use crate::crash::Alone;
use crate::desk::{Desk, IVANOV, Test, off_screen, on_screen, popup_window, workspace_window};
use crate::window::{PATIENCE, screen};
use ringside_tests::{eventually, program};
use sandbox::CallSpec;
use std::process::Command;
use std::time::Duration;

/// Theme, the colour of the workspace's page in it (tokens.css), and what [`COMPOSITOR_OFF`] says.
const CASES: [(&str, &str, &str); 3] = [("light", "#FFFFFF", "0"), ("dark", "#191A1E", "0"), ("dark", "#191A1E", "1")];
/// WebKit's own variable.
const COMPOSITOR_OFF: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
/// After so long WebKit has let go of what it does not need to keep.
const REST: Duration = Duration::from_secs(3);

/// A process that stands still; it goes on when this is dropped.
pub struct Still(String);

impl Still {
    /// It stands still from now on.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn of(process: u32) -> Result<Self, Box<dyn std::error::Error>> {
        signal("-STOP", &process.to_string())?;
        Ok(Self(process.to_string()))
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        // One that is gone needs nothing.
        let _ = signal("-CONT", &self.0);
    }
}

fn signal(what: &str, process: &str) -> Test {
    let told = Command::new("kill").args([what, process]).status()?;
    assert!(told.success(), "{told}");
    Ok(())
}

/// Opens the workspace as a second start does.
fn open(desk: &Desk) -> Test {
    let opened = Command::new(program("ringside")?)
        .env("RINGSIDE_DATA_DIR", desk.file("data"))
        .status()?;
    assert!(opened.success(), "{opened}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn where_the_popup_was_there_is_no_hole_in_a_workspace_whose_page_is_busy() -> Test {
    for (theme, ground, drawing) in CASES {
        let desk = Desk::new().await?;
        desk.provision(theme, "ru")?;
        let app = Alone::start(&desk, &[(COMPOSITOR_OFF, drawing)]).await?;
        let popup = app.web_process(None).await;
        open(&desk)?;
        let window = eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
        screen::place_at(&window, 150, 20);
        let page = eventually("its web process", PATIENCE, || async {
            app.web_processes().into_iter().find(|process| *process != popup)
        })
        .await;
        eventually("it drawn", PATIENCE, || async {
            let timeline = std::fs::read_to_string(desk.file("timeline")).ok()?;
            timeline.contains("main_painted").then_some(())
        })
        .await;
        tokio::time::sleep(REST).await;

        let busy = Still::of(page)?;
        let group = CallSpec::group(IVANOV, &["101", "102"]);
        let call = desk.sandbox.pbx().place(group)?;
        let card = on_screen("the popup", popup_window).await;
        let place = screen::place(&card).ok_or("its place")?;
        desk.sandbox.pbx().answer_by(&call, "102")?;
        off_screen("the popup", popup_window).await;
        let seen = tokio::time::timeout(PATIENCE / 4, async {
            while screen::main_colour(place) != ground {
                tokio::time::sleep(ringside_tests::TICK).await;
            }
        });
        let seen = seen.await.is_ok();
        screen::picture(&format!("ground-{theme}-{drawing}"));
        assert!(seen, "{theme}: {} where {ground} is the page's colour", screen::main_colour(place));
        drop(busy);

        // It comes back from the tray before its page draws.
        let place = screen::place(&window).ok_or("the workspace's place")?;
        screen::close(&window);
        eventually("it hidden", PATIENCE, || async { workspace_window().is_none().then_some(()) }).await;
        tokio::time::sleep(REST).await;
        let busy = Still::of(page)?;
        open(&desk)?;
        eventually("the workspace", PATIENCE, || async { workspace_window() }).await;
        tokio::time::sleep(REST).await;
        screen::picture(&format!("ground-back-{theme}-{drawing}"));
        assert_eq!(screen::main_colour(place), ground, "{theme}: back on the screen");
        drop(busy);
    }
    Ok(())
}
