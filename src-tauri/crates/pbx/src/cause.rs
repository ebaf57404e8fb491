//! Why a connection cannot be had, whatever the vendor.
//!
//! The causes are those of reference pbx-websockets 2.8; the screens word them.

use calls::LinkTrouble;
use serde::{Deserialize, Serialize};

/// Why a step failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// Nobody listens there: the PBX's HTTP server is off, or bound to 127.0.0.1.
    Refused,
    /// No answer in time: a firewall, most often.
    TimedOut,
    /// Another failure of the network.
    Unreachable,
    /// The host's name does not resolve.
    UnknownHost,
    /// TLS failed: a certificate that nobody trusted has signed, an expired one, or one of another name.
    Tls,
    /// `https`, and the port speaks no TLS: the one of plain HTTP, most often.
    NoTls,
    /// `http`, and the port speaks TLS.
    NeedsTls,
    /// 404: the interface is not loaded, switched off, or behind a path prefix.
    NotThere,
    /// Something answers that is not the vendor's interface.
    WrongInterface,
    /// 401: wrong user or password.
    BadCredentials,
    /// 403: the user may only read.
    ReadOnly,
    /// 403: the user's address rules exclude this desktop.
    DeniedByAddress,
    /// 503: the PBX is starting.
    Booting,
    /// 400 at the handshake: a proxy that does not pass websockets on.
    NoUpgrade,
    /// The PBX has no such extension, or a typo is in it.
    NoSuchEndpoint,
    /// The agent's softphone is not registered.
    PhoneOffline,
    /// The context for calls out is not on the PBX, or has a rule neither for colleagues nor for outside numbers.
    NoSuchContext,
    /// The context knows colleagues, and no outside number as the companion would write it.
    NoWayOut,
    /// The PBX shows this user its own settings, every phone's password among them: no proxy keeps the list.
    OpenToAll,
    /// Another copy of the companion runs with this name.
    Replaced,
    /// Another HTTP status.
    Other {
        /// The status.
        status: u16,
    },
}

impl Cause {
    /// What an HTTP refusal means.
    pub(crate) fn of_status(code: u16) -> Self {
        match code {
            401 => Self::BadCredentials,
            403 => Self::DeniedByAddress,
            404 => Self::NotThere,
            422 => Self::NoSuchEndpoint,
            503 => Self::Booting,
            status => Self::Other { status },
        }
    }

    /// The same, as the link's state tells it.
    pub(crate) fn trouble(self) -> LinkTrouble {
        match self {
            Self::Refused | Self::TimedOut | Self::Unreachable => LinkTrouble::Unreachable,
            Self::UnknownHost => LinkTrouble::UnknownHost,
            Self::Tls => LinkTrouble::Tls,
            Self::NoTls => LinkTrouble::NoTls,
            Self::NeedsTls => LinkTrouble::NeedsTls,
            Self::NotThere | Self::WrongInterface => LinkTrouble::NotAPbx,
            Self::BadCredentials => LinkTrouble::BadCredentials,
            Self::ReadOnly | Self::DeniedByAddress => LinkTrouble::Forbidden,
            Self::Booting => LinkTrouble::Booting,
            Self::NoUpgrade => LinkTrouble::Other { status: Some(400) },
            Self::NoSuchEndpoint => LinkTrouble::NoSuchExtension,
            Self::PhoneOffline | Self::NoSuchContext | Self::NoWayOut | Self::OpenToAll => LinkTrouble::Other { status: None },
            Self::Replaced => LinkTrouble::Replaced,
            Self::Other { status } => LinkTrouble::Other { status: Some(status) },
        }
    }
}
