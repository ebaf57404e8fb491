//! Percentiles and memory, the arithmetic of `bench`.

use std::{collections::BTreeMap, fs};

/// A value below which `share` (0–1) of the sorted samples lie: the nearest-rank percentile.
/// `None` without samples.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    // Samples are counted in thousands at most, so the conversions are exact.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rank = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
    sorted.get(rank.min(last)).copied()
}

/// How busy the computer was over the last minute, as the system tells; a bench on a busy one says little.
pub fn load() -> String {
    let averages = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split_whitespace().next().unwrap_or("not known").to_owned()
}

/// Memory of a process and all its descendants in bytes, shared pages counted by their share (PSS).
pub fn memory_of_tree(root: u32) -> u64 {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if let Some(parent) = parent_of(&stat) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(pid) = tree.get(next).copied() {
        tree.extend(children.remove(&pid).unwrap_or_default());
        next += 1;
    }
    tree.iter()
        .map(|pid| pss(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default()))
        .sum()
}

/// The parent in a line of /proc/PID/stat. The name in it is in brackets and may hold anything.
fn parent_of(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn pss(rollup: &str) -> u64 {
    let kilobytes = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let samples: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!(percentile(&samples, 0.5), Some(100.0));
        assert_eq!(percentile(&samples, 0.95), Some(190.0));
        assert_eq!(percentile(&samples, 0.99), Some(198.0));
        assert_eq!(percentile(&samples, 1.0), Some(200.0));
        assert_eq!(percentile(&[7.0], 0.01), Some(7.0));
        assert_eq!(percentile(&[], 0.5), None);
    }

    #[test]
    fn a_process_name_with_brackets_does_not_hide_its_parent() {
        assert_eq!(parent_of("4711 (a) (b) S 42 4711 4711 0 -1"), Some(42));
        assert_eq!(parent_of("garbage"), None);
    }

    #[test]
    fn our_own_memory_is_some_megabytes() {
        assert_eq!(pss("Rss: 5000 kB\nPss:                1234 kB\nPss_Dirty: 1 kB"), 1234 * 1024);
        assert!(memory_of_tree(std::process::id()) > 100_000);
    }
}
