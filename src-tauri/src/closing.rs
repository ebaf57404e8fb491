//! Closing the workspace. Where somebody shows the tray it is hidden, and the tray leads back to it, which is told once. Where
//! nobody does it would be gone for the agent while the program goes on: its page asks whether to minimise it or to quit.

use crate::commands::ClosingAsked;
use crate::windows::{MAIN, on_main_thread};
use crate::{notices, tray, workspace};
use engine::Engine;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

/// What follows when the window is to close.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Hide,
    /// The page is asked; how often it was.
    Ask(u32),
    Minimise,
}

/// The question that the page may be asking.
#[derive(Debug, Default)]
struct Question {
    asked: u32,
    is_open: bool,
}

impl Question {
    /// Closing anew while the question stands answers it, as the page may be one that cannot ask.
    fn close(&mut self, is_tray_shown: bool, page_stands: bool) -> Step {
        let asks = !is_tray_shown && page_stands && !self.is_open;
        self.is_open = asks;
        if is_tray_shown {
            Step::Hide
        } else if asks {
            self.asked = self.asked.wrapping_add(1);
            Step::Ask(self.asked)
        } else {
            Step::Minimise
        }
    }
}

/// What the agent says to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ClosingAnswer {
    /// The window stays as it is.
    Stay,
    /// It is minimised, and the program goes on.
    Minimise,
    /// The program ends.
    Quit,
}

/// The workspace's question.
#[derive(Debug, Default)]
pub struct Closing(Mutex<Question>);

impl Closing {
    fn question(app: &AppHandle) -> MutexGuard<'_, Question> {
        app.state::<Self>().inner().0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The agent closes the workspace.
pub fn close(app: &AppHandle) {
    let page_stands = app.state::<workspace::Workspace>().stands();
    let step = Closing::question(app).close(tray::is_shown(app), page_stands);
    match step {
        Step::Hide => {
            workspace::hide(app);
            tell_once(app);
        }
        Step::Minimise => {
            // The page need not see that it goes out of sight, where it is soon in sight again.
            ask(app, 0);
            minimise(app);
        }
        Step::Ask(number) => ask(app, number),
    }
}

fn tell_once(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let engine = app.state::<Engine>().inner().clone();
        if engine.is_first_in_tray().await {
            notices::tell_of_tray(&app);
        }
    });
}

fn ask(app: &AppHandle, number: u32) {
    if let Err(error) = ClosingAsked(number).emit_to(app, MAIN) {
        tracing::warn!(%error, "the workspace could not be asked what closing means");
    }
}

/// The page's answer.
pub fn answer(app: &AppHandle, answer: ClosingAnswer) {
    Closing::question(app).is_open = false;
    match answer {
        ClosingAnswer::Stay => {}
        ClosingAnswer::Minimise => minimise(app),
        ClosingAnswer::Quit => app.exit(0),
    }
}

fn minimise(app: &AppHandle) {
    on_main_thread(app, |app| {
        if let Some(main) = app.get_webview_window(MAIN)
            && let Err(error) = main.minimize()
        {
            tracing::warn!(%error, "the workspace could not be minimised");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_a_window_is_hidden_only_where_somebody_shows_the_way_back() {
        use Step::{Ask, Hide, Minimise};
        // Whether the tray is shown, the page stands, and it was asked already.
        for (shown, stands, is_open, step) in [
            (true, true, false, Hide),
            (true, true, true, Hide),
            (true, false, false, Hide),
            (true, false, true, Hide),
            (false, true, false, Ask(1)),
            (false, true, true, Minimise),
            (false, false, false, Minimise),
            (false, false, true, Minimise),
        ] {
            let mut question = Question { asked: 0, is_open };
            assert_eq!(question.close(shown, stands), step, "{shown} {stands} {is_open}");
            assert_eq!(question.is_open, matches!(step, Ask(_)), "{shown} {stands} {is_open}");
        }
    }

    #[test]
    fn d1_the_next_closing_asks_anew() {
        let mut question = Question::default();
        assert_eq!(question.close(false, true), Step::Ask(1));
        assert_eq!(question.close(false, true), Step::Minimise);
        assert_eq!(question.close(false, true), Step::Ask(2));
    }
}
