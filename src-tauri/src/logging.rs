//! The log: one file a day in the data folder, two weeks kept. Numbers and names never appear
//! above DEBUG, secrets never at all. `RINGSIDE_LOG` takes a filter such as `debug,engine=trace`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// How long the log goes on. Dropping it writes what is left.
pub struct Log {
    _writer: WorkerGuard,
}

/// Starts logging. What is returned must live as long as the app.
///
/// # Errors
/// When the log folder cannot be made.
pub fn start(data_dir: &Path) -> Result<Log, InitError> {
    let folder = data_dir.join("logs");
    // What stands in the way of it is found out below.
    let _ = std::fs::create_dir_all(&folder);
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("ringside")
        .filename_suffix("log")
        .max_log_files(14)
        .build(&folder)?;
    let _ = store::folder::tighten(&folder);
    let (writer, guard) = tracing_appender::non_blocking(Private {
        files,
        folder,
        looked: Instant::now(),
    });
    let filter = EnvFilter::try_from_env("RINGSIDE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process (tests) is no reason not to start.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer)
        .try_init();
    Ok(Log { _writer: guard })
}

/// Each day has a file of its own, and it is made for everybody to read: it is tightened soon.
struct Private {
    files: RollingFileAppender,
    folder: PathBuf,
    looked: Instant,
}

impl Write for Private {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        const SOON: Duration = Duration::from_secs(60);
        self.files.write_all(&one_line(line))?;
        if self.looked.elapsed() >= SOON {
            self.looked = Instant::now();
            // Of what cannot be tightened, the start tells.
            let _ = store::folder::tighten(&self.folder);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.files.flush()
    }
}

/// What is logged once is one line: a text of somebody's with a break in it cannot pass for a line of the program's.
fn one_line(record: &[u8]) -> Vec<u8> {
    let (record, end): (&[u8], &[u8]) = record.strip_suffix(b"\n").map_or((record, b""), |record| (record, b"\n"));
    let flat = |byte: &u8| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte };
    record.iter().map(flat).chain(end.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_what_is_logged_once_is_one_line() {
        let forged = b"rings from=x\n2026-11-30T04:14:56Z  INFO engine: all is well\r\n";
        assert_eq!(one_line(forged), b"rings from=x 2026-11-30T04:14:56Z  INFO engine: all is well \n");
        assert_eq!(one_line(b"part"), b"part");
    }

    /// Starts the log as the program does; run as a process of its own by the test below.
    #[test]
    fn starts() {
        let Some(folder) = std::env::var_os("RINGSIDE_TEST_FOLDER") else {
            return;
        };
        let log = start(Path::new(&folder)).unwrap();
        tracing::warn!("the first line");
        tracing::warn!("a text\nof two lines");
        drop(log);
    }

    #[test]
    fn d5_a_first_start_without_a_folder_logs_and_prints_nothing_of_the_log_library() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("not/yet");
        let started = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "logging::tests::starts", "--nocapture"])
            .env("RINGSIDE_TEST_FOLDER", &absent)
            .output()
            .unwrap();
        assert!(started.status.success());
        assert_eq!(String::from_utf8_lossy(&started.stderr), "");
        let files = std::fs::read_dir(absent.join("logs")).unwrap();
        let text: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        assert!(text.contains("the first line"));
        assert!(text.contains("a text of two lines\n") && text.lines().count() == 2, "{text}");
    }
}
