//! Hostile servers behind made-up names. What stands for «out in the world» is 127.0.0.1; 127.0.0.2 is the inside.

use super::*;
use crate::{Config, outside};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const WORLD: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const INNER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// A TLS server that keeps the heads of requests, and a plain listener inside at the same port.
struct World {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
    inner: TcpListener,
}

impl World {
    /// Every path answers with the file, `/to/<address>` with a redirect to it.
    async fn open() -> Self {
        let certified = rcgen::generate_simple_self_signed(["files.example.com".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((WORLD, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let inner = TcpListener::bind((INNER, port)).await.unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = heads.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = vec![0; 8192];
                let length = stream.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..length]).to_lowercase();
                let target = head.split(' ').nth(1).and_then(|path| path.strip_prefix("/to/"));
                let answer = match target {
                    Some(target) => format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"),
                    None => "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nID3-audio".to_owned(),
                };
                kept.lock().unwrap().push(head);
                // The client may have gone.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, heads, inner }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// Whether somebody has come to the inner port: connections wait there until they are taken.
    fn was_inner_reached(&self) -> bool {
        use futures_util::FutureExt;
        self.inner.accept().now_or_never().is_some()
    }
}

/// Made-up names: each look-up takes the next answer, the last one stays.
#[derive(Default)]
struct Names {
    answers: Mutex<HashMap<String, VecDeque<Vec<SocketAddr>>>>,
    asked: Mutex<Vec<String>>,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let mut answers = self.answers.lock().unwrap();
        let answers = answers.entry(name.clone()).or_default();
        self.asked.lock().unwrap().push(name);
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        Box::pin(async move {
            let found: Addrs = Box::new(answer.ok_or("no such name")?.into_iter());
            Ok(found)
        })
    }
}

/// The account on its own server, files at hosts below `example.com`, and who answers there.
async fn account(names: &[(&str, Vec<Vec<SocketAddr>>)]) -> (MockServer, Client, Arc<Names>) {
    let own = MockServer::start().await;
    let known = names.iter().map(|(name, answers)| ((*name).to_owned(), answers.clone().into()));
    let names = Arc::new(Names {
        answers: Mutex::new(known.collect()),
        asked: Mutex::default(),
    });
    let mut config = Config::new(own.uri().parse().unwrap(), "anna@company.ru", "k3y");
    config.file_hosts = ["files.example.com", "*.files.example.com"]
        .map(|host| host.parse().unwrap())
        .into();
    let mut client = Client::new(config.clone()).unwrap();
    let builder = reqwest::Client::builder().danger_accept_invalid_certs(true);
    let is_world = |address| address == WORLD || is_global(address);
    let shared = Arc::get_mut(&mut client.shared).unwrap();
    shared.outside = outside::through(builder, &config, names.clone(), is_world).unwrap();
    (own, client, names)
}

async fn redirects(own: &MockServer, target: &str) -> Url {
    own.reset().await;
    let away = ResponseTemplate::new(302).insert_header("location", target);
    Mock::given(path("/345")).respond_with(away).mount(own).await;
    format!("{}/345", own.uri()).parse().unwrap()
}

fn at(address: IpAddr, port: u16) -> SocketAddr {
    SocketAddr::new(address, port)
}

fn foreign(host: &str) -> Error {
    Error::ForeignHost {
        host: HostName(host.into()),
    }
}

#[tokio::test]
async fn a_file_at_a_listed_host_is_fetched_directly_or_by_a_redirect_and_never_with_the_credentials() {
    let world = World::open().await;
    let (own, client, _) = account(&[("files.example.com", vec![vec![at(WORLD, world.port)]])]).await;
    let listed = "https://someone:word@files.example.com/345";
    for address in [listed.parse().unwrap(), redirects(&own, listed).await] {
        assert_eq!(client.download(&address, 100).await.as_deref(), Ok(&b"ID3-audio"[..]), "{address}");
    }
    // Back to the account, whose answer is the redirect again: without the credentials from then on.
    let round = format!("https://files.example.com/to/{}/345", own.uri());
    let error = client.download(&round.parse().unwrap(), 100).await;
    assert_eq!(error.as_deref(), Ok(&b"ID3-audio"[..]));
    let heads = world.heads();
    assert_eq!(heads.len(), 4);
    for head in heads {
        assert!(!head.contains("authorization") && !head.contains("accept-encoding"), "{head}");
    }
    let own_requests = own.received_requests().await.unwrap();
    let authorised: Vec<_> = own_requests
        .iter()
        .map(|request| request.headers.contains_key("authorization"))
        .collect();
    assert_eq!(authorised, [true, false]);
}

#[tokio::test]
async fn a_host_that_is_not_listed_is_named_and_not_even_looked_up() {
    let (own, client, names) = account(&[]).await;
    for (target, host) in [
        ("https://evil.org/345", "evil.org"),
        ("//evil.org/345", "evil.org"),
        ("https://files.example.com.evil.org/345", "files.example.com.evil.org"),
        ("https://files.example.com:8443/345", "files.example.com"),
        ("https://8.8.8.8/345", "8.8.8.8"),
        ("https://0x08080808/345", "8.8.8.8"),
        ("https://localhost/345", "localhost"),
    ] {
        let target = if target.starts_with("//") {
            format!("https:{target}")
        } else {
            target.to_owned()
        };
        for address in [target.parse().unwrap(), redirects(&own, &target).await] {
            assert_eq!(client.download(&address, 100).await, Err(foreign(host)), "{address}");
        }
        assert!(!format!("{:?} {}", foreign(host), foreign(host)).contains(host), "no log names it");
    }
    assert!(names.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_address_inside_in_whatever_spelling_and_one_without_tls_is_not_followed() {
    let world = World::open().await;
    let (own, client, _) = account(&[]).await;
    let port = world.port;
    for target in [
        format!("https://127.0.0.2:{port}/"),
        format!("http://127.0.0.2:{port}/"),
        format!("https://127.2:{port}/"),
        format!("https://2130706434:{port}/"),
        format!("https://0x7f.0.0.2:{port}/"),
        format!("https://0177.0.0.02:{port}/"),
        format!("https://%31%32%37.0.0.2:{port}/"),
        format!("https://127。0。0。2:{port}/"),
        format!("https://[::ffff:127.0.0.2]:{port}/"),
        format!("https://[::127.0.0.2]:{port}/"),
        "https://[::1]/".into(),
        "https://[64:ff9b::7f00:2]/".into(),
        "https://[2002:7f00:2::]/".into(),
        "https://[fe80::1]/".into(),
        "https://[fd00::1]/".into(),
        "https://10.0.0.5/".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://100.64.0.1/".into(),
        "https://0/".into(),
        "http://files.example.com/345".into(),
        "file:///etc/hostname".into(),
        "javascript:alert(1)".into(),
        "data:audio/wav;base64,AAAA".into(),
    ] {
        let Ok(address) = Url::parse(&target) else { panic!("{target}") };
        for address in [address.clone(), redirects(&own, address.as_str()).await] {
            let answer = client.download(&address, 100).await;
            assert!(matches!(answer, Err(Error::FileAddress(_))), "{target} at {address}: {answer:?}");
        }
    }
    assert!(!world.was_inner_reached());
}

#[tokio::test]
async fn a_listed_name_that_leads_inside_is_refused_after_the_look_up_and_at_each_redirect() {
    let world = World::open().await;
    for inside in [
        "127.0.0.2",
        "10.0.0.1",
        "172.20.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.2",
        "::127.0.0.2",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "64:ff9b::7f00:2",
        "2002:7f00:2::1",
        "2001:0:1::1",
        "2001:db8::1",
    ] {
        let answer = vec![vec![at(inside.parse().unwrap(), world.port)]];
        let (own, client, names) = account(&[("x.files.example.com", answer)]).await;
        let direct = "https://x.files.example.com/345";
        for address in [direct.parse().unwrap(), redirects(&own, direct).await] {
            let answer = client.download(&address, 100).await;
            assert_eq!(answer, Err(INSIDE), "{inside}");
        }
        assert_eq!(names.asked.lock().unwrap().len(), 2);
    }
    assert!(!world.was_inner_reached() && world.heads().is_empty());
}

#[tokio::test]
async fn of_a_name_that_leads_in_and_out_only_the_way_out_is_taken() {
    let world = World::open().await;
    let both = vec![at(INNER, world.port), at(WORLD, world.port), at("::1".parse().unwrap(), world.port)];
    let (_own, client, _) = account(&[("files.example.com", vec![both])]).await;
    let file = client.download(&"https://files.example.com/345".parse().unwrap(), 100).await;
    assert_eq!(file.as_deref(), Ok(&b"ID3-audio"[..]));
    // And where nobody answers out there, the way in is not the next try.
    let closed = at("127.0.0.1".parse().unwrap(), 1);
    let (_own, client, _) = account(&[("files.example.com", vec![vec![closed, at(INNER, world.port)]])]).await;
    let error = client.download(&"https://files.example.com/345".parse().unwrap(), 100).await;
    assert!(matches!(error, Err(Error::Connect { .. })), "{error:?}");
    assert!(!world.was_inner_reached());
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_next_time_is_checked_the_next_time() {
    let world = World::open().await;
    let turns = vec![vec![at(WORLD, world.port)], vec![at(INNER, world.port)]];
    // Between two files.
    let (_own, client, _) = account(&[("files.example.com", turns.clone())]).await;
    let address = "https://files.example.com/345".parse().unwrap();
    assert!(client.download(&address, 100).await.is_ok());
    assert_eq!(client.download(&address, 100).await, Err(INSIDE));
    // Between two steps of one.
    let (_own, client, _) = account(&[("files.example.com", turns)]).await;
    let address = "https://files.example.com/to/https://files.example.com/345".parse().unwrap();
    assert_eq!(client.download(&address, 100).await, Err(INSIDE));
    assert!(!world.was_inner_reached());
    assert_eq!(world.heads().len(), 2);
}

#[tokio::test]
async fn a_small_file_of_the_office_comes_over_tls_from_the_world_alone_without_redirects_and_within_its_bound() {
    let world = World::open().await;
    let names = [
        ("files.example.com", vec![vec![at(WORLD, world.port)]]),
        ("inner.example.com", vec![vec![at(INNER, world.port)]]),
    ];
    let (_own, client, _) = account(&names).await;
    let (outside, config) = (&client.shared.outside, &client.shared.config);
    let fetch = async |address: &str, most: u64| outside::fetch_by(outside, config, &address.parse().unwrap(), most).await;
    assert_eq!(fetch("https://files.example.com/s.json", 9).await.as_deref(), Ok(&b"ID3-audio"[..]));
    assert_eq!(
        fetch("https://files.example.com/s.json", 8).await,
        Err(Error::TooLarge { limit: 8 })
    );
    let elsewhere = fetch("https://files.example.com/to/https://evil.org/", 100).await;
    assert!(
        elsewhere.is_err() && world.heads().len() == 3,
        "a redirect is not followed: {elsewhere:?}"
    );
    for (address, why) in [
        ("http://files.example.com/s.json", "it is without TLS"),
        ("https://me:word@files.example.com/s.json", "it holds a login"),
        ("https://10.0.0.5/s.json", "it leads into a private network"),
        ("https://[::1]/s.json", "it leads into a private network"),
        ("https://inner.example.com/s.json", "it leads into a private network"),
    ] {
        assert_eq!(fetch(address, 100).await, Err(Error::FileAddress(why)), "{address}");
    }
    assert!(!world.was_inner_reached());
    assert!(world.heads().iter().all(|head| !head.contains("authorization")));
}
