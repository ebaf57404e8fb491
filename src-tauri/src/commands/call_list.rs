//! The list of calls.

use engine::Engine;
use engine::view::{CallsPage, CallsQuery, CommandError};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(super) async fn call_list(engine: State<'_, Engine>, query: CallsQuery) -> Result<CallsPage, CommandError> {
    engine.call_list(query).await
}
