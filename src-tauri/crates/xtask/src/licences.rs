//! What comes into the product from outside: licences, bans and sources of its crates and of the interface's packages.
//!
//! cargo-deny is installed by the step itself where it is missing, into the target folder and once. Advisories are not
//! asked for: their database is fetched from GitHub, which a closed network does not reach; `cargo deny check advisories`
//! asks where it can be.

use crate::{
    house::House,
    process::{on_path, output_of},
    steps::{Outcome, Step},
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{path::PathBuf, process::Command};

/// Which cargo-deny is installed where there is none.
const DENY: &str = "cargo-deny@0.20.2";
/// What packages of the interface may stand under: deny.toml's list, and the licence of free fonts.
const PERMISSIVE: [&str; 8] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 OR MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "OFL-1.1",
];
/// MPL-2.0 asks only for changes to its own files; these build and test the interface and are in no product.
const MPL: [&str; 2] = ["axe-core", "lightningcss"];
/// Packages that name no licence in their description; each has an MIT licence as a file, and only builds the words.
const UNNAMED: [&str; 2] = ["@inlang/plugin-message-format", "sqlite-wasm-kysely"];

/// The step «licences».
pub fn check(step: &mut Step<'_>) -> Result<Outcome> {
    let lock = std::fs::read_to_string(step.house.ui().join("package-lock.json")).context("cannot read package-lock.json")?;
    let faults = of_packages(&serde_json::from_str(&lock).context("package-lock.json is no JSON")?);
    if !faults.is_empty() {
        return Ok(Outcome::Failed(format!("in ui/package-lock.json:\n    {}", faults.join("\n    "))));
    }
    let Some(program) = cargo_deny(step)? else {
        return Ok(Outcome::Skipped(format!(
            "cargo-deny could not be installed: cargo install --locked {DENY}"
        )));
    };
    let mut deny = Command::new(program);
    deny.current_dir(&step.house.root)
        .args(["deny", "--offline", "check", "licenses", "bans", "sources"]);
    step.try_command(deny, "deny.toml says what is allowed; a new licence is a decision, not a formality")
}

/// Where cargo-deny lies; installed if it is nowhere.
fn cargo_deny(step: &mut Step<'_>) -> Result<Option<PathBuf>> {
    if on_path("cargo-deny") {
        return Ok(Some("cargo-deny".into()));
    }
    let tools = tools(step.house);
    let program = tools.join("bin/cargo-deny");
    let works = |program: &PathBuf| output_of(Command::new(program).arg("--version")).is_some();
    if !works(&program) {
        let mut install = step.house.cargo();
        // It runs for seconds: built without optimising it is there in half the time.
        install
            .args(["install", "--debug", "--locked", DENY, "--root"])
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build"));
        step.logged(install)?;
        let _ = std::fs::remove_dir_all(tools.join("build"));
    }
    Ok(works(&program).then_some(program))
}

fn tools(house: &House) -> PathBuf {
    house.target.join("xtask/tools")
}

/// What is wrong with the interface's packages: a licence nobody has allowed, or a package whose content is not pinned.
fn of_packages(lock: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        let Some((_, name)) = path.rsplit_once("node_modules/") else {
            // Our own.
            continue;
        };
        let dev = package["dev"] == true || package["devOptional"] == true;
        let licence = package["license"].as_str();
        let allowed = match licence {
            Some("MPL-2.0") => dev && MPL.iter().any(|mpl| name.starts_with(mpl)),
            Some(licence) => PERMISSIVE.contains(&licence),
            None => dev && UNNAMED.contains(&name),
        };
        if !allowed {
            faults.push(format!("{name}: licence {}", licence.unwrap_or("not named")));
        }
        if !package["integrity"].as_str().is_some_and(|sum| sum.starts_with("sha512-")) {
            faults.push(format!("{name}: no sha512 of its content"));
        }
    }
    if faults.is_empty() && lock["packages"].as_object().is_none_or(serde_json::Map::is_empty) {
        faults.push("it lists no packages".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_licence_that_nobody_allowed_and_a_package_that_is_not_pinned_are_named() {
        let sum = "sha512-x";
        let lock = json!({"packages": {
            "": {"name": "ringside-ui"},
            "node_modules/good": {"license": "MIT", "integrity": sum},
            "node_modules/a/node_modules/@scope/inner": {"license": "GPL-3.0", "integrity": sum},
            "node_modules/lightningcss": {"license": "MPL-2.0", "integrity": sum},
            "node_modules/lightningcss-linux-x64-gnu": {"license": "MPL-2.0", "integrity": sum, "dev": true},
            "node_modules/silent": {"integrity": sum, "dev": true},
            "node_modules/loose": {"license": "ISC", "integrity": "sha1-x"},
        }});
        let faults = of_packages(&lock);
        assert_eq!(
            faults,
            [
                "@scope/inner: licence GPL-3.0",
                "lightningcss: licence MPL-2.0",
                "loose: no sha512 of its content",
                "silent: licence not named",
            ]
        );
        assert_eq!(of_packages(&json!({})), ["it lists no packages"]);
    }
}
