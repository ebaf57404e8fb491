//! `cargo xtask bench popup`: from the frame on the PBX's socket to the painted popup.

use crate::{
    control::Call,
    demo,
    house::{House, Profile},
    packages::For,
    process,
    session::Session,
    stage::{Looks, Stage},
    stats,
    timeline::Entry,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{io::IsTerminal, process::ExitCode, time::Duration};

/// What the project aims at for the 95th percentile, in ms.
const AIM: f64 = 100.0;

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
}

/// Builds optimised, rings so many times on a private screen, prints percentiles, start-up time and memory.
pub fn popup(options: &Options) -> Result<ExitCode> {
    let house = House::find()?;
    let profile = if options.dev { Profile::Dev } else { Profile::Quick };
    demo::prepare(&house, &[For::Build, For::Run, For::Session], profile)?;
    let session = Session::start("C.UTF-8", &house.logs)?;
    let mut stage = Stage::set(
        &house,
        profile,
        Some(&session),
        Looks {
            language: "ru",
            theme: "light",
        },
    )?;
    let start = start_up(&mut stage)?;
    // As long as a person takes to look away: the app has settled, the popup's window is warm.
    process::pause(Duration::from_secs(3))?;
    let memory_before = stats::memory_of_tree(stage.app_id());

    let mut samples = Vec::new();
    for number in 0..options.calls {
        samples.push(one_call(&mut stage, number).with_context(|| format!("call {} of {}", number + 1, options.calls))?);
        if std::io::stderr().is_terminal() {
            eprint!("\r  … {} of {} calls", number + 1, options.calls);
        } else if (number + 1) % 50 == 0 {
            eprintln!("  … {} of {} calls", number + 1, options.calls);
        }
    }
    eprintln!();
    let memory_after = stats::memory_of_tree(stage.app_id());
    process::pause(REST)?;
    stage.app_lives()?;
    let memory_rested = stats::memory_of_tree(stage.app_id());

    samples.sort_by(f64::total_cmp);
    let value = |share| stats::percentile(&samples, share).unwrap_or(f64::NAN);
    let p95 = value(0.95);
    println!(
        "socket event → popup painted, ms: n {}  p50 {:.1}  p95 {p95:.1}  p99 {:.1}  max {:.1}",
        samples.len(),
        value(0.5),
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
    println!(
        "aim: p95 below {AIM:.0} ms on two busy cores: {}",
        if p95 < AIM { "met" } else { "NOT met" }
    );
    Ok(ExitCode::SUCCESS)
}

fn start_up(stage: &mut Stage) -> Result<f64> {
    let mut at = [0.0; 4];
    for (slot, step) in at.iter_mut().zip(["started", "main_painted", "pbx_up", "omnidesk_up"]) {
        let entry = stage.timeline.wait(0, Duration::from_secs(60), |entry| entry.step == step)?;
        stage.app_lives()?;
        *slot = entry
            .with_context(|| format!("`{step}` was not observed within 60 s; see target/xtask/logs/app.log"))?
            .t_ms;
    }
    Ok(at[1] - at[0])
}

/// Rings once, from a number of its own, and gives the milliseconds until the popup was painted.
fn one_call(stage: &mut Stage, number: u32) -> Result<f64> {
    let within = Duration::from_secs(15);
    stage.timeline.look()?;
    let from = stage.timeline.entries().len();
    let caller = format!("7900{:07}", 7_000_000 + number);
    // It rings until the popup is painted; then a colleague takes it, so that Omnidesk is owed nothing.
    let call = Call::taken_by_colleague(&caller, within, Duration::ZERO).by_hand();
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
    let took = painted.t_ms - offered.t_ms;
    if took < 0.0 {
        bail!("the popup was painted {took} ms before its event: the clocks of the timeline disagree");
    }
    Ok(took)
}
