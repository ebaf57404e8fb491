//! What a client needs to know, and the check that it can work.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::error::Error;
use crate::file_hosts::FileHost;

/// Bounds on waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Making a connection. 10 s by default.
    pub connect: Duration,
    /// A whole request without files, from sending to the last byte of the answer; waiting for the rate budget does not
    /// count. 30 s by default.
    pub request: Duration,
    /// A request that carries files, or a download. 5 minutes by default.
    pub transfer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(30),
            transfer: Duration::from_mins(5),
        }
    }
}

/// Bounds on sizes and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest JSON answer in bytes. 8 MiB by default.
    pub answer_bytes: u64,
    /// Requests that may wait for the rate budget. 256 by default.
    pub waiting: usize,
    /// Requests per minute to assume until the first answer tells. 20 by default, the smallest that Omnidesk grants.
    pub assumed_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 8 * 1024 * 1024,
            waiting: 256,
            assumed_per_minute: 20,
        }
    }
}

/// How to reach an account, and as whom.
#[derive(Clone)]
pub struct Config {
    /// The account's address, `https://company.omnidesk.ru`; a trailing `/api` is accepted. Must be https, except for
    /// this machine itself (`http://127.0.0.1:8080`).
    pub base_url: Url,
    /// E-mail of the member of staff to act as.
    pub staff_email: String,
    /// The account's API key.
    pub api_key: SecretString,
    /// At which hosts files may lie besides the account's own; none by default.
    pub file_hosts: Vec<FileHost>,
    /// Bounds on waiting.
    pub timeouts: Timeouts,
    /// Bounds on sizes and numbers.
    pub limits: Limits,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Config {
    /// A configuration with the default bounds.
    pub fn new(base_url: Url, staff_email: impl Into<String>, api_key: impl Into<SecretString>) -> Self {
        Self {
            base_url,
            staff_email: staff_email.into(),
            api_key: api_key.into(),
            file_hosts: Vec::new(),
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            user_agent: concat!("omnidesk-rs/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Checks the address and answers the API's root, `…/api`.
    pub(crate) fn api_root(&self) -> Result<Url, Error> {
        let problem = |text: &str| Err(Error::Config(text.to_owned()));
        if self.base_url.host().is_none() {
            return problem("the address has no host");
        }
        if !self.base_url.username().is_empty() || self.base_url.password().is_some() {
            return problem("the address must not hold credentials");
        }
        if !is_safe(&self.base_url) {
            return problem("the address must begin with https://");
        }
        if self.staff_email.trim().is_empty() || self.staff_email.contains(':') {
            return problem("the staff e-mail is missing or malformed");
        }
        if self.api_key.expose_secret().is_empty() {
            return problem("the API key is missing");
        }
        let mut root = self.base_url.clone();
        root.set_query(None);
        root.set_fragment(None);
        let trimmed = root.path().trim_end_matches('/').to_owned();
        let path = if trimmed.ends_with("/api") { trimmed } else { trimmed + "/api" };
        root.set_path(&path);
        Ok(root)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("host", &self.base_url.host_str())
            .field("timeouts", &self.timeouts)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// https, or http to this machine itself.
pub(crate) fn is_safe(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether an address is written as this computer's own (RFC 6761 for `localhost`): what is sent there crosses no network. A
/// name that merely leads here today does not count.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(address: &str) -> Result<String, Error> {
        let config = Config::new(Url::parse(address).unwrap(), "anna@company.ru", "key");
        config.api_root().map(String::from)
    }

    #[test]
    fn addresses_lead_to_the_api_root() {
        let table = [
            ("https://company.omnidesk.ru", "https://company.omnidesk.ru/api"),
            ("https://company.omnidesk.ru/", "https://company.omnidesk.ru/api"),
            ("https://company.omnidesk.ru/api/", "https://company.omnidesk.ru/api"),
            ("https://help.company.ru/desk?x=1#y", "https://help.company.ru/desk/api"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api"),
            ("http://[::1]:8080", "http://[::1]:8080/api"),
            ("http://localhost:8080/api", "http://localhost:8080/api"),
        ];
        for (address, expected) in table {
            assert_eq!(root(address).as_deref(), Ok(expected), "{address}");
        }
    }

    #[test]
    fn addresses_that_would_leak_the_key_are_refused() {
        for address in [
            "http://company.omnidesk.ru",
            "http://127.0.0.1.example.org",
            "http://company.localhost",
            "http://0.0.0.0:8080",
            "http://[::ffff:127.0.0.1]:8080",
            "ftp://company.omnidesk.ru",
            "https://user:secret@company.omnidesk.ru",
            "data:text/plain,x",
        ] {
            let error = root(address).unwrap_err();
            assert!(matches!(error, Error::Config(_)), "{address}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn a_login_without_its_halves_is_refused() {
        let address = || Url::parse("https://company.omnidesk.ru").unwrap();
        for (email, key) in [("", "key"), (" ", "key"), ("a:b@company.ru", "key"), ("anna@company.ru", "")] {
            let result = Config::new(address(), email, key).api_root();
            assert!(matches!(result, Err(Error::Config(_))), "{email:?} {key:?}");
        }
    }

    #[test]
    fn debug_shows_neither_key_nor_person() {
        let config = Config::new(Url::parse("https://company.omnidesk.ru").unwrap(), "anna@company.ru", "k3y");
        let shown = format!("{config:?}");
        assert!(!shown.contains("k3y") && !shown.contains("anna"), "{shown}");
    }
}
