//! Asterisk REST Interface: events over a websocket, commands and questions over HTTP.
//!
//! Facts: reference `pbx-websockets.md` section 2 and `asterisk/REPORT.md` (measured on Asterisk 22).
//!
//! # What is subscribed, and why
//!
//! `endpoint:PJSIP/<ext>` plus `bridge:` (all bridges), not `subscribeAll`. Measured: about 30
//! events a simple call instead of 92, 8 for a call that nobody answers, and none of the
//! colleagues' legs; ring, answer, both sides entering the bridge, hold, blind and attended
//! transfers with all parties and cause 26 are all there. An office's calls do not belong on every
//! desk, and a slow reader is cut by the PBX after 100 ms. Bridges cannot be narrowed (Asterisk
//! accepts only bridges that ARI made), so colleagues show as members of bridges; they are used to
//! follow transfers and then forgotten.
//!
//! # Evidence
//!
//! Who is outside, and what became of a call, follow from what the PBX shows, never from how a channel, an endpoint or
//! a number is spelled (`lines.rs`, `bridges.rs`, `elsewhere.rs`, `called.rs`). What the lean stream does not show is
//! asked: the caller's channel, what it was dialled by, and once a line its context and number.
//!
//! # What the lean stream loses
//!
//! What is lost: `Dial` of incoming calls, as it is published on the caller's topic. With it go
//! the caller's channel (the conversation's id is asked at first sight: `CHANNEL(linkedid)`), the
//! recording's name (asked on that channel once two people talk: `MIXMONITOR_FILENAME`; where that
//! channel is gone, as after a call out that was passed on, on the one that the leg talks to), and
//! calls to a phone that is not registered, which make no leg at all.
//!
//! A read-only user may not subscribe (403). Then the socket is opened again with
//! `subscribeAll=true`; the same translator reads that stream and drops all foreign legs.

mod bridges;
mod called;
mod channels;
mod check;
mod clock;
mod companions;
mod conclude;
mod config;
mod connection;
mod devices;
mod elsewhere;
mod exchange;
mod joins;
mod leg;
mod lines;
mod name;
mod news;
mod outcome;
mod passed;
mod pbx;
mod peers;
mod reported;
mod request;
mod rest;
mod resync;
mod taken;
mod traces;
mod translate;
mod whereabouts;
pub(crate) mod wire;

pub use check::{STEPS, check};
pub use config::{AriConfig, CONTEXT, RECORDING_FOLDER, Timings, USER};
pub use exchange::{Agent, Answer, LineAnswer, Output, Question, Snapshot, Variable};
pub use pbx::AriPbx;
pub use translate::Translator;
