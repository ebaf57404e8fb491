//! What an office says of newer versions, read: an address and a key that can be used, or not.

use super::UpdateTrouble;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tauri::Url;
use url::Host;

/// A place with newer versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// The list of versions.
    pub(super) url: Url,
    /// Who signs them: the key as the updater reads it, base64 over minisign's own file.
    pub(super) key: String,
}

impl Source {
    /// None where the office names no address.
    ///
    /// # Errors
    /// The address is none that is asked, or there is no key to prove the packages by.
    pub(super) fn read(given: &engine::Updates) -> Result<Option<Self>, UpdateTrouble> {
        let (url, key) = (given.url.trim(), given.key.trim());
        if url.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(url).ok().filter(is_safe).ok_or(UpdateTrouble::Source)?;
        let key = updaters_key(key).ok_or(UpdateTrouble::Source)?;
        Ok(Some(Self { url, key }))
    }
}

/// https, to nobody who is named with a password. Plain HTTP to this very computer is for the tests of a debug build.
pub(super) fn is_safe(url: &Url) -> bool {
    let is_open = url.scheme() == "http" && cfg!(debug_assertions) && is_here(url);
    (url.scheme() == "https" || is_open) && url.host().is_some() && url.username().is_empty() && url.password().is_none()
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

/// A key as `tauri signer generate` prints it, or as minisign's own file has it: the line, or both lines.
fn updaters_key(text: &str) -> Option<String> {
    let file = match BASE64_STANDARD.decode(text).ok().map(String::from_utf8) {
        Some(Ok(file)) if file.starts_with(COMMENT) => file,
        _ => text.to_owned(),
    };
    let line = file
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty() && !line.starts_with(COMMENT))?;
    let key = BASE64_STANDARD.decode(line).ok()?;
    let is_key = key.len() == KEY && key.starts_with(b"Ed");
    is_key.then(|| BASE64_STANDARD.encode(format!("{COMMENT} minisign public key\n{line}\n")))
}

/// What the first line of minisign's files begins with.
const COMMENT: &str = "untrusted comment:";
/// A public key of minisign: two letters, its number, 32 bytes.
const KEY: usize = 2 + 8 + 32;
