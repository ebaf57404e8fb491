//! `cargo xtask bench index`: finding one of a million users. The measuring itself is an example of the crate `directory`, so
//! that this program needs no database.

use crate::{
    house::House,
    packages::{self, For},
    steps::Steps,
};
use anyhow::{Context, Result};
use clap::Args;
use std::process::ExitCode;

/// Options of `cargo xtask bench index`.
#[derive(Args)]
pub struct Options {
    /// How many users the made-up account has.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    users: u64,
    /// Without PostgreSQL beside it.
    #[arg(long)]
    no_peer: bool,
}

/// Builds optimised and measures.
pub fn index(options: &Options) -> Result<ExitCode> {
    let house = House::find()?;
    if !options.no_peer {
        Steps::new(&house).need("system packages", |step| packages::install(step, &[For::Build, For::Peer]))?;
    }
    let mut measure = house.cargo();
    measure.args([
        "run",
        "--quiet",
        "--package",
        "directory",
        "--example",
        "measure",
        "--profile",
        "quick",
        "--",
    ]);
    measure.args(["--users", &options.users.to_string()]);
    if options.no_peer {
        measure.arg("--no-peer");
    }
    // Its figures are ours, and Ctrl-C reaches it as it reaches us.
    let ended = measure.status().context("cargo cannot be started")?;
    Ok(if ended.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
