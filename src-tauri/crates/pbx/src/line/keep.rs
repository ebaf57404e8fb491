//! Keeps an agent connected: one task owns the line from the first attempt to its end.
//!
//! It connects, lets the vendor greet, hands over frames and passes events on; it pings, notices silence, floods and a
//! program that did not run; and on any trouble waits as the back-off schedule says. A second task only reads the socket
//! into a queue (`reader.rs`). What frames mean is the vendor's: a [`Speaker`].

use super::backoff::{Backoff, Next};
use super::door::{Door, Rhythm};
use super::flood::Flow;
use super::handshake::{Socket, open};
use super::reader::{Heard, Reader};
use super::wishes::{Wish, Wished};
use crate::cause::Cause;
use crate::port::Told;
use crate::stats::{FrameOutcome, Stats};
use calls::{CallEventKind, LinkState, LinkTrouble, Moment, PbxEvent};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, sleep_until};
use tokio_tungstenite::tungstenite::Message;

/// A clock that runs on shows no such difference between two looks, ms.
const CLOCK_SET: i64 = 1_000;
/// The loop wakes at every ping; so much later it was not let run (a suspended computer, a stopped process).
const SLEPT: Duration = Duration::from_secs(3);

/// Why a connection ended.
pub enum Stop {
    /// Something is wrong: try again as the schedule says.
    Trouble(LinkTrouble),
    /// Try again at once.
    Reconnect,
    /// Nobody wants it any more.
    Shutdown,
}

/// What a vendor made of something.
#[derive(Default)]
pub struct Translated {
    /// The events, in order.
    pub events: Vec<PbxEvent>,
    /// What became of the frame.
    pub frame: Option<FrameOutcome>,
    /// What the PBX says its version is, where this told it.
    pub version: Option<String>,
    /// Where a vendor that resumes is to go on after this.
    pub point: Option<String>,
    /// The connection is of no use any more.
    pub stop: Option<Stop>,
}

/// A vendor's part.
pub trait Speaker: Send {
    /// What the holder of the link announces before it asks the PBX for it.
    type Order: Send;
    /// What a piece of work that it began brings.
    type Work: Send;

    /// Where to connect, this time.
    fn door(&self) -> Result<Door, Cause>;

    /// What is to be done on a fresh connection before it counts as up.
    fn greet(&mut self) -> impl Future<Output = Result<(), Stop>> + Send;

    /// The connection is up; before it, something was last heard at this moment on our own clock.
    fn begin(&mut self, heard_at: Option<Moment>);

    /// The connection is over.
    fn end(&mut self);

    /// Takes note of an order: the PBX may tell of it before it answers.
    fn ordered(&mut self, order: Self::Order);

    /// Takes a frame in.
    fn frame(&mut self, text: &str, received: Moment) -> Translated;

    /// Whether there is room for the work that another frame may bring.
    fn has_room(&self) -> bool;

    /// The next piece of work that is done; waits for ever while there is none. May be dropped and asked again.
    fn work(&mut self) -> impl Future<Output = Self::Work> + Send;

    /// Takes it in.
    fn worked(&mut self, work: Self::Work, received: Moment) -> Translated;

    /// The desk's clock was set, by so many ms.
    fn clock_was_set(&mut self, by: i64);

    /// How far the PBX's clock is ahead of the desk's, ms; none before it told.
    fn clock_ahead(&self) -> Option<i64>;
}

/// What surrounds a link: who listens, and who holds it.
pub struct Around<Order> {
    /// Who listens. While there is no room, nothing more is heard from the PBX.
    pub events: mpsc::Sender<Told>,
    /// What the holder orders.
    pub orders: mpsc::Receiver<Order>,
    /// What the holder wants of the link itself.
    pub wished: Wished,
    /// Counts.
    pub stats: watch::Sender<Stats>,
}

struct Line<S: Speaker> {
    speaker: S,
    around: Around<S::Order>,
    rhythm: Rhythm,
    flow: Flow,
    /// A moment on the desk's clock, and on one that nobody sets.
    anchor: (Moment, Instant),
    /// When the PBX was last heard, on our own clock.
    heard_at: Option<Moment>,
    /// This program did not run for a while: what comes now may have waited for it, until the PBX answers a ping.
    slept: bool,
}

/// Keeps the agent connected until told to stop.
pub async fn run<S: Speaker>(speaker: S, rhythm: Rhythm, around: Around<S::Order>) {
    let mut backoff = Backoff::between(rhythm.retry_first, rhythm.retry_longest, fastrand::Rng::new());
    let mut line = Line {
        speaker,
        around,
        rhythm,
        flow: Flow::new(Instant::now()),
        anchor: (now(), Instant::now()),
        heard_at: None,
        slept: false,
    };
    loop {
        line.tell(PbxEvent::Link {
            state: LinkState::Connecting,
        })
        .await;
        let (stop, up_for) = line.once().await;
        line.speaker.end();
        let trouble = match stop {
            Stop::Shutdown => return,
            Stop::Reconnect => {
                backoff.reset();
                continue;
            }
            Stop::Trouble(trouble) => trouble,
        };
        backoff.was_up_for(up_for);
        let next = backoff.after(&trouble);
        tracing::info!(?trouble, ?next, "the link to the PBX is down");
        let until = match next {
            Next::After(delay) => Some((
                Instant::now() + delay,
                now().plus_ms(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)),
            )),
            Next::WhenAsked => None,
        };
        let retry_at = until.map(|(_, moment)| moment);
        line.tell(PbxEvent::Link {
            state: LinkState::Down { trouble, retry_at },
        })
        .await;
        match line.rest_until(until.map(|(instant, _)| instant)).await {
            Stop::Shutdown => return,
            Stop::Reconnect => backoff.reset(),
            Stop::Trouble(_) => {}
        }
    }
}

/// Tells why no link can be made at all, and waits for nothing.
pub async fn refuse(events: &mpsc::Sender<Told>, cause: Cause) {
    let state = LinkState::Down {
        trouble: cause.trouble(),
        retry_at: None,
    };
    // Nobody may listen any more.
    let _ = events.send(PbxEvent::Link { state }.into()).await;
}

impl<S: Speaker> Line<S> {
    /// Waits while those who listen have too much to do: then nothing is heard either.
    async fn tell(&self, event: PbxEvent) {
        // Nobody listens any more: the loops notice by `events.closed()`.
        let _ = self.around.events.send(event.into()).await;
    }

    /// Waits for the next attempt's time; `None` waits until somebody asks.
    async fn rest_until(&mut self, until: Option<Instant>) -> Stop {
        let time = async {
            match until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = time => Stop::Trouble(LinkTrouble::Closed),
            stop = stopped(&mut self.around.wished, &self.around.events) => stop,
        }
    }

    /// One connection, from the first attempt to its end; and how long it was up.
    async fn once(&mut self) -> (Stop, Duration) {
        let opening = async {
            let door = self.speaker.door()?;
            open(&door).await
        };
        let socket = tokio::select! {
            socket = opening => match socket {
                Ok(socket) => socket,
                Err(cause) => return (Stop::Trouble(cause.trouble()), Duration::ZERO),
            },
            stop = stopped(&mut self.around.wished, &self.around.events) => return (stop, Duration::ZERO),
        };
        let (sink, stream) = socket.split();
        let (reader, heard) = Reader::start(stream);
        let began = Instant::now();
        self.flow.connected();
        let greeted = tokio::select! {
            greeted = self.speaker.greet() => greeted,
            stop = stopped(&mut self.around.wished, &self.around.events) => Err(stop),
        };
        let stop = match greeted {
            Ok(()) => self.talk(sink, heard, &reader).await,
            Err(stop) => stop,
        };
        drop(reader);
        (stop, began.elapsed())
    }

    /// Lives with the socket until something ends it.
    async fn talk(&mut self, mut sink: SplitSink<Socket, Message>, mut heard: mpsc::Receiver<Heard>, reader: &Reader) -> Stop {
        self.tell(PbxEvent::Link { state: LinkState::Up }).await;
        self.around.stats.send_modify(|stats| stats.connects += 1);
        self.speaker.begin(self.heard_at);
        let rhythm = self.rhythm;
        let mut ping = tokio::time::interval_at(Instant::now() + rhythm.ping_every, rhythm.ping_every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_heard = Instant::now();
        self.slept = false;
        let mut awake = now();
        loop {
            let woke = now();
            if woke.since(awake) > i64::try_from((rhythm.ping_every + SLEPT).as_millis()).unwrap_or(i64::MAX) {
                tracing::info!("this program did not run for a while");
                self.slept = true;
                // What the PBX sent meanwhile is read first; then it has to answer soon.
                last_heard = Instant::now();
                ping.reset_immediately();
            }
            awake = woke;
            let has_room = self.speaker.has_room();
            let heard = tokio::select! {
                biased;
                Some(order) = self.around.orders.recv() => {
                    self.speaker.ordered(order);
                    Ok(())
                }
                stop = stopped(&mut self.around.wished, &self.around.events) => {
                    if matches!(stop, Stop::Shutdown) {
                        let _ = tokio::time::timeout(Duration::from_secs(1), sink.close()).await;
                    }
                    Err(stop)
                }
                message = heard.recv(), if has_room => {
                    let message = message.unwrap_or(Heard::Closed);
                    let (now, waiting) = (Instant::now(), reader.waiting(&heard));
                    if message.bytes().is_some_and(|bytes| self.flow.frame(bytes, waiting, now)) {
                        Err(Stop::Trouble(LinkTrouble::Flooding))
                    } else {
                        let heard = self.hear(message).await;
                        last_heard = Instant::now();
                        heard
                    }
                }
                done = self.speaker.work() => {
                    let received = self.now();
                    let translated = self.speaker.worked(done, received);
                    self.pass_on(translated).await
                }
                _ = ping.tick() => {
                    let sent = tokio::time::timeout(rhythm.silence_limit, sink.send(Message::Ping(Vec::new().into()))).await;
                    if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(Stop::Trouble(LinkTrouble::Closed)) }
                }
                () = sleep_until(last_heard + rhythm.silence_limit) => Err(Stop::Trouble(LinkTrouble::Silent)),
            };
            if let Err(stop) = heard {
                return stop;
            }
        }
    }

    /// The time, and word to the vendor where the desk's clock was set.
    fn now(&mut self) -> Moment {
        let (wall, steady) = (now(), Instant::now());
        let passed = i64::try_from((steady - self.anchor.1).as_millis()).unwrap_or(i64::MAX);
        let expected = self.anchor.0.plus_ms(passed);
        let set = wall.0.saturating_sub(expected.0);
        if set.abs() > CLOCK_SET {
            self.speaker.clock_was_set(set);
        }
        self.anchor = (wall, steady);
        wall
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), Stop> {
        self.slept &= !matches!(heard, Heard::Alive(_));
        if !self.slept && !matches!(heard, Heard::Closed) {
            self.heard_at = Some(now());
            self.around.stats.send_modify(|stats| stats.heard_at = self.heard_at);
        }
        match heard {
            Heard::Frame { text, _room } => {
                let received = self.now();
                let translated = self.speaker.frame(&text, received);
                let clock_ahead = self.speaker.clock_ahead();
                self.around.stats.send_modify(|stats| {
                    stats.clock_ahead = clock_ahead;
                    if let Some(outcome) = &translated.frame {
                        stats.record(outcome, &text);
                    }
                });
                self.pass_on(translated).await
            }
            Heard::TooLarge(_) => {
                self.around.stats.send_modify(|stats| stats.record(&FrameOutcome::TooLarge, ""));
                Ok(())
            }
            Heard::Alive(_) => Ok(()),
            Heard::Closed => Err(Stop::Trouble(LinkTrouble::Closed)),
        }
    }

    async fn pass_on(&mut self, translated: Translated) -> Result<(), Stop> {
        let mut too_many = false;
        for event in translated.events {
            too_many |= begins_call(&event) && self.flow.call(Instant::now());
            self.tell(event).await;
        }
        if translated.version.is_some() {
            self.around.stats.send_modify(|stats| stats.version = translated.version);
        }
        if translated.point.is_some() {
            self.around.stats.send_modify(|stats| stats.point = translated.point);
        }
        match translated.stop {
            Some(stop) => Err(stop),
            None if too_many => Err(Stop::Trouble(LinkTrouble::Flooding)),
            None => Ok(()),
        }
    }
}

fn begins_call(event: &PbxEvent) -> bool {
    matches!(event, PbxEvent::Call(call) if matches!(call.kind, CallEventKind::Offered { .. } | CallEventKind::Dialing { .. }))
}

/// Until somebody wants the connection gone.
async fn stopped<T>(wished: &mut Wished, events: &mpsc::Sender<T>) -> Stop {
    tokio::select! {
        () = events.closed() => Stop::Shutdown,
        wish = wished.next() => match wish {
            Wish::Reconnect => Stop::Reconnect,
            Wish::End => Stop::Shutdown,
        },
    }
}

/// Now, on this computer's clock.
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
