//! `cargo xtask demo`: the app against the sandbox, to look at or to check.

use crate::{
    absolute, console,
    house::{House, Profile},
    packages::{self, For},
    script::{self, Printer},
    session::Session,
    stage::{Looks, Stage},
    steps::Steps,
    timeline,
};
use anyhow::{Result, bail};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Options of `cargo xtask demo`.
#[derive(Args)]
pub struct Options {
    /// Play the scripted calls on a private screen even if there is a display.
    #[arg(long)]
    headless: bool,
    /// Print the timeline as JSON lines (implies --headless).
    #[arg(long)]
    json: bool,
    /// Where screenshots go [default: target/screens].
    #[arg(long, value_name = "DIR")]
    screenshots: Option<PathBuf>,
    /// Language of the interface.
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    /// The app and the sandbox are built already, with all that they need.
    #[arg(long, hide = true)]
    built: bool,
    /// Colours.
    #[arg(long, default_value = "light", value_parser = ["light", "dark", "system"])]
    theme: String,
}

/// Builds what is needed and plays.
pub fn run(options: &Options) -> Result<ExitCode> {
    let house = House::find()?;
    let display = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let headless = options.headless || options.json || !display;
    let mut wanted = vec![For::Build, For::Run];
    if headless {
        wanted.extend([For::Session, For::Window]);
    }
    if !options.built {
        prepare(&house, &wanted, Profile::Dev)?;
    }
    let looks = Looks {
        language: &options.language,
        theme: &options.theme,
    };
    if headless {
        headless_demo(&house, options, looks)
    } else {
        console::run(&house, looks)
    }
}

/// Installs what is missing and builds the app and the sandbox.
pub fn prepare(house: &House, wanted: &[For], profile: Profile) -> Result<()> {
    let mut steps = Steps::new(house);
    steps.need("system packages", |step| packages::install(step, wanted))?;
    steps.need("node", packages::install_node)?;
    steps.need("npm packages", packages::install_npm)?;
    let advice = "read the compiler's message above; a missing system library means that `cargo xtask doctor` has something to say";
    steps.need("build sandbox", |step| {
        step.try_command(step.house.build("sandbox", Profile::Dev), advice)
    })?;
    steps.need("build app", |step| step.try_command(step.house.build("ringside", profile), advice))?;
    for (name, profile) in [("sandbox", Profile::Dev), ("ringside", profile)] {
        let program = house.program(name, profile);
        if !program.is_file() {
            bail!("{} was built but is not there", program.display());
        }
    }
    Ok(())
}

fn headless_demo(house: &House, options: &Options, looks: Looks<'_>) -> Result<ExitCode> {
    let pictures = absolute(options.screenshots.as_deref().unwrap_or(&crate::stage::screenshots(house)))?;
    let session = Session::start("C.UTF-8", &house.logs)?;
    let out = &mut Printer::new(options.json, timeline::now_ms());
    let mut stage = Stage::in_hand(house, &session, looks)?;
    let missing = script::play(&mut stage, &session, Some(&pictures), out)?;
    out.result(&missing, Some(&pictures));
    if !missing.is_empty() {
        eprintln!("What the app said: {}", house.logs.join("app.log").display());
        eprintln!("Omnidesk's last requests:\n  {}", stage.control.last_requests(15)?.join("\n  "));
    }
    Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
