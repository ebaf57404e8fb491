//! The desktop app: windows, tray and keychain around the [`engine`].
//!
//! Nothing is decided here. The engine's view goes to the windows as an event, the windows'
//! clicks go to the engine as commands of three lines. Tauri's types stay in this folder.

mod commands;
mod desktop;
mod keychain;
mod logging;
mod start;
mod timeline;
mod tray;
mod windows;

pub use commands::specta_builder;

use anyhow::Context as _;
use std::time::Instant;
use tauri::Manager as _;

/// Runs the app until it is quit.
///
/// # Errors
/// When the data folder or the windowing system cannot be used; the message says what to do.
pub fn run() -> anyhow::Result<()> {
    let began = Instant::now();
    let options = start::Options::from_environment();
    let _log = logging::start(&options.data_dir)?;
    let timeline = timeline::Timeline::open(options.timeline.as_deref())?;
    let store = store::Store::open(&options.data_dir.join("ringside.db")).with_context(|| {
        format!(
            "cannot open the data file in {}; check that the folder is writable",
            options.data_dir.display()
        )
    })?;
    let builder = specta_builder();

    let app = tauri::Builder::default()
        // Must be the first plugin: a second start hands over to the running app and ends.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| {
            windows::show_main(app)
        }))
        .plugin(tauri_plugin_opener::init())
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_denylist(&[windows::POPUP, windows::DIAL])
                .with_state_flags(tauri_plugin_window_state::StateFlags::SIZE | tauri_plugin_window_state::StateFlags::POSITION)
                .build(),
        )
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            timeline.mark("started", &[]);
            app.manage(windows::PopupWanted::default());
            app.manage(windows::LastDial::default());
            let handle = app.handle().clone();
            let desktop = desktop::Desktop::new(handle.clone(), timeline);
            let parts = engine::Parts {
                store,
                shell: std::sync::Arc::new(desktop.clone()),
                secrets: keychain::store(options.secrets_from_environment),
                provision: options.provision,
                zone: jiff::tz::TimeZone::system(),
            };
            // The engine speaks to windows and tray from its first breath: they stand before it starts.
            app.manage(desktop.clone());
            windows::create(&handle, options.hidden)?;
            tray::create(&handle);
            app.manage(tauri::async_runtime::block_on(async { engine::Engine::start(parts) }));
            tracing::info!(ms = began.elapsed().as_millis(), "set up");
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the windows cannot be made; on Linux check that DISPLAY or WAYLAND_DISPLAY is set and WebKitGTK 4.1 is installed")?;
    app.run(|app, event| windows::on_run_event(app, &event));
    Ok(())
}
