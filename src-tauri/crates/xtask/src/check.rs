//! `cargo xtask check windows`: types and lints of all crates for Windows, on Debian.
//!
//! The compiler for it lies in a folder of its own, which `packaging/windows/setup` makes once of Debian's packages and
//! the compiler's own sources; `packaging/windows/inside` goes there. That compiler is newer than the pinned one, so what
//! only it warns of is counted and told, and no failure: the pinned one's lints are the step `lints`.

use crate::{
    house::House,
    packages::{self, AsRoot, For},
    steps::{Outcome, Step, Steps},
};
use anyhow::Result;
use clap::Args;
use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, ExitCode},
};

/// Windows as it is built here.
pub const TARGET: &str = "x86_64-pc-windows-gnu";
/// Stands in the folder once it is complete.
const STAMP: &str = ".windows-ready";

/// Options of `cargo xtask check`.
#[derive(Args)]
pub struct Options {
    /// For which system.
    #[arg(value_parser = ["windows"])]
    system: String,
}

/// Installs what is missing, makes the folder where it is not there, and checks. Not tried is no success.
pub fn run(_: &Options) -> Result<ExitCode> {
    let house = House::find()?;
    let mut steps = Steps::new(&house);
    steps.need("system packages", |step| packages::install(step, &[For::Windows]))?;
    steps.need("node", packages::install_node)?;
    steps.need("npm packages", packages::install_npm)?;
    let mut tried = false;
    steps.run("windows", |step| {
        let outcome = windows(step, true)?;
        tried = !matches!(outcome, Outcome::Skipped(_));
        Ok(outcome)
    })?;
    let (table, well) = steps.summary();
    println!("{table}");
    Ok(if well && tried { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The check as a step. Where the folder is not there it is made if that is wished for, else the step is skipped.
pub fn windows(step: &mut Step<'_>, make: bool) -> Result<Outcome> {
    let Some(root) = AsRoot::find() else {
        return Ok(Outcome::Skipped(
            "the compiler for Windows runs by chroot, which needs root (or sudo without a password)".to_owned(),
        ));
    };
    if !make && !folder().join(STAMP).is_file() {
        return Ok(Outcome::Skipped(
            "no compiler for Windows here; `cargo xtask check windows` makes its folder (3 GB)".to_owned(),
        ));
    }
    let setup = script(step.house, root, "setup");
    if let Some(outcome) = step.set_up(setup, "no compiler for Windows on this machine")? {
        return Ok(outcome);
    }
    // There is no Node in the folder, and the program has its pages in itself.
    if packages::interface_is_stale(step.house) {
        let mut build = Command::new("npm");
        build.args(["run", "build"]).current_dir(step.house.ui());
        if let failed @ Outcome::Failed(_) = step.try_command(build, "cd ui && npm run build")? {
            return Ok(failed);
        }
    }
    let mut cargo = script(step.house, root, "inside");
    // xtask is for Unix: it runs on Debian, also for Windows.
    cargo.args(["cargo", "clippy", "--locked", "--workspace", "--exclude", "xtask", "--all-targets"]);
    cargo.args(["--target", TARGET]);
    let log = step.log();
    let outcome = step.try_command(cargo, "packaging/windows/inside cargo check --target … shows it again")?;
    Ok(match outcome {
        Outcome::Passed(_) => Outcome::Passed(told(&std::fs::read_to_string(log)?)),
        other @ (Outcome::Failed(_) | Outcome::Skipped(_)) => other,
    })
}

/// What is said of a check that went well: how much the newer compiler warned of.
fn told(output: &str) -> String {
    // Of each crate it says at the end how many there were.
    let is_one = |line: &&str| line.starts_with("warning") && !line.contains(" generated ");
    let warnings = output.lines().filter(is_one).count();
    if warnings == 0 {
        return "types and lints".to_owned();
    }
    format!("types; warnings of its newer compiler: {warnings}, in the step's log")
}

/// Where the folder lies.
fn folder() -> PathBuf {
    std::env::var_os("WINDOWS_ROOT").map_or_else(|| "/var/tmp/windows-root".into(), PathBuf::from)
}

/// A script of `packaging/windows`, run by root with what it needs of our environment.
fn script(house: &House, root: AsRoot, name: &str) -> Command {
    let kept = [
        "WINDOWS_ROOT",
        "WINDOWS_SUITES",
        "CARGO_HOME",
        "CARGO_NET_OFFLINE",
        "HOME",
        "PATH",
        "DISPLAY",
    ];
    let mut target = OsString::from("WINDOWS_TARGET=");
    target.push(house.target.join("windows"));
    let mut command = root.keeping(&kept, target);
    command
        .arg(house.root.join("packaging/windows").join(name))
        .current_dir(&house.root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_counted_and_never_called_nothing() {
        assert_eq!(told("    Checking calls\n    Finished `dev` profile"), "types and lints");
        assert!(told("warning: unused import\n  --> a.rs\nwarning: `calls` (lib) generated 1 warning").contains(": 1,"));
    }
}
