//! Measures the directory with a made-up account: `cargo xtask bench index`.
#![allow(clippy::print_stdout)]

mod account;
mod peer;
mod watch;

use account::{Account, NUMBERS, QUERIES};
use directory::{Directory, User};
use std::path::Path;
use std::time::Duration;
use watch::Watch;

type Any = Box<dyn std::error::Error>;

/// So many users are handed over at once.
const BATCH: usize = 5_000;
/// So often the searches are gone through.
const ROUNDS: usize = 5;

fn main() -> Result<(), Any> {
    let mut users = 1_000_000;
    let mut with_peer = true;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-peer" => with_peer = false,
            "--users" => users = arguments.next().ok_or("--users N")?.parse()?,
            _ => return Err(format!("unknown: {argument}").into()),
        }
    }
    let folder = tempfile::tempdir()?;
    ours(&folder.path().join("users.db"), users)?;
    if with_peer {
        peer::measure(folder.path(), users)?;
    }
    Ok(())
}

fn ours(path: &Path, users: u64) -> Result<(), Any> {
    // The account is made beside the clock, in batches, so that it takes no memory.
    let idle = memory();
    let mut directory = Directory::open(path)?;
    let mut account = Account::new(users);
    let (mut building, mut computing, mut most) = (Duration::ZERO, Duration::ZERO, idle);
    let mut some_numbers = Vec::new();
    loop {
        let batch: Vec<User> = account.by_ref().take(BATCH).collect();
        let Some(last) = batch.last() else { break };
        some_numbers.extend(last.phones.first().and_then(|phone| phone.keys.first()).cloned());
        let began = Watch::start();
        directory.keep(&batch, Some(1))?;
        let (took, computed) = began.both();
        building += took;
        computing += computed;
        most = most.max(memory());
    }
    println!("users: {users}");
    say("built, users/s", (users as f64 / building.as_secs_f64()).round(), 20_000.0, true);
    println!(
        "built, users per second of this program's own: {:.0}",
        users as f64 / computing.as_secs_f64()
    );
    let began = Watch::start();
    let up = directory.settle(50_000)?;
    for some in up.chunks(1_000) {
        directory.move_up(some)?;
    }
    println!("the {} met last put first, s: {:.1}", up.len(), began.elapsed().as_secs_f64());
    let began = Watch::start();
    while directory.tidy()? {}
    println!("tidied, s: {:.1}", began.elapsed().as_secs_f64());
    most = most.max(memory());
    drop(directory);
    say("file, MB", (std::fs::metadata(path)?.len() >> 20) as f64, 600.0, false);

    let reader = Directory::reader(path)?;
    let (mut took, mut computed) = (Vec::new(), Vec::new());
    let mut slowest = (Duration::ZERO, String::new());
    let mut found = 0;
    for round in 0..ROUNDS {
        for typed in QUERIES.iter().flat_map(|query| typed(query)) {
            let began = Watch::start();
            let people = reader.search(&typed, 50)?.people.len();
            let (time, own) = began.both();
            if round > 0 {
                took.push(time);
                computed.push(own);
                if time > slowest.0 {
                    slowest = (time, typed);
                }
            }
            found += people;
        }
    }
    say("a letter typed, p50, ms", at(&mut took, 0.5), f64::NAN, false);
    say("a letter typed, p95, ms", at(&mut took, 0.95), 16.0, false);
    say("a letter typed, p99, ms", at(&mut took, 0.99), 40.0, false);
    println!(
        "a letter typed, of this program's own, p50, p95, p99, ms: {:.2}, {:.2}, {:.2}",
        at(&mut computed, 0.5),
        at(&mut computed, 0.95),
        at(&mut computed, 0.99)
    );
    println!(
        "slowest: «{}», {:.1} ms; {} searches, {} people",
        slowest.1,
        slowest.0.as_secs_f64() * 1e3,
        took.len(),
        found / ROUNDS
    );
    let mut took = Vec::new();
    for key in some_numbers.iter().cycle().take(some_numbers.len().max(2_000)) {
        let began = Watch::start();
        if reader.with_number(key)?.is_empty() {
            return Err(format!("{key} is not found").into());
        }
        took.push(began.elapsed());
    }
    say("by number, p99, ms", at(&mut took, 0.99), 1.0, false);
    let mut took = Vec::new();
    for typed in NUMBERS.iter().cycle().take(NUMBERS.len() * 50) {
        let began = Watch::start();
        reader.search(typed, 50)?;
        took.push(began.elapsed());
    }
    say("digits typed, p99, ms", at(&mut took, 0.99), f64::NAN, false);
    most = most.max(memory());
    say("memory above idle, MB", (most.saturating_sub(idle) >> 20) as f64, 60.0, false);
    Ok(())
}

/// A text as it grows.
pub fn typed(query: &str) -> impl Iterator<Item = String> {
    query.char_indices().map(move |(at, sign)| query[..at + sign.len_utf8()].to_owned())
}

/// A percentile, ms.
pub fn at(took: &mut [Duration], share: f64) -> f64 {
    took.sort_unstable();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let place = ((took.len() as f64 * share).ceil() as usize).clamp(1, took.len().max(1)) - 1;
    took.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

fn say(what: &str, figure: f64, aim: f64, at_least: bool) {
    if aim.is_nan() {
        return println!("{what}: {figure:.2}");
    }
    let (sign, met) = if at_least { ("≥", figure >= aim) } else { ("≤", figure <= aim) };
    println!("{what}: {figure:.2}, aim {sign} {aim}: {}", if met { "met" } else { "NOT met" });
}

/// What this program has for itself in memory, bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
