//! Fetching files of messages.
//!
//! A file's address comes from an answer and may name anything. It is followed to the account's own address, which is
//! spoken to anyway, and to hosts that the office lists, out in the world ([`crate::outside`]). Redirects are followed by
//! hand so that this holds for every step; the credentials go along until the first step that leaves the account.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use url::{Host, Url};

use crate::addresses::is_global;
use crate::client::Client;
use crate::error::{Error, HostName};
use crate::outside::{INSIDE, leads_inside};
use crate::transport::{broken, read};
use crate::verdict;

/// Steps of a redirect chain that are followed.
const MAX_REDIRECTS: usize = 3;

impl Client {
    /// Fetches a file of at most `max_bytes`, within the time of a transfer, redirects included. What it holds is for the
    /// caller to judge, by its content. Does not count against the rate budget, which is for API calls.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::ForeignHost`] for a host that is neither the account's own nor listed;
    /// [`Error::FileAddress`] for an address without TLS, or one that leads into a private network; and those of any
    /// request.
    pub async fn download(&self, url: &Url, max_bytes: u64) -> Result<Bytes, Error> {
        let fetching = self.follow(url.clone(), max_bytes);
        let in_time = tokio::time::timeout(self.shared.config.timeouts.transfer, fetching).await;
        in_time.unwrap_or(Err(Error::Timeout { sent: true }))
    }

    async fn follow(&self, mut url: Url, max_bytes: u64) -> Result<Bytes, Error> {
        let mut stayed = true;
        for _ in 0..=MAX_REDIRECTS {
            forget_login(&mut url);
            let own = self.is_own(&url);
            stayed &= own;
            let request = if own {
                self.shared.http.get(url.clone())
            } else {
                self.check_foreign(&url)?;
                self.shared.outside.get(url.clone())
            };
            let request = if stayed { self.authorised(request) } else { request };
            let sent = request.send().await;
            let response = sent.map_err(|error| if leads_inside(&error) { INSIDE } else { broken(&error) })?;
            match redirect(&url, &response) {
                Some(target) => url = target,
                None => return self.receive(response, max_bytes).await,
            }
        }
        Err(Error::FileAddress("it redirects too often"))
    }

    async fn receive(&self, response: reqwest::Response, max_bytes: u64) -> Result<Bytes, Error> {
        if response.status() == StatusCode::OK {
            return Ok(read(response, max_bytes).await?.body.into());
        }
        let answer = read(response, self.shared.config.limits.answer_bytes).await?;
        match verdict::judge(&answer, None) {
            Err(error) => Err(error),
            // A success other than 200 carries no whole file.
            Ok(_) => Err(verdict::not_json(&answer)),
        }
    }

    /// Same scheme, host and port as the configured address.
    fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.shared.api_root.origin()
    }

    /// Before anything is looked up. A host that is written as an address is looked up by nobody, and never listed.
    fn check_foreign(&self, url: &Url) -> Result<(), Error> {
        let written = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) | None => None,
        };
        if written.is_some_and(|address| !is_global(address)) {
            return Err(INSIDE);
        }
        if url.scheme() != "https" {
            return Err(Error::FileAddress("it is without TLS"));
        }
        if self.shared.config.file_hosts.iter().any(|host| host.holds(url)) {
            return Ok(());
        }
        let host = HostName(url.host_str().unwrap_or_default().to_owned());
        Err(Error::ForeignHost { host })
    }
}

/// A login that stands in an address is somebody else's: it is not sent, least of all beside the account's.
fn forget_login(url: &mut Url) {
    // Both fail only for addresses that cannot have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

fn redirect(from: &Url, response: &reqwest::Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    from.join(location).ok()
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
