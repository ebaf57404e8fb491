//! The way to the PBX: name, TCP, TLS; each failure told apart.
//!
//! One TLS configuration serves socket and REST. Its crypto provider is named here: where two are
//! compiled in, rustls would otherwise panic at run time for want of a default.

use super::authority::Authority;
use super::door::Door;
use crate::cause::Cause;
use calls::Moment;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::io::ErrorKind;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::MaybeTlsStream;

/// How TLS is done: whom the system trusts, as with Omnidesk, and whom the settings name.
pub fn client_config(authority: Option<&Authority>) -> Result<Arc<ClientConfig>, Cause> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| Cause::Tls)?;
    let offices: Vec<_> = authority.iter().flat_map(|own| own.in_force(now())).cloned().collect();
    let chains = if offices.is_empty() {
        Verifier::new(provider)
    } else {
        Verifier::new_with_extra_roots(offices.iter().cloned(), provider)
    };
    let chains = chains.map_err(|_| Cause::Tls)?;
    let verifier = Arc::new(OfficesOwn { chains, offices });
    let trusting = builder.dangerous().with_custom_certificate_verifier(verifier);
    Ok(Arc::new(trusting.with_no_client_auth()))
}

fn now() -> Moment {
    let seconds = UnixTime::now().as_secs();
    Moment(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000))
}

/// Opens the way to a door, with TLS for `https`.
pub async fn reach(door: &Door) -> Result<MaybeTlsStream<TcpStream>, Cause> {
    let host = door.url.host_str().ok_or(Cause::UnknownHost)?.trim_matches(['[', ']']).to_owned();
    let port = door.url.port_or_known_default().ok_or(Cause::UnknownHost)?;
    let within = door.within;
    let addresses: Vec<_> = match tokio::time::timeout(within, tokio::net::lookup_host((host.as_str(), port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(_)) | Err(_) => return Err(Cause::UnknownHost),
    };
    let stream = match tokio::time::timeout(within, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(cause_of(&error)),
        Err(_) => return Err(Cause::TimedOut),
    };
    // Small frames must not wait for each other; failing to say so only costs some milliseconds.
    let _ = stream.set_nodelay(true);
    if door.url.scheme() != "https" {
        return Ok(MaybeTlsStream::Plain(stream));
    }
    let name = ServerName::try_from(host).map_err(|_| Cause::Tls)?;
    match tokio::time::timeout(
        within,
        TlsConnector::from(client_config(door.authority.as_ref())?).connect(name, stream),
    )
    .await
    {
        Ok(Ok(stream)) => Ok(MaybeTlsStream::Rustls(stream)),
        Ok(Err(_)) => Err(Cause::Tls),
        Err(_) => Err(Cause::TimedOut),
    }
}

/// What an error of the network means.
pub fn cause_of(error: &std::io::Error) -> Cause {
    match error.kind() {
        ErrorKind::ConnectionRefused => Cause::Refused,
        ErrorKind::TimedOut => Cause::TimedOut,
        _ => Cause::Unreachable,
    }
}

/// Chains as usual, and besides a server that shows one of the office's certificates itself: a PBX whose certificate nobody
/// signed but itself (`openssl req -x509` makes such) is no authority's, and the checking of chains refuses it.
#[derive(Debug)]
struct OfficesOwn {
    chains: Verifier,
    /// Those that hold today.
    offices: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for OfficesOwn {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.offices.iter().any(|own| own == end_entity) {
            rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        self.chains.verify_server_cert(end_entity, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chains.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.chains.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chains.supported_verify_schemes()
    }
}
