//! The holder's end of a line, the same for every vendor.

use super::wishes::Wisher;
use crate::stats::Stats;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

/// How long a connection may take to close.
const CLOSING: Duration = Duration::from_secs(3);

/// Holds a line's task; clones hold the same one, which ends when none is left.
#[derive(Clone)]
pub struct Keeper {
    wisher: Wisher,
    stats: watch::Receiver<Stats>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Keeper {
    /// Holds a task that was just begun.
    pub fn new(wisher: Wisher, stats: watch::Receiver<Stats>, task: JoinHandle<()>) -> Self {
        Self {
            wisher,
            stats,
            task: Arc::new(Mutex::new(Some(task))),
        }
    }

    /// Connects again at once.
    pub fn reconnect(&self) {
        self.wisher.reconnect();
    }

    /// What came so far.
    pub fn stats(&self) -> Stats {
        self.stats.borrow().clone()
    }

    /// Ends the connection and waits until it is closed, for a moment.
    pub async fn shutdown(&self) {
        self.wisher.end();
        if let Some(task) = self.task.lock().await.take() {
            let stop = task.abort_handle();
            // The task only fails by a panic, and there is nothing left to tell anybody then.
            if tokio::time::timeout(CLOSING, task).await.is_err() {
                stop.abort();
            }
        }
    }
}
