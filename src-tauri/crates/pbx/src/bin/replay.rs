//! `replay --vendor ari --agent 101 FILE…`: what one agent's calls were, from recorded streams.
//!
//! One JSON line per call, or with `--events` one per normalised event. What was not understood is
//! counted on standard error. Each file is a stream of its own.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Context;
use calls::{Extension, PbxEvent, Region};
use clap::{Parser, ValueEnum};
use pbx::ari::Agent;
use pbx::replay::Replay;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, ValueEnum)]
enum Vendor {
    /// Asterisk REST Interface.
    Ari,
}

/// Reads recorded PBX streams and prints the calls of one agent as JSON lines.
#[derive(Parser)]
#[command(name = "replay")]
struct Args {
    /// Whose stream it is.
    #[arg(long, value_enum, default_value = "ari")]
    vendor: Vendor,
    /// The agent's extension.
    #[arg(long)]
    agent: String,
    /// The channel technology of the agent's phone.
    #[arg(long, default_value = "PJSIP")]
    technology: String,
    /// Country for numbers without a country code, two letters.
    #[arg(long, default_value = "RU")]
    region: String,
    /// Print the normalised events instead of the calls.
    #[arg(long)]
    events: bool,
    /// Recordings, one JSON object a line.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let region = Region::from_code(&args.region).with_context(|| format!("{} is no country code", args.region))?;
    let agent = match args.vendor {
        Vendor::Ari => Agent {
            extension: Extension::new(&args.agent),
            technology: args.technology.clone(),
            region,
        },
    };
    let mut out = std::io::stdout().lock();
    for file in &args.files {
        match play(file, agent.clone(), args.events, &mut out) {
            // The reader, such as `head`, has seen enough.
            Err(error) if is_broken_pipe(&error) => return Ok(()),
            played => played.with_context(|| file.display().to_string())?,
        }
    }
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn print(events: &[PbxEvent], out: &mut impl Write) -> anyhow::Result<()> {
    for event in events {
        writeln!(out, "{}", serde_json::to_string(event)?)?;
    }
    Ok(())
}

fn play(file: &Path, agent: Agent, events: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let mut replay = Replay::new(agent);
    for line in BufReader::new(File::open(file)?).split(b'\n') {
        let news = replay.line(&String::from_utf8_lossy(&line?));
        if events {
            print(&news, out)?;
        }
    }
    let news = replay.finish();
    if events {
        print(&news, out)?;
    }
    if !events {
        for call in replay.calls() {
            writeln!(out, "{}", serde_json::to_string(&call)?)?;
        }
    }
    let stats = replay.stats();
    if !stats.unknown.is_empty() || stats.bad + stats.too_large > 0 {
        eprintln!(
            "{}: unknown {:?}, bad {}, too large {}",
            file.display(),
            stats.unknown,
            stats.bad,
            stats.too_large
        );
    }
    Ok(())
}
