//! Random histories of calls: the help desk that the desk's duties make must be the one that SPEC describes.
//!
//! `RINGSIDE_HISTORIES=n` lives through that many, `RINGSIDE_SEED=s` begins at that seed. A failure names the
//! seed of its history and shows the shortest one that still fails.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod office;
mod reference;
mod story;
mod world;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use story::Step;
use world::World;

/// How many histories the ordinary run lives through.
const HISTORIES: u64 = 100_000;
/// How many at the same time.
const AT_ONCE: usize = 2;

#[derive(Debug)]
struct Failure {
    seed: u64,
    steps: Vec<Step>,
    what: String,
}

fn history(seed: u64) -> (Vec<Step>, bool) {
    let mut rng = fastrand::Rng::with_seed(seed);
    (story::random(&mut rng), rng.u8(..4) > 0)
}

fn live(steps: &[Step], attempts_wanted: bool) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| World::live(steps, attempts_wanted))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        Err(text
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a panic")
            .to_owned())
    })
}

/// Leaves out what is not needed for the failure, step by step, until everything is.
fn shorten(mut steps: Vec<Step>, attempts_wanted: bool) -> Vec<Step> {
    let mut at = 0;
    while at < steps.len() {
        let mut without = steps.clone();
        without.remove(at);
        if live(&without, attempts_wanted).is_err() {
            steps = without;
            at = 0;
        } else {
            at += 1;
        }
    }
    steps
}

fn first_failure(seeds: impl Iterator<Item = u64>, stop: &AtomicBool) -> Option<Failure> {
    for seed in seeds {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let (steps, attempts_wanted) = history(seed);
        if live(&steps, attempts_wanted).is_err() {
            stop.store(true, Ordering::Relaxed);
            let steps = shorten(steps, attempts_wanted);
            let what = live(&steps, attempts_wanted).unwrap_err();
            return Some(Failure { seed, steps, what });
        }
    }
    None
}

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

#[test]
fn s25_to_s34_every_history_leaves_what_spec_says() {
    let histories = from_env("RINGSIDE_HISTORIES").unwrap_or(HISTORIES);
    let first = from_env("RINGSIDE_SEED").unwrap_or_else(|| fastrand::u64(..u64::MAX / 2));
    // Past the test harness, which shows the output of failed tests only.
    writeln!(std::io::stderr(), "model: {histories} histories from RINGSIDE_SEED={first}").unwrap();
    let stop = AtomicBool::new(false);
    let failures: Vec<Failure> = std::thread::scope(|scope| {
        let begin = |worker: usize| {
            let seeds = (first..first + histories).skip(worker).step_by(AT_ONCE);
            let stop = &stop;
            scope.spawn(move || first_failure(seeds, stop))
        };
        let workers: Vec<_> = (0..AT_ONCE).map(begin).collect();
        workers.into_iter().filter_map(|worker| worker.join().unwrap()).collect()
    });
    let Some(failure) = failures.into_iter().min_by_key(|failure| failure.steps.len()) else {
        return;
    };
    panic!(
        "RINGSIDE_SEED={} RINGSIDE_HISTORIES=1\n{}\n{:#?}",
        failure.seed, failure.what, failure.steps
    );
}
