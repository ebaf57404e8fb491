//! The office's own certificates: what a person pasted or an office's file holds, read with suspicion.
//!
//! A PBX in an office often has a certificate that no public authority signed. So that nobody turns to plain HTTP for it,
//! the office's authority is a setting. Only certificates are taken over, written anew from what was understood: whatever
//! else stands in a pasted text is never kept, and a private key there is refused, as it should be nowhere near a desk.

use calls::{Moment, tidy_name};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use thiserror::Error;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// Longest text that is read, in bytes: some dozens of certificates.
pub const LONGEST: usize = 64 << 10;
/// An office has an authority, its successor, perhaps the PBX's own certificate.
const MOST: usize = 20;
/// Base64 signs in a line (RFC 7468).
const LINE: usize = 64;

/// Certificates that a PBX's certificate may be signed by, or be itself: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    certificates: Vec<Certificate>,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: CertificateDer<'static>,
    /// Whose it is, fit to be shown.
    pub name: String,
    /// From when on it holds.
    pub from: Moment,
    /// Until when it holds.
    pub until: Moment,
}

/// Why a text is no certificate authority. Says nothing of what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AuthorityError {
    /// Larger than any office's.
    #[error("more text or more certificates than are taken")]
    TooLarge,
    /// A private key, which is nobody's business here.
    #[error("a private key")]
    PrivateKey,
    /// No certificate at all.
    #[error("no certificate")]
    NoCertificate,
    /// Something that calls itself a certificate and is none.
    #[error("a damaged certificate")]
    Malformed,
}

impl Authority {
    /// Reads certificates in PEM form; text around them is passed over.
    ///
    /// # Errors
    /// [`AuthorityError`]: nothing of such a text is to be used or kept.
    pub fn read(text: &str) -> Result<Self, AuthorityError> {
        if text.len() > LONGEST {
            return Err(AuthorityError::TooLarge);
        }
        if text.to_ascii_uppercase().contains("PRIVATE KEY") {
            return Err(AuthorityError::PrivateKey);
        }
        // A pasted text may be indented.
        let lines = text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(lines.as_bytes()) {
            let der = der.map_err(|_| AuthorityError::Malformed)?;
            certificates.push(Certificate::read(der).ok_or(AuthorityError::Malformed)?);
        }
        match certificates.len() {
            0 => Err(AuthorityError::NoCertificate),
            1..=MOST => Ok(Self { certificates }),
            _ => Err(AuthorityError::TooLarge),
        }
    }

    /// The certificates alone, as PEM: this is what may be kept.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificates.iter().map(|certificate| pem(&certificate.der)).collect()
    }

    /// What it consists of.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether none of it holds at this moment, so that nothing can be reached by it.
    #[must_use]
    pub fn is_out_of_date(&self, now: Moment) -> bool {
        self.in_force(now).next().is_none()
    }

    /// The certificates that hold: an expired authority is not asked by whoever checks a chain, so it is left out here.
    pub(super) fn in_force(&self, now: Moment) -> impl Iterator<Item = &CertificateDer<'static>> {
        let holds = move |certificate: &&Certificate| certificate.from <= now && now <= certificate.until;
        self.certificates.iter().filter(holds).map(|certificate| &certificate.der)
    }
}

impl Certificate {
    fn read(der: CertificateDer<'static>) -> Option<Self> {
        RootCertStore::empty().add(der.clone()).ok()?;
        let (rest, read) = X509Certificate::from_der(&der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let moment = |seconds: i64| Moment(seconds.saturating_mul(1000));
        let validity = read.validity();
        let (name, from, until) = (
            name(read.subject()),
            moment(validity.not_before.timestamp()),
            moment(validity.not_after.timestamp()),
        );
        Some(Self { der, name, from, until })
    }
}

/// The common name, else the organisation, else everything.
fn name(subject: &X509Name<'_>) -> String {
    let mut short = subject.iter_common_name().chain(subject.iter_organization());
    let short = short.find_map(|part| part.as_str().ok().map(tidy_name).filter(|name| !name.is_empty()));
    short.unwrap_or_else(|| tidy_name(&subject.to_string()))
}

fn pem(der: &CertificateDer<'_>) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str("-----END CERTIFICATE-----\n");
    out
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
