//! Recordings, as the player of the workspace reads them: `recording://localhost/<case>/<file>`, whole or in parts.
//!
//! Bytes go to the page as bytes: as text in the answer of a command they would take several times the memory, and the
//! page would stand still while it reads them. Only the workspace is answered. The player asks for one part after the
//! other, as each is copied on its way; so the files that were read last are kept for a while.

mod request;

use crate::windows::{self, MAIN};
use engine::view::{CommandError, TroubleView};
use engine::{Engine, Sound};
use request::{Asked, File, Part};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager as _, RunEvent, UriSchemeContext, UriSchemeResponder, WindowEvent};
use tokio::sync::OnceCell;

/// The addresses of recordings begin with it; on Windows they are `http://recording.localhost/…`.
pub const SCHEME: &str = "recording";
/// So many files are kept at most; the engine reads none that is longer than 25 MiB.
const KEPT: usize = 2;
/// How long a file is kept that nobody asks for.
const REST: Duration = Duration::from_secs(5 * 60);

/// The files that were read last.
#[derive(Default)]
pub struct Recordings(Mutex<Vec<Kept>>);

struct Kept {
    file: OfAccount,
    sound: Arc<OnceCell<Sound>>,
    used: Instant,
}

/// Ids mean something in one account only.
type OfAccount = (Option<u32>, File);

impl Recordings {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entry of a file: whoever asks for it meanwhile waits for the one who reads it. With whether it is a new one.
    fn entry(&self, file: OfAccount, now: Instant) -> (Arc<OnceCell<Sound>>, bool) {
        let mut kept = self.kept();
        let found = kept.iter().position(|kept| kept.file == file).map(|at| kept.remove(at));
        let new = found.is_none();
        let sound = found.map_or_else(Arc::default, |kept| kept.sound);
        kept.truncate(KEPT - 1);
        let newest = Kept {
            file,
            sound: Arc::clone(&sound),
            used: now,
        };
        kept.insert(0, newest);
        (sound, new)
    }

    /// Lets go of what was not asked for since then. Returns whether anything is still kept.
    fn keep_used_since(&self, then: Instant) -> bool {
        let mut kept = self.kept();
        kept.retain(|kept| kept.used > then);
        !kept.is_empty()
    }
}

/// Answers a window that asks for a recording.
#[expect(clippy::needless_pass_by_value, reason = "as Tauri hands them over")]
pub fn serve(context: UriSchemeContext<'_, tauri::Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let may = context.webview_label() == MAIN;
    if !may {
        tracing::warn!(window = context.webview_label(), "a window that may not has asked for a recording");
    }
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let mut answer = match Asked::read(request.method(), request.uri(), request.headers()) {
            _ if !may => bare(StatusCode::FORBIDDEN),
            Ok(asked) => answer(&app, asked).await,
            Err(status) => bare(status),
        };
        allow(request.headers(), &mut answer);
        responder.respond(answer);
    });
}

/// The address of the app's own pages is of another scheme: without a word they may not read what is answered.
fn allow(asked: &header::HeaderMap, answer: &mut Response<Vec<u8>>) {
    if let Some(origin) = asked.get(header::ORIGIN).filter(|origin| is_own(origin)) {
        let headers = answer.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            header::HeaderValue::from_static("content-range"),
        );
    }
}

fn is_own(origin: &header::HeaderValue) -> bool {
    let address = origin.to_str().ok().and_then(|origin| tauri::Url::parse(origin).ok());
    address.is_some_and(|address| windows::is_own(&address))
}

async fn answer(app: &AppHandle, asked: Asked) -> Response<Vec<u8>> {
    match sound(app, asked.file.clone()).await {
        Ok(sound) => part(&asked, &sound),
        Err(error) => trouble(&error),
    }
}

async fn sound(app: &AppHandle, file: File) -> Result<Sound, CommandError> {
    let engine = app.try_state::<Engine>().map(|engine| engine.inner().clone());
    let engine = engine.ok_or(TroubleView::Closed)?;
    let of_account = (engine.account(), file.clone());
    let (sound, new) = app.state::<Recordings>().entry(of_account, Instant::now());
    if new {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            loop {
                tokio::time::sleep(REST).await;
                let then = Instant::now().checked_sub(REST);
                if !then.is_some_and(|then| app.state::<Recordings>().keep_used_since(then)) {
                    break;
                }
            }
        });
    }
    // A reading that fails is done again by who asks next.
    let read = sound.get_or_try_init(|| engine.sound(&file.case, &file.attachment)).await?;
    Ok(read.clone())
}

/// What a player gets of a file.
fn part(asked: &Asked, sound: &Sound) -> Response<Vec<u8>> {
    let length = sound.bytes.len();
    let answer = |status, range: std::ops::Range<usize>| {
        let mut answer = bare(status);
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(sound.kind));
        headers.insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
        headers.insert(header::CONTENT_LENGTH, range.len().into());
        if asked.method != Method::HEAD {
            *answer.body_mut() = sound.bytes.get(range).unwrap_or_default().to_vec();
        }
        answer
    };
    let (mut answer, said) = match asked.part(length) {
        Part::Whole => return answer(StatusCode::OK, 0..length),
        Part::Of(range) => {
            let said = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            (answer(StatusCode::PARTIAL_CONTENT, range), said)
        }
        Part::None => (bare(StatusCode::RANGE_NOT_SATISFIABLE), format!("bytes */{length}")),
    };
    if let Ok(said) = said.parse() {
        answer.headers_mut().insert(header::CONTENT_RANGE, said);
    }
    answer
}

/// Why there is no recording: a status, and what the player words.
fn trouble(error: &CommandError) -> Response<Vec<u8>> {
    let status = match error.trouble {
        TroubleView::Gone => StatusCode::NOT_FOUND,
        TroubleView::NotSound => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        TroubleView::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        TroubleView::Timeout => StatusCode::GATEWAY_TIMEOUT,
        TroubleView::Closed => StatusCode::SERVICE_UNAVAILABLE,
        TroubleView::BadCredentials | TroubleView::Forbidden | TroubleView::ForeignHost | TroubleView::FileAddress => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_GATEWAY,
    };
    let mut answer = bare(status);
    let json = header::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    *answer.body_mut() = serde_json::to_vec(error).unwrap_or_default();
    answer
}

/// A status and nothing else; nothing of a recording is kept on the disk.
fn bare(status: StatusCode) -> Response<Vec<u8>> {
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = status;
    let no_store = header::HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, no_store);
    answer
}

/// With the workspace its recordings go.
pub fn on_run_event(app: &AppHandle, event: &RunEvent) {
    let RunEvent::WindowEvent { label, event, .. } = event else {
        return;
    };
    if label == MAIN && matches!(event, WindowEvent::Destroyed) {
        app.state::<Recordings>().kept().clear();
    }
}

#[cfg(test)]
mod tests;
