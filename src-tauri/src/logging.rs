//! The log: one file a day in the data folder, two weeks kept. Numbers and names never appear
//! above DEBUG, secrets never at all. `RINGSIDE_LOG` takes a filter such as `debug,engine=trace`.

use std::path::Path;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Starts logging. What is returned must live as long as the app: dropping it writes what is left.
///
/// # Errors
/// When the log folder cannot be made.
pub fn start(data_dir: &Path) -> anyhow::Result<WorkerGuard> {
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("ringside")
        .filename_suffix("log")
        .max_log_files(14)
        .build(data_dir.join("logs"))?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_from_env("RINGSIDE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process (tests) is no reason not to start.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer)
        .try_init();
    Ok(guard)
}
