//! `cargo xtask test`: every check of the house, one step each.

use crate::{
    house::{House, Profile, TestProgram},
    licences,
    packages::{self, AsRoot, For},
    process::output_of,
    session::Session,
    steps::{Outcome, Step, Steps},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Options of `cargo xtask test`.
#[derive(Args)]
pub struct Options {
    /// Only these steps; see --list.
    #[arg(long, num_args = 1.., value_name = "NAME")]
    only: Vec<String>,
    /// Check for Windows, too, and make the folder with its compiler (3 GB) where it is not there.
    #[arg(long)]
    windows: bool,
    /// List the steps and what each checks.
    #[arg(long)]
    list: bool,
}

type Body = fn(&mut Step<'_>) -> Result<Outcome>;

/// One step: its name, what it checks, the packages it needs, whether it needs the interface's npm packages.
struct Check {
    name: &'static str,
    about: &'static str,
    packages: &'static [For],
    npm: bool,
    body: Body,
}

const BUILD: &[For] = &[For::Build];
/// The one step that makes what it needs only where that is wished for.
const WINDOWS: &str = "windows";

const CHECKS: [Check; 13] = [
    Check {
        name: "format",
        about: "Rust sources are formatted",
        packages: &[],
        npm: false,
        body: format,
    },
    Check {
        name: "lints",
        about: "clippy says nothing, in all crates and targets",
        packages: BUILD,
        npm: true,
        body: lints,
    },
    Check {
        name: "crates",
        about: "unit, property and documentation tests of the crates; all programs and tests are built first",
        packages: BUILD,
        npm: true,
        body: crates,
    },
    Check {
        name: "ui-check",
        about: "the interface's types",
        packages: &[],
        npm: true,
        body: ui_check,
    },
    Check {
        name: "ui-tests",
        about: "the interface's tests: screens, words in both languages, contrast",
        packages: &[],
        npm: true,
        body: ui_tests,
    },
    Check {
        name: "app",
        about: "the app's own tests; the typed bindings are current",
        packages: BUILD,
        npm: true,
        body: app,
    },
    Check {
        name: "scenarios",
        about: "the call workflow's rules against the stand-in PBX and Omnidesk",
        packages: BUILD,
        npm: true,
        body: scenarios,
    },
    Check {
        name: "window",
        about: "the real window, driven by WebDriver on a private screen",
        packages: &[For::Build, For::Run, For::Session, For::Window],
        npm: true,
        body: window,
    },
    Check {
        name: "screens",
        about: "every screen in both languages and themes: axe-core, edges, pictures",
        packages: &[For::Build, For::Run, For::Session, For::Window],
        npm: true,
        body: screens,
    },
    Check {
        name: "demo",
        about: "the scripted demo, each step observed",
        packages: &[For::Build, For::Run, For::Session],
        npm: true,
        body: scripted_demo,
    },
    Check {
        name: "asterisk",
        about: "calls through a real Asterisk, and what its reverse proxies let through",
        packages: &[For::Build, For::Pbx, For::Proxies],
        npm: true,
        body: asterisk,
    },
    Check {
        name: WINDOWS,
        about: "types and lints for Windows, where its compiler's folder is there or --windows is given",
        packages: &[],
        npm: true,
        body: |step| crate::check::windows(step, false),
    },
    Check {
        name: "licences",
        about: "licences, bans and sources of all dependencies",
        packages: &[],
        npm: false,
        body: licences::check,
    },
];

/// Runs the steps, prints the table. The status is a failure when a step failed; a skipped one is said aloud.
pub fn run(options: &Options) -> Result<ExitCode> {
    if options.list {
        for check in &CHECKS {
            println!("{:<10} {}", check.name, check.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(&options.only)?;
    let house = House::find()?;
    let mut steps = Steps::new(&house);
    prepare(&mut steps, &chosen)?;
    for check in chosen {
        if check.name == WINDOWS && options.windows {
            steps.run("system packages for Windows", |step| packages::install(step, &[For::Windows]))?;
            steps.run(check.name, |step| crate::check::windows(step, true))?;
        } else {
            steps.run(check.name, check.body)?;
        }
    }
    let (table, well) = steps.summary();
    println!("{table}");
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn choose(only: &[String]) -> Result<Vec<&'static Check>> {
    if let Some(stranger) = only.iter().find(|name| CHECKS.iter().all(|check| check.name != **name)) {
        let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        bail!("there is no step {stranger}; there are: {}", names.join(", "));
    }
    Ok(CHECKS
        .iter()
        .filter(|check| only.is_empty() || only.iter().any(|name| name == check.name))
        .collect())
}

/// Installs what the chosen steps need. A failure here is a failed step, not the end: others may still run.
fn prepare(steps: &mut Steps<'_>, chosen: &[&Check]) -> Result<()> {
    // Without root the real PBX is skipped anyway; its packages need not be there then.
    let possible = |what: &For| !matches!(what, For::Pbx | For::Proxies) || AsRoot::find().is_some();
    let wanted: Vec<For> = For::ALL
        .into_iter()
        .filter(|what| possible(what) && chosen.iter().any(|check| check.packages.contains(what)))
        .collect();
    if !wanted.is_empty() {
        steps.run("system packages", |step| packages::install(step, &wanted))?;
    }
    if chosen.iter().any(|check| check.npm) {
        steps.run("node", packages::install_node)?;
        steps.run("npm packages", packages::install_npm)?;
    }
    Ok(())
}

fn format(step: &mut Step<'_>) -> Result<Outcome> {
    let mut cargo = step.house.cargo();
    cargo.args(["fmt", "--all", "--check"]);
    step.try_command(cargo, "cargo fmt --all")
}

fn lints(step: &mut Step<'_>) -> Result<Outcome> {
    let mut cargo = step.house.cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    step.try_command(cargo, "mend what clippy says; a lint is only switched off with a reason beside it")
}

/// Packages whose tests are steps of their own.
const APART: [&str; 2] = ["ringside", "ringside-tests"];

fn crates(step: &mut Step<'_>) -> Result<Outcome> {
    // What nextest and the documentation's examples need is built with everything else; see `House::build_tests`.
    test_programs(step)?;
    let nextest = output_of(step.house.cargo().args(["nextest", "--version"])).is_some();
    let mut tests = step.house.cargo();
    if nextest {
        let others = format!("not (package({}))", APART.join(") or package("));
        tests.args(["nextest", "run", "--no-fail-fast", "--workspace", "--filterset", &others]);
    } else {
        tests.args(["test", "--lib", "--bins", "--tests", "--no-fail-fast", "--workspace"]);
        tests.args(APART.iter().flat_map(|package| ["--exclude", package]));
    }
    if let failed @ Outcome::Failed(_) = step.try_tests(tests, "cargo test -p CRATE NAME runs one of them")? {
        return Ok(failed);
    }
    // nextest does not run the examples in the documentation.
    let mut examples = step.house.cargo();
    examples.args(["test", "--doc", "--workspace"]);
    step.try_tests(examples, "cargo test -p CRATE --doc NAME runs one of them")
}

fn npm(step: &mut Step<'_>, script: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["run", script]).current_dir(step.house.ui()).env("NO_COLOR", "1");
    npm
}

fn ui_check(step: &mut Step<'_>) -> Result<Outcome> {
    let command = npm(step, "check");
    step.try_command(command, "cd ui && npm run check")
}

fn ui_tests(step: &mut Step<'_>) -> Result<Outcome> {
    let command = npm(step, "test");
    step.try_tests(command, "cd ui && npm test")
}

fn app(step: &mut Step<'_>) -> Result<Outcome> {
    let root = step.house.root.clone();
    let programs = test_programs(step)?.into_iter().filter(|program| program.package == root);
    step.try_tests_at_once(
        programs.map(|program| program.command()).collect(),
        "stale bindings are written anew by the test that complains; then commit them",
    )
}

/// So many desks at once: they mostly wait for calls, not for a processor.
const DESKS: &str = "6";

fn scenarios(step: &mut Step<'_>) -> Result<Outcome> {
    let mut scenarios = test_program(step, "scenarios")?.command();
    scenarios.args(["--test-threads", DESKS]);
    let tools = test_program(step, "ringside_tests")?.command();
    step.try_tests_at_once(
        vec![tools, scenarios],
        "cargo test -p ringside-tests --test scenarios NAME runs one of them",
    )
}

/// Arguments of a test program whose tests need more than a plain `cargo test` can give them; they are
/// marked `#[ignore]` with the way to run them, and share one desktop or one PBX.
const EQUIPPED: [&str; 2] = ["--include-ignored", "--test-threads=1"];

/// The tests of the desktop program that look at single screens, without the app.
const SCREENS: &str = "screens::";
/// The one of them that goes through all screens.
const EVERY_SCREEN: &str = "screens::every_screen";
/// So many browsers at once, each with a part of the screens: one keeps one processor busy.
const BROWSERS: usize = 2;

fn window(step: &mut Step<'_>) -> Result<Outcome> {
    let program = test_program(step, "desktop")?;
    let session = Session::start("C.UTF-8", &step.house.logs)?;
    step.try_tests(
        desktop(step.house, &session, &program.path, &["--skip", SCREENS]),
        "screenshots lie in target/screens; cargo xtask session -- COMMAND gives the same desktop to look into",
    )
}

fn screens(step: &mut Step<'_>) -> Result<Outcome> {
    // Not built again without need: the app embeds these very files and would be built again after them.
    if packages::interface_is_stale(step.house) {
        let build = npm(step, "build");
        if let failed @ Outcome::Failed(_) = step.try_command(build, "cd ui && npm run build")? {
            return Ok(failed);
        }
    }
    let program = test_program(step, "desktop")?;
    let sessions: Vec<Session> = (0..BROWSERS)
        .map(|_| Session::start("C.UTF-8", &step.house.logs))
        .collect::<Result<_>>()?;
    let parts = sessions.iter().zip(1..).map(|(session, part)| {
        // What is looked at once for all is the first one's.
        let mut command = desktop(
            step.house,
            session,
            &program.path,
            &[if part == 1 { SCREENS } else { EVERY_SCREEN }],
        );
        command.env("RINGSIDE_PART", format!("{part}/{BROWSERS}"));
        command
    });
    step.try_tests_at_once(
        parts.collect(),
        "look at the named screens in target/screens; `?fake=SCENE&lang=en&theme=dark` opens one in `npm run dev`",
    )
}

/// Tests of the desktop program on a private desktop.
fn desktop(house: &House, session: &Session, program: &Path, tests: &[&str]) -> Command {
    let mut command = session.command(program);
    command
        .args(EQUIPPED)
        .args(tests)
        .current_dir(house.root.join("tests"))
        .env("RINGSIDE_BIN", house.program("ringside", Profile::Dev))
        .env("RINGSIDE_SCREENS", crate::stage::screenshots(house));
    command
}

fn scripted_demo(step: &mut Step<'_>) -> Result<Outcome> {
    test_programs(step)?;
    // This very program lies there, though the build may have put a new file in its place.
    let mut demo = Command::new(step.house.program("xtask", Profile::Dev));
    demo.args(["demo", "--headless", "--built"]).current_dir(&step.house.root);
    step.try_command(
        demo,
        "cargo xtask demo --headless shows the same, with screenshots in target/screens",
    )
}

/// So many PBXs at once, each with a part of the tests: they mostly wait for phones.
const PBXS: &str = "4";

fn asterisk(step: &mut Step<'_>) -> Result<Outcome> {
    let folder = step.house.root.join("tests/asterisk");
    let Some(root) = AsRoot::find() else {
        return Ok(Outcome::Skipped(
            "a real Asterisk runs by chroot, which needs root (or sudo without a password)".to_owned(),
        ));
    };
    let setup = script(root, folder.join("setup"));
    if let Some(outcome) = step.set_up(setup, "this machine cannot set Asterisk up")? {
        return Ok(outcome);
    }
    let program = test_program(step, "asterisk")?.path;
    let mut probe = script(root, folder.join("isolated"));
    probe.arg("true");
    let isolated = matches!(step.try_command(probe, "")?, Outcome::Passed(_));
    let mut command = if isolated {
        let mut command = script(root, folder.join("parts"));
        command.arg(PBXS).arg(program);
        command
    } else {
        // Without a network of its own the PBX takes its fixed ports on the loopback.
        script(root, program)
    };
    command.args(EQUIPPED).current_dir(step.house.root.join("tests"));
    step.try_tests(
        command,
        "tests/asterisk/README.md says how to run one of them and how to watch the PBX",
    )
}

/// A program run by root that keeps what it needs of our environment.
fn script(root: AsRoot, program: PathBuf) -> Command {
    root.keeping(&["ASTERISK_ROOT", "ASTERISK_SUITES", "RUST_LOG", "PATH"], program)
}

/// All programs of tests, built; beside them lie the app and the sandbox.
fn test_programs(step: &mut Step<'_>) -> Result<Vec<TestProgram>> {
    let house = step.house;
    let log = house.logs.join("build.log");
    let _ = std::fs::remove_file(&log);
    house.build_tests(&log, |_| step.beat())
}

/// One program of the package `tests`.
fn test_program(step: &mut Step<'_>, name: &str) -> Result<TestProgram> {
    let folder = step.house.root.join("tests");
    let found = test_programs(step)?
        .into_iter()
        .find(|program| program.package == folder && program.name == name);
    found.with_context(|| format!("cargo built no test program {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_refused_with_the_list_of_the_known_ones() {
        let refused = choose(&["formt".to_owned()]).map(|chosen| chosen.len());
        assert!(refused.is_err_and(|error| error.to_string().contains("format, lints")));
    }

    #[test]
    fn the_order_of_the_steps_is_the_houses_not_the_command_lines() -> Result<()> {
        let names: Vec<&str> = choose(&["asterisk".to_owned(), "format".to_owned()])?
            .iter()
            .map(|check| check.name)
            .collect();
        assert_eq!(names, ["format", "asterisk"]);
        assert_eq!(choose(&[])?.len(), CHECKS.len());
        Ok(())
    }
}
