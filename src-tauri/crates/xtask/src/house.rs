//! Where things lie in this repository, and how its own programs are built.

use crate::process::{self, Ended};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// The repository and its build folder.
pub struct House {
    /// The repository's root.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Where xtask keeps the output of long steps.
    pub logs: PathBuf,
}

/// How the programs are optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Dev,
    /// Optimised, for measuring.
    Quick,
}

impl Profile {
    const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Quick => "quick",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Quick => "quick",
        }
    }
}

impl House {
    /// Finds the repository from the place xtask was built in, and asks Cargo for the target folder.
    pub fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .find(|dir| dir.join("rust-toolchain.toml").is_file())
            .context("cannot find the repository's root")?;
        let mut metadata = cargo_in(root);
        metadata.args(["metadata", "--format-version=1", "--no-deps", "--offline"]);
        let metadata = process::output_of(&mut metadata).context("`cargo metadata` failed: is the root Cargo.toml sound?")?;
        let metadata: Value = serde_json::from_str(&metadata).context("`cargo metadata` printed no JSON")?;
        let target = PathBuf::from(
            metadata["target_directory"]
                .as_str()
                .context("`cargo metadata` names no target folder")?,
        );
        let logs = target.join("xtask/logs");
        std::fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
        Ok(Self {
            root: root.to_owned(),
            target,
            logs,
        })
    }

    /// A Cargo command in this repository.
    pub fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// The user interface's folder.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where a program lies once it is built.
    pub fn program(&self, name: &str, profile: Profile) -> PathBuf {
        self.target.join(profile.folder()).join(name)
    }

    /// The command that builds one program of a package.
    pub fn build(&self, package: &str, profile: Profile) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["build", "--package", package, "--bin", package, "--profile", profile.name()]);
        cargo
    }

    /// Builds the programs and tests of all packages and says which tests there are.
    ///
    /// In one go, whichever of them is wanted: Cargo settles the features of what we depend on for the packages that it is
    /// told of, so package by package WebKit's bindings and all between them and us were built three times.
    pub fn build_tests(&self, log: &Path, beat: impl FnMut(Duration)) -> Result<Vec<TestProgram>> {
        let mut cargo = self.cargo();
        cargo.args([
            "build",
            "--workspace",
            "--bins",
            "--tests",
            "--message-format=json-render-diagnostics",
        ]);
        let done = process::logged(cargo, log, Duration::from_secs(3600), beat)?;
        if done.ended != Ended::Well {
            bail!(
                "it does not build; `cargo xtask doctor` names missing libraries:\n{}",
                done.tail(40)
            );
        }
        let messages = done.text();
        let programs = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
        Ok(programs.filter_map(|message: Value| TestProgram::of(&message)).collect())
    }
}

/// A program of tests that Cargo has built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestProgram {
    /// The folder of its package.
    pub package: PathBuf,
    /// What Cargo calls it: the file in `tests`, the library, the program.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

impl TestProgram {
    /// What one of Cargo's messages tells of a program of tests, if it does.
    fn of(message: &Value) -> Option<Self> {
        if message["profile"]["test"] != true {
            return None;
        }
        Some(Self {
            package: Path::new(message["manifest_path"].as_str()?).parent()?.to_owned(),
            name: message["target"]["name"].as_str()?.to_owned(),
            path: message["executable"].as_str()?.into(),
        })
    }

    /// The command that runs it, in its package's folder as Cargo does.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.current_dir(&self.package).env("CARGO_MANIFEST_DIR", &self.package);
        command
    }
}

fn cargo_in(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).stdin(Stdio::null());
    // What `cargo run` told *us* about our own package must not reach build scripts of others: some
    // watch these variables and would be built anew each time.
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            cargo.env_remove(&key);
        }
    }
    cargo
}
