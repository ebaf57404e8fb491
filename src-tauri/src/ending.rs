//! The end of the program, in order: from the tray, by a signal (a logout, a shutdown, `kill`), or with its last window.
//!
//! The engine finishes what it has begun with its file and closes its line to the PBX. What is owed to Omnidesk waits in
//! the file; nothing is waited for that hangs on a network.

use crate::notices;
use crate::update;
use crate::windows::MAIN;
use engine::Engine;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Manager as _, RunEvent};

/// The system kills what takes longer; the journal is good for that, too.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ends the program when the system asks for it.
#[cfg(unix)]
pub fn heed_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let on = |kind| signal(kind).inspect_err(|error| tracing::warn!(%error, "a signal is not heeded"));
        let (Ok(mut end), Ok(mut interrupt), Ok(mut hang_up)) =
            (on(SignalKind::terminate()), on(SignalKind::interrupt()), on(SignalKind::hangup()))
        else {
            return;
        };
        tokio::select! {
            _ = end.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        tracing::info!("the system ends the program");
        app.exit(0);
    });
}

/// Whether the program starts again once it has ended: a newer version stands in its place.
#[derive(Debug, Default)]
pub struct Again(AtomicBool);

/// Ends the program, and starts what stands in its place by then.
pub fn start_again(app: &AppHandle) {
    app.state::<Again>().0.store(true, Ordering::Relaxed);
    app.exit(0);
}

/// Not as this one was started: a link that it was started with would be opened again. It waits until the folder is free.
fn start_next(app: &AppHandle) {
    if !app.state::<Again>().0.load(Ordering::Relaxed) {
        return;
    }
    let is_seen = app.get_webview_window(MAIN).is_some_and(|main| main.is_visible().unwrap_or(false));
    let hidden = (!is_seen).then_some("--hidden");
    let started = update::program(app).and_then(|program| Command::new(program).args(hidden).spawn());
    if let Err(error) = started {
        tracing::error!(%error, "the program did not start again");
    }
}

/// The last thing that the program does.
pub fn on_run_event(app: &AppHandle, event: &RunEvent) {
    if !matches!(event, RunEvent::Exit) {
        return;
    }
    let Some(engine) = app.try_state::<Engine>().map(|engine| engine.inner().clone()) else {
        return;
    };
    tauri::async_runtime::block_on(notices::withdraw(app));
    let stopped = tauri::async_runtime::block_on(async { tokio::time::timeout(PATIENCE, engine.stop()).await });
    match stopped {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::warn!("the engine did not stop in time"),
    }
    start_next(app);
}
