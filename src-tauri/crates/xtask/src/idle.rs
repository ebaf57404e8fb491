//! `cargo xtask bench idle`: what the app costs while nobody needs it. Memory and processor time of the app and of all web
//! processes below it, hidden since the start, with the workspace open, and hidden again after an hour's calls.

use crate::{
    bench, demo,
    house::{House, Profile},
    packages::For,
    process::{self, output_of},
    session::Session,
    stage::{Looks, Stage},
    stats::Tree,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{process::ExitCode, time::Duration};

/// What the project aims at: MB hidden, MB with the workspace open, growth over the calls, share of a core.
const HIDDEN: f64 = 200.0;
const OPEN: f64 = 280.0;
const GROWTH: f64 = 0.15;
const BUSY: f64 = 0.002;
/// Milliseconds from the wish to the painted workspace.
const OPENING: f64 = 500.0;

/// The app is told to give a hidden workspace back after so long: minutes are not waited for.
const REST: Duration = Duration::from_secs(3);
/// As long as things are let settle before something is measured.
const SETTLE: Duration = Duration::from_secs(20);

/// Options of `cargo xtask bench idle`.
#[derive(Args)]
pub struct Options {
    /// How many calls an hour is.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    calls: u32,
    /// Seconds over which processor time is measured.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Measure the unoptimised build: only to try the measurement itself.
    #[arg(long)]
    dev: bool,
}

/// One state of the app, measured.
struct State {
    name: &'static str,
    memory: Tree,
    /// Share of a core.
    busy: f64,
    aim: f64,
}

/// Builds optimised, goes through the three states on a private screen, prints each with its aim.
pub fn run(options: &Options) -> Result<ExitCode> {
    let house = House::find()?;
    let profile = if options.dev { Profile::Dev } else { Profile::Quick };
    demo::prepare(&house, &[For::Build, For::Run, For::Session], profile)?;
    let session = Session::start("C.UTF-8", &house.logs)?;
    let looks = Looks {
        language: "ru",
        theme: "light",
    };
    let mut stage = Stage::hidden(&house, profile, &session, looks, REST)?;
    for step in ["pbx_up", "omnidesk_up"] {
        await_step(&mut stage, 0, step)?;
    }
    let window = Duration::from_secs(options.seconds);
    let hidden = measure(&mut stage, "hidden since the start", HIDDEN, window)?;

    let mut openings = Vec::new();
    for round in 0..3 {
        if round > 0 {
            close(&session)?;
            process::pause(REST + Duration::from_secs(3))?;
        }
        openings.push(open(&mut stage, &house, profile, &session)?);
    }
    let opened = measure(&mut stage, "workspace open", OPEN, window)?;

    bench::ring(&mut stage, options.calls)?;
    close(&session)?;
    process::pause(REST + Duration::from_secs(3))?;
    let again = measure(&mut stage, "hidden again after the calls", HIDDEN, window)?;
    print(&[&hidden, &opened, &again]);
    let growth = again.memory.total() / hidden.memory.total() - 1.0;
    println!(
        "growth over {} calls: {:+.0} % (aim {:.0} %: {})",
        options.calls,
        growth * 100.0,
        GROWTH * 100.0,
        met(growth <= GROWTH)
    );
    let slowest = openings.iter().copied().fold(0.0, f64::max);
    println!(
        "workspace wanted → painted, ms: {} (aim {OPENING:.0}: {})",
        openings.iter().map(|ms| format!("{ms:.0}")).collect::<Vec<_>>().join(", "),
        met(slowest <= OPENING)
    );
    Ok(ExitCode::SUCCESS)
}

fn print(states: &[&State]) {
    for state in states {
        let memory = state.memory.total();
        println!(
            "{:<30} {memory:>4.0} MB (aim {:.0}: {})   processor {:.2} % (aim {:.1}: {})   {}",
            state.name,
            state.aim,
            met(memory <= state.aim),
            state.busy * 100.0,
            BUSY * 100.0,
            met(state.busy <= BUSY),
            state.memory.parts()
        );
    }
}

fn met(is: bool) -> &'static str {
    if is { "met" } else { "NOT met" }
}

fn measure(stage: &mut Stage, name: &'static str, aim: f64, window: Duration) -> Result<State> {
    eprintln!("  … {name}");
    process::pause(SETTLE)?;
    let before = Tree::of(stage.app_id());
    process::pause(window)?;
    stage.app_lives()?;
    let after = Tree::of(stage.app_id());
    Ok(State {
        name,
        busy: after.busy_since(&before) / window.as_secs_f64(),
        memory: after,
        aim,
    })
}

/// Opens the workspace as a second start of the program does; how long it took until it was painted, in ms.
fn open(stage: &mut Stage, house: &House, profile: Profile, session: &Session) -> Result<f64> {
    stage.timeline.look()?;
    let from = stage.timeline.entries().len();
    let mut again = session.command(house.program("ringside", profile));
    again.env("RINGSIDE_DATA_DIR", stage.data_dir());
    output_of(&mut again).context("a second start did not open the workspace")?;
    let wanted = await_step(stage, from, "main_wanted")?;
    let painted = await_step(stage, from, "main_painted")?;
    Ok(painted - wanted)
}

fn await_step(stage: &mut Stage, from: usize, step: &str) -> Result<f64> {
    let entry = stage.timeline.wait(from, Duration::from_secs(60), |entry| entry.step == step)?;
    stage.app_lives()?;
    Ok(entry.with_context(|| format!("`{step}` was not observed within 60 s"))?.t_ms)
}

/// Closes the workspace, the only window on the screen, as a window manager does.
fn close(session: &Session) -> Result<()> {
    let found = output_of(session.command("xdotool").args(["search", "--onlyvisible", "--name", "^Ringside$"])).unwrap_or_default();
    let window = found.lines().next().context("the workspace is not on the screen")?;
    if output_of(session.command("wmctrl").args(["-i", "-c", window])).is_none() {
        bail!("wmctrl cannot close the workspace");
    }
    Ok(())
}
