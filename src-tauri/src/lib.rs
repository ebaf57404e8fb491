//! The desktop app: windows, tray and keychain around the [`engine`].
//!
//! Nothing is decided here. The engine's view goes to the windows as an event, the windows'
//! clicks go to the engine as commands of three lines. Tauri's types stay in this folder.

mod arguments;
mod asking;
mod autostart;
mod bidi;
#[cfg(target_os = "linux")]
mod bus;
mod closing;
mod commands;
mod desktop;
mod diagnostics;
mod display;
mod ending;
mod handler;
mod hotkeys;
#[cfg(unix)]
mod instance;
mod keychain;
mod logging;
mod notices;
mod order;
mod outside;
mod popup;
mod privacy;
mod qr;
mod recordings;
mod refusal;
mod rings;
mod runs_on;
mod selection;
mod shown;
mod start;
mod timeline;
mod tray;
mod update;
mod web_process;
mod windows;
mod workspace;
mod zoom;

pub use commands::specta_builder;

use order::Order;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use store::{Disk, Store, StoreError};
use tauri::Manager as _;

/// The data file, in the data folder.
const DATA_FILE: &str = "ringside.db";
/// Where all users of the account are kept.
const USERS_FILE: &str = "users.db";

/// Does what the command line asks for, and returns the program's status.
#[must_use]
pub fn run() -> ExitCode {
    let began = Instant::now();
    let language = tray::Language::of_environment();
    match arguments::read(std::env::args_os().skip(1), language) {
        arguments::Asked::Program { hidden, order } => program(began, hidden, order),
        arguments::Asked::Question(question) => asking::ask(&question, language),
        arguments::Asked::Answer(text) => arguments::answer(&text, language),
        arguments::Asked::Refused(text, code) => arguments::refuse(&text, code),
    }
}

/// Runs the app until it is quit, or has the one that runs already carry the order out. What did not go well was said in a
/// window, or where none can be made in other ways (see [`refusal`]).
fn program(began: Instant, hidden: bool, order: Order) -> ExitCode {
    web_process::draw_by_processor();
    display::prefer_placed();
    privacy::keep_private();
    let options = start::Options::from_environment(hidden);
    match start(&options, &order) {
        Ok(Started::Ready(ready)) => match work(began, options, ready, order) {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(order::code::FAILED),
        },
        #[cfg(unix)]
        Ok(Started::Elsewhere(answer)) => {
            let (said, code) = answer.told(tray::Language::of_environment());
            arguments::complain(&said.unwrap_or_default());
            code
        }
        // Where somebody sits at a terminal, that is said there; else nobody would see it but in a window.
        #[cfg(unix)]
        Err(StoreError::InUse) if order != Order::Show(None) && std::io::IsTerminal::is_terminal(&std::io::stderr()) => {
            arguments::no_answer(tray::Language::of_environment())
        }
        Err(error) => {
            let trouble = refusal::StartTrouble::of_store(&error, &options.data_dir);
            refusal::show(&trouble, options.data_dir.join(DATA_FILE));
            ExitCode::from(order::code::FAILED)
        }
    }
}

/// How a start ended.
enum Started {
    /// It has what it needs to work.
    Ready(Ready),
    /// A running program has the folder, and has answered.
    #[cfg(unix)]
    Elsewhere(order::Answer),
}

/// What the start got hold of.
struct Ready {
    #[cfg(unix)]
    place: instance::Place,
    store: Disk,
    everybody: engine::Everybody,
    _log: Option<logging::Log>,
}

/// Takes the data folder and opens what lies in it, or hands the order over to the program that has it.
fn start(options: &start::Options, order: &Order) -> Result<Started, StoreError> {
    #[cfg(unix)]
    let place = match instance::take(&options.data_dir, order)? {
        instance::Taken::Here(place) => place,
        instance::Taken::Elsewhere(answer) => return Ok(Started::Elsewhere(answer)),
    };
    #[cfg(not(unix))]
    let _ = order;
    let tightened = store::folder::tighten(&options.data_dir);
    // Without a log there is work to do all the same.
    let log = logging::start(&options.data_dir)
        .inspect_err(|error| eprintln!("ringside: no log: {error}"))
        .ok();
    tell_tightened(tightened);
    Ok(Started::Ready(Ready {
        #[cfg(unix)]
        place,
        store: disk(options)?,
        everybody: engine::Everybody::open(&options.data_dir.join(USERS_FILE)).map_err(StoreError::Thread)?,
        _log: log,
    }))
}

fn disk(options: &start::Options) -> Result<Disk, StoreError> {
    let store = Store::open(&options.data_dir.join(DATA_FILE))?;
    match options.slow_disk {
        Some(by) => Disk::slowed(store, by),
        None => Disk::of(store),
    }
}

/// The folder holds names, numbers and notes: that others could read it is worth a line.
fn tell_tightened(tightened: std::io::Result<Vec<PathBuf>>) {
    match tightened {
        Ok(tightened) if tightened.is_empty() => {}
        Ok(tightened) => tracing::warn!(files = tightened.len(), "others could read these; now they cannot"),
        Err(error) => tracing::warn!(kind = ?error.kind(), "who may read the data folder is not known"),
    }
}

fn work(began: Instant, options: start::Options, ready: Ready, order: Order) -> bool {
    // Measuring must not keep anybody from working.
    let timeline = timeline::Timeline::open(options.timeline.as_deref())
        .inspect_err(|error| eprintln!("ringside: no timeline: {error}"))
        .unwrap_or_default();
    let Ready {
        #[cfg(unix)]
        mut place,
        store,
        everybody,
        _log,
    } = ready;
    let builder = specta_builder();
    let app = tauri::Builder::default();
    // Must be the first plugin: a second start hands over to the running app and ends.
    #[cfg(not(unix))]
    let app = app.plugin(tauri_plugin_single_instance::init(|app, arguments, _folder| {
        let arguments = arguments.into_iter().skip(1).map(Into::into);
        match arguments::read(arguments, tray::Language::of_environment()) {
            arguments::Asked::Program {
                order: Order::Show(None), ..
            } => workspace::open(app, workspace::Entrance::Asked, None),
            arguments::Asked::Program { order, .. } => outside::begin(app, order),
            _ => {}
        }
    }));
    let app = app
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_denylist(&[windows::POPUP, windows::DIAL])
                .with_state_flags(tauri_plugin_window_state::StateFlags::SIZE | tauri_plugin_window_state::StateFlags::POSITION)
                .build(),
        )
        .register_asynchronous_uri_scheme_protocol(recordings::SCHEME, recordings::serve)
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            timeline.mark("started", &[]);
            app.manage(zoom::Zoom::default());
            app.manage(popup::Popup::default());
            app.manage(windows::LastDial::default());
            app.manage(hotkeys::Hotkeys::of(&options.data_dir));
            app.manage(windows::DialHeight::default());
            app.manage(recordings::Recordings::default());
            app.manage(workspace::Workspace::new(options.rest));
            app.manage(closing::Closing::default());
            app.manage(ending::Again::default());
            app.manage(update::Updates::of(app.handle(), &options.office.updates()));
            app.manage(tray::Panel::default());
            app.manage(notices::Notices::default());
            app.manage(rings::Rings::of(&options.data_dir));
            let handle = app.handle().clone();
            let desktop = desktop::Desktop::new(handle.clone(), timeline);
            let parts = engine::Parts {
                store,
                everybody,
                shell: std::sync::Arc::new(desktop.clone()),
                secrets: keychain::store(options.secrets_from_environment),
                office: options.office,
                zone: jiff::tz::TimeZone::system(),
            };
            // The engine speaks to windows and tray from its first breath: they stand before it starts.
            app.manage(desktop.clone());
            popup::create(&handle)?;
            tray::create(&handle);
            notices::follow(&handle);
            app.manage(tauri::async_runtime::block_on(async { engine::Engine::start(parts) }));
            // Without a tray there is no other way to it.
            let unseen = options.hidden || matches!(order, Order::Dial(_) | Order::DialSelection);
            if !unseen || !tray::is_there(&handle) {
                workspace::open(&handle, workspace::Entrance::Asked, None);
            }
            outside::begin(&handle, order);
            // What works in a folder of its own is not the program that the desktop would start.
            if !start::has_own_folder() {
                handler::open_own_links();
            }
            tray::follow_panel(&handle);
            update::look_daily(&handle);
            #[cfg(unix)]
            {
                ending::heed_signals(&handle);
                let handle = handle.clone();
                place.answer(move |order| outside::carry_out(&handle, order));
                app.manage(place);
            }
            tracing::info!(ms = began.elapsed().as_millis(), "set up");
            Ok(())
        });
    // Without a display the window library does not return an error, it panics.
    match catch_unwind(AssertUnwindSafe(|| app.build(context()))) {
        Ok(Ok(app)) => {
            app.run(|app, event| {
                windows::on_run_event(app, &event);
                recordings::on_run_event(app, &event);
                ending::on_run_event(app, &event);
            });
            true
        }
        Ok(Err(error)) => {
            refusal::without_windows(&error.to_string());
            false
        }
        Err(_) => {
            refusal::without_windows("on Linux check that DISPLAY or WAYLAND_DISPLAY is set");
            false
        }
    }
}

/// The interface and the app's configuration, as they were built in.
fn context() -> tauri::Context {
    tauri::generate_context!()
}
