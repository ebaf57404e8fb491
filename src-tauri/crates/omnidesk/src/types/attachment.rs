//! Files: those of a message, and those to send.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ids::FileId;
use crate::lenient;

/// Largest file that Omnidesk takes.
pub const MAX_FILE_BYTES: usize = 25 * 1024 * 1024;
/// Largest sum of the files of one request.
pub const MAX_UPLOAD_BYTES: usize = 50 * 1024 * 1024;

/// Longest name of a file, characters: file systems take 255 bytes, and Cyrillic letters have two.
const LONGEST_NAME: usize = 120;

/// A file of a message or a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// The file's id, if told.
    #[serde(rename = "file_id", default, deserialize_with = "lenient::optional_id")]
    pub id: Option<FileId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub file_name: String,
    /// Its length in bytes, if told.
    #[serde(default, deserialize_with = "lenient::optional_number")]
    pub file_size: Option<u64>,
    /// Its MIME type; the web page plays `audio/…` in place.
    #[serde(default, deserialize_with = "lenient::text")]
    pub mime_type: String,
    /// Where to fetch it; see [`Client::download`](crate::Client::download).
    #[serde(default, deserialize_with = "lenient::text")]
    pub url: String,
}

/// A file to send with a case, a message or a note.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name people see.
    pub file_name: String,
    /// The MIME type, `audio/mpeg`.
    pub mime: String,
    /// The content.
    pub bytes: Bytes,
}

impl Attachment {
    /// A file from its parts.
    pub fn new(file_name: impl Into<String>, mime: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            file_name: file_name.into(),
            mime: mime.into(),
            bytes: bytes.into(),
        }
    }

    /// The name without what could end a header line, name a folder, or hide a part of it; as long as file systems allow.
    pub(crate) fn safe_name(&self) -> String {
        let name: String = self
            .file_name
            .chars()
            .filter(|c| !is_unseen(*c))
            .map(|c| if c.is_control() || "\"\\/".contains(c) { '_' } else { c })
            .take(LONGEST_NAME)
            .collect();
        let says_nothing = name.chars().all(|c| c == '.' || c.is_whitespace());
        if says_nothing { "file".to_owned() } else { name }
    }
}

/// Signs that turn or hide what stands beside them: a name shows what it is.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("file_name", &self.file_name)
            .field("mime", &self.mime)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Refuses what Omnidesk would refuse after a long upload.
pub(crate) fn check_sizes(files: &[Attachment]) -> Result<(), Error> {
    if let Some(file) = files.iter().find(|file| file.bytes.len() > MAX_FILE_BYTES) {
        let reason = format!("a file of {} bytes is over the limit of {MAX_FILE_BYTES}", file.bytes.len());
        return Err(Error::InvalidRequest(reason));
    }
    let sum: usize = files.iter().map(|file| file.bytes.len()).sum();
    if sum > MAX_UPLOAD_BYTES {
        let reason = format!("files of {sum} bytes together are over the limit of {MAX_UPLOAD_BYTES}");
        return Err(Error::InvalidRequest(reason));
    }
    Ok(())
}
