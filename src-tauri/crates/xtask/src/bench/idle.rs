//! `cargo xtask bench idle`: what the app takes while nothing happens, and how soon the workspace is back.

use super::{Desk, REST, aim_line};
use crate::{
    control::Call,
    process,
    stage::Told,
    stats::{self, Tree},
    timeline::Entry,
};
use anyhow::{Context, Result};
use clap::Args;
use std::{process::ExitCode, time::Duration};

/// What the project aims at: memory in MB, growth and processor in %, the time until the workspace is back in ms.
const AIM_HIDDEN: f64 = 200.0;
const AIM_OPEN: f64 = 280.0;
const AIM_GROWTH: f64 = 15.0;
const AIM_BUSY: f64 = 0.2;
const AIM_BACK: f64 = 500.0;

/// How long the workspace stays hidden before its window is given back, ms: minutes at a desk.
const WORKSPACE_REST: &str = "1500";
/// As long as a program is still busy with what was just done.
const SETTLING: Duration = Duration::from_secs(8);
/// How long a step of the app may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// One call in so many is answered by the agent, which opens a profile; a colleague takes the others.
const ANSWERED: u32 = 5;

/// Options of `cargo xtask bench idle`.
#[derive(Args)]
pub struct Options {
    /// How many calls make up an hour of use.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    calls: u32,
    /// For how many seconds the processor is watched in each state.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    seconds: u32,
    /// Measure the unoptimised build: only to try the measurement itself.
    #[arg(long)]
    dev: bool,
}

/// What was measured in one state.
struct Figures {
    /// MB.
    memory: f64,
    /// % of one core.
    busy: f64,
}

/// Builds, goes through the three states on a private screen, and prints the figures with the aims beside them.
pub fn idle(options: &Options) -> Result<ExitCode> {
    let told = Told {
        arguments: &["--hidden"],
        environment: &[("RINGSIDE_WORKSPACE_REST_MS", WORKSPACE_REST)],
    };
    let mut desk = Desk::set(options.dev, told)?;
    for step in ["pbx_up", "omnidesk_up"] {
        desk.await_step(0, step)?;
    }
    let watched = Duration::from_secs(options.seconds.into());

    process::pause(SETTLING)?;
    let hidden = desk.measure("hidden since the start", watched)?;
    let made = desk.open()?;
    process::pause(SETTLING)?;
    let open = desk.measure("workspace open", watched)?;
    desk.close()?;
    let back = desk.open()?;
    for number in 0..options.calls {
        let done = desk.one_call(number);
        done.with_context(|| format!("call {} of {}", number + 1, options.calls))?;
        if (number + 1) % 50 == 0 {
            eprintln!("  … {} of {} calls", number + 1, options.calls);
        }
    }
    desk.close()?;
    process::pause(REST)?;
    let used = desk.measure(&format!("hidden again after {} calls", options.calls), watched)?;

    println!("workspace wanted → painted, ms: {made:.0} at first, {back:.0} after it was given back");
    let busiest = hidden.busy.max(open.busy).max(used.busy);
    for (name, figure, aim, unit) in [
        ("hidden", hidden.memory, AIM_HIDDEN, "MB"),
        ("open", open.memory, AIM_OPEN, "MB"),
        ("growth by calls", (used.memory / hidden.memory - 1.0) * 100.0, AIM_GROWTH, "%"),
        ("processor, the busiest state", busiest, AIM_BUSY, "% of a core"),
        ("workspace back", back, AIM_BACK, "ms"),
    ] {
        println!("{}", aim_line(name, figure, aim, unit));
    }
    println!("load of this computer over the last minute: {}", stats::load());
    Ok(ExitCode::SUCCESS)
}

impl Desk {
    /// Where the timeline is now.
    pub(super) fn now(&mut self) -> Result<usize> {
        self.stage.timeline.look()?;
        Ok(self.stage.timeline.entries().len())
    }

    pub(super) fn await_entry(&mut self, from: usize, what: &str, is: impl Fn(&Entry) -> bool) -> Result<Entry> {
        let entry = self.stage.timeline.wait(from, PATIENCE, is)?;
        self.stage.app_lives()?;
        entry.with_context(|| format!("`{what}` was not observed within {} s", PATIENCE.as_secs()))
    }

    pub(super) fn await_step(&mut self, from: usize, step: &str) -> Result<Entry> {
        self.await_entry(from, step, |entry| entry.step == step)
    }

    /// Opens the workspace; the milliseconds from the wish to the painted window.
    fn open(&mut self) -> Result<f64> {
        let from = self.now()?;
        self.stage.open_workspace(&self.house, self.profile, &self.session)?;
        let wanted = self.await_step(from, "main_wanted")?;
        let painted = self.await_step(from, "main_painted")?;
        Ok(painted.t_ms - wanted.t_ms)
    }

    /// Closes the workspace and waits until its window is given back.
    fn close(&mut self) -> Result<()> {
        let from = self.now()?;
        self.session.close_windows(700)?;
        self.await_step(from, "main_gone").map(drop)
    }

    fn measure(&mut self, state: &str, watched: Duration) -> Result<Figures> {
        let begin = Tree::of(self.stage.app_id());
        process::pause(watched)?;
        self.stage.app_lives()?;
        let end = Tree::of(self.stage.app_id());
        let figures = Figures {
            memory: megabytes(end.memory()),
            busy: end.busy().saturating_sub(begin.busy()).as_secs_f64() / watched.as_secs_f64() * 100.0,
        };
        println!(
            "{state}: memory (PSS) {:.0} MB (app {:.0}, web pages {:.0}, WebKit's network {:.0}), processor {:.2} % of a core over {} s",
            figures.memory,
            megabytes(end.memory_of("ringside")),
            megabytes(end.memory_of("WebKitWeb")),
            megabytes(end.memory_of("WebKitNetwork")),
            figures.busy,
            watched.as_secs()
        );
        Ok(figures)
    }

    /// Rings once, from a number of its own.
    fn one_call(&mut self, number: u32) -> Result<()> {
        let from = self.now()?;
        let caller = format!("7900{:07}", 8_000_000 + number);
        let is_answered = number.is_multiple_of(ANSWERED);
        let call = if is_answered {
            Call::incoming(&caller, PATIENCE, "answered", Duration::ZERO)
        } else {
            Call::taken_by_colleague(&caller, PATIENCE, Duration::ZERO)
        };
        let name = self.stage.control.place(&call.by_hand(), &self.stage.extension)?;
        let offered = self.await_step(from, "offered")?;
        let of_this_call = |step: &'static str| {
            let call = offered.call.clone();
            move |entry: &Entry| entry.step == step && entry.call == call
        };
        self.await_entry(from, "popup_painted", of_this_call("popup_painted"))?;
        if is_answered {
            self.stage.control.step(&name, "answer")?;
            self.await_entry(from, "answered", of_this_call("answered"))?;
            process::pause(Duration::from_millis(300))?;
            self.stage.control.step(&name, "hangup")?;
        } else {
            self.stage.control.let_colleague_take(&name)?;
        }
        self.await_entry(from, "ended", of_this_call("ended"))?;
        process::pause(Duration::from_millis(fastrand::u64(150..350)))
    }
}

fn megabytes(bytes: u64) -> f64 {
    // Far below what an f64 counts exactly.
    #[expect(clippy::cast_precision_loss, reason = "memory of some processes")]
    let bytes = bytes as f64;
    bytes / f64::from(1 << 20)
}
