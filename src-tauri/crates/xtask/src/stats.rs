//! Percentiles, memory and time on the processor: the arithmetic of `bench`.

use std::{collections::BTreeMap, fs, time::Duration};

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

/// A process and all that descend from it, at one moment.
pub struct Tree {
    processes: Vec<Process>,
}

struct Process {
    name: String,
    /// Bytes, shared pages counted by their share (PSS).
    memory: u64,
    /// Time on a processor since it began.
    busy: Duration,
}

impl Tree {
    /// As they are now.
    pub fn of(root: u32) -> Self {
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            if let Some(parent) = parent_of(&stat(pid)) {
                children.entry(parent).or_default().push(pid);
            }
        }
        let mut tree = vec![root];
        let mut next = 0;
        while let Some(pid) = tree.get(next).copied() {
            tree.extend(children.remove(&pid).unwrap_or_default());
            next += 1;
        }
        let processes = tree.into_iter().map(|pid| {
            let stat = stat(pid);
            Process {
                name: name_of(&stat).unwrap_or_default().to_owned(),
                memory: pss(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default()),
                busy: busy_of(&stat, rustix::param::clock_ticks_per_second()).unwrap_or_default(),
            }
        });
        Self {
            processes: processes.collect(),
        }
    }

    /// Memory of all, bytes.
    pub fn memory(&self) -> u64 {
        self.processes.iter().map(|process| process.memory).sum()
    }

    /// Memory of those whose name begins so, bytes.
    pub fn memory_of(&self, name: &str) -> u64 {
        let named = self.processes.iter().filter(|process| process.name.starts_with(name));
        named.map(|process| process.memory).sum()
    }

    /// How long all of them were on a processor since they began.
    pub fn busy(&self) -> Duration {
        self.processes.iter().map(|process| process.busy).sum()
    }
}

fn stat(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default()
}

/// The name in a line of /proc/PID/stat, cut to 15 characters by the system.
fn name_of(stat: &str) -> Option<&str> {
    Some(stat.rsplit_once(')')?.0.split_once('(')?.1)
}

/// User's and system's time in a line of /proc/PID/stat, which counts in ticks.
fn busy_of(stat: &str, ticks_per_second: u64) -> Option<Duration> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let ms = (ticks()? + ticks()?) * 1_000 / ticks_per_second.max(1);
    Some(Duration::from_millis(ms))
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
        assert_eq!(name_of("4711 (a) (b) S 42 4711 4711 0 -1"), Some("a) (b"));
        assert_eq!(parent_of("garbage"), None);
    }

    #[test]
    fn our_own_memory_is_some_megabytes() {
        assert_eq!(pss("Rss: 5000 kB\nPss:                1234 kB\nPss_Dirty: 1 kB"), 1234 * 1024);
        let tree = Tree::of(std::process::id());
        assert!(tree.memory() > 100_000);
        assert_eq!(tree.memory_of("no such name"), 0);
    }

    #[test]
    fn time_on_the_processor_is_the_users_and_the_systems() {
        let stat = "7 (a b) S 1 7 7 0 -1 4194560 7480 0 60 0 151 49 3 4 20 0 12 0 100 1 2";
        assert_eq!(busy_of(stat, 100), Some(Duration::from_secs(2)));
        assert_eq!(busy_of("garbage", 100), None);
        let begin = Tree::of(std::process::id()).busy();
        while Tree::of(std::process::id()).busy() == begin {}
    }
}
