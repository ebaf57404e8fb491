//! What is asked about the program's own version.

use crate::update::{self, UpdateView, Updates, VersionView};
use tauri::{AppHandle, State};

#[tauri::command]
#[specta::specta]
pub(super) fn version(updates: State<'_, Updates>) -> VersionView {
    updates.view()
}

#[tauri::command]
#[specta::specta]
pub(super) async fn look_for_update(app: AppHandle) -> UpdateView {
    update::look(&app).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn install_update(app: AppHandle) -> UpdateView {
    update::install(&app).await
}
