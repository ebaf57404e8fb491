//! What the page «Статистика» asks.

use engine::Engine;
use engine::view::{CommandError, FiguresRange, FiguresView};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(super) async fn figures(engine: State<'_, Engine>, range: FiguresRange) -> Result<FiguresView, CommandError> {
    engine.figures(&range).await
}
