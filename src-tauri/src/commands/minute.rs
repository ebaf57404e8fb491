//! What is asked for in the minute after a call: labels, phrases, reminders, claims, done.

use crate::notices;
use engine::Engine;
use engine::view::{CommandError, PhraseView, WhenChoice, WhenView};
use tauri::{AppHandle, State};

#[tauri::command]
#[specta::specta]
pub(super) async fn pick_labels(engine: State<'_, Engine>, call: String, labels: Vec<String>) -> Result<(), CommandError> {
    engine.pick_labels(&call, labels).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn claim(engine: State<'_, Engine>, call: String, on: bool) -> Result<(), CommandError> {
    engine.claim(&call, on).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn look_at_missed(engine: State<'_, Engine>) -> Result<(), CommandError> {
    engine.look_at_missed().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(super) async fn read_when(engine: State<'_, Engine>, text: String) -> Result<WhenView, CommandError> {
    engine.read_when(&text).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn when_choices(engine: State<'_, Engine>) -> Result<Vec<WhenChoice>, CommandError> {
    engine.when_choices().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn remind(engine: State<'_, Engine>, call: String, when: String, what: String) -> Result<(), CommandError> {
    engine.remind(&call, &when, what).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn remind_later(engine: State<'_, Engine>, id: String, when: String) -> Result<(), CommandError> {
    engine.remind_later(&id, &when).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn end_reminder(engine: State<'_, Engine>, id: String) -> Result<(), CommandError> {
    engine.end_reminder(&id).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn phrases_for(engine: State<'_, Engine>, call: String) -> Result<Vec<PhraseView>, CommandError> {
    engine.phrases_for(&call).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn done_with_call(app: AppHandle, engine: State<'_, Engine>, call: String) -> Result<(), CommandError> {
    notices::are_known(&app, [call.clone()]);
    engine.done_with(&call).await;
    Ok(())
}
