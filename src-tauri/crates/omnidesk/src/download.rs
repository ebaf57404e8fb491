//! Fetching files of messages.
//!
//! A file's address comes from an answer and may lie anywhere. The credentials go to the configured host only; redirects
//! are followed by hand so that this holds for every step.

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use crate::client::Client;
use crate::config::{is_loopback, is_safe};
use crate::error::Error;
use crate::transport::{broken, read};
use crate::verdict;

/// Steps of a redirect chain that are followed.
const MAX_REDIRECTS: usize = 3;

/// A fetched file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The content.
    pub bytes: bytes::Bytes,
    /// The MIME type that the server told.
    pub content_type: Option<String>,
}

impl Client {
    /// Fetches a file of at most `max_bytes`. Does not count against the rate budget, which is for API calls.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::InvalidRequest`] for an address that is no https (http is allowed to this machine,
    /// if the account's address is there too), and those of any request.
    pub async fn download(&self, url: &Url, max_bytes: u64) -> Result<Download, Error> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            self.check_target(&url)?;
            let mut request = self.shared.http.get(url.clone()).timeout(self.shared.config.timeouts.transfer);
            if self.is_own(&url) {
                request = self.authorised(request);
            }
            let response = request.send().await.map_err(|error| broken(&error))?;
            if let Some(target) = redirect(&url, &response) {
                url = target;
                continue;
            }
            return self.receive(response, max_bytes).await;
        }
        Err(Error::InvalidRequest("the file's address redirects too often".to_owned()))
    }

    async fn receive(&self, response: reqwest::Response, max_bytes: u64) -> Result<Download, Error> {
        if response.status() == StatusCode::OK {
            let answer = read(response, max_bytes).await?;
            let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            return Ok(Download {
                content_type: content_type.map(str::to_owned),
                bytes: answer.body.into(),
            });
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

    /// A foreign answer must not make us talk to this machine's own services, nor without TLS.
    fn check_target(&self, url: &Url) -> Result<(), Error> {
        let inward = is_loopback(url) && !is_loopback(&self.shared.api_root);
        if !is_safe(url) || inward {
            return Err(Error::InvalidRequest("the file's address is not allowed".to_owned()));
        }
        Ok(())
    }
}

fn redirect(from: &Url, response: &reqwest::Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    from.join(location).ok()
}
