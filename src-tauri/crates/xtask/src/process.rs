//! Child processes: always with a bound, always ended, their output kept.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// How often a condition is looked at while waiting.
pub const TICK: Duration = Duration::from_millis(20);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Turns Ctrl-C and SIGTERM into a flag, so that what was started can be ended in order.
/// The second one ends xtask at once.
pub fn watch_signals() -> Result<()> {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(flag)).context("cannot watch signals")?;
        signal_hook::flag::register(signal, Arc::clone(flag)).context("cannot watch signals")?;
    }
    Ok(())
}

/// Whether Ctrl-C was pressed.
pub fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Waits until `probe` gives something; `None` when the time is over. Errors when interrupted.
pub fn wait_for<T>(within: Duration, mut probe: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let end = Instant::now() + within;
    loop {
        if let Some(found) = probe()? {
            return Ok(Some(found));
        }
        if interrupted() {
            bail!("interrupted");
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        std::thread::sleep(TICK);
    }
}

/// Waits for a moment, shorter when interrupted.
pub fn pause(time: Duration) -> Result<()> {
    wait_for::<()>(time, || Ok(None)).map(|_| ())
}

/// Whether a program is on the PATH.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// A command's standard output, trimmed; `None` when it cannot be run or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A process that runs beside us and is ended when dropped, with everything in its group.
pub struct Running {
    name: String,
    child: Child,
    lines: Option<mpsc::Receiver<String>>,
}

impl Running {
    /// Starts `command` in a process group of its own. Its output goes to `log`; with `read_lines`
    /// standard output can be read by [`Running::line`] instead.
    pub fn start(name: &str, command: Command, log: &Path, read_lines: bool) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = tethered(command);
        command.stdin(Stdio::null()).stderr(file.try_clone()?).process_group(0);
        command.stdout(if read_lines { Stdio::piped() } else { file.into() });
        Self::adopt(name, command)
    }

    /// As [`Running::start`], with the text given on standard input.
    pub fn start_with_input(name: &str, command: Command, log: &Path, input: &str) -> Result<Self> {
        use std::{io::Write, os::unix::process::CommandExt};
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = tethered(command);
        command
            .stdin(Stdio::piped())
            .stderr(file.try_clone()?)
            .stdout(file)
            .process_group(0);
        let mut running = Self::adopt(name, command)?;
        if let Some(mut stdin) = running.child.stdin.take() {
            stdin
                .write_all(input.as_bytes())
                .with_context(|| format!("{name} does not read its input"))?;
        }
        Ok(running)
    }

    fn adopt(name: &str, mut command: Command) -> Result<Self> {
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let lines = child.stdout.take().map(|stdout| {
            let (sender, receiver) = mpsc::sync_channel(1000);
            // The thread drains the pipe to its end even when nobody reads, so that the child never blocks.
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    let _ = sender.try_send(line);
                }
            });
            receiver
        });
        Ok(Self {
            name: name.to_owned(),
            child,
            lines,
        })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of its standard output; an error when it ends or stays silent for too long.
    pub fn line(&mut self, within: Duration) -> Result<String> {
        let Some(lines) = self.lines.take() else {
            bail!("the output of {} is not read", self.name)
        };
        let line = wait_for(within, || match lines.try_recv() {
            Ok(line) => Ok(Some(line)),
            Err(mpsc::TryRecvError::Empty) => Ok(None),
            Err(mpsc::TryRecvError::Disconnected) => bail!("{} ended before it said anything", self.name),
        });
        self.lines = Some(lines);
        line?.with_context(|| format!("{} said nothing for {} s", self.name, within.as_secs()))
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("cannot ask after {}", self.name))
    }

    /// Ends it: asks first, and does not wait longer than three seconds for the answer.
    pub fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        self.signal(Signal::TERM);
        let end = Instant::now() + Duration::from_secs(3);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(TICK);
        }
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(self.child.id().cast_signed())
            && kill_process_group(pid, signal).is_err()
        {
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The same command, ended by the kernel when xtask itself is killed (util-linux' `setpriv`, where there).
fn tethered(command: Command) -> Command {
    if !on_path("setpriv") {
        return command;
    }
    let mut wrapped = Command::new("setpriv");
    wrapped
        .args(["--pdeathsig", "TERM"])
        .arg(command.get_program())
        .args(command.get_args());
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(key, value),
            None => wrapped.env_remove(key),
        };
    }
    if let Some(dir) = command.get_current_dir() {
        wrapped.current_dir(dir);
    }
    wrapped
}

/// How a logged command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Status 0.
    Well,
    /// Another status, in words.
    Badly(String),
    /// It did not end in time and was ended.
    TimedOut(Duration),
}

/// A finished command and where its output lies.
pub struct Logged {
    /// How it ended.
    pub ended: Ended,
    /// Its output, both streams.
    pub log: PathBuf,
}

impl Logged {
    /// The whole output; empty when unreadable.
    pub fn text(&self) -> String {
        std::fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The last `count` lines of the output, without colours.
    pub fn tail(&self, count: usize) -> String {
        let text = self.text();
        let lines: Vec<&str> = text.lines().collect();
        let last: Vec<String> = lines[lines.len().saturating_sub(count)..].iter().map(|line| plain(line)).collect();
        last.join("\n")
    }
}

/// A line without a terminal's colours.
pub fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            // An escape sequence ends with its first letter.
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Runs a command to its end with its output in `log` (appended), calling `beat` while it runs.
pub fn logged(mut command: Command, log: &Path, within: Duration, mut beat: impl FnMut(Duration)) -> Result<Logged> {
    use std::os::unix::process::CommandExt;
    let file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write {}", log.display()))?;
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stderr(file.try_clone()?).stdout(file).process_group(0);
    let mut running = Running::adopt(&name, command)?;
    let start = Instant::now();
    let status = wait_for(within, || {
        beat(start.elapsed());
        running.ended()
    })?;
    let ended = match status {
        None => Ended::TimedOut(within),
        Some(status) if status.success() => Ended::Well,
        Some(status) => Ended::Badly(status.to_string()),
    };
    Ok(Logged {
        ended,
        log: log.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_logged_command_keeps_both_streams_and_its_status() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let done = logged(
            shell("echo out; echo err >&2; exit 3"),
            &dir.path().join("log"),
            Duration::from_secs(10),
            |_| {},
        )?;
        assert!(
            matches!(&done.ended, Ended::Badly(status) if status.contains('3')),
            "{:?}",
            done.ended
        );
        assert_eq!(done.tail(1), "err");
        assert!(done.text().contains("out\n"));
        Ok(())
    }

    #[test]
    fn a_command_that_hangs_is_ended_with_its_children() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let pid_file = dir.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", pid_file.display());
        let done = logged(shell(&script), &dir.path().join("log"), Duration::from_millis(300), |_| {})?;
        assert_eq!(done.ended, Ended::TimedOut(Duration::from_millis(300)));
        let grandchild = std::fs::read_to_string(pid_file)?.trim().to_owned();
        let gone = wait_for(Duration::from_secs(5), || {
            let stat = std::fs::read_to_string(format!("/proc/{grandchild}/stat"));
            Ok(stat.map_or(Some(()), |stat| stat.contains(") Z ").then_some(())))
        })?;
        assert!(gone.is_some(), "process {grandchild} still runs");
        Ok(())
    }

    #[test]
    fn lines_of_a_running_process_are_read_one_by_one_and_its_early_end_is_an_error() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let mut running = Running::start("a shell", shell("echo one; echo two"), &dir.path().join("log"), true)?;
        assert_eq!(running.line(Duration::from_secs(5))?, "one");
        assert_eq!(running.line(Duration::from_secs(5))?, "two");
        assert!(running.line(Duration::from_secs(5)).is_err());
        Ok(())
    }
}
