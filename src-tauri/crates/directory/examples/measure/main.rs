//! Measures the directory with a made-up account: `cargo xtask bench index`.
#![allow(clippy::print_stdout)]

mod account;
#[cfg(unix)]
mod peer;
#[cfg(not(unix))]
mod peer {
    pub fn measure(_: &std::path::Path, _: u64) -> Result<(), super::Any> {
        println!("peer: PostgreSQL is only measured on Unix");
        Ok(())
    }
}
mod watch;

use account::{Account, BOTH, NUMBERS, QUERIES};
use directory::{Directory, User};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use watch::{Watch, memory, told};

type Any = Box<dyn std::error::Error>;

/// So many users are handed over at once.
const BATCH: usize = 5_000;
/// So many users a page of Omnidesk's has.
const PAGE: usize = 100;
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
    let (mut building, mut most) = (Took::default(), idle);
    let mut some_numbers = Vec::new();
    loop {
        let batch: Vec<User> = account.by_ref().take(BATCH).collect();
        let Some(last) = batch.last() else { break };
        some_numbers.extend(last.phones.first().and_then(|phone| phone.keys.first()).cloned());
        building.of(|| directory.keep(&batch, Some(1)))?;
        most = most.max(memory());
    }
    println!("users: {users}");
    say("built, users/s", (users as f64 / building.clock()).round(), 20_000.0, true);
    let own = building.own().map(|own| users as f64 / own);
    println!("built, users per second of this program's own: {}", told(own));
    let mut moving = Took::default();
    let up = moving.of(|| directory.settle(50_000))?;
    for some in up.chunks(1_000) {
        moving.of(|| directory.move_up(some))?;
    }
    println!(
        "the {} met last put first, s: {:.1}, of its own: {}",
        up.len(),
        moving.clock(),
        told(moving.own())
    );
    let mut tidying = Took::default();
    while tidying.of(|| directory.tidy())? {}
    println!("tidied, s: {:.1}, of its own: {}", tidying.clock(), told(tidying.own()));
    most = most.max(memory());
    drop(directory);
    say("file, MB", (std::fs::metadata(path)?.len() >> 20) as f64, 600.0, false);

    let reader = Directory::reader(path)?;
    let searches = |what: &str, texts: &[&str], aim: (f64, f64)| searches(&reader, what, texts, aim);
    searches("a letter typed", QUERIES, (16.0, 40.0))?;
    searches("a digit typed", NUMBERS, (16.0, 40.0))?;
    searches("a name and a number typed", BOTH, (16.0, 40.0))?;
    let alone = numbers(&reader, &some_numbers)?;
    say("by number, p99, ms", alone, 1.0, false);
    let beside = while_written(path, users, || numbers(&reader, &some_numbers))?;
    say("by number while pages are written, p99, ms", beside, 1.0, false);
    most = most.max(memory());
    match most.zip(idle) {
        Some((most, idle)) => say("memory above idle, MB", (most.saturating_sub(idle) >> 20) as f64, 60.0, false),
        None => println!("memory above idle, MB: {}", told(None)),
    }
    Ok(())
}

/// Looks callers up, one by one: the 99th of a hundred, ms.
fn numbers(reader: &Directory, keys: &[String]) -> Result<f64, Any> {
    let mut took = Took::default();
    for key in keys.iter().cycle().take(keys.len().max(2_000)) {
        if took.of(|| reader.with_number(key))?.is_empty() {
            return Err(format!("{key} is not found").into());
        }
    }
    Ok(at(&mut took.clock, 0.99))
}

/// Does something while changed users are written, a page of Omnidesk's at a time and without a pause.
fn while_written<T>(path: &Path, users: u64, does: impl FnOnce() -> Result<T, Any>) -> Result<T, Any> {
    let mut writer = Directory::open(path)?;
    let ends = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let written = scope.spawn(|| {
            let mut account = Account::new(users);
            let mut pages = 0;
            while !ends.load(Ordering::Relaxed) {
                let mut page: Vec<User> = account.by_ref().take(PAGE).collect();
                page.iter_mut().for_each(|user| user.note.push_str(" and more"));
                writer.keep(&page, Some(2))?;
                pages += 1;
            }
            Ok::<u32, directory::Error>(pages)
        });
        let done = does();
        ends.store(true, Ordering::Relaxed);
        let pages = written.join().map_err(|_| "the writer broke off")??;
        println!("pages of {PAGE} users written meanwhile: {pages}");
        if pages == 0 {
            return Err("nothing was written meanwhile".into());
        }
        done
    })
}

/// Types texts letter by letter, some times over; the first time warms it up.
fn searches(reader: &Directory, what: &str, texts: &[&str], aim: (f64, f64)) -> Result<(), Any> {
    let mut took = Took::default();
    let mut slowest = (Duration::ZERO, String::new());
    let mut people = 0;
    for round in 0..ROUNDS {
        for typed in texts.iter().flat_map(|text| typed(text)) {
            if round == 0 {
                people += reader.search(&typed, 50)?.people.len();
                continue;
            }
            took.of(|| reader.search(&typed, 50))?;
            let time = took.last();
            if time > slowest.0 {
                slowest = (time, typed);
            }
        }
    }
    say(&format!("{what}, p50, ms"), at(&mut took.clock, 0.5), f64::NAN, false);
    say(&format!("{what}, p95, ms"), at(&mut took.clock, 0.95), aim.0, false);
    say(&format!("{what}, p99, ms"), at(&mut took.clock, 0.99), aim.1, false);
    let own: Vec<String> = [0.5, 0.95, 0.99, 1.0].map(|share| told(took.own_at(share))).into();
    println!("{what}, of this program's own, p50, p95, p99, most, ms: {}", own.join(", "));
    println!(
        "slowest: «{}», {:.1} ms; {} searches, {people} people",
        slowest.1,
        slowest.0.as_secs_f64() * 1e3,
        took.clock.len(),
    );
    Ok(())
}

/// How long something took each time.
#[derive(Default)]
struct Took {
    clock: Vec<Duration>,
    /// Of the processor; empty where nobody tells.
    own: Vec<Duration>,
}

impl Took {
    fn of<T>(&mut self, mut does: impl FnMut() -> T) -> T {
        let began = Watch::start();
        let done = does();
        let (clock, own) = began.both();
        self.clock.push(clock);
        self.own.extend(own);
        done
    }

    /// All of it, s.
    fn clock(&self) -> f64 {
        self.clock.iter().sum::<Duration>().as_secs_f64()
    }

    /// All of it that was ours, s.
    fn own(&self) -> Option<f64> {
        (!self.own.is_empty()).then(|| self.own.iter().sum::<Duration>().as_secs_f64())
    }

    fn own_at(&mut self, share: f64) -> Option<f64> {
        (!self.own.is_empty()).then(|| at(&mut self.own, share))
    }

    /// The last one, ours where that is known.
    fn last(&self) -> Duration {
        self.own.last().or(self.clock.last()).copied().unwrap_or_default()
    }
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
