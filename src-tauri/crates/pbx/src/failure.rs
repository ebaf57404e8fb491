//! What can go wrong with a command, told apart by what the caller can do about it.
//!
//! No error carries an address, a number or a secret: they end up in logs and on screens.

use thiserror::Error;

/// Why a click-to-call order did not (certainly) reach the phone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OriginateError {
    /// The number has characters that no phone can dial. Nothing was sent.
    #[error("the number cannot be dialled")]
    BadNumber,
    /// The PBX was not reached. Nothing was sent: asking again is safe.
    #[error("the PBX cannot be reached")]
    OutOfReach,
    /// Wrong user or password.
    #[error("the PBX refuses user or password")]
    BadCredentials,
    /// The user may only read.
    #[error("the PBX user may not place calls")]
    Forbidden,
    /// The agent's phone is not registered, or there is no such phone.
    #[error("the agent's phone is not available")]
    PhoneUnavailable,
    /// The PBX said no for another reason.
    #[error("the PBX refused the call (HTTP {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The order was sent, the answer was lost: the phone may be ringing. Never retried by itself;
    /// events that carry the order tell what became of it.
    #[error("the PBX did not answer; the phone may be ringing")]
    Unknown,
}

/// Why a command about a live call failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// The call is over already.
    #[error("there is no such call any more")]
    Gone,
    /// The user may only read.
    #[error("the PBX user may not do this")]
    Forbidden,
    /// Wrong user or password.
    #[error("the PBX refuses user or password")]
    BadCredentials,
    /// The PBX was not reached, or its answer was lost.
    #[error("the PBX cannot be reached")]
    OutOfReach,
    /// The PBX said no for another reason.
    #[error("the PBX refused (HTTP {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
}

/// A recording, as it was fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordingFile {
    /// File name without folders, with its ending, such as `in-101.wav`.
    pub file_name: String,
    /// Media type by its content, such as `audio/wav`.
    pub mime: &'static str,
    /// The sound.
    pub bytes: Vec<u8>,
    /// Whether the PBX has closed the file. While a conversation goes on with a colleague after a
    /// transfer, the file still grows: fetch it again later. Always true where the format does not tell.
    pub finished: bool,
}

impl std::fmt::Debug for RecordingFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingFile")
            .field("file_name", &self.file_name)
            .field("mime", &self.mime)
            .field("bytes", &self.bytes.len())
            .field("finished", &self.finished)
            .finish()
    }
}

/// Why a recording could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordingError {
    /// Nothing but the header is there yet: ask again later (reference asterisk/REPORT, Recordings).
    #[error("the recording is not there yet")]
    NotYet,
    /// The PBX knows no such recording.
    #[error("the PBX has no such recording")]
    Gone,
    /// The PBX records outside the folder that its interface serves; only an administrator can mend it.
    #[error("the PBX keeps its recordings where they cannot be fetched")]
    OutOfReach,
    /// What came is no sound: a page of something in between, an error with a good status, or a kind that nobody can play.
    #[error("what the PBX sent as a recording is no sound")]
    NotSound,
    /// The file is larger than the caller wants to hold.
    #[error("the recording is larger than {limit} bytes")]
    TooLarge {
        /// The caller's limit.
        limit: u64,
    },
    /// Wrong user or password.
    #[error("the PBX refuses user or password")]
    BadCredentials,
    /// The user, or its address rules, exclude us.
    #[error("the PBX user may not read recordings")]
    Forbidden,
    /// Another HTTP status.
    #[error("the PBX refused (HTTP {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The network failed on the way: ask again later.
    #[error("the PBX cannot be reached")]
    Transport,
}

impl RecordingError {
    /// Whether asking again later can succeed without anybody mending anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NotYet | Self::NotSound | Self::Transport => true,
            Self::Refused { status } => *status >= 500,
            Self::Gone | Self::OutOfReach | Self::TooLarge { .. } | Self::BadCredentials | Self::Forbidden => false,
        }
    }
}
