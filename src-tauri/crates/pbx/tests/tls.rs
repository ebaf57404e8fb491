//! Whom the desk takes for its PBX: a certificate of a known authority, of the office's own, or the very one of the settings.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod fake;

use calls::{LinkState, LinkTrouble, PbxEvent};
use fake::{Fake, config, soon};
use pbx::{AriConfig, AriPbx, Authority, Cause, Outcome, Spoken, Step, check, spoken};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A server's certificates, its key, and what an office would paste.
struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
    pasted: String,
}

fn params(name: &str, years: (i32, i32)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    params
}

/// Signed by an office's authority, which holds from and until these years.
fn by_authority(host: &str, years: (i32, i32)) -> Shown {
    let mut authority = params("Office CA", years);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut server = CertificateParams::new([host.to_owned()]).unwrap();
    (server.not_before, server.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2090, 1, 1));
    let key = KeyPair::generate().unwrap();
    let chain = vec![server.signed_by(&key, &issuer).unwrap().der().clone()];
    Shown {
        chain,
        key,
        pasted: issuer.pem(),
    }
}

/// Signed by itself, as a server's or, as `openssl req -x509` does it, as an authority's.
fn by_itself(host: &str, is_ca: IsCa, years: (i32, i32)) -> Shown {
    let mut params = params("PBX", years);
    params.subject_alt_names = CertificateParams::new([host.to_owned()]).unwrap().subject_alt_names;
    params.is_ca = is_ca;
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Shown {
        chain: vec![certificate.der().clone()],
        key,
        pasted: certificate.pem(),
    }
}

/// TLS in front of the server.
async fn with_tls(behind: SocketAddr, shown: &Shown) -> SocketAddr {
    let key = PrivateKeyDer::Pkcs8(shown.key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider);
    let server = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let server = server.with_single_cert(shown.chain.clone(), key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(server));
    let listener = tokio::net::TcpListener::bind("localhost:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut outside) = acceptor.accept(stream).await else { return };
                let Ok(mut inside) = tokio::net::TcpStream::connect(behind).await else {
                    return;
                };
                let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    address
}

/// The first thing that the link tells after trying: up with a snapshot by REST, or why not.
async fn link(config: AriConfig) -> Result<(), LinkTrouble> {
    let (sender, mut events) = tokio::sync::mpsc::channel(1_024);
    let _pbx = AriPbx::start(config, sender);
    loop {
        match soon(events.recv()).await.expect("the connection lives").event {
            PbxEvent::Resync { .. } => return Ok(()),
            PbxEvent::Link {
                state: LinkState::Down { trouble, .. },
            } => return Err(trouble),
            _ => {}
        }
    }
}

/// By the connection (websocket and REST) and by the connection test; both must agree.
async fn reached(config: AriConfig) -> bool {
    let report = check(&config).await;
    let linked = link(config).await;
    match report.outcome(Step::Reach) {
        Outcome::Passed { .. } => {
            assert_eq!(linked, Ok(()));
            let others = [Step::SignIn, Step::SocketOpens].map(|step| report.outcome(step));
            assert!(others.iter().all(|outcome| matches!(outcome, Outcome::Passed { .. })), "{report:?}");
            true
        }
        outcome @ (Outcome::Failed { .. } | Outcome::Skipped) => {
            assert_eq!(outcome, Outcome::Failed { cause: Cause::Tls });
            assert_eq!(linked, Err(LinkTrouble::Tls));
            false
        }
    }
}

fn trusting(address: SocketAddr, pasted: Option<&str>) -> AriConfig {
    let mut config = config(&format!("https://localhost:{}", address.port()));
    config.authority = pasted.map(|pem| Authority::read(pem).unwrap());
    config
}

#[tokio::test]
async fn the_offices_own_authority_opens_socket_and_rest_and_without_it_neither_does() {
    let fake = Fake::start().await;
    let shown = by_authority("localhost", (2020, 2090));
    let address = with_tls(fake.address, &shown).await;
    assert!(!reached(trusting(address, None)).await);
    assert!(reached(trusting(address, Some(&shown.pasted))).await);
}

#[tokio::test]
async fn a_pbx_that_signed_its_own_certificate_is_reached_by_that_certificate() {
    let fake = Fake::start().await;
    for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let shown = by_itself("localhost", is_ca, (2020, 2090));
        let address = with_tls(fake.address, &shown).await;
        assert!(!reached(trusting(address, None)).await);
        assert!(reached(trusting(address, Some(&shown.pasted))).await);
    }
}

#[tokio::test]
async fn the_setting_vouches_for_nothing_else() {
    let fake = Fake::start().await;
    let shown = by_authority("localhost", (2020, 2090));
    let address = with_tls(fake.address, &shown).await;
    let others = by_authority("localhost", (2020, 2090)).pasted;
    assert!(
        !reached(trusting(address, Some(&others))).await,
        "another authority of the same name"
    );
    for (shown, why) in [
        (by_authority("other.example", (2020, 2090)), "another host"),
        (
            by_itself("other.example", IsCa::NoCa, (2020, 2090)),
            "another host, signed by itself",
        ),
        (by_authority("localhost", (2010, 2020)), "an authority of the past"),
        (by_authority("localhost", (2080, 2090)), "an authority of the future"),
        (by_itself("localhost", IsCa::NoCa, (2010, 2020)), "a certificate of the past"),
    ] {
        let address = with_tls(fake.address, &shown).await;
        assert!(!reached(trusting(address, Some(&shown.pasted))).await, "{why}");
    }
}

#[tokio::test]
async fn a_port_without_tls_is_told_as_such_and_never_as_a_bad_certificate() {
    let fake = Fake::start().await;
    for pasted in [None, Some(by_authority("localhost", (2020, 2090)).pasted)] {
        let config = trusting(fake.address, pasted.as_deref());
        let reach = check(&config).await.outcome(Step::Reach);
        assert_eq!(reach, Outcome::Failed { cause: Cause::NoTls });
        assert_eq!(link(config).await, Err(LinkTrouble::NoTls));
    }
}

#[tokio::test]
async fn plain_http_to_a_port_of_tls_says_that_https_is_missing() {
    let fake = Fake::start().await;
    let address = with_tls(fake.address, &by_authority("localhost", (2020, 2090))).await;
    let report = check(&config(&format!("http://localhost:{}", address.port()))).await;
    assert_eq!(report.outcome(Step::Reach), Outcome::Failed { cause: Cause::NeedsTls });
    assert_eq!(report.steps.iter().filter(|one| one.step == Step::Reach).count(), 1);
}

#[tokio::test]
async fn what_a_port_speaks_is_found_by_trying_and_no_login_goes_there() {
    let patience = Duration::from_millis(500);
    let found = async |address: SocketAddr| {
        let url = format!("https://localhost:{}", address.port()).parse().unwrap();
        spoken(&url, patience).await
    };
    let fake = Fake::start().await;
    let untrusted = with_tls(fake.address, &by_authority("other.example", (2010, 2020))).await;
    assert_eq!(found(untrusted).await, Ok(Spoken::Tls), "whoever signed it");
    assert_eq!(found(fake.address).await, Ok(Spoken::Http));
    let asked = fake.asked();
    assert!(asked.iter().all(|asked| !asked.headers.contains_key("authorization")), "{asked:?}");

    let listener = async || tokio::net::TcpListener::bind("localhost:0").await.unwrap();
    let silent = listener().await;
    assert_eq!(found(silent.local_addr().unwrap()).await, Err(Cause::TimedOut));
    for (says, cause) in [("", Cause::Unreachable), ("SSH-2.0-OpenSSH\r\n", Cause::WrongInterface)] {
        let other = listener().await;
        let address = other.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = other.accept().await {
                let _ = stream.write_all(says.as_bytes()).await;
                let _ = stream.read(&mut [0; 512]).await;
            }
        });
        assert_eq!(found(address).await, Err(cause), "{says}");
    }
    let gone = listener().await.local_addr().unwrap();
    assert_eq!(found(gone).await, Err(Cause::Refused));
}
