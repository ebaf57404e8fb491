//! Nothing is depended on that nobody uses: a dependency of the workspace is some crate's, and a crate's is named in its
//! sources. Read from the manifests and sources alone, so that it needs no tool and no network.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Each crate's manifest, and where its sources lie.
fn crates() -> Vec<(PathBuf, Vec<PathBuf>)> {
    let root = root();
    let mut crates = vec![
        (
            root.join("Cargo.toml"),
            vec![root.join("src-tauri/src"), root.join("src-tauri/build.rs")],
        ),
        (root.join("tests/Cargo.toml"), vec![root.join("tests")]),
    ];
    for entry in fs::read_dir(root.join("src-tauri/crates")).unwrap() {
        let folder = entry.unwrap().path();
        crates.push((folder.join("Cargo.toml"), vec![folder]));
    }
    crates
}

/// What a manifest names under headings that these say.
fn named(manifest: &Path, is_heading: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in text.lines() {
        match line.strip_prefix('[').and_then(|heading| heading.strip_suffix(']')) {
            Some(heading) => inside = is_heading(heading),
            None if inside => names.extend(line.split_once(['.', '=', ' ']).map(|(name, _)| name.to_owned())),
            None => {}
        }
    }
    names.retain(|name| !name.is_empty() && !name.starts_with('#'));
    names
}

fn of_crate(heading: &str) -> bool {
    heading.ends_with("dependencies") && heading != "workspace.dependencies"
}

fn words(place: &Path, into: &mut BTreeSet<String>) {
    if place.is_dir() {
        fs::read_dir(place).unwrap().for_each(|entry| words(&entry.unwrap().path(), into));
    } else if place.extension().is_some_and(|extension| extension == "rs") {
        let text = fs::read_to_string(place).unwrap();
        into.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
    }
}

#[test]
fn a_dependency_of_a_crate_is_named_in_its_sources() {
    let mut unused = Vec::new();
    for (manifest, places) in crates() {
        let mut said = BTreeSet::new();
        places.iter().for_each(|place| words(place, &mut said));
        let names = named(&manifest, of_crate);
        assert!(said.len() > 100, "{} has sources", manifest.display());
        let lacking = names.into_iter().filter(|name| !said.contains(&name.replace('-', "_")));
        unused.extend(lacking.map(|name| format!("{}: {name}", manifest.display())));
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn a_dependency_of_the_workspace_is_some_crates() {
    let mut used = BTreeSet::new();
    crates().iter().for_each(|(manifest, _)| used.extend(named(manifest, of_crate)));
    let all = named(&root().join("Cargo.toml"), |heading| heading == "workspace.dependencies");
    assert!(all.contains("serde") && used.contains("serde"), "they are read");
    let unused: Vec<_> = all.difference(&used).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
