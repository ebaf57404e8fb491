//! What the windows may ask: typed, three lines each, no decisions. Which window may call which
//! command stands in `capabilities/`. The TypeScript side is generated (see the test below).

mod call_list;
mod dialing;
mod events;
mod figures;
mod minute;
mod pause;
mod rings;
mod settings;
mod version;

pub use dialing::{DialFrom, DialStart};
pub use events::{ClosingAsked, DeskChanged, DialOpened, HotkeysChanged, Navigate, PopupRoom, PopupTurnedTo, RestAsked, VersionKnown};

use crate::closing::ClosingAnswer;
use crate::desktop::Desktop;
use crate::order::Order;
use crate::popup::{PopupRoomView, ScreenView};
use crate::shown::{Shows, for_dial, for_workspace, person_only, veiled_find};
use crate::workspace::{Entrance, Workspace};
use crate::{closing, notices, popup, refusal, tray, windows, workspace, zoom};
use calls::AgentAction;
use engine::Engine;
use engine::view::{
    CasePageView, CommandError, DeskView, FoundUser, ProfileView, Route, SettingsView, TroubleView, UserChanges, UserForm, UserView,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Manager as _, State, WebviewWindow};
use tauri_specta::{Builder, collect_commands, collect_events};

/// How the popup looks: it cannot read the settings itself.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Appearance {
    /// The window can be transparent: corners are rounded and a shadow is drawn.
    pub transparent: bool,
    /// `ru`, `en`, or empty for the system's.
    pub language: String,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
}

impl Appearance {
    fn of(settings: &SettingsView) -> Self {
        Self {
            transparent: windows::POPUP_TRANSPARENT,
            language: settings.language.clone(),
            theme: settings.theme.clone(),
        }
    }
}

/// A moment, ms since 1970: never null, unlike a plain `f64` in TypeScript.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct At(#[specta(type = u32)] f64);

#[tauri::command]
#[specta::specta]
async fn desk(window: WebviewWindow, shows: Shows) -> DeskView {
    if window.label() == windows::POPUP {
        return window.state::<Desktop>().popup();
    }
    let engine = window.state::<Engine>().inner().clone();
    let view = engine.desk().await;
    match window.label() {
        windows::MAIN => for_workspace(&view, &shows),
        _ => for_dial(&view),
    }
}

#[tauri::command]
#[specta::specta]
fn pages_to_open(desktop: State<'_, Desktop>, workspace: State<'_, Workspace>) -> Vec<Route> {
    if workspace.is_going() {
        return Vec::new();
    }
    desktop.pages_to_open()
}

#[tauri::command]
#[specta::specta]
fn main_ready(app: AppHandle) {
    workspace::stand(&app);
}

#[tauri::command]
#[specta::specta]
fn main_painted(desktop: State<'_, Desktop>) {
    desktop.milestone("main_painted", &[]);
}

#[tauri::command]
#[specta::specta]
fn window_ground(window: WebviewWindow, red: u8, green: u8, blue: u8) {
    windows::lay_ground(&window, (red, green, blue));
}

#[tauri::command]
#[specta::specta]
async fn give_back(app: AppHandle, rest: u32, pages: Vec<Route>) -> Result<(), CommandError> {
    workspace::give_back(&app, rest, pages).await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
fn answer_closing(app: AppHandle, answer: ClosingAnswer) {
    closing::answer(&app, answer);
}

#[tauri::command]
#[specta::specta]
async fn profile(engine: State<'_, Engine>, user: String) -> Result<ProfileView, CommandError> {
    engine.profile(&user).await
}

#[tauri::command]
#[specta::specta]
async fn linked_profiles(engine: State<'_, Engine>, user: String) -> Result<UserView, CommandError> {
    engine.linked_profiles(&user).await
}

#[tauri::command]
#[specta::specta]
async fn case_page(engine: State<'_, Engine>, case_id: String, fresh: bool) -> Result<CasePageView, CommandError> {
    engine.case_page(&case_id, fresh).await
}

#[tauri::command]
#[specta::specta]
async fn case_by_number(engine: State<'_, Engine>, number: String) -> Result<String, CommandError> {
    match Order::open_case(&number) {
        Some(Order::OpenCase(number)) => engine.case_by_number(&number).await,
        _ => Err(TroubleView::Gone.into()),
    }
}

#[tauri::command]
#[specta::specta]
async fn search_users(window: WebviewWindow, engine: State<'_, Engine>, query: String) -> Result<Vec<FoundUser>, CommandError> {
    let found = engine.search_users(&query).await?;
    Ok(match window.label() {
        windows::MAIN => found,
        _ => {
            let private = window.state::<Desktop>().is_private();
            let shown = |found: FoundUser| if private { veiled_find(found) } else { found };
            found.iter().map(person_only).map(shown).collect()
        }
    })
}

#[tauri::command]
#[specta::specta]
async fn open_compose(engine: State<'_, Engine>, call: String) -> Result<(), CommandError> {
    engine.act(&call, AgentAction::OpenCompose).await
}

#[tauri::command]
#[specta::specta]
async fn send_draft(engine: State<'_, Engine>, call: String) -> Result<(), CommandError> {
    engine.act(&call, AgentAction::SendDraft).await
}

#[tauri::command]
#[specta::specta]
async fn save_draft(engine: State<'_, Engine>, call: String, subject: String, gist: String) -> Result<At, CommandError> {
    engine.save_draft(&call, subject, gist).await.map(At)
}

#[tauri::command]
#[specta::specta]
async fn create_case(engine: State<'_, Engine>, call: String, subject: String, gist: String) -> Result<(), CommandError> {
    engine.act(&call, AgentAction::CreateCase { subject, gist }).await
}

#[tauri::command]
#[specta::specta]
async fn attach_call(engine: State<'_, Engine>, call: String, case_id: String, gist: String) -> Result<(), CommandError> {
    engine.attach(&call, &case_id, gist).await
}

#[tauri::command]
#[specta::specta]
async fn link_user(engine: State<'_, Engine>, call: String, user: String) -> Result<(), CommandError> {
    let user = user_id(&user)?;
    engine.act(&call, AgentAction::LinkUser { user }).await
}

#[tauri::command]
#[specta::specta]
async fn choose_user(engine: State<'_, Engine>, call: String, user: String, remember: bool) -> Result<(), CommandError> {
    let user = user_id(&user)?;
    engine.act(&call, AgentAction::ChooseUser { user, remember }).await
}

#[tauri::command]
#[specta::specta]
async fn retry_outbox(engine: State<'_, Engine>, id: String) -> Result<(), CommandError> {
    engine.retry(&id).await
}

#[tauri::command]
#[specta::specta]
async fn open_in_omnidesk(engine: State<'_, Engine>, route: Route) -> Result<(), CommandError> {
    let url = engine.omnidesk_url(&route).await?;
    if windows::open_elsewhere(&url) {
        Ok(())
    } else {
        Err(TroubleView::Other.into())
    }
}

#[tauri::command]
#[specta::specta]
async fn popup_appearance(window: WebviewWindow, language: String) -> Appearance {
    let engine = window.state::<Engine>().inner().clone();
    if window.label() == windows::POPUP && tray::learn_language(window.app_handle(), &language) {
        tray::show_state(window.app_handle(), &engine.desk().await);
    }
    Appearance::of(&engine.settings().await.unwrap_or_default())
}

#[tauri::command]
#[specta::specta]
fn rehearse_popup(app: AppHandle, on: bool) {
    popup::rehearse(&app, on);
    app.state::<Desktop>().milestone(if on { "rehearsal" } else { "rehearsed" }, &[]);
}

#[tauri::command]
#[specta::specta]
async fn popup_painted(app: AppHandle, desktop: State<'_, Desktop>, call: String, revision: u32) -> Result<(), CommandError> {
    desktop.milestone("popup_painted", &[("call", &call), ("revision", &revision.to_string())]);
    app.state::<Engine>().popup_painted(&call);
    // Not before: the popup comes first.
    workspace::prepare(&app).await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
fn popup_size(window: WebviewWindow, height: f64, gives_way: bool) {
    popup::size(&window, height, gives_way);
}

#[tauri::command]
#[specta::specta]
fn popup_room(app: AppHandle) -> PopupRoomView {
    popup::room(&app)
}

#[tauri::command]
#[specta::specta]
fn screens(window: WebviewWindow) -> Vec<ScreenView> {
    popup::screens(&window)
}

#[tauri::command]
#[specta::specta]
fn focus_popup(app: AppHandle) {
    popup::focus(&app);
}

#[tauri::command]
#[specta::specta]
async fn hide_popup(app: AppHandle, engine: State<'_, Engine>) -> Result<(), CommandError> {
    let shown = app.state::<Desktop>().popup().popup;
    notices::are_known(&app, shown);
    engine.close_popup().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
fn open_route(app: AppHandle, route: Route) {
    workspace::open(&app, Entrance::Asked, Some(route));
}

#[tauri::command]
#[specta::specta]
async fn undo_outcome(engine: State<'_, Engine>, call: String) -> Result<(), CommandError> {
    engine.undo(&call).await
}

#[tauri::command]
#[specta::specta]
async fn looking_at(app: AppHandle, engine: State<'_, Engine>, route: Option<Route>) -> Result<(), CommandError> {
    notices::look(&app, route.is_some());
    engine.looking_at(route).await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
async fn user_form(engine: State<'_, Engine>, user: Option<String>, call: Option<String>) -> Result<UserForm, CommandError> {
    engine.user_form(user.as_deref(), call.as_deref()).await
}

#[tauri::command]
#[specta::specta]
async fn edit_user(
    engine: State<'_, Engine>,
    user: Option<String>,
    call: Option<String>,
    changes: UserChanges,
) -> Result<(), CommandError> {
    engine.edit_user(user.as_deref(), call.as_deref(), changes).await
}

#[tauri::command]
#[specta::specta]
async fn reconnect(engine: State<'_, Engine>) -> Result<(), CommandError> {
    engine.reconnect().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
async fn give_up_outbox(engine: State<'_, Engine>, id: String) -> Result<(), CommandError> {
    engine.give_up(&id).await
}

fn user_id(text: &str) -> Result<calls::UserId, CommandError> {
    text.parse().map(calls::UserId).map_err(|_| CommandError::from(TroubleView::Gone))
}

/// All commands and events, for the app and for the generated TypeScript.
#[must_use]
pub fn specta_builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // One shape per type: every field is there, empty ones as null.
        .disable_serde_phases()
        .commands(collect_commands![
            desk,
            pages_to_open,
            main_ready,
            main_painted,
            zoom::zoom,
            window_ground,
            give_back,
            answer_closing,
            profile,
            linked_profiles,
            case_page,
            case_by_number,
            search_users,
            call_list::call_list,
            open_compose,
            send_draft,
            save_draft,
            create_case,
            attach_call,
            link_user,
            choose_user,
            settings::settings,
            settings::save_settings,
            settings::test_pbx,
            settings::test_omnidesk,
            settings::omnidesk_channels,
            retry_outbox,
            open_in_omnidesk,
            popup_appearance,
            rehearse_popup,
            popup_painted,
            popup_size,
            popup_room,
            screens,
            rings::rings,
            rings::ring_sound,
            rings::keep_ring_sound,
            rings::forget_ring_sound,
            focus_popup,
            hide_popup,
            minute::done_with_call,
            pause::pause_popups,
            pause::resume_popups,
            pause::knows_of_missed,
            pause::hide_personal,
            open_route,
            dialing::read_number,
            dialing::dial,
            dialing::hang_up,
            undo_outcome,
            looking_at,
            user_form,
            edit_user,
            settings::health,
            figures::figures,
            figures::team_figures,
            settings::data_fields,
            settings::save_fields,
            settings::export_fields,
            settings::export_aside,
            settings::import_fields,
            minute::pick_labels,
            minute::claim,
            minute::look_at_missed,
            settings::labels,
            settings::save_labels,
            minute::read_when,
            minute::when_choices,
            minute::remind,
            minute::remind_later,
            minute::end_reminder,
            minute::phrases_for,
            settings::phrases,
            settings::save_phrases,
            settings::office_settings,
            settings::publish_office,
            settings::publish_office_before,
            settings::go_back_office,
            settings::unknown_fields,
            settings::show_test_call,
            settings::await_trial,
            settings::enrolment_link,
            settings::starts_at_login,
            settings::start_at_login,
            settings::links_holder,
            settings::take_links,
            settings::give_links_back,
            crate::hotkeys::hotkeys,
            crate::hotkeys::record_hotkey,
            crate::hotkeys::ask_for_hotkeys,
            version::version,
            version::look_for_update,
            version::install_update,
            reconnect,
            give_up_outbox,
            dialing::dial_size,
            dialing::open_dial,
            dialing::dial_ready,
            dialing::hide_dial,
            refusal::start_trouble,
            refusal::start_again,
            refusal::start_anew,
            refusal::start_quit
        ])
        .events(collect_events![
            DeskChanged,
            Navigate,
            RestAsked,
            ClosingAsked,
            DialOpened,
            HotkeysChanged,
            PopupRoom,
            PopupTurnedTo,
            VersionKnown
        ])
}

#[cfg(test)]
mod tests;
