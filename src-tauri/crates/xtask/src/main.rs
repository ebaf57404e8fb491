//! The commands of the house: `cargo xtask demo | test | check | bench | session | doctor`.
//!
//! What people read while waiting goes to stderr; results (the demo's timeline, numbers, the final
//! table) go to stdout. Every wait has a bound, every process that is started is ended by its id, also
//! when Ctrl-C or an error cuts a command short.
#![allow(clippy::print_stdout)]

mod bench;
mod check;
mod console;
mod control;
mod demo;
mod doctor;
mod house;
mod licences;
mod packages;
mod process;
mod script;
mod session;
mod stage;
mod stats;
mod steps;
mod test;
mod timeline;
mod tray;
mod windows;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Ringside: demo, tests, measurements",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the app against a stand-in PBX and a stand-in Omnidesk.
    ///
    /// With a display: rings now and then, and a console places other calls. Without one: plays a script of calls on
    /// a screen of its own, in and out, prints what happened when, and fails if anything was missing.
    Demo(demo::Options),
    /// Run every check and test, from formatting to calls through a real Asterisk.
    Test(test::Options),
    /// Check all crates for another system than this one.
    Check(check::Options),
    /// Measure.
    #[command(subcommand)]
    Bench(Bench),
    /// Run a command in a private desktop: own X server, window manager, D-Bus, notifications, keyring, home.
    Session(session::Arguments),
    /// Say what is missing on this machine, and for which command.
    Doctor,
}

#[derive(Subcommand)]
enum Bench {
    /// From the PBX's frame to the painted popup; also start-up time and memory.
    Popup(bench::Options),
    /// Memory and processor while nothing happens: hidden in the tray, with the workspace open, after many calls.
    Idle(bench::idle::Options),
    /// Keystrokes that somebody who types in another window loses to calls, and activations of windows: none, it is hoped.
    Focus(bench::focus::Options),
    /// The list of all users with a made-up account: building, size, memory, search as somebody types.
    Index(bench::index::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = process::watch_signals() {
        eprintln!("xtask: {error:#}");
        return ExitCode::FAILURE;
    }
    let done = match arguments.command {
        Task::Demo(options) => demo::run(&options),
        Task::Test(options) => test::run(&options),
        Task::Check(options) => check::run(&options),
        Task::Bench(Bench::Popup(options)) => bench::popup(&options),
        Task::Bench(Bench::Idle(options)) => bench::idle::idle(&options),
        Task::Bench(Bench::Focus(options)) => bench::focus::focus(&options),
        Task::Bench(Bench::Index(options)) => bench::index::index(&options),
        Task::Session(arguments) => session::run(&arguments),
        Task::Doctor => doctor::run(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A folder given on the command line, made absolute so that children with another home find it.
fn absolute(dir: &std::path::Path) -> anyhow::Result<PathBuf> {
    Ok(std::path::absolute(dir)?)
}
