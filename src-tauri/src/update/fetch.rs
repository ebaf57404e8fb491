//! One file over https, with bounds: an answer may be anything, and as long as it likes.

use super::UpdateTrouble;
use reqwest::redirect::Policy;
use std::time::Duration;
use tauri::Url;

/// How long a connection may take.
const TO_CONNECT: Duration = Duration::from_secs(10);
/// So many times a server may send elsewhere: packages often lie at another host.
const REDIRECTS: usize = 5;

/// A server that sends nothing for so long has gone.
const SILENCE: Duration = Duration::from_secs(30);

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fetched {
    /// Its content.
    File(Vec<u8>),
    /// The server has no such file.
    NotThere,
    /// It has more bytes than it may.
    TooLarge,
}

/// The file's content, if it has no more bytes than `most`. `came` is told each further per cent of it, where the server says
/// how much there is.
///
/// # Errors
/// Unreachable, with whatever went wrong on the way.
pub(super) async fn read(url: &Url, most: usize, within: Duration, came: impl Fn(u8)) -> Result<Fetched, UpdateTrouble> {
    let is_open = url.scheme() == "http";
    let client = reqwest::Client::builder()
        .user_agent(concat!("ringside/", env!("CARGO_PKG_VERSION")))
        .https_only(!is_open)
        .redirect(if is_open { Policy::none() } else { Policy::limited(REDIRECTS) })
        .connect_timeout(TO_CONNECT)
        .read_timeout(SILENCE)
        .timeout(within)
        // No answer that grows when it is unpacked, whatever another part of the program asks reqwest to be built with.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .build()
        .map_err(|error| unreachable(&error))?;
    let mut answer = client.get(url.clone()).send().await.map_err(|error| unreachable(&error))?;
    if answer.status() != reqwest::StatusCode::OK {
        let status = answer.status();
        tracing::info!(status = status.as_u16(), "no file there");
        let is_named = status.is_client_error();
        return if is_named {
            Ok(Fetched::NotThere)
        } else {
            Err(UpdateTrouble::Unreachable)
        };
    }
    let whole = answer.content_length().and_then(|length| usize::try_from(length).ok());
    if whole.is_some_and(|whole| whole > most) {
        return Ok(Fetched::TooLarge);
    }
    let (mut content, mut told) = (Vec::new(), 0);
    while let Some(part) = answer.chunk().await.map_err(|error| unreachable(&error))? {
        if content.len() + part.len() > most {
            return Ok(Fetched::TooLarge);
        }
        content.extend_from_slice(&part);
        let percent = whole.map(|whole| percent(content.len(), whole));
        if let Some(percent) = percent.filter(|percent| *percent > told) {
            told = percent;
            came(percent);
        }
    }
    Ok(Fetched::File(content))
}

fn percent(came: usize, whole: usize) -> u8 {
    u8::try_from(came.saturating_mul(100) / whole.max(1)).unwrap_or(100).min(100)
}

/// Without the address, which is the office's affair.
fn unreachable(error: &reqwest::Error) -> UpdateTrouble {
    tracing::info!(
        connect = error.is_connect(),
        timeout = error.is_timeout(),
        redirect = error.is_redirect(),
        "a file could not be loaded"
    );
    UpdateTrouble::Unreachable
}
