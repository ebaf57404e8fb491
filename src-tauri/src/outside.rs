//! Orders from outside ([`Order`]), carried out by the running program.
//!
//! A number goes into the dial window, where the agent sees what it is and presses; only where they have set so is one dialled
//! that they have called before, by the running program alone. Of many links at once it is one window, with the last of them.
//! Nor is anything set: what a link says is shown, and the agent takes it or not.

use crate::commands::{DialFrom, DialStart};
use crate::order::Order;
#[cfg(unix)]
use crate::order::{Answer, Pausing, Status};
use crate::selection;
#[cfg(unix)]
use crate::selection::Found;
use crate::windows;
use crate::workspace::{self, Entrance};
#[cfg(unix)]
use crate::{diagnostics, runs_on, start, tray};
use engine::view::{CommandError, LinkStateView, Route, Stage, TroubleView};
use engine::{Engine, Enrolment, EnrolmentRefused};
use std::time::Duration;
use tauri::{AppHandle, Manager as _};

/// How long Omnidesk is waited for when it is asked for a case.
pub const CASE_PATIENCE: Duration = Duration::from_secs(10);
/// How long the engine is waited for when it is asked how it stands.
const STATUS_PATIENCE: Duration = Duration::from_secs(2);
/// How long a program that has just started is waited for until it has its line to Omnidesk.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks whether it has.
const PAUSE: Duration = Duration::from_millis(200);

/// Carries an order out for somebody who waits for the answer. `None`: the windows are gone, or do not answer. Not to be called
/// on the main thread.
#[cfg(unix)]
pub fn carry_out(app: &AppHandle, order: Order) -> Option<Answer> {
    match order {
        Order::Show(page) => workspace::open_now(app, page.map(crate::order::Page::route)).then_some(Answer::Done),
        Order::Dial(keys) => {
            if keys.as_deref().is_some_and(|keys| is_dialled(app, keys)) {
                return Some(Answer::Done);
            }
            let answer = if keys.is_some() { Answer::Done } else { Answer::NoNumber };
            show_dial(app, keys);
            windows::are_through(app).then_some(answer)
        }
        Order::DialSelection => {
            let answer = match selection::open(app)? {
                Found::Number => Answer::Done,
                Found::NoNumber => Answer::NoNumber,
                Found::Unread(unread) => Answer::Unread(unread),
            };
            windows::are_through(app).then_some(answer)
        }
        Order::OpenCase(number) => {
            let asked = tauri::async_runtime::block_on(async { tokio::time::timeout(CASE_PATIENCE, case_page(app, &number)).await });
            match asked {
                Ok(Ok(page)) => workspace::open_now(app, Some(page)).then_some(Answer::Done),
                Ok(Err(error)) if error.trouble == TroubleView::Gone => Some(Answer::NoCase),
                Ok(Err(_)) | Err(_) => Some(Answer::CaseUnknown),
            }
        }
        Order::SetUp(link) => {
            let answer = if link.is_ok() { Answer::Done } else { Answer::NoSetUp };
            workspace::open_now(app, Some(enrolment(&link))).then_some(answer)
        }
        Order::Status => {
            let engine = app.state::<Engine>().inner().clone();
            let view = async { tokio::time::timeout(STATUS_PATIENCE, engine.desk()).await };
            let view = tauri::async_runtime::block_on(view).ok()?;
            Some(Answer::Status(Box::new(Status::of(&view, tray::is_shown(app)))))
        }
        Order::Pause(how) => {
            let engine = app.state::<Engine>().inner().clone();
            tauri::async_runtime::block_on(async { tokio::time::timeout(STATUS_PATIENCE, pause(&engine, how)).await }).ok()
        }
        Order::Diagnostics => {
            let engine = app.state::<Engine>().inner().clone();
            let (health, settings) = tauri::async_runtime::block_on(async {
                let asked = async { tokio::join!(runs_on::health(&engine), engine.settings()) };
                let asked = tokio::time::timeout(CASE_PATIENCE, asked).await;
                asked.map_or((None, None), |(health, settings)| (health.ok(), settings.ok()))
            });
            let log = diagnostics::lines(&start::data_dir().join("logs"));
            Some(Answer::Diagnostics(diagnostics::text(health.as_ref(), settings.as_ref(), &log)))
        }
    }
}

/// Carries out what the program was started for. The caller does not wait.
pub fn begin(app: &AppHandle, order: Order) {
    match order {
        Order::Show(None) | Order::Status | Order::Pause(_) | Order::Diagnostics => {}
        Order::Show(Some(page)) => workspace::open(app, Entrance::Asked, Some(page.route())),
        Order::Dial(keys) => show_dial(app, keys),
        Order::SetUp(link) => workspace::open(app, Entrance::Asked, Some(enrolment(&link))),
        Order::DialSelection => {
            let app = app.clone();
            tauri::async_runtime::spawn_blocking(move || selection::open(&app));
        }
        Order::OpenCase(number) => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                // Without a line to Omnidesk the workspace says so by itself.
                if omnidesk_is_up(&app).await
                    && let Ok(page) = case_page(&app, &number).await
                {
                    workspace::open(&app, Entrance::Asked, Some(page));
                }
            });
        }
    }
}

/// Whether a number is dialled without a question, as the agent has set it.
#[cfg(unix)]
fn is_dialled(app: &AppHandle, keys: &str) -> bool {
    let engine = app.state::<Engine>().inner().clone();
    let dialled = async { tokio::time::timeout(STATUS_PATIENCE, engine.dial_link(keys)).await };
    tauri::async_runtime::block_on(dialled).unwrap_or_default()
}

/// Pauses popups or not, and says how it stands then.
#[cfg(unix)]
async fn pause(engine: &Engine, how: Pausing) -> Answer {
    let done = match how {
        Pausing::Begin(length) => engine.pause(length).await,
        Pausing::End => engine.resume().await,
    };
    match done {
        Ok(()) => {}
        Err(error) if error.trouble == TroubleView::Storage => return Answer::NotKept,
        Err(_) => return Answer::Refused,
    }
    match engine.desk().await.pause.paused {
        #[expect(clippy::cast_possible_truncation, reason = "ms since 1970")]
        Some(paused) => Answer::Paused {
            until: paused.until.map(|until| until as i64),
        },
        None => Answer::Resumed,
    }
}

/// Whether a program that is starting is found able to ask Omnidesk.
async fn omnidesk_is_up(app: &AppHandle) -> bool {
    let engine = app.state::<Engine>().inner().clone();
    let up = async {
        loop {
            let view = engine.desk().await;
            if view.stage == Stage::Ready && view.omnidesk.state == LinkStateView::Up {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(START_PATIENCE, up).await.is_ok()
}

fn show_dial(app: &AppHandle, keys: Option<String>) {
    let trouble = keys.is_none().then(|| CommandError {
        trouble: TroubleView::BadSetting,
        about: Some("link".into()),
    });
    let start = DialStart {
        text: keys.unwrap_or_default(),
        trouble,
        caution: None,
        from: DialFrom::Outside,
    };
    windows::show_dial(app, start);
}

/// The page that shows what a link would set, or why it sets nothing.
fn enrolment(link: &Result<Enrolment, EnrolmentRefused>) -> Route {
    Route::Enrol { enrolment: link.into() }
}

async fn case_page(app: &AppHandle, number: &str) -> Result<Route, CommandError> {
    let engine = app.state::<Engine>().inner().clone();
    let case = engine.case_by_number(number).await?;
    Ok(Route::Case { case, call: None })
}
