//! Dialling: what a number is, the call that is ordered, and the dial window.

use crate::desktop::Desktop;
use crate::shown::{name_only, veiled_caution, veiled_user};
use crate::windows;
use engine::Engine;
use engine::view::{Caution, CommandError, DialAnswer, DialPreview, DoubtView};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager as _, State, WebviewWindow};

/// What the dial window opens with.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DialStart {
    /// What stands in its field.
    pub text: String,
    /// Why this number could not be dialled from elsewhere.
    pub trouble: Option<CommandError>,
    /// What is to be asked first, or stands in the way.
    pub caution: Option<Caution>,
    /// Where it comes from.
    pub from: DialFrom,
}

/// Who had the dial window opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DialFrom {
    /// The agent, in a window of ours.
    #[default]
    Agent,
    /// A link or another program: what stands there is not the agent's own.
    Outside,
    /// The agent, by the text that they have selected in another program.
    Selection,
}

#[tauri::command]
#[specta::specta]
pub(super) async fn read_number(window: WebviewWindow, text: String) -> DialPreview {
    let engine = window.state::<Engine>().inner().clone();
    let preview = engine.read_number(&text).await;
    let private = window.state::<Desktop>().is_private();
    match window.label() {
        windows::MAIN => preview,
        _ => DialPreview {
            user: preview
                .user
                .as_ref()
                .map(name_only)
                .map(|user| if private { veiled_user(user) } else { user }),
            ..preview
        },
    }
}

#[tauri::command]
#[specta::specta]
pub(super) async fn dial(
    window: WebviewWindow,
    engine: State<'_, Engine>,
    number: String,
    case_id: Option<String>,
    agreed: Option<DoubtView>,
) -> Result<DialAnswer, CommandError> {
    let answer = engine.dial(&number, case_id.as_deref(), agreed).await?;
    Ok(match answer {
        DialAnswer::Held { caution } if window.label() != windows::MAIN && window.state::<Desktop>().is_private() => DialAnswer::Held {
            caution: veiled_caution(caution),
        },
        answer => answer,
    })
}

#[tauri::command]
#[specta::specta]
pub(super) async fn hang_up(engine: State<'_, Engine>, call: String) -> Result<(), CommandError> {
    engine.hang_up(&call).await
}

#[tauri::command]
#[specta::specta]
pub(super) fn dial_size(window: WebviewWindow, height: f64) {
    windows::size_dial(&window, height);
}

#[tauri::command]
#[specta::specta]
pub(super) async fn open_dial(app: AppHandle) -> Result<(), CommandError> {
    windows::show_dial(&app, DialStart::default());
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(super) fn dial_ready(app: AppHandle) -> DialStart {
    windows::dial_start(&app)
}

#[tauri::command]
#[specta::specta]
pub(super) fn hide_dial(app: AppHandle) {
    windows::hide_dial(&app);
}
