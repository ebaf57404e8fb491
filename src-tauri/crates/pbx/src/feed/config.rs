//! How to reach one agent's feed.

use crate::cause::Cause;
use crate::line::{Authority, Door, Rhythm};
use calls::Extension;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// The version that is spoken.
pub(super) const VERSION: u64 = 1;

/// How to reach one agent's feed.
#[derive(Clone)]
pub struct FeedConfig {
    /// The socket's address as `http` or `https`; without a path, `/feed`.
    pub url: Url,
    /// What lets one in; never printed.
    pub token: SecretString,
    /// Whose calls.
    pub extension: Extension,
    /// The office's own certificates, beside the public and the machine's authorities.
    pub authority: Option<Authority>,
    /// Limit for TCP, TLS and handshake together, and for the first word after it.
    pub connect_timeout: Duration,
    /// The line's periods.
    pub rhythm: Rhythm,
}

impl std::fmt::Debug for FeedConfig {
    /// Without the token, and without what somebody may have pasted into the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedConfig")
            .field("origin", &self.url.origin().ascii_serialization())
            .field("extension", &self.extension.as_str())
            .field("authority", &self.authority.is_some())
            .finish_non_exhaustive()
    }
}

impl FeedConfig {
    /// A configuration with the usual periods.
    #[must_use]
    pub fn new(url: Url, token: SecretString, extension: Extension) -> Self {
        Self {
            url,
            token,
            extension,
            authority: None,
            connect_timeout: Duration::from_secs(10),
            rhythm: Rhythm::default(),
        }
    }

    /// Where the socket is, to go on after what was heard last.
    pub(super) fn door(&self, heard: Option<(&str, u64)>) -> Result<Door, Cause> {
        let mut url = self.url.clone();
        url.set_fragment(None);
        if url.path() == "/" {
            url.set_path("/feed");
        }
        let mut query = url.query_pairs_mut();
        query.clear();
        query.append_pair("v", &VERSION.to_string());
        query.append_pair("extension", self.extension.as_str());
        if let Some((stream, after)) = heard {
            query.append_pair("stream", stream).append_pair("after", &after.to_string());
        }
        drop(query);
        let bearer = format!("Bearer {}", self.token.expose_secret());
        let mut login = HeaderValue::from_str(&bearer).map_err(|_| Cause::BadCredentials)?;
        login.set_sensitive(true);
        Ok(Door {
            url,
            login,
            protocol: "ringside-feed",
            authority: self.authority.clone(),
            within: self.connect_timeout,
        })
    }
}
