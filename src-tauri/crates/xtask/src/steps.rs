//! Runs steps one after the other, says what goes on, and sums up at the end.

use crate::{
    house::House,
    process::{self, Ended},
};
use anyhow::{Result, anyhow, bail};
use std::{
    fmt::Write as _,
    io::{IsTerminal, Write as _},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should; with a short detail ("120 tests").
    Passed(String),
    /// It did not; with what to do.
    Failed(String),
    /// It could not be tried; with the reason. Never counts as passed.
    Skipped(String),
}

/// One finished step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    name: String,
    outcome: Outcome,
    took: Duration,
}

/// Runs steps and remembers how they ended.
pub struct Steps<'a> {
    house: &'a House,
    lines: Vec<Line>,
    start: Instant,
}

/// What a step gets in hand: a log of its own and a sign of life on the terminal.
pub struct Step<'a> {
    /// The repository.
    pub house: &'a House,
    name: String,
    start: Instant,
    last_beat: Instant,
}

/// How long any single command may take; a build from nothing on a slow machine fits.
const LONGEST: Duration = Duration::from_secs(3600);

impl<'a> Steps<'a> {
    /// Starts counting.
    pub fn new(house: &'a House) -> Self {
        Self {
            house,
            lines: Vec::new(),
            start: Instant::now(),
        }
    }

    /// Runs one step. An error in it is a failed step; an interruption ends everything.
    pub fn run(&mut self, name: &str, body: impl FnOnce(&mut Step<'_>) -> Result<Outcome>) -> Result<bool> {
        let start = Instant::now();
        eprintln!("▶ {name}");
        let mut step = Step {
            house: self.house,
            name: name.to_owned(),
            start,
            last_beat: start,
        };
        let _ = std::fs::remove_file(step.log());
        let outcome = body(&mut step).unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")));
        if process::interrupted() {
            bail!("interrupted during {name}");
        }
        let took = start.elapsed();
        clear_line();
        match &outcome {
            Outcome::Passed(detail) => eprintln!("  ✔ {} {detail}", seconds(took)),
            Outcome::Failed(why) => eprintln!("  ✘ {} FAILED: {why}", seconds(took)),
            Outcome::Skipped(why) => eprintln!("  ⚠ {} SKIPPED: {why}", seconds(took)),
        }
        let well = !matches!(outcome, Outcome::Failed(_));
        self.lines.push(Line {
            name: name.to_owned(),
            outcome,
            took,
        });
        Ok(well)
    }

    /// As [`Steps::run`], for what everything after it needs: a failure is an error.
    pub fn need(&mut self, name: &str, body: impl FnOnce(&mut Step<'_>) -> Result<Outcome>) -> Result<()> {
        if self.run(name, body)? {
            Ok(())
        } else {
            bail!("cannot go on without: {name}")
        }
    }

    /// The table of all steps, and whether none failed.
    pub fn summary(&self) -> (String, bool) {
        summary(&self.lines, self.start.elapsed())
    }
}

impl Step<'_> {
    /// The step's log file.
    pub fn log(&self) -> PathBuf {
        self.house.logs.join(format!("{}.log", self.name.replace([' ', '/'], "-")))
    }

    /// Shows that the step is alive: each second on a terminal, each half minute elsewhere.
    pub fn beat(&mut self) {
        let terminal = std::io::stderr().is_terminal();
        let every = Duration::from_secs(if terminal { 1 } else { 30 });
        if self.last_beat.elapsed() < every {
            return;
        }
        self.last_beat = Instant::now();
        if terminal {
            clear_line();
            eprint!("  … {} {}", seconds(self.start.elapsed()), last_line(&self.log()));
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("  … {} {}", self.name, seconds(self.start.elapsed()));
        }
    }

    /// Runs a command with its output in the step's log.
    pub fn logged(&mut self, mut command: Command) -> Result<process::Logged> {
        let log = self.log();
        // The message of a failed test says where; a backtrace would push it out of the tail.
        command.env("RUST_BACKTRACE", "0");
        process::logged(command, &log, LONGEST, |_| self.beat())
    }

    /// Runs a command; passed when it ends well, else failed with the end of its output and `advice`.
    pub fn try_command(&mut self, command: Command, advice: &str) -> Result<Outcome> {
        let done = self.logged(command)?;
        Ok(self.failure(&done, advice).unwrap_or_else(|| {
            let tally = tally(&done.text());
            Outcome::Passed(tally.map(|tally| tally.to_string()).unwrap_or_default())
        }))
    }

    /// Runs a program of tests; failed also when not a single one ran.
    pub fn try_tests(&mut self, command: Command, advice: &str) -> Result<Outcome> {
        let done = self.logged(command)?;
        Ok(self.judged(&done, advice))
    }

    /// Runs a script that sets something up; none when it is there, else how the step ends. Status 3 says that this machine
    /// cannot do it, which is no failure of ours.
    pub fn set_up(&mut self, script: Command, cannot: &str) -> Result<Option<Outcome>> {
        let done = self.logged(script)?;
        Ok(match &done.ended {
            Ended::Well => None,
            Ended::Badly(status) if status.ends_with(": 3") => Some(Outcome::Skipped(format!("{cannot}: {}", done.tail(1)))),
            Ended::Badly(status) => Some(Outcome::Failed(format!("setup: {status}\n{}", done.tail(20)))),
            Ended::TimedOut(limit) => Some(Outcome::Failed(format!("setup did not end within {}", seconds(*limit)))),
        })
    }

    /// How a program of tests ended.
    fn judged(&self, done: &process::Logged, advice: &str) -> Outcome {
        self.failure(done, advice).unwrap_or_else(|| match tally(&done.text()) {
            Some(tally) if tally.passed > 0 => Outcome::Passed(tally.to_string()),
            Some(_) | None => Outcome::Failed(format!("no test ran; see {}", done.log.display())),
        })
    }

    /// What is said of a command that did not end well.
    fn failure(&self, done: &process::Logged, advice: &str) -> Option<Outcome> {
        let how = match &done.ended {
            Ended::Well => return None,
            Ended::Badly(status) => status.clone(),
            Ended::TimedOut(limit) => format!("did not end within {}", seconds(*limit)),
        };
        Some(Outcome::Failed(self.report(done, &how, advice)))
    }

    /// As [`Step::try_tests`], of several commands that run beside each other; what failed comes last in the step's log.
    pub fn try_tests_at_once(&mut self, commands: Vec<Command>, advice: &str) -> Result<Outcome> {
        let log = self.log();
        let logs = (1..).map(|part| log.with_extension(format!("{part}.log")));
        let mut running = std::thread::scope(|scope| {
            let parts = commands.into_iter().zip(logs).map(|(mut command, log)| {
                let _ = std::fs::remove_file(&log);
                command.env("RUST_BACKTRACE", "0");
                scope.spawn(move || process::logged(command, &log, LONGEST, |_| {}))
            });
            let parts: Vec<_> = parts.collect();
            while parts.iter().any(|part| !part.is_finished()) {
                self.beat();
                std::thread::sleep(Duration::from_millis(200));
            }
            let ended = parts
                .into_iter()
                .map(|part| part.join().map_err(|_| anyhow!("a part of the step broke off"))?);
            ended.collect::<Result<Vec<_>>>()
        })?;
        running.sort_by_key(|part| part.ended != Ended::Well);
        let texts: Vec<String> = running.iter().map(process::Logged::text).collect();
        std::fs::write(&log, texts.concat())?;
        let ended = running.pop().map_or(Ended::Well, |last| last.ended);
        let done = process::Logged { ended, log };
        Ok(self.judged(&done, advice))
    }

    fn report(&self, done: &process::Logged, status: &str, advice: &str) -> String {
        let failed = failed_tests(&done.text());
        let failed = if failed.is_empty() {
            String::new()
        } else {
            format!("\n    failed tests:\n{}", indent(&failed.join("\n")))
        };
        format!(
            "{status}\n{}{failed}\n    whole output: {}\n    what to do:   {advice}",
            indent(&done.tail(40)),
            self.log().display()
        )
    }
}

/// The tests that libtest, nextest and vitest call failed, each once, 20 at most: where several programs print one after
/// the other, the end of the output may be of one that passed.
fn failed_tests(output: &str) -> Vec<String> {
    let mut failed: Vec<String> = Vec::new();
    for line in output.lines() {
        let plain = process::plain(line);
        let line = plain.trim();
        let libtest = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"));
        let nextest = line
            .strip_prefix("FAIL [")
            .or_else(|| line.strip_prefix("TIMEOUT ["))
            .and_then(|rest| Some(rest.split_once(']')?.1));
        let vitest = line.strip_prefix("FAIL  ");
        if let Some(name) = libtest.or(nextest).or(vitest).map(|name| name.trim().to_owned())
            && !failed.contains(&name)
        {
            failed.push(name);
        }
    }
    failed.truncate(20);
    failed
}

/// How many tests ran, over all programs of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    passed: u32,
    ignored: u32,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed", self.passed)?;
        if self.ignored > 0 {
            write!(f, ", {} not run here", self.ignored)?;
        }
        Ok(())
    }
}

/// Reads the sums that libtest, nextest and vitest print; `None` when there is none.
fn tally(output: &str) -> Option<Tally> {
    let mut sum: Option<Tally> = None;
    for line in output.lines() {
        let plain = process::plain(line);
        let line = plain.trim();
        let relevant = line.starts_with("test result:") || line.starts_with("Summary [") || line.starts_with("Tests ");
        if !relevant {
            continue;
        }
        let sum = sum.get_or_insert_default();
        sum.passed += number_before(line, " passed").unwrap_or(0);
        sum.ignored += number_before(line, " ignored")
            .or_else(|| number_before(line, " skipped"))
            .unwrap_or(0);
    }
    sum
}

fn number_before(line: &str, word: &str) -> Option<u32> {
    let head = &line[..line.find(word)?];
    head.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn summary(lines: &[Line], total: Duration) -> (String, bool) {
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\n");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for line in lines {
        let (word, detail) = match &line.outcome {
            Outcome::Passed(detail) => {
                passed += 1;
                ("passed ", detail)
            }
            Outcome::Failed(why) => {
                failed += 1;
                ("FAILED ", why)
            }
            Outcome::Skipped(why) => {
                skipped += 1;
                ("SKIPPED", why)
            }
        };
        let detail = detail.lines().next().unwrap_or_default();
        let _ = writeln!(text, "  {word}  {:<width$}  {:>8}  {detail}", line.name, seconds(line.took));
    }
    let _ = writeln!(
        text,
        "\n  {passed} passed, {failed} failed, {skipped} skipped in {}",
        seconds(total)
    );
    if skipped > 0 {
        let _ = writeln!(
            text,
            "  Skipped is not passed: {skipped} step(s) above were NOT checked on this machine."
        );
    }
    (text, failed == 0)
}

/// Seconds below a minute, minutes and seconds above.
pub fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(60) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} m {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    │ {line}")).collect::<Vec<_>>().join("\n")
}

fn clear_line() {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[2K");
    }
}

fn last_line(log: &std::path::Path) -> String {
    let text = process::Logged {
        ended: Ended::Well,
        log: log.to_owned(),
    }
    .tail(1);
    process::plain(&text).trim().chars().take(90).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, outcome: Outcome) -> Line {
        Line {
            name: name.to_owned(),
            outcome,
            took: Duration::from_millis(1500),
        }
    }

    #[test]
    fn failed_tests_are_named_wherever_they_stand_in_the_output() {
        let output = "test told::one ... ok\ntest told::two ... FAILED\n\u{1b}[31m FAIL \u{1b}[0m ui/tests/a.test.ts > cases > opens\n\
            FAIL [   1.2s] ( 3/10) calls desk::three\ntest told::two ... FAILED\ntest result: FAILED. 1 passed; 1 failed\n";
        assert_eq!(
            failed_tests(output),
            ["told::two", "ui/tests/a.test.ts > cases > opens", "( 3/10) calls desk::three"]
        );
    }

    #[test]
    fn a_skipped_step_is_named_aloud_and_is_not_counted_as_passed() {
        let (text, well) = summary(
            &[
                line("format", Outcome::Passed(String::new())),
                line("asterisk", Outcome::Skipped("no root".to_owned())),
            ],
            Duration::from_secs(75),
        );
        assert!(well);
        assert!(text.contains("SKIPPED  asterisk"), "{text}");
        assert!(text.contains("1 passed, 0 failed, 1 skipped in 1 m 15 s"), "{text}");
        assert!(text.contains("NOT checked"), "{text}");
    }

    #[test]
    fn one_failed_step_fails_the_run_and_shows_only_its_first_line_in_the_table() {
        let (text, well) = summary(
            &[line("lints", Outcome::Failed("status 101\n    │ details".to_owned()))],
            Duration::ZERO,
        );
        assert!(!well);
        assert!(text.contains("FAILED   lints     1.5 s  status 101\n"), "{text}");
        assert!(!text.contains("details"), "{text}");
    }

    #[test]
    fn sums_of_libtest_nextest_and_vitest_are_read_and_added() {
        let libtest = "test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured\ntest result: ok. 4 passed; 0 failed; 0 ignored;";
        assert_eq!(tally(libtest), Some(Tally { passed: 7, ignored: 2 }));
        let nextest = "     Summary [   1.203s] 120 tests run: 119 passed (1 slow), 1 failed, 3 skipped";
        assert_eq!(tally(nextest), Some(Tally { passed: 119, ignored: 3 }));
        let vitest = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m12 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (12)\u{1b}[39m";
        assert_eq!(tally(vitest), Some(Tally { passed: 12, ignored: 0 }));
        assert_eq!(tally("Compiling xtask"), None);
    }
}
