//! The walls of the house: who may know whom, as ARCHITECTURE.md's tables say it, read from the sources.
//!
//! What a table allows and nobody uses is allowed; what is used and stands in no table fails, with the file named. Tests
//! may reach anywhere, so test modules are left out.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of all crates.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn architecture() -> String {
    fs::read_to_string(crates().join("../../ARCHITECTURE.md")).unwrap()
}

/// The rows of the table that stands under a heading: first cell, last cell.
fn table(text: &str, heading: &str) -> Vec<(String, String)> {
    let (_, under) = text
        .split_once(&format!("{heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let lines = under
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let rows: Vec<(String, String)> = lines
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            (cells[0].replace('`', ""), cells[cells.len() - 1].replace('`', ""))
        })
        .collect();
    assert!(rows.len() > 3, "the table under {heading} is not read: {rows:?}");
    rows
}

fn words(cell: &str) -> BTreeSet<String> {
    cell.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// All Rust sources under a folder, with their paths from it; without those that are tests.
fn sources(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            let is_test = name.ends_with("tests.rs") || name.split('/').any(|part| part == "tests");
            if name.ends_with(".rs") && !is_test {
                found.insert(name, shipped(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources under {}", folder.display());
    found
}

/// What of a source is not its test module and not a comment.
fn shipped(text: &str) -> String {
    let ends = ["", "pub(super) ", "pub(crate) "].map(|seen_by| format!("#[cfg(test)]\n{seen_by}mod tests {{"));
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    let code = &text[..end];
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first names after each `crate::` of a source.
fn used_rooms(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (_, after) in code.match_indices("crate::").map(|(at, found)| (at, &code[at + found.len()..])) {
        if let Some(list) = after.strip_prefix('{') {
            let list = list.split_once("};").map_or(list, |(list, _)| list);
            let mut depth = 0;
            let mut name = String::new();
            for sign in list.chars().chain([',']) {
                match sign {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        rooms.extend(first_name(name.trim()));
                        name.clear();
                    }
                    _ if depth == 0 => name.push(sign),
                    _ => {}
                }
            }
        } else {
            rooms.extend(first_name(after));
        }
    }
    rooms
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The room of a source: its folder, or its own name.
fn room_of(path: &str) -> String {
    let first = path.split('/').next().unwrap();
    first.strip_suffix(".rs").unwrap_or(first).to_owned()
}

/// Who is reached from whom by way of others, as far as it leads back.
fn circle(knows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut open: BTreeMap<String, BTreeSet<String>> = knows.clone();
    loop {
        let ends: Vec<String> = open
            .iter()
            .filter(|(_, known)| known.iter().all(|name| !open.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        if ends.is_empty() {
            return (!open.is_empty()).then(|| open.into_keys().collect());
        }
        for name in ends {
            open.remove(&name);
        }
    }
}

/// What a crate's manifest says it is made of, without what only its tests use.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("dev-");
        } else if inside {
            found.extend(first_name(&line.replace('-', "_")));
        }
    }
    found
}

#[test]
fn a_crate_knows_only_those_that_the_table_of_rooms_names() {
    let rows = table(&architecture(), "## Where things are");
    let rooms: BTreeMap<String, BTreeSet<String>> = rows
        .iter()
        .filter_map(|(room, knows)| Some((room.strip_prefix("src-tauri/crates/")?.to_owned(), words(knows))))
        .collect();
    assert_eq!(circle(&rooms), None, "the table of rooms has a circle");
    for entry in fs::read_dir(crates()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours: BTreeSet<String> = dependencies(&fs::read_to_string(entry.path().join("Cargo.toml")).unwrap())
            .into_iter()
            .filter(|dependency| crates().join(dependency).is_dir())
            .collect();
        let allowed = rooms.get(&name).unwrap_or_else(|| panic!("{name} is not in the table of rooms"));
        assert!(
            allowed.contains("all") || ours.is_subset(allowed),
            "{name} knows {ours:?}, the table of rooms allows {allowed:?}"
        );
    }
}

#[test]
fn a_folder_of_the_engine_knows_only_those_that_its_row_names() {
    let rows = table(&architecture(), "### The engine's folders");
    let folders: BTreeMap<String, BTreeSet<String>> = rows.iter().map(|(folder, knows)| (folder.clone(), words(knows))).collect();
    assert_eq!(circle(&folders), None, "the table of the engine's folders has a circle");
    for (path, code) in sources(&crates().join("engine/src")) {
        let room = room_of(&path);
        if room == "lib" {
            continue;
        }
        let allowed = folders
            .get(&room)
            .unwrap_or_else(|| panic!("{room} ({path}) is not in the table of the engine's folders"));
        let strange: Vec<String> = used_rooms(&code)
            .into_iter()
            .filter(|used| *used != room && folders.contains_key(used) && !allowed.contains(used))
            .collect();
        assert!(
            strange.is_empty(),
            "{path} reaches into {strange:?}; its folder may know {allowed:?}"
        );
    }
}

#[test]
fn a_vendor_of_pbxs_is_known_to_its_own_folder_and_the_list_of_vendors_alone() {
    let pbx = crates().join("pbx/src");
    let vendors = ["ari", "feed"];
    // `lib` names what is public, `replay` and `bin` play recorded streams of one vendor.
    for (path, code) in sources(&pbx) {
        let room = room_of(&path);
        let strange: Vec<String> = used_rooms(&code)
            .into_iter()
            .filter(|used| vendors.contains(&used.as_str()) && *used != room)
            .collect();
        assert!(
            strange.is_empty() || ["vendors", "lib", "bin", "replay"].contains(&room.as_str()),
            "{path} reaches into the vendor {strange:?}"
        );
    }
    for crate_ in ["calls", "store", "engine"] {
        for (path, code) in sources(&crates().join(crate_).join("src")) {
            for vendor in vendors {
                let reached = [format!("pbx::{vendor}"), format!("::{vendor}::")];
                assert!(
                    !reached.iter().any(|name| code.contains(name)),
                    "{crate_}: {path} knows the vendor {vendor}"
                );
            }
        }
    }
}

#[test]
fn the_test_itself_sees_an_arrow_that_runs_the_wrong_way() {
    let code = "use crate::{a::B, c::{D, E}, f};\nfn g() { crate::h::i() }\n// crate::j\n#[cfg(test)]\nmod tests { use crate::k; }";
    let used: Vec<String> = used_rooms(&shipped(code)).into_iter().collect();
    assert_eq!(used, ["a", "c", "f", "h"]);
    let arrows = |pairs: &[(&str, &str)]| -> BTreeMap<String, BTreeSet<String>> {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), words(to))).collect()
    };
    assert_eq!(circle(&arrows(&[("a", "b, c"), ("b", "c"), ("c", "nobody")])), None);
    assert_eq!(
        circle(&arrows(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])).map(|names| names.len()),
        Some(4)
    );
}

/// A file as a path of names: `ari/leg.rs` is `ari`, `leg`; a folder's `mod.rs` is the folder.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    path.split('/')
        .filter(|name| !["lib", "mod"].contains(name))
        .map(str::to_owned)
        .collect()
}

/// Everything that a source names by a path from the crate or from its own place, and the files that it is the door of.
fn named(code: &str, own: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // The later half of `super::super::` is read with the first one.
            let begins = code[..at]
                .chars()
                .next_back()
                .is_none_or(|sign| !sign.is_alphanumeric() && sign != '_' && sign != ':');
            if begins {
                read_path(&code[at..], own, &mut paths);
            }
        }
    }
    let declared = code.lines().filter_map(|line| {
        let line = line
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub(super) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    paths.extend(declared.map(|child| own.iter().cloned().chain([child.to_owned()]).collect()));
    paths
}

/// Reads a path, with all that stands in its braces; what follows it is returned.
fn read_path<'a>(text: &'a str, from: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = text;
    let mut path = from.to_vec();
    loop {
        rest = rest.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            rest = list;
            while !rest.is_empty() && !rest.starts_with('}') {
                let after = read_path(rest, &path, paths).trim_start().trim_start_matches(',').trim_start();
                assert!(after.len() < rest.len(), "a list that is not read: {rest}");
                rest = after;
            }
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let Some(name) = first_name(rest) else {
            // A star, or something that is no path.
            paths.push(path);
            return rest.strip_prefix('*').unwrap_or(rest);
        };
        rest = &rest[name.len()..];
        match name.as_str() {
            "crate" => path.clear(),
            "super" => drop(path.pop()),
            "self" => {}
            _ => path.push(name),
        }
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => {
                paths.push(path);
                let rest = rest.trim_start();
                let renamed = rest
                    .strip_prefix("as ")
                    .map(|after| after.trim_start_matches(|sign: char| sign.is_alphanumeric() || sign == '_'));
                return renamed.unwrap_or(rest);
            }
        }
    }
}

/// Which files of a folder name which other ones of it.
fn arrows(folder: &Path, inside: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let sources = sources(folder);
    let inside: Vec<String> = inside.iter().map(|&name| name.to_owned()).collect();
    let own: BTreeMap<Vec<String>, String> = sources
        .into_iter()
        .map(|(path, code)| ([&inside[..], &module_of(&path)].concat(), code))
        .collect();
    let file_of = |path: &[String]| {
        (0..=path.len())
            .rev()
            .map(|end| path[..end].to_vec())
            .find(|file| own.contains_key(file))
    };
    own.iter()
        .map(|(file, code)| {
            let paths = named(code, file);
            let known = paths.iter().filter_map(|path| file_of(path)).filter(|known| known != file);
            (file.join("::"), known.map(|file| file.join("::")).collect())
        })
        .collect()
}

#[test]
fn no_files_of_the_domain_and_of_the_ari_vendor_know_each_other_in_a_circle() {
    for (folder, inside) in [("calls/src", &[][..]), ("pbx/src/ari", &["ari"])] {
        let arrows = arrows(&crates().join(folder), inside);
        let some = arrows.values().map(BTreeSet::len).sum::<usize>();
        assert!(some > 50, "{folder} is not read: {some}");
        let round = circle(&arrows).unwrap_or_default();
        let within: Vec<String> = round
            .iter()
            .flat_map(|from| {
                arrows[from]
                    .iter()
                    .filter(|to| round.contains(to))
                    .map(move |to| format!("{from} -> {to}"))
            })
            .collect();
        assert!(round.is_empty(), "{folder} has a circle among {within:#?}");
    }
}

#[test]
fn a_path_is_read_with_all_that_its_braces_hold() {
    let own = ["ari".to_owned(), "leg".to_owned()];
    let code = "use crate::{gap::{Gap, Traces as T}, time::Moment};\nuse super::{lines::*, wire::{self, Channel}};\npub mod door;\nlet a = crate::owed::owe(1); let b = super::super::top;";
    let read: BTreeSet<String> = named(code, &own).iter().map(|path| path.join("::")).collect();
    let expected = [
        "ari::leg::door",
        "ari::lines",
        "ari::wire",
        "ari::wire::Channel",
        "gap::Gap",
        "gap::Traces",
        "owed::owe",
        "time::Moment",
        "top",
    ];
    assert_eq!(read, expected.map(str::to_owned).into());
    let knows = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<String>>();
    let round = BTreeMap::from([
        ("a".to_owned(), knows(&["b"])),
        ("b".to_owned(), knows(&["a"])),
        ("c".to_owned(), knows(&["a"])),
    ]);
    assert!(circle(&round).is_some_and(|names| names.contains(&"a".to_owned())));
}
