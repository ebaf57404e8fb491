//! Why a request to REST failed.

use crate::cause::Cause;

/// Why a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The PBX was not reached; nothing was sent.
    NotSent,
    /// It was sent, and no answer came that can be read: none at all, too large a one, or no JSON.
    Unanswered,
    /// The PBX said no.
    Status {
        code: u16,
        /// It speaks of address rules.
        acl: bool,
    },
}

impl Failure {
    /// What a failed read means.
    pub fn cause(self) -> Cause {
        match self {
            Self::NotSent => Cause::Unreachable,
            Self::Unanswered => Cause::TimedOut,
            Self::Status { code, .. } => Cause::of_status(code),
        }
    }

    /// What a failed write, such as a subscription, means.
    pub fn cause_of_write(self) -> Cause {
        match self {
            Self::Status { code: 403, acl: false } => Cause::ReadOnly,
            Self::Status { code: 422, .. } => Cause::NoSuchEndpoint,
            Self::NotSent | Self::Unanswered | Self::Status { .. } => self.cause(),
        }
    }
}
