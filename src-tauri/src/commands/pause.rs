//! Popups that are paused, and what is personal in them hidden.

use crate::notices;
use engine::Engine;
use engine::view::{CommandError, PauseFor};
use tauri::{AppHandle, State};

#[tauri::command]
#[specta::specta]
pub(super) async fn pause_popups(engine: State<'_, Engine>, length: PauseFor) -> Result<(), CommandError> {
    engine.pause(length).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn resume_popups(engine: State<'_, Engine>) -> Result<(), CommandError> {
    engine.resume().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn knows_of_missed(app: AppHandle, engine: State<'_, Engine>) -> Result<(), CommandError> {
    notices::all_are_known(&app);
    engine.knows_of_missed().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(super) async fn hide_personal(engine: State<'_, Engine>, hide: bool) -> Result<(), CommandError> {
    engine.hide_personal(hide).await
}
