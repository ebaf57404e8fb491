//! Ringside cannot work: a window says why and what to do, each fault in its own words.
//!
//! The window's words are the interface's. Where no window can be made, or its page does not come, a short form is said
//! on stderr, in the window's title and in a notification of the desktop.

use crate::bidi::isolated;
use crate::tray::Language;
use crate::{context, windows};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Fault, Store, StoreError};
use tauri::{AppHandle, Manager as _, RunEvent, State};

/// How long the window's page may take to ask what it is to say.
const PAGE: Duration = Duration::from_secs(15);

/// Why the program cannot work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StartFault {
    /// A file lies where the data folder should be.
    NotAFolder,
    /// Nothing may be written in the data folder.
    ReadOnly,
    /// The data folder is another user's of this computer.
    Foreign,
    /// No space is left on the disk.
    Full,
    /// The data file is of a newer version.
    Newer,
    /// The data file cannot be read.
    Damaged,
    /// Another program has the data folder and does not answer.
    InUse,
    /// The windows cannot be made.
    NoWindows,
    /// Anything else the disk refuses.
    Other,
}

impl From<Fault> for StartFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotAFolder => Self::NotAFolder,
            Fault::ReadOnly => Self::ReadOnly,
            Fault::Foreign => Self::Foreign,
            Fault::Full => Self::Full,
            Fault::Newer => Self::Newer,
            Fault::Damaged => Self::Damaged,
            Fault::InUse => Self::InUse,
            Fault::Other => Self::Other,
        }
    }
}

/// What the start window says.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartTrouble {
    /// Why.
    pub fault: StartFault,
    /// The data folder.
    pub folder: String,
    /// What the system said, for administrators.
    pub detail: String,
}

impl StartTrouble {
    /// The data folder or file cannot be used.
    #[must_use]
    pub fn of_store(error: &StoreError, data_dir: &Path) -> Self {
        Self {
            fault: error.fault().into(),
            folder: data_dir.display().to_string(),
            detail: error.to_string(),
        }
    }

    /// In a few words, for where no page can be drawn.
    fn said(&self, language: Language) -> String {
        let (russian, english) = match self.fault {
            StartFault::NotAFolder => ("на месте папки данных лежит файл", "a file lies where the data folder should be"),
            StartFault::ReadOnly => ("в папку данных нельзя записать", "nothing can be written in the data folder"),
            StartFault::Foreign => (
                "папка данных принадлежит другому пользователю",
                "the data folder belongs to another user",
            ),
            StartFault::Full => ("на диске нет места", "no space is left on the disk"),
            StartFault::Newer => ("файл данных создан более новой версией", "the data file is of a newer version"),
            StartFault::Damaged => ("файл данных повреждён", "the data file is damaged"),
            StartFault::InUse => (
                "программа уже запущена, но не отвечает",
                "it is running already but does not answer",
            ),
            StartFault::NoWindows => ("не удаётся открыть окна", "the windows cannot be opened"),
            StartFault::Other => ("файл данных не открывается", "the data file cannot be opened"),
        };
        match language {
            Language::Russian => format!("Ringside не запущен: {russian}"),
            Language::English => format!("Ringside did not start: {english}"),
        }
    }
}

/// Whether the page asked what it is to say.
#[derive(Default)]
pub struct Asked(AtomicBool);

/// Where the data file lies.
pub struct DataFile(PathBuf);

/// Says in a window why the program cannot work. Returns when the window was closed.
pub fn show(trouble: &StartTrouble, data_file: PathBuf) {
    let said = trouble.said(Language::of_environment());
    tracing::error!(fault = ?trouble.fault, detail = trouble.detail, "not started");
    eprintln!("ringside: {said}: {}: {}", trouble.folder, trouble.detail);
    let (trouble, title) = (trouble.clone(), said.clone());
    let detail = format!("{}\n{}", isolated(&trouble.folder), isolated(&trouble.detail));
    let page = detail.clone();
    let build = move || {
        tauri::Builder::default()
            .invoke_handler(crate::specta_builder().invoke_handler())
            .setup(move |app| {
                app.manage(trouble);
                app.manage(DataFile(data_file));
                app.manage(Asked::default());
                windows::create_start(app.handle(), &title)?;
                watch_page(app.handle().clone(), title, page);
                Ok(())
            })
            .build(context())
    };
    // Without a display the window library does not return an error, it panics.
    match catch_unwind(AssertUnwindSafe(build)) {
        Ok(Ok(app)) => app.run(|app, event| {
            if let RunEvent::ExitRequested { code: None, api, .. } = event {
                api.prevent_exit();
                app.exit(1);
            }
        }),
        Ok(Err(error)) => {
            eprintln!("ringside: no window: {error}");
            notify(&said, &detail);
        }
        Err(_) => notify(&said, &detail),
    }
}

/// Says that no window can be made.
pub fn without_windows(detail: &str) {
    let trouble = StartTrouble {
        fault: StartFault::NoWindows,
        folder: String::new(),
        detail: detail.to_owned(),
    };
    let said = trouble.said(Language::of_environment());
    tracing::error!(detail, "not started");
    eprintln!("ringside: {said}: {detail}");
    notify(&said, &isolated(detail));
}

/// Says that a window breaks again and again. It may be the popup, so it is said outside of the windows.
#[cfg(target_os = "linux")]
pub fn tell_of_crashes() {
    let (title, text) = match Language::of_environment() {
        Language::Russian => ("Окно Ringside не отображается", "Сбой повторяется. Новая попытка через минуту."),
        Language::English => (
            "A window of Ringside cannot be shown",
            "It keeps failing. The next try is in a minute.",
        ),
    };
    // The bus may take its time, and this is the main thread.
    std::thread::spawn(move || notify(title, text));
}

fn watch_page(app: AppHandle, said: String, detail: String) {
    std::thread::spawn(move || {
        std::thread::sleep(PAGE);
        if !app.state::<Asked>().0.load(Ordering::SeqCst) {
            notify(&said, &detail);
        }
    });
}

/// The last resort. There may be no notifications either: then stderr has said it.
#[cfg(target_os = "linux")]
fn notify(title: &str, text: &str) {
    use std::collections::HashMap;
    let told = zbus::blocking::Connection::session().and_then(|bus| {
        let hints: HashMap<&str, zbus::zvariant::Value<'_>> = HashMap::from([("urgency", zbus::zvariant::Value::U8(2))]);
        let actions: &[&str] = &[];
        let place = "/org/freedesktop/Notifications";
        let name = "org.freedesktop.Notifications";
        bus.call_method(
            Some(name),
            place,
            Some(name),
            "Notify",
            &("Ringside", 0_u32, "dialog-error", title, text, actions, hints, 0_i32),
        )
    });
    if let Err(error) = told {
        eprintln!("ringside: no notification: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn notify(_title: &str, _text: &str) {}

/// What the start window is to say.
#[tauri::command]
#[specta::specta]
pub async fn start_trouble(trouble: State<'_, StartTrouble>, asked: State<'_, Asked>) -> Result<StartTrouble, ()> {
    asked.0.store(true, Ordering::SeqCst);
    Ok(trouble.inner().clone())
}

/// Tries the start again, with a program of its own.
#[tauri::command]
#[specta::specta]
pub async fn start_again(app: AppHandle) {
    app.restart();
}

/// Puts the damaged file aside and starts with what can be read of it. Answers only when that failed.
#[tauri::command]
#[specta::specta]
pub async fn start_anew(app: AppHandle, file: State<'_, DataFile>, trouble: State<'_, StartTrouble>) -> Result<(), StartTrouble> {
    if trouble.fault == StartFault::Damaged
        && let Err(error) = Store::open_anew(&file.0)
    {
        return Err(StartTrouble::of_store(&error, Path::new(&trouble.folder)));
    }
    app.restart()
}

/// Closes the start window.
#[tauri::command]
#[specta::specta]
pub async fn start_quit(app: AppHandle) {
    app.exit(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn d3_each_fault_of_the_start_has_words_of_its_own_in_both_languages() {
        let faults = [
            StartFault::NotAFolder,
            StartFault::ReadOnly,
            StartFault::Foreign,
            StartFault::Full,
            StartFault::Newer,
            StartFault::Damaged,
            StartFault::InUse,
            StartFault::NoWindows,
            StartFault::Other,
        ];
        let said = |fault, language| {
            let trouble = StartTrouble {
                fault,
                folder: String::new(),
                detail: String::new(),
            };
            trouble.said(language)
        };
        let words: BTreeSet<String> = faults
            .iter()
            .flat_map(|fault| [said(*fault, Language::Russian), said(*fault, Language::English)])
            .collect();
        assert_eq!(words.len(), 2 * faults.len());
    }
}
