//! An agent's desk for the flows: the app at work, the stand-ins it talks to, and what else is on the screen.

use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::{eventually, program};
use sandbox::omnidesk::CaseDump;
use sandbox::pbx::{Answering, ClickPlan, Kind, RestRecord, Stage};
use sandbox::{CallSpec, Options, Sandbox};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// What a flow ends with.
pub type Test = Result<(), Box<dyn std::error::Error>>;

/// A seeded user's number.
pub const IVANOV: &str = "79161234567";

/// How long who gives up lets it ring at least.
const RING: Duration = Duration::from_millis(3_200);

/// The stand-ins, and the app's own data folder.
pub struct Desk {
    pub sandbox: Sandbox,
    folder: TempDir,
}

impl Desk {
    pub async fn new() -> Result<Self, Box<dyn std::error::Error>> {
        // On a desktop where nobody shows the tray, windows are closed otherwise.
        crate::panel::of_session().await?;
        Ok(Self {
            sandbox: Sandbox::start(Options::default()).await?,
            folder: tempfile::tempdir()?,
        })
    }

    /// A desk as most have it, and the app on it.
    pub async fn at_work() -> Result<(Self, App), Box<dyn std::error::Error>> {
        let desk = Self::new().await?;
        desk.provision("light", "ru")?;
        let app = desk.start().await?;
        Ok((desk, app))
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The provisioning file of an office: everything but secrets.
    pub fn provision(&self, theme: &str, language: &str) -> std::io::Result<()> {
        self.provision_with(theme, language, serde_json::json!({}))
    }

    /// The same of an office that says more.
    pub fn provision_with(&self, theme: &str, language: &str, more: serde_json::Value) -> std::io::Result<()> {
        let mut setup = serde_json::json!({
            "pbxUrl": self.sandbox.pbx_url(), "pbxUser": self.sandbox.pbx_user(), "extension": self.sandbox.extension(),
            "context": self.sandbox.context(), "omnideskUrl": self.sandbox.omnidesk_url(), "email": self.sandbox.staff_email(),
            "channel": "cch101", "language": language, "theme": theme, "claimField": "cf_29",
            // They would lie above the windows that the tests look at.
            "notifyMissed": false, "notifyDecisions": false,
        });
        if let (Some(setup), serde_json::Value::Object(more)) = (setup.as_object_mut(), more) {
            setup.extend(more);
        }
        std::fs::write(self.file("setup.json"), setup.to_string())
    }

    /// Starts the app with secrets from the environment, the warned alternative for tests.
    pub async fn start(&self) -> Result<App, Box<dyn std::error::Error>> {
        let app = self.start_with(&[], &[]).await?;
        app.look_at(Page::Workspace).await;
        // It appears as soon as its page stands, with the focus; what comes after must not be overtaken by that.
        eventually("the workspace in front", PATIENCE, || async {
            (screen::focused_window() == "Ringside").then_some(())
        })
        .await;
        Ok(app)
    }

    /// The same with arguments and more environment; whether it shows a window is not waited for.
    pub async fn start_with(&self, arguments: &[&str], more: &[(&str, &Path)]) -> Result<App, Box<dyn std::error::Error>> {
        let app = self.begin(arguments, more).await?;
        self.is_watched().await;
        Ok(app)
    }

    /// On a computer where nothing was set up and no office says anything.
    pub async fn start_empty(&self, more: &[(&str, &Path)]) -> Result<App, Box<dyn std::error::Error>> {
        self.begin(&[], more).await
    }

    /// Another program than the one that was built, such as a copy of it.
    pub async fn start_other(&self, program: &Path, arguments: &[&str], more: &[(&str, &Path)]) -> Result<App, Box<dyn std::error::Error>> {
        let app = self.begin_with(program, arguments, more).await?;
        self.is_watched().await;
        Ok(app)
    }

    /// As [`Desk::start_with`], of an app that need not get to work.
    pub async fn begin(&self, arguments: &[&str], more: &[(&str, &Path)]) -> Result<App, Box<dyn std::error::Error>> {
        self.begin_with(&program("ringside")?, arguments, more).await
    }

    async fn begin_with(&self, program: &Path, arguments: &[&str], more: &[(&str, &Path)]) -> Result<App, Box<dyn std::error::Error>> {
        let own = self.environment();
        let mut environment: Vec<(&str, &Path)> = own.iter().map(|(name, value)| (*name, value.as_path())).collect();
        environment.extend(more);
        let app = App::start(program, arguments, &environment, &self.file("driver.log")).await?;
        Ok(app)
    }

    /// What tells the app of this desk.
    pub fn environment(&self) -> [(&'static str, PathBuf); 5] {
        [
            ("RINGSIDE_SETUP", self.file("setup.json")),
            ("RINGSIDE_DATA_DIR", self.file("data")),
            ("RINGSIDE_SECRETS", "environment".into()),
            ("RINGSIDE_PBX_PASSWORD", self.sandbox.pbx_password().into()),
            ("RINGSIDE_OMNIDESK_KEY", self.sandbox.api_key().into()),
        ]
    }

    /// Waits until the app watches the agent's extension.
    ///
    /// # Panics
    /// When it does not.
    pub async fn is_watched(&self) {
        let watched = self.sandbox.pbx().until(PATIENCE, |pbx| pbx.is_watched("101")).await;
        assert!(watched, "the app watches extension 101");
    }

    /// Waits until Omnidesk has a new case that satisfies; there must be no other new one.
    ///
    /// # Panics
    /// When it does not come, or has company.
    pub async fn only_case(&self, what: &str, is: impl Fn(&CaseDump) -> bool) -> CaseDump {
        let omnidesk = self.sandbox.omnidesk();
        let came = omnidesk.until(PATIENCE, |omnidesk| omnidesk.new_cases().iter().any(&is)).await;
        let mut cases = omnidesk.new_cases();
        assert!(came && cases.len() == 1, "{what}: {cases:#?}");
        cases.remove(0)
    }

    /// A client rings and gives up; the agent puts the popup away and opens the case.
    pub async fn missed_and_opened(&self, app: &App, from: &str) -> Result<CaseDump, Box<dyn std::error::Error>> {
        let call = self.sandbox.pbx().place(CallSpec::incoming(from, "101"))?;
        app.look_at(Page::Popup).await;
        app.find(Role::Dialog, "Входящий звонок").await;
        // Calling back after a shorter ring would be asked about, and how fast this machine is should not decide that.
        tokio::time::sleep(RING).await;
        self.sandbox.pbx().hang_up(&call)?;
        app.sees("Пропущенный звонок").await;
        app.press(Role::Button, "Скрыть карточку").await;
        off_screen("the popup", popup_window).await;
        let case = self.only_case("the missed call", |case| case.status == "open").await;
        app.look_at(Page::Workspace).await;
        app.press(Role::Link, &case.case_number).await;
        app.find(Role::Heading, &case.subject).await;
        Ok(case)
    }

    /// [`IVANOV`] rings and the agent answers: his profile is in the workspace, where the test looks now. Returns the call.
    pub async fn answered(&self, app: &App) -> Result<String, Box<dyn std::error::Error>> {
        let call = self.sandbox.pbx().place(CallSpec::incoming(IVANOV, "101"))?;
        on_screen("the popup", popup_window).await;
        self.sandbox.pbx().answer(&call)?;
        app.look_at(Page::Workspace).await;
        app.find(Role::Heading, "Иванов Иван Сергеевич").await;
        Ok(call)
    }

    /// «Позвоните себе»: a colleague's call is in the popup, the page says step by step what was seen, and no case comes of it.
    pub async fn trial_call_is_followed(&self, app: &App) -> Test {
        app.sees("Ждём звонка").await;
        let call = self.sandbox.pbx().place(CallSpec::internal("102", "101"))?;
        app.sees("Телефон звонит: 102").await;
        on_screen("the popup", popup_window).await;
        self.sandbox.pbx().answer(&call)?;
        let seen = |steps: u64| async move {
            let count = "return document.querySelectorAll('ol .seen').length";
            eventually(&format!("{steps} steps"), PATIENCE, || async {
                (app.run(count).await == steps).then_some(())
            })
            .await;
        };
        seen(3).await;
        self.sandbox.pbx().hang_up(&call)?;
        seen(5).await;
        app.sees("Обращения нет: так и должно быть").await;
        assert!(self.sandbox.omnidesk().new_cases().is_empty());
        Ok(())
    }

    /// The agent is done with the trial.
    pub async fn trial_is_left(&self, app: &App) {
        app.press(Role::Button, "Готово").await;
        app.find(Role::Heading, "Звонки").await;
    }

    /// Calls that the agent orders wait for the test's steps.
    pub fn steps_by_hand(&self) {
        self.sandbox.pbx().set_click_plan(ClickPlan {
            agent: Answering::Manual,
            client: Answering::Manual,
            ..ClickPlan::default()
        });
    }

    /// The ordered call that rings the softphone, and the order as the PBX got it.
    ///
    /// # Panics
    /// When none comes, or more than one was ordered.
    pub async fn ordered(&self) -> (String, RestRecord) {
        let pbx = self.sandbox.pbx();
        let ringing = || {
            let of_order = |call: &sandbox::pbx::CallView| call.kind == Kind::Click && call.stage == Stage::Originating;
            pbx.calls().into_iter().find(of_order)
        };
        assert!(pbx.until(PATIENCE, |_| ringing().is_some()).await, "the softphone rings");
        let mut orders = pbx.rest_requests();
        orders.retain(|request| request.method == "POST" && request.path == "channels");
        match (ringing(), orders.pop(), orders.is_empty()) {
            (Some(call), Some(order), true) => (call.call, order),
            other => panic!("one order: {other:?}, before it {orders:?}"),
        }
    }
}

/// Another program of the agent's, with the keyboard focus.
pub struct OtherWindow(Child);

impl OtherWindow {
    pub async fn focused() -> Result<Self, Box<dyn std::error::Error>> {
        let child = Command::new("xev").args(["-name", "Softphone"]).stdout(Stdio::null()).spawn()?;
        let window = eventually("the other window", PATIENCE, || async {
            screen::visible_windows("Softphone").pop()
        })
        .await;
        Command::new("xdotool").args(["windowactivate", "--sync", &window]).status()?;
        eventually("its focus", PATIENCE, || async {
            (screen::focused_window() == "Softphone").then_some(())
        })
        .await;
        Ok(Self(child))
    }
}

impl Drop for OtherWindow {
    fn drop(&mut self) {
        // A window that is gone already needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The popup, if it is on the screen.
pub fn popup_window() -> Option<String> {
    window_of_width(380)
}

/// The dial window, if it is on the screen.
pub fn dial_window() -> Option<String> {
    window_of_width(400)
}

/// The workspace, if it is on the screen: the widest of the app's windows.
pub fn workspace_window() -> Option<String> {
    let windows = screen::visible_windows("^Ringside$");
    windows
        .into_iter()
        .find(|window| screen::place(window).is_some_and(|[_, _, width, _]| width >= 760))
}

/// All windows of the app have one title; the small ones are told apart by their width.
/// The window of this width, if one of the app's is on the screen.
pub fn window_of_width(wanted: i32) -> Option<String> {
    let windows = screen::visible_windows("^Ringside$");
    windows
        .into_iter()
        .find(|window| screen::place(window).is_some_and(|[left, _, width, _]| width == wanted && left > 0))
}

/// Waits until a window is on the screen.
pub async fn on_screen(what: &str, window: fn() -> Option<String>) -> String {
    eventually(&format!("{what} on the screen"), PATIENCE, || async move { window() }).await
}

/// Waits until it is not.
pub async fn off_screen(what: &str, window: fn() -> Option<String>) {
    eventually(
        &format!("{what} to go"),
        PATIENCE,
        || async move { window().is_none().then_some(()) },
    )
    .await;
}
