//! Newer versions of the program: a list at an address that the office names, packages that are signed with a key that it
//! names. Neither is built in, so without an office's word nobody is asked.
//!
//! The list is fetched by [`fetch`], bounded; which package is ours, whether it is signed for exactly the version that the
//! list says, and how it takes the place of this one is `tauri-plugin-updater`'s. Nothing is touched before the signature is
//! good, nothing is installed without the agent's press, and not while a call goes on.

mod fetch;
mod package;
mod source;

use crate::commands::VersionKnown;
use crate::ending;
use crate::windows::MAIN;
use calls::visible;
use engine::Engine;
use engine::view::{PhaseView, Stage};
use fetch::Fetched;
use package::{Package, trouble};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use source::Source;
use specta::Type;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_updater::{Update, UpdaterExt as _};
use tauri_specta::Event as _;

/// A longer list is not read, bytes.
const LONGEST_LIST: usize = 256 * 1024;
/// A larger package is not loaded, bytes.
const LARGEST_PACKAGE: usize = 512 * 1024 * 1024;
/// What is shown of what a version brings, characters.
const LONGEST_NOTES: usize = 2_000;
/// How long the list may take, and a package.
const FOR_LIST: Duration = Duration::from_secs(30);
const FOR_PACKAGE: Duration = Duration::from_secs(30 * 60);
/// The first look after the start, seconds. Drawn, as an office starts in the morning.
const FIRST_LOOK: std::ops::Range<u64> = 60..15 * 60;
/// How long what was found stands, and how often it is thought of: a computer that sleeps counts no hours.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
const THOUGHT_OF: Duration = Duration::from_secs(60 * 60);
/// How often it is looked whether the call is over that keeps the program from starting again.
const CALL_OVER: Duration = Duration::from_secs(2);

/// What is known of newer versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum UpdateView {
    /// The office names no place for them.
    #[default]
    Off,
    /// It names one, and this copy was not installed from a package that could be replaced.
    NotPackaged,
    /// Nobody has looked yet.
    NotAsked,
    /// There is none.
    Newest,
    /// There is one.
    Newer {
        /// Its version.
        version: String,
        /// What it brings, as the list says.
        notes: String,
    },
    /// It is being loaded and installed.
    Installing {
        /// How much of it is loaded, per cent, where its server says how much there is.
        percent: Option<u8>,
    },
    /// It stands in this one's place; the program starts again, once no call is on.
    Installed,
    /// That could not be found out, or the newer one not be installed. Nothing was changed.
    Failed {
        /// Why.
        trouble: UpdateTrouble,
    },
}

/// Why there is no newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UpdateTrouble {
    /// What the office's file says of them cannot be used.
    Source,
    /// The address does not answer, or not with what was asked for.
    Unreachable,
    /// What lies there is no list of versions.
    List,
    /// The list has no package for this system.
    NotForUs,
    /// The package is larger than any of ours.
    TooLarge,
    /// The package is not signed by whom the office names, or not for this version.
    Signature,
    /// The package is signed, and is none.
    Package,
    /// What the list names is not there.
    Gone,
    /// A call goes on, or the program does not know yet whether one does.
    InCall,
    /// The system does not let this agent replace it.
    NotAllowed,
    /// The system's installer did not come to its end.
    Unfinished,
    /// Something else.
    Other,
}

/// The program's version, and what is known of newer ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VersionView {
    /// Of the program that runs.
    pub version: String,
    /// What is known of newer ones.
    pub update: UpdateView,
}

/// Where newer versions lie, and what was found there.
pub struct Updates {
    /// None: the office names no place. An error: it names one that cannot be used.
    source: Option<Result<Source, UpdateTrouble>>,
    /// None: this copy cannot be replaced.
    package: Option<Package>,
    known: Mutex<Known>,
    /// One at a time asks or installs.
    turn: tokio::sync::Mutex<()>,
    /// How often the workspace was told.
    told: AtomicU32,
}

/// What was found last.
#[derive(Default)]
struct Known {
    view: UpdateView,
    update: Option<Update>,
    /// When the list was read last.
    looked: Option<SystemTime>,
}

impl Updates {
    /// As the office says.
    pub fn of(app: &AppHandle, updates: &engine::Updates) -> Self {
        let source = Source::read(updates).transpose();
        let package = Package::of(app);
        let view = match (&source, &package) {
            (None, _) => UpdateView::Off,
            (Some(_), None) => UpdateView::NotPackaged,
            (Some(Err(trouble)), _) => UpdateView::Failed { trouble: *trouble },
            (Some(Ok(_)), Some(_)) => UpdateView::NotAsked,
        };
        Self {
            source,
            package,
            known: Mutex::new(Known { view, ..Known::default() }),
            turn: tokio::sync::Mutex::default(),
            told: AtomicU32::default(),
        }
    }

    /// Where they are asked for, and what is replaced; none where nobody is asked.
    fn asked(&self) -> Option<(&Source, &Package)> {
        self.source.as_ref()?.as_ref().ok().zip(self.package.as_ref())
    }

    /// The version that runs, and what is known of newer ones.
    pub fn view(&self) -> VersionView {
        VersionView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            update: self.known().view.clone(),
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_due(&self) -> bool {
        // A clock that was set back says nothing.
        !self
            .known()
            .looked
            .is_some_and(|then| then.elapsed().is_ok_and(|since| since < FRESH))
    }

    /// A newer version that was found stays known where the next look finds nobody.
    fn learn(&self, found: Result<Option<Update>, UpdateTrouble>) -> UpdateView {
        let mut known = self.known();
        match found {
            Err(trouble) if known.update.is_some() => return UpdateView::Failed { trouble },
            Err(trouble) => known.view = UpdateView::Failed { trouble },
            Ok(update) => {
                known.view = update.as_ref().map_or(UpdateView::Newest, newer);
                known.update = update;
                known.looked = Some(SystemTime::now());
            }
        }
        known.view.clone()
    }

    fn show(&self, app: &AppHandle, view: UpdateView) {
        self.known().view = view;
        tell(app);
    }
}

/// Text of others: only what can be seen of it, and not more than fits.
fn newer(update: &Update) -> UpdateView {
    UpdateView::Newer {
        version: update.version.clone(),
        notes: lines(update.body.as_deref().unwrap_or_default()),
    }
}

fn lines(notes: &str) -> String {
    let text: Vec<String> = notes.lines().map(|line| visible(line).trim().to_owned()).collect();
    text.join("\n").trim().chars().take(LONGEST_NOTES).collect()
}

/// Looks every day, for the first time some minutes after the start, as long as the program runs.
pub fn look_daily(app: &AppHandle) {
    if app.state::<Updates>().asked().is_none() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(fastrand::u64(FIRST_LOOK))).await;
        loop {
            if app.state::<Updates>().is_due() {
                look(&app).await;
            }
            tokio::time::sleep(THOUGHT_OF).await;
        }
    });
}

/// Looks for a newer version now. While one is being looked for or installed, what is known already.
pub async fn look(app: &AppHandle) -> UpdateView {
    let updates = app.state::<Updates>();
    let (Some((source, package)), Ok(_turn)) = (updates.asked(), updates.turn.try_lock()) else {
        return updates.view().update;
    };
    if updates.known().view == UpdateView::Installed {
        return UpdateView::Installed;
    }
    let found = found(app, source, package).await;
    if let Err(trouble) = &found {
        tracing::warn!(?trouble, "newer versions could not be looked for");
    }
    let learnt = updates.learn(found);
    tell(app);
    learnt
}

/// The workspace's banner speaks of a newer version.
fn tell(app: &AppHandle) {
    let number = app.state::<Updates>().told.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    if let Err(error) = VersionKnown(number).emit_to(app, MAIN) {
        tracing::warn!(%error, "the workspace was not told of the version");
    }
}

async fn found(app: &AppHandle, source: &Source, package: &Package) -> Result<Option<Update>, UpdateTrouble> {
    let text = match fetch::read(&source.url, LONGEST_LIST, FOR_LIST, |_| {}).await? {
        Fetched::File(text) => text,
        Fetched::NotThere | Fetched::TooLarge => return Err(UpdateTrouble::List),
    };
    let list: Value = serde_json::from_slice(&text).map_err(|_| UpdateTrouble::List)?;
    let program = Package::program(Some(package)).map_err(|_| UpdateTrouble::Other)?;
    let builder = app.updater_builder().pubkey(source.key.as_str()).executable_path(program);
    let updater = builder.endpoints(vec![source.url.clone()]).and_then(|builder| builder.build());
    updater
        .and_then(|updater| updater.restore_update(list))
        .map_err(|error| trouble(&error))
}

/// Loads the newer version that was found, proves whose it is, puts it into this one's place and starts the program again.
pub async fn install(app: &AppHandle) -> UpdateView {
    let updates = app.state::<Updates>();
    let (Some((_, package)), Ok(_turn)) = (updates.asked(), updates.turn.try_lock()) else {
        return updates.view().update;
    };
    let found = updates.known().update.clone();
    let Some(update) = found else { return updates.view().update };
    updates.show(app, UpdateView::Installing { percent: None });
    match put_in_place(app, &update, package).await {
        Ok(()) => {
            tracing::info!(version = %update.version, "a newer version is installed; the program starts again");
            updates.known().update = None;
            updates.show(app, UpdateView::Installed);
            start_again_after_the_call(app);
            UpdateView::Installed
        }
        Err(trouble) => {
            tracing::warn!(?trouble, "the newer version was not installed");
            // What was found is still there: whoever hangs up can press again.
            updates.show(app, newer(&update));
            UpdateView::Failed { trouble }
        }
    }
}

async fn put_in_place(app: &AppHandle, update: &Update, package: &Package) -> Result<(), UpdateTrouble> {
    if !is_quiet(app).await {
        return Err(UpdateTrouble::InCall);
    }
    if !source::is_safe(&update.download_url) {
        return Err(UpdateTrouble::List);
    }
    let show = |percent| app.state::<Updates>().show(app, UpdateView::Installing { percent: Some(percent) });
    let content = match fetch::read(&update.download_url, LARGEST_PACKAGE, FOR_PACKAGE, show).await? {
        Fetched::File(content) => content,
        Fetched::NotThere => return Err(UpdateTrouble::Gone),
        Fetched::TooLarge => return Err(UpdateTrouble::TooLarge),
    };
    // The phone may have rung meanwhile.
    if !is_quiet(app).await {
        return Err(UpdateTrouble::InCall);
    }
    let (update, package) = (update.clone(), package.clone());
    let replaced = tauri::async_runtime::spawn_blocking(move || package.replace(&update, &content)).await;
    replaced.map_err(|_| UpdateTrouble::Other)?
}

/// While somebody typed the password, a call may have begun.
fn start_again_after_the_call(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while !is_quiet(&app).await {
            tokio::time::sleep(CALL_OVER).await;
        }
        ending::start_again(&app);
    });
}

/// No call goes on, as far as the desk knows; one that has only just begun to work knows nothing.
async fn is_quiet(app: &AppHandle) -> bool {
    let desk = app.state::<Engine>().inner().clone().desk().await;
    desk.stage != Stage::Starting && desk.calls.iter().all(|call| call.phase == PhaseView::Ended)
}

/// What is started to start this program anew.
///
/// # Errors
/// The system does not say where this program lies.
pub fn program(app: &AppHandle) -> std::io::Result<std::path::PathBuf> {
    Package::program(app.state::<Updates>().package.as_ref())
}

#[cfg(test)]
mod tests;
