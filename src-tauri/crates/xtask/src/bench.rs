//! `cargo xtask bench popup`: from the frame on the PBX's socket to the painted popup. [`idle`] is about the time between,
//! [`focus`] about whoever types elsewhere meanwhile, [`index`] about finding one of a million users.

pub mod focus;
pub mod idle;
pub mod index;

use crate::{
    control::Call,
    demo,
    house::{House, Profile},
    packages::For,
    process,
    session::Session,
    stage::{Looks, Stage, Told},
    stats,
    timeline::{Entry, now_ms},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{io::IsTerminal, process::ExitCode, time::Duration};

/// What the project aims at, ms: the median, the 95th percentile, and the slowest, the first one included.
const AIMS: [(f64, &str, f64); 3] = [(0.5, "p50", 25.0), (0.95, "p95", 45.0), (1.0, "max", 100.0)];
/// On a slow disk, or after a burst: the slowest, ms.
const AIM_IN_NEED: [(f64, &str, f64); 1] = [(1.0, "max", 150.0)];
/// So many times the line is put on hold and taken back before a call: twice as many events.
const BURST: u32 = 32;
/// How long a slow disk takes for each write, ms.
const SLOW_DISK: &str = "50";

/// Calls in such a row leave garbage that the web processes collect when there is time; a phone leaves that much.
const REST: Duration = Duration::from_secs(30);

/// Options of `cargo xtask bench popup`.
#[derive(Args)]
pub struct Options {
    /// How many calls.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    calls: u32,
    /// Measure the unoptimised build: only to try the measurement itself.
    #[arg(long)]
    dev: bool,
    /// On a disk that takes 50 ms for each write.
    #[arg(long)]
    slow_disk: bool,
    /// After 64 events at once about a talk that goes on.
    #[arg(long)]
    burst: bool,
}

impl Options {
    /// Whether it is measured from before the PBX is told to call: the app may have no ear for the call at once.
    fn in_need(&self) -> bool {
        self.slow_disk || self.burst
    }
}

/// What is measured: the app and its stand-ins on a private screen.
/// The screen goes last.
struct Desk {
    stage: Stage,
    session: Session,
    profile: Profile,
    house: House,
}

impl Desk {
    /// Builds what is missing, and starts it.
    fn set(unoptimised: bool, told: Told<'_>) -> Result<Self> {
        let house = House::find()?;
        let profile = if unoptimised { Profile::Dev } else { Profile::Quick };
        demo::prepare(&house, &[For::Build, For::Run, For::Session], profile)?;
        let session = Session::start("C.UTF-8", &house.logs)?;
        let looks = Looks {
            language: "ru",
            theme: "light",
        };
        let stage = Stage::set(&house, profile, Some(&session), looks, told)?;
        Ok(Self {
            stage,
            session,
            profile,
            house,
        })
    }
}

/// Builds optimised, rings so many times on a private screen, prints percentiles, start-up time and memory.
pub fn popup(options: &Options) -> Result<ExitCode> {
    let told = Told {
        environment: if options.slow_disk {
            &[("RINGSIDE_SLOW_DISK", SLOW_DISK)]
        } else {
            &[]
        },
        ..Told::default()
    };
    let mut desk = Desk::set(options.dev, told)?;
    let stage = &mut desk.stage;
    let start = start_up(stage)?;
    // As long as a person takes to look away: the app has settled, the popup's window is warm.
    process::pause(Duration::from_secs(3))?;
    let memory_before = stats::Tree::of(stage.app_id()).memory();

    let talk = options.burst.then(|| begin_talk(stage)).transpose()?;
    let mut samples = Vec::new();
    for number in 0..options.calls {
        let sample = one_call(stage, number, talk.as_deref(), options.in_need());
        samples.push(sample.with_context(|| format!("call {} of {}", number + 1, options.calls))?);
        if std::io::stderr().is_terminal() {
            eprint!("\r  … {} of {} calls", number + 1, options.calls);
        } else if (number + 1) % 50 == 0 {
            eprintln!("  … {} of {} calls", number + 1, options.calls);
        }
    }
    eprintln!();
    let memory_after = stats::Tree::of(stage.app_id()).memory();
    process::pause(REST)?;
    stage.app_lives()?;
    let memory_rested = stats::Tree::of(stage.app_id()).memory();

    let first = samples.first().copied().unwrap_or(f64::NAN);
    samples.sort_by(f64::total_cmp);
    let value = |share| stats::percentile(&samples, share).unwrap_or(f64::NAN);
    let from = if options.in_need() { "PBX told to call" } else { "socket event" };
    println!(
        "{from} → popup painted, ms: n {}  first {first:.1}  p50 {:.1}  p95 {:.1}  p99 {:.1}  max {:.1}",
        samples.len(),
        value(0.5),
        value(0.95),
        value(0.99),
        value(1.0)
    );
    println!("start → main window painted, ms:  {start:.0}");
    println!(
        "memory (PSS, all processes), MB:  {} after the start, {} after {} calls, {} after {} s of rest",
        memory_before >> 20,
        memory_after >> 20,
        samples.len(),
        memory_rested >> 20,
        REST.as_secs()
    );
    let aims: &[_] = if options.in_need() { &AIM_IN_NEED } else { &AIMS };
    for (share, name, aim) in aims {
        println!("{}", aim_line(name, value(*share), *aim, "ms"));
    }
    println!("load of this computer over the last minute: {}", stats::load());
    Ok(ExitCode::SUCCESS)
}

/// A figure with the aim beside it; a figure that is none misses it.
fn aim_line(name: &str, figure: f64, aim: f64, unit: &str) -> String {
    let met = if figure <= aim { "met" } else { "NOT met" };
    format!("aim: {name} ≤ {aim} {unit}: {figure:.1}, {met}")
}

fn start_up(stage: &mut Stage) -> Result<f64> {
    let mut at = [0.0; 5];
    for (slot, step) in at.iter_mut().zip(["started", "main_painted", "pbx_up", "omnidesk_up", "rehearsed"]) {
        let entry = stage.timeline.wait(0, Duration::from_secs(60), |entry| entry.step == step)?;
        stage.app_lives()?;
        *slot = entry
            .with_context(|| format!("`{step}` was not observed within 60 s; see target/xtask/logs/app.log"))?
            .t_ms;
    }
    Ok(at[1] - at[0])
}

/// A talk that goes on, for bursts of events about it.
fn begin_talk(stage: &mut Stage) -> Result<String> {
    stage.timeline.look()?;
    let from = stage.timeline.entries().len();
    let call = Call::incoming("79007999999", Duration::ZERO, "answered", Duration::ZERO).by_hand();
    let talk = stage.control.place(&call, &stage.extension)?;
    stage.control.step(&talk, "answer")?;
    let answered = stage
        .timeline
        .wait(from, Duration::from_secs(15), |entry| entry.step == "answered")?;
    answered.context("`answered` was not observed within 15 s")?;
    Ok(talk)
}

/// Rings once, from a number of its own, after a burst about the `talk`, and gives the milliseconds until the popup was painted.
fn one_call(stage: &mut Stage, number: u32, talk: Option<&str>, from_before: bool) -> Result<f64> {
    let within = Duration::from_secs(15);
    stage.timeline.look()?;
    let from = stage.timeline.entries().len();
    let caller = format!("7900{:07}", 7_000_000 + number);
    // It rings until the popup is painted; then a colleague takes it, so that Omnidesk is owed nothing.
    let call = Call::taken_by_colleague(&caller, within, Duration::ZERO).by_hand();
    let began = now_ms();
    if let Some(talk) = talk {
        stage.control.flutter(talk, BURST)?;
    }
    let name = stage.control.place(&call, &stage.extension)?;
    let offered = stage.timeline.wait(from, within, |entry| entry.step == "offered")?;
    stage.app_lives()?;
    let offered = offered.context("`offered` was not observed within 15 s")?;
    let of_this_call = |step: &'static str| {
        let call = offered.call.clone();
        move |entry: &Entry| entry.step == step && entry.call == call
    };
    let painted = stage.timeline.wait(from, within, of_this_call("popup_painted"))?;
    let painted = painted.context("`popup_painted` was not observed within 15 s")?;
    stage.control.let_colleague_take(&name)?;
    let ended = stage.timeline.wait(from, within, of_this_call("ended"))?;
    ended.context("`ended` was not observed within 15 s")?;
    // Not in step with anything that happens at a fixed rate.
    process::pause(Duration::from_millis(fastrand::u64(150..350)))?;
    let took = painted.t_ms - if from_before { began } else { offered.t_ms };
    if took < 0.0 {
        bail!("the popup was painted {took} ms before its event: the clocks of the timeline disagree");
    }
    Ok(took)
}
