//! The reverse proxies of `docs/proxy`, run before the test PBX as they are shipped, and requests in any spelling.

use super::pbx::RealPbx;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ringside_tests::{eventually, in_time, repository};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Maybe<T> = Result<T, Box<dyn std::error::Error>>;

const PATIENCE: Duration = Duration::from_secs(10);
/// Where Asterisk itself listens.
pub const ASTERISK: &str = "127.0.0.1:8088";
/// Where the proxies listen; there is one at a time.
const LISTEN: &str = "127.0.0.1:8090";
/// What the folder of the shipped files has.
const FILES: [&str; 5] = ["nginx.conf", "haproxy.cfg", "allowed.lst", "frames.js", "frames.lua"];
/// Of which users the test PBX knows.
const PASSWORD: &str = "companion-test";

/// Which proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Haproxy,
}

/// A running proxy. Ended when dropped.
pub struct Proxy {
    /// Where desks connect.
    pub address: &'static str,
    child: Child,
    folder: TempDir,
}

impl Proxy {
    /// Starts one before a PBX, whose desks reach it there from now on: as the desk of 101, whose orders go where the PBX
    /// says.
    pub async fn before(pbx: &mut RealPbx, kind: Kind) -> Maybe<Self> {
        let folder = tempfile::tempdir()?;
        // Their workers are not root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        fill(folder.path(), pbx.context)?;
        let mut command = match kind {
            Kind::Nginx => {
                let mut nginx = Command::new("nginx");
                nginx.arg("-c").arg(folder.path().join("nginx.conf")).args(["-g", "daemon off;"]);
                nginx
            }
            Kind::Haproxy => {
                let mut haproxy = Command::new("haproxy");
                haproxy.arg("-db").arg("-f").arg(folder.path().join("haproxy.cfg"));
                haproxy
            }
        };
        let said = fs::File::create(folder.path().join("said.log"))?;
        let child = command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(said);
        let child = child.spawn().map_err(|error| format!("cannot start {kind:?}: {error}"))?;
        let proxy = Self {
            address: LISTEN,
            child,
            folder,
        };
        eventually(&format!("{kind:?} to listen"), PATIENCE, || async {
            TcpStream::connect(LISTEN).await.ok()
        })
        .await;
        (pbx.url, pbx.user) = ("http://127.0.0.1:8090", "desk-101");
        Ok(proxy)
    }

    /// What it says of requests that it refused.
    pub fn refused(&self) -> Maybe<Vec<String>> {
        let mut lines = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "log") {
                let text = fs::read_to_string(path)?;
                lines.extend(text.lines().filter(|line| line.contains(" 403 ")).map(str::to_owned));
            }
        }
        Ok(lines)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // In order: a master of nginx that is killed leaves its workers, and they the port.
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let ended = pid.is_some_and(|pid| kill_process(pid, Signal::TERM).is_ok());
        if !ended {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The shipped files with their placeholders filled.
fn fill(folder: &Path, context: &str) -> Maybe<()> {
    let here = folder.to_string_lossy().into_owned();
    let values = [
        ("@LISTEN@", LISTEN),
        ("@CERTIFICATE@", ""),
        ("@ASTERISK@", ASTERISK),
        ("@FOLDER@", &here),
        ("@RUN@", &here),
        ("@LOGS@", &here),
        ("@LOG@", "stderr format raw local0"),
        ("@TECHNOLOGY@", "PJSIP"),
        ("@CONTEXT@", context),
    ];
    for name in FILES {
        let mut text = fs::read_to_string(shipped(name))?;
        for (placeholder, value) in values {
            text = text.replace(placeholder, value);
        }
        let file = folder.join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

fn shipped(name: &str) -> std::path::PathBuf {
    repository().join("docs/proxy").join(name)
}

/// A request, byte by byte as it is written here.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub method: &'a str,
    pub target: &'a str,
    /// Who asks; several are several headers.
    pub users: &'a [&'a str],
    /// Further lines of the head.
    pub headers: &'a [&'a str],
    pub body: &'a str,
}

impl<'a> Ask<'a> {
    /// Of the desk of 101.
    pub fn new(method: &'a str, target: &'a str) -> Self {
        Self {
            method,
            target,
            users: &["desk-101"],
            headers: &[],
            body: "",
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: pbx\r\n", self.method, self.target);
        for user in self.users {
            text += &format!("Authorization: Basic {}\r\n", BASE64_STANDARD.encode(format!("{user}:{PASSWORD}")));
        }
        for header in self.headers {
            text += &format!("{header}\r\n");
        }
        if !self.body.is_empty() {
            text += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", self.body.len());
        }
        if !self.headers.iter().any(|header| header.starts_with("Connection:")) {
            text += "Connection: close\r\n";
        }
        text + "\r\n" + self.body
    }

    /// Asks; gives the status and what came with it. A connection that is closed without an answer has the status 0.
    pub async fn at(&self, address: &str) -> Maybe<(u16, String)> {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(self.text().as_bytes()).await?;
        let mut bytes = Vec::new();
        // Closed with something still to read counts as closed.
        let _ = in_time(self.target, PATIENCE, stream.read_to_end(&mut bytes)).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0);
        Ok((status, text))
    }
}

/// An open websocket of events, spoken byte by byte.
pub struct Events(TcpStream);

impl Events {
    /// Opens the socket of an app of 101's desk.
    pub async fn open(address: &str, app: &str) -> Maybe<Self> {
        let headers = [
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: ari",
        ];
        let target = format!("/ari/events?app={app}&subscribeAll=false");
        let ask = Ask {
            headers: &headers,
            ..Ask::new("GET", &target)
        };
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(ask.text().as_bytes()).await?;
        let mut socket = Self(stream);
        let head = socket.hear(b"\r\n\r\n").await;
        if head.is_some_and(|head| head.starts_with(b"HTTP/1.1 101")) {
            Ok(socket)
        } else {
            Err("the socket does not open".into())
        }
    }

    /// Sends a frame with an empty mask, in pieces of so many bytes.
    pub async fn send(&mut self, kind: u8, payload: &str, piece: usize) -> Maybe<()> {
        let mut frame = vec![kind];
        match u8::try_from(payload.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(payload.len())?.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload.as_bytes());
        self.0.set_nodelay(true)?;
        for piece in frame.chunks(piece) {
            // The other side may be gone by now: what it answers tells.
            let _ = self.0.write_all(piece).await;
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Reads until these bytes have come; nothing when the connection ends before.
    pub async fn hear(&mut self, until: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let reading = async {
            while !bytes.windows(until.len()).any(|part| part == until) {
                match self.0.read_buf(&mut bytes).await {
                    Ok(0) | Err(_) => return false,
                    Ok(_) => {}
                }
            }
            true
        };
        let came = in_time("an answer, or the end", PATIENCE, reading).await;
        came.then_some(bytes)
    }
}

#[test]
fn both_proxies_have_the_same_list() -> Maybe<()> {
    let haproxy = fs::read_to_string(shipped("allowed.lst"))?;
    let haproxy: Vec<_> = haproxy.lines().filter(|line| line.starts_with('^')).collect();
    let nginx = fs::read_to_string(shipped("nginx.conf"))?;
    let pattern = |line: &'_ str| Some(line.trim().strip_prefix("\"~")?.strip_suffix("\" 1;")?.to_owned());
    let nginx: Vec<_> = nginx.lines().filter_map(pattern).collect();
    assert!(haproxy.len() > 10);
    assert_eq!(nginx, haproxy);
    Ok(())
}
