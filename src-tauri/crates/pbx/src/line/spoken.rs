//! What a port speaks, TLS or plain HTTP, found by trying: an address that a person types often says neither. Nothing is
//! sent that is anybody's: TLS's greeting, and where that is not understood, a request for nothing in particular.

use super::tls::{self, Ungreeted};
use crate::cause::Cause;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

/// What a port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// TLS, whether or not its certificate is trusted.
    Tls,
    /// HTTP without TLS.
    Http,
}

/// What the port of an address speaks, whatever scheme the address has.
///
/// # Errors
/// Why it is not reached, or [`Cause::WrongInterface`] where it speaks neither.
pub async fn spoken(url: &Url, within: Duration) -> Result<Spoken, Cause> {
    let stream = tls::connect(url, within).await?;
    let otherwise = match tls::greet(url, stream, None, within).await {
        Ok(_) | Err(Ungreeted::Untrusted) => return Ok(Spoken::Tls),
        Err(Ungreeted::NoTls) => Cause::WrongInterface,
        // Some servers close, or say nothing, when they cannot read what comes.
        Err(Ungreeted::Closed) => Cause::Unreachable,
        Err(Ungreeted::Silent) => Cause::TimedOut,
    };
    if answers_http(url, within).await? {
        Ok(Spoken::Http)
    } else {
        Err(otherwise)
    }
}

/// Whether plain HTTP is answered there.
async fn answers_http(url: &Url, within: Duration) -> Result<bool, Cause> {
    const BEGINNING: &[u8] = b"HTTP/1.";
    let mut stream = tls::connect(url, within).await?;
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let asking = async {
        let request = format!("HEAD / HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = [0; BEGINNING.len()];
        stream.read_exact(&mut answer).await?;
        std::io::Result::Ok(answer == *BEGINNING)
    };
    // Whoever closes or says nothing answers no HTTP.
    Ok(tokio::time::timeout(within, asking)
        .await
        .is_ok_and(|answer| answer.unwrap_or(false)))
}
