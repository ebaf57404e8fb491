//! Where a PBX's websocket is, and the periods of the line.

use super::authority::Authority;
use reqwest::header::HeaderValue;
use std::time::Duration;
use url::Url;

/// Larger frames are refused unread; the largest of the recorded streams has 4 KB.
pub const LARGEST_FRAME: usize = 1 << 20;

/// Where a websocket is, and how one is let in.
pub struct Door {
    /// Its address, as `http` or `https`, with path and query.
    pub url: Url,
    /// The login header: an address ends up in the logs of every proxy on the way.
    pub login: HeaderValue,
    /// The websocket's subprotocol.
    pub protocol: &'static str,
    /// The office's own certificates.
    pub authority: Option<Authority>,
    /// Limit for TCP, TLS and handshake together.
    pub within: Duration,
}

/// Periods of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Time between our pings.
    pub ping_every: Duration,
    /// Hearing nothing for this long (not even an answer to a ping) means the line is dead.
    pub silence_limit: Duration,
    /// Longest first delay of the reconnect schedule.
    pub retry_first: Duration,
    /// Longest delay of the reconnect schedule.
    pub retry_longest: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(5),
            silence_limit: Duration::from_secs(15),
            retry_first: Duration::from_millis(500),
            retry_longest: Duration::from_secs(10),
        }
    }
}
