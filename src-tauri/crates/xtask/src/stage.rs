//! The sandbox and the app, started together: what `demo` and `bench` play on.

use crate::{
    control::Control,
    house::{House, Profile},
    process::{self, Ended, Running},
    session::Session,
    timeline::Timeline,
    windows::Windows,
};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{ffi::OsString, path::Path, process::Command, time::Duration};

/// How long a program may take to come up on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the app's data lies in the stage's folder.
const DATA: &str = "app";

/// How the app is to look.
#[derive(Debug, Clone, Copy)]
pub struct Looks<'a> {
    /// `ru` or `en`.
    pub language: &'a str,
    /// `light`, `dark` or `system`.
    pub theme: &'a str,
}

/// What the app is told at its start beside how to reach the sandbox.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'a> {
    /// Its command line.
    pub arguments: &'a [&'a str],
    /// Environment variables.
    pub environment: &'a [(&'a str, &'a str)],
}

/// A running sandbox and a running app. The app ends first, then the sandbox, then the data is removed.
pub struct Stage {
    app: App,
    _sandbox: Running,
    /// What the app says it did.
    pub timeline: Timeline,
    /// The sandbox's strings.
    pub control: Control,
    /// The agent's extension.
    pub extension: String,
    data: tempfile::TempDir,
}

/// Where the app runs and what it is told.
struct Environment<'a> {
    folder: &'a Path,
    variables: [(&'static str, OsString); 6],
}

impl Environment<'_> {
    fn given_to(&self, command: &mut Command) {
        command.current_dir(self.folder);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

/// How the app was started.
enum App {
    /// By us, and nobody touches it.
    Alone(Running),
    /// By the driver, which presses what the agent presses.
    InHand(Windows),
}

/// What the sandbox prints when it is ready.
struct Addresses(Value);

impl Addresses {
    fn text(&self, pointer: &str) -> Result<&str> {
        self.0
            .pointer(pointer)
            .and_then(Value::as_str)
            .with_context(|| format!("the sandbox did not say {pointer}"))
    }
}

impl Stage {
    /// Starts both. With a session the app runs in it, else on the user's own screen.
    pub fn set(house: &House, profile: Profile, session: Option<&Session>, looks: Looks<'_>, told: Told<'_>) -> Result<Self> {
        Self::with(house, session, looks, |environment| {
            let mut command = Command::new(house.program("ringside", profile));
            command.args(told.arguments).envs(told.environment.iter().copied());
            if let Some(session) = session {
                session.enter(&mut command);
            }
            environment.given_to(&mut command);
            Running::start("the app", command, &house.logs.join("app.log"), false).map(App::Alone)
        })
    }

    /// Starts both in a session, with the app's windows under the agent's hand: [`Stage::windows`].
    pub fn in_hand(house: &House, session: &Session, looks: Looks<'_>) -> Result<Self> {
        Self::with(house, Some(session), looks, |environment| {
            let mut driver = session.command("WebKitWebDriver");
            environment.given_to(&mut driver);
            let program = house.program("ringside", Profile::Dev);
            Windows::start(driver, &program, &house.logs.join("app.log")).map(App::InHand)
        })
    }

    fn with(house: &House, session: Option<&Session>, looks: Looks<'_>, start: impl FnOnce(&Environment) -> Result<App>) -> Result<Self> {
        let data = tempfile::Builder::new()
            .prefix("ringside-data-")
            .tempdir()
            .context("cannot make a temporary folder")?;
        let mut command = Command::new(house.program("sandbox", Profile::Dev));
        // No limit of requests a minute: `bench` rings as fast as it can.
        command.args(["serve", "--rate-limit", "0"]).current_dir(&house.root);
        if let Some(session) = session {
            // A private desktop has no panel of its own.
            session.enter(command.arg("--panel"));
        }
        let mut sandbox = Running::start("the sandbox", command, &house.logs.join("sandbox.log"), true)?;
        let line = sandbox
            .line(PATIENCE)
            .context("the sandbox did not start; see target/xtask/logs/sandbox.log")?;
        let addresses = Addresses(serde_json::from_str(&line).with_context(|| format!("the sandbox's first line is not JSON: {line}"))?);
        let control = Control::new(addresses.text("/control")?);

        let timeline = data.path().join("timeline.jsonl");
        let setup = data.path().join("setup.json");
        std::fs::write(&setup, provisioning(&addresses, looks)?.to_string())?;
        let app = start(&Environment {
            folder: data.path(),
            variables: [
                ("RINGSIDE_DATA_DIR", data.path().join(DATA).into_os_string()),
                ("RINGSIDE_SETUP", setup.into_os_string()),
                ("RINGSIDE_TIMELINE", timeline.clone().into_os_string()),
                ("RINGSIDE_SECRETS", "environment".into()),
                ("RINGSIDE_PBX_PASSWORD", addresses.text("/pbx/password")?.into()),
                ("RINGSIDE_OMNIDESK_KEY", addresses.text("/omnidesk/api_key")?.into()),
            ],
        })?;
        let extension = addresses.text("/pbx/extension")?.to_owned();
        Ok(Self {
            app,
            _sandbox: sandbox,
            timeline: Timeline::new(&timeline),
            control,
            extension,
            data,
        })
    }

    /// Starts the app a second time, which brings up the workspace of the one that runs. Waits until it does.
    pub fn open_workspace(&self, house: &House, profile: Profile, session: &Session) -> Result<()> {
        let mut command = session.command(house.program("ringside", profile));
        command.env("RINGSIDE_DATA_DIR", self.data.path().join(DATA));
        let log = house.logs.join("second.log");
        let done = process::logged(command, &log, PATIENCE, |_| {})?;
        if done.ended != Ended::Well {
            bail!("a second start did not bring up the workspace: {}", done.tail(5));
        }
        Ok(())
    }

    /// The app's windows; an error when nobody's hand is on them.
    pub fn windows(&self) -> Result<&Windows> {
        match &self.app {
            App::InHand(windows) => Ok(windows),
            App::Alone(_) => bail!("the app runs alone: nothing can be pressed in it"),
        }
    }

    /// An error when the app is gone.
    pub fn app_lives(&mut self) -> Result<()> {
        match &mut self.app {
            App::Alone(app) => match app.ended()? {
                None => Ok(()),
                Some(status) => bail!("the app has ended ({status}); see target/xtask/logs/app.log"),
            },
            App::InHand(windows) if windows.live() => Ok(()),
            App::InHand(_) => bail!("the app has ended; see target/xtask/logs/app.log"),
        }
    }

    /// The process that is the app, or that has it below it.
    pub fn app_id(&self) -> u32 {
        match &self.app {
            App::Alone(app) => app.id(),
            App::InHand(windows) => windows.id(),
        }
    }
}

/// The settings a first start is given instead of the set-up assistant.
fn provisioning(addresses: &Addresses, looks: Looks<'_>) -> Result<Value> {
    // The channel «Звонки» of the sandbox's account. The field for a call's id is found by its name.
    let channel = addresses.0.pointer("/omnidesk/channel").and_then(Value::as_str).unwrap_or("cch101");
    Ok(json!({
        "pbxUrl": addresses.text("/pbx/url")?,
        "pbxUser": addresses.text("/pbx/user")?,
        "extension": addresses.text("/pbx/extension")?,
        "context": addresses.text("/pbx/context")?,
        "omnideskUrl": addresses.text("/omnidesk/url")?,
        "email": addresses.text("/omnidesk/staff_email")?,
        "channel": channel,
        "region": "RU",
        "language": looks.language,
        // Empty means the system's.
        "theme": if looks.theme == "system" { "" } else { looks.theme },
    }))
}

/// Where screenshots go unless a folder is named.
pub fn screenshots(house: &House) -> std::path::PathBuf {
    house.target.join("screens")
}

/// Writes a screenshot with a name of its own, making the folder.
pub fn shoot(session: &Session, dir: &Path, name: &str) -> Result<std::path::PathBuf> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let file = dir.join(format!("{name}.png"));
    session.screenshot(&file)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apps_first_settings_are_what_the_sandbox_printed() -> Result<()> {
        let addresses = Addresses(json!({
            "omnidesk": {"url": "http://127.0.0.1:1", "staff_email": "anna@support.example", "api_key": "k"},
            "pbx": {"url": "http://127.0.0.1:2/ari", "user": "u", "password": "p", "extension": "101", "context": "from-agents"},
            "control": "http://127.0.0.1:1/_control",
        }));
        let setup = provisioning(
            &addresses,
            Looks {
                language: "ru",
                theme: "light",
            },
        )?;
        assert_eq!(setup["pbxUrl"], "http://127.0.0.1:2/ari");
        assert_eq!(setup["email"], "anna@support.example");
        assert!(
            !setup.to_string().contains("\"k\"") && !setup.to_string().contains("\"p\""),
            "no secret in a file"
        );
        assert!(
            provisioning(
                &Addresses(json!({})),
                Looks {
                    language: "ru",
                    theme: "light"
                }
            )
            .is_err()
        );
        Ok(())
    }
}
