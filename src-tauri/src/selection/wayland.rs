//! The primary selection under Wayland, where the compositor lets programs without a window see it (`ext-data-control`,
//! `wlr-data-control`).

use super::{LONGEST, Unread, is_ready, text_of, utf8};
use std::io::Read as _;
use std::time::Instant;
use wl_clipboard_rs::paste::{ClipboardType, Error, MimeType, Seat, get_contents};

/// The selected text; not longer than is looked through.
pub fn read(until: Instant) -> Result<String, Unread> {
    let (mut pipe, _) = get_contents(ClipboardType::Primary, Seat::Unspecified, MimeType::Text).map_err(|error| match error {
        Error::NoSeats | Error::ClipboardEmpty | Error::NoMimeType => Unread::Nothing,
        _ => Unread::NotHere,
    })?;
    let mut bytes = Vec::new();
    let mut part = [0; 1_024];
    while bytes.len() < LONGEST {
        if !is_ready(&pipe, until) {
            return Err(Unread::Silent);
        }
        match pipe.read(&mut part) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            Err(_) => return Err(Unread::Silent),
        }
    }
    Ok(text_of(&bytes, utf8))
}
