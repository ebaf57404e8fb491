//! From errors to codes: what went wrong, as the window can word it (house rule 8).

use crate::view::{CommandError, TroubleView};
use calls::{DialTrouble, LinkTrouble};
use omnidesk::{ConnectKind, Error};

/// The code for an error of Omnidesk.
#[must_use]
pub fn of_omnidesk(error: &Error) -> TroubleView {
    match error {
        Error::Unauthorized => TroubleView::BadCredentials,
        Error::Forbidden { .. } => TroubleView::Forbidden,
        Error::NotFound { .. } => TroubleView::Gone,
        Error::AlreadyExists { .. } | Error::Rejected { .. } | Error::InvalidRequest(_) => TroubleView::Refused,
        Error::RateLimited { .. } | Error::QueueFull => TroubleView::RateLimited,
        Error::Server { .. } => TroubleView::ServerError,
        Error::NotJson { .. } | Error::Decode { .. } | Error::TooLarge { .. } => TroubleView::WrongService,
        Error::Timeout { .. } => TroubleView::Timeout,
        Error::Connect { kind, .. } => match kind {
            ConnectKind::Dns => TroubleView::UnknownHost,
            ConnectKind::Tls => TroubleView::Tls,
            ConnectKind::NoTls => TroubleView::NoTls,
            ConnectKind::Lost => TroubleView::Closed,
            ConnectKind::Refused | ConnectKind::Other => TroubleView::Unreachable,
        },
        Error::ForeignHost { .. } => TroubleView::ForeignHost,
        Error::FileAddress(_) => TroubleView::FileAddress,
        Error::Config(_) => TroubleView::BadSetting,
    }
}

/// The code for a trouble of the link to the PBX.
#[must_use]
pub fn of_link(trouble: &LinkTrouble) -> TroubleView {
    match trouble {
        LinkTrouble::Unreachable => TroubleView::Unreachable,
        LinkTrouble::UnknownHost => TroubleView::UnknownHost,
        LinkTrouble::Tls => TroubleView::Tls,
        LinkTrouble::NoTls => TroubleView::NoTls,
        LinkTrouble::NeedsTls => TroubleView::NeedsTls,
        LinkTrouble::BadCredentials => TroubleView::BadCredentials,
        LinkTrouble::Forbidden => TroubleView::Forbidden,
        LinkTrouble::NotAPbx => TroubleView::WrongService,
        LinkTrouble::Booting => TroubleView::Booting,
        LinkTrouble::NoSuchExtension => TroubleView::NoSuchExtension,
        LinkTrouble::Replaced => TroubleView::Replaced,
        LinkTrouble::Silent => TroubleView::Silent,
        LinkTrouble::Closed => TroubleView::Closed,
        LinkTrouble::Flooding => TroubleView::Flooding,
        LinkTrouble::Other { .. } => TroubleView::Other,
    }
}

/// The code for an order that was not placed; what the agent cancelled is no trouble.
#[must_use]
pub fn of_dial(trouble: DialTrouble) -> Option<TroubleView> {
    Some(match trouble {
        DialTrouble::BadNumber => TroubleView::BadSetting,
        DialTrouble::OutOfReach => TroubleView::Unreachable,
        DialTrouble::BadCredentials => TroubleView::BadCredentials,
        DialTrouble::Forbidden => TroubleView::Forbidden,
        DialTrouble::PhoneUnavailable => TroubleView::PhoneOffline,
        DialTrouble::Refused => TroubleView::Refused,
        DialTrouble::Unanswered => TroubleView::Other,
        DialTrouble::NoRoute => TroubleView::NoRoute,
        DialTrouble::NoSuchNumber => TroubleView::NoSuchNumber,
        DialTrouble::LineRefused => TroubleView::LineRefused,
        DialTrouble::Cancelled => return None,
    })
}

/// A code's name, as the outbox stores it.
#[must_use]
pub fn name(trouble: TroubleView) -> String {
    serde_json::to_value(trouble)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A stored name back as a code.
#[must_use]
pub fn from_name(name: &str) -> Option<TroubleView> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

impl From<&Error> for CommandError {
    fn from(error: &Error) -> Self {
        let about = match error {
            Error::ForeignHost { host } => Some(host.0.clone()),
            other => other.code().map(|code| code.to_string()),
        };
        Self {
            trouble: of_omnidesk(error),
            about,
        }
    }
}

impl From<TroubleView> for CommandError {
    fn from(trouble: TroubleView) -> Self {
        Self { trouble, about: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s18_what_the_agent_cancelled_is_no_trouble_and_what_got_lost_is() {
        assert_eq!(of_dial(DialTrouble::Cancelled), None);
        assert_eq!(of_dial(DialTrouble::Unanswered), Some(TroubleView::Other));
    }
}
