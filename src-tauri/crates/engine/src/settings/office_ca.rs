//! The office's own certificates as a setting: what of a text may be kept, and what the screen shows of it.

use crate::time::ms;
use crate::view::{CertificateView, CommandError, TroubleView};
use calls::Moment;
use pbx::{Authority, AuthorityError};
use serde::Serializer;

/// The certificates of a text and nothing else of it. A text that cannot be understood stays as it is, to be refused by
/// [`read`] before anything is kept.
pub(crate) fn tidied(text: &str) -> String {
    Authority::read(text).map_or_else(|_| text.trim().to_owned(), |authority| authority.pem())
}

/// What a text vouches for; nothing where there is none.
///
/// # Errors
/// `badSetting` about `pbxCa.` and the reason.
pub(crate) fn read(text: &str) -> Result<Option<Authority>, CommandError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let read = Authority::read(text).map_err(|error| {
        refused(match error {
            AuthorityError::TooLarge => "tooLarge",
            AuthorityError::PrivateKey => "privateKey",
            AuthorityError::NoCertificate => "none",
            AuthorityError::Malformed => "malformed",
        })
    })?;
    Ok(Some(read))
}

/// Refuses a text of which nothing holds today: it is said where it is given. One that was given long ago stands in
/// nobody's way, as the PBX may have got another certificate since; if not, TLS fails and the screen shows the date.
///
/// # Errors
/// As [`read`], and `expired`.
pub(crate) fn is_of_use(text: &str, now: Moment) -> Result<(), CommandError> {
    match read(text)? {
        Some(authority) if authority.is_out_of_date(now) => Err(refused("expired")),
        Some(_) | None => Ok(()),
    }
}

/// Writes certificates into the store, and nothing that is none, whatever way it came.
#[allow(clippy::ptr_arg)] // serde gives a reference to the field
pub(crate) fn keep<S: Serializer>(text: &String, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&Authority::read(text).map(|authority| authority.pem()).unwrap_or_default())
}

const ABOUT: &str = "pbxCa.";

fn refused(reason: &str) -> CommandError {
    CommandError {
        trouble: TroubleView::BadSetting,
        about: Some(format!("{ABOUT}{reason}")),
    }
}

/// Whether an error is about these certificates.
pub(crate) fn is_about(error: &CommandError) -> bool {
    error.about.as_deref().is_some_and(|about| about.starts_with(ABOUT))
}

/// Whose certificates they are, and until when.
pub(crate) fn view(text: &str, now: Moment) -> Vec<CertificateView> {
    let read = Authority::read(text);
    let certificates = read.iter().flat_map(Authority::certificates);
    certificates
        .map(|certificate| CertificateView {
            name: certificate.name.clone(),
            from: ms(certificate.from),
            until: ms(certificate.until),
            holds: certificate.from <= now && now <= certificate.until,
        })
        .collect()
}
