//! A feed of events that are normalised already: whoever has them (an office's own gateway, before any PBX) sends
//! [`calls::PbxEvent`]s as they are, and Ringside needs to know nothing of the PBX behind it.
//!
//! # The protocol, version 1
//!
//! A websocket at the address that is set, with `Authorization: Bearer <token>` and the query
//! `v=1&extension=<ext>`, after a cut also `&stream=<name>&after=<number>`: whose calls, and what was heard last. Refusals
//! are told by the handshake's status: 401 (token), 403, 404, 422 (no such extension), 503 (starting).
//!
//! Each text frame is one JSON object with the version `v`:
//!
//! - first `{"v":1,"hello":{"stream":"9f3c","from":42,"now":1795329167000}}`: the stream's name, the number of the next
//!   event, and what the sender's clock shows. A sender that numbers anew gives the stream another name; one that has
//!   forgotten what it is asked for begins later, and the desk knows that it has a gap;
//! - then what happened meanwhile, `{"v":1,"seq":42,"event":"call","leg":"a1","at":1795329166000,"kind":{"type":"answered"}}`,
//!   numbered without holes; where it cannot be told again, the facts of the calls that live;
//! - then, unnumbered, which legs live: `{"v":1,"event":"resync","live":["a1"],"at":1795329167000,"restarted":false}`;
//! - then what happens. `{"v":1,"seq":43,"event":"phone","online":true}` tells of the agent's phone.
//!
//! The desk pings; the sender answers as any websocket does. A sender that does not hear its PBX closes the socket: an open
//! one means that nothing happens unheard. A frame of another version or an unknown kind is counted and passed over.
//!
//! # What a feed cannot do
//!
//! It only tells. Nobody is called or hung up over it, nobody can be asked where a caller is, and no recording is handed out.
//! It resumes.

mod check;
mod translate;

pub use check::{STEPS, check};

use crate::cause::Cause;
use crate::line::keep::{self, Around, Speaker, Stop, Told};
use crate::line::{Authority, Door, Keeper, Rhythm, wishes};
use crate::port::Pbx;
use crate::stats::Stats;
use calls::{Extension, Moment, PbxEvent};
use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use translate::Translator;
use url::Url;

/// The version that is spoken.
const VERSION: u64 = 1;

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
    fn door(&self, heard: Option<(&str, u64)>) -> Result<Door, Cause> {
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

/// One agent's feed.
#[derive(Clone)]
pub struct FeedPbx {
    keeper: Keeper,
}

impl std::fmt::Debug for FeedPbx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedPbx").finish_non_exhaustive()
    }
}

impl FeedPbx {
    /// Starts connecting, and keeps at it, as [`crate::Prepared::start`].
    #[must_use]
    pub fn start(config: FeedConfig, events: mpsc::Sender<PbxEvent>, since: Option<&str>) -> Self {
        let (wisher, wished) = wishes();
        let (counts, stats) = watch::channel(Stats::default());
        // Nothing is ordered over a feed.
        let (_, orders) = mpsc::channel(1);
        let rhythm = config.rhythm;
        let around = Around {
            events,
            orders,
            wished,
            stats: counts,
        };
        let speaker = FeedSpeaker {
            config,
            translator: Translator::since(since),
        };
        let task = tokio::spawn(keep::run(speaker, rhythm, around));
        Self {
            keeper: Keeper::new(wisher, stats, task),
        }
    }
}

impl Pbx for FeedPbx {
    fn reconnect_now(&self) {
        self.keeper.reconnect();
    }

    fn stats(&self) -> Stats {
        self.keeper.stats()
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.keeper.shutdown())
    }

    /// The events may, but nobody promises it.
    fn tells_who_else_rings(&self) -> bool {
        false
    }

    fn resumes(&self) -> bool {
        true
    }
}

struct FeedSpeaker {
    config: FeedConfig,
    translator: Translator,
}

impl Speaker for FeedSpeaker {
    type Order = Infallible;
    type Work = Infallible;

    fn door(&self) -> Result<Door, Cause> {
        self.config.door(self.translator.heard())
    }

    async fn greet(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn begin(&mut self, heard_at: Option<Moment>) {
        self.translator.connected(heard_at);
    }

    fn end(&mut self) {}

    fn ordered(&mut self, order: Infallible) {
        match order {}
    }

    fn frame(&mut self, text: &str, received: Moment) -> Told {
        let told = self.translator.frame(text, received);
        Told {
            point: self.translator.point(),
            ..told
        }
    }

    fn has_room(&self) -> bool {
        true
    }

    async fn work(&mut self) -> Infallible {
        std::future::pending().await
    }

    fn worked(&mut self, work: Infallible, _: Moment) -> Told {
        match work {}
    }

    fn clock_was_set(&mut self, by: i64) {
        self.translator.desk_clock_was_set(by);
    }
}
