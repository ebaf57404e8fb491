//! `cargo xtask bench focus`: a robot types into another window while calls ring, are answered and end, and popups, profiles
//! and after-call cards come and go. Counted are its keystrokes that did not arrive, and the times that another window than
//! its own was made the active one.

use super::{Desk, aim_line};
use crate::{
    control::Call,
    process::{self, Running, output_of},
    session::Session,
    stage::Told,
    stats,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// The robot's window.
const TITLE: &str = "Letter";
/// What it types, again and again.
const KEYS: [&str; 5] = ["q", "w", "e", "r", "t"];
/// How long a step of a program may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// A workspace that is closed goes soon, so that it is made anew for the next profile.
const WORKSPACE_REST: &str = "1500";

/// A client of the stand-in's account.
const KNOWN: &str = "79161234567";

/// Options of `cargo xtask bench focus`.
#[derive(Args)]
pub struct Options {
    /// How many calls.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    calls: u32,
    /// Measure the unoptimised build.
    #[arg(long)]
    dev: bool,
}

/// What a call comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// The agent talks: a profile opens, and a card stays after the end.
    Answered,
    /// The same, and the workspace is closed afterwards.
    AnsweredAndClosed,
    /// Nobody answers.
    Missed,
    /// A colleague answers.
    Elsewhere,
}

const COURSES: [Course; 4] = [Course::Answered, Course::Missed, Course::AnsweredAndClosed, Course::Elsewhere];

/// Builds, lets the robot type during so many calls on a private screen, and prints what it lost beside the aim: nothing.
pub fn focus(options: &Options) -> Result<ExitCode> {
    let told = Told {
        arguments: &["--hidden"],
        environment: &[("RINGSIDE_WORKSPACE_REST_MS", WORKSPACE_REST)],
    };
    let mut desk = Desk::set(options.dev, told)?;
    for step in ["pbx_up", "omnidesk_up", "rehearsed"] {
        desk.await_step(0, step)?;
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let mut robot = Robot::start(&desk.session, folder.path(), &desk.house.logs)?;
    for number in 0..options.calls {
        let course = COURSES[number as usize % COURSES.len()];
        let done = desk.one_course(number, course);
        done.with_context(|| format!("call {} of {} ({course:?})", number + 1, options.calls))?;
        if (number + 1) % 50 == 0 {
            eprintln!("  … {} of {} calls", number + 1, options.calls);
        }
    }
    let typed = robot.stop()?;
    let lost = typed.keys.saturating_sub(typed.arrived);
    println!(
        "{} calls, {} keys typed into another window, {} arrived there; windows made active meanwhile: {}",
        options.calls, typed.keys, typed.arrived, typed.activations
    );
    println!("{}", aim_line("lost keystrokes", count(lost), 0.0, "of them"));
    println!(
        "{}",
        aim_line("activations of other windows", count(typed.activations), 0.0, "of them")
    );
    println!("load of this computer over the last minute: {}", stats::load());
    if typed.keys == 0 {
        bail!("the robot typed nothing; see {}", desk.house.logs.join("focus-robot.log").display());
    }
    Ok(if lost + typed.activations == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[expect(clippy::cast_precision_loss, reason = "far below what an f64 counts exactly")]
fn count(number: usize) -> f64 {
    number as f64
}

impl Desk {
    fn one_course(&mut self, number: u32, course: Course) -> Result<()> {
        let from = self.now()?;
        let caller = match course {
            // Only who is known has a profile that opens.
            Course::Answered | Course::AnsweredAndClosed => KNOWN.to_owned(),
            Course::Missed | Course::Elsewhere => format!("7900{:07}", 9_000_000 + number),
        };
        let call = match course {
            Course::Elsewhere => Call::taken_by_colleague(&caller, PATIENCE, Duration::ZERO),
            _ => Call::incoming(&caller, PATIENCE, "answered", Duration::ZERO),
        };
        let name = self.stage.control.place(&call.by_hand(), &self.stage.extension)?;
        let offered = self.await_step(from, "offered")?;
        let mut of_this_call = |step: &'static str| {
            let call = offered.call.clone();
            self.await_entry(from, step, move |entry| entry.step == step && entry.call == call)
        };
        of_this_call("popup_painted")?;
        match course {
            Course::Elsewhere => self.stage.control.let_colleague_take(&name)?,
            Course::Missed => self.stage.control.step(&name, "hangup")?,
            Course::Answered | Course::AnsweredAndClosed => {
                self.stage.control.step(&name, "answer")?;
                self.await_step(from, "profile_opened")?;
                // As long as the workspace takes to come into view.
                process::pause(Duration::from_millis(600))?;
                self.stage.control.step(&name, "hangup")?;
            }
        }
        self.await_entry(from, "ended", |entry| entry.step == "ended" && entry.call == offered.call)?;
        if course == Course::AnsweredAndClosed {
            self.session.close_windows(700)?;
            self.await_step(from, "main_gone")?;
        }
        process::pause(Duration::from_millis(fastrand::u64(150..350)))
    }
}

/// Somebody who types steadily into a window of their own, and what is written down meanwhile.
struct Robot {
    typist: Running,
    /// It types as long as this file is there.
    goes_on: PathBuf,
    typed: PathBuf,
    arrived: PathBuf,
    active: PathBuf,
    window: u64,
    _window: Running,
    _watch: Running,
}

/// What a robot has come to.
struct Typed {
    keys: usize,
    arrived: usize,
    activations: usize,
}

impl Robot {
    fn start(session: &Session, folder: &Path, logs: &Path) -> Result<Self> {
        let file = |name: &str| folder.join(name);
        let log = logs.join("focus-robot.log");
        let (goes_on, typed, arrived, active) = (file("goes-on"), file("typed"), file("arrived"), file("active"));
        std::fs::write(&goes_on, "")?;
        // Line by line, so that nothing stays behind in a program that is ended.
        let written = |command: &str, to: &Path| {
            let mut shell = session.command("sh");
            shell.arg("-c").arg(format!("exec stdbuf -oL {command} >'{}'", to.display()));
            shell
        };
        let window = Running::start("xev", written(&format!("xev -name {TITLE} -event keyboard"), &arrived), &log, false)?;
        let id = process::wait_for(PATIENCE, || {
            let found = output_of(session.command("xdotool").args(["search", "--onlyvisible", "--name", TITLE]));
            Ok(found.and_then(|ids| ids.lines().next()?.parse::<u64>().ok()))
        })?;
        let id = id.context("the robot's window did not come up")?;
        let has_focus = process::wait_for(PATIENCE, || {
            output_of(session.command("xdotool").args(["windowactivate", "--sync", &id.to_string()]));
            Ok((session.focus() == TITLE).then_some(()))
        })?;
        has_focus.context("the robot's window does not get the keyboard")?;
        let watch = Running::start("xprop", written("xprop -root -spy _NET_ACTIVE_WINDOW", &active), &log, false)?;
        let watches = process::wait_for(PATIENCE, || Ok(read(&active).contains('#').then_some(())))?;
        watches.context("nobody tells which window is active")?;
        // A key that is held while the computer is busy must not count twice.
        output_of(session.command("xset").args(["r", "off"])).context("cannot run xset")?;
        let keys = KEYS.join(" ");
        let script = format!(
            "while [ -e '{}' ]; do xdotool key --delay 15 {keys} && echo {keys} >>'{}'; sleep 0.05; done",
            goes_on.display(),
            typed.display()
        );
        let mut typist = session.command("sh");
        typist.args(["-c", &script]);
        Ok(Self {
            typist: Running::start("the typist", typist, &log, false)?,
            goes_on,
            typed,
            arrived,
            active,
            window: id,
            _window: window,
            _watch: watch,
        })
    }

    /// Lets it come to the end of its word, and counts.
    fn stop(&mut self) -> Result<Typed> {
        std::fs::remove_file(&self.goes_on)?;
        let stopped = process::wait_for(PATIENCE, || self.typist.ended())?;
        stopped.context("the typist does not stop")?;
        let keys = read(&self.typed).split_whitespace().count();
        // The last ones are on their way; those that are lost do not come however long one waits.
        process::wait_for(Duration::from_secs(3), || Ok((pressed(&read(&self.arrived)) >= keys).then_some(())))?;
        Ok(Typed {
            keys,
            arrived: pressed(&read(&self.arrived)),
            activations: activations(&read(&self.active), self.window),
        })
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// How many keys went down, as xev writes it.
fn pressed(events: &str) -> usize {
    events.lines().filter(|line| line.starts_with("KeyPress event")).count()
}

/// How often another window than this one became the active one, as `xprop -spy` writes it.
fn activations(told: &str, own: u64) -> usize {
    let active = told.lines().filter_map(|line| {
        let (_, ids) = line.split_once("# 0x")?;
        u64::from_str_radix(ids.split(',').next()?.trim(), 16).ok()
    });
    active.filter(|id| *id != own).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_activations_are_counted_as_the_tools_write_them() {
        let events = "\nKeyPress event, serial 28, synthetic NO, window 0x1000001,\n    root 0x50d, state 0x0\n\nKeyRelease event, serial 28\n\nKeyPress event, serial 28";
        assert_eq!(pressed(events), 2);
        let told = "_NET_ACTIVE_WINDOW(WINDOW): window id # 0x1000001\n_NET_ACTIVE_WINDOW(WINDOW): window id # 0x2000003\n_NET_ACTIVE_WINDOW(WINDOW): window id # 0x1000001, 0x0\n_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0\n";
        assert_eq!(activations(told, 0x0100_0001), 2, "another window, and none");
        assert_eq!(activations("", 1), 0);
    }
}
