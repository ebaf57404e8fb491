//! The way to hosts that somebody else has named: out into the world, and nowhere else.
//!
//! A name is looked up once for each connection, and what is connected to is what the look-up gave and the check let
//! pass: a name that leads elsewhere the next time is checked the next time. No proxy is used, as it would look the
//! name up itself, where nobody checks; and no connection is kept for later.

use std::error::Error as StdError;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::addresses::is_global;
use crate::config::Config;
use crate::error::Error;

/// A client whose connections end out in the world.
///
/// # Errors
/// [`Error::Config`] if this computer cannot speak TLS.
pub(crate) fn client(config: &Config) -> Result<Client, Error> {
    through(Client::builder(), config, Arc::new(System), is_global)
}

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
