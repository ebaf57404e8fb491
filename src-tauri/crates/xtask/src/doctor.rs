//! `cargo xtask doctor`: what this machine lacks, and what for.

use crate::{
    house::House,
    packages::{self, AsRoot, For},
    process::{on_path, output_of},
};
use anyhow::Result;
use std::process::{Command, ExitCode};

/// Prints one line for each need. Ends with a failure when something is missing.
pub fn run() -> Result<ExitCode> {
    let house = House::find()?;
    let mut well = true;
    let mut say = |fine: bool, needed: bool, what: &str, detail: &str| {
        well &= fine || !needed;
        println!(
            "  {} {what}: {detail}",
            if fine {
                "✔"
            } else if needed {
                "✘"
            } else {
                "⚠"
            }
        );
    };
    for what in For::ALL {
        match packages::missing(&[what]) {
            Some(missing) if missing.is_empty() => say(true, true, what.words(), "all packages there"),
            Some(missing) => say(false, true, what.words(), &format!("missing packages: {}", missing.join(" "))),
            None => say(false, false, what.words(), "not Debian or Ubuntu, look for yourself"),
        }
    }
    match packages::node() {
        Ok(version) => say(true, true, "Node.js for the user interface", &version),
        Err(why) => say(false, true, "Node.js for the user interface", &why),
    }
    let modules = house.ui().join("node_modules").is_dir();
    say(
        modules,
        false,
        "npm packages",
        if modules {
            "there"
        } else {
            "not yet; `cargo xtask demo` and `test` install them"
        },
    );
    let nextest = on_path("cargo-nextest") || output_of(house.cargo().args(["nextest", "--version"])).is_some();
    say(
        nextest,
        false,
        "cargo-nextest",
        if nextest {
            "there: tests run faster and apart from each other"
        } else {
            "missing, `cargo install --locked` it: tests run faster and apart from each other"
        },
    );
    let deny = on_path("cargo-deny");
    say(
        deny,
        false,
        "cargo-deny",
        if deny { "there" } else { "not yet; `cargo xtask test` installs it" },
    );
    let root = AsRoot::find();
    say(
        root.is_some(),
        false,
        "root",
        match root {
            Some(AsRoot::Already) => "already",
            Some(AsRoot::Sudo) => "by sudo without a password",
            None => "no: packages cannot be installed for you, and the tests with a real PBX are skipped",
        },
    );
    let spaces = output_of(Command::new("unshare").args(["--net", "--mount", "--pid", "--fork", "true"])).is_some();
    say(
        spaces,
        false,
        "namespaces",
        if spaces {
            "there"
        } else {
            "no: the real PBX needs its fixed ports on the loopback"
        },
    );
    println!(
        "\n{}",
        if well {
            "Everything that is needed is there."
        } else {
            "`cargo xtask demo` and `cargo xtask test` install what is missing, where they can."
        }
    );
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
