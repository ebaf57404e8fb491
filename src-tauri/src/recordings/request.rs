//! What is asked of a recording, pure. Everything that is not written exactly so is refused.

use std::ops::Range;
use tauri::http::{HeaderMap, Method, StatusCode, Uri, header};

/// The longest id of a case or a message, digits.
const LONGEST_ID: usize = 20;

/// A file of a message, as the page of a case names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The case's id.
    pub case: String,
    /// The message's id and the file's index in it: `912-0`.
    pub attachment: String,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of which file.
    pub file: File,
    /// `GET` or `HEAD`.
    pub method: Method,
    range: Option<String>,
}

/// What of a file is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// These bytes, one at least.
    Of(Range<usize>),
    /// None of its bytes.
    None,
}

impl Asked {
    /// Reads a request.
    ///
    /// # Errors
    /// The status to answer with.
    pub fn read(method: &Method, address: &Uri, headers: &HeaderMap) -> Result<Self, StatusCode> {
        if method != Method::GET && method != Method::HEAD {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let file = file(address).ok_or(StatusCode::BAD_REQUEST)?;
        // Parts are for `GET` alone (RFC 9110, 14.2). A header that is no text is one of no known unit.
        let range = headers.get(header::RANGE).filter(|_| method == Method::GET);
        let range = range.and_then(|range| Some(range.to_str().ok()?.to_owned()));
        Ok(Self {
            file,
            method: method.clone(),
            range,
        })
    }

    /// What is wanted of a file of this length, bytes.
    ///
    /// Several ranges at once, and units that are no bytes, may be answered with the whole (RFC 9110, 14.2).
    #[must_use]
    pub fn part(&self, length: usize) -> Part {
        let Some(range) = self.range.as_deref().and_then(|range| range.strip_prefix("bytes=")) else {
            return Part::Whole;
        };
        if range.contains(',') {
            return Part::Whole;
        }
        let part = match range.split_once('-') {
            Some(("", last)) => position(last).map(|last| length.saturating_sub(last)..length),
            Some((from, "")) => position(from).map(|from| from..length),
            Some((from, to)) => position(from)
                .zip(position(to))
                .filter(|(from, to)| from <= to)
                .map(|(from, to)| from..length.min(to.saturating_add(1))),
            None => None,
        };
        match part {
            Some(part) if part.start < part.end => Part::Of(part),
            _ => Part::None,
        }
    }
}

fn file(address: &Uri) -> Option<File> {
    let (case, attachment) = address.path().strip_prefix('/')?.split_once('/')?;
    let (message, index) = attachment.split_once('-')?;
    let ids = [case, message, index];
    (address.query().is_none() && ids.into_iter().all(is_id)).then(|| File {
        case: case.to_owned(),
        attachment: attachment.to_owned(),
    })
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && is_digits(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A position in a file; one too large to be counted is behind every end.
fn position(text: &str) -> Option<usize> {
    is_digits(text).then(|| text.parse().unwrap_or(usize::MAX))
}
