//! What the settings' pages ask for.

use crate::autostart::Autostart;
use crate::handler::{LinksHolder, Programs};
use crate::qr::{self, QrView};
use crate::runs_on;
use engine::Engine;
use engine::view::{
    ChannelOption, CommandError, DataField, EnrolmentFor, EnrolmentLink, FieldsView, HealthView, LabelsView, OfficeView, OfficeWish,
    PhraseRow, PhrasesView, SettingsView, TestLine, TroubleView, TypedSecrets,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager as _, State};

#[tauri::command]
#[specta::specta]
pub(super) async fn settings(app: AppHandle) -> SettingsView {
    let engine = app.state::<Engine>().inner().clone();
    engine.settings().await.unwrap_or_default()
}

#[tauri::command]
#[specta::specta]
pub(super) async fn save_settings(
    engine: State<'_, Engine>,
    settings: SettingsView,
    secrets: TypedSecrets,
) -> Result<SettingsView, CommandError> {
    engine.save_settings(settings, secrets).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn test_pbx(
    engine: State<'_, Engine>,
    settings: SettingsView,
    secrets: TypedSecrets,
) -> Result<Vec<TestLine>, CommandError> {
    engine.test_pbx(settings, secrets).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn omnidesk_channels(
    engine: State<'_, Engine>,
    settings: SettingsView,
    secrets: TypedSecrets,
) -> Result<Vec<ChannelOption>, CommandError> {
    engine.channels(settings, secrets).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn test_omnidesk(
    engine: State<'_, Engine>,
    settings: SettingsView,
    secrets: TypedSecrets,
) -> Result<Vec<TestLine>, CommandError> {
    engine.test_omnidesk(settings, secrets).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn health(engine: State<'_, Engine>) -> Result<HealthView, CommandError> {
    runs_on::health(&engine).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn data_fields(engine: State<'_, Engine>) -> Result<FieldsView, CommandError> {
    engine.fields().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn save_fields(engine: State<'_, Engine>, fields: Vec<DataField>) -> Result<FieldsView, CommandError> {
    engine.save_fields(fields).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn export_fields(engine: State<'_, Engine>) -> Result<String, CommandError> {
    engine.export_fields().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn export_aside(engine: State<'_, Engine>) -> Result<String, CommandError> {
    engine.export_aside().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn import_fields(engine: State<'_, Engine>, text: String) -> Result<FieldsView, CommandError> {
    engine.import_fields(&text).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn labels(engine: State<'_, Engine>) -> Result<LabelsView, CommandError> {
    engine.labels().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn save_labels(engine: State<'_, Engine>, labels: Vec<String>) -> Result<LabelsView, CommandError> {
    engine.save_labels(labels).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn phrases(engine: State<'_, Engine>) -> Result<PhrasesView, CommandError> {
    engine.phrases().await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn save_phrases(engine: State<'_, Engine>, phrases: Vec<PhraseRow>) -> Result<PhrasesView, CommandError> {
    engine.save_phrases(phrases).await
}

#[tauri::command]
#[specta::specta]
pub(super) fn unknown_fields(text: String) -> Vec<String> {
    calls::unknown_fields(&text)
}

/// What the office publishes; `fresh`: it is looked for first.
#[tauri::command]
#[specta::specta]
pub(super) async fn office_settings(engine: State<'_, Engine>, fresh: bool) -> Result<OfficeView, CommandError> {
    engine.office_settings(fresh).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn publish_office(engine: State<'_, Engine>, wish: OfficeWish) -> Result<OfficeView, CommandError> {
    engine.publish_office(wish).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn publish_office_before(engine: State<'_, Engine>, seen: u32) -> Result<OfficeView, CommandError> {
    engine.publish_office_before(seen).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn go_back_office(engine: State<'_, Engine>, back: bool) -> Result<OfficeView, CommandError> {
    engine.go_back_office(back).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn show_test_call(engine: State<'_, Engine>) -> Result<(), CommandError> {
    engine.show_test_call().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(super) async fn await_trial(engine: State<'_, Engine>, on: bool) -> Result<(), CommandError> {
    engine.await_trial(on).await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(super) async fn links_holder() -> Result<LinksHolder, CommandError> {
    of_programs(|programs| Ok(programs.holder())).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn take_links() -> Result<LinksHolder, CommandError> {
    of_programs(|programs| programs.take().map(|()| programs.holder())).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn give_links_back() -> Result<LinksHolder, CommandError> {
    of_programs(|programs| programs.give_back().map(|()| programs.holder())).await
}

/// A link that sets up another computer, as text and for a camera.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MadeLink {
    /// The link and what is in it.
    pub made: EnrolmentLink,
    /// The same for a camera; none where it is too much for one.
    pub qr: Option<QrView>,
}

#[tauri::command]
#[specta::specta]
pub(super) async fn enrolment_link(engine: State<'_, Engine>, agent: EnrolmentFor) -> Result<MadeLink, CommandError> {
    let made = engine.settings().await?.enrolment_link(&agent)?;
    let qr = qr::of(&made.link);
    Ok(MadeLink { made, qr })
}

/// Whether it starts when the person logs in; `null` where that is not asked.
#[tauri::command]
#[specta::specta]
pub(super) async fn starts_at_login() -> Result<Option<bool>, CommandError> {
    of_autostart(|_| Ok(())).await
}

#[tauri::command]
#[specta::specta]
pub(super) async fn start_at_login(on: bool) -> Result<Option<bool>, CommandError> {
    of_autostart(move |autostart| autostart.set(on)).await
}

/// Beside everything else, as a person's folders may lie far away: what becomes of it.
async fn of_autostart(change: impl FnOnce(&Autostart) -> std::io::Result<()> + Send + 'static) -> Result<Option<bool>, CommandError> {
    let asked = tauri::async_runtime::spawn_blocking(move || {
        let Some(autostart) = Autostart::of_session() else {
            return Ok(None);
        };
        change(&autostart).inspect_err(|error| tracing::warn!(kind = ?error.kind(), "starting at login could not be set"))?;
        Ok(Some(autostart.is_on()))
    });
    let answer: Option<std::io::Result<Option<bool>>> = asked.await.ok();
    answer.and_then(Result::ok).ok_or(CommandError::from(TroubleView::Other))
}

/// Beside everything else: the system's own programs take their time.
async fn of_programs(ask: impl FnOnce(&Programs) -> std::io::Result<LinksHolder> + Send + 'static) -> Result<LinksHolder, CommandError> {
    let asked = tauri::async_runtime::spawn_blocking(move || match Programs::of_session() {
        Some(programs) => ask(&programs),
        None => Ok(LinksHolder::Unknown),
    });
    let answer = asked.await.ok().and_then(Result::ok);
    answer.ok_or(CommandError::from(TroubleView::Other))
}
