//! What the whole-product tests share: waiting with a bound, and finding programs and folders.
//!
//! The tests themselves: `scenarios/` (the workflow's rules against the sandbox), `desktop/` (the real
//! window), `asterisk/` (a real PBX). The last two need more than `cargo test` can give; their tests are
//! marked `#[ignore]`, and `cargo xtask test` runs them where the machine allows it.

pub mod fake;

use engine::view::{CommandError, DialAnswer};
use std::{future::Future, path::PathBuf, time::Duration};

/// How often a condition is looked at while waiting for it.
pub const TICK: Duration = Duration::from_millis(20);

/// Looks until `probe` gives something. For conditions that nobody announces; where there is an event,
/// await the event.
///
/// # Panics
/// When nothing came within the time; `what` says in the message what was waited for.
pub async fn eventually<T, F>(what: &str, within: Duration, mut probe: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    // The bound covers a probe that hangs, too.
    in_time(what, within, async {
        loop {
            if let Some(found) = probe().await {
                return found;
            }
            tokio::time::sleep(TICK).await;
        }
    })
    .await
}

/// A future that must end in time.
///
/// # Panics
/// When it does not; `what` says in the message what was waited for.
pub async fn in_time<F: Future>(what: &str, within: Duration, future: F) -> F::Output {
    match tokio::time::timeout(within, future).await {
        Ok(output) => output,
        Err(_) => panic!("waited {within:?} in vain for: {what}"),
    }
}

/// The repository's root.
#[must_use]
pub fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// A program of this workspace: `RINGSIDE_BIN` for the app, else beside the running test in Cargo's
/// target folder.
///
/// # Errors
/// When it is not built; the message says how to build it.
pub fn program(name: &str) -> Result<PathBuf, String> {
    if let (true, Some(path)) = (name == "ringside", std::env::var_os("RINGSIDE_BIN")) {
        return Ok(path.into());
    }
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    // target/debug/deps/<test> -> target/debug/<name>
    let found = test.ancestors().nth(2).map(|dir| dir.join(name)).filter(|path| path.is_file());
    found.ok_or_else(|| format!("{name} is not built: cargo build -p {name}"))
}

/// Where screenshots of tests go: `RINGSIDE_SCREENS`, else `target/screens`.
#[must_use]
pub fn screens() -> PathBuf {
    std::env::var_os("RINGSIDE_SCREENS").map_or_else(|| repository().join("target/screens"), PathBuf::from)
}

/// Orders a call as an agent does who means it: what is asked about the number is agreed to. Returns the call's id.
///
/// # Errors
/// Those of [`engine::Engine::dial`].
///
/// # Panics
/// When the office does not call such numbers.
pub async fn order(engine: &engine::Engine, number: &str, case: Option<&str>) -> Result<String, CommandError> {
    let mut agreed = None;
    loop {
        match engine.dial(number, case, agreed).await? {
            DialAnswer::Placed { call } => return Ok(call),
            DialAnswer::Held { caution } => {
                assert!(!caution.never && agreed != Some(caution.doubt), "{caution:?}");
                agreed = Some(caution.doubt);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_condition_is_looked_at_until_it_holds() {
        let looks = AtomicU32::new(0);
        let third = eventually("the third look", Duration::from_secs(5), || async {
            let look = looks.fetch_add(1, Ordering::Relaxed) + 1;
            (look == 3).then_some(look)
        });
        assert_eq!(third.await, 3);
    }

    #[tokio::test]
    #[should_panic(expected = "in vain for: rain")]
    async fn a_condition_that_never_holds_fails_with_its_name() {
        eventually("rain", Duration::from_millis(50), || async { None::<()> }).await;
    }

    #[test]
    fn a_program_that_is_not_built_is_named_with_the_way_to_build_it() {
        assert!(program("no-such-program").is_err_and(|why| why.contains("cargo build -p no-such-program")));
        assert!(repository().join("rust-toolchain.toml").is_file());
    }
}
