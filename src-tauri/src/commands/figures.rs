//! What the page «Статистика» asks.

use engine::Engine;
use engine::view::{CommandError, FiguresRange, FiguresView, TeamView, TeamWish};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(super) async fn figures(engine: State<'_, Engine>, range: FiguresRange) -> Result<FiguresView, CommandError> {
    engine.figures(&range).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn team_figures(engine: State<'_, Engine>, range: FiguresRange, wish: TeamWish) -> Result<TeamView, CommandError> {
    engine.team_figures(&range, wish).await
}
