//! The way to the PBX: name, TCP, TLS; each failure told apart.
//!
//! One TLS configuration serves socket and REST. Its crypto provider is named here: where two are
//! compiled in, rustls would otherwise panic at run time for want of a default.

use super::AriConfig;
use super::check::Cause;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::io::ErrorKind;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::MaybeTlsStream;

/// How TLS is done: public authorities, the machine's own, and the one of the settings.
pub fn client_config(config: &AriConfig) -> Result<Arc<ClientConfig>, Cause> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|_| Cause::Tls)?;
    if config.accept_invalid_certs {
        let verifier = Arc::new(AnyCertificate { provider });
        return Ok(Arc::new(
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth(),
        ));
    }
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = &config.extra_ca {
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(certificate.map_err(|_| Cause::Tls)?).map_err(|_| Cause::Tls)?;
        }
    }
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// Opens the way to the PBX, with TLS for `https`.
pub async fn open(config: &AriConfig) -> Result<MaybeTlsStream<TcpStream>, Cause> {
    let root = config.root();
    let host = root.host_str().ok_or(Cause::UnknownHost)?.trim_matches(['[', ']']).to_owned();
    let port = root.port_or_known_default().ok_or(Cause::UnknownHost)?;
    let within = config.timings.connect_timeout;
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
    if config.is_plain() {
        return Ok(MaybeTlsStream::Plain(stream));
    }
    let name = ServerName::try_from(host).map_err(|_| Cause::Tls)?;
    match tokio::time::timeout(within, TlsConnector::from(client_config(config)?).connect(name, stream)).await {
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

/// Accepts every certificate, and still checks that the server holds its key.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
