//! Everything that can go wrong, told apart by what the caller can do about it.
//!
//! Three questions matter to a caller that owes Omnidesk a write: may it try again ([`Error::is_transient`]), when
//! ([`Error::retry_after`]), and must it look first because the write may have been done ([`Error::may_have_happened`]).
//! Omnidesk has no idempotency keys, so the third one decides between a lost case and a double one.
//!
//! No variant carries the API key, the address with its query, a request body, or any text of an answer: see [`Code`].

use crate::code::{Code, Measure};
use std::fmt;
use std::time::Duration;

/// Why a connection could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectKind {
    /// The host answered that nobody listens on that port.
    Refused,
    /// The host's name does not resolve.
    Dns,
    /// The TLS handshake failed: a wrong certificate.
    Tls,
    /// No TLS on that port.
    NoTls,
    /// The connection was made and broke before the whole answer came.
    Lost,
    /// Anything else, such as no route to the host.
    Other,
}

impl ConnectKind {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "connection refused",
            Self::Dns => "host name not found",
            Self::Tls => "TLS handshake failed",
            Self::NoTls => "no TLS on that port",
            Self::Lost => "connection lost",
            Self::Other => "could not connect",
        }
    }
}

/// The name of a host out of an answer: for people, who may list it, and not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct HostName(pub String);

impl fmt::Debug for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostName(hidden)")
    }
}

/// A failed call. `code` is the word of the body's `{"error": …}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The configuration cannot work; nothing was sent.
    #[error("configuration: {0}")]
    Config(String),
    /// The request breaks a documented limit of the API (no contact, text too short, file too large); nothing was sent.
    #[error("request not sent: {0}")]
    InvalidRequest(String),
    /// A file lies at a host that is neither the account's own nor listed in [`Config`](crate::Config); nothing was sent
    /// there.
    #[error("the file lies at a host that is not listed")]
    ForeignHost {
        /// The host.
        host: HostName,
    },
    /// A file's address must not be followed; nothing was sent there.
    #[error("the file's address is not followed: {0}")]
    FileAddress(&'static str),
    /// The client's own queue is full; nothing was sent.
    #[error("too many requests are waiting already")]
    QueueFull,
    /// 401: the API key is wrong.
    #[error("the API key was not accepted (401)")]
    Unauthorized,
    /// 403, or a code that means the same: the staff e-mail is unknown or has no right to this.
    #[error("not allowed{}", in_brackets(*.code))]
    Forbidden {
        /// Omnidesk's error code.
        code: Option<Code>,
    },
    /// 404, or a code `…_not_found`: the object is gone, or the subdomain is wrong.
    #[error("not found{}", in_brackets(*.code))]
    NotFound {
        /// Omnidesk's error code; none when the whole route is unknown.
        code: Option<Code>,
    },
    /// `phone_already_exist`, `email_already_exist`: a profile with this contact exists.
    #[error("already exists ({code})")]
    AlreadyExists {
        /// Omnidesk's error code.
        code: Code,
    },
    /// Omnidesk read the request and refused it for another reason.
    #[error("refused with status {status}{}", in_brackets(*.code))]
    Rejected {
        /// HTTP status; may be 200 when only the body tells of the error.
        status: u16,
        /// Omnidesk's error code.
        code: Option<Code>,
    },
    /// The account's requests per minute are used up.
    #[error("rate limit reached")]
    RateLimited {
        /// Until the window resets, if Omnidesk told.
        retry_after: Option<Duration>,
    },
    /// 5xx.
    #[error("server error {status}")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// Something other than Omnidesk's API answered: a login page, a proxy, a redirect.
    #[error("not an API answer: status {status}, {content_type}, {body}")]
    NotJson {
        /// HTTP status.
        status: u16,
        /// The answer's media type.
        content_type: Code,
        /// How long the answer is.
        body: Measure,
    },
    /// No answer in time.
    #[error("no answer in time")]
    Timeout {
        /// Whether the request may have reached Omnidesk; false when not even a connection was made.
        sent: bool,
    },
    /// No connection, or it broke.
    #[error("{}", .kind.words())]
    Connect {
        /// What happened.
        kind: ConnectKind,
    },
    /// The answer is longer than allowed.
    #[error("answer longer than {limit} bytes")]
    TooLarge {
        /// The bound in bytes.
        limit: u64,
    },
    /// JSON came, but not of the expected shape.
    #[error("unexpected shape of {what}: {detail}")]
    Decode {
        /// What was being read, such as `case`.
        what: &'static str,
        /// What was wrong with it.
        detail: &'static str,
    },
}

impl Error {
    /// The same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::QueueFull | Self::RateLimited { .. } | Self::Server { .. } | Self::Timeout { .. } | Self::Connect { .. } => true,
            // A captive portal or a proxy's page goes away by itself; a 4xx page of a wrong address does not.
            Self::NotJson { status, .. } => !(400..500).contains(status),
            Self::Config(_)
            | Self::InvalidRequest(_)
            | Self::ForeignHost { .. }
            | Self::FileAddress(_)
            | Self::Unauthorized
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::AlreadyExists { .. }
            | Self::Rejected { .. }
            | Self::TooLarge { .. }
            | Self::Decode { .. } => false,
        }
    }

    /// If the request was a write: it may have been carried out although it failed here. Search before writing again.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Server { .. } | Self::TooLarge { .. } | Self::Decode { .. } => true,
            Self::Timeout { sent } => *sent,
            Self::Connect { kind } => match kind {
                ConnectKind::Lost => true,
                ConnectKind::Refused | ConnectKind::Dns | ConnectKind::Tls | ConnectKind::NoTls | ConnectKind::Other => false,
            },
            Self::NotJson { status, .. } => (200..300).contains(status),
            Self::Config(_)
            | Self::InvalidRequest(_)
            | Self::ForeignHost { .. }
            | Self::FileAddress(_)
            | Self::QueueFull
            | Self::Unauthorized
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::AlreadyExists { .. }
            | Self::Rejected { .. }
            | Self::RateLimited { .. } => false,
        }
    }

    /// How long Omnidesk asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let Self::RateLimited { retry_after } = self else {
            return None;
        };
        *retry_after
    }

    /// Omnidesk's error code, where there is one.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Forbidden { code } | Self::NotFound { code } | Self::Rejected { code, .. } => *code,
            Self::AlreadyExists { code } => Some(*code),
            Self::Config(_)
            | Self::InvalidRequest(_)
            | Self::ForeignHost { .. }
            | Self::FileAddress(_)
            | Self::QueueFull
            | Self::Unauthorized
            | Self::RateLimited { .. }
            | Self::Server { .. }
            | Self::NotJson { .. }
            | Self::Timeout { .. }
            | Self::Connect { .. }
            | Self::TooLarge { .. }
            | Self::Decode { .. } => None,
        }
    }
}

fn in_brackets(code: Option<Code>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_json(status: u16) -> Error {
        Error::NotJson {
            status,
            content_type: Code::of_media_type("text/html"),
            body: Measure::of(b"<html>"),
        }
    }

    #[test]
    fn each_error_tells_whether_to_retry_and_whether_to_look_first() {
        // error, transient, may have happened
        let table = [
            (Error::Config("x".into()), false, false),
            (Error::QueueFull, true, false),
            (
                Error::ForeignHost {
                    host: HostName("files.example".into()),
                },
                false,
                false,
            ),
            (Error::FileAddress("it is without TLS"), false, false),
            (Error::Unauthorized, false, false),
            (Error::Forbidden { code: None }, false, false),
            (Error::NotFound { code: None }, false, false),
            (
                Error::AlreadyExists {
                    code: Code::of("phone_already_exist"),
                },
                false,
                false,
            ),
            (Error::Rejected { status: 422, code: None }, false, false),
            (Error::RateLimited { retry_after: None }, true, false),
            (Error::Server { status: 502 }, true, true),
            (not_json(200), true, true),
            (not_json(302), true, false),
            (not_json(405), false, false),
            (Error::Timeout { sent: true }, true, true),
            (Error::Timeout { sent: false }, true, false),
            (
                Error::Connect {
                    kind: ConnectKind::Refused,
                },
                true,
                false,
            ),
            (Error::Connect { kind: ConnectKind::Dns }, true, false),
            (Error::Connect { kind: ConnectKind::Lost }, true, true),
            (Error::TooLarge { limit: 1 }, false, true),
            (Error::Decode { what: "case", detail: "" }, false, true),
        ];
        for (error, transient, happened) in table {
            assert_eq!(error.is_transient(), transient, "{error:?}");
            assert_eq!(error.may_have_happened(), happened, "{error:?}");
        }
    }
}
