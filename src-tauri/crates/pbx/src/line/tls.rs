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
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::MaybeTlsStream;
use url::Url;

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
    let stream = connect(&door.url, door.within).await?;
    if door.url.scheme() != "https" {
        return Ok(MaybeTlsStream::Plain(stream));
    }
    let stream = greet(&door.url, stream, door.authority.as_ref(), door.within).await?;
    Ok(MaybeTlsStream::Rustls(stream))
}

/// Opens a connection to an address's host and port.
pub(super) async fn connect(url: &Url, within: Duration) -> Result<TcpStream, Cause> {
    let host = url.host_str().ok_or(Cause::UnknownHost)?.trim_matches(['[', ']']);
    let port = url.port_or_known_default().ok_or(Cause::UnknownHost)?;
    let addresses: Vec<_> = match tokio::time::timeout(within, tokio::net::lookup_host((host, port))).await {
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
    Ok(stream)
}

/// Why TLS's handshake came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ungreeted {
    /// TLS was spoken, and there is no agreement: the certificate, most often.
    Untrusted,
    /// What came back is no TLS, as when a port of plain HTTP answers the greeting with a page.
    NoTls,
    /// The other side closed.
    Closed,
    /// Nothing came in time.
    Silent,
}

impl From<Ungreeted> for Cause {
    fn from(ungreeted: Ungreeted) -> Self {
        match ungreeted {
            Ungreeted::Untrusted | Ungreeted::Closed => Self::Tls,
            Ungreeted::NoTls => Self::NoTls,
            Ungreeted::Silent => Self::TimedOut,
        }
    }
}

/// TLS's handshake.
pub(super) async fn greet(
    url: &Url,
    stream: TcpStream,
    authority: Option<&Authority>,
    within: Duration,
) -> Result<TlsStream<TcpStream>, Ungreeted> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| Ungreeted::Untrusted)?;
    let config = client_config(authority).map_err(|_| Ungreeted::Untrusted)?;
    match tokio::time::timeout(within, TlsConnector::from(config).connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidMessage(_)) => Ungreeted::NoTls,
            Some(_) => Ungreeted::Untrusted,
            None => Ungreeted::Closed,
        }),
        Err(_) => Err(Ungreeted::Silent),
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
