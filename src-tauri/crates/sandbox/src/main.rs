//! `sandbox serve`: both stand-ins on loopback, for the demo and for tests from outside.
//!
//! Prints one line of JSON with addresses and credentials, then serves until Ctrl-C (or, with
//! `--until-stdin-closes`, until whoever started it is gone).
#![allow(clippy::print_stdout)]

use clap::{Args, Parser, Subcommand};
use sandbox::{Error, Options, Sandbox, Setup};
use serde_json::json;
use tokio::io::AsyncReadExt;

/// Stand-ins for the PBX and for Omnidesk.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve both on 127.0.0.1.
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// Port of the stand-in Omnidesk; 0 = any.
    #[arg(long, default_value_t = 0)]
    omnidesk_port: u16,
    /// Port of the stand-in PBX; 0 = any.
    #[arg(long, default_value_t = 0)]
    pbx_port: u16,
    /// Requests per minute that Omnidesk allows; 0 = no limit.
    #[arg(long, default_value_t = 500)]
    rate_limit: u32,
    /// How fast scripted times pass.
    #[arg(long, default_value_t = 1.0)]
    speed: f32,
    /// Start Omnidesk without users and cases.
    #[arg(long)]
    empty: bool,
    /// Start Omnidesk as an account that nobody has set up for calls: no labels, no fields, no channels.
    #[arg(long)]
    fresh: bool,
    /// Stand in for the panel of the desktop it is started on, too: then programs find their trays shown.
    #[cfg(target_os = "linux")]
    #[arg(long)]
    panel: bool,
    /// End when standard input closes.
    #[arg(long)]
    until_stdin_closes: bool,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Command::Serve(serve) = Cli::parse().command;
    let until_stdin_closes = serve.until_stdin_closes;
    let sandbox = Sandbox::start(Options {
        omnidesk_port: serve.omnidesk_port,
        pbx_port: serve.pbx_port,
        seed_users: !serve.empty,
        setup: if serve.fresh { Setup::Fresh } else { Setup::ForCalls },
        rate_limit_per_minute: serve.rate_limit,
        speed: serve.speed,
        ..Options::default()
    })
    .await?;
    #[cfg(target_os = "linux")]
    let _panel = if serve.panel {
        Some(sandbox::panel::Panel::of_session().await?)
    } else {
        None
    };
    println!("{}", introduction(&sandbox));
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = stdin_closed(), if until_stdin_closes => {}
    }
    sandbox.shutdown().await;
    // A blocked read of standard input must not keep the process.
    std::process::exit(0)
}

fn introduction(sandbox: &Sandbox) -> String {
    json!({
        "omnidesk": {
            "url": sandbox.omnidesk_url(),
            "staff_email": sandbox.staff_email(),
            "api_key": sandbox.api_key(),
        },
        "pbx": {
            "url": sandbox.pbx_url(),
            "user": sandbox.pbx_user(),
            "password": sandbox.pbx_password(),
            "extension": sandbox.extension(),
            "context": sandbox.context(),
        },
        "control": sandbox.control_url(),
    })
    .to_string()
}

async fn stdin_closed() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 256];
    while matches!(input.read(&mut buffer).await, Ok(1..)) {}
}
