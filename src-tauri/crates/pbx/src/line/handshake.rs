//! Opens the websocket.
//!
//! The HTTP part is spoken here and not by the websocket library, for two reasons: the library
//! writes the whole request, login included, into the log at its finest level; and the refusals
//! must be told apart (reference 2.8), which takes their status and text.

use super::door::Door;
use super::tls;
use crate::cause::Cause;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An open websocket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A message beyond this ends the connection; one beyond 1 MiB is refused and counted.
const LARGEST_MESSAGE: usize = 16 << 20;
const LARGEST_HEAD: usize = 16 << 10;

/// Opens the socket behind a door.
pub async fn open(door: &Door) -> Result<Socket, Cause> {
    let opening = async {
        let key = generate_key();
        let mut stream = tls::reach(door).await?;
        stream
            .write_all(&request(door, &key)?)
            .await
            .map_err(|error| tls::cause_of(&error))?;
        let (head, rest) = read_head(&mut stream).await?;
        accepted(&head, &key)?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        Ok(WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(limits)).await)
    };
    tokio::time::timeout(door.within, opening).await.unwrap_or(Err(Cause::TimedOut))
}

fn request(door: &Door, key: &str) -> Result<Vec<u8>, Cause> {
    let host = door.url.host_str().ok_or(Cause::UnknownHost)?;
    let port = door.url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let (target, protocol) = (&door.url[url::Position::BeforePath..url::Position::AfterQuery], door.protocol);
    let mut request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {protocol}\r\nAuthorization: "
    )
    .into_bytes();
    request.extend_from_slice(door.login.as_bytes());
    request.extend_from_slice(b"\r\n\r\n");
    Ok(request)
}

/// Reads up to the empty line; what follows belongs to the socket already.
async fn read_head(stream: &mut MaybeTlsStream<TcpStream>) -> Result<(String, Vec<u8>), Cause> {
    let mut bytes = Vec::with_capacity(1024);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        if bytes.len() > LARGEST_HEAD {
            return Err(Cause::WrongInterface);
        }
        match stream.read_buf(&mut bytes).await {
            Ok(0) => {
                return Err(if bytes.is_empty() {
                    Cause::Unreachable
                } else {
                    Cause::WrongInterface
                });
            }
            Ok(_) => {}
            Err(error) => return Err(tls::cause_of(&error)),
        }
    }
}

fn accepted(head: &str, key: &str) -> Result<(), Cause> {
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5))
        .and_then(|code| code.parse::<u16>().ok());
    match status.ok_or(Cause::WrongInterface)? {
        101 => {}
        400 => return Err(Cause::NoUpgrade),
        code @ 401..=599 => {
            return Err(Cause::of_status(code));
        }
        _ => return Err(Cause::WrongInterface),
    }
    let expected = derive_accept_key(key.as_bytes());
    let agrees = |line: &str| {
        line.split_once(':')
            .is_some_and(|(name, value)| name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == expected)
    };
    if lines.any(agrees) { Ok(()) } else { Err(Cause::WrongInterface) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_cause() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==";
        let table = [
            ("HTTP/1.1 101 X\r\nsec-websocket-ACCEPT: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", Ok(())),
            ("HTTP/1.1 101 X\r\nSec-WebSocket-Accept: nonsense\r\n", Err(Cause::WrongInterface)),
            ("HTTP/1.1 101 X\r\n", Err(Cause::WrongInterface)),
            ("HTTP/1.1 200 OK\r\n", Err(Cause::WrongInterface)),
            ("HTTP/1.1 302 Found\r\n", Err(Cause::WrongInterface)),
            ("HTTP/1.1 400 Bad\r\n", Err(Cause::NoUpgrade)),
            ("HTTP/1.1 401 No\r\n", Err(Cause::BadCredentials)),
            ("HTTP/1.1 403 No\r\n", Err(Cause::DeniedByAddress)),
            ("HTTP/1.1 404 No\r\n", Err(Cause::NotThere)),
            ("HTTP/1.0 503 No\r\n", Err(Cause::Booting)),
            ("HTTP/1.1 502 No\r\n", Err(Cause::Other { status: 502 })),
            ("SSH-2.0-OpenSSH\r\n", Err(Cause::WrongInterface)),
            ("HTTP/1.1", Err(Cause::WrongInterface)),
            ("", Err(Cause::WrongInterface)),
        ];
        for (head, expected) in table {
            assert_eq!(accepted(head, key), expected, "{head}");
        }
    }
}
