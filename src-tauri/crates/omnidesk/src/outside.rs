//! The way to hosts that somebody else has named: out into the world, and nowhere else.
//!
//! A name is looked up once for each connection, and what is connected to is what the look-up gave and the check let
//! pass: a name that leads elsewhere the next time is checked the next time. No proxy is used, as it would look the
//! name up itself, where nobody checks; and no connection is kept for later.

use std::error::Error as StdError;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use url::{Host, Url};

use crate::addresses::is_global;
use crate::config::Config;
use crate::error::Error;
use crate::transport::{broken, read};
use crate::verdict;

/// A client whose connections end out in the world.
///
/// # Errors
/// [`Error::Config`] if this computer cannot speak TLS.
pub(crate) fn client(config: &Config) -> Result<Client, Error> {
    through(Client::builder(), config, Arc::new(System), is_global)
}

/// Fetches a small file out in the world, of at most `max_bytes`: over TLS, without any login, without following a redirect.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::FileAddress`] for an address without TLS, with a login, or one that leads into a private
/// network; and those of any request.
pub async fn fetch(url: &Url, max_bytes: u64) -> Result<Bytes, Error> {
    let config = Config::new(url.clone(), String::new(), String::new());
    fetch_by(&client(&config)?, &config, url, max_bytes).await
}

pub(crate) async fn fetch_by(client: &Client, config: &Config, url: &Url, max_bytes: u64) -> Result<Bytes, Error> {
    if url.scheme() != "https" {
        return Err(Error::FileAddress("it is without TLS"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::FileAddress("it holds a login"));
    }
    // A host that is written as an address is looked up by nobody.
    let written = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(_)) | None => None,
    };
    if written.is_some_and(|address| !is_global(address)) {
        return Err(INSIDE);
    }
    let fetching = async {
        let sent = client.get(url.clone()).send().await;
        let response = sent.map_err(|error| if leads_inside(&error) { INSIDE } else { broken(&error) })?;
        let answer = read(response, max_bytes).await?;
        if answer.status == StatusCode::OK {
            return Ok(answer.body.into());
        }
        Err(verdict::judge(&answer, None).err().unwrap_or_else(|| verdict::not_json(&answer)))
    };
    let in_time = tokio::time::timeout(config.timeouts.request, fetching).await;
    in_time.unwrap_or(Err(Error::Timeout { sent: true }))
}

/// Why an address is not followed.
pub(crate) const INSIDE: Error = Error::FileAddress("it leads into a private network");

/// The same with another way of looking names up, and another idea of what lies out in the world.
pub(crate) fn through(
    builder: ClientBuilder,
    config: &Config,
    names: Arc<dyn Resolve>,
    is_allowed: fn(IpAddr) -> bool,
) -> Result<Client, Error> {
    plain(builder, config)
        .no_proxy()
        .pool_max_idle_per_host(0)
        .dns_resolver(Arc::new(Checked { names, is_allowed }))
        .build()
        .map_err(|error| Error::Config(error.without_url().to_string()))
}

/// What holds for every client: whose it is, no redirect by itself, and no answer that grows when it is unpacked,
/// whatever another part of the program asks reqwest to be built with.
pub(crate) fn plain(builder: ClientBuilder, config: &Config) -> ClientBuilder {
    builder
        .user_agent(&config.user_agent)
        .connect_timeout(config.timeouts.connect)
        .redirect(Policy::none())
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
}

/// Why no connection was made: none of a name's addresses lies out in the world.
#[derive(Debug)]
pub(crate) struct LeadsInside;

impl fmt::Display for LeadsInside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads into a private network")
    }
}

impl StdError for LeadsInside {}

/// Whether a request failed because its host leads inside.
pub(crate) fn leads_inside(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<LeadsInside>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Looks names up, and keeps of the addresses those that are allowed.
struct Checked {
    names: Arc<dyn Resolve>,
    is_allowed: fn(IpAddr) -> bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, is_allowed) = (self.names.resolve(name), self.is_allowed);
        Box::pin(async move {
            let allowed: Vec<SocketAddr> = found.await?.filter(|address| is_allowed(address.ip())).collect();
            if allowed.is_empty() {
                return Err(LeadsInside.into());
            }
            let addresses: reqwest::dns::Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// As this computer looks names up.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let addresses: reqwest::dns::Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
